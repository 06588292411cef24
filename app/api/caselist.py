"""The cases of the desk with what is due in them: the list of cases, and the list of what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from app.api import cases as api
from app.api import deadlines
from app.base import Base
from casework.cases import Cases
from casework.due import Due
from casework.duedates import dues
from casework.unread import Unread, readable
from casework.writing import OPEN, StoredCase
from kb.snapshot import Snapshot

MOST_SORTED = 500
"""Up to how many cases are put in the order of what is due; of more the last changed come first."""
MOST_KEPT = 5_000
Kept = dict[tuple[str, int, int], tuple[Due, ...]]
"""What is due in a case at a revision of it and of the base: counted once, it never changes."""
BY_DUE, BY_CHANGE = "due", "change"
TO_DO = ("待办", "逾期")


def case_list(
    base: Base,
    snapshot: Snapshot,
    *,
    on: date,
    role: str,
    order: str,
    limit: int,
    skip: int,
    kept: Kept,
    **filters: Any,
) -> dict[str, Any]:
    """The cases that fit, each with the next thing its organ has to do and how many it missed.

    Args:
        order: ``due``: the most urgent first; ``change``: the last changed first.
        kept: what was counted before; it is added to.
        filters: as `casework.cases.Cases.list`.

    Returns:
        besides the cases those that can't be read (``unread``), each of which says so in its ``fault`` too.

    Raises:
        WrongUse: no such state, domain or role.
    """
    unread: list[Unread] = []
    if order == BY_DUE:
        found = api.case_list(base, role=role, limit=MOST_SORTED, **filters)
        order = BY_DUE if found["total"] <= MOST_SORTED else BY_CHANGE
    if order == BY_CHANGE:
        found = api.case_list(base, role=role, limit=limit, skip=skip, **filters)
    known = _counted(base, snapshot, found["cases"], kept, unread)
    rows = [row | _next(known.get(row["id"], ()), on) for row in found["cases"]]
    if order == BY_DUE:
        rows = sorted(rows, key=_urgency)[skip : skip + limit]
    _read_through(base, [row for row in rows if row["id"] not in known], unread)
    return {
        "on": on.isoformat(),
        "order": order,
        "total": found["total"],
        "cases": _faulty(rows, unread),
        "unread": [u.to_dict() for u in unread],
    }


def plain_list(base: Base, *, role: str, **filters: Any) -> dict[str, Any]:
    """The cases that fit, without what is due in them, and those of them that can't be read."""
    unread: list[Unread] = []
    found = api.case_list(base, role=role, **filters)
    _read_through(base, found["cases"], unread)
    return found | {"cases": _faulty(found["cases"], unread), "unread": [u.to_dict() for u in unread]}


def _read_through(base: Base, rows: Iterable[Mapping[str, Any]], unread: list[Unread]) -> None:
    """Read those of the listed cases that call themselves whole."""
    for stored in Cases(base.store).several([row["id"] for row in rows if not row["fault"]]):
        readable(unread, stored.id, partial(getattr, stored, "case"))


def _faulty(rows: Iterable[dict[str, Any]], unread: Iterable[Unread]) -> list[dict[str, Any]]:
    why = {u.case: u.why for u in unread}
    return [row | {"fault": row["fault"] or why.get(row["id"], "")} for row in rows]


def _urgency(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is due by its day; then what isn't whole yet, what waits for nothing, what is closed."""
    rank = {"未填完": 1, "在办": 2}.get(row["state"], 3)
    return (0 if row["next"] else rank, row["next"]["day"] if row["next"] else "")


def _next(found: Iterable[Due], on: date) -> dict[str, Any]:
    """The first duty of the organ that stands open, and how many are over their day."""
    mine = [d for d in found if d.state(on) in TO_DO]
    first = min((d for d in mine if d.day), key=lambda d: d.day or date.max, default=None)
    return {"next": first.to_dict(on) if first else None, "late": sum(d.state(on) == "逾期" for d in mine)}


def _counted(
    base: Base, snapshot: Snapshot, rows: Iterable[Mapping[str, Any]], kept: Kept, unread: list[Unread]
) -> dict[str, tuple[Due, ...]]:
    """What is due in those of the listed cases that are under way; all that is not kept yet is read at once.

    Args:
        unread: a case of which it can't be said is left out and added to it.
    """
    keys = {
        row["id"]: (row["id"], row["revision"], snapshot.revision)
        for row in rows
        if row["state"] == OPEN and not row["fault"]
    }
    out = {id: kept[key] for id, key in keys.items() if key in kept}
    if len(kept) > MOST_KEPT:
        kept.clear()
    for stored in Cases(base.store).several([id for id in keys if id not in out]):
        found = readable(unread, stored.id, partial(_dues, stored, snapshot))
        if found is not None:
            out[stored.id] = kept[stored.id, stored.revision, snapshot.revision] = found
    return out


def _dues(stored: StoredCase, snapshot: Snapshot) -> tuple[Due, ...]:
    return dues(stored.case, snapshot)


def due_list(
    base: Base,
    snapshot: Snapshot,
    *,
    on: date,
    role: str,
    kept: Kept,
    officer: str = "",
    everything: bool = False,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is due in all cases under way, with their parties and what they are about.

    Args:
        kept: as for `case_list`.
        officer: of the cases of one officer; what the organ owes whatever the case is then left out.
        everything: what is done or runs by itself too; else only what is to be done.

    Returns:
        the rows, and the cases of which it can't be said.

    Raises:
        WrongUse: no such role.
    """
    unread: list[Unread] = []
    listed = api.case_list(base, role=role, officer=officer, state=OPEN, limit=deadlines.ALL)["cases"]
    known = _counted(base, snapshot, listed, kept, unread)
    found = [due for dues in known.values() for due in dues]
    if not officer:
        found += deadlines.standing_dues(base, snapshot, on)
    about = {c["id"]: {"parties": c["parties"], "cause": c["cause"]} for c in listed}
    shown = [d for d in found if everything or d.state(on) in TO_DO]
    none: dict[str, Any] = {"parties": [], "cause": ""}
    rows = [d.to_dict(on) | about.get(d.case, none) for d in sorted(shown, key=deadlines.by_day)]
    return rows, [u.to_dict() for u in unread]
