"""How fast we rank, beside peers on the same tokens, interleaved query by query in one run.

    python -m bench.search_speed [--corpus corpus.jsonl.gz --queries queries.jsonl] [--json]

Queries are 2 to 4 two-character words drawn from the questions. SQLite FTS5 is always a peer, tantivy and
bm25s where they are installed. Peers' indexes are kept under var/bench by the hash of the corpus.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.retrieval import build, rank, rows, text_of  # noqa: E402
from search.arrays import Postings  # noqa: E402
from search.tokens import tokenise  # noqa: E402

TOP = 10
CACHE = ROOT / "var" / "bench"
MATERIAL = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data")) / "retrieval"
Ask = Callable[[list[str]], object]


def words(text: str) -> list[str]:
    """Our tokens as plain words, for engines that split at spaces."""
    return [f"t{key:x}" for key in tokenise(text).keys.tolist()]


def short_queries(questions: list[str], postings: Postings, count: int) -> list[str]:
    """Queries as officers type them: 2 to 4 two-character words that the corpus has."""
    rng = random.Random(2026)
    out = []
    while len(out) < count:
        question = rng.choice(questions)
        at = rng.sample(range(len(question) - 1), k=min(rng.randint(2, 4), len(question) - 1))
        pairs = [question[n : n + 2] for n in at]
        known = [p for p in pairs if len(keys := tokenise(p).keys) == 3 and postings.holding_all(keys).any()]
        if len(known) >= 2:
            out.append(" ".join(known))
    return out


def fts5(corpus: list[dict[str, Any]], path: Path) -> Ask:
    fresh = not path.exists()
    db = sqlite3.connect(path)
    if fresh:
        db.execute("create virtual table t using fts5(body, content='', tokenize='ascii')")
        db.executemany(
            "insert into t(rowid, body) values (?, ?)",
            ((n, " ".join(words(text_of(r)))) for n, r in enumerate(corpus)),
        )
        db.commit()
    sql = f"select rowid from t where t match ? order by rank limit {TOP}"
    return lambda tokens: db.execute(sql, (" OR ".join(tokens),)).fetchall()


def tantivy(corpus: list[dict[str, Any]], path: Path) -> Ask:
    import tantivy as tv

    schema = tv.SchemaBuilder().add_integer_field("n", stored=True)
    schema = schema.add_text_field("body", tokenizer_name="whitespace", index_option="freq").build()
    fresh = not path.exists()
    path.mkdir(exist_ok=True)
    index = tv.Index(schema, str(path))
    if fresh:
        writer = index.writer(256_000_000, 1)
        for n, row in enumerate(corpus):
            writer.add_document(tv.Document(n=n, body=" ".join(words(text_of(row)))))
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(tokens: list[str]) -> object:
        terms = [(tv.Occur.Should, tv.Query.term_query(schema, "body", t, "freq")) for t in tokens]
        return searcher.search(tv.Query.boolean_query(terms), TOP).hits

    return ask


def bm25s(corpus: list[dict[str, Any]], path: Path) -> Ask:
    import bm25s as bm

    if not path.exists():
        made = bm.BM25()
        made.index([words(text_of(r)) for r in corpus], show_progress=False)
        made.save(str(path))
    model = bm.BM25.load(str(path), mmap=True)
    return lambda tokens: model.retrieve([tokens], k=TOP, show_progress=False)


def milliseconds(asks: dict[str, Callable[[str], object]], queries: list[str]) -> dict[str, list[float]]:
    """Time each engine on each query, one after another, after one round to warm up."""
    took: dict[str, list[float]] = {name: [] for name in asks}
    for timed in (False, True):
        for query in queries:
            for name, ask in asks.items():
                start = time.perf_counter()
                ask(query)
                if timed:
                    took[name].append((time.perf_counter() - start) * 1000)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MATERIAL / "corpus.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=MATERIAL / "queries.jsonl")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not args.corpus.is_file() or not args.queries.is_file():
        print(f"search speed left out: no corpus at {args.corpus}; set CAILIANG_CORPUS", file=sys.stderr)
        return
    corpus = list(rows(args.corpus))
    folder = CACHE / hashlib.sha256(args.corpus.read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    ours = folder / f"ours-{time.time_ns()}"
    postings = build(corpus, ours)
    build_seconds = time.perf_counter() - started
    size = sum(p.stat().st_size for p in ours.iterdir())
    for path in ours.iterdir():
        path.unlink()  # the mapping keeps it readable
    ours.rmdir()

    queries = short_queries([q["query"] for q in rows(args.queries)], postings, args.count)
    asks: dict[str, Callable[[str], object]] = {"ours": lambda q: rank(postings, q, TOP)}
    for name, make in (("fts5", fts5), ("tantivy", tantivy), ("bm25s", bm25s)):
        if name == "fts5" or find_spec(name):
            ask = make(corpus, folder / name)
            asks[name] = lambda q, ask=ask: ask(words(q))
    took = milliseconds(asks, queries)
    p50 = {name: round(float(np.percentile(ms, 50)), 3) for name, ms in took.items()}
    p95 = {name: round(float(np.percentile(ms, 95)), 3) for name, ms in took.items()}
    peers = {name: ms for name, ms in p50.items() if name != "ours"}
    result = {
        "name": "search_speed",
        "unit": "ms, p50",
        "ours": p50["ours"],
        "peers": peers,
        "ratio": {name: round(ms / p50["ours"], 2) for name, ms in peers.items()},
        "setting": {
            "articles": len(corpus),
            "queries": len(queries),
            "p95": p95,
            "build_seconds": round(build_seconds, 2),
            "index_mb": round(size / 2**20, 1),
        },
    }
    if args.json:
        print(json.dumps(result))
        return
    print(
        f"{len(corpus)} articles, {len(queries)} queries of 2-4 words; "
        f"built in {build_seconds:.1f} s, {size >> 20} MB"
    )
    print(f"{'':>10} {'p50 ms':>9} {'p95 ms':>9} {'ours is':>9}")
    for name in p50:
        print(f"{name:>10} {p50[name]:>9.2f} {p95[name]:>9.2f} {p50[name] / p50['ours']:>8.1f}x")


if __name__ == "__main__":
    main()
