"""What is due in a case: the example cases with a fact changed, row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from casework.due import standing
from casework.duedates import dues, dues_of
from casework.ics import to_ics
from generator.casefile import case_from
from kb.records import Setting, Source
from kb.snapshot import Snapshot

Body = Callable[..., dict[str, Any]]


def at(text: str) -> date:
    return date.fromisoformat(text)


FOOD, CHECK = "unlicensed-food", "no-purchase-check"
SERVED = {"decision__served__at": datetime(2026, 11, 4, 10, 0)}
PAID = {**SERVED, "payments": [{"date": at("2026-11-18"), "amount": 50000}]}
SUED = {**SERVED, "proceedings": [{"kind": "行政诉讼", "accepted": at("2026-11-20")}]}
HEARD = {
    **SERVED,
    "proceedings": [{"kind": "行政复议", "accepted": at("2026-11-09"), "ended": at("2026-12-01")}],
}
CASH = {
    "on_the_spot__payment": "当场收缴",
    "on_the_spot__payment_ground": "68(一)",
    "payments": [{"date": at("2026-10-16"), "amount": 50, "banked": at("2026-10-22")}],
}

# case, what is changed, name of the row, its day, when it was done, how it stands on 2026-11-23
ROWS: list[tuple[str, dict[str, Any], str, str | None, str | None, str]] = [
    (FOOD, {}, "decision", "2026-12-08", "2026-11-02", "已办"),
    (FOOD, {"filed": at("2026-08-01")}, "decision", "2026-10-30", "2026-11-02", "逾期办理"),
    (FOOD, {"decision": {}}, "decision", "2026-12-08", None, "待办"),
    (FOOD, {}, "hearing_request", "2026-10-16", None, "届满"),
    (FOOD, {}, "service", "2026-11-11", None, "逾期"),
    (FOOD, SERVED, "service", "2026-11-11", "2026-11-04", "已办"),
    (FOOD, {}, "limitation", "2028-09-08", "2026-09-08", "已办"),
    (FOOD, {}, "major_report", "2026-12-02", None, "待办"),
    (FOOD, SERVED, "payment", "2026-11-19", None, "届满"),
    (FOOD, PAID, "payment", "2026-11-19", "2026-11-18", "已办"),
    (FOOD, SERVED, "surcharge", "2026-11-20", None, "可以办理"),
    (FOOD, SERVED, "enforcement", "2026-12-20", None, "未到"),
    (FOOD, SERVED, "reconsideration", "2027-01-04", None, "未届满"),
    (FOOD, SERVED, "suit", "2027-05-04", None, "未届满"),
    (FOOD, SERVED, "court", "2027-08-04", None, "待办"),
    (FOOD, HEARD, "suit_after_reconsideration", "2026-12-16", None, "未届满"),
    (FOOD, HEARD, "reconsideration", "2027-01-04", "2026-11-09", "已办"),
    (FOOD, HEARD, "court", "2027-03-16", None, "待办"),  # from the end of the fifteen days
    (CHECK, CASH, "cash_to_organ", "2026-10-19", "2026-10-16", "已办"),
    (CHECK, CASH, "cash_to_bank", "2026-10-20", "2026-10-22", "逾期办理"),
    (CHECK, {}, "reconsideration", "2026-12-14", None, "未届满"),
]


@pytest.mark.parametrize(("name", "changes", "row", "day", "done", "state"), ROWS)
def test_a_row_of_a_case(
    agency: Snapshot,
    body: Body,
    name: str,
    changes: dict[str, Any],
    row: str,
    day: str | None,
    done: str | None,
    state: str,
) -> None:
    found = [d for d in dues(case_from(body(name, **changes)), agency) if d.name == row]
    assert len(found) == 1
    due = found[0]
    assert (due.day and due.day.isoformat(), due.done_on and due.done_on.isoformat()) == (day, done)
    assert due.state(at("2026-11-23")) == state
    assert due.basis
    assert due.steps


# case, what is changed, rows that must not be there
ABSENT = [
    (FOOD, PAID, {"surcharge", "enforcement", "court"}),
    (FOOD, SUED, {"court"}),
    (CHECK, {}, {"suit", "hearing_request", "decision"}),  # reconsideration comes first
    ("noise-first-time", {}, {"payment", "hearing_request", "major_report"}),
]


SCALE = "《中华人民共和国计量法》第二十七条"
PRICE = "《价格违法行为行政处罚规定》第七条"
# the penalty rests on, name of the row, its day where the decision was served on 2026-11-04, its basis
SUITS = [
    (SCALE, "suit", "2026-11-19", "《中华人民共和国计量法》第三十一条"),
    (SCALE, "reconsideration", "2027-01-04", "《中华人民共和国行政复议法》第二十条第一款"),
    (SCALE, "court", "2027-04-04", ""),  # once the sixty days are over too
    (PRICE, "suit", None, ""),  # reconsideration comes first
    (PRICE, "court", "2027-04-04", ""),
]


@pytest.mark.parametrize(("basis", "name", "day", "said"), SUITS)
def test_a_law_may_have_its_own_way_to_the_court(
    agency: Snapshot, body: Body, basis: str, name: str, day: str | None, said: str
) -> None:
    changed = body(FOOD, **SERVED)
    for violation in changed["violations"]:
        violation["penalty_basis"] = [basis]
    found = {d.name: d for d in dues(case_from(changed), agency)}
    assert (str(found[name].day) if name in found else None) == day
    assert not said or said in found[name].basis


@pytest.mark.parametrize(("name", "changes", "absent"), ABSENT)
def test_what_is_not_due_is_not_listed(
    agency: Snapshot, body: Body, name: str, changes: dict[str, Any], absent: set[str]
) -> None:
    assert not {d.name for d in dues(case_from(body(name, **changes)), agency)} & absent


def test_days_left_run_down(agency: Snapshot, body: Body) -> None:
    due = next(d for d in dues(case_from(body(FOOD, decision={})), agency) if d.name == "decision")
    assert [due.left(at(day)) for day in ("2026-12-01", "2026-12-08", "2026-12-10")] == [7, 0, -2]
    done = next(d for d in dues(case_from(body(FOOD)), agency) if d.name == "decision")
    assert done.left(at("2026-12-01")) is None


def test_a_suit_is_said_with_the_surcharge(agency: Snapshot, body: Body) -> None:
    due = next(d for d in dues(case_from(body(FOOD, **SUED)), agency) if d.name == "surcharge")
    assert "《中华人民共和国行政处罚法》第七十三条第三款" in [s.citation for s in due.steps]


def test_several_cases_are_one_list(agency: Snapshot, body: Body) -> None:
    both = dues_of([case_from(body(FOOD)), case_from(body("noise-hailing"))], agency)
    assert {d.case for d in both} == {"demo/unlicensed-food", "demo/noise-hailing"}
    assert [d.day for d in both if d.day] == sorted(d.day for d in both if d.day)


def test_what_the_organ_owes_whatever_the_case(agency: Snapshot) -> None:
    rows = [(d.name, d.day) for d in standing(agency, at("2026-11-23"))]
    assert rows == [("report_quarter", at("2026-12-31")), ("report_year", at("2027-01-31"))]
    assert standing(agency, at("2027-01-31"))[0].day == at("2027-01-31")
    assert standing(agency, at("2027-02-01"))[0].day == at("2027-03-31")
    assert standing(Snapshot.of(), at("2026-11-23")) == ()
    assert "南政办内传〔2021〕36号" in standing(agency, at("2026-11-23"))[0].basis[0]


def test_without_lengths_there_is_no_guess(body: Body) -> None:
    case = case_from(body(FOOD))
    record = Setting(id="service/days", label="送达", value=7, unit="日", source=Source(instrument="甲"))
    found = [d.name for d in dues(case, Snapshot.of([record]))]
    assert found == ["service"]


STAMP = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def test_a_calendar_file_has_the_open_dates(agency: Snapshot, body: Body) -> None:
    from icalendar import Calendar

    listed = dues(case_from(body(FOOD, **SERVED)), agency)
    made = to_ics(listed, STAMP)
    read = Calendar.from_ical(made)
    events = list(read.walk("VEVENT"))
    open_ones = [d for d in listed if d.day and not d.done_on]
    assert [e["dtstart"].dt for e in events] == [d.day for d in open_ones]
    assert len({str(e["uid"]) for e in events}) == len(events)
    payment = next(e for e in events if "缴纳罚款" in e["summary"])
    assert "第六十七条第三款" in payment["description"]
    assert made == to_ics(listed, STAMP)
