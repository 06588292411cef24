"""How fast we find, beside other engines on the same tokens, interleaved query by query in one run.

    python -m bench.search_speed [--corpus FILE --queries FILE] [--entries 500000] [--json]

A base with every article is built as the program builds it. Timed on it, from an understood query to its
first ten documents: the program's whole scoring (`ours`: facets, dates, the pool, the standing of laws). The
others go from tokens made ready for them to their ten best by BM25, which we also do alone (`bm25`, from the
text). Then the same for short queries of 2 to 4 words; a larger corpus, made of halves of the articles; and
in processes of their own the build, opening a cold index, and `Engine.search` whole, with snippets and cards.

Times are of the processor (nobody waits for a disk here), the median of some rounds per query, so that what
else the machine does weighs less; FTS5 and stock Whoosh are asked a sample, once. A ratio compares the same
queries. Indexes of the others are kept under var/bench by the hash of the corpus.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.engines import PEERS, TOP, available, words  # noqa: E402
from bench.retrieval import laws_of, rank, ranked, rows, text_of  # noqa: E402
from bench.search_product import TODAY, base_of  # noqa: E402
from kb.snapshot import Snapshot  # noqa: E402
from search.arrays import Postings, best  # noqa: E402
from search.generation import FORMAT, Generation, current  # noqa: E402
from search.names import Vocabulary  # noqa: E402
from search.query import Query  # noqa: E402
from search.scoring import Scoring, best_first  # noqa: E402
from search.segments import Docs, Segment, SegmentWriter  # noqa: E402
from search.tokens import tokenise  # noqa: E402
from search.understanding import understand  # noqa: E402

CACHE = ROOT / "var" / "bench"
MATERIAL = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data")) / "retrieval"
ROUNDS = 5
SAMPLES = {"fts5": 50, "whoosh": 10}  # these take tenths of seconds, and seconds, a question
OPENINGS = 3
Times = dict[str, list[float]]
Percentiles = dict[str, dict[str, float]]


def short_queries(questions: list[str], postings: Postings, count: int) -> list[str]:
    """Queries as officers type them: 2 to 4 two-character words that the corpus has."""
    rng = random.Random(2026)
    out: list[str] = []
    while len(out) < count:
        question = rng.choice(questions)
        at = rng.sample(range(len(question) - 1), k=min(rng.randint(2, 4), len(question) - 1))
        pairs = [question[n : n + 2] for n in at]
        known = [p for p in pairs if len(keys := tokenise(p).keys) == 3 and postings.holding_all(keys).any()]
        if len(known) >= 2:
            out.append(" ".join(known))
    return out


def interleaved(
    asks: dict[str, Callable[[int], object]],
    counts: dict[str, int],
    clock: Callable[[], float] = time.perf_counter,
) -> Times:
    """Milliseconds of each engine on each query, one engine after another; a first round warms up.

    Whoever comes after a slow one finds the processor's caches emptied, so the order goes round.
    """
    took: dict[str, list[list[float]]] = {name: [[] for _ in range(counts[name])] for name in asks}
    for turn in range(ROUNDS + 1):
        for n in range(max(counts.values())):
            first = (turn + n) % len(asks)
            for name in (*asks, *asks)[first : first + len(asks)]:
                if n < counts[name] and (turn == 1 or name not in SAMPLES):
                    start = clock()
                    asks[name](n)
                    if turn:
                        took[name][n].append((clock() - start) * 1000)
    return {name: [float(np.median(ms)) for ms in queries] for name, queries in took.items()}


def percentiles(took: Times) -> Percentiles:
    return {
        name: {f"p{p}": round(float(np.percentile(ms, p)), 3) for p in (50, 95)} for name, ms in took.items()
    }


def compared(took: Times) -> Percentiles:
    """With how many times as long as ours each takes for the queries it was asked."""
    out = percentiles(took)
    for name, ms in took.items():
        for p in (50, 95):
            theirs, mine = (float(np.percentile(each[: len(ms)], p)) for each in (ms, took["ours"]))
            out[name][f"p{p}_ratio"] = round(theirs / mine, 2)
    return out


def scored(generation: Generation, base: Snapshot, query: Query) -> Docs:
    """The first ten of what holds today, scored as the program scores it."""
    scores = Scoring(generation, base, query, TOP, None).scores
    return best(next(best_first(scores, generation.in_force(TODAY.toordinal()))), TOP)


def ranking(
    generation: Generation,
    base: Snapshot,
    queries: list[str],
    texts: list[str],
    folder: Path,
    leave: set[str],
) -> Percentiles:
    """Ours and the others on some queries."""
    ready = [words(q) for q in queries]
    with generation.cards.reading() as cards:
        known = Vocabulary(generation, cards)
        understood = [understand(q, base, None, None, known) for q in queries]
    asks: dict[str, Callable[[int], object]] = {
        "ours": lambda n: scored(generation, base, understood[n]),
        "bm25": lambda n: rank(generation.postings, queries[n], TOP),
    }
    for name, make in PEERS.items():
        if name not in leave and available(name, CACHE):
            ask = make(lambda: iter(texts), folder / name)
            asks[name] = lambda n, ask=ask: ask(ready[n])  # type: ignore[misc]
    counts = {name: min(len(queries), SAMPLES.get(name, len(queries))) for name in asks}
    return compared(interleaved(asks, counts, time.process_time))


def halves(corpus: list[dict[str, Any]], entries: int) -> Iterator[str]:
    """The corpus, then articles made of the first half of one and the second half of another."""
    rng = random.Random(2026)
    yield from (text_of(row) for row in corpus[:entries])
    for _ in range(entries - len(corpus)):
        one, other = rng.choice(corpus), rng.choice(corpus)
        a, b = one["text"], other["text"]
        yield text_of({**one, "text": a[: len(a) // 2] + b[len(b) // 2 :]})


def larger(corpus: list[dict[str, Any]], entries: int, queries: list[str], folder: Path) -> dict[str, Any]:
    """Ranking among many more entries; the index is built once. A made article is of a law of the corpus."""
    place = folder / f"ours-{FORMAT}-{entries}"
    if not place.exists():
        fresh = place.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        writer = SegmentWriter(fresh)
        for text in halves(corpus, entries):
            writer.add(text)
        writer.finish()
        fresh.rename(place)
    segment = Segment(place)
    postings = Postings([segment], np.ones(segment.size, dtype=np.bool_))
    laws = np.resize(laws_of(corpus), segment.size)
    asks = {"ours": lambda n: ranked(postings, laws, queries[n], TOP)}
    took = interleaved(asks, {"ours": len(queries)}, time.process_time)
    return {"entries": segment.size, **percentiles(took)["ours"]}


def part(name: str, args: argparse.Namespace, home: Path) -> dict[str, Any]:
    """Some figures of the whole base, from a process of its own."""
    command = [sys.executable, "-m", "bench.search_product", str(home), str(args.corpus), name]
    more = [str(args.queries), str(args.count)] if name == "ask" else []
    done = subprocess.run([*command, *more], cwd=ROOT, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    out: dict[str, Any] = json.loads(done.stdout)
    return out


def goals(s: dict[str, Any]) -> list[dict[str, Any]]:
    """What is asked of the engine and what it reached; a figure may be at most its goal."""
    full, product = s["full"], s["product"]
    rows: list[tuple[str, float | None, float, str]] = []
    if tantivy := full.get("tantivy"):
        rows += [
            ("p50, times tantivy's", 1 / tantivy["p50_ratio"], 1.5, "x"),
            ("p95, times tantivy's", 1 / tantivy["p95_ratio"], 3, "x"),
        ]
    if fts5 := full.get("fts5"):
        rows.append(("p50, times FTS5's", 1 / fts5["p50_ratio"], 1 / 15, "x"))
    rows += [
        (f"build of {s['articles']} articles", product["build_seconds"], 25, "s"),
        ("cold index to first answer", product["open_ms"], 80, "ms"),
        ("changed record to its hit", product["change_ms"], 100, "ms"),
        ("private memory", product["private_mb"], 120, "MB"),
    ]
    if more := s.get("larger"):
        rows.append((f"p95 at {more['entries']} entries", more["p95"], 40, "ms"))
    return [
        {
            "what": what,
            "figure": round(figure, 4),
            "most": round(most, 4),
            "unit": unit,
            "holds": figure <= most,
        }
        for what, figure, most, unit in rows
        if figure is not None
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MATERIAL / "corpus.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=MATERIAL / "queries.jsonl")
    parser.add_argument("--count", type=int, default=200, help="questions of the file that are asked")
    parser.add_argument("--entries", type=int, default=500_000, help="of the larger corpus; 0: leave it out")
    parser.add_argument("--leave", nargs="*", default=[], choices=[*PEERS], help="engines to leave out")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not args.corpus.is_file() or not args.queries.is_file():
        print(f"search speed left out: no corpus at {args.corpus}; set CAILIANG_CORPUS", file=sys.stderr)
        return
    corpus = list(rows(args.corpus))
    texts = [text_of(row) for row in corpus]
    folder = CACHE / hashlib.sha256(args.corpus.read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    product = part("build", args, home)
    product["open_ms"] = float(np.median([part("open", args, home)["open_ms"] for _ in range(OPENINGS)]))
    product |= part("change", args, home) | part("ask", args, home)

    asked = [q["query"] for q in rows(args.queries)]
    questions = random.Random(2026).sample(asked, k=min(args.count, len(asked)))
    base, generation = base_of(home, args.corpus), Generation(current(home / "index"))
    short = short_queries(asked, generation.postings, args.count)
    leave = set(args.leave)
    setting: dict[str, Any] = {
        "articles": len(corpus),
        "queries": len(questions),
        "rounds": ROUNDS,
        "samples": SAMPLES,
        "full": ranking(generation, base, questions, texts, folder, leave),
        "short": ranking(generation, base, short, texts, folder, leave | {"whoosh"}),
        "product": product,
    }
    if args.entries:
        setting["larger"] = larger(corpus, args.entries, questions, folder)
    setting["goals"] = goals(setting)
    peers = {name: each for name, each in setting["full"].items() if name in PEERS}
    result = {
        "name": "search_speed",
        "unit": "ms, p50",
        "ours": setting["full"]["ours"]["p50"],
        "peers": {name: each["p50"] for name, each in peers.items()},
        "ratio": {name: each["p50_ratio"] for name, each in peers.items()},
        "setting": setting,
    }
    print(json.dumps(result, ensure_ascii=False) if args.json else table(setting))


def table(s: dict[str, Any]) -> str:
    lines = [f"{s['articles']} articles, characters and pairs"]
    titles = (
        (f"the first ten for {s['queries']} questions", s["full"]),
        ("the first ten for short queries", s["short"]),
    )
    for title, figures in titles:
        lines.append(f"{title:<36} {'p50 ms':>9} {'p95 ms':>9} {'ours is':>16}")
        lines += [
            f"{name:>36} {each['p50']:>9.2f} {each['p95']:>9.2f} "
            f"{each['p50_ratio']:>8.1f}x {each['p95_ratio']:>6.1f}x"
            for name, each in figures.items()
        ]
    lines.append("whole base: " + ", ".join(f"{name} {value}" for name, value in s["product"].items()))
    lines.append(f"{'goal':<36} {'at most':>9} {'reached':>9}")
    lines += [
        f"{g['what']:>36} {g['most']:>9.4g} {g['figure']:>9.4g} "
        f"{g['unit']:<2} {'' if g['holds'] else 'MISSED'}"
        for g in s["goals"]
    ]
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    main()
