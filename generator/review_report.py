"""The result of a review as a .docx: a table a paper, the worst first."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.days import words
from generator.review import Review, reason
from kb.findings import SEVERITIES, Finding, Place

if TYPE_CHECKING:
    from docx.document import Document

_TITLE, _HEADING, _BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
_COLUMNS = (
    ("代码", 1.2),
    ("程度", 1.2),
    ("位置", 2.6),
    ("原文", 4.2),
    ("问题", 5.4),
    ("改法", 4.0),
    ("依据", 3.2),
)
"""Headings and how the width of the page is shared."""
_WIDTH = 25.7  # centimetres between the margins
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def report(result: Review, name: str, today: date) -> bytes:
    """The report; the same result on the same day gives the same bytes.

    Args:
        result: what was found.
        name: what was reviewed, for the title.
        today: the day the report bears.
    """
    from docx import Document as new_document

    document = new_document()
    _page(document)
    _paragraph(document, "文书审查报告", _TITLE, 22, centred=True)
    _paragraph(document, f"审查对象：{name}　　审查日期：{words(today)}", _BODY, 12)
    counts = "，".join(f"{severity}{result.counts[severity]}处" for severity in SEVERITIES)
    left = f"另有{len(result.unreadable)}份没有审查，见文末。" if result.unreadable else ""
    _paragraph(document, f"共{len(result.papers)}份文书：{counts}。{left}", _BODY, 12)
    for paper in result.papers:
        _paragraph(document, f"{Path(paper.file).name}（{paper.label}）", _HEADING, 14)
        if paper.findings:
            _table(document, [_row(f) for f in paper.findings])
        else:
            _paragraph(document, "没有发现问题。", _BODY, 12)
        for article in paper.attested:
            _paragraph(document, f"条文系人工录入：{article}", _BODY, 10.5)
    if result.consistency:
        _paragraph(document, "各份文书之间", _HEADING, 14)
        _table(
            document,
            [
                _row(
                    c.finding,
                    f"{Path(c.file).name} {_where(c.finding.place)}",
                    f"{c.finding.message}。对照{Path(c.other_file).name}{_where(c.other_place)}“{c.other_text}”",
                )
                for c in result.consistency
            ],
        )
    if result.unreadable:
        _paragraph(document, "没有审查的文件", _HEADING, 14)
        for file, error in result.unreadable:
            _paragraph(document, f"{Path(file).name}：{reason(error)}", _BODY, 12)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _page(document: Document) -> None:
    """A4 lying, for a table of seven columns."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(25)


def _paragraph(document: Document, text: str, font: str, size: float, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, font, size)


def _write(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(_UNPRINTABLE.sub("□", text))
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _row(finding: Finding, where: str = "", message: str = "") -> tuple[str, ...]:
    return (
        finding.code,
        finding.severity,
        where or _where(finding.place),
        finding.text,
        message or finding.message,
        finding.suggestion,
        finding.basis,
    )


def _where(place: Place) -> str:
    number = f"第{place.paragraph}段" if place.paragraph else f"第{place.line}行" if place.line else ""
    return " ".join(part for part in (place.part, place.cell, number) if part)


def _table(document: Document, rows: Iterable[tuple[str, ...]]) -> None:
    from docx.shared import Cm

    table = document.add_table(1, len(_COLUMNS))
    table.style, table.autofit = "Table Grid", False
    _fill(table.rows[0], [name for name, _ in _COLUMNS], bold=True)
    for row in rows:
        _fill(table.add_row(), row)
    whole = sum(share for _, share in _COLUMNS)
    for column, (_, share) in zip(table.columns, _COLUMNS, strict=True):
        column.width = Cm(_WIDTH * share / whole)
        for cell in column.cells:
            cell.width = column.width
    _mark(table.rows[0], "w:tblHeader")  # stands again on every page
    document.add_paragraph()


def _fill(row: Any, texts: Iterable[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell.paragraphs[0], text, _BODY, 10.5, bold=bold)
    _mark(row, "w:cantSplit")


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _undated(data: bytes) -> bytes:
    """The same package without the clock's marks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
