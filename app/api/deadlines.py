"""Deadlines, the surcharge, single periods and gates as data: what commands, pages and JSON share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.base import Base
from casework.unread import Unread, readable
from generator.casefile import CaseFile, load_case
from kb.errors import WrongUse

if TYPE_CHECKING:
    from casework.due import Due
    from casework.writing import StoredCase
    from kb.snapshot import Snapshot

ALL = 10_000
"""More cases than this at once are asked for by file."""


def case_of(base: Base, name: str) -> CaseFile:
    """A case: a file, or a stored one by its id.

    Raises:
        NotFound: no such file or case; BadRecord: it isn't whole.
    """
    from casework.cases import Cases

    if Path(name).suffix in (".yaml", ".yml"):
        return load_case(Path(name))
    return Cases(base.store).read(name).case


def due_list(
    base: Base, names: Sequence[str], *, on: date, every: bool = False, open_only: bool = False
) -> dict[str, Any]:
    """What is due in some cases on a day; with `every` also what the organ owes whatever the case."""
    unread: list[Unread] = []
    found = _dues(base, names, on, every, unread)
    rows = [d.to_dict(on) for d in found if not (open_only and d.done_on)]
    return {"on": on.isoformat(), "dues": rows, "unread": [u.to_dict() for u in unread]}


def due_calendar(base: Base, names: Sequence[str], *, stamp: datetime, every: bool = False) -> bytes:
    """The same as a calendar file; a case that can't be read is an event of the day."""
    from casework.due import missing
    from casework.ics import to_ics

    unread: list[Unread] = []
    found = _dues(base, names, stamp.date(), every, unread)
    return to_ics([*(missing(u, stamp.date()) for u in unread), *found], stamp)


def _dues(base: Base, names: Sequence[str], on: date, every: bool, unread: list[Unread]) -> list[Due]:
    """What is due in the cases named; with `every` also in all stored ones that are under way.

    Raises:
        WrongUse: none are named; NotFound, BadRecord: as `case_of`, of those that are named.
    """
    from casework.duedates import dues_of

    if not names and not every:
        raise WrongUse("没有写案件", hint="写 CASE.yaml 或者案件编号，或者用 --all")
    snapshot = base.snapshot()
    found = [*dues_of([case_of(base, name) for name in names], snapshot)]
    if every:
        for case in _under_way(base):
            found += readable(unread, case.id, partial(_dues_in, case, snapshot)) or ()
        found += standing_dues(base, snapshot, on)
    return sorted(found, key=by_day)


def _dues_in(stored: StoredCase, snapshot: Snapshot) -> tuple[Due, ...]:
    from casework.duedates import dues

    return dues(stored.case, snapshot)


def _under_way(base: Base) -> Iterator[StoredCase]:
    from casework.cases import Cases
    from casework.writing import OPEN

    stored = Cases(base.store)
    _, rows = stored.list(state=OPEN, limit=ALL)
    return stored.several([row.id for row in rows if not row.fault])


def standing_dues(base: Base, snapshot: Snapshot, on: date) -> list[Due]:
    """What the organ owes whatever the case: catalogues and figures, and entrustments that run out."""
    from casework import entrustments
    from casework.due import standing

    return [*standing(snapshot, on), *entrustments.dues(entrustments.entrustments(base.store))]


def by_day(due: Due) -> tuple[Any, ...]:
    """The order of a list: the earliest first; what stands still last."""
    return (due.day or date.max, due.case, due.name)


def one_period(base: Base, name: str, start: date | datetime) -> dict[str, Any]:
    """One period counted out, no case behind it.

    Raises:
        NotFound: no such period; NotLoaded: its length; BadValue: a day where a moment is needed.
    """
    from casework.deadlines import term

    return term(base.snapshot(), name, start).to_dict()


def period_names() -> list[dict[str, str]]:
    """The periods there are."""
    from casework.deadlines import RULES

    return [{"name": r.name, "label": r.label, "starts": r.starts} for r in RULES]


def surcharge_on(base: Base, fine: Decimal, pay_by: date, *, until: date) -> dict[str, Any]:
    """The surcharge on a fine up to a day, no case behind it."""
    from casework.surcharge import surcharge

    return surcharge(base.snapshot(), fine, pay_by, until).to_dict()


def surcharge_of(base: Base, name: str, *, until: date, party: int = 1) -> dict[str, Any]:
    """The surcharge on what a case left unpaid, up to a day, without the days of reconsideration and suit.

    It is counted on the same sum as in the papers: the fine less what was paid by that day; of a fine paid
    in full, less what had been paid before the day that settled it.

    Raises:
        WrongUse: the decision has not been served, or there is no fine.
    """
    from casework.calendar import ONE
    from casework.duemoney import fine_of, paid_by, paid_on, pay_by
    from casework.pauses import proceedings
    from casework.surcharge import partly_paid, surcharge
    from generator.events import events

    case, snapshot = case_of(base, name), base.snapshot()
    served = [
        e.served_on
        for e in events(case)
        if e.type in ("decision", "on_the_spot_decision") and not e.void and e.party in (None, party)
    ]
    received = next(filter(None, served), None)
    fine = fine_of(case, party)
    if not fine:
        raise WrongUse(f"第{party}个当事人没有罚款", where=case.id, hint="核对 violations 的 fine 和 --party")
    by = pay_by(case, snapshot, received) if received else None
    if by is None:
        raise WrongUse("决定书没有送达的日期", where=case.id, hint="补上送达日期，缴款期限从收到之日起算")
    settled = paid_on(case, party, fine)
    if settled and settled <= until:
        until, paid = settled, paid_by(case, party, settled - ONE)
    else:
        paid = paid_by(case, party, until)
    late = paid - paid_by(case, party, by)
    found = surcharge(snapshot, fine - paid, by, until, proceedings(case, party))
    return partly_paid(found, fine, paid, late).to_dict() if paid else found.to_dict()


def gates_of(
    base: Base, name: str, type: str, *, on: date | None, today: date, party: int = 1
) -> dict[str, Any]:
    """What stands against making a paper of a case on a day: the one asked for, the paper's own, or today."""
    from casework.gates import judge, overruled
    from generator.catalogue import document_type
    from generator.events import events

    case = case_of(base, name)
    if party > len(case.parties):
        raise WrongUse(f"案件没有第{party}个当事人", where=case.id, hint=f"共有{len(case.parties)}个当事人")
    kind = document_type(type)
    own = [e.day for e in events(case) if e.type == kind.type and not e.void and e.party in (None, party)]
    day = on or next(filter(None, own), today)
    stand, passed = overruled(judge(case, kind.type, base.snapshot(), day, party=party), case)
    return {
        "type": kind.type,
        "name": kind.name,
        "day": day.isoformat(),
        "open": all(f.severity == "提示" for f in stand),
        "findings": [f.to_dict() for f in stand],
        "passed": [{"finding": f.to_dict(), "why": why} for f, why in passed],
    }
