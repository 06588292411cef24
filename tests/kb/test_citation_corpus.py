"""Citations against real laws: what was checked by hand is clean, and no title is taken for another."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.citation import Context, Days, judge, judge_text, parse
from kb.importing.law_reading import ParsedLaw, parse_law, read_source
from kb.importing.law_versions import read_table, table_path
from kb.laws import COUNTRY, LawBook, LawVersion
from kb.snapshot import Snapshot

pytestmark = pytest.mark.corpus


def parsed(statutes: Path, file: str) -> ParsedLaw:
    """The law of one ``file`` field: a Markdown file, or the folder of a law in several files."""
    collection, _, name = file.rpartition(":")
    place = statutes / (collection or "lawrefbook") / name
    paths = sorted(place.glob("*.md")) if place.is_dir() else [place]
    table = table_path(paths[0])
    return parse_law(
        [read_source(str(p), p.read_bytes()) for p in paths], read_table(table) if table else None
    )


@pytest.fixture(scope="module")
def provisions(corpus: Path) -> list[dict[str, Any]]:
    violations = json.loads((corpus / "violations.json").read_text(encoding="utf-8"))
    return [p for v in violations for p in (*v["violated"], *v["penalty"])]


@pytest.fixture(scope="module")
def laws(corpus: Path, provisions: list[dict[str, Any]]) -> list[ParsedLaw]:
    return [parsed(corpus / "statutes", file) for file in sorted({p["file"] for p in provisions})]


@pytest.fixture(scope="module")
def book(laws: list[ParsedLaw]) -> LawBook:
    return Snapshot.of(laws=[(law.version, law.articles) for law in laws if law.version]).laws


def test_hand_checked_citations_are_clean(book: LawBook, provisions: list[dict[str, Any]]) -> None:
    faults = []
    for p in provisions:
        (version,) = book.versions_of(p["name"])
        day = version.from_ or version.adopted or date(2026, 11, 1)
        found = judge(f"违反了{p['cite']}的规定", book, Days(day, day))
        faults += [(p["cite"], f.code, f.message) for f in found]
    assert faults == []


def test_what_real_laws_cite_of_themselves_exists(book: LawBook, laws: list[ParsedLaw]) -> None:
    """Each 本法第…条 of these laws leads to a provision there is; a list or range read wrong would not."""
    count, faults = 0, []
    for law in laws:
        if law.version is None:
            continue
        day = law.version.from_ or law.version.adopted or date(2026, 11, 1)
        itself = Context(own=law.version.title, statute=True)
        for article in law.articles:
            judged = judge_text(article.full_text(), book, Days(day, day), itself)
            count += len(judged.citations)
            faults += [(law.version.title, article.key, f.text) for f in judged.findings if f.code == "C17"]
    assert count > 300
    assert faults == []


def test_a_title_that_is_not_loaded_is_never_read_as_the_tail_of_itself(corpus: Path) -> None:
    titles = set()
    for path in (corpus / "statutes" / "lawrefbook").rglob("*.md"):
        with path.open(encoding="utf-8") as file:
            titles.add(file.readline().lstrip("# ").strip().removeprefix(COUNTRY))
    assert len(titles) > 1000
    whole = LawBook([LawVersion(t, None, key=n) for n, t in enumerate(sorted(titles), 1)])
    wrong = []
    for title in titles:
        if not title.endswith(("法", "条例", "规定", "办法", "规则", "细则", "解释")):
            continue
        # The same text with the title misspelt at its head: only the tail is known.
        found = parse(f"某{title}第五条的规定", whole)
        wrong += [(title, c.resolved) for c in found if c.resolved]
    assert wrong == []
