"""Where in a case a paper stands: a block of its own (`decision`), or an entry of `papers`; a receipt stands
where the paper does that was served.

Issuing writes number, day and key into that place, so that what one paper bears the next one names.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import count

from casework import numbering
from casework.bodies import Body
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, DocumentType, document_type
from generator.events import Event, day_of, served_paper
from kb.errors import BadValue


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one paper.

    Attributes:
        index: its place among ``papers``, from 0 (behind the last: it is not there yet); None for a block.
        key: what names it in the case; of a block, its name, and of the receipt of a block its type.
        party: the party it names itself, from 1.
        number: as the case says it; ``day``: likewise.
        numbered: whether it has a number of its own; a receipt bears that of what was served.
    """

    kind: DocumentType
    index: int | None
    key: str
    party: int | None
    number: int | str | None
    day: date | None
    numbered: bool

    @property
    def paper(self) -> str:
        """What drafting calls it: the key of an entry, nothing for a block, of a receipt what was served."""
        return self.key if self.index is not None or self.kind.type == RECEIPT else ""

    def filled(self, body: Body, number: int | str | None, day: date) -> Body:
        """The body with number, day and key written in where the case has none yet."""
        new = copy.deepcopy(body)
        written: dict[str, int | str] = {} if self.index is None else {"key": self.key}
        if self.kind.dated in ("", f"{self.kind.block}.date"):
            written["date"] = day.isoformat()
        if self.numbered and number is not None:
            written["number"] = number
        if written:
            place = self.place(new)
            place |= {name: value for name, value in written.items() if place.get(name) is None}
        return new

    def place(self, body: Body) -> Body:
        """The mapping in the body that is this paper, made where it isn't there yet."""
        if self.index is None:
            if not body.get(self.kind.block):
                body[self.kind.block] = {}
            block: Body = body[self.kind.block]
            return block
        papers: list[Body] = body.get("papers") or []
        body["papers"] = papers
        if self.index == len(papers):
            papers.append({"type": self.kind.type})
        return papers[self.index]


def slot_of(case: CaseFile, kind: DocumentType, key: str = "", taken: Collection[str] = ()) -> Slot:
    """The place of a paper in its case; a type that the case has no entry of gets one.

    Args:
        key: which of several papers of this type; left out, the first that isn't issued yet. For a receipt
            which paper was served.
        taken: the keys of the papers that are.

    Raises:
        BadValue: the case has no such paper.
        NotFound, WrongUse: as `served_paper`.
    """
    if kind.type == RECEIPT:
        return _of_served(case, kind, served_paper(case, key))
    if kind.block:
        block = getattr(case, kind.block)
        number = getattr(block, "number", None)
        day = day_of(kind, case, None)
        room = block is not None and "number" in type(block).model_fields
        return Slot(kind, None, kind.block, None, number, day, room)
    own = [(n, p) for n, p in enumerate(case.papers) if p.type == kind.type and not p.void]
    free = _free(case, kind.type)
    if not own and not key:
        return Slot(kind, len(case.papers), free, None, None, None, True)
    named = [(n, p) for n, p in own if (p.key == key if key else p.key is None or p.key not in taken)]
    if not named and (key or kind.repeat):
        wanted = f"“{key}”" if key else "还没有签发的"
        hint = f"先在 papers 里写一份 type: {kind.type}，再签发"
        raise BadValue(f"案件里没有{wanted}《{kind.name}》", where=f"案件 {case.id} papers", hint=hint)
    n, paper = (named or own)[0]
    return Slot(kind, n, paper.key or free, paper.party, paper.number, day_of(kind, case, paper), True)


def _of_served(case: CaseFile, kind: DocumentType, of: Event) -> Slot:
    """The place of a receipt: that of the paper that was served, without a number of its own."""
    if of.index is None:
        return Slot(kind, None, of.type, None, None, of.served_on, False)
    key = of.key or _free(case, of.type)
    return Slot(kind, of.index, key, case.papers[of.index].party, None, of.served_on, False)


def _free(case: CaseFile, type: str) -> str:
    """A key that no paper of the case has."""
    names = {p.key for p in case.papers}
    return next(k for i in count(1) if (k := f"{type}-{i}") not in names)


def store_key(event: Event) -> str:
    """What the store calls a paper of a case: its key, or the name of its block."""
    return event.key or document_type(event.type).block


def bearing(case: CaseFile, event: Event, number: str) -> CaseFile:
    """The case with another number at one of its papers: a second party's letter has one of its own."""
    if event.index is None:
        block = document_type(event.type).block
        return case.model_copy(update={block: getattr(case, block).model_copy(update={"number": number})})
    papers = list(case.papers)
    papers[event.index] = papers[event.index].model_copy(update={"number": number})
    return case.model_copy(update={"papers": papers})


def emptied(body: Body, kind: DocumentType, key: str, number: str, why: str) -> Body:
    """The body after a paper became void: an entry of ``papers`` says why, a block gives up its number.

    A void receipt changes nothing: the paper was served all the same.
    """
    new = copy.deepcopy(body)
    if kind.type == RECEIPT:
        return new
    if kind.block:
        block = new.get(kind.block)
        if isinstance(block, dict) and numbering.same(number, block.get("number")):
            del block["number"]
        return new
    for paper in new.get("papers") or []:
        if isinstance(paper, dict) and paper.get("key") == key and not paper.get("void"):
            paper["void"] = why
    return new
