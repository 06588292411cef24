"""What an assessment is made of: ranges, outcomes, steps and warnings, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from kb.errors import BadValue
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
class ComputedTier:
    """A tier worked out by a loaded general rule, where no published benchmark prints one.

    ``low_in`` is false where the lower end belongs to the lighter tier beside it.
    """

    kind: str
    fine: Range
    low_in: bool
    instrument: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            **self.fine.to_dict(),
            "min_included": self.low_in,
            "instrument": self.instrument,
        }

    def __str__(self) -> str:
        fine = self.fine
        if self.low_in or fine.high is None or fine.low == fine.high:
            return str(fine)
        return f"超过{plain(fine.low)}元、{plain(fine.high)}元以下"


Role = Literal["", "适用", "不适用", "待定", "法定幅度"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One range that the law of one day gives.

    Attributes:
        as_of: the day whose law this is.
        instrument: what the record rests on (法律条文, or the published benchmark); ``number`` is its 文号.
        basis: the penalty provisions, each in full.
        branch: which line of the statute applies; "" where it has no conditions.
        subject: whom it is for where the statute names several (单位, 直接负责的主管人员); "" otherwise.
        tier: the printed 裁量阶次 that matched, or the sum of weights, or None; ``row`` is its number there.
        fine: None where no fine may be set, or none can be computed (a warning says which).
        fine_text: the amount in the words of the law.
        statutory: the range of the statute where a tier narrowed it; ``statutory_text`` in its words.
        needs: facts not known yet that must be true for it; empty where it applies as things stand.
        when: those facts in the words of the law.
        facts: the facts it turns on, as a sentence has them (货值金额为3000元); ``condition`` and
            ``tier_facts`` are the conditions of the branch and of the tier that they meet.
        working: how a sum was arrived at (weights, increments); "" where nothing was added up.
        role: among several instruments or provisions: 适用, 不适用, 待定 (the officer has to say), 法定幅度
            (the statute's own range beside a benchmark); "" where it stands alone. ``why`` says why.
        computed: tiers by a general rule, where a setting with its instrument is loaded.
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
    number: str = ""
    row: str = ""
    statutory_text: str = ""
    facts: tuple[str, ...] = ()
    condition: str = ""
    tier_facts: str = ""
    working: str = ""
    role: Role = ""
    why: str = ""
    computed: tuple[ComputedTier, ...] = ()
    violated: tuple[str, ...] = ()
    alternatives: bool = False

    @property
    def legal(self) -> Range | None:
        """The range of the statute itself."""
        return self.statutory or self.fine

    def to_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "instrument": self.instrument,
            "number": self.number,
            "row": self.row,
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
            "facts": list(self.facts),
            "working": self.working,
            "role": self.role,
            "why": self.why,
            "computed": [c.to_dict() for c in self.computed],
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
class Elsewhere:
    """What looks like the violation but is governed elsewhere (``also``: besides it).

    ``state`` None: not answered yet. ``name`` is the fact to give, "" where it follows from others.
    """

    name: str
    condition: str
    then: str
    basis: str
    see: str
    also: bool
    state: bool | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "if": self.condition,
            "then": self.then,
            "basis": self.basis,
            "see": self.see,
            "also": self.also,
            "state": self.state,
        }
