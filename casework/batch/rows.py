"""The rows of a batch, read one after another from .xlsx, .csv or .jsonl: no table stands in memory whole.

What a file is, its first bytes say. Formulas are never computed: what a spreadsheet stored is read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from kb.errors import BadPackage, CailiangError, WrongUse
from kb.importing.tables.grid import letter
from kb.importing.tables.reading import load
from kb.package import Limits, Package

FORMATS = (".xlsx", ".csv", ".jsonl")
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_TEXT = 20_000
"""Characters of one cell."""
LIMITS = Limits(file=32 << 20, part=96 << 20, total=128 << 20)
HEAD = 10
"""Rows among which the header is looked for: a title often stands above it."""
_SPLIT = "请分成几个文件"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell holds: text, or (from .jsonl) a value; ``fault`` says why it can't be read."""

    value: Any
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it. ``number`` as the file counts it, cells by column from 1."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Header:
    column: int
    text: str

    @property
    def letter(self) -> str:
        return letter(self.column)


@dataclass(frozen=True)
class Sheet:
    """A table: its header, and its rows as often as they are asked for.

    Attributes:
        name: the file, for messages.
        headers: the columns with a header.
        total: how many rows stand below the header.
        hidden: further sheets that were not read, by name.
    """

    name: str
    headers: tuple[Header, ...]
    total: int
    others: tuple[str, ...]
    _read: Callable[[], Iterator[Row]]
    _first: int

    def rows(self) -> Iterator[Row]:
        """The rows below the header, blank ones left out."""
        return (row for row in self._read() if row.number > self._first)


def open_sheet(source: Path | bytes, known: Callable[[str], bool], name: str = "") -> Sheet:
    """Open a table of rows.

    Args:
        source: a path, or the bytes themselves.
        known: whether a text is a header somebody understands; the row with most of them is the header.
        name: what messages call bytes.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile or larger than the caps.
        WrongUse: no header, no rows, or the same header twice.
    """
    data, label = load(source, name)
    read, others, lines = _reader(data, label)
    if lines:
        return _json_sheet(label, read)
    top = list(islice(read(), HEAD))
    if not top:
        raise WrongUse("表里没有内容", where=label, hint="第一行写列名，以下每行一个案件")
    head = max(top, key=lambda row: (_recognised(row, known), -row.number))
    headers = tuple(Header(c, str(cell.value).strip()) for c, cell in sorted(head.cells.items()))
    _refuse_twice(headers, label)
    total = sum(row.number > head.number for row in read())
    if not total:
        raise WrongUse("列名以下没有数据", where=label, hint="每行写一个案件")
    return Sheet(label, headers, total, others, read, head.number)


def _recognised(row: Row, known: Callable[[str], bool]) -> int:
    return sum(known(str(cell.value)) for cell in row.cells.values())


def _refuse_twice(headers: tuple[Header, ...], label: str) -> None:
    seen: dict[str, Header] = {}
    for header in headers:
        if (first := seen.setdefault(header.text, header)) is not header:
            message = f"两列都叫“{header.text}”（{first.letter}列、{header.letter}列）"
            raise WrongUse(message, where=label, hint="改成不同的列名，多项的加序号，如 证据1名称、证据2名称")


Read = Callable[[], Iterator[Row]]


def _reader(data: bytes, label: str) -> tuple[Read, tuple[str, ...], bool]:
    """How to read the rows, the sheets not read, and whether each line is an object of its own."""
    if data.startswith(b"PK"):
        return *_xlsx(data, label), False
    if len(data) > LIMITS.file:
        raise BadPackage(f"文件超过 {LIMITS.file >> 20} MB", where=label, hint=_SPLIT)
    if label.lower().endswith((".jsonl", ".ndjson")):
        return lambda: _capped(_jsonl(data, label), label), (), True
    if label.lower().endswith((".csv", ".tsv", ".txt")):
        from kb.importing.tables.from_csv import decode

        text = decode(data, label)
        return lambda: _capped(_csv(text, label), label), (), False
    raise BadPackage("不是能读的行表", where=label, hint="可以用 " + "、".join(FORMATS))


def _capped(rows: Iterator[Row], label: str) -> Iterator[Row]:
    """The rows, as long as they stay within what one batch may hold."""
    for n, row in enumerate(rows):
        if n > MOST_ROWS + HEAD:
            raise BadPackage(f"超过 {MOST_ROWS} 行", where=label, hint=_SPLIT)
        if len(row.cells) > MOST_COLUMNS:
            raise BadPackage(f"第{row.number}行超过 {MOST_COLUMNS} 列", where=label, hint="删去无关的列")
        for column, cell in row.cells.items():
            if isinstance(cell.value, str) and len(cell.value) > MOST_TEXT:
                where = f"{label} 第{row.number}行{letter(column)}列"
                raise BadPackage(f"一格超过 {MOST_TEXT} 字", where=where, hint="缩短这一格")
        yield row


# ---------------------------------------------------------------- formats


def _xlsx(data: bytes, label: str) -> tuple[Read, tuple[str, ...]]:
    from kb.importing.tables.from_xlsx import Sheet as Part
    from kb.importing.tables.from_xlsx import Workbook

    try:
        package = Package(data, label, LIMITS)
        if "spreadsheetml" not in package.content_type(package.main):
            raise BadPackage("不是 Excel 文件", where=label, hint="可以用 " + "、".join(FORMATS))
        book = Workbook(package, label)
    except BadPackage as error:
        raise _as_excel(error) from error
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    if not shown:
        raise WrongUse("没有显示的工作表", where=label, hint="取消隐藏后再试")

    def rows(sheet: Part = shown[0]) -> Iterator[Row]:
        try:
            for number, values in groupby(book.values(sheet), key=lambda value: value[0]):
                cells = {c: Cell(text, fault) for _, c, text, fault in values if text.strip() or fault}
                if cells:
                    yield Row(number, cells)
        except CailiangError as error:
            raise _as_excel(error) from error

    return lambda: _capped(rows(), label), tuple(sheet.name for sheet in shown[1:])


def _as_excel(error: CailiangError) -> BadPackage:
    hint = error.hint.replace("Word 或 WPS", "Excel 或 WPS").replace(".docx", ".xlsx")
    return BadPackage(error.message, where=error.where, hint=hint)


def _csv(text: str, label: str) -> Iterator[Row]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    try:
        for number, values in enumerate(lines, 1):
            cells = {c: Cell(value) for c, value in enumerate(values, 1) if value.strip()}
            if cells:
                yield Row(number, cells)
    except csv.Error as error:
        raise BadPackage(
            "不是完整的 CSV 文件", where=label, hint="请在 Excel 或 WPS 中另存为 .xlsx"
        ) from error


def _json_sheet(label: str, read: Read) -> Sheet:
    """Every name that any line uses is a column."""
    total, names = 0, dict[str, None]()
    for row in _named(read()):
        total += 1
        names |= dict.fromkeys(row)
    if not total:
        raise WrongUse("文件里没有内容", where=label, hint="每行写一个 JSON 对象，键是列名")
    columns = {name: n for n, name in enumerate(names, 1)}

    def rows() -> Iterator[Row]:
        for row in read():
            cells = {columns[c.value[0]]: Cell(c.value[1]) for c in row.cells.values() if c.value[1] != ""}
            yield Row(row.number, cells)

    headers = tuple(Header(n, name) for name, n in columns.items())
    return Sheet(label, headers, total, (), rows, 0)


def _named(rows: Iterator[Row]) -> Iterator[list[str]]:
    return ([cell.value[0] for cell in row.cells.values()] for row in rows)


def _jsonl(data: bytes, label: str) -> Iterator[Row]:
    """Lines as pairs of name and value; amounts stay exact, null is as good as absent."""
    for number, line in enumerate(io.BytesIO(data), 1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            pairs = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_Pairs)
        except (ValueError, RecursionError):
            pairs = None
        if not isinstance(pairs, _Pairs):
            raise BadPackage(
                "不是一个 JSON 对象",
                where=f"{label} 第{number}行",
                hint="每行写一个 {“列名”: 值}，UTF-8 编码",
            )
        given = [(name, _plain(value)) for name, value in pairs if value is not None]
        if len({name for name, _ in given}) < len(given):
            raise BadPackage("同一个列名写了两次", where=f"{label} 第{number}行", hint="每个列名留一个")
        yield Row(number, {c: Cell(pair) for c, pair in enumerate(given, 1)})


class _Pairs(list[tuple[str, Any]]):
    """An object as it stands in the file, a name written twice included."""


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(inner) for name, inner in value}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
