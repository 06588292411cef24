"""What is due in a case, by when, and when it was done; across cases; and as a calendar file.

The time line of the case says what happened; `casework.deadlines` says what runs from it. Days come in as
arguments: a list says nothing of today until it is asked (`Due.state`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.due import Due
from casework.dueline import Line
from casework.duemoney import DECISIONS, money, remedies
from casework.pauses import extension, suspensions, testing
from generator.casefile import CaseFile, Violation
from generator.subject import benchmark_of
from kb.discretion import Period
from kb.discretion.limitation import judge_limitation
from kb.discretion.result import Step, Warning
from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Wire:
    """Which papers start a period, from their day or their service, and which papers end it."""

    rule: str
    types: tuple[str, ...]
    done: tuple[str, ...] = ()
    served: bool = False


ENDED = (*DECISIONS, "case_withdrawal", "crime_transfer", "case_transfer")

WIRES = (
    Wire("storage", ("storage_notice",), ("storage_disposal",)),
    Wire("hearing", ("hearing_notice",), ("hearing_record",), served=True),
    Wire("announcement", ("service_announcement",)),
)
"""The plain ones; what hangs on more than one event has a function below."""


def dues(case: CaseFile, base: Snapshot) -> tuple[Due, ...]:
    """Everything due in a case, the earliest first; what stands still comes last.

    A period whose length is not loaded is left out: `kb` says which settings there are.

    Raises:
        BadRecord: a length or a calendar that can't be read.
    """
    line = Line(case, base)
    found = [due for make in _MAKERS for due in make(line)]
    return tuple(sorted(found, key=lambda d: (d.day or date.max, d.name)))


def dues_of(cases: Iterable[CaseFile], base: Snapshot) -> tuple[Due, ...]:
    """Everything due in several cases, the earliest first."""
    found = [due for case in cases for due in dues(case, base)]
    return tuple(sorted(found, key=lambda d: (d.day or date.max, d.case, d.name)))


# ---------------------------------------------------------------- the plain periods


def _plain(line: Line) -> Iterator[Due]:
    for wire in WIRES:
        used: set[int] = set()
        for event in line.of(*wire.types):
            start = event.served_on if wire.served else event.day
            if start is None:
                continue
            done = _next(line, wire.done, start, event.party, used)
            yield from line.due(wire.rule, start, event, done)


def _next(line: Line, types: Sequence[str], since: date, party: int | None, used: set[int]) -> date | None:
    """The first paper that ends a period and has not ended an earlier one."""
    for n, event in enumerate(line.events):
        same = party is None or event.party in (None, party)
        if event.type in types and same and n not in used and event.day and event.day >= since:
            used.add(n)
            return event.day
    return None


def _decision(line: Line) -> Iterator[Due]:
    """Ninety days, less what a sector's rule excludes, or to the end of an approved extension."""
    pauses, longer = suspensions(line.case, line.base), extension(line.case, line.base)
    for event in line.of("filing_approval"):
        assert event.day
        done = line.first(*ENDED, since=event.day)
        for due in line.due("decision", event.day, event, done, pauses=pauses):
            if longer and (due.day is None or longer[0] > due.day):
                step = Step(f"经批准延长到{longer[0]}", longer[1])
                due = replace(due, day=longer[0], steps=(*due.steps, step))
            yield due


def _crime(line: Line) -> Iterator[Due]:
    """The clocks of a transfer: three days to decide, 24 hours to send, three days for the things."""
    for event in line.of("crime_approval"):
        said = line.own(event)
        reported, approved = said.get("reported_on"), said.get("approved_at")
        if reported:
            yield from line.due("crime_decision", reported, event, approved.date() if approved else event.day)
        if approved:
            sent = line.first("crime_transfer", since=approved.date())
            yield from line.due("crime_transfer", approved, event, sent)
    for event in line.of("crime_transfer"):
        accepted = line.own(event).get("police_filed_on")
        if accepted:
            handed = [g.disposed_on for g in line.case.goods if g.status == "移送" and g.disposed_on]
            yield from line.due("crime_goods", accepted, event, max(handed, default=None))


def _urgent(line: Line) -> Iterator[Due]:
    """Coercion on the spot: twenty-four hours to report and to make up the approval (行政强制法 19)."""
    for event in line.of("seizure_approval"):
        said = line.own(event)
        if said.get("urgent_at"):
            approved = said.get("approved_at")
            yield from line.due("coercion_report", said["urgent_at"], event, approved and approved.date())


def _urged(line: Line) -> Iterator[Due]:
    """What a reminder opens: the substitute's work (行政强制法 51(1)(二)), or the way to the court (54)."""
    used: set[int] = set()
    for event in line.of("urge_letter"):
        if event.served_on is None:
            continue
        if line.own(event).get("purpose") == "代履行前":
            yield from line.due("substitute", event.served_on, event, None)
            continue
        applied = _next(line, ("court_application",), event.served_on, event.party, used)
        yield from line.due("urge", event.served_on, event, applied)


def _withdrawal(line: Line) -> Iterator[Due]:
    """A published decision that was changed or quashed is withdrawn (处罚法 48(2)).

    The paper says whether it was published; where it doesn't, what the case meant to do counts.
    """
    for event in line.of("decision_change"):
        assert event.day
        said = line.own(event)
        if said.get("published", line.case.publish):
            yield from line.due("withdrawal", event.day, event, said.get("withdrawn_on"))


def _hearing_request(line: Line) -> Iterator[Due]:
    hearing = line.case.notice.hearing
    if hearing is None or not hearing.offered:
        return
    for event in line.of("prior_notice"):
        if event.served_on:
            answered = event.served_on if hearing.requested or hearing.waived else None
            yield from line.due("hearing_request", event.served_on, event, answered)


def _service(line: Line) -> Iterator[Due]:
    for event in line.of(*DECISIONS):
        assert event.day
        yield from line.due("service", event.day, event, event.served_on)


# ---------------------------------------------------------------- things and persons


def _seizures(line: Line) -> Iterator[Due]:
    """A seizure ends by release, or goes on by its one extension (行政强制法 25, 27, 28)."""
    used: set[int] = set()
    longer: set[int] = set()
    pauses = testing(line.case, line.base)
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


def _confiscated(line: Line, since: date) -> date | None:
    """The decision that takes the things away for good ends their seizure (行政强制法 27)."""
    taken = any(m.kind.startswith("没收非法财物") for v in line.case.violations for m in v.measures)
    return line.first("decision", since=since) if taken else None


def _cash(line: Line) -> Iterator[Due]:
    spot = line.case.on_the_spot
    if spot.payment != "当场收缴" or spot.time is None:
        return
    event = next(iter(line.of("on_the_spot_decision")), None)
    brought = min((p.date for p in line.case.payments), default=None)
    yield from line.due("cash_to_organ", spot.time.date(), event, brought)
    if brought:
        banked = [p.banked for p in line.case.payments if p.banked]
        yield from line.due("cash_to_bank", brought, event, max(banked, default=None))


def _limitation(line: Line) -> Iterator[Due]:
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
    found = benchmark_of(base, violation.benchmark, violation.act.end)
    return found.domain if found else "通用"


def major_types(case: CaseFile) -> tuple[str, ...]:
    """The papers of a case whose catalogue a local notice asks for: major penalties, and coercion always."""
    hearing, decided = case.notice.hearing, case.decision
    heard = bool(hearing and (hearing.held_on or hearing.requested))
    grave = heard or bool(decided.traits) or decided.deliberated_on or decided.legal_review_on
    return ("decision", "seizure_decision") if grave else ("seizure_decision",)


def _major(line: Line) -> Iterator[Due]:
    """A local notice asks for the papers of major penalties and of coercion."""
    for event in line.of(*major_types(line.case)):
        assert event.day
        reported = line.first("major_catalogue", since=event.day)
        yield from line.due("major_report", event.day, event, reported)


_MAKERS = (
    _plain,
    _urged,
    _decision,
    _crime,
    _urgent,
    _withdrawal,
    _hearing_request,
    _service,
    remedies,
    money,
    _seizures,
    _cash,
    _limitation,
    _major,
)
