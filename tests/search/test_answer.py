"""What lifts a hit: answered questions and what was opened after a search; and that it is explained."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from kb.records import Question
from kb.snapshot import Snapshot
from search.engine import Engine

LAW = "law/中华人民共和国甲品安全法"
PLAIN = "market/unlicensed-food-business"


def question(asked: list[str], cites: list[str], times: int = 1) -> Question:
    source = {"instrument": "示例", "example": True}
    return Question.model_validate(
        {"id": "question/one", "domain": "市场监管", "asked": asked, "cites": cites, "times": times}
        | {"source": source}
    )


With = Callable[[Question | None], Engine]


@pytest.fixture
def asked_of(tmp_path: Path, samples: ModuleType) -> With:
    """The small base with one more record."""
    numbers = count()

    def made(record: Question | None) -> Engine:
        records = (*samples.RECORDS, *([record] if record else ()))
        engine = Engine(tmp_path / str(next(numbers)))
        engine.sync(Snapshot.of(records, samples.LAWS, samples.REPEALS))
        return engine

    return made


# What was asked before, what it led to, what is asked now, and the first hit then.
LIFTED = [
    ("摊位没有许可卖吃的", f"《{LAW.removeprefix('law/')}》第三条之一", "摊位没有许可卖吃的", f"{LAW}/3-1"),
    ("摊位没有许可卖吃的", f"《{LAW.removeprefix('law/')}》第三条之一", "没有许可的摊位卖吃的", f"{LAW}/3-1"),
    ("无许可经营食品", "market/small-shop", "无许可经营食品", "market/small-shop"),
]


@pytest.mark.parametrize(("before", "led_to", "now", "first"), LIFTED)
def test_an_answered_question_lifts_what_it_led_to(
    asked_of: With, before: str, led_to: str, now: str, first: str
) -> None:
    without = asked_of(None).search(now)
    assert [hit["id"] for hit in without["hits"]][:1] != [first]
    found = asked_of(question([before], [led_to], times=5)).search(now, explain=True)
    assert found["hits"][0]["id"] == first
    assert any(part["text"] == f"问过“{before}”" for part in found["hits"][0]["explain"])
    assert "question" not in {hit["kind"] for hit in found["hits"]}


def test_what_was_opened_often_is_lifted_more(asked_of: With) -> None:
    gains = []
    for times in (1, 20):
        record = question(["无许可经营食品"], [PLAIN], times)
        hits = asked_of(record).search("无许可经营食品", explain=True)["hits"]
        hit = next(h for h in hits if h["id"] == PLAIN)
        gains.append(next(p["value"] for p in hit["explain"] if p["text"].startswith("问过")))
    assert gains[0] < gains[1]


@pytest.mark.parametrize("now", ["排放污水", "牛奶", "甲安法6条", "《甲品安全法》第六条"])
def test_other_questions_are_left_as_they_were(asked_of: With, now: str) -> None:
    record = question(["无许可经营食品"], ["market/small-shop"], 100)
    with_it, without = (
        [(h["id"], h["score"]) for h in asked_of(r).search(now)["hits"]][:1] for r in (record, None)
    )
    assert [id for id, _ in with_it] == [id for id, _ in without]
