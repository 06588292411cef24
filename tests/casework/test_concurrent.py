"""Two hundred case writers at once: no lost update, no gap and no double in any ledger.

Threads and processes write the same cases, numbers and ledgers; each reads, adds one, saves, and where
somebody was faster reads again, as a person would.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework import ledger_rows, ledgers, numbering
from casework import schema as t
from casework.cases import Cases
from casework.numbering import Series
from casework.verification import verify
from casework.writing import ISSUED
from kb.errors import Conflict
from kb.store import Store
from tests.casework.conftest import AT

SHARED = ("shared-a", "shared-b", "shared-c")
RUN = Series(numbering.DOCUMENTS, 2026, "示综执罚")


def write(cases: Cases, name: str, rounds: int) -> None:
    """One writer: adds a mark of its own to a case that all write to, numbers a paper, enters a row."""
    for n in range(rounds):
        mark, id = f"{name}-{n}", SHARED[n % len(SHARED)]
        while True:
            read = cases.read(id)
            try:
                with cases.writing(by=name, at=AT) as w:
                    marks = [*read.body["investigation"], mark]
                    w.save(id, {**read.body, "investigation": marks}, expected_revision=read.revision)
                    number_a_paper(w, id)
                    ledger_rows.add(w, "filing", {"source": mark, "cause": "x"}, day=date(2026, 1, 1))
                break
            except Conflict:
                continue


def number_a_paper(w: Any, id: str) -> None:
    """The row of an issued paper, without drafting one: the series moves in this transaction."""
    (number,) = numbering.take(w.conn, RUN)
    row = {
        "case": id, "revision": 1, "type": "decision", "key": "", "party": 1, "code": RUN.code,
        "year": RUN.year, "number": number, "number_text": RUN.text(number), "day": AT.date(),
        "state": ISSUED, "sha256": None, "provenance": "", "holder": "", "why": "", **w.stamp,
    }  # fmt: skip
    w.conn.execute(t.document.insert().values(**row))
    w.log("签发", id, number=RUN.text(number), rows=w.rows(t.document, t.document.c.number == number))


def write_in_threads(home: str, url: str | None, names: list[str], rounds: int) -> None:
    store = Store.open(Path(home), url)
    failed: list[BaseException] = []

    def run(name: str) -> None:
        try:
            write(Cases(store), name, rounds)
        except BaseException as e:
            failed.append(e)

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    if failed:
        raise failed[0]


def work(home: Path, url: str | None, writers: int, processes: int, rounds: int) -> None:
    store = Store.open(home, url)
    with Cases(store).writing(by="甲", at=AT) as w:
        for id in SHARED:
            w.create({"id": id, "investigation": []})
    names = [f"w{n}" for n in range(writers)]
    context = multiprocessing.get_context("spawn")
    shares = [(str(home), url, names[n::processes], rounds) for n in range(processes)]
    started = [context.Process(target=write_in_threads, args=share) for share in shares]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [p.exitcode for p in started] == [0] * processes
    cases = Cases(store)
    marks = [mark for id in SHARED for mark in cases.read(id).body["investigation"]]
    assert sorted(marks) == sorted(f"{name}-{n}" for name in names for n in range(rounds))
    wanted = set(range(1, writers * rounds + 1))
    assert {r.number for r in ledgers.rows(store, "filing", 2026)} == wanted
    assert {r.cells["source"] for r in ledgers.rows(store, "filing", 2026)} == set(marks)
    with store.connected() as conn:
        numbers = [n for (n,) in conn.execute(t.document.select().with_only_columns(t.document.c.number))]
    assert sorted(numbers) == sorted(wanted)
    assert verify(store).sound
    store.close()


def test_forty_writers(tmp_path: Path) -> None:
    work(tmp_path / "home", None, writers=40, processes=2, rounds=2)


def test_forty_writers_on_postgres(tmp_path: Path, postgres: Callable[[], str]) -> None:
    work(tmp_path / "home", postgres(), writers=40, processes=2, rounds=2)


@pytest.mark.soak
def test_two_hundred_writers(tmp_path: Path) -> None:
    work(tmp_path / "home", None, writers=200, processes=8, rounds=5)


def write_without_end(home: str, name: str) -> None:
    cases, n = Cases(Store.open(Path(home))), 0
    while True:
        n += 1
        with cases.writing(by=name, at=AT) as w:
            number_a_paper(w, w.create({"cause": "x" * 5000}).id)
            ledger_rows.add(w, "filing", {"source": f"{name}-{n}", "cause": "x"}, day=date(2026, 1, 1))


def test_writers_that_are_killed_leave_no_gap(tmp_path: Path) -> None:
    """kill -9 in the middle of a transaction: what it took is given back, and the next goes on."""
    home, context, seen = tmp_path / "home", multiprocessing.get_context("spawn"), 0
    Store.open(home).close()
    for n in range(3):
        writers = [context.Process(target=write_without_end, args=(str(home), f"{n}{name}")) for name in "ab"]
        for writer in writers:
            writer.start()
        wait_for_rows(home, more_than=seen)
        time.sleep(0.037 * n)
        for writer in writers:
            writer.kill()
            writer.join()
        store = Store.open(home)
        report = verify(store)
        assert report.sound, report
        seen = len(ledgers.rows(store, "filing", 2026))
        store.close()


def wait_for_rows(home: Path, more_than: int) -> None:
    store, until = Store.open(home), time.monotonic() + 60
    while len(ledgers.rows(store, "filing", 2026)) <= more_than:
        assert time.monotonic() < until, "nobody writes"
        time.sleep(0.02)
    store.close()
