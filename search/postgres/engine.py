"""The search engine of a base in PostgreSQL: any number of processes beside one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from kb.errors import StoreFailure
from kb.snapshot import Snapshot
from kb.store import Store
from search.engine import Engine, Synced
from search.generation import FACETS, Contents
from search.index import CardReader
from search.postgres.cards import PostgresCards
from search.postgres.postings import FetchedPostings
from search.postgres.rows import Rows
from search.postgres.tables import FORMAT, Cursor, State, read_columns, state_of
from search.postgres.upkeep import cursor_of, follow, rebuild
from search.segments import Mask, average_length, length_norms

T = TypeVar("T")


class Seen(Contents):
    """The documents of one revision of the index, kept between requests, which fetch their postings.

    Args:
        state: of the index when it was read.
        rows: of its build.
    """

    def __init__(
        self,
        state: State,
        facets: npt.NDArray[np.void],
        lengths: npt.NDArray[np.int32],
        alive: Mask,
        rows: Rows,
    ) -> None:
        norms = length_norms(lengths, average_length(lengths[alive]))
        self.fetched = FetchedPostings(alive, norms, rows)
        super().__init__(facets, self.fetched)
        self.rows = rows
        self.state = state
        self.lengths = lengths


def _nothing(state: State) -> Seen:
    none = np.zeros(0, np.int32)
    return Seen(state, np.zeros(0, FACETS), none, np.zeros(0, np.bool_), Rows(0))


class PostgresEngine(Engine):
    """Search over a base in PostgreSQL. Safe to share among threads.

    Args:
        store: the base; its `followers` should have `keep`, so that the index changes with the records.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._base = None
        self._seen: Seen | None = None
        self._refreshing = Lock()

    def sync(self, base: Snapshot) -> Synced:
        """Bring the index to the newest revision, where a writer has not done so already.

        Raises:
            StoreFailure: the database doesn't answer, or can't be written.
        """
        self._base = base
        seen = self._seen
        if seen is not None and seen.state.revision >= base.revision:
            return Synced("无", seen.state.living)
        state = self._state()
        if state is not None and state.format == FORMAT and state.revision >= base.revision:
            return Synced("无", state.living)
        with self._store.locked() as conn:
            done = follow(self._store, conn, _newest(conn))
        if state is not None and state.build == done.build:
            return Synced("更新", done.living, f"索引已更新到第{done.revision}版，共{done.living}条")
        return Synced("重建", done.living, f"已在数据库中建立索引，共{done.living}条")

    def rebuild(self, base: Snapshot) -> Synced:
        self._base = base
        with self._store.locked() as conn:
            done = rebuild(self._store, conn, _newest(conn))
        return Synced("重建", done.living, f"按要求，已从记录重建索引，共{done.living}条")

    def _state(self) -> State | None:
        with self._store.connected() as conn, cursor_of(conn) as cursor:
            return state_of(cursor)

    @contextmanager
    def opened(self) -> Iterator[tuple[Seen, Cursor]]:
        """What a request reads from, in one transaction: documents, postings and cards are of one revision.

        Raises:
            StoreFailure: no index, or none of this program.
        """
        with self._store.connected() as conn, cursor_of(conn) as cursor:
            state = state_of(cursor)
            if state is None or state.format != FORMAT:
                hint = "运行 cailiang reindex 重建索引"
                raise StoreFailure("数据库里还没有索引", where=self._store.place, hint=hint)
            seen = self._contents(cursor, state)
            with seen.fetched.reading(cursor):
                yield seen, cursor

    def _reading(self, use: Callable[[Contents, CardReader, Snapshot], T]) -> T:
        with self.opened() as (seen, cursor):
            base = self._base or self._store.snapshot()
            return use(seen, PostgresCards(cursor, seen.alive), base)

    def _contents(self, cursor: Cursor, state: State) -> Seen:
        """The documents of the transaction's state: those kept, with what changed since."""
        seen = self._seen
        if seen is not None and seen.state == state:
            return seen
        with self._refreshing:
            seen = self._seen
            if seen is not None and seen.state == state:
                return seen
            older = seen if seen is not None and _leads_to(seen.state, state) else _nothing(state)
            fresh = _refreshed(cursor, older, state)
            if seen is None or seen.state.revision <= state.revision or seen.state.build != state.build:
                self._seen = fresh
            return fresh


def _leads_to(old: State, new: State) -> bool:
    return old.build == new.build and old.revision < new.revision


def _refreshed(cursor: Cursor, old: Seen, state: State) -> Seen:
    columns = read_columns(cursor, old.state.revision if len(old.facets) else 0)
    facets = np.zeros(state.documents, FACETS)
    lengths = np.zeros(state.documents, np.int32)
    alive = np.zeros(state.documents, np.bool_)
    known = len(old.facets)
    facets[:known], lengths[:known], alive[:known] = old.facets, old.lengths, old.alive
    at = columns.numbers
    facets[at], lengths[at], alive[at] = columns.facets, columns.lengths, columns.alive
    rows = old.rows if state.documents <= old.rows.width else Rows(state.documents)
    return Seen(state, facets, lengths, alive, rows)


def _newest(conn: sa.Connection) -> int:
    return int(conn.exec_driver_sql("select coalesce(max(number), 0) from revision").scalar() or 0)
