"""The packet: every paper of a case, or of one stage of it, and a list of what it holds and what was refused.

What was issued goes in as it was issued; the rest is drafted through the gates. A paper that may not leave is
left out and the list says why, with the provision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.documents import Document
from casework.drafting import draft as drafted
from casework.masking import party_shown
from casework.packing import file_name, zipped
from casework.slots import store_key
from casework.writing import BROUGHT, ISSUED
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, STAGES, DocumentType, document_type, document_types
from generator.events import Event, events
from kb.errors import BadRecord, BadTemplate, BadValue, NotFound, NotLoaded, Refused, WrongUse
from kb.snapshot import Snapshot

LIST = "清单.txt"
DRAFTED, DRAFT = "起草", "草稿"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper a case calls for: ``paper`` is what drafting calls it, ``key`` what the store does."""

    kind: DocumentType
    party: int
    paper: str
    key: str
    of: str = ""
    """Of a receipt: the paper that was served."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper of the packet; ``state`` 已签发, 转入, 起草 or 草稿."""

    file: str
    type: str
    name: str
    number: str
    party: str
    state: str
    data: bytes
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in ("file", "type", "name", "number", "party", "state")}
        return said | {"notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class Left:
    """A paper that was left out and why."""

    type: str
    name: str
    party: str
    why: str
    findings: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in ("type", "name", "party", "why")}
        return said | {"findings": list(self.findings)}


@dataclass(frozen=True, slots=True)
class Packet:
    """What goes into the zip or the folder."""

    case: str
    stage: str
    sheets: tuple[Sheet, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...] = ()

    def files(self) -> dict[str, bytes]:
        """The papers by file name, the list first."""
        return {LIST: self.listing().encode(), **{s.file: s.data for s in self.sheets}}

    def zip(self) -> bytes:
        return zipped(self.files())

    def listing(self) -> str:
        """The list as a person reads it."""
        lines = [f"案件 {self.case}　{self.stage or '全部阶段'}", "", f"一、收入 {len(self.sheets)} 份"]
        lines += [f"{s.file}　{s.state}" + "".join(f"\n    {n}" for n in s.notes) for s in self.sheets]
        lines += ["", f"二、没有收入 {len(self.left)} 份"]
        lines += [f"《{x.name}》{x.party}　{x.why}" for x in self.left]
        if self.notes:
            lines += ["", "三、说明", *self.notes]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "stage": self.stage,
            "papers": [s.to_dict() for s in self.sheets],
            "refused": [x.to_dict() for x in self.left],
            "notes": list(self.notes),
        }


def packet(
    case: CaseFile,
    base: Snapshot,
    *,
    decided: date,
    stage: str = "",
    types: Sequence[str] = (),
    issued: Mapping[tuple[str, str, int], tuple[Document, bytes]] | None = None,
    draft: bool = False,
    notes: Sequence[str] = (),
) -> Packet:
    """Every paper of a case, or of one of its stages.

    Args:
        case: the case file.
        base: what papers are drafted from.
        decided: the day of a paper where the case has none (the door's clock).
        stage: only this stage of the procedure; ``types``: only these document types.
        issued: papers kept in the store by type, key and party, with their bytes; they go in as they are.
        draft: refused papers go in as 草稿 with watermark, besides standing in the list.
        notes: what the list says besides.

    Raises:
        WrongUse: no such stage.
    """
    if stage and stage not in STAGES:
        raise WrongUse(f"没有阶段“{stage}”", where="--stage", hint="可以写：" + "、".join(STAGES))
    sheets: list[Sheet] = []
    left: list[Left] = []
    there = dict(issued or {})
    for want in wanted(case):
        where = want.of if want.kind.type == RECEIPT and want.of else want.kind.type
        if (stage and stage not in (want.kind.stage, document_type(where).stage)) or (
            types and where not in types
        ):
            continue
        who = party_shown(case.parties[want.party - 1].model_dump(), masked=False)
        who = who if want.kind.party == "one" else ""
        kept = there.pop((want.kind.type, want.key, want.party), None)
        if kept is not None:
            sheets.append(_kept(len(sheets) + 1, *kept, who))
            continue
        sheet, refused = _made(want, case, base, decided, draft, len(sheets) + 1, who)
        sheets += [sheet] if sheet else []
        left += [refused] if refused else []
    for doc, data in there.values():
        known = _stage_of(doc.type)
        if (not stage or known == stage) and (not types or doc.type in types):
            sheets.append(_kept(len(sheets) + 1, doc, data, ""))
    return Packet(case.id, stage, tuple(sheets), tuple(left), tuple(notes))


def wanted(case: CaseFile) -> Iterator[Wanted]:
    """Every paper the case has, in the order of its days: one a liable party where it is addressed to one,
    and behind each that was served its receipt.

    The filing that a case only names by its day (``filed``) is no paper, and void ones are none any more.
    """
    liable = sorted({v.party for v in case.violations})
    for event in events(case):
        kind = document_type(event.type)
        if event.void or (event.index is None and not kind.block):
            continue
        parties = [1] if kind.party != "one" else [event.party] if event.party else liable
        for party in parties:
            yield Wanted(kind, party, _paper_name(case, event), store_key(event))
            if event.served:
                yield Wanted(document_type(RECEIPT), party, event.name, event.name, kind.type)


def _paper_name(case: CaseFile, event: Event) -> str:
    """What drafting calls a paper: its key, or its number among those of its type."""
    if event.index is None or event.key:
        return event.key
    entry = case.papers[event.index]
    return str(
        1 + next(n for n, p in enumerate(x for x in case.papers if x.type == entry.type) if p is entry)
    )


def _stage_of(type: str) -> str:
    return next((k.stage for k in document_types() if k.type == type), "")


def _kept(ordinal: int, doc: Document, data: bytes, who: str) -> Sheet:
    file = file_name(ordinal, doc.name, doc.number_text, who)
    return Sheet(file, doc.type, doc.name, doc.number_text, who, doc.state, data)


def _made(
    want: Wanted, case: CaseFile, base: Snapshot, decided: date, as_draft: bool, ordinal: int, who: str
) -> tuple[Sheet | None, Left | None]:
    """A paper drafted now, or why not; or both, where refused papers are asked for as drafts."""
    kind, refused = want.kind, None
    of = f"（{document_type(want.of).name}）" if want.of else ""
    how = {"decided": decided, "party": want.party, "paper": want.paper}
    try:
        try:
            made = drafted(kind.type, case, base, draft=False, **how)  # type: ignore[arg-type]
        except Refused as e:
            refused = Left(kind.type, kind.name + of, who, str(e), tuple(e.findings))
            if not as_draft:
                return None, refused
            made = drafted(kind.type, case, base, draft=True, **how)  # type: ignore[arg-type]
    except (NotLoaded, NotFound, WrongUse, BadRecord, BadValue, BadTemplate) as e:
        return None, Left(kind.type, kind.name + of, who, str(e))
    file = file_name(ordinal, kind.name + of, DRAFT if made.watermark else "", who)
    state = DRAFT if made.watermark else DRAFTED
    return Sheet(file, kind.type, kind.name + of, "", who, state, made.data, made.notes), refused


def kept(docs: Sequence[tuple[Document, bytes]]) -> dict[tuple[str, str, int], tuple[Document, bytes]]:
    """Issued papers by type, key and party, as `packet` takes them."""
    return {
        (doc.type, doc.key, doc.party): (doc, data)
        for doc, data in docs
        if doc.state in (ISSUED, BROUGHT) and data
    }
