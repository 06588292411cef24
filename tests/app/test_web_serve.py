"""`serve`: a line with the address, answers, stops on Ctrl-C; a taken port is one line."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.base import Base
from app.config import load
from app.web.server import serve
from kb.errors import StoreFailure, WrongUse

SERVE = """
import sys
from pathlib import Path
from app.base import Base
from app.config import load
from app.web import serve
serve(Base.open(load({}, home=Path(sys.argv[1])), say=lambda line: None), "127.0.0.1", 0)
"""


def test_it_says_where_answers_and_stops(tmp_path: Path, root: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = said.partition("：")[2].split()[0]
        with urllib.request.urlopen(f"{address}draft.json", timeout=60) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert "已停止" in out
    assert err == ""
    assert process.returncode == 0


def test_the_first_query_finds_an_open_index(web_base: Base) -> None:
    fresh = Base(web_base.config, web_base.store, say=lambda line: None)
    fresh.warm_index().join(60)
    assert "engine" in vars(fresh)
    assert fresh.engine.suggest("食品")  # without a word of `sync`: the base is known and the index opened


def test_a_base_without_a_readable_index_still_starts(tmp_path: Path, web_base: Base) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    fresh = Base(load({}, home=tmp_path), web_base.store, say=lambda line: None)
    thread = fresh.warm_index()
    thread.join(60)
    assert thread.daemon
    assert not thread.is_alive()
    with pytest.raises(StoreFailure, match="索引写入失败"):
        fresh.search("食品")


def test_a_taken_port_is_one_line(web_base: Base) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongUse, match="端口已被占用"):
            serve(web_base, "127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_is_one_line(web_base: Base, host: str) -> None:
    with pytest.raises(WrongUse, match="不能监听"):
        serve(web_base, host, 0)
