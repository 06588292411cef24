"""The settings desk: the agency's own values take the place of 示例, by two named persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import clock
from app.api.settings import questions
from app.base import Base
from app.config import load
from app.web.factory import create_app

NOW = datetime(2026, 11, 22, 9, tzinfo=clock.CHINA)
NAMES = {"author": "甲", "approved_by": "乙"}
COURT = {"organ/court.name": "某县人民法院", "organ/court.address": "某路1号"}


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    base = Base.open(load({}, home=tmp_path), say=lambda _line: None)
    yield base
    base.store.close()


@pytest.fixture
def own(base: Base) -> FlaskClient:
    return create_app(base, now=lambda: NOW).test_client()


def form(base: Base, **more: str) -> dict[str, str]:
    return {"revision": str(base.snapshot().revision), **NAMES, **more}


def everything() -> dict[str, str]:
    return {f"{q.id}.{b.name}": f"本机关{b.label}" for q in questions() for b in q.blanks}


def test_the_banner_asks_until_nothing_is_an_example(own: FlaskClient, base: Base) -> None:
    assert "当前使用示例机关设置" in own.get("/").get_data(as_text=True)
    states = {s["id"]: s["state"] for s in own.get("/settings.json").get_json()["settings"]}
    assert states["organ/profile"] == "example"
    assert states["organ/court"] == "missing"  # there is no default court
    answer = own.post("/settings.json", data=form(base, **everything())).get_json()
    assert len(answer["changed"]) == len(questions())
    assert {s["state"] for s in answer["settings"]} == {"own"}
    assert "当前使用示例机关设置" not in own.get("/").get_data(as_text=True)


def test_one_setting_alone_is_kept_and_the_others_stay(own: FlaskClient, base: Base) -> None:
    answer = own.post("/settings", data=form(base, **COURT))
    assert "已保存：有管辖权的人民法院" in answer.get_data(as_text=True)
    found = base.snapshot().setting("organ/court", date(2026, 11, 22))
    assert found.value == {"name": "某县人民法院", "address": "某路1号"}
    assert not found.source.example
    assert found.source.checked == NOW.date()
    assert own.post("/settings.json", data=form(base, **COURT)).get_json()["changed"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"author": ""}, "没有写明填写人和核对人"),
        ({"approved_by": ""}, "没有写明填写人和核对人"),
        ({"approved_by": "甲"}, "不能是填写人本人"),
        ({"revision": "x"}, "表格不完整"),
        ({"organ/bank.bank": "某银行"}, "这一项要填"),
    ],
)
def test_a_fault_keeps_nothing_and_gives_everything_back(
    own: FlaskClient, base: Base, change: dict[str, str], said: str
) -> None:
    before = base.snapshot().revision
    answer = own.post("/settings", data={**form(base, **COURT), **change})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "某县人民法院" in page
    assert base.snapshot().revision == before


def test_a_setting_changed_by_another_since_is_refused(own: FlaskClient, base: Base) -> None:
    stale = form(base, **COURT)
    assert own.post("/settings", data=stale).status_code == 200
    again = own.post("/settings.json", data={**stale, "organ/court.name": "另一人民法院"})
    assert again.status_code == 422
    assert again.get_json()["error"]["code"] == "conflict"
    assert base.snapshot().setting("organ/court", date(2026, 11, 22)).value["name"] == "某县人民法院"
