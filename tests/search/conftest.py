"""A small base in our own words: two laws (one in two versions, one repealed), records of each kind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kb.laws import Article, LawVersion, Paragraph, Repeal
from kb.records import Benchmark, CaseStudy, Leniency, Phrase, Record, Synonym
from kb.snapshot import Snapshot
from kb.store import Store
from search.engine import Engine

OWN = {"instrument": "示例", "example": True}


def article(number: int, *paragraphs: str, suffix: int = 0, chapter: str = "") -> Article:
    return Article(number, suffix, tuple(Paragraph(p) for p in paragraphs), chapter=chapter, has_text=True)


def benchmark(id: str = "market/unlicensed-food-business", **fields: Any) -> Benchmark:
    given = {
        "domain": "市场监管",
        "violation": "未取得食品经营许可从事食品经营活动",
        "violated": "《中华人民共和国甲品安全法》第三条第一款",
        "penalty_basis": "《中华人民共和国甲品安全法》第五条第一款",
        "facts": {"goods_value": {"label": "货值金额", "type": "money"}},
        "statutory": [{"when": "货值金额不足一万元", "fine": "五万元以上十万元以下"}],
        "source": OWN,
    }
    return Benchmark.model_validate({"id": id, **given, **fields})


def food_law(day: date, penalty: str) -> tuple[LawVersion, list[Article]]:
    version = LawVersion("中华人民共和国甲品安全法", day, aliases=("甲安法",), adopted=day, has_text=True)
    return version, [
        article(1, "为了食品安全，写下这一条。", chapter="第一章 总则"),
        article(3, "经营食品应当取得许可。", "卖包好的食品只要备案。", chapter="第二章 经营"),
        article(3, "小摊贩另有办法。", suffix=1, chapter="第二章 经营"),
        article(5, penalty, chapter="第三章 责任"),
        article(6, "销售过期食品的，没收食品。", chapter="第三章 责任"),
    ]


def water_law() -> tuple[LawVersion, list[Article]]:
    version = LawVersion(
        "中华人民共和国乙水防治法", date(2018, 1, 1), adopted=date(2018, 1, 1), has_text=True
    )
    return version, [article(1, "排放污水应当申领许可证。"), article(2, "私设暗管排放污水的，处以罚款。")]


LAWS = (
    food_law(date(2009, 6, 1), "无许可经营食品的，处二千元罚款。"),
    food_law(date(2015, 10, 1), "无许可经营食品的，处五万元罚款。"),
    water_law(),
)
REPEALS = (Repeal("中华人民共和国乙水防治法", date(2026, 8, 15), "丙典"),)
RECORDS: tuple[Record, ...] = (
    benchmark(),
    benchmark(
        "ecology/hidden-pipe",
        domain="生态环境",
        violation="私设暗管排放污水",
        violated="《中华人民共和国乙水防治法》第一条",
        penalty_basis="《中华人民共和国乙水防治法》第二条",
        facts={},
        statutory=[{"fine": "十万元以上一百万元以下"}],
        to=date(2026, 8, 15),
    ),
    Leniency.model_validate(
        {
            "id": "market/small-shop",
            "domain": "市场监管",
            "list": "不予",
            "limb": "33(1)后段",
            "violation": "初次销售少量过期食品",
            "basis": "《中华人民共和国行政处罚法》第三十三条第一款",
            "conditions": [{"name": "first", "label": "两年内初次被发现"}],
            "source": OWN,
        }
    ),
    CaseStudy.model_validate(
        {
            "id": "cases/expired-milk",
            "domain": "市场监管",
            "name": "某小店销售过期牛奶案",
            "benchmark": "market/expired-food",
            "act_from": date(2024, 3, 1),
            "act_to": date(2024, 3, 2),
            "decided": date(2024, 5, 1),
            "basis": "《中华人民共和国甲品安全法》第六条",
            "course": [{"day": date(2024, 3, 2), "text": "检查时发现货架上有过期食品。"}],
            "body": "店主两天内卖出三盒过期牛奶。",
            "source": OWN,
        }
    ),
    Phrase.model_validate(
        {
            "id": "oral/show-card",
            "channel": "口头",
            "scene": "现场检查",
            "step": "亮证",
            "recommended": "您好，这是我们的执法证件。",
            "source": OWN,
        }
    ),
    Synonym.model_validate(
        {"id": "s/unlicensed", "said": ["无证", "没有证"], "meant": "未取得许可", "source": OWN}
    ),
    Synonym.model_validate(
        {"id": "s/restaurant", "said": ["餐饮", "饭店"], "meant": "食品经营", "source": OWN}
    ),
)


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """This module, for tests that change what it holds."""
    return sys.modules[__name__]


@pytest.fixture
def base() -> Snapshot:
    return Snapshot.of(RECORDS, LAWS, REPEALS)


def fill(store: Store) -> None:
    """Write this module's base into an empty store."""
    with store.writing(author="测试", at=datetime(2026, 11, 22, 9, tzinfo=UTC)) as w:
        for record in RECORDS:
            w.put_record(record)
        for version, articles in LAWS:
            w.put_law(version, articles)
        for repeal in REPEALS:
            w.put_repeal(repeal)


@pytest.fixture(scope="session")
def postgres_engine(postgres: Callable[[], str]) -> Iterator[Engine]:
    """The base in PostgreSQL; for tests that only ask."""
    from search.postgres.engine import PostgresEngine

    store = Store(postgres())
    fill(store)
    made = PostgresEngine(store)
    made.sync(store.snapshot())
    yield made
    store.close()


@pytest.fixture(params=["files", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, base: Snapshot) -> Engine:
    """Both engines over the base."""
    if request.param == "postgres":
        shared: Engine = request.getfixturevalue("postgres_engine")
        return shared
    made = Engine(tmp_path)
    made.sync(base)
    return made


@pytest.fixture
def ids(engine: Engine) -> Callable[..., list[str]]:
    """The ids of the hits of a query."""

    def ask(query: str, **facets: Any) -> list[str]:
        return [hit["id"] for hit in engine.search(query, **facets)["hits"]]

    return ask
