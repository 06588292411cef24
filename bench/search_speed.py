"""How fast we find, beside other engines on the same tokens, interleaved query by query in one run.

    python -m bench.search_speed [--corpus FILE --queries FILE] [--entries 500000] [--json]

Four parts. Ranking alone: the first ten document numbers for a question, ours from its text, the others from
tokens made ready for them; the same for short queries of 2 to 4 words. A larger corpus, made of halves of the
articles. The whole product: a base with every article, its index built, opened by a started process, and
`Engine.search` with snippets and cards. Times are the median of some rounds per query, so that what else the
machine does weighs less. Indexes of the others are kept under var/bench by the hash of the corpus.
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
from bench.retrieval import build, rank, rows, text_of  # noqa: E402
from search.arrays import Postings  # noqa: E402
from search.generation import FORMAT  # noqa: E402
from search.segments import Segment, SegmentWriter  # noqa: E402
from search.tokens import tokenise  # noqa: E402

CACHE = ROOT / "var" / "bench"
MATERIAL = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data")) / "retrieval"
ROUNDS = 3
WHOOSH_SAMPLE = 10  # stock Whoosh takes seconds a question
Times = dict[str, list[float]]


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


def interleaved(asks: dict[str, Callable[[int], object]], counts: dict[str, int]) -> Times:
    """Milliseconds of each engine on each query, one engine after another; a first round warms up.

    Whoever comes after a slow one finds the processor's caches emptied, so the order goes round.
    """
    took: dict[str, list[list[float]]] = {name: [[] for _ in range(counts[name])] for name in asks}
    for turn in range(ROUNDS + 1):
        for n in range(max(counts.values())):
            first = (turn + n) % len(asks)
            for name in (*asks, *asks)[first : first + len(asks)]:
                if n < counts[name] and (turn == 1 or name != "whoosh"):
                    start = time.perf_counter()
                    asks[name](n)
                    if turn:
                        took[name][n].append((time.perf_counter() - start) * 1000)
    return {name: [float(np.median(ms)) for ms in queries] for name, queries in took.items()}


def percentiles(took: Times) -> dict[str, dict[str, float]]:
    return {
        name: {f"p{p}": round(float(np.percentile(ms, p)), 3) for p in (50, 95)} for name, ms in took.items()
    }


def ranking(
    postings: Postings, queries: list[str], texts: list[str], folder: Path, leave: set[str]
) -> dict[str, dict[str, float]]:
    """Ours and the others on some queries."""
    ready = [words(q) for q in queries]
    asks: dict[str, Callable[[int], object]] = {"ours": lambda n: rank(postings, queries[n], TOP)}
    for name, make in PEERS.items():
        if name not in leave and available(name, CACHE):
            ask = make(lambda: iter(texts), folder / name)
            asks[name] = lambda n, ask=ask: ask(ready[n])  # type: ignore[misc]
    counts = dict.fromkeys(asks, len(queries))
    if "whoosh" in counts:
        counts["whoosh"] = min(WHOOSH_SAMPLE, len(queries))
    return percentiles(interleaved(asks, counts))


def halves(corpus: list[dict[str, Any]], entries: int) -> Iterator[str]:
    """The corpus, then articles made of the first half of one and the second half of another."""
    rng = random.Random(2026)
    yield from (text_of(row) for row in corpus[:entries])
    for _ in range(entries - len(corpus)):
        one, other = rng.choice(corpus), rng.choice(corpus)
        a, b = one["text"], other["text"]
        yield text_of({**one, "text": a[: len(a) // 2] + b[len(b) // 2 :]})


def larger(corpus: list[dict[str, Any]], entries: int, queries: list[str], folder: Path) -> dict[str, Any]:
    """Ranking among many more entries; the index is built once."""
    place = folder / f"ours-{FORMAT}-{entries}"
    seconds = None
    if not place.exists():
        fresh = place.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        started = time.perf_counter()
        writer = SegmentWriter(fresh)
        for text in halves(corpus, entries):
            writer.add(text)
        writer.finish()
        seconds = round(time.perf_counter() - started, 1)
        fresh.rename(place)
    segment = Segment(place)
    postings = Postings([segment], np.ones(segment.size, dtype=np.bool_))
    took = interleaved({"ours": lambda n: rank(postings, queries[n], TOP)}, {"ours": len(queries)})
    return {"entries": segment.size, **percentiles(took)["ours"], "build_seconds": seconds}


def product(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The figures of a whole base; each process is a new one."""
    command = [sys.executable, "-m", "bench.search_product", str(folder / "home"), str(args.corpus)]
    out: dict[str, Any] = {}
    for part in ("build", "open", "ask"):
        more = [str(args.queries), str(args.count)] if part == "ask" else []
        done = subprocess.run(
            [*command, part, *more], cwd=ROOT, stdout=subprocess.PIPE, check=True, encoding="utf-8"
        )
        out |= json.loads(done.stdout)
    return out


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
    ours = folder / f"ours-{time.time_ns()}"
    started = time.perf_counter()
    postings = build(corpus, ours)
    build_seconds = time.perf_counter() - started
    size = sum(p.stat().st_size for p in ours.iterdir())
    shutil.rmtree(ours)  # the mapping keeps it readable

    asked = [q["query"] for q in rows(args.queries)]
    questions = random.Random(2026).sample(asked, k=min(args.count, len(asked)))
    short = short_queries(asked, postings, args.count)
    leave = set(args.leave)
    full = ranking(postings, questions, texts, folder, leave)
    setting: dict[str, Any] = {
        "articles": len(corpus),
        "queries": len(questions),
        "rounds": ROUNDS,
        "p95": {name: each["p95"] for name, each in full.items()},
        "short": ranking(postings, short, texts, folder, leave | {"whoosh"}),
        "postings_build_seconds": round(build_seconds, 2),
        "postings_mb": round(size / 2**20, 1),
        "product": product(args, folder),
    }
    if args.entries:
        setting["larger"] = larger(corpus, args.entries, questions, folder)
    mine = full.pop("ours")
    peers = {name: each["p50"] for name, each in full.items()}
    result = {
        "name": "search_speed",
        "unit": "ms, p50",
        "ours": mine["p50"],
        "peers": peers,
        "ratio": {name: round(ms / mine["p50"], 2) for name, ms in peers.items()},
        "setting": setting,
    }
    print(json.dumps(result, ensure_ascii=False) if args.json else table(result, {"ours": mine, **full}))


def table(result: dict[str, Any], full: dict[str, dict[str, float]]) -> str:
    s = result["setting"]
    lines = [
        f"{s['articles']} articles, characters and pairs; postings built in {s['postings_build_seconds']} s, "
        f"{s['postings_mb']:.0f} MB"
    ]
    titles = (
        (f"the first ten for {s['queries']} questions", full),
        ("the first ten for short queries", s["short"]),
    )
    for title, figures in titles:
        lines.append(f"{title:<36} {'p50 ms':>9} {'p95 ms':>9} {'ours is':>15}")
        ours = figures["ours"]
        lines += [
            f"{name:>36} {each['p50']:>9.2f} {each['p95']:>9.2f} "
            f"{each['p50'] / ours['p50']:>7.1f}x {each['p95'] / ours['p95']:>6.1f}x"
            for name, each in figures.items()
        ]
    if larger := s.get("larger"):
        lines.append(
            f"{larger['entries']} entries, questions: p50 {larger['p50']} ms, p95 {larger['p95']} ms"
        )
    lines.append("whole base: " + ", ".join(f"{name} {value}" for name, value in s["product"].items()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
