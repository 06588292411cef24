"""Several records for one violation on one day: which provision and which instrument applies.

Between provisions the higher rank goes first (立法法第九十九条), then, of provisions of one rank, the heavier
fine (处罚法第二十九条). Between benchmarks of one provision the place, the level and the date count. All are
shown; where the rules don't decide, the officer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from kb.discretion.result import Outcome, Range, Role, Step, Warning
from kb.laws import LawVersion
from kb.records import Benchmark, Setting

HIGHER = "《中华人民共和国立法法》第九十九条"
HEAVIER = "《中华人民共和国行政处罚法》第二十九条"
_LEVELS = ("", "县", "市", "省", "国家")
_ORDER: tuple[Role, ...] = ("适用", "", "待定", "法定幅度", "不适用")

Relation = Literal["higher", "equal", "open"]
Cite = Callable[[str], str]


@dataclass
class Given:
    """One record of the day, what it gives, and the law it rests on (None where it isn't loaded)."""

    record: Benchmark
    outcomes: list[Outcome]
    law: LawVersion | None
    refines: bool
    role: Role = ""
    why: str = ""

    def fines(self, subject: str) -> Range | None:
        """The statute's range for one person as things stand."""
        return next((o.legal for o in self._standing(subject)), None)

    def may(self, subject: str) -> bool | None:
        """Whether that fine is 可以, not 应当; None where there is none."""
        return next((o.fine_optional for o in self._standing(subject)), None)

    def _standing(self, subject: str) -> Iterable[Outcome]:
        return (o for o in self.outcomes if o.subject == subject and not o.needs and o.legal)

    @property
    def norm(self) -> str:
        """Law and article: what makes two records speak of one provision."""
        title, _, rest = self.record.penalty_basis[0].partition("》")
        return f"{self.law.title if self.law else title}{rest.partition('条')[0]}"

    @property
    def name(self) -> str:
        source = self.record.source
        return f"{source.instrument}（{source.number}）" if source.number else source.instrument

    def settle(self, role: Role, why: str) -> None:
        self.role, self.why = role, why


@dataclass
class Choice:
    """The outcomes with their roles, and what is to be said about them."""

    outcomes: list[Outcome] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(Warning(code, message))


def choose(given: Sequence[Given], place: str, order: Setting | None, cite: Cite) -> Choice:
    """Give every record its role.

    Args:
        given: the records of the day; one alone keeps no role.
        place: the agency's own place (setting ``organ/place``), "" where it isn't set.
        order: the setting that says whose benchmark prevails where two differ (上级 or 下级), if loaded.
        cite: the canonical form of a provision.
    """
    out = Choice()
    norms: dict[str, list[Given]] = {}
    for one in given:
        norms.setdefault(one.norm, []).append(one)
    for group in norms.values():
        if len(group) > 1:
            _instruments(group, place, order, out)
    live = [[g for g in group if g.role != "不适用"] for group in norms.values()]
    if len(live) > 1:
        _provisions([max(g, key=lambda one: one.refines) for g in live if g], live, cite, out)
    for one in sorted(given, key=lambda g: _ORDER.index(g.role)):
        out.outcomes += [replace(o, role=one.role, why=one.why) if one.role else o for o in one.outcomes]
    return out


# ---------------------------------------------------------------- benchmarks of one provision


def _instruments(group: list[Given], place: str, order: Setting | None, out: Choice) -> None:
    refining = [g for g in group if g.refines and any(o.tier or o.fine for o in g.outcomes)]
    if not refining:
        return
    for one in group:
        if not one.refines:
            one.settle("法定幅度", "这是条文本身的幅度，在幅度内按裁量权基准确定")
    places = sorted({g.record.source.place for g in refining if g.record.source.place}, key=len)
    if places and not place:
        out.warn("place_not_set", "没有设置本机关所在地（organ/place），不能判断哪一地的裁量权基准适用")
        if not all(places[-1].startswith(one) for one in places):
            for one in refining:
                one.settle("待定", "没有设置本机关所在地")
            return
    here = []
    for one in refining:
        other = one.record.source.place
        if place and other and not place.startswith(other):
            one.settle("不适用", f"{one.name}适用于{other}，本机关在{place}")
        else:
            here.append(one)
    if len(here) > 1:
        _same_place(here, order, out)
    elif here:
        here[0].settle("适用", f"{here[0].name}是本地适用的裁量权基准" if place else "")


def _same_place(here: list[Given], order: Setting | None, out: Choice) -> None:
    """By level, then by date; levels that differ need a loaded rule, or the lower within the upper."""
    here.sort(key=lambda g: (_LEVELS.index(g.record.source.level), g.record.from_ or date.min), reverse=True)
    newest: dict[tuple[str, str], Given] = {}
    for one in here:
        source = one.record.source
        first = newest.setdefault((source.level, source.place), one)
        if first is not one:
            one.settle("不适用", f"同一级的{first.name}自{first.record.from_}起施行，较新")
    ranked = list(newest.values())
    low = ranked[-1]
    for high in ranked[:-1]:
        if _within(low, high):
            high.settle("法定幅度", f"{low.name}在它的幅度内作了细化")
        else:
            _differ(high, low, order, out)
    if not low.role:
        low.settle("适用", "级别最接近本机关的裁量权基准" if len(ranked) > 1 else "较新的裁量权基准")
    out.warn(
        "several_instruments", "同一违法行为有几个裁量权基准，都已列出：" + "、".join(g.name for g in here)
    )


def _differ(high: Given, low: Given, order: Setting | None, out: Choice) -> None:
    said = order.value if order else None
    if said in ("上级", "下级"):
        first, second = (high, low) if said == "上级" else (low, high)
        assert order is not None
        why = f"{order.source.instrument}：两者不一致的，适用{said}机关的裁量权基准"
        first.settle("适用", why)
        second.settle("不适用", why)
        return
    why = "上下级的裁量权基准不一致，没有载入确定先后的依据"
    for one in (high, low):
        one.settle("待定", why)
    out.warn("instrument_conflict", f"{high.name}与{low.name}的幅度不一致，{why}，请执法人员判断")


def _within(low: Given, high: Given) -> bool:
    """Whether a lower instrument keeps within the upper one, as far as both answer."""
    for o in low.outcomes:
        other = next((h for h in high.outcomes if h.subject == o.subject and h.needs == o.needs), None)
        if other and o.fine and other.fine and not other.fine.holds(o.fine):
            return False
    return True


# ---------------------------------------------------------------- provisions of several laws


def _provisions(heads: list[Given], groups: list[list[Given]], cite: Cite, out: Choice) -> None:
    """Compare the provisions, the highest rank first; a group shares the fate of its head."""
    heads.sort(key=lambda g: _rank(g.law))
    top = heads[0]
    for one in heads[1:]:
        relation = _relation(top.law, one.law)
        pairs = [(a, b) for s in _subjects(top, one) if (a := top.fines(s)) and (b := one.fines(s))]
        if one.record.violation != top.record.violation:
            acts = "、".join(f"“{g.record.violation}”" for g in (top, one))
            out.warn("several_violations", f"{acts}是不同的情形，规定都已列出，请按查明的情形选择")
            continue
        if not pairs or relation is None:
            continue
        if relation == "higher":
            _by_rank(top, one, pairs, cite, out)
        elif relation == "open":
            _open(top, one, pairs, out)
        else:
            top = _by_weight(top, one, pairs, cite, out)
    for group in groups:
        head = next((h for h in heads if any(h is one for one in group)), None)
        for one in group:
            if head and head.role in ("不适用", "待定") and one is not head:
                one.settle(head.role, head.why)


def _subjects(*given: Given) -> Iterable[str]:
    return dict.fromkeys(o.subject for g in given for o in g.outcomes)


def _rank(law: LawVersion | None) -> int:
    """宪法和法律 0, 行政法规 1, 地方性法规 2, 规章 3, anything else 4."""
    level = law.level if law else ""
    ranks = {"宪法": 0, "法律": 0, "行政法规": 1, "监察法规": 1, "地方性法规": 2, "自治条例和单行条例": 2}
    return ranks.get(level, 3 if level.endswith("规章") else 4)


def _relation(one: LawVersion | None, other: LawVersion | None) -> Relation | None:
    """How two laws stand to each other; None where the rank of one isn't known.

    地方性法规 against 部门规章, and rules of ministries against those of places, are for others to settle
    (立法法第一百零六条第一款).
    """
    a, b = _rank(one), _rank(other)
    if one is None or other is None or 4 in (a, b):
        return None
    if {one.level, other.level} in ({"地方性法规", "部门规章"}, {"部门规章", "地方政府规章"}):
        return "open"
    return "equal" if a == b else "higher"


def _by_rank(top: Given, one: Given, pairs: list[tuple[Range, Range]], cite: Cite, out: Choice) -> None:
    """A lower provision details a higher one only within its range; 应当 is not within 可以 (处罚法 11)."""
    assert top.law
    assert one.law
    harder = any(top.may(s) and one.may(s) is False for s in _subjects(top, one))
    if all(a.holds(b) for a, b in pairs) and not harder:
        why = f"《{one.law.title}》在《{top.law.title}》规定的幅度内作出具体规定"
        one.settle(one.role or "适用", one.why or why)
        top.settle("法定幅度", why)
        return
    higher, lower = next(((a, b) for a, b in pairs if not a.holds(b)), pairs[0])
    kind = "，一个应当罚款、一个可以罚款" if harder else ""
    why = f"《{top.law.title}》是{top.law.level}，效力高于{one.law.level}"
    top.settle(top.role or "适用", top.why or why)
    one.settle("不适用", why)
    out.warn(
        "rank_conflict",
        f"《{one.law.title}》（{one.law.level}）的罚款{lower}与《{top.law.title}》（{top.law.level}）的{higher}不一致{kind}，"
        f"{top.law.level}效力较高，请核对适用",
    )
    out.steps.append(Step(f"效力：{why}，适用《{top.law.title}》", cite(HIGHER)))


def _open(top: Given, one: Given, pairs: list[tuple[Range, Range]], out: Choice) -> None:
    assert top.law
    assert one.law
    if all(a == b for a, b in pairs):
        return
    why = f"《{top.law.title}》（{top.law.level}）与《{one.law.title}》（{one.law.level}）效力没有高低之分"
    for given in (top, one):
        given.settle("待定", why)
    out.warn("rank_open", f"{why}，规定的罚款不一致，不能确定如何适用的，依法报请有权机关裁决")


def _by_weight(top: Given, one: Given, pairs: list[tuple[Range, Range]], cite: Cite, out: Choice) -> Given:
    """同一个违法行为违反多个法律规范: the heavier fine; returns the one that goes on."""
    names = f"{'、'.join(top.record.penalty_basis)}与{'、'.join(one.record.penalty_basis)}"
    if all(a == b for a, b in pairs):
        return top
    heavier = top if all(_at_least(a, b) for a, b in pairs) else None
    heavier = heavier or (one if all(_at_least(b, a) for a, b in pairs) else None)
    if heavier is None:
        shown = "；".join(f"{a}与{b}" for a, b in pairs)
        why = "两者的最高额和最低额高低不一，不能只凭数额确定哪一个较高"
        for given in (top, one):
            given.settle("待定", why)
        out.warn("heavier_unclear", f"同一行为违反{names}，罚款分别为{shown}：{why}，请执法人员判断")
        out.steps.append(
            Step("同一行为违反多个法律规范：按罚款数额高的规定处罚，两者都已列出", cite(HEAVIER))
        )
        return top
    lighter = one if heavier is top else top
    why = "同一行为违反多个法律规范，按罚款数额高的规定处罚"
    heavier.settle("适用", why)
    lighter.settle("不适用", why)
    out.warn("heavier_applies", f"同一行为违反{names}，按罚款数额高的{heavier.record.penalty_basis[0]}处罚")
    out.steps.append(Step(f"{why}：{'、'.join(heavier.record.penalty_basis)}", cite(HEAVIER)))
    return heavier


def _at_least(one: Range, other: Range) -> bool:
    """No lower at either end."""
    if one.low < other.low:
        return False
    return one.high is None or (other.high is not None and one.high >= other.high)
