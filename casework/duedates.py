"""What is due in a case, by when, and when it was done; across cases; and as a calendar file.

The time line of the case says what happened; `casework.deadlines` says what runs from it. Days come in as
arguments: a list says nothing of today until it is asked (`Due.state`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from casework.calendar import ONE, Pause
from casework.deadlines import Rule, Term, term
from casework.due import Due
from casework.pauses import deferred_to, proceedings, suspensions, testing
from generator.casefile import CaseFile, Violation
from generator.catalogue import document_type
from generator.events import Event, events
from kb.discretion import Period
from kb.discretion.limitation import judge_limitation
from kb.discretion.result import Step, Warning
from kb.errors import NotFound, NotLoaded
from kb.records import Benchmark
from kb.snapshot import Snapshot

DECISIONS = ("decision", "no_penalty_decision")
APPEALABLE = (*DECISIONS, "on_the_spot_decision", "correction_order", "seizure_decision", "seizure_extension")


@dataclass(frozen=True, slots=True)
class Wire:
    """Which papers start a period, from their day or their service, and which papers end it."""

    rule: str
    types: tuple[str, ...]
    done: tuple[str, ...] = ()
    served: bool = False


WIRES = (
    Wire(
        "decision", ("filing_approval",), (*DECISIONS, "case_withdrawal", "crime_transfer", "case_transfer")
    ),
    Wire("storage", ("storage_notice",), ("storage_disposal",)),
    Wire("hearing", ("hearing_notice",), ("hearing_record",), served=True),
    Wire("announcement", ("service_announcement",)),
    Wire("urge", ("urge_letter",), ("court_application",), served=True),
    Wire("substitute", ("substitute_decision",), (), served=True),
    Wire("withdrawal", ("decision_change",), ()),
    Wire("crime_decision", ("crime_report",), ("crime_approval",)),
    Wire("crime_goods", ("crime_filing_notice",), ("goods_transfer",)),
)
"""The plain ones; what hangs on more than one event has a function below."""


def dues(case: CaseFile, base: Snapshot) -> tuple[Due, ...]:
    """Everything due in a case, the earliest first; what stands still comes last.

    A period whose length is not loaded is left out: `kb` says which settings there are.

    Raises:
        BadRecord: a length or a calendar that can't be read.
    """
    line = _Line(case, base)
    found = [due for make in _MAKERS for due in make(line)]
    return tuple(sorted(found, key=lambda d: (d.day or date.max, d.name)))


def dues_of(cases: Iterable[CaseFile], base: Snapshot) -> tuple[Due, ...]:
    """Everything due in several cases, the earliest first."""
    found = [due for case in cases for due in dues(case, base)]
    return tuple(sorted(found, key=lambda d: (d.day or date.max, d.case, d.name)))


class _Line:
    """A case as its deadlines see it: the papers that count, in the order of their days."""

    def __init__(self, case: CaseFile, base: Snapshot) -> None:
        self.case, self.base = case, base
        self.events = [e for e in events(case) if not e.void and e.day]

    def of(self, *types: str, party: int | None = None) -> list[Event]:
        """The papers of some types; with a party, those for it or for all."""
        return [e for e in self.events if e.type in types and (not party or e.party in (None, party))]

    def first(self, *types: str, since: date, party: int | None = None) -> date | None:
        """The day of the first paper of some types since a day."""
        return next((e.day for e in self.of(*types, party=party) if e.day and e.day >= since), None)

    def term(self, name: str, start: date | datetime, pauses: Sequence[Pause] = ()) -> Term | None:
        try:
            return term(self.base, name, start, pauses)
        except NotLoaded:
            return None

    def due(
        self,
        name: str,
        start: date | datetime,
        event: Event | None,
        done: date | None,
        *,
        party: int | None = None,
        pauses: Sequence[Pause] = (),
        label: str = "",
    ) -> Iterator[Due]:
        """One row, where its length is loaded."""
        found = self.term(name, start, pauses)
        if found is None:
            return
        rule: Rule = found.rule
        yield Due(
            self.case.id,
            rule.name,
            label or rule.label,
            document_type(event.type).name if event else "",
            event.key if event else "",
            event.party if event and party is None else party,
            rule.sense,
            rule.binds,
            found.counted.start,
            found.day,
            done,
            found.basis,
            found.counted.steps,
            found.counted.moment,
            found.counted.warning,
        )


# ---------------------------------------------------------------- the plain periods


def _plain(line: _Line) -> Iterator[Due]:
    for wire in WIRES:
        used: set[int] = set()
        pauses = suspensions(line.case, line.base) if wire.rule == "decision" else ()
        for event in line.of(*wire.types):
            start = event.served_on if wire.served else event.day
            if start is None:
                continue
            done = _next(line, wire.done, start, event.party, used)
            yield from line.due(wire.rule, start, event, done, pauses=pauses)


def _next(line: _Line, types: Sequence[str], since: date, party: int | None, used: set[int]) -> date | None:
    """The first paper that ends a period and has not ended an earlier one."""
    for n, event in enumerate(line.events):
        same = party is None or event.party in (None, party)
        if event.type in types and same and n not in used and event.day and event.day >= since:
            used.add(n)
            return event.day
    return None


def _hearing_request(line: _Line) -> Iterator[Due]:
    hearing = line.case.notice.hearing
    if hearing is None or not hearing.offered:
        return
    for event in line.of("prior_notice"):
        if event.served_on:
            answered = event.served_on if hearing.requested or hearing.waived else None
            yield from line.due("hearing_request", event.served_on, event, answered)


def _service(line: _Line) -> Iterator[Due]:
    for event in line.of(*DECISIONS):
        assert event.day
        yield from line.due("service", event.day, event, event.served_on)


def _remedies(line: _Line) -> Iterator[Due]:
    """Reconsideration and suit against what was served; a decision on the spot knows no direct suit."""
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
        elif event.type != "on_the_spot_decision":
            yield from line.due("suit", event.served_on, event, first["行政诉讼"])


_KINDS = ("行政复议", "行政诉讼")


# ---------------------------------------------------------------- money


def _money(line: _Line) -> Iterator[Due]:
    """Payment, the start of the surcharge, and the ways to enforce, party by party."""
    for event in line.of("decision", "on_the_spot_decision"):
        for party in _parties(line, event):
            owed = fine_of(line.case, party)
            if event.served_on is None or not owed:
                continue
            paid = paid_on(line.case, party, owed)
            yield from line.due("payment", event.served_on, event, paid, party=party)
            by = pay_by(line.case, line.base, event.served_on)
            if by is None or (paid and paid <= by):
                continue
            yield from _surcharge(line, event, party, by, paid)
            taken = line.first("court_application", "enforcement_decision", since=by, party=party)
            yield from line.due("enforcement", by, event, paid or taken, party=party)
            yield from _court(line, event, party, paid or taken)


def _parties(line: _Line, event: Event) -> list[int]:
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


def pay_by(case: CaseFile, base: Snapshot, received: date) -> date | None:
    """The last day to pay: the end of a deferral, else of the period from receipt (处罚法 66(2), 67(3))."""
    deferred = deferred_to(case)
    if deferred:
        return deferred
    try:
        return term(base, "payment", received).day
    except NotLoaded:
        return None


def _surcharge(line: _Line, event: Event, party: int, by: date, paid: date | None) -> Iterator[Due]:
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


def _court(line: _Line, event: Event, party: int, done: date | None) -> Iterator[Due]:
    """To apply to the court: from the lapse of the remedies, or the end of a deferral (处罚法 72(2))."""
    lapsed = remedies_lapse(line.case, line.base, event, party)
    since = lapsed and (deferred_to(line.case) or lapsed)
    if since:
        yield from line.due("court", since, event, done, party=party)


def remedies_lapse(case: CaseFile, base: Snapshot, decided: Event, party: int) -> date | None:
    """The last day on which a party could still seek a remedy against a decision it received.

    None while a remedy runs, after a suit (its judgment is enforced by itself), or without a loaded length.
    A decision on the spot goes to reconsideration first (复议法 23), so its suit doesn't run meanwhile.
    """
    used = [p for p in case.proceedings if p.party == party]
    if decided.served_on is None or any(p.ended is None or p.kind == "行政诉讼" for p in used):
        return None
    name, start = "suit", decided.served_on
    if used:
        name, start = "suit_after_reconsideration", max(p.ended for p in used if p.ended)
    elif decided.type == "on_the_spot_decision":
        name = "reconsideration"
    try:
        return term(base, name, start).day
    except NotLoaded:
        return None


# ---------------------------------------------------------------- things and persons


def _seizures(line: _Line) -> Iterator[Due]:
    """A seizure ends by release, or goes on by its one extension (行政强制法 25, 27, 28)."""
    used: set[int] = set()
    longer: set[int] = set()
    pauses = testing(line.case)
    for event in line.of("seizure_decision"):
        assert event.day
        released = _next(line, ("seizure_release",), event.day, event.party, used)
        extended = _next(line, ("seizure_extension",), event.day, event.party, longer)
        first = line.term("seizure", event.day, pauses)
        taken = _confiscated(line, event.day)
        ended = min(filter(None, (released, taken)), default=None)
        done = min(filter(None, (ended, extended)), default=None)
        yield from line.due("seizure", event.day, event, done, pauses=pauses)
        if extended and first and first.day:
            after = [p for p in pauses if p.start > first.day]
            yield from line.due("seizure_extension", first.day, event, ended, pauses=after)


def _confiscated(line: _Line, since: date) -> date | None:
    """The decision that takes the things away for good ends their seizure (行政强制法 27)."""
    taken = any(m.kind.startswith("没收非法财物") for v in line.case.violations for m in v.measures)
    return line.first("decision", since=since) if taken else None


def _cash(line: _Line) -> Iterator[Due]:
    spot = line.case.on_the_spot
    if spot.payment != "当场收缴" or spot.time is None:
        return
    event = next(iter(line.of("on_the_spot_decision")), None)
    brought = min((p.date for p in line.case.payments), default=None)
    yield from line.due("cash_to_organ", spot.time.date(), event, brought)
    if brought:
        banked = [p.banked for p in line.case.payments if p.banked]
        yield from line.due("cash_to_bank", brought, event, max(banked, default=None))


def _limitation(line: _Line) -> Iterator[Due]:
    for violation in line.case.violations:
        warnings: list[Warning] = []
        act = Period(violation.act.start, violation.act.end)
        domain = _domain(line.base, violation)
        found = max(violation.found_on, violation.act.start)
        steps: list[Step] = []
        judged = judge_limitation(line.base, domain, act, found, {}, steps, warnings)
        if judged:
            yield Due(
                line.case.id,
                "limitation",
                "发现违法行为（追责期限）",
                "",
                "",
                violation.party,
                "至迟",
                "机关",
                violation.act.end,
                judged.last_day,
                violation.found_on,
                judged.basis,
                tuple(steps),
                warning="；".join(w.message for w in warnings),
            )


def _domain(base: Snapshot, violation: Violation) -> str:
    try:
        found = base.record("benchmark", violation.benchmark, violation.act.end)
    except (NotFound, NotLoaded):
        return "通用"
    assert isinstance(found, Benchmark)
    return found.domain


def _major(line: _Line) -> Iterator[Due]:
    """A local notice asks for the papers of major penalties and of coercion."""
    hearing, decided = line.case.notice.hearing, line.case.decision
    heard = bool(hearing and (hearing.held_on or hearing.requested))
    grave = heard or bool(decided.traits) or decided.deliberated_on or decided.legal_review_on
    types = ("decision", "seizure_decision") if grave else ("seizure_decision",)
    for event in line.of(*types):
        assert event.day
        reported = line.first("major_catalogue", since=event.day)
        yield from line.due("major_report", event.day, event, reported)


_MAKERS = (
    _plain,
    _hearing_request,
    _service,
    _remedies,
    _money,
    _seizures,
    _cash,
    _limitation,
    _major,
)
