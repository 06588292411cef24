"""What stored papers cite and rest on: rows that upper rooms register when they store a paper.

A paper was proven when it left, so each row names the text it was proven against: the law, the day it was
judged on, and the day from which that text applied. A later change of the law changes no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kb.citation import format_citation
from kb.errors import BadRecord
from kb.laws import LawBook

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST = 500
"""Citations of one paper that are kept: more is no paper."""


@dataclass(frozen=True, slots=True)
class CitationUse:
    """One provision a paper cites.

    Attributes:
        place: where it stands first.
        law: the official title.
        version: from when the text it was proven against applied; None where that is not known.
        article: ``59`` or ``120-1``.
        day: the day it was judged on.
    """

    place: str
    law: str
    version: date | None
    article: str
    paragraph: int | None
    item: int | None
    day: date | None

    def __str__(self) -> str:
        number, _, suffix = self.article.partition("-")
        return format_citation(self.law, int(number), int(suffix or 0), self.paragraph, self.item)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {name: _text(getattr(self, name)) for name in ("version", "day")}


@dataclass(frozen=True, slots=True)
class RecordUse:
    """One record of the base a paper rests on: a benchmark, an entry of a list, a phrase."""

    record_kind: str
    record_id: str
    valid_from: date | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"valid_from": _text(self.valid_from)}


@dataclass(frozen=True, slots=True)
class Rests:
    """All that one paper cites and rests on."""

    citations: tuple[CitationUse, ...] = ()
    records: tuple[RecordUse, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "citations": [c.to_dict() for c in self.citations],
            "records": [r.to_dict() for r in self.records],
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any], where: str) -> Rests:
        """What `to_dict` wrote, from a file that came from outside.

        Raises:
            BadRecord: it can't be read.
        """
        try:
            citations, records = said["citations"], said["records"]
            if len(citations) > MOST or len(records) > MOST:
                raise ValueError
            return cls(
                tuple(
                    CitationUse(
                        str(c["place"])[:200], _short(c["law"], 300), _day(c["version"]),
                        _article(c["article"]), _number(c["paragraph"]), _number(c["item"]), _day(c["day"]),
                    )
                    for c in citations
                ),
                tuple(
                    RecordUse(
                        _short(r["record_kind"], 20), _short(r["record_id"], 200), _day(r["valid_from"])
                    )
                    for r in records
                ),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            hint = "请对方重新导出，或者删去 uses，导入后由系统重新读取"
            raise BadRecord("文书的引用读不出来", where=where, hint=hint) from e


NOTHING = Rests()


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _number(value: Any) -> int | None:
    if value is not None and not (type(value) is int and 0 < value < 10_000):
        raise ValueError
    return value


def _short(value: Any, most: int) -> str:
    if not (isinstance(value, str) and 0 < len(value) <= most):
        raise ValueError
    return value


def _article(value: Any) -> str:
    number, sign, suffix = _short(value, 20).partition("-")
    if not (number.isdecimal() and (suffix.isdecimal() or not sign)):
        raise ValueError
    return str(value)


# ---------------------------------------------------------------- registered and read


def register(conn: sa.Connection, papers: Iterable[tuple[str, str, Rests]]) -> None:
    """Store what papers cite and rest on, in the transaction that stores the papers.

    Args:
        papers: (kind, id, what it rests on); all of a transaction together, in two statements.
    """
    import sqlalchemy as sa

    from kb import schema

    nothing = CitationUse("", "", None, "", None, None, None)
    cited: list[dict[str, Any]] = []
    rested: list[dict[str, Any]] = []
    for kind, id, rests in papers:
        head = {"kind": kind, "id": id}
        cited += _rows(head, rests.citations[:MOST] or (nothing,))
        rested += _rows(head, rests.records[:MOST])
    for table, rows in ((schema.citation_uses, cited), (schema.record_uses, rested)):
        if rows:
            conn.execute(sa.insert(table), rows)


def _rows(head: dict[str, Any], uses: Sequence[CitationUse | RecordUse]) -> Iterator[dict[str, Any]]:
    for n, use in enumerate(uses):
        yield head | {"ordinal": n} | {field: getattr(use, field) for field in use.__slots__}


def registered(conn: sa.Connection, kind: str, id: str) -> Rests:
    """What was registered of one paper; nothing where it was never read."""
    import sqlalchemy as sa

    from kb.schema import citation_uses as c
    from kb.schema import record_uses as r

    cited = sa.select(*(c.c[f] for f in CitationUse.__slots__)).order_by(c.c.ordinal)
    rested = sa.select(*(r.c[f] for f in RecordUse.__slots__)).order_by(r.c.ordinal)
    return Rests(
        tuple(
            CitationUse(*row)
            for row in conn.execute(cited.where(c.c.kind == kind, c.c.id == id, c.c.law != ""))
        ),
        tuple(RecordUse(*row) for row in conn.execute(rested.where(r.c.kind == kind, r.c.id == id))),
    )


def citing(
    conn: sa.Connection, law: str, article: str, kinds: Sequence[str]
) -> list[tuple[str, str, CitationUse]]:
    """The (kind, id, citation) of whatever cites a law, or one article of it."""
    import sqlalchemy as sa

    from kb import schema

    c = schema.citation_uses.c
    query = sa.select(c.kind, c.id, *(c[f] for f in CitationUse.__slots__))
    query = query.where(c.law == law, c.kind.in_(kinds)).order_by(c.kind, c.id, c.ordinal)
    if article:
        query = query.where(c.article == article)
    return [(kind, id, CitationUse(*rest)) for kind, id, *rest in conn.execute(query)]


def resting(
    conn: sa.Connection, record_kind: str, record_id: str, kinds: Sequence[str]
) -> list[tuple[str, str, RecordUse]]:
    """The (kind, id, record) of whatever rests on a record of the base, any version of it."""
    import sqlalchemy as sa

    from kb import schema

    c = schema.record_uses.c
    query = sa.select(c.kind, c.id, *(c[f] for f in RecordUse.__slots__)).order_by(c.kind, c.id, c.ordinal)
    query = query.where(c.record_kind == record_kind, c.record_id == record_id, c.kind.in_(kinds))
    return [(kind, id, RecordUse(*rest)) for kind, id, *rest in conn.execute(query)]


def ended(book: LawBook, use: CitationUse) -> date | None:
    """The first day on which the text that a citation was proven against was no longer in force; None: it
    still is, or nothing loaded says otherwise."""
    versions = book.versions_of(use.law)
    found = [v for v in versions if v.from_ == use.version] if use.version else []
    later = [v.from_ for v in versions if v.from_ and use.version and v.from_ > use.version]
    repeal = book.repeal_of(use.law)
    days = [*(v.to for v in found if v.to), *later, *([repeal.day] if repeal else [])]
    return min(days, default=None)
