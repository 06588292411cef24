"""Facts and dates -> the ranges the law gives, with reasons. The tool proposes, the officer decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kb.discretion.assessment import Assessment
from kb.discretion.comparison import Comparison, compare
from kb.discretion.compiled import Compiled
from kb.discretion.effects import effects
from kb.discretion.ladder import Climber
from kb.discretion.limitation import LONGER, Limitation, judge_limitation
from kb.discretion.norms import Given, choose
from kb.discretion.pricing import Climb
from kb.discretion.reasons import OLD_OR_LIGHTER
from kb.discretion.result import Elsewhere, MissingFact, Outcome, Period, Step, Warning
from kb.discretion.shelf import Ready, lists_on, place_on, ready, rule_on, setting, shelf_of
from kb.errors import BadValue, NotLoaded, WrongUse
from kb.facts import REQUIRED, Value, read_facts, show_value
from kb.leniency import OUTSIDE_LISTS, Entry, History
from kb.records import Fact
from kb.snapshot import Snapshot


def assess(
    base: Snapshot,
    benchmark_id: str,
    facts: Mapping[str, object],
    act: Period | None = None,
    found_on: date | None = None,
    decided_on: date | None = None,
    *,
    on: date | None = None,
    history: History | None = None,
) -> Assessment:
    """Work out what the law gives on these facts.

    Args:
        base: the snapshot.
        benchmark_id: the violation's record.
        facts: by name; typed values or strings as typed (``kb.facts``). Ticks and exclusions of leniency
            entries, what `not_when` asks and ``longer_limitation`` are facts too.
        act: when the act was done; its end decides which law applies.
        found_on: when it was found; without it limitation is not judged, and the result says so.
        decided_on: the day of the decision; without it ``on``.
        on: the day the question is asked (the door's clock); used only for dates not given.
        history: the party's earlier decisions in the agency's own ledger; None where nobody searched.

    Returns:
        Outcomes (ranges in yuan, ends included), the laws compared, limitation, leniency and its effects,
        steps with citations, warnings, missing facts.

    Raises:
        NotFound: no such benchmark. NotLoaded: none of its versions covers the days.
        BadValue: an unknown fact, a value of the wrong type, dates out of order.
        BadRecord: the record itself can't be read.
        WrongUse: no date at all.
    """
    decided = decided_on or on
    day = act.end if act else decided
    if day is None:
        raise WrongUse("没有日期，无法确定适用哪一天的法律", hint="给出违法行为的日期或者决定日期")
    decided = decided or day
    if act and decided_on and decided_on < act.end:
        raise BadValue(f"决定日期{decided_on}早于行为终了的{act.end}", hint="核对决定日期和行为日期")
    known = ready(base, benchmark_id)
    entries, ticks = lists_on(base, known, decided)
    values = read_facts(facts, known.facts, ticks | known.asked | {LONGER})
    result = _Result(base, known, values, decided)
    if not result.routed(day):
        result.laws_of(day, act)
    domain = known.versions[-1].record.domain
    limitation = judge_limitation(base, domain, act, found_on, values, result.steps, result.warnings)
    until = act.start if act else decided
    leniency = tuple(entry.judge(values, history, until) for entry in entries)
    answered = [e for e, bound in zip(leniency, entries, strict=True) if e is not bound.untouched]
    result.lists(answered)
    met = [e for e in answered if e.met]
    return result.assessment(benchmark_id, leniency, met, limitation, act, found_on)


class _Result:
    """Gathers what each record and each day contributes."""

    def __init__(self, base: Snapshot, known: Ready, values: dict[str, Value], decided: date) -> None:
        self.base = base
        self.known = known
        self.values = values
        self.decided = decided
        self.provisions = shelf_of(base).provisions
        self.outcomes: list[Outcome] = []
        self.steps: list[Step] = []
        self.warnings: list[Warning] = []
        self.missing: dict[str, None] = {}
        self.elsewhere: tuple[Elsewhere, ...] = ()
        self.comparison: Comparison | None = None

    # ------------------------------------------------------------ not this violation at all

    def routed(self, day: date) -> bool:
        """Whether the act is governed elsewhere: then nothing here is computed."""
        versions = self.known.versions
        days = (day, self.decided)
        row = next((v for v in versions for d in days if v.record.covers(d)), versions[-1])
        out = []
        for route in row.routes:
            said = route.test.judge(self.values).answer if route.test else self.values.get(route.record.if_)
            state = said if isinstance(said, bool) else None
            record = route.record
            basis = self.provisions.canonical(record.basis, day) if record.basis else ""
            name = "" if route.test else record.if_
            out.append(Elsewhere(name, record.if_, record.then, basis, record.see, record.also, state))
        self.elsewhere = tuple(out)
        for e in out:
            if e.state:
                see = f"，见 {e.see}" if e.see else ""
                end = "本项仍然适用" if e.also else "不适用本项"
                self.steps.append(Step(f"{e.condition}的，{e.then}；{end}", e.basis))
                self.warnings.append(Warning("governed_elsewhere", f"{e.condition}的，{e.then}，{end}{see}"))
        return any(e.state and not e.also for e in out)

    # ------------------------------------------------------------ which law

    def laws_of(self, day: date, act: Period | None) -> None:
        """Apply the law of the act's last day; where it changed before the decision, show both."""
        decided = self.decided
        old = [c for c in self.known.versions if c.record.covers(day)]
        new = [c for c in self.known.versions if c.record.covers(decided)]
        if not old and not new:
            record = self.known.versions[-1].record
            raise NotLoaded(
                f"“{record.violation}”没有在{day}有效的版本", hint="换一个日期，或者先录入该日有效的版本"
            )
        if act and act.start < day:
            self._continued(act, old)
        changed = decided > day and [id(c) for c in old] != [id(c) for c in new]
        if changed and old:
            self.steps.append(Step(f"按行为终了时（{day}）的规定"))
        if old:
            self._day(old, day)
        if changed:
            self._law_changed(old, new, day, decided)
            if new:
                self.steps.append(Step(f"按作出决定时（{decided}）的规定"))
                self._day(new, decided)
                self._compare(day, decided)
        elif decided > day:
            self._text_changed(old, day, decided)

    def _continued(self, act: Period, standing: Sequence[Compiled]) -> None:
        """An act that went on past a change of law is under the new law alone."""
        since = max((c.record.from_ for c in standing if c.record.from_), default=None)
        earlier = any(c.record.to and act.start < c.record.to <= act.end for c in self.known.versions)
        if since and act.start < since and earlier:
            self.steps.append(
                Step(f"行为从{act.start}持续到{act.end}，期间规定自{since}起变更，按行为终了时的新规定判断")
            )

    def _law_changed(
        self, old: Sequence[Compiled], new: Sequence[Compiled], day: date, decided: date
    ) -> None:
        if not old:
            message = f"行为终了之日（{day}）的规定没有载入，只列出决定之日（{decided}）的规定，不能比较轻重"
            self.warnings.append(Warning("old_law_not_loaded", message))
        elif not new:
            message = f"决定之日（{decided}）没有载入有效的规定：请核对是否已修改，或者已不再认定为违法"
            self.warnings.append(Warning("new_law_not_loaded", message))
        else:
            message = (
                f"行为终了（{day}）后、作出决定（{decided}）前规定有变更，两个版本都已列出："
                "适用行为时的规定，但新规定处罚较轻或者不认定为违法的，适用新规定；请执法人员比较后选择"
            )
            self.warnings.append(Warning("law_changed", message))
        self.steps.append(Step("从旧兼从轻：比较行为时与决定时的规定", OLD_OR_LIGHTER))

    def _text_changed(self, standing: Sequence[Compiled], day: date, decided: date) -> None:
        """The same record on both days, but a law it rests on has another text, or none, on the second."""
        for text in dict.fromkeys(t for c in standing for t in c.record.penalty_basis):
            then, now = self.provisions.version(text, day), self.provisions.version(text, decided)
            if then is not None and then != now:
                self.warnings.append(
                    Warning(
                        "law_changed",
                        f"依据《{then.title}》在行为终了（{day}）后、作出决定（{decided}）前有变更，"
                        "基准没有分版本：请核对变更后的条文，新规定较轻的适用新规定",
                    )
                )
                self.steps.append(Step("从旧兼从轻：比较行为时与决定时的规定", OLD_OR_LIGHTER))
                return

    # ------------------------------------------------------------ one day

    def _day(self, standing: Sequence[Compiled], day: date) -> None:
        climbs = [(c, self._climb(c, day)) for c in standing]
        for _, climb in climbs:
            self.steps += climb.steps
            self.warnings += climb.warnings
            self.missing |= climb.missing
        outcomes = self._chosen(climbs, day)
        if any(c.amount_open for _, c in climbs) and not any(o.fine for o in outcomes):
            self.warnings.append(
                Warning(
                    "amount_not_loaded",
                    f"未载入依据，不能计算：条文（{day}）只规定可以罚款，没有数额，"
                    "请载入规定数额的地方性法规、规章或者裁量权基准",
                )
            )
        rule = rule_on(self.base, standing[0].record.domain, self.decided)
        if rule and not any(c.refines for c in standing):
            outcomes = [replace(o, computed=rule.cut(o.fine)) if o.fine else o for o in outcomes]
            if any(o.computed for o in outcomes):
                self.steps.append(Step(f"没有印出的裁量阶次，按{rule.instrument}划分；分界点属于较轻的一档"))
        self.outcomes += outcomes

    def _climb(self, compiled: Compiled, day: date) -> Climb:
        record = compiled.record
        for text in (*record.penalty_basis, *record.violated):
            self.warnings += self.provisions.warnings(text, day)
        return Climber(compiled, self.values, day, lambda text: self.provisions.canonical(text, day)).climb()

    def _chosen(self, climbs: Sequence[tuple[Compiled, Climb]], day: date) -> list[Outcome]:
        """The outcomes of the day; of several records each with its role."""
        if len(climbs) == 1:
            return climbs[0][1].outcomes
        given = [
            Given(
                c.record, climb.outcomes, self.provisions.version(c.record.penalty_basis[0], day), c.refines
            )
            for c, climb in climbs
        ]
        order = setting("discretion/instrument-order", self.base, self.decided)
        place = place_on(self.base, self.decided)
        choice = choose(given, place, order, lambda text: self.provisions.canonical(text, self.decided))
        self.steps += choice.steps
        self.warnings += choice.warnings
        return choice.outcomes

    def _compare(self, day: date, decided: date) -> None:
        """Lay the two laws side by side; the officer decides."""
        old, new = ([o for o in self.outcomes if o.as_of == d] for d in (day, decided))
        self.comparison = compare(old, new)
        if self.comparison:
            self.steps.append(Step(f"比较：{self.comparison.note}", OLD_OR_LIGHTER))

    # ------------------------------------------------------------ together

    def lists(self, entries: Sequence[Entry]) -> None:
        """Say which list entries are met, and what still has to be ruled out."""
        for entry in entries:
            record, basis = entry.record, "、".join(entry.record.basis)
            if entry.met:
                must = "应当" if entry.compulsory else "可以"
                open_ = f"；还要排除：{'、'.join(entry.unchecked)}" if entry.unchecked else ""
                said = f"条件全部符合，{must}{record.which_list}处罚{open_}"
                self.steps.append(Step(f"清单：“{record.title}”的{said}", basis))
            elif entry.excluded:
                self.steps.append(Step(f"清单：“{record.title}”不适用：{'、'.join(entry.excluded)}", basis))
            for tick in entry.ticks:
                if tick.note and tick.state is False and self.values.get(tick.name) is True:
                    self.warnings.append(Warning("tick_refuted", f"“{tick.label}”：{tick.note}"))

    def assessment(
        self,
        benchmark_id: str,
        leniency: tuple[Entry, ...],
        met: Sequence[Entry],
        limitation: Limitation | None,
        act: Period | None,
        found_on: date | None,
    ) -> Assessment:
        facts = self.known.facts
        asked = sorted(self.missing, key=lambda name: facts[name].type not in REQUIRED)
        missing = [_missing(name, facts[name]) for name in asked]
        if limitation and limitation.needs:
            when = limitation.when
            missing.append(MissingFact(limitation.needs, when, "bool", False, f"是否{when}？"))
        return Assessment(
            benchmark=benchmark_id,
            violation=self.known.versions[-1].record.violation,
            missing_facts=tuple(missing),
            outcomes=tuple(self.outcomes),
            leniency=leniency,
            steps=tuple(self.steps),
            warnings=tuple(dict.fromkeys(self.warnings)),
            facts={name: show_value(facts[name], v) for name, v in self.values.items() if name in facts},
            not_when=self.elsewhere,
            comparison=self.comparison,
            limitation=limitation,
            effects=tuple(effects(met, self.outcomes)) if met else (),
            outside_lists=_outside_lists(met),
            notes=self._notes(),
            act=act,
            found_on=found_on,
        )

    def _notes(self) -> tuple[str, ...]:
        """What the records say to whoever uses them: of the laws that the outcomes are of."""
        days = {o.as_of for o in self.outcomes}
        used = (v.record for v in self.known.versions if any(v.record.covers(d) for d in days))
        return tuple(dict.fromkeys(r.note for r in used if r.note))


def _missing(name: str, fact: Fact) -> MissingFact:
    required = fact.type in REQUIRED
    return MissingFact(name, fact.label, fact.type, required, fact.ask, fact.unit, tuple(fact.options))


def _outside_lists(met: Sequence[Entry]) -> str:
    """An act outside the lists can still be exempt; "" where an exemption is met anyway."""
    if any(e.record.which_list == "不予" for e in met):
        return ""
    return f"不在清单之内、不符合清单条件的，也要看是否符合{OUTSIDE_LISTS}的条件，符合的依法不予行政处罚"
