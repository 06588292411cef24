"""One officer in the records of two cases at the same time: what no gate of a single case can see.

Within one case it is gate G17; both rest on 行政处罚法 42(1), that two officers are present.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.gate_people import RECORDS
from casework.precedence import CFA
from casework.unread import Unread, readable
from generator.catalogue import document_type
from kb.store import Store

BASIS = CFA + "第四十二条第一款"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a record of a case was made."""

    case: str
    name: str
    start: datetime
    end: datetime

    def to_dict(self) -> dict[str, str]:
        said = {"case": self.case, "name": self.name}
        return said | {"start": f"{self.start:%Y-%m-%d %H:%M}", "end": f"{self.end:%Y-%m-%d %H:%M}"}


@dataclass(frozen=True, slots=True)
class Clash:
    """An officer who signed two records of the same minutes; the earlier one first."""

    officer: str
    certificate: str
    records: tuple[Span, Span]

    def to_dict(self) -> dict[str, Any]:
        said = {"officer": self.officer, "certificate": self.certificate, "basis": BASIS}
        return said | {"records": [r.to_dict() for r in self.records]}


def clashes(store: Store, unread: list[Unread]) -> list[Clash]:
    """Every pair of records of different cases in which one officer is at the same time, the newest first.

    An officer is known by the number of the certificate; by the name where a case has none.

    Args:
        unread: cases with such records that can't be read are added to it.
    """
    f = t.case_file.c
    query = sa.select(f.id, f.body).where(f.body.contains('"started"')).order_by(f.id)
    with store.connected() as conn:
        rows = conn.execute(query).all()
    seen: dict[str, list[tuple[Span, str]]] = {}
    for row in rows:
        body = readable(unread, row.id, partial(bodies.load, row.body, row.id))
        for certificate, name, span in _signed(row.id, body or {}):
            seen.setdefault(certificate or name, []).append((span, name))
    found = [
        Clash(name, key if key != name else "", (one, other))
        for key, spans in seen.items()
        for one, other, name in _pairs(spans)
    ]
    return sorted(found, key=lambda c: (c.records[1].start, c.officer), reverse=True)


def _pairs(spans: list[tuple[Span, str]]) -> Iterator[tuple[Span, Span, str]]:
    spans.sort(key=lambda s: (s[0].start, s[0].case))
    for n, (one, name) in enumerate(spans):
        for other, _ in spans[n + 1 :]:
            if other.start >= one.end:
                break
            if other.case != one.case:
                yield one, other, name


def _signed(case: str, body: bodies.Body) -> Iterator[tuple[str, str, Span]]:
    """Each officer of each record: certificate, name, from when to when."""
    officers = bodies.rows_of(body, "officers")
    for paper in bodies.rows_of(body, "papers"):
        said = paper.get("values")
        if paper.get("type") not in RECORDS or paper.get("void") or not isinstance(said, dict):
            continue
        start, end = _moment(said.get("started")), _moment(said.get("finished"))
        if start is None or end is None or start >= end:
            continue
        span, named = Span(case, document_type(paper["type"]).name, start, end), paper.get("officers")
        for officer in officers:
            name = str(officer.get("name") or "")
            if name and (not isinstance(named, list) or not named or name in named):
                yield str(officer.get("certificate") or ""), name, span


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else None
    except ValueError:
        return None
