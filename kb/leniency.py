"""The three lists: which entries fit a case, and which tick is still missing.

An entry says on which limb of 《中华人民共和国行政处罚法》 it rests. 33(1)后段 leaves a choice (可以), and so
does 第三十一条 for a lighter penalty; the other limbs leave none (应当).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.conditions import Test, bind
from kb.errors import CailiangError
from kb.facts import Value
from kb.records import Benchmark, Fact, Leniency
from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class TickState:
    """One condition of an entry: met, not met, or (None) not known yet."""

    name: str
    label: str
    state: bool | None
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """How one list entry stands on the facts. ``compulsory``: 应当; else 可以."""

    record: Leniency
    ticks: tuple[TickState, ...]

    @property
    def met(self) -> bool:
        return all(t.state is True for t in self.ticks)

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of the ticks that are not met, or not known."""
        return tuple(t.label for t in self.ticks if t.state is not True)

    @property
    def compulsory(self) -> bool:
        lighter = self.record.which_list != "不予"
        return not (self.record.limb == "33(1)后段" or (self.record.limb == "31" and lighter))

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
            "ticks": [{"name": t.name, "label": t.label, "state": t.state, "ask": t.ask} for t in self.ticks],
            "first_within_months": record.first_within_months,
            "exclusions": list(record.exclusions),
            "accompany": record.accompany,
            "education": record.education,
            "example": record.source.example,
        }


@dataclass(frozen=True, slots=True)
class BoundEntry:
    """An entry, its ceilings bound to a benchmark's facts (None: no ceiling, or not a fact of this one)."""

    record: Leniency
    ceilings: tuple[Test | None, ...]
    names: frozenset[str]
    untouched: Entry

    @classmethod
    def of(cls, record: Leniency, facts: Mapping[str, Fact]) -> BoundEntry:
        """Bind an entry to the facts of a benchmark."""
        ticks = record.conditions
        untouched = Entry(record, tuple(TickState(t.name, t.label, None, t.ask) for t in ticks))
        ceilings = tuple(_ceiling(t.ceiling, facts) for t in ticks)
        return cls(record, ceilings, frozenset(t.name for t in ticks), untouched)

    def judge(self, values: Mapping[str, Value]) -> Entry:
        """Each tick on its own: what the officer ticked, and no more than the ceiling allows."""
        if self.names.isdisjoint(values) and not any(self.ceilings):
            return self.untouched
        states = []
        for tick, ceiling in zip(self.record.conditions, self.ceilings, strict=True):
            ticked = values.get(tick.name)
            state = ticked if isinstance(ticked, bool) else None
            if ceiling is not None and state is not False:
                below = ceiling.judge(values).answer
                state = False if below is False else state if below else None
            states.append(TickState(tick.name, tick.label, state, tick.ask))
        return Entry(self.record, tuple(states))


def entries_for(base: Snapshot, benchmark: Benchmark, on: date) -> list[BoundEntry]:
    """The entries in force on a day that name the benchmark, or name none and are of its domain or of all."""
    out = []
    for record in base.leniencies(on):
        general = not record.benchmarks and record.domain in ("通用", benchmark.domain)
        if general or benchmark.id in record.benchmarks:
            out.append(BoundEntry.of(record, benchmark.facts))
    return out


def _ceiling(text: str, facts: Mapping[str, Fact]) -> Test | None:
    if not text:
        return None
    try:
        return bind(text, facts)
    except CailiangError:
        return None  # a ceiling over something this benchmark doesn't ask: the officer's tick decides


def tick_names(entries: Iterable[BoundEntry]) -> frozenset[str]:
    """The names of all ticks, which are facts one may give."""
    return frozenset(name for entry in entries for name in entry.names)


def evaluate(base: Snapshot, benchmark: Benchmark, values: Mapping[str, Value], on: date) -> list[Entry]:
    """Judge every entry that may concern a benchmark.

    Args:
        base: the snapshot.
        benchmark: the violation's record.
        values: typed facts (`kb.facts.read_facts`); a tick is a yes-or-no fact under its own name.
        on: the day whose lists apply (the decision's).
    """
    return [entry.judge(values) for entry in entries_for(base, benchmark, on)]
