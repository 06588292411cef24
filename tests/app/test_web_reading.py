"""The reading pages: search, laws, records; each with a twin of the same data."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.api.links import record_url
from app.base import Base
from kb.records import Synonym

LAW = "示例县市容条例"


def twin(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    data = answer.get_json()
    assert isinstance(data, dict)
    return data


def text(client: FlaskClient, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


# ---------------------------------------------------------------- search


def test_the_first_page_is_whole_without_a_query(client: FlaskClient) -> None:
    page = text(client, "/")
    assert 'name="q"' in page
    assert "/benchmark?domain=" in page
    assert twin(client, "/search.json")["total"] == 0


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("处罚法59条", "law/中华人民共和国行政处罚法/59"),
        ("食品安全法 122条第1款", "law/中华人民共和国食品安全法/122"),
        ("无证 餐饮", "market/unlicensed-food-business"),
    ],
)
def test_the_first_hit_is_the_thing_itself(client: FlaskClient, query: str, first: str) -> None:
    found = twin(client, f"/search.json?q={query}")
    assert found["hits"][0]["id"] == first
    assert {"query", "total", "hits"} <= set(found)
    page = text(client, f"/?q={query}")
    assert f'href="{found["hits"][0]["url"]}"' in page


def test_every_hit_leads_to_a_page(client: FlaskClient) -> None:
    for query in ("食品", "噪声", "罚款", "首次违法"):
        for hit in twin(client, f"/search.json?q={query}")["hits"]:
            assert client.get(hit["url"]).status_code == 200, hit["url"]


def test_htmx_gets_only_the_results(client: FlaskClient) -> None:
    piece = text(client, "/?q=食品", **{"HX-Request": "true"})
    assert "<html" not in piece
    assert "<li" in piece


def test_nonsense_says_what_was_searched_and_what_is_near(client: FlaskClient) -> None:
    found = twin(client, "/search.json?q=魑魅魍魉")
    assert found["total"] == 0
    assert found["nearest"]
    assert "魑魅魍魉" in text(client, "/?q=魑魅魍魉")


def test_what_was_typed_is_never_markup(client: FlaskClient) -> None:
    page = text(client, "/?q=<script>alert(1)</script>食品")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_marks_stand_around_the_match(client: FlaskClient) -> None:
    assert "<mark>" in text(client, "/?q=过期食品")


def test_a_search_sees_what_another_process_wrote(client: FlaskClient, web_base: Base) -> None:
    from datetime import UTC, datetime

    from kb.records import Source

    before = twin(client, "/search.json?q=鱼丸推车")
    row = Synonym(
        id="test/fish-ball", said=["鱼丸推车"], meant=["未取得食品经营许可"], source=Source(instrument="测试")
    )
    with web_base.store.writing(author="测试", at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        w.put_record(row)
    after = twin(client, "/search.json?q=鱼丸推车")
    assert after["understood"] != before["understood"]


# ---------------------------------------------------------------- laws


def test_an_article_shows_the_text_of_the_day(client: FlaskClient) -> None:
    now = twin(client, f"/law/{LAW}/2.json")
    assert now["standing"]["code"] == "in_force"
    assert [p["paragraph"] for p in now["paragraphs"]] == [1, 2]
    assert now["paragraphs"][0]["items"][1]["text"] == "（二）搭建棚亭。"
    old = twin(client, f"/law/{LAW}/2.json?on=2015-05-01")
    assert old["paragraphs"][0]["text"] == "旧条例的第二条。"
    assert old["paragraphs"][0]["paragraph"] is None  # no 款 in a one-paragraph article
    assert "旧条例的第二条。" in text(client, f"/law/{LAW}/2?on=2015-05-01")


def test_article_text_is_never_markup(client: FlaskClient) -> None:
    assert "&lt;b&gt;标签" in text(client, f"/law/{LAW}/1")


def test_neighbours_keep_the_day(client: FlaskClient) -> None:
    found = twin(client, f"/law/{LAW}/2.json?on=2024-01-02")
    assert found["previous"]["article"] == "1"
    assert found["next"]["url"].endswith("/3?on=2024-01-02")
    assert twin(client, f"/law/{LAW}/3.json")["next"] is None


def test_a_repealed_law_says_since_when_and_by_what(client: FlaskClient) -> None:
    found = twin(client, "/law/中华人民共和国水污染防治法/83.json?on=2026-09-01")
    assert found["standing"]["code"] == "repealed"
    assert found["standing"]["changed_on"] == "2026-08-15"
    assert "生态环境法典" in found["standing"]["by"]
    page = text(client, "/law/中华人民共和国水污染防治法/83?on=2026-09-01")
    assert "2026-08-15" in page
    assert "生态环境法典" in page
    before = twin(client, "/law/中华人民共和国水污染防治法/83.json?on=2026-08-01")
    assert before["standing"]["code"] == "in_force"


def test_a_day_that_is_not_loaded_gets_no_text_of_another_day(client: FlaskClient) -> None:
    found = twin(client, "/law/中华人民共和国食品安全法/122.json?on=2018-01-01")
    assert found["standing"]["code"] == "not_loaded"
    assert found["paragraphs"] == []
    assert "未载入" in text(client, "/law/中华人民共和国食品安全法/122?on=2018-01-01")


def test_without_text_the_structure_is_shown(client: FlaskClient) -> None:
    found = twin(client, "/law/中华人民共和国行政处罚法/59.json")
    assert found["has_text"] is False
    assert len(found["paragraphs"]) == 2
    assert len(found["paragraphs"][0]["items"]) == 6
    assert "第五十九条第一款第（六）项" in text(client, "/law/中华人民共和国行政处罚法/59")


def test_an_article_says_which_benchmarks_cite_it(client: FlaskClient) -> None:
    citing = twin(client, "/law/中华人民共和国食品安全法/122.json")["cited_by"]
    assert "market/unlicensed-food-business" in {row["id"] for row in citing}


def test_a_short_name_finds_the_law(client: FlaskClient) -> None:
    assert twin(client, "/law/行政处罚法.json")["law"] == "中华人民共和国行政处罚法"
    assert twin(client, "/law/食安法/122.json")["law"] == "中华人民共和国食品安全法"


def test_the_list_of_laws_narrows_and_offers_the_nearest(client: FlaskClient) -> None:
    assert [row["title"] for row in twin(client, f"/law.json?q={LAW}")["laws"]] == [LAW]
    missed = twin(client, "/law.json?q=食品安全発")
    assert missed["total"] == 0


# ---------------------------------------------------------------- records


@pytest.mark.parametrize("kind", ["leniency", "phrase", "case_study", "procedure"])
def test_every_record_has_a_page_and_a_twin(client: FlaskClient, web_base: Base, kind: str) -> None:
    rows = web_base.snapshot().records(kind)
    assert rows
    for row in rows:
        address = record_url(kind, row.id)
        page = text(client, address)
        assert row.title in page.replace("&#39;", "'")
        assert ("示例</span>" in page) == row.source.example
        assert twin(client, f"{address}.json")["record"]["id"] == row.id
        assert address.count(address.split("/")[1] + "/") == 1


def test_every_benchmark_has_a_page_and_every_link_on_it_works(client: FlaskClient, web_base: Base) -> None:
    ids = {row.id for row in web_base.snapshot().benchmarks()}
    assert len(ids) >= 12
    for id in ids:
        data = twin(client, f"/benchmark/{id}.json")
        links = [*data["violated"], *data["penalty_basis"], *data["related"]["cases"]]
        for link in links:
            assert link["url"], f"{id}: {link}"
            assert client.get(link["url"]).status_code == 200, link["url"]
        assert data["violation"] in text(client, f"/benchmark/{id}")


# ---------------------------------------------------------------- what rests on a law


def test_what_rests_on_a_law_is_a_page_with_records_and_templates(client: FlaskClient) -> None:
    data = twin(client, "/impact/行政处罚法.json?article=第四十四条")
    assert (data["law"], data["article"]) == ("中华人民共和国行政处罚法", "44")
    assert any(row["name"] == "行政处罚告知书" for row in data["templates"])
    page = text(client, "/impact/食品安全法")
    assert 'href="/benchmark/market/unlicensed-food-business"' in page
    assert "裁量权基准" in page
