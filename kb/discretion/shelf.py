"""What one snapshot has made ready so far: benchmarks, lists and settings of a day, each read once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from kb.discretion.compiled import Compiled, compile_benchmark
from kb.discretion.effects import RULE, TierRule, read_rule
from kb.discretion.provisions import Provisions
from kb.errors import NotLoaded
from kb.leniency import BoundEntry, entries_for, tick_names
from kb.records import SLUGS, Benchmark, Fact, Setting
from kb.snapshot import Snapshot


@dataclass
class Ready:
    """All dated records of one benchmark id, compiled, with what depends only on the day remembered."""

    versions: tuple[Compiled, ...]
    facts: dict[str, Fact]
    entries: dict[date, tuple[list[BoundEntry], frozenset[str]]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    """The yes-or-no facts that `not_when` asks for, under their own words."""


@dataclass
class Shelf:
    """What one snapshot has compiled so far."""

    provisions: Provisions
    benchmarks: dict[str, Ready] = field(default_factory=dict)
    settings: dict[tuple[str, date], Setting | None] = field(default_factory=dict)
    rules: dict[tuple[str, date], TierRule | None] = field(default_factory=dict)


_SHELVES: WeakKeyDictionary[Snapshot, Shelf] = WeakKeyDictionary()


def shelf_of(base: Snapshot) -> Shelf:
    """The compiled benchmarks of a snapshot; a snapshot never changes, so they never go stale."""
    shelf = _SHELVES.get(base)
    if shelf is None:
        shelf = _SHELVES[base] = Shelf(Provisions(base.laws))
    return shelf


def ready(base: Snapshot, benchmark_id: str) -> Ready:
    """The compiled versions of one benchmark.

    Raises:
        NotFound: no such id; BadRecord: a phrase or condition in it can't be read.
    """
    shelf = shelf_of(base)
    found = shelf.benchmarks.get(benchmark_id)
    if found is None:
        records = [r for r in base.versions("benchmark", benchmark_id) if isinstance(r, Benchmark)]
        facts: dict[str, Fact] = {}
        for record in records:
            facts.update(record.facts)
        versions = tuple(compile_benchmark(r) for r in records)
        asked = frozenset(r.record.if_ for v in versions for r in v.routes if r.test is None)
        found = shelf.benchmarks[benchmark_id] = Ready(versions, facts, asked=asked)
    return found


def setting(id: str, base: Snapshot, day: date) -> Setting | None:
    """A setting of a day, None where none is loaded; looked up once."""
    settings = shelf_of(base).settings
    if (id, day) not in settings:
        settings[id, day] = None
        with suppress(NotLoaded):
            settings[id, day] = base.setting(id, day)
    return settings[id, day]


def place_on(base: Snapshot, day: date) -> str:
    """Where the agency is (setting ``organ/place``), "" where that isn't set."""
    found = setting("organ/place", base, day)
    return str(found.value) if found else ""


def rule_on(base: Snapshot, domain: str, day: date) -> TierRule | None:
    """The general tier rule of a domain on a day, else the one for all; None where none is loaded.

    Raises:
        BadRecord: the setting can't be read.
    """
    rules = shelf_of(base).rules
    if (domain, day) not in rules:
        own = setting(f"{RULE}-{SLUGS[domain]}", base, day) if domain in SLUGS else None
        found = own or setting("discretion/tiers", base, day)
        rules[domain, day] = read_rule(found) if found else None
    return rules[domain, day]


def lists_on(base: Snapshot, known: Ready, day: date) -> tuple[list[BoundEntry], frozenset[str]]:
    """The leniency entries of a day and the names of their ticks."""
    found = known.entries.get(day)
    if found is None:
        entries = entries_for(base, known.versions[-1].record, day, place_on(base, day))
        found = known.entries[day] = (entries, tick_names(entries))
    return found
