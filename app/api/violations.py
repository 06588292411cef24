"""A violation that was weighed: how earlier cases of it ended, and a new case made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.api import cases
from app.base import Base
from kb.discretion import Period
from kb.facts import Unknowable, read_fact, read_facts
from kb.records import Benchmark, Fact
from kb.snapshot import Snapshot


def facts_of(base: Snapshot, benchmark: str) -> dict[str, Fact]:
    """The facts any version of a benchmark asks for; none for an unknown id."""
    rows = [r for r in base.records("benchmark") if r.id == benchmark and isinstance(r, Benchmark)]
    return {name: fact for row in rows for name, fact in row.facts.items()}


def fact_of(name: str, fact: Fact, text: str) -> Any:
    """One fact as CASE.yaml would hold it; “无法计算” and “未知” stay as they are typed.

    Raises:
        BadValue: not a value of the fact's type.
    """
    value = read_fact(name, fact, text)
    return text.strip() if value is None or isinstance(value, Unknowable) else value


def earlier_cases(base: Base, benchmark: str) -> list[dict[str, Any]]:
    """How the organ decided earlier cases of a violation, the newest first; nobody is named.

    Raises:
        NotFound: no such benchmark; the hint names the nearest.
    """
    from casework.earlier import earlier

    snapshot = base.snapshot()
    snapshot.versions("benchmark", benchmark)
    return [e.to_dict() for e in earlier(base.store, benchmark, facts_of(snapshot, benchmark))]


def begin(
    base: Base,
    benchmark: str,
    facts: Mapping[str, str],
    act: Period | None,
    found_on: date | None,
    *,
    id: str = "",
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """A new case of a violation with the facts that were weighed; ticks of the lists need words of their own.

    Raises:
        NotFound: no such benchmark.
        BadValue: a fact the benchmark does not ask, or of the wrong type; the id can't be one.
        Conflict: there is a case of this id.
    """
    snapshot = base.snapshot()
    snapshot.versions("benchmark", benchmark)
    known = facts_of(snapshot, benchmark)
    read_facts(facts, known, frozenset())
    given = {name: fact_of(name, known[name], text) for name, text in facts.items() if text.strip()}
    violation: dict[str, Any] = {"benchmark": benchmark} | ({"facts": given} if given else {})
    if act:
        violation["act"] = {"start": act.start, "end": act.end}
    if found_on:
        violation["found_on"] = found_on
    body: dict[str, Any] = {"violations": [violation]} | ({"id": id} if id else {})
    return cases.create(base, body, by=by, at=at)
