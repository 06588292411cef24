"""A table as a file stores it: cells, merges, and what lies hidden under the merges.

Every reader (`from_xls`, `from_xlsx`, `from_docx`, `from_csv`, `from_pdf`) gives `Grid`s; nobody else sees
the formats. Only the top-left cell of a merged region is shown on paper; text that an earlier edit left in
the other cells of the region is a *ghost*: it is kept, marked, and never read as content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from kb.errors import BadPackage


@dataclass(frozen=True, slots=True)
class Caps:
    """What one file may hold. ``text`` in characters a cell, ``covered`` in cells below merges a sheet."""

    sheets: int = 200
    rows: int = 50_000
    columns: int = 200
    cells: int = 200_000
    merges: int = 50_000
    covered: int = 1_000_000
    text: int = 20_000


CAPS = Caps()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with text, or the empty top-left cell of a merged region.

    Attributes:
        row, column: from 1, as the file counts them.
        text: as stored, spaces and line breaks too; a number as it is printed (1, not 1.0).
        rows, columns: the extent of the merged region it is the top-left cell of.
        ghost: text under a merged region, not at its top left; no reader of the paper ever sees it.
        fault: why the file doesn't give the text (a formula without a stored result), "" where it does.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    ghost: bool = False
    fault: str = ""

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1


@dataclass(frozen=True)
class Grid:
    """One sheet, or one table of a document; ``cells`` by row, then by column.

    ``name`` is what an editor sees: the sheet's name, 表格2, 第3页表1. ``hidden``: a sheet that isn't shown.
    ``places`` says of rows where they are printed, where their number doesn't (a table over several pages).
    """

    name: str
    cells: tuple[Cell, ...] = ()
    hidden: bool = False
    shadows: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, repr=False)
    places: dict[int, str] = field(default_factory=dict, repr=False)

    @cached_property
    def height(self) -> int:
        return max((c.last_row for c in self.cells), default=0)

    @cached_property
    def width(self) -> int:
        return max((c.column + c.columns - 1 for c in self.cells), default=0)

    @cached_property
    def _at(self) -> dict[tuple[int, int], Cell]:
        return {(c.row, c.column): c for c in self.cells}

    def stored(self, row: int, column: int) -> Cell | None:
        """The cell stored at a coordinate, ghost or not."""
        return self._at.get((row, column))

    def shown(self, row: int, column: int) -> Cell | None:
        """The cell a reader of the paper sees at a coordinate: a merged region's top-left cell."""
        return self._at.get(self.shadows.get((row, column), (row, column)))

    def place(self, cell: Cell) -> str:
        """Where a cell stands, as an editor finds it: 表“水污染”第12行C列, 第3页表1第2行C列."""
        row = self.places.get(cell.row, f"表“{self.name}”第{cell.row}行")
        return f"{row}{letter(cell.column)}列" if row.endswith("行") else row


def letter(column: int) -> str:
    """The letter of a column counted from 1: A, B … Z, AA."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


@lru_cache(1024)
def column_number(text: str) -> int | None:
    """The column of a letter (C, AA) or a number (3); None where it is neither."""
    text = text.strip().upper()
    if text.isascii() and text.isdigit() and int(text[:6]) > 0:
        return int(text[:6])
    if not (text.isascii() and text.isalpha() and len(text) <= 3):
        return None
    number = 0
    for sign in text:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number


Value = tuple[int, int, str, str]  # row, column, text, fault
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; all from 1, inclusive


def make_grid(
    name: str,
    values: Iterable[Value],
    merges: Iterable[Merge] = (),
    *,
    hidden: bool = False,
    label: str = "",
    places: dict[int, str] | None = None,
) -> Grid:
    """Build a grid from what a file stores.

    Args:
        name: the sheet.
        values: (row, column, text, fault) of stored cells; those without text and fault are left out.
        merges: merged regions; parts outside the used range are cut off.
        label: the file's name for messages.
        places: where rows are printed, where their number doesn't say it.

    Raises:
        BadPackage: more than the caps allow.
    """
    where = f"{label} 的表“{name}”" if label else f"表“{name}”"
    found = {(row, column): (text, fault) for row, column, text, fault in values if text.strip() or fault}
    height = max((row for row, _ in found), default=0)
    width = max((column for _, column in found), default=0)
    if len(found) > CAPS.cells or height > CAPS.rows or width > CAPS.columns:
        raise BadPackage(
            f"表格过大（{height}行{width}列），上限 {CAPS.rows} 行 {CAPS.columns} 列 {CAPS.cells} 格",
            where=where,
            hint="请删去无关的行列后另存，或者分成几个文件",
        )
    if any(len(text) > CAPS.text for text, _ in found.values()):
        raise BadPackage(f"有单元格超过 {CAPS.text} 字", where=where, hint="请核对这个文件是不是裁量基准表")
    extents, shadows = _regions(merges, height, width, where)
    cells = []
    for row, column in sorted(found.keys() | extents.keys()):
        text, fault = found.get((row, column), ("", ""))
        rows, columns = extents.get((row, column), (1, 1))
        cells.append(Cell(row, column, text, rows, columns, (row, column) in shadows, fault))
    return Grid(name, tuple(cells), hidden, shadows, places or {})


def _regions(
    merges: Iterable[Merge], height: int, width: int, where: str
) -> tuple[dict[tuple[int, int], tuple[int, int]], dict[tuple[int, int], tuple[int, int]]]:
    """Extents by top-left coordinate, and for every other covered coordinate its top-left one."""
    extents: dict[tuple[int, int], tuple[int, int]] = {}
    shadows: dict[tuple[int, int], tuple[int, int]] = {}
    for n, (top, left, bottom, right) in enumerate(merges, 1):
        rows, columns = min(bottom, height) - top + 1, min(right, width) - left + 1
        if n > CAPS.merges or len(shadows) + max(rows, 0) * max(columns, 0) > CAPS.covered:
            raise BadPackage("合并单元格过多", where=where, hint="请取消无关的合并后另存")
        if top < 1 or left < 1 or rows < 1 or columns < 1 or (rows, columns) == (1, 1):
            continue
        region = [(r, c) for r in range(top, top + rows) for c in range(left, left + columns)]
        if any(at in shadows or at in extents for at in region):
            continue  # overlapping regions: the first one stands, as spreadsheets repair it
        extents[top, left] = (rows, columns)
        shadows.update(dict.fromkeys(region[1:], (top, left)))
    return extents, shadows
