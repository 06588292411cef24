"""How well the right articles are found: any corpus and questions, our ranking beside plain BM25 in one run.

    python -m bench.retrieval [--corpus corpus.jsonl.gz --queries queries.jsonl] [--json] [--folds N]

Corpus: one object a line with `id`, `text` and, where there are any, `law` and `chapter`. Questions: `query`
and `gold` (ids, one at least). Ids are text or numbers; a gold id that the corpus lacks is never found. All
measures are means over the questions. Plain is exact BM25 of the same characters and
pairs, each counting the same. The gain's interval is 95 %, by resampling the questions (paired bootstrap).

--folds chooses the numbers of `search.weights` by cross-validation: in turn, the best on all folds but one,
measured on that one. Gold answers are only compared with, never indexed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from search.arrays import Postings  # noqa: E402
from search.ranking import NO_LAW, Groups, pool, standing  # noqa: E402
from search.segments import Segment, SegmentWriter  # noqa: E402
from search.tokens import tokenise  # noqa: E402
from search.weights import LAW_BEST, LAW_SHARE, POOL, QUESTION  # noqa: E402
from search.words import word_weights  # noqa: E402

MATERIAL = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data")) / "retrieval"
NAMES = ("recall@10", "mrr@10", "ndcg@10", "recall@100")
CHOSEN_BY = NAMES.index("ndcg@10")
SHOWN = 100
SEED = 2026
RESAMPLES = 10_000
Measures = npt.NDArray[np.float64]


class Setting(NamedTuple):
    """What cross-validation chooses among."""

    question: float = QUESTION
    size: int = POOL
    best: int = LAW_BEST
    share: float = LAW_SHARE


QUESTIONS, SIZES, BESTS, SHARES = (1.0, 0.5, 0.2), (100, 300), (3, 5, 10), (0.0, 0.2, 0.4, 0.6)
GRID = [Setting(*values) for values in product(QUESTIONS, SIZES, BESTS, SHARES)]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.gz file."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


class BadInput(Exception):
    """What is wrong with a file, in one line."""


def checked(path: Path, needed: dict[str, type | tuple[type, ...]]) -> list[dict[str, Any]]:
    """The objects of a file.

    Args:
        needed: fields that every object has, and what they are.

    Raises:
        BadInput: no such file, no object, a line that is none, or a field that is missing or something else.
    """
    out = []
    try:
        for number, row in enumerate(rows(path), 1):
            for name, kind in needed.items():
                if not isinstance(row, dict) or not isinstance(row.get(name), kind):
                    raise BadInput(f"{path}: object {number} has no proper {name!r}")
            out.append(row)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError) as e:
        raise BadInput(f"{path}: object {len(out) + 1} can't be read: {e}") from e
    if not out:
        raise BadInput(f"{path}: holds nothing")
    return out


def corpus_of(path: Path) -> list[dict[str, Any]]:
    """The articles of a file, an id each.

    Raises:
        BadInput: see `checked`; or two have one id.
    """
    corpus = checked(path, {"id": (str, int), "text": str})
    for row in corpus:
        row |= {"id": str(row["id"]), **{name: str(row.get(name) or "") for name in ("law", "chapter")}}
    if twice := [id for id, n in Counter(row["id"] for row in corpus).items() if n > 1]:
        raise BadInput(f"{path}: more than one object has the id {twice[0]!r}")
    return corpus


def questions_of(path: Path) -> list[dict[str, Any]]:
    """The questions of a file with their gold ids as a set.

    Raises:
        BadInput: see `checked`; or a question has no gold id.
    """
    questions = checked(path, {"query": str, "gold": list})
    for number, row in enumerate(questions, 1):
        row["gold"] = {str(id) for id in row["gold"]}
        if not row["gold"]:
            raise BadInput(f"{path}: object {number} has no gold id")
    return questions


def text_of(row: dict[str, Any]) -> str:
    return "\n".join((row.get("law", ""), row.get("chapter", ""), row["text"]))


def build(corpus: list[dict[str, Any]], folder: Path) -> Postings:
    """Index a corpus into a folder and open it."""
    writer = SegmentWriter(folder)
    for row in corpus:
        writer.add(text_of(row))
    writer.finish()
    return Postings([Segment(folder)], np.ones(len(corpus), dtype=np.bool_))


def laws_of(corpus: list[dict[str, Any]]) -> Groups:
    """A number for each article's law, from 1; `NO_LAW` where none is given."""
    names = np.array([row.get("law", "") for row in corpus])
    numbers: Groups = np.unique(names, return_inverse=True)[1] + 1
    return np.where(names == "", NO_LAW, numbers)


def plain(query: str) -> dict[int, float]:
    """Each character and pair of a query counts the same."""
    return dict.fromkeys(tokenise(query).keys.tolist(), 1.0)


def rank(postings: Postings, query: str, n: int) -> list[int]:
    """Document numbers by plain BM25, best first."""
    return [int(doc) for doc in postings.top(plain(query), n)[0]]


def ranked(postings: Postings, laws: Groups, query: str, n: int) -> list[int]:
    """Document numbers as the program ranks them, best first."""
    return [int(doc) for doc in pool(postings, word_weights(query), laws, n)[0][:n]]


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


def gain(ours: Measures, theirs: Measures) -> list[list[float]]:
    """For each measure the mean of the paired differences, and its 95 % interval."""
    differences = ours - theirs
    rng = np.random.default_rng(SEED)
    parts = np.array_split(np.arange(RESAMPLES), 50)
    drawn = [
        differences[rng.integers(0, len(differences), (len(p), len(differences)))].mean(1) for p in parts
    ]
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5], axis=0)
    out: list[list[float]] = np.stack([differences.mean(0), low, high], axis=1).round(4).tolist()
    return out


def cross_validated(
    postings: Postings, laws: Groups, queries: list[dict[str, Any]], ids: Sequence[str], folds: int
) -> tuple[Measures, Counter[Setting]]:
    """Each question measured with the setting that was best on the other folds, and the settings chosen."""
    size = max(s.size for s in GRID)
    found: dict[Setting, list[Any]] = {setting: [] for setting in GRID}
    for query in queries:
        gold = query["gold"]
        for question in {s.question for s in GRID}:
            docs, scores = postings.top(word_weights(query["query"], question=question), size)
            for s in (s for s in GRID if s.question == question):
                lent = scores[: s.size] * standing(scores[: s.size], laws[docs[: s.size]], s.best, s.share)
                order = np.lexsort((docs[: s.size], -lent))[:SHOWN]
                found[s].append(measures([ids[n] for n in docs[order]], gold))
    every = np.array([found[setting] for setting in GRID])  # setting, question, measure
    fold_of = np.random.default_rng(SEED).permutation(len(queries)) % folds
    out, chosen = np.empty(every.shape[1:]), Counter[Setting]()
    for fold in range(folds):
        best = int(every[:, fold_of != fold, CHOSEN_BY].mean(1).argmax())
        chosen[GRID[best]] += 1
        out[fold_of == fold] = every[best, fold_of == fold]
    return out, chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MATERIAL / "corpus.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=MATERIAL / "queries.jsonl")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.corpus.parent == MATERIAL and not args.corpus.is_file():
        print(f"retrieval left out: no corpus at {args.corpus}; set CAILIANG_CORPUS", file=sys.stderr)
        return
    try:
        corpus, queries = corpus_of(args.corpus), questions_of(args.queries)
    except BadInput as e:
        sys.exit(str(e))
    ids, laws = [row["id"] for row in corpus], laws_of(corpus)

    def measured(order: Any) -> Measures:
        return np.array([measures([ids[n] for n in order(q["query"])], q["gold"]) for q in queries])

    with tempfile.TemporaryDirectory() as folder:
        postings = build(corpus, Path(folder) / "base")
        theirs = measured(lambda query: rank(postings, query, SHOWN))
        chosen: Counter[Setting] = Counter()
        if args.folds:
            ours, chosen = cross_validated(postings, laws, queries, ids, args.folds)
        else:
            ours = measured(lambda query: ranked(postings, laws, query, SHOWN))
    means = {
        who: dict(zip(NAMES, values.mean(0).round(4).tolist(), strict=True))
        for who, values in (("ours", ours), ("plain", theirs))
    }
    gains = dict(zip(NAMES, gain(ours, theirs), strict=True))
    if args.json:
        settings = [{**s._asdict(), "folds": n} for s, n in chosen.most_common()]
        print(json.dumps({**means["ours"], "plain": means["plain"], "gain": gains, "chosen": settings}))
        return
    print(f"{len(corpus)} articles, {len(queries)} questions")
    print(f"{'':>12} {'ours':>8} {'plain':>8} {'gain':>9}  95 % interval")
    for name in NAMES:
        mean, low, high = gains[name]
        print(
            f"{name:>12} {means['ours'][name]:>8.4f} {means['plain'][name]:>8.4f} "
            f"{mean:>+9.4f}  {low:+.4f} to {high:+.4f}"
        )
    for setting, times in chosen.most_common():
        print(f"chosen in {times} of {args.folds} folds: {setting}")


if __name__ == "__main__":
    main()
