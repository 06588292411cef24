"""The wording of a quotation laid on the wording of a provision.

Words decide, then marks: letters and figures are compared without punctuation, width and item numbers, so a
quotation that differs in wording is told from one that differs only in commas. Leaving out is allowed where
an ellipsis says so, at both ends, and for whole items of a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from kb.laws import Article

SHORT = 8
"""Letters of a quotation: fewer are a term or a name, not the wording of a provision."""
_LONG = 3000  # characters of one part of a quotation that are compared; longer ones by their beginning
_SIMILAR = 0.6  # share of a quotation's letters a provision must have, in order, to be the one quoted
_CHANCE = 6  # a match at either end shorter than this and far from the others is chance


class Likeness(StrEnum):
    """How a quotation stands to a text, best first."""

    EXACT = "exact"
    MARKS = "marks"
    WORDING = "wording"
    OTHER = "other"


class Change(NamedTuple):
    """One difference: what the provision says and what the quotation says.

    Either may be empty; where both are the same, the words stand in another order.
    """

    printed: str
    written: str

    def __str__(self) -> str:
        if self.written == self.printed:
            return f"“{_brief(self.written)}”的次序不同"
        if not self.written:
            return f"缺“{_brief(self.printed)}”"
        if not self.printed:
            return f"多“{_brief(self.written)}”"
        return f"“{_brief(self.printed)}”写成“{_brief(self.written)}”"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quotation laid on a text.

    Args:
        changes: where they differ in wording; in `MARKS`, the first place where they differ in marks.
        printed: the words of the text that were quoted, an ellipsis between parts; "" in `OTHER`.
        share: of the quotation's letters, those that stand in the text in order (1 is all).
    """

    likeness: Likeness
    changes: tuple[Change, ...] = ()
    printed: str = ""
    share: float = 1.0

    @property
    def same_words(self) -> bool:
        return self.likeness in (Likeness.EXACT, Likeness.MARKS)


_ELLIPSIS = re.compile(r"…+|⋯+|\.{3,}|。{3,}|[（(](?:以下|中间|以上|[上中下])?(?:省)?略[）)]")
_HEADING = re.compile(r"^\s*第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?[\s：:]+")
_LABEL = re.compile(r"[（(]\s*[一二三四五六七八九十百]{1,4}\s*[）)]|[㈠-㈩]")
# Letters and figures; a point between figures, a per cent sign and signs of comparison change the meaning.
_COUNTED = re.compile(r"[^\W_]|[%‰<>=≤≥±×+]|(?<=\d)\.(?=\d)")
_UNCOUNTED = re.compile(r"(?:(?![%‰<>=≤≥±×+])(?!(?<=\d)\.(?=\d))[\W_])+")
_QUOTE_MARKS = str.maketrans(dict.fromkeys("“”‘’「」『』＂", '"'))
PARAGRAPH_MARK = re.compile(r"(?<=\n)[\s　]*[“「『]")
"""In the Chinese manner each paragraph of a long quotation opens with the mark anew."""
_EDGE_MARKS = '，,。；;：:、."'


class _Letters(NamedTuple):
    """What counts in a text, and where each letter stands in it."""

    text: str
    at: tuple[int, ...]

    def source(self, text: str, start: int, end: int) -> str:
        return text[self.at[start] : self.at[end - 1] + 1] if start < end else ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a quotation laid on the letters of a text.

    ``start`` and ``end`` say which of the text's letters it covers, ``same`` how many of its own agree.
    """

    text: str
    letters: _Letters
    start: int
    end: int
    same: int
    changes: tuple[Change, ...] = ()
    skips: bool = False  # whole items were left out


def compare(quotation: str, text: str) -> Comparison:
    """Compare a quotation with the wording of a provision.

    Args:
        quotation: what stands between the marks; ``……`` leaves something out.
        text: the provision, each paragraph and item on a line.
    """
    law, position = _letters(text), 0
    parts: list[_Part] = []
    for said in _parts(quotation):
        parts.append(_lay(said[:_LONG], text, law, position))
        position = max(position, parts[-1].end)
    total = sum(len(p.letters.text) for p in parts)
    share = sum(p.same for p in parts) / total if total else 1.0
    if share < _SIMILAR:
        return Comparison(Likeness.OTHER, share=share)
    printed = "……".join(law.source(text, p.start, p.end) for p in parts)
    if changes := tuple(change for p in parts for change in p.changes):
        return Comparison(Likeness.WORDING, changes, printed, share)
    for p in parts:
        mine, theirs = p.letters.source(p.text, 0, len(p.letters.at)), law.source(text, p.start, p.end)
        if not p.skips and (marks := _marks(theirs, mine)):
            return Comparison(Likeness.MARKS, (marks,), printed)
    return Comparison(Likeness.EXACT, (), printed)


def find_quoted(quotation: str, articles: Iterable[Article]) -> Article | None:
    """The first article that has all words of a quotation; None where none has or it is too short to tell."""
    parts = [_plain(p) for p in _parts(quotation)]
    if sum(map(len, parts)) < SHORT:
        return None
    return next((a for a in articles if a.has_text and _in_order(parts, _plain(a.full_text()))), None)


def length(quotation: str) -> int:
    """Letters and figures of a quotation: what tells a provision from a term (`SHORT`)."""
    return len(_plain(quotation))


def _parts(quotation: str) -> list[str]:
    """What stands between the ellipses; the heading 第…条 before a provision is not its wording."""
    return [p for p in _ELLIPSIS.split(_HEADING.sub("", quotation)) if _plain(p)]


def _in_order(parts: Iterable[str], law: str) -> bool:
    position = 0
    for part in parts:
        position = law.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True


def _plain(text: str) -> str:
    """What counts in a text, fast: the letters of `_letters` without their places."""
    return _UNCOUNTED.sub("", unicodedata.normalize("NFKC", _LABEL.sub("", text)))


def _letters(text: str) -> _Letters:
    shown = _LABEL.sub(lambda m: " " * len(m[0]), text)
    wide = [(c, n) for n, char in enumerate(shown) for c in unicodedata.normalize("NFKC", char)]
    counted = [m.start() for m in _COUNTED.finditer("".join(c for c, _ in wide))]
    return _Letters("".join(wide[i][0] for i in counted), tuple(wide[i][1] for i in counted))


def _marks(printed: str, written: str) -> Change | None:
    """Where two texts of the same letters first differ in marks; None if they don't.

    Item numbers, spaces, line breaks, the shape of quotation marks and the marks at both ends don't count.
    """
    rows = (_LABEL.sub("", PARAGRAPH_MARK.sub("", s)).translate(_QUOTE_MARKS) for s in (printed, written))
    a, b = (re.sub(r"\s+", "", row).strip(_EDGE_MARKS) for row in rows)
    if a == b:
        return None
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return Change(a[max(0, n - 4) : n + 4], b[max(0, n - 4) : n + 4])


def _lay(said: str, text: str, law: _Letters, position: int) -> _Part:
    """Lay a part on the text from a position on, word for word if it can be, else where it fits best."""
    mine = _letters(said)
    size = len(mine.text)
    start = law.text.find(mine.text, position)
    if start >= 0:
        return _Part(said, mine, start, start + size, size)
    if (start := law.text.find(mine.text)) >= 0:
        words = law.source(text, start, start + size)
        return _Part(said, mine, start, start + size, size, (Change(words, words),))
    blocks = _blocks(law.text[position:], mine.text) if _shared(mine.text, law.text) >= _SIMILAR / 2 else []
    if not blocks:
        return _Part(said, mine, position, position, 0)
    blocks = [(a + position, b, n) for a, b, n in blocks]
    changes: list[Change] = []
    skips = False
    for (a, b, n), (a2, b2, n2) in pairwise(blocks):
        if b + n == b2 and _whole_lines(text, law, a + n, a2):
            skips = True
            continue
        gaps = (a2 - a - n, b2 - b - n)
        # 下 for 上 says little, 以下 for 以上 says it: short differences bring their neighbours.
        more = min(2, n2) if max(gaps) < 3 else 0
        less = min(1, more)
        changes.append(
            Change(law.source(text, a + n - less, a2 + more), mine.source(said, b + n - less, b2 + more))
        )
    (a, b, _), (a2, b2, n2) = blocks[0], blocks[-1]
    first, last = max(position, a - b), min(len(law.text), a2 + size - b2)
    if b:
        changes.insert(0, Change(law.source(text, first, a), mine.source(said, 0, b)))
    if b2 + n2 < size:
        changes.append(Change(law.source(text, a2 + n2, last), mine.source(said, b2 + n2, size)))
    return _Part(said, mine, first, last, sum(n for _, _, n in blocks), tuple(changes), skips)


def _shared(a: str, b: str) -> float:
    """The share of pairs of letters of ``a`` that ``b`` has too: a quick look before a slow one."""
    pairs = [a[i : i + 2] for i in range(len(a) - 1)]
    there = {b[i : i + 2] for i in range(len(b) - 1)}
    return sum(p in there for p in pairs) / len(pairs) if pairs else 0.0


def _blocks(law: str, mine: str) -> list[tuple[int, int, int]]:
    """The runs of letters that agree, in order, as (place in law, place in mine, length).

    Left out is what may agree by chance: short runs at either end that are far from the others, and single
    letters between two changes.
    """
    matcher = SequenceMatcher(None, law, mine, autojunk=False)
    found = [(m.a, m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
    while len(found) > 1 and _chance(found[0], found[0][1] > 0, _far(found[0], found[1])):
        del found[0]
    while len(found) > 1 and _chance(
        found[-1], found[-1][1] + found[-1][2] < len(mine), _far(found[-2], found[-1])
    ):
        del found[-1]
    inner = [
        block
        for before, block, after in zip(found, found[1:-1], found[2:], strict=False)
        if block[2] > 1 or before[1] + before[2] == block[1] or block[1] + 1 == after[1]
    ]
    return [*found[:1], *inner, *found[1:][-1:]]


def _chance(block: tuple[int, int, int], is_beside_change: bool, is_far: bool) -> bool:
    return block[2] == 1 if is_beside_change and not is_far else is_far and block[2] < _CHANCE


def _far(one: tuple[int, int, int], two: tuple[int, int, int]) -> bool:
    """Whether the text has much more between two runs than the quotation."""
    return (two[0] - one[0]) - (two[1] - one[1]) > 2 * _CHANCE


def _whole_lines(text: str, law: _Letters, start: int, end: int) -> bool:
    """Whether the letters from start to end, or as many a little before or after, are whole lines."""

    def breaks(n: int) -> bool:
        return n == len(law.at) or "\n" in text[law.at[n - 1] : law.at[n]]

    while start > 1 and law.text[start - 1] == law.text[end - 1]:
        start, end = start - 1, end - 1
    while not (breaks(start) and breaks(end)):
        if end == len(law.text) or law.text[start] != law.text[end]:
            return False
        start, end = start + 1, end + 1
    return True


def _brief(text: str) -> str:
    """A difference short enough for one line."""
    text = re.sub(r"\s+", "", text)
    return text if len(text) <= 24 else f"{text[:11]}……{text[-11:]}"
