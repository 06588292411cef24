"""Pictures, rich text, listings and documents in papers: what is put in, and that the paper stays valid."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from generator.invariants import broken, ensure_valid
from generator.rich import MOST_BYTES, Image, Listing, Rich, Run, Subdocument
from generator.template import Template
from kb.errors import BadPackage, BadValue
from kb.package import open_package
from tests.generator import raw_docx as raw
from tests.generator.test_docxtpl_forms import FORMS, header, made, png, table

Build = Callable[[Any], None]


def filled(template: bytes, **data: Any) -> Any:
    paper = Template.compile(template).render(data)
    assert broken(paper) == []
    return Document(io.BytesIO(paper))


def jpeg(across: int = 4, down: int = 2) -> bytes:
    """The least that is a JPEG: its frame and its end, without a picture."""
    head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\1\0\x48\0\x48\0\0"
    frame = b"\xff\xc0\0\x0b\x08" + down.to_bytes(2, "big") + across.to_bytes(2, "big") + b"\1\1\x11\0"
    return head + frame + b"\xff\xd9"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_leaves_a_valid_paper(form: str) -> None:
    content, data = FORMS[form]
    assert broken(Template.compile(made(*content)).render(data)) == []


# -- pictures ----------------------------------------------------------------

# Pixels, dots an inch, the box in millimetres, the size on paper in millimetres.
SIZES: list[tuple[tuple[int, int], float, tuple[float, float], tuple[float, float]]] = [
    ((96, 48), 96, (0, 0), (25.4, 12.7)),
    ((300, 300), 300, (0, 0), (25.4, 25.4)),
    ((100, 50), 96, (40, 40), (40, 20)),
    ((50, 100), 96, (40, 40), (20, 40)),
    ((50, 100), 96, (40, 0), (40, 80)),
    ((9600, 960), 96, (0, 0), (150, 15)),
    ((960, 9600), 96, (0, 0), (22, 220)),
]


@pytest.mark.parametrize(("pixels", "dots", "box", "size"), SIZES)
def test_a_picture_is_fitted_into_its_box(
    pixels: tuple[int, int], dots: float, box: tuple[float, float], size: tuple[float, float]
) -> None:
    across, down = Image(png(*pixels, round(dots / 0.0254)), *box).extent()
    assert (across / 36_000, down / 36_000) == pytest.approx(size, rel=0.01)


def test_a_picture_brings_its_part_relationship_type_and_words() -> None:
    template = Template.compile(made("印：{{ seal }}完", header("{{ seal }}"), table(["{{ photo }}"])))
    data = {"seal": Image(png(), 40, alt='公章 <"&>'), "photo": Image(jpeg(), 100)}
    paper = template.render(data)
    assert paper == template.render(data)
    assert broken(paper) == []
    package = open_package(paper)
    media = [name for name in package.names if name.startswith("word/media/cailiang")]
    assert sorted(package.content_type(name) for name in media) == ["image/jpeg", "image/png"]
    document = Document(io.BytesIO(paper))
    assert [p.text for p in document.paragraphs] == ["印：完"]
    drawn = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert [node.get("descr") for node in drawn] == ['公章 <"&>', ""]
    assert document.sections[0].header.part.rels.values()
    assert "seal" in [field.name for field in template.fields()]


def test_a_picture_in_a_loop_lies_in_the_file_once() -> None:
    photo = Image(png(), 30)
    paper = Template.compile(made("{%p for e in es %}", "{{ e }}", "{%p endfor %}")).render(
        {"es": [photo] * 5}
    )
    assert broken(paper) == []
    names = open_package(paper).names
    assert len([name for name in names if name.startswith("word/media/cailiang")]) == 1


def broken_png() -> bytes:
    whole = bytearray(png())
    whole[-20] ^= 1
    return bytes(whole)


PICTURES: dict[str, tuple[Callable[[], Any], str]] = {
    "text": (lambda: Image(b"<svg/>"), "PNG"),
    "cut short": (lambda: Image(png()[:-8]), "PNG"),
    "changed": (lambda: Image(broken_png()), "PNG"),
    "JPEG cut short": (lambda: Image(jpeg()[:20]), "PNG"),
    "bomb": (lambda: Image(png(1, 1).replace((1).to_bytes(4, "big") * 2, b"\0\1\0\0" * 2)), "PNG"),
    "too many pixels": (lambda: Image(jpeg(65_000, 65_000)), "像素"),
    "too many bytes": (lambda: Image(b"\x89PNG" + b"0" * MOST_BYTES), "MB"),
    "no box": (lambda: Image(png(), -1), "毫米"),
    "words of control": (lambda: Image(png(), alt="\0"), "U+0000"),
    "colour": (lambda: Run("x", color="red"), "颜色"),
    "underline": (lambda: Run("x", underline="zigzag"), "下划线"),
    "size": (lambda: Run("x", size=5000), "字号"),
    "style": (lambda: Run("x", style="\x01"), "样式"),
    "bell in rich text": (lambda: Run("\a"), "U+0007"),
    "NUL in a listing": (lambda: Listing("\0"), "U+0000"),
    "reserved": (lambda: Listing("\U0010fff2"), "U+10FFF2"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_what_is_no_value_is_refused_where_it_is_made(kind: str) -> None:
    make, says = PICTURES[kind]
    with pytest.raises(BadValue, match=re.escape(says)) as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [Image(png()), Listing("x"), Subdocument(made("x"))])
def test_only_text_goes_into_properties(value: Any) -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "{{ v }}"

    with pytest.raises(BadValue, match="不能打印"):
        Template.compile(made(build)).render({"v": value})


# -- text --------------------------------------------------------------------


def test_rich_text_keeps_the_look_of_its_place() -> None:
    def build(document: Any) -> None:
        run = document.add_paragraph().add_run("甲{{ v }}乙")
        run.font.name, run.italic = "宋体", True

    value = Rich(
        (
            Run("红", color="#ff0000", bold=True, size=16),
            Run("平", italic=False),
            Run("上", raised="superscript"),
        )
    )
    runs = filled(made(build), v=value).paragraphs[0].runs
    assert [(r.text, r.bold, r.italic, r.font.name) for r in runs] == [
        ("甲", None, True, "宋体"),
        ("红", True, True, "宋体"),
        ("平", None, False, "宋体"),
        ("上", None, True, "宋体"),
        ("乙", None, True, "宋体"),
    ]
    assert str(runs[1].font.color.rgb) == "FF0000"
    assert runs[1].font.size.pt == 16


def test_rich_text_in_paragraphs_and_lists() -> None:
    value = [Rich((Run("一", bold=True),)), "二"]
    document = filled(made("{{p v }}", "{{ v|length }}"), v=value)
    assert [p.text for p in document.paragraphs] == ["一", "二", "2"]


def test_a_listing_keeps_the_paragraph_it_stands_in() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("前{{ v }}后", style="List Bullet")

    document = filled(made(build), v=Listing("一\a二\n三\f四"))
    texts = [(p.text.strip(), p.style.name) for p in document.paragraphs]
    bullet = "List Bullet"
    assert texts == [("前一", bullet), ("二\n三", bullet), ("", "Normal"), ("四后", bullet)]


# -- documents ---------------------------------------------------------------


def annex(document: Any) -> None:
    style = document.styles.add_style("附件题", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 1"]
    document.add_paragraph("附件一", style="附件题")
    document.add_paragraph("甲项", style="List Number")
    document.add_paragraph("乙项", style="List Number")
    document.add_picture(io.BytesIO(png()), width=Mm(20))
    document.add_table(rows=1, cols=2).cell(0, 0).text = "格"


def test_a_document_takes_the_place_of_its_paragraph() -> None:
    paper = Template.compile(made("前", "{{p v }}", "后")).render({"v": Subdocument(made(annex))})
    assert broken(paper) == []
    document = Document(io.BytesIO(paper))
    texts = [p.text for p in document.paragraphs]
    assert texts == ["前", "附件一", "甲项", "乙项", "", "", "后"]
    assert document.tables[0].cell(0, 0).text == "格"
    style: Any = document.paragraphs[1].style
    assert (style.name, style.base_style.name) == ("附件题", "Heading 1")
    assert len(document.inline_shapes) == 1


def test_the_same_document_twice_and_in_a_loop() -> None:
    value = Subdocument(made(annex))
    template = made("{%p for v in vs %}", "{{p v }}", "{%p endfor %}", "尾")
    paper = Template.compile(template).render({"vs": [value, value]})
    assert broken(paper) == []
    styles = [s.name for s in Document(io.BytesIO(paper)).styles]
    assert styles.count("附件题") == 1


def test_lists_of_a_document_begin_anew() -> None:
    body = raw.p("项", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    value = Subdocument(numbered(body))
    paper = Template.compile(numbered(raw.p("{{p v }}") + body)).render({"v": value})
    assert broken(paper) == []
    used = re.findall(r'<w:numId w:val="(\d+)"/>', open_package(paper).read("word/document.xml").decode())
    assert used == ["2", "1"]


def numbered(body: str) -> bytes:
    """A document with one list."""
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    )
    xml = (
        f'<w:numbering xmlns:w="{raw.WORD}"><w:abstractNum w:abstractNumId="0"><w:nsid w:val="0A"/>{level}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw.raw_docx(body))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "[Content_Types].xml":
                data = data.replace(
                    "</Types>", f'<Override PartName="/word/numbering.xml" ContentType="{kind}"/></Types>'
                )
            if name == "word/_rels/document.xml.rels":
                row = f'<Relationship Id="n" Type="{raw.OFFICE}/numbering" Target="numbering.xml"/>'
                data = data.replace("</Relationships>", row + "</Relationships>")
            new.writestr(name, data)
        new.writestr("word/numbering.xml", xml)
    return out.getvalue()


def test_a_document_without_lists_or_pictures_gets_what_it_brings() -> None:
    paper = Template.compile(raw.raw_docx(raw.p("{{p v }}"))).render(
        {"v": Subdocument(numbered(raw.p("甲")))}
    )
    assert broken(paper) == []
    body = raw.p("项", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    paper = Template.compile(raw.raw_docx(raw.p("{{p v }}"))).render({"v": Subdocument(numbered(body))})
    assert broken(paper) == []
    assert "word/numbering.xml" in open_package(paper).names


NOT_WHOLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a note": (
        lambda: raw.raw_docx(
            raw.p("甲", raw.note("footnote", 1)), {"footnotes": raw.notes("footnote", "注")}
        ),
        "脚注",
    ),
    "Strict": (lambda: raw.raw_docx(raw.p("甲"), strict=True), "Strict"),
}


@pytest.mark.parametrize("kind", NOT_WHOLE)
def test_what_cannot_come_along_is_refused(kind: str) -> None:
    make, says = NOT_WHOLE[kind]
    with pytest.raises(BadValue, match=says):
        Template.compile(made("{{p v }}")).render({"v": Subdocument(make())})


def test_a_hostile_document_is_refused_as_it_is_made() -> None:
    with pytest.raises(BadPackage):
        Subdocument(b"PK not a zip")


def test_a_document_stands_in_the_body_only() -> None:
    with pytest.raises(BadValue, match="正文"):
        Template.compile(made(header("{{ v }}"))).render({"v": Subdocument(made("x"))})


# -- what loops and fields need ----------------------------------------------


def test_a_note_called_in_a_loop_is_copied() -> None:
    body = raw.p("{%p for e in es %}") + raw.p("{{ e }}", raw.note("footnote", 1)) + raw.p("{%p endfor %}")
    template = raw.raw_docx(body, {"footnotes": raw.notes("footnote", "见{{ a }}")})
    paper = Template.compile(template).render({"es": ["甲", "乙", "丙"], "a": "卷"})
    assert broken(paper) == []
    package = open_package(paper)
    calls = re.findall(r'footnoteReference w:id="(\d+)"', package.read("word/document.xml").decode())
    assert calls == ["1", "2", "3"]
    assert package.read("word/footnotes.xml").decode().count("卷") == 3


def test_text_boxes_are_filled_in_both_forms() -> None:
    body = raw.p("{%p for e in es %}") + raw.p("外", raw.box(raw.p("印：{{ e }}"))) + raw.p("{%p endfor %}")
    paper = Template.compile(raw.raw_docx(body)).render({"es": ["甲", "乙"]})
    assert broken(paper) == []
    xml = open_package(paper).read("word/document.xml").decode()
    assert re.findall(r"印：(.)", xml) == ["甲", "甲", "乙", "乙"]
    ids = re.findall(r"<v:shape id=[\"']([^\"']+)", xml)
    assert len(set(ids)) == 2


def test_a_table_of_contents_is_counted_anew_by_word() -> None:
    def build(document: Any) -> None:
        field = raw.field('TOC \\o "1-3"', "目录")
        document.add_paragraph()._p.append(parse_xml(f"<w:hyperlink {nsdecls('w')}>{field}</w:hyperlink>"))

    paper = Template.compile(made(build, "{{ a }}")).render({"a": "x"})
    assert broken(paper) == []
    package = open_package(paper)
    assert 'w:dirty="true"' in package.read("word/document.xml").decode()
    assert '<w:updateFields w:val="true"/>' in package.read("word/settings.xml").decode()
    plain = open_package(Template.compile(made("{{ a }}")).render({"a": "x"}))
    assert "updateFields" not in plain.read("word/settings.xml").decode()


REACHING = ["INCLUDEPICTURE http://x/y.png", "DDEAUTO c a b", "INCLUDETEXT x.docx", "MACROBUTTON a b"]


@pytest.mark.parametrize("code", REACHING)
def test_fields_that_fetch_are_refused(code: str) -> None:
    from generator.template import check_template

    found = check_template(raw.raw_docx(f"<w:p>{raw.field(code, 'x')}</w:p>")).findings
    assert [f.code for f in found] == ["T11"]


def test_columns_come_and_go_with_their_grid() -> None:
    template = made(table(["{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"]))
    for number in (1, 2, 7):
        document = filled(template, cols=[str(n) for n in range(number)])
        grid = document.element.body.find(f".//{qn('w:tblGrid')}")
        assert len(grid) == number


# -- the cost of a render ----------------------------------------------------

BOMBS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "loops in loops": (
        ["{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}"],
        {"l": list(range(2000))},
    ),
    "ranges in ranges": (
        ["{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"],
        {},
    ),
    "a long text often": (["{% for a in range(9000) %}{{ t }}{% endfor %}"], {"t": "甲" * 100_000}),
    "a text doubled": (["{% set t = t ~ t %}" * 40 + "{{ t }}"], {"t": "甲" * 100}),
    "a text added": (["{% set t = t + t %}" * 40 + "{{ t }}"], {"t": "甲" * 100}),
    "a list doubled": (["{% set l = l + l %}" * 40 + "{{ l|length }}"], {"l": [1]}),
    "a number squared": (["{% set n = n * n %}" * 40 + "{{ n }}"], {"n": 10}),
    "replaced": (["{% set t = t|replace('a', t) %}" * 9 + "{{ t }}"], {"t": "a" * 100}),
    "joined": (["{{ l|join(t) }}"], {"l": ["x"] * 10_000, "t": "甲" * 100_000}),
    "filled up": (["{{ l|batch(1000, t)|first|join }}"], {"l": [1], "t": "甲" * 1_900_000}),
    "padded": (["{{ '%99999999s'|format(1) }}"], {}),
    "batched": (["{{ l|batch(999999999, 'x')|length }}"], {"l": [1]}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_short_template_cannot_fill_the_memory(kind: str) -> None:
    import time

    content, data = BOMBS[kind]
    template = Template.compile(made(*content))
    start = time.process_time()
    with suppress(BadValue):  # a bound; else what is asked is small
        assert len(template.render(data)) < 1_000_000
    assert time.process_time() - start < 5


def test_a_thousand_rows_are_no_bomb() -> None:
    rows = table(["{%tr for e in es %}", ""], ["{{ e }}", "{{ loop.index }}"], ["{%tr endfor %}", ""])
    document = filled(made(rows), es=["甲"] * 3000)
    assert len(document.tables[0].rows) == 3000


def test_a_paper_that_breaks_a_rule_is_told() -> None:
    good = made("甲")
    bad = raw.raw_docx("<w:tbl><w:tr><w:tc><w:tcPr/></w:tc></w:tr></w:tbl>")
    assert any("不以段落结尾" in said for said in broken(bad))
    ensure_valid(bad, bad)
    with pytest.raises(BadPackage, match="tc 不以段落结尾"):
        ensure_valid(bad, good)
