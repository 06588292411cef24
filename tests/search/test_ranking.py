"""The standing of laws, the weights of words, and the arithmetic of the retrieval bench."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from search.ranking import standing
from search.tokens import tokenise
from search.weights import AMOUNT, QUESTION
from search.words import word_weights


@pytest.mark.parametrize(
    ("scores", "laws", "best", "factors"),
    [
        ([], [], 10, []),
        ([4, 3, 2], [0, 0, 0], 10, [1, 1, 1]),  # records stand in no law
        ([4, 3, 2, 1], [1, 2, 2, 0], 10, [1.4, 1.5, 1.5, 1]),  # 4 against 3 + 2
        ([4, 3, 2, 1], [1, 2, 2, 0], 1, [1.5, 1.375, 1.375, 1]),
        ([6, 5, 4, 3, 2, 1], [1, 2, 1, 2, 1, 2], 2, [1.5, 1.4, 1.5, 1.4, 1.5, 1.4]),
    ],
)
def test_a_law_lends_its_standing(
    scores: list[float], laws: list[int], best: int, factors: list[float]
) -> None:
    lent = standing(np.array(scores, np.float32), np.array(laws, np.int64), best, share=0.5)
    assert lent.tolist() == pytest.approx(factors)


@pytest.mark.parametrize(
    ("said", "token", "weight"),
    [
        ("无证经营怎么处罚", "经营", 1.0),
        ("无证经营怎么处罚", "怎么", QUESTION),
        ("无证经营怎么处罚", "营怎", QUESTION),  # half of it says nothing either
        ("是否违法", "违法", 1.0),
        ("货值三千", "三千", AMOUNT),
        ("货值三千", "货值", 1.0),
        ("怎么罚款，怎么办", "怎么", QUESTION),
    ],
)
def test_what_words_weigh(said: str, token: str, weight: float) -> None:
    assert word_weights(said)[int(tokenise(token).keys[-1])] == weight


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """`bench/retrieval.py`, which is a program and no package."""
    path = Path(__file__).parents[2] / "bench" / "retrieval.py"
    spec = importlib.util.spec_from_file_location("bench_retrieval", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_measures_of_one_question(bench: ModuleType) -> None:
    assert bench.measures(["x", "a", "y", "b"], {"a", "b"}) == pytest.approx(
        (1.0, 0.5, (1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3)), 1.0)
    )
    assert bench.measures(["x"] * 10 + ["a"], {"a"}) == (0.0, 0.0, 0.0, 1.0)


def test_a_gain_is_paired_with_its_interval(bench: ModuleType) -> None:
    theirs = np.zeros((400, 1))
    ours = np.tile([[1.0], [0.0]], (200, 1))
    ((mean, low, high),) = bench.gain(ours, theirs)
    assert mean == 0.5
    assert 0.44 < low < 0.47 < 0.53 < high < 0.56
