"""The old binary .xls (BIFF in OLE2), through xlrd: stored values and merges; no formula is evaluated."""

from __future__ import annotations

import io
from typing import Any

from kb.errors import BadPackage
from kb.importing.tables.grid import CAPS, Grid, make_grid
from kb.importing.tables.values import date_text, is_date, number_text

MOST = 16 << 20  # bytes; a table of 900 rows takes a third of a MiB
SAVE_AGAIN = "请在 Excel 或 WPS 中打开后另存为 .xlsx 再试"
_MACROS = "_VBA_PROJECT".encode("utf-16-le")  # the name of the storage that macros lie in


def read_xls(data: bytes, label: str) -> list[Grid]:
    """The sheets of an .xls.

    Args:
        data: the file.
        label: what messages call it.

    Raises:
        BadPackage: damaged, encrypted, with macros, or larger than the caps.
    """
    import xlrd

    if len(data) > MOST:
        raise BadPackage(f"文件超过 {MOST >> 20} MB", where=label, hint=SAVE_AGAIN)
    if _MACROS in data:
        raise BadPackage("含宏，拒绝打开", where=label, hint="请另存为不带宏的 .xlsx 再试")
    try:
        # xlrd prints its doubts about a damaged file: they go nowhere
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        sheets = book.sheets()
    except xlrd.biffh.XLRDError as error:
        locked = "encrypt" in str(error).lower()
        what = "文件加了密码" if locked else "不是完整的 .xls 文件"
        hint = "请去掉密码后另存再试" if locked else SAVE_AGAIN
        raise BadPackage(what, where=label, hint=hint) from error
    except Exception as error:  # a damaged file makes xlrd fail anywhere (struct, index, assertion, memory)
        raise BadPackage("文件已损坏，无法读取", where=label, hint=SAVE_AGAIN) from error
    if len(sheets) > CAPS.sheets:
        raise BadPackage(f"工作表超过 {CAPS.sheets} 个", where=label, hint="请分成几个文件")
    return [_sheet(sheet, book, label) for sheet in sheets]


def _sheet(sheet: Any, book: Any, label: str) -> Grid:
    values = [
        (row + 1, column + 1, *_value(cell, book))
        for row in range(sheet.nrows)
        for column, cell in enumerate(sheet.row(row))
    ]
    merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    return make_grid(sheet.name, values, merges, hidden=bool(sheet.visibility), label=label)


def _value(cell: Any, book: Any) -> tuple[str, str]:
    """The text of a cell and, for an error value, why there is none."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value, ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return ("TRUE" if cell.value else "FALSE"), ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        shown = xlrd.error_text_from_code.get(cell.value, "#ERR")
        return shown, f"单元格是错误值 {shown}"
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return "", ""
    pattern = _pattern(cell.xf_index, book)
    if cell.ctype == xlrd.XL_CELL_DATE or is_date(pattern):
        return date_text(cell.value, pattern, since_1904=bool(book.datemode)), ""
    return number_text(cell.value, pattern), ""


def _pattern(index: int | None, book: Any) -> str:
    try:
        return str(book.format_map[book.xf_list[index].format_key].format_str)
    except (IndexError, KeyError, TypeError):
        return ""
