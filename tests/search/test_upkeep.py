"""The index follows the store: changes, damage, several threads and processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from kb.errors import StoreFailure
from kb.store import Store
from kb.writing import Writer
from search import building
from search.engine import Engine

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LAW = "law/中华人民共和国甲品安全法"


def write(store: Store, change: Callable[[Writer], object]) -> None:
    with store.writing(author="测试", at=AT) as writer:
        change(writer)


@pytest.fixture
def store(tmp_path: Path, samples: ModuleType) -> Store:
    def fill(writer: Writer) -> None:
        for record in samples.RECORDS:
            writer.put_record(record)
        for version, articles in samples.LAWS:
            writer.put_law(version, articles)

    made = Store.open(tmp_path)
    write(made, fill)
    return made


@pytest.fixture
def engine(tmp_path: Path, store: Store) -> Engine:
    made = Engine(tmp_path)
    assert made.sync(store.snapshot()).action == "重建"
    return made


def first(engine: Engine, query: str, **facets: object) -> str | None:
    hits = engine.search(query, **facets)["hits"]  # type: ignore[arg-type]
    return hits[0]["id"] if hits else None


def test_a_second_sync_does_nothing(engine: Engine, store: Store) -> None:
    synced = engine.sync(store.snapshot())
    assert (synced.action, synced.message) == ("无", "")


def test_a_changed_record_is_found_and_the_old_text_is_not(
    engine: Engine, store: Store, samples: ModuleType
) -> None:
    assert engine.search("冷链")["total"] == 0
    for word in ("冷链", "夜市"):
        write(store, lambda w, word=word: w.put_record(samples.benchmark(keywords=[word])))  # type: ignore[misc]
        assert engine.sync(store.snapshot()).action == "更新"
        answer = engine.search(word)
        assert [h["id"] for h in answer["hits"]] == ["market/unlicensed-food-business"]
    assert engine.search("冷链")["total"] == 0


def test_a_new_version_and_a_repeal_move_the_days(engine: Engine, store: Store, samples: ModuleType) -> None:
    write(store, lambda w: w.put_law(*samples.food_law(date(2027, 1, 1), "无许可经营食品的，处九万元罚款。")))
    write(store, lambda w: w.put_repeal(samples.REPEALS[0]))
    engine.sync(store.snapshot())
    for day, version in ((date(2026, 12, 31), "2015-10-01"), (date(2027, 1, 1), "2027-01-01")):
        hit = engine.search("甲安法5条", on=day)["hits"][0]
        assert (hit["version"], hit["in_force"]) == (version, True)
    assert engine.search("乙水防治法1条", on=date(2026, 9, 1))["hits"][0]["in_force"] is False


def test_many_changes_rebuild(
    engine: Engine, store: Store, monkeypatch: pytest.MonkeyPatch, samples: ModuleType
) -> None:
    monkeypatch.setattr(building, "DELTA_LIMIT", 3)
    write(store, lambda w: w.put_law(*samples.food_law(date(2027, 1, 1), "无许可经营食品的，处九万元罚款。")))
    synced = engine.sync(store.snapshot())
    assert (synced.action, synced.documents) == ("重建", 5 * 3 + 2 + 5)
    assert "改动较多" in synced.message


def test_updates_and_a_rebuild_give_the_same_answers(
    engine: Engine, store: Store, tmp_path: Path, samples: ModuleType
) -> None:
    write(store, lambda w: w.put_record(samples.benchmark(keywords=["冷链"])))
    engine.sync(store.snapshot())
    write(store, lambda w: w.put_record(samples.benchmark("market/night-fair", violation="夜市卖过期食品")))
    engine.sync(store.snapshot())
    fresh = Engine(tmp_path / "fresh")
    fresh.sync(store.snapshot())
    for query in ("过期 食品", "冷链", "夜市", "无证 餐饮", "甲安法5"):
        ours, theirs = engine.search(query), fresh.search(query)
        assert [h["id"] for h in ours["hits"]] == [h["id"] for h in theirs["hits"]]
        assert ours["total"] == theirs["total"]


# ---------------------------------------------------------------- damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [cut, Path.unlink, lambda p: p.write_bytes(b"")])
@pytest.mark.parametrize(
    "pattern",
    [
        "current",
        "g*/manifest.json",
        "g*/facets.npy",
        "g*/base/docs",
        "g*/base/norms",
        "g*/cards/_MAIN*",
        "g*/cards/*.trm",
    ],
)
def test_a_torn_index_is_rebuilt_and_says_so(
    engine: Engine, store: Store, tmp_path: Path, pattern: str, damage: Callable[[Path], object]
) -> None:
    (path,) = (tmp_path / "index").glob(pattern)
    damage(path)
    again = Engine(tmp_path)
    synced = again.sync(store.snapshot())
    assert synced.action == "重建"
    assert "重建索引" in synced.message
    assert first(again, "无证 餐饮") == "market/unlicensed-food-business"


@pytest.mark.parametrize("pattern", ["g*", "g*/cards/*.trm", "current"])
def test_an_index_lost_while_it_is_open_is_rebuilt_by_the_request(
    store: Store, tmp_path: Path, pattern: str
) -> None:
    told: list[str] = []
    engine = Engine(tmp_path, told.append)
    engine.sync(store.snapshot())
    for path in (tmp_path / "index").glob(pattern):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert first(engine, "无证 餐饮") == "market/unlicensed-food-business"
    assert len(told) == 1
    assert "重建索引" in told[0]


def test_search_before_sync_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreFailure, match="索引无法读取"):
        Engine(tmp_path).search("食品")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, store: Store) -> None:
    (tmp_path / "index").write_text("not a folder")
    with pytest.raises(StoreFailure, match="索引写入失败"):
        Engine(tmp_path).sync(store.snapshot())


def test_a_failed_update_leaves_the_old_index(
    engine: Engine, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samples: ModuleType
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(p.name for p in (tmp_path / "index").iterdir())
    write(store, lambda w: w.put_record(samples.benchmark(keywords=["冷链"])))
    with monkeypatch.context() as m:
        m.setattr(building, "_sync", full)
        with pytest.raises(StoreFailure, match="No space left"):
            engine.sync(store.snapshot())
    assert sorted(p.name for p in (tmp_path / "index").iterdir()) == before
    assert engine.search("冷链")["total"] == 0
    assert engine.sync(store.snapshot()).action == "更新"


# ---------------------------------------------------------------- threads and processes


def test_readers_while_a_writer_commits(engine: Engine, store: Store, samples: ModuleType) -> None:
    """Every answer is whole: the one benchmark of this id, in its state of some commit."""
    stop = threading.Event()
    wrong: list[object] = []
    asked = [0]

    def read() -> None:
        while not stop.is_set():
            try:
                hits = engine.search("未取得食品经营许可 活动", kind="benchmark")["hits"]
                ok = [h["id"] for h in hits][:1] == ["market/unlicensed-food-business"]
                if not ok or "轮次" not in hits[0]["snippet"]:
                    wrong.append(hits)
            except Exception as e:
                wrong.append(e)
            asked[0] += 1

    write(store, lambda w: w.put_record(samples.benchmark(correction="轮次零")))
    engine.sync(store.snapshot())
    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    for turn in range(12):
        write(store, lambda w, turn=turn: w.put_record(samples.benchmark(correction=f"轮次{turn}")))  # type: ignore[misc]
        engine.sync(store.snapshot())
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert asked[0] > 12


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from conftest import benchmark
from kb.store import Store
from search.engine import Engine
home = Path(sys.argv[1])
store, engine = Store.open(home), Engine(home)
engine.sync(store.snapshot())
print("ready", flush=True)
for turn in range(1000):
    with store.writing(author="x", at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        w.put_record(benchmark(correction=f"轮次{turn}"))
    engine.sync(store.snapshot())
"""


def test_writers_killed_in_the_middle(
    engine: Engine, store: Store, tmp_path: Path, samples: ModuleType
) -> None:
    """The index opens or rebuilds itself, answers from the newest revision, and locks nobody out."""
    for n in range(4):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(Path(__file__).parent)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(0.15 + 0.037 * n)
            child.send_signal(signal.SIGKILL)
        write(store, lambda w, n=n: w.put_record(samples.benchmark(correction=f"之后{n}")))  # type: ignore[misc]
        engine.sync(store.snapshot())
        (hit,) = engine.search("未取得食品经营许可", kind="benchmark")["hits"]
        assert f"之后{n}" in hit["snippet"]
    assert len(list((tmp_path / "index").glob("g*"))) <= building.KEPT + 1


def test_importing_whoosh_warns_of_nothing(tmp_path: Path) -> None:
    """Its own old syntax is filtered; compiled anew, as on a first start, with every warning an error."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / "cache")}
    code = "import warnings; warnings.simplefilter('error'); import search.index"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
