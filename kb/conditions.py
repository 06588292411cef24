"""Conditions bound to facts: 货值金额不足一万元 tests the fact whose label is, or ends with, 货值金额."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from kb.errors import BadRecord
from kb.facts import NUMERIC, UNKNOWABLE, Unknowable, Value
from kb.money import Condition, parse_condition
from kb.money.amounts import squeeze
from kb.records import AnyOf, Fact, When

_NOT = ("没有", "不是", "未曾", "并未", "未", "无", "不", "非")
_SAME_UNIT = {
    "名": "人",
    "位": "人",
    "天": "日",
    "个月": "月",
    "千克": "公斤",
    "㎡": "平方米",
    "m²": "平方米",
    "立方": "立方米",
}


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of one fact; ``flag`` is a yes-or-no fact with its sign (``+refused``), else ""."""

    text: str
    fact: str
    test: Callable[[Value], bool]
    flag: str = ""
    condition: Condition | None = None


Way = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``answer`` None: it depends on ``missing`` facts. ``way`` is what made it true."""

    answer: bool | None
    missing: tuple[str, ...] = ()
    way: Way = ()


_ALWAYS = Verdict(True)
_NEVER = Verdict(False)


@dataclass(frozen=True, slots=True)
class Test:
    """A bound `when`: true where all atoms of any way are.

    ``keys``: the facts it turns on; ``flags``: the yes-or-no ones among them, with their sign.
    """

    text: str
    ways: tuple[Way, ...]
    keys: frozenset[str]
    flags: frozenset[str] = frozenset()

    __test__ = False  # no pytest class

    def judge(self, values: Mapping[str, Value]) -> Verdict:
        """Judge it on the facts known."""
        missing: list[str] = []
        for way in self.ways:
            open_: list[str] = []
            for atom in way:
                value = values.get(atom.fact)
                if value is None:
                    open_.append(atom.fact)
                elif not atom.test(value):
                    break
            else:
                if not open_:
                    return Verdict(True, (), way) if way else _ALWAYS
                missing += open_
        return Verdict(None, tuple(dict.fromkeys(missing))) if missing else _NEVER

    def atoms(self) -> Iterator[Atom]:
        for way in self.ways:
            yield from way


ALWAYS = Test("", ((),), frozenset())
"""No condition."""


def bind(when: When, facts: Mapping[str, Fact]) -> Test:
    """Bind a record's `when` to its facts.

    Raises:
        BadRecord: a condition that binds to no fact, or to several; BadValue: one that can't be read.
    """
    return ALWAYS if when is None else _test(words(when), _bound(when, facts))


def words(when: When) -> str:
    """A `when` as a sentence has it: A，且（B或者C）."""
    if when is None or isinstance(when, str):
        return when or ""
    parts: Sequence[str | list[str] | AnyOf] = when.any if isinstance(when, AnyOf) else when
    said = [one if isinstance(one, str) else _bracketed(one, len(parts)) for one in parts]
    return ("或者" if isinstance(when, AnyOf) else "，且").join(said)


def _bracketed(when: list[str] | AnyOf, of: int) -> str:
    text = words(list(when) if isinstance(when, list) else when)
    return f"（{text}）" if of > 1 else text


def _bound(when: str | Sequence[str | AnyOf] | AnyOf, facts: Mapping[str, Fact]) -> tuple[Way, ...]:
    if isinstance(when, str):
        return _ways(when, facts, "")
    if isinstance(when, AnyOf):
        return tuple(way for one in when.any for way in _bound(one, facts))
    return _joined([_bound(one, facts) for one in when])


def _test(text: str, ways: tuple[Way, ...]) -> Test:
    atoms = [atom for way in ways for atom in way]
    flags = frozenset(a.flag for a in atoms if a.flag)
    return Test(text, ways, flags | {a.fact for a in atoms if not a.flag}, flags)


def _ways(text: str, facts: Mapping[str, Fact], fact_before: str) -> tuple[Way, ...]:
    """One condition string as ways; a compound (A或者B, A且B) only where it is no condition as a whole."""
    phrase = squeeze(text).rstrip("。；，")
    phrase = phrase.removesuffix("的") or phrase
    if atom := _statement(phrase, facts):
        return ((atom,),)
    for connector, join in ((r"，?(?:并且|而且|且)", _all), (r"，?或者?", _any)):
        if len(parts := re.split(connector, phrase)) > 1:
            with suppress(BadRecord):
                return join(parts, facts, fact_before)
    if atom := _quantity(phrase, facts, fact_before):
        return ((atom,),)
    raise BadRecord(
        f"条件“{text}”没有对应的事实",
        hint="在 facts 中写一个同名的事实，或者把这一说法加进某个事实的 aka",
    )


def _all(parts: list[str], facts: Mapping[str, Fact], fact_before: str) -> tuple[Way, ...]:
    return _joined([_ways(part, facts, fact_before) for part in parts])


def _joined(parts: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """All of several: each way of one with each way of the others."""
    return tuple(tuple(atom for way in combo for atom in way) for combo in product(*parts))


def _any(parts: list[str], facts: Mapping[str, Fact], fact_before: str) -> tuple[Way, ...]:
    """没有违法所得或者不足二万元: a later part that leaves its base out has the one before."""
    ways: list[Way] = []
    for part in parts:
        ways += _ways(part, facts, ways[-1][-1].fact if ways else fact_before)
    return tuple(ways)


# ---------------------------------------------------------------- yes or no, and one of several


def _names(fact: Fact) -> list[str]:
    return [name for label in (fact.label, *fact.aka) for name in (label, label.removeprefix("是否"))]


def _statement(phrase: str, facts: Mapping[str, Fact]) -> Atom | None:
    for name, fact in facts.items():
        if fact.type == "bool":
            words = [w.removesuffix("的") for w in _names(fact)]
            if phrase in words:
                return Atom(phrase, name, lambda v: v is True, f"+{name}")
            if any(phrase == no + w for w in words for no in _NOT):
                return Atom(phrase, name, lambda v: v is False, f"-{name}")
    for name, fact in facts.items():
        if fact.type == "choice" and (atom := _option(phrase, name, fact)):
            return atom
    return None


def _option(phrase: str, name: str, fact: Fact) -> Atom | None:
    """环境影响报告书, 审批文件为环境影响报告书, 审批文件不是环境影响报告书."""
    for option in sorted(fact.options, key=len, reverse=True):
        if phrase == option:
            return Atom(phrase, name, _equals(option))
        if not phrase.endswith(option):
            continue
        m = re.fullmatch(rf"(?P<base>.*?)(?P<no>不|并非|非)?(?:为|是|属于|：|:){re.escape(option)}", phrase)
        if m and any(m["base"] and (m["base"] in w or w in m["base"]) for w in _names(fact)):
            return Atom(phrase, name, _differs(option) if m["no"] else _equals(option))
    return None


def _equals(option: str) -> Callable[[Value], bool]:
    return lambda value: value == option


def _differs(option: str) -> Callable[[Value], bool]:
    return lambda value: value != option


# ---------------------------------------------------------------- quantities


def _quantity(phrase: str, facts: Mapping[str, Fact], fact_before: str) -> Atom | None:
    for word in UNKNOWABLE:
        if phrase.endswith(word):
            base = phrase.removesuffix(word)
            name = quantity_fact(base, "", facts) if base else fact_before
            return Atom(phrase, name, lambda v: isinstance(v, Unknowable)) if name else None
    for no in ("没有", "无"):
        if phrase.startswith(no) and (name := quantity_fact(phrase.removeprefix(no), "", facts)):
            return Atom(phrase, name, lambda v: v == 0)
    condition = parse_condition(phrase)
    if not condition.is_comparison:
        return None
    name = quantity_fact(condition.base, condition.unit, facts) if condition.base else ""
    name = name or ("" if condition.base else fact_before or quantity_fact("", condition.unit, facts))
    return Atom(phrase, name, _compare(condition), "", condition) if name else None


def _compare(condition: Condition) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Decimal) and condition.holds(value)


def quantity_fact(base: str, unit: str, facts: Mapping[str, Fact]) -> str:
    """The name of the one fact that a base means, "" where none or more than one could be meant.

    The nearest kind of match wins: the label (or an aka) itself, a label that ends with the base, a base that
    ends with a label. An empty base means the only fact that is counted in the unit.
    """
    able = {n: f for n, f in facts.items() if f.type in NUMERIC and _counts_in(f, unit)}
    if not base:
        return next(iter(able)) if len(able) == 1 else ""
    kinds: tuple[Callable[[str], bool], ...] = (
        lambda word: word == base,
        lambda word: word.endswith(base),
        lambda word: base.endswith(word),
    )
    for matches in kinds:
        found = [n for n, f in able.items() if any(matches(w) for w in _names(f))]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _counts_in(fact: Fact, unit: str) -> bool:
    if not unit:
        return True
    if fact.type == "money" or unit == "元":
        return fact.type == "money" and unit == "元"
    if fact.type == "percent" or unit == "%":
        return fact.type == "percent" and unit == "%"
    return not fact.unit or _SAME_UNIT.get(fact.unit, fact.unit) == _SAME_UNIT.get(unit, unit)
