"""Whether the log is whole, and whether what it tells of still is what it was.

The chain shows an entry that was changed, taken out or put in. What is stored is held against it: a revision,
a paper, a file or a row that the log knows nothing of, or knows otherwise, is named as well; so entries cut
off at the end show too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework import audit_log, numbering
from casework import schema as t
from casework.audit_log import Entry, Verdict
from casework.ledgers import BY_NAME
from casework.writing import CASES
from kb.store import Store

HELD = (t.case_revision, t.document, t.attachment, t.ledger_row)
"""The tables whose every row the log tells of."""


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on the chain, and everything stored that doesn't agree with it, a line each."""

    chain: Verdict
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.chain.broken and not self.faults

    def to_dict(self) -> dict[str, Any]:
        return {
            "entries": self.chain.entries,
            "head": self.chain.head,
            "broken": self.chain.broken or None,
            "why": self.chain.why,
            "faults": list(self.faults),
            "sound": self.sound,
        }


def verify(store: Store, *, head: str = "") -> Report:
    """Walk the whole log, and hold what is stored against it.

    Args:
        head: the hash of an entry, written down earlier outside this database; the log has to hold it still.
    """
    told: dict[str, str] = {}
    seen = {audit_log.GENESIS}
    with store.connected() as conn:
        chain = audit_log.verify_chain(_listening(audit_log.walk(conn), told, seen))
        faults: list[str] = []
        if not chain.broken:
            faults = [*_rows(conn, told), *_current(conn), *_contents(conn), *_numbers(conn)]
    if head and head not in seen and not chain.broken:
        faults.insert(0, f"日志里没有记下的校验值 {head[:16]}，末尾可能被截去")
    return Report(chain, tuple(faults))


def _listening(log: Iterator[Entry], told: dict[str, str], seen: set[str]) -> Iterator[Entry]:
    """The entries as they pass, remembering what they said last of each row."""
    for entry in log:
        yield entry
        seen.add(entry.hash)
        told.update(json.loads(entry.body).get("rows", {}))


def _rows(conn: sa.Connection, told: dict[str, str]) -> Iterator[str]:
    """Rows that the log tells otherwise, doesn't tell of, or tells of and that are gone."""
    for table in HELD:
        for row in conn.execute(sa.select(table).order_by(*table.primary_key)).mappings():
            name, digest = audit_log.digest(table, row)
            said = told.pop(name, None)
            if said is None:
                yield f"{_said(name)}日志里没有"
            elif said != digest:
                yield f"{_said(name)}被改动过，与日志不符"
    yield from (f"{_said(name)}不见了" for name in told)


def _said(name: str) -> str:
    """``document/12`` as a reader says it."""
    table, _, key = name.partition("/")
    if table == t.case_revision.name:
        case, _, revision = key.rpartition("/")
        return f"案件“{case}”第{revision}次修订"
    if table == t.ledger_row.name:
        ledger, year, number = key.split("/")
        return f"《{BY_NAME[ledger].title if ledger in BY_NAME else ledger}》{year}年{number}号"
    return f"{'文书' if table == t.document.name else '附件'} {key} "


def _current(conn: sa.Connection) -> Iterator[str]:
    """Cases that don't stand as their last revision says."""
    f, c = t.case_file.c, t.case_revision.c
    last = (c.case == f.id) & (c.revision == f.revision)
    query = sa.select(f.id).join(t.case_revision, last, isouter=True)
    query = query.where(c.body.is_(None) | (c.body != f.body))
    yield from (f"案件“{id}”与它的最近一次修订不符" for id in conn.execute(query).scalars())


def _contents(conn: sa.Connection) -> Iterator[str]:
    """Stored bytes that are not what they are called by."""
    c = t.content.c
    for name in conn.execute(sa.select(c.sha256).order_by(c.sha256)).scalars().all():
        body = conn.execute(sa.select(c.body).where(c.sha256 == name)).scalar()
        if body is None or audit_log.sha256(bytes(body)) != name:
            yield f"存档的文件 {name[:16]} 被改动过"


def _numbers(conn: sa.Connection) -> Iterator[str]:
    """Every number a series gave stands in a row, and no other."""
    d, r = t.document.c, t.ledger_row.c
    for ledger, year, code, value, first in conn.execute(sa.select(t.counter)).all():
        if ledger == CASES:
            continue
        query = sa.select(d.number).where(d.code == code, d.year == year)
        if ledger != numbering.DOCUMENTS:
            query = sa.select(r.number).where(r.ledger == ledger, r.year == year)
        for number in numbering.gaps(first, value, conn.execute(query).scalars()):
            yield f"{numbering.Series(ledger, year, code).text(number)} 没有对应的一行"
