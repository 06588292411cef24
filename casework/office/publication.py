"""Publication of decisions: what of a stored decision is shown, until when, and what has to be taken back.

Only an issued decision whose case says ``publish`` is shown. How many days, how long, and what is not shown
at all is a setting a sector, ``publication/<slug>``; without it no day is guessed. What was done with a
decision (公示, 撤回, 停止公示) stands in a register, a row a deed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from casework import bodies, ledger_rows
from casework import schema as t
from casework.calendar import calendar_of, count
from casework.deadlines import term
from casework.documents import Document, find, select
from casework.gate_people import age_on
from casework.ledgers import ENDED, SHOWN, VOID, WITHDRAWN
from casework.ledgers import select as ledger_rows_of
from casework.masking import masked_case, party_shown
from casework.precedence import PENALTY
from casework.triggers import domain_of
from casework.unread import Unread, readable
from casework.writing import ISSUED, CaseWriter
from generator.casefile import CaseFile, Party
from generator.casetypes import RESIDENT_CARD, born_on
from generator.events import events
from generator.subject import figures
from kb.errors import BadRecord, BadValue, Conflict, NotFound, NotLoaded
from kb.periods import months_after
from kb.records import SLUGS
from kb.snapshot import Snapshot
from kb.store import Store

LATEST = "《中华人民共和国行政处罚法》第四十八条"
MINORS = "《中华人民共和国未成年人保护法》第一百零三条"
MINOR_AGE = "person/minor-age"
MINOR = "未成年人"
WAITING, SHOWING, RECALL, OFF, OVER, NEVER = "待公示", "公示中", "应当撤回", "已撤回", "已停止公示", "不公示"
FIELDS = (
    ("number", "行政处罚决定书文号"),
    ("party", "当事人"),
    ("code", "统一社会信用代码"),
    ("cause", "违法行为类型"),
    ("penalty", "行政处罚内容"),
    ("organ", "作出决定的机关"),
    ("decided", "作出决定的日期"),
)
"""The summary, as the rules of market supervision fix it (市场监督管理行政处罚信息公示规定 4(3))."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one sector publishes (setting ``publication/<slug>``).

    Attributes:
        days: working days from the decision to its publication.
        months: how long it is shown; ``short_months`` where all penalties are of ``short_kinds``.
        left_out: kinds that alone are not shown.
    """

    days: int
    months: int
    short_months: int
    short_kinds: tuple[str, ...]
    left_out: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One decision and its party, as it is or would be shown on a day.

    Attributes:
        summary: by the names of `FIELDS`; names of natural persons are blotted out.
        due: the last day to publish it; ``until``: the last day it is shown; None where no setting says so.
        recall: the last day to take it back, where the decision was changed.
        notes: what isn't known, and what hinders it.
    """

    case: str
    summary: dict[str, str]
    state: str
    published: date | None
    address: str
    due: date | None
    until: date | None
    recall: date | None
    late: bool
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in self.__slots__}
        days = ("published", "due", "until", "recall")
        return (
            said | {n: said[n].isoformat() if said[n] else None for n in days} | {"notes": list(self.notes)}
        )

    @property
    def public(self) -> dict[str, str]:
        """What the list for the public says: the summary and its days, nothing of the case."""
        assert self.published
        until = self.until.isoformat() if self.until else ""
        return self.summary | {"published": self.published.isoformat(), "until": until}


def publications(store: Store, base: Snapshot, on: date, unread: list[Unread]) -> list[Publication]:
    """Every issued decision that is to be shown, was shown, or may not be, on a day, by its number.

    Args:
        unread: the cases with a decision that can't be read are added to it.
    """
    with store.connected() as conn:
        c = t.document.c
        papers = select(conn, c.type.in_(PENALTY) & c.state.in_((ISSUED, VOID)), c.day)
        deeds = _deeds(conn)
        found = []
        for paper in papers:
            if not _concerns(paper, deeds):
                continue
            if body := readable(unread, paper.case, partial(_body_at, conn, paper)):
                found.append(_one(conn, base, paper, body, deeds.get(paper.number_text, []), on))
    return [p for p in found if p is not None]


def _concerns(paper: Document, deeds: dict[str, list[_Deed]]) -> bool:
    return bool(paper.case) and (paper.state == ISSUED or paper.number_text in deeds)


@dataclass(frozen=True, slots=True)
class _Deed:
    what: str
    day: date
    address: str


def _deeds(conn: sa.Connection) -> dict[str, list[_Deed]]:
    """What was done with each decision, by its number, in the order it was entered."""
    found: dict[str, list[_Deed]] = {}
    for row in ledger_rows_of(conn, "publication", None, masked=False):
        if row.state != VOID:
            deed = _Deed(row.cells["deed"], row.day, row.cells["address"])
            found.setdefault(row.cells["number"], []).append(deed)
    return found


def _one(
    conn: sa.Connection,
    base: Snapshot,
    paper: Document,
    body: bodies.Body,
    deeds: Sequence[_Deed],
    on: date,
) -> Publication | None:
    """One decision on a day; None where it is not to be shown and never was."""
    case = bodies.case_of(body)
    if not case.publish and not deeds:
        return None
    assert paper.day
    party = case.parties[paper.party - 1]
    notes: list[str] = []
    rule = _rule(base, case, paper, notes)
    shown = next((d for d in reversed(deeds) if d.what == SHOWN), None)
    kinds = _kinds(case, paper.party)
    due = _due(base, rule, paper.day, notes) if rule else None
    until = _until(rule, kinds, shown.day) if rule and shown else None
    changed = _changed(conn, paper, shown.day) if shown else None
    recall = term(base, "withdrawal", changed).day if changed else None
    state = _state(deeds, changed, until, rule, kinds, on)
    if _is_minor(base, party, paper.day):
        notes.append(f"当事人是未成年人，姓名一律不写（{MINORS}）")
    summary = _summary(base, body, case, paper, party, _is_minor(base, party, paper.day))
    late = (state == WAITING and due is not None and on > due) or (
        state == RECALL and recall is not None and on > recall
    )
    return Publication(
        paper.case, summary, state, shown.day if shown else None, shown.address if shown else "",
        due, until, recall, late, tuple(notes),
    )  # fmt: skip


def _body_at(conn: sa.Connection, paper: Document) -> bodies.Body:
    """The case as the decision was drawn from it: later changes don't change what was decided.

    A revision of an older build that can't be read any more is never mended: then the case as it stands.

    Raises:
        BadRecord: neither can be read.
    """
    c, f = t.case_revision.c, t.case_file.c
    query = sa.select(c.body).where(c.case == paper.case, c.revision == paper.revision)
    text = str(conn.execute(query).scalar_one())
    try:
        bodies.stored_case(text, paper.case)
    except BadRecord:
        text = str(conn.execute(sa.select(f.body).where(f.id == paper.case)).scalar_one())
        bodies.stored_case(text, paper.case)
    return bodies.load(text, paper.case)


def _state(
    deeds: Sequence[_Deed], changed: date | None, until: date | None, rule: Rule | None,
    kinds: Sequence[str], on: date,
) -> str:  # fmt: skip
    last = deeds[-1].what if deeds else ""
    if last == WITHDRAWN:
        return OFF
    if last == ENDED or (last == SHOWN and until is not None and on >= until):
        return OVER
    if last == SHOWN:
        return RECALL if changed else SHOWING
    if rule and kinds and all(k.startswith(rule.left_out) for k in kinds):
        return NEVER
    return WAITING


def _changed(conn: sa.Connection, paper: Document, since: date) -> date | None:
    """The day a shown decision was changed or quashed by a paper of its case, or its paper declared void."""
    if paper.state == VOID:
        return max(since, date.fromisoformat(paper.at[:10]))
    body = conn.execute(sa.select(t.case_file.c.body).where(t.case_file.c.id == paper.case)).scalar_one()
    try:
        line = events(bodies.stored_case(body, paper.case))
    except BadRecord:
        return None
    days = [e.day for e in line if e.type == "decision_change" and not e.void and e.day]
    return max((d for d in days if d >= (paper.day or d)), default=None)


# ---------------------------------------------------------------- what is shown


def _summary(
    base: Snapshot, body: bodies.Body, case: CaseFile, paper: Document, party: Party, minor: bool
) -> dict[str, str]:
    masked = masked_case(body)
    causes = [_title(base, v.benchmark, v.act.end) for v in case.violations if v.party == paper.party]
    name = MINOR if minor else party_shown(party.model_dump())
    said = {
        "number": paper.number_text,
        "party": name,
        "code": party.code or "",
        "cause": str(masked.get("cause") or "、".join(dict.fromkeys(causes))),
        "penalty": "；".join(_penalties(case, paper.party)),
        "organ": case.organ.name or _organ(base, paper.day or date.max),
        "decided": paper.day.isoformat() if paper.day else "",
    }
    return {key: text.replace(party.name, name) if minor else text for key, text in said.items()}


def _title(base: Snapshot, benchmark: str, day: date) -> str:
    try:
        return base.record("benchmark", benchmark, day).title
    except (NotFound, NotLoaded):
        return benchmark


def _organ(base: Snapshot, day: date) -> str:
    try:
        return str(base.setting("organ/profile", day).value["name"])
    except NotLoaded:
        return ""


def _penalties(case: CaseFile, party: int) -> list[str]:
    mine = [v for v in case.violations if v.party == party]
    fines = [f"罚款{figures(v.fine)}元" for v in mine if v.fine]
    measures = [
        m.kind + (f"{figures(m.amount)}元" if m.amount is not None else "") for v in mine for m in v.measures
    ]
    return [*fines, *measures]


def _kinds(case: CaseFile, party: int) -> list[str]:
    mine = [v for v in case.violations if v.party == party]
    return ["罚款"] * any(v.fine for v in mine) + [m.kind for v in mine for m in v.measures]


def _is_minor(base: Snapshot, party: Party, day: date) -> bool:
    """Whether a natural person is a minor on a day; unknown where neither age nor setting is there."""
    born = party.born
    if born is None and party.id_number and party.id_type == RESIDENT_CARD:
        born = born_on(party.id_number)
    if party.kind == "unit" or born is None:
        return False
    return age_on(born, day) < int(base.setting(MINOR_AGE, day).value)


# ---------------------------------------------------------------- days


def _rule(base: Snapshot, case: CaseFile, paper: Document, notes: list[str]) -> Rule | None:
    """The rule of the sector of the first violation of the party."""
    assert paper.day
    violation = next((v for v in case.violations if v.party == paper.party), case.violations[0])
    domain = domain_of(base, violation)
    id = f"publication/{SLUGS.get(domain, 'common')}"
    try:
        setting = base.setting(id, paper.day)
    except NotLoaded:
        notes.append(f"没有载入{domain or '这个领域'}的公示期限（设置 {id}）")
        return None
    try:
        said: dict[str, Any] = dict(setting.value)
        return Rule(
            int(said["days"]), int(said["months"]), int(said.get("short_months", said["months"])),
            tuple(said.get("short_kinds", ())), tuple(said.get("left_out", ())),
            "、".join(setting.basis) or setting.source.instrument,
        )  # fmt: skip
    except (TypeError, ValueError, KeyError):
        hint = "写成 {days: 工作日数, months: 月数}，另可写 short_months、short_kinds、left_out"
        raise BadRecord("公示期限读不懂", where=f"设置 {setting.id}", hint=hint) from None


def _due(base: Snapshot, rule: Rule, day: date, notes: list[str]) -> date | None:
    counted = count(calendar_of(base), day, rule.days, "工作日", rolls=False, basis=rule.basis)
    notes += [counted.warning] * bool(counted.warning)
    return counted.last


def _until(rule: Rule, kinds: Sequence[str], shown: date) -> date:
    short = bool(kinds) and all(k.startswith(rule.short_kinds) for k in kinds) if rule.short_kinds else False
    return months_after(shown, rule.short_months if short else rule.months)


# ---------------------------------------------------------------- what is done


def publish(w: CaseWriter, base: Snapshot, which: str, *, day: date, address: str) -> str:
    """Enter that a decision was published.

    Returns:
        the number of the row.

    Raises:
        NotFound: no such paper.
        BadValue: it isn't an issued decision, its party was not told of it, or it may not be shown.
        Conflict: it is shown already.
    """
    paper = find(w.conn, which)
    if paper.type not in PENALTY or paper.state != ISSUED or not paper.day:
        what = f"《{paper.name}》{paper.number_text}{'' if paper.type in PENALTY else '不是处罚决定'}"
        raise BadValue(f"{what}[{paper.state}]，不能公示", where=which, hint="只公示已经签发的处罚决定")
    deeds = _deeds(w.conn).get(paper.number_text, [])
    now = _one(w.conn, base, paper, _body_at(w.conn, paper), deeds, day)
    if now is None:
        hint = "决定书要告知将予公示：案件写 publish: true 后签发的才能公示"
        raise BadValue(f"{paper.number_text}没有告知公示", where=paper.case, hint=hint)
    if now.state == NEVER:
        raise BadValue(f"{paper.number_text}仅有不予公示的处罚种类", where=paper.case, hint="不必公示")
    if deeds and deeds[-1].what == SHOWN:
        raise Conflict(f"{paper.number_text}已于{deeds[-1].day}公示", hint="要改网址的，先撤回或者停止公示")
    if day < paper.day:
        raise BadValue(f"公示日期{day}早于决定日期{paper.day}", where=which, hint="核对日期")
    cells = {"deed": SHOWN, "number": paper.number_text, "address": address}
    return ledger_rows.add(w, "publication", cells, day=day, case=paper.case)


def take_back(w: CaseWriter, which: str, *, day: date, why: str, ended: bool = False) -> str:
    """Enter that a decision was withdrawn (处罚法 48(2)), or that its display ended.

    Raises:
        NotFound: no such paper; BadValue: no reason; Conflict: it isn't shown.
    """
    paper = find(w.conn, which)
    if not why.strip() and not ended:
        raise BadValue("没有写撤回的理由", where="--why", hint=f"撤回要公开说明理由（{LATEST}第二款）")
    deeds = _deeds(w.conn).get(paper.number_text, [])
    if not deeds or deeds[-1].what != SHOWN:
        raise Conflict(f"{paper.number_text}没有在公示", hint="用 cailiang office publication 查看")
    if day < deeds[-1].day:
        raise BadValue(f"日期{day}早于公示日期{deeds[-1].day}", where=which, hint="核对日期")
    cells = {"deed": ENDED if ended else WITHDRAWN, "number": paper.number_text, "why": why.strip()}
    return ledger_rows.add(w, "publication", cells, day=day, case=paper.case)


def public_page(rows: Sequence[Publication], organ: str, on: date) -> str:
    """The list for the public as one HTML file without scripts; only what is shown on the day."""
    from markupsafe import escape

    columns = [*FIELDS, ("published", "公示日期"), ("until", "公示截止日期")]
    head = "".join(f"<th>{escape(title)}</th>" for _, title in columns)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(row.public[key])}</td>" for key, _ in columns) + "</tr>\n"
        for row in rows
        if row.state == SHOWING
    )
    return _PAGE.format(title=escape(f"{organ}行政处罚信息公示"), on=on.isoformat(), head=head, rows=lines)


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em}}table{{border-collapse:collapse}}
th,td{{border:1px solid #999;padding:.4em;text-align:left;vertical-align:top}}</style></head>
<body><h1>{title}</h1><p>截至{on}</p>
<table><thead><tr>{head}</tr></thead><tbody>
{rows}</tbody></table></body></html>
"""
