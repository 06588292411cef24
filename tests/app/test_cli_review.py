"""`review` on the shipped base: exit codes, grouping, JSON and the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.docx_text import read_docx
from tests.app.conftest import Run


@pytest.fixture
def folder(run: Run, root: Path, tmp_path: Path) -> Path:
    case = root / "examples" / "cases" / "unlicensed-food.yaml"
    for type in ("prior_notice", "decision"):
        assert run("draft", type, "--case", case, "-o", tmp_path / "case" / f"{type}.docx")[0] == 0
    return tmp_path / "case"


def test_a_clean_folder_is_zero_and_shows_progress(run: Run, root: Path, folder: Path) -> None:
    case = root / "examples" / "cases" / "unlicensed-food.yaml"
    code, out, err = run("review", folder, "--case", case)
    assert (code, out.splitlines()[-1]) == (0, "共 2 份文书：否决 0，扣分 0，提示 0")
    assert "（2/2）prior_notice.docx" in err


def test_a_folder_of_another_case_is_one(run: Run, root: Path, folder: Path, tmp_path: Path) -> None:
    case = root / "examples" / "cases" / "noise-hailing.yaml"
    out = tmp_path / "报告.docx"
    code, said, _ = run("review", folder, "--case", case, "-o", out, "--json")
    data = json.loads(said)
    assert code == 1
    assert set(data) == {"files", "unreadable", "consistency", "summary"}
    assert [Path(f["file"]).name for f in data["files"]] == ["decision.docx", "prior_notice.docx"]
    assert {f["type"] for f in data["files"]} == {"decision", "prior_notice"}
    severities = [f["severity"] for f in data["files"][0]["findings"]]
    assert severities == sorted(severities, key=["否决", "扣分", "提示"].index)
    assert data["summary"]["否决"] > 0
    text = "\n".join(line.text for line in read_docx(out))
    assert data["files"][0]["findings"][0]["message"] in text


def test_a_text_is_grouped_under_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "决定书.txt"
    path.write_text("行政处罚决定书\n依据《食品安全法》第122条的规定，决定罚款500元。\n", encoding="utf-8")
    code, out, _ = run("review", path)
    assert code == 1
    assert out.splitlines()[0] == f"{path}：行政处罚决定书（由标题认出），1 处引用"
    assert "[C6 否决]" in out


@pytest.mark.parametrize("name", ["none.docx", "empty"])
def test_nothing_to_review(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run("review", tmp_path / name)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
