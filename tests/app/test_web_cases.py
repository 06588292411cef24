"""The desk of cases: list, glance, form, papers, ledgers, deadlines; who sees what, two at once."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.base import Base
from app.web.casevalues import flatten
from app.web.factory import create_app
from casework import ledger_rows
from casework.bodies import case_of
from casework.cases import Cases
from generator.docx_text import read_docx
from tests.app.conftest import NOW
from tests.app.test_web_drafting import fields_of
from tests.casework.batch_kit import CASE, ROOT, open_home

NUMBERS = re.compile(r"(?m)^\s+number: \d+\n")
ID = "demo/unlicensed-food"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    base = open_home(tmp_path_factory.mktemp("home"))
    yield base
    base.store.close()


def visitor(base: Base, name: str, role: str) -> FlaskClient:
    client = create_app(base, now=lambda: NOW).test_client()
    assert client.post("/who.json", data={"name": name, "role": role}).json == {"name": name, "role": role}
    return client


@pytest.fixture
def zhang(agency: Base) -> FlaskClient:
    return visitor(agency, "示例张", "经办人")


@pytest.fixture
def stranger(agency: Base) -> FlaskClient:
    return create_app(agency, now=lambda: NOW).test_client()


def bring(client: FlaskClient, id: str, name: str = "unlicensed-food") -> str:
    """An example case under an id of its own; its numbers are left to the system."""
    text = (ROOT / "examples" / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
    form = {"do": "import", "id": id, "file": (io.BytesIO(NUMBERS.sub("", text).encode()), "案件.yaml")}
    answer = posted(client, "/cases.json", form)
    assert answer.status_code == 200, answer.text
    return str(answer.json["id"])


def shown(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def posted(client: FlaskClient, address: str, form: dict[str, Any]) -> Any:
    return client.post(address, data=form, content_type="multipart/form-data")


def issue(client: FlaskClient, id: str, type: str, **more: str) -> Any:
    return client.post(f"/casepaper/{id}.json", data={"do": "issue", "type": type, **more})


# ---------------------------------------------------------------- from the file to the ledger


def test_imported_looked_at_issued_scanned_void(zhang: FlaskClient) -> None:
    id = bring(zhang, "walk/one")
    page = zhang.get(f"/cases/{id}").text
    assert "未取得食品经营许可从事食品经营活动" in page
    before = shown(zhang, f"/casepaper/{id}.json?type=prior_notice")
    assert (before["ready"], before["blocks"] != []) == (True, True)
    done = issue(zhang, id, "prior_notice", revision=str(before["revision"]))
    assert done.status_code == 200, done.text
    number = done.json["number_text"]
    assert re.fullmatch(r"示综执罚告〔2026〕\d+号", number)
    again = issue(zhang, id, "prior_notice")
    assert again.status_code == 409
    case = shown(zhang, f"/cases/{id}.json")
    assert [e["state"] for e in case["course"] if e["number"] == number] == ["已签发"]
    paper = f"/papers/{done.json['id']}"
    original = zhang.get(f"{paper}/paper.docx")
    assert number in original.headers["Content-Disposition"] or original.data[:2] == b"PK"
    form = {"do": "check", "file": (io.BytesIO(original.data), "改后.docx")}
    checked = posted(zhang, f"{paper}.json", form).json["recheck"]
    assert (checked["sound"], checked["changes"], checked["kept"]) == (True, [], False)
    form = {"do": "scan", "file": (io.BytesIO(b"%PDF-1.4 scan"), "扫描.pdf")}
    files = posted(zhang, f"{paper}.json", form).json["files"]
    assert [(f["kind"], f["name"]) for f in files] == [("扫描件", "扫描.pdf")]
    assert zhang.get(f"{paper}/files/{files[0]['id']}").data == b"%PDF-1.4 scan"
    assert posted(zhang, f"{paper}.json", {"do": "void", "why": " "}).status_code == 400
    assert posted(zhang, f"{paper}.json", {"do": "void", "why": "打错"}).json["state"] == "作废"
    assert [d["state"] for d in shown(zhang, f"/cases/{id}.json")["documents"]] == ["作废"]
    for address in (f"/cases/{id}", paper, f"/casepaper/{id}?type=decision"):
        assert zhang.get(address).status_code == 200


def test_each_served_paper_has_its_receipt_beside_it(zhang: FlaskClient) -> None:
    id = bring(zhang, "walk/served")
    page = zhang.get(f"/cases/{id}").text
    assert "type=service_receipt&amp;paper=prior_notice" in page
    assert "type=service_receipt&amp;paper=decision" in page
    asked = f"/casepaper/{id}?type=service_receipt"
    unsaid = zhang.get(asked).text
    assert "送达了2份文书" in unsaid
    assert "paper=decision" in unsaid, "the papers to choose from"
    issue(zhang, id, "prior_notice")
    before = shown(zhang, f"/casepaper/{id}.json?type=service_receipt&paper=prior_notice")
    assert before["ready"], before
    done = issue(zhang, id, "service_receipt", paper="prior_notice")
    assert done.status_code == 200, done.text
    rows = {e["type"]: e for e in shown(zhang, f"/cases/{id}.json")["course"] if e["type"]}
    assert rows["prior_notice"]["receipt"] == {"paper": "prior_notice", "document": done.json["id"]}
    assert rows["decision"]["receipt"] == {"paper": "decision", "document": None}
    assert "service_receipt" not in rows, "an issued receipt stands beside its paper"
    assert f'href="/papers/{done.json["id"]}">送达回证' in zhang.get(f"/cases/{id}").text


def test_what_forbids_a_paper_is_told_with_the_provision(zhang: FlaskClient) -> None:
    id = bring(zhang, "walk/shut", "noise-hailing")
    stages = {p["type"]: p for s in shown(zhang, f"/cases/{id}.json")["stages"] for p in s["papers"]}
    shut = stages["court_application"]
    assert (shut["open"], shut["findings"][0]["basis"]) == (False, "《中华人民共和国行政强制法》第五十四条")
    assert "《中华人民共和国行政强制法》第五十四条" in zhang.get(f"/cases/{id}").text
    refused = issue(zhang, id, "court_application")
    assert refused.status_code == 422
    assert "行政强制法" in json.dumps(refused.json["findings"], ensure_ascii=False)
    assert shown(zhang, f"/cases/{id}.json")["documents"] == []
    assert stages["decision"]["open"]  # judged on the day it bears, not on today's


def test_a_number_that_leaves_a_gap_is_told_before_issuing(zhang: FlaskClient) -> None:
    form = {"do": "import", "id": "walk/gap", "file": (io.BytesIO(CASE.read_bytes()), "a.yaml")}
    assert zhang.post("/cases", data=form, content_type="multipart/form-data").status_code == 303
    page = shown(zhang, "/casepaper/walk/gap.json?type=decision")
    assert (page["ready"], "跳号" in page["error"]["message"]) == (False, True)
    assert issue(zhang, "walk/gap", "decision").json["error"]["message"] == page["error"]["message"]


def test_the_draft_is_marked_and_uses_up_no_number(zhang: FlaskClient) -> None:
    id = bring(zhang, "walk/draft")
    answer = zhang.post(f"/casepaper/{id}", data={"do": "draft", "type": "decision"})
    assert answer.data[:2] == b"PK"
    assert shown(zhang, f"/cases/{id}.json")["documents"] == []


# ---------------------------------------------------------------- who sees what


@pytest.mark.parametrize(
    ("method", "address", "data"),
    [
        ("get", f"/caseform/{ID}", {}),
        ("post", f"/caseform/{ID}", {"do": "save", "revision": "1"}),
        ("get", f"/casepaper/{ID}?type=decision", {}),
        ("post", f"/cases/{ID}", {"do": "yaml"}),
    ],
)
def test_a_stranger_takes_nothing_out(
    zhang: FlaskClient, stranger: FlaskClient, method: str, address: str, data: dict[str, str]
) -> None:
    if not shown(zhang, f"/cases.json?number={ID}")["total"]:
        bring(zhang, ID)
    answer = getattr(stranger, method)(address, data=data)
    assert answer.status_code == 403
    assert "示例王" not in answer.text


def test_persons_are_masked_for_others(zhang: FlaskClient, stranger: FlaskClient) -> None:
    id = bring(zhang, "walk/masked", "noise-first-time")
    name = shown(zhang, f"/cases/{id}.json")["case"]["parties"][0]["name"]
    assert name in zhang.get(f"/cases/{id}").text
    for address in (f"/cases/{id}", f"/cases/{id}.json", "/cases", "/deadlines", "/ledgers/service"):
        assert name not in stranger.get(address).text, address
    assert stranger.post("/cases.json", data={"do": "new"}).status_code == 400  # nobody is named


@pytest.mark.parametrize("cookie", ["x", "%7B%7D", "[1]", '{"name": 1, "role": "管理员"}', "{" * 9000])
def test_a_cookie_that_is_not_ours_is_nobody(agency: Base, cookie: str) -> None:
    client = create_app(agency, now=lambda: NOW).test_client()
    client.set_cookie("cailiang_who", cookie[:3000])
    assert client.get("/cases").status_code == 200
    assert client.get(f"/caseform/{ID}").status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil", ""])
def test_who_goes_back_to_our_own_pages_only(stranger: FlaskClient, back: str) -> None:
    answer = stranger.post("/who", data={"name": "甲", "role": "其他", "back": back})
    assert answer.headers["Location"] == "/cases"


# ---------------------------------------------------------------- the form


def form_fields(page: str) -> dict[str, str]:
    """What the form of a page would send, its revision too."""
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    return fields_of(page) | {"revision": revision[1]}


def typed(client: FlaskClient, id: str, more: str = "") -> dict[str, str]:
    return form_fields(client.get(f"/caseform/{id}{more}").text)


@pytest.mark.parametrize("name", ["unlicensed-food", "announced", "full-course"])
def test_a_case_is_saved_unchanged(zhang: FlaskClient, name: str) -> None:
    id = bring(zhang, f"form/{name}", name)
    before = shown(zhang, f"/cases/{id}.json")["case"]
    answer = zhang.post(f"/caseform/{id}.json", data={**typed(zhang, id), "do": "save"})
    assert answer.status_code == 200, answer.text
    after = shown(zhang, f"/cases/{id}.json")["case"]
    assert flatten(case_of(after).model_dump()) == flatten(case_of(before).model_dump())


def test_a_case_that_is_not_whole_is_kept_as_typed(zhang: FlaskClient) -> None:
    id = posted(zhang, "/cases.json", {"do": "new"}).json["id"]
    form = {**typed(zhang, id), "parties.0.name": "示例赵", "filed": "那天", "do": "save"}
    answer = zhang.post(f"/caseform/{id}", data=form)
    assert "写成 2026-08-15" in answer.text
    kept = shown(zhang, f"/cases/{id}.json")
    assert (kept["state"], kept["case"]["filed"], kept["case"]["parties"]) == (
        "未填完", "那天", [{"name": "示例赵"}],
    )  # fmt: skip
    assert "还没有填完" in zhang.get(f"/cases/{id}").text
    assert typed(zhang, id)["filed"] == "那天"


def test_two_at_once_lose_nothing(agency: Base, zhang: FlaskClient) -> None:
    id, li = bring(zhang, "form/two"), visitor(agency, "示例李", "审核人")
    mine, theirs = typed(zhang, id), typed(li, id)
    theirs |= {"investigation": "李的经过", "parties.0.phone": "00000000009"}
    assert li.post(f"/caseform/{id}.json", data={**theirs, "do": "save"}).status_code == 200
    mine |= {"investigation": "张的经过", "source": "张的来源"}
    answer = zhang.post(f"/caseform/{id}", data={**mine, "do": "save"})
    assert answer.status_code == 409
    assert re.search(r"已被示例李于.*改过", answer.text)
    merged = form_fields(answer.text)
    assert "李的经过" in answer.text
    assert [merged[n] for n in ("investigation", "source", "parties.0.phone", "revision")] == [
        "张的经过", "张的来源", "00000000009", "2",
    ]  # fmt: skip
    assert shown(zhang, f"/cases/{id}.json")["revision"] == 2
    assert zhang.post(f"/caseform/{id}.json", data={**merged, "do": "save"}).status_code == 200
    case = shown(zhang, f"/cases/{id}.json")
    assert (case["case"]["investigation"], case["case"]["parties"][0]["phone"]) == ("张的经过", "00000000009")
    assert [h["author"] for h in case["history"]] == ["示例张", "示例李", "示例张"]


def test_what_is_being_typed_is_kept_and_comes_back(zhang: FlaskClient) -> None:
    id = bring(zhang, "form/auto")
    form = {**typed(zhang, id), "source": "写到一半", "do": "autosave"}
    assert "已留存" in zhang.post(f"/caseform/{id}", data=form, headers={"HX-Request": "true"}).text
    assert shown(zhang, f"/cases/{id}.json")["revision"] == 1
    assert "restore=1" in zhang.get(f"/caseform/{id}").text
    back = typed(zhang, id, "?restore=1")
    assert back["source"] == "写到一半"
    zhang.post(f"/caseform/{id}", data={**back, "do": "save"})
    assert "restore=1" not in zhang.get(f"/caseform/{id}").text


# ---------------------------------------------------------------- lists


def test_the_list_filters_and_finds_by_number(zhang: FlaskClient) -> None:
    id = bring(zhang, "list/found", "noise-hailing")
    number = issue(zhang, id, "prior_notice").json["number_text"]
    for query in (
        f"number={number}",
        "number=list/fou",
        "domain=生态环境&number=list",
        "officer=示例李&number=list",
    ):
        assert [c["id"] for c in shown(zhang, f"/cases.json?{query}")["cases"]] == [id], query
    assert shown(zhang, "/cases.json?domain=农业&number=list")["total"] == 0
    assert zhang.get("/cases.json?state=没有").status_code == 400
    days = [c["next"]["day"] for c in shown(zhang, "/cases.json")["cases"] if c["next"]]
    assert days == sorted(days)
    assert zhang.get("/cases?page=99").status_code == 200


def test_copied_and_taken_out_as_one_file(zhang: FlaskClient) -> None:
    id = bring(zhang, "file/old")
    new = posted(zhang, f"/cases/{id}.json", {"do": "copy"}).json["id"]
    assert "parties" not in shown(zhang, f"/cases/{new}.json")["case"]
    assert b"schema: 1" in zhang.post(f"/cases/{id}", data={"do": "yaml"}).data
    assert json.loads(zhang.post(f"/cases/{id}", data={"do": "json"}).data)["case"]["id"] == id


@pytest.mark.parametrize(
    ("address", "year", "there"),
    [
        ("entrustment", None, True),
        ("entrustment", 2024, True),
        ("entrustment", 2026, False),
        ("staff", None, False),
        ("service", 2026, False),
    ],
)
def test_a_table_that_holds_over_the_years(
    agency: Base, zhang: FlaskClient, address: str, year: int | None, there: bool
) -> None:
    with Cases(agency.store).writing(by="示例张", at=NOW.replace(year=2024)) as w:
        row = {"organ": "示例镇", "matters": "市容", "until": "2028-12-31"}
        number = ledger_rows.add(w, "entrustment", row, day=date(2024, 5, 6))
    asked = "" if year is None or address == "service" else f"?year={year}"
    data = shown(zhang, f"/ledgers/{address}.json{asked}")
    assert data["year"] == year
    page = zhang.get(f"/ledgers/{address}{asked}").text
    assert (f">{number}<" in page) == there
    assert f"（{year}年）" in page if year else "（历年）" in page
    assert zhang.get(f"/ledgers/{address}.xlsx{asked}").data[:2] == b"PK"


def test_ledgers_deadlines_and_handwriting(zhang: FlaskClient) -> None:
    id = bring(zhang, "ledger/spot", "no-purchase-check")
    done = issue(zhang, id, "on_the_spot_decision")
    assert done.status_code == 200, done.text
    rows = shown(zhang, "/ledgers/on_the_spot.json")["rows"]
    assert [(r["cells"]["number"], r["case"]) for r in rows] == [(done.json["number_text"], id)]
    assert done.json["number_text"] in zhang.get("/ledgers/on_the_spot?year=2026").text
    assert zhang.get("/ledgers/on_the_spot.xlsx").data[:2] == b"PK"
    assert zhang.get("/ledgers/nothing").status_code == 404
    assert zhang.get("/ledgers/on_the_spot?year=x").status_code == 400
    dues = shown(zhang, "/deadlines.json")
    assert {d["state"] for d in dues["dues"]} <= {"待办", "逾期"}
    assert zhang.get("/deadlines.ics").data.startswith(b"BEGIN:VCALENDAR")
    form = {"do": "reserve", "type": "on_the_spot_decision", "count": "2", "holder": "示例李"}
    numbers = [r["number_text"] for r in posted(zhang, "/handwriting.json", form).json["reserved"]]
    assert len(numbers) == 2
    assert (
        zhang.get(f"/handwriting/blank.docx?type=on_the_spot_decision&number={numbers[0]}").data[:2] == b"PK"
    )
    both = "".join(f"&number={n}" for n in numbers)
    sheets = zhang.get(f"/handwriting/blank.docx?type=on_the_spot_decision{both}").data
    assert [n for n in numbers if n in "\n".join(p.text for p in read_docx(sheets))] == numbers
    assert zhang.get("/handwriting/blank.docx?type=on_the_spot_decision&number=一号").status_code == 404
    id = bring(zhang, "ledger/hand", "no-purchase-check")
    form = {"do": "register", "number": numbers[0], "case": id, "day": "2026-11-20"}
    assert posted(zhang, "/handwriting.json", form | {"party": "9"}).status_code == 400
    scan = {"file": (io.BytesIO(b"%PDF-1.4"), "签字.pdf")}
    done = posted(zhang, "/handwriting.json", form | scan).json["done"]
    assert done["state"] == "已签发"
    assert [f["kind"] for f in shown(zhang, f"/papers/{done['id']}.json")["files"]] == ["扫描件"]
    form = {"do": "void", "number": numbers[1], "why": "写坏"}
    assert posted(zhang, "/handwriting.json", form).json["reserved"] == []


def test_a_ledger_is_kept_by_hand(zhang: FlaskClient) -> None:
    """What has no paper: entered, filled in later, void; the same role and name as everywhere."""
    url = "/ledgers/filing.json"
    form = {
        "do": "add",
        "day": "2026-11-20",
        "name": "电话线索",
        "source": "12345热线",
        "cause": "占道",
        "outcome": "核查",
    }
    done = posted(zhang, url, form).json["done"]
    assert done["title"] == "受案立案登记台账"
    fill = {"do": "fill", "row": done["number"], "column": "number", "text": "线索1"}
    row = next(r for r in posted(zhang, url, fill).json["rows"] if r["cells"]["source"] == "12345热线")
    assert (row["cells"]["number"], row["day"], row["author"]) == ("线索1", "2026-11-20", "示例张")
    taken = posted(zhang, url, fill | {"text": "线索2"})
    assert (taken.status_code, taken.json["error"]["code"]) == (409, "conflict")
    assert "已经写了 线索1" in zhang.post("/ledgers/filing", data=fill | {"text": "线索2"}).text
    void = {"do": "void", "row": done["number"], "why": "重复登记"}
    states = {r["why"] for r in posted(zhang, url, void).json["rows"] if r["state"] == "作废"}
    assert "重复登记" in states
    assert posted(zhang, url, void).status_code == 409
    page = zhang.get("/ledgers/filing").text
    assert all(words in page for words in ("登记一条", "补填空着的栏", "作废一条", "作废：重复登记"))


def test_numbers_of_every_series(zhang: FlaskClient) -> None:
    last = posted(zhang, "/numbers.json", {"do": "start", "last": "示综执试〔2025〕37号"})
    assert last.json["done"] == {"last": "示综执试〔2025〕37号", "next": "示综执试〔2025〕38号"}
    (series,) = (s for s in last.json["series"] if s["code"] == "示综执试")
    assert (series["year"], series["last"], series["issued"]) == (2025, "示综执试〔2025〕37号", 0)
    again = posted(zhang, "/numbers.json", {"do": "start", "last": "示综执试〔2025〕50号"})
    assert again.status_code == 400
    assert "已经编到" in again.json["error"]["message"]
    form = {"do": "reserve", "type": "on_the_spot_decision", "count": "2", "holder": "示例李"}
    posted(zhang, "/handwriting.json", form)
    found = shown(zhang, "/numbers.json?code=示综执当罚&year=2026")
    assert {d["state"] for d in found["documents"]} >= {"预领"}
    assert sum(s["reserved"] for s in found["series"]) >= 2
    assert "示综执试" in zhang.get("/numbers").text
    assert zhang.get("/numbers?code=示综执当罚&year=x").status_code == 400


@pytest.mark.parametrize(
    ("address", "form"),
    [("/ledgers/filing.json", {"do": "add"}), ("/numbers.json", {"do": "start", "last": "示综〔2025〕1号"})],
)
def test_nobody_keeps_ledgers_without_a_name(
    stranger: FlaskClient, address: str, form: dict[str, str]
) -> None:
    answer = stranger.post(address, data=form)
    assert "没有写明您是谁" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    "address",
    [
        "/cases/none",
        "/caseform/none",
        "/papers/99999",
        "/casepaper/none?type=decision",
        "/papers/99999/paper.docx",
    ],
)
def test_what_is_not_there_is_said(zhang: FlaskClient, address: str) -> None:
    assert zhang.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/cases", {"do": "boom"}),
        ("/cases", {"do": "new", "id": "坏 编号"}),
        ("/cases", {"do": "import"}),
        ("/handwriting", {"do": "reserve", "type": "decision", "count": "x", "holder": "甲"}),
        ("/handwriting", {"do": "register", "number": "没有", "case": "没有"}),
    ],
)
def test_bad_input_is_one_line(zhang: FlaskClient, address: str, form: dict[str, str]) -> None:
    answer = zhang.post(address, data=form)
    assert 400 <= answer.status_code < 500
    assert 'class="fault"' in answer.text


def test_a_paper_the_case_lacks_gets_its_row_in_the_form(zhang: FlaskClient) -> None:
    id = bring(zhang, "form/row")
    form = typed(zhang, id, "?type=interview_notice")
    assert form["papers.0.type"] == "interview_notice"
    assert 'name="papers.0.values.' in zhang.get(f"/caseform/{id}?type=interview_notice").text
    assert "papers.0.type" not in typed(zhang, id)


def test_what_a_paper_owes_is_named_as_the_form_names_it(zhang: FlaskClient) -> None:
    id = bring(zhang, "form/owed", "dug-highway")
    page = zhang.get(f"/casepaper/{id}?type=decision").text
    assert "填写表格里的“调查经过”" in page
    order = re.findall(r'class="finding (否决|扣分|提示)"', page)
    assert order == sorted(order, key=("否决", "扣分", "提示").index)


# ---------------------------------------------------------------- from the case to what it rests on


def test_the_range_of_a_case_is_asked_with_the_facts_entered(zhang: FlaskClient) -> None:
    id = bring(zhang, "glance/range")
    page = zhang.get(f"/cases/{id}").text
    (link,) = re.findall(r'href="(/benchmark[^"?]*\?[^"]*)"', page)
    assert {"goods_value=3000", "act_from=2026-08-20", "act_to=2026-09-08"} <= set(
        html.unescape(link).partition("?")[2].split("&")
    )
    address, _, query = html.unescape(link).partition("?")
    assert "五万元以上十万元以下" in zhang.get(f"{address}?{query}").text
    [outcome] = shown(zhang, f"{address}.json?{query}")["outcomes"]
    assert (outcome["fine"]["min"], outcome["fine"]["max"]) == ("50000", "100000")


def test_a_law_names_the_papers_and_cases_that_rest_on_it(zhang: FlaskClient) -> None:
    id = bring(zhang, "impact/one")
    done = issue(zhang, id, "prior_notice")
    number = done.json["number_text"]
    for asked in ("食品安全法?article=122", "market/unlicensed-food-business"):
        name, _, query = asked.partition("?")
        data = shown(zhang, f"/impact/{name}.json?{query}")
        (paper,) = [p for p in data["issued"] if p["case"] == id]
        assert (paper["number"], paper["case_state"], paper["open"]) == (number, "在办", True)
        assert [c["state"] for c in data["cases"] if c["case"] == id] == ["在办"]
        page = zhang.get(f"/impact/{asked}").text
        assert f'href="/papers/{done.json["id"]}"' in page
        assert number in page
    assert zhang.get("/impact/market/none").status_code == 404


def test_the_papers_that_rest_on_a_law_come_in_pages(
    zhang: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.web import laws

    monkeypatch.setattr(laws, "PAPERS", 1)
    for name in ("impact/two", "impact/three"):
        issue(zhang, bring(zhang, name), "prior_notice")
    pages = [shown(zhang, f"/impact/食品安全法.json?article=122&page={n}") for n in (1, 2)]
    assert [len(p["issued"]) for p in pages] == [1, 1]
    assert pages[0]["issued"] != pages[1]["issued"]
    assert pages[0]["total"] == pages[0]["pages"] >= 2
    html = zhang.get("/impact/食品安全法?article=122&page=2").text
    assert f"已签发的文书 {pages[0]['total']} 份" in html
    assert "article=122&amp;page=1" in html
