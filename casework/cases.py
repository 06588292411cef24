"""Cases: read, listed, and written under a revision that must be the one that was read.

Reading needs no lock; `Cases.writing` opens the transaction of the one writer (`casework.writing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.writing import STATES, CaseWriter, StoredCase, stored
from kb.errors import NotFound, WrongUse
from kb.records import DOMAINS
from kb.store import Store

AT_ONCE = 200
"""Cases or papers that are asked for together: of thousands only these stand in memory."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list; ``parties`` as the reader may see them."""

    id: str
    revision: int
    state: str
    stage: str
    cause: str
    domains: tuple[str, ...]
    officers: tuple[str, ...]
    parties: tuple[str, ...]
    author: str
    at: str
    fault: str

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in self.__slots__}
        return {n: list(v) if isinstance(v, tuple) else v for n, v in said.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One revision of a case: when it happened, who entered it and when."""

    revision: int
    day: date
    author: str
    at: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "revision": self.revision,
            "day": self.day.isoformat(),
            "author": self.author,
            "at": self.at,
            "note": self.note,
        }


class Cases:
    """The cases in the database of a base."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @contextmanager
    def writing(self, *, by: str, at: datetime) -> Iterator[CaseWriter]:
        """One transaction; other writers wait. Nothing is kept if the block raises.

        Args:
            by: who writes.
            at: when, with a time zone (the door's clock).

        Raises:
            BadValue: nobody is named.
            StoreFailure: the database can't be written.
        """
        with self.store.locked() as conn:
            writer = CaseWriter(conn, by=by, at=at)
            yield writer
            writer.finish()

    def read(self, id: str, revision: int | None = None) -> StoredCase:
        """A case as it stands, or as it stood at a revision (its state is today's).

        Raises:
            NotFound: no case of this id, or it has no such revision.
        """
        with self.store.connected() as conn:
            row = conn.execute(sa.select(t.case_file).where(t.case_file.c.id == id)).first()
            if row is None:
                raise NotFound(f"没有编号为“{id}”的案件", hint="用 cailiang case list 查看案件")
            now = stored(row)
            if revision is None or revision == now.revision:
                return now
            c = t.case_revision.c
            query = sa.select(t.case_revision).where(c.case == id, c.revision == revision)
            old = conn.execute(query).first()
        if old is None:
            raise NotFound(f"案件“{id}”没有第{revision}次修订", hint=f"共有{now.revision}次修订")
        return StoredCase(id, revision, old.body, "", now.state, now.stage, old.author, old.at)

    def several(self, ids: Sequence[str]) -> Iterator[StoredCase]:
        """Those of several cases that there are, as they stand: all from one reading, a few at a time."""
        c = t.case_file.c
        with self.store.connected() as conn:
            for n in range(0, len(ids), AT_ONCE):
                yield from map(
                    stored, conn.execute(sa.select(t.case_file).where(c.id.in_(ids[n : n + AT_ONCE])))
                )

    def history(self, id: str) -> list[Change]:
        """Every revision of a case, oldest first."""
        c = t.case_revision.c
        query = sa.select(c.revision, c.day, c.author, c.at, c.note).where(c.case == id).order_by(c.revision)
        with self.store.connected() as conn:
            return [Change(*row) for row in conn.execute(query)]

    def autosaved(self, id: str, author: str) -> tuple[bodies.Body, int] | None:
        """What somebody was typing in a case and over which revision; None where nothing is kept."""
        c = t.case_autosave.c
        query = sa.select(c.body, c.revision).where(c.case == id, c.author == author)
        with self.store.connected() as conn:
            row = conn.execute(query).first()
        return (bodies.load(row.body), row.revision) if row else None

    def list(
        self,
        *,
        state: str = "",
        officer: str = "",
        domain: str = "",
        party: str = "",
        number: str = "",
        masked: bool = True,
        limit: int = 100,
        skip: int = 0,
    ) -> tuple[int, list[CaseRow]]:
        """The cases that fit, the last changed first.

        Args:
            state: 未填完, 在办 or 已结案; officer: a name; domain: 市场监管 …; party: part of a name.
            number: part of its id, or of the number of one of its papers.
            masked: natural persons' names are blotted out; a party is then found by a whole name only.
            limit: how many at most; ``skip``: how many to pass over.

        Returns:
            how many fit, and those asked for.

        Raises:
            WrongUse: no such state or domain.
        """
        c = t.case_file.c
        fits = [
            *_one_of("state", state, STATES, c.state == state),
            *_one_of("domain", domain, DOMAINS, c.domains.contains(f"|{domain}|", autoescape=True)),
        ]
        if officer:
            fits.append(c.officers.contains(f"|{officer}|", autoescape=True))
        if party:
            fits.append(c.parties.contains(f'"{party}"' if masked else party, autoescape=True))
        if number:
            d = t.document.c
            papers = sa.select(d.case).where(d.number_text.contains(number, autoescape=True))
            fits.append(c.id.contains(number, autoescape=True) | c.id.in_(papers))
        columns = [c[n] for n in CaseRow.__slots__]
        query = sa.select(*columns).where(*fits).order_by(c.at.desc(), c.id).limit(limit).offset(skip)
        with self.store.connected() as conn:
            total = conn.execute(sa.select(sa.func.count()).select_from(t.case_file).where(*fits)).scalar()
            rows = conn.execute(query).all()
        return int(total or 0), [_listed(row, masked) for row in rows]


def _one_of(name: str, given: str, known: tuple[str, ...], fits: Any) -> list[Any]:
    if given and given not in known:
        raise WrongUse(f"没有“{given}”", where=f"--{name}", hint="可以写：" + "、".join(known))
    return [fits] if given else []


def _listed(row: sa.Row[Any], masked: bool) -> CaseRow:
    return CaseRow(
        row.id,
        row.revision,
        row.state,
        row.stage,
        row.cause,
        tuple(bodies.split(row.domains)),
        tuple(bodies.split(row.officers)),
        tuple(bodies.parties_shown(row.parties, masked)),
        row.author,
        row.at,
        row.fault,
    )
