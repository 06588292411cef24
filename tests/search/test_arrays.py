"""Postings and ranking, held against BM25 written out in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from math import log1p
from pathlib import Path

import numpy as np
import pytest

from search import arrays, segments
from search.arrays import Postings, best, evidence
from search.segments import K1, B, Segment, SegmentWriter
from search.tokens import tokenise

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
    """The definition: BM25 of the living documents that hold a token of the query."""
    bags = [Counter(tokenise(t).keys.tolist()) for t in documents]
    keys = list(dict.fromkeys(tokenise(query).keys.tolist()))
    living = sum(alive)
    df = {key: sum(alive[n] and key in bag for n, bag in enumerate(bags)) for key in keys}
    scores = {}
    for n, bag in enumerate(bags):
        if not alive[n] or not any(key in bag for key in keys):
            continue
        norm = K1 * (1 - B + B * sum(bag.values()) / average)
        scores[n] = 0.0
        for key in keys:
            tf = bag[key]
            scores[n] += log1p((living - df[key] + 0.5) / (df[key] + 0.5)) * tf * (K1 + 1) / (tf + norm)
    return scores


def weights(query: str) -> dict[int, float]:
    return dict.fromkeys(tokenise(query).keys.tolist(), 1.0)


QUERIES = [
    "食品安全",
    "无证 食品",
    "的",
    "超限 运输 罚款",
    "abc 2024",
    "情节严重的处罚",
    "龘龘",
    "的是",
    "乙",
]
DEAD = [3, 50, 51, 320]


@pytest.fixture(params=["lists", "rows", "thinned"])
def built(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Postings, list[str], float]:
    """Two segments with dead documents; tokens in lists, or frequent ones in rows, thinned or not."""
    if request.param != "lists":
        monkeypatch.setattr(segments, "ROWS_FROM", 0)
    if request.param == "thinned":
        monkeypatch.setattr(arrays, "_CELLS", 16)
        monkeypatch.setattr(segments, "BATCH_CHARS", 200)
    first, second = texts(300, seed=1), texts(40, seed=2)
    first[7] += "的" * 300  # more than a byte can count
    base, average = written(tmp_path / "base", first)
    delta, _ = written(tmp_path / "delta", second, average)
    assert bool(len(base.times)) == (request.param != "lists")
    alive = np.ones(340, dtype=np.bool_)
    alive[DEAD] = False
    return Postings([base, delta], alive), first + second, average


@pytest.mark.parametrize("query", QUERIES)
def test_the_first_n_are_those_of_plain_bm25(built: tuple[Postings, list[str], float], query: str) -> None:
    postings, documents, average = built
    expected = plain_bm25(documents, postings.alive.tolist(), average, query)
    rng = np.random.default_rng(5)
    half = rng.random(340) < 0.5
    few = np.arange(340) % 97 == 4
    lift = rng.random(340).astype(np.float32) * 2
    for within in (None, half, few, lift, ~postings.alive):
        factors = [1.0] * 340 if within is None else within.tolist()
        wanted = sorted((-value * factors[n], n) for n, value in expected.items() if factors[n])
        for n in (1, 10, 100, 1000):
            docs, scores = postings.top(weights(query), n, within)
            assert scores == pytest.approx([-score for score, _ in wanted[:n]], rel=1e-5)
            assert all(
                scores[at] == pytest.approx(expected[doc] * factors[doc], rel=1e-5)
                for at, doc in enumerate(docs.tolist())
            )
            assert sorted(zip((-scores).tolist(), docs.tolist(), strict=True)) == list(
                zip((-scores).tolist(), docs.tolist(), strict=True)
            )


@pytest.mark.parametrize("query", QUERIES)
def test_a_document_matches_where_there_is_evidence(
    built: tuple[Postings, list[str], float], query: str
) -> None:
    postings, documents, _ = built
    keys = evidence(tokenise(query).keys)
    held = [not set(keys.tolist()).isdisjoint(tokenise(t).keys.tolist()) for t in documents]
    alive = postings.alive.tolist()
    assert postings.holding_any(keys).tolist() == [h and a for h, a in zip(held, alive, strict=True)]


def test_equal_documents_stand_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS_FROM", 0)
    documents = texts(40, seed=3) * 6
    segment, _ = written(tmp_path / "base", documents)
    postings = Postings([segment], np.ones(240, dtype=np.bool_))
    for query in QUERIES:
        docs, _ = postings.top(weights(query), 60)
        same = [documents[doc] for doc in docs]
        for text in set(same):
            numbers = [doc for doc in docs.tolist() if documents[doc] == text]
            assert numbers == sorted(numbers)


def test_no_documents(tmp_path: Path) -> None:
    segment, average = written(tmp_path / "base", [])
    assert average == 1.0
    postings = Postings([segment], np.ones(0, dtype=np.bool_))
    assert not len(best(np.zeros(0, dtype=np.float32), 10))
    assert not len(postings.top({1: 1.0}, 10)[0])
    assert not len(postings.top({}, 10)[0])


def test_the_token_at_either_end_of_the_table(tmp_path: Path) -> None:
    segment, _ = written(tmp_path / "base", ["一乙", "龥z", ""])
    for text, doc in (("一", 0), ("z", 1)):
        known, places = segment.find(tokenise(text).keys)
        assert known.all()
        assert np.flatnonzero(segment.holding(*places.tolist())).tolist() == [doc]
    known, places = segment.find(np.array([2**42 - 1], dtype=np.uint64))
    assert not known.any()
    assert not len(places)


@pytest.mark.parametrize(
    ("scores", "n", "expected"),
    [
        ([0, 3, 1, 3, 2], 2, [1, 3]),
        ([0, 3, 1, 3, 2], 9, [1, 3, 4, 2]),
        ([1, 1, 1, 1], 2, [0, 1]),
        ([0, 0], 2, []),
        ([1] * 1000, 3, [0, 1, 2]),
        ([*range(1000)], 3, [999, 998, 997]),
    ],
)
def test_best_is_highest_first_and_equal_by_number(scores: list[float], n: int, expected: list[int]) -> None:
    assert best(np.array(scores, dtype=np.float32), n).tolist() == expected


def test_holding_all(tmp_path: Path) -> None:
    segment, _ = written(tmp_path / "base", ["食品安全", "食品，安全", "安全"])
    postings = Postings([segment], np.ones(3, dtype=np.bool_))
    assert postings.holding_all(tokenise("食品安全").keys).tolist() == [True, False, False]
    assert postings.holding_all(tokenise("安全").keys).tolist() == [True, True, True]
