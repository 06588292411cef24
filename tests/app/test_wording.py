"""Standard wording at the fields of the case form: what is offered where, and what it says of the case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.api.wording import FIELDS, known_of, offered, put_in
from app.base import Base
from generator.casefile import load_case
from generator.catalogue import document_type
from generator.drafting import subject_of
from generator.phrases import LABELS, say
from kb.errors import NotFound
from kb.snapshot import Snapshot

ON = date(2026, 11, 20)
FOOD = {
    "parties.0.trade_name": "示例店",
    "parties.0.name": "示例王",
    "violations.0.benchmark": "market/unlicensed-food-business",
    "violations.0.act.start": "2026-09-01",
    "violations.0.found_on": "2026-09-21",
    "violations.0.facts.goods_value": "3千",
    "violations.0.fine": "5万",
    "violations.0.measures.0.kind": "没收违法所得",
    "violations.0.measures.0.amount": "2680",
}
FACT = "phrase/market-fact-unlicensed"


def texts(base: Base, field: str, type: str = "", **more: str) -> dict[str, str]:
    typed = FOOD | {path.replace("__", "."): text for path, text in more.items()}
    return {w.id: w.text for w in offered(base.snapshot(), field, type, typed, ON)}


def test_the_phrase_of_this_act_comes_first_with_what_the_case_says(web_base: Base) -> None:
    found = texts(web_base, "violations.0.narrative")
    assert next(iter(found)) == FACT
    assert found[FACT].startswith("经查，示例店没有取得食品经营许可，自2026年9月1日起在【未填：经营地址】")
    assert found[FACT].endswith("至2026年9月21日被查获时止，货值金额3,000元，违法所得2,680元。")


@pytest.mark.parametrize(
    ("field", "type", "there", "absent"),
    [
        ("violations.0.narrative", "decision", FACT, "phrase/market-qualify-fraud"),  # of another law
        ("violations.0.narrative", "decision", "phrase/qualification", "phrase/ecology-fact-dust"),
        ("violations.0.discretion.reasons", "decision", "phrase/reason-light", FACT),
        ("notice.response", "decision", "phrase/defence-hardship-rejected", FACT),
    ],
)
def test_each_field_has_its_own(web_base: Base, field: str, type: str, there: str, absent: str) -> None:
    found = texts(web_base, field, type)
    assert there in found
    assert absent not in found


def test_other_fields_and_papers_have_none(web_base: Base) -> None:
    assert texts(web_base, "violations.0.place") == {}
    assert texts(web_base, "violations.0.narrative", "seal") == {}


def test_every_section_of_the_shipped_phrases_that_a_field_takes_is_known(web_base: Base) -> None:
    sections = {p.section for p in web_base.snapshot().phrases(ON) if p.channel == "文书"}
    assert {s for taken in FIELDS.values() for s in taken} <= sections


@pytest.mark.parametrize(
    ("path", "text", "label", "said"),
    [
        ("violations.0.fine", "壹万", "罚款数额", "10,000"),
        ("violations.0.fine", "很多", "罚款数额", None),
        ("violations.0.found_on", "那天", "查获日期", None),
        ("violations.0.party", "2", "当事人名称", None),
        ("violations.0.party", "²", "当事人名称", "示例店"),
        ("violations.0.conduct", "无证卖早点", "违法行为名称", "无证卖早点"),
        ("violations.0.benchmark", "market/none", "违反条款全称", None),
    ],
)
def test_what_cannot_be_read_stays_a_blank(
    web_base: Base, path: str, text: str, label: str, said: str | None
) -> None:
    assert known_of(web_base.snapshot(), FOOD | {path: text}, "0", ON).get(label) == said


@pytest.mark.parametrize("name", ["unlicensed-food", "noise-hailing", "full-course", "hazardous-waste-label"])
def test_the_form_and_the_template_fill_blanks_alike(web_base: Base, root: Path, name: str) -> None:
    from app.web.casevalues import flatten

    case = load_case(root / "examples" / "cases" / f"{name}.yaml")
    base = web_base.snapshot()
    subject = subject_of(document_type("decision"), case, base, ON)
    typed = flatten(case.model_dump(exclude_unset=True))
    form = known_of(base, typed, "0", ON)
    assert form == {label: said for label in LABELS if (said := say(subject, label))}


def test_of_one_id_only_the_agency_s_own_is_offered(web_base: Base) -> None:
    shipped = web_base.snapshot()
    [fact] = [p for p in shipped.phrases(ON) if p.id == FACT]
    source = fact.source.model_copy(update={"instrument": "本机关", "example": False})
    own = fact.model_copy(update={"text": "本机关查明，{party}。", "source": source})
    base = Snapshot.of([*shipped.benchmarks(), fact, own])
    found = [w for w in offered(base, "violations.0.narrative", "", FOOD, ON) if w.id == FACT]
    assert [w.text for w in found] == ["本机关查明，示例店。"]


def test_a_phrase_goes_behind_what_was_typed(web_base: Base) -> None:
    typed: dict[str, Any] = FOOD | {"violations.0.narrative": "已经写的。\n"}
    put = put_in(web_base.snapshot(), typed, "violations.0.narrative", FACT, "", ON)
    assert put["violations.0.narrative"].startswith("已经写的。\n经查，示例店")
    with pytest.raises(NotFound, match="这里没有用语"):
        put_in(web_base.snapshot(), typed, "violations.0.place", FACT, "", ON)


def test_the_button_puts_it_into_the_form(client: FlaskClient) -> None:
    field = "violations.0.narrative"
    page = client.post("/draft/decision", data=FOOD | {"wording": f"{field} {FACT}"})
    assert page.status_code == 200
    assert f'name="{field}" rows="4">\n经查，示例店没有取得食品经营许可' in page.get_data(as_text=True)
    assert client.post("/draft/decision", data=FOOD | {"wording": f"{field} phrase/none"}).status_code == 404


def test_a_blank_left_standing_keeps_the_paper_here(client: FlaskClient) -> None:
    from app.web.casevalues import flatten
    from generator.casefile import load_case
    from tests.casework.batch_kit import CASE

    typed = flatten(load_case(CASE).model_dump(exclude_unset=True))
    typed["violations.0.narrative"] = "经查，当事人在【未填：经营地址】经营。"
    answer = client.post("/draft/decision.json", data=typed | {"do": "issue"})
    assert answer.status_code == 422
    assert "未填" in answer.get_data(as_text=True)
