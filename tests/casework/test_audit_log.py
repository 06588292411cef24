"""The log: each entry hashed over the one before; whoever changes anything behind its back is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from casework import audit_log, ledger_rows
from casework.issuing import void
from casework.verification import verify
from kb.store import Store
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]


@pytest.fixture
def worked(office: Office, body: Body) -> Office:
    """A case, a paper issued and void, another, and a row by hand: every sort of entry."""
    id = office.create(body("noise-first-time", guidance_note__number=None))
    office.issue(id, "guidance_note")
    with office.cases.writing(by="示例李", at=AT) as w:
        void(w, "示综执提示〔2026〕1号", "写错，身份证号 11010119900101123X，电话13800000000")
        ledger_rows.add(w, "filing", {"source": "电话", "cause": "噪声"}, day=date(2026, 11, 1))
    office.issue(id, "guidance_note")
    return office


def tamper(store: Store, *lines: str) -> None:
    """Change rows as somebody with the whole database in hand could: without the triggers."""
    with store.locked() as conn:
        for table in ("audit_log", "case_revision"):
            if store.in_postgres:
                conn.execute(sa.text(f"alter table {table} disable trigger user"))
            else:
                for deed in ("update", "delete"):
                    conn.execute(sa.text(f"drop trigger if exists {table}_no_{deed}"))
        for line in lines:
            assert conn.execute(sa.text(line)).rowcount > 0, line


def test_what_was_done_stands_in_the_log(worked: Office) -> None:
    log = audit_log.entries(worked.cases.store)
    assert [e.what for e in log] == [
        "案件",
        "案件",
        "签发",
        "台账",
        "案件",
        "作废",
        "台账",
        "案件",
        "签发",
        "台账",
    ]
    assert [e.seq for e in log] == list(range(1, 11))
    assert log[0].previous == audit_log.GENESIS
    assert log[5].who == "示例李"
    assert json.loads(log[5].body)["why"] == "写错，身份证号 110*************3X，电话138******00"
    assert len(audit_log.entries(worked.cases.store, case="demo/noise-first-time", newest=3)) == 3


def test_a_whole_log_is_whole(worked: Office) -> None:
    report = verify(worked.cases.store)
    assert report.sound, report
    assert report.chain.entries == 10
    assert report.chain.head == audit_log.entries(worked.cases.store, newest=1)[0].hash
    assert verify(worked.cases.store, head=report.chain.head).sound


def test_an_empty_log_is_whole(office: Office) -> None:
    assert verify(office.cases.store).sound


FORGED = [
    (["update audit_log set who = '某人' where seq = 4"], 4, "第4条被改动过"),
    (["update audit_log set at = '2026-01-01' where seq = 1"], 1, "第1条被改动过"),
    (["delete from audit_log where seq = 3"], 3, "缺少第3条"),
    (["delete from audit_log where seq = 1"], 1, "缺少第1条"),
    (["update audit_log set previous = hash where seq = 6"], 6, "第6条接不上第5条"),
]


@pytest.mark.parametrize(("lines", "broken", "why"), FORGED)
def test_the_first_broken_entry_is_named(worked: Office, lines: list[str], broken: int, why: str) -> None:
    tamper(worked.cases.store, *lines)
    report = verify(worked.cases.store)
    assert not report.sound
    assert report.chain.broken == broken
    assert why in report.chain.why


BEHIND = [
    ("update document set day = '2020-01-01' where id = 1", "文书 1 被改动过"),
    ("update document set state = '预领' where id = 2", "文书 2 被改动过"),
    ("update ledger_row set state = '作废' where ledger = 'filing'", "《受案立案登记台账》2026年1号被改动过"),
    ("update ledger_row set cells = '{}' where ledger = 'guidance' and number = 2", "2026年2号被改动过"),
    ("delete from ledger_row where ledger = 'filing'", "《受案立案登记台账》2026年1号不见了"),
    ("update case_revision set body = '{}' where revision = 2", "第2次修订被改动过"),
    ("update case_file set body = '{}'", "与它的最近一次修订不符"),
    ("delete from case_revision where revision = 1", "第1次修订不见了"),
    ("update counter set value = 5 where ledger = 'document'", "示综执提示〔2026〕5号 没有对应的一行"),
    ("delete from audit_log where seq >= 8", "文书 2 日志里没有"),
]


@pytest.mark.parametrize(("line", "fault"), BEHIND, ids=[line for line, _ in BEHIND])
def test_what_was_changed_behind_the_log_is_named(worked: Office, line: str, fault: str) -> None:
    tamper(worked.cases.store, line)
    report = verify(worked.cases.store)
    assert not report.sound
    assert any(fault in f for f in report.faults), report.faults


def test_changed_bytes_are_found(worked: Office) -> None:
    with worked.cases.store.locked() as conn:
        digest = conn.execute(sa.text("select sha256 from content order by sha256 limit 1")).scalar()
        conn.execute(sa.text("update content set body = :b where sha256 = :h"), {"b": b"PK", "h": digest})
    assert f"存档的文件 {str(digest)[:16]} 被改动过" in verify(worked.cases.store).faults


def test_a_log_written_anew_doesnt_hold_the_hash_written_down_before(worked: Office) -> None:
    """Whoever rewrites the whole log makes a whole log; the hash on paper tells it from the true one."""
    head = verify(worked.cases.store).chain.head
    tamper(worked.cases.store, "delete from audit_log where seq = 10")
    assert any("末尾可能被截去" in f for f in verify(worked.cases.store, head=head).faults)
