"""One segment of postings: a folder of memory-mapped arrays that never change once written.

    keys      sorted tokens
    dfs       how many documents hold each
    rows      the row of a frequent token, -1 for the others
    ends      where the list of a token ends (it begins where that of the token before ends)
    docs      lists of the rare tokens: document numbers, rising
    impacts   beside them: tf part of BM25, worked out
    times     rows of the frequent tokens: how often each document has it (OVER: see `over`)
    bounds    rows of the frequent tokens: the highest impact in each BLOCK of documents, rounded up
    over      row, document, how often: where a byte is too small
    norms     length norm of each document

The length norm uses the average length of the last full build, which every later segment shares, so impacts
stay comparable.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from search.tokens import KEY_BITS, Keys, tokenise

K1, B = 1.2, 0.75
BLOCK = 8
OVER = 255
BOUND_UNIT = (K1 + 1) / 255
FREQUENT_SHARE = 16  # a token that one document of so many has gets a row: it is smaller than a list
ROWS_FROM = 2_048  # documents: below that lists are quick enough
FILES: Mapping[str, type[np.generic]] = {
    "keys": np.uint64,
    "dfs": np.int32,
    "rows": np.int32,
    "ends": np.int64,
    "docs": np.int32,
    "impacts": np.float32,
    "times": np.uint8,
    "bounds": np.uint8,
    "over": np.int32,
    "norms": np.float32,
}
_LARGE = ("docs", "impacts", "times")
DOC_BITS = 64 - KEY_BITS
MAX_DOCS = 1 << DOC_BITS
BATCH_CHARS = 1_000_000
_MERGE_PARTS = 16

Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Docs = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
_Batch = tuple[Keys, npt.NDArray[np.uint16]]


class Segment:
    """A written segment, memory-mapped.

    Raises:
        OSError, ValueError: a file is missing or of a wrong size.
    """

    def __init__(self, folder: Path) -> None:
        read: dict[str, npt.NDArray[Any]] = {
            name: _mapped(folder / name, kind) for name, kind in FILES.items()
        }
        self.keys, self.dfs, self.rows, self.ends = (read[n] for n in ("keys", "dfs", "rows", "ends"))
        self.docs, self.impacts, self.norms = read["docs"], read["impacts"], read["norms"]
        self.size = len(self.norms)
        blocks = -(-self.size // BLOCK)
        frequent = len(read["times"]) // self.size if self.size else 0
        self.times = read["times"].reshape(frequent, self.size)
        self.bounds = read["bounds"].reshape(frequent, blocks)
        self._over = {(row, doc): times for row, doc, times in read["over"].reshape(-1, 3).tolist()}

    def find(self, keys: Keys) -> tuple[Mask, Places]:
        """Which tokens are here, and where in the table each of those stands."""
        if not len(self.keys):
            return np.zeros(len(keys), dtype=np.bool_), np.zeros(0, dtype=np.int64)
        at = self.keys.searchsorted(keys)
        at[at == len(self.keys)] = 0
        known: Mask = self.keys[at] == keys
        return known, at[known]

    def lists(self, places: Places) -> list[slice]:
        """Where the lists of rare tokens lie; empty for a frequent one."""
        ends = self.ends[places].tolist()
        starts = self.ends[places - 1].tolist()
        return [slice(a if at else 0, b) for at, a, b in zip(places.tolist(), starts, ends, strict=True)]

    def holding(self, *places: int) -> Mask:
        """Which documents hold one of some tokens or more."""
        out = np.zeros(self.size, dtype=np.bool_)
        if places:
            at = np.array(places, dtype=np.int64)
            rows = self.rows[at]
            out[np.concatenate([self.docs[where] for where in self.lists(at)])] = True
            for row in rows[rows >= 0].tolist():
                out |= self.times[row] > 0
        return out

    def often(self, rows: Places, docs: Places) -> Scores:
        """How often documents have frequent tokens, a line a token."""
        times = np.empty((len(rows), len(docs)), dtype=np.uint8)
        for row, line in zip(rows.tolist(), times, strict=True):  # far quicker than both indices at once
            self.times[row].take(docs, out=line, mode="clip")
        out = times.astype(np.float32)
        if times.max(initial=0) == OVER:
            for r, d in np.argwhere(times == OVER).tolist():
                out[r, d] = self._over[int(rows[r]), int(docs[d])]
        return out


def _mapped(path: Path, kind: type[np.generic]) -> npt.NDArray[Any]:
    """A plain array over the mapped file: numpy's `memmap` class costs microseconds a slice."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return np.zeros(0, dtype=kind)  # an empty file can't be mapped
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hasattr(whole, "madvise"):
        # Small files are read ahead in one go; around a list or row of a large one nothing else is wanted.
        whole.madvise(mmap.MADV_RANDOM if path.name in _LARGE else mmap.MADV_WILLNEED)
    return np.frombuffer(whole, dtype=kind)


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
        both, counts, lengths = count_tokens(self._texts, self.count - len(self._texts))
        self._lengths.append(lengths)
        self._batches.append((both, counts))
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
        average = average_length(lengths) if average is None else average
        norms = length_norms(lengths, average)
        files = {name: (self.folder / name).open("wb") for name in FILES}
        try:
            files["norms"].write(norms.tobytes())
            _write(files, self._merged(), norms)
        finally:
            for file in files.values():
                file.close()
        return average

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


def count_tokens(
    texts: Sequence[str], first: int
) -> tuple[Keys, npt.NDArray[np.uint16], npt.NDArray[np.int32]]:
    """Which tokens some texts hold.

    Args:
        first: the document number of the first text.

    Returns:
        token and document in one number, rising; how often each; and how many tokens each text has.
    """
    sizes = np.fromiter((len(t) + 1 for t in texts), dtype=np.int64, count=len(texts))
    owner = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    tokens = tokenise("\n".join(texts))
    docs = owner[tokens.starts]
    both = (tokens.keys << np.uint64(DOC_BITS)) | (docs + np.uint64(first))
    both.sort()
    heads = np.flatnonzero(np.diff(both, prepend=~both[:1]))
    counts = np.minimum(np.diff(np.append(heads, len(both))), 0xFFFF).astype(np.uint16)
    return both[heads], counts, np.bincount(docs, minlength=len(sizes)).astype(np.int32)


def length_norms(lengths: npt.NDArray[np.int32], average: float) -> Scores:
    """What BM25 adds to how often a token stands in a document, by the document's length."""
    norms: Scores = (K1 * (1 - B + B * lengths / average)).astype(np.float32)
    return norms


def average_length(lengths: npt.NDArray[np.int32]) -> float:
    """Documents without a word (bare structure) say nothing of length."""
    said = lengths[lengths > 0]
    return float(said.mean()) if said.size else 1.0


def frequent_from(size: int) -> int:
    """The document frequency from which on a token of a segment has a row."""
    return max(1, size // FREQUENT_SHARE) if size >= ROWS_FROM else size + 1


def _write(files: Mapping[str, BinaryIO], parts: Iterator[_Batch], norms: Scores) -> None:
    """Rare tokens as lists of documents, frequent ones as rows over all documents."""
    frequent = frequent_from(len(norms))
    row = first = 0
    for both, counts in parts:
        docs = (both & np.uint64(MAX_DOCS - 1)).astype(np.int32)
        keys = both >> np.uint64(DOC_BITS)
        heads = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        sizes = np.diff(np.append(heads, len(keys)))
        often = sizes >= frequent
        rows = np.where(often, row + np.cumsum(often) - 1, -1)
        lists = np.repeat(~often, sizes)
        tf = counts.astype(np.float32)
        impacts = tf * np.float32(K1 + 1) / (tf + norms[docs])
        for at in np.flatnonzero(often).tolist():
            here = slice(heads[at], heads[at] + sizes[at])
            _write_row(files, int(rows[at]), docs[here], counts[here], impacts[here], len(norms))
        files["keys"].write(keys[heads].tobytes())
        files["dfs"].write(sizes.astype(np.int32).tobytes())
        files["rows"].write(rows.astype(np.int32).tobytes())
        files["docs"].write(docs[lists].tobytes())
        files["impacts"].write(impacts[lists].tobytes())
        ends = first + np.cumsum(np.where(often, 0, sizes))
        files["ends"].write(ends.astype(np.int64).tobytes())
        row, first = row + int(np.count_nonzero(often)), int(ends[-1])


def _write_row(
    files: Mapping[str, BinaryIO],
    row: int,
    docs: npt.NDArray[np.int32],
    counts: npt.NDArray[np.uint16],
    impacts: Scores,
    size: int,
) -> None:
    times = np.zeros(size, dtype=np.uint8)
    times[docs] = np.minimum(counts, OVER)
    files["times"].write(times.tobytes())
    highest = np.zeros(-(-size // BLOCK) * BLOCK, dtype=np.float32)
    highest[docs] = impacts
    bounds = np.ceil(highest.reshape(-1, BLOCK).max(axis=1) / np.float32(BOUND_UNIT))
    files["bounds"].write(bounds.astype(np.uint8).tobytes())
    for at in np.flatnonzero(counts >= OVER).tolist():
        files["over"].write(np.array([row, docs[at], counts[at]], dtype=np.int32).tobytes())
