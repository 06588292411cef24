"""Files of a case: one file out and in again, scans, papers edited by hand, ledgers as .xlsx, masking."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import attachments, bodies, documents, exchange, ledger_rows, ledgers
from casework.ledger_files import to_xlsx
from casework.masking import masked_case, masked_text, party_shown, sees_personal
from casework.verification import verify
from generator.casefile import case_from
from generator.drafting import draft
from kb.errors import BadPackage, BadRecord, BadValue, CailiangError, Conflict, WrongUse
from kb.importing.yaml_files import parse_yaml
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]
PDF = b"%PDF-1.7\nscan"


def issued(office: Office, body: Body) -> documents.Document:
    return office.issue(office.create(body(decision__number=None)), "decision")


# ---------------------------------------------------------------- one file


@pytest.mark.parametrize(
    "name", ["unlicensed-food", "noise-hailing", "noise-first-time", "no-purchase-check"]
)
def test_a_case_goes_out_as_yaml_and_comes_in_the_same(office: Office, body: Body, name: str) -> None:
    id = office.create(body(name))
    data = exchange.export(office.cases, id, ".yaml")
    with office.cases.writing(by="示例李", at=AT) as w:
        made = exchange.bring_in(w, "案件.yaml", data, "again")
    assert made.case.model_copy(update={"id": id}) == office.cases.read(id).case
    assert b"'2026-" not in data


def test_a_text_that_looks_like_a_day_stays_text(body: Body) -> None:
    data = body(cause="2026-01-01", violations__0__facts={"goods_value": "3000"})
    back = parse_yaml(exchange.to_yaml(bodies.load(bodies.dump(data))), "x")[0]
    assert back["cause"] == "2026-01-01"
    assert case_from(back) == case_from(data)


def test_a_case_goes_out_with_its_papers_and_comes_in_at_another_office(
    office: Office, body: Body, request: pytest.FixtureRequest
) -> None:
    made = issued(office, body)
    data = exchange.export(office.cases, made.case, ".json")
    with office.cases.writing(by="示例李", at=AT) as w:
        there = exchange.bring_in(w, "案件.json", data, "elsewhere")
    (paper,) = documents.documents(office.cases.store, "elsewhere")
    assert (paper.state, paper.number_text, paper.day) == ("转入", "示综执罚〔2026〕1号", made.day)
    assert documents.content(office.cases.store, paper.sha256)
    assert (there.state, there.stage) == ("在办", "决定")
    assert [d.number_text for d in documents.series(office.cases.store, "示综执罚", 2026)] == [
        "示综执罚〔2026〕1号"
    ]
    assert verify(office.cases.store).sound
    with pytest.raises(Conflict, match="转入"), office.cases.writing(by="甲", at=AT) as w:
        attachments.add_scan(w, str(paper.id), "x.pdf", PDF)


def _export(**changes: Any) -> bytes:
    paper = {
        "type": "decision",
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "data": base64.b64encode(b"x").decode(),
    }
    whole = {"schema": 1, "kind": "case", "case": {"cause": "x"}, "documents": [paper | changes]}
    return json.dumps(whole).encode()


BAD_FILES = [
    ("x.json", b"{", "不是 JSON"),
    ("x.json", b"[" * 100_000, "不是 JSON"),
    ("x.json", b"[]", "不是导出的案件"),
    ("x.json", b'{"schema": 2, "kind": "case", "case": {}}', "不是导出的案件"),
    ("x.json", _export(sha256="0" * 64), "和它的校验值不符"),
    ("x.json", _export(data="%"), "读不出来"),
    ("x.json", _export(day="昨天"), "读不出来"),
    ("x.json", _export(party="二"), "读不出来"),
    ("x.yaml", b"\xff\xfe", "UTF-8"),
    ("x.yaml", b"a: [", "x.yaml 第"),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD_FILES, ids=lambda v: str(v)[:20])
def test_a_damaged_file_makes_no_case(office: Office, name: str, data: bytes, said: str) -> None:
    with pytest.raises(BadRecord, match=said) as e, office.cases.writing(by="甲", at=AT) as w:
        exchange.bring_in(w, name, data)
    assert "\n" not in str(e.value)
    assert office.cases.list()[0] == 0


def test_what_was_not_changed_comes_in(office: Office) -> None:
    with office.cases.writing(by="甲", at=AT) as w:
        assert exchange.bring_in(w, "x.json", _export()).state == "未填完"


# ---------------------------------------------------------------- scans and edits


def test_a_scan_is_kept_with_its_hash(office: Office, body: Body) -> None:
    made = issued(office, body)
    with office.cases.writing(by="示例李", at=AT) as w:
        digest = attachments.add_scan(w, made.number_text, "决定书.pdf", PDF)
    (kept,) = attachments.attachments(office.cases.store, made.id)
    assert digest == hashlib.sha256(PDF).hexdigest() == kept.sha256
    assert (kept.kind, kept.media, kept.name, kept.author) == (
        "扫描件",
        "application/pdf",
        "决定书.pdf",
        "示例李",
    )
    assert documents.content(office.cases.store, digest) == PDF
    assert verify(office.cases.store).sound


@pytest.mark.parametrize("data", [b"", b"MZ\x90", b"<svg/>", b"%PDF" + b"x" * 50_000_001])
def test_what_is_no_scan_is_refused(data: bytes) -> None:
    with pytest.raises(BadValue, match="扫描件"):
        attachments.media_of(data)


def edited(data: bytes, old: str, new: str) -> bytes:
    """The .docx with words replaced, as Word would save it."""
    document = open_docx(io.BytesIO(data))
    found = [p for p in document.paragraphs if old in p.text]
    assert found
    for paragraph in found:
        text = paragraph.text.replace(old, new)
        for run in paragraph.runs[1:]:
            run._element.getparent().remove(run._element)
        paragraph.runs[0].text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


EDITS = [
    ("罚款50,000元", "罚款50,000元", 0, set()),
    ("第三十五条第一款", "第三十五条第八款", 1, {"否决"}),
    ("〔2026〕1号", "〔2026〕7号", 1, {"否决"}),
]


@pytest.mark.parametrize(("old", "new", "changes", "severities"), EDITS)
def test_an_edited_paper_is_proven_again(
    office: Office, body: Body, old: str, new: str, changes: int, severities: set[str]
) -> None:
    made = issued(office, body)
    before = documents.content(office.cases.store, made.sha256)
    text = "\n".join(p.text for p in open_docx(io.BytesIO(before)).paragraphs)
    if old not in text:
        old = new = next(line for line in text.splitlines() if "罚款" in line)
    after = edited(before, old, new)
    with office.cases.writing(by="示例李", at=AT) as w:
        found = attachments.add_edited(w, office.base, made.number_text, "改.docx", after, before)
    assert bool(found.changes) == bool(changes)
    assert {f.severity for f in found.findings} - {"提示"} == severities, found.findings
    assert found.sound == (not severities)
    (kept,) = attachments.attachments(office.cases.store, made.id)
    assert kept.kind == "改后稿"
    assert len(kept.findings) == len(found.findings)
    assert documents.document(office.cases.store, made.number_text).sha256 == made.sha256
    assert verify(office.cases.store).sound


def test_another_paper_is_not_taken_for_an_edit(office: Office, body: Body) -> None:
    made = issued(office, body)
    before = documents.content(office.cases.store, made.sha256)
    case = office.cases.read(made.case).case
    other = draft("prior_notice", case, office.base, decided=AT.date()).data
    codes = {f.code for f in attachments.recheck(made, office.base, other, before).findings}
    assert {"D1", "D2"} <= codes
    with pytest.raises(BadPackage):
        attachments.recheck(made, office.base, b"PK\x03\x04", before)
    with pytest.raises(BadValue, match="手写"):
        attachments.recheck(replace(made, provenance=None), office.base, other, before)


# ---------------------------------------------------------------- ledgers as files

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x","y")',
    "'=1",
    "a\x00b",
    "长" * 40_000,
]


def cells_of(data: bytes) -> list[tuple[str, str]]:
    """Every cell of a sheet with something in it: its type and text; formulas and unquoted cells fail."""
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet, styles, shared = (
            ElementTree.fromstring(book.read(f"xl/{part}.xml"))
            for part in ("worksheets/sheet1", "styles", "sharedStrings")
        )
    assert not sheet.findall(f".//{name}f")
    formats = styles.findall(f"{name}cellXfs/{name}xf")
    texts = ["".join(t.text or "" for t in si.iter(f"{name}t")) for si in shared]
    out = []
    for cell in sheet.iter(f"{name}c"):
        assert formats[int(cell.get("s", "0"))].get("quotePrefix") == "1"
        if (value := cell.find(f"{name}v")) is not None:
            out.append((cell.get("t", "n"), texts[int(value.text or "")]))
    return out


def test_no_cell_of_a_ledger_is_a_formula(office: Office) -> None:
    with office.cases.writing(by="甲", at=AT) as w:
        for text in DANGEROUS:
            ledger_rows.add(w, "filing", {"source": text, "cause": text}, day=date(2026, 11, 1))
    rows = ledgers.rows(office.cases.store, "filing", 2026, masked=False)
    cells = cells_of(to_xlsx(ledgers.ledger_of("filing"), 2026, rows, at=AT))
    assert {kind for kind, _ in cells} == {"s"}
    assert {"受案立案登记台账（2026年）", "案由", "=1+1", "@SUM(A1)", "'=1", "ab"} <= {
        text for _, text in cells
    }
    assert max(len(text) for _, text in cells) == 32_767


@settings(max_examples=30)
@given(st.text(max_size=80))
def test_any_text_can_stand_in_a_sheet(text: str) -> None:
    cells = dict.fromkeys([key for key, _ in ledgers.ledger_of("filing").columns], text)
    row = ledgers.Row("filing", 2026, 1, date(2026, 1, 1), "", "", None, cells, "有效", "甲", "", "")
    assert {kind for kind, _ in cells_of(to_xlsx(ledgers.ledger_of("filing"), 2026, [row], at=AT))} == {"s"}


# ---------------------------------------------------------------- masking


def test_a_masked_case_shows_no_personal_data(body: Body) -> None:
    data = body(decision__served__receiver="示例王", decision__served__at="2026-11-05T10:20:00")
    data["violations"][0]["narrative"] += "当事人示例王（电话 13812345678，证件 11010119900101123X）承认。"
    who = {"name": "示例举报人", "phone": "0000-1234567", "address": "示例县某路8号"}
    items = [{"name": "冰柜", "place": "本局仓库"}]
    data["papers"] = [{"type": "lead_register", "values": {"informant": who, "items": items}}]
    text = json.dumps(masked_case(bodies.load(bodies.dump(data))), ensure_ascii=False)
    for personal in (
        "示例王",
        "199001",
        "12号",
        "13812345678",
        "11010119900101123X",
        "举报人",
        "1234567",
        "某路",
    ):
        assert personal not in text, personal
    for open_ in ("示例县城东好味示例小吃店", "示例张", "2,680元", "92000000MA", "冰柜", "本局仓库"):
        assert open_ in text, open_
    assert masked_case({"parties": "x", "violations": None, "papers": [1]}) == {
        "parties": "x", "violations": None, "papers": [1],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("party", "shown"),
    [
        ({"kind": "unit", "name": "示例有限公司"}, "示例有限公司"),
        ({"kind": "sole_trader", "name": "示例王", "trade_name": "小吃店"}, "小吃店"),
        ({"kind": "individual", "name": "王五"}, "王某"),
        ({"kind": "individual", "name": "欧阳小明"}, "欧某某"),
        ({"name": "不知何人"}, "不某某"),
        ({}, ""),
    ],
)
def test_how_a_list_shows_a_party(party: dict[str, str], shown: str) -> None:
    assert party_shown(party) == shown


@given(st.text(alphabet="0123456789Xx年元 ", max_size=60))
def test_no_number_of_identity_or_telephone_survives(text: str) -> None:
    assert not re.search(r"(?<!\d)(?:\d{17}[\dXx]|1\d{10})(?![\dXx])", masked_text(text))


def test_roles() -> None:
    assert sees_personal("经办人")
    assert not sees_personal("其他")
    with pytest.raises(WrongUse, match="没有“局外人”这个角色"):
        sees_personal("局外人")


def test_every_failure_is_one_line(office: Office) -> None:
    with pytest.raises(CailiangError) as e:
        office.cases.read("no/such")
    assert str(e.value) == "没有编号为“no/such”的案件：用 cailiang case list 查看案件"
