"""Minutes of hard use: readers beside a writer, and writers killed in the middle of their commits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from kb.store import Store
from kb.writing import Writer
from search import building
from search.engine import Engine

pytestmark = pytest.mark.soak
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECONDS = 60
READERS = 8
KILLS = 50
CHANGED = "market/unlicensed-food-business"
STEADY = ("甲安法5条", "私设暗管", "案例 过期食品", "亮证", "无许可经营食品", "小摊贩", "“过期牛奶”")


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


def turn_of(engine: Engine) -> int:
    """Which commit an answer shows: the number that the changed record has in its snippet."""
    (hit,) = engine.search("未取得食品经营许可 轮次", kind="benchmark")["hits"][:1]
    assert hit["id"] == CHANGED
    return int(hit["snippet"].rpartition("轮次")[2].split("号")[0])


def test_readers_and_a_writer_for_a_minute(store: Store, tmp_path: Path, samples: ModuleType) -> None:
    """Every answer is right: the same where nothing changed, else at least as new as the last commit."""
    engine = Engine(tmp_path)
    done = [0]
    stop = threading.Event()
    wrong: list[object] = []
    asked = [0] * READERS

    def commit(turn: int) -> None:
        write(store, lambda w: w.put_record(samples.benchmark(correction=f"轮次{turn}号")))
        engine.sync(store.snapshot())
        done[0] = turn

    def ids(query: str) -> list[str]:
        return [h["id"] for h in engine.search(query)["hits"]]

    def read(number: int) -> None:
        rng = Random(number)
        while not stop.is_set():
            try:
                query = rng.choice(STEADY)
                if (hits := ids(query)) != before[query]:
                    wrong.append((query, hits))
                least = done[0]
                if not least <= (seen := turn_of(engine)) <= done[0] + 1:
                    wrong.append((least, seen, done[0]))
            except Exception as e:
                wrong.append(e)
            asked[number] += 1

    commit(1)
    before = {query: ids(query) for query in STEADY}
    readers = [threading.Thread(target=read, args=(n,)) for n in range(READERS)]
    for thread in readers:
        thread.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not wrong:
        commit(done[0] + 1)
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert done[0] > SECONDS / 4  # nobody waited for long, on a busy machine either
    assert min(asked) > SECONDS / 4
    assert len(list((tmp_path / "index").glob("g*"))) <= building.KEPT


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from conftest import benchmark
from kb.store import Store
from search.engine import Engine
home, first = Path(sys.argv[1]), int(sys.argv[2])
store, engine = Store.open(home), Engine(home)
engine.sync(store.snapshot())
for turn in range(first, first + 1000):
    with store.writing(author="x", at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        w.put_record(benchmark(correction=f"轮次{turn}号"))
        w.put_record(benchmark(f"market/turn-{turn}", violation=f"第{turn}次未取得许可"))
    print(turn, flush=True)
    engine.sync(store.snapshot())
"""


def test_fifty_writers_killed_in_the_middle(store: Store, tmp_path: Path) -> None:
    """The index opens or rebuilds itself, has every record that was committed, and locks nobody out."""
    rng = Random(50)
    engine = Engine(tmp_path)
    last = 0
    actions = set()
    for _ in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(last + 1), str(Path(__file__).parent)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline()
            time.sleep(rng.random() * 0.12)
            child.send_signal(signal.SIGKILL)
            said = child.stdout.read().split()
        base = store.snapshot()
        synced = Engine(tmp_path).sync(base)  # as a new process would
        actions.add(synced.action)
        assert bool(synced.message) == (synced.action != "无")
        engine.sync(base)
        seen = turn_of(engine)
        assert seen >= int(said[-1] if said else last + 1)
        last = seen
        held = {r.id for r in base.records("benchmark")}
        assert {f"market/turn-{n}" for n in range(1, last + 1)} <= held
        for turn in rng.sample(range(1, last + 1), min(last, 5)):
            hits = engine.search(f"“第{turn}次未取得许可”")["hits"]
            assert [h["id"] for h in hits] == [f"market/turn-{turn}"]
    assert actions <= {"无", "更新", "重建"}
    assert len(list((tmp_path / "index").glob("g*"))) <= building.KEPT + 1
