"""One amount as statutes write it: 五万元, 20万元, 十倍, 百分之五, 5%, 等值."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kb.errors import BadValue
from kb.numerals import parse_number, plain, to_chinese

Unit = Literal["元", "倍", "%", "‰", "‱"]
RATIOS: dict[str, Decimal] = {
    "倍": Decimal(1),
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "‱": Decimal("0.0001"),
}
PARTS: dict[str, Unit] = {"百": "%", "千": "‰", "万": "‱"}
"""百分之, 千分之, 万分之."""

_SPACE = r"[ \u3000\u00a0]*"
_ARABIC = r"[0-9０-９]+(?:,[0-9０-９]{3})*(?:[.．][0-9０-９]+)?"
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_SCALE = "十百千万亿"
NUMBER = (
    rf"(?:{_ARABIC}(?:{_SPACE}[{_SCALE}]+(?:[0-9０-９]+[{_SCALE}]+)*(?:[0-9０-９]+)?)?"
    rf"|[{_CHINESE}]+(?:点[{_CHINESE}]+)?)"
)
"""A number in either writing (五万, 3.5万, 1万5千); regular expression without groups."""

# 百分之 stands first: 百 alone is a number too
AMOUNT = (
    rf"(?:[百千万]分之{NUMBER}|(?:人民币{_SPACE})?{NUMBER}(?:{_SPACE}(?:元(?:人民币)?|[倍%％‰‱]))?|等值|等额)"
)
"""An amount, with or without its unit; regular expression without groups."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with its unit: 元, or a ratio of a base (倍, %, ‰, ‱). 等值 is one 倍."""

    value: Decimal
    unit: Unit = "元"

    @property
    def is_ratio(self) -> bool:
        return self.unit != "元"

    def in_yuan(self, base: Decimal | None = None) -> Decimal:
        """The amount in yuan; a ratio needs the base, in yuan."""
        if self.unit == "元":
            return self.value
        if base is None:
            raise BadValue(f"“{format_amount(self)}”要有基数才能计算", hint="先填写作为基数的金额")
        return base * self.value * RATIOS[self.unit]


_UNITS: dict[str, Unit] = {"元": "元", "倍": "倍", "%": "%", "％": "%", "‰": "‰", "‱": "‱"}


def squeeze(text: str) -> str:
    """The phrase without spaces and line breaks: tables and PDF files break lines anywhere."""
    return re.sub(r"\s+", "", text)


def parse_amount(text: str, default: Unit | None = None) -> Amount:
    """Read one amount; ``default`` is the unit of a bare number (二万 in 二千元以上二万以下).

    Raises:
        BadValue: not an amount, or a bare number without a default.
    """
    phrase = squeeze(text).removeprefix("人民币").removesuffix("人民币")
    if phrase in ("等值", "等额"):
        return Amount(Decimal(1), "倍")
    if phrase[1:3] == "分之" and phrase[0] in PARTS:
        return Amount(parse_number(phrase[3:]), PARTS[phrase[0]])
    if unit := _UNITS.get(phrase[-1:]):
        return Amount(parse_number(phrase[:-1]), unit)
    if default is None:
        raise BadValue(f"“{text}”没有写明单位", hint="写成 五万元、十倍、百分之五 等")
    return Amount(parse_number(phrase), default)


def format_amount(amount: Amount, *, arabic: bool = False) -> str:
    """Write an amount as 法律 do (Chinese numerals), or as 行政法规 do (``arabic``).

    A value that is no whole number is written in Arabic numerals in both.
    """
    value = amount.value
    chinese = not arabic and value == value.to_integral_value()
    if amount.unit in ("元", "倍"):
        return (to_chinese(int(value)) if chinese else _short(value)) + amount.unit
    return in_parts(value, amount.unit) if chinese else plain(value) + amount.unit


def in_parts(value: Decimal, unit: str) -> str:
    """百分之五 for 5 and %; a value that is no whole number stays in Arabic numerals."""
    if value != value.to_integral_value():
        return plain(value) + unit
    return next(c for c, u in PARTS.items() if u == unit) + "分之" + to_chinese(int(value))


def _short(value: Decimal) -> str:
    """20万 rather than 200000, as the regulations print it."""
    for size, word in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if value and value % size == 0:
            return plain(value / size) + word
    return plain(value)
