"""The three lists: each condition its own tick, and what is still missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.discretion import assess
from kb.errors import BadValue
from kb.records import Benchmark, Leniency
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 22)
SOURCE = {"instrument": "示例", "example": True}
SHOP = Benchmark.model_validate(
    {
        "id": "market/shop",
        "domain": "市场监管",
        "violation": "示例违法行为",
        "penalty_basis": "《中华人民共和国甲法》第十条",
        "from": "2020-01-01",
        "source": SOURCE,
        "facts": {"goods_value": {"label": "货值金额", "type": "money"}},
        "statutory": [{"fine": "一万元以下"}],
    }
)


def entry(id: str, **more: Any) -> Leniency:
    return Leniency.model_validate(
        {
            "id": id,
            "list": "不予",
            "limb": "33(1)后段",
            "violation": "示例违法行为",
            "basis": "《中华人民共和国行政处罚法》第三十三条第一款",
            "conditions": [
                {"name": "first", "label": "初次违法"},
                {"name": "corrected", "label": "及时改正"},
            ],
            "source": SOURCE,
            **more,
        }
    )


def judged(records: list[Leniency], facts: dict[str, object]) -> list[tuple[str, bool, list[str]]]:
    result = assess(Snapshot.of([SHOP, *records]), SHOP.id, facts, on=TODAY)
    return [(e["id"], e["met"], e["missing"]) for e in result.to_dict()["leniency"]]


@pytest.mark.parametrize(
    ("facts", "met", "missing"),
    [
        ({}, False, ["初次违法", "及时改正"]),
        ({"first": True}, False, ["及时改正"]),
        ({"first": "是", "corrected": "否"}, False, ["及时改正"]),
        ({"first": "是", "corrected": "是"}, True, []),
    ],
)
def test_every_tick_counts_on_its_own(facts: dict[str, object], met: bool, missing: list[str]) -> None:
    assert judged([entry("leniency/a", benchmarks=SHOP.id)], facts) == [("leniency/a", met, missing)]


@pytest.mark.parametrize(
    ("goods", "met"),
    [("499.99", True), ("500", False), (None, False)],
)
def test_a_ceiling_bounds_its_tick(goods: str | None, met: bool) -> None:
    """货值 above the ceiling takes the tick away; unknown leaves it open."""
    ticks = [{"name": "minor", "label": "危害后果轻微", "ceiling": "货值金额不足五百元"}]
    got = judged(
        [entry("leniency/a", benchmarks=SHOP.id, conditions=ticks)], {"minor": True, "goods_value": goods}
    )
    assert got == [("leniency/a", met, [] if met else ["危害后果轻微"])]


@pytest.mark.parametrize(
    ("more", "concerns"),
    [
        ({"benchmarks": SHOP.id}, True),
        ({"benchmarks": "market/other"}, False),
        ({}, True),  # a limb of the law itself, for every violation
        ({"domain": "市场监管"}, True),
        ({"domain": "生态环境"}, False),
        ({"to": "2026-01-01"}, False),
    ],
)
def test_which_entries_concern_a_violation(more: dict[str, Any], concerns: bool) -> None:
    assert bool(judged([entry("leniency/a", **more)], {})) is concerns


@pytest.mark.parametrize(
    ("limb", "word"), [("33(1)前段", "应当不予"), ("33(1)后段", "可以不予"), ("33(2)", "应当不予")]
)
def test_the_limb_says_must_or_may(limb: str, word: str) -> None:
    record = entry("leniency/a", limb=limb, conditions=[{"name": "ok", "label": "条件"}])
    result = assess(Snapshot.of([SHOP, record]), SHOP.id, {"ok": True}, on=TODAY)
    step = result.steps[-1]
    assert word in step.text
    assert step.citation == "《中华人民共和国行政处罚法》第三十三条第一款"


def test_a_tick_is_yes_or_no() -> None:
    with pytest.raises(BadValue):
        judged([entry("leniency/a")], {"first": "大概"})
