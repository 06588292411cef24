"""The log of casework: append-only, each entry hashed over the one before, so none can be changed unseen.

An entry says who did what to which case, with the SHA-256 of what was stored; it holds no personal data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from casework import schema as t
from casework.masking import masked_text
from kb.store import Store

GENESIS = "0" * 64
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; ``hash`` covers all the rest, ``previous`` is the hash of the entry before."""

    seq: int
    at: str
    who: str
    what: str
    case: str
    body: str
    previous: str
    hash: str

    def expected(self) -> str:
        """The hash this entry ought to have."""
        said = [self.seq, self.at, self.who, self.what, self.case, self.body, self.previous]
        return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())

    def to_dict(self) -> dict[str, Any]:
        said = {"seq": self.seq, "at": self.at, "who": self.who, "what": self.what, "case": self.case}
        body = json.loads(self.body)
        if "rows" in body:
            body["rows"] = [{"name": name, "sha256": digest} for name, digest in body["rows"].items()]
        return said | {"body": body, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over the log found. ``broken`` is the first entry that is not what was written, 0: none."""

    entries: int
    head: str
    broken: int = 0
    why: str = ""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digests(conn: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> dict[str, str]:
    """The rows of a table that fit, by name (``document/12``), each with the SHA-256 of all it holds.

    An entry of the log carries them, so that a row changed behind the log's back shows.
    """
    return dict(digest(table, row) for row in conn.execute(sa.select(table).where(which)).mappings())


def digest(table: sa.Table, row: sa.RowMapping) -> tuple[str, str]:
    """A row's name, and the SHA-256 of its columns in order."""
    held = [None if row[c] is None else str(row[c]) for c in table.columns]
    name = "/".join([table.name, *(str(row[c]) for c in table.primary_key)])
    return name, sha256(json.dumps(held, ensure_ascii=False).encode())


def last(conn: sa.Connection) -> tuple[int, str]:
    """The number and the hash of the newest entry."""
    c = t.audit_log.c
    row = conn.execute(sa.select(c.seq, c.hash).order_by(c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def append(
    conn: sa.Connection,
    after: tuple[int, str],
    *,
    at: datetime,
    who: str,
    what: str,
    case: str = "",
    body: Mapping[str, Any],
) -> tuple[int, str]:
    """Add an entry in the transaction of what it tells.

    Args:
        after: the newest entry, as `last` or this gave it in the same transaction.
        body: what was done, with hashes of what was stored; running text is masked.

    Returns:
        the new entry's number and hash.
    """
    text = json.dumps({k: _masked(k, v) for k, v in body.items()}, ensure_ascii=False, sort_keys=True)
    entry = Entry(after[0] + 1, at.isoformat(), who, what, case, text, after[1], "")
    row = {name: getattr(entry, name) for name in Entry.__slots__} | {"hash": entry.expected()}
    conn.execute(sa.insert(t.audit_log).values(**row))
    return entry.seq, row["hash"]


def _masked(key: str, value: Any) -> Any:
    if key == "why":
        return masked_text(value)
    return [masked_text(v) for v in value] if key == "overrides" else value


def entries(store: Store, *, case: str = "", newest: int = 0) -> list[Entry]:
    """The log, oldest first.

    Args:
        case: only what was done to this case.
        newest: only the last so many; 0: all.
    """
    c = t.audit_log.c
    query = sa.select(t.audit_log).order_by(c.seq.desc())
    if case:
        query = query.where(c.case == case)
    if newest:
        query = query.limit(newest)
    with store.connected() as conn:
        return [Entry(*row) for row in conn.execute(query)][::-1]


def walk(conn: sa.Connection) -> Iterator[Entry]:
    """Every entry in order, a batch in memory at a time."""
    c, last = t.audit_log.c, 0
    while True:
        query = sa.select(t.audit_log).where(c.seq > last).order_by(c.seq).limit(BATCH)
        rows = conn.execute(query).all()
        for row in rows:
            yield Entry(*row)
        if len(rows) < BATCH:
            return
        last = rows[-1].seq


def verify_chain(log: Iterator[Entry]) -> Verdict:
    """Walk the entries until one is not what was written."""
    count, previous = 0, GENESIS
    for entry in log:
        count += 1
        if entry.seq != count:
            return Verdict(count, previous, count, f"缺少第{count}条（接着的是第{entry.seq}条）")
        if entry.previous != previous:
            return Verdict(count, previous, count, f"第{count}条接不上第{count - 1}条")
        if entry.hash != entry.expected():
            return Verdict(count, previous, count, f"第{count}条被改动过")
        previous = entry.hash
    return Verdict(count, previous)
