"""The batch desk: a table is uploaded, mapped, checked, made, stopped, gone on with, taken away, deleted."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.base import Base
from app.web.factory import create_app
from tests.app.conftest import NOW
from tests.casework.batch_kit import CASE, as_csv, as_xlsx, open_home, row, rows

PATIENCE = 120


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    base = open_home(tmp_path_factory.mktemp("home"))
    yield base
    base.store.close()


@pytest.fixture
def client(agency: Base) -> FlaskClient:
    return create_app(agency, now=lambda: NOW).test_client()


def upload(client: FlaskClient, data: bytes, name: str = "rows.xlsx", **more: Any) -> Any:
    form = {
        "type": "decision",
        "file": (io.BytesIO(data), name),
        "yaml": CASE.read_text(encoding="utf-8"),
        **more,
    }
    return client.post("/batch.json", data=form, content_type="multipart/form-data")


def uploaded(client: FlaskClient, data: bytes, name: str = "rows.xlsx") -> str:
    answer = upload(client, data, name)
    assert answer.status_code == 200, answer.text
    return str(answer.json["id"])


def state(client: FlaskClient, id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(f"/batch/{id}.json").text)
    return found


def settled(client: FlaskClient, id: str) -> dict[str, Any]:
    """How a batch stands once no thread works on it."""
    until = time.monotonic() + PATIENCE
    while (now := state(client, id))["state"] in ("正在检查", "正在做"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return now


def press(client: FlaskClient, id: str, do: str, **more: str) -> Any:
    return client.post(f"/batch/{id}.json", data={"do": do, **more})


def test_from_upload_to_download(client: FlaskClient) -> None:
    id = uploaded(client, as_xlsx([row(1), row(2, **{"告知书文号": None}), row(3)]))
    now = state(client, id)
    assert (now["state"], now["table"]["rows"], now["table"]["unclear"]) == ("待检查", 3, [])
    press(client, id, "check")
    checked = settled(client, id)["checked"]
    assert (checked["total"], checked["good"]) == (3, 2)
    assert [(f["column"], f["rows"]) for f in checked["faults"] if f["column"]] == [("告知书文号", [3])]
    assert "告知书文号" in client.get(f"/batch/{id}").text
    press(client, id, "start")
    now = settled(client, id)
    assert (now["state"], now["counts"]["出具"], now["counts"]["草稿"]) == ("做完", 2, 1)
    with client.get(f"/batch/{id}/letters.zip") as answer:
        letters = io.BytesIO(answer.data)
    with zipfile.ZipFile(letters) as archive:
        assert len(archive.namelist()) == 4
        assert archive.read("批次报告.xlsx") == client.get(f"/batch/{id}/report.xlsx").data
    assert press(client, id, "start").status_code == 409
    assert press(client, id, "remove").json == {"removed": id}
    assert client.get(f"/batch/{id}").status_code == 404


def test_a_batch_outlives_the_server(agency: Base, client: FlaskClient) -> None:
    id = uploaded(client, as_xlsx(rows(150)))
    press(client, id, "start")
    until = time.monotonic() + PATIENCE
    while not state(client, id)["done"]:
        assert time.monotonic() < until
        time.sleep(0.02)
    press(client, id, "stop")
    now = settled(client, id)
    assert now["state"] == "停了"
    assert 0 < now["done"] < 150
    assert client.get(f"/batch/{id}/letters.zip").status_code == 400
    other = create_app(agency, now=lambda: NOW).test_client()  # as after a restart
    again = state(other, id)
    assert (again["state"], again["done"], again["total"]) == ("停了", now["done"], 150)
    press(other, id, "start")
    now = settled(other, id)
    assert (now["state"], now["counts"]["出具"]) == ("做完", 150)
    press(other, id, "remove")


def test_columns_are_mapped_by_hand(client: FlaskClient) -> None:
    id = uploaded(client, as_csv([["甲店", "x"]], ("谁", "别的")), "a.csv")
    page = client.get(f"/batch/{id}").text
    assert "2 列没有认出" in page
    assert 'value="check"' not in page
    press(client, id, "start")
    assert "没有认出列" in settled(client, id)["line"]
    press(client, id, "map", **{"column-A": "parties.1.trade_name", "column-B": "不用"})
    table = state(client, id)["table"]
    assert [c["path"] for c in table["columns"]] == ["parties.1.trade_name"]
    assert 'value="parties.1.trade_name"' in client.get(f"/batch/{id}").text
    wrong = press(client, id, "map", **{"column-A": "没有的"})
    assert wrong.status_code == 200  # kept as it was typed, and said on the page
    assert "没有“没有的”这一项" in client.get(f"/batch/{id}").text
    press(client, id, "remove")


def test_a_page_that_waits_asks_again(client: FlaskClient) -> None:
    id = uploaded(client, as_xlsx(rows(120)))
    press(client, id, "start")
    part = client.get(f"/batch/{id}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'hx-trigger="every 1s"' in part
    settled(client, id)
    assert "hx-trigger" not in client.get(f"/batch/{id}", headers={"HX-Request": "true"}).text
    press(client, id, "remove")


@pytest.mark.parametrize(
    ("data", "name", "more", "said"),
    [
        (b"", "a.xlsx", {}, "a.xlsx"),
        (b"MZ\x90", "a.exe", {}, "不是能读的行表"),
        (b"PK\x03\x04" + b"\0" * 100, "a.xlsx", {}, "a.xlsx"),
        ("当事人\n甲".encode(), "a.csv", {"yaml": "a: [1"}, "底稿"),
        ("当事人\n甲".encode(), "a.csv", {"type": "没有"}, "没有文书类型"),
    ],
    ids=["empty", "program", "torn", "yaml", "type"],
)
def test_a_hostile_upload_is_one_line(
    data: bytes, name: str, more: dict[str, str], said: str, client: FlaskClient
) -> None:
    answer = upload(client, data, name, **more)
    assert answer.status_code == 422
    error = answer.json["error"]
    assert said in error["message"] + error["where"] + error["hint"]
    assert not client.get("/batch.json").json["batches"]


def test_an_upload_that_is_too_large(client: FlaskClient) -> None:
    kind = "multipart/form-data; boundary=x"
    claims = {"CONTENT_LENGTH": str(18 << 20)}
    answer = client.post("/batch.json", data=b"--x", content_type=kind, environ_overrides=claims)
    assert answer.status_code == 413
    assert "不超过 16 MB" in answer.json["error"]["hint"]


@pytest.mark.parametrize("id", ["0" * 12, "..", "x" * 12, "a" * 200])
def test_a_batch_nobody_has(id: str, client: FlaskClient) -> None:
    assert client.get(f"/batch/{id}.json").status_code == 404
    assert press(client, id, "remove").status_code == 404


def test_a_name_is_shown_as_text(client: FlaskClient) -> None:
    id = uploaded(client, as_csv([row(1)]), "<img src=x onerror=alert(1)>.csv")
    assert "<img src=x" not in client.get(f"/batch/{id}").text + client.get("/batch").text
    press(client, id, "remove")


def test_the_empty_table(client: FlaskClient) -> None:
    answer = client.get("/batch/empty/decision.xlsx")
    assert answer.data.startswith(b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]
