"""The circumstances a sheet weighs as facts to ask for: counts as numbers, the rest as choices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kb.conditions import bind
from kb.errors import CailiangError
from kb.money import parse_condition
from kb.money.amounts import squeeze
from kb.records import Fact, FactType

_TYPES: dict[str, FactType] = {"元": "money", "%": "percent"}
_COUNTED = frozenset("个项次人件辆条份台套家处户")
_NOTHING = re.compile(r"[—–\-/／一]*")


def option_of(text: str) -> str:
    """A printed circumstance as an option: without spaces, final marks and a final 的."""
    plain = squeeze(text).strip("。；，、")
    return plain.removesuffix("的") or plain


def is_blank(text: str) -> bool:
    """Whether a cell says that nothing is asked here: —— or /."""
    return bool(_NOTHING.fullmatch(squeeze(text)))


@dataclass
class Facts:
    """The facts of one record, named factor_1, factor_2 … in the order of the print."""

    facts: dict[str, Fact] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)

    def factor(self, label: str, options: Iterable[str]) -> str:
        """The name of a factor's fact: a number where all its options are comparisons in one unit."""
        given = list(dict.fromkeys(map(option_of, options)))
        label = squeeze(label)
        unit = self._unit(label, given)
        if any(label == f.label for f in self.facts.values()):
            label += str(len(self.facts) + 1)  # two factors of one name are two facts
        name = f"factor_{len(self.facts) + 1}"
        if unit:
            kind = _TYPES.get(unit, "integer" if unit in _COUNTED else "number")
            fact = Fact(label=label, type=kind, unit=unit, ask=f"{label}是多少{unit}？")
            if _binds(fact, name, given):
                self.facts[name] = fact
                return name
        self.facts[name] = Fact(label=label, type="choice", options=given, ask=f"{label}属于哪一种？")
        return name

    def _unit(self, label: str, options: list[str]) -> str:
        units = set()
        for option in options:
            try:
                condition = parse_condition(option)
            except CailiangError as error:
                self.slips.append(f"“{label}”：{error.message}")
                return ""
            if not condition.is_comparison or condition.base:
                return ""
            units.add(condition.unit)
        return units.pop() if len(units) == 1 else ""

    def condition(self, name: str, text: str) -> str:
        """A printed circumstance as a condition on its fact."""
        fact, option = self.facts[name], option_of(text)
        return f"{fact.label}为{option}" if fact.type == "choice" else f"{fact.label}{option}"

    def flag(self, text: str, aka: Iterable[str] = ()) -> str:
        """A yes-or-no fact under its own words; the condition on it."""
        label = option_of(text)
        for fact in self.facts.values():
            if fact.type == "bool" and label in (fact.label, *fact.aka):
                return label
        others = [a for a in map(option_of, aka) if a != label]
        self.facts[f"flag_{len(self.facts) + 1}"] = Fact(
            label=label, type="bool", ask=f"是否{label}？", aka=others
        )
        return label

    def money(self, label: str) -> str:
        """The sum that a multiple or a share is of; its label."""
        known = (f.label for f in self.facts.values() if f.type == "money")
        found = next((k for k in known if k.endswith(label) or label.endswith(k)), None)
        if found is None:
            self.facts[f"base_{len(self.facts) + 1}"] = Fact(label=label, type="money", unit="元")
        return found or label

    def count(self, unit: str) -> None:
        """What a fine per unit (元/车次) is counted by."""
        if not any(f.unit == unit for f in self.facts.values()):
            name = f"count_{len(self.facts) + 1}"
            self.facts[name] = Fact(label=f"{unit}数", type="integer", unit=unit)


def _binds(fact: Fact, name: str, options: Iterable[str]) -> bool:
    """Whether each option binds to the fact, with its label before it and alone."""
    try:
        for option in options:
            bind(option, {name: fact})
            bind(f"{fact.label}{option}", {name: fact})
    except CailiangError:
        return False
    return True
