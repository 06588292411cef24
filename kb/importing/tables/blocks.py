"""From a grid and its headers to blocks: one violation each, its ladders, and the rungs printed in them.

A block runs from one violation to the next; each cell of 处罚依据 in it opens a ladder (逾期不改正的,
责任人员); cells that share an amount, merged or left blank below it, are conditions of one rung. What a cell
was taken for is kept for every cell of the file: what nobody took is listed, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.importing.tables.grid import Cell, Grid
from kb.importing.tables.headers import ByHand, Layout, Role, layouts

GHOST = "合并单元格下的残留：纸面上看不到，没有导入"
GHOST_SAME = "合并单元格下的残留，与合并单元格的文字相同，没有重复导入"
NO_HEADER = "表头没有认出（要有违法行为或者处罚依据，以及阶次、情节、标准中的一种），可以手工对应（--column）"


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of one of the grids of a file; ``role`` is what its column means."""

    grid: Grid
    cell: Cell
    role: Role | None = None
    subject: str = ""
    unit: str = ""

    @property
    def text(self) -> str:
        return self.cell.text.strip()

    @property
    def place(self) -> str:
        return self.grid.place(self.cell)

    @property
    def at(self) -> tuple[int, int, int]:
        return id(self.grid), self.cell.row, self.cell.column


@dataclass
class Rung:
    """One printed tier: its label, the conditions of which one is enough, and what it costs."""

    labels: list[Spot] = field(default_factory=list)
    conditions: list[Spot] = field(default_factory=list)
    amounts: list[Spot] = field(default_factory=list)

    @property
    def first(self) -> Spot:
        return (*self.amounts, *self.conditions, *self.labels)[0]


@dataclass
class Ladder:
    """The rungs under one cell (or several) of 处罚依据; ``ranges`` is what a 法定幅度 column says."""

    basis: list[Spot] = field(default_factory=list)
    ranges: list[Spot] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)


@dataclass
class Block:
    """One violation."""

    violation: Spot | None
    serial: Spot | None = None
    laws: list[Spot] = field(default_factory=list)
    violated: list[Spot] = field(default_factory=list)
    ladders: list[Ladder] = field(default_factory=list)
    remarks: list[Spot] = field(default_factory=list)

    @property
    def rungs(self) -> Iterator[Rung]:
        for ladder in self.ladders:
            yield from ladder.rungs

    @property
    def spots(self) -> Iterator[Spot]:
        """Every cell it was read from."""
        yield from (s for s in (self.violation, self.serial) if s)
        for ladder in self.ladders:
            yield from (*ladder.basis, *ladder.ranges)
        for rung in self.rungs:
            yield from (*rung.labels, *rung.conditions, *rung.amounts)
        yield from (*self.laws, *self.violated, *self.remarks)

    @property
    def place(self) -> str:
        spot = self.violation or self.serial or next((r.first for r in self.rungs), None)
        return spot.place if spot else ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that was not imported, where it stands and why; ``order`` sorts them as the file has them."""

    place: str
    text: str
    why: str
    order: tuple[int, int, int] = (0, 0, 0)

    def to_dict(self) -> dict[str, str]:
        return {"place": self.place, "text": self.text, "why": self.why}


@dataclass
class Reading:
    """What was made of a file: its blocks, and for every cell what it was taken for.

    ``stored`` are the cells of the three counted kinds, ``left`` those that were left out (`Spot.at`).
    """

    blocks: list[Block] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    columns: list[tuple[str, Layout]] = field(default_factory=list)
    stored: dict[Role, list[Spot]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    left: set[tuple[int, int, int]] = field(default_factory=set)
    sheets: dict[int, int] = field(default_factory=dict)  # id of a grid -> its place in the file

    def leave(self, spot: Spot, why: str) -> None:
        """List a whole cell as not imported."""
        if spot.at not in self.left:
            self.left.add(spot.at)
            self.leave_part(spot, spot.cell.text, why)

    def leave_part(self, spot: Spot, text: str, why: str) -> None:
        """List a part of a cell whose rest was imported."""
        order = (self.sheets.get(id(spot.grid), 0), spot.cell.row, spot.cell.column)
        self.unread.append(Unread(spot.place, text, why, order))

    def count(self, role: Role) -> int:
        return len(self.stored.get(role, ()))

    @property
    def imported(self) -> int:
        """How many of the counted cells were taken."""
        return sum(spot.at not in self.left for spots in self.stored.values() for spot in spots)


COUNTED: tuple[Role, ...] = ("violation", "condition", "amount")


def read_blocks(grids: Sequence[Grid], by_hand: ByHand | None = None) -> Reading:
    """Read the tables of a file.

    Args:
        grids: the sheets in order; one without a header, no wider than the one before, goes on with it.
        by_hand: columns an editor mapped.
    """
    reading = Reading(sheets={id(grid): n for n, grid in enumerate(grids)})
    before: Layout | None = None
    desk = _Desk(reading)
    for grid in grids:
        found = layouts(grid, by_hand)
        if not found and before is not None and grid.cells and grid.width <= max(before.columns, default=0):
            found = [replace(before, first=0, last=0)]
        if not found:
            desk.no_table(grid)
            continue
        for layout in found:
            if before is None or not layout.same_as(before) or reading.columns[-1][0] != grid.name:
                reading.columns.append((grid.name, layout))
            before = layout
        desk.table(grid, found)
    return reading


@dataclass
class _Desk:
    """Reads row after row; the block at hand goes on over pages until the next violation."""

    reading: Reading
    block: Block | None = None
    rung: Rung | None = None

    def no_table(self, grid: Grid) -> None:
        for cell in grid.cells:
            if cell.text.strip() or cell.fault:
                self.reading.leave(Spot(grid, cell), NO_HEADER)

    def table(self, grid: Grid, found: list[Layout]) -> None:
        for row in range(1, max(found[0].first, 1)):
            self._title_row(grid, row)
        for layout, following in zip(found, [*found[1:], None], strict=True):
            last = following.first - 1 if following else grid.height
            for row in range(layout.last + 1, last + 1):
                self._row(grid, layout, row, fresh=row == layout.last + 1)
            if not any(n in layout.columns for n in range(1, grid.width + 1)):
                self.no_table(grid)

    def _title_row(self, grid: Grid, row: int) -> None:
        self.reading.titles += [spot.text for spot in _spots(grid, row) if not spot.cell.ghost]

    def _row(self, grid: Grid, layout: Layout, row: int, *, fresh: bool) -> None:
        spots = list(self._stored(grid, layout, row))
        lines = [s for s in spots if not s.cell.ghost]
        if _is_title(grid, row, lines):
            for spot in lines:
                if re.match(r"注|说明|备注", spot.text):
                    self.reading.leave(spot, "表下的说明，没有写进记录")
                else:
                    self.reading.titles.append(spot.text)
            self.rung = None
            return
        open_ = [s for s in spots if self._is_read(s)]
        shown = _shown(grid, layout, row)
        self._place(shown, {s.at for s in open_}, row, continues=fresh and layout.first == 0)

    def _stored(self, grid: Grid, layout: Layout, row: int) -> Iterator[Spot]:
        for spot in _spots(grid, row):
            column = layout.columns.get(spot.cell.column)
            if column is not None:
                yield Spot(grid, spot.cell, _role(spot.cell, layout), column.subject, column.unit)
            else:
                self.reading.leave(spot, no_role(layout, spot.cell.column))

    def _is_read(self, spot: Spot) -> bool:
        """Count a stored cell; ghosts and cells the file gives no text of are listed and go no further."""
        ghost_twice = spot.cell.ghost and _anchor_text(spot) == spot.text
        if spot.role in COUNTED and not ghost_twice:
            self.reading.stored.setdefault(spot.role, []).append(spot)
        if spot.cell.ghost:
            self.reading.leave(spot, GHOST_SAME if ghost_twice else GHOST)
        elif spot.cell.fault:
            self.reading.leave(spot, spot.cell.fault)
        else:
            return True
        return False

    # ------------------------------------------------------------ one row of content

    def _place(
        self, shown: dict[Role, list[Spot]], new: set[tuple[int, int, int]], row: int, *, continues: bool
    ) -> None:
        fresh = {role: [s for s in spots if s.at in new] for role, spots in shown.items()}
        if not any(fresh.values()):
            return
        if self._begins(fresh, shown):
            self.block = Block(_first(shown, "violation"), _first(shown, "serial"))
            self.rung = None
        elif self.block is None:
            for spot in (s for spots in fresh.values() for s in spots):
                self.reading.leave(spot, "前面没有违法行为，不知道属于哪一项")
            return
        block = self.block
        if block not in self.reading.blocks[-1:]:
            self.reading.blocks.append(block)
        _add(block.laws, shown.get("law", ()))
        _add(block.violated, shown.get("violated", ()))
        _add(block.remarks, fresh.get("remark", ()) or (shown.get("remark", ()) if not block.remarks else ()))
        self._ladder(block, fresh, shown)
        self._rung(block, fresh, shown)

    def _begins(self, fresh: dict[Role, list[Spot]], shown: dict[Role, list[Spot]]) -> bool:
        """Whether a row begins a violation: a new text, or the same one with another serial and basis."""
        block = self.block
        named = fresh.get("violation", [])
        if not named:
            return not shown.get("violation") and bool(fresh.get("serial"))
        if block is None or block.violation is None or _plain(named[0].text) != _plain(block.violation.text):
            return True
        same_serial = not fresh.get("serial") or (
            block.serial is not None and fresh["serial"][0].text == block.serial.text
        )
        basis = fresh.get("basis", [])
        known = {_plain(s.text) for ladder in block.ladders for s in ladder.basis}
        return not same_serial and bool(basis) and _plain(basis[0].text) not in known

    def _ladder(self, block: Block, fresh: dict[Role, list[Spot]], shown: dict[Role, list[Spot]]) -> None:
        known = {_plain(s.text) for ladder in block.ladders for s in ladder.basis}
        basis = [s for s in fresh.get("basis", []) if _plain(s.text) not in known]
        if not block.ladders:
            block.ladders.append(Ladder())
            basis = shown.get("basis", [])
        elif basis and block.ladders[-1].rungs:
            block.ladders.append(Ladder())
            self.rung = None
        _add(block.ladders[-1].basis, basis)
        _add(block.ladders[-1].ranges, fresh.get("range", ()))

    def _rung(self, block: Block, fresh: dict[Role, list[Spot]], shown: dict[Role, list[Spot]]) -> None:
        amounts, labels = shown.get("amount", []), shown.get("tier", [])
        conditions = shown.get("condition", [])
        if not any((fresh.get("amount"), fresh.get("tier"), fresh.get("condition"))):
            return
        rung = self.rung
        new_amount = bool(amounts) and (
            rung is None or {s.at for s in amounts} != {s.at for s in rung.amounts}
        )
        new_label = bool(labels) and (rung is None or {s.at for s in labels} != {s.at for s in rung.labels})
        if rung is None or new_amount or (new_label and bool(rung.amounts)):
            before = self.rung
            rung = self.rung = Rung()
            block.ladders[-1].rungs.append(rung)
            if not amounts and before is not None:
                amounts = before.amounts
        _add(rung.labels, labels)
        _add(rung.conditions, conditions)
        _add(rung.amounts, amounts)


def no_role(layout: Layout, column: int) -> str:
    """Why a cell of a column is not imported."""
    if column in layout.unused:
        return "按手工对应，不用这一列"
    header = layout.unknown.get(column, "")
    return f"列“{header}”没有认出，可以手工对应（--column）" if header else "表头没有这一列"


def _spots(grid: Grid, row: int) -> Iterator[Spot]:
    for n in range(1, grid.width + 1):
        cell = grid.stored(row, n)
        if cell is not None and (cell.text.strip() or cell.fault):
            yield Spot(grid, cell)


def _anchor_text(spot: Spot) -> str:
    anchor = spot.grid.shown(spot.cell.row, spot.cell.column)
    return anchor.text.strip() if anchor else ""


def _shown(grid: Grid, layout: Layout, row: int) -> dict[Role, list[Spot]]:
    """What a reader of the paper sees in a row, by meaning; a cell over several columns once."""
    out: dict[Role, list[Spot]] = {}
    seen: set[tuple[int, int]] = set()
    for n in layout.columns:
        cell = grid.shown(row, n)
        if cell is None or not cell.text.strip() or cell.fault or (cell.row, cell.column) in seen:
            continue
        seen.add((cell.row, cell.column))
        column = layout.columns.get(cell.column, layout.columns[n])
        role = _role(cell, layout)
        out.setdefault(role, []).append(Spot(grid, cell, role, column.subject, column.unit))
    return out


def _role(cell: Cell, layout: Layout) -> Role:
    """What a cell is; one merged over several columns is what its text looks like."""
    columns = range(cell.column, cell.column + cell.columns)
    roles = [layout.columns[n].role for n in columns if n in layout.columns]
    if "amount" in roles and re.search(r"罚款|处罚|警告|责令|没收|吊销", cell.text):
        return "amount"
    if len(set(roles)) > 1 and "condition" in roles:
        return "condition"
    return roles[0]


def _is_title(grid: Grid, row: int, spots: list[Spot]) -> bool:
    """A row with one cell over most of the table: the name of a chapter or a law, or a note below."""
    if len(spots) != 1 or any(
        grid.shown(row, n) not in (None, spots[0].cell) for n in range(1, grid.width + 1)
    ):
        return False
    spot = spots[0]
    alone = re.match(
        r"[一二三四五六七八九十]+、|第.{1,4}[章节编部]|[（(][一二三四五六七八九十]+[)）]|注[:：]|说明[:：]",
        spot.text,
    )
    return spot.cell.columns * 2 > grid.width or (alone is not None and spot.cell.columns == 1)


def _first(shown: Mapping[Role, list[Spot]], role: Role) -> Spot | None:
    return next(iter(shown.get(role, ())), None)


def _add(spots: list[Spot], more: Iterable[Spot]) -> None:
    known = {s.at for s in spots}
    spots += [s for s in more if s.at not in known]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
