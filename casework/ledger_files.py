"""A ledger as an .xlsx: text stays text, whatever it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime

from casework.ledgers import Ledger, Row, table

MOST = 32_767
"""Characters of a cell, by the format."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_xlsx(ledger: Ledger, year: int, rows: Sequence[Row], *, at: datetime) -> bytes:
    """A workbook of one sheet: title, basis, headings, a row each.

    No cell is ever a formula: one that begins with ``=`` is kept as text, quoted, so that it stays text
    when a person edits it.

    Args:
        at: when it is made (the door's clock).
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator, book.properties.created = "cailiang", at.replace(tzinfo=None)
    book.properties.modified = at.replace(tzinfo=None)
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{year}年"
    lines = [[f"{ledger.title}（{year}年）"], [f"依据：{ledger.basis}"], *table(ledger, rows)]
    for r, line in enumerate(lines, 1):
        for c, text in enumerate(line, 1):
            cell = sheet.cell(r, c)
            cell.value = _CONTROL.sub("", text)[:MOST]
            cell.data_type = "s"
            cell.quotePrefix = True
            cell.alignment = Alignment(wrap_text=r > 3, vertical="top")
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    for c, title in enumerate(lines[2], 1):
        longest = max(len(line[c - 1]) for line in lines[2:])
        sheet.column_dimensions[get_column_letter(c)].width = min(max(longest, len(title)) * 2 + 2, 40)
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
