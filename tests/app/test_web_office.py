"""The desk of the office: what waits, registers, and the recordings and score of a case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from flask.testing import FlaskClient

from app.base import Base
from app.web.factory import create_app
from tests.app.conftest import NOW
from tests.casework.batch_kit import open_home

FOOD = "demo/unlicensed-food"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Base]:
    """An agency of its own with one case whose decision was issued."""
    from app.api import cases

    base = open_home(tmp_path_factory.mktemp("office"))
    body = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text("utf-8"))
    del body["decision"]["number"]
    cases.create(base, body | {"publish": True}, by="示例张", at=NOW)
    cases.issue(base, FOOD, "decision", by="示例张", at=NOW)
    yield base
    base.store.close()


@pytest.fixture
def visitor(desk: Base) -> FlaskClient:
    client = create_app(desk, now=lambda: NOW).test_client()
    said = quote(json.dumps({"name": "示例张", "role": "经办人"}, ensure_ascii=False))
    client.set_cookie("cailiang_who", said)
    return client


@pytest.fixture
def stranger(desk: Base) -> FlaskClient:
    return create_app(desk, now=lambda: NOW).test_client()


def test_a_decision_waits_is_published_and_withdrawn(visitor: FlaskClient) -> None:
    (row,) = visitor.get("/office.json").get_json()["publications"]
    assert row["state"] == "待公示"
    number = row["summary"]["number"]
    assert number in visitor.get("/office").text
    bad = visitor.post("/office.json", data={"do": "withdraw", "number": number, "why": "改变"})
    assert bad.status_code >= 400
    (row,) = visitor.post("/office.json", data={"do": "publish", "number": number}).get_json()["publications"]
    assert row["state"] == "公示中"
    assert number in visitor.get("/office/public.html").text
    assert FOOD not in visitor.get("/office/public.json").text
    data = {"do": "withdraw", "number": number, "why": "决定被撤销"}
    (row,) = visitor.post("/office.json", data=data).get_json()["publications"]
    assert row["state"] == "已撤回"
    assert number not in visitor.get("/office/public.html").text


def test_a_register_is_entered_and_mended(visitor: FlaskClient) -> None:
    url = "/ledgers/staff"
    page = visitor.post(url, data={"do": "add", "name": "示例孙", "certificate": "1", "expires": "明年"})
    assert page.status_code == 400
    assert "证件有效期届满“明年”读不懂" in page.text
    assert 'value="示例孙"' in page.text
    page = visitor.post(
        url, data={"do": "add", "name": "示例孙", "certificate": "1", "expires": "2020-01-01"}
    )
    assert "2026-1 已记入台账" in page.text
    (ended,) = visitor.get("/office.json").get_json()["endings"]["rows"]
    assert (ended["name"], ended["state"]) == ("示例孙", "已届满")
    assert "作废：重复" in visitor.post(url, data={"do": "void", "row": "2026-1", "why": "重复"}).text
    assert visitor.get("/office.json").get_json()["endings"]["rows"] == []


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/office", {"do": "burn"}),
        ("/ledgers/staff", {"do": "void", "row": "x", "why": "y"}),
        ("/ledgers/staff", {"do": "fill", "row": "2026-99", "column": "name", "text": "甲"}),
        ("/ledgers/staff", {"do": "fill", "row": "２０２６-1", "column": "name", "text": "甲"}),
        ("/ledgers/staff", {"do": "burn"}),
        ("/ledgers/nothing", {}),
        ("/numbers", {"do": "start", "last": "三十七号"}),
        ("/numbers", {"do": "burn"}),
        ("/office", {"do": "publish", "number": "没有"}),
    ],
)
def test_a_wrong_post_is_one_line(visitor: FlaskClient, url: str, data: dict[str, str]) -> None:
    answer = visitor.post(f"{url}.json", data=data)
    assert 400 <= answer.status_code < 500
    assert answer.get_json()["error"]["message"]


def test_nobody_writes_without_a_name(stranger: FlaskClient) -> None:
    answer = stranger.post("/office.json", data={"do": "publish", "number": "x"})
    assert "没有写明您是谁" in answer.get_json()["error"]["message"]


def test_a_case_has_its_recordings_score_and_files(visitor: FlaskClient, stranger: FlaskClient) -> None:
    url = f"/office/case/{FOOD}"
    data = visitor.get(f"{url}.json").get_json()
    assert data["score"]["rows"]
    assert data["recordings"] == []
    assert "案卷评查评分表" in visitor.get(url).text
    for name in ("score.docx", "score.xlsx", "recordings.xlsx", "rekey.xlsx", "rekey.html"):
        answer = visitor.get(f"{url}?file={name}")
        assert answer.status_code == 200, name
        assert len(answer.data) > 500
    refused = stranger.get(f"{url}?file=rekey.xlsx")
    assert "您的角色看不到" in refused.text
    assert visitor.get(f"{url}?file=x.exe").status_code == 400
    assert visitor.get("/office/case/nothing").status_code == 404


def test_tables_can_be_taken_out(visitor: FlaskClient) -> None:
    for name in ("basis.xlsx?domain=市场监管", "review.xlsx", "inspections.xlsx"):
        assert visitor.get(f"/office/{name}").data.startswith(b"PK"), name
    assert visitor.get("/office/basis.xlsx?post=没有的").status_code == 400


def test_an_officer_in_two_cases_at_once_is_shown(desk: Base, visitor: FlaskClient, root: Path) -> None:
    from app.api import cases

    body = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text("utf-8"))
    times = {"started": "2026-09-08 09:00", "finished": "2026-09-08 10:00"}
    papers = [{"type": "inspection_record", "values": times}]
    for id in ("two/first", "two/second"):
        cases.create(desk, body | {"id": id, "papers": papers}, by="示例张", at=NOW)
    found = visitor.get("/office.json").get_json()["clashes"]
    assert {c["officer"] for c in found} == {"示例张", "示例李"}
    page = visitor.get("/office").text
    assert "人员同时在两个案件的笔录里" in page
    assert 'href="/cases/two/second"' in page
