"""The cases of the desk with what is due in them: the list of cases, and the list of what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.api import cases as api
from app.api import deadlines
from app.base import Base
from casework.cases import Cases
from casework.due import Due
from casework.duedates import dues
from casework.writing import OPEN
from kb.errors import CailiangError
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

    Raises:
        WrongUse: no such state, domain or role.
    """
    if order == BY_DUE:
        found = api.case_list(base, role=role, limit=MOST_SORTED, **filters)
        order = BY_DUE if found["total"] <= MOST_SORTED else BY_CHANGE
    if order == BY_CHANGE:
        found = api.case_list(base, role=role, limit=limit, skip=skip, **filters)
    known = _counted(base, snapshot, found["cases"], kept, careful=True)
    rows = [row | _next(known.get(row["id"], ()), on) for row in found["cases"]]
    if order == BY_DUE:
        rows = sorted(rows, key=_urgency)[skip : skip + limit]
    return {"on": on.isoformat(), "order": order, "total": found["total"], "cases": rows}


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
    base: Base, snapshot: Snapshot, rows: Iterable[Mapping[str, Any]], kept: Kept, *, careful: bool
) -> dict[str, tuple[Due, ...]]:
    """What is due in those of the listed cases that are under way; all that is not kept yet is read at once.

    Args:
        careful: a case of which it can't be said is left out: the case itself says what is wrong with it.
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
        try:
            out[stored.id] = kept[stored.id, stored.revision, snapshot.revision] = dues(stored.case, snapshot)
        except CailiangError:
            if not careful:
                raise
    return out


def due_list(
    base: Base,
    snapshot: Snapshot,
    *,
    on: date,
    role: str,
    kept: Kept,
    officer: str = "",
    everything: bool = False,
) -> list[dict[str, Any]]:
    """What is due in all cases under way, with their parties and what they are about.

    Args:
        kept: as for `case_list`.
        officer: of the cases of one officer; what the organ owes whatever the case is then left out.
        everything: what is done or runs by itself too; else only what is to be done.

    Raises:
        WrongUse: no such role; BadRecord: as `casework.duedates.dues`.
    """
    listed = api.case_list(base, role=role, officer=officer, state=OPEN, limit=deadlines.ALL)["cases"]
    known = _counted(base, snapshot, listed, kept, careful=False)
    found = [due for dues in known.values() for due in dues]
    if not officer:
        found += deadlines.standing_dues(base, snapshot, on)
    about = {c["id"]: {"parties": c["parties"], "cause": c["cause"]} for c in listed}
    shown = [d for d in found if everything or d.state(on) in TO_DO]
    none: dict[str, Any] = {"parties": [], "cause": ""}
    return [d.to_dict(on) | about.get(d.case, none) for d in sorted(shown, key=deadlines.by_day)]
