"""Exact BM25 over the postings of the segments of one generation.

Rare tokens are added up outright. The bounds of the frequent ones then tell which documents can still reach
the first n; those alone are looked up, so that a common character costs a byte for eight documents.

Document frequencies and the number of documents are those of the living documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from search.segments import BLOCK, BOUND_UNIT, K1, Docs, Mask, Places, Scores, Segment
from search.tokens import Keys, is_single

_CELLS = 65_536  # looked up at once; more documents than that over all rows are thinned out between rows
_ROUNDING = 3e-5


class _Terms(NamedTuple):
    """The tokens of a query that a segment has: lists, and rows worth most first; each with its worth."""

    lists: list[slice]
    list_worth: Scores
    rows: Places
    row_worth: Scores


class _Part:
    """A segment, where its documents stand among all, which are dead, and how frequent its tokens are."""

    def __init__(self, segment: Segment, first: int, alive: Mask) -> None:
        self.segment = segment
        self.span = slice(first, first + segment.size)
        self.dead = np.flatnonzero(~alive)
        # Frequencies among the living, worked out when first asked for; threads write the same values.
        self._dfs = np.full(len(segment.keys), -1, dtype=np.int32) if len(self.dead) else segment.dfs

    def frequencies(self, known: Mask, places: Places) -> npt.NDArray[np.int64]:
        """How many living documents hold each token."""
        found = self._dfs[places]
        if len(self.dead):
            for i in np.flatnonzero(found < 0).tolist():
                place = int(places[i])
                gone = np.count_nonzero(self.segment.holding(place)[self.dead])
                found[i] = self._dfs[place] = self.segment.dfs[place] - gone
        out = np.zeros(len(known), dtype=np.int64)
        out[known] = found
        return out

    def terms(self, here: Scores, places: Places) -> _Terms:
        rows = self.segment.rows[places].astype(np.int64)
        rare = rows < 0
        often = (~rare).nonzero()[0]
        often = often[(-here[often]).argsort(kind="stable")]
        return _Terms(self.segment.lists(places[rare]), here[rare], rows[often], here[often])

    def listed(self, terms: _Terms) -> Scores:
        """What the lists alone give each document."""
        out = np.zeros(self.segment.size, dtype=np.float32)
        if terms.lists:
            docs = np.concatenate([self.segment.docs[where] for where in terms.lists], dtype=np.int64)
            impacts = np.concatenate([self.segment.impacts[where] for where in terms.lists])
            impacts *= terms.list_worth.repeat([where.stop - where.start for where in terms.lists])
            np.add.at(out, docs, impacts)
        return out

    def bound(self, rows: Places, worth: Scores) -> Scores:
        """What rows can give a document of each block at most."""
        units = self.segment.bounds[rows].astype(np.float32)
        out: Scores = np.einsum("i,ij->j", worth * np.float32(BOUND_UNIT), units)
        return out

    def add_rows(self, rows: Places, worth: Scores, docs: Places, scores: Scores) -> None:
        """Add what rows give some documents to their scores. Row by row, so that equal ones stay equal."""
        times = self.segment.often(rows, docs)
        times /= times + self.segment.norms[docs]
        times *= (worth * np.float32(K1 + 1))[:, None]
        for row in times:
            scores += row

    def top(
        self, terms: _Terms, n: int, within: npt.NDArray[Any] | None, floor: float
    ) -> tuple[Docs, Scores]:
        """The best documents that score at least `floor`, in no order: n, and maybe some more."""
        listed = self.listed(terms)
        rest = self.bound(terms.rows, terms.row_worth)
        reach = rest.repeat(BLOCK)[: self.segment.size]
        reach += listed
        if within is not None:
            reach *= within
        reach[self.dead] = 0
        slack = _ROUNDING * float(terms.list_worth.sum() + terms.row_worth.sum())
        slack *= 1.0 if within is None else float(within.max(initial=0))

        def factor(docs: Places) -> Any:
            return 1 if within is None else within[docs]

        likely = _over(reach, _nth(reach, 2 * n))[: 8 * n]
        known = listed[likely]
        self.add_rows(terms.rows, terms.row_worth, likely, known)
        known *= factor(likely)
        if len(known) >= n:
            floor = max(floor, _highest(known, n))
        reach[likely] = 0
        docs = _over(reach, floor - slack)
        scores = listed[docs]
        done = 0
        while done < len(terms.rows) and len(docs):
            rows = slice(done, done + max(1, _CELLS // len(docs)))
            self.add_rows(terms.rows[rows], terms.row_worth[rows], docs, scores)
            done = rows.stop
            if done < len(terms.rows):  # too many documents for one go: drop those that can't get there now
                rest -= self.bound(terms.rows[rows], terms.row_worth[rows])
                had = scores * factor(docs)
                if len(docs) > n:
                    floor = max(floor, _highest(had, n))
                kept = had + rest[docs // BLOCK] * factor(docs) >= floor - slack
                docs, scores = docs[kept], scores[kept]
        scores = np.concatenate([known, scores * factor(docs)])
        docs = np.concatenate([likely, docs])
        if len(docs) > n:
            enough = scores >= _highest(scores, n)
            docs, scores = docs[enough], scores[enough]
        return docs.astype(np.int32), scores.astype(np.float32)


class Postings:
    """The segments of one generation as one list of documents, in the order of the segments.

    Args:
        alive: which documents still stand.
    """

    def __init__(self, segments: list[Segment], alive: Mask) -> None:
        self.alive = alive
        self.living = int(np.count_nonzero(alive))
        self._parts: list[_Part] = []
        first = 0
        for segment in segments:
            self._parts.append(_Part(segment, first, alive[first : first + segment.size]))
            first += segment.size

    def idf(self, keys: Keys) -> Scores:
        """Rarity of each token among the living documents; a token that is nowhere is the rarest."""
        return self._idf([part.segment.find(keys) for part in self._parts], len(keys))

    def _idf(self, found: list[tuple[Mask, Places]], count: int) -> Scores:
        df = np.zeros(count, dtype=np.int64)
        for part, (known, places) in zip(self._parts, found, strict=True):
            df += part.frequencies(known, places)
        return np.log1p((self.living - df + 0.5) / (df + 0.5)).astype(np.float32)

    def _query(self, weights: Mapping[int, float]) -> list[tuple[_Part, _Terms]]:
        """The tokens of a query in each segment, and what each is worth there."""
        keys = np.fromiter(weights, dtype=np.uint64, count=len(weights))
        found = [part.segment.find(keys) for part in self._parts]
        worth = np.fromiter(weights.values(), dtype=np.float32, count=len(weights))
        worth *= self._idf(found, len(keys))
        parts = zip(self._parts, found, strict=True)
        return [(part, part.terms(worth[known], places)) for part, (known, places) in parts]

    def top(
        self, weights: Mapping[int, float], n: int, within: Mask | Scores | None = None
    ) -> tuple[Docs, Scores]:
        """The n documents of the highest BM25 over all tokens, and their scores: as if all had been added up.

        Args:
            weights: token → weight in the query, none below zero.
            within: for each document a factor of its score; False or 0 leaves it out.

        Returns:
            documents and scores above zero, highest first, equal ones by number.
        """
        docs, scores = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        for part, terms in self._query(weights):
            here = None if within is None else within[part.span]
            floor = float(scores[n - 1]) if len(scores) >= n else 0.0
            more, theirs = part.top(terms, n, here, floor)
            if len(self._parts) > 1:
                more = np.concatenate([docs, more + np.int32(part.span.start)])
                theirs = np.concatenate([scores, theirs])
            order = np.lexsort((more, -theirs))[:n]
            docs, scores = more[order], theirs[order]
        found = scores > 0  # the bound of a block also lifts documents that hold nothing
        return docs[found], scores[found]

    def holding_all(self, keys: Keys) -> Mask:
        """Which documents hold every one of some tokens."""
        out = self.alive.copy()
        for part in self._parts:
            known, places = part.segment.find(keys)
            for place in places.tolist() if known.all() else ():
                out[part.span] &= part.segment.holding(place)
            if not known.all():
                out[part.span] = False
        return out

    def holding_any(self, keys: Keys) -> Mask:
        """Which documents hold one of some tokens or more."""
        out = np.zeros(len(self.alive), dtype=np.bool_)
        for part in self._parts:
            out[part.span] = part.segment.holding(*part.segment.find(keys)[1].tolist())
        out &= self.alive
        return out


def evidence(keys: Keys) -> Keys:
    """The tokens that make a document a match: pairs and words; characters where there is nothing else."""
    single = is_single(keys)
    return keys if single.all() else keys[~single]


def best(scores: Scores, n: int) -> Docs:
    """The numbers of the n highest scores above zero, highest first, equal ones by number."""
    found = _over(scores, _nth(scores, n))
    values = scores[found]
    if n < len(found):
        last = _highest(values, n)
        higher, equal = found[values > last], found[values == last]
        found = np.concatenate([higher, equal[: n - len(higher)]])
        values = scores[found]
    return found[np.lexsort((found, -values))].astype(np.int32)


def _nth(scores: Scores, n: int) -> float:
    """A score that n documents or more reach, close to the nth highest; 0 where none is known.

    A partition of everything would be slow; the highest of each of some interleaved lanes comes near it.
    """
    lanes = 64
    while lanes < 4 * n:
        lanes *= 2
    deep = len(scores) // lanes
    if not deep:
        return 0.0
    highest = scores[: deep * lanes].reshape(deep, lanes).max(axis=0)
    return _highest(highest, n)


def _highest(scores: Scores, n: int) -> float:
    """The nth highest of some scores, at least n."""
    scores = scores.copy()
    scores.partition(len(scores) - n)
    return float(scores[len(scores) - n])


def _over(scores: Scores, least: float) -> Places:
    """The documents with a score above zero that reach the least."""
    return (scores >= least if least > 0 else scores > 0).nonzero()[0]
