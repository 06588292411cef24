"""How much of the fines of loaded statutes the grammar holds: each clause printed back and compared.

The figures of the source are read here by rules of their own, so that a fault of the grammar can't hide.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from kb.money.clauses import read_clauses

Figures = Counter[tuple[Decimal, str]]
"""Values with their unit (元, 倍, %, ‰, ‱; ? where the source prints none)."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A clause that isn't held: where it stands, its text, and why."""

    place: str
    text: str
    why: str


@dataclass
class Coverage:
    """Counts over clauses that say 罚款 (or 按日连续处罚).

    Attributes:
        amounts: clauses that impose a fine and hold an amount.
        held: those of them that print back to the same figures; the rest stand in ``misses``.
        open: clauses that impose a fine and leave the amount to another provision.
        mentions: clauses that only talk of fines; ``set_aside`` has those with a figure, to be read over.
    """

    amounts: int = 0
    held: int = 0
    open: int = 0
    mentions: int = 0
    misses: list[Miss] = field(default_factory=list)
    set_aside: list[Miss] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.held / self.amounts if self.amounts else 1.0

    def add(self, place: str, text: str, *, below_in: bool = True) -> None:
        """Count the clauses of one paragraph."""
        for clause in read_clauses(text, below_in=below_in):
            source = text[clause.start : clause.end]
            wanted = figures(source)
            if not clause.fines and not clause.unread:
                self.mentions += 1
                if wanted:
                    self.set_aside.append(Miss(place, source.strip(), "只提到罚款，没有设定"))
            elif not wanted and not clause.unread:
                self.open += 1
            else:
                self.amounts += 1
                why = clause.unread or difference(wanted, figures(clause.printed()))
                self.held += not why
                if why:
                    self.misses.append(Miss(place, source.strip(), why))

    def include(self, other: Coverage) -> None:
        """Add the counts of another part."""
        self.amounts += other.amounts
        self.held += other.held
        self.open += other.open
        self.mentions += other.mentions
        self.misses += other.misses
        self.set_aside += other.set_aside


# ---------------------------------------------------------------- figures, read apart from the grammar

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


@cache
def _figure() -> re.Pattern[str]:
    numerals = "".join(_DIGITS) + "".join(_TENS)
    return re.compile(
        rf"(?P<part>[百千万]分之)?(?P<number>\d[\d,]*(?:\.\d+)?[{''.join(_TENS)}]*|[{numerals}]+(?:点[{numerals}]+)?)"
        rf"(?P<unit>元|倍|%|‰|‱|(?=以[上下内][^\u4e00-\u9fff]|以上[\d{numerals}]|以下的?罚款|[至到][\d{numerals}.]+[元倍%]))?"
        "|(?P<same>等值|等额|相当于?(?=(?:(?!分之|[元倍%‰，；。]).){2,20}罚款))"
    )


def figures(text: str) -> Figures:
    """Every amount of a text as (value, unit), as often as it stands there."""
    out: Figures = Counter()
    for m in _figure().finditer(re.sub(r"\s", "", text.translate(_WIDE))):
        if m["same"]:
            out[Decimal(1), "倍"] += 1
        elif m["part"]:
            out[_value(m["number"]), {"百": "%", "千": "‰", "万": "‱"}[m["part"][0]]] += 1
        elif m["unit"] is not None:
            out[_value(m["number"]), m["unit"] or "?"] += 1
    return out


def _value(number: str) -> Decimal:
    """五万, 3.5万, 1,000, 二百五十: digits times the scales that follow; 0 for what makes no number."""
    whole, _, point = number.replace(",", "").partition("点")
    total = section = Decimal(0)
    for m in re.finditer(r"[\d.]+|.", whole):
        if m[0] in _TENS:
            scale = _TENS[m[0]]
            if scale == 10**8:
                total, section = (total + (section or 1)) * scale, Decimal(0)
            elif scale == 10**4:
                total, section = total + (section or 1) * scale, Decimal(0)
            else:
                digit = section % 10 if section else Decimal(0)
                section = section - digit + (digit or (0 if section else 1)) * scale
        elif m[0] in _DIGITS:
            section += _DIGITS[m[0]]
        else:
            section += Decimal(m[0])
    return total + section + (Decimal("0." + "".join(str(_DIGITS[c]) for c in point)) if point else 0)


def difference(wanted: Figures, printed: Figures) -> str:
    """What one has and the other hasn't, "" where they agree; a figure without unit agrees with any."""
    lost, more = wanted - printed, printed - wanted
    for value, unit in list(lost.elements()):
        match = next((k for k in more if k[0] == value and "?" in (unit, k[1])), None)
        if match:
            lost[value, unit] -= 1
            more -= Counter([match])
    said = [*(f"缺{_show(f)}" for f in (+lost).elements()), *(f"多{_show(f)}" for f in more.elements())]
    return "、".join(said)


def _show(figure: tuple[Decimal, str]) -> str:
    return f"{figure[0]:f}{figure[1].replace('?', '')}"
