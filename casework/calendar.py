"""Days: working days with the year's holidays and make-up workdays, and how a period is counted out.

The holidays of a year are the setting ``calendar/<year>`` (``off``, ``work``). A year without one is counted
Monday to Friday, and every result that leans on it says so. Whether an end rolls over a holiday is the rule
of the period (docs/decisions/0007-how-periods-end.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from weakref import WeakKeyDictionary

from kb.discretion.result import Step
from kb.errors import BadRecord, BadValue, NotLoaded
from kb.periods import months_after
from kb.records import Setting
from kb.snapshot import Snapshot

Unit = Literal["日", "工作日", "个月", "年", "小时"]
UNITS: tuple[Unit, ...] = ("日", "工作日", "个月", "年", "小时")
ROLLS = "《中华人民共和国民事诉讼法》第八十五条第三款"
FIRST_DAY = "《中华人民共和国民事诉讼法》第八十五条第二款"
FARTHEST = 3660
"""Ten years of days: no period is longer, and a wrong one in a setting must not run on."""

LATEST = date(2999, 12, 31)
"""No period starts after it: its end has to be a day that there is."""

ONE = timedelta(days=1)
YEAR = "calendar/"
NOTHING: tuple[frozenset[date], frozenset[date]] = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, both inclusive; ``end`` None: they still run. ``basis`` says why they don't."""

    start: date
    end: date | None
    reason: str
    basis: str = ""

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Count:
    """A period counted out.

    Attributes:
        start: the day of the event; it is not counted itself.
        last: the last day of the period; None where a pause still runs.
        moment: the very moment, where the unit is hours.
        left: days still to run once the pause ends; only where ``last`` is None.
        steps: how it was counted, with the rule of each step.
        unsure: years whose holidays the answer leans on, and which are not loaded.
    """

    start: date
    last: date | None
    steps: tuple[Step, ...]
    moment: datetime | None = None
    left: int | None = None
    unsure: tuple[int, ...] = ()

    @property
    def warning(self) -> str:
        return unsure_text(self.unsure)


def unsure_text(years: Sequence[int]) -> str:
    """What is said of years without a record, "" where there are none."""
    if not years:
        return ""
    return f"{'、'.join(map(str, years))}年没有节假日安排的记录，按周一至周五推算不作数"


class Calendar:
    """The working days of a base.

    Raises:
        BadRecord: a year's record can't be read.
    """

    def __init__(self, base: Snapshot) -> None:
        self._years: dict[int, tuple[frozenset[date], frozenset[date]]] = {}
        for id in {r.id for r in base.records("setting") if r.id.startswith(YEAR)}:
            year = id.removeprefix(YEAR)
            if len(year) != 4 or not year.isdigit() or year == "0000":
                continue
            with suppress(NotLoaded):  # the newest arrangement of the year stands
                found = base.setting(id, date(int(year), 12, 31))
                self._years[int(year)] = (_days(found, "off"), _days(found, "work"))

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day, by the year's record, else Monday to Friday."""
        off, work = self._years.get(day.year, NOTHING)
        return day in work or (day.weekday() < 5 and day not in off)

    def holidays(self, first: date, last: date) -> tuple[date, ...]:
        """The days between two days, both inclusive, that a year's record gives off."""
        off = (d for year in range(first.year, last.year + 1) for d in self._years.get(year, NOTHING)[0])
        return tuple(sorted(d for d in off if first <= d <= last))

    def workdays_after(self, day: date, n: int, pauses: Sequence[Pause] = ()) -> date:
        """The n-th working day after a day that no pause covers; before it, if n is negative."""
        step = ONE if n > 0 else -ONE
        for _ in range(FARTHEST):
            if not n:
                return day
            day += step
            if self.is_workday(day) and not any(p.covers(day) for p in pauses):
                n += -1 if n > 0 else 1
        raise BadValue("期限超出了能够计算的范围", hint="核对期限的长度和不计算的期间")

    def workday_from(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        return day if self.is_workday(day) else self.workdays_after(day, 1)

    def unsure(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days that have no record."""
        return tuple(y for y in range(first.year, last.year + 1) if y not in self._years)


_CALENDARS: WeakKeyDictionary[Snapshot, Calendar] = WeakKeyDictionary()


def calendar_of(base: Snapshot) -> Calendar:
    """The working days of a snapshot; it never changes, so its years are read once."""
    if base not in _CALENDARS:
        _CALENDARS[base] = Calendar(base)
    return _CALENDARS[base]


def _days(record: Setting, name: str) -> frozenset[date]:
    """The days of ``off`` or ``work``: single days and spans ``2026-02-15..2026-02-23``."""
    listed: Any = record.value.get(name, []) if isinstance(record.value, dict) else None
    days: set[date] = set()
    try:
        for entry in listed:
            first, _, last = str(entry).partition("..")
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
            if end < day or (end - day).days > 60:
                raise ValueError
            days |= {day + ONE * n for n in range((end - day).days + 1)}
    except (TypeError, ValueError):
        raise BadRecord(
            f"节假日安排的 {name} 读不懂",
            where=f"设置 {record.id}",
            hint="写日期的列表，一天写 2026-01-04，连续的写 2026-02-15..2026-02-23",
        ) from None
    return frozenset(days)


# ---------------------------------------------------------------- counting


def count(
    calendar: Calendar,
    start: date | datetime,
    length: int,
    unit: str,
    *,
    rolls: bool,
    first_counts: bool = False,
    pauses: Sequence[Pause] = (),
    basis: str = "",
) -> Count:
    """Count a period out from an event.

    The day of the event is not counted (民事诉讼法 85(2)); hours run from the moment itself. Days of a pause
    do not count. An end on a day off goes to the next working day only where ``rolls`` (民事诉讼法 85(3)).

    Args:
        start: day of the event; a moment where the unit is hours.
        length: how many of the unit; not negative.
        unit: one of `UNITS`.
        rolls: whether the end goes over days off.
        first_counts: whether the day of the event is the first day: for how long something may be held.
        pauses: days that do not count; they may overlap.
        basis: the provision that fixes the length, for the first step.

    Raises:
        BadValue: a length or unit that can't be counted, hours from a mere day.
    """
    if unit not in UNITS or not 0 <= length <= FARTHEST:
        raise BadValue(f"期限“{length}{unit}”不能计算", hint="单位写 " + "、".join(UNITS))
    if start.year > LATEST.year:  # of a day or a moment
        raise BadValue(f"{start:%Y-%m-%d}超出了能够计算的范围", hint="核对起算的日期")
    if unit == "小时":
        return _hours(start, length, basis)
    day = start.date() if isinstance(start, datetime) else start
    first = Step(f"{day}当天不计算在内，从{day + ONE}起算", FIRST_DAY)
    if first_counts:
        first = Step(f"{day}当天计算在内：物品、场所自当天起受限制")
    steps = [Step(f"期限为{length}{unit}", basis), first]
    if unit == "工作日":
        steps.append(Step("按工作日计算，休息日和法定节假日不算，调休上班日算"))
    last, paused = _run(calendar, day - ONE if first_counts else day, length, unit, pauses)
    for pause in paused:
        told = f"{pause.start}至{pause.end}" if pause.end else f"{pause.start}起"
        steps.append(Step(f"{told}{pause.reason}的期间不计算在内", pause.basis))
    if any(p.end is None for p in paused):
        stop = max(day + ONE, min(p.start for p in paused if p.end is None))
        left = (last - stop).days + 1
        steps.append(Step(f"期限现在停止计算，还剩{left}日，恢复之后接着算"))
        return Count(day, None, tuple(steps), left=left)
    ended = calendar.workday_from(last) if rolls else last
    leans = unit == "工作日" or rolls
    steps.append(_ending(last, ended, rolls, unit, calendar))
    unsure = calendar.unsure(day + ONE if unit == "工作日" else last, ended) if leans else ()
    return Count(day, ended, tuple(steps), unsure=unsure)


def _hours(start: date | datetime, length: int, basis: str) -> Count:
    if not isinstance(start, datetime):
        raise BadValue("以小时计算的期限要从时刻起算", hint="写明时刻，如 2026-09-08T09:10")
    end = start + timedelta(hours=length)
    steps = (
        Step(f"期限为{length}小时", basis),
        Step("约束机关的小时期限从该时刻起连续计算，不因休息日和节假日顺延"),
        Step(f"于{end:%Y-%m-%d %H:%M}届满"),
    )
    return Count(start.date(), end.date(), steps, moment=end)


def _run(
    calendar: Calendar, day: date, length: int, unit: str, pauses: Sequence[Pause]
) -> tuple[date, list[Pause]]:
    """The last day before any rolling, and the pauses that fell inside. A running pause ends the count."""
    closed = [p for p in pauses if p.end is not None]
    if unit == "工作日":
        last = calendar.workdays_after(day, length, closed) if length else day
    elif unit == "日":
        last = _past(day, day + ONE * length, closed)
    else:
        last = _past(day, months_after(day, length * (12 if unit == "年" else 1)), closed)
    # a pause that began after the end stops nothing
    return last, sorted((p for p in pauses if p.start <= last and (p.end is None or p.end > day)), key=_begin)


def _begin(pause: Pause) -> date:
    return pause.start


def _past(start: date, last: date, pauses: Sequence[Pause]) -> date:
    """The end moved on by every day a pause covers; moving on may reach into the next pause."""
    if not pauses:
        return last
    day = start
    for _ in range(FARTHEST * 2):
        if day == last:
            return last
        day += ONE
        if any(p.covers(day) for p in pauses):
            last += ONE
    raise BadValue("期限超出了能够计算的范围", hint="核对期限的长度和不计算的期间")


def _ending(last: date, ended: date, rolls: bool, unit: str, calendar: Calendar) -> Step:
    if unit == "工作日":
        return Step(f"于{ended}届满")
    if ended != last:
        return Step(f"最后一日{last}是休息日或者法定节假日，顺延到{ended}届满", ROLLS)
    if calendar.is_workday(last):
        return Step(f"于{last}届满")
    return Step(f"于{last}届满；约束机关的期限不因休息日和节假日顺延")
