"""One date of a case and how it stands; and what the organ owes whatever the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from casework.calendar import ONE
from casework.unread import Unread
from kb.discretion.result import Step
from kb.errors import BadRecord, NotLoaded
from kb.snapshot import Snapshot

State = Literal["已办", "逾期办理", "逾期", "待办", "届满", "未届满", "暂停", "未到", "可以办理"]


@dataclass(frozen=True, slots=True)
class Due:
    """One date of a case.

    Attributes:
        case: the case's id; empty for what the whole organ owes.
        name: of the rule.
        label: what is due.
        paper: the paper that started it, its Chinese name; empty where none did.
        key: that paper's key in the case.
        party: which party, from 1; None: all or none.
        sense: 至迟 (by that day), 最早 (not before it), 起算 (from that day on), 届满 (it runs by itself).
        binds: whose period it is.
        start: the event.
        day: the day that matters; None while a pause runs.
        moment: the very moment, where hours count.
        done_on: when it was done.
        basis: what fixes it.
        steps: how it was counted.
        warning: what the date leans on and isn't sure.
    """

    case: str
    name: str
    label: str
    paper: str
    key: str
    party: int | None
    sense: str
    binds: str
    start: date
    day: date | None
    done_on: date | None
    basis: tuple[str, ...]
    steps: tuple[Step, ...]
    moment: datetime | None = None
    warning: str = ""

    def left(self, on: date) -> int | None:
        """Days left on a day, negative once it is over; None where it is done or stands still."""
        return (self.day - on).days if self.day and not self.done_on else None

    def state(self, on: date) -> State:
        """How it stands on a day."""
        if self.done_on:
            late = self.sense == "至迟" and self.day is not None and self.done_on > self.day
            return "逾期办理" if late else "已办"
        if self.day is None:
            return "暂停"
        if self.binds == "当事人" or self.sense == "届满":
            return "届满" if on > self.day else "未届满"
        if self.sense == "至迟":
            return "逾期" if on > self.day else "待办"
        return "可以办理" if on >= self.day else "未到"

    def to_dict(self, on: date) -> dict[str, Any]:
        return {
            "case": self.case,
            "name": self.name,
            "label": self.label,
            "paper": self.paper,
            "key": self.key,
            "party": self.party,
            "sense": self.sense,
            "binds": self.binds,
            "start": self.start.isoformat(),
            "day": self.day.isoformat() if self.day else None,
            "moment": self.moment.isoformat(timespec="minutes") if self.moment else None,
            "left": self.left(on),
            "state": self.state(on),
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "basis": list(self.basis),
            "steps": [s.to_dict() for s in self.steps],
            "warning": self.warning,
        }


def missing(case: Unread, on: date) -> Due:
    """What a calendar shows in the place of a case whose days can't be counted."""
    label = f"案件 {case.case} 读不出来，它的期限没有列入"
    steps = (Step(str(case), ""),)
    return Due(case.case, "unread", label, "", "", None, "至迟", "机关", on, on, None, (), steps)


# ---------------------------------------------------------------- what the organ owes whatever the case


def standing(base: Snapshot, on: date) -> tuple[Due, ...]:
    """The next quarterly catalogue and yearly figures on a day, where a local notice asks for them."""
    found = []
    quarter = _setting_due(base, "report/quarter", "报送本季度的执法案卷目录", on, _quarter_end(on))
    if quarter:
        found.append(quarter)
    next_one = _year_day(base, on)
    if next_one:
        label = f"公开{next_one.year - 1}年度行政执法总体情况"
        yearly = _setting_due(base, "report/year", label, on, next_one)
        found += [yearly] if yearly else []
    return tuple(sorted(found, key=lambda d: d.day or date.max))


def _year_day(base: Snapshot, on: date) -> date | None:
    try:
        record = base.setting("report/year", on)
    except NotLoaded:
        return None
    try:
        this = date.fromisoformat(f"{on.year}-{record.value}")
        return this if on <= this else this.replace(year=on.year + 1)
    except ValueError:
        hint = "写月和日，如 01-31"
        raise BadRecord(f"“{record.value}”不是一年里的一天", where="设置 report/year", hint=hint) from None


def _quarter_end(on: date) -> date:
    month = (on.month + 2) // 3 * 3
    return date(on.year + (month == 12), month % 12 + 1, 1) - ONE


def _setting_due(base: Snapshot, id: str, label: str, on: date, day: date) -> Due | None:
    try:
        record = base.setting(id, on)
    except NotLoaded:
        return None
    number = f"（{record.source.number}）" if record.source.number else ""
    source = record.source.instrument + number
    name = id.replace("/", "_")
    steps = (Step(label, source),)
    return Due("", name, label, "", "", None, "至迟", "机关", on, day, None, (source,), steps)
