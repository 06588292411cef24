"""What the tests of batches share: a home of an agency of its own, and tables of rows to draft from."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stdnum.cn import uscc
from xlsxwriter import Workbook

from app.base import Base
from app.config import load

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "examples" / "cases" / "unlicensed-food.yaml"
NOW = "2026-11-20T09:00:00+08:00"
HEADERS = (
    "序号",
    "字号",
    "当事人",
    "统一社会信用代码",
    "住所",
    "违法事实",
    "罚款（元）",
    "告知书文号",
    "决定书文号",
)

Cells = list[Any]


def open_home(home: Path) -> Base:
    """The shipped base, with the 示例 settings entered as the agency's own: only then a paper may leave."""
    base = Base.open(load({}, home=home), say=lambda line: None)
    with base.store.writing(author="测试", at=datetime.fromisoformat(NOW)) as w:
        for record in base.snapshot().records("setting"):
            if record.source.example:
                own = record.source.model_copy(update={"instrument": "本机关文件", "example": False})
                w.put_record(record.model_copy(update={"source": own}))
    return base


def row(n: int, **changes: Any) -> Cells:
    """A row that becomes a paper; changes by header, None blanks a cell."""
    start = f"92000000MA{n:07d}"
    place = f"示例县城东街道示例路{n}号"
    story = f"经查明，当事人未取得食品经营许可，自2026年8月20日起在{place}销售油炸小吃，"
    story += "至2026年9月8日被查获时止，货值金额合计3,000元，违法所得为2,680元。"
    code = start + uscc.calc_check_digit(start)
    cells: dict[str, Any] = dict(
        zip(HEADERS, (n, f"示例第{n}店", "示例王", code, place, story, 50000, n, n), strict=True)
    )
    assert set(changes) <= set(HEADERS), changes
    return list((cells | changes).values())


def rows(count: int) -> list[Cells]:
    return [row(n) for n in range(1, count + 1)]


def as_xlsx(table: Sequence[Cells], headers: Sequence[str] = HEADERS) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"strings_to_formulas": False})
    sheet = book.add_worksheet("行表")
    for at, cells in enumerate((list(headers), *table)):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(at, column, cell)
    book.close()
    return out.getvalue()


def as_csv(table: Sequence[Cells], headers: Sequence[str] = HEADERS, encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headers, *table])
    return out.getvalue().encode(encoding)


def as_jsonl(table: Sequence[Cells], headers: Sequence[str] = HEADERS) -> bytes:
    lines = (json.dumps(dict(zip(headers, cells, strict=True)), ensure_ascii=False) for cells in table)
    return "\n".join(lines).encode()


def start(home: Path, *args: str | Path) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "--home", str(home), *map(str, args)]
    env = {**os.environ, "CAILIANG_NOW": NOW}
    return subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
