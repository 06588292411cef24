"""Comments stand on exactly the words of their finding, and the copy is otherwise the original."""

from __future__ import annotations

import io
import random
import re
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import generator.comments
from generator.comments import annotate, finding_of
from generator.docx_text import read_docx
from kb.errors import BadPackage
from kb.findings import Finding, Place
from kb.package import open_package
from tests.generator.commented import anchored, assert_only_comments, comments, main_tree
from tests.generator.raw_docx import (
    box,
    comment,
    deleted,
    field,
    inserted,
    note,
    notes,
    p,
    r,
    raw_docx,
    t,
    table,
)
from tests.generator.test_docx_text import PARAGRAPHS, PIECES, with_part

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def on(data: bytes, text: str, nth: int = 0) -> Finding:
    """A finding on the nth place where the words stand."""
    found = [(line, match) for line in read_docx(data) for match in re.finditer(re.escape(text), line.text)]
    line, match = found[nth]
    place = Place(line.place.part, line.place.paragraph, line.place.cell, None, match.start(), match.end())
    return Finding("C10", "扣分", "应当用中文数字", text, place, "第五条", "《示例法》第一条")


def copy_with(data: bytes, *findings: Finding) -> bytes:
    copy = annotate(open_package(data), findings, AT)
    assert_only_comments(data, copy)
    docx.Document(io.BytesIO(copy))
    return copy


SPLIT = [
    ("whole run", p("违反", "第5条", "规定"), "第5条"),
    ("inside one run", p("违反第5条规定"), "第5条"),
    ("a run a letter", p(*"违反第5条规定"), "第5条"),
    ("from the middle to the middle", p("违反第", r("5", look="<w:b/>"), "条规定"), "第5条"),
    ("at the beginning", p("第5条规定"), "第5条"),
    ("at the end", p("违反第5条"), "第5条"),
    ("two texts in one run", p(r(t("违反第"), t("5条规"), t("定"))), "第5条"),
    ("over a tab and a break", p(r("违反第", "<w:tab/>", "5", "<w:br/>", "条规定")), "第\t5\n条"),
    ("blanks at the cut", p(r(t("违反 第5条 规定", preserve=False))), " 第5条 "),
    ("trimmed blanks before the cut", p(r(t("  违反第5条规定  ", preserve=False))), "第5条"),
    ("in an insertion", p("违反", inserted(r("第5条规")), "定"), "第5条"),
    ("around a deletion", p("违反第", deleted("6"), "5条规定"), "第5条"),
    ("in a link", p("违反", f'<w:hyperlink w:anchor="x">{r("第5条规定")}</w:hyperlink>'), "第5条"),
    ("out of a link", p("违反第", f'<w:hyperlink w:anchor="x">{r("5条规定")}</w:hyperlink>'), "第5条"),
    ("in the result of a field", p("违反", field("REF 第4条", "前第5条后"), "规定"), "第5条"),
    ("over a field", p("违反第", field("REF x", "5"), "条规定"), "第5条"),
    ("in a simple field", p(f'<w:fldSimple w:instr="X">{r("前第5条后")}</w:fldSimple>'), "第5条"),
    ("in a control", p(f"<w:sdt><w:sdtContent>{r('前第5条后')}</w:sdtContent></w:sdt>"), "第5条"),
    ("over a mark of a note", p("违反第5", note("footnote", 1), "条规定"), "第5条"),
    ("before a text box", p(r("违反第5条", "<w:drawing/>", "规定")), "第5条"),
]


@pytest.mark.parametrize("strict", [False, True], ids=["transitional", "strict"])
@pytest.mark.parametrize(("body", "text"), [row[1:] for row in SPLIT], ids=[row[0] for row in SPLIT])
def test_the_comment_holds_exactly_these_words(body: str, text: str, strict: bool) -> None:
    data = raw_docx(p("标题") + body, strict=strict)
    copy = annotate(open_package(data), [on(data, text)], AT)
    assert_only_comments(data, copy)
    assert anchored(copy, "0") == text
    assert [line.text for line in read_docx(copy)] == [line.text for line in read_docx(data)]


@pytest.mark.parametrize(
    ("body", "text"), [row[1:] for row in PARAGRAPHS], ids=[row[0] for row in PARAGRAPHS]
)
def test_every_construction_bears_a_comment(body: str, text: str) -> None:
    data = raw_docx(p("标题") + body)
    place = Place("正文", 2, start=0, end=len(text))
    copy = annotate(open_package(data), [Finding("C0", "提示", "问", text, place)], AT)
    assert_only_comments(data, copy)
    assert [line.text for line in read_docx(copy)] == [line.text for line in read_docx(data)]


def test_what_a_comment_says() -> None:
    data = raw_docx(p("违反第5条规定"))
    copy = copy_with(data, on(data, "第5条"))
    (said,) = docx.Document(io.BytesIO(copy)).comments
    assert said.text == "C10　扣分　应当用中文数字\n建议：第五条\n依据：《示例法》第一条"
    assert (said.author, said.initials) == ("裁量", "裁量")
    assert said.timestamp is not None
    assert said.timestamp.replace(tzinfo=None) == AT.replace(tzinfo=None)


def test_comments_on_overlapping_words() -> None:
    data = raw_docx(p("违反《食品法》第5条", "第6条规定"))
    wanted = [
        "《食品法》第5条",
        "第5条第6条",
        "5条",
        "第5条",
        "违反《食品法》第5条第6条规定",
        "《食品法》第5条",
    ]
    copy = copy_with(data, *(on(data, text) for text in wanted))
    assert [anchored(copy, str(n)) for n in range(len(wanted))] == wanted


def test_formatting_survives_the_cut() -> None:
    look = '<w:rFonts w:eastAsia="仿宋"/><w:b/><w:color w:val="FF0000"/>'
    data = raw_docx(p(r("违反第5条规定", look=look)))
    root = main_tree(copy_with(data, on(data, "第5条")))
    runs = [run for run in root.iter("{*}r") if run.find("{*}t") is not None]
    assert ["".join(run.itertext()) for run in runs] == ["违反", "第5条", "规定"]
    assert all(run.find("{*}rPr/{*}b") is not None for run in runs)


def test_in_cells_and_repeated_words() -> None:
    data = raw_docx(p("第5条与第5条") + table([p("第5条"), table([p("第5条")]) + p("")]))
    copy = copy_with(data, *(on(data, "第5条", n) for n in range(4)))
    root = main_tree(copy)
    cells = [len(list(start.iterancestors("{*}tc"))) for start in root.iter("{*}commentRangeStart")]
    assert cells == [0, 0, 1, 2]
    assert [anchored(copy, str(n)) for n in range(4)] == ["第5条"] * 4


def test_ruby_is_not_cut_and_a_bound_control_neither() -> None:
    base = f"<w:ruby><w:rt>{r('a')}</w:rt><w:rubyBase>{r('第5条')}</w:rubyBase></w:ruby>"
    bound = f"<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>{r('见第7条')}</w:sdtContent></w:sdt>"
    data = raw_docx(p(r("违反", base, "规定"), bound))
    copy = copy_with(data, on(data, "5"), on(data, "7"))
    assert [anchored(copy, "0"), anchored(copy, "1")] == ["第5条", "见第7条"]


def test_where_word_shows_no_comments_the_nearest_place_of_the_body_bears_it() -> None:
    parts = {
        "header1": p("页眉第5条") + p(box(p("眉框第9条"))),
        "footnotes": notes("footnote", "别的", "脚注第6条"),
        "endnotes": notes("endnote", "尾注第7条"),
        "comments": comment(3, "审核", "批注第4条"),
    }
    marked = '<w:commentRangeStart w:id="3"/>' + r("已批") + '<w:commentRangeEnd w:id="3"/>'
    marked += note("comment", 3)
    body = (
        p("")
        + p("标题")
        + p("一", note("footnote", 2), "二", note("endnote", 1))
        + p(marked)
        + p(box(p("框第8条")))
    )
    data = raw_docx(body, parts)
    findings = [on(data, f"第{n}条") for n in (5, 6, 7, 4, 8, 9)]
    copy = annotate(open_package(data), findings, AT)
    assert_only_comments(data, copy)
    said = comments(copy)
    assert list(said) == ["4", "5", "6", "7", "8", "9"]
    assert [text.splitlines()[0] for text in said.values()] == [
        "位置：页眉 第1段“第5条”",
        "位置：脚注 第2段“第6条”",
        "位置：尾注 第1段“第7条”",
        "位置：批注 第1段“第4条”",
        "位置：文本框 第1段“第8条”",
        "位置：页眉文本框 第1段“第9条”",
    ]
    inside = {n: around(copy, n) for n in said}
    assert inside == {
        "4": "p:标题", "5": "footnoteReference", "6": "endnoteReference",
        "7": "commentReference", "8": "AlternateContent", "9": "p:标题",
    }  # fmt: skip


def around(data: bytes, number: str) -> str:
    """What stands between the marks of a comment: the mark of a note, a text box, or a paragraph's text."""
    start = next(n for n in main_tree(data).iter("{*}commentRangeStart") if n.values() == [number])
    if text := anchored(data, number):
        return (
            "p:" + text
            if not start.xpath("following-sibling::*[1]//*[local-name()='txbxContent']")
            else "AlternateContent"
        )
    run = start.getnext()
    return str(run[-1].tag).rpartition("}")[2]


def test_a_finding_on_the_whole_paper_stands_at_its_first_words() -> None:
    data = raw_docx(p("") + p("决定书") + p("第5条"))
    copy = copy_with(data, Finding("C6", "否决", "没有写处罚的依据"))
    assert anchored(copy, "0") == "决定书"
    assert comments(copy) == {"0": "位置：全文\nC6　否决　没有写处罚的依据"}


@pytest.mark.parametrize("body", ["", p(""), table([p("")])], ids=["no paragraph", "empty", "empty cell"])
def test_a_paper_without_words_still_bears_it(body: str) -> None:
    copy = annotate(open_package(raw_docx(body)), [Finding("C6", "否决", "没有依据")], AT)
    assert len(docx.Document(io.BytesIO(copy)).comments) == 1


def test_comments_that_were_there_stay_with_their_numbers() -> None:
    parts = {"comments": comment(7, "审核", "请改") + comment(2, "承办", "好")}
    marked = (
        '<w:commentRangeStart w:id="7"/>' + r("第5条") + '<w:commentRangeEnd w:id="7"/>' + note("comment", 7)
    )
    data = raw_docx(p(marked), parts)
    copy = copy_with(data, on(data, "第5条"))
    assert comments(copy, "审核") == {"7": "请改"}
    assert comments(copy, "承办") == {"2": "好"}
    assert list(comments(copy)) == ["8"]
    assert (anchored(copy, "7"), anchored(copy, "8")) == ("第5条", "第5条")


def test_our_comments_are_not_read_as_the_paper() -> None:
    data = raw_docx(p("违反第5条规定"))
    copy = copy_with(data, on(data, "第5条"))
    assert {line.place.part for line in read_docx(copy)} == {"正文"}


def test_no_findings_no_change() -> None:
    data = raw_docx(p("第五条"))
    assert annotate(open_package(data), [], AT) == data


def test_more_than_word_can_open_are_counted_in_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator.comments, "MOST_COMMENTS", 3)
    data = raw_docx(p("第5条" * 9))
    copy = copy_with(data, *(on(data, "第5条", n) for n in range(9)))
    assert len(comments(copy)) == 3
    assert "另有 7 处问题" in comments(copy)["2"]


def test_a_finding_comes_back_from_its_dict() -> None:
    found = on(raw_docx(p("第5条")), "第5条")
    assert finding_of(found.to_dict()) == found


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=5)


def comment_on_spans(inside: list[str], wanted: list[tuple[int, int]]) -> tuple[bytes, list[str]]:
    data = raw_docx(p("标题") + p(*inside))
    text = read_docx(data)[1].text
    spans = [(a, a + length) for a, length in wanted if a + length <= len(text)]
    findings = [Finding("C0", "提示", "问", text[a:b], Place("正文", 2, start=a, end=b)) for a, b in spans]
    copy = annotate(open_package(data), findings, AT)
    assert_only_comments(data, copy)
    assert [line.text for line in read_docx(copy)] == [line.text for line in read_docx(data)]
    return copy, [finding.text for finding in findings]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6), SPANS)
def test_the_copy_is_the_original_whatever_stands_there(
    inside: list[str], wanted: list[tuple[int, int]]
) -> None:
    comment_on_spans(inside, wanted)


LETTERS = st.text(st.sampled_from("第五条一款（）《法》 \t甲"), min_size=1, max_size=6)
CUTTABLE = st.recursive(
    st.one_of(
        LETTERS.map(r),
        LETTERS.map(lambda text: r(t(text, preserve=False))),
        LETTERS.map(lambda text: r(t(text), "<w:tab/>", t(text), look="<w:b/>")),
        st.sampled_from([r("<w:br/>"), deleted("删"), note("footnote", 1), r("<w:softHyphen/>")]),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3).map(lambda x: inserted(*x)),
        st.lists(inside, max_size=3).map(
            lambda x: f"<w:sdt><w:sdtContent>{''.join(x)}</w:sdtContent></w:sdt>"
        ),
        st.lists(inside, max_size=3).map(lambda x: field("X", *x)),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CUTTABLE, min_size=1, max_size=6), SPANS)
def test_every_span_is_met_to_the_letter(inside: list[str], wanted: list[tuple[int, int]]) -> None:
    copy, texts = comment_on_spans(inside, wanted)
    assert [anchored(copy, str(n)) for n in range(len(texts))] == texts


@pytest.mark.parametrize("seed", range(60))
def test_a_garbled_tree_keeps_its_text_or_is_refused(seed: int) -> None:
    """Elements removed, doubled, moved and renamed: whatever can be read can be commented."""
    chance = random.Random(seed)
    body = (
        "".join(row[1] for row in PARAGRAPHS)
        + table([p("甲"), p("乙")])
        + p(box(p("丙")), note("footnote", 1))
    )
    data = raw_docx(body, {"footnotes": notes("footnote", "注"), "header1": p("眉")})
    root = main_tree(data)
    for _ in range(chance.randint(1, 12)):
        one, other = (chance.choice(list(root.iter("*"))) for _ in range(2))
        how = chance.choice(("remove", "double", "move", "rename"))
        if one is root or other in one.iter("*"):
            continue
        if how == "remove":
            one.getparent().remove(one)
        elif how == "double":
            one.addnext(deepcopy(one))
        elif how == "move":
            other.append(one)
        else:
            one.tag = other.tag
    garbled = with_part(data, "word/document.xml", etree.tostring(root))
    try:
        lines = read_docx(garbled)
    except BadPackage:
        return
    findings = []
    for line in lines:
        cut = chance.randint(0, len(line.text))
        place = replace(line.place, start=cut, end=chance.randint(cut, len(line.text)))
        findings.append(Finding("C0", "提示", "问", line.text[place.start : place.end], place))
    copy = annotate(open_package(garbled), findings, AT)
    assert [line.text for line in read_docx(copy)] == [line.text for line in lines]


# ---------------------------------------------------------------- LibreOffice


@pytest.mark.libreoffice
def test_libreoffice_shows_each_comment_on_its_words(soffice: str, tmp_path: Path) -> None:
    body = p("违反第", r("5", look="<w:b/>"), "条规定") + table(
        [p("第6条与第6条"), table([p("第7条")]) + p("")]
    )
    body += p("见", inserted(r("第8条")), "与", f'<w:hyperlink w:anchor="x">{r("前第9条后")}</w:hyperlink>')
    body += p("据", note("footnote", 1), "办理") + p(box(p("第11条")))
    data = raw_docx(p("标题") + body, {"footnotes": notes("footnote", "第10条"), "header1": p("第12条")})
    findings = [on(data, "第6条", 1), *(on(data, f"第{n}条") for n in range(5, 13))]
    (tmp_path / "copy.docx").write_bytes(annotate(open_package(data), findings, AT))
    (written,) = convert(soffice, [tmp_path / "copy.docx"], "odt", tmp_path / "lo")
    with zipfile.ZipFile(written) as archive:
        shown = list(annotations(etree.fromstring(archive.read("content.xml"))))
    assert sorted(words for said, words in shown if not said.startswith("位置")) == [
        "第5条", "第6条", "第6条", "第7条", "第8条", "第9条",
    ]  # fmt: skip
    displaced = [said.partition("”")[0] for said, _words in shown if said.startswith("位置：")]
    assert sorted(displaced) == [
        "位置：文本框 第1段“第11条", "位置：脚注 第1段“第10条", "位置：页眉 第1段“第12条",
    ]  # fmt: skip


def annotations(root: etree._Element) -> Iterator[tuple[str, str]]:
    """What each annotation of an .odt says, and the words it stands on."""
    said: dict[str, str] = {}
    words: dict[str, str] = {}
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = etree.QName(node).localname
        within = next(node.iterancestors("{*}annotation"), None) is not None
        if event == "start" and name == "annotation":
            number = str(node.xpath("string(@*[local-name()='name'])"))
            said[number], words[number] = "".join(p.xpath("string()") for p in node.iter("{*}p")), ""
        elif event == "start" and name == "annotation-end":
            number = str(node.xpath("string(@*[local-name()='name'])"))
            yield said.pop(number), words.pop(number)
        text = node.text if event == "start" and name != "annotation" else node.tail if event == "end" else ""
        if not (within or (event == "start" and name == "annotation")):
            words = {number: before + (text or "") for number, before in words.items()}
    yield from ((text, words[number]) for number, text in said.items())


def convert(soffice: str, paths: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """Files as LibreOffice writes them, in another folder."""
    command = [
        soffice,
        f"-env:UserInstallation=file://{folder / 'profile'}",
        "--headless",
        "--convert-to",
        to,
    ]
    files = [str(path) for path in paths]
    subprocess.run([*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=180)
    return [folder / path.with_suffix("." + to.partition(":")[0]).name for path in paths]
