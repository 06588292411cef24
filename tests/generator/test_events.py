"""The time line of a case: every paper once, in the order of its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.casefile import case_from, load_case
from generator.events import events, served_paper
from kb.errors import BadRecord, CailiangError

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
URGE = {"type": "urge_letter", "served": {"at": "2026-07-09"}, "values": {"purpose": "代履行前"}}


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
            {"notice": {"number": 1, "date": date(2026, 8, 1), "served": {"at": date(2026, 8, 2)}}},
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
                "correction_order": {
                    "number": 2,
                    "date": date(2026, 7, 4),
                    "served": {"at": "2026-07-05 09:00"},
                }
            },
            [("correction_order", "2026-07-04", "2026-07-05")],
        ),
        ({"decision": {"served": {"place": "店内"}}}, [("decision", "None", "None")]),
        (
            {"on_the_spot": {"time": "2026-07-01 10:00", "served": {"at": "2026-07-02", "mode": "邮寄送达"}}},
            [("on_the_spot_decision", "2026-07-01", "2026-07-02")],
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


@pytest.mark.parametrize(
    ("papers", "which", "name", "said"),
    [
        ([SEIZURE], "", "seizure_decision", ""),
        ([SEIZURE], "seizure_decision", "seizure_decision", ""),
        ([SEIZURE | {"key": "a"}], "a", "a", ""),
        ([SEIZURE | {"key": "a"}], "查封（扣押）决定书", "a", ""),
        ([SEIZURE | {"key": "a"}], "urge_letter", "", "没有 key 是“urge_letter”的文书.*可用的有：a"),
        ([SEIZURE | {"key": k} for k in "ab"], "seizure_decision", "", "有2份“seizure_decision”.*：a、b"),
        ([SEIZURE | {"key": "a"}, URGE | {"key": "b"}], "", "", "送达了2份文书.*--paper.*：a、b"),
        ([SEIZURE | {"key": "a"}, URGE | {"key": "b"}], "b", "b", ""),
        ([SEIZURE | {"key": "a", "void": "错"}, URGE | {"key": "b"}], "", "b", ""),
        ([SEIZURE, SEIZURE], "seizure_decision", "", "有2份“seizure_decision”.*给每一份写上 key"),
        ([RECORD], "", "", "没有写送达的文书.*served: {at: "),
        ([RECORD], "first", "first", ""),
    ],
)
def test_a_receipt_is_of_one_paper(papers: list[dict[str, Any]], which: str, name: str, said: str) -> None:
    case = case_from(BASE | {"papers": papers})
    if not said:
        assert served_paper(case, which).name == name
        return
    with pytest.raises(CailiangError, match=said) as caught:
        served_paper(case, which)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (
            {"service": {"document": "行政处罚决定书"}},
            "没有“service”这个字段.*送达写在所送达的文书里.*decision",
        ),
        ({"notice": {"served_on": date(2026, 8, 2)}}, "没有“notice served_on”这个字段.*notice 下写 served"),
        ({"papers": [{"type": "service_receipt"}]}, "《送达回证》不写在 papers 里.*所送达的文书的 served"),
        ({"papers": [RECORD | {"key": "decision"}]}, "key 不能是“decision”，它指的是《行政处罚决定书》"),
        ({"decision": {"served": {"at": "昨天"}}}, "写成了“昨天”.*日期"),
    ],
)
def test_service_is_written_in_one_place(says: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRecord, match=said) as caught:
        case_from(BASE | says)
    assert "\n" not in str(caught.value)


def test_the_full_course_is_in_order(root: Path) -> None:
    found = events(load_case(root / "examples" / "cases" / "full-course.yaml"))
    days = [e.day for e in found if e.day]
    assert days == sorted(days)
    assert {"inspection_record", "filing_approval", "prior_notice", "decision"} <= {e.type for e in found}
