"""Postings and ranking, held against BM25 written out in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from math import log1p
from pathlib import Path

import numpy as np
import pytest

from search import arrays
from search.arrays import K1, B, Postings, Segment, SegmentWriter, best
from search.tokens import is_single, tokenise

WORDS = [
    "食品",
    "安全",
    "经营",
    "许可",
    "罚款",
    "违法",
    "情节",
    "严重",
    "超限",
    "运输",
    "abc",
    "2024",
    "的",
    "是",
]


def texts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["，".join(rng.choices(WORDS, k=rng.randint(0, 30))) for _ in range(count)]


def written(folder: Path, documents: list[str], average: float | None = None) -> tuple[Segment, float]:
    writer = SegmentWriter(folder)
    for text in documents:
        writer.add(text)
    average = writer.finish(average)
    return Segment(folder), average


def plain_bm25(documents: list[str], alive: list[bool], average: float, query: str) -> dict[int, float]:
    """The definition: BM25 of the living documents that hold a pair or word of the query."""
    bags = [Counter(tokenise(t).keys.tolist()) for t in documents]
    keys = list(dict.fromkeys(tokenise(query).keys.tolist()))
    single = is_single(np.array(keys, dtype=np.uint64)).tolist()
    evidence = [k for k, alone in zip(keys, single, strict=True) if not alone] or keys
    living = sum(alive)
    scores = {}
    for n, bag in enumerate(bags):
        if not alive[n] or not any(k in bag for k in evidence):
            continue
        norm = K1 * (1 - B + B * sum(bag.values()) / average)
        scores[n] = 0.0
        for key in keys:
            df = sum(alive[m] and key in other for m, other in enumerate(bags))
            tf = bag[key]
            scores[n] += log1p((living - df + 0.5) / (df + 0.5)) * tf * (K1 + 1) / (tf + norm)
    return scores


@pytest.mark.parametrize(
    "query", ["食品安全", "无证 食品", "的", "超限 运输 罚款", "abc 2024", "情节严重的处罚", "龘龘"]
)
@pytest.mark.parametrize("batch", [200, 10**6])
def test_ranking_equals_plain_bm25(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str, batch: int
) -> None:
    monkeypatch.setattr(arrays, "BATCH_CHARS", batch)
    first, second = texts(300, seed=1), texts(40, seed=2)
    base, average = written(tmp_path / "base", first)
    delta, _ = written(tmp_path / "delta", second, average)
    alive = np.ones(340, dtype=np.bool_)
    alive[[3, 50, 51, 320]] = False
    postings = Postings([base, delta], alive)
    scores, _ = postings.scores(dict.fromkeys(tokenise(query).keys.tolist(), 1.0))
    expected = plain_bm25(first + second, alive.tolist(), average, query)
    assert set(np.flatnonzero(scores).tolist()) == set(expected)
    assert all(scores[n] == pytest.approx(value, rel=1e-4) for n, value in expected.items())
    top = [round(float(scores[n]), 3) for n in best(scores, 10)]
    assert top == pytest.approx(sorted(expected.values(), reverse=True)[:10], abs=2e-3)


def test_no_documents(tmp_path: Path) -> None:
    segment, average = written(tmp_path / "base", [])
    assert average == 1.0
    postings = Postings([segment], np.ones(0, dtype=np.bool_))
    scores, _ = postings.scores({1: 1.0})
    assert not len(best(scores, 10))


def test_the_token_at_either_end_of_the_table(tmp_path: Path) -> None:
    segment, _ = written(tmp_path / "base", ["一乙", "龥z", ""])
    for text in ("一", "z"):
        (where,) = segment.postings(tokenise(text).keys)
        assert where.stop - where.start == 1
    (nowhere,) = segment.postings(np.array([2**42 - 1], dtype=np.uint64))
    assert nowhere == slice(0, 0)


@pytest.mark.parametrize(
    ("scores", "n", "expected"),
    [
        ([0, 3, 1, 3, 2], 2, [1, 3]),
        ([0, 3, 1, 3, 2], 9, [1, 3, 4, 2]),
        ([1, 1, 1, 1], 2, [0, 1]),
        ([0, 0], 2, []),
    ],
)
def test_best_is_highest_first_and_equal_by_number(scores: list[float], n: int, expected: list[int]) -> None:
    assert best(np.array(scores, dtype=np.float32), n).tolist() == expected


def test_holding_all(tmp_path: Path) -> None:
    segment, _ = written(tmp_path / "base", ["食品安全", "食品，安全", "安全"])
    postings = Postings([segment], np.ones(3, dtype=np.bool_))
    assert postings.holding_all(tokenise("食品安全").keys).tolist() == [True, False, False]
    assert postings.holding_all(tokenise("安全").keys).tolist() == [True, True, True]
