"""What is enforced: the act, what it asks, what is unpaid, and the surcharge on it, for own fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from generator.catalogue import document_type
from generator.numbers import number_text
from generator.ownfields import read_own
from generator.subject import Subject, date_text, period
from kb.importing.yaml_files import Lines
from kb.numerals import to_chinese

if TYPE_CHECKING:
    from generator.events import Event

LONGEST = 3700
"""Days over which a surcharge is counted at most, so a slip of a year can't hang."""
ENFORCED = ("decision", "on_the_spot_decision", "correction_order")


def _enforced(subject: Subject) -> Event | None:
    """The act to be enforced: the last decision, else a penalty on the spot, else an order to correct."""
    from generator.events import events  # the time line reads this module

    found = [e for e in events(subject.case) if not e.void]
    for type in ENFORCED:
        if of_type := [e for e in found if e.type == type]:
            return of_type[-1]
    return None


def _act_name(subject: Subject) -> str | None:
    event = _enforced(subject)
    return document_type(event.type).name if event else None


def _act_number(subject: Subject) -> str | None:
    event = _enforced(subject)
    if event is None or event.number is None:
        return None
    return number_text(document_type(event.type), event.number, subject.uses, event.day or subject.day)


def _act_day(subject: Subject) -> date | None:
    event = _enforced(subject)
    return event.day if event else None


def _act_served(subject: Subject) -> date | None:
    event = _enforced(subject)
    return event.served_on if event else None


def _act_duty(subject: Subject) -> str | None:
    """What the act asks of the party: the penalties, or what the order to correct requires."""
    event = _enforced(subject)
    if event and event.type == "correction_order":
        return "；".join(r.rstrip("。；") for r in subject.case.correction_order.requirements) or None
    return _penalty_text(subject)


def _penalty_text(subject: Subject) -> str | None:
    """What the decision imposes on the party, one after the other."""
    from generator.consequences import penalties

    return "；".join(p["text"] for p in penalties(subject)["penalties"]) or None


def _fine(subject: Subject) -> Decimal | None:
    return subject.fine or None


def _unpaid(subject: Subject) -> Decimal | None:
    """The fine less what the party had paid by the paper's day; None where nothing is left."""
    party = subject.case.parties.index(subject.party) + 1
    paid = sum(
        (p.amount for p in subject.case.payments if p.party == party and p.date <= subject.day), Decimal(0)
    )
    return max(subject.fine - paid, Decimal(0)) or None


def _account(subject: Subject) -> str | None:
    """Where a fine is paid (罚款决定与罚款收缴分离实施办法 7); None where there is none."""
    from generator.consequences import payment_terms

    if not subject.fine:
        return None
    bank = payment_terms(subject)[1]
    return (
        f"{bank['name']}（地址：{bank['address']}），收款人：{bank['account_name']}，账号：{bank['account']}"
    )


def _rate(subject: Subject) -> str:
    """百分之三: the surcharge a day (行政处罚法 72(1)(一))."""
    return "百分之" + to_chinese(int(_surcharge(subject)["daily_percent"]))


def _surcharge_start(subject: Subject) -> date | None:
    """The day after the last day to pay (own field ``pay_by``)."""
    by = _written(subject).get("pay_by")
    return by + timedelta(days=1) if by else None


def _per_day(subject: Subject) -> Decimal | None:
    return _part(_base(subject), _surcharge(subject)["daily_percent"])


def _cap(subject: Subject) -> Decimal | None:
    """The most it may come to (行政处罚法 72(1)(一); 行政强制法 45(2))."""
    return _part(_base(subject), _surcharge(subject)["cap_percent"])


def _surcharge_days(subject: Subject) -> Decimal | None:
    """The days that count, up to own field ``surcharge_until`` or the paper's day, itself counted.

    They begin after the last day to pay, as this paper or the last surcharge notice says it, and leave out
    reconsideration and suit (行政处罚法 73(3)). None where none says by when to pay.
    """
    said = _written(subject)
    by, until = said.get("pay_by") or _pay_by(subject), said.get("surcharge_until") or subject.day
    if by is None or not 0 < (until - by).days < LONGEST:
        return None
    party = subject.case.parties.index(subject.party) + 1
    held = [p for p in subject.case.proceedings if p.party == party]
    days = (by + timedelta(days=n) for n in range(1, (until - by).days + 1))
    return Decimal(
        sum(not any(p.accepted <= d and (not p.ended or d <= p.ended) for p in held) for d in days)
    )


def _pay_by(subject: Subject) -> date | None:
    """The last day to pay as the last surcharge notice for the party has it."""
    case, party = subject.case, subject.case.parties.index(subject.party) + 1
    mine = [p for p in case.papers if p.type == "surcharge_notice" and (p.party or 1) == party and not p.void]
    if not mine:
        return None
    found = read_own(mine[-1], Lines("案件"), ("papers", case.papers.index(mine[-1]))).get("pay_by")
    return found if isinstance(found, date) else None


def _surcharge_amount(subject: Subject) -> Decimal | None:
    """The surcharge of the days that count (own field ``surcharge_days``), never above its cap."""
    base, days = _base(subject), _written(subject).get("surcharge_days") or _surcharge_days(subject)
    if base is None or not days or days < 0:
        return None
    rate = _surcharge(subject)
    amount = _part(base * int(days), rate["daily_percent"])
    cap = _part(base, rate["cap_percent"])
    return min(x for x in (amount, cap) if x is not None)


def _held(subject: Subject) -> str | None:
    """The reconsiderations and suits of the party, in which no surcharge is counted (行政处罚法 73(3))."""
    party = subject.case.parties.index(subject.party) + 1
    found = [
        f"{p.kind}自{date_text(p.accepted)}受理"
        + (f"至{date_text(p.ended)}终结" if p.ended else "，尚未终结")
        for p in subject.case.proceedings
        if p.party == party
    ]
    return "；".join(found) + "，期间不予计算" if found else None


def _owed_in_all(subject: Subject) -> Decimal | None:
    """The fine not paid, and the surcharge on it."""
    base = _base(subject)
    return base + (_surcharge_amount(subject) or Decimal(0)) if base is not None else None


def _urge_period(subject: Subject) -> str | None:
    """How long who is urged may still perform by himself (行政强制法 51(1)(二), 54); before the organ's own
    enforcement the law fixes no length."""
    lengths = {"代履行前": "substitute/urge-days", "申请人民法院强制执行前": "court/urge-days"}
    setting = lengths.get(_written(subject).get("purpose", ""))
    return period(subject.uses.setting(setting, subject.day)) if setting else None


def _goods_period(subject: Subject) -> str:
    """How long the goods may stay after the police filed the case (移送规定 12)."""
    return period(subject.uses.setting("crime/goods-days", subject.day))


def _written(subject: Subject) -> dict[str, Any]:
    """The own fields this paper says itself."""
    papers = subject.case.papers
    if subject.paper is None or subject.paper not in papers:
        return {}
    return read_own(subject.paper, Lines("案件"), ("papers", papers.index(subject.paper)))


def _base(subject: Subject) -> Decimal | None:
    """The fine the surcharge is counted on: own field ``due``, else what was not paid."""
    found = _written(subject).get("due")
    return found if isinstance(found, Decimal) else _unpaid(subject)


def _surcharge(subject: Subject) -> dict[str, Any]:
    return dict(subject.uses.setting("payment/surcharge", subject.day).value)


def _part(amount: Decimal | None, percent: Any) -> Decimal | None:
    if amount is None:
        return None
    return (amount * Decimal(str(percent)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


FUNCTIONS: dict[str, Callable[[Subject], Any]] = {
    "act/name": _act_name,
    "act/number": _act_number,
    "act/day": _act_day,
    "act/served": _act_served,
    "act/duty": _act_duty,
    "penalty/text": _penalty_text,
    "fine/total": _fine,
    "fine/unpaid": _unpaid,
    "payment/account": _account,
    "surcharge/rate": _rate,
    "surcharge/start": _surcharge_start,
    "surcharge/per-day": _per_day,
    "surcharge/cap": _cap,
    "surcharge/days": _surcharge_days,
    "surcharge/amount": _surcharge_amount,
    "surcharge/held": _held,
    "surcharge/total": _owed_in_all,
    "crime/goods-period": _goods_period,
    "urge/period": _urge_period,
}
"""What ``default`` and ``computed`` of an own field may name, besides those of `computed`."""
