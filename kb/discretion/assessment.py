"""The whole answer to one question, and its JSON (``cailiang range --json``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kb.discretion.comparison import Comparison
from kb.discretion.effects import Effect
from kb.discretion.limitation import Limitation
from kb.discretion.reasons import paragraph
from kb.discretion.result import Elsewhere, MissingFact, Outcome, Period, Step, Warning
from kb.leniency import Entry


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the law gives on these facts, with its reasons; the officer decides."""

    benchmark: str
    violation: str
    missing_facts: tuple[MissingFact, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    leniency: tuple[Entry, ...] = ()
    steps: tuple[Step, ...] = ()
    warnings: tuple[Warning, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    not_when: tuple[Elsewhere, ...] = ()
    comparison: Comparison | None = None
    limitation: Limitation | None = None
    effects: tuple[Effect, ...] = ()
    outside_lists: str = ""
    notes: tuple[str, ...] = ()
    act: Period | None = None
    found_on: date | None = None

    @property
    def reasons(self) -> str:
        """The reasons (说理) as a letter can carry them, every provision cited in full."""
        return paragraph(self)

    def to_dict(self) -> dict[str, Any]:
        """The ``range`` JSON; amounts are decimal strings in yuan."""
        return {
            "benchmark": self.benchmark,
            "violation": self.violation,
            "facts": self.facts,
            "missing_facts": [m.to_dict() for m in self.missing_facts],
            "not_when": [n.to_dict() for n in self.not_when],
            "outcomes": [o.to_dict() for o in self.outcomes],
            "comparison": self.comparison.to_dict() if self.comparison else None,
            "limitation": self.limitation.to_dict() if self.limitation else None,
            "leniency": [e.to_dict() for e in self.leniency],
            "effects": [e.to_dict() for e in self.effects],
            "outside_lists": self.outside_lists,
            "notes": list(self.notes),
            "reasons": self.reasons,
            "steps": [s.to_dict() for s in self.steps],
            "warnings": [w.to_dict() for w in self.warnings],
        }
