"""Postings fetched for the tokens a request asks for, ranked by the same code as those in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import local

import numpy as np
import numpy.typing as npt

from search.arrays import Postings
from search.postgres.rows import Bounds, Rows
from search.postgres.tables import BLOCK, HELD, Cursor
from search.segments import K1, Docs, Mask, Scores, Segment
from search.tokens import Keys

_List = tuple[Docs, npt.NDArray[np.float32]]
_EMPTY: _List = (np.zeros(0, np.int32), np.zeros(0, np.float32))
_FETCH = """
select token, block, held from search_posting where token = any(%s) union all
select token, block, held from search_posting where token = any(%s) and block >= %s order by token, block
"""


class Fetched(Segment):
    """A segment in memory that holds some tokens.

    Args:
        lists: rare tokens → documents and impacts.
        slots: frequent tokens → their rows.
        bounds: of the rows at this revision.
    """

    def __init__(self, lists: Mapping[int, _List], slots: Mapping[int, int], bounds: Bounds) -> None:
        held = sorted((key, -1, *found) for key, found in lists.items() if len(found[0]))
        held += [(key, row, *_EMPTY) for key, row in slots.items()]
        held.sort(key=lambda token: token[0])
        sizes = np.array([len(docs) for _, _, docs, _ in held], dtype=np.int64)
        self.keys = np.array([key for key, *_ in held], dtype=np.uint64)
        self.rows = np.array([row for _, row, *_ in held], dtype=np.int32)
        self.ends = np.cumsum(sizes)
        self.dfs = sizes.astype(np.int32)
        self.dfs[self.rows >= 0] = bounds.dfs[self.rows[self.rows >= 0]]
        self.docs = np.concatenate([_EMPTY[0], *(docs for *_, docs, _ in held)])
        self.impacts = np.concatenate([_EMPTY[1], *(impacts for *_, impacts in held)])
        self.norms = bounds.norms
        self.size = len(bounds.norms)
        self.times, self.bounds, self._over = bounds.times, bounds.highest, bounds.over


class _Request(local):
    """What one request has at hand; requests run in threads of their own."""

    cursor: Cursor | None = None
    postings: Postings | None = None

    def __init__(self) -> None:
        self.lists: dict[int, _List] = {}
        self.slots: dict[int, int] = {}


class FetchedPostings(Postings):
    """The postings of one revision; each method fetches what it needs and the request has not got yet.

    Args:
        norms: length norm of each document.
        rows: of this build, by this revision or an older one.
        field: added to every token: 0 for texts, `tables.NAMES` for names.
    """

    def __init__(self, alive: Mask, norms: Scores, rows: Rows, field: int = 0) -> None:
        super().__init__([], alive)
        self._rows = rows
        self._bounds = Bounds(rows, norms)
        self._field = field
        self._request = _Request()

    @contextmanager
    def reading(self, cursor: Cursor) -> Iterator[None]:
        """Read in a request's transaction, which sees this revision."""
        request = self._request
        request.cursor = cursor
        try:
            yield
        finally:
            request.cursor = request.postings = None
            request.lists.clear()
            request.slots.clear()

    def _having(self, keys: Iterable[int]) -> Postings:
        """The postings of some tokens, and of those that the request asked for before."""
        request = self._request
        missing = [key for key in keys if key not in request.lists and key not in request.slots]
        if missing:
            self._fetch(missing)
        if missing or request.postings is None:
            request.postings = Postings([Fetched(request.lists, request.slots, self._bounds)], self.alive)
        return request.postings

    def _fetch(self, keys: list[int]) -> None:
        request, rows, size = self._request, self._rows, max(1, len(self.alive))
        assert request.cursor is not None, "postings are read within a request"
        filled = {key: rows.filled(key) for key in keys}
        unknown = [key + self._field for key, upto in filled.items() if not upto]
        stale = {key: upto for key, upto in filled.items() if 0 < upto < size}
        if unknown or stale:
            after = min(stale.values(), default=0) // BLOCK
            request.cursor.execute(_FETCH, (unknown, list(stale), after))
            found = _joined(request.cursor.fetchall())
            for key in (*stale, *(token - self._field for token in unknown)):
                docs, times = found.get(key + self._field, (_EMPTY[0], np.zeros(0, np.uint16)))
                rows.keep(key, docs, times, size)
                if rows.filled(key) < size:
                    often = times.astype(np.float32)
                    impacts = often * np.float32(K1 + 1) / (often + self._bounds.norms[docs])
                    request.lists[key] = docs, impacts
        for key in keys:
            if key not in request.lists:
                slot = request.slots[key] = rows.slots[key]
                self._bounds.know(slot)

    def idf(self, keys: Keys) -> Scores:
        return self._having(keys.tolist()).idf(keys)

    def top(
        self, weights: Mapping[int, float], n: int, within: Mask | Scores | None = None
    ) -> tuple[Docs, Scores]:
        return self._having(weights).top(weights, n, within)

    def holding_all(self, keys: Keys) -> Mask:
        return self._having(keys.tolist()).holding_all(keys)

    def holding_any(self, keys: Keys) -> Mask:
        return self._having(keys.tolist()).holding_any(keys)


def _joined(blocks: list[tuple[int, int, bytes]]) -> dict[int, tuple[Docs, npt.NDArray[np.uint16]]]:
    """Documents of each token, and how often each holds it, from rows in order of token and block."""
    sizes = [len(held) // HELD.itemsize for _, _, held in blocks]
    held = np.frombuffer(b"".join(held for _, _, held in blocks), dtype=HELD)
    first = np.array([block * BLOCK for _, block, _ in blocks], dtype=np.int32)
    docs = held["document"] + np.repeat(first, sizes)
    times = np.ascontiguousarray(held["times"])
    ends = {token: end for (token, _, _), end in zip(blocks, np.cumsum(sizes).tolist(), strict=True)}
    spans = zip(ends, [0, *ends.values()], ends.values(), strict=False)
    return {token: (docs[start:end], times[start:end]) for token, start, end in spans}
