"""Citations typed in every form lead to their article; of those of no article the answer says so."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.base import Base
from app.config import load
from kb.importing.laws import import_paths
from kb.laws import clean_title
from tests.search.citation_forms import FORMS, Cited, articles_of, sample

TODAY = date(2026, 11, 23)
COUNT = 200
BEYOND = 1000


@pytest.fixture(scope="module")
def whole_base(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shipped base with the text of every statute at hand."""
    base = Base.open(load({}, home=tmp_path_factory.mktemp("home")), say=lambda _line: None)
    statutes = corpus / "statutes"
    paths = [statutes / "lawrefbook", statutes / "just-laws"]
    import_paths(paths, base.store, at=datetime(2026, 11, 22, tzinfo=UTC))
    yield base
    base.store.close()


def ids_of(base: Base, query: str) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Law and article of each hit, and the answer."""
    answer = base.search(query, today=TODAY, n=5)
    found = [hit["id"].removeprefix("law/").rpartition("/") for hit in answer["hits"]]
    return [(clean_title(law), key) for law, _, key in found], answer


def wrong_citations(base: Base, count: int, seed: int) -> list[tuple[str, str]]:
    """Queries whose first hit is not the article; initials of several laws name each law's."""
    wrong = []
    book = base.snapshot().laws
    initials = Counter(Cited(title, "", 1).initials for title in book.titles())
    for form, cited, query in sample(book, count, random.Random(seed)):
        found, _ = ids_of(base, query)
        first = initials[cited.initials] if form.startswith("首字母") else 1
        if (clean_title(cited.title), cited.key) not in found[:first]:
            wrong.append((form, query))
    return wrong


def wrongly_found(base: Base, count: int, seed: int) -> list[tuple[str, str]]:
    """Queries of articles that are not there, where the answer does not say so or finds something."""
    wrong = []
    book = base.snapshot().laws
    for form, cited, _ in sample(book, count, random.Random(seed)):
        if form.startswith("首字母"):  # these may mean another law that has such an article
            continue
        last = max(a.number for a in articles_of(book, cited.title))
        beyond = Cited(cited.title, cited.alias, last + BEYOND, 0, cited.items)
        query = FORMS[form](beyond)
        found, answer = ids_of(base, query)
        notes = [u["meaning"] for u in answer["understood"] if u["type"] == "citation"]
        said = any(note.startswith("没有找到《") and beyond.chinese in note for note in notes)
        if found or not said or not answer["nearest"] or beyond.chinese not in answer["message"]:
            wrong.append((form, query))
    return wrong


def test_every_form_leads_to_its_article(web_base: Base) -> None:
    assert wrong_citations(web_base, COUNT, 7) == []


def test_of_no_article_the_answer_says_so(web_base: Base) -> None:
    assert wrongly_found(web_base, COUNT, 8) == []


@pytest.mark.soak
@pytest.mark.corpus
def test_every_form_leads_to_its_article_among_all_statutes(whole_base: Base) -> None:
    assert wrong_citations(whole_base, 10 * COUNT, 9) == []
    assert wrongly_found(whole_base, 10 * COUNT, 10) == []
