"""Which fines of a penalty provision a sheet is about: the statute's range behind its weights or amounts.

A provision often sets several fines: for several items (有前款第一项、第八项行为之一，处…), for several acts,
for those who persist, for those responsible. The one meant is told by the item cited, by whose fines are
printed, and by whether the printed amounts lie within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kb.citation import parse
from kb.importing.tables.amounts import Priced
from kb.importing.tables.basis import statutory_of
from kb.money import Fine
from kb.money.amounts import squeeze
from kb.numerals import parse_number

_ITEMS_OF = re.compile(r"前款(?P<items>(?:第[一二三四五六七八九十]+项[、和或者]*)+)")
_ITEM = re.compile(r"第([一二三四五六七八九十]+)项")


_HEAD = re.compile(
    r"^(?P<title>\s*(?:《[^》]{2,60}》(?:[（(][^）)]{2,12}[)）])?)?)"
    r"(?P<cited>第[零〇一二三四五六七八九十百]+条(?:之[一二三四五六七八九十]+)?"
    r"(?:[、，和及]?(?:第[（(]?[零〇一二三四五六七八九十百]+[)）]?[条款项]))*)[ \u3000]*(?=[^\s、，和及第])",
    re.M,
)


def apart(text: str) -> str:
    """A provision's text with a space after the citation that opens each paragraph.

    Print leaves a letter's room between the two; at the end of a line, or by oversight, it leaves none. A
    paragraph that opens with 第十七条 alone is of the law named last, which it gets written.
    """
    last = ""

    def spaced(m: re.Match[str]) -> str:
        nonlocal last
        last = m["title"].strip() or last
        return f"{last}{m['cited']}\u3000"

    return _HEAD.sub(spaced, text)


@dataclass(frozen=True, slots=True)
class Said:
    """One fine of a provision: on what condition ("" for none), what, and the sentence it stands in."""

    flag: str
    priced: Priced
    sentence: str

    @property
    def subject(self) -> str:
        return self.priced.subject


@dataclass(frozen=True, slots=True)
class Printed:
    """One ladder or table of a sheet: for whom, on what condition, and between which ends its amounts lie.

    ``low`` is None where the print doesn't say it (a formula names the upper end alone).
    """

    flag: str
    subject: str
    unit: str
    low: Decimal | None
    high: Decimal | None


def printed_of(fine: Fine, flag: str, subject: str) -> Printed:
    """One printed amount as a ladder of its own."""
    low, high = (e.value if e is not None else None for e in (fine.low, fine.high))
    end = fine.high or fine.low
    return Printed(flag, subject, end.unit if end else "", low, high)


def whole(rows: Sequence[Printed]) -> Printed:
    """A ladder from its lightest to its heaviest amount."""
    highs = [r.high for r in rows if r.high is not None]
    lows = [r.low for r in rows if r.low is not None]
    low = min(lows) if len(lows) == len(rows) else None
    return Printed(rows[0].flag, rows[0].subject, rows[0].unit, low, max(highs, default=None))


@dataclass(frozen=True)
class Provision:
    """What the penalty provision of one sheet says of fines.

    Attributes:
        said: its fines for the items cited.
    """

    said: tuple[Said, ...] = ()

    @cached_property
    def always(self) -> str:
        """The condition without which it sets no fine at all: 逾期未改正的, 处…"""
        flags = {_flag(s.flag): s.flag for s in self.said}
        return flags.popitem()[1] if len(flags) == 1 else ""

    @property
    def person(self) -> str:
        """What it calls those responsible."""
        return next((s.subject for s in self.said if s.subject), "责任人员")

    def has(self, option: str) -> bool:
        """Whether a printed circumstance is one of its own conditions (逾期不拆除)."""
        return any(s.flag and same_flag(option, s.flag) for s in self.said)

    def flag_of(self, fine: Fine, subject: str) -> str:
        """The condition of the only fine that holds a printed amount; "" where one without condition does."""
        printed = printed_of(fine, "", subject)
        mine = [s for s in self.said if s.subject == subject]
        holding = [s.flag for s in mine if _holds(s.priced.fine, printed)]
        if not any(not s.flag for s in mine) or "" in holding or len(set(map(_flag, holding))) != 1:
            return ""
        return holding[0]

    def flag_for(self, printed: str) -> str:
        """A printed condition in the statute's words, where it has it."""
        if not printed:
            return ""
        mine = [s.flag for s in self.said if s.flag]
        same = (f for f in mine if same_flag(f, printed))
        return next(same, "") or next((f for f in mine if f[:2] == printed[:2]), printed)


def provision_of(text: str, penalty: Sequence[str]) -> Provision:
    """The fines a quoted provision sets for the items that are cited (for all, where none is)."""
    items = {c.item for p in penalty for c in parse(p) if c.item is not None}
    out = []
    for sentence in re.split(r"(?<=[。；\n])", text):
        named = {int(parse_number(n)) for n in _named_items(sentence)}
        if named and items and not named & items:
            continue
        out += [Said(flag, priced, squeeze(sentence)) for flag, priced in statutory_of(sentence)]
    return Provision(tuple(dict.fromkeys(out)))


def _named_items(sentence: str) -> Iterator[str]:
    for m in _ITEMS_OF.finditer(squeeze(sentence)):
        yield from _ITEM.findall(m["items"])


def choose(said: Sequence[Said], printed: Printed, violation: str, *, alone: bool) -> Said | None:
    """The fine of the statute that a ladder refines; None where several could be meant, or none.

    Args:
        said: the fines of the provision.
        printed: the ladder.
        violation: its name; of several fines that fit, the one whose sentence is most like it is meant.
        alone: the sheet prints for one subject only and doesn't name it, so that any may be meant.
    """
    flagged = [s for s in said if same_flag(s.flag, printed.flag)]
    mine = [s for s in flagged if s.subject == printed.subject]
    if alone and not any(_holds(s.priced.fine, printed) for s in mine):
        mine = flagged
    fitting = [s for s in mine if _holds(s.priced.fine, printed)]
    if not fitting:
        near = {_ends(s.priced.fine): s for s in mine if _units(s.priced.fine) == {printed.unit}}
        return near.popitem()[1] if len(near) == 1 and len(mine) == 1 else None
    exact = [s for s in fitting if _meets(s.priced.fine, printed)] or fitting
    return max(exact, key=lambda s: _likeness(s.sentence, violation))


def same_flag(one: str, other: str) -> bool:
    """Whether two conditions say the same: 逾期不改正 and 逾期未改正, 逾期不拆除 and 逾期未拆除的."""
    return _flag(one) == _flag(other)


def _flag(text: str) -> str:
    return squeeze(text).removesuffix("的").replace("未", "不").replace("仍不", "不")


def _ends(fine: Fine) -> tuple[object, ...]:
    return fine.low, fine.high, fine.base


def _units(fine: Fine) -> set[str]:
    return {e.unit for e in (fine.low, fine.high) if e is not None}


def _holds(fine: Fine, printed: Printed) -> bool:
    """Whether the printed amounts lie within a range of the statute."""
    if _units(fine) != {printed.unit}:
        return False
    if printed.high is not None and fine.low is not None and printed.high < fine.low.value:
        return False
    if printed.high is not None and fine.high is not None and printed.high > fine.high.value:
        return False
    return printed.low is None or fine.low is None or printed.low >= fine.low.value


def _meets(fine: Fine, printed: Printed) -> bool:
    return fine.high is not None and fine.high.value == printed.high


def _likeness(sentence: str, violation: str) -> int:
    """How many pairs of letters a sentence shares with the name of the violation."""
    pairs = {violation[n : n + 2] for n in range(len(violation) - 1)}
    return sum(pair in sentence for pair in pairs)
