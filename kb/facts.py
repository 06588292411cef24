"""Facts of a case, typed: what an officer typed or ticked -> a value, or an error that says what is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kb.errors import BadValue
from kb.numerals import parse_number, plain
from kb.records import Fact


@dataclass(frozen=True, slots=True)
class Unknowable:
    """A quantity that can't be established (广告费用无法计算): not the same as one nobody asked for."""

    said: str


Value = Decimal | bool | str | date | Unknowable | tuple[Decimal, ...]

YES = frozenset({"是", "有", "对", "true", "yes", "y", "1"})
NO = frozenset({"否", "无", "没有", "不是", "false", "no", "n", "0"})
BLANK = frozenset({"", "未知", "不详", "待查"})
UNKNOWABLE = ("无法计算", "无法查证", "无法确定", "难以计算", "难以确定", "明显偏低")
NUMERIC = frozenset({"money", "number", "integer", "percent"})
_MOST_VALUES = 100
MOST_DIGITS = 18
"""Well below the 28 digits of the Decimal context, so that no product is ever rounded."""

REQUIRED = NUMERIC | {"numbers", "choice", "date", "text"}
"""Types without which nothing can be said; a bool is an escalation that may be left open."""

_RIGHT = {
    "money": "写金额，如 3000、3千、0.3万、三千元",
    "number": "写数，如 3、1.5",
    "numbers": "写几个数，用顿号隔开，如 0.3、1.2",
    "integer": "写整数，如 3",
    "percent": "写百分数，如 5%、百分之五",
    "bool": "写 是 或 否",
    "date": "写日期，如 2026-07-01",
}


def read_facts(
    facts: Mapping[str, object], known: Mapping[str, Fact], more: frozenset[str]
) -> dict[str, Value]:
    """Type the facts of a case by the record that asks for them.

    Args:
        facts: values by name: typed, or strings as typed at a command (``3千``, ``0.3万``, ``是``).
            None, "" and 未知 count as not given.
        known: the facts the record asks for.
        more: further names that are yes or no (ticks and exclusions of leniency entries, …).

    Raises:
        BadValue: an unknown name (the hint lists the names), or a value of the wrong type.
    """
    out: dict[str, Value] = {}
    for name, value in facts.items():
        fact = known.get(name)
        if fact is None and name not in more:
            names = "、".join([f"{n}（{f.label}）" for n, f in known.items()] + sorted(more)) or "（无）"
            raise BadValue(f"没有名为“{name}”的情节", where=f"事实 {name}", hint=f"可用的有 {names}")
        typed = read_fact(name, fact or _TICK, value)
        if typed is not None:
            out[name] = typed
    return out


_TICK = Fact(label="清单条件", type="bool")


def read_fact(name: str, fact: Fact, value: object) -> Value | None:
    """Type one fact; None where it counts as not given.

    Raises:
        BadValue: names the fact, what was found and what would be right.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        if value in BLANK:
            return None
    typed = _typed(fact, value)
    if typed is None:
        right = _RIGHT.get(fact.type) or ("选 " + "、".join(fact.options) if fact.options else "写文字")
        shown = str(value) if len(str(value)) <= 40 else str(value)[:40] + "…"
        raise BadValue(f"“{fact.label}”的值“{shown}”不对", where=f"事实 {name}", hint=right)
    return typed


def _typed(fact: Fact, value: object) -> Value | None:
    if fact.type in NUMERIC:
        return _quantity(fact, value)
    if fact.type == "numbers":
        return _quantities(fact, value)
    if fact.type == "bool":
        return _yes_or_no(value)
    if fact.type == "date":
        return _day(value)
    if not isinstance(value, str):
        return None
    if fact.type == "choice":
        return next((o for o in fact.options if o == value), None)
    return value


def _quantity(fact: Fact, value: object) -> Decimal | Unknowable | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
    elif isinstance(value, str):
        if value in UNKNOWABLE:
            return Unknowable(value)
        try:
            number = parse_number(_bare(fact, value))
        except BadValue:
            return None
    else:
        return None
    if (
        not number.is_finite()
        or number < 0
        or len(number.as_tuple().digits) > MOST_DIGITS
        or (fact.type == "integer" and number != number.to_integral_value())
    ):
        return None
    return number


def _quantities(fact: Fact, value: object) -> tuple[Decimal, ...] | None:
    """Several values of one kind (各因子的超标倍数): 0.3、1.2; one number is one value."""
    if isinstance(value, list | tuple):
        parts: list[object] = list(value)
    else:
        parts = [p.strip() for p in re.split(r"[、；;]", value)] if isinstance(value, str) else [value]
    numbers = tuple(n for n in (_quantity(fact, p) for p in parts[:_MOST_VALUES]) if isinstance(n, Decimal))
    return numbers if numbers and len(numbers) == len(parts) else None


def _bare(fact: Fact, text: str) -> str:
    """The number without its unit: 3000元, ¥3,000, 百分之五, 5%, 3人."""
    text = re.sub(r"\s+", "", text).replace("，", ",")
    if fact.type == "money":
        return re.sub(r"^(?:人民币|[¥￥])|元$", "", text)
    if fact.type == "percent":
        return re.sub(r"^百分之|[%％]$", "", text)
    return text.removesuffix(fact.unit) if fact.unit else text


def _yes_or_no(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, int | str) else ""
    return True if word in YES else False if word in NO else None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def show_value(fact: Fact, value: Value) -> str:
    """A fact's value as a step prints it: 3000元, 是, 环境影响报告书."""
    if isinstance(value, Unknowable):
        return value.said
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return plain(value) + {"money": "元", "percent": "%"}.get(fact.type, fact.unit)
    if isinstance(value, tuple):
        return "、".join(plain(v) + fact.unit for v in value)
    return str(value)
