"""What an officer types, and what stands first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import WrongUse
from search.engine import Engine

LAW = "law/中华人民共和国甲品安全法"
WATER = "law/中华人民共和国乙水防治法"
Ask = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("无证 餐饮 货值三千", "market/unlicensed-food-business"),
        ("无证餐饮 货值3000", "market/unlicensed-food-business"),
        ("饭店没有证", "market/unlicensed-food-business"),
        ("甲品安全法 5条第1款", f"{LAW}/5"),
        ("甲品安全法第五条", f"{LAW}/5"),
        ("《中华人民共和国甲品安全法》第三条之一", f"{LAW}/3-1"),
        ("甲安法5", f"{LAW}/5"),
        ("甲安法５条", f"{LAW}/5"),
        ("甲安法 三条之一", f"{LAW}/3-1"),
        ("甲品安全法", f"{LAW}/1"),
        ("甲全法", f"{LAW}/1"),
        ("甲安法 过期", f"{LAW}/6"),
        ("案例 过期食品", "cases/expired-milk"),
        ("亮证", "oral/show-card"),
        ("私设暗管", "ecology/hidden-pipe"),
        ("“过期牛奶”", "cases/expired-milk"),
        ("小摊贩", f"{LAW}/3-1"),
    ],
)
def test_the_first_hit(ids: Ask, query: str, first: str) -> None:
    assert ids(query)[:1] == [first]


def test_a_cited_article_comes_with_the_records_that_cite_it(ids: Ask) -> None:
    assert ids("甲品安全法第五条") == [f"{LAW}/5", "market/unlicensed-food-business"]


@pytest.mark.parametrize(
    ("query", "facets", "expected"),
    [
        ("过期 食品", {"kind": "leniency"}, {"market/small-shop"}),
        ("过期 食品", {"kind": "清单事项"}, {"market/small-shop"}),
        ("排放 污水", {"domain": "生态环境"}, {"ecology/hidden-pipe"}),
        ("排放 污水", {"domain": "ecology"}, {"ecology/hidden-pipe"}),
        ("", {"kind": "benchmark"}, {"market/unlicensed-food-business", "ecology/hidden-pipe"}),
        ("案例", {}, {"cases/expired-milk"}),
        ("甲安法5", {"kind": "benchmark"}, {"market/unlicensed-food-business"}),
    ],
)
def test_facets(ids: Ask, query: str, facets: dict[str, str], expected: set[str]) -> None:
    assert set(ids(query, **facets)) == expected


@pytest.mark.parametrize(
    ("on", "version", "in_force"),
    [
        (None, "2015-10-01", True),
        (date(2026, 1, 1), "2015-10-01", True),
        (date(2012, 1, 1), "2009-06-01", True),
        (date(2015, 9, 30), "2009-06-01", True),
        (date(2015, 10, 1), "2015-10-01", True),
    ],
)
def test_one_hit_an_article_and_the_version_of_the_day(
    engine: Engine, on: date | None, version: str, in_force: bool
) -> None:
    for query in ("甲安法5条", "无许可经营食品"):
        hits = [h for h in engine.search(query, on=on)["hits"] if h["id"] == f"{LAW}/5"]
        assert [(h["version"], h["in_force"]) for h in hits] == [(version, in_force)]
        assert hits[0]["versions"] == ["2009-06-01", "2015-10-01"]


@pytest.mark.parametrize(
    ("today", "in_force"), [(date(2026, 8, 14), True), (date(2026, 8, 15), False), (None, False)]
)
def test_a_repealed_text_is_flagged_and_comes_last(
    engine: Engine, today: date | None, in_force: bool
) -> None:
    hits = engine.search("许可 排放 污水", today=today)["hits"]
    flags = [h["in_force"] for h in hits]
    assert flags == sorted(flags, reverse=True)
    assert {h["in_force"] for h in hits if h["id"].startswith(WATER)} == {in_force}


def test_a_day_asked_for_leaves_out_what_is_not_in_force_but_for_a_citation(engine: Engine) -> None:
    day = date(2026, 8, 15)
    answer = engine.search("私设暗管", on=day)
    assert answer["total"] == 0
    assert "2026-08-15有效" in answer["message"]
    assert engine.search("私设暗管", on=date(2026, 8, 14))["total"] == 2
    assert [h["in_force"] for h in engine.search("乙水防治法第二条", on=day)["hits"]] == [False]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("魑魅魍魉", "没有找到“魑魅魍魉”"),
        ("asdfghjkl", "没有找到“asdfghjkl”"),
        ("？！", "没有找到“？！”"),
        ("甲安法999条", "没有找到《中华人民共和国甲品安全法》第九百九十九条：该法已载入的最后一条是第6条"),
    ],
)
def test_nothing_found_says_so_and_offers_what_is_near(engine: Engine, query: str, said: str) -> None:
    answer = engine.search(query)
    assert answer["total"] == 0
    assert answer["hits"] == []
    assert said in answer["message"]
    assert answer["nearest"]


def test_nothing_found_names_the_facets(engine: Engine) -> None:
    answer = engine.search("污水", kind="phrase", domain="农业")
    assert "文明用语、农业" in answer["message"]
    assert answer["nearest"][0]["id"] == "ecology/hidden-pipe"


@pytest.mark.parametrize(
    ("query", "type", "text"),
    [
        ("无证 餐饮 货值三千", "synonym", "无证"),
        ("无证 餐饮 货值三千", "amount", "三千"),
        ("货值3.5万元 食品", "amount", "3.5万元"),
        ("卖了一万五 食品", "amount", "一万五"),
        ("1,440.00元 食品", "amount", "1,440.00元"),
        ("案例 过期", "kind", "案例"),
        ("甲安法5条", "citation", "甲安法5条"),
        ("“过期牛奶” 店", "phrase", "过期牛奶"),
        ("甲安法 过期", "law", "中华人民共和国甲品安全法"),
    ],
)
def test_what_was_understood_is_shown(engine: Engine, query: str, type: str, text: str) -> None:
    assert (type, text) in {(u["type"], u["text"]) for u in engine.search(query)["understood"]}


@pytest.mark.parametrize(
    "query", ["处五万元以上十万元以下罚款", "第三条", "2024年3月", "三人以上", "PM2.5", "GB2760 食品", "万一"]
)
def test_what_is_not_a_lone_amount(engine: Engine, query: str) -> None:
    assert "amount" not in {u["type"] for u in engine.search(query)["understood"]}


def test_a_pasted_page_is_cut_and_says_so(engine: Engine) -> None:
    answer = engine.search("过期食品" * 100_000)
    assert answer["hits"]
    assert answer["understood"][0]["type"] == "cut"


def test_total_counts_things_not_versions(engine: Engine) -> None:
    answer = engine.search("小摊贩")
    assert answer["total"] == len(answer["hits"]) == 1


def test_marks_are_spans_of_the_snippet(engine: Engine) -> None:
    (hit,) = engine.search("小摊贩")["hits"]
    assert [hit["snippet"][a:b] for a, b in hit["marks"]] == ["小摊贩"]


@pytest.mark.parametrize(
    ("query", "facets"),
    [("", {}), ("  　", {}), ("食品", {"kind": "book"}), ("食品", {"domain": "火星"})],
)
def test_wrong_use(engine: Engine, query: str, facets: dict[str, Any]) -> None:
    with pytest.raises(WrongUse) as e:
        engine.search(query, **facets)
    assert e.value.hint


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("中华人民共和国甲", "中华人民共和国甲品安全法"),
        ("甲品", "中华人民共和国甲品安全法"),
        ("甲安", "中华人民共和国甲品安全法"),
        ("未取得", "未取得食品经营许可从事食品经营活动"),
        ("过期牛奶", "某小店销售过期牛奶案"),
    ],
)
def test_suggestions(engine: Engine, typed: str, first: str) -> None:
    assert engine.suggest(typed)[0]["text"] == first


def test_no_suggestion(engine: Engine) -> None:
    assert engine.suggest("") == engine.suggest(" ") == engine.suggest("魑") == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_text_is_answered(engine: Engine, query: str) -> None:
    try:
        answer = engine.search(query)
    except WrongUse:
        return
    assert answer["hits"] or answer["message"]
    engine.suggest(query)
