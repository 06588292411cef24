"""Issuing: number, bytes, ledgers and log in one transaction; a void one keeps its number; blocks by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from casework import audit_log, documents, handwriting, ledger_rows, ledgers, numbering
from casework import schema as t
from casework.issuing import issue, void
from casework.numbering import Series
from casework.slots import Slot
from generator.casefile import CaseFile
from generator.docx_text import read_docx
from generator.drafting import Draft
from generator.drafting import draft as generate
from kb.errors import BadRecord, BadValue, CailiangError, Conflict, NotFound, Refused, WrongUse
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]
UNNUMBERED = {"decision__number": None}


def text_of(office: Office, sha256: str) -> str:
    return "\n".join(line.text for line in read_docx(documents.content(office.cases.store, sha256)))


def numbers(office: Office, code: str, year: int = 2026) -> list[tuple[str, str]]:
    return [(d.number_text, d.state) for d in documents.series(office.cases.store, code, year)]


def test_an_issued_paper_bears_the_next_number_and_so_does_its_case(office: Office, body: Body) -> None:
    for n in (1, 2):
        id = office.create(body(id=f"c{n}", **UNNUMBERED))
        made = office.issue(id, "decision")
        assert made.number_text == f"示综执罚〔2026〕{n}号"
        assert made.number_text in text_of(office, made.sha256)
        stored = office.cases.read(id)
        assert stored.case.decision.number == n
        assert (stored.state, stored.stage, stored.revision) == ("在办", "决定", 2)
    assert documents.document(office.cases.store, "示综执罚〔2026〕2号") == made
    assert hashlib.sha256(documents.content(office.cases.store, made.sha256)).hexdigest() == made.sha256
    assert made.provenance is not None
    assert (made.provenance.revision, made.provenance.act) == (7, date(2026, 9, 8))


def test_the_year_is_that_of_the_paper(office: Office, body: Body) -> None:
    late = [{"gate": "G12", "reason": "鉴定三十日，经负责人批准延长", "by": "示例赵"}]
    for n, day in enumerate(["2026-12-30", "2027-01-04", "2026-12-31", "2027-01-05"]):
        office.create(body(id=f"c{n}", decision__date=day, overrides=late, **UNNUMBERED))
        office.issue(f"c{n}", "decision")
    assert [d for d, _ in numbers(office, "示综执罚")] == ["示综执罚〔2026〕1号", "示综执罚〔2026〕2号"]
    assert [d for d, _ in numbers(office, "示综执罚", 2027)] == ["示综执罚〔2027〕1号", "示综执罚〔2027〕2号"]


def test_a_warned_gate_that_was_passed_stands_in_the_log(office: Office, body: Body) -> None:
    late = {"decision__date": "2026-12-30", **UNNUMBERED}
    id = office.create(body(**late))
    with pytest.raises(Refused, match=r"G12.*（overrides）写明理由"):
        office.issue(id, "decision")
    why = [{"gate": "G12", "reason": "检测三十日，电话13800000000", "by": "示例赵"}]
    with office.cases.writing(by="甲", at=AT) as w:
        w.save(id, body(**late, overrides=why), expected_revision=1)
    office.issue(id, "decision")
    said = [e.to_dict()["body"] for e in audit_log.entries(office.cases.store) if e.what == "签发"]
    assert [b["overrides"] for b in said] == [["G12 示例赵：检测三十日，电话138******00"]]


def test_a_paper_without_a_day_gets_the_day_of_its_issue(office: Office, body: Body) -> None:
    id = office.create(body(decision__date=None, **UNNUMBERED))
    assert office.issue(id, "decision").day == AT.date()
    assert office.cases.read(id).case.decision.date == AT.date()


def test_a_whole_number_counts_as_its_sequence_number(office: Office, body: Body) -> None:
    text = "（示）应急罚〔2026〕综合-1号"
    id = office.create(body(decision__number=text))
    made = office.issue(id, "decision")
    assert made.number_text == text
    assert office.cases.read(id).case.decision.number == text
    assert numbering.parse(text)[0].text(1) == text
    with office.cases.store.locked() as conn:
        assert numbering.last(conn, numbering.parse(text)[0]) == 1


NOT_ISSUED: list[tuple[dict[str, Any], type[CailiangError], str]] = [
    ({"decision__number": 5}, BadValue, "文号 示综执罚〔2026〕5号 会造成跳号.*下一个是 示综执罚〔2026〕1号"),
    ({"decision__number": "五号"}, BadValue, "不是文号"),
    ({"officers": []}, Refused, "E3"),
    ({"violations__0__violated": ["《中华人民共和国食品安全法》第九百条"]}, Refused, "第九百条"),
    ({"parties": []}, BadRecord, "parties"),
]


@pytest.mark.parametrize(("changes", "error", "said"), NOT_ISSUED, ids=lambda v: str(v)[:30])
def test_what_may_not_leave_takes_no_number(
    office: Office, body: Body, changes: dict[str, Any], error: type[CailiangError], said: str
) -> None:
    id = office.create(body(**{"decision__number": None, **changes}))
    with pytest.raises(error, match=said) as e:
        office.issue(id, "decision")
    assert "\n" not in str(e.value)
    assert office.cases.read(id).revision == 1
    assert documents.documents(office.cases.store, id) == []
    with office.cases.store.connected() as conn:
        assert not conn.execute(sa.select(t.counter)).all()


def test_a_draft_is_never_issued(office: Office, body: Body) -> None:
    """Neither one that says so, nor one whose maker says otherwise: the bytes are asked."""
    id = office.create(body(**UNNUMBERED))
    make = office.drafter("decision", as_draft=True)

    def disguised(case: CaseFile, slot: Slot) -> Draft:
        made = make(case, slot)
        return replace(made, watermark=False, provenance=replace(made.provenance, draft=False))

    for drafter in (make, disguised):
        with pytest.raises(Refused, match="是草稿，不能签发"), office.cases.writing(by="甲", at=AT) as w:
            issue(w, office.base, id, "decision", drafter)
    assert documents.documents(office.cases.store, id) == []


def test_a_paper_of_another_case_type_or_number_is_not_issued(office: Office, body: Body) -> None:
    other = office.create(body(id="other", decision__number=9))
    ready = generate("decision", office.cases.read(other).case, office.base, decided=AT.date())
    office.create(body(id="c1", notice__number=1, **UNNUMBERED))
    cases = [
        ("c1", "decision", "文书写的是 other 的 decision"),
        ("c1", "prior_notice", "文书写的是 other 的 decision"),
        ("other", "decision", "没有文号 示综执罚〔2026〕1号"),
    ]
    with office.cases.writing(by="甲", at=AT) as w:
        w.save("other", body(id="other", **UNNUMBERED), expected_revision=1)
    for id, type, said in cases:
        with pytest.raises(BadValue, match=said), office.cases.writing(by="甲", at=AT) as w:
            issue(w, office.base, id, type, lambda case, slot: ready)


def test_a_paper_is_issued_once(office: Office, body: Body) -> None:
    id = office.create(body(**UNNUMBERED))
    office.issue(id, "decision")
    with pytest.raises(Conflict, match="示综执罚〔2026〕1号已经签发"):
        office.issue(id, "decision")


def test_a_case_changed_since_it_was_looked_at_is_not_issued(office: Office, body: Body) -> None:
    id = office.create(body(**UNNUMBERED))
    with office.cases.writing(by="示例李", at=AT) as w:
        w.save(id, {**office.cases.read(id).body, "cause": "改了"}, expected_revision=1)
    with pytest.raises(Conflict, match="已被示例李于"):
        office.issue(id, "decision", expected_revision=1)
    assert office.issue(id, "decision", expected_revision=2).number_text.endswith("1号")


def test_each_party_has_a_letter_with_a_number_of_its_own(office: Office, body: Body) -> None:
    data = body(**UNNUMBERED)
    data["parties"].append({**data["parties"][0], "trade_name": "示例县城西饭店"})
    data["violations"].append({**data["violations"][0], "party": 2})
    id = office.create(data)
    made = [office.issue(id, "decision", party=n) for n in (1, 2)]
    assert [d.number_text for d in made] == ["示综执罚〔2026〕1号", "示综执罚〔2026〕2号"]
    assert ["城西" in text_of(office, d.sha256) for d in made] == [False, True]
    assert "〔2026〕2号" in text_of(office, made[1].sha256)
    with pytest.raises(Conflict, match="2号已经签发"):
        office.issue(id, "decision", party=2)
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, "示综执罚〔2026〕2号", "写错")
    assert office.cases.read(id).case.decision.number == 1
    assert office.issue(id, "decision", party=2).number_text == "示综执罚〔2026〕3号"


def test_what_is_issued_with_others_stands_or_falls_with_them(office: Office, body: Body) -> None:
    """A batch: cases and papers of one transaction."""
    with pytest.raises(Refused), office.cases.writing(by="甲", at=AT) as w:
        for n, officers in enumerate([2, 2, 0]):
            data = body(id=f"c{n}", **UNNUMBERED)
            id = w.create({**data, "officers": data["officers"][:officers]}).id
            issue(w, office.base, id, "decision", office.drafter("decision"))
    assert office.cases.list()[0] == 0
    office.create(body(**UNNUMBERED))
    assert office.issue("demo/unlicensed-food", "decision").number_text == "示综执罚〔2026〕1号"


NUMBERS = [
    ("示综执罚〔2026〕15号", 15, True),
    ("示综执罚〔2026〕15号", 5, False),
    ("示综执罚〔2026〕综合-5号", 5, True),
    ("示综执罚〔2026〕5号", "示综执罚〔2026〕5号", True),
    ("示综执罚〔2026〕5号", "示综执罚 〔2026〕 5号", True),
    ("示综执罚〔2026〕5号", "示综执不罚〔2026〕5号", False),
    ("示综执罚〔2026〕5号", None, False),
]


@pytest.mark.parametrize(("text", "said", "same"), NUMBERS)
def test_what_a_case_says_of_a_number(text: str, said: int | str | None, same: bool) -> None:
    assert numbering.same(text, said) is same


# ---------------------------------------------------------------- void


def test_a_void_paper_keeps_its_number_and_the_next_gets_the_next(office: Office, body: Body) -> None:
    id = office.create(body(**UNNUMBERED))
    office.issue(id, "decision")
    with office.cases.writing(by="示例李", at=AT) as w:
        gone = void(w, "示综执罚〔2026〕1号", "金额打错")
    assert (gone.state, gone.why) == ("作废", "金额打错")
    assert office.cases.read(id).case.decision.number is None
    assert office.cases.read(id).stage == ""
    assert office.issue(id, "decision").number_text == "示综执罚〔2026〕2号"
    assert numbers(office, "示综执罚") == [("示综执罚〔2026〕1号", "作废"), ("示综执罚〔2026〕2号", "已签发")]
    assert documents.content(office.cases.store, gone.sha256)


@pytest.mark.parametrize(
    ("which", "why", "error", "said"),
    [
        ("示综执罚〔2026〕1号", " ", BadValue, "理由"),
        ("示综执罚〔2026〕8号", "x", NotFound, "没有文书"),
        ("9999", "x", NotFound, "没有文书"),
    ],
)
def test_voiding_needs_a_paper_and_a_reason(
    office: Office, body: Body, which: str, why: str, error: type[CailiangError], said: str
) -> None:
    office.issue(office.create(body(**UNNUMBERED)), "decision")
    with pytest.raises(error, match=said), office.cases.writing(by="甲", at=AT) as w:
        void(w, which, why)


def test_a_paper_is_void_once(office: Office, body: Body) -> None:
    office.issue(office.create(body(**UNNUMBERED)), "decision")
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, "示综执罚〔2026〕1号", "x")
    with pytest.raises(Conflict, match="已经作废"), office.cases.writing(by="甲", at=AT) as w:
        void(w, "示综执罚〔2026〕1号", "x")


# ---------------------------------------------------------------- written by hand

STORED = "storage_notice"
SPOT = "on_the_spot_decision"


def reserve(office: Office, count: int = 5) -> list[documents.Document]:
    with office.cases.writing(by="示例赵", at=AT) as w:
        return handwriting.reserve(w, office.base, SPOT, count, holder="示例张", day=AT.date())


def test_numbers_for_handwriting_are_used_registered_or_void(office: Office, body: Body) -> None:
    """Measure 12: a block is handed out, one is written on the spot and registered, one is spoiled."""
    assert [d.number_text for d in reserve(office)] == [f"示综执当罚〔2026〕{n}号" for n in range(1, 6)]
    id = office.create(body("no-purchase-check", on_the_spot__number=None))
    printed = office.issue(id, SPOT)
    assert printed.number_text == "示综执当罚〔2026〕6号"
    by_hand = office.create(body("no-purchase-check", id="by-hand", on_the_spot__number=None))
    with office.cases.writing(by="示例李", at=AT) as w:
        made = handwriting.register(w, "示综执当罚〔2026〕2号", by_hand, day=date(2026, 11, 20))
        void(w, "示综执当罚〔2026〕3号", "写坏")
    assert (made.state, made.day, made.sha256) == ("已签发", date(2026, 11, 20), "")
    assert office.cases.read(by_hand).case.on_the_spot.number == 2
    assert [state for _, state in numbers(office, "示综执当罚")] == [
        "预领", "已签发", "作废", "预领", "预领", "已签发",
    ]  # fmt: skip
    rows = ledgers.rows(office.cases.store, "on_the_spot", 2026)
    assert [(r.number, r.case, r.cells["number"]) for r in rows] == [
        (1, id, "示综执当罚〔2026〕6号"), (2, by_hand, "示综执当罚〔2026〕2号"),
    ]  # fmt: skip


def test_a_case_may_name_a_number_of_the_block_and_be_printed(office: Office, body: Body) -> None:
    reserve(office)
    id = office.create(body("no-purchase-check", on_the_spot__number=4))
    assert office.issue(id, SPOT).number_text == "示综执当罚〔2026〕4号"
    other = office.create(body("no-purchase-check", id="other", on_the_spot__number=4))
    with pytest.raises(BadValue, match=f"示综执当罚〔2026〕4号 已签发（案件 {id}）"):
        office.issue(other, SPOT)


@pytest.mark.parametrize(
    ("number", "error"), [("示综执当罚〔2026〕9号", NotFound), ("示综执当罚〔2026〕1号", Conflict)]
)
def test_only_an_open_number_is_registered(
    office: Office, body: Body, number: str, error: type[CailiangError]
) -> None:
    reserve(office, 2)
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, "示综执当罚〔2026〕1号", "丢失")
    id = office.create(body("no-purchase-check", on_the_spot__number=None))
    with pytest.raises(error), office.cases.writing(by="甲", at=AT) as w:
        handwriting.register(w, number, id, day=AT.date())


def test_a_paper_by_hand_names_its_party_and_its_place(office: Office, body: Body) -> None:
    with office.cases.writing(by="甲", at=AT) as w:
        numbers = [
            d.number_text for d in handwriting.reserve(w, office.base, STORED, 2, holder="甲", day=AT.date())
        ]
    two: list[dict[str, Any]] = [{"type": STORED, "key": key, "values": {}} for key in ("first", "second")]
    id = office.create(body(papers=two))
    with pytest.raises(BadValue, match="没有第9个当事人"), office.cases.writing(by="甲", at=AT) as w:
        handwriting.register(w, numbers[0], id, day=AT.date(), party=9)
    with office.cases.writing(by="甲", at=AT) as w:
        assert handwriting.register(w, numbers[0], id, day=AT.date(), key="second").key == "second"
        assert handwriting.register(w, numbers[1], id, day=AT.date()).key == "first"


def test_a_case_that_names_another_number_or_has_its_paper_takes_none(office: Office, body: Body) -> None:
    reserve(office, 2)
    second = "示综执当罚〔2026〕2号"
    id = office.create(body("no-purchase-check", on_the_spot__number=7))
    with pytest.raises(Conflict, match=r"写的文号是7.*改成2"), office.cases.writing(by="甲", at=AT) as w:
        handwriting.register(w, second, id, day=AT.date())
    done = office.create(body("no-purchase-check", id="done", on_the_spot__number=1))
    office.issue(done, SPOT)
    with pytest.raises(Conflict, match=r"已有《.*1号"), office.cases.writing(by="甲", at=AT) as w:
        handwriting.register(w, second, done, day=AT.date())


@pytest.mark.parametrize(("count", "holder", "type"), [(0, "甲", SPOT), (1001, "甲", SPOT), (3, " ", SPOT)])
def test_a_block_names_who_takes_how_many(office: Office, count: int, holder: str, type: str) -> None:
    with pytest.raises(BadValue, match="领用"), office.cases.writing(by="甲", at=AT) as w:
        handwriting.reserve(w, office.base, type, count, holder=holder, day=AT.date())


def test_a_series_may_go_on_from_numbers_given_before(office: Office, body: Body) -> None:
    run = Series(numbering.DOCUMENTS, 2026, "示综执罚")
    with office.cases.writing(by="甲", at=AT) as w:
        numbering.begin(w, run, 37)
    id = office.create(body(**UNNUMBERED))
    assert office.issue(id, "decision").number_text == "示综执罚〔2026〕38号"
    with (
        pytest.raises(BadValue, match="已经编到 示综执罚〔2026〕38号"),
        office.cases.writing(by="甲", at=AT) as w,
    ):
        numbering.begin(w, run, 50)


# ---------------------------------------------------------------- ledgers


def test_the_ledgers_follow_the_papers(office: Office, body: Body) -> None:
    """Guidance notes and services enter rows by themselves, with the state of the case as it is today."""
    id = office.create(body("noise-first-time", guidance_note__number=None))
    office.issue(id, "guidance_note")
    (row,) = ledgers.rows(office.cases.store, "guidance", 2026)
    assert (row.case, row.state, row.case_state) == (id, "有效", "在办")
    assert row.cells["number"] == "示综执提示〔2026〕1号"
    food = office.create(
        body(**UNNUMBERED, decision__served__at="2026-11-05T10:20:00", decision__served__receiver="示例王")
    )
    office.issue(food, "decision")
    (row,) = ledgers.rows(office.cases.store, "service", 2026, masked=False)
    assert (row.day, row.cells["number"]) == (date(2026, 11, 5), "示综执罚〔2026〕1号")
    assert (row.cells["mode"], row.cells["at"]) == ("直接送达", "2026-11-05 10:20")
    with office.cases.writing(by="甲", at=AT) as w:
        w.save(food, {**office.cases.read(food).body, "cause": "x"}, expected_revision=2)
    assert len(ledgers.rows(office.cases.store, "service", 2026)) == 1


SERVED = {"decision__served": {"at": "2026-11-05T10:20:00", "place": "店内", "receiver": "示例王"}}


def test_a_receipt_is_issued_once_a_paper_and_again_when_void(office: Office, body: Body) -> None:
    id = office.create(body(**UNNUMBERED, **SERVED))
    with pytest.raises(WrongUse, match=r"送达了2份文书.*prior_notice、decision"):
        office.issue(id, "service_receipt")
    with pytest.raises(Refused, match="缺少所送达文书的文号"):
        office.issue(id, "service_receipt", key="decision")
    assert office.issue(id, "decision").number_text == "示综执罚〔2026〕1号"
    made = office.issue(id, "service_receipt", key="decision")
    assert (made.key, made.number_text, made.day) == ("decision", "", date(2026, 11, 5))
    assert "示综执罚〔2026〕1号" in text_of(office, made.sha256)
    told = office.issue(id, "service_receipt", key="prior_notice")
    assert told.key == "prior_notice"
    with pytest.raises(Conflict, match="《送达回证》已经签发"):
        office.issue(id, "service_receipt", key="decision")
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, str(made.id), "写坏")
    assert office.cases.read(id).case.decision.served, "it was served all the same"
    again = office.issue(id, "service_receipt", key="decision")
    assert (again.key, again.state) == ("decision", "已签发")


def test_a_receipt_of_an_entry_leaves_it_in_force_when_void(office: Office, body: Body) -> None:
    data = body("suspected-crime")
    for paper in data["papers"]:
        if paper["type"] == "seizure_decision":
            paper.pop("key")
    for goods in data.get("goods", ()):
        goods.pop("paper", None)
    id = office.create(data)
    made = office.issue(id, "service_receipt")
    assert made.key == "seizure_decision-1"
    assert "seizure_decision-1" in [p.key for p in office.cases.read(id).case.papers]
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, str(made.id), "写坏")
    assert not [p for p in office.cases.read(id).case.papers if p.void]
    assert office.issue(id, "service_receipt", key="seizure_decision").key == "seizure_decision-1"


def test_each_party_s_receipt_bears_the_number_of_its_own_letter(office: Office, body: Body) -> None:
    data = body(**UNNUMBERED, **SERVED)
    data["parties"].append(data["parties"][0] | {"trade_name": "示例二店", "name": "示例乙"})
    data["violations"].append(data["violations"][0] | {"party": 2})
    id = office.create(data)
    for party, number in ((1, "示综执罚〔2026〕1号"), (2, "示综执罚〔2026〕2号")):
        assert office.issue(id, "decision", party=party).number_text == number
    for party, number in ((2, "示综执罚〔2026〕2号"), (1, "示综执罚〔2026〕1号")):
        made = office.issue(id, "service_receipt", party=party, key="decision")
        assert (made.party, made.key) == (party, "decision")
        assert number in text_of(office, made.sha256)


def test_rows_of_a_void_paper_are_void(office: Office, body: Body) -> None:
    id = office.create(body("noise-first-time", guidance_note__number=None))
    office.issue(id, "guidance_note")
    with office.cases.writing(by="甲", at=AT) as w:
        void(w, "示综执提示〔2026〕1号", "发错人")
    office.issue(id, "guidance_note")
    rows = ledgers.rows(office.cases.store, "guidance", 2026)
    assert [(r.number, r.state, r.cells["number"]) for r in rows] == [
        (1, "作废", "示综执提示〔2026〕1号"), (2, "有效", "示综执提示〔2026〕2号"),
    ]  # fmt: skip


ENTRUSTED = {"organ": "示例镇综合执法队", "matters": "占道经营", "until": "2027-12-31"}
BY_HAND: list[tuple[str, dict[str, str], str]] = [
    ("entrustment", ENTRUSTED, ""),
    ("委托执法登记台账", ENTRUSTED, ""),
    ("entrustment", {"organ": "x", "matters": "y"}, "缺少期限届满"),
    ("entrustment", {**ENTRUSTED, "budget": "1"}, "没有“budget”这一栏"),
    ("filing", {"source": "电话举报", "cause": "噪声"}, ""),
    ("filing", {"source": "电话举报", "cause": " "}, "缺少案由"),
    ("nothing", {}, "没有台账"),
]


@pytest.mark.parametrize(("name", "cells", "said"), BY_HAND, ids=lambda v: str(v)[:30])
def test_rows_by_hand(office: Office, name: str, cells: dict[str, str], said: str) -> None:
    def enter() -> str:
        with office.cases.writing(by="甲", at=AT) as w:
            return ledger_rows.add(w, name, cells, day=date(2026, 11, 1))

    if said:
        with pytest.raises(CailiangError, match=said):
            enter()
        return
    assert [enter(), enter()] == ["2026-1", "2026-2"]
    ledger = ledgers.ledger_of(name)
    with office.cases.writing(by="甲", at=AT) as w:
        ledger_rows.void_row(w, ledger.name, 2026, 1, "重复登记")
    first, second = ledgers.rows(office.cases.store, name, 2026)
    assert (first.state, first.why, second.state) == ("作废", "重复登记", "有效")
    assert ledgers.table(ledger, [first])[1][-1] == "作废：重复登记"
    with pytest.raises(Conflict, match="已经作废"), office.cases.writing(by="甲", at=AT) as w:
        ledger_rows.void_row(w, ledger.name, 2026, 1, "x")


def test_a_ledger_shows_no_persons_name_to_others(office: Office, body: Body) -> None:
    data = body("noise-first-time", guidance_note__number=None)
    data["parties"] = [{"kind": "individual", "name": "示例小明", "id_number": "000000199001010000",
                        "id_type": "护照", "address": "示例县某路"}]  # fmt: skip
    office.issue(office.create(data), "guidance_note")
    assert [r.cells["party"] for r in ledgers.rows(office.cases.store, "guidance", 2026)] == ["示某某"]
    assert "示例小明" in [
        r.cells["party"] for r in ledgers.rows(office.cases.store, "guidance", 2026, masked=False)
    ]


def test_ledger_numbers_have_no_gaps(office: Office) -> None:
    with office.cases.writing(by="甲", at=AT) as w:
        for _ in range(7):
            ledger_rows.add(w, "entrustment", ENTRUSTED, day=date(2026, 1, 1))
    with pytest.raises(ZeroDivisionError), office.cases.writing(by="甲", at=AT) as w:
        ledger_rows.add(w, "entrustment", ENTRUSTED, day=date(2026, 1, 1))
        raise ZeroDivisionError
    with office.cases.writing(by="甲", at=AT) as w:
        assert ledger_rows.add(w, "entrustment", ENTRUSTED, day=date(2026, 1, 1)) == "2026-8"
    rows = ledgers.rows(office.cases.store, "entrustment", 2026)
    assert numbering.gaps(1, 8, [r.number for r in rows]) == []
    assert numbering.gaps(1, 8, [1, 2, 4, 9]) == [3, 5, 6, 7, 8, 9]
    assert json.dumps([r.to_dict() for r in rows])


TAKEN = [
    {"name": "冰柜", "unit": "台", "quantity": 1, "status": "扣押", "paper": "take-1", "place": "本局仓库"},
    {"name": "电炸炉", "unit": "台", "quantity": 2, "status": "扣押", "paper": "take-1"},
    {"name": "账本", "status": "登记保存", "paper": "keep-1"},
]
SEIZURE = {
    "type": "seizure_decision",
    "key": "take-1",
    "date": "2026-09-14",
    "values": {
        "kind": "扣押",
        "facts": "2026年9月8日，执法人员在当事人的经营场所发现上述设备。",
        "basis": ["《中华人民共和国食品安全法》第一百一十条第（五）项"],
    },
}


def test_goods_taken_by_a_paper_stand_in_their_ledger(office: Office, body: Body) -> None:
    """They enter with the paper that took them, and show what became of them since."""
    kept = {**SEIZURE, "key": "keep-1"}
    id = office.create(body(goods=TAKEN, papers=[SEIZURE, kept], **UNNUMBERED))
    with office.cases.writing(by="示例张", at=AT) as w:
        make = lambda case, slot: generate(  # noqa: E731
            "seizure_decision", case, office.base, decided=AT.date(), paper=slot.paper
        )
        made = issue(w, office.base, id, "seizure_decision", make)
    assert (made.key, made.number_text, made.day) == ("take-1", "示综执查扣〔2026〕1号", date(2026, 9, 14))
    rows = ledgers.rows(office.cases.store, "goods", 2026)
    assert [(r.number, r.cells["name"], r.cells["quantity"]) for r in rows] == [
        (1, "冰柜", "1台"), (2, "电炸炉", "2台"),
    ]  # fmt: skip
    data = office.cases.read(id).body
    assert data["papers"][0]["number"] == 1
    data["goods"][0] |= {"status": "返还", "disposed_on": "2026-11-30"}
    with office.cases.writing(by="甲", at=AT) as w:
        w.save(id, data, expected_revision=2)
        void(w, made.number_text, "清单写错")
    rows = ledgers.rows(office.cases.store, "goods", 2026)
    assert [(r.cells["status"], r.state) for r in rows] == [("返还", "作废"), ("扣押", "作废")]
    assert office.cases.read(id).body["papers"][0]["void"] == "清单写错"
