"""An .xlsx, read from its XML: stored values, never a formula, and the text that lies under merges.

openpyxl deletes the text under a merged region as it loads, and fills merged regions and gaps with empty
cells (a region over a whole sheet is 17 thousand million of them): so the XML is read here directly.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import BadPackage, NotFound
from kb.importing.tables.grid import CAPS, Grid, Merge, Value, column_number, make_grid
from kb.importing.tables.values import date_text, is_date, number_text
from kb.package import Package

if TYPE_CHECKING:
    from lxml import etree

_RETURN = re.compile("_x000[dD]_")
_AT = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
# Number formats every program knows by their number (ECMA-376 part 1, 18.8.30); the rest stand in the file.
_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "yyyy-m-d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "yyyy-m-d h:mm",
}
_BUILT_IN |= {30: "m-d-yy", 31: "yyyy-m-d", 57: "yyyy-m", 58: "m-d"}
NO_RESULT = "公式没有存下结果，程序不计算公式"


def read_xlsx(package: Package, label: str) -> list[Grid]:
    """The sheets of an .xlsx in the order of the workbook.

    Raises:
        BadPackage: damaged or larger than the caps.
    """
    book = Workbook(package, label)
    return [book.grid(sheet) for sheet in book.sheets]


class Sheet(NamedTuple):
    """One sheet of a workbook: its name, the part it lies in, whether it is shown."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """The sheets of one workbook, with its shared strings and number formats.

    Raises:
        BadPackage: damaged or larger than the caps.
    """

    def __init__(self, package: Package, label: str) -> None:
        self.package, self.label = package, label
        book = package.xml(package.main)
        self.sheets = self._sheets(book)
        properties = book.find("{*}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.strings: list[str] = []
        self.patterns: list[str] = []
        for arrow in package.relationships(package.main):
            if arrow.type == "sharedStrings":
                self.strings = [_text(node) for node in package.xml(arrow.target).iterchildren("{*}si")]
            elif arrow.type == "styles":
                self.patterns = _patterns(package.xml(arrow.target))

    def _sheets(self, book: etree._Element) -> tuple[Sheet, ...]:
        nodes = book.findall("{*}sheets/{*}sheet")
        if len(nodes) > CAPS.sheets:
            raise BadPackage(f"工作表超过 {CAPS.sheets} 个", where=self.label, hint="请分成几个文件")
        targets = {arrow.id: arrow for arrow in self.package.relationships(self.package.main)}
        found = []
        for node in nodes:
            key = next((v for k, v in node.attrib.items() if str(k).endswith("}id")), "")
            arrow = targets.get(str(key))
            if arrow is not None and arrow.type == "worksheet":
                hidden = node.get("state", "visible") != "visible"
                found.append(Sheet(node.get("name", ""), arrow.target, hidden))
        return tuple(found)

    def grid(self, sheet: Sheet) -> Grid:
        try:
            root = self.package.xml(sheet.part)
        except NotFound:
            raise self._absent(sheet) from None
        values = self._values(root.iterfind("{*}sheetData/{*}row"))
        return make_grid(sheet.name, values, _merges(root), hidden=sheet.hidden, label=self.label)

    def values(self, sheet: Sheet) -> Iterator[Value]:
        """The stored values in the order of the file; a sheet of many rows never stands in memory whole.

        Raises:
            BadPackage: the sheet is damaged; what came before has been given by then.
        """
        from lxml import etree

        try:
            data = io.BytesIO(self.package.read(sheet.part))
        except NotFound:
            raise self._absent(sheet) from None
        rows = etree.iterparse(data, tag="{*}row", resolve_entities=False, no_network=True, huge_tree=False)
        try:
            yield from self._values(_passing(node for _, node in rows))
        except etree.XMLSyntaxError as error:
            raise BadPackage(
                f"工作表“{sheet.name}”的内容不完整", where=self.label, hint="请重新保存"
            ) from error

    def _absent(self, sheet: Sheet) -> BadPackage:
        return BadPackage(f"工作表“{sheet.name}”的内容不在文件里", where=self.label, hint="请重新保存")

    def _values(self, lines: Iterable[etree._Element]) -> Iterator[Value]:
        row = 0
        for line in lines:
            row = _whole(line.get("r"), row + 1)
            column = 0
            for node in line.iterchildren("{*}c"):
                at = _AT.fullmatch(node.get("r", ""))
                column = (column_number(at[1]) if at else None) or column + 1
                yield (int(at[2]) if at else row), column, *self._value(node)

    def _value(self, node: etree._Element) -> tuple[str, str]:
        kind, inner = node.get("t", "n"), next(node.iterchildren("{*}v"), None)
        value = None if inner is None else inner.text or ""
        if kind == "inlineStr":
            inline = node.find("{*}is")
            return (_text(inline) if inline is not None else ""), ""
        if value is None:
            return ("", NO_RESULT) if node.find("{*}f") is not None else ("", "")
        if kind == "s":
            index = _whole(value, -1)
            if 0 <= index < len(self.strings):
                return self.strings[index], ""
            return value, "指向不存在的共享字符串"
        if kind == "e":
            return value, f"单元格是错误值 {value}"
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), ""
        return (self._number(value, node) if kind == "n" else value), ""

    def _number(self, value: str, node: etree._Element) -> str:
        style = _whole(node.get("s"), 0)
        pattern = self.patterns[style] if 0 <= style < len(self.patterns) else ""
        try:
            number = float(value)
        except ValueError:
            return value
        if is_date(pattern):
            return date_text(number, pattern, since_1904=self.since_1904)
        # 17 digits of a binary fraction (0.10000000000000001) mean the shorter number
        return number_text(number, pattern)


def _passing(nodes: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Each row, forgotten as soon as the next is asked for."""
    for node in nodes:
        yield node
        node.clear()
        while (before := node.getprevious()) is not None:
            parent = before.getparent()
            if parent is None:
                break
            parent.remove(before)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else otherwise


def _text(node: etree._Element) -> str:
    """The text of a string item; runs are joined, the phonetic guide is left out."""
    parts = [t.text or "" for t in node.iterchildren("{*}t")]
    parts += [t.text or "" for r in node.iterchildren("{*}r") for t in r.iterchildren("{*}t")]
    return _RETURN.sub("", "".join(parts))


def _patterns(styles: etree._Element) -> list[str]:
    own = {
        _whole(n.get("numFmtId"), 0): n.get("formatCode", "") for n in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    known = _BUILT_IN | own
    return [known.get(_whole(xf.get("numFmtId"), 0), "") for xf in styles.iterfind("{*}cellXfs/{*}xf")]


def _merges(root: etree._Element) -> Iterator[Merge]:
    for node in root.iterfind("{*}mergeCells/{*}mergeCell"):
        first, _, last = node.get("ref", "").partition(":")
        a, b = _AT.fullmatch(first), _AT.fullmatch(last or first)
        left, right = (column_number(m[1]) if m else None for m in (a, b))
        if a and b and left and right:
            yield int(a[2]), left, int(b[2]), right
