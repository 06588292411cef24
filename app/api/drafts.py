"""Drafts of the base as data: what waits, what it changes, what the checks say; approving and rejecting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.base import Base
from kb import drafts


def draft_list(base: Base, *, settled: bool = False) -> dict[str, Any]:
    """The drafts in which a record still waits; with ``settled``, all of them."""
    return {"drafts": [d.to_dict() for d in drafts.drafts(base.store, settled=settled)]}


def one_draft(base: Base, number: int) -> dict[str, Any]:
    """One draft: its records, what each changes, and what the checks say of those that wait.

    Raises:
        NotFound: no draft has the number.
    """
    d, snapshot = drafts.draft(base.store, number), base.snapshot()
    report = drafts.check(snapshot, [r.record for r in d.waiting])
    rows = [r.to_dict() | {"changes": drafts.difference(snapshot, r.record)} for r in d.records]
    return d.to_dict() | {"rows": rows} | report.to_dict()


def approve(base: Base, number: int, by: str, at: datetime) -> dict[str, Any]:
    """Approve what waits and is sound. Raises NotFound, BadValue, Conflict (`kb.drafts.approve`)."""
    done = drafts.approve(base.store, number, by=by, at=at)
    base.sync_index()
    return {
        "draft": number,
        "revision": done.revision,
        "approved": done.approved,
        "held": [r.to_dict() for r in done.held],
    } | done.report.to_dict()


def reject(base: Base, number: int, by: str, why: str, at: datetime) -> dict[str, Any]:
    """Send back what waits. Raises NotFound, BadValue (`kb.drafts.reject`)."""
    return {"draft": number, "rejected": drafts.reject(base.store, number, by=by, why=why, at=at)}
