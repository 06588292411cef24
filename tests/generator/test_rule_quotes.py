"""Q1 to Q3 on whole papers: what is said of a quotation, and where nothing is said."""

from __future__ import annotations

from datetime import date

import pytest

from generator.docx_text import Line
from generator.paper import Paper
from generator.rules.quotes import quotes
from kb.citation import Days
from kb.findings import Finding, Place
from kb.laws import Article, Item, LawVersion, Paragraph
from kb.snapshot import Snapshot

LAW = "示例县市容条例"
OLD, NEW = "二百元以上五百元以下", "五百元以上一千元以下"
ACT, DECIDED = date(2026, 3, 1), date(2026, 6, 1)


def version(start: date, fine: str) -> tuple[LawVersion, list[Article]]:
    """A regulation whose second article was changed once."""
    articles = [
        Article(1, 0, (Paragraph("临街商户应当保持门前整洁，及时清扫门前积水积雪。"),), has_text=True),
        Article(
            2,
            0,
            (
                Paragraph("任何单位和个人不得擅自占用道路经营。"),
                Paragraph(
                    f"违反前款规定，有下列情形之一的，处{fine}罚款：",
                    (Item(1, "（一）占用盲道的；"), Item(2, "（二）占用消防通道的。")),
                ),
            ),
            has_text=True,
        ),
        Article(3, 0, (Paragraph(), Paragraph())),
    ]
    return LawVersion(LAW, start, "版本表", adopted=start, has_text=True), articles


BASE = Snapshot.of(laws=[version(date(2015, 1, 1), OLD), version(date(2025, 1, 1), NEW)])
NO_STALLS = "任何单位和个人不得擅自占用道路经营"


def judged(*lines: str, days: Days = Days(ACT, DECIDED)) -> list[Finding]:  # noqa: B008 (frozen)
    rows = tuple(Line(text, Place(paragraph=n)) for n, text in enumerate(lines, 1))
    return list(quotes(Paper(rows, None, BASE, days)))


SAID = [
    ("第二条第一款规定：“任何单位和个人不得擅自占用道路经营。”", "", ""),
    ("第二条规定：“任何单位和个人不得擅自占用道路经营。”", "", ""),
    (
        f"第二条第二款第（二）项规定：“有下列情形之一的，处{NEW}罚款：（二）占用消防通道的。”",
        "",
        "",
    ),
    (f"第二条第二款规定：“有下列情形之一的，处{NEW}罚款：……（二）占用消防通道的。”", "", ""),
    ("第二条第一款规定：“任何单位和个人可以擅自占用道路经营。”", "Q1", NO_STALLS),
    ("第二条第一款规定：“任何单位不得占用道路经营。”", "Q1", NO_STALLS),
    (
        f"第二条第二款规定：“有下列情形之一的，处{OLD}罚款”",
        "Q1",
        f"有下列情形之一的，处{NEW}罚款",
    ),
    (
        "第二条第一款规定：“任何单位和个人，不得擅自占用道路经营”",
        "Q3",
        "任何单位和个人不得擅自占用道路经营",
    ),
    ("第二条第一款规定：“临街商户应当保持门前整洁，及时清扫门前积水积雪。”", "Q2", f"《{LAW}》第一条"),
    ("第二条第二款规定：“任何单位和个人不得擅自占用道路经营。”", "Q2", f"《{LAW}》第二条第一款"),
    ("第一条规定：“任何单位和个人不得擅自占用道路经营。”", "Q2", f"《{LAW}》第二条第一款"),
    (
        f"第二条第二款第（一）项规定：“有下列情形之一的，处{NEW}罚款：（二）占用消防通道的”",
        "Q2",
        f"《{LAW}》第二条第二款第（二）项",
    ),
    ("第一条规定：“餐饮服务提供者应当公示其菜品的原料来源。”", "Q2", "核对条号；不是条文原文的，不加引号"),
    ("第一条的规定，“清风路水果批发零售经营部”应当清扫", "", ""),  # a name
    ("第一条规定的“门前三包”", "", ""),  # a term
    ("第一条规定，当事人辩称：“我们店里每天都派人清扫积雪。”", "", ""),
    ("第三条规定：“餐饮服务提供者应当公示其菜品的原料来源。”", "", ""),  # no text loaded
    ("第九条规定：“餐饮服务提供者应当公示其菜品的原料来源。”", "", ""),  # no such article: said by C17
]


@pytest.mark.parametrize(("text", "code", "suggestion"), SAID)
def test_what_is_said_of_a_quotation(text: str, code: str, suggestion: str) -> None:
    found = judged(f"《{LAW}》{text}。")
    assert [(f.code, f.suggestion) for f in found] == ([(code, suggestion)] if code else [])
    for f in found:
        assert f.severity == {"Q1": "扣分", "Q2": "否决", "Q3": "提示"}[f.code]
        assert f"《{LAW}》{text}"[f.place.start : f.place.end] == f.text


def test_the_message_names_the_changed_words() -> None:
    (found,) = judged(f"《{LAW}》第二条第一款规定：“任何单位和个人可以擅自占用道路营业。”")
    assert found.message == (
        f"引文与《{LAW}》第二条第一款的条文不一致：“人不得擅自”写成“人可以擅自”；“经营”写成“营业”"
    )


def test_a_quotation_of_an_earlier_text_is_told_as_such() -> None:
    (found,) = judged(f"《{LAW}》第二条第二款规定：“有下列情形之一的，处二百元以上五百元以下罚款”")
    assert "2015年1月1日起的文本" in found.message


def test_either_text_may_be_quoted_where_the_law_changed_between_act_and_decision() -> None:
    days = Days(date(2024, 12, 1), DECIDED)
    for fine in (OLD, NEW):
        assert judged(f"《{LAW}》第二条第二款规定：“有下列情形之一的，处{fine}罚款”。", days=days) == []


def test_a_quotation_goes_on_over_paragraphs() -> None:
    head = f"《{LAW}》第二条第二款规定：“违反前款规定，有下列情形之一的，处五百元以上一千元以下罚款："
    assert judged(head, "（一）占用盲道的；", "（二）占用消防通道的。”") == []
    assert judged(head, "“（一）占用盲道的；", "“（二）占用消防通道的。”") == []
    (found,) = judged("首段。", head, "（一）占用人行道的；", "（二）占用消防通道的。”", "末段。")
    assert (found.code, found.place.paragraph) == ("Q1", 2)
    assert "“用盲道的”写成“用人行道的”" in found.message
    assert judged(head, "（一）占用盲道的；") == []  # never closed: nobody knows where it ends
