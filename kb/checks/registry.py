"""The register of consistency rules: each a function in a file of this package, registered by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from kb.checks.fields import citations_of
from kb.findings import Severity
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """A fault in a record. ``place`` is the field, as an editor would name it (``statutory 第2条``)."""

    code: str
    severity: Severity
    id: str
    place: str
    message: str
    suggestion: str = ""

    def to_dict(self) -> dict[str, str]:
        return {
            "code": self.code,
            "severity": self.severity,
            "id": self.id,
            "place": self.place,
            "message": self.message,
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules found. ``notes`` say what could not be checked, and why."""

    findings: tuple[RecordFinding, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The ``kb check`` JSON."""
        return {"findings": [f.to_dict() for f in self.findings], "notes": list(self.notes)}


class Notes:
    """Counts what a rule could not check, so that many records give one line."""

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}

    def add(self, why: str, record_id: str) -> None:
        self._ids.setdefault(why, set()).add(record_id)

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{why}（{len(ids)}条记录）" for why, ids in sorted(self._ids.items()))


Rule = Callable[[Snapshot, Record, Notes], Iterator[RecordFinding]]
CHECKS: dict[str, Rule] = {}


def check(name: str) -> Callable[[Rule], Rule]:
    """Register a rule under a name."""

    def register(rule: Rule) -> Rule:
        CHECKS[name] = rule
        return rule

    return register


def run_rules(base: Snapshot, records: Iterable[Record]) -> Report:
    """Run every rule over the records; the findings in their order, and in that of the register.

    The records of one law are read one after another: what is worked out of its text serves them all.
    """
    notes, listed = Notes(), list(records)
    found: list[list[RecordFinding]] = [[] for _ in listed]
    for n in sorted(range(len(listed)), key=lambda n: _law_of(listed[n])):
        found[n] = [finding for rule in CHECKS.values() for finding in rule(base, listed[n], notes)]
    return Report(tuple(dict.fromkeys(chain.from_iterable(found))), notes.lines())


def _law_of(record: Record) -> str:
    """What a record's first citation names; of a benchmark the law of its penalty."""
    texts = record.penalty_basis if isinstance(record, Benchmark) else [t for _, t in citations_of(record)]
    return texts[0].partition("》")[0] if texts else ""
