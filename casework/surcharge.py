"""The surcharge on a fine not paid in time: 加处罚款 (行政处罚法 72(1)(一), 73(3); 行政强制法 45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from casework.calendar import FARTHEST, LATEST, ONE, Pause
from kb.discretion.result import Step
from kb.errors import BadRecord, BadValue
from kb.numerals import plain
from kb.records import Setting
from kb.snapshot import Snapshot

SUSPENDED = "《中华人民共和国行政处罚法》第七十三条第三款"
CAPPED = "《中华人民共和国行政强制法》第四十五条第二款"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is owed on top of a fine up to a day.

    Attributes:
        fine: what was not paid, in yuan.
        first: the first day that counts: the day after the last day to pay.
        until: the last day looked at, itself counted.
        days: how many days count.
        suspended: days of reconsideration or suit between, which don't.
        per_day: yuan a day.
        amount: yuan owed, never more than ``cap``.
        capped_on: the first day on which the cap is reached, where that is by ``until``.
    """

    fine: Decimal
    first: date
    until: date
    days: int
    suspended: int
    per_day: Decimal
    amount: Decimal
    cap: Decimal
    capped_on: date | None
    steps: tuple[Step, ...]

    @property
    def total(self) -> Decimal:
        """The fine and the surcharge."""
        return self.fine + self.amount

    def to_dict(self) -> dict[str, Any]:
        return {
            "fine": plain(self.fine),
            "first": self.first.isoformat(),
            "until": self.until.isoformat(),
            "days": self.days,
            "suspended": self.suspended,
            "per_day": plain(self.per_day),
            "amount": plain(self.amount),
            "cap": plain(self.cap),
            "total": plain(self.total),
            "capped_on": self.capped_on.isoformat() if self.capped_on else None,
            "steps": [s.to_dict() for s in self.steps],
        }


def surcharge(
    base: Snapshot, fine: Decimal, pay_by: date, until: date, suspended: Sequence[Pause] = ()
) -> Surcharge:
    """The surcharge on a fine up to a day.

    Args:
        base: holds the setting ``payment/surcharge`` (``daily_percent``, ``cap_percent``).
        fine: yuan not paid.
        pay_by: the last day to pay, the end of a deferral where one was granted.
        until: the day of payment, or the day of the question; it counts.
        suspended: reconsideration and suit; a running one has no end.

    Raises:
        NotLoaded: no rate is loaded for that day.
        BadRecord: the setting has no rate or cap.
        BadValue: the fine is not an amount above zero, or the days lie ten years apart.
    """
    if fine <= 0:
        raise BadValue(f"罚款{fine}元不能计算加处罚款", hint="写没有缴纳的罚款数额")
    if (until - pay_by).days > FARTHEST or pay_by > LATEST:
        raise BadValue(f"从{pay_by}到{until}超出了能够计算的范围", hint="核对两个日期")
    rate = base.setting("payment/surcharge", pay_by)
    daily, cap_percent = _percent(rate, "daily_percent"), _percent(rate, "cap_percent")
    per_day = (fine * daily / 100).quantize(CENT, ROUND_HALF_UP)
    cap = (fine * cap_percent / 100).quantize(CENT, ROUND_HALF_UP)
    first = pay_by + ONE
    days = held = 0
    capped_on = None
    for n in range(max((until - pay_by).days, 0)):
        day = first + ONE * n
        if any(p.covers(day) for p in suspended):
            held += 1
            continue
        days += 1
        if capped_on is None and fine * daily * days / 100 >= cap:
            capped_on = day
    amount = min((fine * daily * days / 100).quantize(CENT, ROUND_HALF_UP), cap)
    said = "、".join(rate.basis)
    steps = [
        Step(f"应当于{pay_by}前缴清，自{first}起加处罚款", said),
        Step(f"每日{plain(daily)}%，即每日{plain(per_day)}元", said),
    ]
    if held:
        steps.append(Step(f"行政复议、行政诉讼期间的{held}日不予计算", SUSPENDED))
    steps.append(Step(f"至{until}共计算{days}日，{plain(fine)}元×{plain(daily)}%×{days}"))
    if capped_on:
        steps.append(Step(f"{capped_on}起达到上限{plain(cap)}元，不再增加", CAPPED))
    return Surcharge(fine, first, until, days, held, per_day, amount, cap, capped_on, tuple(steps))


def partly_paid(found: Surcharge, fine: Decimal, paid: Decimal, late: Decimal) -> Surcharge:
    """The same, saying that it is counted on the rest of the fine.

    Args:
        fine: the whole fine; ``paid``: what was paid of it; ``late``: what of that came after the last day to
            pay, on which days before it might have counted: no statute says how, so it is told, not added.
    """
    rest = f"罚款{plain(fine)}元，已缴{plain(paid)}元，按没有缴纳的{plain(found.fine)}元计算"
    steps = [Step(rest), *found.steps]
    if late > 0:
        steps.append(
            Step(f"其中{plain(late)}元是逾期以后缴的：缴纳以前的各日要不要计入，由本机关决定，这里没有计入")
        )
    return replace(found, steps=tuple(steps))


def _percent(rate: Setting, name: str) -> Decimal:
    value = rate.value.get(name) if isinstance(rate.value, dict) else None
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        found = Decimal(0)
    if not found.is_finite() or found <= 0:
        raise BadRecord(
            f"加处罚款的{name}不是大于零的数", where=f"设置 {rate.id}", hint="写百分数，如 daily_percent: 3"
        )
    return found
