"""Suggestions while typing: what they offer, and that the work stays small however much is typed."""

from __future__ import annotations

import time

import pytest

from search.names import Names

LAWS = [
    f"{place}{thing}管理条例" for place in "甲乙丙丁戊己庚辛壬癸" for thing in ("食品", "水", "道路", "噪声")
]
NAMES = Names([*LAWS, "jspglt", "jiashipinguanlitiaoli", "未取得食品经营许可从事食品经营活动"])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("甲食", "甲食品管理条例"),
        ("丙道路", "丙道路管理条例"),
        ("噪声管", "丁噪声管理条例"),
        ("jsp", "jspglt"),
        ("jiash", "jiashipinguanlitiaoli"),
        ("未取得", "未取得食品经营许可从事食品经营活动"),
        ("乙 道路", "乙道路管理条例"),
        ("丙道路管理条例第三条", "丙道路管理条例"),
        ("丙道路管理 罚款", "丙道路管理条例"),
    ],
)
def test_names_like_what_was_typed(typed: str, first: str) -> None:
    assert NAMES.like(typed, 5)[:1] == [first]


@pytest.mark.parametrize("typed", ["魑魅魍魉", "zzz", "罚款"])
def test_nothing_is_like_it(typed: str) -> None:
    assert NAMES.like(typed, 5) == []


def test_a_thousand_laws_are_searched_in_no_time() -> None:
    """5 ms a letter is the promise; names of a nation's laws and a long text are the worst."""
    many = Names(f"{i}号地方的{name}" for i in range(250) for name in LAWS)
    spent = []
    for typed in ("条", "管理", "地方的食品管理条例", "没有这样的名称" * 6, "a" * 40, "甲 食 管 条"):
        started = time.thread_time()
        many.like(typed, 10)
        spent.append(time.thread_time() - started)
    assert sorted(spent)[len(spent) // 2] < 0.005
