"""The labelled citations: every table in `labels/`, read by a person first, against what is found.

A lawyer adds a row to a table (its head says how); nothing here changes. The binding is judged twice: with
the shipped laws, and, where the real material is at hand, with every title in it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kb.citation import Citation, Context, read
from kb.importing.records import load_laws
from kb.laws import COUNTRY, LawBook, LawVersion, clean_title

HERE = Path(__file__).resolve().parent / "labels"
CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
TABLES = sorted(HERE.glob("*.tsv"))
# Share of rows, and of provisions, that must be exact. 0.99 is the goal for every table; the held-out one
# stood at 0.86 before anyone had seen a miss of it and only goes up from where it is. Fresh statutes,
# labelled blind: rows 0.9733, provisions 0.9831 with the shipped laws; 0.9689, 0.9807 with every title;
# nothing bound wrong. Fresh letters, likewise: 0.9387, 0.9691; 0.9340, 0.9647; nothing bound wrong.
# Blind, labelled and committed before the one run: rows 0.9718, provisions 0.9852 with either book; nothing
# bound wrong, no label corrected. Closing, likewise: rows 0.9867, provisions 0.9935 with either book; nothing
# bound wrong, no label corrected.
EXACT = {
    "development": 0.99,
    "heldout": 0.99,
    "fresh-statutes": 0.968,
    "fresh-letters": 0.938,
    "blind": 0.971,
    "closing": 0.986,
}
LETTER = "信函"

_PLACE = re.compile(r"(?:《(?P<law>.+)》)?(?P<path>\d+(?:-\d+)?(?:\.(?:\d+|-)){0,3})")
_OWN = re.compile(r"本文=《(.+)》")

Path_ = tuple[int | None, ...]
Bound = tuple[str, str | None, Path_]  # title as written, official title if bound, levels


@dataclass(frozen=True)
class Label:
    """One provision as labelled: the title as written, the official title it means, the levels."""

    law: str
    official: str
    path: Path_

    def __str__(self) -> str:
        return show(self.law, self.path)


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    line: int
    source: str
    text: str
    labels: tuple[Label, ...]
    before: str = ""
    own: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one row gave: how many provisions are as labelled, of how many on either side; wrong bindings."""

    row: Row
    found: tuple[Citation, ...]
    right: int
    wrong: tuple[str, ...]

    @property
    def of(self) -> int:
        return max(len(self.row.labels), len(self.found))

    @property
    def exact(self) -> bool:
        return self.right == self.of

    def __str__(self) -> str:
        got = " | ".join(f"{show(c.law, path_of(c))}→{c.resolved}" for c in self.found)
        want = " | ".join(map(str, self.row.labels))
        return f"第{self.row.line}行（{self.row.source}）{self.row.text!r}\n    应得 {want}\n    得到 {got}"


def show(law: str, path: Path_) -> str:
    article, suffix, *deeper = path
    levels = [
        f"{article}-{suffix}" if suffix else str(article),
        *("-" if n is None else str(n) for n in deeper),
    ]
    while levels[-1] == "-":
        levels.pop()
    return f"《{law}》" + ".".join(levels)


def path_of(c: Citation) -> Path_:
    return (c.article, c.article_suffix, c.paragraph, c.item, c.subitem)


# ---------------------------------------------------------------- reading a table


def read_labels(cell: str) -> tuple[Label, ...]:
    """《题名→正式题名》条-之.款.项.目 | …; a place without 《》 is of the law before it."""
    out: list[Label] = []
    for place in filter(None, map(str.strip, cell.split("|"))):
        m = _PLACE.fullmatch(place)
        assert m, f"应得条款“{place}”写法不对"
        if m["law"]:
            law, _, official = m["law"].partition("→")
        else:
            assert out, f"第一处“{place}”要写题名"
            law, official = out[-1].law, out[-1].official
        article, *deeper = m["path"].split(".")
        number, _, suffix = article.partition("-")
        levels = [None if n == "-" else int(n) for n in deeper] + [None] * (3 - len(deeper))
        out.append(Label(law, official or law, (int(number), int(suffix) if suffix else None, *levels)))
    return tuple(out)


@functools.cache
def rows_of(path: Path) -> tuple[Row, ...]:
    rows = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        source, text, *rest = line.split("\t")
        cell, before = [*rest, "", ""][:2]
        own = _OWN.fullmatch(before)
        before = "" if own else before.replace("\\n", "\n")
        labels = read_labels(cell)
        rows.append(Row(n, source, text.replace("\\n", "\n"), labels, before, own[1] if own else ""))
    return tuple(rows)


# ---------------------------------------------------------------- the books


@functools.cache
def shipped() -> LawBook:
    return LawBook([v for v, _ in load_laws(CONTENT / "laws").versions])


@functools.cache
def with_titles_of(statutes: Path) -> LawBook:
    """The shipped laws and every title of the real material; titles are all that binding needs."""
    versions = list(shipped().versions)
    known = {clean_title(v.title) for v in versions}
    for path in sorted(statutes.rglob("*.md")):
        head = re.search(r"^# *(.+)$", path.read_text(encoding="utf-8", errors="replace")[:4000], re.M)
        title = clean_title(head[1]) if head else ""
        if title and title not in known:
            known.add(title)
            versions.append(LawVersion(title, date(2000, 1, 1)))
    return LawBook(versions)


def official(label: Label, book: LawBook) -> str | None:
    """The official title a label means, if the book has it: by its full name, never as the parser does."""
    title = clean_title(label.official)
    return next((v[0].title for t in (title, COUNTRY + title) if (v := book.versions_of(t))), None)


# ---------------------------------------------------------------- judging


def judge(row: Row, book: LawBook) -> Outcome:
    text = row.before + row.text
    found = tuple(c for c in read(text, book, Context(own=row.own)).citations if c.end > len(row.before))
    want = [(clean_title(label.law), official(label, book), label.path) for label in row.labels]
    got = [(clean_title(c.law), c.resolved, path_of(c)) for c in found]
    right = sum(a == b for a, b in zip(want, got, strict=False))
    if len(want) != len(got):  # one too many or too few must not shift the rest
        right = sum(min(want.count(x), got.count(x)) for x in set(want))
    return Outcome(row, found, right, tuple(wrong_bindings(want, got)))


def wrong_bindings(want: Sequence[Bound], got: Sequence[Bound]) -> Iterator[str]:
    """Provisions bound to a law that the row does not cite, or cites for other provisions."""
    for _, resolved, path in got:
        same_place = {meant for _, meant, p in want if p == path}
        if resolved and resolved not in (same_place or {meant for _, meant, _ in want}):
            yield f"{show(resolved, path)}"


def report(name: str, outcomes: list[Outcome]) -> tuple[float, float, list[str]]:
    rows = sum(o.exact for o in outcomes) / len(outcomes)
    provisions = sum(o.right for o in outcomes) / max(1, sum(o.of for o in outcomes))
    wrong = [f"{o}\n    错绑 {w}" for o in outcomes for w in o.wrong]
    print(f"\n{name}：{len(outcomes)} 行，{sum(len(o.row.labels) for o in outcomes)} 处；", end="")
    print(f"整行一致 {rows:.2%}，逐处一致 {provisions:.2%}，错绑 {len(wrong)}")
    for o in outcomes:
        if not o.exact:
            print("  " + str(o))
    return rows, provisions, wrong


def check(path: Path, book: LawBook, which: str) -> None:
    outcomes = [judge(row, book) for row in rows_of(path)]
    rows, provisions, wrong = report(f"{path.name}（{which}）", outcomes)
    assert not wrong, "\n".join(wrong)
    assert min(rows, provisions) >= EXACT.get(path.stem, 0.99), "\n".join(
        str(o) for o in outcomes if not o.exact
    )


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_as_labelled_with_the_shipped_laws(path: Path) -> None:
    check(path, shipped(), "自带法律")


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_as_labelled_with_every_real_title(path: Path, corpus: Path) -> None:
    check(path, with_titles_of(corpus / "statutes"), "全部题名")


# ---------------------------------------------------------------- the tables themselves


def test_the_tables_are_as_large_as_they_should_be() -> None:
    rows = {path.stem: rows_of(path) for path in TABLES}
    real = {
        name: {r.source for r in table if not r.source.startswith(LETTER)} for name, table in rows.items()
    }
    labels = sum(len(r.labels) for table in rows.values() for r in table)
    assert labels >= 600
    assert len(set().union(*real.values())) >= 40
    assert not real["development"] & real["heldout"], "两半用了同一篇法规"


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_a_table_holds_fragments_not_statutes(path: Path) -> None:
    for row in rows_of(path):
        titles = re.sub(r"《[^》]*》", "", row.text)
        longest = max(map(len, re.findall(r"[一-龥]+", titles)), default=0)
        assert row.source == LETTER or longest < 26, f"第{row.line}行照抄太长：{row.text}"


def test_a_wrong_binding_is_seen() -> None:
    """The judge of this file can fail: a phantom, a wrong law, and a law swapped between two provisions."""
    food, penalty, p1, p2 = (
        "食品安全法",
        "行政处罚法",
        (1, None, None, None, None),
        (2, None, None, None, None),
    )
    assert list(wrong_bindings([], [(food, food, p1)]))
    assert list(wrong_bindings([(food, food, p1)], [(food, penalty, p1)]))
    assert list(wrong_bindings([(food, food, p1), (penalty, penalty, p2)], [(food, food, p2)]))
    assert not list(wrong_bindings([(food, food, p1)], [(food, food, p1), (food, None, p2)]))
