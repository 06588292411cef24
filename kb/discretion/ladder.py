"""Which branches of one record apply on the facts, and what each gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kb.conditions import ALWAYS, Verdict
from kb.discretion.compiled import BoundMeasure, Compiled, Rung
from kb.discretion.result import MeasureDue, Outcome, Range, Step, Warning
from kb.facts import REQUIRED, Unknowable, Value, show_value

Cite = Callable[[str], str]
Values = Mapping[str, Value]


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


class Climber:
    """Climbs the ladders of one compiled record.

    Args:
        compiled: the record.
        values: typed facts.
        day: whose law it is.
        cite: canonical form of a citation on that day.
    """

    def __init__(self, compiled: Compiled, values: Values, day: date, cite: Cite) -> None:
        self.compiled = compiled
        self.record = compiled.record
        self.values = values
        self.day = day
        self.cite = cite
        self.basis = tuple(cite(text) for text in self.record.penalty_basis)
        self.out = Climb()
        self.waiting: list[str] = []

    def climb(self) -> Climb:
        """Judge every ladder (one a subject); the fullest answer that the facts allow."""
        for subject, ladder in self.compiled.ladders:
            self._ladder(subject, ladder)
        self._say_what_fines_wait_for()
        return self.out

    # ------------------------------------------------------------ one ladder

    def _ladder(self, subject: str, ladder: Sequence[Rung]) -> None:
        verdicts = [(rung, rung.test.judge(self.values)) for rung in ladder]
        standing = _most_special([r for r, v in verdicts if v.answer])
        blocked = [
            (r, v)
            for r, v in verdicts
            if v.answer is None and self._needs_answer(v) and not any(_beats(s, r) for s in standing)
        ]
        # 违法所得十万元以上 replaces the branch without conditions: until it is known, neither is certain
        certain = [r for r in standing if not any(_beats(b, r) for b, _ in blocked)]
        for rung, verdict in blocked:
            self.out.ask(verdict.missing)
            self._tell(rung)
        for rung in standing:
            if rung not in certain:
                self._tell(rung)
        applied = [self._apply(rung, self.values, ()) for rung in certain]
        open_ = [(r, v) for r, v in verdicts if v.answer is None and not self._needs_answer(v)]
        for rung, verdict in open_:
            self._escalation(rung, verdict, ladder)
        if len(certain) > 1:
            names = "、".join(f"“{r.name}”" for r in certain)
            self.out.warn("branch_overlap", f"{names}同时符合，条文没有说明以哪一项为准，请执法人员判断")
        self._declined([r for r, v in verdicts if v.answer is False], subject)
        if any(o and o.fine is None for o in applied) or (not certain and not blocked):
            self._no_fine_yet(ladder, certain, blocked)

    def _needs_answer(self, verdict: Verdict) -> bool:
        facts = self.record.facts
        return any(facts[name].type in REQUIRED for name in verdict.missing)

    def _tell(self, rung: Rung) -> None:
        """Say what a branch would give, where a fact is missing to apply it."""
        basis = self._basis(rung)
        amount = f"罚款{rung.amount}" if rung.fine else "不处罚款"
        self.out.steps.append(Step(f"情形“{rung.name}”：{amount}", "、".join(basis)))

    def _escalation(self, rung: Rung, verdict: Verdict, ladder: Sequence[Rung]) -> None:
        """A branch that hangs on a yes-or-no fact nobody has answered: shown with what it needs."""
        world = _suppose(rung, verdict.missing, self.values)
        self.out.ask(verdict.missing)
        there = _most_special([r for r in ladder if r.test.judge(world).answer])
        if rung in there:
            self._apply(rung, world, verdict.missing)

    def _declined(self, failed: list[Rung], subject: str) -> None:
        """What would apply if a fact answered 否 were 是 (or the reverse)."""
        for rung in failed:
            flags = [
                a.fact for a in rung.test.atoms() if a.flag and isinstance(self.values.get(a.fact), bool)
            ]
            if flags and rung.test.judge(_suppose(rung, flags, self.values)).answer:
                amount = f"罚款{rung.amount}" if rung.fine else "不处罚款"
                who = f"（{subject}）" if subject else ""
                self.out.steps.append(
                    Step(f"未适用：如果{rung.test.text}，则{who}{amount}", "、".join(self._basis(rung)))
                )

    def _no_fine_yet(self, ladder: Sequence[Rung], certain: list[Rung], blocked: Sequence[object]) -> None:
        """Say why a ladder gives no fine: refusal comes first, no such penalty, a gap, an unknown base."""
        later = [r for r in ladder if r.fine is not None and any(a.flag for a in r.test.atoms())]
        if any(r.fine is not None for r in certain):
            return
        if not self.compiled.has_fine:
            self.out.warn("no_fine", "条文没有对这一行为规定罚款，不得罚款")
        elif later and (certain or len(later) == len(ladder)):
            when = "、".join(dict.fromkeys(f"“{r.test.text}”" for r in later))
            who = f"对{later[0].subject}" if later[0].subject else ""
            self.waiting.append(f"{who}现在不能罚款：先责令改正，{when}的才可以罚款")
        elif not certain:
            self._gap(ladder)

    def _say_what_fines_wait_for(self) -> None:
        """A warning where nobody can be fined yet; a step where only some can (单位 now, 责任人员 later)."""
        if any(o.fine and not o.needs for o in self.out.outcomes):
            basis = "、".join(self.basis)
            self.out.steps += [Step(text, basis) for text in self.waiting]
        else:
            for text in self.waiting:
                self.out.warn("fine_needs_refusal", text)

    def _gap(self, ladder: Sequence[Rung]) -> None:
        for rung in ladder:
            for atom in rung.test.atoms():
                value = self.values.get(atom.fact)
                label = self.record.facts[atom.fact].label
                if isinstance(value, Unknowable):
                    self.out.warn("unknown_base", f"“{label}”{value.said}，条文没有规定这种情形怎样处罚")
                    return
                if isinstance(value, Decimal) and atom.condition and atom.condition.excludes_exactly(value):
                    shown = show_value(self.record.facts[atom.fact], value)
                    self.out.warn(
                        "gap_at_threshold",
                        f"“{label}”正好是{shown}，条文两边都不包括这个数，没有可以适用的幅度，请报法制审核",
                    )
                    return
        self.out.warn("no_branch", "已填的情节不符合条文列出的任何一种情形，请核对情节和适用的条款")

    # ------------------------------------------------------------ one branch

    def _apply(self, rung: Rung, values: Values, needs: tuple[str, ...]) -> Outcome | None:
        """Turn a branch into an outcome; None (and a question) where its base is missing."""
        facts_used = [a.fact for a in rung.test.judge(values).way]
        price = self._price(rung, values)
        if isinstance(price, str):
            self.out.ask([price])
            self._tell(rung)
            return None
        basis = self._basis(rung)
        fine, text, optional = price, rung.fine_text, bool(rung.fine and rung.fine.optional)
        tier = self._tier(rung, values)
        if tier:
            tier_price = self._price(tier, values)
            if isinstance(tier_price, str):
                self.out.ask([tier_price])
                tier = None
            else:
                self._outside(tier, price, tier_price)
                fine, text = tier_price, tier.fine_text
                optional = optional or bool(tier.fine and tier.fine.optional)
        self._explain(rung, tier, facts_used, values, fine, needs)
        measures = self._measures(
            (*self.compiled.measures, *rung.measures, *(tier.measures if tier else ())), values, basis
        )
        outcome = Outcome(
            as_of=self.day,
            instrument=self.record.source.instrument,
            basis=basis,
            branch=rung.label or rung.test.text,
            tier=tier.label if tier else None,
            fine=fine,
            fine_optional=optional,
            measures=measures,
            subject=rung.subject,
            fine_text=text,
            statutory=price if tier else None,
            needs=needs,
            when=_unsettled(rung, needs),
        )
        self.out.outcomes.append(outcome)
        return outcome

    def _basis(self, rung: Rung) -> tuple[str, ...]:
        return tuple(self.cite(text) for text in rung.basis) if rung.basis else self.basis

    def _price(self, rung: Rung, values: Values) -> Range | str | None:
        """The fine in yuan; the name of a fact to ask for; None where no amount can be named."""
        fine = rung.fine
        if fine is None:
            return None
        if not fine.has_amount:
            self.out.amount_open = self.out.amount_open or not self.compiled.has_local_amount
            return None
        base = self._quantity(rung.base_fact, values, fine.base or "基数") if fine.needs_base else None
        count = self._quantity(rung.count_fact, values, f"{fine.per}数") if fine.per else None
        if isinstance(base, str) or isinstance(count, str):
            return next((f for f in (base, count) if isinstance(f, str) and f), None)
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

    # ------------------------------------------------------------ tiers and measures

    def _tier(self, rung: Rung, values: Values) -> Rung | None:
        """The printed tier of a branch: published beats computed; of several the lightest, with a warning."""
        mine = [t for t in self.compiled.tiers if rung.test.flags <= t.test.flags]
        verdicts = [(t, t.test.judge(values)) for t in mine]
        matching = _most_special([t for t, v in verdicts if v.answer])
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
        return matching[0]

    def _outside(self, tier: Rung, statutory: Range | None, printed: Range | None) -> None:
        if statutory and printed and tier.kind != "减轻" and not statutory.holds(printed):
            self.out.warn(
                "tier_outside_range",
                f"裁量阶次“{tier.label}”的罚款{printed}超出法定幅度{statutory}，请核对基准原文",
            )

    def _measures(
        self, bound: Iterable[BoundMeasure], values: Values, basis: tuple[str, ...]
    ) -> tuple[MeasureDue, ...]:
        due = []
        for item in bound:
            verdict = item.test.judge(values)
            if verdict.answer is False:
                continue
            self.out.ask(verdict.missing)
            m = item.measure
            source = self.cite(m.basis) if m.basis else "、".join(basis)
            amount = self._gains(m.kind, values)
            when = item.test.text if verdict.missing else ""
            due.append(MeasureDue(m.kind, m.compulsory, m.object, amount, source, verdict.missing, when))
        self._tell_measures(due)
        return tuple(due)

    def _tell_measures(self, due: Iterable[MeasureDue]) -> None:
        for must, opening in ((True, "同时应当："), (False, "同时可以：")):
            by_source: dict[str, list[str]] = {}
            for d in due:
                if d.compulsory is must and not d.needs:
                    name = f"{d.kind}（{d.object}）" if d.object else d.kind
                    by_source.setdefault(d.basis, []).append(name)
            for source, names in by_source.items():
                step = Step(opening + "；".join(names), source)
                if step not in self.out.steps:
                    self.out.steps.append(step)

    def _gains(self, kind: str, values: Values) -> Decimal | None:
        """What is confiscated, where the amount is a fact of the case."""
        if not kind.startswith("没收违法所得"):
            return None
        for name, fact in self.record.facts.items():
            value = values.get(name)
            if fact.type == "money" and fact.label.endswith("违法所得") and isinstance(value, Decimal):
                return value
        return None

    # ------------------------------------------------------------ reasons

    def _explain(
        self,
        rung: Rung,
        tier: Rung | None,
        used: list[str],
        values: Values,
        fine: Range | None,
        needs: tuple[str, ...],
    ) -> None:
        facts = self.record.facts
        basis = "、".join(self._basis(rung))
        names = list(dict.fromkeys([*used, *filter(None, (rung.base_fact, rung.count_fact))]))
        if needs:
            self.out.steps.append(Step(f"待定：如果{_unsettled(rung, needs)}，适用“{rung.name}”", basis))
        else:
            if names:
                shown = "；".join(f"{facts[n].label}：{show_value(facts[n], values[n])}" for n in names)
                self.out.steps.append(Step(f"事实：{shown}"))
            text = f"适用“{rung.name}”" if rung.test is not ALWAYS else "条文没有另设条件，直接适用"
            self.out.steps.append(Step(f"规则：{text}", basis))
        if tier:
            text = f"{self.record.source.instrument}“{tier.label}”（{tier.test.text or '无附加条件'}）"
            self.out.steps.append(Step(f"阶次：{text}", basis))
        self.out.steps.append(Step("结果：" + self._effect(tier or rung, fine, values), basis))

    def _effect(self, rung: Rung, fine: Range | None, values: Values) -> str:
        if rung.fine is None:
            return "不处罚款" if rung.kind else "这一步没有罚款"
        if fine is None:
            return f"罚款{rung.amount}，数额不能计算"
        may = "可以处以" if rung.fine.optional else "处以"
        if not rung.fine.needs_base and not rung.fine.per:
            return f"{may}罚款{rung.amount}，即{fine}"
        facts = self.record.facts
        names = filter(None, (rung.base_fact, rung.count_fact))
        shown = "、".join(f"{facts[n].label}{show_value(facts[n], values[n])}" for n in names)
        return f"{may}罚款{rung.amount}，按{shown}计算为{fine}"


def _beats(one: Rung, other: Rung) -> bool:
    """Whether a branch replaces another where both hold: it turns on more yes-or-no facts, or on more facts.

    拒不改正 replaces the branch without conditions; 农户 replaces the branches by 货值金额.
    """
    if one.test.flags != other.test.flags:
        return one.test.flags > other.test.flags
    return one.test.keys > other.test.keys


def _most_special(rungs: list[Rung]) -> list[Rung]:
    if len(rungs) < 2:
        return rungs
    return [r for r in rungs if not any(_beats(other, r) for other in rungs)]


def _suppose(rung: Rung, names: Iterable[str], values: Values) -> dict[str, Value]:
    """The facts as they would have to be for a branch, where only yes-or-no facts are open."""
    wanted = set(names)
    flags = {a.fact: a.flag[0] == "+" for a in rung.test.atoms() if a.flag and a.fact in wanted}
    return {**values, **flags}


def _unsettled(rung: Rung, needs: Iterable[str]) -> str:
    """The yes-or-no conditions still open, in the words of the record."""
    return "，且".join(dict.fromkeys(a.text for a in rung.test.atoms() if a.fact in needs))


def _weight(tier: Rung) -> tuple[Decimal, Decimal]:
    """Orders tiers from light to heavy: by upper end, then by lower; no fine is lightest."""
    fine = tier.fine
    if fine is None:
        return Decimal(-1), Decimal(-1)
    heavy = Decimal("Infinity")
    low = fine.low.value if fine.low else Decimal(0)
    return (fine.high.value if fine.high else heavy), low
