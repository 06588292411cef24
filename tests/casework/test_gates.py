"""Wrong orders: each is refused with the provision that forbids it, and nobody passes a barred one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from app.api.caseform import ASKS
from casework.drafting import draft
from casework.duedates import ENDED, WIRES
from casework.duemoney import APPEALABLE
from casework.gates import GATES, PLACES, judge
from casework.precedence import EDGES, FREE, READ
from generator.casefile import CaseFile, case_from
from generator.catalogue import document_type, document_types
from kb.checks.provisions import judged
from kb.errors import Refused
from kb.records import Setting, Source
from kb.snapshot import Snapshot

Body = Callable[..., dict[str, Any]]
TODAY = date(2026, 11, 23)
FOOD, NOISE = "unlicensed-food", "noise-hailing"
OFFICERS = [
    {"name": "示例张", "certificate": "00000000001", "expires": date(2026, 10, 31)},
    {"name": "示例李", "certificate": "00000000002"},
]
ENTRUSTED = {"body": "示例镇综合执法队", "paper": "示委〔2026〕1号", "until": date(2026, 12, 31)}
TAKEN = {"type": "seizure_decision", "date": date(2026, 9, 14), "number": 1}
TOLD = [{"kind": "没收违法所得", "amount": 2680}]


IN_BRACKETS, PATH = re.compile("（[^（）]*）"), re.compile(r"[a-z]+[._][a-z]+|overrides")
"""A path of the case file may only stand in brackets, behind what the form calls the place."""


def at(text: str) -> date:
    return date.fromisoformat(text)


# what is wrong, case, changes, paper, code of the finding, the provision that forbids it
WRONG: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("no notice before the decision", FOOD, {"notice": {}}, "decision", "E3", "处罚法》第六十二条"),
    (
        "the notice came after the decision",
        FOOD,
        {"notice__served__at": at("2026-11-05"), "notice__date": at("2026-11-05"), "notice__reply_by": None},
        "decision",
        "G1",
        "处罚法》第六十二条",
    ),
    (
        "a hearing was asked for and not held",
        FOOD,
        {"notice__hearing__requested": True},
        "decision",
        "E3",
        "处罚法》第六十三条第一款",
    ),
    (
        "the days to ask for a hearing have not run",
        FOOD,
        {"decision__date": at("2026-10-16"), "decision__legal_review_on": at("2026-10-15")},
        "decision",
        "G3",
        "处罚法》第六十四条第（一）项",
    ),
    (
        "after a hearing, without legal review",
        FOOD,
        {
            "notice__hearing__requested": True,
            "notice__hearing__held_on": at("2026-10-26"),
            "decision__legal_review_on": None,
        },
        "decision",
        "G6",
        "处罚法》第五十八条第一款第（二）项",
    ),
    (
        "a complex case without legal review",
        NOISE,
        {"decision__traits": ["案情疑难复杂、涉及多个法律关系"]},
        "decision",
        "G6",
        "处罚法》第五十八条第一款第（三）项",
    ),
    (
        "a grave violation without deliberation",
        NOISE,
        {"decision__traits": ["重大违法行为"]},
        "decision",
        "G7",
        "处罚法》第五十七条第二款",
    ),
    ("a fine above the notified one", FOOD, {"notice__fine": 40000}, "decision", "E3", "第四十五条第二款"),
    ("a kind nobody was told of", FOOD, {"notice__measures": TOLD}, "decision", "G8", "处罚法》第四十四条"),
    (
        "more confiscated than notified",
        FOOD,
        {"notice__measures": [{"kind": "没收违法所得", "amount": 2000}, {"kind": "没收非法财物"}]},
        "decision",
        "G8",
        "处罚法》第四十五条第二款",
    ),
    ("an expired certificate", FOOD, {"officers": OFFICERS}, "decision", "E3", "处罚法》第四十二条第一款"),
    (
        "coercion by an entrusted body",
        FOOD,
        {"organ__entrusted": ENTRUSTED, "papers": [TAKEN]},
        "seizure_decision",
        "G9",
        "强制法》第十七条第一款",
    ),
    (
        "an entrustment that has run out",
        FOOD,
        {"organ__entrusted": {**ENTRUSTED, "until": at("2026-10-31")}},
        "decision",
        "G10",
        "处罚法》第二十条第二款",
    ),
    (
        "found after two years",
        FOOD,
        {"violations__0__act": "2024-01-02", "violations__0__facts__longer_limitation": False},
        "prior_notice",
        "G23",
        "第三十六条第一款",
    ),
    (
        "a closed shop nobody told of the hearing",
        NOISE,
        {"violations__0__measures": [{"kind": "责令停产停业"}]},
        "decision",
        "E3",
        "处罚法》第六十三条第一款",
    ),
]


def refused(case: CaseFile, type: str, base: Snapshot) -> list[dict[str, Any]]:
    with pytest.raises(Refused) as caught:
        draft(type, case, base, decided=TODAY)
    return list(caught.value.findings)


@pytest.mark.parametrize(
    ("name", "changes", "type", "code", "basis"),
    [row[1:] for row in WRONG],
    ids=[row[0] for row in WRONG],
)
def test_a_wrong_order_is_refused_by_its_provision(
    agency: Snapshot, body: Body, name: str, changes: dict[str, Any], type: str, code: str, basis: str
) -> None:
    data = body(name, **changes)
    found = refused(case_from(data), type, agency)
    said = [f for f in found if f["code"] == code and basis in f["basis"]]
    assert said
    assert said[0]["severity"] == "否决"
    # and nobody passes it
    everything = [{"gate": f"G{n}", "reason": "领导同意", "by": "局长"} for n in range(1, 99)]
    again = refused(case_from({**data, "overrides": everything}), type, agency)
    assert said[0] in again


def test_the_right_order_leaves(agency: Snapshot, body: Body) -> None:
    made = draft("decision", case_from(body(FOOD)), agency, decided=TODAY)
    assert not made.watermark
    assert [f for f in made.findings if f.severity != "提示"] == []


# case, changes, paper, day, code, severity
WARNED: list[tuple[str, dict[str, Any], str, str, str]] = [
    (FOOD, {"filed": at("2026-07-01")}, "decision", "G12", "处罚法》第六十条"),
    (
        FOOD,
        {
            "notice__hearing__requested": True,
            "notice__hearing__held_on": at("2026-10-30"),
            "decision__legal_review_on": at("2026-10-31"),
        },
        "decision",
        "G21",
        "处罚法》第五十七条第二款",
    ),
    (NOISE, {"guidance_note__number": 1}, "guidance_note", "G11", "处罚法》第五十四条第二款"),
]


@pytest.mark.parametrize(("name", "changes", "type", "code", "basis"), WARNED)
def test_a_warned_one_passes_with_a_reason(
    agency: Snapshot, body: Body, name: str, changes: dict[str, Any], type: str, code: str, basis: str
) -> None:
    data = body(name, **changes)
    found = [f for f in refused(case_from(data), type, agency) if f["code"] == code]
    assert found[0]["severity"] == "扣分"
    assert basis in found[0]["basis"]
    reason = {"gate": code, "reason": "经负责人批准延长", "by": "示例王局长"}
    passed = draft(type, case_from({**data, "overrides": [reason]}), agency, decided=TODAY, draft=True)
    assert code not in {f.code for f in passed.findings}
    assert [n for n in passed.notes if code in n and "经负责人批准延长" in n and "示例王局长" in n]


def codes(case: CaseFile, type: str, base: Snapshot, day: str) -> set[str]:
    return {f.code for f in judge(case, type, base, at(day))}


def _setting(id: str, value: object) -> Setting:
    return Setting(id=id, label=id, value=value, source=Source(instrument="本机关规定"))


def test_the_organs_own_order_is_only_warned(agency: Snapshot, body: Body) -> None:
    own = Snapshot.of(
        [
            *agency.records("setting"),
            *agency.records("benchmark"),
            _setting("procedure/order", [{"paper": "decision", "after": "correction_order"}]),
        ]
    )
    case = case_from(body(FOOD))
    found = [f for f in judge(case, "decision", own, at("2026-11-02")) if f.code == "G20"]
    assert [(f.severity, f.basis) for f in found] == [("扣分", "本机关规定")]
    ordered = case_from(body(FOOD, correction_order__date=at("2026-09-08"), correction_order__number=1))
    assert "G20" not in codes(ordered, "decision", own, "2026-11-02")


def test_a_reminder_is_allowed_where_correction_comes_first(agency: Snapshot, body: Body) -> None:
    assert codes(case_from(body("noise-first-time")), "guidance_note", agency, "2026-09-05") == set()
    assert codes(case_from(body("no-purchase-check")), "guidance_note", agency, "2026-10-15") == set()
    assert codes(case_from(body(FOOD)), "guidance_note", agency, "2026-09-08") == {"G11"}


def test_one_officer_is_not_in_two_records_at_once(agency: Snapshot, body: Body) -> None:
    def record(start: str, end: str, names: list[str]) -> dict[str, Any]:
        values = {"started": f"2026-09-08 {start}", "finished": f"2026-09-08 {end}"}
        return {"type": "inspection_record", "officers": names, "values": values}

    together = [
        record("09:00", "10:00", ["示例张", "示例李"]),
        record("09:30", "10:30", ["示例张", "示例李"]),
    ]
    apart = [record("09:00", "09:30", ["示例张", "示例李"]), record("09:30", "10:30", ["示例张", "示例李"])]
    assert "G17" in codes(case_from(body(FOOD, papers=together)), "decision", agency, "2026-11-02")
    assert "G17" not in codes(case_from(body(FOOD, papers=apart)), "decision", agency, "2026-11-02")


def test_a_child_is_not_penalised(agency: Snapshot, body: Body) -> None:
    def born(day: str) -> CaseFile:
        child = {"kind": "individual", "name": "示例童", "id_type": "护照", "id_number": "E0"}
        return case_from(body(FOOD, parties=[{**child, "born": at(day), "address": "示例路1号"}]))

    assert "G24" in codes(born("2012-09-09"), "decision", agency, "2026-11-02")
    assert "G24" not in codes(born("2012-09-08"), "decision", agency, "2026-11-02")  # fourteen that very day


def test_each_party_is_judged_by_its_own_papers(agency: Snapshot, body: Body) -> None:
    data = body(FOOD)
    data["parties"].append({**data["parties"][0], "name": "示例赵"})
    data["violations"].append({**data["violations"][0], "party": 2, "measures": [{"kind": "警告"}]})
    data["notice"]["measures"] = data["violations"][0]["measures"]
    case = case_from(data)
    assert "G8" not in {f.code for f in judge(case, "decision", agency, at("2026-11-02"), party=1)}
    assert "G8" in {f.code for f in judge(case, "decision", agency, at("2026-11-02"), party=2)}


def test_the_moment_of_an_on_the_spot_paper_has_no_gate(agency: Snapshot, body: Body) -> None:
    case = case_from(body("no-purchase-check", on_the_spot__time=datetime(2026, 10, 15, 10, 40)))
    assert codes(case, "on_the_spot_decision", agency, "2026-10-15") == set()


@pytest.mark.parametrize("basis", sorted({e.basis for e in EDGES}))
def test_every_edge_stands_on_a_provision(agency: Snapshot, basis: str) -> None:
    found = [f for f in judged(agency, basis, TODAY) if (f.code, f.severity) != ("C2", "提示")]
    assert found == []


def test_an_order_has_no_circle() -> None:
    later: dict[str, set[str]] = {}
    for edge in EDGES:
        if edge.severity == "否决" and len(edge.after) == 1:
            later.setdefault(edge.paper, set()).add(edge.after[0])

    def reaches(start: str, goal: str, seen: frozenset[str]) -> bool:
        return any(
            a == goal or (a not in seen and reaches(a, goal, seen | {a})) for a in later.get(start, ())
        )

    assert [paper for paper in later if reaches(paper, paper, frozenset())] == []


def test_things_held_after_their_time_are_told(agency: Snapshot, body: Body) -> None:
    early, late = {**TAKEN, "date": at("2026-10-08")}, {**TAKEN, "date": at("2026-09-14")}
    assert "G25" in codes(case_from(body(FOOD, papers=[late])), "decision", agency, "2026-11-02")
    assert "G25" not in codes(case_from(body(FOOD, papers=[early])), "decision", agency, "2026-11-02")


NAMED = {t for e in EDGES for t in (e.paper, *e.after)} | set(FREE)


def test_every_document_type_has_its_place_in_the_order() -> None:
    """A new type either waits for another or is said to wait for none (`FREE`); none is both."""
    waiting = {e.paper for e in EDGES}
    assert {k.type for k in document_types()} - waiting - set(FREE) == set()
    assert waiting & set(FREE) == set()


def test_gates_and_deadlines_speak_of_types_in_the_order() -> None:
    import casework.gate_people
    import casework.gate_rules
    import casework.gate_times  # noqa: F401

    spoken = {t for _, types in GATES.values() for t in types}
    spoken |= {t for w in WIRES for t in (*w.types, *w.done)} | set(READ) | {*APPEALABLE, *ENDED}
    assert spoken <= NAMED


@pytest.mark.parametrize("type", [k.type for k in document_types() if k.type in READ])
def test_the_fields_that_gates_read_are_there(type: str) -> None:
    assert set(READ[type]) <= {f.name for f in document_type(type).own}


def test_no_gate_stumbles_over_a_bare_case(agency: Snapshot, body: Body) -> None:
    """Every type on the least a case can be: an answer, never a fall."""
    least = {k: v for k, v in body(FOOD).items() if k in ("schema", "id", "parties", "violations")}
    for kind in document_types():
        for day in ("2026-01-01", "2026-11-02", "2031-05-05"):
            for finding in judge(case_from(least), kind.type, agency, at(day)):
                assert finding.message
                assert not PATH.search(IN_BRACKETS.sub("", finding.message + finding.suggestion)), finding


def test_gates_call_a_place_what_the_form_calls_it() -> None:
    assert {path: ASKS[path].label for path in PLACES} == PLACES
