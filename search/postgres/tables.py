"""The index as rows: how postings and documents are laid out, and read in whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import psycopg

from search.generation import FACETS
from search.generation import FORMAT as FACETS_FORMAT
from search.segments import DOC_BITS, MAX_DOCS
from search.tokens import KEY_BITS, Keys

FORMAT = 100 * FACETS_FORMAT + 1
BLOCK = 1 << 14
"""Documents of one row of postings: few rows for a common token, little to rewrite when a document joins."""
HELD = np.dtype([("document", "<u2"), ("times", "<u2")])
"""One document of a block that holds the token, and how often."""
KEYWORD_CHARS = 300
NAMES = 1 << KEY_BITS
"""Added to the tokens of names, which are kept apart from those of texts."""

Cursor = psycopg.Cursor[tuple[Any, ...]]


class State(NamedTuple):
    """How far the index is.

    Args:
        build: how often it was written from scratch.
        documents: the number the next document gets.
        living: how many still stand.
    """

    format: int
    build: int
    revision: int
    documents: int
    living: int


def state_of(cursor: Cursor) -> State | None:
    """None where nothing was indexed yet."""
    cursor.execute("select format, build, revision, documents, living from search_state")
    row = cursor.fetchone()
    return State(*row) if row else None


class Columns(NamedTuple):
    """Rows of `search_document` as arrays."""

    numbers: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]
    alive: npt.NDArray[np.bool_]
    facets: npt.NDArray[np.void]


_ROW = np.dtype([("number", ">i4"), ("length", ">i4"), ("alive", "?"), ("facets", FACETS)])


def read_columns(cursor: Cursor, after: int) -> Columns:
    """The documents that changed after a revision.

    All fields are of fixed width, so they come as one byte string, which is an array as it is: row by row, a
    hundred thousand documents take seconds.
    """
    cursor.execute(
        "select string_agg(int4send(number) || int4send(length) || boolsend(alive) || facets, '') "
        "from search_document where revision > %s",
        (after,),
    )
    ((data,),) = cursor.fetchall()
    rows = np.frombuffer(data or b"", dtype=_ROW)
    return Columns(
        rows["number"].astype(np.int32),
        rows["length"].astype(np.int32),
        rows["alive"].copy(),
        rows["facets"].astype(FACETS),
    )


def pack(both: Keys, times: npt.NDArray[np.uint16]) -> Mapping[int, bytes]:
    """Postings of one block, token by token.

    Args:
        both: token and document in one number, as `segments.count_tokens` gives them.
    """
    keys = both >> np.uint64(DOC_BITS)
    held = np.empty(len(both), dtype=HELD)
    held["document"] = (both & np.uint64(MAX_DOCS - 1)) % BLOCK
    held["times"] = times
    heads = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    data, size = held.tobytes(), HELD.itemsize
    ends = np.append(heads, len(keys))[1:]
    spans = zip(keys[heads].tolist(), heads.tolist(), ends.tolist(), strict=True)
    return {key: data[first * size : end * size] for key, first, end in spans}


def keyword(text: str) -> str:
    """A keyword as the database can take it: not too long, without NUL and halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")[:KEYWORD_CHARS]
