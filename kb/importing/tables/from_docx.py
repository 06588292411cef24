"""The tables of a .docx: spans across columns, merges down rows, and the text hidden under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.errors import BadPackage
from kb.importing.tables.grid import CAPS, Grid, Merge, Value, make_grid
from kb.package import Package

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "noBreakHyphen": "-"}
_LEFT_OUT = {W + "tbl", W + "del", W + "moveFrom", W + "txbxContent", W + "instrText"}


def read_docx(package: Package, label: str) -> list[Grid]:
    """Every table of the body, nested ones too, in the order of the text; marked deletions are left out.

    Raises:
        BadPackage: damaged or larger than the caps.
    """
    root = package.xml(package.main)
    tables = list(root.iter(W + "tbl"))
    if len(tables) > CAPS.sheets * 10:
        raise BadPackage(f"表格超过 {CAPS.sheets * 10} 个", where=label, hint="请分成几个文件")
    return [_grid(f"表格{n}", table, label) for n, table in enumerate(tables, 1)]


def _grid(name: str, table: etree._Element, label: str) -> Grid:
    values: list[Value] = []
    merges: list[Merge] = []
    open_merges: dict[int, tuple[int, int, int, int]] = {}  # column -> top, left, bottom, right
    for row, line in enumerate(_rows(table), 1):
        still: dict[int, tuple[int, int, int, int]] = {}
        for column, span, down, text in _cells(line):
            values.append((row, column, text, ""))
            above = open_merges.get(column)
            if down == "continue" and above and above[3] == column + span - 1:
                still[column] = (above[0], above[1], row, above[3])
            elif down or span > 1:
                still[column] = (row, column, row, column + span - 1)
        merges += [m for column, m in open_merges.items() if column not in still or still[column][0] != m[0]]
        open_merges = still
    return make_grid(name, values, [*merges, *open_merges.values()], label=label)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those in content controls and marked insertions too."""
    for node in table:
        if node.tag == W + "tr":
            if node.find(f"{W}trPr/{W}del") is None:
                yield node
        elif node.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _rows(node)


def _cells(row: etree._Element) -> Iterator[tuple[int, int, str, str]]:
    """(column from 1, columns spanned, how it goes on down: restart, continue or nothing, text)."""
    column = 1 + _value(row, f"{W}trPr/{W}gridBefore", 0)
    for cell in _inside(row):
        span = max(1, _value(cell, f"{W}tcPr/{W}gridSpan", 1))
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        down = "" if merge is None else merge.get(W + "val", "continue")
        yield column, span, down, _text(cell)
        column += span


def _inside(row: etree._Element) -> Iterator[etree._Element]:
    for node in row:
        if node.tag == W + "tc":
            yield node
        elif node.tag in (W + "sdt", W + "sdtContent", W + "customXml"):
            yield from _inside(node)


def _value(node: etree._Element, path: str, otherwise: int) -> int:
    found = node.find(path)
    text = found.get(W + "val", "") if found is not None else ""
    return (
        min(int(text), CAPS.columns + 1) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
    )


def _text(cell: etree._Element) -> str:
    """The paragraphs of a cell; a nested table is a table of its own."""
    out: list[str] = []
    _walk(cell, out)
    return "".join(out).strip("\n")


def _walk(node: etree._Element, out: list[str]) -> None:
    for child in node:
        if child.tag in _LEFT_OUT or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            out.append(child.text or "")
        elif child.tag in _BREAKS:
            out.append(_BREAKS[child.tag])
        else:
            _walk(child, out)
            if child.tag == W + "p":
                out.append("\n")
