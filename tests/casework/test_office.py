"""What an office keeps: rosters, publication, recordings, inspections, reviews, provisions, score sheets."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx

from casework import attachments, documents, issuing, ledger_rows, ledgers
from casework.drafting import draft
from casework.office import inspections, inventory, publication, recordings, rekeying, reviewing, scoring
from casework.office.publication import SHOWING, publications
from casework.office.rosters import Roster, endings
from casework.office.scoring_rules import RULES
from casework.verification import verify
from generator.casefile import case_from
from generator.catalogue import document_type
from kb.errors import BadRecord, BadValue, Conflict, NotFound, Refused, WrongUse
from kb.importing.records import load_laws, load_records
from kb.records import Setting, Source
from kb.snapshot import Snapshot
from tests.casework.conftest import AT, Office, _own

Body = Callable[..., dict[str, Any]]
TODAY = AT.date()
MARKET = "publication/market"


def setting(id: str, value: object) -> Setting:
    said = {"id": id, "label": id, "value": value, "source": Source(instrument="示例市规定")}
    return Setting.model_validate(said)


@pytest.fixture(scope="session")
def based(root: Path) -> Callable[..., Snapshot]:
    """The base of an agency of its own with further settings."""
    content = root / "kb" / "content"
    laws = load_laws(content / "laws")
    records = [_own(r) if r.source.example else r for r in load_records(content)]
    return lambda *more: Snapshot.of([*records, *more], laws.versions, laws.repeals, revision=7)


def enter(office: Office, ledger: str, cells: dict[str, str], day: date = TODAY, case: str = "") -> str:
    with office.cases.writing(by="示例赵", at=AT) as w:
        return ledger_rows.add(w, ledger, cells, day=day, case=case)


# ---------------------------------------------------------------- rosters

ZHANG = {"name": "示例张", "certificate": "示综执001", "expires": "2027-01-01"}

# rows of the table, certificate on the paper, day, what is said (empty: nothing)
STAFF: list[tuple[list[dict[str, str]], str, str]] = [
    ([], "2026-11-02", ""),  # nobody entered: nothing is checked
    ([ZHANG], "2026-11-02", ""),
    ([ZHANG], "2027-01-01", ""),  # the last day counts
    ([ZHANG], "2027-01-02", "已经过期"),
    ([ZHANG | {"left": "2026-11-02"}], "2026-11-01", ""),
    ([ZHANG | {"left": "2026-11-02"}], "2026-11-02", "已经注销"),
    ([ZHANG | {"certificate": "别的"}], "2026-11-02", "名册里没有"),
    ([ZHANG | {"name": "示例钱"}], "2026-11-02", "是示例钱的"),
    ([ZHANG | {"expires": "2020-01-01"}, ZHANG], "2026-11-02", ""),  # the last entered counts
]


@pytest.mark.parametrize(("rows", "day", "said"), STAFF)
def test_officers_are_held_against_their_table(
    office: Office, body: Body, rows: list[dict[str, str]], day: str, said: str
) -> None:
    for row in rows:
        enter(office, "staff", row)
    officer = {"name": "示例张", "certificate": "示综执001"}
    case = case_from(body(officers=[officer, officer | {"name": "示例李", "certificate": "x"}]))
    found = Roster.of(office.cases.store).findings(
        case, document_type("decision"), None, date.fromisoformat(day)
    )
    mine = [f.message for f in found if f.text == "示例张"]
    assert (said in mine[0]) if said else not mine
    assert all((f.code, f.severity) == ("G28", "否决") for f in found)


def test_a_paper_of_an_officer_without_certificate_is_refused(office: Office, body: Body) -> None:
    enter(office, "staff", ZHANG | {"certificate": "示综执999"})
    case, roster = case_from(body()), Roster.of(office.cases.store)
    assert draft("decision", case, office.base, decided=TODAY)
    with pytest.raises(Refused, match="G28"):
        draft("decision", case, office.base, decided=TODAY, roster=roster)


def test_what_ends_is_told_ahead_where_a_setting_says_how_early(
    office: Office, based: Callable[..., Snapshot]
) -> None:
    enter(office, "staff", ZHANG | {"expires": "2026-12-01"})
    enter(office, "staff", ZHANG | {"certificate": "2", "expires": "2026-11-22"})
    enter(
        office,
        "organs",
        {
            "name": "示例队",
            "nature": "受委托的组织",
            "powers": "委托书",
            "confirmed": "2020-01-01",
            "expires": "2026-11-30",
        },
    )
    enter(
        office, "entrustment", {"organ": "示例镇", "matters": "市容", "until": "两年"}
    )  # an end in words isn't counted
    found, note = endings(office.cases.store, office.base, TODAY)
    assert [(e.name, e.state) for e in found] == [("示例张", "已届满")]
    assert "roster/notice-days" in note
    found, note = endings(office.cases.store, based(setting("roster/notice-days", 30)), TODAY)
    assert [(e.what, e.left) for e in found] == [("执法证件", -1), ("执法主体", 7), ("执法证件", 8)]
    assert not note


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("staff", {"name": "甲", "certificate": "1", "expires": "明年"}, "读不懂"),
        ("staff", {"name": "甲", "certificate": "1"}, "缺少"),
        ("organs", {"name": "甲", "nature": "公司", "powers": "x", "confirmed": "2020-01-01"}, "没有“公司”"),
        ("posts", {"post": "岗", "domain": "税务", "duty": "x"}, "没有“税务”"),
        ("recordings", {"file": "a", "start": "昨天"}, "缺少"),
    ],
)
def test_a_register_takes_no_nonsense(office: Office, name: str, cells: dict[str, str], said: str) -> None:
    with pytest.raises(BadValue, match=said):
        enter(office, name, cells)
    assert ledgers.rows(office.cases.store, name, None) == []


def test_who_interfered_is_shown_to_no_stranger(office: Office) -> None:
    cells = {"who": "示例周", "happened": "2026-11-01T09:00", "ways": "电话", "content": "要求从轻"}
    enter(office, "interference", cells)
    store = office.cases.store
    assert ledgers.rows(store, "interference", None)[0].cells["who"] == "示某某"
    assert ledgers.rows(store, "interference", None, masked=False)[0].cells["who"] == "示例周"


# ---------------------------------------------------------------- publication

RULE = {"days": 20, "months": 36, "short_months": 3, "short_kinds": ["通报批评"], "left_out": ["警告"]}


def decided(office: Office, body: Body, **changes: Any) -> documents.Document:
    case = office.create(body(decision__number=None, publish=True, **changes))
    return office.issue(case, "decision")


def shown(office: Office, number: str, base: Snapshot, day: date = TODAY) -> str:
    with office.cases.writing(by="示例张", at=AT) as w:
        return publication.publish(w, base, number, day=day, address="https://example.invalid/1")


def test_a_decision_is_due_shown_and_over(office: Office, body: Body, based: Callable[..., Snapshot]) -> None:
    base, store = based(setting(MARKET, RULE)), office.cases.store
    paper = decided(office, body)
    (row,) = publications(store, base, TODAY, [])
    assert (row.state, row.published, row.until) == ("待公示", None, None)
    assert row.due is not None
    assert paper.day is not None
    assert (row.due - paper.day).days >= 26  # twenty working days
    assert publications(store, base, date(2027, 6, 1), [])[0].late
    shown(office, paper.number_text, base)
    (row,) = publications(store, base, TODAY, [])
    assert (row.state, row.published, row.until) == (SHOWING, TODAY, date(2029, 11, 23))
    assert publications(store, base, date(2029, 11, 22), [])[0].state == SHOWING
    assert publications(store, base, date(2029, 11, 23), [])[0].state == "已停止公示"
    with pytest.raises(Conflict, match="已于"):
        shown(office, paper.number_text, base)
    assert verify(store).sound


def test_without_a_setting_no_day_is_guessed(office: Office, body: Body) -> None:
    decided(office, body)
    (row,) = publications(office.cases.store, office.base, TODAY, [])
    assert (row.state, row.due, row.until) == ("待公示", None, None)
    assert "publication/market" in row.notes[0]


def test_the_summary_shows_no_person(office: Office, body: Body) -> None:
    decided(office, body, cause="示例王无证经营")
    (row,) = publications(office.cases.store, office.base, TODAY, [])
    assert row.summary["number"] == "示综执罚〔2026〕1号"
    assert row.summary["code"]
    assert "罚款" in row.summary["penalty"]
    text = json.dumps(row.to_dict(), ensure_ascii=False, default=str)
    party = body()["parties"][0]
    for secret in (party["name"], party["address"], party.get("phone"), party.get("id_number")):
        assert not secret or secret not in text


CHILD = {
    "kind": "individual",
    "name": "示例小明",
    "id_type": "护照",
    "id_number": "E1234567",
    "address": "示例县示例路1号",
}


@pytest.mark.parametrize(("born", "name"), [("2010-01-01", "未成年人"), ("1990-01-01", "示某某")])
def test_a_minor_has_no_name(office: Office, body: Body, born: str, name: str) -> None:
    decided(office, body, parties=[CHILD | {"born": born}], cause="示例小明无证经营")
    (row,) = publications(office.cases.store, office.base, TODAY, [])
    assert row.summary["party"] == name
    assert "小明" not in json.dumps(row.summary, ensure_ascii=False)


# kinds of penalty given, whether a decision of them is shown
LEFT_OUT = [(["警告"], "不公示"), (["警告", "罚款"], "待公示"), (["罚款"], "待公示"), ([], "待公示")]


@pytest.mark.parametrize(("kinds", "state"), LEFT_OUT)
def test_what_the_setting_leaves_out_is_not_shown(kinds: list[str], state: str) -> None:
    rule = publication.Rule(20, 36, 3, (), ("警告",), "")
    assert publication._state([], None, None, rule, kinds, TODAY) == state


def test_only_an_issued_decision_that_says_so_is_shown(office: Office, body: Body) -> None:
    silent = office.issue(office.create(body("noise-hailing", decision__number=None)), "decision")
    with pytest.raises(BadValue, match="没有告知公示"):
        shown(office, silent.number_text, office.base)
    notice = office.issue(office.create(body(id="b", notice__number=None)), "prior_notice")
    with pytest.raises(BadValue, match="不是处罚决定"):
        shown(office, notice.number_text, office.base)
    paper = decided(office, body, id="c")
    with pytest.raises(BadValue, match="早于决定日期"):
        shown(office, paper.number_text, office.base, date(2020, 1, 1))
    with office.cases.writing(by="示例张", at=AT) as w:
        issuing.void(w, paper.number_text, "写错")
    with pytest.raises(BadValue, match="作废"):
        shown(office, paper.number_text, office.base)
    with pytest.raises(NotFound):
        shown(office, "示综执罚〔2026〕99号", office.base)
    assert publications(office.cases.store, office.base, TODAY, []) == []


def test_a_void_decision_is_recalled_in_three_working_days(office: Office, body: Body) -> None:
    paper = decided(office, body)
    shown(office, paper.number_text, office.base)
    with office.cases.writing(by="示例张", at=AT) as w:
        issuing.void(w, paper.number_text, "决定被撤销")
    (row,) = publications(office.cases.store, office.base, TODAY, [])
    assert (row.state, row.recall) == ("应当撤回", date(2026, 11, 26))
    assert publications(office.cases.store, office.base, date(2026, 11, 27), [])[0].late
    assert paper.number_text not in publication.public_page([row], "示例局", TODAY)
    with office.cases.writing(by="示例张", at=AT) as w:
        with pytest.raises(BadValue, match="理由"):
            publication.take_back(w, paper.number_text, day=TODAY, why=" ")
        publication.take_back(w, paper.number_text, day=TODAY, why="决定被撤销")
    assert publications(office.cases.store, office.base, TODAY, [])[0].state == "已撤回"
    with office.cases.writing(by="示例张", at=AT) as w, pytest.raises(Conflict, match="没有在公示"):
        publication.take_back(w, paper.number_text, day=TODAY, why="再撤")


@pytest.mark.parametrize("value", ["二十日", {"days": 20}, {"days": "x", "months": 3}, [1]])
def test_a_rule_that_cant_be_read_is_named(
    office: Office, body: Body, based: Callable[..., Snapshot], value: object
) -> None:
    decided(office, body)
    with pytest.raises(BadRecord, match="publication/market"):
        publications(office.cases.store, based(setting(MARKET, value)), TODAY, [])


# ---------------------------------------------------------------- recordings

RECORDING = {
    "file": "a.mp4", "sha256": "0" * 64, "device": "记录仪1", "officer": "示例张", "place": "服务器",
    "start": "2026-09-08T09:00", "end": "2026-09-08T11:00",
}  # fmt: skip


def record(office: Office, case: str, **cells: str) -> str:
    with office.cases.writing(by="示例张", at=AT) as w:
        return recordings.add(w, case, RECORDING | cells)


# what is entered, what is said of the inspection of 09:10 to 10:25 ("": nothing)
RECORDED: list[tuple[list[dict[str, str]], str]] = [
    ([], "没有对应的音像记录"),
    ([{}], ""),
    ([{"paper": "inspection"}], ""),
    ([{"paper": "现场（检查、勘验）笔录", "start": "2026-09-08T09:30"}], "没有覆盖全过程"),
    ([{"end": "2026-09-08T10:00"}, {"start": "2026-09-08T10:00", "sha256": "1" * 64}], ""),
    ([{"paper": "interview"}], "没有对应的音像记录"),
    ([{"start": "2026-09-09T09:00", "end": "2026-09-09T11:00"}], "没有对应的音像记录"),
]


@pytest.mark.parametrize(("rows", "said"), RECORDED)
def test_a_paper_of_the_scene_owes_a_recording(
    office: Office, body: Body, rows: list[dict[str, str]], said: str
) -> None:
    id = office.create(body("full-course"))
    for row in rows:
        record(office, id, **row)
    found = recordings.gaps(office.cases.store, office.cases.read(id).case)
    mine = [g.message for g in found if g.type == "inspection_record"]
    assert (said in mine[0]) if said else not mine
    assert len(recordings.index(office.cases.store, id)) == len(rows)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"end": "2026-09-08T09:00"}, "不晚于"),
        ({"start": "x"}, "读不懂"),
        ({"device": "", "sha256": "1" * 64}, "缺少"),
        ({}, "已经登记为"),
    ],
)
def test_a_recording_is_entered_once_and_whole(
    office: Office, body: Body, cells: dict[str, str], said: str
) -> None:
    id = office.create(body())
    record(office, id)
    with pytest.raises(BadValue, match=said):
        record(office, id, **cells)


def test_the_hash_is_the_files(tmp_path: Path) -> None:
    import hashlib

    (tmp_path / "a.mp4").write_bytes(b"x" * 3_000_000)
    with (tmp_path / "a.mp4").open("rb") as f:
        assert recordings.sha256(f) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


# ---------------------------------------------------------------- inspections

# deeds of one enterprise in the year, limit, the warnings
VISITS: list[tuple[str, int | None, list[str]]] = [
    ("计划 实施", 2, []),
    ("实施", None, ["列入计划"]),
    ("计划 计划 实施 实施", 2, ["达到每年2次"]),
    ("计划 计划 计划 实施 实施 实施", 2, ["超过每年2次"]),
    ("计划", 2, ["没有实施的记录"]),
    ("计划 取消", 2, []),
]


@pytest.mark.parametrize(("deeds", "limit", "warned"), VISITS)
def test_inspections_of_an_enterprise_are_counted(
    office: Office, based: Callable[..., Snapshot], deeds: str, limit: int | None, warned: list[str]
) -> None:
    for n, deed in enumerate(deeds.split()):
        enter(
            office,
            "inspections",
            {"deed": deed, "enterprise": "示例厂", "code": "9", "matter": "消防"},
            date(2026, 3, 1 + n),
        )
    enter(
        office,
        "inspections",
        {"deed": "实施", "enterprise": "示例厂", "code": "9", "matter": "消防"},
        date(2025, 3, 1),
    )
    base = based(setting(inspections.LIMIT, limit)) if limit else office.base
    (one,), note = inspections.of_year(office.cases.store, base, 2026, TODAY, [])
    for text, part in zip(one.warnings, warned, strict=True):
        assert part in text
    assert bool(note) == (limit is None)


def test_an_issued_record_counts_as_an_inspection(office: Office, body: Body) -> None:
    id = office.create(body("full-course"))
    with office.cases.writing(by="示例张", at=AT) as w:
        issuing.issue(
            w, office.base, id, "inspection_record", office.drafter("inspection_record"), key="inspection"
        )
    (one,), _ = inspections.of_year(office.cases.store, office.base, 2026, TODAY, [])
    assert (one.held, one.planned) == (1, 0)
    case = office.cases.read(id).case
    assert one.name == case.parties[0].trade_name
    enter(
        office,
        "inspections",
        {"deed": "实施", "enterprise": one.name, "code": one.code, "matter": "x"},
        date(2026, 9, 8),
        id,
    )
    assert inspections.of_year(office.cases.store, office.base, 2026, TODAY, [])[0][0].held == 1


def test_a_limit_that_is_none_is_named(office: Office, based: Callable[..., Snapshot]) -> None:
    with pytest.raises(BadRecord, match="inspection/yearly-limit"):
        inspections.of_year(office.cases.store, based(setting(inspections.LIMIT, "两次")), 2026, TODAY, [])


# ---------------------------------------------------------------- review catalogue

# a row of the catalogue, whether a fine of 50000 in 市场监管 with a confiscation falls under it
MATTERS: list[tuple[object, str]] = [
    ("没收违法所得", "应当"),
    ("吊销", "不必"),
    ({"matter": "大额罚款", "fine_from": 50000}, "应当"),
    ({"matter": "大额罚款", "fine_from": 50001}, "不必"),
    ({"matter": "大额罚款", "fine_from": 10000, "domains": ["生态环境"]}, "不必"),
    ({"matter": "市场监管的处罚", "domains": ["市场监管"], "organ": "法制股", "people": "两人"}, "应当"),
    ({"matter": "没收", "kinds": ["没收"], "domains": ["市场监管"]}, "应当"),
]


@pytest.mark.parametrize(("row", "answer"), MATTERS)
def test_a_case_is_held_against_the_catalogue(
    office: Office, body: Body, based: Callable[..., Snapshot], row: object, answer: str
) -> None:
    base = based(setting("review/catalogue", [row]))
    measures = [{"kind": "没收违法所得", "amount": 100}]
    id = office.create(
        body(decision__traits=[], violations__0__fine=50000, violations__0__measures=measures,
             decision__legal_review_on=None, notice__hearing=None)
    )  # fmt: skip
    (one,) = reviewing.tested(office.cases.store, base, TODAY, [])
    assert (one.case, one.answer, one.open) == (id, answer, answer == "应当")
    head, line = reviewing.rows(reviewing.matters(base, TODAY))
    assert head[4:] == ["审核机构", "审核人员", "审核内容", "审核范围", "审核责任"]
    assert len(line) == len(head)


@pytest.mark.parametrize(
    "value", ["吊销", [{"matter": "x"}], [{"kinds": ["x"], "nope": 1}], [{"fine_from": "多"}], [3]]
)
def test_a_catalogue_that_cant_be_read_is_named(based: Callable[..., Snapshot], value: object) -> None:
    with pytest.raises(BadRecord, match="review/catalogue"):
        reviewing.matters(based(setting("review/catalogue", value)), TODAY)


# ---------------------------------------------------------------- provisions by post


def test_a_post_applies_the_provisions_of_its_sectors(office: Office) -> None:
    enter(office, "posts", {"post": "食品岗", "domain": "市场监管", "duty": "查处"})
    enter(office, "posts", {"post": "环保岗", "domain": "生态环境", "duty": "查处"})
    store, base = office.cases.store, office.base
    found = inventory.inventory(store, base, TODAY, post="食品岗")
    assert {r.post for r in found} == {"食品岗"}
    assert {r.domain for r in found} == {"市场监管"}
    assert any("食品安全法" in r.citation and r.use == "处罚" and r.violations for r in found)
    everyone = inventory.inventory(store, base, TODAY)
    assert {r.post for r in everyone} == {"食品岗", "环保岗"}
    assert len(inventory.table(found)) == len(found) + 1
    for how in ({"post": "没有"}, {"domain": "税务"}):
        with pytest.raises(WrongUse):
            inventory.inventory(store, base, TODAY, **how)


def test_a_sector_needs_no_post(office: Office) -> None:
    assert inventory.inventory(office.cases.store, office.base, TODAY, domain="农业")
    with pytest.raises(WrongUse, match="没有登记岗位"):
        inventory.inventory(office.cases.store, office.base, TODAY)


# ---------------------------------------------------------------- the sheet to re-key


def test_the_fields_of_a_case_stand_in_order(office: Office, body: Body) -> None:
    id = office.create(body(cause="<script>x</script>", decision__number=None))
    office.issue(id, "decision")
    case, papers = office.cases.read(id).case, documents.documents(office.cases.store, id)
    lines = rekeying.sheet(case, office.base, papers, TODAY)
    sections = list(dict.fromkeys(line.section for line in lines))
    assert sections == [
        s for s in ("案件", "当事人", "违法行为", "告知", "决定", "执行", "文书") if s in sections
    ]
    said = {line.label: line.value for line in lines}
    assert said["字号"] == case.parties[0].trade_name
    assert said["罚款（元）"] == f"{case.violations[0].fine:f}"
    assert said["行政处罚决定书"].startswith("示综执罚〔2026〕1号")
    assert all(line.value and "None" not in line.value for line in lines)
    page = rekeying.page("案件", lines)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["full-course", "suspected-crime", "noise-first-time", "illegal-building"])
def test_every_example_can_be_re_keyed(body: Body, agency: Snapshot, name: str) -> None:
    assert len(rekeying.sheet(case_from(body(name)), agency, [], TODAY)) > 15


# ---------------------------------------------------------------- the score sheet


def scored(office: Office, id: str) -> dict[str, tuple[str, str]]:
    sheet = scoring.score(office.cases.store, office.base, office.cases.read(id).case, TODAY)
    return {r.rule.id: (r.answer, r.detail) for r in sheet.rows}


def test_a_sound_case_has_no_veto(office: Office, body: Body) -> None:
    id = office.create(body(decision__number=None, notice__number=None))
    office.issue(id, "prior_notice")
    office.issue(id, "decision")
    found = scored(office, id)
    for rule in ("a2", "b1", "c1", "d1", "d2", "d3", "e1", "e2", "g1", "g3", "h1", "h2", "j5"):
        assert found[rule][0] == "符合", (rule, found[rule])
    assert found["c3"] == ("待人工", "")
    sheet = scoring.score(office.cases.store, office.base, office.cases.read(id).case, TODAY)
    assert not sheet.vetoed
    assert sheet.taken_off == 0


def test_what_is_wrong_is_marked_down(office: Office, body: Body, root: Path) -> None:
    """A decision letter stored as another program wrote it: a short name, 拟, no trade name, no court."""
    paper = office.issue(office.create(body(decision__number=None)), "decision")
    id = paper.case
    data = documents.content(office.cases.store, paper.sha256)
    document = open_docx(io.BytesIO(data))
    trade = office.cases.read(id).case.parties[0].trade_name or ""
    for paragraph in [
        *document.paragraphs,
        *(p for t in document.tables for c in t._cells for p in c.paragraphs),
    ]:
        if trade in paragraph.text:
            paragraph.text = paragraph.text.replace(trade, "某店")
    document.add_paragraph("依据《食品安全法》第122条，拟作出罚款，有全权委托书。")
    out = io.BytesIO()
    document.save(out)
    import sqlalchemy as sa

    from casework import schema as t

    with office.cases.store.locked() as conn:
        conn.execute(
            sa.update(t.content).where(t.content.c.sha256 == paper.sha256).values(body=out.getvalue())
        )
    found = scored(office, id)
    for rule in ("b1", "d3", "h2", "j4"):
        assert found[rule][0] == "不符合", (rule, found[rule])
    sheet = scoring.score(office.cases.store, office.base, office.cases.read(id).case, TODAY)
    assert sheet.vetoed
    assert sheet.taken_off == 20  # only rule 104 has points that are no veto


def test_the_organ_and_the_service_are_looked_at(office: Office, body: Body) -> None:
    id = office.create(body("full-course"))
    assert scored(office, id)["a1"] == ("待人工", "没有登记执法主体名录")
    enter(
        office,
        "organs",
        {"name": "别的局", "nature": "法定行政机关", "powers": "法", "confirmed": "2020-01-01"},
    )
    assert scored(office, id)["a1"][0] == "不符合"
    assert scored(office, id)["i2"][0] == "符合"
    assert scored(office, id)["c4"][0] == "不符合"


def test_the_sheet_can_be_printed(office: Office, body: Body) -> None:
    id = office.create(body())
    sheet = scoring.score(office.cases.store, office.base, office.cases.read(id).case, TODAY)
    text = zipfile.ZipFile(io.BytesIO(scoring.to_docx(sheet))).read("word/document.xml").decode()
    assert "案卷评查评分表" in text
    assert all(r.text in text for r in RULES)
    assert scoring.to_docx(sheet) == scoring.to_docx(sheet)
    assert scoring.to_xlsx(sheet, at=AT).startswith(b"PK")


def test_every_rule_is_whole() -> None:
    assert len({r.id for r in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert all(name in scoring.JUDGES for name in rule.judge.split("+") if name), rule.id
        assert all(document_type(t) for t in rule.types)
        assert bool(rule.codes) == bool({"findings", "gates"} & set(rule.judge.split("+"))), rule.id


# ---------------------------------------------------------------- a paper edited in Word


def test_a_really_edited_paper_is_checked_again_and_its_scan_kept(office: Office, body: Body) -> None:
    """python-docx opens and saves the file as Word would: other parts, other order, same text."""
    paper = office.issue(office.create(body(decision__number=None)), "decision")
    before = documents.content(office.cases.store, paper.sha256)
    document = open_docx(io.BytesIO(before))
    changed = next(p for p in document.paragraphs if "第一百二十二条" in p.text)
    changed.text = changed.text.replace("第一百二十二条", "第一百二十五条", 1)
    out = io.BytesIO()
    document.save(out)
    with office.cases.writing(by="示例张", at=AT) as w:
        found = attachments.add_edited(w, office.base, paper.number_text, "改.docx", out.getvalue(), before)
        attachments.add_scan(w, paper.number_text, "签字.pdf", b"%PDF-1.7\nscan")
    assert len(found.changes) == 1
    assert [f.code for f in found.findings if f.severity == "否决"] == ["C13"]
    kept = attachments.attachments(office.cases.store, paper.id)
    assert [a.kind for a in kept] == ["改后稿", "扫描件"]
    assert kept[0].findings
    assert verify(office.cases.store).sound


def test_a_resaved_paper_is_sound(office: Office, body: Body) -> None:
    paper = office.issue(office.create(body(decision__number=None)), "decision")
    before = documents.content(office.cases.store, paper.sha256)
    out = io.BytesIO()
    open_docx(io.BytesIO(before)).save(out)
    assert out.getvalue() != before
    found = attachments.recheck(paper, office.base, out.getvalue(), before)
    assert found.changes == ()
    assert found.sound
