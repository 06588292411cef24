"""One generation of the index: a folder that never changes once it is pointed to.

    index/current            the name of the folder to read
    index/g000012/           manifest.json, facets.npy, alive.npy, cards/ (Whoosh), base/ and delta/ (arrays)

A writer builds a new folder (unchanged files are hard links to the old ones) and swaps the pointer; readers
keep the folder they opened. Postings stand in two segments: `base` from the last full build, `delta` with
what has changed since.

The files of a full build are on the disk before the pointer moves. Those of an update are small and don't
wait for the disk; their checksums tell after a power cut whether they got there.
"""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from search.arrays import Postings
from search.index import Cards
from search.segments import Mask, Segment
from search.weights import KIND_WEIGHTS

FORMAT = 5
POINTER = "current"
NO_END = np.iinfo(np.int32).max
FACETS = np.dtype(
    [
        ("entry", "<i8"),
        ("thing", "<i8"),  # code of the id
        ("group", "<i4"),  # a dense number of the id; the versions of one thing share it
        ("kind", "<i8"),
        ("domain", "<i8"),
        ("law", "<i8"),
        ("version", "<i8"),  # the store's key of a law version, 0 for a record
        ("from", "<i4"),
        ("to", "<i4"),
        ("least", "<i8"),  # the fines it allows, in yuan; -1 where it says none
        ("most", "<i8"),
    ]
)
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError)


class Torn(Exception):
    """The index is missing or damaged; the message says in Chinese what was seen."""


def code(text: str) -> int:
    """A facet value as a number."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


class Contents:
    """What is indexed: the facets of all documents and their postings, wherever these lie."""

    def __init__(self, facets: npt.NDArray[np.void], postings: Postings) -> None:
        self.facets = facets
        self.postings = postings

    @property
    def alive(self) -> Mask:
        return self.postings.alive

    @cached_property
    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """The facets as contiguous columns."""
        return {name: np.ascontiguousarray(self.facets[name]) for name in FACETS.names or ()}

    @property
    def things(self) -> npt.NDArray[np.int32]:
        """A dense number of each document's id; the versions of one thing share it."""
        return self.columns["group"]

    def versions_of(self, doc: int) -> npt.NDArray[np.int64]:
        """The living documents that are versions of the same thing."""
        same = np.flatnonzero(self.things == self.things[doc])
        return same[self.alive[same]]

    @cached_property
    def weights(self) -> npt.NDArray[np.float32]:
        """The weight of each document's kind."""
        kinds = self.columns["kind"]
        out = np.ones(len(kinds), dtype=np.float32)
        for kind, weight in KIND_WEIGHTS.items():
            out[kinds == code(kind)] = weight
        return out

    @cached_property
    def questions(self) -> Mask:
        """Which living documents are answered questions."""
        return self.holding(kind="question")

    @cached_property
    def shown(self) -> Mask:
        """Which living documents can be hits: all but questions."""
        return self.alive & ~self.questions

    def holding(self, **values: str) -> Mask:
        """Which living documents have these facet values (kind, domain, law, thing)."""
        out = self.alive.copy()
        for name, value in values.items():
            out &= self.columns[name] == code(value)
        return out

    def in_force(self, day: int | None) -> Mask:
        """Which documents hold on a day (a date's ordinal); without one, which have no end."""
        first, end = self.columns["from"], self.columns["to"]
        held: Mask = end == NO_END if day is None else (first <= day) & (day < end)
        return held


class Generation(Contents):
    """An opened generation, in files.

    Raises:
        Torn: a file is missing, of another size than written, or unreadable.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            _check(folder, manifest)
            self.manifest: dict[str, Any] = manifest
            self.revision: int = manifest["revision"]
            self.average: float = manifest["average"]
            self.sizes: dict[str, int] = manifest["segments"]
            facets = np.load(folder / "facets.npy")
            alive: Mask = np.load(folder / "alive.npy")
            super().__init__(facets, Postings([Segment(folder / name) for name in self.sizes], alive))
            self.cards = Cards(folder / "cards")
            if not len(facets) == len(alive) == sum(self.sizes.values()):
                raise ValueError("arrays of different length")
        except _UNREADABLE as e:
            raise Torn("索引文件缺失或已损坏") from e
        except Exception as e:  # Whoosh raises plain exceptions of its own for a damaged index
            raise Torn("索引卡片无法打开") from e


def _check(folder: Path, manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise ValueError("another format")
    for name, size in manifest["files"].items():
        if (folder / name).stat().st_size != size:
            raise ValueError(f"{name}: another size than written")
    for name, checksum in manifest["checksums"].items():
        if checksum_of(folder / name) != checksum:
            raise ValueError(f"{name}: not what was written")


def checksum_of(path: Path) -> int:
    return crc32(path.read_bytes())


def current(root: Path) -> Path:
    """The folder that is pointed to.

    Raises:
        Torn: no index has been built, or the pointer is unreadable.
    """
    try:
        return root / (root / POINTER).read_text("ascii").strip()
    except FileNotFoundError as e:
        raise Torn("还没有索引") from e
    except (OSError, UnicodeDecodeError) as e:
        raise Torn("索引指针无法读取") from e
