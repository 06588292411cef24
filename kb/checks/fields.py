"""Where a record cites, and which day its citations are judged on: what several rules need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kb.records import (
    Benchmark,
    Branch,
    CaseStudy,
    Leniency,
    Phrase,
    Procedure,
    Question,
    Record,
    Setting,
    Tier,
)


def citations_of(record: Record) -> Iterator[tuple[str, str]]:
    """(place, text) of every citation a record makes."""
    if isinstance(record, Benchmark):
        yield from (("violated", t) for t in record.violated)
        yield from (("penalty_basis", t) for t in record.penalty_basis)
        for n, branch in enumerate(record.statutory, 1):
            yield from ((f"statutory 第{n}条 basis", t) for t in branch.basis)
        rows: list[tuple[str, Branch | Tier | Benchmark]] = [("", record)]
        rows += [(f"statutory 第{n}条 ", b) for n, b in enumerate(record.statutory, 1)]
        rows += [(f"tiers 第{n}条 ", t) for n, t in enumerate(record.tiers, 1)]
        for place, row in rows:
            for n, measure in enumerate(row.measures, 1):
                if measure.basis:
                    yield f"{place}measures 第{n}条", measure.basis
        for n, other in enumerate(record.not_when, 1):
            if other.basis:
                yield f"not_when 第{n}条", other.basis
        if record.gravity.startswith("《"):
            yield "gravity", record.gravity
    elif isinstance(record, Leniency | Setting | CaseStudy):
        yield from (("basis", t) for t in record.basis)
        if isinstance(record, Leniency):
            yield from (("violated", t) for t in record.violated)
    elif isinstance(record, Phrase):
        yield from (("citations", t) for t in record.citations)
    elif isinstance(record, Procedure):
        for n, step in enumerate(record.steps, 1):
            yield from ((f"steps 第{n}步 basis", t) for t in step.basis)
    elif isinstance(record, Question):
        yield from (("cites", t) for t in record.cites if t.startswith("《"))


def day_of(record: Record) -> date | None:
    """The day a record's citations must be good on.

    The first day it holds; the decision's for a case; for what holds since ever, the day it was checked, or
    its last day where it had ended by then.
    """
    if isinstance(record, CaseStudy):
        return record.decided
    checked = record.source.checked
    if record.from_ is None and record.to and checked and checked >= record.to:
        return record.to - timedelta(days=1)
    return record.from_ or checked
