"""Search over the real statutes: built in time, fast, and every citation leads to its article."""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.importing.laws import import_paths
from kb.laws import COUNTRY, Article
from kb.numerals import to_chinese
from kb.snapshot import Snapshot
from kb.store import Store
from search.documents import article_id
from search.engine import Engine

pytestmark = [pytest.mark.soak, pytest.mark.corpus]
BUILD_SECONDS = 45
MEDIAN_MS = 60
WORDS = [
    "食品",
    "经营",
    "许可",
    "废物",
    "排放",
    "处罚",
    "从轻",
    "广告",
    "运输",
    "农药",
    "登记",
    "安全",
    "培训",
    "不予",
]


@pytest.fixture(scope="module")
def real(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Snapshot]:
    home = tmp_path_factory.mktemp("home")
    store = Store.open(home)
    statutes = corpus / "statutes"
    import_paths(
        [statutes / "lawrefbook", statutes / "just-laws"], store, at=datetime(2026, 11, 22, tzinfo=UTC)
    )
    base = store.snapshot()
    made = Engine(home)
    started = time.perf_counter()
    assert made.sync(base).documents > 50_000
    assert time.perf_counter() - started < BUILD_SECONDS
    return made, base


def test_words_are_answered_quickly(real: tuple[Engine, Snapshot]) -> None:
    engine, _ = real
    rng = random.Random(7)
    took = []
    for _ in range(100):
        query = " ".join(rng.sample(WORDS, k=rng.randint(2, 4)))
        started = time.perf_counter()
        assert engine.search(query)["hits"]
        took.append((time.perf_counter() - started) * 1000)
    assert statistics.median(took) < MEDIAN_MS


def written(rng: random.Random, title: str, article: Article) -> str:
    """One way of citing an article."""
    n, suffix = article.number, article.suffix
    chinese = f"第{to_chinese(n)}条" + (f"之{to_chinese(suffix)}" if suffix else "")
    arabic = f"{n}条" + (f"之{to_chinese(suffix)}" if suffix else "")
    name = title.removeprefix(COUNTRY)
    return rng.choice(
        [
            f"《{title}》{chinese}",
            f"{name}{chinese}",
            f"{name} {chinese}",
            f"{name}{arabic}",
            f"{name} 第{arabic}",
        ]
    )


def test_citations_lead_to_their_article(real: tuple[Engine, Snapshot]) -> None:
    rng = random.Random(11)
    engine, base = real
    book = base.laws
    wrong = []
    titles = [t for t in book.titles() if t.startswith(COUNTRY)]
    for title in rng.sample(titles, 200):
        version = book.versions_of(title)[-1]
        articles = [a for a in book.articles(version).values() if a.kind == "article"]
        if not articles:
            continue
        article = rng.choice(articles)
        query = written(rng, title, article)
        answer = engine.search(query)
        if [h["id"] for h in answer["hits"]][:1] != [article_id(title, article.key)]:
            wrong.append((query, answer["hits"][:1]))
        beyond = engine.search(f"{title}{articles[-1].number + 1000}条")
        if "没有找到《" not in beyond["understood"][0]["meaning"]:
            wrong.append((query, beyond["understood"]))
    assert wrong == []
