"""One process of `bench.search_speed`: a base with every article of a corpus, searched as the program does.

    python -m bench.search_product HOME CORPUS build|open|change|ask [QUERIES COUNT]

Prints one JSON object. The base is written once and kept; its index is built anew by `build`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.retrieval import rows  # noqa: E402
from kb.laws import Article, LawVersion, Paragraph  # noqa: E402
from kb.records import Phrase, Source  # noqa: E402
from kb.snapshot import Snapshot  # noqa: E402
from kb.store import Store  # noqa: E402
from search.engine import Engine  # noqa: E402

FIRST = "超限运输 罚款"
TODAY = date(2026, 11, 23)
CHANGES = 9


def base_of(home: Path, corpus: Path) -> Snapshot:
    """The base of a home, filled with the articles where it is new. Articles are numbered as they come."""
    if not home.exists():
        fresh = home.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fill(Store.open(fresh), rows(corpus))
        fresh.rename(home)
    return Store.open(home).snapshot()


def fill(store: Store, given: Iterable[dict[str, Any]]) -> None:
    """Write the articles of a corpus into an empty store, law by law."""
    laws: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in given:
        laws[row["law"]].append(row)
    with store.writing(author="bench", at=datetime(2026, 11, 23, tzinfo=UTC)) as writer:
        for title, articles in laws.items():
            day = date.fromisoformat(articles[0].get("date") or "2000-01-01")
            version = LawVersion(title, day, adopted=day, has_text=True)
            writer.put_law(version, [_article(row, n) for n, row in enumerate(articles, 1)])


def _article(row: dict[str, Any], number: int) -> Article:
    paragraphs = tuple(Paragraph(text) for text in row["text"].split("\n"))
    return Article(number, 0, paragraphs, chapter=row.get("chapter", ""), has_text=True)


def build(base: Snapshot, home: Path) -> dict[str, Any]:
    shutil.rmtree(home / "index", ignore_errors=True)
    started, worked = time.perf_counter(), time.process_time()
    done = Engine(home).sync(base)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    size = sum(p.stat().st_size for p in (home / "index").rglob("*") if p.is_file())
    return {
        "articles": done.documents,
        "build_seconds": round(seconds, 1),
        "of_processor": round(work, 1),
        "index_mb": size >> 20,
    }


def warm() -> None:
    """What a process has behind it once it has answered anything: here, from a base of one article."""
    with TemporaryDirectory() as folder:
        store, engine = Store.open(Path(folder)), Engine(Path(folder))
        fill(store, [{"law": "某法", "text": "超限运输的，处罚款。"}])
        engine.sync(store.snapshot())
        engine.search(FIRST, today=TODAY)


def open_cold(base: Snapshot, home: Path) -> dict[str, Any]:
    """In a started process, opening an index whose pages are not in memory, to the first answer."""
    warm()
    for path in (home / "index").rglob("*"):
        if path.is_file() and hasattr(os, "posix_fadvise"):
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    started = time.perf_counter()
    engine = Engine(home)
    engine.sync(base)
    engine.search(FIRST, today=TODAY)
    return {"open_ms": round((time.perf_counter() - started) * 1000, 1)}


def change(home: Path) -> dict[str, Any]:
    """From a commit in the store to the hit, in a copy of the home."""
    took, worked = [], []
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(home, Path(folder) / "home"))
        store, engine = Store.open(copy), Engine(copy)
        engine.sync(store.snapshot())
        engine.search(FIRST, today=TODAY)
        for turn in range(CHANGES):
            said = f"第{turn}次换词"
            record = Phrase(
                id="bench/changed",
                source=Source(instrument="bench", example=True),
                channel="口头",
                scene="出示证件",
                step="说明",
                recommended=said,
            )
            with store.writing(author="bench", at=datetime(2026, 11, 23, tzinfo=UTC)) as writer:
                writer.put_record(record)
            start, busy = time.perf_counter(), time.process_time()
            engine.sync(store.snapshot())
            hits = engine.search(f"“{said}”", today=TODAY)["hits"]
            took.append((time.perf_counter() - start) * 1000)
            worked.append((time.process_time() - busy) * 1000)
            assert [hit["id"] for hit in hits] == [record.id]
    return {
        "change_ms": round(float(np.median(took)), 1),
        "change_of_processor": round(float(np.median(worked)), 1),
    }


def ask(base: Snapshot, home: Path, queries: Path, count: int) -> dict[str, Any]:
    engine = Engine(home)
    engine.sync(base)
    asked = [q["query"] for q in rows(queries)]
    questions = Random(2026).sample(asked, k=min(count, len(asked)))
    took = []
    for timed in (False, True):
        for question in questions:
            started = time.perf_counter()
            engine.search(question, today=TODAY)
            if timed:
                took.append((time.perf_counter() - started) * 1000)
    p50, p95 = (round(float(np.percentile(took, p)), 2) for p in (50, 95))
    return {"answer_p50_ms": p50, "answer_p95_ms": p95, "private_mb": private_mb()}


def private_mb() -> float | None:
    """Memory of this process that no file stands behind; None where the system doesn't say."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024, 1)


def main() -> None:
    home, corpus, part = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    base = base_of(home, corpus)
    if part == "build":
        out = build(base, home)
    elif part == "open":
        out = open_cold(base, home)
    elif part == "change":
        out = change(home)
    else:
        out = ask(base, home, Path(sys.argv[4]), int(sys.argv[5]))
    print(json.dumps(out))


if __name__ == "__main__":
    main()
