"""What the office did within some days: its issued papers, each with the case it belongs to.

Reports are counted from what was issued or registered here, by the day the paper bears; a void paper and one
that another office brought along are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.documents import Document, select
from casework.duemoney import fine_of
from casework.masking import party_shown
from casework.unread import Unread, readable
from casework.writing import ISSUED
from generator.casefile import CaseFile, CaseMeasure
from generator.events import FILING
from kb.errors import NotFound
from kb.records import SLUGS
from kb.snapshot import Snapshot
from kb.store import Store

_DOMAINS = {slug: domain for domain, slug in SLUGS.items()}
OTHER = "通用"


@dataclass(frozen=True, slots=True)
class Act:
    """One issued paper and its case as it stands."""

    paper: Document
    case: CaseFile
    state: str

    def party(self, masked: bool) -> str:
        """To whom; a natural person's name is blotted out where asked."""
        if self.paper.party > len(self.case.parties):
            return ""
        return party_shown(self.case.parties[self.paper.party - 1].model_dump(), masked)

    @property
    def fine(self) -> Decimal:
        """Yuan."""
        return fine_of(self.case, self.paper.party)

    @property
    def measures(self) -> tuple[CaseMeasure, ...]:
        """The penalties of this party besides the fine."""
        return tuple(m for v in self.case.violations if v.party == self.paper.party for m in v.measures)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of this party's violations; the first is the one it is counted under."""
        own = [v.benchmark.partition("/")[0] for v in self.case.violations if v.party == self.paper.party]
        return tuple(dict.fromkeys(_DOMAINS.get(slug, OTHER) for slug in own)) or (OTHER,)

    def outcome(self) -> str:
        """The penalties in one line: 罚款50,000元；没收违法所得2,680元."""
        words = [f"{m.kind}{_yuan(m.amount)}" for m in self.measures]
        words += [f"罚款{_yuan(self.fine)}"] if self.fine else []
        return "；".join(words)

    def cause(self, base: Snapshot) -> str:
        """案由: as the case says it, or its violations by name."""
        if self.case.cause:
            return self.case.cause
        own = [v.benchmark for v in self.case.violations if v.party == self.paper.party]
        return "、".join(dict.fromkeys(_title(base, id) for id in own))


def _yuan(amount: Decimal | None) -> str:
    return f"{amount:,f}元" if amount is not None else ""


def _title(base: Snapshot, benchmark: str) -> str:
    try:
        return base.versions("benchmark", benchmark)[-1].title
    except NotFound:
        return benchmark


class Acts:
    """The acts of an office within some days, read once for a report, with the cases they belong to.

    Args:
        store: the cases.
        since: the first day; ``until``: the last.

    Attributes:
        unread: cases whose file isn't whole or can't be read; their papers are not counted, and the report
            says so.
    """

    def __init__(self, store: Store, since: date, until: date) -> None:
        self.since, self.until = since, until
        self.unread: list[Unread] = []
        self._cases: dict[str, tuple[CaseFile, str]] = {}
        c, f = t.document.c, t.case_file.c
        in_time = sa.select(c.case).where(c.state == ISSUED, c.day.between(since, until), c.case.is_not(None))
        said = [f.body.contains(word, autoescape=True) for word in _mentions(since, until)]
        mine = sa.select(f.id).where(f.id.in_(in_time) | sa.or_(*said))
        self._papers: dict[str, list[Document]] = {}
        with store.connected() as conn:
            query = sa.select(f.id, f.body, f.fault, f.state).where(f.id.in_(mine)).order_by(f.id)
            for row in conn.execute(query):
                self._read(*row)
            for paper in select(conn, (c.state == ISSUED) & c.day.is_not(None) & c.case.in_(mine), c.day):
                self._papers.setdefault(paper.case, []).append(paper)

    def _read(self, id: str, body: str, fault: str, state: str) -> None:
        def read() -> CaseFile:
            if fault:
                bodies.stored_case(body, id)
            return bodies.outline_of(body, id, FILING)

        if case := readable(self.unread, id, read):
            self._cases[id] = (case, state)

    def of(self, *types: str) -> list[Act]:
        """The acts of some types, in the order of their days."""
        found = [
            Act(paper, *self._cases[id])
            for id, papers in self._papers.items()
            for paper in papers
            if paper.type in types and id in self._cases and self.inside(paper.day)
        ]
        return sorted(found, key=lambda a: (a.paper.day or date.max, a.paper.id))

    def inside(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    def papers(self, case: str) -> list[Document]:
        """All issued papers of a case, in the order of their days, whenever they were made."""
        return self._papers.get(case, [])

    def cases(self) -> Iterator[CaseFile]:
        """Every case that has a paper, a payment or a remedy within the days (and a few more)."""
        return (case for case, _ in self._cases.values())


def _mentions(since: date, until: date) -> Iterator[str]:
    """How a body (see `bodies.dump`) says that money came or a remedy began or ended in these years."""
    for year in range(since.year, until.year + 1):
        for key in ("accepted", "ended", "date"):
            yield f'"{key}":"{year}-'
