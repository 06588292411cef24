"""From the pages of a PDF to grids: tables that go on over pages become one, and rows torn in two are mended.

A table goes on where the next page begins with a table as wide as the one that ended the page before. Its
header printed anew is left out. Whether a text that stands at the top of a page is a cell of its own or the
rest of the one above is told from the print itself: a cell that was cut has no room left for the next word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kb.importing.tables.grid import Grid, Merge, Value, make_grid
from kb.importing.tables.headers import NAMES
from kb.importing.tables.pdf_pages import Line, Page, Room, Table, begins, flow, joined

_SAME = 3.0  # points; edges nearer than this are one
_WIDTH = 4.0  # points; by how much the sides of a table may shift from page to page


@dataclass
class Piece:
    """One cell of the grid to be: its place, and its text so far with its last line."""

    row: int
    column: int
    last_row: int
    last_column: int
    text: str
    room: Room
    lines: tuple[Line, ...]
    top: float
    bottom: float

    def takes(self, more: Piece) -> None:
        """Become longer by a piece from the next page, with a text that goes on or with none."""
        if more.text:
            self.text = joined(self.text, more.text) if self.text else more.text
            self.lines = more.lines
        self.last_row, self.bottom, self.room = more.last_row, more.bottom, more.room


@dataclass
class Sheet:
    """A table over its pages, with the lines printed above it.

    ``places`` says of each row where it is printed; ``heading`` are the rows of its first page's top.
    """

    above: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    edges: list[float] = field(default_factory=list)
    below: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""

    @property
    def height(self) -> int:
        return max((p.last_row for p in self.pieces), default=0)


def grids_of(pages: Sequence[Page], label: str) -> list[Grid]:
    """The grids of a document; each begins with the lines printed above its table, a row each.

    Raises:
        BadPackage: larger than the caps of a grid.
    """
    return [_grid(sheet, label) for sheet in _sheets(pages)]


# ---------------------------------------------------------------- what belongs together


def _sheets(pages: Sequence[Page]) -> list[Sheet]:
    """Tables in order, each with the paragraphs above it; what follows the last one is below it."""
    sheets: list[Sheet] = []
    groups: list[tuple[list[tuple[int, Line]], list[Table]]] = []
    loose: list[tuple[int, Line]] = []
    last: Table | None = None
    for page in pages:
        for item in _in_order(page):
            if isinstance(item, Line):
                loose.append((page.number, item))
                continue
            if last is not None and not loose and groups and _goes_on(last, item):
                groups[-1][1].append(item)
            else:
                groups.append((loose, [item]))
                loose = []
            last = item
    room = _text_room(pages)
    for lines, tables in groups:
        sheets.append(_sheet(tables))
        sheets[-1].above = _paragraphs(lines, room)
    if loose:
        if not sheets:
            sheets.append(Sheet(name="正文"))
        sheets[-1].below = _paragraphs(loose, room)
    return sheets


def _in_order(page: Page) -> list[Line | Table]:
    items: list[Line | Table] = [*page.lines, *page.tables]
    return sorted(items, key=lambda item: item.top)


def _goes_on(above: Table, below: Table) -> bool:
    return (
        below.page == above.page + 1
        and abs(below.x0 - above.x0) <= _WIDTH
        and abs(below.x1 - above.x1) <= _WIDTH
    )


def _text_room(pages: Sequence[Page]) -> Room:
    """How far the text between the tables reaches: as far as the longest line, or the tables themselves."""
    things: list[Line | Table] = []
    for page in pages:
        things += [*page.lines, *page.tables]
    return Room(min((x.x0 for x in things), default=0), max((x.x1 for x in things), default=0))


def _paragraphs(lines: Sequence[tuple[int, Line]], room: Room) -> list[tuple[str, str]]:
    """(text, place) of each paragraph; one goes on over lines, and over the end of a page."""
    out: list[tuple[str, str]] = []
    for n, (page, line) in enumerate(lines):
        above = lines[n - 1][1]
        if n and room.wrapped(above, line) and not begins(above, line):
            out[-1] = (joined(out[-1][0], line.text), out[-1][1])
        else:
            out.append((line.text, f"第{page}页"))
    return out


# ---------------------------------------------------------------- one table over its pages


def _sheet(tables: Sequence[Table]) -> Sheet:
    sheet = Sheet(name=f"第{tables[0].page}页表{tables[0].number}")
    sheet.edges = _edges(x for t in tables for c in t.cells for x in (c.x0, c.x1))
    head: list[list[str]] = []
    for n, table in enumerate(tables):
        pieces = _pieces(table, sheet.edges)
        first = 1
        if n == 0:
            head = _rows_of_text(pieces)
        else:
            first = 1 + _repeated(head, _rows_of_text(pieces))
        _append(sheet, table, pieces, first)
    return sheet


def _edges(values: Iterable[float]) -> list[float]:
    """Coordinates without those that say the same again."""
    out: list[float] = []
    last = None
    for value in sorted(values):
        if last is None or value - last > _SAME:
            out.append(value)
        last = value
    return out


def _nearest(edges: Sequence[float], value: float) -> int:
    n = bisect_left(edges, value)
    return n - 1 if n == len(edges) or (n and value - edges[n - 1] < edges[n] - value) else n


def _pieces(table: Table, columns: Sequence[float]) -> list[Piece]:
    """The cells of one page with rows and columns from 1."""
    rows = _edges(y for c in table.cells for y in (c.top, c.bottom))
    out: dict[tuple[int, int], Piece] = {}
    for cell in table.cells:
        row, last_row = _nearest(rows, cell.top) + 1, _nearest(rows, cell.bottom)
        column, last_column = _nearest(columns, cell.x0) + 1, _nearest(columns, cell.x1)
        if last_row < row or last_column < column:
            continue  # a box thinner than its rulings
        room = Room(cell.x0 + table.padding, cell.x1 - table.padding)
        out[row, column] = Piece(
            row,
            column,
            last_row,
            last_column,
            flow(cell.lines, room),
            room,
            cell.lines,
            cell.top,
            cell.bottom,
        )
    return [out[at] for at in sorted(out)]


def _rows_of_text(pieces: Sequence[Piece]) -> list[list[str]]:
    height = max((p.row for p in pieces), default=0)
    rows: list[list[str]] = [[] for _ in range(height)]
    for p in pieces:
        rows[p.row - 1].append(re.sub(r"\s+", "", p.text))
    return rows


def _repeated(head: Sequence[list[str]], rows: Sequence[list[str]]) -> int:
    """How many rows of a page repeat the head of the table: two cells at least, and all of them alike."""
    n = 0
    while n < min(len(head), len(rows)) and rows[n] == head[n] and sum(map(bool, rows[n])) >= 2:
        n += 1
    return n


def _append(sheet: Sheet, table: Table, pieces: Sequence[Piece], first: int) -> None:
    """Add a page to a table, its rows from ``first`` on.

    A row is torn where all its texts go on from above, or where it lacks what every row of its own has: a
    first cell, in a table that merges none.
    """
    fresh = [p for p in pieces if p.row >= first]
    merging = {_extent(p) for p in (*sheet.pieces, *fresh) if p.last_row > p.row}
    height = sheet.height
    above = {_extent(p): p for p in sheet.pieces if p.last_row == height}
    pairs = [(p, above[_extent(p)]) for p in fresh if p.row == first and _extent(p) in above]
    texts = sum(bool(p.text) for p in fresh if p.row == first)
    torn = sum(_cut(up, p) for p, up in pairs if p.text) == texts or any(
        p.column == 1 and up.text and not p.text and _extent(p) not in merging for p, up in pairs
    )
    start = height - (1 if torn else 0)
    for row in range(first, max((p.last_row for p in fresh), default=0) + 1):
        sheet.places.setdefault(start + row - first + 1, f"第{table.page}页表{table.number}第{row}行")
    met = {
        id(p): up
        for p, up in pairs
        if torn or (_extent(p) in merging and (_cut(up, p) if p.text else bool(up.text)))
    }
    for p in fresh:
        moved = replace(p, row=p.row - first + 1 + start, last_row=p.last_row - first + 1 + start)
        if id(p) in met:
            met[id(p)].takes(moved)
        else:
            sheet.pieces.append(moved)


def _extent(piece: Piece) -> tuple[int, int]:
    return piece.column, piece.last_column


def _cut(above: Piece, below: Piece) -> bool:
    """Whether a text goes on over the end of a page: no room for its next word, neither aside nor below."""
    if above.text in NAMES.values() or not above.lines or not below.lines:
        return False  # a header or a label is whole, however narrow its column
    end, start = above.lines[-1], below.lines[0]
    pitch = 1.6 * (end.bottom - end.top)
    full = above.bottom - end.bottom < pitch and start.top - below.top < pitch
    return full and above.room.wrapped(end, start)


# ---------------------------------------------------------------- the grid


def _grid(sheet: Sheet, label: str) -> Grid:
    width = max(len(sheet.edges) - 1, 1)
    values: list[Value] = []
    merges: list[Merge] = []
    places: dict[int, str] = {}

    def whole(texts: Iterable[tuple[str, str]], row: int) -> Iterator[int]:
        for n, (text, place) in enumerate(texts, row):
            values.append((n, 1, text, ""))
            merges.append((n, 1, n, width))
            places[n] = place
            yield n

    offset = len(list(whole(sheet.above, 1)))
    for p in sheet.pieces:
        values.append((p.row + offset, p.column, p.text, ""))
        merges.append((p.row + offset, p.column, p.last_row + offset, p.last_column))
    places |= {row + offset: place for row, place in sheet.places.items()}
    list(whole(sheet.below, sheet.height + offset + 1))
    return make_grid(sheet.name, values, merges, label=label, places=places)
