"""A benchmark made ready to assess: its phrases read, its conditions bound to its facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.conditions import ALWAYS, Test, bind, quantity_fact
from kb.discretion.weights import BoundWeights, bind_weights
from kb.errors import BadRecord, CailiangError
from kb.money import Fine, parse_amount, parse_fine
from kb.records import (
    AnyOf,
    Benchmark,
    Branch,
    Increment,
    Measure,
    NotWhen,
    Tier,
    Weights,
    When,
)

_BELOW = re.compile(r"以下(?![（(]?不?含本数)")
_VERB = re.compile(r"^(?:并且?)?(?:可以?)?(?:单处或者)?并?处(?![置理分])以?(?:罚款)?|的?罚款$")


@dataclass(frozen=True, slots=True)
class BoundMeasure:
    measure: Measure
    test: Test


@dataclass(frozen=True, slots=True)
class BoundStep:
    """One increment: for every ``every`` of the fact above ``over``, ``add`` yuan."""

    step: Increment
    add: Decimal


@dataclass(frozen=True, slots=True)
class Route:
    """One `not_when`: its test, or (None) a yes-or-no fact under its own words."""

    record: NotWhen
    test: Test | None


@dataclass(frozen=True, slots=True)
class Rung:
    """One branch or one printed tier, bound: its test, its fine, and the facts the fine is computed from.

    ``amount`` is the amount alone in the words of the record, "" where it names none.
    ``base_fact``/``count_fact`` are "" where the fine needs none, or where the record has no such fact
    (``needs_base`` and `Fine.per` tell which). ``open``: stands in for a statute that isn't in the record.
    ``serious``: it turns on 情节严重.
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
    row: str = ""
    steps: tuple[BoundStep, ...] = ()
    open: bool = False
    needs_base: bool = False
    serious: bool = False

    @property
    def name(self) -> str:
        return self.label or self.test.text or "无附加条件"


_RESPONSIBLE = ("人员", "负责人", "法定代表人", "投资人")


def responsible(subject: str) -> bool:
    """Whether a ladder is for the persons responsible for what a unit did (直接负责的主管人员 …)."""
    return any(word in subject for word in _RESPONSIBLE)


@dataclass(frozen=True, slots=True)
class Compiled:
    """One dated record, ready: ``ladders`` are its branches by subject, in the order written.

    A record that prints tiers or weights without the statute's branches has one open branch a subject.
    """

    record: Benchmark
    ladders: tuple[tuple[str, tuple[Rung, ...]], ...]
    tiers: tuple[Rung, ...]
    measures: tuple[BoundMeasure, ...]
    weights: tuple[BoundWeights, ...] = ()
    routes: tuple[Route, ...] = ()

    def measures_for(self, rung: Rung) -> tuple[BoundMeasure, ...]:
        """What comes besides a branch's fine: the record's own measures and the branch's.

        The record's are for whoever acted: the persons responsible beside a unit (对直接负责的主管人员处…)
        lose neither goods nor licence for it, unless their own branch says so.
        """
        return rung.measures if self.beside(rung) else (*self.measures, *rung.measures)

    def beside(self, rung: Rung) -> bool:
        """Whether a branch is for the persons responsible, beside what the unit itself gets."""
        return len(self.ladders) > 1 and responsible(rung.subject)

    @property
    def refines(self) -> bool:
        """Whether it is a published benchmark, not only the statute's own text."""
        return bool(self.tiers or self.weights)

    @property
    def has_fine(self) -> bool:
        """Whether any branch or tier sets a fine."""
        rungs = (*self.tiers, *(r for _, ladder in self.ladders for r in ladder))
        return bool(self.weights) or any(r.fine is not None for r in rungs)

    @property
    def has_local_amount(self) -> bool:
        return bool(self.weights) or any(t.fine is not None and t.fine.has_amount for t in self.tiers)


def compile_benchmark(record: Benchmark) -> Compiled:
    """Bind a record.

    Raises:
        BadRecord: names the record, the field, and the phrase that can't be read.
    """
    ladders: dict[str, list[Rung]] = {}
    for n, branch in enumerate(record.statutory, 1):
        ladder = ladders.setdefault(branch.subject, [])
        ladder.append(_of_same_base(_rung(record, branch, f"statutory 第{n}条"), ladder))
    tiers = tuple(_rung(record, tier, f"tiers 第{n}条") for n, tier in enumerate(record.tiers, 1))
    weights = tuple(_weights(record, w, f"weights 第{n}条") for n, w in enumerate(record.weights, 1))
    if not ladders:
        for subject in dict.fromkeys([t.subject for t in tiers] + [w.subject for w in weights]):
            ladders[subject] = [Rung("", ALWAYS, None, "", subject=subject, open=True)]
    if len(ladders) > 1:
        _subjects_fit(record, set(ladders))
    measures = _measures(record, record.measures, "measures")
    return Compiled(
        record,
        tuple((s, tuple(r)) for s, r in ladders.items()),
        tiers,
        measures,
        weights,
        tuple(Route(n, _maybe(n.if_, record)) for n in record.not_when),
    )


def _of_same_base(rung: Rung, before: Sequence[Rung]) -> Rung:
    """运输费用三倍以上五倍以下，情节严重的，五倍以上十倍以下: the later multiple is of the same base."""
    base = before[-1].base_fact if before else ""
    return replace(rung, base_fact=base) if rung.needs_base and not rung.base_fact else rung


def _subjects_fit(record: Benchmark, subjects: set[str]) -> None:
    """With several ladders, each tier must say to which it belongs: none is applied to the wrong person."""
    rows = [("tiers", n, t.subject) for n, t in enumerate(record.tiers, 1)]
    rows += [("weights", n, w.subject) for n, w in enumerate(record.weights, 1)]
    for name, n, subject in rows:
        if subject not in subjects:
            raise BadRecord(
                f"没有写明对谁（subject“{subject}”）",
                where=f"{record.id} {name} 第{n}条",
                hint="写成 statutory 里的一种：" + "、".join(sorted(subjects)),
            )


def _maybe(text: str, record: Benchmark) -> Test | None:
    try:
        return bind(text, record.facts)
    except CailiangError:
        return None  # asked as a fact of its own


def _weights(record: Benchmark, weights: Weights, place: str) -> BoundWeights:
    try:
        return bind_weights(weights, record.facts, bind(_counted(weights.when, record), record.facts))
    except CailiangError as error:
        raise _bad(record, place, error) from None


def _counted(when: When, record: Benchmark) -> When:
    """The condition as its instrument counts: 以下 without the number itself where its source says so."""
    if when is None or record.source.below == "含本数":
        return when
    if isinstance(when, str):
        return _strict(when)
    if isinstance(when, AnyOf):
        alternatives = when.any
        return AnyOf(any=[_strict(x) if isinstance(x, str) else [*map(_strict, x)] for x in alternatives])
    return [_strict(x) if isinstance(x, str) else AnyOf.model_validate(_counted(x, record)) for x in when]


def _strict(text: str) -> str:
    return _BELOW.sub("以下不含本数", text)


def _rung(record: Benchmark, source: Branch | Tier, place: str) -> Rung:
    try:
        printed = isinstance(source, Tier)
        test = bind(_counted(source.when, record) if printed else source.when, record.facts)
        below_in = not printed or record.source.below == "含本数"
        fine = parse_fine(source.fine, below_in=below_in) if source.fine else None
        steps = tuple(_step(record, s, fine) for s in source.steps) if isinstance(source, Tier) else ()
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
        subject=source.subject,
        basis=tuple(source.basis) if isinstance(source, Branch) else (),
        measures=_measures(record, source.measures, place),
        kind=source.kind or "" if isinstance(source, Tier) else "",
        row=source.row if isinstance(source, Tier) else "",
        steps=steps,
        needs_base=bool(fine and fine.needs_base),
        serious=any("情节严重" in record.facts[a.fact].label for a in test.atoms()),
    )


def _step(record: Benchmark, step: Increment, fine: Fine | None) -> BoundStep:
    fact = record.facts.get(step.fact)
    if fact is None or fact.type not in ("money", "number", "numbers", "integer", "percent"):
        raise BadRecord(f"每增加的“{step.fact}”没有对应的事实", hint="在 facts 中写一个同名的数")
    if fine is None or fine.low is None or fine.low.is_ratio or fine.per:
        raise BadRecord("有 steps 的阶次，罚款要写起算的数额", hint="写成 二十万元以上七十万元以下")
    return BoundStep(step, parse_amount(step.add, "元").in_yuan())


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
