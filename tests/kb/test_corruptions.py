"""The checker proves its worth: one wrong figure in a benchmark is found against the loaded statutes.

A corruption changes one numeral of one amount, multiple, percentage, threshold, or 条, 款 or 项 number, so
that another number stands there. What is left a number written as nobody writes it (百万, 二一) is no slip.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kb.checks import run
from kb.errors import BadValue
from kb.importing.laws import import_paths
from kb.importing.records import load_laws, load_records
from kb.laws import Article, LawBook, LawVersion, clean_title
from kb.numerals import parse_number, to_chinese
from kb.records import Benchmark
from kb.snapshot import Snapshot
from tests.kb.law_texts import Texts
from tests.kb.test_violations import COVERED

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
SEED = 20261123
COUNT = 100
DIGITS = "一二三四五六七八九十百千万"
NUMERAL = re.compile(rf"[0-9]+[十百千万]?|[{DIGITS}零]+(?!分之)")
IN_CITATION = re.compile(rf"第（?([{DIGITS}零]+)）?([条款项])")


@dataclass(frozen=True)
class Corruption:
    kind: str
    sound: Benchmark
    path: tuple[Any, ...]
    before: str
    after: str

    def record(self) -> Benchmark:
        data = self.sound.model_dump(mode="json", by_alias=True)
        return Benchmark.model_validate(put(data, self.path, self.after))

    def __str__(self) -> str:
        place = ".".join(map(str, self.path))
        return f"{self.kind} {self.sound.id} {place}: {self.before} -> {self.after}"


def slips(number: str) -> Iterator[str]:
    """The numbers that one wrong numeral makes of a number."""
    arabic = number[0].isascii()
    for i, old in enumerate(number):
        for new in "0123456789" if old.isascii() else "十百千万" if arabic else DIGITS:
            changed = number[:i] + new + number[i + 1 :]
            if new == old or changed.startswith("0"):
                continue
            try:
                value = parse_number(changed)
            except BadValue:
                continue
            if arabic or to_chinese(int(value)) == changed:
                yield changed


def corruptions(record: Benchmark) -> Iterator[Corruption]:
    for path, text in leaves(record.model_dump(mode="json", by_alias=True)):
        for kind, start, end in figures(path, text):
            for slip in slips(text[start:end]):
                yield Corruption(kind, record, path, text, text[:start] + slip + text[end:])


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))


def put(data: Any, path: tuple[Any, ...], value: str) -> Any:
    """A copy of the data with one text replaced."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


def figures(path: tuple[Any, ...], text: str) -> Iterator[tuple[str, int, int]]:
    """(kind, start, end) of the numerals that a text of this place has."""
    field = next(p for p in reversed(path) if isinstance(p, str))
    if path[0] in ("violated", "penalty_basis", "gravity") or field == "basis":
        for m in IN_CITATION.finditer(text):
            yield {"条": "article", "款": "paragraph", "项": "item"}[m[2]], m.start(1), m.end(1)
    elif field == "fine" or "when" in path:
        for m in NUMERAL.finditer(text):
            behind, before = text[m.end() : m.end() + 1], text[: m.start()]
            kind = "multiple" if behind == "倍" else "percentage" if before.endswith("分之") else "amount"
            yield "threshold" if field != "fine" else kind, m.start(), m.end()


# ---------------------------------------------------------------- against the loaded statutes


@pytest.fixture(scope="module")
def laws(corpus: Path) -> LawBook:
    """The statutes, with the shipped days of force where the texts leave them open."""
    texts = Texts()
    import_paths([corpus / "statutes"], texts, at=datetime.now(UTC))
    shipped = load_laws(CONTENT / "laws")
    dated = {(clean_title(v.title), v.adopted): v for v, _ in shipped.versions}
    rows: list[tuple[LawVersion, list[Article]]] = []
    for key, (version, articles) in texts.laws.items():
        known = dated.get(key, version)
        rows.append(
            (replace(version, from_=known.from_, from_basis=known.from_basis), list(articles.values()))
        )
    return Snapshot.of([], rows, shipped.repeals).laws


def found(records: Sequence[Benchmark], laws: LawBook) -> list[set[str]]:
    """What the checks say of each record; all stand in one base, each under a name of its own."""
    named = [r.model_copy(update={"id": f"record/{n}"}) for n, r in enumerate(records)]
    rows = list(enumerate(named, 1))
    report = run(Snapshot(1, laws, lambda kind: rows if kind == "benchmark" else []))
    by_id: dict[str, set[str]] = {r.id: set() for r in named}
    for finding in report.findings:
        by_id[finding.id].add(f"{finding.code} {finding.place}")
    return list(by_id.values())


BENCHMARKS = [
    r
    for r in load_records(CONTENT)
    if isinstance(r, Benchmark) and r.id in {name for name, _ in COVERED.values()}
]


def chosen() -> list[Corruption]:
    """A hundred corruptions: first the record, then the figure, so that a long record has only its share."""
    dice = random.Random(SEED)
    by_record = [list(corruptions(record)) for record in BENCHMARKS]
    return [dice.choice(dice.choice(by_record)) for _ in range(COUNT)]


def test_a_slip_changes_the_number_and_nothing_else() -> None:
    assert list(slips("5")) == ["1", "2", "3", "4", "6", "7", "8", "9"]
    assert set(slips("二十")) == {f"{d}十" for d in "三四五六七八九"} | {"二百", "二千", "二万"}
    assert len({str(c) for c in chosen()}) > COUNT * 0.95
    assert {c.kind for c in chosen()} >= {"amount", "multiple", "threshold", "article", "paragraph", "item"}


@pytest.mark.corpus
def test_the_benchmarks_themselves_are_sound(laws: LawBook) -> None:
    sound = zip(BENCHMARKS, found(BENCHMARKS, laws), strict=True)
    assert {r.id: codes for r, codes in sound if codes} == {}


@pytest.mark.corpus
def test_every_single_figure_corruption_is_found(laws: LawBook) -> None:
    corrupted = chosen()
    codes = found([c.record() for c in corrupted], laws)
    assert [str(c) for c, said in zip(corrupted, codes, strict=True) if not said] == []
