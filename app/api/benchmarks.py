"""Benchmarks as data: the list, and one with what it asks, its answer and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.api.links import link, record_url
from app.api.records import dated, related
from kb.conditions import words
from kb.discretion import Period, assess
from kb.discretion.limitation import LONGER, longer_when
from kb.errors import BadValue, NotLoaded
from kb.records import SLUGS, Benchmark, Fact, Record
from kb.snapshot import Snapshot

ORDER = {domain: n for n, domain in enumerate(SLUGS)}


def benchmark_list(base: Snapshot, domain: str, on: date) -> dict[str, Any]:
    """The violations with a benchmark that holds on a day, by domain; ``domain`` empty: all."""
    rows: dict[str, Benchmark] = {}
    for row in base.benchmarks(on):
        if not domain or row.domain == domain:
            rows[row.id] = row
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows.values(), key=lambda r: (ORDER.get(r.domain, len(ORDER)), r.violation)):
        groups.setdefault(row.domain, []).append(
            {
                "id": row.id,
                "violation": row.violation,
                "penalty_basis": list(row.penalty_basis),
                "example": row.source.example,
                "url": record_url("benchmark", row.id),
            }
        )
    return {
        "on": str(on),
        "domain": domain,
        "total": len(rows),
        "domains": [{"domain": name, "benchmarks": found} for name, found in groups.items()],
    }


def benchmark(base: Snapshot, id: str, on: date) -> dict[str, Any]:
    """One violation as its benchmark of a day tells it, with the questions its facts need.

    Raises:
        NotFound: unknown id; the hint names the nearest.
    """
    versions = [v for v in base.versions("benchmark", id) if isinstance(v, Benchmark)]
    row = next((v for v in reversed(versions) if v.covers(on)), versions[-1])

    def cites(texts: list[str]) -> list[dict[str, Any]]:
        return [link(text, base.laws, on) for text in texts]

    return {
        "id": id,
        "violation": row.violation,
        "domain": row.domain,
        "on": str(on),
        "in_force": row.covers(on),
        "versions": [_sided(base, v) for v in versions],
        "violated": cites(row.violated),
        "penalty_basis": cites(row.penalty_basis),
        "questions": [question(name, fact) for name, fact in _facts(versions).items()],
        **_asked(base, row, on),
        "related": related(base, row, on),
        "record": row.model_dump(mode="json", by_alias=True),
    }


def question(name: str, fact: Fact) -> dict[str, Any]:
    """One fact as it is asked."""
    return {
        "name": name,
        "label": fact.label,
        "type": fact.type,
        "unit": {"money": "元", "percent": "%"}.get(fact.type, fact.unit),
        "ask": fact.ask or fact.label,
        "help": fact.help,
        "options": list(fact.options),
    }


def answer(
    base: Snapshot,
    id: str,
    facts: Mapping[str, str],
    act: Period | None,
    found_on: date | None,
    decided_on: date | None,
    on: date,
) -> dict[str, Any]:
    """The ``range`` JSON of docs/commands.md.

    Raises:
        BadValue: an unknown fact or one of the wrong type.
        NotFound, NotLoaded: as `kb.discretion.assess`.
    """
    given = {name: value for name, value in facts.items() if value.strip()}
    return assess(base, id, given, act, found_on, decided_on, on=on).to_dict()


def period(first: date | None, last: date | None) -> Period | None:
    """When the act ran; a missing end is the day of the other.

    Raises:
        BadValue: the end lies before the start.
    """
    start, end = first or last, last or first
    if start is None or end is None:
        return None
    if end < start:
        raise BadValue("违法行为的结束日期早于开始日期", where="违法行为发生", hint="先写开始的日期")
    return Period(start, end)


def _facts(versions: list[Benchmark]) -> dict[str, Fact]:
    """The facts of every version, the newest version's first: old and new law may ask for different ones."""
    out: dict[str, Fact] = {}
    for version in reversed(versions):
        for name, fact in version.facts.items():
            out.setdefault(name, fact)
    return out


def _asked(base: Snapshot, benchmark: Benchmark, on: date) -> dict[str, Any]:
    """What else may be answered: what rules the violation out, and the conditions of the leniency entries.

    Each condition stands once, with the entries that ask for it; ``general`` ones belong to no list.
    """
    try:
        found = assess(base, benchmark.id, {}, on=on)
    except NotLoaded:
        return {"ruled_out": [], "ticks": [], "exclusions": [], "longer": None}
    ticks: dict[str, dict[str, Any]] = {}
    exclusions: dict[str, None] = {}
    for entry in found.leniency:
        for tick in entry.ticks:
            new: dict[str, Any] = {"name": tick.name, "label": tick.label, "ask": tick.ask}
            row = ticks.setdefault(tick.name, new | {"entries": [], "general": True})
            row["entries"].append(entry.record.id)
            row["general"] = row["general"] and entry.general
        exclusions |= dict.fromkeys(e.name for e in entry.exclusions if e.name)
    when = longer_when(base, benchmark.domain, on)
    return {
        "ruled_out": [{"name": n.name, "then": n.then} for n in found.not_when if n.name],
        "ticks": list(ticks.values()),
        "exclusions": list(exclusions),
        "longer": {"name": LONGER, "label": when} if when else None,
    }


def _sided(base: Snapshot, row: Record) -> dict[str, Any]:
    assert isinstance(row, Benchmark)
    day = row.from_ or row.to
    return {
        **dated(row),
        "violated": [link(t, base.laws, day) for t in row.violated],
        "penalty_basis": [link(t, base.laws, day) for t in row.penalty_basis],
        "statutory": [
            {"when": words(b.when), "label": b.label, "fine": b.fine, "subject": b.subject}
            for b in row.statutory
        ],
    }
