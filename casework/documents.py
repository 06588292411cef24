"""The papers of the cases as they are kept: numbers, states and bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from casework import schema as t
from casework.numbering import DOCUMENTS, Series
from generator.catalogue import document_type
from generator.provenance import Provenance
from kb.errors import NotFound
from kb.store import Store

PAPER = "document"
"""What a paper is called where its citations are registered (`kb.uses`)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper with a number, or a number without a paper yet (预领), or one that is spoiled (作废).

    Attributes:
        revision: the revision of the case it was drawn from.
        key: what names it in its case; of a block, the block's name.
        day: the day it bears; ``at``: when it was entered.
        sha256: of its bytes; empty where it was written by hand and not scanned.
        holder: who took the number away for handwriting; ``why``: the reason it is void.
    """

    id: int
    case: str
    revision: int
    type: str
    key: str
    party: int
    number_text: str
    day: date | None
    state: str
    sha256: str
    provenance: Provenance | None
    holder: str
    author: str
    at: str
    why: str

    @property
    def name(self) -> str:
        try:
            return document_type(self.type).name
        except NotFound:  # brought along from another office
            return self.type

    @property
    def heading(self) -> dict[str, Any]:
        """Which paper it is, for lists of papers."""
        return {
            "document": self.id,
            "type": self.type,
            "name": self.name,
            "number": self.number_text,
            "day": self.day.isoformat() if self.day else None,
        }

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in self.__slots__ if n != "provenance"}
        return said | {"name": self.name, "day": self.day.isoformat() if self.day else None}


# ---------------------------------------------------------------- reading


def documents(store: Store, case: str) -> list[Document]:
    """The papers of a case in the order they were issued, void ones too."""
    with store.connected() as conn:
        return select(conn, t.document.c.case == case)


def series(store: Store, code: str, year: int) -> list[Document]:
    """Every number of a code and year, in order: the register of outgoing papers (发文登记)."""
    c = t.document.c
    with store.connected() as conn:
        return select(conn, (c.code == code) & (c.year == year), c.number)


def every_series(store: Store) -> list[tuple[Series, int, dict[str, int]]]:
    """Every run of document numbers, the newest year first: its last number, and how many of each state."""
    c, d = t.counter.c, t.document.c
    runs = sa.select(c.year, c.code, c.value).where(c.ledger == DOCUMENTS).order_by(c.year.desc(), c.code)
    query = sa.select(d.code, d.year, d.state, sa.func.count()).where(d.number.is_not(None))
    with store.connected() as conn:
        found = conn.execute(runs).all()
        states: dict[tuple[str, int], dict[str, int]] = {}
        for code, year, state, count in conn.execute(query.group_by(d.code, d.year, d.state)):
            states.setdefault((code, year), {})[state] = count
    return [(Series(DOCUMENTS, r.year, r.code), r.value, states.get((r.code, r.year), {})) for r in found]


def document(store: Store, which: str) -> Document:
    """One paper by its number (示综执罚〔2026〕5号) or by its id.

    Raises:
        NotFound: there is none.
    """
    with store.connected() as conn:
        return find(conn, which)


def content(store: Store, sha256: str) -> bytes:
    """The bytes of a paper or an attachment.

    Raises:
        NotFound: nothing is stored under this hash.
    """
    with store.connected() as conn:
        found = conn.execute(sa.select(t.content.c.body).where(t.content.c.sha256 == sha256)).scalar()
    if found is None:
        raise NotFound("没有存这份文件", where=sha256[:12], hint="手写的文书要先扫描存入")
    return bytes(found)


def find(conn: sa.Connection, which: str) -> Document:
    c = t.document.c
    by_id = c.id == int(which) if which.isascii() and which.isdigit() and len(which) < 10 else None
    found = select(conn, c.number_text == re.sub(r"\s", "", which) if by_id is None else by_id)
    if not found:
        raise NotFound(
            f"没有文书“{which[:40]}”", hint="写文号（示综执罚〔2026〕5号）或者编号；cailiang case show 列出"
        )
    return found[0]


def select(conn: sa.Connection, which: sa.ColumnElement[bool], *order: Any) -> list[Document]:
    """The papers that fit, within a transaction."""
    query = sa.select(t.document).where(which).order_by(*order, t.document.c.id)
    return [_document(row) for row in conn.execute(query)]


def _document(row: sa.Row[Any]) -> Document:
    return Document(
        id=row.id,
        case=row.case or "",
        revision=row.revision or 0,
        type=row.type,
        key=row.key,
        party=row.party,
        number_text=row.number_text,
        day=row.day,
        state=row.state,
        sha256=row.sha256 or "",
        provenance=_provenance(row.provenance),
        holder=row.holder,
        author=row.author,
        at=row.at,
        why=row.why,
    )


def _provenance(text: str) -> Provenance | None:
    if not text:
        return None
    said = json.loads(text)
    days = {n: date.fromisoformat(said[n]) if said[n] else None for n in ("act", "decided")}
    return Provenance(**said | days)
