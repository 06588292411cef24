"""The desk of templates: take one out, check one's own, hand it in, draft with it, back to the shipped."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient

from app.api import templates as api
from app.base import Base
from generator.catalogue import document_type, shipped_template, use_own_templates
from generator.owntemplates import OwnTemplates

KIND = "service_receipt"


@pytest.fixture(autouse=True)
def base(web_base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Base]:
    """The base of the tests, with a folder of own templates for this test alone."""
    own = OwnTemplates(tmp_path / "templates")
    monkeypatch.setitem(web_base.__dict__, "own_templates", own)
    use_own_templates(own)
    yield web_base
    use_own_templates(None)


def changed(*lines: str) -> bytes:
    """The shipped service receipt with more lines."""
    document = docx.Document(str(shipped_template(document_type(KIND))))
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def post(client: FlaskClient, do: str, file: bytes | None = None, **how: Any) -> Any:
    data = {"do": do, **how}
    if file is not None:
        data["file"] = (io.BytesIO(file), "本机关.docx")
    return client.post(f"/templates/{KIND}.json", data=data, content_type="multipart/form-data")


def test_every_paper_has_a_template(client: FlaskClient) -> None:
    rows = client.get("/templates.json").get_json()["templates"]
    assert {row["in_use"] for row in rows} == {"shipped"}
    for row in rows:
        page = client.get(f"/templates/{row['type']}")
        assert page.status_code == 200
        answer = client.get(f"/templates/{row['type']}/shipped.docx")
        assert answer.data == shipped_template(document_type(row["type"])).read_bytes()
    assert "文书模板" in client.get("/templates").text


def test_a_template_is_checked_and_not_kept(client: FlaskClient, base: Base) -> None:
    answer = post(client, "check", changed("{{ party.nmae }}"))
    found = answer.get_json()["findings"]
    assert [f["code"] for f in found] == ["T10"]
    assert (
        "party.name"
        in client.post(
            f"/templates/{KIND}",
            data={"do": "check", "file": (io.BytesIO(changed("{{ party.nmae }}")), "x.docx")},
            content_type="multipart/form-data",
        ).text
    )
    copy = post(client, "comments", changed("{{ party.nmae }}"))
    assert docx.Document(io.BytesIO(copy.data)).comments
    assert base.own_templates.log(KIND) == ()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"do": "add"}, "没有选择文件"),
    "no .docx": ({"do": "add", "file": b"%PDF", "by": "甲"}, "PDF"),
    "a fault": ({"do": "add", "file": changed("{% if a %}"), "by": "甲"}, "没有对应的结束标签"),
    "nobody": ({"do": "add", "file": changed("甲"), "by": " "}, "没有写是谁"),
    "no such version": ({"do": "use", "version": "abc", "by": "甲"}, "没有版本"),
    "a path": ({"do": "use", "version": "../../x", "by": "甲"}, "没有版本"),
    "no such act": ({"do": "burn"}, "操作"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_taken(client: FlaskClient, base: Base, kind: str) -> None:
    how, says = REFUSED[kind]
    answer = post(client, **how)
    assert answer.status_code == 422
    assert says in answer.get_json()["error"]["message"] + answer.get_json()["error"]["hint"]
    assert base.own_templates.log(KIND) == ()


def test_a_version_is_used_to_draft_and_put_back(client: FlaskClient, base: Base) -> None:
    from generator.drafting import version

    kind = document_type(KIND)
    one, two = changed("本机关的一行"), changed("本机关的两行")
    first = post(client, "add", one, by="甲").get_json()["version"]
    second = post(client, "add", two, by="乙").get_json()
    assert second["in_use"] == second["version"] != first
    assert kind.template.read_bytes() == two
    assert version(kind) == second["version"]
    assert client.get(f"/templates/{KIND}/{first}.docx").data == one
    assert post(client, "use", version=first, by="甲").get_json()["in_use"] == first
    assert kind.template.read_bytes() == one
    assert post(client, "use", version="shipped", by="甲").get_json()["in_use"] == "shipped"
    assert kind.template == shipped_template(kind)
    log = api.versions(base, kind)["versions"]
    assert [(row["version"], row["by"]) for row in log] == [
        ("shipped", "甲"),
        (first, "甲"),
        (second["version"], "乙"),
        (first, "甲"),
    ]
    assert client.get(f"/templates/{KIND}/0000.docx").status_code == 404
