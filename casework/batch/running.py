"""The run: each row a case, each case a paper that is proven or a 草稿 that says why; chunk after chunk.

A row's paper is drafted by the same function as any single paper, gates and all. With a registry it is
issued: its number moves on in the transaction that stores it, so rows that fail leave no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from casework.batch.assembling import Assembled, Assembler, Fault
from casework.batch.hands import hands
from casework.batch.journal import DRAFT, ISSUED, MADE, NOTHING, Journal, Outcome
from casework.batch.mapping import Columns
from casework.batch.output import file_name
from casework.batch.report import EXAMPLE
from casework.batch.rows import Row, Sheet
from casework.drafting import draft
from generator.casefile import CaseFile
from generator.catalogue import DocumentType
from generator.drafting import Draft
from generator.events import day_of
from generator.numbers import number_text
from generator.subject import Uses
from kb.errors import CailiangError, Refused
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from casework.batch.issuing import Chunk, Registry
    from casework.office.rosters import Roster

CHUNK = 50
"""Rows that stand in the journal together: what a kill may cost is drafted again."""
FEW = 10
"""Rows that a process drafts at a time beside others: their papers fit into the pipe between two of them."""
T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """A table that is understood, and all it takes to make papers of it.

    Attributes:
        kind: the paper each row becomes.
        sheet: the rows; ``columns``: what they mean; ``assembler``: makes cases of them.
        base: what the papers are proven against; ``day``: the day of papers that name none.
        registry: where papers are issued; None: they are drafted, with the numbers the rows give.
        roster: the officers who hold a certificate, whom `casework.drafting` asks.
    """

    kind: DocumentType
    sheet: Sheet
    columns: Columns
    assembler: Assembler
    base: Snapshot
    day: date
    registry: Registry | None = None
    roster: Roster | None = None

    def draft(self, case: CaseFile, paper: str = "", *, as_draft: bool = False) -> Draft:
        """The paper of a case. Raises Refused where it may not leave, unless a 草稿 is asked for."""
        return draft(
            self.kind.type,
            case,
            self.base,
            decided=self.day,
            draft=as_draft,
            paper=paper,
            roster=self.roster,
        )

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
        outcome = _outcome(batch, ordinal, row, _checked(batch))
        checked.total += 1
        checked.good += outcome.result == MADE
        checked.faults += outcome.faults
        tell(Progress(ordinal, batch.sheet.total, checked.total - checked.good))
        if stop():
            break
    return checked


def run(
    batch: Batch, journal: Journal, tell: Tell, stop: Stop = lambda: False, *, processes: int = 1
) -> bool:
    """Make the papers of all rows that the journal has not yet.

    Args:
        journal: where outcomes go, chunk by chunk; what stands there is not made again.
        tell: told how far it is after each chunk.
        stop: asked after each chunk whether to end here.
        processes: how many may draft side by side; papers that are issued are made one after another.

    Returns:
        whether every row has its outcome.
    """
    done, counts = journal.done(), journal.counts()
    faulty = counts[DRAFT] + counts[NOTHING]
    rows = ((ordinal, row) for ordinal, row in batch.rows() if ordinal > done)
    many = processes > 1 and batch.registry is None and batch.sheet.total - done > processes * CHUNK
    with closing(_side_by_side(batch, rows, processes) if many else _in_turn(batch, rows)) as made:
        for outcomes in made:
            journal.add(outcomes)
            done += len(outcomes)
            faulty += sum(o.result in (DRAFT, NOTHING) for o in outcomes)
            tell(Progress(done, batch.sheet.total, faulty))
            if stop():
                return False
    return True


_Numbered = tuple[int, Row]
_Outcomes = Generator[list[Outcome], None, None]


def _in_turn(batch: Batch, rows: Iterator[_Numbered]) -> _Outcomes:
    """Chunk after chunk. A paper is issued before the journal says so: going on finds it by its case."""
    for chunk in _by(CHUNK, rows):
        with batch.registry.chunk() if batch.registry else nullcontext() as issuing:
            make = _issued(batch, issuing) if issuing else _drafted(batch)
            outcomes = [_outcome(batch, ordinal, row, make) for ordinal, row in chunk]
        yield outcomes


def _side_by_side(batch: Batch, rows: Iterator[_Numbered], processes: int) -> _Outcomes:
    """The same by several processes; the first row loads what all of them share."""

    def work(few: list[_Numbered]) -> list[Outcome]:
        return [_outcome(batch, ordinal, row, make) for ordinal, row in few]

    make = _drafted(batch)
    first = work(list(islice(rows, 1)))
    with hands(processes, work) as spread:
        yield from _by(CHUNK, chain(first, chain.from_iterable(spread(_by(FEW, rows)))))


def _by(count: int, all_of_them: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(all_of_them, count)):
        yield some


# ---------------------------------------------------------------- one row


@dataclass(frozen=True, slots=True)
class _Made:
    """A paper that came about; ``notes``: why it is a 草稿 though nothing is wrong with its case."""

    data: bytes
    number: str
    result: str
    notes: tuple[str, ...] = ()


Make = Callable[[Assembled, CaseFile], _Made]
"""Makes the paper of a case. Raises Refused with its findings where it may not leave."""


def _drafted(batch: Batch) -> Make:
    def make(row: Assembled, case: CaseFile) -> _Made:
        made = batch.draft(case)
        return _Made(made.data, _number(batch, case), DRAFT if made.watermark else MADE, made.notes)

    return make


def _issued(batch: Batch, chunk: Chunk) -> Make:
    def make(row: Assembled, case: CaseFile) -> _Made:
        number, data = chunk.issue(row.body, case.id, batch.draft)
        return _Made(data, number, ISSUED)

    return make


def _checked(batch: Batch) -> Make:
    """A dry run: where numbers come from the registry, a paper is drafted as if it had one."""

    def make(row: Assembled, case: CaseFile) -> _Made:
        if batch.registry:
            case = _as_if_numbered(batch, row, case)
        made = batch.draft(case)
        return _Made(b"", "", DRAFT if made.watermark else MADE, made.notes)

    return make


def _outcome(batch: Batch, ordinal: int, row: Row, make: Make) -> Outcome:
    """One row's paper; where it may not leave, a 草稿 with its faults; where there is no case, only those."""
    found = batch.assembler.case(row)
    case, faults, made = found.case, found.faults, None
    if case is not None:
        try:
            made = make(found, case)
        except CailiangError as error:
            faults = _faults(batch, row, error)
            made = _spoiled(batch, case)
    if made is not None and made.result == DRAFT and not faults:
        faults = [Fault(row.number, "", "", "", note) for note in made.notes[:1]]
    party = case.parties[0] if case else None
    name = (party.trade_name or party.name) if party else ""
    result = made.result if made else NOTHING
    return Outcome(
        ordinal,
        row.number,
        case.id if case else "",
        name,
        made.number if made else "",
        file_name(ordinal, name, batch.kind.name, draft=result == DRAFT) if made else "",
        sha256(made.data).hexdigest() if made else "",
        result,
        tuple(faults),
        made.data if made else None,
    )


def _faults(batch: Batch, row: Row, error: CailiangError) -> list[Fault]:
    if isinstance(error, Refused) and error.findings:
        return [batch.assembler.finding(row, f) for f in error.findings]
    message = error.message + (f"（{error.where}）" if error.where else "")
    return [Fault(row.number, "", "", "", message, error.hint)]


def _spoiled(batch: Batch, case: CaseFile) -> _Made | None:
    """The 草稿 of a case whose paper may not leave; none where not even that can be drafted."""
    try:
        return _Made(batch.draft(case, as_draft=True).data, "", DRAFT)
    except CailiangError:
        return None


def _as_if_numbered(batch: Batch, row: Assembled, case: CaseFile) -> CaseFile:
    """The case with a number in the place of its paper: a dry run takes none."""
    from casework.slots import slot_of  # with what it needs of the database: drafting needs none of it

    return CaseFile.model_validate(slot_of(case, batch.kind).filled(row.body, 1, batch.day))


def _number(batch: Batch, case: CaseFile) -> str:
    """The whole number a drafted paper bears: the one its row gives."""
    kind = batch.kind
    entry = next((p for p in reversed(case.papers) if p.type == kind.type), None)
    number = getattr(getattr(case, kind.block, None) if kind.block else entry, "number", None)
    if number is None:
        return ""
    return number_text(kind, number, Uses(batch.base), day_of(kind, case, entry) or batch.day)
