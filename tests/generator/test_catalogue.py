"""The document types: what each is, that its template fits it, and that a faulty document.yaml is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.catalogue import document_type, document_types, read_document_type
from generator.docx_text import read_docx
from generator.template import Template
from kb.citation import parse
from kb.errors import BadRecord, NotFound

SEVEN = {
    "decision": "行政处罚决定书",
    "no_penalty_decision": "不予行政处罚决定书",
    "prior_notice": "行政处罚告知书",
    "on_the_spot_decision": "当场行政处罚决定书",
    "correction_order": "责令改正通知书",
    "guidance_note": "行政执法提示单",
    "service_receipt": "送达回证",
}


def test_the_seven_types_are_there() -> None:
    assert {k.type: k.name for k in document_types()}.items() >= SEVEN.items()


@pytest.mark.parametrize(
    ("said", "type"),
    [
        ("decision", "decision"),
        ("行政处罚决定书", "decision"),
        ("违法行为通知书", "prior_notice"),
        ("责令限期整改指令书", "correction_order"),
        ("文书送达回执", "service_receipt"),
    ],
)
def test_a_type_is_found_by_any_of_its_names(said: str, type: str) -> None:
    assert document_type(said).type == type


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match="decision（行政处罚决定书）"):
        document_type("判决书")


@pytest.mark.parametrize("type", SEVEN)
def test_every_template_compiles_and_can_show_the_watermark(type: str) -> None:
    template = Template.compile(document_type(type).template)
    assert "draft" in [field.name for field in template.fields()]
    assert template.notes == ()


@pytest.mark.parametrize("type", SEVEN)
def test_constant_citations_of_a_template_are_full(type: str) -> None:
    """Whatever article a template names, it names the law in full and with 《》."""
    text = "\n".join(line.text for line in read_docx(document_type(type).template))
    constant = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text)
    for citation in parse(constant):
        if citation.article is not None:
            assert citation.law.startswith("中华人民共和国"), citation.text
            assert citation.via == "title", citation.text


@pytest.mark.parametrize("type", SEVEN)
def test_the_page_is_a4_with_the_margins_of_the_standard(type: str) -> None:
    """GB/T 9704-2012: A4, 37 mm above, 28 mm left; forms share the paper but not the margins."""
    import docx

    kind = document_type(type)
    section = docx.Document(str(kind.template)).sections[0]
    assert [round(n.mm) for n in (section.page_width, section.page_height) if n] == [210, 297]
    if kind.form == "公文":
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(n.mm) for n in sides if n is not None] == [37, 35, 28, 26]


GOOD = """\
schema: 1
type: letter
name: 函
stage: 立案
block: decision
form: 公文
basis: [《中华人民共和国行政处罚法》第二十六条]
fields: [{path: source, label: 来源}]
elements: [{label: 事项, patterns: [协助]}]
judged: []
signs: [行政机关印章]
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("stage: 立案", "stage: 结束"), "没有阶段“结束”.*第4行"),
        (("name: 函", "nmae: 函"), "没有“nmae”这个字段.*第3行"),
        (("name: 函\n", ""), "缺少字段“name”"),
        (("[协助]", "['(协助']"), "不是合法的正则表达式.*第9行"),
        (("{path: source, label: 来源}", "{path: source}"), "缺少字段“label”.*第8行"),
        (("schema: 1", "schema: 9"), "schema: 1"),
        (("name: 函", "name: 函\nname: 信"), "写了两次"),
    ],
)
def test_a_faulty_document_yaml_is_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "document.yaml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadRecord) as caught:
        read_document_type(tmp_path)
    assert re.search(said, str(caught.value))


def test_a_good_document_yaml_is_read(tmp_path: Path) -> None:
    (tmp_path / "document.yaml").write_text(GOOD, encoding="utf-8")
    kind = read_document_type(tmp_path)
    assert (kind.name, kind.fields[0].path, kind.elements[0].patterns) == ("函", "source", ("协助",))


def test_the_template_version_follows_the_template() -> None:
    versions = {k.template_version() for k in document_types()}
    assert len(versions) == len(document_types())
