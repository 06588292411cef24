"""The benchmark page: facts in, range out; on the page, as a piece, and in the twin."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.base import Base
from app.web.filters import amount
from kb.discretion import Period, assess

FOOD = "/benchmark/market/unlicensed-food-business"
WASTE = "/benchmark/ecology/hazardous-waste-label"
PIECE = {"HX-Request": "true"}


def twin(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    data = answer.get_json()
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("3000", "50000", "100000"),
        ("9999.99", "50000", "100000"),
        ("10000", "100000", "200000"),
        ("1万", "100000", "200000"),
        ("三千", "50000", "100000"),
    ],
)
def test_the_range_follows_the_fact(client: FlaskClient, value: str, low: str, high: str) -> None:
    [outcome] = twin(client, f"{FOOD}.json?goods_value={value}")["outcomes"]
    assert (outcome["fine"]["min"], outcome["fine"]["max"]) == (low, high)


def test_the_twin_is_the_range_json_and_the_record(client: FlaskClient, web_base: Base) -> None:
    found = twin(client, f"{FOOD}.json?goods_value=3000&decided=2026-11-01")
    expected = assess(
        web_base.snapshot(),
        "market/unlicensed-food-business",
        {"goods_value": "3000"},
        None,
        None,
        date(2026, 11, 1),
        on=date(2026, 11, 22),
    ).to_dict()
    assert {key: found[key] for key in expected} == expected
    assert found["record"]["id"] == "market/unlicensed-food-business"


def test_a_missing_fact_is_asked_for(client: FlaskClient) -> None:
    found = twin(client, f"{FOOD}.json")
    assert "goods_value" in [f["name"] for f in found["missing_facts"]]
    page = client.get(FOOD).get_data(as_text=True)
    assert "还要查明" in page
    assert 'name="goods_value"' in page


def test_the_piece_is_the_answer_alone(client: FlaskClient) -> None:
    piece = client.get(f"{FOOD}?goods_value=3000", headers=PIECE).get_data(as_text=True)
    assert "<html" not in piece
    assert 'id="ask"' not in piece
    assert "5万元至10万元" in piece
    assert "/law/" in piece  # steps lead to the articles


def test_without_script_the_page_holds_form_and_answer(client: FlaskClient) -> None:
    page = client.get(f"{FOOD}?goods_value=3000&act_from=2026-05-01&found=2026-05-02").get_data(as_text=True)
    assert "5万元至10万元" in page
    assert 'value="3000"' in page
    assert 'value="2026-05-01"' in page
    assert 'method="get"' in page


@pytest.mark.parametrize("piece", [{}, PIECE])
def test_a_faulty_fact_is_a_line_and_what_was_typed_stays(client: FlaskClient, piece: dict[str, str]) -> None:
    answer = client.get(f"{FOOD}?goods_value=很多", headers=piece)
    text = answer.get_data(as_text=True)
    assert 'role="alert"' in text
    assert "很多" in text
    assert client.get(f"{FOOD}.json?goods_value=很多").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "act=2026-06-20..2026-07-01&decided=2026-11-01",
        "act_from=2026-06-20&act_to=2026-07-01&decided=2026-11-01",
    ],
)
def test_a_changed_law_shows_both_and_asks(client: FlaskClient, web_base: Base, query: str) -> None:
    found = twin(client, f"{WASTE}.json?{query}")
    expected = assess(
        web_base.snapshot(),
        "ecology/hazardous-waste-label",
        {},
        Period(date(2026, 6, 20), date(2026, 7, 1)),
        None,
        date(2026, 11, 1),
        on=date(2026, 11, 22),
    ).to_dict()
    assert found["outcomes"] == expected["outcomes"]
    assert len({o["as_of"] for o in found["outcomes"]}) == 2
    page = client.get(f"{WASTE}?{query}").get_data(as_text=True)
    assert "10万元至100万元" in page
    assert "5万元至20万元" in page
    assert "新旧规定对照" in page


def test_dates_in_the_wrong_order_are_refused(client: FlaskClient) -> None:
    answer = client.get(f"{FOOD}.json?act_from=2026-07-02&act_to=2026-07-01")
    assert answer.status_code == 400
    assert "早于" in answer.get_json()["error"]["message"]


def test_ticks_of_the_list_are_asked_and_count(client: FlaskClient) -> None:
    found = twin(client, f"{WASTE}.json")
    ticks = [t["name"] for t in found["ticks"]]
    assert ticks
    page = client.get(WASTE).get_data(as_text=True)
    for name in ticks:
        assert f'name="{name}"' in page
    ticked = twin(client, f"{WASTE}.json?" + "&".join(f"{name}=是" for name in ticks))
    assert any(e["met"] for e in ticked["leniency"])
    assert not any(e["met"] for e in found["leniency"])


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        ("50000", "5万元"),
        ("1000000", "100万元"),
        ("12300", "1.23万元"),
        ("12345", "12,345元"),
        ("10001", "10,001元"),
        ("999.5", "999.5元"),
        ("3000", "3,000元"),
        ("0", "0元"),
        ("1" + "0" * 40, "1" + "0" * 36 + "万元"),
        (None, ""),
    ],
)
def test_amounts_read_as_people_say_them(yuan: str | None, said: str) -> None:
    assert amount(yuan) == said


def test_the_answer_carries_reasons_comparison_limitation_and_leniency(client: FlaskClient) -> None:
    query = "act=2026-07-01&found=2026-09-01&decided=2026-11-01&refused=否&corrected=是"
    page = client.get(f"{WASTE}?{query}", headers=PIECE).get_data(as_text=True)
    assert "<h2>说理</h2>" in page
    assert "新的规定处罚较轻" in page
    assert "<h2>从旧兼从轻</h2>" in page
    assert "追责期限：" in page
    assert "尚缺：" in page
    assert "符合的依法不予行政处罚" in page
    found = twin(client, f"{WASTE}.json?{query}")
    assert found["comparison"]["lighter"] == "新"
    assert found["limitation"]["passed"] is False
    assert found["reasons"].count("《") == found["reasons"].count("》") > 0


def test_an_act_governed_elsewhere_is_asked_about_and_routed_away(client: FlaskClient) -> None:
    page = client.get(FOOD).get_data(as_text=True)
    assert 'name="仅销售预包装食品"' in page
    found = twin(client, f"{FOOD}.json?goods_value=3000&仅销售预包装食品=是")
    assert found["outcomes"] == []
    assert [n["then"] for n in found["not_when"] if n["state"]] == ["备案而非许可"]


def test_of_two_ranks_both_are_shown_with_their_roles(client: FlaskClient) -> None:
    page = client.get("/benchmark/culture/unlicensed-travel-agency?illegal_gains=50000", headers=PIECE)
    text = page.get_data(as_text=True)
    assert "<b>适用</b>" in text
    assert "<b>不适用</b>" in text


def test_the_page_asks_what_a_list_excludes_and_the_longer_limitation(client: FlaskClient) -> None:
    page = client.get(FOOD).get_data(as_text=True)
    assert 'name="拒绝检查"' in page
    assert 'name="longer_limitation"' in page


def test_the_facts_go_into_a_new_case(client: FlaskClient) -> None:
    """What was weighed is not typed again; a condition of a list needs its own words, so it stays behind."""
    weighed = {
        "fact.goods_value": "3千",
        "act_from": "2026-09-01",
        "found": "2026-09-21",
        "fact.corrected": "是",
    }
    assert client.post(FOOD, data=weighed).status_code == 400  # nobody said who they are
    client.post("/who", data={"name": "示例张", "role": "经办人"})
    assert client.post(f"{FOOD}.json", data=weighed | {"found": "九月"}).status_code == 400
    answer = client.post(FOOD, data=weighed)
    assert answer.status_code == 303
    id = answer.headers["Location"].removeprefix("/caseform/")
    [violation] = twin(client, f"/cases/{id}.json")["case"]["violations"]
    assert violation == {
        "benchmark": "market/unlicensed-food-business",
        "facts": {"goods_value": "3000"},
        "act": {"start": "2026-09-01", "end": "2026-09-01"},
        "found_on": "2026-09-21",
    }


def test_the_page_offers_a_case_to_whoever_says_who_they_are(client: FlaskClient) -> None:
    button = "以这些事实新建案件"
    assert button not in client.get(f"{FOOD}?goods_value=3000").get_data(as_text=True)
    back = f"{FOOD}?goods_value=3000"
    said = client.post("/who", data={"name": "示例张", "role": "经办人", "back": back})
    assert said.headers["Location"] == back
    page = client.get(back).get_data(as_text=True)
    assert button in page
    assert '<input type="hidden" name="fact.goods_value" value="3000">' in page
    assert twin(client, f"{FOOD}.json")["earlier"] == []
