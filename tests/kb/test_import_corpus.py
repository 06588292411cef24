"""The importer against the real material: 58 violations whose provisions were checked by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kb.importing.law_reading import ParsedLaw, parse_law, read_source
from kb.importing.law_report import ImportReport, Outcome
from kb.importing.law_versions import read_table, table_path
from kb.importing.laws import import_paths
from kb.laws import Article, Standing
from kb.store import Store

pytestmark = pytest.mark.corpus
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@cache
def parsed(statutes: Path, file: str) -> ParsedLaw:
    """The law of one `file` field: a Markdown file, or the folder of a law in several files."""
    collection, _, name = file.rpartition(":")
    place = statutes / (collection or "lawrefbook") / name
    paths = sorted(place.glob("*.md")) if place.is_dir() else [place]
    table = table_path(paths[0])
    sources = [read_source(str(p), p.read_bytes()) for p in paths]
    return parse_law(sources, read_table(table) if table else None)


def stated(article: Article, paragraph: int | None, item: int | None) -> str:
    """The text a citation points at; an item carries the words that introduce its list."""
    if item is None:
        return article.full_text() if paragraph is None else article.paragraphs[paragraph - 1].full_text()
    assert paragraph is not None or len(article.paragraphs) == 1, "an item of which 款?"
    holder = article.paragraphs[(paragraph or 1) - 1]
    found = holder.item(item)
    assert found is not None, f"no item {item}"
    return "\n".join([holder.text, found.text, *found.subitems])


def check(law: ParsedLaw, provision: dict[str, Any]) -> list[str]:
    """What does not agree between a hand-checked provision and the parsed law."""
    assert law.version is not None
    if law.version.title != provision["name"]:
        return [f"title {law.version.title}"]
    article = next((a for a in law.articles if a.key == str(provision["article"])), None)
    if article is None or article.kind != "article":
        return ["no such article"]
    if (provision["paragraph"] or 1) > len(article.paragraphs):
        return [f"only {len(article.paragraphs)} paragraphs"]
    text = stated(article, provision["paragraph"], provision["item"])
    return [f"not there: {phrase}" for phrase in provision["verified_phrases"] if phrase not in text]


def test_every_hand_checked_provision_is_found_in_its_very_paragraph_or_item(corpus: Path) -> None:
    violations = json.loads((corpus / "violations.json").read_text(encoding="utf-8"))
    provisions = [p for v in violations for p in (*v["violated"], *v["penalty"])]
    assert len(provisions) == 121
    wrong = [
        (p["cite"], said) for p in provisions for said in check(parsed(corpus / "statutes", p["file"]), p)
    ]
    assert wrong == []


# ---------------------------------------------------------------- the whole collections, imported


@pytest.fixture(scope="module")
def imported(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, ImportReport, Path]]:
    store = Store.open(tmp_path_factory.mktemp("home"))
    statutes = corpus / "statutes"
    yield store, import_paths([statutes / "lawrefbook", statutes / "just-laws"], store, at=AT), statutes
    store.close()


def test_at_most_seven_files_are_not_imported_each_with_its_reason(
    imported: tuple[Store, ImportReport, Path],
) -> None:
    report = imported[1]
    assert len(report.files) == 1389
    assert len(report.not_imported) <= 7
    assert all(f.reason for f in report.files if f.outcome is not Outcome.IMPORTED)
    assert report.count(Outcome.NOTICE) == 10


def test_a_second_run_changes_nothing(imported: tuple[Store, ImportReport, Path]) -> None:
    store, _, statutes = imported
    before = store.revision()
    report = import_paths([statutes / "just-laws", statutes / "lawrefbook"], store, at=AT)
    assert (report.files, report.unchanged, store.revision()) == ((), 1389, before)


def test_structure_adds_up_over_the_whole_collection(imported: tuple[Store, ImportReport, Path]) -> None:
    book = imported[0].snapshot().laws
    odd = []
    for version in book.versions:
        before: Article | None = None
        for article in book.articles(version).values():
            follows = before is None or (article.number, article.suffix) in (
                (before.number + 1, 0),
                (before.number, before.suffix + 1),
            )
            counted = all(
                [i.number for i in p.items] == list(range(1, len(p.items) + 1)) for p in article.paragraphs
            )
            if not (follows and counted and article.paragraphs and article.has_text):
                odd.append((version.title, article.key))
            before = article
    assert odd == []


def test_dates_add_up_over_the_whole_collection(imported: tuple[Store, ImportReport, Path]) -> None:
    versions = imported[0].snapshot().laws.versions
    assert len({(v.title, v.adopted) for v in versions}) == len(versions)
    assert [v.title for v in versions if v.from_ is None or v.adopted is None or v.from_ < v.adopted] == []
    assert [v.title for v in versions if v.history and v.history[-1].day != v.adopted] == []


STANDINGS = [
    ("中华人民共和国水污染防治法", "2026-08-01", Standing.IN_FORCE),
    ("中华人民共和国水污染防治法", "2026-09-01", Standing.REPEALED),
    ("中华人民共和国生态环境法典", "2026-08-14", Standing.NOT_YET),
    ("中华人民共和国生态环境法典", "2026-08-15", Standing.IN_FORCE),
    ("中华人民共和国食品安全法", "2018-01-01", Standing.NOT_LOADED),
    ("中华人民共和国食品安全法", "2024-01-01", Standing.IN_FORCE),
    ("中华人民共和国合同法", "2024-01-01", Standing.REPEALED),
    ("中华人民共和国注册会计师法", "2026-12-31", Standing.IN_FORCE),
]


@pytest.mark.parametrize(("title", "day", "standing"), STANDINGS)
def test_standing(
    imported: tuple[Store, ImportReport, Path], title: str, day: str, standing: Standing
) -> None:
    assert imported[0].snapshot().laws.on(title, date.fromisoformat(day)).standing is standing


def test_the_code_repeals_its_ten_laws(imported: tuple[Store, ImportReport, Path]) -> None:
    book = imported[0].snapshot().laws
    by = "中华人民共和国生态环境法典"
    ended = [r for title in {v.title for v in book.versions} if (r := book.repeal_of(title)) and r.by == by]
    assert len(ended) == 10
    assert {r.day for r in ended} == {date(2026, 8, 15)}


FIRST_DAYS = [
    ("中华人民共和国行政处罚法", "2021-01-22", "2021-07-15", "原文"),
    ("中华人民共和国反不正当竞争法", "2025-06-27", "2025-10-15", "原文"),
    ("中华人民共和国水污染防治法", "2017-06-27", "2018-01-01", "版本表"),
    ("中华人民共和国食品安全法", "2021-04-29", "2021-04-29", "推定"),
    ("建设项目环境保护管理条例", "2017-07-16", "2017-07-16", "推定"),
    ("中华人民共和国治安管理处罚法", "2025-06-27", "2026-01-01", "原文"),
]


@pytest.mark.parametrize(("title", "adopted", "day", "basis"), FIRST_DAYS)
def test_first_days(
    imported: tuple[Store, ImportReport, Path], title: str, adopted: str, day: str, basis: str
) -> None:
    versions = imported[0].snapshot().laws.versions_of(title)
    assert (day, basis) in [(str(v.from_), v.from_basis) for v in versions if str(v.adopted) == adopted]
