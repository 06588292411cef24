"""A frozen view of the base at one revision: what every reading function takes as its argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from kb.errors import NotFound, NotLoaded
from kb.laws import Article, LawBook, LawVersion, Repeal

if TYPE_CHECKING:  # pydantic loads when a record is first asked for
    from kb.records import Benchmark, CaseStudy, Leniency, Phrase, Record, Setting, Synonym

MOST_SETTINGS = 4096
"""Answers about settings that are kept: a paper asks for a dozen, each a few times."""
_UNASKED: Any = object()
RecordLoader = Callable[[str], "Sequence[tuple[int, Record]]"]
RecordFinder = Callable[[str, str], "Sequence[tuple[int, Record]]"]


class Snapshot:
    """The base as it stands at `revision`; records of a kind load when first asked for.

    Args:
        revision: number of the newest approved revision it sees.
        laws: titles and versions, with articles behind a loader.
        load: gives all approved records of one kind with their entry numbers, every dated version of them.
        find: gives those of one id, so that one question reads one record of thousands; without it all load.
    """

    def __init__(
        self, revision: int, laws: LawBook, load: RecordLoader, find: RecordFinder | None = None
    ) -> None:
        self.revision = revision
        self.laws = laws
        self._load = load
        self._find = find
        self._by_id: dict[tuple[str, str], list[Record]] = {}
        self._records: dict[str, tuple[Record, ...]] = {}
        self._entries: dict[tuple[str, str, str, date | None], int] = {}
        self._settings: dict[tuple[str, date], Setting | None] = {}

    @classmethod
    def of(
        cls,
        records: Iterable[Record] = (),
        laws: Iterable[tuple[LawVersion, Sequence[Article]]] = (),
        repeals: Sequence[Repeal] = (),
        revision: int = 1,
    ) -> Snapshot:
        """A snapshot from values in memory: for tests and one-off checks, no store behind it."""
        rows = list(enumerate(records, 1))
        numbered = [(replace(v, key=i), list(arts)) for i, (v, arts) in enumerate(laws, 1)]
        entries = count(len(rows) + 1)
        tables: Mapping[int, dict[str, Article]] = {
            v.key: {a.key: replace(a, entry=next(entries)) for a in arts} for v, arts in numbered
        }
        book = LawBook([v for v, _ in numbered], repeals, lambda v: tables[v.key])
        return cls(revision, book, lambda kind: [row for row in rows if row[1].kind == kind])

    def records(self, kind: str, on: date | None = None) -> tuple[Record, ...]:
        """All records of a kind; with ``on``, only those that hold on that day."""
        if kind not in self._records:
            loaded = self._load(kind)
            self._entries.update((r.key, entry) for entry, r in loaded)
            # a record found before stays the same object: callers compare by identity
            found = {r.key: r for (k, _), rows in self._by_id.items() if k == kind for r in rows}
            self._records[kind] = tuple(found.get(r.key, r) for _, r in loaded)
            self._by_id = {key: rows for key, rows in self._by_id.items() if key[0] != kind}
            for r in self._records[kind]:
                self._by_id.setdefault((kind, r.id), []).append(r)
        rows = self._records[kind]
        return rows if on is None else tuple(r for r in rows if r.covers(on))

    def entry_of(self, record: Record) -> int:
        """The store's entry number of a record of this snapshot: what the search index is keyed by."""
        self.records(record.kind)
        return self._entries[record.key]

    def versions(self, kind: str, id: str) -> tuple[Record, ...]:
        """Every dated version of one record, oldest first; several instruments may stand under one id.

        Raises:
            NotFound: no record of this kind has the id; the hint names the nearest ids.
        """
        rows = self._of_id(kind, id)
        if not rows:
            from kb.records import KIND_NAMES

            raise NotFound(f"没有编号为“{id}”的{KIND_NAMES.get(kind, kind)}", hint=self._nearest(kind, id))
        return tuple(sorted(rows, key=lambda r: r.from_ or date.min))

    def _of_id(self, kind: str, id: str) -> list[Record]:
        if kind in self._records or self._find is None:
            self.records(kind)
            return self._by_id.get((kind, id), [])
        if (kind, id) not in self._by_id:
            self._by_id[kind, id] = [r for _, r in self._find(kind, id)]
        return self._by_id[kind, id]

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
        """A dated, sourced value; the agency's own stands before a shipped 示例.

        Raises:
            NotLoaded: nothing is loaded for that id and day; nothing may be computed from a guess.
        """
        found: Setting | None = self._settings.get((id, on), _UNASKED)
        if found is _UNASKED:
            rows = cast("list[Setting]", [r for r in self.records("setting", on) if r.id == id])
            own_first = max(
                reversed(rows), key=lambda r: (not r.source.example, r.from_ or date.min), default=None
            )
            if len(self._settings) >= MOST_SETTINGS:
                self._settings.clear()
            found = self._settings[id, on] = own_first
        if found is not None:
            return found
        raise NotLoaded(
            f"未载入依据，不能计算：缺少设置“{id}”（{on}）", hint=f"在 settings 中补充 {id} 并注明来源"
        )

    def benchmarks(self, on: date | None = None) -> tuple[Benchmark, ...]:
        return cast("tuple[Benchmark, ...]", self.records("benchmark", on))

    def leniencies(self, on: date | None = None) -> tuple[Leniency, ...]:
        return cast("tuple[Leniency, ...]", self.records("leniency", on))

    def phrases(self, on: date | None = None) -> tuple[Phrase, ...]:
        return cast("tuple[Phrase, ...]", self.records("phrase", on))

    def case_studies(self, on: date | None = None) -> tuple[CaseStudy, ...]:
        return cast("tuple[CaseStudy, ...]", self.records("case_study", on))

    def synonyms(self) -> tuple[Synonym, ...]:
        return cast("tuple[Synonym, ...]", self.records("synonym"))
