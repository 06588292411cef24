"""Who may ask, who may post, and what every answer carries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import Base
from app.web.factory import create_app

HERE = {"Host": "127.0.0.1:8720"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (HERE, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "LOCALHOST:80"}, 200),
        ({"Host": "[::1]:8720"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.:80"}, 403),
        ({**HERE, "Origin": "http://127.0.0.1:8720"}, 200),
        ({**HERE, "Origin": "http://evil.example"}, 403),
        ({**HERE, "Origin": "http://127.0.0.1:9999"}, 403),
        ({**HERE, "Origin": "null"}, 403),
        ({**HERE, "Sec-Fetch-Site": "cross-site"}, 200),  # a link on another page may lead here
    ],
)
def test_reading_needs_our_own_host_and_origin(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/draft", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),  # a program, not a browser: browsers always say where a post comes from
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_posting_needs_our_own_page(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/draft/decision", data={"do": "clear"}, headers=headers)
    assert answer.status_code == status


def test_a_host_named_in_the_configuration_may_be_used(web_base: Base) -> None:
    app = create_app(web_base, config={"ALLOWED_HOSTS": ("Zhifa.Example",)})
    assert app.test_client().get("/draft", headers={"Host": "zhifa.example:80"}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/draft", "/law.json", "/nowhere", "/static/app.css"])
def test_every_answer_carries_the_headers_of_safety(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_templates_hold_no_script_style_or_foreign_address(root: Path) -> None:
    """What the policy would block anyway is not written in the first place."""
    for path in (root / "app" / "web" / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for forbidden in (
            "<style",
            ' style="',
            " onclick=",
            " hx-on",
            "javascript:",
            "|safe",
            "http://",
            "https://",
        ):
            assert forbidden not in text, f"{path.name}: {forbidden}"


ERRORS = [
    ("/nowhere", 404, "not_found"),
    ("/law/没有这部法", 404, "not_found"),
    ("/law/示例县市容条例/99", 404, "not_found"),
    ("/law/示例县市容条例/九", 404, "not_found"),
    ("/law/示例县市容条例?on=昨天", 400, "bad_value"),
    ("/law/示例县市容条例?on=2026-02-30", 400, "bad_value"),
    ("/benchmark/market/nothing", 404, "not_found"),
    ("/leniency/nothing", 404, "not_found"),
    ("/draft/nothing", 404, "not_found"),
    ("/search?q=食品&kind=bogus", 400, "bad_value"),
    ("/search?q=食品&domain=bogus", 400, "bad_value"),
    ("/search?q=食品&n=-1", 400, "bad_value"),
]


@pytest.mark.parametrize(("address", "status", "code"), ERRORS)
def test_a_failure_is_one_line_the_same_on_page_and_twin(
    client: FlaskClient, address: str, status: int, code: str
) -> None:
    path, mark, query = address.partition("?")
    twin = client.get(f"{path}.json{mark}{query}")
    assert twin.status_code == status
    error = json.loads(twin.get_data())["error"]
    assert set(error) == {"code", "message", "where", "hint"}
    assert error["code"] == code
    page = client.get(address)
    assert page.status_code == status
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    assert error["message"].split("“")[0] in text
    assert "Traceback" not in text


def test_accept_json_gets_a_json_error(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.get_json()["error"]["code"] == "not_found"


def test_a_htmx_request_gets_a_piece(client: FlaskClient) -> None:
    answer = client.get("/search?q=食品&n=0", headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert "<html" not in text
    assert 'role="alert"' in text


def test_wrong_method_and_too_large(web_app: Flask, client: FlaskClient) -> None:
    assert client.delete("/draft").status_code == 405
    big = "a" * (web_app.config["MAX_CONTENT_LENGTH"] + 1)
    answer = client.post("/draft/decision.json", data={"yaml": big})
    assert answer.status_code == 413
    assert answer.get_json()["error"]["code"] == "too_large"
    assert "MB" in answer.get_json()["error"]["hint"]


def test_an_internal_failure_tells_nothing_of_the_inside(web_base: Base) -> None:
    class Broken:
        def snapshot(self) -> None:
            raise RuntimeError("secret path /home/x")

    app = create_app(Broken())
    app.logger.disabled = True
    answer = app.test_client().get("/law.json")
    assert answer.status_code == 500
    assert answer.get_json()["error"]["code"] == "internal"
    assert "secret" not in answer.get_data(as_text=True)


HOSTILE = (
    "%00",
    "%ff%fe",
    "%F0%9F%98%80",
    "'%22%3E%3Cimg%20src=x%3E",
    "*?:[](){}~^%5C",
    "..%2F..%2Fetc%2Fpasswd",
    "9" * 150,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "address",
    [
        "/?q={}",
        "/?q=食品&on={}",
        "/law?q={}",
        "/law/{}",
        "/law/示例县市容条例/{}",
        "/benchmark/{}",
        "/benchmark/market/unlicensed-food-business?goods_value={}",
        "/benchmark/market/unlicensed-food-business?{}=1",
        "/case/{}",
        "/draft/{}",
        "/draft/decision?benchmark={}",
        "/static/{}",
    ],
)
def test_hostile_addresses_are_answered_never_failed(client: FlaskClient, address: str, text: str) -> None:
    answer = client.get(address.format(text), buffered=True)
    assert answer.status_code in (200, 400, 404), answer.get_data(as_text=True)
    assert "<img" not in answer.get_data(as_text=True).partition("<main")[2]
