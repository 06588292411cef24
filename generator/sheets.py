"""A plain report as a .docx: A4 lying, headings, tables whose head stands again on every page.

The same content gives the same bytes: nothing in the file tells when it was made.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
_WIDTH = 25.7  # centimetres between the margins
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def lying() -> Document:
    """An empty document, A4 lying, for tables of many columns."""
    from docx import Document as new_document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = new_document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(25)
    return document


def paragraph(document: Document, text: str, font: str, size: float, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    added = document.add_paragraph()
    if centred:
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER
    added.paragraph_format.keep_with_next = font == HEADING
    _write(added, text, font, size)


def table(document: Document, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> None:
    """A ruled table over the width of the page.

    Args:
        columns: headings and how the width is shared.
        rows: as many texts each.
    """
    from copy import deepcopy

    from docx.oxml.ns import qn
    from docx.shared import Cm

    whole = sum(share for _, share in columns)
    widths = [Cm(_WIDTH * share / whole) for _, share in columns]
    added = document.add_table(2, len(columns))
    added.style, added.autofit = "Table Grid", False
    for column, width in zip(added.columns, widths, strict=True):
        column.width = width
    head, pattern = added.rows
    _fill(head, [name for name, _ in columns], widths, bold=True)
    _mark(head, "w:tblHeader")  # stands again on every page
    _fill(pattern, [""] * len(columns), widths)
    added._tbl.remove(pattern._tr)
    for row in rows:  # copies of one: to make each cell anew takes half a minute for a year's rows
        line = deepcopy(pattern._tr)
        for run, text in zip(line.iter(qn("w:r")), row, strict=True):
            run.text = _printable(text)
        added._tbl.append(line)
    document.add_paragraph()


def written(document: Document) -> bytes:
    """The file without the clock's marks."""
    out, undated = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return undated.getvalue()


def _write(at: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = at.add_run(_printable(text))
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("□", text)


def _fill(row: Any, texts: Iterable[str], widths: Sequence[Any], *, bold: bool = False) -> None:
    from docx.shared import Pt

    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        room = cell.paragraphs[0].paragraph_format
        room.space_before = room.space_after = Pt(2)
        room.keep_with_next = bold  # the head never stands alone at the foot of a page
        _write(cell.paragraphs[0], text, BODY, 10.5, bold=bold)
    _mark(row, "w:cantSplit")


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))
