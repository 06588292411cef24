"""The tag language: what a template says, what it asks for, and what its author is told."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from generator.template import Template, check_template
from kb.errors import BadPackage, BadTemplate, BadValue

Build = Callable[[Any], None]


def made(*content: str | Build) -> bytes:
    """A .docx of paragraphs, or of what each function adds to it."""
    document = Document()
    for each in content:
        if isinstance(each, str):
            document.add_paragraph(each)
        else:
            each(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def table(*rows: list[str]) -> Build:
    def build(document: Any) -> None:
        grid = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, words in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text

    return build


def runs(*pieces: str) -> Build:
    """One paragraph whose text is scattered over runs, every other one bold, with the marks Word leaves."""

    def build(document: Any) -> None:
        paragraph = document.add_paragraph()
        for number, piece in enumerate(pieces):
            paragraph.add_run(piece).bold = number % 2 == 0
            for name, kind in (("w:proofErr", "spellStart"), ("w:bookmarkStart", ""), ("w:bookmarkEnd", "")):
                mark = OxmlElement(name)
                if kind:
                    mark.set(qn("w:type"), kind)
                else:
                    mark.set(qn("w:id"), str(number))
                    mark.set(qn("w:name"), f"b{number}")
                paragraph._p.append(mark)

    return build


def filled(template: bytes, **data: Any) -> Any:
    return Document(io.BytesIO(Template.compile(template).render(data)))


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def rows(document: Any, number: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


EVIDENCE = [{"name": "笔录", "pages": 3}, {"name": "照片", "pages": 12}]

# What stands in the template, the data, the paragraphs of the paper.
SAID: dict[str, tuple[list[str | Build], dict[str, Any], list[str]]] = {
    "field": (["当事人：{{ party }}。"], {"party": "某店"}, ["当事人：某店。"]),
    "Chinese field": (["{{ 当事人.名称 }}"], {"当事人": {"名称": "某店"}}, ["某店"]),
    "no spaces": (["{{party}}{{party}}"], {"party": "甲"}, ["甲甲"]),
    "ideographic spaces": (["{{　party　}}"], {"party": "甲"}, ["甲"]),
    "key in brackets": (["{{ p['a b'] }}{{ l[1] }}"], {"p": {"a b": "x"}, "l": ["甲", "乙"]}, ["x乙"]),
    "paragraph condition": (["{%p if a %}", "甲", "{%p else %}", "乙", "{%p endif %}"], {"a": False}, ["乙"]),
    "paragraph elif": (
        ["{%p if a == 1 %}", "一", "{%p elif a == 2 %}", "二", "{%p endif %}", "完"],
        {"a": 2},
        ["二", "完"],
    ),
    "paragraph loop": (
        ["{%p for e in es %}", "{{ loop.index }}.{{ e.name }}", "{%p endfor %}"],
        {"es": EVIDENCE},
        ["1.笔录", "2.照片"],
    ),
    "inline condition": (["{% if a %}从轻{% else %}一般{% endif %}处罚"], {"a": True}, ["从轻处罚"]),
    "inline loop": (
        ["{% for e in es %}{{ e.name }}{% if not loop.last %}、{% endif %}{% endfor %}"],
        {"es": EVIDENCE},
        ["笔录、照片"],
    ),
    "block over paragraphs": (["前{% if a %}甲", "乙{% endif %}后"], {"a": False}, ["前后"]),
    "run condition": (["甲{%r if a %}乙{%r endif %}丙{{r b }}"], {"a": False, "b": "丁"}, ["甲丙丁"]),
    "set": (["{% set n = a + 1 %}{{ n }}"], {"a": 1}, ["2"]),
    "comment": (["甲{# 说明 #}乙", "{#p 整段说明 #}", "丙"], {}, ["甲乙", "丙"]),
    "literal braces": (["{_{ x }_} {_% %_} {{ a }}"], {"a": "1"}, ["{{ x }} {% %} 1"]),
    "paragraphs of lines": (["{{p facts }}"], {"facts": "一\n二"}, ["一", "二"]),
    "paragraphs of a list": (["{{p facts }}", "完"], {"facts": ["一", "二"]}, ["一", "二", "完"]),
    "no paragraphs": (["{{p facts }}", "完"], {"facts": []}, ["完"]),
    "default": (["{{ p.phone|default('无') }}"], {"p": {}}, ["无"]),
    "asks whether defined": (["{% if p.a is defined %}有{% else %}无{% endif %}"], {"p": {}}, ["无"]),
    "curly quotes": (["{{ names|join(“、”) }}"], {"names": ["甲", "乙"]}, ["甲、乙"]),
    "curly quotes inside straight": (["{{ '“' ~ a ~ '”' }}"], {"a": "甲"}, ["“甲”"]),
    "signs in a tag": (["{% if a < 2 and b > 1 %}小{% endif %}"], {"a": 1, "b": 2}, ["小"]),
    "text constant": (['{{ "<a> & \\n" }}{{ a }}'], {"a": ""}, ["<a> & \n"]),
    "loop over a dictionary": (
        ["{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}"],
        {"d": {"甲": 1, "乙": 2}},
        ["甲=1;乙=2;"],
    ),
    "cycle": (
        ["{% for e in es %}{{ loop.cycle(a, b) }}{% endfor %}"],
        {"es": [1, 2], "a": "x", "b": "y"},
        ["xy"],
    ),
    "asks how it starts": (["{{ '有' if a.startswith(b) else '无' }}"], {"a": "某县", "b": "某"}, ["有"]),
    "key from a field": (
        ["{{ d[k] }}{{ l[n:m][0] }}"],
        {"d": {"a": "x"}, "k": "a", "l": [1, 2], "n": 1, "m": 2},
        ["x2"],
    ),
    "range": (["{% for i in range(3) %}{{ i }}{% endfor %}"], {}, ["012"]),
    "escape of other tools": (["{{ a|e }}"], {"a": "<&>"}, ["<&>"]),
    "split tag": ([runs("甲", "{", "{ par", "ty ", "}", "}乙")], {"party": "某店"}, ["甲某店乙"]),
    "split block": ([runs("{% i", "f a %", "}甲{", "% endif %}", "乙")], {"a": True}, ["甲乙"]),
    "two tags in split runs": ([runs("{{ a }}x{{", " b", " }}y")], {"a": "1", "b": "2"}, ["1x2y"]),
    "line break in a tag": (["甲{{ a\n }}乙"], {"a": "1"}, ["甲1乙"]),
    "raw": (["{% raw %}{{ a }}{% endraw %}{{ a }}"], {"a": "1"}, ["{{ a }}1"]),
    "raw over paragraphs": (
        ["{%p raw %}", "{{ a }}", "{%p endraw %}", "{{ a }}"],
        {"a": "1"},
        ["{{ a }}", "1"],
    ),
    "if without else": (["甲{{ '乙' if a }}"], {"a": False}, ["甲"]),
    "blanks taken away": (["甲 {%- if a -%} 乙 {%- endif -%} 丙"], {"a": True}, ["甲乙丙"]),
    "paragraphs joined": (
        ["甲{% if a -%}", "乙", "{%- else -%}", "丙", "{%- endif %}丁"],
        {"a": True},
        ["甲乙丁"],
    ),
    "comment over paragraphs": (["甲{# 说明", "还是说明 #}乙"], {}, ["甲乙"]),
    "unseen letters": (["{{\u200b a\ufeff }}"], {"a": "1"}, ["1"]),
    "corrected signs": (["{% if a ≥ 2 and a ≠ 3 %}多{% endif %}"], {"a": 4}, ["多"]),
    "mixed quotes": (["{{ names|join(“、”) ~ '号' }}"], {"names": ["甲", "乙"]}, ["甲、乙号"]),
    "literal braces in split runs": ([runs("{_", "{ x }", "_}")], {}, ["{{ x }}"]),
    "literal braces before a tag": (["{_{{{ a }}}_} {_{{# 无 #}"], {"a": "1"}, ["{{1}} {{"]),
    "literal braces in a value": (["{{ a }}"], {"a": "{_{"}, ["{_{"]),
    "counter": (
        ["{% set n = namespace(v=0) %}{% for i in l %}{% set n.v = n.v + i %}{% endfor %}{{ n.v }}"],
        {"l": [1, 2]},
        ["3"],
    ),
    "strftime": (["{{ d.strftime('%Y年%m月') }}"], {"d": date(2026, 5, 8)}, ["2026年05月"]),
    "sums": (["{{ (a + b) * 2 }}"], {"a": 1, "b": 2}, ["6"]),
}


@pytest.mark.parametrize("kind", SAID)
def test_what_a_template_says(kind: str) -> None:
    content, data, expected = SAID[kind]
    assert lines(filled(made(*content), **data)) == expected


def test_a_rejoined_tag_takes_the_formatting_of_its_first_run() -> None:
    paragraph = filled(made(runs("{{ par", "ty }}", "后")), party="某店").paragraphs[0]
    assert [(run.text, run.bold) for run in paragraph.runs] == [("某店", True), ("后", True)]


TABLES: dict[str, tuple[list[list[str]], dict[str, Any], list[list[str]]]] = {
    "row loop": (
        [
            ["名称", "页数"],
            ["{%tr for e in es %}", ""],
            ["{{ e.name }}", "{{ e.pages }}"],
            ["{%tr endfor %}", ""],
        ],
        {"es": EVIDENCE},
        [["名称", "页数"], ["笔录", "3"], ["照片", "12"]],
    ),
    "row condition": (
        [["甲", "1"], ["{%tr if a %}", ""], ["乙", "2"], ["", "{%tr endif %}"]],
        {"a": False},
        [["甲", "1"]],
    ),
    "cell loop": (
        [["{%tc for e in es %}", "{{ e.name }}", "{%tc endfor %}"]],
        {"es": EVIDENCE},
        [["笔录", "照片"]],
    ),
}


@pytest.mark.parametrize("kind", TABLES)
def test_rows_and_cells(kind: str) -> None:
    content, data, expected = TABLES[kind]
    assert rows(filled(made(table(*content)), **data)) == expected


def cell_of(*paragraphs: str) -> Build:
    def build(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.text = paragraphs[0]
        for text in paragraphs[1:]:
            cell.add_paragraph(text)

    return build


def test_a_cell_keeps_a_paragraph_whatever_its_condition_leaves() -> None:
    template = made(cell_of("{%p if a %}", "甲", "{%p endif %}"))
    for a, text in ((True, "甲"), (False, "")):
        cell = filled(template, a=a).tables[0].cell(0, 0)
        assert cell._tc[-1].tag == qn("w:p")
        assert cell.text == text


def test_a_table_without_rows_is_left_out() -> None:
    content = table(["{%tr for e in es %}"], ["{{ e.name }}"], ["{%tr endfor %}"])
    document = filled(made("前", content, "后"), es=[])
    assert not document.tables
    assert lines(document) == ["前", "后"]
    assert rows(filled(made(content), es=EVIDENCE)) == [["笔录"], ["照片"]]


def test_a_row_without_cells_is_left_out() -> None:
    content = table(["{%tc for e in es %}", "{{ e.name }}", "{%tc endfor %}"], ["甲", "乙", "丙"])
    assert rows(filled(made(content), es=[])) == [["甲", "乙", "丙"]]


def test_headers_footers_and_properties_are_filled() -> None:
    def build(document: Any) -> None:
        section = document.sections[0]
        section.header.paragraphs[0].text = "{{ organ }}"
        section.footer.paragraphs[0].text = "{% if draft %}草稿{% endif %}"
        document.core_properties.title = "{{ organ }}决定书"

    document = filled(made(build), organ="甲 & 乙局", draft=True)
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "甲 & 乙局"
    assert section.footer.paragraphs[0].text == "草稿"
    assert document.core_properties.title == "甲 & 乙局决定书"


def text_box(words: str) -> Build:
    def build(document: Any) -> None:
        box = (
            f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape><v:textbox>"
            f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict></w:r>"
        )
        document.add_paragraph("外")._p.append(parse_xml(box))

    return build


def test_text_boxes_are_filled() -> None:
    document = filled(made(text_box("印：{{ organ }}")), organ="某局")
    boxed = document.element.body.iter(qn("w:txbxContent"))
    assert ["".join(t.text for t in box.iter(qn("w:t"))) for box in boxed] == ["印：某局"]


def test_braces_outside_text_are_never_tags() -> None:
    def build(document: Any) -> None:
        document.core_properties.keywords = "{ {"
        document.styles.add_style("风格 {{ x }}", 1)

    assert lines(filled(made(build, "{{ a }}"), a="甲")) == ["甲"]


def marked(document: Any) -> None:
    """A bookmark and a drawing, between the two ends of a loop."""
    document.add_paragraph("{%p for e in es %}")
    paragraph = document.add_paragraph("{{ e.name }}")
    for xml in (
        f'<w:bookmarkStart {nsdecls("w")} w:id="7" w:name="here"/>',
        f'<w:bookmarkEnd {nsdecls("w")} w:id="7"/>',
        f'<w:r {nsdecls("w", "wp")}><w:drawing><wp:inline><wp:docPr id="5"/></wp:inline></w:drawing></w:r>',
    ):
        paragraph._p.append(parse_xml(xml))
    document.add_paragraph("{%p endfor %}")


def test_ids_stay_unique_in_loops() -> None:
    body = filled(made(marked, runs("尾")), es=EVIDENCE).element.body
    assert [found.get("id") for found in body.iter(qn("wp:docPr"))] == ["6", "7"]
    names = [found.get(qn("w:name")) for found in body.iter(qn("w:bookmarkStart"))]
    assert names == ["b0"], "a bookmark in a loop is dropped, one outside stays"


def test_fields_are_listed_with_their_place() -> None:
    template = made(
        "{{ party.name }}{% if heard %}{{ heard_on|日期 }}{% endif %}",
        "{% for e in case.evidence %}{{ e.name }}{{ loop.index }}{% set n = e.pages %}{{ n }}{% endfor %}",
        table(["{{ organ }}"]),
        "{{ party.name }}",
    )
    found = [(field.name, field.use, field.where) for field in Template.compile(template).fields()]
    assert found == [
        ("party.name", "值", "正文 第1段"),
        ("heard", "条件", "正文 第1段"),
        ("heard_on", "值", "正文 第1段"),
        ("case.evidence", "列表", "正文 第2段"),
        ("case.evidence[].name", "值", "正文 第2段"),
        ("case.evidence[].pages", "值", "正文 第2段"),
        ("organ", "值", "正文 表1 行1 列1 第1段"),
    ]


def test_unused_data_is_reported_not_refused() -> None:
    template = Template.compile(made("{{ a }}"))
    data = {"a": "1", "b": None}
    assert template.unused(data) == ["b"]
    assert lines(Document(io.BytesIO(template.render(data)))) == ["1"]


def field_code(document: Any) -> None:
    code = f"<w:r {nsdecls('w')}><w:instrText>HYPERLINK {{{{ url }}}}</w:instrText></w:r>"
    document.add_paragraph()._p.append(parse_xml(code))


def described(document: Any) -> None:
    drawing = '<w:drawing><wp:inline><wp:docPr id="5" descr="{{ a }}"/></wp:inline></w:drawing>'
    document.add_paragraph()._p.append(parse_xml(f"<w:r {nsdecls('w', 'wp')}>{drawing}</w:r>"))


# What stands in the template, the code, what the message says, what the hint says.
FAULTS: dict[str, tuple[list[str | Build], str, str, str]] = {
    "unclosed": (["甲", "{{ party"], "T1", "没有写完", "同一段"),
    "over two paragraphs": (["{{ par", "ty }}"], "T1", "没有写完", "同一段"),
    "only an end": (["party }}"], "T1", "没有开头", "}_}"),
    "unpaired quote": (["{{ a|join('、) }}"], "T1", "引号不成对", "引号成对"),
    "full-width braces": (["｛｛ party ｝｝"], "T8", "全角", "半角"),
    "full-width pipe": (["{{ a｜日期 }}"], "T2", "写法有误", "“｜”改为半角"),
    "one equals sign": (["{% if a = 1 %}{% endif %}"], "T2", "写法有误", "=="),
    "for without in": (["{% for a %}{% endfor %}"], "T2", "写法有误", "for 项 in 列表"),
    "two words": (["{{ party name }}"], "T2", "写法有误", "空格"),
    "too deep": (["{{ " + "(" * 9000 + "a" + ")" * 9000 + " }}"], "T2", "写法有误", ""),
    "unknown filter": (["{{ a|日其 }}"], "T3", "日其", "“日期”"),
    "raw XML": (["{{ a|safe }}"], "T3", "safe", "按文字"),
    "unknown test": (["{% if a is 大 %}{% endif %}"], "T3", "is 大", "=="),
    "hidden attribute": (["{{ a.__class__ }}"], "T4", "_ 开头", ""),
    "hidden key": (["{{ a['__class__'] }}"], "T4", "_ 开头", ""),
    "hidden name": (["{{ _serial }}"], "T4", "_ 开头", ""),
    "inner filter": (["{{ a|_lines }}"], "T3", "_lines", ""),
    "function": (["{{ cycler('a') }}"], "T4", "调用", "过滤器"),
    "method": (["{{ a.format(b) }}"], "T4", "调用", ""),
    "power": (["{{ 9**9**9 }}"], "T4", "乘方", ""),
    "include": (["{% include 'x' %}"], "T4", "include", "if、elif"),
    "import": (["{% import 'x' as y %}"], "T4", "import", ""),
    "macro": (["{% macro m() %}{% endmacro %}"], "T4", "macro", ""),
    "call of a block": (["{% call m() %}{% endcall %}"], "T4", "call", ""),
    "recursion": (["{% for a in b recursive %}{% endfor %}"], "T4", "recursive", "两层"),
    "colour outside a table": (["{% cellbg a %}"], "T6", "不在表格里", "单元格"),
    "span of nothing": ([table(["{% colspan %}"])], "T4", "缺少字段", "colspan 字段"),
    "space before the form": (["{% p if a %}", "{%p endif %}"], "T4", "空格", "{%p if a %}"),
    "tag in a description": ([described], "T6", "图片说明", "正文"),
    "else if": (["{% if a %}{% else if b %}{% endif %}"], "T4", "else if", "elif"),
    "empty tag": (["{{ }}"], "T4", "空的", ""),
    "unclosed if": (["{%p if a %}", "甲"], "T5", "没有对应的结束", "{%p endif %}"),
    "end without beginning": (["甲{% endif %}"], "T5", "没有对应的“if”", ""),
    "crossed blocks": (["{% if a %}{% for b in c %}{% endif %}{% endfor %}"], "T5", "前面没有", "交叉"),
    "else in nothing": (["{% else %}"], "T5", "else", ""),
    "text beside a paragraph tag": (["{%p if a %}甲", "{%p endif %}"], "T6", "丢失", "独占"),
    "two row tags in a row": ([table(["{%tr if a %}", "{%tr endif %}"])], "T6", "丢失", "独占"),
    "row tag outside a table": (["{%tr if a %}", "{%tr endif %}"], "T6", "不在表格行里", "%p"),
    "tag in a field code": ([runs("{{ a }}"), field_code], "T6", "域代码", "正文"),
    "block over cells": ([table(["{% if a %}甲", "乙{% endif %}"])], "T7", "不在同一层", "同一单元格"),
    "mixed forms": (["{%p if a %}", "甲{% endif %}"], "T7", "不在同一层", "相同的写法"),
    "set of a hidden name": (["{% set _x = 1 %}"], "T4", "_ 开头", ""),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_an_author_is_told(kind: str) -> None:
    content, code, says, mends = FAULTS[kind]
    template = made(*content)
    finding = check_template(template).findings[0]
    assert (finding.code, finding.severity) == (code, "否决")
    assert says in finding.message
    assert mends in finding.suggestion
    with pytest.raises(BadTemplate) as caught:
        Template.compile(template, name="决定书")
    assert "决定书 正文" in caught.value.where
    assert "\n" not in str(caught.value)


def test_every_fault_of_a_template_is_told_at_once() -> None:
    checked = check_template(made("{{ a|日其 }}", "{{ b", "甲", "{{ c }}"))
    assert [(found.code, found.place.paragraph) for found in checked.findings] == [("T3", 1), ("T1", 2)]
    checked = check_template(made("{%p if a %}", "{{ b|日其 }}", "{{ c }}"))
    assert [(found.code, found.place.paragraph) for found in checked.findings] == [("T3", 2), ("T5", 1)]
    assert {"b", "c"} <= {field.name for field in checked.fields}


def test_a_good_template_has_nothing_to_mend() -> None:
    checked = check_template(made("{{ a }}", "{%p if b %}", "甲", "{%p endif %}"))
    assert checked.findings == ()
    assert [field.name for field in checked.fields] == ["a", "b"]


def revised(document: Any) -> None:
    paragraph = document.add_paragraph("{{ a }}")._p
    for kind, inside in (("del", "<w:delText>旧</w:delText>"), ("ins", "<w:t>新{{ a }}</w:t>")):
        xml = f'<w:{kind} {nsdecls("w")} w:id="1" w:author="x"><w:r>{inside}</w:r></w:{kind}>'
        paragraph.append(parse_xml(xml))


def test_open_revisions_are_taken_as_accepted_and_said() -> None:
    template = Template.compile(made(revised))
    assert [found.severity for found in template.notes] == ["提示"]
    document = Document(io.BytesIO(template.render({"a": "甲"})))
    assert lines(document) == ["甲新甲"]
    assert list(document.element.body.iter(qn("w:ins"), qn("w:del"))) == []


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    def build(document: Any) -> None:
        mark = f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="x"/></w:rPr>'
        document.add_paragraph("甲")._p.get_or_add_pPr().append(parse_xml(mark))

    assert lines(filled(made(build, "{{ a }}"), a="乙")) == ["甲乙"]


def control(inside: str, properties: str = "") -> Build:
    def build(document: Any) -> None:
        head = f"<w:sdt {nsdecls('w')}><w:sdtPr>{properties}</w:sdtPr>"
        xml = f"{head}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
        document.element.body.insert(0, parse_xml(xml))

    return build


def test_content_controls_hold_tags() -> None:
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>".format
    bound = '<w:showingPlcHdr/><w:dataBinding w:xpath="/a" w:storeItemID="{0}"/>'
    document = filled(made(control(paragraph("{{ a }}"), bound)), a="甲")
    body = document.element.body
    assert list(body.iter(qn("w:dataBinding"), qn("w:showingPlcHdr"))) == []
    assert [t.text for t in body.iter(qn("w:t"))] == ["甲"]
    split = made(control(paragraph("{%p if a %}")), control(paragraph("{%p endif %}")), "尾")
    assert check_template(split).findings[0].code == "T5", "the second control was put in front"
    around = made(control(paragraph("{%p endif %}")), control(paragraph("{%p if a %}")), "尾")
    assert lines(filled(around, a=True)) == ["尾"]


def test_reserved_characters_cannot_smuggle_a_tag() -> None:
    with pytest.raises(BadPackage, match="保留"):
        Template.compile(made("\U0010fff0{ self }\U0010fff1"))


def test_a_dangling_relation_is_found() -> None:
    def build(document: Any) -> None:
        xml = f'<w:hyperlink {nsdecls("w", "r")} r:id="rId404"><w:r><w:t>x</w:t></w:r></w:hyperlink>'
        document.add_paragraph()._p.append(parse_xml(xml))

    assert [found.code for found in check_template(made(build)).findings] == ["T9"]


@pytest.mark.parametrize(
    ("tag", "data", "says"),
    [
        ("{{ a.b }}", {"a": {}}, "缺少字段“b”"),
        ("{{ a.b.c }}", {"a": {}}, "缺少字段“b”"),
        ("{% if a %}x{% endif %}", {}, "缺少字段“a”"),
        ("{% for e in a %}{{ e.x }}{% endfor %}", {"a": [{"y": "1"}]}, "缺少字段“x”"),
        ("{{p a }}", {}, "缺少字段“a”"),
        ("{{ a|join('、') }}", {}, "缺少字段“a”"),
        ("{{ a|大写金额 }}", {}, "缺少字段“a”"),
        ("{{ range }}", {"range": "\0"}, "不能打印"),
        ("{{ a.real }}", {"a": 1}, "缺少字段“real”"),
        ("{{ a.upper }}", {"a": "x"}, "不能打印"),
        ("{{ a.encode }}", {"a": "x"}, "缺少字段“encode”"),
        ("{{ a + b }}", {"a": 1, "b": "x"}, "无法计算"),
        ("{{ a / 0 }}", {"a": 1}, "无法计算"),
        ("{{ a / 3 }}", {"a": 1}, "小数计算不精确"),
        ("{{ a * 1000000 }}", {"a": "x"}, "只用于数"),
        ("{{ '%s%s' % a }}", {"a": "x"}, "format 的值比 % 少"),
        ("{{ '%s'|format(a, a) }}", {"a": "x"}, "format 的值比 % 多"),
        ("{{ '%x'|format(a) }}", {"a": 1}, "format 的格式不支持"),
        ("{% for c in a|slice(0) %}{% endfor %}", {"a": []}, "slice 的列数"),
        ("{% for i in a %}{{ loop.previtem }}{% endfor %}", {"a": ["x"]}, "第一项没有上一项"),
        ("{% for i in range(10000000) %}{% endfor %}", {}, "无法计算"),
    ],
)
def test_what_a_fill_refuses_names_the_tag_and_the_paragraph(
    tag: str, data: dict[str, Any], says: str
) -> None:
    template = Template.compile(made("第一段", tag))
    with pytest.raises(BadValue, match=says) as caught:
        template.render(data)
    assert "正文 第2段" in caught.value.where
    assert re.search(r"“\{[{%].*\}”", caught.value.where)


def test_a_strict_file_is_refused() -> None:
    """Strict Open XML has other namespaces: nothing in it would be found, so it is named."""
    source = made("{{ a }}")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                data = data.replace(transitional, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            new.writestr(name, data)
    with pytest.raises(BadPackage, match="Strict"):
        Template.compile(out.getvalue())
