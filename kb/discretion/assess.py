"""Facts and dates -> the ranges the law gives, with reasons. The tool proposes, the officer decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kb.discretion.compiled import Compiled, Ready, lists_on, ready, shelf_of
from kb.discretion.ladder import Climb, Climber
from kb.discretion.limitation import judge_limitation
from kb.discretion.provisions import Provisions
from kb.discretion.result import Assessment, MissingFact, Outcome, Period, Step, Warning
from kb.errors import BadValue, NotLoaded, WrongUse
from kb.facts import REQUIRED, Value, read_facts, show_value
from kb.laws import LEVELS
from kb.leniency import Entry
from kb.records import Fact
from kb.snapshot import Snapshot

OLD_OR_LIGHTER = "《中华人民共和国行政处罚法》第三十七条"


def assess(
    base: Snapshot,
    benchmark_id: str,
    facts: Mapping[str, object],
    act: Period | None = None,
    found_on: date | None = None,
    decided_on: date | None = None,
    *,
    on: date | None = None,
) -> Assessment:
    """Work out what the law gives on these facts.

    Args:
        base: the snapshot.
        benchmark_id: the violation's record.
        facts: by name; typed values or strings as typed (``kb.facts``). Ticks of leniency entries count too.
        act: when the act was done; its end decides which law applies.
        found_on: when it was found; without it limitation is not judged, and the result says so.
        decided_on: the day of the decision; without it ``on``.
        on: the day the question is asked (the door's clock); used only for dates not given.

    Returns:
        Outcomes (ranges in yuan, ends included), leniency, steps with citations, warnings, missing facts.

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
    values = read_facts(facts, known.facts, ticks)
    result = _Result(known, values, shelf_of(base).provisions)
    result.laws_of(day, decided, act)
    judge_limitation(base, known.versions[-1].record.domain, act, found_on, result.steps, result.warnings)
    leniency = tuple(entry.judge(values) for entry in entries)
    result.lists(leniency)
    return result.assessment(benchmark_id, leniency)


class _Result:
    """Gathers what each record and each day contributes."""

    def __init__(self, known: Ready, values: dict[str, Value], provisions: Provisions) -> None:
        self.known = known
        self.values = values
        self.provisions = provisions
        self.outcomes: list[Outcome] = []
        self.steps: list[Step] = []
        self.warnings: list[Warning] = []
        self.missing: dict[str, None] = {}

    # ------------------------------------------------------------ which law

    def laws_of(self, day: date, decided: date, act: Period | None) -> None:
        """Apply the law of the act's last day; where it changed before the decision, show both."""
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
            self.outcomes += climb.outcomes
            self.steps += climb.steps
            self.warnings += climb.warnings
            self.missing |= climb.missing
        if any(c.amount_open for _, c in climbs) and not any(o.fine for _, c in climbs for o in c.outcomes):
            self.warnings.append(
                Warning(
                    "amount_not_loaded",
                    f"未载入依据，不能计算：条文（{day}）只规定可以罚款，没有数额，"
                    "请载入规定数额的地方性法规、规章或者裁量权基准",
                )
            )
        if len(climbs) > 1:
            self._rank_conflict(climbs, day)

    def _climb(self, compiled: Compiled, day: date) -> Climb:
        record = compiled.record
        for text in (*record.penalty_basis, *record.violated):
            self.warnings += self.provisions.warnings(text, day)
        return Climber(compiled, self.values, day, lambda text: self.provisions.canonical(text, day)).climb()

    def _rank_conflict(self, climbs: Sequence[tuple[Compiled, Climb]], day: date) -> None:
        """Two instruments of different rank that fine the same act differently."""
        ranked = []
        for compiled, climb in climbs:
            law = self.provisions.version(compiled.record.penalty_basis[0], day)
            fines = [o.fine for o in climb.outcomes if o.fine and not o.needs]
            if law and law.level in LEVELS and fines:
                ranked.append((LEVELS.index(law.level), law, fines[0]))
        ranked.sort(key=lambda r: r[0])
        for rank, law, fine in ranked[1:]:
            top_rank, top, top_fine = ranked[0]
            if rank > top_rank and not top_fine.holds(fine):
                self.warnings.append(
                    Warning(
                        "rank_conflict",
                        f"《{law.title}》（{law.level}）的罚款{fine}与《{top.title}》（{top.level}）的{top_fine}不一致，"
                        f"{top.level}效力较高，请核对适用",
                    )
                )

    # ------------------------------------------------------------ together

    def lists(self, entries: Sequence[Entry]) -> None:
        """Say which list entries are met."""
        for entry in entries:
            if entry.met:
                record = entry.record
                must = "应当" if entry.compulsory else "可以"
                self.steps.append(
                    Step(
                        f"清单：“{record.title}”的条件全部符合，{must}{record.which_list}处罚",
                        "、".join(record.basis),
                    )
                )

    def assessment(self, benchmark_id: str, leniency: tuple[Entry, ...]) -> Assessment:
        facts = self.known.facts
        asked = sorted(self.missing, key=lambda name: facts[name].type not in REQUIRED)
        return Assessment(
            benchmark=benchmark_id,
            violation=self.known.versions[-1].record.violation,
            missing_facts=tuple(_missing(name, facts[name]) for name in asked),
            outcomes=tuple(self.outcomes),
            leniency=leniency,
            steps=tuple(self.steps),
            warnings=tuple(dict.fromkeys(self.warnings)),
            facts={name: show_value(facts[name], v) for name, v in self.values.items() if name in facts},
        )


def _missing(name: str, fact: Fact) -> MissingFact:
    required = fact.type in REQUIRED
    return MissingFact(name, fact.label, fact.type, required, fact.ask, fact.unit, tuple(fact.options))
