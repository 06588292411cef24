"""The paragraph of reasons: what a letter can carry, each citation complete and proven."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.citation import Days, judge, parse
from kb.discretion import Assessment, Period, assess
from kb.importing.records import load_laws, load_records
from kb.records import Benchmark, Fact
from kb.snapshot import Snapshot

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
RECORDS = load_records(CONTENT)
LAWS = load_laws(CONTENT / "laws")
BASE = Snapshot.of(RECORDS, LAWS.versions, LAWS.repeals)
IDS = sorted({r.id for r in RECORDS if isinstance(r, Benchmark)})
DECIDED = date(2026, 11, 20)


def facts_of(id: str, yes: bool) -> dict[str, object]:
    """An answer to everything: amounts of 20,000, the first option, every yes-or-no fact the same way."""
    known: dict[str, Fact] = {}
    for record in BASE.versions("benchmark", id):
        assert isinstance(record, Benchmark)
        known.update(record.facts)
    values = {"bool": yes, "date": "2026-01-01", "text": "某项", "integer": 3, "percent": "5%"}
    return {
        name: fact.options[0] if fact.type == "choice" else values.get(fact.type, "20000")
        for name, fact in known.items()
    }


def faults(result: Assessment, act: Period) -> list[str]:
    """What `judge` finds in the reasons; with two laws in one text, what is wrong under either choice."""
    text, days = result.reasons, Days(act.end, DECIDED)
    found = []
    for choice in ("old", "new") if result.comparison else ("old",):
        findings = judge(text, BASE.laws, days, law_choice=choice)
        found.append({f"{f.code} {f.text}：{f.message}" for f in findings if f.severity != "提示"})
    return sorted(set.intersection(*found))


@pytest.mark.parametrize("yes", [False, True], ids=["否", "是"])
@pytest.mark.parametrize(
    "act",
    [Period(date(2026, 9, 1), date(2026, 9, 3)), Period(date(2026, 4, 1), date(2026, 4, 1))],
    ids=["今法", "旧法"],
)
@pytest.mark.parametrize("id", IDS)
def test_every_reason_of_the_shipped_base_is_proven(id: str, act: Period, yes: bool) -> None:
    result = assess(BASE, id, facts_of(id, yes), act, act.end, DECIDED)
    assert faults(result, act) == []
    if any(w.code == "old_law_not_loaded" for w in result.warnings):
        assert result.reasons == ""
    elif any(not o.needs for o in result.outcomes):
        assert parse(result.reasons, BASE.laws, DECIDED)
        assert result.reasons.endswith("。")
        assert not {"None", "，，", "。。", "的的", "、的"} & {
            result.reasons[i : i + n] for n in (2, 4) for i in range(len(result.reasons))
        }


def test_a_plain_case() -> None:
    act = Period(date(2026, 8, 20), date(2026, 9, 8))
    result = assess(BASE, "market/unlicensed-food-business", {"goods_value": "3000"}, act, act.end, DECIDED)
    assert result.reasons == (
        "上述行为违反了《中华人民共和国食品安全法》第三十五条第一款的规定，"
        "违法生产经营的食品、食品添加剂货值金额为3000元，属于“货值金额不足一万元”的情形，"
        "依据《中华人民共和国食品安全法》第一百二十二条第一款的规定，应当处五万元以上十万元以下的罚款。"
        "依据《中华人民共和国食品安全法》第一百二十二条第一款的规定，同时应当没收违法所得、"
        "没收非法财物（涉案食品、食品添加剂和用于违法生产经营的工具、设备、原料等物品）。"
        "违法行为于2026年9月8日终了，2026年9月8日被发现，"
        "没有超过《中华人民共和国行政处罚法》第三十六条第一款规定的二年期限。"
    )


def test_an_exemption_brings_the_duty_to_educate() -> None:
    ticks = {"first": "是", "minor_harm": "是", "corrected": "是"}
    result = assess(BASE, "ecology/noise-hailing", {"refused": "否", **ticks}, on=DECIDED)
    assert "可以不予行政处罚" in result.reasons
    assert "《中华人民共和国行政处罚法》第三十三条第三款的规定，应当对当事人进行教育" in result.reasons
    effect = next(e for e in result.effects if e.entry == "leniency/ecology-noise-hailing-first")
    assert (effect.list, effect.compulsory) == ("不予", False)
    assert effect.basis[-1] == "《中华人民共和国行政处罚法》第三十三条第三款"
    assert result.outside_lists == ""


def test_what_is_governed_elsewhere_gives_no_range() -> None:
    facts = {"goods_value": "3000", "仅销售预包装食品": "是"}
    result = assess(BASE, "market/unlicensed-food-business", facts, on=DECIDED)
    assert result.outcomes == ()
    assert "仅销售预包装食品" in result.reasons
    assert "备案而非许可" in result.reasons
    assert "governed_elsewhere" in {w.code for w in result.warnings}


def test_what_hangs_on_a_fact_or_a_choice_is_not_settled_by_the_reasons() -> None:
    """情节严重 not answered: its range is a step, not a reason."""
    facts = {"investment": "3000万", "document": "报告表"}
    act = Period(date(2026, 6, 1), date(2026, 6, 1))
    result = assess(BASE, "ecology/build-before-approval", facts, act, act.end, DECIDED)
    assert any(o.needs for o in result.outcomes)
    assert "五百万元" not in result.reasons
    assert result.comparison is not None
    assert (result.comparison.lighter, result.comparison.settled) == ("新", None)
    assert "第三十七条" not in result.reasons
    answered = assess(BASE, "ecology/build-before-approval", facts | {"serious": "否"}, act, act.end, DECIDED)
    assert "第三十七条的规定，适用新的规定" in answered.reasons


@pytest.mark.parametrize(
    ("act", "punished"),
    [(date(2025, 9, 1), False), (date(2025, 10, 15), True)],  # 反不正当竞争法 24(2) since 2025-10-15
)
def test_a_person_whom_only_the_new_law_punishes_is_left_out(act: date, punished: bool) -> None:
    facts = {"serious": "否", "has_gains": "否", "personal": "是"}
    result = assess(BASE, "market/bribery", facts, Period(act, act), act, date(2026, 1, 10))
    assert ("对法定代表人" in result.reasons) is punished
    assert "第二十四条第一款的规定，应当处十万元以上一百万元以下的罚款" in result.reasons
    if not punished:
        assert result.comparison is not None
        assert "不适用于以前的行为" in result.comparison.note
