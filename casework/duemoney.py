"""What runs from a decision that was received: remedies, payment, the surcharge, and ways to enforce."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

from casework.calendar import ONE
from casework.deadlines import term
from casework.due import Due
from casework.dueline import Line
from casework.pauses import deferred_to, proceedings
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.events import Event
from generator.suing import MONTHS, applied_to, reconsidered_first, suit_period
from kb.discretion.result import Step
from kb.errors import NotLoaded
from kb.records import Setting
from kb.snapshot import Snapshot

DECISIONS = ("decision", "no_penalty_decision", "unproven_decision")
APPEALABLE = (
    *DECISIONS,
    "on_the_spot_decision",
    "correction_order",
    "seizure_decision",
    "seizure_extension",
    "seizure_release",
    "decision_change",
    "enforcement_decision",
    "substitute_decision",
    "immediate_substitute",
)


def remedies(line: Line) -> Iterator[Due]:
    """Reconsideration and suit against what was served, as the law of the case leaves them open."""
    for event in line.of(*APPEALABLE):
        if event.served_on is None:
            continue
        used = (
            [p for p in line.case.proceedings if event.party in (None, p.party)]
            if (event.type in (*DECISIONS, "on_the_spot_decision"))
            else []
        )
        first = {kind: min((p.accepted for p in used if p.kind == kind), default=None) for kind in _KINDS}
        yield from line.due("reconsideration", event.served_on, event, first["行政复议"])
        ended = [p.ended for p in used if p.kind == "行政复议" and p.ended]
        if ended:
            yield from line.due("suit_after_reconsideration", max(ended), event, first["行政诉讼"])
            continue
        with suppress(NotLoaded):
            if length := direct_suit(line.case, line.base, event, event.party):
                yield from line.due("suit", event.served_on, event, first["行政诉讼"], length=length)


def direct_suit(case: CaseFile, base: Snapshot, event: Event, party: int | None) -> Setting | None:
    """The period to sue at once; None where reconsideration comes first (行政复议法 23).

    Raises:
        NotLoaded: no period is loaded for that day.
    """
    if event.type == "on_the_spot_decision":
        return None
    day = event.day or date.max
    applied = applied_to(case, base, party, day)
    if event.type == "decision" and (case.remedies.first or reconsidered_first(base, applied, day)):
        return None
    return suit_period(base, event.type, applied, day)


_KINDS = ("行政复议", "行政诉讼")


def money(line: Line) -> Iterator[Due]:
    """Payment, the start of the surcharge, and the ways to enforce, party by party."""
    for event in line.of("decision", "on_the_spot_decision"):
        for party in _parties(line, event):
            owed = fine_of(line.case, party)
            if event.served_on is None or not owed:
                continue
            paid = paid_on(line.case, party, owed)
            for due in line.due("payment", event.served_on, event, paid, party=party):
                yield _deferred(due, deferred_to(line.case, line.base))
            by = pay_by(line.case, line.base, event.served_on)
            if by is None or (paid and paid <= by):
                continue
            yield from _surcharge(line, event, party, by, paid)
            taken = line.first("court_application", "enforcement_decision", since=by, party=party)
            yield from line.due("enforcement", by, event, paid or taken, party=party)
            yield from _court(line, event, party, paid or taken)


def _deferred(due: Due, until: date | None) -> Due:
    """The same with the end that a deferral granted (行政处罚法 66(2))."""
    if until is None:
        return due
    step = Step(f"经批准延期、分期缴纳，到{until}缴清", "《中华人民共和国行政处罚法》第六十六条第二款")
    return replace(due, day=until, steps=(*due.steps, step))


def _parties(line: Line, event: Event) -> list[int]:
    return [event.party] if event.party else list(range(1, len(line.case.parties) + 1))


def fine_of(case: CaseFile, party: int) -> Decimal:
    """The fine of one party in yuan."""
    return sum((v.fine or Decimal(0) for v in case.violations if v.party == party), Decimal(0))


def paid_on(case: CaseFile, party: int, owed: Decimal) -> date | None:
    """The day on which a party had paid all of it."""
    total = Decimal(0)
    for payment in sorted(case.payments, key=lambda p: p.date):
        total += payment.amount if payment.party == party else 0
        if total >= owed:
            return payment.date
    return None


def paid_by(case: CaseFile, party: int, on: date) -> Decimal:
    """What a party had paid by a day, in yuan."""
    return sum((p.amount for p in case.payments if p.party == party and p.date <= on), Decimal(0))


def pay_by(case: CaseFile, base: Snapshot, received: date) -> date | None:
    """The last day to pay: the end of a deferral, else of the period from receipt (处罚法 66(2), 67(3))."""
    deferred = deferred_to(case, base)
    if deferred:
        return deferred
    try:
        return term(base, "payment", received).day
    except NotLoaded:
        return None


def _surcharge(line: Line, event: Event, party: int, by: date, paid: date | None) -> Iterator[Due]:
    try:
        rate = line.base.setting("payment/surcharge", by)
    except NotLoaded:
        return
    steps = [Step(f"应当于{by}前缴清，逾期的自{by + ONE}起加处罚款", "、".join(rate.basis))]
    held = [p for p in proceedings(line.case, party) if p.end is None or p.end > by]
    steps += [Step(f"{p.start}起{p.reason}，期间不予计算", p.basis) for p in held]
    yield Due(
        line.case.id,
        "surcharge",
        "加处罚款",
        document_type(event.type).name,
        event.key,
        party,
        "起算",
        "机关",
        by,
        by + ONE,
        paid,
        tuple(rate.basis),
        tuple(steps),
    )


def _court(line: Line, event: Event, party: int, done: date | None) -> Iterator[Due]:
    """To apply to the court: from the lapse of the remedies, or the end of a deferral (处罚法 72(2))."""
    lapsed = remedies_lapse(line.case, line.base, event, party)
    since = lapsed and (deferred_to(line.case, line.base) or lapsed)
    if since:
        yield from line.due("court", since, event, done, party=party)


def remedies_lapse(case: CaseFile, base: Snapshot, decided: Event, party: int) -> date | None:
    """The last day on which a party could still seek a remedy against a decision it received.

    None while a remedy runs, after a suit (its judgment is enforced by itself), or without a loaded length.
    Where reconsideration comes first (复议法 23) no suit runs meanwhile; half a year to sue outlasts it.
    """
    used = [p for p in case.proceedings if p.party == party]
    if decided.served_on is None or any(p.ended is None or p.kind == "行政诉讼" for p in used):
        return None
    served = decided.served_on
    try:
        if used:
            return term(base, "suit_after_reconsideration", max(p.ended for p in used if p.ended)).day
        sue = direct_suit(case, base, decided, party)
        suit = term(base, "suit", served, length=sue).day if sue else None
        if suit and sue and sue.id == MONTHS:
            return suit
        return max(filter(None, [term(base, "reconsideration", served).day, suit]), default=None)
    except NotLoaded:
        return None
