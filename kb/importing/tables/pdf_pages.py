"""Pages of a PDF as values: lines of text, boxes of tables, and which lines go on in the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PADDING = 5.4  # points between a ruling and its text in a table made with Word; the widest that is assumed
_SLACK = 0.5  # points
_EVEN = 3.0  # points; a line whose two margins differ by less is centred
_MARKS = "，。；：、）》”"
_ITEM = re.compile(r"[（(][0-9一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、]")
_HEADING = re.compile(r"§|第[一二三四五六七八九十]{1,3}[章节编]|[一二三四五六七八九十]{1,4}、")
_FOLIO = re.compile(r"[-—–·•\s第]*\d{1,4}[\s页]*(?:[/／共]\s*\d{1,4}\s*页?)?[-—–·•\s]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; places in points from the page's upper left corner.

    ``lead`` is the width of its first word: the room the line above would have needed to hold it.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    lead: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A box between rulings and the lines in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table of one page."""

    page: int
    number: int
    cells: tuple[Cell, ...]

    @property
    def x0(self) -> float:
        return min(c.x0 for c in self.cells)

    @property
    def x1(self) -> float:
        return max(c.x1 for c in self.cells)

    @property
    def top(self) -> float:
        return min(c.top for c in self.cells)

    @property
    def padding(self) -> float:
        """How far text keeps from the rulings; a final mark may hang over, so lines with one don't tell."""
        lines = [(c, line) for c in self.cells for line in c.lines if line.text[-1:] not in _MARKS]
        return max(0.0, min([PADDING, *(min(x.x0 - c.x0, c.x1 - x.x1) for c, x in lines)]))


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the lines outside its tables (page numbers left out), and its tables."""

    number: int
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """From where to where a line of text may reach."""

    left: float
    right: float

    def wrapped(self, above: Line, below: Line) -> bool:
        """Whether a line ended because the next word found no room, not because a paragraph did."""
        left, right = above.x0 - self.left, self.right - above.x1
        if left > 1 and abs(left - right) <= _EVEN:
            return left + right < below.lead + _SLACK
        return right < below.lead + _SLACK


def page_of(data: dict[str, Any]) -> Page:
    """A page from the child's JSON."""
    number, height = int(data["page"]), float(data["height"])
    tables = [
        Table(number, n, tuple(_cell(cell) for cell in cells))
        for n, cells in enumerate(data["tables"], 1)
        if cells
    ]
    lines = (Line(*line) for line in data["lines"])
    return Page(number, height, tuple(x for x in lines if not _is_folio(x, height)), tuple(tables))


def _cell(data: list[Any]) -> Cell:
    x0, top, x1, bottom, lines = data
    return Cell(x0, top, x1, bottom, tuple(Line(*line) for line in lines))


def _is_folio(line: Line, height: float) -> bool:
    """A page number: it stands in the upper or lower margin and is nothing but a number."""
    return (line.top > 0.86 * height or line.bottom < 0.1 * height) and bool(_FOLIO.fullmatch(line.text))


def joined(above: str, below: str) -> str:
    """Two printed lines of one paragraph as one: Latin words keep a space, Chinese ones need none."""
    both = above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii() and below[:1].isalpha()
    return f"{above} {below}" if both else above + below


def begins(above: Line, below: Line) -> bool:
    """Whether a line begins a paragraph though the one above is full: （2） after ；, or a heading."""
    return bool(_HEADING.match(below.text)) or (above.text[-1:] in "；。：" and bool(_ITEM.match(below.text)))


def flow(lines: Sequence[Line], room: Room) -> str:
    """Lines as text: a line break only where a paragraph ends."""
    out = ""
    for n, line in enumerate(lines):
        if n == 0:
            out = line.text
        elif room.wrapped(lines[n - 1], line) and not begins(lines[n - 1], line):
            out = joined(out, line.text)
        else:
            out += "\n" + line.text
    return out
