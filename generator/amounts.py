"""Sums of money as papers write them: 伍万元整（¥50,000.00）, 50,000元, 五万元, 5万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kb.errors import BadValue
from kb.numerals import parse_number

REMEMBERED = 500
"""Texts whose sums are kept; letters of one batch say the same things."""
_MONEY = re.compile("[元圆¥￥]")
_CAPITALS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿"
_MINOR = {"角": Decimal("0.1"), "分": Decimal("0.01")}
# 伍万元整, 贰仟陆佰捌拾元伍角
WORDS = rf"(?<![{_CAPITALS}])[{_CAPITALS}]{{1,40}}(?:元|圆)(?:[{_CAPITALS}]角)?(?:[{_CAPITALS}]分)?(?:整|正)?"
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*[百千万亿]*|[一二三四五六七八九十百千万亿零〇两]+"
FIGURES = rf"[¥￥]\s*(?P<sign>[\d,]+(?:\.\d+)?)\s*元?|(?P<yuan>(?!0\d){_PLAIN})\s*元"
# 伍万元整（¥50,000.00）, 50,000元（大写：伍万元整）
_SUM = re.compile(
    rf"(?:人民币\s*)?(?:(?P<words>{WORDS})(?:\s*[（(]\s*(?:小写|人民币)?[:：]?\s*"
    rf"(?:[¥￥]\s*)?(?P<pair>[\d,]+(?:\.\d+)?)\s*元?\s*[）)])?"
    rf"|(?:{FIGURES})(?:\s*[（(]\s*(?:大写)?\s*[:：]?\s*(?:人民币)?\s*(?P<after>{WORDS})\s*[）)])?)"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a text, in yuan; ``figures``: what stands in figures where it is in capitals too."""

    start: int
    end: int
    text: str
    amount: Decimal
    figures: Decimal | None = None


@lru_cache(REMEMBERED)
def sums(text: str) -> tuple[Sum, ...]:
    """Every sum of money of a text, in order; capitals and figures, one in brackets, are one sum."""
    return tuple(_sums(text)) if _MONEY.search(text) else ()


def _sums(text: str) -> Iterator[Sum]:
    for match in _SUM.finditer(text):
        written = match["words"] or match["after"]
        plain = match["sign"] or match["yuan"] or match["pair"]
        figures = _value(plain) if plain else None
        amount = capitals_value(written) if written else figures
        if amount is None:
            continue
        figures = figures if written else None
        yield Sum(match.start(), match.end(), match[0], amount, figures)


def capitals_value(words: str) -> Decimal | None:
    """伍万元整 as 50000; None where the words make no number."""
    yuan, _, rest = words.replace("圆", "元").partition("元")
    total = _value(yuan)
    for unit, size in _MINOR.items():
        if total is not None and (found := re.search(rf"([{_CAPITALS}]){unit}", rest)):
            minor = _value(found[1])
            total = None if minor is None else total + minor * size
    return total


def _value(text: str) -> Decimal | None:
    try:
        return parse_number(re.sub(r"\s", "", text))
    except BadValue:
        return None
