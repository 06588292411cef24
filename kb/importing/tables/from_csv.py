"""A .csv or tab-separated file in any of the encodings spreadsheets write in China."""

from __future__ import annotations

import csv
import io

from kb.errors import BadPackage
from kb.importing.tables.grid import CAPS, Grid, make_grid

MOST = 32 << 20  # bytes
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_csv(data: bytes, label: str) -> list[Grid]:
    """The one table of a .csv; a comma, a semicolon or a tab parts the columns.

    Raises:
        BadPackage: no text, or larger than the caps.
    """
    if len(data) > MOST:
        raise BadPackage(f"文件超过 {MOST >> 20} MB", where=label, hint="请分成几个文件")
    text = decode(data, label)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    values = []
    try:
        for row, cells in enumerate(rows, 1):
            values += [(row, column, cell, "") for column, cell in enumerate(cells, 1) if cell.strip()]
            if row > CAPS.rows or len(values) > CAPS.cells:
                raise BadPackage(
                    f"表格过大，上限 {CAPS.rows} 行 {CAPS.cells} 格", where=label, hint="请分成几个文件"
                )
    except csv.Error as error:
        raise BadPackage(
            "不是完整的 CSV 文件", where=label, hint="请在 Excel 或 WPS 中另存为 .xlsx"
        ) from error
    return [make_grid(label.rpartition(".")[0] or label, values, label=label)]


def decode(data: bytes, label: str) -> str:
    """The text of a .csv.

    Raises:
        BadPackage: no text in UTF-8, UTF-16 or GB 18030.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadPackage("不是文本，认不出编码", where=label, hint="请在 Excel 或 WPS 中另存为 .xlsx 再试")
