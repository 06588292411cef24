"""A provision typed in by hand: what passes, what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.errors import BadValue
from kb.importing.law_entry import Entry, enter
from kb.laws import format_structure

ENTRY = Entry(
    title="福建省灯笼管理条例",
    level="地方性法规",
    article="第十二条",
    from_=date(2020, 5, 1),
    source="https://example.org/lantern",
    checked=date(2026, 11, 20),
    entered_by="张三",
    attested_by="李四",
    items=(0, 3),
    adopted=date(2020, 3, 1),
    number="福建省人大常委会公告第9号",
)


def test_facts_become_a_version_and_its_article() -> None:
    version, articles = enter(ENTRY)
    assert format_structure(articles) == "12:0,3"
    assert (version.title, version.from_, version.from_basis) == (
        "福建省灯笼管理条例",
        date(2020, 5, 1),
        "原文",
    )
    assert (version.attested_by, version.checked) == ("李四", date(2026, 11, 20))
    assert not version.has_text
    assert not articles[0].has_text


ARTICLES = [
    ("12", "12"),
    ("第十二条", "12"),
    ("十二", "12"),
    ("第120条之一", "120-1"),
    ("120-1", "120-1"),
    (" 第3条 ", "3"),
]


@pytest.mark.parametrize(("written", "key"), ARTICLES)
def test_article_numbers(written: str, key: str) -> None:
    assert enter(replace(ENTRY, article=written))[1][0].key == key


def test_structure_is_read_from_the_text() -> None:
    text = "第十二条　灯要亮。\n有下列情形的除外：\n（一）节日；\n（二）雨天。"
    version, articles = enter(replace(ENTRY, items=(), text=text))
    assert format_structure(articles) == "12:0,2"
    assert articles[0].paragraphs[0].text == "灯要亮。"
    assert version.has_text


REFUSED = [
    ({"title": "　"}, "缺少法的标题"),
    ({"level": "省规"}, "效力级别"),
    ({"article": "第十十条"}, "条号"),
    ({"article": "附件"}, "条号"),
    ({"source": ""}, "缺少来源"),
    ({"to": date(2020, 5, 1)}, "失效日期"),
    ({"adopted": date(2020, 6, 1)}, "通过日期"),
    ({"entered_by": ""}, "缺少录入人"),
    ({"attested_by": " "}, "缺少核对人"),
    ({"attested_by": "张 三"}, "核对人与录入人"),
    ({"items": ()}, "缺少款项"),
    ({"items": (-1,)}, "不合理"),
    ({"items": (0,) * 101}, "不合理"),
    ({"items": (0,), "text": "灯要亮。\n也要稳。"}, "款项数与条文不符"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadValue, match=said) as caught:
        enter(replace(ENTRY, **change))  # type: ignore[arg-type]
    assert "：" in str(caught.value)
