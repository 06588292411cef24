"""A frozen view of the base at one revision: what every reading function takes as its argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from kb.errors import NotFound, NotLoaded
from kb.laws import Article, LawBook, LawVersion, Repeal
from kb.records import KIND_NAMES, Benchmark, CaseStudy, Leniency, Phrase, Record, Setting, Synonym

RecordLoader = Callable[[str], Sequence[Record]]


class Snapshot:
    """The base as it stands at `revision`; records of a kind load when first asked for.

    Args:
        revision: number of the newest approved revision it sees.
        laws: titles and versions, with articles behind a loader.
        load: gives all approved records of one kind, every dated version of them.
    """

    def __init__(self, revision: int, laws: LawBook, load: RecordLoader) -> None:
        self.revision = revision
        self.laws = laws
        self._load = load
        self._records: dict[str, tuple[Record, ...]] = {}

    @classmethod
    def of(
        cls,
        records: Iterable[Record] = (),
        laws: Iterable[tuple[LawVersion, Sequence[Article]]] = (),
        repeals: Sequence[Repeal] = (),
        revision: int = 1,
    ) -> Snapshot:
        """A snapshot from values in memory: for tests and one-off checks, no store behind it."""
        from dataclasses import replace

        rows = list(records)
        numbered = [(replace(v, key=i), list(arts)) for i, (v, arts) in enumerate(laws, 1)]
        tables: Mapping[int, dict[str, Article]] = {v.key: {a.key: a for a in arts} for v, arts in numbered}
        book = LawBook([v for v, _ in numbered], repeals, lambda v: tables[v.key])
        return cls(revision, book, lambda kind: [r for r in rows if r.kind == kind])

    def records(self, kind: str, on: date | None = None) -> tuple[Record, ...]:
        """All records of a kind; with ``on``, only those that hold on that day."""
        if kind not in self._records:
            self._records[kind] = tuple(self._load(kind))
        rows = self._records[kind]
        return rows if on is None else tuple(r for r in rows if r.covers(on))

    def versions(self, kind: str, id: str) -> tuple[Record, ...]:
        """Every dated version of one record, oldest first; several instruments may stand under one id.

        Raises:
            NotFound: no record of this kind has the id; the hint names the nearest ids.
        """
        rows = [r for r in self.records(kind) if r.id == id]
        if not rows:
            raise NotFound(f"没有编号为“{id}”的{KIND_NAMES.get(kind, kind)}", hint=self._nearest(kind, id))
        return tuple(sorted(rows, key=lambda r: r.from_ or date.min))

    def _nearest(self, kind: str, id: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(id, {r.id for r in self.records(kind)}, n=3, cutoff=0.4)
        return "相近的有 " + "、".join(near) if near else "用 cailiang search 查找编号"

    def record(self, kind: str, id: str, on: date) -> Record:
        """The version of one record that holds on a day.

        Raises:
            NotFound: unknown id.
            NotLoaded: the id is known, but no version of it covers the day.
        """
        rows = self.versions(kind, id)
        for row in reversed(rows):
            if row.covers(on):
                return row
        raise NotLoaded(f"“{id}”没有在{on}有效的版本", hint="换一个日期，或者先录入该日有效的版本")

    def setting(self, id: str, on: date) -> Setting:
        """A dated, sourced value.

        Raises:
            NotLoaded: nothing is loaded for that id and day; nothing may be computed from a guess.
        """
        for row in reversed(self.records("setting", on)):
            if row.id == id and isinstance(row, Setting):
                return row
        raise NotLoaded(
            f"未载入依据，不能计算：缺少设置“{id}”（{on}）", hint=f"在 settings 中补充 {id} 并注明来源"
        )

    def benchmarks(self, on: date | None = None) -> tuple[Benchmark, ...]:
        return tuple(r for r in self.records("benchmark", on) if isinstance(r, Benchmark))

    def leniencies(self, on: date | None = None) -> tuple[Leniency, ...]:
        return tuple(r for r in self.records("leniency", on) if isinstance(r, Leniency))

    def phrases(self, on: date | None = None) -> tuple[Phrase, ...]:
        return tuple(r for r in self.records("phrase", on) if isinstance(r, Phrase))

    def case_studies(self, on: date | None = None) -> tuple[CaseStudy, ...]:
        return tuple(r for r in self.records("case_study", on) if isinstance(r, CaseStudy))

    def synonyms(self) -> tuple[Synonym, ...]:
        return tuple(r for r in self.records("synonym") if isinstance(r, Synonym))
