"""A finished .docx as data for the screen: paragraphs and tables in order, numbered as findings number them.

Only what helps to read is kept (alignment, size, weight); the .docx itself is the paper.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kb.findings import Finding

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

BIG = 17.5  # points; a title, where the body of an official paper is 16
ALIGNED = {1: "center", 2: "right"}

Marks = dict[tuple[str | None, int], list[int]]


def preview(content: bytes, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The body of a .docx, block by block; a paragraph says which findings stand in it.

    Args:
        content: a paper we made ourselves; a file from outside goes through `kb.package` first.
        findings: of that paper.
    """
    import docx
    from docx.table import Table

    marks: Marks = {}
    for n, f in enumerate(findings, 1):
        if f.place.part == "正文" and f.place.paragraph is not None:
            marks.setdefault((f.place.cell, f.place.paragraph), []).append(n)
    out: list[dict[str, Any]] = []
    paragraphs = tables = 0
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            out.append(_table(block, f"表{tables}", marks))
        else:
            paragraphs += 1
            out.append(_paragraph(block, marks.get((None, paragraphs), [])))
    return out


def _table(table: Table, name: str, marks: Marks) -> dict[str, Any]:
    """A table by its real cells: a merged cell stands once, with the columns it spans."""
    from docx.table import _Cell

    rows = []
    for r, row in enumerate(table.rows, 1):
        cells = []
        for c, tc in enumerate(row._tr.tc_lst, 1):
            place = f"{name} 行{r} 列{c}"
            paragraphs = _Cell(tc, table).paragraphs
            found = [_paragraph(p, marks.get((place, n), [])) for n, p in enumerate(paragraphs, 1)]
            cells.append({"span": tc.grid_span, "paragraphs": found})
        rows.append(cells)
    return {"kind": "table", "widths": _widths(table), "rows": rows}


def _widths(table: Table) -> list[int]:
    """The columns' widths in per cent of the table."""
    widths = [int(column.width or 0) for column in table.columns]
    total = sum(widths)
    return [round(100 * w / total) for w in widths] if total else []


def _paragraph(p: Paragraph, findings: list[int]) -> dict[str, Any]:
    runs = [run for run in p.runs if run.text.strip()]
    sizes = {_points(run, p) for run in runs}
    indent = p.paragraph_format.first_line_indent
    if indent is None and p.style is not None:
        indent = p.style.paragraph_format.first_line_indent
    return {
        "kind": "paragraph",
        "text": p.text,
        "align": ALIGNED.get(_alignment(p), "left"),
        "indented": bool((indent or 0) > 0 or _chars(p) > 0),
        "big": bool(sizes) and max(sizes) >= BIG,
        "bold": bool(runs) and all(run.bold for run in runs),
        "findings": findings,
    }


def _alignment(p: Paragraph) -> int:
    """0 left, 1 centre, 2 right, 3 justified; of the paragraph or of its style."""
    value = p.alignment
    if value is None and p.style is not None:
        value = p.style.paragraph_format.alignment
    return int(value or 0)


def _chars(p: Paragraph) -> int:
    """First-line indent counted in characters (``w:firstLineChars``), which python-docx does not read."""
    found = p._p.xpath("./w:pPr/w:ind/@w:firstLineChars")
    return int(found[0]) if found else 0


def _points(run: Any, p: Paragraph) -> float:
    size = run.font.size or (p.style.font.size if p.style is not None else None)
    return float(size.pt) if size else 0.0
