"""What an assessment says: outcomes, steps and warnings, and their JSON (``cailiang range --json``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kb.errors import BadValue
from kb.leniency import Entry
from kb.numerals import plain


@dataclass(frozen=True, slots=True)
class Period:
    """The days over which the act was done, both included; ``end`` decides which law applies.

    Raises:
        BadValue: it ends before it starts.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadValue(
                f"违法行为的结束日{self.end}早于开始日{self.start}",
                hint="写成 开始日..结束日，如 2026-06-20..2026-07-01",
            )


@dataclass(frozen=True, slots=True)
class Range:
    """A fine in yuan, ends included. ``high`` None: the statute sets no upper end."""

    low: Decimal
    high: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        return {"min": plain(self.low), "max": None if self.high is None else plain(self.high), "unit": "元"}

    def __str__(self) -> str:
        if self.high is None:
            return f"{plain(self.low)}元以上"
        if self.low == self.high:
            return f"{plain(self.low)}元"
        return f"{plain(self.low)}元以上{plain(self.high)}元以下" if self.low else f"{plain(self.high)}元以下"

    def holds(self, other: Range) -> bool:
        """Whether another range lies within this one."""
        return other.low >= self.low and (
            self.high is None or (other.high is not None and other.high <= self.high)
        )


@dataclass(frozen=True, slots=True)
class MeasureDue:
    """A measure besides the fine. ``needs``: it comes only if these facts turn out true (``when``)."""

    kind: str
    compulsory: bool
    object: str
    amount: Decimal | None
    basis: str
    needs: tuple[str, ...] = ()
    when: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "compulsory": self.compulsory,
            "object": self.object,
            "amount": None if self.amount is None else plain(self.amount),
            "basis": self.basis,
            "conditional": bool(self.needs),
            "needs": list(self.needs),
            "when": self.when,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """One range that the law of one day gives.

    Attributes:
        as_of: the day whose law this is.
        instrument: what the record rests on (法律条文, or the published benchmark).
        basis: the penalty provisions, each in full.
        branch: which line of the statute applies; "" where it has no conditions.
        subject: whom it is for where the statute names several (单位, 直接负责的主管人员); "" otherwise.
        tier: the printed 裁量阶次 that matched, or None.
        fine: None where no fine may be set, or none can be computed (a warning says which).
        fine_text: the amount in the words of the law.
        statutory: the range of the statute where a tier narrowed it.
        needs: facts not known yet that must be true for it; empty where it applies as things stand.
        when: those facts in the words of the law.
    """

    as_of: date
    instrument: str
    basis: tuple[str, ...]
    branch: str
    tier: str | None
    fine: Range | None
    fine_optional: bool
    measures: tuple[MeasureDue, ...] = ()
    subject: str = ""
    fine_text: str = ""
    statutory: Range | None = None
    needs: tuple[str, ...] = ()
    when: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "instrument": self.instrument,
            "basis": list(self.basis),
            "branch": self.branch,
            "tier": self.tier,
            "fine": self.fine.to_dict() if self.fine else None,
            "fine_optional": self.fine_optional,
            "measures": [m.to_dict() for m in self.measures],
            "subject": self.subject,
            "fine_text": self.fine_text,
            "statutory": self.statutory.to_dict() if self.statutory else None,
            "conditional": bool(self.needs),
            "needs": list(self.needs),
            "when": self.when,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning, and the provision it rests on ("" for a fact of the case)."""

    text: str
    citation: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"text": self.text, "citation": self.citation}


@dataclass(frozen=True, slots=True)
class Warning:
    """What the officer has to look at before relying on the result."""

    code: str
    message: str

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact to ask for. ``required``: without it nothing can be said; else it may be left open."""

    name: str
    label: str
    type: str
    required: bool
    ask: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "required": self.required,
            "ask": self.ask,
            "unit": self.unit,
            "options": list(self.options),
        }


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

    def to_dict(self) -> dict[str, Any]:
        """The ``range`` JSON; amounts are decimal strings in yuan."""
        return {
            "benchmark": self.benchmark,
            "violation": self.violation,
            "facts": self.facts,
            "missing_facts": [m.to_dict() for m in self.missing_facts],
            "outcomes": [o.to_dict() for o in self.outcomes],
            "leniency": [e.to_dict() for e in self.leniency],
            "steps": [s.to_dict() for s in self.steps],
            "warnings": [w.to_dict() for w in self.warnings],
        }
