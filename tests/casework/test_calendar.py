"""Counting days: a table anyone may add a row to. Holidays of 2026 are those of the shipped record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import Calendar, Pause, calendar_of, count
from kb.errors import BadRecord, BadValue
from kb.records import Setting, Source
from kb.snapshot import Snapshot


@pytest.fixture(scope="module")
def calendar(agency: Snapshot) -> Calendar:
    return calendar_of(agency)


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(first: str, last: str | None) -> Pause:
    return Pause(day(first), day(last) if last else None, "检测")


# start, length, unit, whether the end rolls, last day
COUNTED = [
    # calendar days: the first is not counted, and an end on a day off rolls or not by the rule
    ("2026-11-02", 15, "日", True, "2026-11-17"),
    ("2026-11-06", 15, "日", True, "2026-11-23"),  # a Saturday
    ("2026-11-06", 15, "日", False, "2026-11-21"),
    ("2026-09-16", 15, "日", True, "2026-10-08"),  # 1 October to 7 October are off
    ("2026-09-16", 15, "日", False, "2026-10-01"),
    ("2026-01-30", 15, "日", True, "2026-02-14"),  # a Saturday on which offices work
    ("2026-01-31", 15, "日", True, "2026-02-24"),  # the first day of the Spring Festival
    ("2026-08-23", 30, "日", False, "2026-09-22"),
    ("2026-09-05", 15, "日", True, "2026-09-20"),  # a Sunday on which offices work
    # working days: days off do not count, make-up workdays do
    ("2026-09-24", 7, "工作日", False, "2026-10-12"),
    ("2026-09-21", 3, "工作日", False, "2026-09-24"),
    ("2026-02-12", 2, "工作日", False, "2026-02-14"),
    ("2026-02-13", 7, "工作日", False, "2026-03-02"),  # 14 and 28 February are worked
    ("2026-04-30", 5, "工作日", False, "2026-05-11"),  # 9 May is worked
    ("2026-10-01", 2, "工作日", False, "2026-10-09"),  # begins inside a holiday
    ("2026-11-20", 10, "工作日", False, "2026-12-04"),
    # months and years end on the day of the same number, or the last there is
    ("2026-03-31", 6, "个月", False, "2026-09-30"),
    ("2026-04-30", 6, "个月", True, "2026-10-30"),
    ("2025-08-31", 6, "个月", True, "2026-02-28"),  # 28 February 2026 is worked
    ("2026-04-01", 6, "个月", True, "2026-10-08"),
    ("2026-05-31", 3, "个月", True, "2026-08-31"),
    ("2026-07-07", 3, "个月", False, "2026-10-07"),
    ("2024-02-29", 2, "年", False, "2026-02-28"),
    ("2021-06-01", 5, "年", False, "2026-06-01"),
    ("2026-11-02", 0, "日", True, "2026-11-02"),
]


@pytest.mark.parametrize(("start", "length", "unit", "rolls", "last"), COUNTED)
def test_a_period_ends(
    calendar: Calendar, start: str, length: int, unit: str, rolls: bool, last: str
) -> None:
    found = count(calendar, day(start), length, unit, rolls=rolls)
    assert found.last == day(last)
    assert found.unsure == ()
    assert "届满" in found.steps[-1].text


# start, length, unit, pauses, last day
PAUSED = [
    ("2026-09-01", 30, "日", [pause("2026-09-10", "2026-09-14")], "2026-10-06"),
    (
        "2026-09-01",
        30,
        "日",
        [pause("2026-09-10", "2026-09-14"), pause("2026-09-12", "2026-09-16")],
        "2026-10-08",
    ),
    (
        "2026-09-01",
        30,
        "日",
        [pause("2026-09-30", "2026-10-02"), pause("2026-10-03", "2026-10-05")],
        "2026-10-07",
    ),
    ("2026-09-01", 30, "日", [pause("2026-08-20", "2026-09-03")], "2026-10-03"),  # began before
    ("2026-09-01", 30, "日", [pause("2026-10-02", "2026-10-09")], "2026-10-01"),  # after the end
    ("2026-09-01", 30, "日", [pause("2026-10-02", None)], "2026-10-01"),
    ("2026-09-01", 7, "工作日", [pause("2026-09-03", "2026-09-06")], "2026-09-14"),
    ("2026-03-31", 6, "个月", [pause("2026-05-01", "2026-05-10")], "2026-10-10"),
]


@pytest.mark.parametrize(("start", "length", "unit", "pauses", "last"), PAUSED)
def test_paused_days_do_not_count(
    calendar: Calendar, start: str, length: int, unit: str, pauses: list[Pause], last: str
) -> None:
    assert count(calendar, day(start), length, unit, rolls=False, pauses=pauses).last == day(last)


def test_a_running_pause_leaves_the_end_open(calendar: Calendar) -> None:
    found = count(calendar, day("2026-09-01"), 30, "日", rolls=False, pauses=[pause("2026-09-11", None)])
    assert (found.last, found.left) == (None, 21)
    assert "还剩21日" in found.steps[-1].text


def test_hours_run_from_the_moment_through_holidays(calendar: Calendar) -> None:
    found = count(calendar, datetime(2026, 10, 1, 9, 10), 24, "小时", rolls=False)
    assert found.moment == datetime(2026, 10, 2, 9, 10)


@pytest.mark.parametrize(
    ("start", "length", "unit", "rolls", "unsure"),
    [
        ("2027-03-01", 15, "日", True, (2027,)),
        ("2027-03-01", 15, "日", False, ()),  # no holiday matters
        ("2026-12-28", 5, "工作日", False, (2027,)),
        ("2025-12-29", 400, "日", True, (2027,)),
    ],
)
def test_a_year_without_a_record_is_said(
    calendar: Calendar, start: str, length: int, unit: str, rolls: bool, unsure: tuple[int, ...]
) -> None:
    found = count(calendar, day(start), length, unit, rolls=rolls)
    assert found.unsure == unsure
    assert found.warning == ("2027年没有节假日安排的记录，按周一至周五推算不作数" if unsure else "")


@pytest.mark.parametrize(
    ("start", "length", "unit"),
    [
        (day("2026-01-01"), 3, "周"),
        (day("2026-01-01"), -1, "日"),
        (day("2026-01-01"), 24, "小时"),
        (day("9999-12-31"), 15, "日"),
    ],
)
def test_what_cannot_be_counted_is_refused(calendar: Calendar, start: date, length: int, unit: str) -> None:
    with pytest.raises(BadValue):
        count(calendar, start, length, unit, rolls=False)


@pytest.mark.parametrize(
    "value", ["2026-01-01", {"off": ["元旦"]}, {"off": ["2026-03-01..2026-01-01"]}, {"off": 3}]
)
def test_an_unreadable_calendar_is_named(value: object) -> None:
    record = Setting(id="calendar/2026", label="历", value=value, source=Source(instrument="通知"))
    with pytest.raises(BadRecord, match="calendar/2026"):
        Calendar(Snapshot.of([record])).is_workday(day("2026-03-02"))


def test_a_later_arrangement_of_the_year_stands(agency: Snapshot) -> None:
    """The State Council may change a year's arrangement while it runs: the newest record counts."""
    first = Setting(
        id="calendar/2030", label="历", value={"off": ["2030-05-01"]}, source=Source(instrument="甲")
    )
    later = Setting.model_validate(
        {"id": "calendar/2030", "label": "历", "from": day("2030-04-01"), "source": {"instrument": "乙"}}
        | {"value": {"off": ["2030-05-01..2030-05-03"]}}
    )
    assert not Calendar(Snapshot.of([first, later])).is_workday(day("2030-05-03"))


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@given(DAYS, st.integers(1, 15))
def test_working_days_go_back_where_they_came_from(agency: Snapshot, start: date, n: int) -> None:
    calendar = calendar_of(agency)
    last = calendar.workdays_after(start, n)
    assert calendar.is_workday(last)
    between = [start + timedelta(days=d) for d in range(1, (last - start).days + 1)]
    assert sum(map(calendar.is_workday, between)) == n
    assert calendar.workdays_after(last + timedelta(days=1), -n) > start


@given(DAYS, st.integers(1, 60), st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=4))
def test_exactly_the_days_outside_pauses_count(
    agency: Snapshot, start: date, n: int, spans: list[tuple[date, int]]
) -> None:
    pauses = [Pause(first, first + timedelta(days=length), "检测") for first, length in spans]
    last = count(calendar_of(agency), start, n, "日", rolls=False, pauses=pauses).last
    assert last is not None
    run = [start + timedelta(days=d) for d in range(1, (last - start).days + 1)]
    assert sum(not any(p.covers(d) for p in pauses) for d in run) == n


def test_a_pause_that_runs_since_before_the_start_stops_all_of_it(calendar: Calendar) -> None:
    found = count(calendar, day("2026-09-01"), 30, "日", rolls=False, pauses=[pause("2026-08-11", None)])
    assert (found.last, found.left) == (None, 30)
