"""Drafting on the shipped base: good letters leave proven, faulty ones are refused with the right code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import provenance
from generator.audit import check_file
from generator.casefile import CaseFile, case_from, load_case
from generator.docx_text import read_docx
from generator.drafting import Draft, draft
from kb.citation import Days
from kb.errors import NotLoaded, Refused, WrongUse
from kb.laws import Article, LawVersion, Paragraph
from kb.records import Leniency, Setting
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 20)
GOOD = [
    ("decision", "unlicensed-food"),
    ("prior_notice", "unlicensed-food"),
    ("service_receipt", "noise-hailing"),
    ("decision", "noise-hailing"),
    ("prior_notice", "noise-hailing"),
    ("correction_order", "noise-hailing"),
    ("decision", "hazardous-waste-label"),
    ("prior_notice", "hazardous-waste-label"),
    ("no_penalty_decision", "noise-first-time"),
    ("guidance_note", "noise-first-time"),
    ("on_the_spot_decision", "no-purchase-check"),
    ("correction_order", "no-purchase-check"),
]


@pytest.fixture(scope="module")
def case(root: Path) -> Callable[[str], CaseFile]:
    return lambda name: load_case(root / "examples" / "cases" / f"{name}.yaml")


@pytest.fixture(scope="module")
def changed(root: Path) -> Callable[..., CaseFile]:
    """An example case with some fields set; None deletes. Paths are dotted, numbers index lists."""

    def make(name: str, changes: dict[str, Any]) -> CaseFile:
        text = (root / "examples" / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        for path, value in changes.items():
            *steps, last = (int(s) if s.isdigit() else s for s in path.split("."))
            at = data
            for step in steps:
                at = at[step]
            if value is None:
                del at[last]
            else:
                at[last] = value
        return case_from(data)

    return make


def text_of(made: Draft) -> str:
    return "\n".join(line.text for line in read_docx(made.data))


# ---------------------------------------------------------------- what leaves


@pytest.mark.parametrize(("type", "name"), GOOD)
def test_an_example_leaves_without_a_finding(
    base: Snapshot, case: Callable[[str], CaseFile], tmp_path: Path, type: str, name: str
) -> None:
    made = draft(type, case(name), base, decided=TODAY)
    assert made.findings == ()
    path = tmp_path / "letter.docx"
    path.write_bytes(made.data)
    result = check_file(path, base, today=date(2030, 1, 1))
    assert result["findings"] == []
    assert result["citations"] > 0 or type == "service_receipt"


@pytest.mark.parametrize(("type", "name"), GOOD)
def test_no_blank_and_no_leftover_reaches_the_paper(
    base: Snapshot, case: Callable[[str], CaseFile], type: str, name: str
) -> None:
    text = text_of(draft(type, case(name), base, decided=TODAY))
    for wrong in ("None", "undefined", "{{", "{%", "【未填", "。。", "，。", "；。", "：。", "（）", "《》"):
        assert wrong not in text, wrong


@pytest.mark.parametrize(("type", "name"), GOOD)
def test_same_case_same_bytes(base: Snapshot, case: Callable[[str], CaseFile], type: str, name: str) -> None:
    first, second = (draft(type, case(name), base, decided=TODAY).data for _ in range(2))
    assert first == second


def test_the_decision_says_what_the_law_wants(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    text = text_of(draft("decision", case("unlicensed-food"), base, decided=TODAY))
    for words in (
        "示综执罚〔2026〕5号",
        "经营者：示例王",
        "违反了《中华人民共和国食品安全法》第三十五条第一款的规定",
        "法定罚款幅度为人民币50,000元以上100,000元以下",
        "罚款人民币伍万元整（¥50,000.00）",
        "没收违法所得人民币贰仟陆佰捌拾元整（¥2,680.00）",
        "自收到本决定书之日起十五日内",
        "百分之三",
        "六十日内",
        "向示例县人民政府",
        "六个月内",
        "示例县人民法院",
        "不停止执行",
        "2026年11月2日",
    ):
        assert words in text, words


def test_old_law_is_applied_with_its_reason(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    text = text_of(draft("decision", case("noise-hailing"), base, decided=TODAY))
    assert "《中华人民共和国噪声污染防治法》第八十一条第（二）项" in text
    assert "《中华人民共和国生态环境法典》第一千一百八十九条第（二）项" in text
    assert "本案适用违法行为发生时的规定" in text
    assert "新规定的处罚并不较轻" in text


def test_on_the_spot_reconsideration_comes_first(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    text = text_of(draft("on_the_spot_decision", case("no-purchase-check"), base, decided=TODAY))
    assert "应当先申请行政复议" in text
    assert "第二十三条第一款第（一）项" in text
    assert "☑ 警告" in text
    assert "□ 罚款" in text


def test_no_penalty_shows_limb_ticks_and_education(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    text = text_of(draft("no_penalty_decision", case("noise-first-time"), base, decided=TODAY))
    for words in (
        "第三十三条第一款后段",
        "初次违法：",
        "危害后果轻微：",
        "及时改正：",
        "第三十三条第三款",
        "教育",
    ):
        assert words in text, words


# ---------------------------------------------------------------- what is refused

SHORT = "《食品安全法》第三十五条第一款"
REFUSED = [
    # 款 deleted, title shortened, act after the repeal
    (
        "decision",
        "unlicensed-food",
        {"violations.0.violated": ["《中华人民共和国食品安全法》第三十五条"]},
        "C2",
    ),
    (
        "decision",
        "unlicensed-food",
        {"violations.0.penalty_basis": ["《中华人民共和国食品安全法》第一百二十二条"]},
        "C2",
    ),
    (
        "decision",
        "noise-hailing",
        {"violations.0.penalty_basis": ["《中华人民共和国噪声污染防治法》第八十一条"]},
        "C2",
    ),
    (
        "decision",
        "unlicensed-food",
        {"violations.0.violated": ["《中华人民共和国无此法》第三十五条第一款"]},
        "C0",
    ),
    ("decision", "unlicensed-food", {"violations.0.violated": [SHORT]}, "C1"),
    (
        "decision",
        "hazardous-waste-label",
        {"violations.0.violated": ["《中华人民共和国生态环境法典》第五百三十一条第一款"]},
        "C3",
    ),
    (
        "decision",
        "noise-hailing",
        {"violations.0.violated": ["《中华人民共和国噪声污染防治法》第六十三条第九款"]},
        "C17",
    ),
    (
        "decision",
        "noise-hailing",
        {
            "violations.0.act": "2026-07-10..2026-08-20",
            "violations.0.found_on": "2026-08-20",
        },
        "C4",
    ),
    ("correction_order", "no-purchase-check", {"correction_order.basis": [SHORT]}, "C1"),
    # the amount
    ("decision", "unlicensed-food", {"violations.0.fine": 49999}, "C12"),
    ("decision", "unlicensed-food", {"violations.0.fine": 100001}, "C12"),
    ("decision", "hazardous-waste-label", {"violations.0.fine": 300000}, "C12"),
    ("decision", "unlicensed-food", {"violations.0.facts": {}}, "E2"),
    # remedies, dates, wording
    ("decision", "unlicensed-food", {"remedies": None}, "C15"),
    ("decision", "unlicensed-food", {"remedies.court.name": "有管辖权的人民法院"}, "C15"),
    ("decision", "unlicensed-food", {"decision.date": "2026-10-09"}, "C16"),
    ("decision", "unlicensed-food", {"filed": "2026-12-01"}, "C16"),
    ("decision", "noise-hailing", {"decision.date": "2026-10-19"}, "C16"),
    ("decision", "unlicensed-food", {"investigation": "本机关拟作出行政处罚。"}, "C14"),
    # procedure
    ("decision", "unlicensed-food", {"officers.1": None}, "E3"),
    ("decision", "unlicensed-food", {"notice": {}}, "E3"),
    ("decision", "unlicensed-food", {"notice.fine": 40000}, "E3"),
    ("decision", "unlicensed-food", {"notice.hearing": {"requested": True}}, "E3"),
    ("prior_notice", "noise-hailing", {"violations.0.measures": [{"kind": "责令停产停业"}]}, "E3"),
    (
        "on_the_spot_decision",
        "no-purchase-check",
        {"violations.0.measures": [{"kind": "责令停产停业"}]},
        "E3",
    ),
    ("on_the_spot_decision", "no-purchase-check", {"violations.0.fine": 201}, "E3"),
    ("no_penalty_decision", "noise-first-time", {"leniency.ticks.first": None}, "E2"),
    ("no_penalty_decision", "noise-first-time", {"leniency.education": None}, "E3"),
    ("no_penalty_decision", "noise-first-time", {"violations.0.fine": 5000}, "E3"),
    ("no_penalty_decision", "noise-first-time", {"leniency": None}, "E2"),
    # old and new law
    ("decision", "noise-hailing", {"law_choice": None}, "E4"),
    (
        "decision",
        "hazardous-waste-label",
        {"violations.0.act": "2026-08-20", "violations.0.found_on": "2026-08-20"},
        "E4",
    ),
]


@pytest.mark.parametrize(("type", "name", "change", "code"), REFUSED)
def test_a_fault_is_refused_with_its_code(
    base: Snapshot, changed: Callable[..., CaseFile], type: str, name: str, change: dict[str, Any], code: str
) -> None:
    faulty = changed(name, change)
    with pytest.raises(Refused) as caught:
        draft(type, faulty, base, decided=TODAY)
    assert code in {f["code"] for f in caught.value.findings}, caught.value.findings
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("type", "name", "change", "code"), REFUSED)
def test_a_draft_may_be_saved_with_its_faults(
    base: Snapshot, changed: Callable[..., CaseFile], type: str, name: str, change: dict[str, Any], code: str
) -> None:
    made = draft(type, changed(name, change), base, decided=TODAY, draft=True)
    assert made.watermark
    assert code in {f.code for f in made.findings}
    assert "PowerPlusWaterMarkObject" in header_of(made.data)


# ---------------------------------------------------------------- 示例, provenance, other bases


def header_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/header1.xml").decode()


def own_agency(base: Snapshot) -> Snapshot:
    """The same base with the agency's settings no longer 示例."""
    records = [
        r.model_copy(
            update={"source": r.source.model_copy(update={"example": False, "instrument": "本机关"})}
        )
        if isinstance(r, Setting)
        else r
        for kind in ("benchmark", "leniency", "setting", "phrase")
        for r in base.records(kind)
    ]
    laws = [
        (v, list(base.laws.articles(v).values()))
        for t in base.laws.titles()
        for v in base.laws.versions_of(t)
    ]
    return Snapshot.of(records, laws)


def test_a_paper_on_examples_stays_a_draft(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    made = draft("decision", case("unlicensed-food"), base, decided=TODAY)
    assert made.watermark
    assert "PowerPlusWaterMarkObject" in header_of(made.data)
    assert any("示例" in note and "organ/profile" in note for note in made.notes)


def test_a_paper_on_the_agency_s_own_settings_is_final(
    base: Snapshot, case: Callable[[str], CaseFile]
) -> None:
    made = draft("decision", case("unlicensed-food"), own_agency(base), decided=TODAY)
    assert not made.watermark
    assert "PowerPlusWaterMarkObject" not in header_of(made.data)


@pytest.mark.parametrize(("compulsory", "word"), [(True, "应当"), (False, "可以")])
def test_a_letter_says_whether_the_lighter_punishment_must_or_may_be(
    base: Snapshot, changed: Callable[..., CaseFile], compulsory: bool, word: str
) -> None:
    entry = Leniency.model_validate(
        {
            "id": "leniency/test-lighter",
            "list": "从轻",
            "limb": "32",
            "violation": "示例",
            "basis": "《中华人民共和国行政处罚法》第三十二条第（一）项",
            "conditions": [{"name": "removed", "label": "主动减轻危害后果"}],
            "compulsory": compulsory,
            "source": {"instrument": "示例清单", "example": True},
        }
    )
    records = [r for kind in ("benchmark", "leniency", "setting", "phrase") for r in base.records(kind)]
    laws = [
        (v, list(base.laws.articles(v).values()))
        for t in base.laws.titles()
        for v in base.laws.versions_of(t)
    ]
    lighter = {"leniency": {"id": entry.id, "ticks": {"removed": "当事人主动召回。"}}}
    case = changed("unlicensed-food", lighter)
    made = draft("decision", case, Snapshot.of([*records, entry], laws), decided=TODAY, draft=True)
    said = "".join(line.text for line in read_docx(made.data))
    assert f"当事人具有{word}从轻处罚的情形" in said
    assert f"的规定，{word}从轻处罚。" in said


def test_the_letter_knows_its_days(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    made = draft("decision", case("hazardous-waste-label"), base, decided=TODAY)
    found = provenance.read(made.data)
    assert found == made.provenance
    assert found is not None
    assert (found.case, found.type, found.law_choice) == ("demo/hazardous-waste-label", "decision", "新")
    assert (found.act, found.decided) == (date(2026, 7, 1), date(2026, 11, 1))
    assert found.revision == base.revision


def test_given_days_win_over_the_letter_s_own(
    base: Snapshot, case: Callable[[str], CaseFile], tmp_path: Path
) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(draft("decision", case("noise-hailing"), base, decided=TODAY).data)
    day = date(2026, 9, 1)
    codes = {f["code"] for f in check_file(path, base, Days(day, day), today=TODAY)["findings"]}
    assert "C4" in codes


def test_without_a_setting_nothing_is_invented(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    records = [
        r for k in ("benchmark", "setting", "phrase") for r in base.records(k) if r.id != "payment/days"
    ]
    laws = [
        (v, list(base.laws.articles(v).values()))
        for t in base.laws.titles()
        for v in base.laws.versions_of(t)
    ]
    with pytest.raises(NotLoaded, match="payment/days"):
        draft("decision", case("unlicensed-food"), Snapshot.of(records, laws), decided=TODAY)


def test_the_annex_quotes_the_loaded_text(base: Snapshot, case: Callable[[str], CaseFile]) -> None:
    """With the text loaded the article is quoted, and what it cites inside is not judged as ours."""
    wording = "依照《食品安全法》第三十三条的规定取得许可，也可以按有关规定办理。"
    laws: list[tuple[LawVersion, list[Article]]] = []
    for title in base.laws.titles():
        for v in base.laws.versions_of(title):
            articles = list(base.laws.articles(v).values())
            if title == "中华人民共和国食品安全法":
                articles = [
                    replace(
                        a, paragraphs=tuple(Paragraph(wording, p.items) for p in a.paragraphs), has_text=True
                    )
                    if a.number == 35
                    else a
                    for a in articles
                ]
            laws.append((v, articles))
    records = [r for k in ("benchmark", "setting", "phrase") for r in base.records(k)]
    made = draft("decision", case("unlicensed-food"), Snapshot.of(records, laws), decided=TODAY)
    text = text_of(made)
    assert "附：相关法律条文" in text
    assert wording in text
    assert made.findings == ()


def test_one_letter_a_liable_party(base: Snapshot, changed: Callable[..., CaseFile]) -> None:
    case = changed("noise-hailing", {})
    two = case.model_copy(
        update={
            "parties": [*case.parties, case.parties[0].model_copy(update={"name": "示例县另一有限公司"})],
            "violations": [*case.violations, case.violations[0].model_copy(update={"party": 2})],
        }
    )
    first, second = (text_of(draft("decision", two, base, decided=TODAY, party=n)) for n in (1, 2))
    assert "示例县示例百货有限公司" in first
    assert "示例县另一有限公司" in second
    assert "示例县示例百货有限公司" not in second
    with pytest.raises(WrongUse):
        draft("decision", two, base, decided=TODAY, party=3)


def test_several_violations_are_weighed_apart_and_merged(
    base: Snapshot, changed: Callable[..., CaseFile]
) -> None:
    case = changed("noise-hailing", {})
    other = case.violations[0].model_copy(
        update={"conduct": "在另一门店用高音喇叭揽客", "fine": Decimal(6000)}
    )
    both = case.model_copy(update={"violations": [*case.violations, other]})
    text = text_of(draft("decision", both, base, decided=TODAY))
    assert "（二）在另一门店用高音喇叭揽客" in text
    assert "合并执行，共计人民币壹万肆仟元整（¥14,000.00）" in text


@pytest.mark.parametrize("value", ["甲<乙>&丙", "]]>", "甲{{ x }}乙", "甲{% if %}乙", "𠮷野家😀", "甲　乙"])
def test_values_arrive_exactly(base: Snapshot, changed: Callable[..., CaseFile], value: str) -> None:
    made = draft("decision", changed("unlicensed-food", {"parties.0.address": value}), base, decided=TODAY)
    assert f"经营场所：{value}" in text_of(made).split("\n")
