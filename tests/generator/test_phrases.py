"""Written phrases in templates: which version, how it is filled, what a draft and a check say of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator import drafting
from generator.authoring import check
from generator.blank import blank
from generator.casefile import CaseFile, case_from, load_case
from generator.catalogue import document_type, document_types, shipped_template
from generator.docx_text import read_docx
from generator.drafting import draft, subject_of
from generator.filters import PHRASES
from generator.phrases import HOUSE, LABELS, filled, phrase_of, say
from generator.provenance import read
from generator.template import Template
from kb.errors import BadTemplate, BadValue, CailiangError, Refused
from kb.records import Phrase
from kb.snapshot import Snapshot
from tests.generator.test_template import made

TODAY = date(2026, 11, 20)
CASE = Path(__file__).resolve().parents[2] / "examples" / "cases" / "unlicensed-food.yaml"
PAYMENT = "《中华人民共和国行政处罚法》第六十七条第三款"


def phrase(text: str, source: str = "本机关", start: str = "2022-01-01", **more: Any) -> Phrase:
    return Phrase.model_validate(
        {
            "id": "phrase/x",
            "channel": "文书",
            "section": "证据",
            "text": text,
            "from": start,
            "source": {"instrument": source, "example": source == "示例"},
            "citations": PAYMENT,
            **more,
        }
    )


def with_phrases(base: Snapshot, *phrases: Phrase) -> Snapshot:
    """The base with these phrases besides its own, and settings of the agency's own."""
    kinds = ("benchmark", "leniency", "setting", "phrase")
    records = [r for kind in kinds for r in base.records(kind)]
    own = [
        r.model_copy(update={"source": r.source.model_copy(update={"example": False})})
        if r.kind == "setting"
        else r
        for r in records
    ]
    laws = [(v, list(base.laws.articles(v).values())) for v in (base.laws.versions)]
    return Snapshot.of([*own, *phrases], laws, base.laws.repeals)


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Draft with a template of these paragraphs."""

    def use(*paragraphs: str) -> None:
        compiled = Template.compile(made("头{% if draft %}稿{% endif %}", *paragraphs))
        monkeypatch.setattr(drafting, "_prepared", lambda kind, file: (compiled, "x"))

    return use


def case() -> CaseFile:
    return load_case(CASE)


# -- which version ---------------------------------------------------------------------------------------

VERSIONS = [
    ("the newest of the agency's", [("本机关", "2022-01-01"), ("本机关", "2024-01-01")], "本机关 2024-01-01"),
    (
        "the agency's older before ours",
        [(HOUSE, "2024-01-01"), ("本机关", "2022-01-01")],
        "本机关 2022-01-01",
    ),
    ("ours before an example", [(HOUSE, "2022-01-01"), ("示例", "2024-01-01")], f"{HOUSE} 2022-01-01"),
    ("the agency's not yet", [(HOUSE, "2022-01-01"), ("本机关", "2027-01-01")], f"{HOUSE} 2022-01-01"),
]


@pytest.mark.parametrize(("rows", "taken"), [row[1:] for row in VERSIONS], ids=[row[0] for row in VERSIONS])
def test_the_version_of_the_day_is_taken(rows: list[tuple[str, str]], taken: str) -> None:
    base = Snapshot.of([phrase(f"{source} {start}", source, start) for source, start in rows])
    assert phrase_of(base, "phrase/x", TODAY).text == taken


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("phrase/none", "没有文书用语“phrase/none”"),
        ("phrase/x", "文书用语“phrase/x”在2026-11-02没有有效的版本"),
        ("phrase/said", "“phrase/said”不是文书用语"),
    ],
)
def test_what_is_not_there_is_said_with_its_place(
    base: Snapshot, template: Callable[..., None], id: str, says: str
) -> None:
    ended = phrase("旧", to="2023-01-01")
    spoken = Phrase.model_validate(ended.model_dump(by_alias=True) | {"id": "phrase/said", "channel": "口头"})
    template("第二段", f"{{{{ '{id}'|用语 }}}}")
    with pytest.raises(BadValue) as caught:
        draft("decision", case(), with_phrases(base, ended, spoken), decided=TODAY)
    line = str(caught.value)
    assert says in line
    assert "正文 第3段" in line
    assert "行政处罚决定书的模板" in line
    assert "\n" not in line


# -- how it is filled ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "text", "slots", "prints"),
    [
        ("'phrase/x'|用语", "没有空。", {}, "没有空。"),
        ("'phrase/x'|用语(a=cause)", "因{a}。", {"a": "案由"}, "因示例。"),
        ("'phrase/x'|用语(a='')", "有{a}无。", {"a": "案由"}, "有无。"),
        ("'phrase/x'|用语(a='{b}', b='乙')", "{a}{b}", {"a": "甲", "b": "乙"}, "{b}乙"),  # no second round
        ("'phrase/x'|用语(a=cause) ~ '丙'", "{a}", {"a": "案由"}, "示例丙"),
        ("'phrase/x'|用语", "由{p}承担", {"p": "当事人名称"}, "由示例县城东好味示例小吃店承担"),
        ("'phrase/x'|用语(p='他')", "由{p}承担", {"p": "当事人名称"}, "由他承担"),
        ("'phrase/x'|用语", "<&>{a}", {"a": "别的"}, "<&>【未填：别的】"),
    ],
)
def test_blanks_are_filled_by_the_tag_then_by_the_case(
    base: Snapshot, template: Callable[..., None], tag: str, text: str, slots: dict[str, str], prints: str
) -> None:
    own = with_phrases(base, phrase(text, slots=slots))
    data = case().model_dump(exclude_unset=True) | {"cause": "示例"}
    template(f"{{{{ {tag} }}}}")
    paper = draft("decision", case_from(data), own, decided=TODAY, draft=True)
    assert [line.text for line in read_docx(paper.data)][1] == prints


def test_lines_of_a_phrase_become_paragraphs(base: Snapshot, template: Callable[..., None]) -> None:
    template("{{p 'phrase/x'|用语 }}", "末")
    paper = draft("decision", case(), with_phrases(base, phrase("甲\n乙")), decided=TODAY, draft=True)
    assert [line.text for line in read_docx(paper.data)][1:] == ["甲", "乙", "末"]


def test_what_a_case_says_under_each_label(base: Snapshot) -> None:
    subject = subject_of(document_type("decision"), case(), base, TODAY)
    said = {label: say(subject, label) for label in LABELS}
    assert said["违法行为名称"] == "未取得食品经营许可从事食品经营活动"
    assert said["违反条款全称"] == "《中华人民共和国食品安全法》第三十五条第一款"
    assert said["罚款数额"] == "50,000"
    assert say(subject, "没有这个空") == ""


def test_several_violations_answer_only_what_they_share(base: Snapshot) -> None:
    data = case().model_dump(exclude_unset=True)
    second = {**data["violations"][0], "found_on": date(2026, 9, 30)}
    both = case_from({**data, "violations": [*data["violations"], second]})
    subject = subject_of(document_type("decision"), both, base, TODAY)
    assert say(subject, "查获日期") == ""
    assert say(subject, "违法行为名称") == "未取得食品经营许可从事食品经营活动"


def test_a_mark_in_a_phrase_keeps_the_paper_here(base: Snapshot, template: Callable[..., None]) -> None:
    template("{{ 'phrase/x'|用语 }}")
    with pytest.raises(Refused) as caught:
        draft("decision", case(), with_phrases(base, phrase("{a}", slots={"a": "原因"})), decided=TODAY)
    assert any(f["message"] == "没有填：原因" for f in caught.value.findings)


# -- what a draft says -----------------------------------------------------------------------------------


def test_a_citation_in_a_phrase_is_proven(base: Snapshot, template: Callable[..., None]) -> None:
    template("{{ 'phrase/x'|用语 }}")
    wrong = phrase("依照《中华人民共和国行政处罚法》第九十九条的规定处理。")
    with pytest.raises(Refused) as caught:
        draft("decision", case(), with_phrases(base, wrong), decided=TODAY)
    assert any(f["code"].startswith("C") for f in caught.value.findings)


def test_a_draft_lists_the_phrases_it_took(base: Snapshot) -> None:
    taken = draft("decision", case(), with_phrases(base), decided=TODAY).phrases
    assert "证据（phrase/evidence-assessed）" in taken
    assert "救济（phrase/remedy）" in taken
    assert not any("phrase/right-to-state" in each for each in taken), "the notice takes it"


def test_the_agency_s_own_wording_stands_in_a_shipped_paper(base: Snapshot) -> None:
    shipped = phrase_of(base, "phrase/instalments", TODAY)
    own = shipped.model_copy(
        update={
            "text": shipped.text.replace("确有经济困难", "经济上确有困难"),
            "source": shipped.source.model_copy(update={"instrument": "本机关文书用语"}),
        }
    )
    paper = draft("decision", case(), with_phrases(base, own), decided=TODAY)
    texts = [line.text for line in read_docx(paper.data)]
    assert any(text.startswith("当事人经济上确有困难") for text in texts)
    assert not paper.watermark


def test_the_shipped_wording_names_the_papers_that_take_it(base: Snapshot) -> None:
    taken: dict[str, set[str]] = {}
    for kind in document_types():
        for line in read_docx(shipped_template(kind)):
            for id in re.findall(r"'(phrase/[a-z-]+)'\|用语", line.text):
                taken.setdefault(id, set()).add(kind.type)
    house = {p.id: set(p.documents) for p in base.phrases() if p.source.instrument == HOUSE}
    assert house == taken


# -- what a check says -----------------------------------------------------------------------------------

CHECKED = {
    "sound": ("{{ 'phrase/x'|用语(a=cause) }}", None, ""),
    "no such phrase": ("{{ 'phrase/y'|用语 }}", "否决", "没有文书用语“phrase/y”"),
    "a blank open": ("{{ 'phrase/x'|用语 }}", "否决", "用语“phrase/x”的空“a”（案由）没有填"),
    "no such blank": ("{{ 'phrase/x'|用语(a=cause, c='') }}", "提示", "用语“phrase/x”没有空“c”"),
    "in a condition": ("{% if 'phrase/y'|用语 %}甲{% endif %}", "否决", "没有文书用语“phrase/y”"),
}


@pytest.mark.parametrize("name", CHECKED)
def test_a_check_knows_the_phrases(base: Snapshot, name: str) -> None:
    tag, severity, message = CHECKED[name]
    own = with_phrases(base, phrase("{a}{p}", slots={"a": "案由", "p": "当事人名称"}))
    found = check(made("{{ draft }}", tag), base=lambda: own, day=TODAY).findings
    assert [(f.code, f.severity, f.message) for f in found] == (
        [("T14", severity, message)] if severity else []
    )
    assert all(f.place.paragraph == 2 and f.text for f in found)


def test_a_check_proves_what_a_phrase_cites(base: Snapshot) -> None:
    own = with_phrases(base, phrase("依照《中华人民共和国行政处罚法》第九十九条的规定。"))
    found = check(made("{{ 'phrase/x'|用语 }}"), base=lambda: own, day=TODAY).findings
    assert [f.code[0] for f in found] == ["C"]
    assert found[0].message.startswith("用语“phrase/x”：")


@pytest.mark.parametrize("tag", ["cause|用语", "'phrase/x'|用语(1)", "'phrase/x'|用语(**d)", "1|用语"])
def test_the_tag_itself_names_the_phrase(tag: str) -> None:
    with pytest.raises(BadTemplate, match="用语的编号要直接写出"):
        Template.compile(made(f"{{{{ {tag} }}}}"))


@pytest.mark.parametrize("value", [None, "文字", {"phrase/x": "甲"}])
def test_a_fill_without_a_base_takes_no_phrase(value: Any) -> None:
    with pytest.raises(CailiangError, match="这里取不到用语“phrase/x”"):
        Template.compile(made("{{ 'phrase/x'|用语 }}")).render({PHRASES: value})


def test_a_form_for_handwriting_has_lines_for_blanks(base: Snapshot) -> None:
    sheet = blank("prior_notice", base, day=TODAY)
    assert any("你（单位）有权进行陈述和申辩，可以在____" in line.text for line in read_docx(sheet.data))
    assert "告知和申辩（phrase/right-to-state）" in sheet.phrases


def test_the_provenance_says_draft_where_a_phrase_is_an_example(base: Snapshot) -> None:
    example = phrase_of(base, "phrase/instalments", TODAY)
    shown = example.model_copy(update={"source": example.source.model_copy(update={"example": True})})
    rows = [r for r in base.records("phrase") if r.id != shown.id]
    records = [r for kind in ("benchmark", "leniency", "setting") for r in with_phrases(base).records(kind)]
    laws = [(v, list(base.laws.articles(v).values())) for v in base.laws.versions]
    own = Snapshot.of([*records, *rows, shown], laws, base.laws.repeals)
    paper = draft("decision", case(), own, decided=TODAY)
    said = read(paper.data)
    assert paper.watermark
    assert said is not None
    assert said.draft
    assert any("phrase/instalments" in note for note in paper.notes)


def test_every_blank_of_a_text_is_filled_once() -> None:
    assert filled(phrase("{a}{a}{ b }{A}"), {"a": "{a}"}) == "{a}{a}{ b }{A}"
