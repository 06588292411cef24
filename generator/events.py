"""One time line of a case: every paper made or recorded, from the blocks of the case file and its papers.

Gates, deadlines, dossiers and ledgers read this and the case; nobody else derives the order again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from generator.casefile import CaseFile
from generator.casetypes import Number
from generator.catalogue import RECEIPT, DocumentType, document_type
from generator.computed import walk
from generator.ownfields import read_own
from generator.papers import Paper, Served
from kb.errors import NotFound, WrongUse
from kb.importing.yaml_files import Lines

FILING = "filing_approval"
"""The paper that opens a case; ``filed`` stands for it where the case has none."""
ON_THE_SPOT = "on_the_spot_decision"


@dataclass(frozen=True, slots=True)
class Event:
    """One paper of the case.

    Attributes:
        type: its document type.
        day: the day it bears; None where the case doesn't say.
        number: its number as the case says it, not yet printed.
        party: which party it is for, from 1; None: all of them (a block of several parties), or nobody.
        served: how it reached the party, or is to reach it; None where the case doesn't say.
        key: its key in the case; empty for a block.
        void: why it no longer counts; empty where it does.
        index: its place among ``papers``, from 0; None for a block.
    """

    type: str
    day: date | None
    number: Number | None = None
    party: int | None = None
    served: Served | None = None
    key: str = ""
    void: str = ""
    index: int | None = None

    @property
    def served_on(self) -> date | None:
        """The day it reached the party; a decision on the spot is handed over there (处罚法 52(1))."""
        said = self.served.day if self.served else None
        return said or (self.day if self.type == ON_THE_SPOT else None)

    @property
    def name(self) -> str:
        """What a receipt of it is asked for by: its key, or its type where it has none."""
        return self.key or self.type


def events(case: CaseFile) -> tuple[Event, ...]:
    """Every paper of the case in the order of its days; what has no day comes last, as the case has it."""
    found = [*_blocks(case), *(_event(case, n, paper) for n, paper in enumerate(case.papers))]
    if case.filed and not any(e.type == FILING and not e.void for e in found):
        found.insert(0, Event(FILING, case.filed))
    return tuple(sorted(found, key=lambda e: e.day or date.max))


def day_of(kind: DocumentType, case: CaseFile, paper: Paper | None) -> date | None:
    """The day a paper bears, where the case says it: its date, or the field its type is dated by."""
    if kind.type == RECEIPT:
        return None  # that of the service (`served_paper`)
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
    day = day_of(kind, case, paper)
    return Event(paper.type, day, paper.number, party, paper.served, paper.key or "", paper.void or "", n)


def _blocks(case: CaseFile) -> Iterator[Event]:
    """The papers that have a block of their own; one of which nothing is written is no paper yet."""
    spot, party = case.on_the_spot, 1 if len(case.parties) == 1 else None
    rows: list[tuple[str, Any, date | None]] = [
        (ON_THE_SPOT, spot, _day(spot.time)),
        ("correction_order", case.correction_order, case.correction_order.date),
        ("guidance_note", case.guidance_note, case.guidance_note.date),
        ("prior_notice", case.notice, case.notice.date),
        (decision_type(case), case.decision, case.decision.date),
    ]
    for type, block, day in rows:
        if block.number is not None or day or block.served:
            yield Event(type, day or (block.served and block.served.day), block.number, party, block.served)


def decision_type(case: CaseFile) -> str:
    """What the block ``decision`` is: no penalty where none is given and a list entry is relied on."""
    penalised = any(v.fine or v.measures for v in case.violations)
    return "no_penalty_decision" if case.leniency and not penalised else "decision"


# ---------------------------------------------------------------- what was served


def served_papers(case: CaseFile) -> tuple[Event, ...]:
    """The papers whose service is written, in the order of their days; each is owed a receipt (送达回证)."""
    return tuple(e for e in events(case) if e.served and not e.void)


def served_paper(case: CaseFile, which: str = "") -> Event:
    """The paper a receipt is of.

    Args:
        which: its key, or its type (identifier or Chinese name) where the case has one of it; left out, the
            only one whose service is written.

    Raises:
        NotFound: the case has no such paper, or none was served.
        WrongUse: several, and none chosen.
    """
    served = served_papers(case)
    if not which:
        if not served:
            hint = "在所送达的文书里写 served: {at: 2026-11-03 10:00, place: 送达地点}；还没有送达的不写 at"
            raise NotFound("案件没有写送达的文书", where=f"案件 {case.id}", hint=hint)
        return _only(case, f"送达了{len(served)}份文书", served)
    there = [e for e in events(case) if not e.void and (e.index is not None or document_type(e.type).block)]
    found = [e for e in there if which == e.key]
    found = found or [e for e in there if which in (e.type, document_type(e.type).name)]
    if not found:
        names = "、".join(e.name for e in served or there)
        hint = f"可用的有：{names}" if names else "先写在案件文件里"
        raise NotFound(f"案件没有 key 是“{which}”的文书", where=f"案件 {case.id}", hint=hint)
    return _only(case, f"有{len(found)}份“{which}”", found)


def _only(case: CaseFile, said: str, found: Sequence[Event]) -> Event:
    if len(found) == 1:
        return found[0]
    names = [e.name for e in found]
    hint = "用 --paper 指明是哪一份的送达回证：" + "、".join(names)
    if len(set(names)) < len(names):
        hint = "给每一份写上 key，再指明是哪一份的送达回证"
    raise WrongUse(f"案件{said}", where=f"案件 {case.id}", hint=hint)
