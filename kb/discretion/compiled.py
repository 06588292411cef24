"""Benchmarks made ready to assess: phrases read, conditions bound, provisions judged, once per snapshot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from kb.conditions import ALWAYS, Test, bind, quantity_fact
from kb.discretion.provisions import Provisions
from kb.errors import BadRecord, CailiangError
from kb.leniency import BoundEntry, entries_for, tick_names
from kb.money import Fine, parse_fine
from kb.records import Benchmark, Branch, Fact, Measure, Setting, Tier
from kb.snapshot import Snapshot

_VERB = re.compile(r"^(?:并且?)?(?:可以?)?(?:单处或者)?并?处(?![置理分])以?(?:罚款)?|的?罚款$")


@dataclass(frozen=True, slots=True)
class BoundMeasure:
    measure: Measure
    test: Test


@dataclass(frozen=True, slots=True)
class Rung:
    """One branch or one printed tier, bound: its test, its fine, and the facts the fine is computed from.

    ``amount`` is the amount alone in the words of the record, "" where it names none.
    ``base_fact``/``count_fact`` are "" where the fine needs none, or where the record has no such fact
    (`Fine.needs_base` and `Fine.per` tell which).
    """

    label: str
    test: Test
    fine: Fine | None
    fine_text: str
    amount: str = ""
    base_fact: str = ""
    count_fact: str = ""
    subject: str = ""
    basis: tuple[str, ...] = ()
    measures: tuple[BoundMeasure, ...] = ()
    kind: str = ""

    @property
    def name(self) -> str:
        return self.label or self.test.text or "无附加条件"


@dataclass(frozen=True, slots=True)
class Compiled:
    """One dated record, ready: ``ladders`` are its branches by subject, in the order written."""

    record: Benchmark
    ladders: tuple[tuple[str, tuple[Rung, ...]], ...]
    tiers: tuple[Rung, ...]
    measures: tuple[BoundMeasure, ...]

    @property
    def has_fine(self) -> bool:
        """Whether any branch or tier sets a fine."""
        rungs = (*self.tiers, *(r for _, ladder in self.ladders for r in ladder))
        return any(r.fine is not None for r in rungs)

    @property
    def has_local_amount(self) -> bool:
        return any(t.fine is not None and t.fine.has_amount for t in self.tiers)


@dataclass
class Ready:
    """All dated records of one benchmark id, compiled, with what depends only on the day remembered."""

    versions: tuple[Compiled, ...]
    facts: dict[str, Fact]
    entries: dict[date, tuple[list[BoundEntry], frozenset[str]]] = field(default_factory=dict)


@dataclass
class Shelf:
    """What one snapshot has compiled so far."""

    provisions: Provisions
    benchmarks: dict[str, Ready] = field(default_factory=dict)
    limits: dict[tuple[str, date], Setting | None] = field(default_factory=dict)


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
        found = shelf.benchmarks[benchmark_id] = Ready(tuple(compile_benchmark(r) for r in records), facts)
    return found


def lists_on(base: Snapshot, known: Ready, day: date) -> tuple[list[BoundEntry], frozenset[str]]:
    """The leniency entries of a day and the names of their ticks."""
    found = known.entries.get(day)
    if found is None:
        entries = entries_for(base, known.versions[-1].record, day)
        found = known.entries[day] = (entries, tick_names(entries))
    return found


def compile_benchmark(record: Benchmark) -> Compiled:
    """Bind a record.

    Raises:
        BadRecord: names the record, the field, and the phrase that can't be read.
    """
    ladders: dict[str, list[Rung]] = {}
    for n, branch in enumerate(record.statutory, 1):
        ladders.setdefault(branch.subject, []).append(_rung(record, branch, f"statutory 第{n}条"))
    tiers = tuple(_rung(record, tier, f"tiers 第{n}条") for n, tier in enumerate(record.tiers, 1))
    measures = _measures(record, record.measures, "measures")
    return Compiled(record, tuple((s, tuple(r)) for s, r in ladders.items()), tiers, measures)


def _rung(record: Benchmark, source: Branch | Tier, place: str) -> Rung:
    try:
        test = bind(source.when, record.facts)
        fine = parse_fine(source.fine) if source.fine else None
    except CailiangError as error:
        raise _bad(record, place, error) from None
    return Rung(
        label=source.label,
        test=test,
        fine=fine,
        fine_text=source.fine or "",
        amount=_VERB.sub("", source.fine) if source.fine and fine and fine.has_amount else "",
        base_fact=_base_fact(record, fine, test) if fine and fine.needs_base else "",
        count_fact=quantity_fact("", fine.per, record.facts) if fine and fine.per else "",
        subject=source.subject if isinstance(source, Branch) else "",
        basis=tuple(source.basis) if isinstance(source, Branch) else (),
        measures=_measures(record, source.measures, place),
        kind=source.kind or "" if isinstance(source, Tier) else "",
    )


def _base_fact(record: Benchmark, fine: Fine, test: Test) -> str:
    """The money a multiple is of: the base named, else what the condition speaks of, else the only money."""
    if fine.base:
        return quantity_fact(fine.base, "元", record.facts)
    spoken = {a.fact for a in test.atoms() if record.facts[a.fact].type == "money"}
    return spoken.pop() if len(spoken) == 1 else quantity_fact("", "元", record.facts)


def _measures(record: Benchmark, measures: list[Measure], place: str) -> tuple[BoundMeasure, ...]:
    out = []
    for measure in measures:
        try:
            out.append(BoundMeasure(measure, bind(measure.when, record.facts) if measure.when else ALWAYS))
        except CailiangError as error:
            raise _bad(record, f"{place} 的措施“{measure.kind}”", error) from None
    return tuple(out)


def _bad(record: Benchmark, place: str, error: CailiangError) -> BadRecord:
    return BadRecord(error.message, where=f"{record.id} {place}", hint=error.hint)
