"""The run: each row a case, each case a paper that is proven or a 草稿 that says why; chunk after chunk.

A row's paper is drafted by the same function as any single paper. With a registry the paper is issued: its
number moves on in the transaction that stores it, so rows that fail leave no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Protocol

from casework.batch.assembling import Assembler, Fault
from casework.batch.journal import DRAFT, MADE, NOTHING, Journal, Outcome
from casework.batch.mapping import Columns
from casework.batch.output import file_name
from casework.batch.report import EXAMPLE
from casework.batch.rows import Row, Sheet
from generator.casefile import CaseFile
from generator.catalogue import DocumentType
from generator.drafting import Draft
from generator.numbers import number_text
from generator.subject import Uses
from kb.errors import CailiangError, Refused
from kb.snapshot import Snapshot

CHUNK = 50
"""Rows that stand in the journal together: what a kill may cost is drafted again."""


class Drafter(Protocol):
    """Drafts one paper of a case; raises Refused where it may not leave, unless a 草稿 is asked for."""

    def __call__(self, case: CaseFile, *, draft: bool) -> Draft: ...


class Registry(Protocol):
    """Issues papers: what `casework.batch.issuing` does with the cases of the base."""

    def chunk(self) -> Any: ...


@dataclass(frozen=True)
class Batch:
    """A table that is understood, and all it takes to make papers of it.

    Attributes:
        kind: the paper each row becomes.
        sheet: the rows; ``columns``: what they mean; ``assembler``: makes cases of them.
        base: what the papers are proven against; ``day``: the day of papers that name none.
        drafter: drafts one.
    """

    kind: DocumentType
    sheet: Sheet
    columns: Columns
    assembler: Assembler
    base: Snapshot
    day: date
    drafter: Drafter

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows that are cases, numbered from 1; the example of an empty table is none."""
        numbering = [h.column for h in self.columns.unused]
        kept = (row for row in self.sheet.rows() if not _is_example(row, numbering))
        return enumerate(kept, 1)


def _is_example(row: Row, numbering: Sequence[int]) -> bool:
    return any(c in row.cells and row.cells[c].value == EXAMPLE for c in numbering)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: rows done of all, and how many of them are less than a paper that may leave."""

    done: int
    total: int
    faulty: int


@dataclass
class Checked:
    """What a dry run found: every fault of every row."""

    total: int = 0
    good: int = 0
    faults: list[Fault] = field(default_factory=list)


Tell = Callable[[Progress], None]
Stop = Callable[[], bool]


def dry_run(batch: Batch, tell: Tell, stop: Stop = lambda: False) -> Checked:
    """Draft every row and keep nothing but the faults.

    Args:
        tell: told how far it is after each row.
        stop: asked after each row whether to end here.
    """
    checked = Checked()
    for ordinal, row in batch.rows():
        outcome = _drafted(batch, ordinal, row, keep=False)
        checked.total += 1
        checked.good += outcome.result == MADE
        checked.faults += outcome.faults
        tell(Progress(ordinal, batch.sheet.total, checked.total - checked.good))
        if stop():
            break
    return checked


def run(batch: Batch, journal: Journal, tell: Tell, stop: Stop = lambda: False) -> bool:
    """Make the papers of all rows that the journal has not yet.

    Args:
        journal: where outcomes go, chunk by chunk; what stands there is not made again.
        tell: told how far it is after each chunk.
        stop: asked after each chunk whether to end here.

    Returns:
        whether every row has its outcome.
    """
    done = journal.done()
    counts = journal.counts()
    faulty = counts[DRAFT] + counts[NOTHING]
    rest = ((ordinal, row) for ordinal, row in batch.rows() if ordinal > done)
    for chunk in _chunks(rest):
        outcomes = [_drafted(batch, ordinal, row, keep=True) for ordinal, row in chunk]
        journal.add(outcomes)
        done += len(outcomes)
        faulty += sum(o.result in (DRAFT, NOTHING) for o in outcomes)
        tell(Progress(done, batch.sheet.total, faulty))
        if stop():
            return False
    return True


def _chunks(rows: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    chunk: list[tuple[int, Row]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _drafted(batch: Batch, ordinal: int, row: Row, *, keep: bool) -> Outcome:
    """One row's paper; where it may not leave, a 草稿 with its faults; where there is no case, only those."""
    case, faults = batch.assembler.case(row)
    if case is None:
        return _outcome(batch, ordinal, row, None, None, faults)
    try:
        try:
            made = batch.drafter(case, draft=False)
        except Refused as refused:
            faults = [batch.assembler.finding(row, f) for f in refused.findings]
            paper = batch.drafter(case, draft=True) if keep else None
            return _outcome(batch, ordinal, row, case, paper, faults)
    except CailiangError as error:
        message = error.message + (f"（{error.where}）" if error.where else "")
        return _outcome(batch, ordinal, row, case, None, [Fault(row.number, "", "", "", message, error.hint)])
    if made.watermark:
        faults = [Fault(row.number, "", "", "", note) for note in made.notes[:1]]
    return _outcome(batch, ordinal, row, case, made, faults)


def _outcome(
    batch: Batch, ordinal: int, row: Row, case: CaseFile | None, made: Draft | None, faults: Sequence[Fault]
) -> Outcome:
    party = case.parties[0] if case else None
    name = (party.trade_name or party.name) if party else ""
    data = made.data if made else None
    result = NOTHING if made is None else DRAFT if made.watermark or faults else MADE
    return Outcome(
        ordinal,
        row.number,
        case.id if case else "",
        name,
        _number(batch, case) if case and result == MADE else "",
        file_name(ordinal, name, batch.kind.name, draft=result == DRAFT) if made else "",
        sha256(data).hexdigest() if data else "",
        result,
        tuple(faults),
        data,
    )


def _number(batch: Batch, case: CaseFile) -> str:
    """The whole number the paper bears."""
    source = getattr(case, batch.kind.block) if batch.kind.block else case.papers[-1]
    number = getattr(source, "number", None)
    if number is None:
        return ""
    return number_text(batch.kind, number, Uses(batch.base), getattr(source, "date", None) or batch.day)
