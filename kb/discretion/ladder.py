"""Which branches of one record apply on the facts, and what each gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from kb.conditions import ALWAYS, Verdict, Way
from kb.discretion.compiled import BoundMeasure, Compiled, Rung
from kb.discretion.pricing import Climb, Pricer, Printed, Values, beats, most_special
from kb.discretion.result import MeasureDue, Outcome, Range, Step
from kb.facts import REQUIRED, Unknowable, Value, show_value

Cite = Callable[[str], str]
_REFUSED = re.compile("拒不|逾期|仍不|仍未|[不未]改正")


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
        self.violated = tuple(cite(text) for text in self.record.violated)
        self.out = Climb()
        self.pricer = Pricer(compiled, values, self.out)
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
        ways = {id(r): v.way for r, v in verdicts}
        standing = most_special([r for r, v in verdicts if v.answer])
        blocked = [
            (r, v)
            for r, v in verdicts
            if v.answer is None and self._needs_answer(v) and not any(beats(s, r) for s in standing)
        ]
        # 违法所得十万元以上 replaces the branch without conditions: until it is known, neither is certain
        certain = [r for r in standing if not any(beats(b, r) for b, _ in blocked)]
        for rung, verdict in blocked:
            self.out.ask(verdict.missing)
            self._tell(rung)
        for rung in standing:
            if rung not in certain:
                self._tell(rung)
        applied = [self._apply(rung, self.values, (), ways[id(rung)]) for rung in certain]
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
        there = {id(r): v for r in ladder if (v := r.test.judge(world)).answer}
        if any(r is rung for r in most_special([r for r in ladder if id(r) in there])):
            self._apply(rung, world, verdict.missing, there[id(rung)].way)

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
            first = "先责令改正，" if _REFUSED.search(when) else ""
            self.waiting.append(f"{who}现在不能罚款：{first}{when}的才可以罚款")
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

    def _gap(self, ladder: Sequence[Rung], where: str = "条文") -> None:
        for rung in ladder:
            for atom in rung.test.atoms():
                value = self.values.get(atom.fact)
                label = self.record.facts[atom.fact].label
                if isinstance(value, Unknowable):
                    self.out.warn("unknown_base", f"“{label}”{value.said}，{where}没有规定这种情形怎样处罚")
                    return
                if isinstance(value, Decimal) and atom.condition and atom.condition.excludes_exactly(value):
                    shown = show_value(self.record.facts[atom.fact], value)
                    self.out.warn(
                        "gap_at_threshold",
                        f"“{label}”正好是{shown}，{where}两边都不包括这个数，没有可以适用的幅度，请报法制审核",
                    )
                    return
        self.out.warn("no_branch", f"已填的情节不符合{where}列出的任何一种情形，请核对情节和适用的条款")

    # ------------------------------------------------------------ one branch

    def _apply(self, rung: Rung, values: Values, needs: tuple[str, ...], way: Way) -> Outcome | None:
        """Turn a branch into an outcome; None (and a question) where its base is missing."""
        price = self.pricer.price(rung, values)
        if isinstance(price, str):
            self.out.ask([price])
            self._tell(rung)
            return None
        printed = self.pricer.tier(rung, values) or self.pricer.weighed(rung, values)
        if rung.open and printed is None:
            if not self.out.missing:
                self._gap(self.compiled.tiers, "基准")
            return None
        if printed:
            self._outside(printed, price)
        fine = printed.fine if printed else price
        used = (rung.base_fact, rung.count_fact, *(printed.used if printed else ()))
        names = list(dict.fromkeys([*(a.fact for a in way), *filter(None, used)]))
        self._explain(rung, printed, names, values, price, needs)
        basis = self._basis(rung)
        bound = (*self.compiled.measures_for(rung), *(printed.measures if printed else ()))
        source = self.record.source
        outcome = Outcome(
            as_of=self.day,
            instrument=source.instrument,
            number=source.number,
            basis=basis,
            violated=self.violated,
            alternatives=self.record.alternatives,
            branch=rung.label or rung.test.text,
            tier=printed.label if printed else None,
            row=printed.row if printed else "",
            fine=fine,
            fine_optional=bool(rung.fine and rung.fine.optional) or bool(printed and printed.optional),
            measures=self._measures(bound, values, basis, self.compiled.beside(rung)),
            subject=rung.subject,
            fine_text=printed.fine_text if printed else rung.fine_text,
            statutory=price if printed else None,
            statutory_text=rung.fine_text if printed else "",
            needs=needs,
            when=_unsettled(rung, needs),
            facts=self._in_words(names, values),
            condition=rung.test.text,
            tier_facts=printed.when if printed else "",
            working=printed.working if printed else "",
        )
        self.out.outcomes.append(outcome)
        return outcome

    def _in_words(self, names: Iterable[str], values: Values) -> tuple[str, ...]:
        """Facts as a sentence has them; yes-or-no facts stand in the condition itself."""
        facts = self.record.facts
        return tuple(
            f"{facts[n].label}为{show_value(facts[n], values[n])}" for n in names if facts[n].type != "bool"
        )

    def _basis(self, rung: Rung) -> tuple[str, ...]:
        return tuple(self.cite(text) for text in rung.basis) if rung.basis else self.basis

    # ------------------------------------------------------------ tiers and measures

    def _outside(self, printed: Printed, statutory: Range | None) -> None:
        fine = printed.fine
        if statutory and fine and printed.kind != "减轻" and not statutory.holds(fine):
            self.out.warn(
                "tier_outside_range",
                f"裁量阶次“{printed.label}”的罚款{fine}超出法定幅度{statutory}，请核对基准原文",
            )

    def _measures(
        self, bound: Iterable[BoundMeasure], values: Values, basis: tuple[str, ...], beside: bool
    ) -> tuple[MeasureDue, ...]:
        due = []
        for item in bound:
            verdict = item.test.judge(values)
            if verdict.answer is False:
                continue
            self.out.ask(verdict.missing)
            m = item.measure
            source = self.cite(m.basis) if m.basis else "、".join(basis)
            amount = None if beside else self._gains(m.kind, values)  # the unit's gains aren't a person's
            if m.kind == "没收违法所得" and amount == 0:  # nothing gained, nothing to confiscate
                continue
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
        printed: Printed | None,
        names: list[str],
        values: Values,
        price: Range | None,
        needs: tuple[str, ...],
    ) -> None:
        facts, say = self.record.facts, self.out.steps.append
        basis = "、".join(self._basis(rung))
        if needs:
            say(Step(f"待定：如果{_unsettled(rung, needs)}，适用“{rung.name}”", basis))
        else:
            if names:
                shown = "；".join(f"{facts[n].label}：{show_value(facts[n], values[n])}" for n in names)
                say(Step(f"事实：{shown}"))
            if not rung.open:
                text = f"适用“{rung.name}”" if rung.test is not ALWAYS else "条文没有另设条件，直接适用"
                say(Step(f"规则：{text}", basis))
        self._gravity(rung)
        if printed is None:
            say(Step("结果：" + self.pricer.effect(rung, price, values), basis))
            return
        if not rung.open:
            say(Step("法定幅度：" + self.pricer.effect(rung, price, values), basis))
        when = f"（{printed.when}）" if printed.when else ""
        say(Step(f"阶次：{self.record.source.instrument}{printed.row}“{printed.label}”{when}"))
        if printed.working:
            say(Step(f"计算：{printed.working}"))
        amount = f"罚款{printed.fine}" if printed.fine else "不处罚款"
        may = "可以处以" if printed.optional and printed.fine else "处以" if printed.fine else ""
        say(Step(f"结果：{may}{amount}", basis))

    def _gravity(self, rung: Rung) -> None:
        """Where 情节严重 is defined, if the branch turns on it."""
        if not rung.serious:
            return
        text = self.record.gravity
        if text.startswith("《"):
            step = Step("“情节严重”由专门的规定确定，逐项对照", self.cite(text))
        elif text:
            step = Step(f"“情节严重”：{text}")
        else:
            step = Step("“情节严重”在基准里没有写明由哪里规定，请查明认定的依据")
        if step not in self.out.steps:
            self.out.steps.append(step)


def _suppose(rung: Rung, names: Iterable[str], values: Values) -> dict[str, Value]:
    """The facts as they would have to be for a branch, where only yes-or-no facts are open."""
    wanted = set(names)
    flags = {a.fact: a.flag[0] == "+" for a in rung.test.atoms() if a.flag and a.fact in wanted}
    return {**values, **flags}


def _unsettled(rung: Rung, needs: Iterable[str]) -> str:
    """The yes-or-no conditions still open, in the words of the record: 拒不改正或者情节严重."""
    ways = ("，且".join(dict.fromkeys(a.text for a in way if a.fact in needs)) for way in rung.test.ways)
    said = list(dict.fromkeys(way for way in ways if way))
    return "或者".join(f"（{way}）" if len(said) > 1 and "，且" in way else way for way in said)
