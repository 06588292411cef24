"""Search in PostgreSQL: the same answers as from files, changed with the records, in many processes."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import psycopg
import pytest

from app.base import Base
from app.config import Config
from kb.errors import StoreFailure, WrongUse
from kb.importing.laws import import_paths
from kb.laws import LawVersion, Repeal
from kb.store import Store
from kb.writing import Writer
from search.arrays import Postings
from search.documents import documents_of
from search.engine import Engine
from search.postgres import postings, rows, tables, upkeep
from search.postgres.engine import PostgresEngine
from search.postgres.tables import BLOCK, HELD
from search.postgres.upkeep import follow
from search.segments import Segment, SegmentWriter
from search.tokens import tokenise

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LAW = "law/中华人民共和国甲品安全法"
QUERIES = [
    "无证 餐饮 货值三千",
    "过期食品",
    "处罚法33",
    "食安法 一百二十四 一",
    "首违不罚",
    "亮证 怎么说",
    "案例 过期食品",
    "私设暗管 排污",
    "行政处罚法",
    "“责令改正” 罚款",
    "罚款 5万以上",
    "危险废物 标签",
    "没有这样的东西魑魅",
    "处罚法999",
]


@pytest.fixture
def url(postgres: Callable[[], str]) -> str:
    return postgres()


def following(url: str) -> Store:
    """A store whose revisions are indexed as they are written."""
    store = Store(url)
    store.followers.append(partial(follow, store))
    return store


@pytest.fixture
def store(url: str, samples: ModuleType) -> Iterator[Store]:
    made = following(url)
    samples.fill(made)
    yield made
    made.close()


@pytest.fixture
def engine(store: Store) -> PostgresEngine:
    made = PostgresEngine(store)
    assert made.sync(store.snapshot()).action == "无"
    return made


def write(store: Store, *changes: Callable[[Writer], object]) -> None:
    with store.writing(author="测试", at=AT) as writer:
        for change in changes:
            change(writer)


def ids(engine: Engine, query: str, **how: Any) -> list[str]:
    return [hit["id"] for hit in engine.search(query, **how)["hits"]]


# ---------------------------------------------------------------- the same answers


def answers(engine: Engine, query: str) -> dict[str, Any]:
    """Everything an answer says, its scores rounded; what is only near is each engine's own."""
    try:
        answer = engine.search(query, today=TODAY)
    except WrongUse as e:
        return {"error": str(e)}
    for hit in answer["hits"]:
        hit["score"] = float(f"{hit['score']:.4g}")
    return {name: answer[name] for name in ("total", "hits", "understood")}


@contextmanager
def both(folder: Path, url: str, texts: Path | None = None) -> Iterator[tuple[Engine, Engine]]:
    """One base under each engine: the shipped one, and texts of laws."""
    bases = [
        Base.open(Config(folder / name, address, "127.0.0.1", 8720, ()), lambda _: None)
        for name, address in (("files", None), ("postgres", url))
    ]
    for base in bases:
        if texts is not None:
            import_paths([texts], base.store, author="测试", at=AT)
            base.rebuild_index()  # in one order, which settles what else is equal
        base.sync_index()
    assert isinstance(bases[1].engine, PostgresEngine)
    yield bases[0].engine, bases[1].engine
    for base in bases:
        base.store.close()


def test_the_shipped_base_gives_equal_answers(tmp_path: Path, url: str) -> None:
    with both(tmp_path, url) as (files, tables):
        for query in QUERIES:
            assert answers(tables, query) == answers(files, query), query
        for typed in ("食品安", "处罚", "spaq", "过期"):
            assert tables.suggest(typed)[:3] == files.suggest(typed)[:3]


@pytest.mark.corpus
@pytest.mark.soak
def test_the_real_statutes_give_equal_first_hits(tmp_path: Path, url: str, corpus: Path) -> None:
    with (corpus / "retrieval" / "queries.jsonl").open(encoding="utf-8") as lines:
        questions = [json.loads(line)["query"] for line in islice(lines, 300)]
    with both(tmp_path, url, corpus / "statutes") as (files, tables):
        for query in (*QUERIES, *questions):
            assert answers(tables, query) == answers(files, query), query


# ---------------------------------------------------------------- changed with the records


def test_the_index_changes_in_the_transaction_that_changes_the_record(
    engine: PostgresEngine, store: Store, samples: ModuleType
) -> None:
    assert ids(engine, "冷链") == []
    for word in ("冷链", "夜市"):
        write(store, lambda w, word=word: w.put_record(samples.benchmark(keywords=[word])))  # type: ignore[misc]
        assert engine.sync(store.snapshot()).action == "无"
        assert ids(engine, word) == ["market/unlicensed-food-business"]
    assert ids(engine, "冷链") == []


def test_what_is_not_kept_is_not_found(engine: PostgresEngine, store: Store, samples: ModuleType) -> None:
    def fail(_: Writer) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(store, lambda w: w.put_record(samples.benchmark(keywords=["冷链"])), fail)
    assert engine.sync(store.snapshot()).action == "无"
    assert ids(engine, "冷链") == []


def test_a_changed_record_is_found_within_a_tenth_of_a_second(
    engine: PostgresEngine, store: Store, samples: ModuleType
) -> None:
    """From before the change is written until another process's engine has found it.

    Other work on the machine may slow some of the tries, not all.
    """
    other = PostgresEngine(Store(store.url))
    other.sync(store.snapshot())
    ids(other, "过期")
    took = [1.0]
    while min(took) > 0.1 and len(took) < 30:
        n = len(took)
        started = time.perf_counter()
        write(store, lambda w, n=n: w.put_record(samples.benchmark(keywords=[f"冷链{n}号"])))  # type: ignore[misc]
        other.sync(other._store.snapshot())
        assert ids(other, f"冷链{n}号")[0] == "market/unlicensed-food-business"
        took.append(time.perf_counter() - started)
    other._store.close()
    assert min(took) < 0.1


def test_a_store_that_nobody_followed_is_caught_up_with(url: str, samples: ModuleType) -> None:
    store = Store(url)
    samples.fill(store)
    engine = PostgresEngine(store)
    assert engine.sync(store.snapshot()).action == "重建"
    write(store, lambda w: w.put_record(samples.benchmark(keywords=["冷链"])))
    synced = engine.sync(store.snapshot())
    assert synced.action == "更新"
    assert ids(engine, "冷链") == ["market/unlicensed-food-business"]
    assert engine.sync(store.snapshot()).action == "无"
    store.close()


def test_a_new_version_and_a_repeal_move_the_days(
    engine: PostgresEngine, store: Store, samples: ModuleType
) -> None:
    ids(engine, "过期")
    write(store, lambda w: w.put_law(*samples.food_law(date(2027, 1, 1), "无许可经营食品的，处九万元罚款。")))
    write(store, lambda w: w.put_repeal(Repeal("中华人民共和国甲品安全法", date(2028, 1, 1), "丙典")))
    engine.sync(store.snapshot())
    for day, version in ((date(2026, 12, 31), "2015-10-01"), (date(2027, 1, 1), "2027-01-01")):
        hit = engine.search("甲安法5条", on=day)["hits"][0]
        assert (hit["version"], hit["in_force"]) == (version, True)
        assert hit["versions"] == ["2009-06-01", "2015-10-01", "2027-01-01"]
    assert engine.search("甲安法5条", on=date(2028, 1, 1))["hits"][0]["in_force"] is False


def rows_of(store: Store) -> dict[int, tuple[object, ...]]:
    """What stands in the index, by entry; but for the group, which is any number."""
    with psycopg.connect(store.url.replace("+psycopg", "")) as conn:
        living = conn.execute(
            "select number, entry, substr(facets, 1, 16), substr(facets, 21), length, card"
            " from search_document where alive"
        ).fetchall()
        held: dict[int, list[tuple[int, int]]] = {}
        for token, block, data in conn.execute("select token, block, held from search_posting").fetchall():
            rows = np.frombuffer(data, HELD)
            for document, times in rows.tolist():
                held.setdefault(block * BLOCK + document, []).append((token, times))
        words: dict[int, list[tuple[str, str]]] = {}
        for field, word, number in conn.execute("select field, word, number from search_keyword").fetchall():
            words.setdefault(number, []).append((field, word))
    assert words.keys() <= {number for number, *_ in living}
    return {
        entry: (*row, sorted(held.get(number, ())), sorted(words.get(number, ())))
        for number, entry, *row in living
    }


def test_changes_and_a_rebuild_come_to_the_same(
    engine: PostgresEngine, store: Store, samples: ModuleType
) -> None:
    article = samples.article
    version, articles = samples.water_law()
    changes: list[Callable[[Writer], object]] = [
        lambda w: w.put_record(samples.benchmark(keywords=["冷链"])),
        lambda w: w.put_record(samples.benchmark("market/night-fair", violation="夜市卖过期食品")),
        lambda w: w.put_law(*samples.food_law(date(2027, 1, 1), "无许可经营食品的，处九万元罚款。")),
        lambda w: w.put_law(version, [*articles[:1], article(2, "私设暗管的，处以罚款。")]),
        lambda w: w.put_repeal(Repeal("中华人民共和国甲品安全法", date(2028, 1, 1), "丙典")),
        lambda w: w.retire_others("测试", {samples.benchmark().key}),
    ]
    for change in changes:
        write(store, change)
        engine.sync(store.snapshot())
        kept = rows_of(store)
        found = {query: answers(engine, query) for query in ("过期 食品", "甲安法", "暗管", "夜市", "无证")}
        engine.rebuild(store.snapshot())
        assert rows_of(store) == kept
        assert {query: answers(engine, query) for query in found} == found


def test_a_restored_or_foreign_index_is_built_anew(engine: PostgresEngine, store: Store) -> None:
    for column, value in (("format", 1), ("revision", 99)):
        with psycopg.connect(store.url.replace("+psycopg", "")) as conn:
            conn.execute(f"update search_state set {column} = {value}")
        write(store, lambda w, value=value: w.put_summary("某法", "1", f"摘要{value}"))  # type: ignore[misc]
        assert ids(engine, "小摊贩")[:1] == [f"{LAW}/3-1"]


def test_no_index_is_told(url: str) -> None:
    store = Store(url)
    engine = PostgresEngine(store)
    with pytest.raises(StoreFailure, match="还没有索引"):
        engine.search("食品")
    store.close()


@pytest.mark.parametrize("typed", ["\0", "食品\0安全", "\ud800", "50%_食品\\", "'; drop table record; --"])
def test_odd_texts_are_answered(engine: PostgresEngine, typed: str) -> None:
    try:
        answer = engine.search(typed)
    except WrongUse:
        return
    assert answer["hits"] or answer["message"]
    engine.suggest(typed)


# ---------------------------------------------------------------- many at once


def test_readers_while_a_writer_commits(engine: PostgresEngine, store: Store, samples: ModuleType) -> None:
    """Each revision puts one word into two records: a reader sees both with it or both without."""
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            try:
                engine.sync(store.snapshot())
                found = sorted(ids(engine, "夜市"))
                if found not in ([], ["market/a", "market/b"]):
                    wrong.append(found)
                if ids(engine, "小摊贩")[:1] != [f"{LAW}/3-1"]:
                    wrong.append("小摊贩")
            except Exception as e:
                wrong.append(e)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(30):
        words = ["夜市"] if n % 2 else ["冷链"]
        records = [samples.benchmark(id, keywords=words) for id in ("market/a", "market/b")]
        write(store, *(lambda w, r=r: w.put_record(r) for r in records))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


# ---------------------------------------------------------------- frequent tokens, kept by the process


def many(samples: ModuleType, first: int, count: int, seed: int) -> list[Any]:
    """Articles of few different characters, so that many are frequent; one says a character 300 times."""
    rng = random.Random(seed)
    texts = ["".join(rng.choices("罚款食品许可过期经营者", k=rng.randint(3, 30))) for _ in range(count)]
    texts[7] = "罚" * 300 + texts[7]
    return [samples.article(first + n, text) for n, text in enumerate(texts)]


def scored(engine: PostgresEngine, query: str) -> tuple[list[int], list[float]]:
    with engine.opened() as (seen, _):
        docs, scores = seen.postings.top(plain(query), 20)
    return docs.tolist(), scores.tolist()


def plain(query: str) -> dict[int, float]:
    return dict.fromkeys(tokenise(query).keys.tolist(), 1.0)


@pytest.mark.parametrize("block", [BLOCK, 1 << 10])
def test_what_the_process_keeps_is_what_it_would_fetch(
    url: str, samples: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    for module in (tables, rows, postings, upkeep):
        monkeypatch.setattr(module, "BLOCK", block)
    store = following(url)
    asked = ["罚款", "食品 许可", "罚", "过期食品经营者", "许可 魑魅"]

    def put(w: Writer, title: str, first: int, count: int) -> None:
        version = LawVersion(title, date(2020, 1, 1), adopted=date(2020, 1, 1), has_text=True)
        w.put_law(version, many(samples, first, count, seed=first))

    write(store, lambda w: put(w, "甲法", 1, 2500))
    engine = PostgresEngine(store)
    for query in asked:
        scored(engine, query)
    for n in range(2, 4):
        write(store, lambda w, n=n: put(w, "乙法", 1, 300 * n))  # type: ignore[misc]  # what was there goes
        with engine.opened() as (seen, _):
            before = len(seen.rows.slots)
        fresh = PostgresEngine(store)
        for query in asked:
            assert scored(engine, query) == scored(fresh, query), (n, query)
    assert before
    texts = [d.text for d in documents_of(store.snapshot())]
    assert len(texts) == 3400
    engine.rebuild(store.snapshot())
    writer = SegmentWriter(tmp_path / "files")
    for text in texts:
        writer.add(text)
    writer.finish()
    files = Postings([Segment(tmp_path / "files")], np.ones(len(texts), dtype=np.bool_))
    for query in asked:
        docs, scores = files.top(plain(query), 20)
        found, theirs = scored(engine, query)
        assert found == docs.tolist()
        assert theirs == pytest.approx(scores.tolist(), rel=1e-5)
    store.close()


def test_no_room_for_rows_gives_the_same(
    engine: PostgresEngine, store: Store, samples: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = LawVersion("甲法", date(2020, 1, 1), adopted=date(2020, 1, 1), has_text=True)
    write(store, lambda w: w.put_law(version, many(samples, 1, 2500, seed=1)))
    given = scored(engine, "食品 罚款 许可")
    monkeypatch.setattr(rows.Rows.__init__, "__defaults__", (2 * BLOCK,))
    cramped = PostgresEngine(store)
    docs, scores = scored(cramped, "食品 罚款 许可")
    assert docs == given[0]
    assert scores == pytest.approx(given[1], rel=1e-5)
    with cramped.opened() as (seen, _):
        assert len(seen.rows.slots) == 2


def test_a_row_is_filled_by_many_threads(store: Store, samples: ModuleType) -> None:
    version = LawVersion("甲法", date(2020, 1, 1), adopted=date(2020, 1, 1), has_text=True)
    write(store, lambda w: w.put_law(version, many(samples, 1, 2500, seed=1)))
    expected = scored(PostgresEngine(store), "食品 罚款 许可")
    shared = PostgresEngine(store)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: scored(shared, "食品 罚款 许可"), range(64)))
    assert found == [expected] * 64
