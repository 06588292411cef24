"""Writing a generation: all of it from a snapshot, or what changed since the last one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage

from kb.errors import StoreFailure
from kb.snapshot import Snapshot
from search.documents import RECORD_KINDS, Document, documents_of, law_versions
from search.generation import FACETS, FORMAT, NO_END, POINTER, Generation, Torn, checksum_of, code, current
from search.index import CardWriter
from search.segments import Mask, SegmentWriter

DELTA_LIMIT = 4_000
KEPT = 2  # generations: the current one, and the one a reader may have just opened
LOCK = "WRITING"
_Rows = npt.NDArray[np.void]
_Numbers = npt.NDArray[np.int64]


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Be the only writer of an index, among threads and processes; the lock dies with the process.

    Raises:
        StoreFailure: the folder can't be written, or the disk is full.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(root)).lock(LOCK)
        lock.acquire(blocking=True)
        try:
            yield
        finally:
            lock.release()
    except OSError as e:
        hint = "检查磁盘空间与权限，然后运行 cailiang reindex；原有索引没有改动"
        raise StoreFailure(f"索引写入失败：{e.strerror or e}", where=str(root), hint=hint) from e


def rebuild(root: Path, base: Snapshot) -> None:
    """Write a generation from everything the snapshot holds. Call within `writing`."""
    with _new_folder(root) as folder:
        segment = SegmentWriter(folder / "base")
        with CardWriter(folder / "cards", create=True) as cards:
            rows = _fill(documents_of(base), cards, segment)
        average = segment.finish()
        _seal(folder, base, _facets(rows), np.ones(len(rows), np.bool_), average, {"base": len(rows)}, {})
        for path in _files(folder):
            _sync(path)


def update(root: Path, old: Generation, base: Snapshot) -> bool:
    """Write a generation with what changed since `old`. Call within `writing`.

    Rows of the store never change, so entry numbers and law version keys alone tell what did; the ends of
    law versions, which move, are written anew each time.

    Returns:
        False where so much has changed that a rebuild is the better way; nothing is written then.
    """
    rows = old.sizes["base"]
    facets = old.facets[:rows]
    entry, version = old.columns["entry"][:rows], old.columns["version"][:rows]
    alive = old.alive[:rows] & _standing(entry, version, base)
    records = set(entry[alive & (version == 0)].tolist())
    versions = _each(version[alive]) | set(old.manifest["bare"])
    delta = list(islice(documents_of(base, records, versions), DELTA_LIMIT + 1))
    if len(delta) > DELTA_LIMIT or np.count_nonzero(alive) < rows * 3 // 4:
        return False
    carded = set(old.columns["entry"][rows:].tolist())  # by the delta that this one replaces
    gone = set(entry[old.alive[:rows] & ~alive].tolist())
    with _new_folder(root) as folder:
        linked = _link(old.folder, folder, "cards") + _link(old.folder, folder, "base")
        segment = SegmentWriter(folder / "delta")
        with CardWriter(folder / "cards") as cards:
            for entry in (gone | carded) - {d.entry for d in delta}:
                cards.remove(entry)
            fresh = _facets(_fill(delta, cards, segment, carded), facets)
        segment.finish(old.average)
        facets = np.concatenate([facets, fresh])
        alive = np.concatenate([alive, np.ones(len(fresh), np.bool_)])
        sizes = {"base": rows, "delta": len(fresh)}
        known = {name: old.manifest["checksums"].get(name) for name in linked}
        _seal(folder, base, facets, alive, old.average, sizes, known)
    return True


def _each(versions: _Numbers) -> set[int]:
    """Every number of a column in which equal ones stand together."""
    return set(versions[np.diff(versions, prepend=-1) != 0].tolist())


def _standing(entry: _Numbers, version: _Numbers, base: Snapshot) -> Mask:
    """Which indexed documents the snapshot still has."""
    entries = [base.entry_of(r) for kind in RECORD_KINDS for r in base.records(kind)]
    standing = np.isin(version, [v.key for v in law_versions(base)])
    records = np.flatnonzero(version == 0)
    standing[records] = np.isin(entry[records], entries)
    return standing


def _fill(
    documents: Iterable[Document],
    cards: CardWriter,
    segment: SegmentWriter,
    carded: set[int] | frozenset[int] = frozenset(),
) -> list[tuple[int, ...]]:
    """Write cards (but for entries that have one) and postings; return the facet rows."""
    rows: list[tuple[int, ...]] = []
    for d in documents:
        if d.entry not in carded:
            cards.add(d)
        segment.add(d.text)
        rows.append(facet_row(d))
    return rows


def facet_row(d: Document) -> tuple[int, ...]:
    """The facets of a document; its group is left open."""
    codes = (code(d.id), 0, code(d.kind), code(d.domain), code(d.law), d.version_key)
    return (d.entry, *codes, _first(d.from_), _end(d.to), *(d.fine or (-1, -1)))


def _facets(rows: Sequence[tuple[int, ...]], earlier: _Rows | None = None) -> _Rows:
    """The facet rows of some documents, grouped by id with the earlier ones."""
    facets = np.array(rows, dtype=FACETS)
    groups: dict[int, int] = {}
    free = 0
    if earlier is not None and len(earlier):
        same = earlier[np.isin(earlier["thing"], facets["thing"])]
        groups = dict(zip(same["thing"].tolist(), same["group"].tolist(), strict=True))
        free = int(earlier["group"].max()) + 1
    for thing in facets["thing"].tolist():
        if thing not in groups:
            groups[thing] = free
            free += 1
    facets["group"] = [groups[thing] for thing in facets["thing"].tolist()]
    return facets


def _first(day: date | None) -> int:
    return day.toordinal() if day else 0


def _end(day: date | None) -> int:
    return day.toordinal() if day else int(NO_END)


def date_laws(facets: _Rows, base: Snapshot) -> None:
    """Write the ends of law versions into the facets: a later text or a repeal moves them."""
    dates = sorted((v.key, _first(v.from_), _end(v.to)) for v in law_versions(base))
    if not dates:
        return
    table = np.array(dates, dtype=np.int64)
    at = np.minimum(np.searchsorted(table[:, 0], facets["version"]), len(table) - 1)
    known = table[at, 0] == facets["version"]
    facets["from"] = np.where(known, table[at, 1], facets["from"])
    facets["to"] = np.where(known, table[at, 2], facets["to"])


# ---------------------------------------------------------------- folders


@contextmanager
def _new_folder(root: Path) -> Iterator[Path]:
    """A folder to fill; pointed to when the block ends well, removed when it doesn't."""
    try:
        last = int(current(root).name[1:])
    except (Torn, ValueError):
        last = max((int(p.name[1:]) for p in root.glob("g" + "[0-9]" * 6)), default=0)
    folder = root / f"g{last + 1:06}"
    shutil.rmtree(folder, ignore_errors=True)  # what a killed writer left
    folder.mkdir()
    try:
        yield folder
        _point(root, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for old in sorted(root.glob("g" + "[0-9]" * 6))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith("WRITELOCK")]


def _link(old: Path, new: Path, part: str) -> list[str]:
    """The files of a part of a generation in another, as hard links where the file system has them."""
    (new / part).mkdir()
    names = [path.relative_to(old).as_posix() for path in _files(old / part)]
    for name in names:
        try:
            os.link(old / name, new / name)
        except OSError:
            shutil.copyfile(old / name, new / name)
    return names


def _seal(
    folder: Path,
    base: Snapshot,
    facets: _Rows,
    alive: Mask,
    average: float,
    segments: dict[str, int],
    linked: dict[str, int | None],
) -> None:
    """Write the facets, and what tells whether the folder is whole.

    Args:
        linked: files from an older generation, with the checksums of those that have one. With any, the
            others get checksums; without, all are the files of a full build, which the disk has to confirm.
    """
    date_laws(facets, base)
    np.save(folder / "facets.npy", facets)
    np.save(folder / "alive.npy", alive)
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in _files(folder)}
    checksums = {name: linked[name] for name in sizes.keys() & linked.keys()}
    if linked:
        checksums |= {name: checksum_of(folder / name) for name in sizes.keys() - linked.keys()}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "revision": base.revision,
        "bare": sorted({v.key for v in law_versions(base)} - _each(facets["version"])),  # without an article
        "average": average,
        "segments": segments,
        "files": sizes,
        "checksums": {name: sum_ for name, sum_ in checksums.items() if sum_ is not None},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")


def _point(root: Path, folder: Path) -> None:
    fresh = root / f"{POINTER}.new"
    try:
        fresh.write_text(folder.name, "ascii")
        _sync(fresh)
        os.replace(fresh, root / POINTER)
    finally:
        fresh.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Make sure the disk has it before anything points to it."""
    with path.open("rb+") as f:
        os.fsync(f.fileno())
