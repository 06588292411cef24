"""款, 项, 目, 条之N and points: what a text is turned into, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.importing.law_structure import build
from kb.importing.law_text import Line, is_unit
from kb.laws import format_structure, parse_structure


def lines(text: str) -> list[Line]:
    """A text, a line each; ``#`` opens a heading, ``|`` a row of a table."""
    out = []
    for raw in filter(None, (line.strip() for line in text.split("\n"))):
        heading = len(raw) - len(raw.lstrip("#"))
        out.append(Line(raw[heading:].strip(), heading, table=raw.startswith("|")))
    return out


STRUCTURES = [
    ("one 款", "第一条 灯要亮。", "1:0"),
    ("two 款", "第一条 灯要亮。\n夜里也要亮。", "1:0,0"),
    ("项", "第一条 有下列情形之一的：\n（一）甲；\n（二）乙。", "1:2"),
    ("a line after the items is a new 款", "第一条 有：\n（一）甲；\n（二）乙。\n前款另定。", "1:2,0"),
    (
        "also where the last item ends in a semicolon",
        "第一条 有：\n（一）甲；\n（二）乙；\n前款另定。",
        "1:2,0",
    ),
    ("a line inside the list is not", "第一条 有：\n（一）甲：\n这是说甲。\n（二）乙。\n前款另定。", "1:2,0"),
    ("two lists in two 款", "第一条 有：\n（一）甲。\n另有：\n（一）丙；\n（二）丁。", "1:1,2"),
    ("目", "第一条 有：\n（一）甲：\n1.子；\n2．丑；\n3、寅。\n（二）乙。", "1:2[1=3]"),
    ("目 in brackets", "第一条 有：\n（一）甲：\n（1）子；\n（2）丑。\n（二）乙。", "1:2[1=2]"),
    ("half-width brackets", "第一条 有：\n(一)甲；\n（二)乙。", "1:2"),
    ("项 printed 一、", "第一条 有：\n一、甲；\n二、乙。", "1:2"),
    ("二、三级 at the start of a sentence is no 项", "第一条 灯分三级。\n二、三级灯另定。", "1:0,0"),
    ("items within one line", "第一条 有下列情形：（一）甲；（二）乙；（三）丙。", "1:3"),
    ("but not inside quotes", "第一条 改为：“有下列：（一）甲；（二）乙。”", "1:0"),
    ("条之N", "第三条 甲。\n第三条之一 乙。\n第三条之二 丙。\n第四条 丁。", "3:0 3-1:0 3-2:0 4:0"),
    ("a citation at the start of a line", "第一条 甲。\n第二条 乙。\n第一条规定的灯，另定。", "1:0 2:0,0"),
    ("also of the next article", "第一条 甲。\n第二条规定的灯，另定。\n第二条 乙。", "1:0,0 2:0"),
    ("no space after the number", "第一条灯要亮。\n第二条灯要稳。", "1:0 2:0"),
    ("a space inside the number", "第一条 甲。\n第二 条灯要稳。", "1:0 2:0"),
    ("the number on a line of its own", "第一条\n灯要亮。\n第二条\n灯要稳。", "1:0 2:0"),
    ("articles run together", "第一条 甲。 第二条 乙。 又一款。 第三条 丙。", "1:0 2:0,0 3:0"),
    ("points", "一、甲。\n二、乙：\n（一）子；\n（二）丑。\n又一款。", "p1:0 p2:2,0"),
    ("points as headings", "## 一、名称\n甲。\n乙。\n## 二、范围\n丙。", "p1:0,0 p2:0"),
    ("points （一） without anything above", "（一）甲。\n（二）乙。", "p1:0 p2:0"),
    (
        "a broken sentence is one 款",
        "第一条 挂灯笼的人应当在天黑以前点亮自己的\n灯笼并看好。\n另一款。",
        "1:0,0",
    ),
    ("rows of an unnumbered list are one 款", "第一条 分为四级：\n一级：甲；\n二级：乙；\n三级：丙。", "1:0"),
    ("definitions are 款", "第一条 用语的含义：\n灯，是指发光的。\n笼，是指透光的。", "1:0,0,0"),
    ("a formula is part of its 款", "第一条 公式：\n应缴＝数量×单价\n数量由街道确定。", "1:0,0"),
    ("a signature is no 款", "第一条 甲。\n第二条 乙。\n灯笼协会\n2020年1月2日", "1:0 2:0"),
    ("an appendix is no 款", "第一条 甲。\n第二条 乙。\n附件：灯笼图\n第一条 图中之条。", "1:0 2:0"),
    ("a heading that was not marked is no 款", "第一条 甲。\n法律责任\n第二条 乙。", "1:0 2:0"),
    ("a table is no 款", "第一条 甲：\n| 尺寸 | 数 |\n| 大 | 一 |\n乙。\n第二条 丙。", "1:0,0 2:0"),
    ("a table after the last article is left out", "第一条 甲。\n## 附表 尺寸\n| 大 |\n注：大。", "1:0"),
]


@pytest.mark.parametrize(
    ("text", "structure"), [row[1:] for row in STRUCTURES], ids=[r[0] for r in STRUCTURES]
)
def test_structure(text: str, structure: str) -> None:
    assert format_structure(build(lines(text)).articles) == structure


MARKS = [
    ("one of the items applies", "第一条 有下列行为之一的，处罚款：\n（一）甲；\n（二）乙。", "1:2"),
    ("all of them do", "第一条 应当具备下列条件：\n（一）甲；\n（二）乙。", "1:2+"),
    (
        "what stands before is enough",
        "第一条 违反第二条，或者有下列行为之一的：\n（一）甲；\n（二）乙。",
        "1:2+",
    ),
    ("forbidden", "第一条 禁止下列行为：\n（一）甲；\n（二）乙。\n另有规定的除外。", "1:2,0"),
]


@pytest.mark.parametrize(("text", "marked"), [row[1:] for row in MARKS], ids=[r[0] for r in MARKS])
def test_a_paragraph_cited_as_a_whole_is_marked(text: str, marked: str) -> None:
    assert format_structure(build(lines(text)).articles, marks=True) == marked
    assert format_structure(parse_structure(marked), marks=True) == marked


def test_text_is_kept_as_printed_with_its_numbers() -> None:
    (article,) = build(lines("第一条 有：\n(一)甲：\n1．子。\n后款。")).articles
    assert article.full_text() == "有：\n(一)甲：\n1．子。\n后款。"
    assert article.has_text


def test_a_broken_sentence_is_joined_without_a_gap() -> None:
    (article,) = build(lines("第一条 挂灯笼的人应当在天黑以前点亮自己的\n灯笼。")).articles
    assert "自己的灯笼" in article.paragraphs[0].text


CHAPTERS = [
    (
        "# 第一编 总则\n## 第一章 灯\n第一条 甲。\n## 第二章 笼\n第二条 乙。",
        ["第一编 总则 / 第一章 灯", "第一编 总则 / 第二章 笼"],
    ),
    ("## 第一章 灯\n### 第一节 大灯\n第一条 甲。\n## 附则\n第二条 乙。", ["第一章 灯 / 第一节 大灯", "附则"]),
    ("第一条 甲。\n网络素养\n第二条 乙。", ["", "网络素养"]),
    ("## 第一章 灯笼的\n制作和悬挂\n第一条 甲。", ["第一章 灯笼的制作和悬挂"]),
]


@pytest.mark.parametrize(("text", "chapters"), CHAPTERS)
def test_chapters(text: str, chapters: list[str]) -> None:
    assert [a.chapter for a in build(lines(text)).articles] == chapters


NOTES = [
    ("第一条 本第三条>的规定，处罚。", "多余字符"),
    ("第一条 处一百元以上二万以下罚款。", "二万以下"),
    ("第一条 甲。\n第三条 丙。", "条号不连续"),
    ("第一条 有：\n（一）甲；\n（三）丙。", "项的编号不连续"),
    ("第一条 甲：\n| 大 |\n第二条 乙。", "含表格"),
]


@pytest.mark.parametrize(("text", "said"), NOTES)
def test_oddities_become_notes_never_failures(text: str, said: str) -> None:
    assert said in "".join(a.note for a in build(lines(text)).articles)


def test_pairs_of_angle_brackets_are_no_oddity() -> None:
    assert build(lines("第一条 依照<灯笼规则>办理。")).articles[0].note == ""


def test_a_repeated_number_is_text_and_noted() -> None:
    read = build(lines("第一条 甲。\n第二条 乙。\n第一条 又来。"))
    assert format_structure(read.articles) == "1:0 2:0,0"
    assert "又出现" in read.notes[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("第一章 总则", True), ("第二十一章", True), ("第一章规定的灯，应当亮。", False), ("第三节课", False)],
)
def test_bare_headings(text: str, expected: bool) -> None:
    assert is_unit(text) is expected


PIECES = st.sampled_from(
    [
        "第一条 ",
        "第二条",
        "第十十条 ",
        "（一）",
        "(二)",
        "一、",
        "1.",
        "①",
        "甲。",
        "乙；",
        "丙：",
        "丁",
        "附件",
        "< ",
        "　",
        "＝",
    ]
)


@given(st.lists(st.lists(PIECES, min_size=1, max_size=5).map("".join), max_size=12))
def test_any_lines_give_unique_articles_and_lose_no_provision_text(rows: list[str]) -> None:
    articles = build([Line(row) for row in rows]).articles
    keys = [a.key for a in articles]
    assert len(keys) == len(set(keys))
    assert [(a.number, a.suffix) for a in articles] == sorted((a.number, a.suffix) for a in articles)
