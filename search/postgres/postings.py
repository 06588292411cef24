"""Postings fetched for the tokens a request asks for, ranked by the same code as those in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import local

import numpy as np
import numpy.typing as npt

from search.arrays import Postings
from search.postgres.tables import BLOCK, HELD, Cursor
from search.segments import BLOCK as BOUND_BLOCK
from search.segments import K1, Docs, Mask, Scores, Segment
from search.tokens import Keys

_List = tuple[Docs, npt.NDArray[np.float32]]
_EMPTY: _List = (np.zeros(0, np.int32), np.zeros(0, np.float32))


class Fetched(Segment):
    """A segment in memory that holds some tokens, all of them as lists.

    Args:
        lists: token → documents and impacts.
        norms: length norm of each document.
    """

    def __init__(self, lists: Mapping[int, _List], norms: Scores) -> None:
        held = sorted((key, docs, impacts) for key, (docs, impacts) in lists.items() if len(docs))
        sizes = np.array([len(docs) for _, docs, _ in held], dtype=np.int64)
        self.keys = np.array([key for key, _, _ in held], dtype=np.uint64)
        self.dfs = sizes.astype(np.int32)
        self.rows = np.full(len(held), -1, dtype=np.int32)
        self.ends = np.cumsum(sizes)
        self.docs = np.concatenate([_EMPTY[0], *(docs for _, docs, _ in held)])
        self.impacts = np.concatenate([_EMPTY[1], *(impacts for _, _, impacts in held)])
        self.norms = norms
        self.size = len(norms)
        self.times = np.zeros((0, self.size), dtype=np.uint8)
        self.bounds = np.zeros((0, -(-self.size // BOUND_BLOCK)), dtype=np.uint8)
        self._over = {}


class _Request(local):
    """What one request has at hand; requests run in threads of their own."""

    cursor: Cursor | None = None

    def __init__(self) -> None:
        self.lists: dict[int, _List] = {}


class FetchedPostings(Postings):
    """The postings of one revision; each method fetches what it needs and the request has not got yet.

    Args:
        norms: length norm of each document.
        field: added to every token: 0 for texts, `tables.NAMES` for names.
    """

    def __init__(self, alive: Mask, norms: Scores, field: int = 0) -> None:
        super().__init__([], alive)
        self._norms = norms
        self._field = field
        self._request = _Request()

    @contextmanager
    def reading(self, cursor: Cursor) -> Iterator[None]:
        """Read in a request's transaction, which sees this revision."""
        self._request.cursor = cursor
        try:
            yield
        finally:
            self._request.cursor = None
            self._request.lists.clear()

    def _having(self, keys: Iterable[int]) -> Postings:
        """The postings of some tokens."""
        wanted = list(keys)
        lists = self._request.lists
        if missing := [key for key in wanted if key not in lists]:
            self._fetch(missing)
        return Postings([Fetched({key: lists[key] for key in wanted}, self._norms)], self.alive)

    def _fetch(self, keys: list[int]) -> None:
        cursor, lists = self._request.cursor, self._request.lists
        assert cursor is not None, "postings are read within a request"
        cursor.execute(
            "select token, block, held from search_posting where token = any(%s) order by token, block",
            ([key + self._field for key in keys],),
        )
        rows = cursor.fetchall()
        sizes = [len(held) // HELD.itemsize for _, _, held in rows]
        held = np.frombuffer(b"".join(held for _, _, held in rows), dtype=HELD)
        first = np.array([block * BLOCK for _, block, _ in rows], dtype=np.int32)
        docs = held["document"] + np.repeat(first, sizes)
        times = held["times"].astype(np.float32)
        impacts = times * np.float32(K1 + 1) / (times + self._norms[docs])
        lists.update(dict.fromkeys(keys, _EMPTY))
        ends = {token: end for (token, _, _), end in zip(rows, np.cumsum(sizes).tolist(), strict=True)}
        start = 0
        for token, end in ends.items():
            lists[token - self._field] = docs[start:end], impacts[start:end]
            start = end

    def idf(self, keys: Keys) -> Scores:
        return self._having(keys.tolist()).idf(keys)

    def top(
        self, weights: Mapping[int, float], n: int, within: Mask | Scores | None = None
    ) -> tuple[Docs, Scores]:
        return self._having(weights).top(weights, n, within)

    def scores(self, weights: Mapping[int, float]) -> tuple[Scores, float]:
        return self._having(weights).scores(weights)

    def holding_all(self, keys: Keys) -> Mask:
        return self._having(keys.tolist()).holding_all(keys)

    def holding_any(self, keys: Keys) -> Mask:
        return self._having(keys.tolist()).holding_any(keys)
