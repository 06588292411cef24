"""The table form that `bench/fill.py` fills: a list of goods of forty rows, in two tag dialects.

Names and figures are made up for this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document

from bench.letter import Dialect

ROWS = 40
COLUMNS = {
    "no": "序号",
    "name": "物品名称",
    "model": "规格型号",
    "maker": "生产者",
    "batch": "批号",
    "amount": "数量",
    "remark": "备注",
}


def build(dialect: Dialect, path: Path) -> None:
    """Write the form as a template of one dialect."""
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = dialect.field.format("organ")
    section.footer.paragraphs[0].text = "第　页 " + dialect.field.format("number")
    document.add_paragraph("物品清单")
    document.add_paragraph(f"文书编号：{dialect.field.format('number')}")
    grid = document.add_table(rows=2, cols=len(COLUMNS))
    grid.style = "Table Grid"
    grid.cell(0, 0).merge(grid.cell(0, 2)).text = f"当事人：{dialect.field.format('party')}"
    grid.cell(0, 3).merge(grid.cell(0, 6)).text = f"地点：{dialect.field.format('place')}"
    fields = [dialect.row_field.format(name) for name in COLUMNS]
    rows = [list(COLUMNS.values())]
    blank = [""] * (len(COLUMNS) - 1)
    if dialect.loop_in_row:
        rows.append([dialect.row_begin + fields[0], *fields[1:-1], fields[-1] + dialect.row_end])
    else:
        rows += [[dialect.row_begin, *blank], fields, [dialect.row_end, *blank]]
    for at, words in enumerate(rows):
        cells = grid.rows[1].cells if at == 0 else grid.add_row().cells
        for cell, text in zip(cells, words, strict=True):
            cell.text = text
    document.add_paragraph(f"以上物品共{dialect.field.format('count')}种，当事人核对无误。")
    document.add_paragraph(f"当事人：{dialect.field.format('signer')}　日期：{dialect.field.format('date')}")
    document.save(str(path))


def data(index: int) -> dict[str, Any]:
    """The data of form number ``index``."""
    return {
        "organ": "示例县市场监督管理局",
        "number": f"示市监物〔2026〕{index + 1}号",
        "party": f"示例县百味斋食品商行第{index + 1}门店",
        "place": "示例县城关镇某路18号 <1-2层> & 后院库房",
        "count": str(ROWS),
        "signer": "周某",
        "date": "2026年3月2日",
        "evidence": [
            {
                "no": str(row + 1),
                "name": f"瓶装调味汁第{(index + row) % 97}号",
                "model": "500 ml/瓶 & 盒装",
                "maker": "示例食品有限公司",
                "batch": f"2026{row:04}",
                "amount": str(row * 3 + 1),
                "remark": "超过保质期 <30日>" if row % 5 == 0 else "",
            }
            for row in range(ROWS)
        ],
    }
