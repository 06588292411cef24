"""Drafts: nobody sees them, a second person approves, what would void a penalty waits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kb import drafts
from kb.errors import BadValue, Conflict, NotFound
from kb.laws import LawVersion, parse_structure
from kb.records import Benchmark, Record, Synonym
from kb.store import Store

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LAW = LawVersion("中华人民共和国示例法", date(2020, 1, 1), "版本表", adopted=date(2019, 5, 1))


@pytest.fixture
def store(store: Store) -> Store:
    with store.writing(author="甲", at=AT) as w:
        w.put_law(LAW, parse_structure("1:0 2:0,3"))
    return store


def synonym(said: str, id: str = "market/x") -> Synonym:
    return Synonym.model_validate(
        {"id": id, "said": said, "meant": "食品经营许可", "source": {"instrument": "示例"}}
    )


def benchmark(article: str) -> Benchmark:
    return Benchmark.model_validate(
        {
            "id": "market/y",
            "from": "2020-01-01",
            "violation": "示例行为",
            "penalty_basis": f"《中华人民共和国示例法》{article}",
            "statutory": [{"fine": "五万元以下"}],
            "source": {"instrument": "示例"},
        }
    )


def hand_in(store: Store, *records: Record, author: str = "甲") -> int:
    rows = [(r, f"第{n}行") for n, r in enumerate(records, 1)]
    return drafts.propose(store, rows, author=author, at=AT, note="表.xls", read_at=store.revision())


def seen(store: Store, kind: str = "synonym") -> list[str]:
    return [r.title for r in store.snapshot().records(kind)]


def test_a_draft_is_seen_by_nobody_until_a_second_person_approves(store: Store) -> None:
    before = store.revision()
    number = hand_in(store, synonym("无证"), synonym("没照", "market/z"))
    assert (seen(store), store.revision()) == ([], before)
    done = drafts.approve(store, number, by="乙", at=AT)
    assert (done.approved, done.revision, done.held) == (2, before + 1, ())
    assert seen(store) == ["无证", "没照"]
    assert drafts.drafts(store) == []
    assert [r.revision for r in drafts.draft(store, number).records] == [before + 1] * 2


@pytest.mark.parametrize(
    ("by", "why"),
    [("甲", "就是导入人"), (" 甲 ", "就是导入人"), ("", "没有写明批准人"), ("  ", "没有写明批准人")],
)
def test_the_author_never_approves(store: Store, by: str, why: str) -> None:
    number = hand_in(store, synonym("无证"))
    with pytest.raises(BadValue, match=why):
        drafts.approve(store, number, by=by, at=AT)
    assert seen(store) == []


def test_a_record_that_would_void_a_penalty_waits_and_the_others_pass(store: Store) -> None:
    number = hand_in(store, synonym("无证"), benchmark("第二条第一款第（九）项"))
    done = drafts.approve(store, number, by="乙", at=AT)
    assert (done.approved, [r.record.id for r in done.held]) == (1, ["market/y"])
    assert any(f.severity == "否决" and f.id == "market/y" for f in done.report.findings)
    assert (seen(store), seen(store, "benchmark")) == (["无证"], [])
    assert [len(d.waiting) for d in drafts.drafts(store)] == [1]


def test_a_record_changed_meanwhile_is_refused_and_the_draft_stays(store: Store) -> None:
    with store.writing(author="丙", at=AT) as w:
        w.put_record(synonym("无证"))
    number = hand_in(store, synonym("没证"))
    with store.writing(author="丙", at=AT) as w:
        w.put_record(synonym("无照"))
    with pytest.raises(Conflict, match="已被他人修改"):
        drafts.approve(store, number, by="乙", at=AT)
    assert seen(store) == ["无照"]
    assert len(drafts.draft(store, number).waiting) == 1


def test_a_rejected_draft_keeps_its_records_and_the_reason(store: Store) -> None:
    number = hand_in(store, synonym("无证"))
    assert drafts.reject(store, number, by="乙", why="第3行看错了", at=AT) == 1
    row = drafts.draft(store, number).records[0]
    assert (row.state, row.decided_by, row.why, row.place) == ("已退回", "乙", "第3行看错了", "第1行")
    assert [d.number for d in drafts.drafts(store, settled=True)] == [number]
    with pytest.raises(BadValue, match="已经处理完"):
        drafts.approve(store, number, by="乙", at=AT)


def test_what_a_draft_changes_is_said_field_by_field(store: Store) -> None:
    with store.writing(author="丙", at=AT) as w:
        w.put_record(synonym("无证"))
    base = store.snapshot()
    assert drafts.difference(base, synonym("没证")) == ["said：['无证'] → ['没证']"]
    assert drafts.difference(base, synonym("没证", "market/new")) == ["新增同义词"]


def test_an_unknown_draft_an_empty_one_and_a_missing_reason(store: Store) -> None:
    with pytest.raises(NotFound, match="没有编号为 7 的草案"):
        drafts.draft(store, 7)
    with pytest.raises(BadValue, match="没有可以导入的记录"):
        hand_in(store)
    with pytest.raises(BadValue, match="没有写明导入人"):
        hand_in(store, synonym("无证"), author=" ")
    with pytest.raises(BadValue, match="理由"):
        drafts.reject(store, hand_in(store, synonym("无证")), by="乙", why=" ", at=AT)
