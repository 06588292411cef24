"""The store on PostgreSQL: one writer at a time, whole revisions, failures in one line, as on SQLite."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config as Migrations

from app.base import Base
from app.config import Config
from kb.databases import engine_of, full_address, place
from kb.errors import StoreFailure, WrongUse
from kb.impact import impact
from kb.records import KINDS, Phrase, Record, Source, Synonym
from kb.store import HEAD, Store
from kb.writing import Writer
from search.postgres.engine import PostgresEngine

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def url(postgres: Callable[[], str]) -> str:
    return postgres()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


def synonym(said: str, id: str = "market/x") -> Synonym:
    return Synonym(id=id, said=[said], meant=["食品经营许可"], source=Source(instrument="示例"))


def phrase(step: str) -> Phrase:
    said = {"channel": "口头", "scene": "示例", "step": step, "recommended": step}
    return Phrase.model_validate({"id": "oral/x", **said, "source": {"instrument": "示例"}})


def put(store: Store, *records: Record) -> None:
    with store.writing(author="甲", at=AT) as w:
        for record in records:
            w.put_record(record)


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u:p@h:5433/d?sslmode=require", "postgresql+psycopg://u:p@h:5433/d?sslmode=require"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////srv/cailiang.db", "sqlite:////srv/cailiang.db"),
    ],
)
def test_addresses(written: str, full: str) -> None:
    assert full_address(written) == full


@pytest.mark.parametrize("written", ["mysql://h/d", "postgresql", "h/d", "://", "postgresql://h:port/d"])
def test_what_is_no_address_is_told(written: str) -> None:
    with pytest.raises(WrongUse, match="CAILIANG_DATABASE_URL") as e:
        Store(written)
    assert e.value.hint


def test_a_password_is_never_shown() -> None:
    shown = place(full_address("postgresql://officer:secret@db.example/base?password=secret"))
    assert shown == "postgresql://officer:***@db.example/base"


WRITE_MANY = """
import sys
from datetime import UTC, datetime
from importlib.resources import files
from kb.records import Source, Synonym
from kb.store import Store

store = Store(sys.argv[1])
for n in range(15):
    id = f"market/{sys.argv[2]}-{n}"
    with store.writing(author=sys.argv[2], at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        w.put_record(Synonym(id=id, said=["x"], meant=["y"], source=Source(instrument="示例")))
"""


def test_two_programs_start_on_an_empty_database_and_write_in_turn(url: str) -> None:
    command = [sys.executable, "-c", WRITE_MANY, url]
    writers = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [p.wait(60) for p in writers] == [0, 0]
    store = Store(url)
    rows = store.snapshot().records("synonym")
    assert store.revision() == 30
    assert len({store.snapshot().entry_of(r) for r in rows}) == 30
    store.close()


def test_a_reader_sees_whole_revisions_only(store: Store) -> None:
    """Each revision writes the same word into two records; no reading may see two words."""
    put(store, synonym("0"), synonym("0", "market/y"))
    done = threading.Event()

    def write() -> None:
        for n in range(1, 30):
            put(store, synonym(str(n)), synonym(str(n), "market/y"))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        with store.reading() as rows:
            first, second = (
                [
                    body
                    for (body,) in rows("select body from record where id = :id and retired is null", id=id)
                ]
                for id in ("market/x", "market/y")
            )
            assert len(first) == len(second) == 1
            assert first[0].replace("market/x", "") == second[0].replace("market/y", "")
        base = store.snapshot()
        words = {r.title for r in base.records("synonym")}
        assert len(words) == 1
        seen.append(words.pop())
    writer.join()
    assert seen == sorted(seen, key=int)


def test_a_writer_that_waits_too_long_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.databases.BUSY_SECONDS", 0.2)
    with store.locked() as conn:
        conn.exec_driver_sql("select 1")
        with pytest.raises(StoreFailure, match="另一个程序正在写入") as e:
            put(store, synonym("无证"))
    assert "\n" not in str(e.value)
    put(store, synonym("无证"))
    assert store.snapshot().records("synonym")


def test_a_killed_writer_leaves_nothing_and_holds_nobody_up(store: Store, url: str) -> None:
    with pytest.raises(StoreFailure, match="停止或者中断"), store.writing(author="甲", at=AT) as w:
        w.put_record(synonym("无证"))
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        w.put_record(synonym("没证"))
    put(store, synonym("无照"))
    assert [r.title for r in store.snapshot().records("synonym")] == ["无照"]


def test_a_database_that_is_read_only_is_told(store: Store, url: str) -> None:
    put(store, synonym("无证"))
    with psycopg.connect(url, autocommit=True) as conn:
        name = conn.info.dbname
        conn.execute(f"alter database {name} set default_transaction_read_only = on")
    replica = Store(url)
    assert replica.snapshot().records("synonym")
    with pytest.raises(StoreFailure, match="只读"):
        put(replica, synonym("没证"))
    replica.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda url: url.replace("/base", "/nobase"), "没有这个数据库"),
        (lambda url: "postgresql://u:secret@127.0.0.1:1/base?connect_timeout=2", "连不上"),
    ],
)
def test_no_connection_is_one_line_without_the_password(
    url: str, change: Callable[[str], str], told: str
) -> None:
    with pytest.raises(StoreFailure, match=told) as e:
        Store(change(url))
    assert "\n" not in str(e.value)
    assert "secret" not in str(e.value)
    assert e.value.hint


def test_a_base_of_a_newer_program_is_refused(store: Store, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(StoreFailure, match="比本程序新"):
        Store(url)


def test_what_the_database_cannot_keep_is_told(store: Store) -> None:
    odd = synonym("无证").model_copy(update={"source": Source(instrument="示\0例")})
    with pytest.raises(StoreFailure, match="不能保存的字符"):
        put(store, odd)
    with pytest.raises(StoreFailure, match="太长"):
        put(store, synonym("无证", "market/" + "x" * 300))
    assert store.revision() == 0


def test_the_shipped_base_is_the_same_in_both(url: str, tmp_path: Path) -> None:
    def opened(home: Path, address: str | None) -> Base:
        return Base.open(Config(home, address, "127.0.0.1", 8720, ()), lambda line: None)

    ours, theirs = opened(tmp_path / "a", None), opened(tmp_path / "b", url)
    here, there = ours.snapshot(), theirs.snapshot()
    for kind in KINDS:
        assert there.records(kind) == here.records(kind)
    assert there.laws.versions == here.laws.versions
    assert there.laws.repeals == here.laws.repeals
    assert there.laws.summaries == here.laws.summaries
    for version in here.laws.versions:
        assert list(there.laws.loader(version).values()) == list(here.laws.loader(version).values())
    for title in here.laws.titles()[:20]:
        assert [t.to_dict() for t in impact(there, title)] == [t.to_dict() for t in impact(here, title)]
    ours.store.close()
    theirs.store.close()


MIGRATIONS = Path(str(files("kb") / "migrations"))
VERSIONS = ["", *sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))]


def test_the_last_migration_is_the_one_the_store_asks_for() -> None:
    assert VERSIONS[-1] == HEAD


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_base_is_brought_up_with_what_it_holds(url: str, version: str) -> None:
    """A base as an older program left it; the empty one has no tables at all."""
    engine = engine_of(full_address(url))
    if version:
        config = Migrations()
        config.set_main_option("script_location", str(MIGRATIONS))
        with engine.connect().execution_options(writing=True) as conn:
            config.attributes["connection"] = conn
            command.upgrade(config, version)
            writer = Writer(conn, author="甲", approved_by="乙", at=AT, note="")
            writer.put_record(synonym("无证"))
            writer.put_record(phrase("亮证"))
            conn.commit()
    engine.dispose()
    store = Store(url)
    assert [r.title for r in store.snapshot().records("synonym")] == (["无证"] if version else [])
    search = PostgresEngine(store)
    assert search.sync(store.snapshot()).action == "重建"
    assert [hit["id"] for hit in search.search("亮证")["hits"]] == (["oral/x"] if version else [])
    put(store, phrase("亮明身份"))
    assert search.sync(store.snapshot()).action == "更新"
    assert [hit["id"] for hit in search.search("亮明身份")["hits"]] == ["oral/x"]
    with store.reading() as rows:
        assert rows("select version_num from alembic_version") == [(HEAD,)]
    store.close()
