"""Tables written as text, for tests: the same table as a grid, an .xlsx, a .docx or a .csv.

A row is a line, cells are parted by ``|``. ``^`` is merged with the cell above, ``<`` with the one to its
left, ``~text`` is text left under a merge with the cell above, ``\\n`` a line break.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html import escape

from docx import Document
from docx.table import Table

from kb.importing.tables.grid import Grid, Merge, letter, make_grid

Rows = list[list[str]]


def rows_of(text: str) -> Rows:
    """The cells of a table written as text."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return [[cell.strip().replace("\\n", "\n") for cell in line.split("|")] for line in lines]


def merges_of(rows: Rows) -> list[Merge]:
    """The merged regions, from the signs."""
    width = max(map(len, rows))
    at = {(r, c): cell for r, row in enumerate(rows, 1) for c, cell in enumerate(row, 1)}
    out = []
    for (r, c), cell in at.items():
        if cell in ("^", "<") or cell.startswith("~"):
            continue
        bottom, right = r, c
        while at.get((r, right + 1)) == "<" and right < width:
            right += 1
        while re.match(r"\^|~", at.get((bottom + 1, c), "")):
            bottom += 1
        if (bottom, right) != (r, c):
            out.append((r, c, bottom, right))
    return out


def stored(rows: Rows) -> list[tuple[int, int, str]]:
    """Row, column and text of what a file stores."""
    return [
        (r, c, cell.removeprefix("~"))
        for r, row in enumerate(rows, 1)
        for c, cell in enumerate(row, 1)
        if cell not in ("", "^", "<")
    ]


def grid(text: str, name: str = "表") -> Grid:
    rows = rows_of(text)
    return make_grid(name, [(r, c, said, "") for r, c, said in stored(rows)], merges_of(rows))


def as_csv(text: str, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """A .csv knows no merges: merged cells are blank."""
    out = io.StringIO(newline="")
    rows = [
        ["" if cell in ("^", "<") or cell.startswith("~") else cell for cell in row] for row in rows_of(text)
    ]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_docx(*texts: str) -> bytes:
    """Each text is a table of its own."""
    document = Document()
    for text in texts:
        rows = rows_of(text)
        table: Table = document.add_table(len(rows), max(map(len, rows)))
        for top, left, bottom, right in merges_of(rows):
            table.cell(top - 1, left - 1).merge(table.cell(bottom - 1, right - 1))
        for r, c, said in stored(rows):
            table.cell(r - 1, c - 1).text = said
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_REL = (
    '<Relationship Id="{}" Target="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_xlsx(text: str, *, extra: dict[str, str] | None = None, cells: str = "", merges: str = "") -> bytes:
    """A workbook as strict as a spreadsheet writes it, ghosts included.

    Args:
        extra: parts to add or to replace.
        cells: XML of further rows.
        merges: XML of further mergeCell elements.
    """
    rows = rows_of(text)
    by_row: dict[int, list[str]] = {}
    for r, c, said in stored(rows):
        body = f'<c r="{letter(c)}{r}" t="inlineStr"><is><t xml:space="preserve">{escape(said)}</t></is></c>'
        by_row.setdefault(r, []).append(body)
    lines = "".join(f'<row r="{r}">{"".join(body)}</row>' for r, body in by_row.items())
    merged = "".join(f'<mergeCell ref="{letter(b)}{a}:{letter(d)}{c}"/>' for a, b, c, d in merges_of(rows))
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}{cells}</sheetData>'
        f"<mergeCells>{merged}{merges}</mergeCells></worksheet>"
    )
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS.format(_REL.format("r0", "xl/workbook.xml", "officeDocument")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _RELS.format(_REL.format("r1", "worksheets/sheet1.xml", "worksheet")),
        "xl/worksheets/sheet1.xml": sheet,
    } | (extra or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()
