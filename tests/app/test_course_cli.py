"""A case by commands alone: wrong orders refused by their provision, and the course from lead to dossier.

What the law bars nobody passes, whatever the role and the reason; a refusal leaves nothing behind: no paper,
no number, no revision of the case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.api import cases
from app.base import Base
from app.web.factory import create_app
from casework.masking import ROLES, sees_personal
from casework.printing import soffice
from generator.casefile import case_from
from generator.catalogue import document_type
from generator.events import events
from tests.app.conftest import NOW, Run
from tests.casework.batch_kit import open_home

BY = ("--by", "示例张")
CFA, ACA = "《中华人民共和国行政处罚法》", "《中华人民共和国行政强制法》"
FOOD, COURSE, HEARING = "unlicensed-food", "full-course", "hearing-course"
DUG, FINE, BUILDING = "dug-highway", "unpaid-fine", "illegal-building"
ALL_ROLES = [{"gate": f"G{n}", "reason": f"{role}同意", "by": role} for role in ROLES for n in range(1, 41)]
"""Every role passing every gate, as far as a case file can say it."""


@pytest.fixture(scope="module")
def base(home: Path) -> Iterator[Base]:
    """An agency of its own, so that papers may leave."""
    made = open_home(home)
    yield made
    made.store.close()


def example(root: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((root / "examples" / "cases" / f"{name}.yaml").read_text("utf-8"))
    return data


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set a place of a case by its dotted path, None takes it away; a paper is named by its type."""
    *steps, last = path.split(".")
    at: Any = data
    for step in steps:
        if isinstance(at, list):
            at = at[int(step)] if step.isdigit() else next(p for p in at if p["type"] == step)
        else:
            at = at.setdefault(step, {})
    if value is None:
        at.pop(last, None)
    else:
        at[last] = value


def said(done: tuple[int, str, str]) -> str:
    code, out, err = done
    assert code == 0, err
    return out.strip()


# ---------------------------------------------------------------- wrong orders

ONE_OFFICER = [{"name": "示例张", "certificate": "00000000001", "expires": "2028-12-31"}]
EXPIRED = [
    {"name": "示例张", "certificate": "00000000001", "expires": "2026-10-31"},
    {"name": "示例李", "certificate": "00000000002", "expires": "2028-12-31"},
]
ENTRUSTED = {"body": "示例镇综合执法队", "paper": "示委〔2026〕1号", "until": "2026-12-31"}
NO_ANSWER = {"notice.reply_by": "2026-11-10", "notice.response": None, "notice.statement": "口头申辩。"}
LATE_NOTICE = {"notice.served.at": "2026-11-05 10:00", "notice.date": "2026-11-05", "notice.reply_by": None}
SOON = {
    "decision.date": "2026-10-16",
    "decision.legal_review_on": "2026-10-15",
    "decision.deliberated_on": None,
}
HELD = {"notice.hearing.requested": True, "notice.hearing.held_on": "2026-10-26"}
NOT_DISCUSSED = {"decision.traits": ["重大违法行为"], "decision.deliberated_on": None}
LATER_SHEET = {"papers.evidence_sheet.values.taken_at": "2026-11-05 15:00"}
UNPROVEN = "《中华人民共和国食品安全法》第一百二十二条第九款"

# what is wrong, case, changes, the paper, how grave, the provision that the line names
WRONG: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("no notice at all", FOOD, {"notice": None}, "decision", "否决", CFA + "第六十二条"),
    ("the notice was never served", FOOD, {"notice.served": None}, "decision", "否决", CFA + "第六十二条"),
    ("the notice came after the decision", FOOD, LATE_NOTICE, "decision", "否决", CFA + "第六十二条"),
    ("within the time for a statement", FOOD, NO_ANSWER, "decision", "否决", CFA + "第六十二条"),
    ("within the days to ask for a hearing", FOOD, SOON, "decision", "否决", CFA + "第六十四条第（一）项"),
    (
        "a hearing asked for and not held",
        FOOD,
        {"notice.hearing.requested": True},
        "decision",
        "否决",
        CFA + "第六十三条第一款",
    ),
    (
        "a hearing set four working days after its notice",
        HEARING,
        {"papers.hearing_notice.values.held_at": "2026-09-22 09:00"},
        "hearing_notice",
        "否决",
        CFA + "第六十四条第（二）项",
    ),
    (
        "a hearing held two days after its notice",
        HEARING,
        {"papers.hearing_notice.served.at": "2026-09-25 10:00"},
        "hearing_record",
        "否决",
        CFA + "第六十四条第（二）项",
    ),
    (
        "after a hearing, without legal review",
        FOOD,
        HELD | {"decision.legal_review_on": None},
        "decision",
        "否决",
        CFA + "第五十八条第一款第（二）项",
    ),
    (
        "grave, and the heads did not discuss",
        FOOD,
        NOT_DISCUSSED,
        "decision",
        "否决",
        CFA + "第五十七条第二款",
    ),
    ("more than was notified", FOOD, {"notice.fine": 40000}, "decision", "否决", CFA + "第四十五条第二款"),
    ("an expired certificate", FOOD, {"officers": EXPIRED}, "decision", "否决", CFA + "第四十二条第一款"),
    ("one officer alone", FOOD, {"officers": ONE_OFFICER}, "decision", "否决", CFA + "第四十二条第一款"),
    (
        "coercion by an entrusted body",
        COURSE,
        {"organ.entrusted": ENTRUSTED},
        "seizure_decision",
        "否决",
        ACA + "第十七条第一款",
    ),
    (
        "a seizure extended after its end",
        COURSE,
        {"papers.seizure_extension.date": "2026-11-10", "papers.seizure_extension.served": None},
        "seizure_extension",
        "否决",
        ACA + "第二十五条第一款",
    ),
    (
        "enforced without urging",
        FINE,
        {"papers.urge_letter.served": None},
        "court_application",
        "否决",
        ACA + "第五十四条",
    ),
    (
        "enforced by the organ without urging",
        BUILDING,
        {"papers.urge_letter.served": None},
        "enforcement_decision",
        "否决",
        ACA + "第三十七条第一款",
    ),
    (
        "torn down before the remedies lapse",
        BUILDING,
        {"decision.served.at": "2026-05-20 10:00"},
        "enforcement_decision",
        "否决",
        ACA + "第四十四条",
    ),
    (
        "the substitute without urging",
        DUG,
        {"papers.urge_letter.served": None},
        "substitute_decision",
        "否决",
        ACA + "第五十条",
    ),
    (
        "the substitute on a holiday",
        DUG,
        {"papers.substitute_decision.values.started": "2026-10-05 08:30"},
        "substitute_decision",
        "否决",
        ACA + "第四十三条第一款",
    ),
    ("a decision older than its evidence", COURSE, LATER_SHEET, "decision", "否决", CFA + "第五十七条第一款"),
    (
        "closed before it is decided",
        COURSE,
        {"decision": None},
        "closing_approval",
        "否决",
        CFA + "第五十七条第一款",
    ),
    (
        "a citation that isn't there",
        FOOD,
        {"violations.0.penalty_basis": [UNPROVEN]},
        "decision",
        "否决",
        UNPROVEN,
    ),
    ("later than ninety days", FOOD, {"filed": "2026-07-01"}, "decision", "扣分", CFA + "第六十条"),
    ("evidence gathered afterwards", COURSE, LATER_SHEET, "evidence_sheet", "扣分", CFA + "第五十七条第一款"),
]
ONE = re.compile(r"\[(G\d+) 扣分\]")


def wrong(root: Path, n: int) -> dict[str, Any]:
    """The case of a row, with the number of its paper left to the office."""
    _, name, changes, type, _, _ = WRONG[n]
    data = example(root, name)
    for path, value in changes.items():
        put(data, path, value)
    block = document_type(type).block
    for place in [data.get(block) or {}] if block else [p for p in data["papers"] if p["type"] == type]:
        place.pop("number", None)
    return data | {"id": f"wrong/{n}"}


def bring(run: Run, tmp_path: Path, data: dict[str, Any]) -> str:
    file = tmp_path / "案件.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return str(json.loads(said(run("case", "import", file, *BY, "--json")))["id"])


@pytest.mark.parametrize("n", range(len(WRONG)), ids=[row[0] for row in WRONG])
def test_a_wrong_order_is_refused_and_leaves_nothing(
    base: Base, run: Run, root: Path, tmp_path: Path, n: int
) -> None:
    _, _, _, type, severity, basis = WRONG[n]
    data = wrong(root, n)
    data["overrides"] = ALL_ROLES if severity == "否决" else []
    id = bring(run, tmp_path, data)
    code, out, err = run("case", "issue", id, type, "--by", list(ROLES)[n % len(ROLES)])
    assert code == 1, out
    (line,) = err.strip().splitlines()
    assert basis in line
    assert any(f" {severity}] " in found and basis in found for found in out.splitlines()), out
    state = json.loads(said(run("case", "show", id, "--json")))
    assert (state["revision"], state["documents"]) == (1, [])
    if severity == "扣分":
        passed_with_a_reason(run, tmp_path, data, type, out)


def passed_with_a_reason(run: Run, tmp_path: Path, data: dict[str, Any], type: str, out: str) -> None:
    """What is only warned leaves once somebody has said why."""
    codes = dict.fromkeys(ONE.findall(out))
    data["overrides"] = [{"gate": code, "reason": "经负责人批准", "by": "示例周"} for code in codes]
    file = tmp_path / "放行.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    said(run("case", "save", data["id"], file, "--revision", 1, *BY))
    code, _, err = run("case", "issue", data["id"], type, *BY)
    assert code == 0, err
    assert all(f"{code} 已放行" in err for code in codes)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_passes_it_at_the_desk_either(base: Base, root: Path, role: str) -> None:
    client = create_app(base, now=lambda: NOW).test_client()
    assert client.post("/who.json", data={"name": f"示例{role}", "role": role}).status_code == 200
    barred = [n for n, row in enumerate(WRONG) if row[4] == "否决"]
    for n in barred[list(ROLES).index(role) :: len(ROLES)]:
        body = wrong(root, n) | {"id": f"desk/{n}", "overrides": ALL_ROLES}
        cases.create(base, body, by="示例张", at=NOW)
        answer = client.post(f"/casepaper/desk/{n}.json", data={"do": "issue", "type": WRONG[n][3]})
        if sees_personal(role):
            assert answer.status_code == 422, WRONG[n][0]
            assert WRONG[n][5] in answer.text
        else:
            assert answer.status_code == 403
        assert cases.one_case(base, f"desk/{n}", revision=None, role=role)["documents"] == []


def test_a_refusal_uses_up_no_number(base: Base, run: Run, root: Path, tmp_path: Path) -> None:
    data = wrong(root, 0) | {"id": "wrong/refused", "overrides": ALL_ROLES}
    assert run("case", "issue", bring(run, tmp_path, data), "decision", *BY)[0] == 1
    given = json.loads(said(run("case", "numbers", "示综执罚", "--json")))["documents"]
    right = example(root, FOOD) | {"id": "right/one"}
    del right["decision"]["number"]
    done = json.loads(said(run("case", "issue", bring(run, tmp_path, right), "decision", *BY, "--json")))
    assert done["number_text"] == f"示综执罚〔2026〕{len(given) + 1}号"


# ---------------------------------------------------------------- from lead to dossier

SHEETS = ("dossier_cover", "dossier_index", "dossier_note")
TOLD_WITH = {
    "filing_approval": ["filed"],
    "investigation_report": ["investigation"],
    "prior_notice": ["notice.date", "notice.reply_by", "notice.hearing"],
    "statement_review": ["notice.statement", "notice.response"],
    "legal_review": ["decision.legal_review_on"],
    "deliberation": ["decision.deliberated_on"],
    "decision": ["decision.date"],
    "closing_approval": ["payments"],
}
"""What the case learns when a paper is made; until then it isn't in the file."""
PREPARED = {"seizure_approval": "seizure_decision"}
FROM_THE_START = ("schema", "officers", "parties", "source", "violations", "remedies")


def place_of(data: dict[str, Any], path: str) -> Any:
    for step in path.split("."):
        data = data[step]
    return data


class Walk:
    """A case that grows paper by paper, each on its own day, as an officer would tell it to the commands."""

    def __init__(self, run: Run, clock: pytest.MonkeyPatch, out: Path, whole: dict[str, Any]) -> None:
        self.run, self.clock, self.out, self.whole = run, clock, out, whole
        self.body = {k: whole[k] for k in FROM_THE_START} | {"id": "2026/course", "papers": []}
        self.revision, self.numbers, self.files = 1, dict[str, list[str]](), list[Path]()
        out.mkdir()
        self.on("2026-09-07")
        bring(run, out.parent, self.body)

    def on(self, day: str) -> None:
        self.clock.setenv("CAILIANG_NOW", f"{day}T18:00:00+08:00")

    def save(self) -> None:
        file = self.out.parent / "案件.yaml"
        file.write_text(yaml.safe_dump(self.body, allow_unicode=True), encoding="utf-8")
        data = said(
            self.run("case", "save", self.body["id"], file, "--revision", self.revision, *BY, "--json")
        )
        self.revision = json.loads(data)["revision"]

    def issue(self, type: str, *which: str) -> dict[str, Any]:
        file = self.out / f"{len(self.files) + 1:02}-{type}.docx"
        done = self.run("case", "issue", self.body["id"], type, *which, *BY, "-o", file, "--json")
        made: dict[str, Any] = json.loads(said(done))
        self.files.append(file)
        return made

    def written(self, entry: dict[str, Any]) -> dict[str, Any]:
        """The paper's own entry in the case, without number and service: these come when it is issued."""
        key = entry.get("key") or entry["type"].replace("_", "-")
        there = next((p for p in self.body["papers"] if p["key"] == key), None)
        if there is None:
            there = {k: v for k, v in entry.items() if k not in ("number", "served")} | {"key": key}
            self.body["papers"].append(there)
        return there

    def things(self, **now: str) -> None:
        """The things of the case as they stand; how they were disposed of isn't known yet."""
        kept = [{k: v for k, v in g.items() if "dispos" not in k} for g in self.whole["goods"]]
        self.body["goods"] = [g | now for g in kept]

    def make(
        self, type: str, entry: dict[str, Any] | None, block: str, served: dict[str, Any] | None
    ) -> None:
        """One paper: what the case learns with it, the paper itself, its service and the receipt of that."""
        for path in TOLD_WITH.get(type, ()):
            put(self.body, path, place_of(self.whole, path))
        entry = self.written(entry) if entry is not None else None
        if type in PREPARED:  # the head approves what lies before him
            self.written(next(p for p in self.whole["papers"] if p["type"] == PREPARED[type]))
            self.things(status="扣押")
        if type == "seizure_release":
            self.things()
        if type == "goods_disposal":
            self.body["goods"] = self.whole["goods"]
        self.save()
        made = self.issue(type, *(["--paper", entry["key"]] if entry else []))
        self.revision = json.loads(said(self.run("case", "show", self.body["id"], "--json")))["revision"]
        here = entry if entry is not None else self.body[block]
        if made["number_text"]:
            self.numbers.setdefault(type, []).append(made["number_text"])
            here["number"] = int(re.findall(r"\d+", made["number_text"])[-1])
        if served:
            self.on(str(served["at"])[:10])
            here["served"] = served
            self.save()
            self.issue("service_receipt", "--paper", entry["key"] if entry else type)


@pytest.mark.soak
def test_from_the_lead_to_the_closed_dossier(
    base: Base, run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = example(root, COURSE)
    walk = Walk(run, monkeypatch, tmp_path / "文书", whole)
    line = [e for e in events(case_from(whole)) if e.type not in SHEETS]
    for event in line:
        block = document_type(event.type).block
        entry = None if event.index is None else whole["papers"][event.index]
        place = entry if entry is not None else whole[block]
        walk.on(str(event.day))
        walk.make(event.type, entry, block, place.get("served"))

    id, day = "2026/course", "2026-11-20"
    walk.on(day)
    served = [e for e in line if e.served]
    numbered = [e for e in line if document_type(e.type).serial or document_type(e.type).block]
    # numbers: each series begins with one, and none is skipped
    assert len(walk.numbers) >= len({e.type for e in numbered})
    for texts in walk.numbers.values():
        assert [re.sub(r".*〕", "", text) for text in texts] == [f"{n + 1}号" for n in range(len(texts))]
    assert walk.numbers["decision"] == ["示综执罚〔2026〕1号"]
    assert len(walk.files) == len(line) + len(served)
    # each paper stands by itself and beside the others
    code, out, err = run("cite", "check", *walk.files)
    assert (code, out.count("没有发现问题")) == (0, len(walk.files)), out + err
    exported = tmp_path / "卷.yaml"
    said(run("case", "export", id, "-o", exported, *BY))
    code, out, err = run("review", walk.out, "--case", exported)
    assert code == 0, out + err
    # ledgers, deadlines
    rows = {
        name: json.loads(said(run("case", "ledger", "show", name, "--json")))
        for name in ("filing", "goods", "service")
    }
    assert [len(r["rows"]) for r in rows.values()] == [
        2,
        3,
        len(served),
    ]  # the lead and the filing are one book
    dues = json.loads(said(run("case", "deadlines", id, "--on", day, "--json")))["dues"]
    assert [d["label"] for d in dues if d["state"] in ("逾期", "逾期办理")] == []
    # packet, closing, dossier
    packet = tmp_path / "文书包.zip"
    assert f"{len(walk.files)} 份文书" in said(run("packet", "--case", id, "-o", packet, *BY))
    assert id in said(run("case", "list", "--state", "已结案"))
    bound = tmp_path / "卷宗"
    out = said(run("case", "dossier", id, "-o", bound, "--checker", "示例档", "--retention", "定期30年", *BY))
    assert "没有入卷" not in out
    made = {f.name: f.read_bytes()[:4] for f in bound.iterdir()}
    assert (made["正卷.docx"], made["副卷.docx"]) == (b"PK\3\4", b"PK\3\4")
    if soffice():
        assert (made["正卷.pdf"], made["副卷.pdf"]) == (b"%PDF", b"%PDF")
    assert json.loads(said(run("audit", "verify", "--json")))["sound"]
