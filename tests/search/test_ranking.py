"""The standing of laws, the weights of words, and the arithmetic of the retrieval bench."""

from __future__ import annotations

import importlib.util
import json
import sys
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


ARTICLES = [
    {"id": 7, "text": "食品过期的，罚款。"},
    {"id": "法/二#1", "law": "乙法", "text": "车辆超限运输。"},
]
ASKED = [
    {"query": "过期食品", "gold": [7]},
    {"query": "超限", "gold": ["法/二#1", "无"]},
    {"query": "", "gold": [7]},
]


def run(bench: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch, *files: list[object]) -> None:
    """The program on a corpus and questions of our own."""
    paths = [folder / "corpus.jsonl", folder / "queries.jsonl"]
    for path, objects in zip(paths, files, strict=True):
        path.write_text("\n".join(map(json.dumps, objects)), "utf-8")
    given = ["retrieval.py", "--corpus", str(paths[0]), "--queries", str(paths[1]), "--json"]
    monkeypatch.setattr(sys, "argv", given)
    bench.main()


def test_any_corpus_can_be_measured(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bench, tmp_path, monkeypatch, [*ARTICLES], [*ASKED])
    out = json.loads(capsys.readouterr().out)
    assert out["recall@10"] == out["recall@100"] == 0.5  # all of one, half of one, none of one
    assert out["mrr@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert set(out) == {"recall@10", "mrr@10", "ndcg@10", "recall@100", "plain", "gain", "chosen"}


@pytest.mark.parametrize(
    ("corpus", "queries", "said"),
    [
        ([{"id": 1}], ASKED, "corpus.jsonl: object 1 has no proper 'text'"),
        ([ARTICLES[0], {"text": "甲"}], ASKED, "corpus.jsonl: object 2 has no proper 'id'"),
        ([{"id": 7, "text": "甲"}, {"id": "7", "text": "乙"}], ASKED, "more than one object has the id '7'"),
        ([["id"]], ASKED, "corpus.jsonl: object 1 has no proper 'id'"),
        ([], ASKED, "corpus.jsonl: holds nothing"),
        (ARTICLES, [{"query": "甲"}], "queries.jsonl: object 1 has no proper 'gold'"),
        (ARTICLES, [{"query": "甲", "gold": []}], "queries.jsonl: object 1 has no gold id"),
        (ARTICLES, [{"question": "甲", "gold": [1]}], "queries.jsonl: object 1 has no proper 'query'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_line(
    bench: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    corpus: list[object],
    queries: list[object],
    said: str,
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(bench, tmp_path, monkeypatch, corpus, queries)
    assert said in str(stopped.value)
    assert "\n" not in str(stopped.value)
