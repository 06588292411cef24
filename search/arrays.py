"""Postings of characters, pairs and words in plain numpy arrays, and exact BM25 over them.

A segment is a folder of memory-mapped arrays that never change once written:

    keys      sorted tokens                     (uint64)
    starts    where each token's postings begin (int64, one more than keys)
    docs      document numbers, rising          (int32)
    impacts   tf part of BM25, worked out       (float32)
    lengths   tokens of each document           (int32)

The length norm uses the average length of the last full build, which every later segment shares, so impacts
stay comparable; document frequencies and the number of documents are those of the living documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.tokens import KEY_BITS, Keys, is_single, tokenise

K1, B = 1.2, 0.75
DOC_BITS = 64 - KEY_BITS
MAX_DOCS = 1 << DOC_BITS
BATCH_CHARS = 1_000_000
_MERGE_PARTS = 16
_LOOKUP_COST = 8  # a binary search costs about so many additions
ARRAYS = ("keys", "starts", "docs", "impacts", "lengths")

Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Docs = npt.NDArray[np.int32]
_Batch = tuple[Keys, npt.NDArray[np.uint16]]


class SegmentWriter:
    """Builds one segment from texts given in document order, in memory of a few hundred MB at most."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self._texts: list[str] = []
        self._chars = 0
        self._batches: list[_Batch] = []
        self._lengths: list[npt.NDArray[np.int32]] = []

    def add(self, text: str) -> None:
        """Add the text of the next document.

        Raises:
            OverflowError: more documents than a document number can hold.
        """
        if self.count == MAX_DOCS:
            raise OverflowError(f"a segment holds at most {MAX_DOCS} documents")
        self.count += 1
        self._texts.append(text)
        self._chars += len(text)
        if self._chars >= BATCH_CHARS:
            self._flush()

    def _flush(self) -> None:
        if not self._texts:
            return
        first = self.count - len(self._texts)
        sizes = np.fromiter((len(t) + 1 for t in self._texts), dtype=np.int64, count=len(self._texts))
        owner = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        tokens = tokenise("\n".join(self._texts))
        docs = owner[tokens.starts]
        self._lengths.append(np.bincount(docs, minlength=len(sizes)).astype(np.int32))
        both = (tokens.keys << np.uint64(DOC_BITS)) | (docs + np.uint64(first))
        both.sort()
        heads = np.flatnonzero(np.diff(both, prepend=~both[:1]))
        counts = np.minimum(np.diff(np.append(heads, len(both))), 0xFFFF).astype(np.uint16)
        self._batches.append((both[heads], counts))
        self._texts, self._chars = [], 0

    def finish(self, average: float | None = None) -> float:
        """Write the arrays.

        Args:
            average: average document length of the last full build; None where this is one.

        Returns:
            the average used.
        """
        self._flush()
        self.folder.mkdir(parents=True)
        lengths = np.concatenate([np.zeros(0, np.int32), *self._lengths])
        if average is None:
            said = lengths[lengths > 0]  # documents without a word (bare structure) say nothing of length
            average = float(said.mean()) if said.size else 1.0
        norm = (K1 * (1 - B + B * lengths / average)).astype(np.float32)
        self._write(norm)
        np.save(self.folder / "lengths.npy", lengths)
        return average

    def _write(self, norm: Scores) -> None:
        total = sum(len(both) for both, _ in self._batches)
        docs = _new(self.folder / "docs.npy", np.int32, total)
        impacts = _new(self.folder / "impacts.npy", np.float32, total)
        keys, sizes, at = [], [], 0
        for both, counts in self._merged():
            doc = (both & np.uint64(MAX_DOCS - 1)).astype(np.int32)
            tf = counts.astype(np.float32)
            docs[at : at + len(doc)] = doc
            impacts[at : at + len(doc)] = tf * np.float32(K1 + 1) / (tf + norm[doc])
            key = both >> np.uint64(DOC_BITS)
            heads = np.flatnonzero(np.diff(key, prepend=~key[:1]))
            keys.append(key[heads])
            sizes.append(np.diff(np.append(heads, len(key))))
            at += len(doc)
        np.save(self.folder / "keys.npy", np.concatenate([np.zeros(0, np.uint64), *keys]))
        np.save(self.folder / "starts.npy", np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes])))

    def _merged(self) -> Iterator[_Batch]:
        """The sorted batches as one sorted stream, in parts that begin at a new token."""
        if not self._batches:
            return
        largest = max((both for both, _ in self._batches), key=len)
        cuts = np.unique(largest[:: max(1, len(largest) // _MERGE_PARTS)][1:] >> np.uint64(DOC_BITS))
        bounds = [np.searchsorted(both, cuts << np.uint64(DOC_BITS)) for both, _ in self._batches]
        for part in range(len(cuts) + 1):
            spans = [slice(b[part - 1] if part else 0, b[part] if part < len(cuts) else None) for b in bounds]
            both = np.concatenate([x[0][s] for x, s in zip(self._batches, spans, strict=True)])
            counts = np.concatenate([x[1][s] for x, s in zip(self._batches, spans, strict=True)])
            order = np.argsort(both, kind="stable")
            if len(order):
                yield both[order], counts[order]


def _new(path: Path, kind: type[np.generic], size: int) -> npt.NDArray[np.generic]:
    """An array on disk to be filled; an empty one can't be mapped."""
    if size == 0:
        empty = np.zeros(0, dtype=kind)
        np.save(path, empty)
        return empty
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(size,))


class Segment:
    """A written segment, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        self.keys, self.starts, self.docs, self.impacts, self.lengths = (
            _mapped(folder / f"{name}.npy") for name in ARRAYS
        )

    def postings(self, keys: Keys) -> list[slice]:
        """Where the postings of each token lie; an empty slice for a token that isn't here."""
        at = np.searchsorted(self.keys, keys)
        out = []
        for i, key in zip(at.tolist(), keys.tolist(), strict=True):
            known = i < len(self.keys) and int(self.keys[i]) == key
            out.append(slice(int(self.starts[i]), int(self.starts[i + 1])) if known else slice(0, 0))
        return out


def _mapped(path: Path) -> npt.NDArray[np.generic]:
    """A plain array over the mapped file: the `memmap` class itself costs microseconds a slice."""
    return np.asarray(np.load(path, mmap_mode="r"))


def _add_to_found(scores: Scores, segment: Segment, worth: Scores, keys: Keys) -> None:
    """Add the postings of frequent tokens to documents that have a score already, and to no others."""
    found = np.flatnonzero(scores)
    if not len(found):
        return
    for w, where in zip(worth, segment.postings(keys), strict=True):
        docs, impacts = segment.docs[where], segment.impacts[where]
        if len(found) * _LOOKUP_COST < len(docs):
            at = np.searchsorted(docs, found.astype(np.int32))
            at[at == len(docs)] = 0
            both = docs[at] == found
            scores[found[both]] += w * impacts[at[both]]
        elif len(docs):
            had = scores[docs] > 0
            scores[docs] += w * impacts * had


class Postings:
    """The segments of one generation as one list of documents, in the order of the segments.

    Args:
        alive: which documents still stand.
    """

    def __init__(self, segments: list[Segment], alive: Mask) -> None:
        self.alive = alive
        self.living = int(np.count_nonzero(alive))
        self._parts = []
        first = 0
        for segment in segments:
            last = first + len(segment.lengths)
            here = alive[first:last]
            self._parts.append((segment, slice(first, last), None if here.all() else here))
            first = last

    def idf(self, keys: Keys) -> Scores:
        """Rarity of each token among the living documents; a token that is nowhere is the rarest."""
        df = np.zeros(len(keys), dtype=np.float64)
        for segment, _, alive in self._parts:
            for n, where in enumerate(segment.postings(keys)):
                hits = segment.docs[where]
                df[n] += len(hits) if alive is None else np.count_nonzero(alive[hits])
        return np.log1p((self.living - df + 0.5) / (df + 0.5)).astype(np.float32)

    def scores(self, weights: Mapping[int, float]) -> tuple[Scores, float]:
        """BM25 of every document that matches: one that holds a pair or word of the query.

        A single character alone is no evidence, unless the query has nothing else. All others get 0.

        Args:
            weights: token → weight in the query.

        Returns:
            the scores, and what a document of average length with every token once would get.
        """
        keys = np.fromiter(weights, dtype=np.uint64, count=len(weights))
        worth = self.idf(keys) * np.fromiter(weights.values(), dtype=np.float32, count=len(weights))
        single = is_single(keys)
        if single.all():
            single = ~single
        out = np.zeros(len(self.alive), dtype=np.float32)
        for segment, span, alive in self._parts:
            here = out[span]
            for w, where in zip(worth[~single], segment.postings(keys[~single]), strict=True):
                here[segment.docs[where]] += w * segment.impacts[where]
            if alive is not None:
                here[~alive] = 0
            _add_to_found(here, segment, worth[single], keys[single])
        return out, float(worth.sum())

    def holding_all(self, keys: Keys) -> Mask:
        """Which documents hold every one of some tokens."""
        out = self.alive.copy()
        for segment, span, _ in self._parts:
            for where in segment.postings(keys):
                has = np.zeros(span.stop - span.start, dtype=np.bool_)
                has[segment.docs[where]] = True
                out[span] &= has
        return out


def best(scores: Scores, n: int) -> Docs:
    """The numbers of the n highest scores above zero, highest first, equal ones by number."""
    found = np.flatnonzero(scores > 0)  # first, since a partition of mostly zeros is slow
    if n < len(found):
        values = scores[found]
        found = found[values >= np.partition(values, len(values) - n)[len(values) - n]]
    return found[np.lexsort((found, -scores[found]))][:n].astype(np.int32)
