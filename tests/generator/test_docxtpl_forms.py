"""Each tag form of python-docx-template, in a template of our own: the same text as that library gives.

A row is a template and its data. What that library prints of values we refuse (None, floats) or drops without
a word (text beside a ``{%p %}``) has no row: there the two differ on purpose.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText
from docxtpl import Listing as TheirListing

from generator.rich import Image, Listing, Rich, Run
from generator.template import Template
from tests.generator.test_template import Build, made, table


def split(*pieces: str) -> Build:
    """One paragraph, each piece a run of its own with a spelling mark behind it."""

    def build(document: Any) -> None:
        paragraph = document.add_paragraph()
        for number, piece in enumerate(pieces):
            paragraph.add_run(piece).bold = number % 2 == 1
            paragraph._p.append(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))

    return build


def header(text: str) -> Build:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = text

    return build


def footer(text: str) -> Build:
    def build(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = text

    return build


def title(text: str) -> Build:
    def build(document: Any) -> None:
        document.core_properties.title = text

    return build


def boxed(text: str) -> Build:
    def build(document: Any) -> None:
        box = (
            f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape><v:textbox>"
            f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict></w:r>"
        )
        document.add_paragraph("外")._p.append(parse_xml(box))

    return build


def linked(text: str) -> Build:
    def build(document: Any) -> None:
        inside = f"<w:r><w:t>{text}</w:t></w:r>"
        document.add_paragraph("见")._p.append(
            parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="x">{inside}</w:hyperlink>')
        )

    return build


def cell_of(*paragraphs: str) -> Build:
    def build(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.text = paragraphs[0]
        for text in paragraphs[1:]:
            cell.add_paragraph(text)

    return build


def merged(document: Any) -> None:
    """A row loop under a heading over two columns."""
    grid = document.add_table(rows=4, cols=3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "{{ head }}"
    for row, words in enumerate(
        (["{%tr for r in rows %}", "", ""], ["{{ r.a }}", "{{ r.b }}", "{{ r.c }}"]), 1
    ):
        for cell, text in zip(grid.rows[row].cells, words, strict=True):
            cell.text = text
    grid.cell(3, 0).text = "{%tr endfor %}"


ITEMS = [{"name": "笔录", "n": 3, "ok": True}, {"name": "照片", "n": 12, "ok": False}]
ROWS = [{"a": "1", "b": "2", "c": "3"}, {"a": "4", "b": "5", "c": "6"}]
NESTED = {"groups": [{"name": "甲", "items": ITEMS}, {"name": "乙", "items": ITEMS[:1]}]}

FORMS: dict[str, tuple[list[str | Build], dict[str, Any]]] = {
    "{{ }}": (["当事人：{{ a }}，{{a}}"], {"a": "某店"}),
    "{{ }} of a dictionary": (["{{ a.b }}{{ a['b'] }}{{ l[0] }}"], {"a": {"b": "x"}, "l": ["甲"]}),
    "{{ }} split over runs": ([split("甲{", "{ a", " }", "}乙")], {"a": "某店"}),
    "{{ }} with signs": (["{{ a }}"], {"a": "<甲> & 乙 \"引\" 'x'"}),
    "{{ }} with line breaks": (["前{{ a }}后"], {"a": "一\n二\n三"}),
    "{{ }} with a tab": (["前{{ a }}后"], {"a": "一\t二"}),
    "{{ }} with outer spaces": (["前{{ a }}后"], {"a": "  x  "}),
    "{{ }} of a number": (["{{ n }}{{ n + 1 }}{{ n * 2 }}{{ n // 2 }}{{ n % 2 }}{{ -n }}"], {"n": 3}),
    "{{ }} joined": (["{{ a ~ '号' ~ n }}{{ a + a }}"], {"a": "甲", "n": 3}),
    "{{ }} with a condition": (["{{ '是' if a else '否' }}{{ 'x' if not a }}"], {"a": True}),
    "{{ }} with curly quotes": (["{{ a[“b”] }}{{ a[‘b’] }}"], {"a": {"b": "x"}}),
    "{{ }} in a link": ([linked("{{ a }}")], {"a": "x"}),
    "{{ }} in a text box": ([boxed("印：{{ a }}")], {"a": "某局"}),
    "{{ }} in header and footer": (
        [header("{{ a }}"), footer("{% if b %}{{ a }}{% endif %}")],
        {"a": "x", "b": 1},
    ),
    "{{ }} in the title": ([title("{{ a }}书"), "甲"], {"a": "x"}),
    "{% if %}": (["{% if a %}甲{% else %}乙{% endif %}丙"], {"a": False}),
    "{% elif %}": (["{% if n == 1 %}一{% elif n > 2 and n < 9 %}多{% else %}无{% endif %}"], {"n": 3}),
    "{% if %} with words": (
        ["{% if a is defined and b is not defined %}甲{% endif %}{% if 'x' in l %}乙{% endif %}"],
        {"a": 1, "l": ["x"]},
    ),
    "{% if %} over paragraphs": (["前{% if a %}甲", "乙", "丙{% endif %}后"], {"a": True}),
    "{% if %} over paragraphs, not taken": (["前{% if a %}甲", "乙", "丙{% endif %}后"], {"a": False}),
    "{% if %} split over runs": ([split("{% i", "f a %", "}甲{", "% endif %}", "乙")], {"a": True}),
    "{% for %}": (
        ["{% for i in l %}{{ loop.index }}.{{ i.name }}{% if not loop.last %}、{% endif %}{% endfor %}"],
        {"l": ITEMS},
    ),
    "{% for %} nested": (
        ["{% for g in groups %}{{ g.name }}：{% for i in g['items'] %}{{ i.n }}{% endfor %}；{% endfor %}"],
        NESTED,
    ),
    "{% for %} over paragraphs": (["{% for i in l %}", "{{ i.name }}", "{% endfor %}", "尾"], {"l": ITEMS}),
    "{% for %} else": (["{% for i in l %}{{ i }}{% else %}无{% endfor %}"], {"l": []}),
    "{% for %} if": (["{% for i in l if i.ok %}{{ i.name }}{% endfor %}"], {"l": ITEMS}),
    "{% for %} of pairs": (
        ["{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}"],
        {"d": {"甲": 1, "乙": 2}},
    ),
    "{% set %}": (["{% set n = a + 1 %}{{ n }}"], {"a": 1}),
    "{%p if %}": (["{%p if a %}", "甲", "{%p else %}", "乙", "{%p endif %}", "尾"], {"a": False}),
    "{%p for %}": (["{%p for i in l %}", "{{ i.name }}", "{%p endfor %}", "尾"], {"l": ITEMS}),
    "{%p for %} nested": (
        [
            "{%p for g in groups %}",
            "{{ g.name }}",
            "{%p for i in g['items'] %}",
            "{{ i.n }}",
            "{%p endfor %}",
            "{%p endfor %}",
        ],
        NESTED,
    ),
    "{%p %} split over runs": ([split("{%", "p if a ", "%}"), "甲", split("{%p en", "dif %}")], {"a": True}),
    "{%p %} in a cell": ([cell_of("甲", "{%p if a %}", "乙", "{%p endif %}", "丙")], {"a": 1}),
    "{%tr for %}": (
        [
            table(
                ["名", "数"],
                ["{%tr for i in l %}", ""],
                ["{{ i.name }}", "{{ i.n }}"],
                ["{%tr endfor %}", ""],
            )
        ],
        {"l": ITEMS},
    ),
    "{%tr for %} of several rows": (
        [
            table(
                ["{%tr for i in l %}", ""],
                ["{{ i.name }}", "名"],
                ["{{ i.n }}", "数"],
                ["{%tr endfor %}", ""],
            )
        ],
        {"l": ITEMS},
    ),
    "{%tr for %} nested": (
        [
            table(
                ["{%tr for g in groups %}", ""],
                ["{{ g.name }}", "组"],
                ["{%tr for i in g['items'] %}", ""],
                ["{{ i.name }}", "{{ i.n }}"],
                ["{%tr endfor %}", ""],
                ["{%tr endfor %}", ""],
            )
        ],
        NESTED,
    ),
    "{%tr if %}": (
        [table(["甲", "1"], ["{%tr if a %}", ""], ["乙", "2"], ["", "{%tr endif %}"])],
        {"a": True},
    ),
    "{%tr %} under merged cells": ([merged], {"head": "题", "rows": ROWS}),
    "{%tc for %}": (
        [
            table(
                ["类", "{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"],
                ["数", "{%tc for c in cols %}", "{{ loop.index }}", "{%tc endfor %}"],
            )
        ],
        {"cols": ["甲", "乙", "丙", "丁"]},
    ),
    "{%tc if %}": ([table(["甲", "{%tc if a %}", "乙", "{%tc endif %}"])], {"a": True}),
    "{%r if %}": ([split("甲", "{%r if a %}", "乙", "{%r endif %}", "丙")], {"a": True}),
    "{%r for %}": ([split("甲", "{%r for i in l %}", "{{ i.name }}", "{%r endfor %}", "丙")], {"l": ITEMS}),
    "{# #}": (["甲{# 说明 #}乙", split("丙{", "# 说", "明 #", "}丁")], {}),
    "{#p #}": (["甲", "{#p 整段的说明 #}", "乙"], {}),
    "{#tr #}": ([table(["甲", "1"], ["{#tr 整行的说明 #}", ""], ["乙", "2"])], {}),
    "{#tc #}": ([table(["甲", "{#tc 说明 #}", "乙"])], {}),
    "{%- -%} over paragraphs": (
        ["住所在{% if a -%}", "城区", "{%- else -%}", "乡村", "{%- endif -%}", "，已核实。", "尾"],
        {"a": True},
    ),
    "{%- -%} the other branch": (
        ["住所在{% if a -%}", "城区", "{%- else -%}", "乡村", "{%- endif -%}", "，已核实。", "尾"],
        {"a": False},
    ),
    "{% raw %}": (["{% raw %}{{ a }}{% if %}{% endraw %}{{ a }}"], {"a": "x"}),
    "{_{ }_} {_% %_}": (["{_{ a }_} {_% if %_} {{ a }}"], {"a": "x"}),
    "{_{ beside a tag": (["{_{ {{ a }} }_}"], {"a": "x"}),
    "{% cellbg %}": (
        [
            table(
                ["{%tr for i in l %}", ""],
                ["{% cellbg c %}{{ i.name }}", "{{ i.n }}"],
                ["{%tr endfor %}", ""],
            )
        ],
        {"l": ITEMS, "c": "FF0000"},
    ),
    "{% colspan %}": ([table(["{% colspan n %}甲{{ a }}", "乙"], ["一", "二"])], {"n": 2, "a": "x"}),
    "{% vm %}": (
        [table(["{%tr for i in l %}", ""], ["{% vm %}类", "{{ i.name }}"], ["{%tr endfor %}", ""])],
        {"l": ITEMS},
    ),
    "{% hm %}": (
        [
            table(
                ["{%tc for c in cols %}", "{% hm %}题", "{%tc endfor %}"],
                ["{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"],
            )
        ],
        {"cols": ["甲", "乙", "丙", "丁"]},
    ),
    "filters": (
        [
            (
                "{{ a|upper }}{{ a|lower }}{{ a|title }}{{ a|capitalize }}{{ a|trim }}{{ a|length }}"
                "{{ a|replace('b', 'c') }}"
            )
        ],
        {"a": "ab B"},
    ),
    "filters of lists": (
        [
            (
                "{{ l|join('、') }}{{ l|first }}{{ l|last }}{{ l|length }}{{ l|sort|join(',') }}"
                "{{ l|reverse|join }}{{ l|unique|list|length }}"
            )
        ],
        {"l": ["乙", "甲", "乙"]},
    ),
    "filters of items": (
        [
            (
                "{{ l|map(attribute='name')|join('、') }}"
                "{{ l|selectattr('ok')|map(attribute='n')|join }}{{ l|sum(attribute='n') }}"
            )
        ],
        {"l": ITEMS},
    ),
    "filters that group": (
        [
            (
                "{% for g in l|groupby('ok') %}{{ g.list|length }}{% endfor %}"
                "{% for r in l|batch(1) %}{{ r[0].name }}{% endfor %}"
            )
        ],
        {"l": ITEMS},
    ),
    "filters that deal out": (
        [
            (
                "{% for c in l|slice(2, '空') %}{{ c|join }}；{% endfor %}"
                "{% for c in l|slice(3) %}{{ c|join }}；{% endfor %}"
                "{% for k, v in d|items %}{{ k }}={{ v }}{% endfor %}"
            )
        ],
        {"l": list("甲乙丙丁戊"), "d": {"a": 1, "b": "x"}},
    ),
    "%": (["{{ '%s号' % a }}{{ '%s-%05d' % (a, n) }}{{ n % 5 }}"], {"a": "x", "n": 42}),
    "default": (["{{ a|default('无') }}{{ d.x|default('缺') }}"], {"a": "x", "d": {}}),
    "format": (["{{ '%05d|%s|%.2f'|format(n, a, n) }}"], {"n": 42, "a": "x"}),
    "|e": (["{{ a|e }}"], {"a": "<x> & y"}),
    "methods of text": (
        ["{{ a.upper() }}{{ a.replace('b', 'c') }}{{ a.split('b')[0] }}{{ '、'.join(l) }}"],
        {"a": "abc", "l": ["甲", "乙"]},
    ),
    "loop words": (
        [
            (
                "{% for i in l %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first and '首' or '' }}"
                "{{ loop.length }}{{ loop.cycle('单', '双') }}{% endfor %}"
            )
        ],
        {"l": ITEMS},
    ),
    "{% with %}": (["{% with x = a, y = a ~ '号' %}{{ x }}{{ y }}{% endwith %}{{ a }}"], {"a": "甲"}),
    "round": (["{{ n|round(2) }}{{ n|int }}"], {"n": 45}),
    "namespace": (
        ["{% set n = namespace(v=0) %}{% for i in l %}{% set n.v = n.v + i.n %}{% endfor %}{{ n.v }}"],
        {"l": ITEMS},
    ),
}


def said(file: bytes) -> list[str]:
    """Every paragraph of a paper, every row of its tables, header, footer, title, as a reader sees them."""
    document = Document(io.BytesIO(file))
    lines = []
    for part in (
        document.element.body,
        *(s._element for s in (document.sections[0].header, document.sections[0].footer)),
    ):
        for paragraph in part.iter(qn("w:p")):
            cell = next(paragraph.iterancestors(qn("w:tc")), None)
            lines.append(("格 " if cell is not None else "") + text_of(paragraph))
    lines += [str(len(row.findall(qn("w:tc")))) for row in document.element.body.iter(qn("w:tr"))]
    return [*lines, document.core_properties.title]


def text_of(paragraph: Any) -> str:
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    own = [n for n in paragraph.iter(qn("w:t"), *signs) if next(n.iterancestors(qn("w:p"))) is paragraph]
    return "".join(signs.get(node.tag, node.text or "") for node in own if node.getparent().tag == qn("w:r"))


def theirs(template: bytes, data: dict[str, Any] | Callable[[DocxTemplate], dict[str, Any]]) -> bytes:
    document = DocxTemplate(io.BytesIO(template))
    document.render(data(document) if callable(data) else data, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_text_as_that_library(form: str) -> None:
    content, data = FORMS[form]
    template = made(*content)
    assert said(Template.compile(template).render(data)) == said(theirs(template, data))


def png(across: int = 4, down: int = 2, density: int = 0) -> bytes:
    """A whole grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)
    dots = chunk(b"pHYs", struct.pack(">IIB", density, density, 1)) if density else b""
    rows = zlib.compress((b"\0" + b"\x80" * across) * down)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + dots + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# What stands in the template, our value, theirs made for their template.
RICH: dict[str, tuple[list[str | Build], Any, Callable[[DocxTemplate], Any]]] = {
    "RichText": (
        [split("甲", "{{r v }}", "乙")],
        Rich(
            (
                Run("红", color="FF0000", bold=True),
                Run("一\n二\t三", italic=True, underline="wave"),
                Run("<&>"),
            )
        ),
        lambda t: _rich(
            ("红", {"color": "FF0000", "bold": True}),
            ("一\n二\t三", {"italic": True, "underline": "wave"}),
            ("<&>", {}),
        ),
    ),
    "InlineImage": (
        ["甲{{ v }}乙"],
        Image(png(), width=20),
        lambda t: InlineImage(t, io.BytesIO(png()), width=Mm(20)),
    ),
    "Listing": (["甲{{ v }}乙"], Listing("一\n二\t三<&>"), lambda t: TheirListing("一\n二\t三<&>")),
    "Listing of paragraphs": (
        ["甲{{ v }}乙", "尾"],
        Listing("一\a二\a三"),
        lambda t: TheirListing("一\a二\a三"),
    ),
    "Listing of pages": (["{{ v }}", "尾"], Listing("一\f二"), lambda t: TheirListing("一\f二")),
}


def _rich(*pieces: tuple[str, dict[str, Any]]) -> RichText:
    rich = RichText()
    for text, look in pieces:
        rich.add(text, **look)
    return rich


@pytest.mark.parametrize("kind", RICH)
def test_rich_values_say_the_same(kind: str) -> None:
    content, ours, other = RICH[kind]
    template = made(*content)
    mine = Template.compile(template).render({"v": ours})
    assert said(mine) == said(theirs(template, lambda document: {"v": other(document)}))


def test_a_picture_has_the_size_that_library_gives_it() -> None:
    template = made("{{ v }}")
    ours = Template.compile(template).render({"v": Image(png(30, 20), height=15)})
    other = theirs(template, lambda t: {"v": InlineImage(t, io.BytesIO(png(30, 20)), height=Mm(15))})
    shapes = [Document(io.BytesIO(file)).inline_shapes[0] for file in (ours, other)]
    assert abs(shapes[0].width - shapes[1].width) <= 1
    assert shapes[0].height == shapes[1].height
