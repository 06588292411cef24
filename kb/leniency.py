"""The three lists: which entries fit a case, and which tick is still missing.

An entry says on which limb of 《中华人民共和国行政处罚法》 it rests, or that a law of the field provides for
it itself (另有规定). 33(1)后段 leaves a choice (可以), and so does 第三十一条 for a lighter penalty; the
other limbs leave none (应当), unless the entry's own provision says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kb.conditions import Test, bind
from kb.errors import CailiangError
from kb.facts import Value
from kb.periods import months_after
from kb.records import Benchmark, Fact, Leniency, Tick
from kb.snapshot import Snapshot

OUTSIDE_LISTS = "《中华人民共和国行政处罚法》第三十三条第一款、第二款"
"""An exemption needs no list: the law's own conditions are enough."""
EDUCATION = "《中华人民共和国行政处罚法》第三十三条第三款"
"""The duty to educate whoever is not punished."""


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """One earlier decision on the same party; ``result`` is 处罚 or 不予, and neither is a first time."""

    number: str
    decided_on: date
    benchmark: str
    result: str = "处罚"


@dataclass(frozen=True, slots=True)
class History:
    """What the agency's own ledger says of one party: the search behind 初次.

    Attributes:
        decisions: the party's earlier decisions, in any order.
        searched: what was searched, as a letter would say it (本机关处罚台账).
        since: the first day that the ledger covers; None where it isn't known.
        not_searched: what was not, for the officer to look up elsewhere.
    """

    decisions: Sequence[EarlierDecision]
    searched: str = "本机关台账"
    since: date | None = None
    not_searched: str = "其他机关的处罚记录、信用平台"


@dataclass(frozen=True, slots=True)
class TickState:
    """One condition of an entry: met, not met, or (None) not known yet; ``note`` says what was looked up."""

    name: str
    label: str
    state: bool | None
    ask: str = ""
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "state": self.state,
            "ask": self.ask,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """How one list entry stands on the facts. ``compulsory``: 应当; else 可以.

    ``exclusions``: each with its state; one that is true takes the entry away.
    """

    record: Leniency
    ticks: tuple[TickState, ...]
    exclusions: tuple[TickState, ...] = ()

    @property
    def met(self) -> bool:
        return all(t.state is True for t in self.ticks) and not self.excluded

    @property
    def excluded(self) -> tuple[str, ...]:
        """The exclusions that hold."""
        return tuple(e.label for e in self.exclusions if e.state is True)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The exclusions that nobody has answered yet."""
        return tuple(e.label for e in self.exclusions if e.state is None)

    @property
    def touched(self) -> bool:
        """Whether any of it is answered."""
        return any(t.state is not None or t.note for t in (*self.ticks, *self.exclusions))

    @property
    def general(self) -> bool:
        """Whether it is the law's own condition for every violation, not an item of a list."""
        return not (self.record.benchmarks or self.record.violated) and self.record.domain == "通用"

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of the ticks that are not met, or not known."""
        return tuple(t.label for t in self.ticks if t.state is not True)

    @property
    def compulsory(self) -> bool:
        return self.record.must

    def to_dict(self) -> dict[str, Any]:
        record = self.record
        return {
            "id": record.id,
            "title": record.title,
            "limb": record.limb,
            "met": self.met,
            "missing": list(self.missing),
            "list": record.which_list,
            "compulsory": self.compulsory,
            "basis": list(record.basis),
            "ticks": [t.to_dict() for t in self.ticks],
            "first_within_months": record.first_within_months,
            "exclusions": [t.label for t in self.exclusions],
            "excluded": list(self.excluded),
            "unchecked": list(self.unchecked),
            "general": self.general,
            "accompany": record.accompany,
            "education": record.education,
            "example": record.source.example,
        }


@dataclass(frozen=True, slots=True)
class Bar:
    """One exclusion: a condition on the benchmark's facts, or (no test) a fact under its own words."""

    label: str
    test: Test | None

    def state(self, answer: bool | None) -> TickState:
        """How it stands; its name is "" where it follows from the benchmark's facts."""
        return TickState("" if self.test else self.label, self.label, answer)


@dataclass(frozen=True, slots=True)
class BoundEntry:
    """An entry bound to a benchmark's facts; a ceiling is None where a tick has none, or none that binds."""

    record: Leniency
    benchmark: str
    ceilings: tuple[Test | None, ...]
    bars: tuple[Bar, ...]
    turns_on: frozenset[str]
    untouched: Entry

    @classmethod
    def of(cls, record: Leniency, benchmark: str, facts: Mapping[str, Fact]) -> BoundEntry:
        """Bind an entry to the facts of a benchmark."""
        ceilings = tuple(_bound(t.ceiling, facts) for t in record.conditions)
        bars = tuple(Bar(text, _bound(text, facts)) for text in record.exclusions)
        tests = [t for t in (*ceilings, *(b.test for b in bars)) if t]
        names = {t.name for t in record.conditions} | {b.label for b in bars if not b.test}
        turns_on = frozenset(names | {a.fact for t in tests for a in t.atoms()})
        untouched = Entry(
            record,
            tuple(TickState(t.name, t.label, None, t.ask) for t in record.conditions),
            tuple(b.state(None) for b in bars),
        )
        return cls(record, benchmark, ceilings, bars, turns_on, untouched)

    @property
    def names(self) -> frozenset[str]:
        """The yes-or-no facts that one may give for it."""
        return frozenset(t.name for t in self.record.conditions) | {b.label for b in self.bars if not b.test}

    def judge(
        self, values: Mapping[str, Value], history: History | None = None, until: date | None = None
    ) -> Entry:
        """Each tick on its own: what the officer ticked, no more than the ceiling and the ledger allow.

        Args:
            values: typed facts.
            history: the party's earlier decisions; None where nobody searched.
            until: the day from which 初次 looks back (the act's first day).
        """
        if self.turns_on.isdisjoint(values) and history is None:
            return self.untouched
        ticks = []
        for tick, ceiling in zip(self.record.conditions, self.ceilings, strict=True):
            state = self._state(tick, ceiling, values)
            if history is not None and until is not None and _is_first(tick):
                state = self._searched(state, history, until)
            ticks.append(state)
        bars = tuple(b.state(_answer(b, values)) for b in self.bars)
        return Entry(self.record, tuple(ticks), bars)

    def _state(self, tick: Tick, ceiling: Test | None, values: Mapping[str, Value]) -> TickState:
        ticked = values.get(tick.name)
        state = ticked if isinstance(ticked, bool) else None
        note = ""
        if ceiling is not None and state is not False:
            below = ceiling.judge(values).answer
            state = False if below is False else state if below else None
            note = f"不符合“{tick.ceiling}”" if below is False else ""
        elif tick.ceiling and ceiling is None:
            note = f"上限“{tick.ceiling}”请对照原文核对"
        return TickState(tick.name, tick.label, state, tick.ask, note)

    def _searched(self, tick: TickState, history: History, until: date) -> TickState:
        """初次 against the ledger: a hit takes the tick away; no hit says what was searched and what not."""
        months = self.record.first_within_months
        start = months_after(until, -months) if months else None
        same = {self.benchmark, *self.record.benchmarks}
        hits = [
            d
            for d in history.decisions
            if d.benchmark in same and d.decided_on <= until and (start is None or d.decided_on >= start)
        ]
        span = f"{start}至{until}" if start else f"{until}以前"
        if hits:
            last = max(hits, key=lambda d: d.decided_on)
            note = f"{history.searched}：{last.decided_on}已因同类行为决定{last.result}（{last.number}）"
            return replace(tick, state=False, note=note)
        note = f"{history.searched}{span}没有同类行为"
        if history.since and (start is None or history.since > start):
            note += f"（台账自{history.since}起，此前没有查）"
        return replace(tick, note=f"{note}；没有查{history.not_searched}")


def _is_first(tick: Tick) -> bool:
    return "初次" in tick.label or "首次" in tick.label


def _answer(bar: Bar, values: Mapping[str, Value]) -> bool | None:
    if bar.test:
        return bar.test.judge(values).answer
    said = values.get(bar.label)
    return said if isinstance(said, bool) else None


def entries_for(base: Snapshot, benchmark: Benchmark, on: date, place: str = "") -> list[BoundEntry]:
    """The entries in force on a day that name the benchmark, or name none and are of its domain or of all.

    Args:
        place: the agency's own place; a list of another place is left out. "" where it isn't known.
    """
    return [
        BoundEntry.of(record, benchmark.id, benchmark.facts)
        for record in base.leniencies(on)
        if _is_for(record, benchmark) and place.startswith(record.source.place if place else "")
    ]


def _is_for(record: Leniency, benchmark: Benchmark) -> bool:
    """Whether an entry is one for a violation: by id, else by the provision violated, else by the domain."""
    if record.benchmarks:
        return benchmark.id in record.benchmarks
    if record.violated:
        return any(_one_provision(a, b) for a in record.violated for b in benchmark.violated)
    return record.domain in ("通用", benchmark.domain)


def _one_provision(a: str, b: str) -> bool:
    """Whether two citations are one, or one is of a part of the other (第二十条, 第二十条第二款)."""
    short, long = sorted((a, b), key=len)
    return long.startswith(short) and long[len(short) : len(short) + 1] in ("", "第")


def _bound(text: str, facts: Mapping[str, Fact]) -> Test | None:
    if not text:
        return None
    try:
        return bind(text, facts)
    except CailiangError:
        return None  # over something this benchmark doesn't ask: the officer's own answer decides


def tick_names(entries: Iterable[BoundEntry]) -> frozenset[str]:
    """The names of all ticks and exclusions, which are facts one may give."""
    return frozenset(name for entry in entries for name in entry.names)
