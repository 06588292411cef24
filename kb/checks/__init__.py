"""Consistency of the base: ``run(snapshot)`` is what ``cailiang kb check`` prints. A rule is a file here."""

from __future__ import annotations

from collections.abc import Collection

from kb.checks import (  # noqa: F401 (they register)
    amounts,
    citations,
    instruments,
    ladders,
    measures,
    phrases,
    thresholds,
    versions,
    whole,
    wording,
)
from kb.checks.registry import CHECKS, RecordFinding, Report, run_rules
from kb.records import KINDS
from kb.snapshot import Snapshot

__all__ = ["CHECKS", "RecordFinding", "Report", "run", "run_rules"]


def run(base: Snapshot, ids: Collection[str] | None = None) -> Report:
    """Check the records of a snapshot.

    Args:
        base: the snapshot.
        ids: only records with these ids; None for all.
    """
    records = [r for kind in KINDS for r in base.records(kind)]
    return run_rules(base, [r for r in records if ids is None or r.id in ids])
