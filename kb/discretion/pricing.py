"""What a branch, a printed tier or a table of weights comes to in yuan, and what has to be asked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TypeVar

from kb.conditions import Way
from kb.discretion.compiled import BoundMeasure, BoundStep, Compiled, Rung
from kb.discretion.result import Outcome, Range, Step, Warning
from kb.discretion.weights import BoundWeights, add_up, in_yuan, percent
from kb.facts import Unknowable, Value, show_value
from kb.numerals import plain

Values = Mapping[str, Value]
_T = TypeVar("_T", Rung, BoundWeights)
_ROUNDED = {"舍去": ROUND_FLOOR, "进一": ROUND_CEILING, "四舍五入": ROUND_HALF_UP}


@dataclass
class Climb:
    """What one record gives on one day. ``missing`` keeps the order in which facts are to be asked for."""

    outcomes: list[Outcome] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    amount_open: bool = False

    def ask(self, names: Iterable[str]) -> None:
        for name in names:
            self.missing[name] = None

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(Warning(code, message))


@dataclass(frozen=True, slots=True)
class Printed:
    """What a published benchmark gives within a branch: a tier of its own words, or a sum of weights."""

    label: str
    fine: Range | None
    fine_text: str
    row: str = ""
    when: str = ""
    working: str = ""
    optional: bool = False
    kind: str = ""
    measures: tuple[BoundMeasure, ...] = ()
    used: tuple[str, ...] = ()


class Pricer:
    """Prices the rungs of one record on the facts; what is missing or doubtful goes to ``out``."""

    def __init__(self, compiled: Compiled, values: Values, out: Climb) -> None:
        self.compiled = compiled
        self.record = compiled.record
        self.values = values
        self.out = out

    # ------------------------------------------------------------ amounts

    def price(self, rung: Rung, values: Values) -> Range | str | None:
        """The fine in yuan; the name of a fact to ask for; None where no amount can be named."""
        fine = rung.fine
        if fine is None:
            return None
        if not fine.has_amount:
            self.out.amount_open = self.out.amount_open or not self.compiled.has_local_amount
            return None
        base = self._quantity(rung.base_fact, values, fine.base or "基数") if rung.needs_base else None
        count = self._quantity(rung.count_fact, values, f"{fine.per}数") if fine.per else None
        if isinstance(base, str) or isinstance(count, str):
            return next((f for f in (base, count) if isinstance(f, str) and f), None)
        if not (fine.low_in and fine.high_in):
            self.out.warn("end_excluded", f"罚款“{rung.fine_text}”有一端不含本数，列出的幅度包括它，请注意")
        return Range(*fine.in_yuan(base, count))

    def _quantity(self, name: str, values: Values, what: str) -> Decimal | str:
        """What the fine is computed from; its name where it is to be asked for, "" where nobody can say."""
        if not name:
            self.out.warn("unknown_base", f"罚款按“{what}”计算，基准里没有这个事实，不能计算")
            return ""
        value = values.get(name)
        if isinstance(value, Decimal):
            return value
        if value is None:
            return name
        label = self.record.facts[name].label
        said = value.said if isinstance(value, Unknowable) else str(value)
        self.out.warn("unknown_base", f"“{label}”{said}，不能按它的倍数或者百分比计算罚款")
        return ""

    # ------------------------------------------------------------ printed tiers

    def tier(self, rung: Rung, values: Values) -> Printed | None:
        """The printed tier of a branch: published beats computed; of several the lightest, with a warning."""
        mine = [t for t in self.compiled.tiers if self._belongs(t, rung)]
        verdicts = [(t, t.test.judge(values)) for t in mine]
        ways = {id(t): v.way for t, v in verdicts if v.answer}
        matching = most_special([t for t in mine if id(t) in ways])
        if not matching:
            for _, verdict in verdicts:
                self.out.ask(verdict.missing)
            return None
        if len(matching) > 1:
            matching.sort(key=_weight)
            names = "、".join(f"“{t.label}”" for t in matching)
            self.out.warn(
                "tier_overlap", f"裁量阶次{names}同时符合，按较轻的“{matching[0].label}”列出，请执法人员确认"
            )
        return self._printed_tier(matching[0], values, ways[id(matching[0])])

    def _belongs(self, printed: Rung | BoundWeights, rung: Rung) -> bool:
        """Whether a tier or a table is printed for this branch: for its person, and for its second ladder.

        With one ladder alone it need not repeat whom it is for.
        """
        alone = not printed.subject and len(self.compiled.ladders) == 1
        return (alone or printed.subject == rung.subject) and rung.test.flags <= printed.test.flags

    def _printed_tier(self, tier: Rung, values: Values, way: Way) -> Printed | None:
        price = self.price(tier, values)
        if isinstance(price, str):
            self.out.ask([price])
            return None
        working = ""
        if tier.steps and price:
            counted = self._increase(price, tier.steps, values)
            if counted is None:
                return None
            price, working = counted
        return Printed(
            tier.label,
            price,
            tier.fine_text,
            tier.row,
            tier.test.text,
            working,
            bool(tier.fine and tier.fine.optional),
            tier.kind,
            tier.measures,
            (*(a.fact for a in way), *filter(None, (tier.base_fact, tier.count_fact))),
        )

    def _increase(self, price: Range, steps: Sequence[BoundStep], values: Values) -> tuple[Range, str] | None:
        """The lower end plus the increments, no more than the upper end; None where a fact is missing."""
        missing = [s.step.fact for s in steps if values.get(s.step.fact) is None]
        if missing:
            self.out.ask(missing)
            return None
        total, shown = price.low, [f"{plain(price.low)}元"]
        for bound in steps:
            times = _times(bound, values[bound.step.fact])
            if times is None:
                fact = self.record.facts[bound.step.fact]
                self.out.warn("unknown_base", f"“{fact.label}”不能确定，不能计算增加的数额")
                return None
            total += times * bound.add
            name = bound.step.text or f"{self.record.facts[bound.step.fact].label}增加{plain(times)}个单位"
            shown.append(f"{plain(times)}×{plain(bound.add)}元（{name}）")
        working = "＋".join(shown) + f"＝{plain(total)}元"
        if price.high is not None and total > price.high:
            total = price.high
            working += f"，超过上限，按{plain(total)}元计算"
        return Range(total, total), working

    # ------------------------------------------------------------ weights

    def weighed(self, rung: Rung, values: Values) -> Printed | None:
        """The sum of the weights printed for a branch, times what the formula names."""
        if not self.compiled.weights:
            return None
        mine = [w for w in self.compiled.weights if self._belongs(w, rung)]
        matching = most_special([w for w in mine if w.test.judge(values).answer])
        if not matching:
            for table in mine:
                self.out.ask(table.test.judge(values).missing)
            return None
        table = matching[0]
        total = add_up(table, values)
        base = self._base(table, rung, values)
        if isinstance(total, tuple) or isinstance(base, str):
            self.out.ask(total if isinstance(total, tuple) else ())
            self.out.ask([base] if isinstance(base, str) and base else ())
            return None
        for label in total.unclear:
            self.out.warn(
                "factor_unclear",
                f"裁量因素“{label}”的情形不在表内，或者同时符合几档（按较轻的一档计算），请执法人员确认",
            )
        fine = in_yuan(table, total.share, base)
        working = f"{total.text}；{table.formula}，即{plain(fine)}元"
        name = f"{table.label}（裁量百分值{percent(total.share)}）" if table.label else ""
        return Printed(
            name or f"裁量百分值{percent(total.share)}",
            Range(fine, fine),
            table.formula,
            table.row,
            table.test.text,
            working,
        )

    def _base(self, table: BoundWeights, rung: Rung, values: Values) -> Decimal | str | None:
        """What the formula multiplies; the statute's own floor of the same base counts (不足…的，按…计算)."""
        if not table.base_fact:
            return None
        base = self._quantity(table.base_fact, values, table.formula)
        if isinstance(base, Decimal) and rung.fine and rung.base_fact == table.base_fact:
            return max([base, *(f.amount.in_yuan() for f in rung.fine.floors)])
        return base

    # ------------------------------------------------------------ in words

    def shown(self, rung: Rung, values: Values) -> str:
        """The facts an amount is computed from: 货值金额12000元."""
        facts = self.record.facts
        names = filter(None, (rung.base_fact, rung.count_fact))
        return "、".join(f"{facts[n].label}{show_value(facts[n], values[n])}" for n in names if n in values)

    def effect(self, rung: Rung, fine: Range | None, values: Values) -> str:
        """What a branch leads to, as a step says it."""
        if rung.fine is None:
            return "不处罚款" if rung.kind else "这一步没有罚款"
        if fine is None:
            return f"罚款{rung.amount}，数额不能计算"
        may = "可以处以" if rung.fine.optional else "处以"
        shown = self.shown(rung, values) if rung.needs_base or rung.fine.per else ""
        return f"{may}罚款{rung.amount}，{f'按{shown}计算为' if shown else '即'}{fine}"


def _times(bound: BoundStep, value: Value) -> Decimal | None:
    """How many units of an increment a fact makes; several values are counted one by one."""
    if isinstance(value, tuple):
        return sum((_units(bound, v) for v in value), Decimal(0))
    return _units(bound, value) if isinstance(value, Decimal) else None


def _units(bound: BoundStep, value: Decimal) -> Decimal:
    step = bound.step
    over = (value - step.over) / step.every
    return max(over, Decimal(0)).to_integral_value(_ROUNDED[step.part])


def beats(one: Rung | BoundWeights, other: Rung | BoundWeights) -> bool:
    """Whether a branch replaces another where both hold: it turns on more yes-or-no facts, or on more facts.

    拒不改正 replaces the branch without conditions; 农户 replaces the branches by 货值金额.
    """
    if one.test.flags != other.test.flags:
        return one.test.flags > other.test.flags
    return one.test.keys > other.test.keys


def most_special(rungs: list[_T]) -> list[_T]:
    """Those that no other of them replaces."""
    if len(rungs) < 2:
        return rungs
    return [r for r in rungs if not any(beats(other, r) for other in rungs)]


def _weight(tier: Rung) -> tuple[Decimal, Decimal]:
    """Orders tiers from light to heavy: by upper end, then by lower; no fine is lightest."""
    fine = tier.fine
    if fine is None:
        return Decimal(-1), Decimal(-1)
    heavy = Decimal("Infinity")
    low = fine.low.value if fine.low else Decimal(0)
    return (fine.high.value if fine.high else heavy), low
