"""What a reader of a .docx sees, place by place: one row a construction of Word, WPS or LibreOffice."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.docx_story import ROLES, Piece, shown_text
from generator.docx_text import Line, read_docx, read_traced
from kb.errors import BadPackage
from kb.package import DEFAULT_LIMITS, open_package
from tests.generator.raw_docx import (
    WORD,
    box,
    char,
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

CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
RUBY = (
    "<w:ruby><w:rubyPr/><w:rt><w:r><w:t>tiáo</w:t></w:r></w:rt>"
    "<w:rubyBase><w:r><w:t>条</w:t></w:r></w:rubyBase></w:ruby>"
)
MARK_DELETED = '<w:rPr><w:del w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"/></w:rPr>'
UNKNOWN = (
    '<mc:AlternateContent><mc:Choice Requires="future"><w:r><w:t>新</w:t></w:r></mc:Choice>'
    "<mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback></mc:AlternateContent>"
)

PARAGRAPHS = [
    ("one run", p("第五条"), "第五条"),
    ("a run for each letter", p(*"第五条"), "第五条"),
    ("two texts in a run", p(r(t("第五"), t("条"))), "第五条"),
    ("tab, break, returns", p(r("甲", "<w:tab/>", "乙", "<w:br/>", "丙", "<w:cr/>", "丁")), "甲\t乙\n丙\n丁"),
    ("a tab stop is no tab", p("甲", properties='<w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs>'), "甲"),
    (
        "hyphens",
        p(r("GB 2760", "<w:noBreakHyphen/>", "2024第", "<w:softHyphen/>", "五条")),
        "GB 2760-2024第五条",
    ),
    ("a symbol", p(r('<w:sym w:font="Wingdings" w:char="2611"/>', "甲")), "☑甲"),
    (
        "symbols that are none",
        p(r('<w:sym w:char="D800"/><w:sym w:char="x"/><w:sym w:char="FFFF"/>', "甲")),
        "甲",
    ),
    ("insertion counts", p("第", inserted(r("五")), "条"), "第五条"),
    ("deletion does not", p("第", deleted("四"), "五条"), "第五条"),
    (
        "moved to, not from",
        p(f"<w:moveTo>{r('第五')}</w:moveTo>", deleted("第四", "moveFrom"), "条"),
        "第五条",
    ),
    (
        "hidden text",
        p(r("第"), r("四", look="<w:vanish/>"), r("五条", look='<w:vanish w:val="0"/>')),
        "第五条",
    ),
    ("a field shows its result", p("第", field("REF 四 \\h", "五"), "条"), "第五条"),
    (
        "a field in the code of a field",
        p("第", char("begin"), field("REF x", "四"), char("end"), "五条"),
        "第五条",
    ),
    ("a field in the result of a field", p(field("A", "第", field("B", "五"), "条")), "第五条"),
    ("a beginning without end", p("第", char("begin"), "五条"), "第五条"),
    ("an end without beginning", p("第", char("end"), char("separate"), "五条"), "第五条"),
    ("a simple field", p('<w:fldSimple w:instr="PAGE">' + r("5") + "</w:fldSimple>"), "5"),
    ("a link", p("见", f'<w:hyperlink w:anchor="x">{r("第五条")}</w:hyperlink>'), "见第五条"),
    ("a smart tag", p(f'<w:smartTag w:element="x">{r("第五")}</w:smartTag>', "条"), "第五条"),
    ("a control in the line", p("第", CONTROL.format(r("五")), "条"), "第五条"),
    ("a control around the paragraph", CONTROL.format(p("第五条")), "第五条"),
    ("custom xml", f'<w:customXml w:element="x">{p("第五条")}</w:customXml>', "第五条"),
    ("ruby: the base", p(r("第五", RUBY, "甲")), "第五条甲"),
    ("a formula", p("共", "<m:oMath><m:r><m:t>3×2</m:t></m:r></m:oMath>", "元"), "共3×2元"),
    (
        "a formula on its own line",
        p("<m:oMathPara><m:oMath><m:r><m:t>6</m:t></m:r></m:oMath></m:oMathPara>"),
        "6",
    ),
    ("blanks that XML drops", p(r("<w:t>\n  第五条 \n</w:t>")), "第五条"),
    ("blanks that are kept", p(r(t(" 第五条 "))), " 第五条 "),
    ("the ideographic blank stays", p(r(t("　第五条", preserve=False))), "　第五条"),
    ("nothing but blanks", p(r(t("  ", preserve=False))), ""),
    ("a comment of the XML", p(r("<w:t>第<!-- 四 -->五条</w:t>")), "第五条"),
    ("an alternative nobody understands", p(UNKNOWN), "旧"),
    ("a mark of a note", p("第五条", note("footnote", 1), "第一款"), "第五条第一款"),
    (
        "a deleted paragraph mark",
        p("第", properties=MARK_DELETED) + p("五", properties=MARK_DELETED) + p("条"),
        "第五条",
    ),
    ("letters beyond the first plane", p("𠮷野家第五条"), "𠮷野家第五条"),
]


def read(body: str, parts: dict[str, str] | None = None, **kind: bool) -> tuple[Line, ...]:
    data = raw_docx(body, parts, **kind)  # type: ignore[arg-type]
    _, lines = read_traced(open_package(data))
    assert read_docx(data) == lines
    return lines


def trace(line: Line) -> str:
    """The text once more, from the elements that the pieces name."""
    letters = []
    end = 0
    for piece in line.pieces:
        assert piece.start == end < piece.end
        end = piece.end
        letters.append(letters_of(piece))
    assert end == len(line.text)
    return "".join(letters)


def letters_of(piece: Piece) -> str:
    if ROLES.get(piece.node.tag) == "t":
        text, skip = shown_text(piece.node)
        assert skip == piece.skip
        return text
    if ROLES.get(piece.node.tag) == "math":
        return str(piece.node.xpath("string()"))
    return {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "☑"}[ROLES[piece.node.tag]]


@pytest.mark.parametrize("strict", [False, True], ids=["transitional", "strict"])
@pytest.mark.parametrize(
    ("body", "text"), [row[1:] for row in PARAGRAPHS], ids=[row[0] for row in PARAGRAPHS]
)
def test_a_paragraph_is_what_its_reader_sees(body: str, text: str, strict: bool) -> None:
    (line,) = read(body, strict=strict)
    assert line.text == text
    assert trace(line) == text
    assert line.place.paragraph == 1


def places(lines: tuple[Line, ...]) -> list[tuple[str, str | None, int | None, str]]:
    return [(line.place.part, line.place.cell, line.place.paragraph, line.text) for line in lines]


def test_tables_count_from_the_cell_and_nest() -> None:
    inner = table([p("内")])
    body = p("前") + table([p("甲"), p("乙") + p("丙")], [p("丁"), inner + p("")]) + p("后")
    assert places(read(body)) == [
        ("正文", None, 1, "前"),
        ("正文", "表1 行1 列1", 1, "甲"),
        ("正文", "表1 行1 列2", 1, "乙"),
        ("正文", "表1 行1 列2", 2, "丙"),
        ("正文", "表1 行2 列1", 1, "丁"),
        ("正文", "表1 行2 列2 表1 行1 列1", 1, "内"),
        ("正文", "表1 行2 列2", 1, ""),
        ("正文", None, 2, "后"),
    ]


def test_rows_and_cells_inside_controls_are_counted() -> None:
    row = f"<w:tr>{CONTROL.format('<w:tc>' + p('甲') + '</w:tc>')}<w:tc>{p('乙')}</w:tc></w:tr>"
    body = f"<w:tbl>{CONTROL.format(row)}<w:tr><w:tc>{p('丙')}</w:tc></w:tr></w:tbl>"
    cells = [line.place.cell for line in read(body)]
    assert cells == ["表1 行1 列1", "表1 行1 列2", "表1 行2 列1"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    assert places(read(p("前", box(p("甲"), p("乙")), "后") + p("末"))) == [
        ("正文", None, 1, "前后"),
        ("文本框", None, 1, "甲"),
        ("文本框", None, 2, "乙"),
        ("正文", None, 2, "末"),
    ]


def test_text_boxes_are_told_apart() -> None:
    body = p(box(p("甲"), table([p("乙")]))) + table([p(box(p("丙")))])
    parts = {"header1": p(box(p("丁")))}
    found = [place for place in places(read(body, parts)) if place[3]]
    assert found == [
        ("文本框1", None, 1, "甲"),
        ("文本框1", "表1 行1 列1", 1, "乙"),
        ("文本框2", None, 1, "丙"),
        ("页眉文本框", None, 1, "丁"),
    ]


def test_every_part_that_a_reader_sees() -> None:
    parts = {
        "footer1": p("脚"),
        "header1": p("眉甲"),
        "header2": p("眉乙"),
        "footnotes": notes("footnote", "注一", "注二"),
        "endnotes": notes("endnote", "尾"),
        "comments": comment(0, "审核", "批") + comment(1, "裁量", "我们自己的"),
    }
    assert places(read(p("正"), parts)) == [
        ("正文", None, 1, "正"),
        ("页眉1", None, 1, "眉甲"),
        ("页眉2", None, 1, "眉乙"),
        ("页脚", None, 1, "脚"),
        ("脚注", None, 1, "注一"),
        ("脚注", None, 2, "注二"),
        ("尾注", None, 1, "尾"),
        ("批注", None, 1, "批"),
    ]


def test_what_papers_share_is_read_by_its_bytes() -> None:
    """Headers are remembered; one that differs, or a limit that is stricter, is read anew."""
    for words in ("眉甲", "眉乙", "眉甲"):
        assert [line.text for line in read_docx(raw_docx(p("正"), {"header1": p(words)}))] == ["正", words]
    deep = raw_docx(p("正"), {"header1": box(p("眉"))})
    assert "眉" in [line.text for line in read_docx(deep)]
    with pytest.raises(BadPackage, match="嵌套"):
        read_docx(open_package(deep, limits=replace(DEFAULT_LIMITS, depth=6)))


def test_a_header_that_no_section_uses_is_not_read() -> None:
    data = raw_docx(p("正"), {"header1": p("眉")}, unused={"header2": p("废")})
    assert [line.text for line in read_docx(data)] == ["正", "眉"]


def test_a_field_over_several_paragraphs_shows_only_its_result() -> None:
    body = p(char("begin"), r("<w:instrText>TOC</w:instrText>"), "码", char("separate"), "一") + p(
        "二", char("end"), "三"
    )
    assert [line.text for line in read(body)] == ["一", "二三"]


def test_a_bound_control_is_one_piece_for_comments() -> None:
    bound = "<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    (line,) = read(p("第", bound.format(r("五") + r("条"))))
    first, *others = line.pieces
    assert ROLES[first.anchor.tag] == "r"
    assert [ROLES[piece.anchor.tag] for piece in others] == ["sdt", "sdt"]


# ---------------------------------------------------------------- odd and hostile files


def test_deep_nesting_within_the_limit_is_read() -> None:
    body = p("底")
    for _ in range(45):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    (line,) = read(body)
    assert line.text == "底"


def test_deeper_nesting_is_refused_in_one_line() -> None:
    body = p("底")
    for _ in range(70):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    with pytest.raises(BadPackage) as refused:
        read(body)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "root",
    [
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        f'<w:document xmlns:w="{WORD}"/>',
        f'<w:hdr xmlns:w="{WORD}"/>',
        "<html><body><p>第五条</p></body></html>",
    ],
    ids=["workbook", "no body", "header", "page"],
)
def test_what_is_no_word_document_is_refused(root: str) -> None:
    with pytest.raises(BadPackage, match="不是 Word 文档"):
        read_docx(with_part(raw_docx(p("甲")), "word/document.xml", root.encode()))


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The file with other bytes in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


LETTER = st.text(st.sampled_from("第五条一款（）《法》 \t\n甲"), max_size=6)
PIECES = st.recursive(
    st.one_of(
        LETTER.map(r),
        LETTER.map(lambda text: r(t(text, preserve=False))),
        st.sampled_from([r("<w:tab/>"), r("<w:br/>"), r(RUBY), r("<w:softHyphen/>"), char("begin")]),
        st.sampled_from([char("separate"), char("end"), deleted("删"), UNKNOWN, box(p("框"))]),
        LETTER.map(lambda text: r(text, look="<w:b/>")),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3).map(lambda x: inserted(*x)),
        st.lists(inside, max_size=3).map(lambda x: CONTROL.format("".join(x))),
        st.lists(inside, max_size=3).map(lambda x: field("X", *x)),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=6))
def test_pieces_cover_every_text_exactly(inside: list[str]) -> None:
    for line in read(p(*inside)):
        assert "".join(_letters(piece) for piece in line.pieces) == line.text
        assert [piece.start for piece in line.pieces[1:]] == [piece.end for piece in line.pieces[:-1]]


def _letters(piece: Piece) -> str:
    text = letters_of(piece)
    assert len(text) == piece.end - piece.start
    return text
