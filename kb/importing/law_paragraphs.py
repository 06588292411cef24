"""Inside one article: its 款, their 项, and the 目 of these, from the lines it is printed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from kb.errors import BadValue
from kb.importing.law_text import NUMERALS, Line
from kb.laws import Item, Paragraph
from kb.numerals import to_int

ENDS = "。；：！？;:.”）)》…"
RECKONING = re.compile(r"[^。]*[＝=÷×][^。]*")
_FORMULA = re.compile(r"[^。：:，；]*[＝=][^。：:，；]*")
LOOK_AHEAD = 40
_MARKERS = (
    ("（一）", re.compile(rf"[（(]\s*([{NUMERALS}]+)\s*[）)][、.．]?")),
    ("一、", re.compile(rf"([{NUMERALS}]+)[、．](?![{NUMERALS}]+[、级类等种款项])")),
    ("1.", re.compile(r"([0-9０-９]{1,2})\s*[.．、](?=[^0-9０-９])")),
    ("（1）", re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)]")),
    ("①", re.compile(r"([①-⑳])")),
)


@lru_cache(maxsize=4096)
def number_of(text: str) -> int:
    """``一百二十`` or ``１２`` as a number, ① too; 0 for what is none (十十) or no number of a law."""
    if len(text) > 12:
        return 0
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    try:
        return to_int(text)
    except BadValue:
        return 0


@dataclass
class _Entry:
    """A 项 being read: the lines of its own, and those of each of its 目."""

    number: int
    lines: list[str]
    subitems: list[list[str]] = field(default_factory=list)

    def done(self) -> Item:
        return Item(self.number, _joined(self.lines), tuple(_joined(sub) for sub in self.subitems))


@dataclass
class _Draft:
    """A 款 being read. ``styles`` are the markers met: of its 项, then of the 目 of its newest 项."""

    lines: list[str] = field(default_factory=list)
    items: list[_Entry] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def done(self) -> Paragraph:
        return Paragraph(_joined(self.lines), tuple(item.done() for item in self.items))

    def extend(self, text: str) -> None:
        """Put one more line to whatever was written last."""
        if not self.items:
            self.lines.append(text)
        elif subitems := self.items[-1].subitems:
            subitems[-1].append(text)
        else:
            self.items[-1].lines.append(text)


def _joined(lines: Sequence[str]) -> str:
    """The lines of one 款, 项 or 目; a sentence that was broken in its middle is whole again."""
    parts = list(lines[:1])
    for before, text in pairwise(lines):
        broken = len(before) > 12 and before[-1:] not in ENDS + "，|" and not RECKONING.fullmatch(before)
        parts += [text] if broken else ["\n", text]
    return "".join(parts)


def marker(text: str) -> tuple[str, int] | None:
    """The number a line opens with: its style and its value."""
    for style, pattern in _MARKERS:
        if m := pattern.match(text):
            return style, number_of(m[1])
    return None


def paragraphs_of(lines: Iterable[Line]) -> tuple[tuple[Paragraph, ...], list[str]]:
    """款 with their 项 and 目, and notes on what does not add up."""
    rows = [(line, None if line.table else marker(line.text)) for line in _split_inline(lines)]
    drafts: list[_Draft] = []
    notes: list[str] = []
    for i, (line, mark) in enumerate(rows):
        now = drafts[-1] if drafts else None
        if line.table:
            if now is None:
                drafts.append(now := _Draft())
            now.extend(line.text)
            if "含表格" not in notes:
                notes.append("含表格")
        elif mark and _counts(now, *mark):
            _take_marked(drafts, line.text, *mark, notes)
        elif now and (
            _continues(rows[i - 1][0], line.text, now.items)
            or (now.items and _goes_on(now, [m for _, m in rows[i + 1 : i + 1 + LOOK_AHEAD]]))
        ):
            now.extend(line.text)
        else:
            drafts.append(_Draft([line.text]))
    return tuple(d.done() for d in drafts), notes


def _counts(now: _Draft | None, style: str, number: int) -> bool:
    """Whether a number opens or carries on a list; 二、三级… at the start of a sentence does neither."""
    if style == "（一）" or number == 1:
        return True
    if now is None or style not in now.styles:
        return False
    last = now.items[-1]
    return number == (last.number if style == now.styles[0] else len(last.subitems)) + 1


def _continues(previous: Line, text: str, items: Sequence[object]) -> bool:
    """Whether a bare line is no 款 of its own: a formula, a broken line, the rows of an unnumbered list.

    A 款 is a whole sentence: what follows a semicolon, or ends in one after a colon, is part of a sentence.
    """
    if previous.table:
        return False
    before = previous.text
    end = before[-1:]
    reckoned = bool(_FORMULA.fullmatch(before))
    if _FORMULA.fullmatch(text) and (reckoned or end in ("：", ":")):
        return True
    if RECKONING.fullmatch(before) and end not in ENDS + "＝=":
        return False
    if items:
        return end not in ENDS + "，、"
    if end in ("：", ":"):
        return text[-1:] in "；;，"
    return end in ("；", ";", "、") or (end == "，" and len(before) <= 12) or end not in ENDS + "，"


def _goes_on(now: _Draft, ahead: Sequence[tuple[str, int] | None]) -> bool:
    """Whether the list continues further down, so that a bare line still belongs to it."""
    last = now.items[-1]
    for mark in ahead:
        if mark and mark[0] == now.styles[0]:
            return mark[1] == last.number + 1
        if mark and len(now.styles) > 1 and mark[0] == now.styles[1]:
            return mark[1] == len(last.subitems) + 1
    return False


def _take_marked(drafts: list[_Draft], text: str, style: str, number: int, notes: list[str]) -> None:
    """Put a numbered line, printed with its number, where its style says: a 项, a 目, or below a 目."""
    if not drafts:
        drafts.append(_Draft())
    now = drafts[-1]
    level = now.styles.index(style) if style in now.styles else len(now.styles)
    if level == 0:
        if now.items and number == 1:
            notes.append("项的编号在同一款内重新开始，作为新的一款")
            drafts.append(now := _Draft())
        elif number != (now.items[-1].number if now.items else 0) + 1:
            notes.append(f"项的编号不连续：第（{number}）项")
        now.styles = [style]
        now.items.append(_Entry(number, [text]))
    elif level == 1:
        now.styles = [now.styles[0], style]
        now.items[-1].subitems.append([text])
    else:
        now.extend(text)


def _split_inline(lines: Iterable[Line]) -> Iterator[Line]:
    """Put items that were printed within one line on lines of their own: ``…：（一）…；（二）…``."""
    for line in lines:
        marks = [m for m in _MARKERS[0][1].finditer(line.text) if line.text[m.start() - 1] in "：；:;"]
        inside = list(_outside_quotes(line.text, marks))
        if [number_of(m[1]) for m in inside] != list(range(1, len(inside) + 1)) or len(inside) < 2:
            yield line
            continue
        cuts = [0, *(m.start() for m in inside), len(line.text)]
        for a, b in pairwise(cuts):
            if a < b:
                yield Line(line.text[a:b])


def _outside_quotes(text: str, marks: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The marks that do not stand within “ and ”."""
    at = depth = 0
    for m in marks:
        depth += text.count("“", at, m.start()) - text.count("”", at, m.start())
        at = m.start()
        if at and depth == 0:
            yield m
