"""Issuing the papers of a batch: cases stored, numbers taken, a chunk of rows in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from casework import schema as t
from casework.cases import Cases
from casework.documents import select
from casework.issuing import issue
from casework.slots import Slot
from casework.writing import ISSUED, CaseWriter
from generator.casefile import CaseFile
from generator.catalogue import DocumentType
from generator.drafting import Draft
from kb.errors import Conflict
from kb.snapshot import Snapshot

Make = Callable[[CaseFile, str], Draft]
"""Drafts the paper of a case; the text says which of several papers of its type."""


@dataclass(frozen=True)
class Registry:
    """Where a batch issues its papers.

    Attributes:
        cases: the cases of the base; ``base``: where the codes of the numbers stand.
        kind: the paper of each case.
        by: who issues; ``now``: the door's clock.
        name: what marks the cases of this very batch, so that it knows them again when it goes on.
    """

    cases: Cases
    base: Snapshot
    kind: DocumentType
    by: str
    now: Callable[[], datetime]
    name: str

    @contextmanager
    def chunk(self) -> Iterator[Chunk]:
        """One transaction: the papers of a chunk are issued together or not at all."""
        with self.cases.writing(by=self.by, at=self.now()) as w:
            yield Chunk(self, w)

    @property
    def note(self) -> str:
        return f"批次 {self.name}"


@dataclass(frozen=True)
class Chunk:
    """The transaction of one chunk."""

    registry: Registry
    w: CaseWriter

    def issue(self, body: Mapping[str, Any], id: str, make: Make) -> tuple[str, bytes]:
        """Store a case and issue its paper; what fails leaves nothing, no number either.

        Returns:
            the number and the bytes of the paper.

        Raises:
            Conflict: there is another case of this id.
            Refused, BadValue: as `casework.issuing.issue`.
        """
        if (before := self._before(id)) is not None:
            return before
        kind, kept = self.registry.kind, []

        def drafted(case: CaseFile, slot: Slot) -> Draft:
            kept.append(make(case, slot.paper))
            return kept[-1]

        with self.w.conn.begin_nested():
            self.w.create(body, note=self.registry.note)
            made = issue(self.w, self.registry.base, id, kind.type, drafted)
        return made.number_text, kept[-1].data

    def _before(self, id: str) -> tuple[str, bytes] | None:
        """The paper that this batch issued before it was stopped; None for a case nobody has."""
        c, r = t.content.c, t.case_revision.c
        query = sa.select(r.note).where(r.case == id, r.revision == 1)
        note = self.w.conn.execute(query).scalar()
        if note is None:
            return None
        if note != self.registry.note:
            hint = "换一个案件编号；同一张表再做一次，先核对上次签发的"
            raise Conflict(f"已有编号为“{id}”的案件", where="案件编号", hint=hint)
        d = t.document.c
        (found,) = select(
            self.w.conn, (d.case == id) & (d.type == self.registry.kind.type) & (d.state == ISSUED)
        )
        data = self.w.conn.execute(sa.select(c.body).where(c.sha256 == found.sha256)).scalar_one()
        return found.number_text, bytes(data)
