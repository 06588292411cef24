"""One officer in the records of two cases at once: found by certificate, whatever state the cases are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casework.office.clashes import clashes
from tests.casework.conftest import Office

Body = Callable[..., dict[str, Any]]
FOOD = "unlicensed-food"
ZHANG, LI = {"name": "示例张", "certificate": "1"}, {"name": "示例李", "certificate": "2"}


def record(start: str, end: str, **more: Any) -> dict[str, Any]:
    times = {"started": f"2026-09-08 {start}", "finished": f"2026-09-08 {end}"}
    return {"type": "inspection_record", "values": times} | more


NINE = record("09:00", "10:00")
ROWS: list[tuple[str, list[dict[str, Any]], dict[str, Any], list[str]]] = [
    # what, officers of the second case, its record; who is in both
    ("the same two", [ZHANG, LI], record("09:59", "10:30"), ["示例张", "示例李"]),
    ("one after the other", [ZHANG, LI], record("10:00", "10:30"), []),
    ("one of them", [ZHANG, {"name": "示例王", "certificate": "3"}], record("08:00", "12:00"), ["示例张"]),
    ("a namesake", [{"name": "示例张", "certificate": "9"}], record("09:00", "10:00"), []),
    ("named by the paper", [ZHANG, LI], record("09:30", "10:00", officers=["示例李"]), ["示例李"]),
    ("void", [ZHANG, LI], record("09:30", "10:00", void="写坏"), []),
    ("another day", [ZHANG, LI], {**NINE, "values": {"started": "昨天", "finished": 3}}, []),
    ("no record", [ZHANG, LI], {**NINE, "type": "evidence_sheet"}, []),
    ("spoiled", [ZHANG, LI], record("09:30", "10:00", officers=7), ["示例张", "示例李"]),
]


@pytest.mark.parametrize(("officers", "paper", "who"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_who_is_in_two_cases_at_once(
    office: Office, body: Body, officers: list[dict[str, Any]], paper: dict[str, Any], who: list[str]
) -> None:
    office.create(body(FOOD, id="one", officers=[ZHANG, LI], papers=[NINE]))
    office.create(body(FOOD, id="two", officers=officers, papers=[paper]))
    found = clashes(office.cases.store, [])
    assert sorted(c.officer for c in found) == sorted(who)
    assert all({r.case for r in c.records} == {"one", "two"} for c in found)


def test_within_one_case_it_is_a_gate(office: Office, body: Body) -> None:
    office.create(body(FOOD, officers=[ZHANG, LI], papers=[NINE, record("09:30", "10:30")]))
    assert clashes(office.cases.store, []) == []
