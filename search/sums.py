"""Sums of money in a query: the fine that is looked for, and the amount that decides a branch.

罚款5万以上 asks for what allows such a fine; 货值3000, 货值不足一万 and a lone 三千元 are facts of the case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kb.errors import BadRecord, BadValue
from kb.money import Fine, parse_fine
from kb.numerals import parse_number, plain, to_chinese

NO_LIMIT = 2**62
"""Stands for no upper end, in yuan: the fine is a multiple or a share of something."""
WAN = Decimal(10000)
# Possessive throughout: an amount that the words around it forbid is none, not a shorter one.
_NUMBER = (
    r"(?:\d[\d,]*+(?:\.\d++)?+[十百千万亿]*+\d?+"
    r"|[一二两三四五六七八九十百千][一二两三四五六七八九十百千万亿]*+)"
)
_YUAN = r"\s*+(?:余|多)?+\s*+(?:元|块钱?+)?+"
_LEAST = "至少|不低于|不少于|不得低于|超过|大于|高于|最少"
_MOST = "不超过|不高于|最多|至多|低于|少于|不足|不满"
_FINE = re.compile(
    rf"(?:最[高低多少]|至[多少])?(?:罚款?|处|(?<=款))\s*+"
    rf"(?P<sum>(?P<before>{_LEAST}|{_MOST})?\s*+(?P<amount>{_NUMBER}){_YUAN}\s*+"
    rf"(?P<after>以上|以下|以内|起|左右)?+)"
    rf"(?!\s*(?:至|到|[-—~～]|{_NUMBER}|[倍条款项年月日个次%％]))"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?P<yuan>{_YUAN})\s*+(?:以上\s*+(?:至|到)?+|至|到|[-—~～]+)\s*+"
    rf"(?P<high>{_NUMBER}){_YUAN}\s*+(?:以下|以内)?+(?![倍条款项年月日个次%％])"
)
_FINED = re.compile(r"(?:罚款?|处|款)\s*$")
_LABELS = ("违法所得", "非法所得", "销售收入", "货值金额", "销售额", "货值", "所得", "收入")
_ANY_LABEL = ("价值", "案值", "金额", "数额")
_BELOW = re.compile(r"不足|不满|低于|少于")
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
        if self.low is None and self.high is not None and _BELOW.match(self.text):
            return f"不足{_money(self.high)}"
        return said_range(self.low, self.high)

    @property
    def as_of_law(self) -> str:
        """A range as an article writes it: 五万元以上十万元以下; empty for another sum."""
        if self.low is None or self.high is None or self.low == self.high:
            return ""
        return f"{to_chinese(int(self.low))}元以上{to_chinese(int(self.high))}元以下"

    @property
    def exact(self) -> bool:
        """Whether it is one amount."""
        return self.low is not None and self.low == self.high

    @property
    def example(self) -> Decimal | None:
        """One amount that the sum can be."""
        if self.low is not None or self.high is None:
            return self.low
        return max(self.high - Decimal("0.01"), Decimal(0))


def said_range(low: Decimal | None, high: Decimal | None) -> str:
    """5万元, 5万元以上, 10万元以下, 5万元以上10万元以下; empty without ends."""
    if low is not None and low == high:
        return _money(low)
    first = f"{_money(low)}以上" if low else ""
    return first + (f"{_money(high)}以下" if high is not None else "")


def _money(value: Decimal) -> str:
    """万 only where it is exact to two places."""
    return f"{plain(value / WAN)}万元" if value >= WAN and value % 100 == 0 else f"{plain(value)}元"


_BEYOND = Decimal(10) ** 15


def value_of(text: str) -> Decimal | None:
    """An amount as it is said: 3000, 三千, 3.5万, 一万五 (15,000); None where it is none or beyond any."""
    text = re.sub(r"[\s余多元块钱]", "", text)
    if m := re.fullmatch(r"(.+([万千百]))([一二三四五六七八九1-9])", text):
        text = m[1] + m[3] + _SCALES[m[2]]
    try:
        value = parse_number(text)
    except BadValue:
        return None
    return value if value < _BEYOND else None


def fine_asked(said: str) -> Sum | None:
    """The fine that a query asks for: one sum, or a range (5万-10万罚款, 罚款五万元以上十万元以下)."""
    for m in _RANGE.finditer(said):
        if _FINED.search(said[: m.start()]) or re.match(r"\s*的?罚款?", said[m.end() :]):
            low, high = value_of(_with_unit(m)), value_of(m["high"])
            if low is not None and high is not None and low <= high:
                return Sum(m[0].strip(), low, high)
    found = _FINE.search(said)
    if found is None or (value := value_of(found["amount"])) is None:
        return None
    least, most = _ends(found)
    return Sum(found["sum"].strip(), None if most else value, None if least else value)


def _with_unit(m: re.Match[str]) -> str:
    """The lower end of a range; 5-10万 is 5万 to 10万."""
    unit = re.search(r"[千万亿]\Z", m["high"])
    return m["low"] + unit[0] if unit and m["low"].isdigit() and not m["yuan"].strip() else m["low"]


def _ends(m: re.Match[str]) -> tuple[bool, bool]:
    """Whether a sum was said to be the least, and the most."""
    before, after = m["before"] or "", m["after"] or ""
    least = before in _LEAST.split("|") or after in ("以上", "起")
    return least, before in _MOST.split("|") or after in ("以下", "以内", "不足", "不满")


def value_asked(said: str, lone: Iterable[str], names: Collection[str] = ()) -> Sum | None:
    """The amount that is said to be of something, else the first lone one.

    Args:
        lone: amounts that stand alone.
        names: what amounts the base's benchmarks ask for.
    """
    m = _value(frozenset(names)).search(said)
    if m and (value := value_of(m["amount"])) is not None:
        least, most = _ends(m)
        label = "" if m["label"] in _ANY_LABEL else m["label"]
        return Sum(m["sum"].strip(), None if most else value, None if least else value, label)
    for text in lone:
        if (value := value_of(text)) is not None:
            return Sum(text, value, value)
    return None


@lru_cache(maxsize=2)
def _value(names: frozenset[str]) -> re.Pattern[str]:
    labels = sorted({*names, *_LABELS, *_ANY_LABEL}, key=len, reverse=True)
    return re.compile(
        rf"(?P<label>{'|'.join(map(re.escape, labels))})(?:大概|大约|约|共计|共|为|是)?+\s*+"
        rf"(?P<sum>(?P<before>{_LEAST}|{_MOST})?\s*+(?P<amount>{_NUMBER}){_YUAN}\s*+(?P<after>以上|以下|以内)?+)"
        rf"(?!\s*(?:[-—~～]\d|{_NUMBER}|[倍条款项年月日个次%％]))"
    )


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
