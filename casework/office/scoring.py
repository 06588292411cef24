"""A case held against the rules of a file review (案卷评查): answered where the case and its papers tell.

The papers are read as they were issued, and judged on their own days. What only a reader can tell is left to
the hand; a sheet never says 符合 of what it didn't look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from casework.documents import Document, content, documents
from casework.gates import judge, overruled
from casework.ledgers import in_force
from casework.office.recordings import gaps
from casework.office.rosters import Roster
from casework.office.scoring_rules import RULES, Rule
from casework.triggers import deliberation
from casework.writing import ISSUED
from generator import provenance
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.consistency import compare
from generator.docx_text import Line, read_docx
from generator.events import served_papers
from generator.papers import Served
from generator.review import review_lines
from kb.errors import NotLoaded
from kb.findings import Finding
from kb.package import open_package
from kb.snapshot import Snapshot
from kb.store import Store

Answer = Literal["符合", "不符合", "不适用", "待人工"]
COLUMNS = (
    ("项目", 1.2),
    ("要求", 6.0),
    ("轻重", 1.0),
    ("分值", 1.0),
    ("结果", 1.4),
    ("说明", 6.0),
    ("来源", 4.4),
)


@dataclass(frozen=True, slots=True)
class Scored:
    """One rule and its answer; ``detail`` says what was found, or why nobody can say yet."""

    rule: Rule
    answer: Answer
    detail: str

    def to_dict(self) -> dict[str, Any]:
        r = self.rule
        return {
            "rule": r.id,
            "block": r.block,
            "text": r.text,
            "severity": r.severity,
            "points": r.points,
            "source": r.source,
            "answer": self.answer,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of a case on a day."""

    case: str
    on: date
    rows: tuple[Scored, ...]

    @property
    def vetoed(self) -> bool:
        return any(r.answer == "不符合" and r.rule.severity == "否决" for r in self.rows)

    @property
    def taken_off(self) -> int:
        """The points that sources take off, of the rules not met; rules without points count nothing."""
        return sum(
            r.rule.points or 0 for r in self.rows if r.answer == "不符合" and r.rule.severity == "扣分"
        )

    def count(self, answer: Answer) -> int:
        return sum(r.answer == answer for r in self.rows)

    @property
    def said(self) -> str:
        """The result in one line."""
        words = "、".join(f"{a}{self.count(a)}项" for a in ("符合", "不符合", "不适用", "待人工"))
        veto = "有否决项不符合" if self.vetoed else "没有发现否决项不符合"
        return f"{veto}；{words}；有分值的扣分项共扣{self.taken_off}分，没有分值的由评查人员定"

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "on": self.on.isoformat(),
            "vetoed": self.vetoed,
            "taken_off": self.taken_off,
            "said": self.said,
            "rows": [r.to_dict() for r in self.rows],
        }


def score(store: Store, base: Snapshot, case: CaseFile, on: date) -> Sheet:
    """Answer every rule for a stored case.

    Raises:
        BadRecord: a setting or an own field that can't be read; BadPackage: a stored paper is damaged.
    """
    seen = _Seen(store, base, case, on)
    return Sheet(case.id, on, tuple(_scored(seen, rule) for rule in RULES))


def _scored(seen: _Seen, rule: Rule) -> Scored:
    if not rule.judge:
        return Scored(rule, "待人工", "")
    found = [JUDGES[name](seen, rule) for name in rule.judge.split("+")]
    bad = [detail for answer, detail in found if answer == "不符合"]
    if bad:
        return Scored(rule, "不符合", "；".join(bad))
    answer, detail = next((x for x in found if x[0] != "不适用"), found[0])
    return Scored(rule, answer, detail)


def table(sheet: Sheet) -> list[list[str]]:
    """The sheet as lines of text, its headings first; what is left to the hand stays empty."""
    head = [name for name, _ in COLUMNS]
    return [head, *(_line(r) for r in sheet.rows)]


def _line(r: Scored) -> list[str]:
    points = "" if r.rule.points is None else str(r.rule.points)
    answer = "" if r.answer == "待人工" else r.answer
    return [r.rule.block, r.rule.text, r.rule.severity, points, answer, r.detail, r.rule.source]


def to_docx(sheet: Sheet) -> bytes:
    """The sheet to print and to finish by hand."""
    from generator import sheets

    document = sheets.lying()
    sheets.paragraph(document, "案卷评查评分表", sheets.TITLE, 22, centred=True)
    sheets.paragraph(document, f"案件：{sheet.case}　　评查日期：{sheet.on}", sheets.BODY, 12)
    sheets.table(document, COLUMNS, table(sheet)[1:])
    sheets.paragraph(document, sheet.said, sheets.BODY, 12)
    sheets.paragraph(document, "评查人员：　　　　　　　　得分：　　　　　　　　日期：", sheets.BODY, 12)
    return sheets.written(document)


def to_xlsx(sheet: Sheet, *, at: datetime) -> bytes:
    """The same as a workbook."""
    from casework.ledger_files import workbook

    return workbook("评分表", [f"案卷评查评分表：{sheet.case}", sheet.said], table(sheet), at=at)


# ---------------------------------------------------------------- what is looked at


@dataclass(frozen=True, slots=True)
class _Read:
    """One issued paper with its text and what a review finds in it."""

    paper: Document
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Seen:
    store: Store
    base: Snapshot
    case: CaseFile
    on: date

    @cached_property
    def papers(self) -> list[Document]:
        return [d for d in documents(self.store, self.case.id) if d.state == ISSUED]

    @cached_property
    def read(self) -> list[_Read]:
        """The papers kept as files; the contradictions between them stand with the first."""
        out, said = [], []
        for paper in self.papers:
            if not paper.sha256:
                continue
            package = open_package(content(self.store, paper.sha256))
            lines = read_docx(package)
            own = provenance.read(package)
            name = f"{paper.name}{paper.number_text}"
            kind = document_type(paper.type)
            reviewed, known = review_lines(name, lines, own, self.base, today=self.on, kind=kind)
            out.append(_Read(paper, tuple(lines), reviewed.findings))
            said.append(known)
        between = tuple(c.finding for c in compare(said))
        return [_Read(r.paper, r.lines, r.findings + (between if n == 0 else ())) for n, r in enumerate(out)]

    @cached_property
    def gates(self) -> list[tuple[str, Finding]]:
        """What the gates say of every issued paper, those passed with a reason left out."""
        found = []
        for paper in self.papers:
            if paper.day:
                said = judge(self.case, paper.type, self.base, paper.day, party=paper.party, key=paper.key)
                found += [(paper.name, f) for f in overruled(said, self.case)[0] if f.severity != "提示"]
        return found

    def issued(self, *types: str) -> list[Document]:
        return [d for d in self.papers if not types or d.type in types]


Judged = tuple[Answer, str]
_Judge = Callable[[_Seen, Rule], Judged]
NONE: Judged = ("不适用", "没有签发这种文书")


def _findings(seen: _Seen, rule: Rule) -> Judged:
    papers = [r for r in seen.read if not rule.types or r.paper.type in rule.types]
    if not papers:
        return NONE
    bad = [
        f"《{r.paper.name}》{f.code} {f.message}"
        for r in papers
        for f in r.findings
        if f.code in rule.codes and f.severity != "提示"
    ]
    return ("不符合", _few(bad)) if bad else ("符合", f"检查了{len(papers)}份文书")


def _gates(seen: _Seen, rule: Rule) -> Judged:
    if not seen.papers:
        return NONE
    bad = [f"《{name}》{f.code} {f.message}" for name, f in seen.gates if f.code in rule.codes]
    return ("不符合", _few(bad)) if bad else ("符合", "")


def _organ(seen: _Seen, rule: Rule) -> Judged:
    rows = in_force(seen.store, "organs")
    if not rows:
        return "待人工", "没有登记执法主体名录"
    try:
        name = seen.case.organ.name or str(seen.base.setting("organ/profile", seen.on).value["name"])
    except NotLoaded:
        return "待人工", "没有设置执法机关"
    row = next((r for r in reversed(rows) if r.cells["name"] == name), None)
    if row is None:
        return "不符合", f"执法主体名录里没有{name}"
    day = seen.case.decision.date or seen.on
    ends = row.cells["expires"]
    if ends and date.fromisoformat(ends) < day:
        return "不符合", f"{name}的主体资格到{ends}届满"
    return "待人工", "在名录之内；职权范围由评查人员核对"


def _officers(seen: _Seen, rule: Rule) -> Judged:
    roster, bad, looked = Roster.of(seen.store), [], 0
    for paper in seen.papers:
        kind, entry = document_type(paper.type), _entry(seen.case, paper)
        if not kind.officers or not paper.day:
            continue
        looked += 1
        named = set(entry.officers) if entry and entry.officers else {o.name for o in seen.case.officers}
        acting = [o for o in seen.case.officers if o.name in named]
        if len(acting) < kind.officers:
            bad.append(f"《{paper.name}》只有{len(acting)}人")
        bad += [
            f"《{paper.name}》{o.name}的证件到{o.expires}过期"
            for o in acting
            if o.expires and o.expires < paper.day
        ]
        bad += [f"《{paper.name}》{f.message}" for f in roster.findings(seen.case, kind, entry, paper.day)]
    if not looked:
        return NONE
    return ("不符合", _few(bad)) if bad else ("符合", f"检查了{looked}份文书")


def _entry(case: CaseFile, paper: Document) -> Any:
    return next((p for p in case.papers if p.type == paper.type and (p.key or "") == paper.key), None)


def _sole_trader(seen: _Seen, rule: Rule) -> Judged:
    traders = [p for p in seen.case.parties if p.kind == "sole_trader"]
    if not traders:
        return "不适用", "当事人不是个体工商户"
    papers = [r for r in seen.read if r.paper.type in ("decision", "on_the_spot_decision")]
    if not papers:
        return NONE
    bad = []
    for r in papers:
        party = seen.case.parties[r.paper.party - 1]
        text = "".join(line.text for line in r.lines)
        if party.kind == "sole_trader" and not (party.name in text and (party.trade_name or "") in text):
            bad.append(f"《{r.paper.name}》没有写全字号和经营者")
    return ("不符合", _few(bad)) if bad else ("符合", "")


def _facts(seen: _Seen, rule: Rule) -> Judged:
    bad = []
    for n, v in enumerate(seen.case.violations, 1):
        missing = [label for label, there in (("地点", v.place), ("证据", v.evidence)) if not there]
        bad += [f"第{n}项违法行为没有写{'、'.join(missing)}"] if missing else []
    return ("不符合", _few(bad)) if bad else ("符合", "时间、地点、证据都写了；能否证明由评查人员判断")


def _discretion(seen: _Seen, rule: Rule) -> Judged:
    fined = [v for v in seen.case.violations if v.fine or v.measures]
    if not fined:
        return "不适用", "没有处罚"
    bad = [f"{v.benchmark}没有写裁量的理由" for v in fined if v.discretion is None]
    return ("不符合", _few(bad)) if bad else ("符合", "")


def _deliberation(seen: _Seen, rule: Rule) -> Judged:
    held = seen.issued("deliberation") or seen.case.decision.deliberated_on
    said = deliberation(seen.case).answer
    if said == "应当" and not held:
        return "不符合", "应当集体讨论，没有讨论的记录"
    if held:
        return "待人工", "有集体讨论；人数由评查人员核对"
    return ("不适用", "不属于应当集体讨论的案件") if said == "不必" else ("待人工", "没有写明本案的情形")


def _recordings(seen: _Seen, rule: Rule) -> Judged:
    found = gaps(seen.store, seen.case)
    if found:
        return "不符合", _few([f"《{g.name}》{g.message}" for g in found])
    return "符合", ""


def _service(seen: _Seen, rule: Rule) -> Judged:
    records = list(_services(seen.case))
    if not records:
        return "不适用", "没有送达记录"
    bad = []
    for name, r in records:
        wanted = (("时间", r.at), ("地点", r.place), ("签收人", r.receiver or r.mode == "公告送达"))
        missing = [label for label, there in wanted if not there]
        bad += [f"《{name}》的送达没有写{'、'.join(missing)}"] if missing else []
    return ("不符合", _few(bad)) if bad else ("符合", f"{len(records)}份送达记录")


def _services(case: CaseFile) -> Iterator[tuple[str, Served]]:
    yield from ((document_type(e.type).name, e.served) for e in served_papers(case) if e.served)


def _modes(seen: _Seen, rule: Rule) -> Judged:
    modes = dict.fromkeys(r.mode for _, r in _services(seen.case))
    return ("符合", "、".join(modes)) if modes else ("不适用", "没有送达记录")


def _closing(seen: _Seen, rule: Rule) -> Judged:
    if not seen.issued("closing_approval"):
        return "不适用", "还没有结案"
    return "待人工", "有结案审批表；内容由评查人员核对"


def _whole_power(seen: _Seen, rule: Rule) -> Judged:
    if not seen.case.papers and not seen.read:
        return NONE
    bad = [r.paper.name for r in seen.read if any("全权委托" in line.text for line in r.lines)]
    bad += ["案件文件"] if any("全权委托" in str(p.values) for p in seen.case.papers) else []
    return ("不符合", f"《{_few(bad)}》写了“全权委托”") if bad else ("符合", "")


def _annex(seen: _Seen, rule: Rule) -> Judged:
    return ("符合", "") if seen.case.annex and seen.read else ("不适用", "没有附法律条文")


JUDGES: dict[str, _Judge] = {
    "findings": _findings,
    "gates": _gates,
    "organ": _organ,
    "officers": _officers,
    "sole_trader": _sole_trader,
    "facts": _facts,
    "discretion": _discretion,
    "deliberation": _deliberation,
    "recordings": _recordings,
    "service": _service,
    "modes": _modes,
    "closing": _closing,
    "whole_power": _whole_power,
    "annex": _annex,
}


def _few(said: Sequence[str]) -> str:
    """The first of many, and how many there are."""
    unique = list(dict.fromkeys(said))
    more = f"等{len(unique)}处" if len(unique) > 3 else ""
    return "；".join(unique[:3]) + more
