"""The sheets a batch gives: the report of what became of each row, and an empty table to fill.

Whatever stands in them is text: no cell is ever a formula, whatever somebody wrote into a row.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.batch.journal import DRAFT, NOTHING, Outcome
from casework.batch.mapping import Fields, KnownField, Path, shown

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

REPORT = "批次报告.xlsx"
HEAD = (
    ("行", 6),
    ("当事人", 24),
    ("案件", 22),
    ("文号", 24),
    ("文件", 40),
    ("结果", 8),
    ("问题", 80),
    ("SHA-256", 66),
)
_MOST = 32_000  # characters a cell may hold, a little below the limit of the format
_NO_DAY = datetime(1980, 1, 1)  # the same outcomes make the same file
_RISKY = ("=", "+", "-", "@", "\t", "\r")
EXAMPLE = "例"
"""What the first column of the example row says; such a row is never made."""


def report(outcomes: Iterable[Outcome]) -> bytes:
    """The report sheet of a batch."""
    out = io.BytesIO()
    book = _workbook(out)
    sheet = book.add_worksheet("批次报告")
    bold = book.add_format({"bold": True, "bg_color": "#e8edf3"})
    colours = {
        DRAFT: book.add_format({"bg_color": "#fdf1d8"}),
        NOTHING: book.add_format({"bg_color": "#f9dedc"}),
    }
    text = _Text(book, sheet)
    for column, (name, width) in enumerate(HEAD):
        sheet.set_column(column, column, width)
        text.write(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, o in enumerate(outcomes, 1):
        faults = "\n".join(f.text for f in o.faults)
        sheet.write_number(last, 0, o.row)
        for column, value in enumerate((o.party, o.case, o.number, o.file, o.result, faults, o.sha256), 1):
            text.write(last, column, value, colours.get(o.result) if column == 5 else None)
    sheet.autofilter(0, 0, last, len(HEAD) - 1)
    book.close()
    return out.getvalue()


def blank_sheet(
    fields: Fields,
    paths: Sequence[tuple[Path, KnownField]],
    example: Sequence[str],
    owed: Iterable[str],
) -> bytes:
    """A table to fill: the labels, their help as notes, an example row, and a sheet that explains.

    Args:
        fields: every field a column may give.
        paths: the columns offered.
        example: what the example row says, a cell a column.
        owed: patterns of the fields the paper can't do without.
    """
    must = set(owed)
    out = io.BytesIO()
    book = _workbook(out)
    bold = book.add_format({"bold": True, "bg_color": "#e8edf3", "text_wrap": True, "valign": "top"})
    red = book.add_format({"bold": True, "bg_color": "#fdf1d8", "text_wrap": True, "valign": "top"})
    grey = book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top"})
    as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("行表")
    text = _Text(book, sheet)
    text.write(0, 0, "序号", bold)
    sheet.write_comment(0, 0, f"写“{EXAMPLE}”的行不做。")
    for column, (path, field) in enumerate(paths, 1):
        pattern = _pattern(path)
        sheet.set_column(column, column, 40 if field.kind in ("long", "lines") else 18, as_text)
        text.write(0, column, label_of(fields, path, field), red if pattern in must else bold)
        help = "；".join(filter(None, ("必填" if pattern in must else "", field.help, _how(field))))
        if help:
            sheet.write_comment(0, column, help)
    for column, said in enumerate((EXAMPLE, *example)):
        text.write(1, column, said, grey)
    sheet.freeze_panes(1, 1)
    _explain(book, fields, must)
    book.close()
    return out.getvalue()


def label_of(fields: Fields, path: Path, field: KnownField) -> str:
    """The header of a place, as it is understood again: 住所, 证据2证据名称, or the path itself."""
    number = next((s + 1 for s in reversed(path) if isinstance(s, int)), 0)
    numbered = f"{field.group}{number}{field.label}"
    plain_first = [field.label, numbered] if field.group in ("", "当事人", "违法行为") else [numbered]
    return next((said for said in plain_first if fields.find(said)[0] == path), shown(path))


def _explain(book: Workbook, fields: Fields, must: set[str]) -> None:
    sheet = book.add_worksheet("可用的列")
    bold = book.add_format({"bold": True, "bg_color": "#e8edf3"})
    text = _Text(book, sheet)
    for column, (name, width) in enumerate((("列名", 30), ("路径", 40), ("必填", 8), ("怎么写", 60))):
        sheet.set_column(column, column, width)
        text.write(0, column, name, bold)
    for row, (pattern, field) in enumerate(fields.by_path.items(), 1):
        path = tuple(0 if step == "*" else step for step in pattern.split("."))
        cells = (
            label_of(fields, path, field),
            shown(path),
            "是" if pattern in must else "",
            "；".join(filter(None, (field.help, _how(field)))),
        )
        for column, said in enumerate(cells):
            text.write(row, column, said)


_HOW = {
    "day": "日期，如 2026-08-15",
    "moment": "日期和时间，如 2026-08-15 09:30",
    "when": "日期，或者日期和时间，如 2026-08-15 09:30",
    "period": "起止两天，如 2026-08-20至2026-09-08",
    "money": "金额，如 50000 或者 5万",
    "number": "只写序号，或者写全文号",
    "lines": "每行一条（Alt+Enter 换行）",
    "code": "设为文本格式，不要丢位数",
    "yes": "是 或者 否",
    "benchmark": "基准的编号，或者违法行为的名称",
}


def _how(field: KnownField) -> str:
    if field.options:
        return "可以写：" + "、".join(word for word, _ in field.options)
    return _HOW.get(field.kind, "")


def _pattern(path: Path) -> str:
    return ".".join("*" if isinstance(s, int) else s for s in path)


def _workbook(out: io.BytesIO) -> Workbook:
    from xlsxwriter import Workbook

    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _NO_DAY})
    return book


class _Text:
    """Writes cells as text, marked as such where a program might take them for a formula later."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.quoted = book.add_format({"quote_prefix": True})

    def write(self, row: int, column: int, value: Any, form: Any = None) -> None:
        said = str(value)
        said = said if len(said) <= _MOST else said[:_MOST] + "…"
        if said:
            self.sheet.write_string(
                row, column, said, self.quoted if form is None and said.startswith(_RISKY) else form
            )
