"""Sums of money in a query: the fine that is looked for, and the amount that decides a branch.

罚款5万以上 asks for what allows such a fine; 货值3000 and a lone 三千元 are facts of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kb.errors import BadRecord, BadValue
from kb.money import Fine, parse_fine
from kb.numerals import parse_number, plain

NO_LIMIT = 2**62
"""Stands for no upper end, in yuan: the fine is a multiple or a share of something."""
_DIGITS = r"\d[\d,]*(?:\.\d+)?[十百千万亿]*\d?"
_CHINESE = r"[一二两三四五六七八九十百千][一二两三四五六七八九十百千万亿]*"
_AMOUNT = rf"(?P<amount>{_DIGITS}|{_CHINESE})\s*(?:余|多)?+\s*+(?:元|块钱?+)?+"
_LEAST = "至少|不低于|不少于|不得低于|超过|大于|高于|最少"
_MOST = "不超过|不高于|最多|至多|低于|少于"
_FINE = re.compile(
    rf"(?<=罚|款)\s*(?P<before>{_LEAST}|{_MOST})?\s*(?P<sum>{_AMOUNT}\s*(?P<after>以上|以下|以内|起|左右)?+)"
    rf"(?!\s*(?:至|到|[-—~～]|\d|{_CHINESE}|[倍条款项年月日个次%％]))"
)
_LABELS = "违法所得|非法所得|销售收入|货值金额|销售额|货值|价值|案值|金额|所得|收入|数额"
_VALUE = re.compile(
    rf"(?P<label>{_LABELS})(?:大概|大约|约|共计|共|为|是)?\s*(?P<sum>{_AMOUNT})(?!以上|以下|不足|[\d倍条款项])"
)
_SCALES = {"万": "千", "千": "百", "百": "十"}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in yuan; ``low`` or ``high`` None: no such end. ``label``: what the sum is of, as it was said."""

    text: str
    low: Decimal | None
    high: Decimal | None
    label: str = ""

    @property
    def said(self) -> str:
        """The sum in a sentence."""
        if self.low == self.high and self.low is not None:
            return f"{plain(self.low)}元"
        return (
            f"{plain(self.low)}元以上" if self.low is not None else f"{plain(self.high or Decimal(0))}元以下"
        )

    def fits(self, low: int, high: int) -> bool:
        """Whether a fine between these ends can be such a sum."""
        return (self.low is None or high >= self.low) and (self.high is None or low <= self.high)


def value_of(text: str) -> Decimal | None:
    """An amount as it is said: 3000, 三千, 3.5万, 一万五 (15,000); None where it is none."""
    text = re.sub(r"[\s余多元块钱]", "", text)
    if m := re.fullmatch(r"(.+([万千百]))([一二三四五六七八九1-9])", text):
        text = m[1] + m[3] + _SCALES[m[2]]
    try:
        return parse_number(text)
    except BadValue:
        return None


def fine_asked(said: str) -> Sum | None:
    """The fine that a query asks for; a range of the law (五万元以上十万元以下) is none."""
    m = _FINE.search(said)
    value = value_of(m["amount"]) if m else None
    if m is None or value is None:
        return None
    before, after = m["before"] or "", m["after"] or ""
    least = before in _LEAST.split("|") or after in ("以上", "起")
    most = before in _MOST.split("|") or after in ("以下", "以内")
    return Sum(m["sum"].strip(), None if most else value, None if least else value)


def value_asked(said: str, lone: Iterable[str]) -> Sum | None:
    """The amount that is said to be of something, else the first lone one.

    Args:
        lone: amounts that stand alone.
    """
    m = _VALUE.search(said)
    for text, label in ((m["sum"].strip(), m["label"]) if m else ("", ""), *((text, "") for text in lone)):
        if text and (value := value_of(text)) is not None:
            return Sum(text, value, value, label)
    return None


def fines_reach(phrases: Iterable[str]) -> tuple[int, int] | None:
    """The least and the highest fine that some fine phrases allow, in yuan; None where they say none."""
    ends = [reach(fine) for phrase in phrases for fine in _fine(phrase)]
    return join(ends)


def join(ends: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The least and the highest of some ranges."""
    known = list(ends)
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None


def reach(fine: Fine) -> tuple[int, int]:
    """The ends of one fine in yuan; a fine by multiples or by unit has no upper one."""
    low = int(fine.low.value) if fine.low is not None and not fine.low.is_ratio else 0
    open_end = fine.per or fine.high is None or fine.high.is_ratio
    return low, NO_LIMIT if open_end else int(fine.high.value) if fine.high else NO_LIMIT


def _fine(phrase: str) -> Iterator[Fine]:
    try:
        fine = parse_fine(phrase)
    except (BadValue, BadRecord):
        return
    if fine.has_amount:
        yield fine
