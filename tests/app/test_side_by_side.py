"""A server and commands on one home at once; the server shows what a command changed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

LAW = "示例市户外招牌管理办法"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def cailiang(home: Path, *args: str) -> list[str]:
    return [sys.executable, "-c", "from app.cli import main; main()", "--home", str(home), *args]


def get(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as e:
        return e.code, json.loads(e.read())


@pytest.fixture
def served(root: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    port = free_port()
    # UTC, a minute before midnight in China: the server's day must be China's.
    env = {**os.environ, "TZ": "UTC", "CAILIANG_NOW": "2026-11-22T15:59:00+00:00"}
    command = cailiang(tmp_path, "serve", "--port", str(port))
    server = subprocess.Popen(
        command, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                get(f"{url}/draft.json")
                break
            except urllib.error.URLError:
                assert server.poll() is None, server.stdout and server.stdout.read()
                time.sleep(0.2)
        yield tmp_path, url
    finally:
        server.terminate()
        server.communicate(timeout=20)


def test_the_server_shows_what_a_command_changed(served: tuple[Path, str], root: Path) -> None:
    home, url = served
    page = f"{url}/law/{quote(LAW)}/7.json"
    status, before = get(page)
    assert status == 404
    assert before["error"]["code"] == "not_found"
    add = cailiang(
        home,
        *("laws", "add", LAW, "7", "--level", "规范性文件", "--from", "2024-01-01"),
        *("--text", "招牌应当安全、牢固。", "--source", "示例", "--by", "甲", "--attested-by", "乙"),
    )
    done = subprocess.run(add, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    status, after = get(page)
    assert (status, after["paragraphs"][0]["text"]) == (200, "招牌应当安全、牢固。")
    assert after["on"] == "2026-11-22"
    _, found = get(f"{url}/search.json?q={quote('招牌 牢固')}")
    assert found["hits"][0]["id"] == f"law/{LAW}/7"


def test_foreign_hosts_and_origins_are_refused(served: tuple[Path, str]) -> None:
    _, url = served
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        request = urllib.request.Request(f"{url}/search.json?q=x", headers=headers)
        with pytest.raises(urllib.error.HTTPError) as e:
            urllib.request.urlopen(request, timeout=20)
        assert e.value.code in (400, 403)
        e.value.close()
