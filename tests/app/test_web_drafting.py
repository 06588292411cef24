"""The drafting desk: the form holds every field of the case file, loses nothing, and gives the paper."""

from __future__ import annotations

import io
import re
import typing
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient

from app.api.caseform import ASKS
from app.base import Base
from app.web.casevalues import flatten, nest, read, tidy, to_yaml
from app.web.caseview import known_facts
from generator.casefile import CaseFile, load_case
from generator.catalogue import document_types
from kb.importing.yaml_files import parse_yaml, validate

TYPES = [kind.type for kind in document_types()]
BY_THE_PARTY = {"power_of_attorney", "statement_waiver"}
CASES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.yaml"))


def post(client: FlaskClient, type: str, do: str, data: dict[str, Any], **how: Any) -> Any:
    return client.post(f"/draft/{type}", data={**data, "do": do}, **how)


def form_of(path: Path) -> dict[str, str]:
    return flatten(load_case(path).model_dump(exclude_unset=True))


def fields_of(page: str) -> dict[str, str]:
    """What the case form of a page would send again."""
    form = page[page.index('id="case"') :]
    found = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', form))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option(?: value="([^"]*)")? ?selected>([^<]*)', options)
        found[name] = (chosen[1] or chosen[2]) if chosen else ""
    return {name: unescape(value) for name, value in found.items() if value}


def leaves(model: Any, path: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield from _walk(info.annotation, f"{path}.{name}" if path else info.alias or name)


def _walk(annotation: Any, path: str) -> Iterator[str]:
    if hasattr(annotation, "model_fields"):
        yield from leaves(annotation, path)
        return
    args = typing.get_args(annotation)
    if typing.get_origin(annotation) is list and hasattr(args[0], "model_fields"):
        yield from leaves(args[0], f"{path}.*")
        return
    if typing.get_origin(annotation) is dict:
        yield f"{path}.*"
        return
    plain = (typing.get_args(a)[0] if typing.get_origin(a) is typing.Annotated else a for a in args)
    inner = next((a for a in plain if hasattr(a, "model_fields")), None)
    rows = next((a for a in args if typing.get_origin(a) is list), None)
    if inner is not None:
        yield from leaves(inner, path)
    elif rows is not None:
        yield from _walk(rows, path)
    else:
        yield path


def test_the_form_has_every_field_of_the_case_file_and_no_other() -> None:
    assert set(ASKS) == set(leaves(CaseFile)) - {"schema"}


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_passes_through_the_form_unchanged(web_base: Base, path: Path) -> None:
    form = tidy(form_of(path))
    data, faults = read(form, known_facts(web_base.snapshot(), form))
    assert not faults
    assert CaseFile.model_validate(data) == load_case(path)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_case_passes_through_page_and_file_unchanged(client: FlaskClient, path: Path) -> None:
    form = form_of(path)
    page = post(client, "decision", "more", form).get_data(as_text=True)
    assert tidy(fields_of(page)) == tidy(form)
    saved = post(client, "decision", "save", form)
    data, lines = parse_yaml(saved.get_data(as_text=True), "CASE.yaml")
    assert validate(CaseFile, data, lines) == load_case(path)


def test_rows_left_blank_close_up() -> None:
    form = {"officers.0.name": " ", "officers.1.name": "甲", "officers.3.name": "乙", "bogus": "x"}
    assert tidy(form) == {"officers.0.name": "甲", "officers.1.name": "乙"}
    assert nest({"a.b": 1, "a.c.0": 2, "a.c.5": 3}) == {"a": {"b": 1, "c": [2, 3]}}


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("violations.0.fine", "5万", "50000"),
        ("violations.0.fine", "五万元", "50000"),
        ("violations.0.fine", "1,440.50", "1440.50"),
        ("decision.number", "12", "12"),
        ("decision.number", "示综执罚〔2026〕12号", "示综执罚〔2026〕12号"),
        ("decision.date", "2026年8月15日", "2026-08-15"),
        ("officers.0.certificate", "0012", "0012"),
    ],
)
def test_values_are_read_as_they_are_meant(path: str, text: str, value: str) -> None:
    data, faults = read({path: text}, {})
    assert not faults
    at: Any = data
    for step in path.split("."):
        at = at[int(step)] if step.isdigit() else at[step]
    assert str(at) == value


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("violations.0.fine", "很多"),
        ("decision.date", "昨天"),
        ("on_the_spot.time", "上午"),
        ("violations.0.act.start", "2026-13-01"),
        ("parties.0.kind", "bogus"),
        ("id", "大写 X"),
    ],
)
def test_a_faulty_field_is_told_at_the_field_and_nothing_is_lost(
    client: FlaskClient, path: str, text: str
) -> None:
    form = {**form_of(CASES[0]), path: text}
    answer = post(client, "decision", "preview", form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{path}-note"' in page
    kept = tidy(fields_of(page))
    assert kept[path] == text
    assert kept == tidy(form)
    faults = client.post("/draft/decision.json", data={**form, "do": "preview"}).get_json()["faults"]
    assert path in faults


@pytest.mark.parametrize(
    ("asked", "found", "never"),
    [
        ("催告", "urge_letter", "decision"),
        ("没有这种文书", "", "decision"),
        ("处罚告知", "prior_notice", "seal"),
    ],
)
def test_a_paper_is_found_by_what_it_is_called(
    client: FlaskClient, asked: str, found: str, never: str
) -> None:
    types = [t["type"] for t in client.get("/draft.json", query_string={"q": asked}).get_json()["types"]]
    assert never not in types
    assert not found or found in types
    assert f"{len(types)} 种文书" in client.get("/draft", query_string={"q": asked}).get_data(as_text=True)


def test_an_empty_case_names_what_to_fill(client: FlaskClient) -> None:
    answer = client.post("/draft/decision.json", data={"do": "preview"})
    assert answer.status_code == 422
    assert {"id", "parties.0.name", "violations.0.benchmark"} <= set(answer.get_json()["faults"])


def test_typed_markup_stays_text(client: FlaskClient) -> None:
    evil = '"><script>alert(1)</script>'
    form = {**form_of(CASES[0]), "cause": evil, f"violations.0.facts.{evil}": evil}
    page = post(client, "decision", "more", form).get_data(as_text=True)
    assert "<script>alert" not in page


# ---------------------------------------------------------------- the paper


@pytest.mark.parametrize("type", TYPES)
def test_every_type_has_a_form_an_example_and_a_preview(client: FlaskClient, type: str) -> None:
    assert client.get(f"/draft/{type}").status_code == 200
    page = client.get(f"/draft/{type}?example=1").get_data(as_text=True)
    form = fields_of(page)
    assert len(form) > 10
    answer = post(client, type, "preview", form)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200, re.findall(r'class="(?:wrong|fault)[^>]*>[^<]*', shown)
    assert 'class="sheet"' in shown
    assert tidy(fields_of(shown)) == tidy(form)
    paper = client.post(f"/draft/{type}.json", data={**form, "do": "preview"}).get_json()["paper"]
    # The rule that its example names is an agency's own: nothing of it is shipped.
    unloaded = ["《示例市行政处罚办案期限规定》第三条"] if type == "period_extension" else []
    assert [f["text"] for f in paper["findings"] if f["severity"] != "提示"] == unloaded
    words = [b["text"] for b in paper["blocks"] if b["kind"] == "paragraph"]
    assert any("示例县综合行政执法局" in w for w in words) != (type in BY_THE_PARTY)


def test_the_download_is_the_paper_that_was_shown(client: FlaskClient) -> None:
    form = fields_of(client.get("/draft/decision?example=1").get_data(as_text=True))
    answer = post(client, "decision", "draft", form)
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert "attachment" in answer.headers["Content-Disposition"]
    paper = client.post("/draft/decision.json", data={**form, "do": "preview"}).get_json()["paper"]
    texts = [p.text for p in docx.Document(io.BytesIO(answer.get_data())).paragraphs]
    assert texts == [b["text"] for b in paper["blocks"] if b["kind"] == "paragraph"]
    assert post(client, "decision", "draft", form).get_data() == answer.get_data()


def test_an_unproven_citation_is_refused_with_its_code(client: FlaskClient) -> None:
    form = form_of(next(p for p in CASES if "unlicensed" in p.stem))
    form["violations.0.penalty_basis"] = "《食品安全法》第一百二十二条"
    answer = post(client, "decision", "issue", form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'role="alert"' in page
    assert tidy(fields_of(page)) == tidy(form)
    twin = client.post("/draft/decision.json", data={**form, "do": "issue"}).get_json()
    assert twin["error"]["code"] == "refused"
    assert twin["paper"]["findings"]


def test_what_the_paper_owes_is_told_at_the_field(client: FlaskClient) -> None:
    form = form_of(next(p for p in CASES if "unlicensed" in p.stem))
    del form["notice.served.at"]
    page = post(client, "decision", "issue", form).get_data(as_text=True)
    assert 'id="notice.served.at-note"' in page


# ---------------------------------------------------------------- CASE.yaml


def test_a_case_file_is_opened_uploaded_or_pasted(client: FlaskClient) -> None:
    raw = CASES[0].read_bytes()
    uploaded = post(client, "decision", "open", {"file": (io.BytesIO(raw), "CASE.yaml")})
    pasted = post(client, "decision", "open", {"yaml": raw.decode()})
    for answer in (uploaded, pasted):
        assert answer.status_code == 200
        assert tidy(fields_of(answer.get_data(as_text=True))) == tidy(form_of(CASES[0]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有选择文件"),
        ("id: a\nid: b\n", "写了两次"),
        ("id: a\nbogus: 1\n", "bogus"),
        ("id: [", "粘贴的内容 第2行"),
        ("- 1\n", "字段"),
    ],
)
def test_a_faulty_case_file_is_one_line_and_the_form_keeps_what_was_typed(
    client: FlaskClient, text: str, said: str
) -> None:
    answer = post(client, "decision", "open", {"yaml": text, "id": "kept-001", "cause": "原来填的"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert fields_of(page) == {"id": "kept-001", "cause": "原来填的"}


def test_saved_text_that_looks_like_a_number_stays_text() -> None:
    again, _ = parse_yaml(to_yaml({"code": "0012", "flag": "true", "day": "2026-01-01"}), "x")
    assert again["code"] == "0012"
    assert again["flag"] == "true"
