"""Which laws a clause repeals, and from which day."""

from __future__ import annotations

from datetime import date

import pytest

from kb.importing.law_repeals import read_notice, repeals_in, titles_repealed
from kb.importing.law_structure import build
from kb.importing.law_text import Line

SENTENCES = [
    ("《灯法》同时废止", ["灯法"]),
    ("《灯法》、《笼法》同时废止", ["灯法", "笼法"]),
    ("《灯法》《笼法》和《烛法》同时废止", ["灯法", "笼法", "烛法"]),
    ("1999年1月2日国务院发布的《灯规》和2000年3月4日某部发布的《笼规》同时废止", ["灯规", "笼规"]),
    ("《灯规》（国务院令第1号）同时废止", ["灯规"]),
    ("《灯规》自本条例施行之日起废止", ["灯规"]),
    ("《关于执行〈灯法〉的规定》同时废止", ["关于执行〈灯法〉的规定"]),
    ("1957年1月2日公布的灯笼管理规则同时废止", ["灯笼管理规则"]),
    ("依照《烛法》办理的，从其规定，《灯法》即行废止", ["灯法"]),
    ("《灯法》第三条同时废止", []),
    ("《灯法》中有关烛火的规定同时废止", []),
    ("与《灯法》不一致的规定同时废止", []),
    ("制定、修改和废止灯规，依照《灯法》的规定执行", []),
    ("", []),
]


@pytest.mark.parametrize(("sentence", "titles"), SENTENCES)
def test_titles(sentence: str, titles: list[str]) -> None:
    assert titles_repealed(sentence) == titles


DAYS = [
    ("本法自2015年10月1日起施行。《旧灯法》同时废止。", "2015-10-01"),
    ("本法自公布之日起施行。《旧灯法》同时废止。", "2021-04-29"),
    ("本法自2015年10月1日起施行。\n1988年1月2日国务院发布的《旧灯法》同时废止。", "2015-10-01"),
]


@pytest.mark.parametrize(("clause", "day"), DAYS)
def test_day_is_the_clauses_own_not_that_of_a_later_amendment(clause: str, day: str) -> None:
    articles = build([Line(f"第一条 {clause}")]).articles
    (repeal,) = repeals_in(articles, "灯法", date(2021, 4, 29), "灯法.md")
    assert (repeal.title, str(repeal.day), repeal.by) == ("旧灯法", day, "灯法")


def test_a_law_does_not_repeal_the_law_of_its_own_name() -> None:
    articles = build([Line("第一条 本法自2015年10月1日起施行。1990年公布的《灯法》同时废止。")]).articles
    assert repeals_in(articles, "灯法", None, "") == ()


def test_without_any_day_nothing_is_repealed() -> None:
    assert repeals_in(build([Line("第一条 《旧灯法》同时废止。")]).articles, "灯法", None, "") == ()


def test_notice() -> None:
    said = "《中华人民共和国新灯法》自2026年8月15日起施行，《中华人民共和国灯法》同时废止。"
    (repeal,) = read_notice([said], "灯.md")
    assert (repeal.title, repeal.day, repeal.by) == (
        "中华人民共和国灯法",
        date(2026, 8, 15),
        "中华人民共和国新灯法",
    )
