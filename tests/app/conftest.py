"""A running base in a temporary home, the web app over it, and the commands on an empty home."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient
from waitress import wasyncore

from app import clock
from app.base import Base
from app.cli import main
from app.config import load
from app.web.factory import create_app
from kb.laws import Article, Item, LawVersion, Paragraph

Run = Callable[..., tuple[int, str, str]]
"""Runs `cailiang` with these arguments: its exit code, what it said, what it said on stderr."""

NOW = datetime(2026, 11, 22, 9, tzinfo=clock.CHINA)
LAW = "示例县市容条例"


def _article(number: int, *paragraphs: Paragraph) -> Article:
    return Article(number, 0, paragraphs, chapter="第一章　总则", has_text=True)


OLD = (
    LawVersion(LAW, date(2010, 1, 1), "原文", adopted=date(2009, 11, 1), level="地方性法规", has_text=True),
    [_article(1, Paragraph("旧条例的第一条。")), _article(2, Paragraph("旧条例的第二条。"))],
)
NEW = (
    LawVersion(LAW, date(2020, 3, 1), "版本表", adopted=date(2019, 12, 1), level="地方性法规", has_text=True),
    [
        _article(1, Paragraph("新条例的第一条，写了<b>标签</b>。")),
        _article(
            2,
            Paragraph("不得有下列行为：", (Item(1, "（一）堆放物料；"), Item(2, "（二）搭建棚亭。"))),
            Paragraph("确需临时占用的，应当经批准。"),
        ),
        _article(3, Paragraph("自2020年3月1日起施行。")),
    ],
)
BY_HAND = (
    LawVersion("示例县摊贩条例", date(2021, 1, 1), "原文", level="地方性法规", attested_by="乙"),
    [Article(12, 0, (Paragraph("摊贩在指定地点经营。"),), note="人工核对：乙，2026-11-20，条例汇编第3页")],
)


@pytest.fixture(scope="session")
def web_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """The shipped base, one local regulation with text in two versions, one article entered by hand."""
    home: Path = tmp_path_factory.mktemp("home")
    base = Base.open(load({}, home=home), say=lambda _line: None)
    with base.store.writing(author="测试", at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        for version, articles in (OLD, NEW, BY_HAND):
            w.put_law(version, articles)
    yield base
    base.store.close()


@pytest.fixture(scope="session")
def web_app(web_base: Base) -> Flask:
    return create_app(web_base, now=lambda: NOW)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app behind waitress, as `cailiang serve` runs it; stopped with nothing left at work."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        # Closed by the thread that waits on them: from here they would go from under its select().
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def client(web_app: Flask) -> FlaskClient:
    return web_app.test_client()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands in this process, a minute before midnight in China."""
    monkeypatch.setenv("CAILIANG_NOW", "2026-11-22T15:59:00+00:00")

    def call(*args: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as e:
            main(["--home", str(home), *map(str, args)])
        said = capsys.readouterr()
        assert isinstance(e.value.code, int)
        return e.value.code, said.out, said.err

    return call
