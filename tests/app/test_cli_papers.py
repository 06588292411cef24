"""`draft` of the further papers of a case: which one, the receipt of one, forms for handwriting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest


@pytest.mark.parametrize(
    ("type", "words", "status", "said"),
    [
        ("inspection_record", ["--case", "CASE"], 0, "已写出"),
        ("现场笔录", ["--case", "CASE", "--paper", "inspection"], 0, "已写出"),
        ("查封决定书", ["--case", "CASE", "--paper", "1"], 0, "已写出"),
        ("service_receipt", ["--case", "CASE", "--paper", "seizure"], 0, "已写出"),
        (
            "inspection_record",
            ["--case", "CASE", "--paper", "nothing"],
            1,
            "案件没有这份《现场（检查、勘验）笔录》",
        ),
        ("decision", ["--case", "CASE", "--paper", "1"], 2, "一案一份，不用 --paper"),
        ("inspection_record", ["--blank"], 0, "已写出"),
        ("inspection_record", ["--blank", "--case", "CASE"], 2, "只能选一个"),
        ("inspection_record", [], 2, "只能选一个"),
        ("decision", ["--case", "CASE", "--number", "1"], 2, "只用于空白表"),
        ("decision", ["--blank", "--number", "示综执罚〔2026〕1号"], 1, "没有为《行政处罚决定书》领用"),
        ("nothing", ["--blank"], 1, "没有文书类型“nothing”"),
    ],
)
def test_draft_of_papers(
    run: Any, root: Path, tmp_path: Path, type: str, words: list[str], status: int, said: str
) -> None:
    case = str(root / "examples" / "cases" / "full-course.yaml")
    out = tmp_path / "paper.docx"
    code, shown, err = run("draft", type, *(case if w == "CASE" else w for w in words), "-o", out)
    assert code == status, err
    assert said in shown + err
    assert len(err.strip().splitlines()) <= 2
    assert out.exists() == (status == 0)


def test_a_blank_form_is_ruled(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "blank.docx"
    assert run("draft", "filing_approval", "--blank", "-o", out)[0] == 0
    text = "\n".join(
        cell.text for t in docx.Document(str(out)).tables for row in t.rows for cell in row.cells
    )
    assert "____" in text
    assert "□\u202f立案　□\u202f不予立案" in text
    assert "【" not in text


def test_numbers_handed_out_are_printed_on_their_sheets(run: Any, tmp_path: Path) -> None:
    many, one, none = tmp_path / "many.docx", tmp_path / "one.docx", tmp_path / "none.docx"
    reserve = ("case", "reserve", "on_the_spot_decision")
    who = ("--holder", "示例张", "--by", "示例赵")
    assert run(*reserve, 500, *who, "-o", none)[0] == 1
    code, out, err = run(*reserve, 3, *who, "-o", many)
    assert (code, "1号 至 示综执当罚〔2026〕3号，已写出" in out) == (0, True), err
    heads = [p.text for p in docx.Document(str(many)).paragraphs if "示综执当罚" in p.text]
    assert heads == [f"示综执当罚〔2026〕{n}号" for n in (1, 2, 3)]
    again = ("draft", "on_the_spot_decision", "--blank", "--number", "示综执当罚〔2026〕2号", "-o")
    assert run(*again, one)[0] == 0
    assert any("示综执当罚〔2026〕2号" in p.text for p in docx.Document(str(one)).paragraphs)
    assert run("case", "void", "示综执当罚〔2026〕2号", "--why", "写坏", "--by", "示例张")[0] == 0
    code, _, err = run(*again, none)
    assert (code, "或者已经用掉" in err, none.exists()) == (1, True, False)
