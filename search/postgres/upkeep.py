"""Keeping the index: in the transaction that writes a revision, or from scratch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.records import KINDS, Record
from kb.snapshot import Snapshot
from search.building import date_laws, facet_row
from search.documents import Document, documents_of
from search.generation import FACETS
from search.index import Card
from search.postgres.tables import BLOCK, FORMAT, NAMES, Cursor, State, keyword, pack, state_of
from search.segments import count_tokens
from search.tokens import fold

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kb.store import Store

TABLES = ("search_state", "search_document", "search_posting", "search_keyword")
_TEXTS = 2_000  # tokenised at once
_ROWS = 20_000  # sent at once
_DOCUMENT = ("number", "entry", "thing", "version", "facets", "length", "alive", "revision", "card")
_TYPES = ("int4", "int8", "int8", "int8", "bytea", "int4", "bool", "int4", "text")


def cursor_of(conn: sa.Connection) -> Cursor:
    """A cursor of the driver in a connection's transaction; values travel as they lie in memory."""
    if not conn.in_transaction():
        conn.begin()  # the way `kb.databases` wants it
    raw: Any = conn.connection.driver_connection
    cursor: Cursor = raw.cursor(binary=True)
    return cursor


def follow(store: Store, conn: sa.Connection, revision: int) -> State:
    """Bring the index to a revision, in the transaction of the one writer.

    It is written from scratch where there is none, where it is of another program or of a later revision, or
    where more of its documents are gone than stand.
    """
    with cursor_of(conn) as cursor:
        state = state_of(cursor)
        if state is None or state.format != FORMAT or state.revision > revision:
            return _rebuild(store, conn, cursor, revision)
        if state.revision < revision:
            state = _change(store, conn, cursor, state, revision)
            if state.documents > 2 * state.living + BLOCK:
                return _rebuild(store, conn, cursor, revision)
        return state


def rebuild(store: Store, conn: sa.Connection, revision: int) -> State:
    """Write the index from scratch, in the transaction of the one writer."""
    with cursor_of(conn) as cursor:
        return _rebuild(store, conn, cursor, revision)


def _rebuild(store: Store, conn: sa.Connection, cursor: Cursor, revision: int) -> State:
    return write(cursor, documents_of(store.snapshot(revision, within=conn)), revision)


def write(cursor: Cursor, documents: Iterator[Document], revision: int) -> State:
    """Write an index of these documents in the place of what there is."""
    before = state_of(cursor)
    for table in TABLES:
        # Not truncate: that waits for every reader, and shows those that began before an empty table.
        cursor.execute(f"delete from {table}".encode())
    count = _add(cursor, documents, 0, revision)
    return _seal(cursor, State(FORMAT, before.build + 1 if before else 1, revision, count, count))


def _seal(cursor: Cursor, state: State) -> State:
    cursor.execute("delete from search_state")
    cursor.execute("insert into search_state values (true, %s, %s, %s, %s, %s)", state)
    return state


# ---------------------------------------------------------------- what a revision changed


def _change(store: Store, conn: sa.Connection, cursor: Cursor, state: State, revision: int) -> State:
    """Rows of the store never change, so their revisions alone tell what came and went."""
    gone = _remove(cursor, state.revision, revision)
    laws = store.snapshot(revision, within=conn).laws
    cursor.execute("select key from law_version where revision <= %s", (state.revision,))
    known = {key for (key,) in cursor}
    fresh = _records(cursor, state.revision)
    base = Snapshot(revision, laws, lambda kind: fresh.get(kind, ()))
    documents = _add(cursor, documents_of(base, versions=known), state.documents, revision)
    if _laws_moved(cursor, state.revision):
        _redate(cursor, base, revision)
    living = state.living - gone + documents - state.documents
    return _seal(cursor, State(FORMAT, state.build, revision, documents, living))


def _remove(cursor: Cursor, seen: int, revision: int) -> int:
    """Mark what no longer stands; its postings stay until the next build, its keywords go."""
    cursor.execute(
        "update search_document set alive = false, revision = %(now)s where alive and entry in ("
        "select entry from record where retired > %(seen)s and revision <= %(seen)s "
        "union all select entry from article where retired > %(seen)s and revision <= %(seen)s"
        ") returning number",
        {"seen": seen, "now": revision},
    )
    numbers = [number for (number,) in cursor]
    cursor.execute("delete from search_keyword where number = any(%s)", (numbers,))
    return len(numbers)


def _laws_moved(cursor: Cursor, seen: int) -> bool:
    cursor.execute(
        "select exists (select 1 from law_version where revision > %(seen)s or retired > %(seen)s)"
        " or exists (select 1 from repeal where revision > %(seen)s)",
        {"seen": seen},
    )
    ((moved,),) = cursor.fetchall()
    return bool(moved)


def _records(cursor: Cursor, seen: int) -> dict[str, list[tuple[int, Record]]]:
    cursor.execute(
        "select kind, entry, body from record where revision > %s and retired is null order by entry", (seen,)
    )
    out: dict[str, list[tuple[int, Record]]] = {}
    for kind, entry, body in cursor:
        out.setdefault(kind, []).append((entry, KINDS[kind].model_validate_json(body)))
    return out


def _redate(cursor: Cursor, base: Snapshot, revision: int) -> None:
    """A later text or a repeal moves the ends of law versions."""
    cursor.execute(
        "select distinct on (version) version, facets from search_document where version > 0 and alive"
    )
    rows = cursor.fetchall()
    before = _facets_of([facets for _, facets in rows])
    after = before.copy()
    date_laws(after, base)
    moved = [key for (key, _), same in zip(rows, before == after, strict=True) if not same]
    cursor.execute("select number, facets from search_document where version = any(%s) and alive", (moved,))
    rows = cursor.fetchall()
    facets = _facets_of([facets for _, facets in rows])
    date_laws(facets, base)
    cursor.execute(
        "update search_document d set facets = x.facets, revision = %s "
        "from unnest(%s::int[], %s::bytea[]) x(number, facets) where d.number = x.number",
        (revision, [number for number, _ in rows], [row.tobytes() for row in facets]),
    )


def _facets_of(rows: Sequence[bytes]) -> np.ndarray[Any, np.dtype[np.void]]:
    return np.frombuffer(b"".join(rows), dtype=FACETS).copy()


# ---------------------------------------------------------------- adding documents


def _add(cursor: Cursor, documents: Iterator[Document], number: int, revision: int) -> int:
    """Add documents, those of a block at once.

    Returns:
        the number the next one gets.
    """
    while block := list(islice(documents, BLOCK - number % BLOCK)):
        lengths = _post(cursor, [d.text for d in block], number)
        _post(cursor, [" ".join(d.names) for d in block], number, NAMES)
        _keep(cursor, block, number, lengths, revision)
        words = sorted({(*word, number + i) for i, d in enumerate(block) for word in _keywords(d)})
        cursor.execute(
            "insert into search_keyword select * from unnest(%s::text[], %s::text[], %s::int[])",
            [list(column) for column in zip(*words, strict=True)] or [[], [], []],
        )
        number += len(block)
    return number


def _keywords(d: Document) -> Iterator[tuple[str, str]]:
    for name in d.names:
        yield "names", keyword(fold(name))
    for article in d.cites:
        yield "cites", keyword(article)


def _post(cursor: Cursor, texts: list[str], first: int, field: int = 0) -> list[int]:
    """Write which tokens stand in some texts; return how many each text has."""
    parts = [count_tokens(texts[at : at + _TEXTS], first + at) for at in range(0, len(texts), _TEXTS)]
    both = np.concatenate([keys for keys, _, _ in parts])
    order = np.argsort(both, kind="stable")
    held = pack(both[order], np.concatenate([times for _, times, _ in parts])[order])
    items = iter(held.items())
    while rows := list(islice(items, _ROWS)):
        cursor.execute(
            "insert into search_posting "
            "select token, %s, held from unnest(%s::bigint[], %s::bytea[]) x(token, held) "
            "on conflict (token, block) do update set held = search_posting.held || excluded.held",
            (first // BLOCK, [key + field for key, _ in rows], [data for _, data in rows]),
        )
    return [int(length) for _, _, lengths in parts for length in lengths]


def _keep(cursor: Cursor, documents: list[Document], first: int, lengths: list[int], revision: int) -> None:
    facets = np.array([facet_row(d) for d in documents], dtype=FACETS)
    facets["group"] = _groups(cursor, facets["thing"].tolist(), first)
    with cursor.copy(
        f"copy search_document ({', '.join(_DOCUMENT)}) from stdin (format binary)".encode()
    ) as copy:
        copy.set_types(_TYPES)
        for i, (d, row) in enumerate(zip(documents, facets, strict=True)):
            card = json.dumps(_card(d), ensure_ascii=False)
            keys = (d.entry, int(row["thing"]), d.version_key)
            copy.write_row((first + i, *keys, row.tobytes(), lengths[i], True, revision, card))


def _card(d: Document) -> list[str]:
    """The fields of its card; a list as `Card` has it, with commas."""
    values = [getattr(d, name) for name in Card._fields]
    return [value if isinstance(value, str) else ",".join(value) for value in values]


def _groups(cursor: Cursor, things: list[int], first: int) -> list[int]:
    """One number for all versions of a thing: that of its first document."""
    cursor.execute(
        "select thing, min(number) from search_document where thing = any(%s) group by thing",
        (list(set(things)),),
    )
    groups: dict[int, int] = dict(cursor.fetchall())
    return [groups.setdefault(thing, first + i) for i, thing in enumerate(things)]
