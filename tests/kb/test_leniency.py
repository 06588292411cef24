"""The three lists: each condition its own tick, and what is still missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.discretion import EarlierDecision, History, Period, assess
from kb.errors import BadValue
from kb.records import Benchmark, Leniency, Setting
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


# ---------------------------------------------------------------- exclusions, ceilings, limbs


@pytest.mark.parametrize(
    ("answer", "met", "excluded", "unchecked"),
    [(None, True, [], ["拒绝检查"]), ("否", True, [], []), ("是", False, ["拒绝检查"], [])],
)
def test_an_exclusion_takes_the_entry_away(
    answer: str | None, met: bool, excluded: list[str], unchecked: list[str]
) -> None:
    record = entry("leniency/a", benchmarks=SHOP.id, exclusions=["拒绝检查"])
    facts = {"first": True, "corrected": True, "拒绝检查": answer}
    [got] = assess(Snapshot.of([SHOP, record]), SHOP.id, facts, on=TODAY).to_dict()["leniency"]
    assert (got["met"], got["excluded"], got["unchecked"]) == (met, excluded, unchecked)


def test_an_exclusion_over_the_benchmark_s_own_fact_is_not_asked_twice() -> None:
    facts = {
        **{k: v.model_dump() for k, v in SHOP.facts.items()},
        "refused": {"label": "拒不改正", "type": "bool"},
    }
    shop = Benchmark.model_validate({**SHOP.model_dump(by_alias=True), "facts": facts})
    record = entry("leniency/a", benchmarks=SHOP.id, exclusions=["拒不改正"])
    base = Snapshot.of([shop, record])
    [got] = assess(base, SHOP.id, {"first": True, "corrected": True, "refused": True}, on=TODAY).leniency
    assert got.excluded == ("拒不改正",)
    with pytest.raises(BadValue):
        assess(base, SHOP.id, {"拒不改正": True}, on=TODAY)


def test_a_ceiling_that_the_facts_break_is_told_to_whoever_ticked_it() -> None:
    ticks = [{"name": "minor", "label": "危害后果轻微", "ceiling": "货值金额不足五百元"}]
    base = Snapshot.of([SHOP, entry("leniency/a", benchmarks=SHOP.id, conditions=ticks)])
    result = assess(base, SHOP.id, {"minor": True, "goods_value": "600"}, on=TODAY)
    assert [w.message for w in result.warnings if w.code == "tick_refuted"] == [
        "“危害后果轻微”：不符合“货值金额不足五百元”"
    ]
    unticked = assess(base, SHOP.id, {"goods_value": "600"}, on=TODAY)
    assert "tick_refuted" not in {w.code for w in unticked.warnings}


@pytest.mark.parametrize(
    ("limb", "which", "compulsory", "must"),
    [
        ("30", "不予", None, True),
        ("30", "从轻或者减轻", None, True),
        ("31", "不予", None, True),
        ("31", "从轻或者减轻", None, False),
        ("32", "减轻", None, True),
        ("33(1)前段", "不予", None, True),
        ("33(1)后段", "不予", None, False),
        ("33(2)", "不予", None, True),
        ("另有规定", "从轻或者减轻", False, False),  # 产品质量法第五十五条: 可以
        ("另有规定", "不予", False, False),  # 食品安全法第一百三十六条: 可以
    ],
)
def test_each_limb_says_must_or_may(limb: str, which: str, compulsory: bool | None, must: bool) -> None:
    record = entry("leniency/a", limb=limb, list=which, compulsory=compulsory)
    [got] = assess(Snapshot.of([SHOP, record]), SHOP.id, {}, on=TODAY).leniency
    assert got.compulsory is must


# ---------------------------------------------------------------- 初次, searched in the agency's own ledger

ACT = Period(date(2026, 6, 1), date(2026, 6, 3))


@pytest.mark.parametrize(
    ("months", "decisions", "state", "note"),
    [
        (
            24,
            [("示罚〔2025〕1号", date(2025, 3, 1), SHOP.id)],
            False,
            "2025-03-01已因同类行为决定处罚（示罚〔2025〕1号）",
        ),
        (24, [("示罚〔2024〕1号", date(2024, 5, 31), SHOP.id)], True, "2024-06-01至2026-06-01没有同类行为"),
        (24, [("示罚〔2024〕2号", date(2024, 6, 1), SHOP.id)], False, "示罚〔2024〕2号"),
        (24, [("示罚〔2025〕3号", date(2025, 3, 1), "market/other")], True, "没有同类行为"),
        (None, [("示罚〔2010〕4号", date(2010, 1, 1), SHOP.id)], False, "示罚〔2010〕4号"),
        (24, [("示罚〔2026〕5号", date(2026, 7, 1), SHOP.id)], True, "没有同类行为"),  # after the act
        (24, [], True, "没有查其他机关的处罚记录、信用平台"),
    ],
)
def test_a_first_time_is_searched_in_the_ledger(
    months: int | None, decisions: list[tuple[str, date, str]], state: bool, note: str
) -> None:
    record = entry("leniency/a", benchmarks=SHOP.id, first_within_months=months)
    history = History([EarlierDecision(*d) for d in decisions])
    facts = {"first": True, "corrected": True}
    base = Snapshot.of([SHOP, record])
    result = assess(base, SHOP.id, facts, ACT, decided_on=TODAY, history=history)
    first = result.leniency[0].ticks[0]
    assert (first.state, note in first.note) == (state, True), first.note
    assert ("tick_refuted" in {w.code for w in result.warnings}) is not state


def test_no_hit_is_no_tick_and_a_ledger_that_begins_late_says_so() -> None:
    record = entry("leniency/a", benchmarks=SHOP.id, first_within_months=24)
    history = History([], since=date(2026, 1, 1))
    base = Snapshot.of([SHOP, record])
    first = assess(base, SHOP.id, {}, ACT, decided_on=TODAY, history=history).leniency[0].ticks[0]
    assert first.state is None  # the officer looks elsewhere first
    assert "台账自2026-01-01起，此前没有查" in first.note
    other = assess(base, SHOP.id, {}, ACT, decided_on=TODAY).leniency[0].ticks[0]
    assert other.note == ""


# ---------------------------------------------------------------- what an entry leads to


def shop(fine: str) -> Benchmark:
    return Benchmark.model_validate({**SHOP.model_dump(by_alias=True), "statutory": [{"fine": fine}]})


@pytest.mark.parametrize(
    ("fine", "which", "below", "said"),
    [
        ("一万元以上五万元以下", "减轻", "10000", "法定下限10000元以下确定，不含本数"),
        ("一万元以下", "减轻", None, "没有必须达到的下限"),
        ("可以处一万元以上五万元以下", "减轻", None, "没有必须达到的下限"),
        ("一万元以上五万元以下", "从轻", None, "没有载入划分幅度的依据，不另作计算"),
        ("一万元以上五万元以下", "从轻或者减轻", "10000", "从轻的，在法定幅度内"),
    ],
)
def test_lighter_and_below_the_minimum(fine: str, which: str, below: str | None, said: str) -> None:
    record = entry("leniency/a", list=which, limb="32", conditions=[{"name": "ok", "label": "条件"}])
    result = assess(Snapshot.of([shop(fine), record]), SHOP.id, {"ok": True}, on=TODAY).to_dict()
    [effect] = result["effects"]
    assert (effect["list"], effect["below"], said in effect["text"]) == (which, below, True)


def test_lighter_by_a_loaded_rule_names_its_range() -> None:
    record = entry("leniency/a", list="从轻", limb="32", conditions=[{"name": "ok", "label": "条件"}])
    rule = Setting.model_validate(
        {
            "id": "discretion/tiers",
            "label": "幅度划分",
            "value": {
                "tiers": [{"kind": "从轻", "from": 0, "to": 30}, {"kind": "从重", "from": 30, "to": 100}]
            },
            "from": "2020-01-01",
            "source": {"instrument": "示例指导意见"},
        }
    )
    base = Snapshot.of([shop("一万元以上二万元以下"), record, rule])
    [effect] = assess(base, SHOP.id, {"ok": True}, on=TODAY).effects
    assert str(effect.fine) == "10000元以上13000元以下"
    assert "示例指导意见" in effect.text


def test_an_exemption_says_the_duty_to_educate_and_what_remains() -> None:
    record = entry(
        "leniency/a",
        conditions=[{"name": "ok", "label": "条件"}],
        accompany="依法没收不符合标准的食品",
        education="说明怎样查验",
    )
    [effect] = assess(Snapshot.of([SHOP, record]), SHOP.id, {"ok": True}, on=TODAY).effects
    assert effect.text == "可以不予行政处罚；依法没收不符合标准的食品；对当事人进行教育：说明怎样查验"
    assert effect.basis[-1] == "《中华人民共和国行政处罚法》第三十三条第三款"


@pytest.mark.parametrize(("ok", "shown"), [(None, True), (True, False)])
def test_an_act_outside_the_lists_can_still_be_exempt(ok: bool | None, shown: bool) -> None:
    record = entry("leniency/a", conditions=[{"name": "ok", "label": "条件"}])
    result = assess(Snapshot.of([SHOP, record]), SHOP.id, {"ok": ok}, on=TODAY)
    assert ("符合的依法不予行政处罚" in result.outside_lists) is shown
    assert ("第三十三条第一款、第二款" in result.outside_lists) is shown


def test_a_list_of_another_place_is_not_ours() -> None:
    source = {**SOURCE, "place": "丙省"}
    place = Setting.model_validate(
        {"id": "organ/place", "label": "所在地", "value": "甲省乙市", "source": {"instrument": "示例"}}
    )
    records = [
        SHOP,
        entry("leniency/a", source=source),
        entry("leniency/b", source=SOURCE | {"place": "甲省"}),
    ]
    got = assess(Snapshot.of([*records, place]), SHOP.id, {}, on=TODAY).leniency
    assert [e.record.id for e in got] == ["leniency/b"]
    assert len(assess(Snapshot.of(records), SHOP.id, {}, on=TODAY).leniency) == 2
