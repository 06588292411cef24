"""The later course of a case: hearing, coercion, execution, closing. Each row is one order of papers.

Types of further papers are stood in for by bare ones with the fields the gates read: this is about the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import templates_docx
from casework.duedates import dues
from casework.gates import judge
from casework.precedence import DECIDED, EDGES, FREE, READ
from generator.casefile import case_from
from kb.records import Setting, Source
from kb.snapshot import Snapshot
from tests.shipped import RULE

Body = Callable[..., dict[str, Any]]
NAMED = {t for e in EDGES for t in (e.paper, *e.after)} | set(FREE)
BLOCKS = {"prior_notice", *DECIDED, "correction_order", "guidance_note", "service_receipt"}
TYPES = {
    "started": "time",
    "finished": "time",
    "urgent_at": "time",
    "approved_at": "time",
    "host": "person",
    "reviewer": "person",
    "passed": "yes",
    "instalments": "rows",
    "members": "rows",
    "opinions": "rows",
    "held_at": "time",
    "informed_at": "time",
    "basis": "citations",
    "spares_homes": "yes",
    "published": "yes",
    **dict.fromkeys(("urgent", "method", "announcement", "presence", "purpose"), "text"),
}
PAID_IN_PARTS = [
    {"name": "date", "label": "日期", "type": "date"},
    {"name": "amount", "label": "数额", "type": "money"},
]
NAME = {"name": "name", "label": "姓名"}
COLUMNS = {"instalments": PAID_IN_PARTS}


@pytest.fixture(autouse=True, scope="module")
def all_types(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every type of the order: the real ones that have a block of their own, bare ones for the rest."""
    home = tmp_path_factory.mktemp("types")
    real = Path(next(iter(templates_docx.__path__)))
    for type in BLOCKS:
        (home / type).symlink_to(real / type)
    for type in NAMED - BLOCKS:
        fields = [
            {"name": name, "label": name, "type": TYPES.get(name, "date"), "optional": True}
            | ({"columns": COLUMNS.get(name, [dict(NAME)])} if TYPES.get(name) == "rows" else {})
            for name in READ.get(type, ())
        ]
        bare = {"schema": 1, "type": type, "name": f"代用{type}", "stage": "结案归档", "form": "表格"}
        bare |= {"basis": [], "fields": fields, "elements": [], "signs": [], "repeat": True}
        (home / type).mkdir()
        (home / type / "document.yaml").write_text(yaml.safe_dump(bare, allow_unicode=True), encoding="utf-8")
    before, templates_docx.__path__ = templates_docx.__path__, [str(home)]
    yield
    templates_docx.__path__ = before


def at(text: str) -> date:
    return date.fromisoformat(text)


def paper(type: str, day: str, served: str = "", **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": type, "date": at(day), "values": values}
    return made | ({"served": {"at": f"{served}T10:00"}} if served else {})


FOOD = "unlicensed-food"
SERVED = {"decision__served__at": "2026-11-04T10:00"}  # to be paid by 19 November
SUED = {**SERVED, "proceedings": [{"kind": "行政诉讼", "accepted": at("2027-04-01")}]}
URGED = paper("urge_letter", "2027-05-10", "2027-05-10")
REVIEW = paper("legal_review", "2026-10-27", reviewer="示例李")
SEIZED = paper("seizure_decision", "2026-09-14")  # until 13 October
APPROVED = paper("seizure_approval", "2026-09-14")
NOTIFIED = paper("hearing_notice", "2026-10-12", "2026-10-12")
ENTRUSTED = {"organ__entrusted": {"body": "示例镇综合执法队", "paper": "示委〔2026〕1号"}}
ASKED = {"notice__hearing__requested": True}
URGED_EARLY = paper("urge_letter", "2026-11-20", "2026-11-20")
CLEARED = {"presence": "不在场"}


def set_for(time: str) -> dict[str, Any]:
    return paper("hearing_notice", "2026-10-12", held_at=f"{time}T09:00")


def execution(type: str = "enforcement_decision", **values: Any) -> list[dict[str, Any]]:
    """A reminder of 20 November, and the execution a month later on a Monday morning by default."""
    return [URGED_EARLY, paper(type, "2026-12-20", **{"started": "2026-12-21T09:00", **values})]


def torn(day: str, **values: Any) -> dict[str, Any]:
    return paper("enforcement_decision", day, method="拆除仓库", started=f"{day}T09:00", **values)


def met(*heads: str, votes: tuple[str, ...] = ()) -> dict[str, Any]:
    """A meeting: who is listed as a head, and who votes (the same, unless told otherwise)."""
    rows = [[{"name": n} for n in names] for names in (heads, votes or heads)]
    return paper("deliberation", "2026-10-29", members=rows[0], opinions=rows[1])


INTERNAL = {("G2", "提示", "第五十七条第二款")}
COMMON = ("G31", "扣分", "第五十七条第二款")
LATE = ("G33", "扣分", "第五十七条第一款")
HOUR = ("G29", "否决", "第四十三条第一款")
HINT = ("G29", "提示", "第四十三条第一款")
TORN = ("G35", "否决", "第四十四条")
HOMES = ("G30", "否决", "第四十三条第二款")

# changes of the case, its papers, the paper to be made, its day, what stands against it
ORDERS: list[tuple[dict[str, Any], list[dict[str, Any]], str, str, set[tuple[str, str, str]]]] = [
    # hearing
    ({}, [], "hearing_record", "2026-10-22", {("G1", "否决", "第六十四条第（二）项")}),
    ({}, [NOTIFIED], "hearing_record", "2026-10-20", {("G4", "否决", "第六十四条第（二）项")}),
    ({}, [NOTIFIED], "hearing_record", "2026-10-21", set()),  # enough on one reading
    ({}, [NOTIFIED], "hearing_record", "2026-10-22", set()),
    ({}, [], "hearing_notice", "2026-10-09", {("G1", "否决", "第六十三条第一款")}),
    ({}, [NOTIFIED], "hearing_report", "2026-10-23", {("G1", "否决", "第六十五条")}),
    (
        ASKED,
        [paper("hearing_notice", "2026-10-12", "2026-10-12", host="示例张")],
        "hearing_record",
        "2026-10-22",
        {("G18", "扣分", "第六十四条第（四）项")},
    ),
    (
        {},
        [paper("hearing_notice", "2026-10-12", "2026-10-12", host={"name": "示例赵"})],
        "hearing_record",
        "2026-10-22",
        set(),
    ),
    ({}, [set_for("2026-10-20")], "hearing_notice", "2026-10-12", {("G4", "否决", "第六十四条第（二）项")}),
    ({}, [set_for("2026-10-21")], "hearing_notice", "2026-10-12", set()),
    # review and deliberation
    ({}, [met("示例杨", "示例许")], "deliberation", "2026-10-29", INTERNAL),
    ({}, [met("示例杨")], "deliberation", "2026-10-29", INTERNAL | {COMMON}),
    ({}, [met("示例杨", "示例张")], "deliberation", "2026-10-29", INTERNAL | {COMMON}),
    (
        {},
        [met("示例杨", "示例许", votes=("示例杨", "示例许", "示例李"))],
        "deliberation",
        "2026-10-29",
        INTERNAL | {COMMON},
    ),
    (
        {},
        [met("示例杨", "示例许", votes=("示例杨", "示例钱"))],
        "decision",
        "2026-11-02",
        {COMMON, ("G2", "提示", "第五十七条第一款")},
    ),
    # evidence
    (
        {},
        [paper("evidence_sheet", "2026-11-03")],
        "decision",
        "2026-11-02",
        {("G33", "否决", "第五十七条第一款"), ("G2", "提示", "第五十七条第一款")},
    ),
    ({}, [paper("evidence_sheet", "2026-11-03")], "evidence_sheet", "2026-11-03", {LATE}),
    ({}, [paper("evidence_sheet", "2026-11-02")], "evidence_sheet", "2026-11-02", set()),
    (
        {"violations__0__evidence__0__source": "2026年11月3日制作"},
        [],
        "decision",
        "2026-11-02",
        {("G33", "否决", "第五十七条第一款")},
    ),
    (
        {},
        [REVIEW],
        "legal_review",
        "2026-10-27",
        {("G19", "扣分", "第五十八条第一款"), ("G2", "提示", "第五十八条第一款")},
    ),
    # storage and seizure
    ({}, [], "storage_disposal", "2026-09-14", {("G1", "否决", "第五十六条")}),
    ({}, [paper("storage_notice", "2026-09-08")], "storage_disposal", "2026-09-17", set()),
    (
        {},
        [paper("storage_notice", "2026-09-08")],
        "storage_disposal",
        "2026-09-18",
        {("G13", "扣分", "第五十六条")},
    ),
    ({}, [], "seizure_extension", "2026-10-13", {("G1", "否决", "第二十五条第一款")}),
    ({}, [SEIZED], "seizure_extension", "2026-10-13", set()),
    ({}, [SEIZED], "seizure_extension", "2026-10-14", {("G14", "否决", "第二十五条第一款")}),
    (
        {},
        [SEIZED, paper("testing_notice", "2026-09-20", **{"from": "2026-09-20", "until": "2026-09-29"})],
        "seizure_extension",
        "2026-10-23",
        set(),
    ),
    (
        {},
        [SEIZED, paper("seizure_extension", "2026-10-12")],
        "seizure_extension",
        "2026-11-10",
        {("G14", "否决", "第二十五条第一款")},
    ),
    (
        {},
        [APPROVED, paper("seizure_decision", "2026-09-14", until="2026-10-13")],
        "seizure_decision",
        "2026-09-14",
        set(),
    ),
    (
        {},
        [APPROVED, paper("seizure_decision", "2026-09-14", until="2026-10-14")],
        "seizure_decision",
        "2026-09-14",
        {("G27", "否决", "第二十五条第一款")},
    ),
    (
        {},
        [SEIZED, paper("seizure_extension", "2026-10-12", until="2026-11-13")],
        "seizure_extension",
        "2026-10-12",
        {("G27", "否决", "第二十五条第一款")},
    ),
    (
        {},
        [paper("storage_approval", "2026-09-08"), paper("storage_notice", "2026-09-08", until="2026-09-18")],
        "storage_notice",
        "2026-09-08",
        {("G27", "否决", "第五十六条")},
    ),
    (ENTRUSTED, [SEIZED], "seizure_extension", "2026-10-13", {("G9", "否决", "第十七条第一款")}),
    # execution
    (SERVED, [], "urge_letter", "2026-11-19", {("G22", "否决", "第六十七条第三款")}),
    (SERVED, [], "urge_letter", "2026-11-20", set()),
    (SERVED, [], "surcharge_notice", "2026-11-19", {("G22", "否决", "第六十七条第三款")}),
    (
        SERVED,
        [paper("deferral_notice", "2026-11-18", until="2027-02-28")],
        "urge_letter",
        "2026-12-20",
        {("G22", "否决", "第六十七条第三款")},
    ),
    ({}, [], "urge_letter", "2026-12-20", {("G1", "否决", "第三十五条")}),  # the decision was never served
    (SERVED, [], "enforcement_decision", "2027-01-20", {("G1", "否决", "第三十七条第一款")}),
    (
        SERVED,
        [paper("urge_letter", "2026-11-20", "2026-11-20")],
        "enforcement_decision",
        "2026-12-19",
        {("G16", "扣分", "第四十六条第一款")},
    ),
    (SERVED, [paper("urge_letter", "2026-11-20", "2026-11-20")], "enforcement_decision", "2026-12-20", set()),
    (
        {**SERVED, **ENTRUSTED},
        [paper("urge_letter", "2026-11-20", "2026-11-20")],
        "enforcement_decision",
        "2026-12-20",
        {("G9", "否决", "第三十四条")},
    ),
    # the hour of it: Monday 21 December is a working day, the 20th a Sunday, 1 October a holiday
    (SERVED, execution(finished="2026-12-21T17:00"), "enforcement_decision", "2026-12-20", set()),
    (SERVED, execution(finished="2026-12-21T22:00"), "enforcement_decision", "2026-12-20", set()),
    (SERVED, execution(started="2026-12-21T22:00"), "enforcement_decision", "2026-12-20", {HOUR}),
    (SERVED, execution(started="2026-12-22T05:59"), "enforcement_decision", "2026-12-20", {HOUR}),
    (SERVED, execution(started="2026-12-22T06:00"), "enforcement_decision", "2026-12-20", set()),
    (SERVED, execution(finished="2026-12-21T23:30"), "enforcement_decision", "2026-12-20", {HOUR}),
    (SERVED, execution(started="2026-10-01T09:00"), "enforcement_decision", "2026-12-20", {HOUR}),
    (SERVED, execution(started="2026-10-10T09:00"), "enforcement_decision", "2026-12-20", set()),  # made up
    (SERVED, execution(started="2026-12-20T09:00"), "enforcement_decision", "2026-12-20", {HINT}),
    (
        SERVED,
        execution(started="2026-09-30T09:00", finished="2026-10-08T17:00"),
        "enforcement_decision",
        "2026-12-20",
        {HINT},
    ),
    (
        SERVED,
        execution(started="2026-12-21T23:00", urgent="墙体随时可能倒塌。"),
        "enforcement_decision",
        "2026-12-20",
        set(),
    ),
    (SERVED, execution(method="停止供电"), "enforcement_decision", "2026-12-20", {HOMES}),
    (SERVED, execution(method="断水断电", spares_homes="否"), "enforcement_decision", "2026-12-20", {HOMES}),
    (SERVED, execution(method="切断燃气", spares_homes="是"), "enforcement_decision", "2026-12-20", set()),
    (SERVED, execution(method="移走水电管线旁的棚架"), "enforcement_decision", "2026-12-20", set()),
    # a building is torn down after a notice, and after the remedies (six months from 4 November)
    (
        SERVED,
        [URGED_EARLY, torn("2027-05-04", announcement="已公告。")],
        "enforcement_decision",
        "2027-05-04",
        {TORN},
    ),
    (
        SERVED,
        [URGED_EARLY, torn("2027-05-11", announcement="已公告。")],
        "enforcement_decision",
        "2027-05-11",
        set(),
    ),
    (SERVED, [URGED_EARLY, torn("2027-05-11")], "enforcement_decision", "2027-05-11", {TORN}),
    (
        {**SERVED, "proceedings": [{"kind": "行政复议", "accepted": at("2026-12-01")}]},
        [URGED_EARLY, torn("2027-05-11", announcement="已公告。")],
        "enforcement_decision",
        "2027-05-11",
        {TORN},
    ),
    # the substitute
    (
        SERVED,
        execution("substitute_decision", started="2026-11-24T09:00"),
        "substitute_decision",
        "2026-12-20",
        {("G32", "否决", "第五十一条第一款第（二）项")},
    ),
    (
        SERVED,
        execution("substitute_decision", started="2026-11-25T09:00"),
        "substitute_decision",
        "2026-12-20",
        set(),
    ),
    (
        SERVED,
        execution("substitute_decision", started="2026-12-21T23:00"),
        "substitute_decision",
        "2026-12-20",
        {HOUR},
    ),
    ({}, [], "immediate_substitute", "2026-09-08", set()),  # nobody is urged first
    (ENTRUSTED, [], "immediate_substitute", "2026-09-08", {("G9", "否决", "第三十四条")}),
    (
        {},
        [paper("immediate_substitute", "2026-09-08", **CLEARED)],
        "closing_approval",
        "2026-12-01",
        {("G34", "扣分", "第五十二条")},
    ),
    (
        {},
        [paper("immediate_substitute", "2026-09-08", informed_at="2026-09-08T10:00", **CLEARED)],
        "closing_approval",
        "2026-12-01",
        set(),
    ),
    (
        {},
        [paper("immediate_substitute", "2026-09-08", "2026-09-09", **CLEARED)],
        "closing_approval",
        "2026-12-01",
        set(),
    ),
    (SERVED, [], "substitute_decision", "2027-01-20", {("G1", "否决", "第五十条")}),
    (SERVED, [], "court_application", "2027-05-20", {("G1", "否决", "第五十四条")}),
    (SERVED, [URGED], "court_application", "2027-05-24", {("G15", "否决", "第五十四条")}),
    (SERVED, [URGED], "court_application", "2027-05-25", set()),
    (SERVED, [URGED], "court_application", "2027-08-05", {("G15", "扣分", "第五十三条")}),
    (
        SERVED,
        [paper("urge_letter", "2026-12-01", "2026-12-01")],
        "court_application",
        "2027-05-04",
        {("G15", "否决", "第五十三条")},
    ),
    (SUED, [URGED], "court_application", "2027-06-20", {("G15", "否决", "第五十三条")}),
    # closing
    ({"decision": {}}, [], "closing_approval", "2026-12-01", {("G1", "否决", "第五十七条第一款")}),
    ({}, [], "closing_approval", "2026-12-01", set()),
    ({"decision": {}}, [paper("case_withdrawal", "2026-10-20")], "closing_approval", "2026-12-01", set()),
    # the ninety days, extended
    ({"filed": at("2026-07-01")}, [], "decision", "2026-11-02", {("G12", "扣分", "第六十条")}),
    (
        {"filed": at("2026-07-01")},
        [
            paper("period_extension", "2026-09-28", until="2026-11-10", basis=[RULE]),
            paper("investigation_report", "2026-09-28"),
            paper("decision_approval", "2026-10-30"),
        ],
        "decision",
        "2026-11-02",
        set(),
    ),
]


@pytest.mark.parametrize(("changes", "papers", "type", "day", "found"), ORDERS)
def test_an_order_of_papers(
    agency: Snapshot,
    body: Body,
    changes: dict[str, Any],
    papers: list[dict[str, Any]],
    type: str,
    day: str,
    found: set[tuple[str, str, str]],
) -> None:
    case = case_from(body(FOOD, papers=papers, **changes))
    said = [f for f in judge(case, type, agency, at(day)) if f.code != "G26"]
    assert {(f.code, f.severity, f.basis.rpartition("》")[2]) for f in said} == found


def test_a_review_that_failed_bars_the_decision(agency: Snapshot, body: Body) -> None:
    failed = paper("legal_review", "2026-10-27", passed="否")
    case = case_from(body(FOOD, papers=[failed], decision__legal_review_on=None))
    found = [f for f in judge(case, "decision", agency, at("2026-11-02")) if f.code == "G6"]
    assert [f.severity for f in found] == ["否决"]


def test_an_internal_paper_dated_too_late_has_to_be_explained(agency: Snapshot, body: Body) -> None:
    late = paper("investigation_report", "2026-11-10")
    case = case_from(body(FOOD, papers=[late]))
    found = [f for f in judge(case, "decision", agency, at("2026-11-02")) if "晚于" in f.message]
    assert [(f.code, f.severity) for f in found] == [("G2", "扣分")]


def test_a_void_paper_opens_nothing(agency: Snapshot, body: Body) -> None:
    void = {**paper("storage_notice", "2026-09-08"), "void": "写坏"}
    case = case_from(body(FOOD, papers=[void]))
    assert {f.code for f in judge(case, "storage_disposal", agency, at("2026-09-14"))} == {"G1"}


TRANSFER = [
    paper("crime_approval", "2026-10-08", reported_on="2026-10-07", approved_at="2026-10-09T15:30"),
    paper("crime_transfer", "2026-10-10", police_filed_on="2026-10-12"),
]
STORED = [paper("storage_notice", "2026-09-08"), paper("storage_disposal", "2026-09-14")]
TESTED = [SEIZED, paper("testing_notice", "2026-09-20", **{"from": "2026-09-20", "until": "2026-09-29"})]
LONGER = [SEIZED, paper("seizure_extension", "2026-10-12")]
URGENT = paper("seizure_approval", "2026-09-15", urgent_at="2026-09-14T22:10", approved_at="2026-09-15T09:00")
PUBLISHED = {"publish": True}
EXCLUDED = Setting(
    id="decision/excluded", label="不计入的时间", value=["中止"], source=Source(instrument="示例部门规章")
)
STOPPED = [paper("suspend_investigation", "2026-09-21"), paper("resume_investigation", "2026-10-10")]

# changes, papers, the row, its day, when it was done
ROWS: list[tuple[dict[str, Any], list[dict[str, Any]], str, str | None, str | None]] = [
    ({}, STORED, "storage", "2026-09-17", "2026-09-14"),
    ({}, [*STORED, paper("storage_notice", "2026-09-20")], "storage", "2026-09-17", "2026-09-14"),
    ({}, [NOTIFIED], "hearing", "2026-10-22", None),
    ({"violations__0__measures": []}, [SEIZED], "seizure", "2026-10-13", None),
    ({"violations__0__measures": []}, TESTED, "seizure", "2026-10-23", None),
    ({}, LONGER, "seizure", "2026-10-13", "2026-10-12"),
    ({}, LONGER, "seizure_extension", "2026-11-12", "2026-11-02"),  # confiscated in time
    ({}, [SEIZED, paper("seizure_release", "2026-10-01")], "seizure", "2026-10-13", "2026-10-01"),
    ({}, TRANSFER, "crime_decision", "2026-10-10", "2026-10-09"),
    ({}, TRANSFER, "crime_transfer", "2026-10-10", "2026-10-10"),
    ({}, TRANSFER, "crime_goods", "2026-10-15", None),
    (
        {},
        [URGENT],
        "coercion_report",
        "2026-09-15",
        "2026-09-15",
    ),
    (PUBLISHED, [paper("decision_change", "2026-12-01")], "withdrawal", "2026-12-04", None),
    ({}, [paper("decision_change", "2026-12-01", published="是")], "withdrawal", "2026-12-04", None),
    (
        PUBLISHED,
        [paper("decision_change", "2026-12-01", published="是", withdrawn_on="2026-12-03")],
        "withdrawal",
        "2026-12-04",
        "2026-12-03",
    ),
    (SERVED, [URGED], "urge", "2027-05-25", None),
    (
        SERVED,
        [paper("urge_letter", "2026-12-01", "2026-12-01", purpose="代履行前")],
        "substitute",
        "2026-12-05",
        None,
    ),
    ({}, [paper("service_announcement", "2026-11-10")], "announcement", "2026-12-10", None),
    (SERVED, [paper("deferral_notice", "2026-11-18", until="2027-02-28")], "payment", "2027-02-28", None),
    (SERVED, [paper("deferral_notice", "2026-11-18", until="2027-02-28")], "surcharge", "2027-03-01", None),
    (SERVED, [paper("deferral_notice", "2026-11-18", until="2027-02-28")], "court", "2027-05-28", None),
    (
        {"decision": {}},
        [paper("period_extension", "2026-12-01", until="2027-01-15", basis=[RULE])],
        "decision",
        "2027-01-15",
        None,
    ),
    ({"decision": {}}, STOPPED, "decision", "2026-12-08", None),  # no rule says that it stops the clock
]


@pytest.mark.parametrize(("changes", "papers", "row", "day", "done"), ROWS)
def test_a_row_of_the_later_course(
    agency: Snapshot,
    body: Body,
    changes: dict[str, Any],
    papers: list[dict[str, Any]],
    row: str,
    day: str,
    done: str | None,
) -> None:
    found = [d for d in dues(case_from(body(FOOD, papers=papers, **changes)), agency) if d.name == row]
    first = found[0]
    assert (str(first.day), first.done_on and str(first.done_on)) == (day, done)


@pytest.mark.parametrize(
    ("case", "said", "on", "state"),
    [
        ({"publish": True}, {"published": "是"}, "2026-12-04", "待办"),
        ({"publish": True}, {"published": "是"}, "2026-12-05", "逾期"),
        ({"publish": True}, {"published": "是", "withdrawn_on": "2026-12-04"}, "2026-12-05", "已办"),
        ({"publish": True}, {"published": "是", "withdrawn_on": "2026-12-07"}, "2026-12-08", "逾期办理"),
        ({"publish": True}, {"published": "否"}, "2026-12-05", None),  # it was never shown
        ({}, {"published": "是"}, "2026-12-05", "逾期"),  # shown though the case did not mean to
        ({}, {}, "2026-12-05", None),
    ],
)
def test_a_changed_decision_is_withdrawn_within_three_days(
    agency: Snapshot, body: Body, case: dict[str, Any], said: dict[str, Any], on: str, state: str | None
) -> None:
    changed = case_from(
        body(FOOD, **{"publish": False, **case}, papers=[paper("decision_change", "2026-12-01", **said)])
    )
    found = [d.state(at(on)) for d in dues(changed, agency) if d.name == "withdrawal"]
    assert found == ([state] if state else [])


def test_a_second_storage_is_open_though_the_first_is_done(agency: Snapshot, body: Body) -> None:
    papers = [*STORED, paper("storage_notice", "2026-09-10")]
    rows = [d for d in dues(case_from(body(FOOD, papers=papers)), agency) if d.name == "storage"]
    assert [d.done_on for d in rows] == [at("2026-09-14"), None]


def test_a_suspended_investigation_stands_still_where_a_rule_says_so(agency: Snapshot, body: Body) -> None:
    own = Snapshot.of([*agency.records("setting"), *agency.records("benchmark"), EXCLUDED])
    case = case_from(body(FOOD, papers=STOPPED, decision={}))
    found = next(d for d in dues(case, own) if d.name == "decision")
    assert found.day == at("2026-12-28")  # twenty days later
    running = case_from(body(FOOD, papers=STOPPED[:1], decision={}))
    stopped = next(d for d in dues(running, own) if d.name == "decision")
    assert (stopped.day, stopped.state(at("2026-11-23"))) == (None, "暂停")


def test_a_year_without_holidays_is_said(agency: Snapshot, body: Body) -> None:
    urged = paper("urge_letter", "2027-01-05", "2027-01-05")
    case = case_from(body(FOOD, papers=[urged], **SERVED))
    found = [f for f in judge(case, "court_application", agency, at("2027-05-25")) if f.code == "G26"]
    assert [f.severity for f in found] == ["提示"]
    assert "2027年没有节假日安排的记录" in found[0].message
    assert "G26" not in {f.code for f in judge(case, "decision", agency, at("2026-11-02"))}
