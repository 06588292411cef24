"""The page of search: what was understood and how to undo it, reasons, amounts, what belongs together."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.weights import KIND_WEIGHTS

UNLICENSED = "market/unlicensed-food-business"


def html(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def data(client: FlaskClient, address: str) -> dict[str, Any]:
    found = client.get(address).get_json()
    assert isinstance(found, dict)
    return found


def links(page: str) -> dict[str, str]:
    """The links of a page: what is read out, and the address."""
    found = re.findall(r'<a[^>]*?href="([^"]*)"(?: aria-label="([^"]*)")?[^>]*>(.*?)</a>', page, re.S)
    return {label or re.sub(r"<[^>]+>", "", text).strip(): address for address, label, text in found}


def test_each_note_has_a_link_that_undoes_it(client: FlaskClient) -> None:
    address = "/?q=无证 餐饮"
    assert "食品经营、餐饮服务" in html(client, address)
    undone = html(client, links(html(client, address))["不这样理解“餐饮”"])
    assert "食品经营、餐饮服务" not in undone
    assert "未取得许可" in undone
    assert "食品经营、餐饮服务" in html(client, links(undone)["恢复撤销的 1 处理解"])


def test_undoing_keeps_the_filters(client: FlaskClient) -> None:
    page = html(client, "/?q=无证 餐饮&kind=benchmark&domain=市场监管&on=2026-11-01")
    address = links(page)["不这样理解“餐饮”"]
    for part in ("kind=benchmark", "domain=", "on=2026-11-01", "undo="):
        assert part in address


def test_what_was_undone_of_other_words_lapses(client: FlaskClient) -> None:
    assert "恢复" not in html(client, "/?q=噪声&undo=synonym:餐饮")
    assert "恢复" in html(client, "/?q=餐饮&undo=synonym:餐饮")


@pytest.mark.parametrize("undo", ["", ":", "x", "*", "synonym:", "无:" + "证" * 500])
def test_any_undo_is_taken(client: FlaskClient, undo: str) -> None:
    assert client.get("/", query_string={"q": "无证 餐饮", "undo": [undo] * 50}).status_code == 200


def test_reasons_are_shown_when_asked_for(client: FlaskClient) -> None:
    page = html(client, "/?q=无证 餐饮")
    assert f"裁量权基准 × {KIND_WEIGHTS['benchmark']}" not in page
    assert f"裁量权基准 × {KIND_WEIGHTS['benchmark']}" in html(client, links(page)["为什么这样排"])
    assert data(client, "/search.json?q=无证 餐饮&explain=1")["hits"][0]["explain"]


def test_an_amount_leads_to_its_branch(client: FlaskClient) -> None:
    page = html(client, "/?q=无证餐饮 货值3000")
    assert "货值金额不足一万元<b>罚款5万元以上10万元以下</b>" in page


def test_what_belongs_together_is_linked(client: FlaskClient) -> None:
    for query, title in (
        ("无证餐饮", "《中华人民共和国食品安全法》第一百二十二条"),
        ("食安法122", "未取得食品经营许可从事食品经营活动"),
    ):
        assert client.get(links(html(client, f"/?q={query}"))[title]).status_code == 200


def test_a_missing_article_can_be_searched_as_words(client: FlaskClient) -> None:
    page = html(client, "/?q=食安法1000条")
    assert "没有找到《中华人民共和国食品安全法》第一千条" in page
    assert "《中华人民共和国食品安全法》第一百五十四条" in links(page)
    again = html(client, links(page)["把“食安法1000条”当作普通的词查找"])
    assert "没有找到《" not in again


@pytest.mark.parametrize(
    ("query", "suggestions"),
    [
        ("食品安", ["中华人民共和国食品安全法", "中华人民共和国食品安全法实施条例"]),
        ("xzcf", ["中华人民共和国行政处罚法"]),
        ("处罚法33", []),
        ("魑魅魍魉", []),
    ],
)
def test_suggestions(client: FlaskClient, query: str, suggestions: list[str]) -> None:
    found = data(client, f"/search.json?q={query}")["suggestions"]
    assert found[: len(suggestions) or None] == suggestions


def test_the_first_page_counts_what_the_list_shows(client: FlaskClient) -> None:
    counted = re.findall(
        r'href="(/benchmark\?domain=[^"]*)">[^<]*<span class="quiet">(\d+)<', html(client, "/")
    )
    assert len(counted) == 7
    for address, number in counted:
        assert data(client, address.replace("?", ".json?"))["total"] == int(number), address
