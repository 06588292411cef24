"""A value arrives exactly, or not at all: each is read back with python-docx and with lxml."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from generator.template import Template
from kb.errors import BadValue

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {W + "br": "\n", W + "tab": "\t"}
MISSING = ...


@pytest.fixture(scope="module")
def template() -> Template:
    document = Document()
    document.add_paragraph("〔{{ v }}〕")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "〔{{ v }}〕"
    document.sections[0].header.paragraphs[0].text = "〔{{ v }}〕"
    document.core_properties.title = "{{ title }}"
    out = io.BytesIO()
    document.save(out)
    return Template.compile(out.getvalue())


def read_back(file: bytes) -> set[str]:
    """What the paragraph, the cell and the header say, each by two readers."""
    document = Document(io.BytesIO(file))
    said = {
        document.paragraphs[0].text,
        document.tables[0].cell(0, 0).text,
        document.sections[0].header.paragraphs[0].text,
    }
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for paragraph in etree.fromstring(package.read(name)).iter(W + "p"):
                    words = [
                        BREAKS.get(node.tag, node.text or "")
                        for run in paragraph.iter(W + "r")
                        for node in run
                        if node.tag in (W + "t", *BREAKS)
                    ]
                    if "".join(words).startswith("〔"):
                        said.add("".join(words))
    return said


EXACT: dict[str, Any] = {
    "less than": "含量 <0.5 mg",
    "tags of XML": "</w:t></w:r><w:r><w:t>x",
    "ampersand": "甲 & 乙 &amp; &#60;",
    "end of CDATA": "甲]]>乙",
    "quotes": "\"'“”‘’",
    "newline": "第一行\n第二行\n\n第四行\n",
    "tab": "甲\t\t乙",
    "newline and markup": "a<b\n&\t>",
    "tag-like text": "{{ v }} {% if x %} {# y #} {_{ }}",
    "placeholders of ours": "\u2028{0}%s$1\\1",
    "outer spaces": "  甲乙  ",
    "ideographic spaces": "　甲　",
    "no-break space": "\u00a0甲\u00a0",
    "emoji beyond BMP": "甲🧾👨‍👩‍👧乙",
    "rare han beyond BMP": "𠮷𡈽",
    "joining and direction marks": "a\u200b\u202eb\u202c",
    "private use": "\ue000",
    "one megabyte": "裁量 " * 150_000,
    "empty": "",
    "looks like a number": "007",
    "looks like null": "None",
}


@pytest.mark.parametrize("kind", EXACT)
def test_text_arrives_exactly(template: Template, kind: str) -> None:
    value = EXACT[kind]
    assert read_back(template.render({"v": value, "title": "x"})) == {f"〔{value}〕"}


PRINTED: dict[str, tuple[Any, str]] = {
    "windows newline": ("甲\r\n乙\r丙", "甲\n乙\n丙"),
    "int": (50_000, "50000"),
    "negative": (-1, "-1"),
    "decimal": (Decimal("1440.50"), "1440.50"),
    "decimal with exponent": (Decimal("1E+3"), "1000"),
    "small decimal": (Decimal("0.0000001"), "0.0000001"),
}


@pytest.mark.parametrize("kind", PRINTED)
def test_values_print_plainly(template: Template, kind: str) -> None:
    value, said = PRINTED[kind]
    assert read_back(template.render({"v": value, "title": "x"})) == {f"〔{said}〕"}


class Word(str):
    """A str that could print as anything."""


REFUSED: dict[str, tuple[Any, str]] = {
    "missing": (MISSING, "缺少字段“v”"),
    "None": (None, "为空"),
    "list": (["甲"], "join"),
    "dictionary": ({"a": "甲"}, "列表或字典"),
    "bool": (True, "是/否"),
    "float": (1.5, "不精确"),
    "NaN": (float("nan"), "不精确"),
    "decimal NaN": (Decimal("NaN"), "NaN"),
    "infinite decimal": (Decimal("Infinity"), "NaN"),
    "enormous decimal": (Decimal("1E+999999"), "过大"),
    "enormous int": (10**5000, "过大"),
    "date without format": (date(2026, 5, 8), "日期"),
    "time without format": (datetime(2026, 5, 8, 9), "日期"),
    "NUL": ("甲\0", "U+0000"),
    "vertical tab": ("甲\x0b", "U+000B"),
    "escape": ("\x1b[31m", "U+001B"),
    "delete": ("\x7f", "U+007F"),
    "C1 control": ("\x85", "U+0085"),
    "lone surrogate": ("\ud83e", "U+D83E"),
    "noncharacter": ("\uffff", "U+FFFF"),
    "bytes": (b"x", "bytes"),
    "set": ({"x"}, "set"),
    "object": (object(), "object"),
    "subclass of str": (Word("x"), "Word"),
    "markup": (Markup("<w:br/>"), "Markup"),
    "three million characters": ("案" * 3_000_000, "万字"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_exact_is_refused(template: Template, kind: str) -> None:
    value, says = REFUSED[kind]
    data = {"title": "x"} if value is MISSING else {"title": "x", "v": value}
    with pytest.raises(BadValue, match=says.replace("+", r"\+")) as caught:
        template.render(data)
    assert caught.value.where
    assert caught.value.hint
    assert "\n" not in str(caught.value)


NESTED: dict[str, tuple[Any, str]] = {
    "in a list": ([{"name": "甲"}, {"name": None}], "v[1].name"),
    "in a dictionary": ({"甲": {"乙": ["x", "\x00"]}}, "v.甲.乙[1]"),
    "key": ({1: "x"}, "v 的 1"),
}


@pytest.mark.parametrize("kind", NESTED)
def test_the_path_of_a_refused_value_is_named(template: Template, kind: str) -> None:
    value, path = NESTED[kind]
    with pytest.raises(BadValue) as caught:
        template.render({"v": value, "title": "x"})
    assert caught.value.where == f"字段 {path}"


def test_data_that_contains_itself_is_refused(template: Template) -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(BadValue, match="16 层"):
        template.render({"v": loop, "title": "x"})


def test_data_is_an_object(template: Template) -> None:
    with pytest.raises(BadValue, match="对象"):
        template.render(["甲"])  # type: ignore[arg-type]


@pytest.mark.parametrize("title", ["a<b>&", "  甲 ", "{{ v }}", "甲\n乙\t丙", "🧾", "]]>"])
def test_the_title_arrives_exactly(template: Template, title: str) -> None:
    file = template.render({"v": "x", "title": title})
    assert Document(io.BytesIO(file)).core_properties.title == title


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_is_exact_or_refused(template: Template, value: str) -> None:
    try:
        file = template.render({"v": value, "title": "x"})
    except BadValue:
        assert not value.isprintable()
        return
    assert read_back(file) == {f"〔{value.replace(chr(13) + chr(10), chr(10)).replace(chr(13), chr(10))}〕"}
