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
FORMULA = re.compile(r"[^。]*[＝=÷×][^。]*")
_MARKERS = (
    ("（一）", re.compile(rf"[（(]\s*([{NUMERALS}]+)\s*[）)][、.．]?")),
    ("一、", re.compile(rf"([{NUMERALS}]+)[、．](?![{NUMERALS}]+[、级类等种款项])")),
    ("1.", re.compile(r"([0-9０-９]{1,2})\s*[.．、](?=[^0-9０-９])")),
    ("（1）", re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)]")),
    ("①", re.compile(r"([①-⑳])")),
)


@lru_cache(maxsize=4096)
def number_of(text: str) -> int:
    """``一百二十`` or ``１２`` as a number, ① too; 0 for what is none (十十)."""
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    try:
        return to_int(text)
    except BadValue:
        return 0


@dataclass
class _Draft:
    """A 款 being read. ``styles`` are the markers met: of its 项, then of the 目 of its newest 项."""

    text: str = ""
    items: list[tuple[int, str, list[str]]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def done(self) -> Paragraph:
        return Paragraph(self.text, tuple(Item(n, t, tuple(s)) for n, t, s in self.items))

    def extend(self, text: str) -> None:
        """Put one more line to whatever was written last."""
        if not self.items:
            self.text = f"{self.text}\n{text}" if self.text else text
            return
        number, said, subs = self.items[-1]
        if subs:
            subs[-1] = f"{subs[-1]}\n{text}"
        else:
            self.items[-1] = (number, f"{said}\n{text}", subs)


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
            _continues(rows[i - 1][0].text, line.text, now.items)
            or (now.items and _goes_on(now, [m for _, m in rows[i + 1 :]]))
        ):
            now.extend(line.text)
        else:
            drafts.append(_Draft(line.text))
    return tuple(d.done() for d in drafts), notes


def _counts(now: _Draft | None, style: str, number: int) -> bool:
    """Whether a number opens or carries on a list; 二、三级… at the start of a sentence does neither."""
    if style == "（一）" or number == 1:
        return True
    if now is None or style not in now.styles:
        return False
    last, _, subs = now.items[-1]
    return number == (last if style == now.styles[0] else len(subs)) + 1


def _continues(before: str, text: str, items: Sequence[object]) -> bool:
    """Whether a bare line is no 款 of its own: a formula, a broken line, the rows of an unnumbered list.

    A 款 is a whole sentence: what follows a semicolon, or ends in one after a colon, is part of a sentence.
    """
    end = before[-1:]
    if FORMULA.fullmatch(text) and len(text) <= 120 and (not items or end in ("：", ":")):
        return True
    if items:
        return end not in ENDS + "，、"
    if end in ("：", ":"):
        return text[-1:] in "；;，"
    return end in ("；", ";", "、") or (end == "，" and len(before) <= 12) or end not in ENDS + "，"


def _goes_on(now: _Draft, ahead: Sequence[tuple[str, int] | None]) -> bool:
    """Whether the list continues further down, so that a bare line still belongs to it."""
    number, _, subs = now.items[-1]
    for mark in ahead:
        if mark and mark[0] == now.styles[0]:
            return mark[1] == number + 1
        if mark and len(now.styles) > 1 and mark[0] == now.styles[1]:
            return mark[1] == len(subs) + 1
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
        elif number != (now.items[-1][0] if now.items else 0) + 1:
            notes.append(f"项的编号不连续：第（{number}）项")
        now.styles = [style]
        now.items.append((number, text, []))
    elif level == 1:
        now.styles = [now.styles[0], style]
        now.items[-1][2].append(text)
    else:
        now.extend(text)


def _split_inline(lines: Iterable[Line]) -> Iterator[Line]:
    """Put items that were printed within one line on lines of their own: ``…：（一）…；（二）…``."""
    for line in lines:
        marks = [m for m in _MARKERS[0][1].finditer(line.text) if line.text[m.start() - 1] in "：；:;"]
        inside = [m for m in marks if m.start() and _outside_quotes(line.text[: m.start()])]
        if [number_of(m[1]) for m in inside] != list(range(1, len(inside) + 1)) or len(inside) < 2:
            yield line
            continue
        cuts = [0, *(m.start() for m in inside), len(line.text)]
        for a, b in pairwise(cuts):
            if a < b:
                yield Line(line.text[a:b])


def _outside_quotes(text: str) -> bool:
    return text.count("“") == text.count("”")
