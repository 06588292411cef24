"""What an author is told beyond the tags: fields of the type, citations, comments in a copy."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from docx import Document

from generator.authoring import check, ensure_usable
from generator.catalogue import document_type, document_types, shipped_template
from generator.comments import annotate
from generator.docx_text import read_docx
from generator.template import check_template
from kb.errors import BadTemplate
from kb.package import open_package
from tests.generator.test_audit import DAY, base
from tests.generator.test_template import Build, cell_of, made, table, text_box
from tests.shipped import shipped


def never() -> Any:
    raise AssertionError("the base is asked only where something is cited")


@pytest.mark.parametrize("type", [kind.type for kind in document_types()])
def test_shipped_templates_have_nothing_to_mend(type: str) -> None:
    kind = document_type(type)
    found = check(shipped_template(kind), base=shipped, day=DAY, kind=kind)
    assert [str(finding) for finding in found.findings if finding.code[0] == "T"] == []


# The tag, its code and severity, what the suggestion says.
FIELDS = {
    "a slip": ("{{ party.nmae }}", "T10", "否决", "party.name"),
    "a slip in a loop": (
        "{% for o in officers %}{{ o.certifcate }}{% endfor %}",
        "T10",
        "否决",
        "officers[].certificate",
    ),
    "an invention": ("{{ wholly_unknown_field }}", "T10", "否决", "可用的有"),
    "of the case, not used before": ("{{ party.favourite_colour_of_owner }}", "T10", "提示", "is defined"),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_fields_are_those_of_the_type(kind: str) -> None:
    tag, code, severity, mends = FIELDS[kind]
    template = made("{{ draft }}", tag)
    found = check(template, base=never, day=DAY, kind=document_type("service_receipt")).findings
    assert [(f.code, f.severity, f.place.paragraph) for f in found] == [(code, severity, 2)]
    assert mends in found[0].suggestion
    assert check(template, base=never, day=DAY).findings == (), "without a type every field may be one"


def test_a_template_of_a_type_can_show_the_watermark() -> None:
    found = check(made("{{ party.name }}"), base=never, day=DAY, kind=document_type("service_receipt"))
    assert [f.code for f in found.findings] == ["T12"]
    with pytest.raises(BadTemplate, match="水印"):
        ensure_usable(found, "回证.docx")


def test_constant_citations_are_proven() -> None:
    good = made("依据《中华人民共和国行政处罚法》第五十九条第一款的规定，{{ a }}")
    assert [f for f in check(good, base=base, day=DAY).findings if f.severity != "提示"] == []
    wrong = made("甲", "依据《中华人民共和国行政处罚法》第九百条的规定，{{ a }}")
    found = check(wrong, base=base, day=DAY).findings
    assert [(f.code[0], f.place.paragraph) for f in found] == [("C", 2)]
    filled_in = made("依据《中华人民共和国行政处罚法》第{{ n }}条的规定")
    assert [f.code for f in check(filled_in, base=base, day=DAY).findings if f.severity == "否决"] == []


FAULTY: list[tuple[list[str | Build], str]] = [
    (["甲", "乙{{ a|日其 }}丙"], "{{ a|日其 }}"),
    ([table(["甲", "{{ a b }}"], ["丙", "丁"])], "{{ a b }}"),
    ([table(["x"]), cell_of("甲", "{%p if a %}")], "{%p if a %}"),
    (["{% set a %}"], "{% set a %}"),
]


@pytest.mark.parametrize("number", range(len(FAULTY)))
def test_a_copy_bears_the_faults_as_comments(number: int) -> None:
    """Each comment stands on exactly the tag it speaks of, and the copy says what the template said."""
    content, tag = FAULTY[number]
    template = made(*content)
    copy = annotate(open_package(template), check_template(template).findings, datetime(2026, 11, 23, 9))
    assert [line.text for line in read_docx(copy)] == [line.text for line in read_docx(template)]
    document = Document(io.BytesIO(copy))
    xml = document.element.xml
    marked = xml[xml.index("commentRangeStart") : xml.index("commentRangeEnd")]
    assert "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", marked)) == tag


def test_a_fault_in_a_header_says_where_it_is() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ a b }}"

    template = made(build, "正文")
    found = check_template(template).findings
    assert (found[0].place.part, found[0].place.paragraph) == ("页眉", 1)
    copy = annotate(open_package(template), found, datetime(2026, 11, 23, 9))
    comments = open_package(copy).read("word/comments.xml").decode()
    assert "页眉 第1段" in comments


def test_a_fault_in_a_text_box_is_told_once() -> None:
    found = check_template(made(text_box("{{ a b }}"))).findings
    assert [(f.code, f.place.part) for f in found] == [("T2", "文本框")]
