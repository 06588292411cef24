"""The time line of a case: every paper once, in the order of its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.casefile import case_from, load_case
from generator.events import events

BASE: dict[str, Any] = {
    "schema": 1,
    "id": "x",
    "parties": [{"kind": "individual", "name": "示例甲", "id_number": "000000199001010026", "address": "路"}],
    "violations": [{"benchmark": "a/b", "act": "2026-07-01", "found_on": "2026-07-01"}],
}
RECORD = {"type": "inspection_record", "key": "first", "values": {"started": "2026-07-01 09:10"}}
SEIZURE = {
    "type": "seizure_decision",
    "number": 7,
    "date": date(2026, 7, 2),
    "served": {"at": "2026-07-03 10:00"},
}


@pytest.mark.parametrize(
    ("says", "line"),
    [
        ({}, []),
        ({"filed": date(2026, 7, 5)}, [("filing_approval", "2026-07-05", "None")]),
        (
            {"filed": date(2026, 7, 5), "papers": [{"type": "filing_approval", "number": 3}]},
            [("filing_approval", "2026-07-05", "None")],
        ),
        (
            {"papers": [SEIZURE, RECORD]},
            [("inspection_record", "2026-07-01", "None"), ("seizure_decision", "2026-07-02", "2026-07-03")],
        ),
        (
            {"notice": {"number": 1, "date": date(2026, 8, 1), "served_on": date(2026, 8, 2)}},
            [("prior_notice", "2026-08-01", "2026-08-02")],
        ),
        ({"decision": {"number": 1}}, [("decision", "None", "None")]),
        (
            {"decision": {"number": 1}, "leniency": {"id": "a/b", "ticks": {}}},
            [("no_penalty_decision", "None", "None")],
        ),
        (
            {"on_the_spot": {"time": "2026-07-01 10:00"}},
            [("on_the_spot_decision", "2026-07-01", "2026-07-01")],
        ),
        (
            {
                "correction_order": {"number": 2, "date": date(2026, 7, 4)},
                "service": {
                    "document": "责令限期改正通知书",
                    "document_number": "示〔2026〕2号",
                    "served_at": "2026-07-05 09:00",
                },
            },
            [("correction_order", "2026-07-04", "2026-07-05"), ("service_receipt", "2026-07-05", "None")],
        ),
    ],
)
def test_the_time_line(says: dict[str, Any], line: list[tuple[str, str, str]]) -> None:
    found = events(case_from(BASE | says))
    assert [(e.type, str(e.day), str(e.served_on)) for e in found] == line


def test_an_event_says_which_paper_it_is() -> None:
    void = SEIZURE | {"key": "spoiled", "void": "写错了数量"}
    found = events(case_from(BASE | {"papers": [RECORD, void, SEIZURE]}))
    assert [(e.key, e.void, e.number, e.index) for e in found] == [
        ("first", "", None, 0),
        ("spoiled", "写错了数量", 7, 1),
        ("", "", 7, 2),
    ]


def test_the_full_course_is_in_order(root: Path) -> None:
    found = events(load_case(root / "examples" / "cases" / "full-course.yaml"))
    days = [e.day for e in found if e.day]
    assert days == sorted(days)
    assert {"inspection_record", "filing_approval", "prior_notice", "decision"} <= {e.type for e in found}
