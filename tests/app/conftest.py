"""A running base in a temporary home, and the web app over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.base import Base
from app.config import load
from app.web.factory import create_app
from kb.laws import Article, Item, LawVersion, Paragraph

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


@pytest.fixture(scope="session")
def web_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """The shipped base, and one local regulation with text in two versions."""
    home: Path = tmp_path_factory.mktemp("home")
    base = Base.open(load({}, home=home), say=lambda _line: None)
    with base.store.writing(author="测试", at=datetime(2026, 11, 22, tzinfo=UTC)) as w:
        for version, articles in (OLD, NEW):
            w.put_law(version, articles)
    yield base
    base.store.close()


@pytest.fixture(scope="session")
def web_app(web_base: Base) -> Flask:
    return create_app(web_base, now=lambda: NOW)


@pytest.fixture
def client(web_app: Flask) -> FlaskClient:
    return web_app.test_client()
