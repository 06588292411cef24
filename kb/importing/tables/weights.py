"""Sheets of one violation each: 违反条款, 处罚依据, and below them a table of weights or a matrix of amounts.

Where other tables print one violation a row, some provinces print one a sheet: the provisions above, then
either 裁量要素 with weights that a formula adds up, or circumstances crossed into cells with an amount each,
then 备注 with the formula, its cap and its floor. This module tells the parts of such sheets apart;
`weight_records` makes records of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kb.importing.tables.blocks import Reading, Spot
from kb.importing.tables.grid import Cell, Grid
from kb.importing.tables.headers import Role
from kb.money.amounts import squeeze

Part = Literal["violated", "basis", "remark"]
_PARTS: dict[str, Part] = {
    "违反条款": "violated",
    "违反规定": "violated",
    "处罚依据": "basis",
    "处罚条款": "basis",
    "备注": "remark",
    "说明": "remark",
}
_HEADS = ("违法行为", "违法事项", "行为")
START = "裁量起点"
_CHAPTER = re.compile(r"第[一二三四五六七八九十]{1,3}[章节编]\s*(?P<name>.+)")
_SERIAL = re.compile(r"§\s*(?P<serial>\d+(?:[.．]\d+)*)")
_TITLE = re.compile(r"^[一二三四五六七八九十]{1,4}、\s*(?P<title>.+)")
_LONGEST = 20  # letters of a header

HEADLESS = "这张表从中间开始（没有处罚依据和表头），不知道是哪一项违法行为，可能在文件没有收入的前一页"
NOTE_BELOW = "表后的文字，没有写进记录"
ABOVE = "表前的文字，没有写进记录"
NO_PLACE = "没有归到这张表的任何一部分，没有写进记录"


@dataclass
class Standard:
    """One sheet, its parts told apart.

    Attributes:
        grid: the sheet.
        serial: its number as printed, 2.5.1; "" where there is none.
        title: the name above it.
        chapter: the chapter it stands in, 水污染防治类.
        parts: the cells of 违反条款, 处罚依据 and 备注.
        header: the headers over the columns, by column.
        rows: the rows between the header and 备注.
        used: the cells that were taken for something.
        counted: the cells that were counted.
    """

    grid: Grid
    serial: str = ""
    title: str = ""
    chapter: str = ""
    parts: dict[Part, list[Spot]] = field(default_factory=dict)
    header: dict[int, Spot] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    used: set[tuple[int, int, int]] = field(default_factory=set)
    counted: set[tuple[int, int, int]] = field(default_factory=set)

    def text(self, part: Part) -> str:
        """The text of a part; what goes on over a page is a paragraph of its own."""
        return "\n".join(spot.text for spot in self.parts.get(part, ()))

    def shown(self, row: int, column: int) -> Spot | None:
        """What a reader sees at a place of the body."""
        cell = self.grid.shown(row, column)
        return Spot(self.grid, cell) if cell is not None and cell.text.strip() else None

    def spots(self) -> Iterator[Spot]:
        """Every cell with text."""
        yield from (Spot(self.grid, cell) for cell in self.grid.cells if cell.text.strip())

    def use(self, *spots: Spot | None) -> None:
        self.used |= {s.at for s in spots if s is not None}

    def count(self, reading: Reading, role: Role, *spots: Spot) -> None:
        """Count cells as the import reports them: what is violated, circumstances, amounts."""
        reading.stored.setdefault(role, []).extend(s for s in spots if s.at not in self.counted)
        self.counted |= {s.at for s in spots}

    @property
    def name(self) -> str:
        """What a step of an assessment calls it: §2.5.1."""
        return f"§{self.serial}" if self.serial else self.grid.name

    @property
    def start(self) -> Spot | None:
        """The cell 裁量起点 of a table of weights; a matrix has none."""
        cells = (self.grid.stored(row, n) for row in self.rows for n in range(1, self.grid.width + 1))
        return next((Spot(self.grid, c) for c in cells if c and squeeze(c.text) == START), None)

    @property
    def violation(self) -> list[Spot]:
        """The cells of 违法行为: one, unless the print tore it."""
        column = min(self.header, default=1)
        found: dict[tuple[int, int, int], Spot] = {}
        for row in self.rows:
            spot = self.shown(row, column)
            if spot is not None and squeeze(spot.text) != START:
                found.setdefault(spot.at, spot)
        return list(found.values())

    @property
    def first(self) -> Spot | None:
        """The first cell with text."""
        return next(self.spots(), None)


def is_standards(grids: Sequence[Grid]) -> bool:
    """Whether a file holds such sheets: 处罚依据 beside its text, above the header of a table."""
    return any(_header_row(grid) and "basis" in _labels(grid).values() for grid in grids)


def read_standards(grids: Sequence[Grid], reading: Reading) -> list[Standard]:
    """The sheets of a file. What belongs to none is listed in ``reading``."""
    out: list[Standard] = []
    chapter = title = ""
    for grid in grids:
        standard = _standard(grid, reading)
        chapter = standard.chapter = standard.chapter or chapter
        title = standard.title = standard.title or title
        if not standard.header:
            for spot in standard.spots():
                reading.leave(spot, HEADLESS)
            continue
        out.append(standard)
    return out


def _standard(grid: Grid, reading: Reading) -> Standard:
    standard = Standard(grid)
    labels = _labels(grid)
    head = _header_row(grid)
    end = min((row for row, part in labels.items() if part == "remark"), default=grid.height + 1)
    for row in range(1, grid.height + 1):
        whole = _whole(grid, row)
        if whole is not None:
            _heading(standard, whole, reading, above=row < (head or grid.height))
    for row, part in labels.items():
        _part(standard, row, part)
    if head:
        standard.header = {n: s for n in range(1, grid.width + 1) if (s := standard.shown(head, n))}
        standard.use(*standard.header.values())
        last = max(s.cell.last_row for s in standard.header.values())
        standard.rows = [r for r in range(last + 1, end) if _whole(grid, r) is None]
    return standard


def _labels(grid: Grid) -> dict[int, Part]:
    """The rows whose first cell is the name of a part, with the text beside it."""
    out: dict[int, Part] = {}
    for cell in grid.cells:
        part = _PARTS.get(squeeze(cell.text).rstrip("：:"))
        if part and cell.column == 1 and cell.columns < grid.width and grid.width > 1:
            out[cell.row] = part
    return out


def _header_row(grid: Grid) -> int:
    """The row headed 违法行为 with short headers beside it; 0 where there is none."""
    for row in range(1, grid.height + 1):
        first = grid.stored(row, 1)
        if first is None or squeeze(first.text) not in _HEADS:
            continue
        cells = (grid.stored(row, n) for n in range(2, grid.width + 1))
        others = [c for c in cells if c is not None and c.text.strip()]
        if others and all(len(squeeze(c.text)) <= _LONGEST for c in others):
            return row
    return 0


def _whole(grid: Grid, row: int) -> Cell | None:
    """The only cell of a row, where it takes the whole width."""
    cell = grid.stored(row, 1)
    if cell is None or not cell.text.strip() or cell.columns < grid.width:
        return None
    return cell


def _heading(standard: Standard, cell: Cell, reading: Reading, *, above: bool) -> None:
    """A line above a table: chapter, name and number of the sheet; they may share a line."""
    spot = Spot(standard.grid, cell)
    text = re.sub(r"\s+", "", cell.text) if cell.columns > 1 else cell.text
    if not above:
        reading.leave(spot, NOTE_BELOW)
        return
    if m := _SERIAL.search(text):
        standard.serial = m["serial"].replace("．", ".")
        standard.use(spot)
        text = text[: m.start()]
    if m := _CHAPTER.fullmatch(text):
        standard.chapter = m["name"].strip()
        reading.titles.append(text)
        standard.use(spot)
    elif m := _TITLE.match(text):
        standard.title = m["title"].strip()
        standard.use(spot)
    elif text and standard.title and not standard.serial:
        standard.title += text  # a name that the print broke
        standard.use(spot)
    elif text and spot.at not in standard.used:
        reading.leave(spot, ABOVE)


def _part(standard: Standard, row: int, part: Part) -> None:
    """The text beside a label, in all the rows the label stands over."""
    label = standard.grid.stored(row, 1)
    assert label is not None  # _labels found it
    standard.use(Spot(standard.grid, label))
    for at in range(row, label.last_row + 1):
        for n in range(label.columns + 1, standard.grid.width + 1):
            cell = standard.grid.stored(at, n)
            if cell is not None and cell.text.strip():
                spot = Spot(standard.grid, cell)
                standard.parts.setdefault(part, []).append(spot)
                standard.use(spot)


def account(standard: Standard, reading: Reading) -> None:
    """List every cell with text that was taken for nothing: nothing is dropped in silence."""
    for spot in standard.spots():
        if spot.at not in standard.used:
            reading.leave(spot, NO_PLACE)
