"""Conditions in the words of the law: 货值金额不足一万元, 违法所得超过2万元, 三人以上, 拒不改正.

以上/以下/以内/达到/不超过 include the number, 不足/不满/未达/低于/超过 exclude it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from kb.errors import BadValue
from kb.money.amounts import NUMBER, squeeze
from kb.numerals import parse_number, plain, to_chinese

# word -> (which end it sets, whether the number itself is in)
_BEFORE = {
    "不足": ("high", False), "不满": ("high", False), "未满": ("high", False), "未达到": ("high", False),
    "未达": ("high", False), "不到": ("high", False), "低于": ("high", False), "少于": ("high", False),
    "小于": ("high", False), "＜": ("high", False), "<": ("high", False),
    "不超过": ("high", True), "未超过": ("high", True), "不高于": ("high", True), "不大于": ("high", True),
    "不多于": ("high", True), "≤": ("high", True),
    "超过": ("low", False), "高于": ("low", False), "多于": ("low", False), "大于": ("low", False),
    "＞": ("low", False), ">": ("low", False),
    "达到": ("low", True), "达": ("low", True), "不低于": ("low", True), "不少于": ("low", True),
    "不小于": ("low", True), "满": ("low", True), "≥": ("low", True),
    "等于": ("both", True), "为": ("both", True),
}  # fmt: skip
_AFTER = {
    "以上": ("low", True), "及以上": ("low", True), "以上不含本数": ("low", False),
    "以下": ("high", True), "及以下": ("high", True), "以内": ("high", True),
    "以下不含本数": ("high", False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a comparison: a value in ``unit`` (元, %, 倍, 人, 平方米 …) and whether it is itself in."""

    value: Decimal
    unit: str
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison on a named base, or (no ends) a statement that is true or not.

    ``base`` is the quantity compared, "" where only implied; for a statement it is the statement itself.
    """

    base: str
    low: Bound | None = None
    high: Bound | None = None

    @property
    def is_comparison(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def unit(self) -> str:
        """The unit compared in; "" where the condition writes none."""
        return next((b.unit for b in (self.low, self.high) if b is not None and b.unit), "")

    def holds(self, value: Decimal) -> bool:
        """Whether a value (in the condition's own unit) lies between the ends."""
        if self.low is not None and (
            value < self.low.value or (value == self.low.value and not self.low.inclusive)
        ):
            return False
        return (
            self.high is None or value < self.high.value or (value == self.high.value and self.high.inclusive)
        )

    def excludes_exactly(self, value: Decimal) -> bool:
        """Whether the value is an end that 不足 or 超过 leaves out."""
        return any(b is not None and not b.inclusive and b.value == value for b in (self.low, self.high))


def _words(table: dict[str, tuple[str, bool]]) -> str:
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


_UNIT = r"(?:(?![〇零一二两三四五六七八九十百千万亿以及])[\u4e00-\u9fff㎡A-Za-z/³²%％‰]){0,5}?"
_QUANTITY = rf"(?:[百千]分之{NUMBER}|{NUMBER}{_UNIT})"


def _part(n: int) -> str:
    """One half of a comparison: 不足 + quantity, quantity + 以上, or both; never a quantity alone."""
    return (
        rf"(?P<before{n}>{_words(_BEFORE)})?(?P<quantity{n}>{_QUANTITY})(?P<after{n}>{_words(_AFTER)})?"
        rf"(?(before{n})|(?(after{n})|(?!)))"
    )


_LONGEST = 200  # characters; a longer text is a statement, and patterns aren't tried on it
_AND = r"[、，,]?(?:但|且|并且|至)?"


@cache
def _comparison() -> re.Pattern[str]:
    """Compiled when the first condition is read."""
    return re.compile(rf"(?P<base>.*?)在?{_part(1)}(?:{_AND}{_part(2)})?的?")


_INCLUDED = re.compile(r"(?<=以[上下])[（(](不含本数)[)）]|(?<=以[上下])[（(]含本数[)）]")
_SPLIT = re.compile(rf"(?:(?P<part>[百千])分之)?(?P<number>{NUMBER})(?P<unit>.*)")


@lru_cache(1024)
def parse_condition(text: str) -> Condition:
    """Read one condition.

    Args:
        text: 货值金额不足一万元, 一万元以上不足五万元, 三人以上, or a statement (拒不改正).

    Raises:
        BadValue: empty, or a range whose lower end is above its upper end.
    """
    phrase = _INCLUDED.sub(lambda m: m[1] or "", squeeze(text)).rstrip("。；，")
    if not phrase:
        raise BadValue("条件是空的", hint="照条文写，如 货值金额不足一万元")
    m = _comparison().fullmatch(phrase) if len(phrase) <= _LONGEST else None
    if not m:
        return Condition(phrase.removesuffix("的") or phrase)
    low, high = _combine(_bounds(m, "1") + _bounds(m, "2"), text)
    return Condition(m["base"].removesuffix("的"), low, high)


def _bounds(m: re.Match[str], part: str) -> list[tuple[str, Bound]]:
    quantity = m["quantity" + part]
    words = [(w, t) for w, t in ((m["before" + part], _BEFORE), (m["after" + part], _AFTER)) if w]
    out = []
    for word, table in words:
        end, inclusive = table[word]
        out += [(e, _bound(quantity, inclusive)) for e in (("low", "high") if end == "both" else (end,))]
    return out


def _bound(quantity: str, inclusive: bool) -> Bound:
    m = _SPLIT.fullmatch(quantity)
    assert m  # _QUANTITY matched it
    unit = {"百": "%", "千": "‰"}.get(m["part"] or "", m["unit"].replace("％", "%"))
    return Bound(parse_number(m["number"]), unit, inclusive)


def _combine(bounds: list[tuple[str, Bound]], text: str) -> tuple[Bound | None, Bound | None]:
    ends: dict[str, Bound] = {}
    for end, bound in bounds:
        if end in ends:
            raise BadValue(f"条件“{text}”里同一端写了两次", hint="写成 一万元以上不足五万元 的样子")
        ends[end] = bound
    low, high = ends.get("low"), ends.get("high")
    if low and high:
        low = Bound(low.value, low.unit or high.unit, low.inclusive)
        high = Bound(high.value, high.unit or low.unit, high.inclusive)
        if low.unit != high.unit:
            raise BadValue(f"条件“{text}”两端的单位不同", hint=f"一端是{low.unit}，另一端是{high.unit}")
        if low.value > high.value or (low.value == high.value and not (low.inclusive and high.inclusive)):
            raise BadValue(f"条件“{text}”的下限高于上限", hint="核对原文的数字，没有数能同时符合两端")
    return low, high


def format_condition(condition: Condition) -> str:
    """Write a condition as a statute does; ``parse_condition`` reads it back to an equal value."""
    low, high = condition.low, condition.high
    if low and low == high:
        return f"{condition.base}为{_quantity(low)}"
    text = condition.base
    if low:
        text += f"{_quantity(low)}以上" if low.inclusive else f"超过{_quantity(low)}"
    if high:
        text += f"{_quantity(high)}以下" if high.inclusive else f"不足{_quantity(high)}"
    return text


def _quantity(bound: Bound) -> str:
    whole = bound.value == bound.value.to_integral_value()
    if bound.unit in ("%", "‰") and whole:
        return ("百分之" if bound.unit == "%" else "千分之") + to_chinese(int(bound.value))
    return (to_chinese(int(bound.value)) if whole else plain(bound.value)) + bound.unit
