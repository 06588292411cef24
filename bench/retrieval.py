"""How well the right articles are found: any corpus and questions, ranked by our engine.

    python bench/retrieval.py --corpus corpus.jsonl.gz --queries queries.jsonl [--json]

Corpus: one object a line with `id`, `text` and, where there are any, `law` and `chapter`. Questions: `query`
and `gold` (ids). All measures are means over the questions.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from search.arrays import Postings
from search.segments import Segment, SegmentWriter
from search.tokens import tokenise


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.gz file."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def text_of(row: dict[str, Any]) -> str:
    return "\n".join((row.get("law", ""), row.get("chapter", ""), row["text"]))


def build(corpus: list[dict[str, Any]], folder: Path) -> Postings:
    """Index a corpus into a folder and open it."""
    writer = SegmentWriter(folder)
    for row in corpus:
        writer.add(text_of(row))
    writer.finish()
    return Postings([Segment(folder)], np.ones(len(corpus), dtype=np.bool_))


def rank(postings: Postings, query: str, n: int) -> list[int]:
    """Document numbers, best first."""
    docs, _ = postings.top(dict.fromkeys(tokenise(query).keys.tolist(), 1.0), n)
    return [int(doc) for doc in docs]


def measures(found: list[str], gold: set[str]) -> tuple[float, float, float, float]:
    """recall@10, mrr@10, ndcg@10 and recall@100 of one question."""
    places = [n for n, id in enumerate(found[:10]) if id in gold]
    ideal = sum(1 / log2(n + 2) for n in range(min(len(gold), 10)))
    return (
        len(places) / len(gold),
        1 / (places[0] + 1) if places else 0.0,
        sum(1 / log2(n + 2) for n in places) / ideal,
        len(gold.intersection(found[:100])) / len(gold),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    corpus, queries = list(rows(args.corpus)), list(rows(args.queries))
    with tempfile.TemporaryDirectory() as folder:
        postings = build(corpus, Path(folder) / "base")
        all_measures = [
            measures([corpus[n]["id"] for n in rank(postings, q["query"], 100)], set(q["gold"]))
            for q in queries
        ]
    means = np.mean(all_measures, axis=0)
    names = ("recall@10", "mrr@10", "ndcg@10", "recall@100")
    result = {name: round(float(mean), 4) for name, mean in zip(names, means, strict=True)}
    if args.json:
        print(json.dumps(result))
        return
    print(f"{len(corpus)} articles, {len(queries)} questions")
    for name, value in result.items():
        print(f"{name:>12}  {value:.4f}")


if __name__ == "__main__":
    main()
