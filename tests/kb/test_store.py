"""The store: revisions, conflicts, one writer at a time, old revisions readable, failures in one line."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kb.errors import Conflict, StoreFailure
from kb.laws import LawVersion, Repeal, Standing, parse_structure
from kb.records import Source, Synonym
from kb.store import Store

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LAW = LawVersion("中华人民共和国示例法", date(2020, 1, 1), adopted=date(2019, 5, 1))


def synonym(said: str) -> Synonym:
    return Synonym(id="market/x", said=[said], meant=["食品经营许可"], source=Source(instrument="示例"))


def put(store: Store, record: Synonym, **how: int) -> bool:
    with store.writing(author="甲", at=AT) as w:
        return w.put_record(record, **how)


def test_each_write_is_one_revision_and_no_change_is_none(store: Store) -> None:
    assert store.revision() == 0
    assert put(store, synonym("无证")) is True
    assert store.revision() == 1
    assert put(store, synonym("无证")) is False
    assert store.revision() == 1


def test_an_old_revision_stays_readable(store: Store) -> None:
    put(store, synonym("无证"))
    put(store, synonym("没证"))
    assert [r.title for r in store.snapshot().records("synonym")] == ["没证"]
    assert [r.title for r in store.snapshot(1).records("synonym")] == ["无证"]


def test_a_record_changed_since_it_was_read_is_refused_and_nothing_is_lost(store: Store) -> None:
    put(store, synonym("无证"))
    put(store, synonym("没证"))
    with pytest.raises(Conflict, match="已被他人修改"):
        put(store, synonym("无照"), read_at=1)
    assert [r.title for r in store.snapshot().records("synonym")] == ["没证"]


def test_what_sqlalchemy_reads_is_what_sqlite_reads_itself(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.writing(author="甲", at=AT) as w:
        w.put_record(synonym("无证"))
        w.put_law(LAW, parse_structure("1:0 2:3,0 120-1:0"))
        w.put_repeal(Repeal(LAW.title, date(2026, 8, 15), "中华人民共和国示例法典", "示例"))
        w.put_summary(LAW.title, "2", "示例摘要")
        w.log_import("示例.md", "abc", "imported")
    other = Store(f"sqlite+pysqlite:///{tmp_path / 'cailiang.db'}")
    mine, theirs = store.snapshot(), other.snapshot()
    (version,) = mine.laws.versions_of(LAW.title)
    assert theirs.laws == mine.laws.__class__(
        mine.laws.versions, mine.laws.repeals, theirs.laws.loader, mine.laws.summaries
    )
    assert version.to == date(2026, 8, 15)
    assert list(mine.laws.articles(version)) == ["1", "2", "120-1"]
    assert list(theirs.laws.articles(version).items()) == list(mine.laws.articles(version).items())
    assert theirs.records("synonym") == mine.records("synonym") != ()
    assert other.import_log() == store.import_log() != {}
    other.close()


def test_a_home_may_be_named_like_a_query(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "100%?a=b#c")
    put(store, synonym("无证"))
    assert store.revision() == 1
    store.close()


def test_a_failing_block_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing(author="甲", at=AT) as w:
        w.put_record(synonym("无证"))
        raise RuntimeError
    assert store.revision() == 0
    assert store.snapshot().records("synonym") == ()


def test_a_mark_is_taken_into_a_structure_without_text(store: Store) -> None:
    for structure in ("1:0 2:3,0", "1:0 2:3+,0"):
        with store.writing(author="甲", at=AT) as w:
            assert w.put_law(LAW, parse_structure(structure)) == []
    book = store.snapshot().laws
    (version,) = book.versions_of(LAW.title)
    assert book.articles(version)["2"].paragraphs[0].cited_whole


def test_text_is_attached_to_the_stored_structure_and_a_difference_is_told(store: Store) -> None:
    with store.writing(author="甲", at=AT) as w:
        w.put_law(replace(LAW, from_basis="版本表"), parse_structure("1:0 2:3,0"))
    texts = [
        replace(a, has_text=True, paragraphs=tuple(replace(p, text="示例文字") for p in a.paragraphs))
        for a in parse_structure("1:0 2:2,0")
    ]
    with store.writing(author="甲", at=AT) as w:
        told = w.put_law(replace(LAW, from_=date(2019, 5, 1), from_basis="推定", has_text=True), texts)
    assert told == ["第2条的结构不同：已载入 2:3,0，现为 2:2,0"]
    book = store.snapshot().laws
    (version,) = book.versions_of(LAW.title)
    assert version.from_ == date(2020, 1, 1)
    first, second = book.articles(version).values()
    assert first.has_text
    assert first.full_text() == "示例文字"
    assert not second.has_text
    assert len(second.paragraphs[0].items) == 3


def test_a_law_entered_provision_by_provision_grows(store: Store) -> None:
    local = replace(LAW, attested_by="乙")
    for line in ("30:0", "12:2"):
        with store.writing(author="甲", approved_by="乙", at=AT) as w:
            assert w.put_law(local, parse_structure(line)) == []
    (version,) = store.snapshot().laws.versions_of(LAW.title)
    assert list(store.snapshot().laws.articles(version)) == ["12", "30"]


def test_a_repeal_closes_the_law_whatever_came_first(store: Store) -> None:
    with store.writing(author="甲", at=AT) as w:
        assert w.put_repeal(Repeal(LAW.title, date(2026, 8, 15), "中华人民共和国示例法典"))
        w.put_law(LAW, parse_structure("1:0"))
    book = store.snapshot().laws
    gone = book.on(LAW.title, date(2026, 8, 15))
    assert (gone.standing, gone.changed_on, gone.by) == (
        Standing.REPEALED,
        date(2026, 8, 15),
        "中华人民共和国示例法典",
    )
    assert book.on(LAW.title, date(2026, 8, 14)).standing is Standing.IN_FORCE


WRITE_MANY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kb.records import Source, Synonym
from kb.store import Store

store = Store.open(Path(sys.argv[1]))
for n in range(15):
    id = f"market/{sys.argv[2]}-{n}"
    with store.writing(author=sys.argv[2], at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        w.put_record(Synonym(id=id, said=["x"], meant=["y"], source=Source(instrument="示例")))
"""


def test_writers_in_two_processes_wait_for_each_other(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    command = [sys.executable, "-c", WRITE_MANY, str(tmp_path)]
    writers = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [p.wait(60) for p in writers] == [0, 0]
    store = Store.open(tmp_path)
    assert store.revision() == 30
    rows = store.snapshot().records("synonym")
    assert len({store.snapshot().entry_of(r) for r in rows}) == 30
    store.close()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not a database at all, just text" * 50, "不是数据库"),
        (b"SQLite format 3\0" + b"\xff" * 4096, "数据库"),
    ],
)
def test_a_broken_file_is_one_line_in_chinese(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "cailiang.db").write_bytes(content)
    with pytest.raises(StoreFailure, match=told) as e:
        Store.open(tmp_path)
    assert "\n" not in str(e.value)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    put(store, synonym("无证"))
    with store.engine.connect() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
    store.close()

    def limit(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute(f"PRAGMA max_page_count={pages}")

    import sqlalchemy as sa

    sa.event.listen(store.engine, "connect", limit)
    big = Synonym(id="market/big", said=["长" * 200_000], meant=["y"], source=Source(instrument="示例"))
    with pytest.raises(StoreFailure, match="磁盘已满"):
        put(store, big)
    assert [r.title for r in store.snapshot().records("synonym")] == ["无证"]


def test_a_base_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "cailiang.db") as conn:
        conn.execute("update alembic_version set version_num = '9999'")
    conn.close()
    with pytest.raises(StoreFailure, match="比本程序新"):
        Store.open(tmp_path)


def test_a_law_known_only_by_its_repeal_is_repealed_from_that_day(store: Store) -> None:
    with store.writing(author="甲", at=AT) as w:
        w.put_repeal(Repeal("中华人民共和国旧示例法", date(2021, 1, 1), LAW.title))
    book = store.snapshot().laws
    match = book.match("旧示例法")
    assert match is not None
    assert match.title == "中华人民共和国旧示例法"
    assert book.on(match.title, date(2021, 1, 1)).standing is Standing.REPEALED
    assert book.on(match.title, date(2020, 12, 31)).standing is Standing.NOT_LOADED


def test_a_repeal_without_the_countrys_name_closes_the_law_that_bears_it(store: Store) -> None:
    with store.writing(author="甲", at=AT) as w:
        w.put_law(LAW, parse_structure("1:0"))
        w.put_repeal(Repeal("示例法", date(2026, 8, 15), "中华人民共和国示例法典"))
    assert store.snapshot().laws.on(LAW.title, date(2026, 9, 1)).standing is Standing.REPEALED


def test_a_corrected_text_of_the_same_structure_replaces_the_old(store: Store) -> None:
    for said in ("旧的文字", "改正的文字"):
        articles = [
            replace(a, has_text=True, paragraphs=tuple(replace(p, text=said) for p in a.paragraphs))
            for a in parse_structure("1:0")
        ]
        with store.writing(author="甲", at=AT) as w:
            assert w.put_law(replace(LAW, has_text=True), articles) == []
    book = store.snapshot().laws
    (version,) = book.versions_of(LAW.title)
    assert book.articles(version)["1"].full_text() == "改正的文字"


def test_a_record_found_alone_is_the_one_found_among_all(store: Store) -> None:
    put(store, synonym("甲"))
    base = store.snapshot()
    [alone] = base.versions("synonym", synonym("甲").id)
    assert base.versions("synonym", synonym("甲").id)[0] is alone
    assert next(r for r in base.records("synonym") if r.id == alone.id) is alone
    assert base.versions("synonym", alone.id)[0] is alone
