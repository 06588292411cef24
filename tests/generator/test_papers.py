"""Drafting the further papers of a case: which one, by whom, what is taken over, forms for handwriting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import provenance
from generator.blank import blank
from generator.casefile import CaseFile, case_from
from generator.catalogue import document_type
from generator.computed import COMPUTED
from generator.docx_text import read_docx
from generator.drafting import Draft, draft, subject_of
from generator.fieldtypes import TYPES, Column, OwnField
from generator.ownfields import read_own, read_value
from generator.papers import Paper
from kb.errors import BadRecord, CailiangError, NotFound, Refused, WrongUse
from kb.importing.yaml_files import Lines
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 20)
Make = Callable[..., CaseFile]


@pytest.fixture(scope="module")
def full(root: Path) -> Make:
    """The full course with its papers of some types only, and with changes to those."""
    text = (root / "examples" / "cases" / "full-course.yaml").read_text(encoding="utf-8")

    def make(*types: str, **changes: Any) -> CaseFile:
        data = yaml.safe_load(text)
        data["papers"] = [p for p in data["papers"] if p["type"] in types]
        keys = {p.get("key") for p in data["papers"]}
        data["goods"] = [g for g in data["goods"] if g.get("paper") in keys]
        return case_from(data | changes)

    return make


def text_of(made: Draft) -> str:
    return "\n".join(line.text for line in read_docx(made.data))


def values(case: CaseFile, type: str, **said: Any) -> CaseFile:
    """The case with other values in its first paper of a type; None deletes."""
    papers = []
    for p in case.papers:
        if p.type == type:
            mixed = {k: v for k, v in (p.values | said).items() if v is not None}
            papers.append(Paper.model_validate(p.model_dump() | {"values": mixed}))
        else:
            papers.append(p)
    return case.model_copy(update={"papers": papers})


# ---------------------------------------------------------------- which paper


def test_one_of_several_has_to_be_chosen(base: Snapshot, full: Make) -> None:
    first = full("inspection_record").papers[0]
    again = first.model_copy(
        update={"key": "second", "values": first.values | {"findings": "复查时已停业。"}}
    )
    case = full("inspection_record").model_copy(update={"papers": [first, again]})
    with pytest.raises(WrongUse, match="inspection、second"):
        draft("inspection_record", case, base, decided=TODAY)
    for which in ("second", "2"):
        made = draft("inspection_record", case, base, decided=TODAY, paper=which)
        assert "复查时已停业" in text_of(made)
        told = provenance.read(made.data)
        assert told
        assert told.paper == "second"
    with pytest.raises(NotFound, match="third"):
        draft("inspection_record", case, base, decided=TODAY, paper="third")
    with pytest.raises(WrongUse, match="一案一份"):
        draft("decision", case, base, decided=TODAY, paper="2")


def test_a_receipt_is_of_any_paper(base: Snapshot, full: Make) -> None:
    case = full("seizure_decision")
    text = text_of(draft("service_receipt", case, base, decided=TODAY, paper="seizure"))
    assert "查封（扣押）决定书（示综执查扣〔2026〕1号）" in text
    assert "2026年9月14日10时30分" in text
    with pytest.raises(NotFound, match="seizure"):
        draft("service_receipt", case, base, decided=TODAY, paper="none")


def test_a_receipt_to_take_along_leaves_the_time_to_the_hand(base: Snapshot, full: Make) -> None:
    case = full("seizure_decision")
    (paper,) = case.papers
    assert paper.served
    planned = paper.model_copy(update={"served": paper.served.model_copy(update={"at": None})})
    case = case.model_copy(update={"papers": [planned]})
    text = text_of(draft("service_receipt", case, base, decided=TODAY, paper="seizure"))
    assert "查封（扣押）决定书（示综执查扣〔2026〕1号）" in text
    assert "2026年9月14日10时30分" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": None}, "缺少所送达文书的文号"),
        ({"served": None}, "缺少送达地点"),
        ({"date": date(2026, 9, 15)}, "所送达的文书的日期2026-09-15晚于送达的日期2026-09-14"),
    ],
)
def test_a_receipt_that_may_not_leave(base: Snapshot, full: Make, change: dict[str, Any], said: str) -> None:
    case = full("seizure_decision")
    paper = case.papers[0].model_copy(update=change)
    with pytest.raises(Refused, match=said):
        draft(
            "service_receipt",
            case.model_copy(update={"papers": [paper]}),
            base,
            decided=TODAY,
            paper="seizure",
        )


# ---------------------------------------------------------------- by whom


@pytest.mark.parametrize(
    ("expires", "named", "message"),
    [
        (date(2026, 9, 14), [], ""),
        (date(2026, 9, 13), [], "示例李的执法证件有效期到2026-09-13"),
        (None, [], ""),
        (None, ["示例张"], "缺少执法人员"),
        (date(2026, 9, 13), ["示例张"], "缺少执法人员"),
    ],
)
def test_two_officers_with_valid_certificates_act(
    base: Snapshot, full: Make, expires: date | None, named: list[str], message: str
) -> None:
    """行政处罚法 42(1), on the paper's own day."""
    case = full("seizure_decision")
    officers = [case.officers[0], case.officers[1].model_copy(update={"expires": expires})]
    papers = [case.papers[0].model_copy(update={"officers": named})]
    case = case.model_copy(update={"officers": officers, "papers": papers})
    if not message:
        assert draft("seizure_decision", case, base, decided=TODAY)
        return
    with pytest.raises(Refused) as caught:
        draft("seizure_decision", case, base, decided=TODAY)
    found = [f for f in caught.value.findings if f["code"] == "E3"]
    assert message in found[0]["message"]
    assert "第四十二条第一款" in found[0]["basis"]


# ---------------------------------------------------------------- taken over and computed


def test_what_the_case_has_is_not_typed_again(base: Snapshot, full: Make) -> None:
    text = text_of(draft("seizure_decision", full("seizure_decision"), base, decided=TODAY))
    for said in (
        "冰柜",
        "电炸炉",
        "64",
        "期限自2026年9月14日起至2026年10月13日止",
        "食品安全法》第三十五条第一款",
    ):
        assert said in text, said


def test_what_is_typed_goes_before_what_is_taken_over(base: Snapshot, full: Make) -> None:
    case = values(full("seizure_decision"), "seizure_decision", until="2026-10-01")
    assert "至2026年10月1日止" in text_of(draft("seizure_decision", case, base, decided=TODAY))


def test_goods_taken_lack_what_the_list_owes(base: Snapshot, full: Make) -> None:
    case = full("seizure_decision")
    goods = [g.model_copy(update={"quantity": None}) for g in case.goods[:1]]
    with pytest.raises(Refused, match="缺少场所、设施、财物清单第1项的数量"):
        draft("seizure_decision", case.model_copy(update={"goods": goods}), base, decided=TODAY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day/next", date(2026, 9, 15)),
        ("party/age", Decimal(36)),
        ("law/conduct", "未取得食品经营许可从事食品经营活动"),
        ("law/violated", ["《中华人民共和国食品安全法》第三十五条第一款"]),
        ("law/penalty", ["《中华人民共和国食品安全法》第一百二十二条第一款"]),
        ("goods/total", Decimal(1120)),
        ("seizure/end", date(2026, 10, 13)),
    ],
)
def test_computed(base: Snapshot, full: Make, name: str, value: Any) -> None:
    case = full("seizure_decision")
    subject = subject_of(document_type("seizure_decision"), case, base, TODAY)
    assert COMPUTED[name](subject) == value


def test_the_rest_of_the_functions(base: Snapshot, full: Make) -> None:
    subject = subject_of(document_type("seizure_decision"), full("seizure_decision"), base, TODAY)
    assert [g.name for g in COMPUTED["goods/taken"](subject)] == ["冰柜", "电炸炉", "油炸小吃"]
    assert COMPUTED["case/evidence"](subject)[0]["name"] == "现场笔录和现场照片"


# ---------------------------------------------------------------- for handwriting


def test_a_blank_form_keeps_what_the_settings_say(base: Snapshot) -> None:
    text = text_of(blank("on_the_spot_decision", base, day=TODAY))
    for said in (
        "示例县综合行政执法局",
        "示综执当罚〔____〕____号",
        "十五日内",
        "示例县农村商业银行营业部",
        "□",
        "____",
    ):
        assert said in text, said
    assert "☑" not in text


def test_a_blank_form_bears_its_number_from_a_block(base: Snapshot) -> None:
    made = blank("on_the_spot_decision", base, day=TODAY, number="示综执当罚〔2026〕101号")
    assert "示综执当罚〔2026〕101号" in text_of(made)
    assert made.data == blank("on_the_spot_decision", base, day=TODAY, number="示综执当罚〔2026〕101号").data


# ---------------------------------------------------------------- whatever is written


written = ["2026-09-08", "2026-09-08 09:10", "-1", "1e9", "是", "《法》第一条"]
leaves = st.text(max_size=20) | st.sampled_from(written)
rows = st.lists(leaves, max_size=3) | st.dictionaries(leaves, leaves, max_size=3)
anything = (
    leaves | rows | st.lists(rows, max_size=2) | st.dictionaries(st.sampled_from(["name", "age"]), rows)
)


@given(type=st.sampled_from(sorted(TYPES)), value=anything)
def test_a_value_is_read_or_refused_in_one_line(type: str, value: Any) -> None:
    """No text, list or mapping brings the reader down."""
    field = OwnField("x", "字段", type, options=("是", "否"), columns=(Column("name", "名称"),))
    paper = Paper.model_validate({"type": "inspection_record", "values": {"x": value}})
    try:
        read_value(field, paper.values["x"], Lines("案件"), ("papers", 0))
        said = ""
    except CailiangError as e:
        said = str(e)
    assert "\n" not in said


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 12, 31)))
def test_a_time_comes_back_to_the_minute(when: Any) -> None:
    said = when.strftime("%Y-%m-%d %H:%M")
    paper = Paper(type="inspection_record", values={"started": said})
    assert read_own(paper, Lines("案件"), ())["started"].strftime("%Y-%m-%d %H:%M") == said


@pytest.mark.parametrize("said", ["9999-12-31 23:59", "1800-01-01 09:00", "3000-01-01 00:00"])
def test_a_year_no_case_is_of_is_refused(said: str) -> None:
    paper = Paper(type="inspection_record", values={"started": said})
    with pytest.raises(BadRecord, match=said):
        read_own(paper, Lines("案件"), ())
