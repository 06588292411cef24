"""A report as .docx and .xlsx: the same tables; the .xlsx has its charts as charts of the program."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework.reports import Cell, Chart, Report, Table
from generator.days import words
from generator.sheets import BODY, HEADING, TITLE, lying, paragraph, table, written

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_MOST = 32_767
"""Characters of a cell, by the format."""
_WIDEST = 36


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: amounts with commas."""
    return f"{cell:,f}" if isinstance(cell, Decimal) else str(cell)


def head_of(report: Report) -> list[str]:
    """What stands under the title: the days, what asks for it, by when it is due."""
    due = f"　应当在{words(report.due)}以前公开" if report.due else ""
    lines = [f"{words(report.since)}至{words(report.until)}{due}"]
    return [*lines, f"依据：{report.basis}"] if report.basis else lines


def to_docx(report: Report, organ: str, on: date) -> bytes:
    """The tables and notes; the same report on the same day gives the same bytes.

    Args:
        organ: who reports; ``on``: the day it bears.
    """
    document = lying()
    paragraph(document, f"{organ}{report.title}", TITLE, 20, centred=True)
    for line in head_of(report):
        paragraph(document, line, BODY, 12)
    for n, part in enumerate(report.tables, 1):
        if len(report.tables) > 1:
            paragraph(document, f"表{n}　{part.title}", HEADING, 14)
        table(document, part.columns, [[text_of(c) for c in row] for row in part.rows])
        if not part.rows:
            paragraph(document, "这段时间没有。", BODY, 12)
    for note in report.notes:
        paragraph(document, f"注：{note}。", BODY, 10.5)
    paragraph(document, f"填报日期：{words(on)}", BODY, 12)
    return written(document)


def to_xlsx(report: Report, organ: str, at: datetime) -> bytes:
    """A sheet a table, numbers as numbers and text never a formula; a last sheet with the charts.

    Args:
        organ: who reports; ``at``: when it is made (the door's clock).
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"author": "cailiang", "created": at.replace(tzinfo=None)})
    how = {"valign": "top", "text_wrap": True}
    form = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "bold": book.add_format({**how, "bold": True, "border": 1}),
        "text": book.add_format({**how, "quote_prefix": True, "border": 1}),
        "note": book.add_format({"quote_prefix": True}),
        "whole": book.add_format({**how, "num_format": "#,##0", "border": 1}),
        "money": book.add_format({**how, "num_format": "#,##0.00", "border": 1}),
    }
    names: set[str] = set()
    for part in report.tables:
        sheet = book.add_worksheet(_name(part.title, names))
        _fill(sheet, part, [f"{organ}{report.title}", *head_of(report)], report.notes, form)
    charts = [c for c in report.charts if c.bars]
    if charts:
        _draw(book, charts, _name("图表", names), form)
    book.close()
    return out.getvalue()


def _name(title: str, used: set[str]) -> str:
    """A name of a sheet: at most 31 characters, none twice."""
    plain = _SHEET_NAME.sub("", _CONTROL.sub("", title))[:28] or "表"
    name, n = plain, 1
    while name.lower() in used:
        n += 1
        name = f"{plain}{n}"
    used.add(name.lower())
    return name


def _fill(sheet: Any, part: Table, above: list[str], notes: tuple[str, ...], form: dict[str, Any]) -> None:
    for r, line in enumerate(above):
        sheet.write_string(r, 0, _text(line), form["title"] if r == 0 else form["note"])
    top = len(above)
    for c, (name, _) in enumerate(part.columns):
        sheet.write_string(top, c, name, form["bold"])
    for r, row in enumerate(part.rows, top + 1):
        for c, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(r, c, cell, form["whole"])
            elif isinstance(cell, Decimal):
                sheet.write_number(r, c, cell, form["money"])
            else:
                sheet.write_string(r, c, _text(cell), form["text"])
    for n, note in enumerate(notes, top + len(part.rows) + 2):
        sheet.write_string(n, 0, _text(f"注：{note}。"), form["note"])
    lines = [[name for name, _ in part.columns], *([text_of(x) for x in row] for row in part.rows)]
    for c, texts in enumerate(zip(*lines, strict=True)):
        sheet.set_column(c, c, min(2 * max(map(len, texts)) + 2, _WIDEST))
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _text(text: str) -> str:
    return _CONTROL.sub("", text)[:_MOST]


def _draw(book: Any, charts: list[Chart], name: str, form: dict[str, Any]) -> None:
    """The figures of every chart and the chart beside them."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 22)
    at = 0
    for chart in charts:
        sheet.write_string(at, 0, _text(chart.title), form["bold"])
        sheet.write_string(at, 1, chart.unit, form["bold"])
        for n, (label, value) in enumerate(chart.bars, at + 1):
            sheet.write_string(n, 0, _text(label), form["text"])
            sheet.write_number(n, 1, value, form["whole"])
        last = at + len(chart.bars)
        drawn = book.add_chart({"type": "column"})
        drawn.add_series(
            {
                "name": [name, at, 0],
                "categories": [name, at + 1, 0, last, 0],
                "values": [name, at + 1, 1, last, 1],
                "fill": {"color": "#1f4a5f"},
                "data_labels": {"value": True},
            }
        )
        drawn.set_title({"name": chart.title})
        drawn.set_legend({"none": True})
        drawn.set_y_axis({"name": chart.unit, "min": 0, "num_format": "0"})
        sheet.insert_chart(at, 3, drawn, {"x_scale": 1.2})
        at = max(last + 2, at + 16)
