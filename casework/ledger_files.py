"""A ledger, or any table, as an .xlsx: text stays text, whatever it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime

from casework.ledgers import Ledger, Row, table

MOST = 32_767
"""Characters of a cell, by the format."""
WIDEST = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_xlsx(ledger: Ledger, year: int | None, rows: Sequence[Row], *, at: datetime) -> bytes:
    """A ledger as a workbook of one sheet: title, basis, headings, a row each.

    Args:
        year: None: the rows of every year.
        at: when it is made (the door's clock).
    """
    over = f"{year}年" if year else "历年"
    above = [f"{ledger.title}（{over}）", f"依据：{ledger.basis}"]
    return workbook(over, above, table(ledger, rows), at=at)


def workbook(name: str, above: Sequence[str], lines: Sequence[Sequence[str]], *, at: datetime) -> bytes:
    """A workbook of one sheet: lines above the table, its headings, its rows.

    No cell is ever a formula: all are text, quoted, so that one that begins with ``=`` stays text when a
    person edits it.

    Args:
        name: of the sheet; at most 31 characters.
        lines: the headings, then the rows.
        at: when it is made (the door's clock).
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"author": "cailiang", "created": at.replace(tzinfo=None)})
    sheet = book.add_worksheet(name)
    how = {"quote_prefix": True, "valign": "top"}
    bold, plain = book.add_format({**how, "bold": True}), book.add_format({**how, "text_wrap": True})
    for r, line in enumerate([*([text] for text in above), *lines]):
        for c, text in enumerate(line):
            sheet.write_string(r, c, _CONTROL.sub("", text)[:MOST], bold if r <= len(above) else plain)
    for c, texts in enumerate(zip(*lines, strict=True)):
        sheet.set_column(c, c, min(2 * max(map(len, texts)) + 2, WIDEST))
    sheet.freeze_panes(len(above) + 1, 0)
    sheet.repeat_rows(len(above))
    sheet.set_landscape()
    book.close()
    return out.getvalue()
