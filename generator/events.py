"""One time line of a case: every paper made or recorded, from the blocks of the case file and its papers.

Gates, deadlines, dossiers and ledgers read this and the case; nobody else derives the order again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from generator.casefile import CaseFile
from generator.casetypes import Number
from generator.catalogue import DocumentType, document_type
from generator.computed import walk
from generator.ownfields import read_own
from generator.papers import Paper
from kb.errors import NotFound
from kb.importing.yaml_files import Lines

FILING = "filing_approval"
"""The paper that opens a case; ``filed`` stands for it where the case has none."""


@dataclass(frozen=True, slots=True)
class Event:
    """One paper of the case.

    Attributes:
        type: its document type.
        day: the day it bears; None where the case doesn't say.
        number: its number as the case says it, not yet printed.
        party: which party it is for, from 1; None: all of them (a block of several parties), or nobody.
        served_on: the day it reached the party.
        key: its key in the case; empty for a block.
        void: why it no longer counts; empty where it does.
        index: its place among ``papers``, from 0; None for a block.
    """

    type: str
    day: date | None
    number: Number | None = None
    party: int | None = None
    served_on: date | None = None
    key: str = ""
    void: str = ""
    index: int | None = None


def events(case: CaseFile) -> tuple[Event, ...]:
    """Every paper of the case in the order of its days; what has no day comes last, as the case has it."""
    found = [*_blocks(case), *(_event(case, n, paper) for n, paper in enumerate(case.papers))]
    if case.filed and not any(e.type == FILING and not e.void for e in found):
        found.insert(0, Event(FILING, case.filed))
    return tuple(sorted(found, key=lambda e: e.day or date.max))


def day_of(kind: DocumentType, case: CaseFile, paper: Paper | None) -> date | None:
    """The day a paper bears, where the case says it: its date, or the field its type is dated by."""
    if kind.block:
        return _day(walk(case, kind.dated or f"{kind.block}.date"))
    if paper and paper.date:
        return paper.date
    if not kind.dated.startswith("own."):
        return _day(walk(case, kind.dated)) if kind.dated else None
    if paper is None:
        return None
    at = ("papers", case.papers.index(paper)) if paper in case.papers else ("papers",)
    return _day(read_own(paper, Lines("案件"), at).get(kind.dated.removeprefix("own.")))


def _day(found: date | datetime | None) -> date | None:
    return found.date() if isinstance(found, datetime) else found


def _event(case: CaseFile, n: int, paper: Paper) -> Event:
    kind = document_type(paper.type)
    party = (paper.party or 1) if kind.party == "one" else None
    served = paper.served.at.date() if paper.served else None
    day = day_of(kind, case, paper)
    return Event(paper.type, day, paper.number, party, served, paper.key or "", paper.void or "", n)


def _blocks(case: CaseFile) -> Iterator[Event]:
    """The papers that have a block of their own; a block without a number and a day is no paper yet."""
    served, party = _served(case), 1 if len(case.parties) == 1 else None
    rows = [
        ("correction_order", case.correction_order.number, case.correction_order.date, served),
        ("guidance_note", case.guidance_note.number, case.guidance_note.date, served),
        ("prior_notice", case.notice.number, case.notice.date, {"prior_notice": case.notice.served_on}),
        (decision_type(case), case.decision.number, case.decision.date, served),
    ]
    spot = case.on_the_spot
    if spot.time or spot.number:
        day = spot.time.date() if spot.time else None
        yield Event("on_the_spot_decision", day, spot.number, party, day)  # delivered on the spot (52(1))
    for type, number, day, when in rows:
        at = when.get(type)
        if number is not None or day or at:
            yield Event(type, day or at, number, party, at)
    if case.service:
        at = case.service.served_at
        yield Event("service_receipt", at.date() if at else None, None, party)


def decision_type(case: CaseFile) -> str:
    """What the block ``decision`` is: no penalty where none is given and a list entry is relied on."""
    penalised = any(v.fine or v.measures for v in case.violations)
    return "no_penalty_decision" if case.leniency and not penalised else "decision"


def _served(case: CaseFile) -> dict[str, date | None]:
    """What the service record of the case says of one paper."""
    record = case.service
    if record is None or record.served_at is None:
        return {}
    try:
        type = document_type(record.document).type
    except NotFound:
        return {}
    return {type: record.served_at.date()}
