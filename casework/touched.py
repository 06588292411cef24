"""What a change of law or of a benchmark touches here: papers that were issued, cases that are under way.

A paper stands on the law that was in force on its days (C4), so one issued before a change stays as it is,
and the line says so. A case that is still open has papers to come: those are judged on their own days. Papers
that are void are left out: they have no effect any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.attachments import FILE
from casework.cases import AT_ONCE
from casework.documents import PAPER, Document, select
from casework.unread import Unread, readable
from casework.writing import BROUGHT, CLOSED, ISSUED
from generator.audit import Known
from generator.casefile import CaseFile
from generator.catalogue import DocumentType, document_type
from generator.citing import cited
from generator.docx_text import read_docx
from generator.paper import Paper
from generator.provenance import read as provenance_in
from kb import schema, uses
from kb.citation import parse
from kb.errors import CailiangError, NotFound
from kb.package import open_package
from kb.snapshot import Snapshot
from kb.store import Store
from kb.uses import CitationUse, RecordUse


@dataclass(frozen=True, slots=True)
class TouchedPaper:
    """An issued paper that cites a law or rests on a record.

    Attributes:
        ended: the first day on which a text or record it rests on was over; None: all are still in force.
        edited: the citations that stand only in a version somebody edited by hand.
    """

    paper: Document
    case_state: str
    citations: tuple[CitationUse, ...]
    edited: tuple[CitationUse, ...]
    records: tuple[RecordUse, ...]
    ended: date | None

    @property
    def open(self) -> bool:
        """Whether its case has papers to come."""
        return self.case_state != CLOSED

    @property
    def effect(self) -> str:
        """What a change means for the paper and its case, in one line; empty where nothing changed."""
        if self.ended is None:
            return ""
        stays = f"所依据的{'文本' if self.citations or self.edited else '记录'}自{self.ended}起不再施行"
        if self.paper.day is None or self.paper.day < self.ended:
            stays += "，按作出时施行的法作出，不受影响"
        else:
            stays += "，行为发生在那以前，按当时的法作出，不受影响"
        return stays + ("；案件在办，以后的文书另按各自的日期核对" if self.open else "；已结案")

    def to_dict(self) -> dict[str, Any]:
        p = self.paper
        return {
            **p.heading,
            "case": p.case,
            "case_state": self.case_state,
            "open": self.open,
            "citations": [_said(c, False) for c in self.citations] + [_said(c, True) for c in self.edited],
            "records": [r.to_dict() for r in self.records],
            "ended": self.ended.isoformat() if self.ended else None,
            "effect": self.effect,
        }


def _said(use: CitationUse, edited: bool) -> dict[str, Any]:
    days = {n: d.isoformat() if d else None for n, d in (("from", use.version), ("day", use.day))}
    return {"citation": str(use), "place": use.place, **days, "edited": edited}


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case under way that rests on the law, by its benchmark or by what was typed.

    Attributes:
        why: (what, citation) pairs: the benchmark or entry that cites it, or the field that does.
        act_end: the day its last act ended; None where the case doesn't say yet.
        changed: the first day of the change.
    """

    id: str
    state: str
    why: tuple[tuple[str, str], ...]
    act_end: date | None
    changed: date | None

    @property
    def effect(self) -> str:
        if self.changed is None:
            return ""
        if self.act_end is None:
            return f"{self.changed}起有变化；案件还没有写明行为终了的日期"
        if self.act_end < self.changed:
            return f"行为在{self.changed}变化以前终了：以前的法和以后的法都要看，从旧兼从轻"
        return f"行为在{self.changed}变化以后终了：按变化以后的法核对案件里的引用"

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.id,
            "state": self.state,
            "why": [{"what": what, "citation": citation} for what, citation in self.why],
            "act_end": self.act_end.isoformat() if self.act_end else None,
            "changed": self.changed.isoformat() if self.changed else None,
            "effect": self.effect,
        }


# ---------------------------------------------------------------- papers


def papers_citing(store: Store, base: Snapshot, law: str, article: str) -> list[TouchedPaper]:
    """The issued papers that cite a law, or one article of it, the newest first."""
    with store.connected() as conn:
        rows = uses.citing(conn, law, article, (PAPER, FILE))
        owner = _owners(conn, {int(id) for kind, id, _ in rows if kind == FILE})
        own: dict[int, list[CitationUse]] = {}
        edited: dict[int, list[CitationUse]] = {}
        for kind, id, use in rows:
            of = int(id) if kind == PAPER else owner[int(id)]
            (own if kind == PAPER else edited).setdefault(of, []).append(use)
        found = _papers(conn, {*own, *edited})
    out = []
    for paper, state in found:
        mine, theirs = own.get(paper.id, []), edited.get(paper.id, [])
        known = {str(c) for c in mine}
        more = [c for c in theirs if str(c) not in known]
        ends = [d for c in (*mine, *more) if (d := uses.ended(base.laws, c))]
        out.append(TouchedPaper(paper, state, tuple(mine), tuple(more), (), min(ends, default=None)))
    return out


def papers_resting(store: Store, base: Snapshot, kind: str, id: str) -> list[TouchedPaper]:
    """The issued papers that rest on a record of the base, the newest first."""
    with store.connected() as conn:
        rested: dict[int, list[RecordUse]] = {}
        for _, paper_id, use in uses.resting(conn, kind, id, (PAPER,)):
            rested.setdefault(int(paper_id), []).append(use)
        found = _papers(conn, rested)
    out = []
    for paper, state in found:
        mine = tuple(rested[paper.id])
        ends = [d for r in mine if (d := _ended(base, r))]
        out.append(TouchedPaper(paper, state, (), (), mine, min(ends, default=None)))
    return out


def _ended(base: Snapshot, use: RecordUse) -> date | None:
    """The day a version of a record stopped, or the next version of it began."""
    try:
        rows = base.versions(use.record_kind, use.record_id)
    except NotFound:
        return None
    stops = [r.to for r in rows if r.from_ == use.valid_from and r.to]
    later = [r.from_ for r in rows if r.from_ and r.from_ > (use.valid_from or date.min)]
    return min([*stops, *later], default=None)


def _owners(conn: sa.Connection, files: Iterable[int]) -> dict[int, int]:
    c = t.attachment.c
    out: dict[int, int] = {}
    for some in _some(files):
        out |= {r.id: r.document for r in conn.execute(sa.select(c.id, c.document).where(c.id.in_(some)))}
    return out


def _some(ids: Iterable[int]) -> Iterator[list[int]]:
    """A few at a time: a query names no thousands."""
    left = iter(sorted(ids))
    while found := list(islice(left, AT_ONCE)):
        yield found


def _papers(conn: sa.Connection, ids: Iterable[int]) -> list[tuple[Document, str]]:
    """Papers that are in effect with the state of their case, the newest first."""
    d, f = t.document.c, t.case_file.c
    out: list[tuple[Document, str]] = []
    for some in _some(ids):
        found = select(conn, d.id.in_(some) & d.state.in_((ISSUED, BROUGHT)))
        cases = {p.case for p in found}
        query = sa.select(f.id, f.state).where(f.id.in_(cases))
        states = {row.id: row.state for row in conn.execute(query)}
        out += [(p, states.get(p.case, "")) for p in found]
    return sorted(out, key=lambda row: (row[0].day or date.min, row[0].id), reverse=True)


# ---------------------------------------------------------------- cases


def open_cases(
    store: Store,
    base: Snapshot,
    records: Mapping[tuple[str, str], str],
    law: str,
    article: str,
    changed: date | None,
    unread: list[Unread],
) -> list[OpenCase]:
    """The cases under way that a law or a record touches.

    Args:
        records: (kind, id) of what cites the law, with the citation; a case rests on a record by its id.
        law: an official title, empty where only records are asked for; ``article``: of it, or empty for all.
        changed: the first day of the change; None where there is none.
        unread: the cases that can't be read are added to it.
    """
    c = t.case_file.c
    query = sa.select(c.id, c.state, c.body).where(c.state != CLOSED).order_by(c.id)
    out = []
    with store.connected() as conn:
        for id, state, text in conn.execute(query):
            body = readable(unread, id, partial(bodies.load, text, id))
            if body is None:
                continue
            why = tuple(dict.fromkeys((*_by_record(body, records), *_typed(body, base, law, article))))
            if why:
                out.append(OpenCase(id, state, why, _act_end(body), changed))
    return out


def _by_record(body: bodies.Body, records: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    lenient = body.get("leniency")
    asked = [("benchmark", v.get("benchmark")) for v in bodies.rows_of(body, "violations")]
    asked += [("leniency", lenient.get("id"))] if isinstance(lenient, Mapping) else []
    for kind, id in asked:
        if isinstance(id, str) and (kind, id) in records:
            yield id, records[kind, id]


def _typed(value: Any, base: Snapshot, law: str, article: str, path: str = "") -> Iterator[tuple[str, str]]:
    """The citations of the law in the texts of a body, by the field they stand in."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _typed(inner, base, law, article, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _typed(inner, base, law, article, path)
    elif law and isinstance(value, str) and "《" in value:
        for c in parse(value, base.laws):
            if c.resolved == law and (not article or c.key == article):
                yield path, c.text


def _act_end(body: bodies.Body) -> date | None:
    """The day the last act ended, of a case whole or not."""
    days = []
    for v in bodies.rows_of(body, "violations"):
        act = v.get("act")
        said = act.get("end") or act.get("start") if isinstance(act, Mapping) else act
        with suppress(ValueError):
            days.append(date.fromisoformat(str(said).split("..")[-1]))
    return max(days, default=None)


# ---------------------------------------------------------------- papers of earlier builds


def catch_up(store: Store, base: Snapshot) -> int:
    """Read the stored papers whose citations nobody registered: of an older build, or brought in by a file.

    Returns:
        how many were read; none as a rule.
    """
    done = 0
    while ids := _unregistered(store):
        with store.locked() as conn:
            found = select(conn, t.document.c.id.in_(ids))
            uses.register(conn, [(PAPER, str(p.id), _read(conn, base, p)) for p in found])
        done += len(ids)
    return done


def _unregistered(store: Store) -> list[int]:
    d, u = t.document.c, schema.citation_uses.c
    there = sa.select(u.id).where(u.kind == PAPER, u.id == sa.cast(d.id, sa.String))
    query = sa.select(d.id).where(d.sha256.is_not(None), d.state.in_((ISSUED, BROUGHT)), ~there.exists())
    with store.connected() as conn:
        return list(conn.execute(query.order_by(d.id).limit(AT_ONCE)).scalars())


def _read(conn: sa.Connection, base: Snapshot, paper: Document) -> uses.Rests:
    """What a stored paper cites on the days it bears; nothing where it can't be read."""
    data = conn.execute(sa.select(t.content.c.body).where(t.content.c.sha256 == paper.sha256)).scalar_one()
    try:
        package = open_package(bytes(data))
        says = paper.provenance or provenance_in(package)
        known = Known.of(says) if says else Known(paper.day, paper.day)
        found = cited(Paper(read_docx(package), _kind(paper), base, known.days))
    except CailiangError:
        return uses.NOTHING
    return uses.Rests(found, tuple(_records(conn, base, paper, known.days.act)))


def _kind(paper: Document) -> DocumentType | None:
    try:
        return document_type(paper.type)
    except NotFound:
        return None


def _records(conn: sa.Connection, base: Snapshot, paper: Document, act: date | None) -> Iterator[RecordUse]:
    """The benchmarks of its party, as the case says them."""
    c = t.case_revision.c
    text = conn.execute(sa.select(c.body).where(c.case == paper.case, c.revision == paper.revision)).scalar()
    try:
        case: CaseFile = bodies.stored_case(text or "", paper.case)
    except CailiangError:
        return
    for id in dict.fromkeys(v.benchmark for v in case.violations if v.party == paper.party):
        with suppress(CailiangError):
            found = base.record("benchmark", id, act or paper.day or date.max)
            yield RecordUse(found.kind, found.id, found.from_)
