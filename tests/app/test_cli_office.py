"""`office` and the office's commands of a case: from an issued decision to publication and score sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.conftest import Run
from tests.casework.batch_kit import open_home

FOOD = "demo/unlicensed-food"
BY = ("--by", "示例张")


@pytest.fixture(scope="module", autouse=True)
def agency(home: Path) -> None:
    """The settings of an agency of its own, so that papers may leave."""
    open_home(home).store.close()


def said(done: tuple[int, str, str], code: int = 0) -> str:
    assert done[0] == code, done[2]
    return done[1].strip()


def test_the_work_of_an_office(run: Run, root: Path, tmp_path: Path) -> None:
    """One story, because each command goes on where the one before stopped."""
    data: dict[str, Any] = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text("utf-8"))
    del data["decision"]["number"]
    case_file = tmp_path / "案件.yaml"
    case_file.write_text(yaml.safe_dump(data | {"publish": True}, allow_unicode=True), encoding="utf-8")
    said(run("case", "import", case_file, *BY))

    officer = data["officers"][0]
    row = (f"name={officer['name']}", f"certificate={officer['certificate']}")
    said(run("case", "ledger", "add", "staff", *row, "expires=2020-01-01", *BY))
    assert "已届满" in said(run("office", "due"))
    code, out, err = run("case", "issue", FOOD, "decision", *BY)
    assert code == 1
    assert "G28 否决" in out
    assert "G28" in err
    code, out, err = run("draft", "decision", "--case", case_file, "-o", tmp_path / "x.docx")
    assert code == 1
    assert "G28 否决" in out
    said(run("case", "ledger", "void", "staff", 1, "--why", "证件已换", *BY))
    said(run("case", "issue", FOOD, "decision", *BY))

    number = "示综执罚〔2026〕1号"
    assert f"[待公示] {number}" in said(run("office", "publications"))
    assert "已登记" in said(run("office", "publish", number, "--address", "https://example.invalid", *BY))
    shown = tmp_path / "公示"
    assert "[公示中]" in said(run("office", "publications", "-o", shown))
    public = json.loads((shown / "publications.json").read_text("utf-8"))
    assert [d["number"] for d in public["decisions"]] == [number]
    text = (shown / "index.html").read_text("utf-8") + json.dumps(public, ensure_ascii=False)
    party = data["parties"][0]
    assert not any(party.get(k) and party[k] in text for k in ("name", "address", "phone", "id_number"))
    assert "撤回" in said(run("office", "withdraw", number, "--why", "决定被撤销", *BY))
    assert run("office", "withdraw", number, "--why", "再撤", *BY)[0] == 1

    film = tmp_path / "a.mp4"
    film.write_bytes(b"film")
    when = ("--start", "2026-09-08T09:00", "--end", "2026-09-08T10:00")
    how = ("--device", "记录仪", *when, "--officer", "示例张", "--place", "服务器", *BY)
    assert "SHA-256" in said(run("case", "record", FOOD, film, *how))
    assert run("case", "record", FOOD, film, *how)[0] == 1
    listed = run("case", "recordings", FOOD, "-o", tmp_path / "音像.xlsx")
    assert "a.mp4" in listed[1]

    for name in ("录入.html", "录入.xlsx"):
        assert "含个人信息" in said(run("case", "rekey", FOOD, "-o", tmp_path / name, *BY))
    assert party["name"] in (tmp_path / "录入.html").read_text("utf-8")
    for name in ("评分.docx", "评分.xlsx"):
        assert "待人工" in said(run("case", "score", FOOD, "-o", tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(b"PK")
    said(run("case", "ledger", "add", "posts", "post=食品岗", "domain=市场监管", "duty=查处", *BY))
    assert "已写出" in said(run("office", "basis", "--post", "食品岗", "-o", tmp_path / "依据.xlsx"))
    assert "没有载入检查频次的上限" in said(run("office", "inspections", "-o", tmp_path / "检查.xlsx"))
    assert FOOD in said(run("office", "review-list", "-o", tmp_path / "目录.xlsx"))
    assert "没有被改动" in said(run("audit", "verify"))


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["office", "basis", "--post", "没有的"], 2, "没有岗位“没有的”"),
        (["office", "basis", "--domain", "税务"], 2, "没有“税务”"),
        (["office", "publish", "示综执罚〔2026〕99号", *BY], 1, "没有文书"),
        (["office", "inspections", "-o", "x.csv"], 2, "写成 .xlsx"),
        (["case", "rekey", "kept", "-o", "x.pdf", *BY], 2, "写成 .xlsx 或者 .html"),
        (["case", "score", "kept", "-o", "x.pdf"], 2, "写成 .docx 或者 .xlsx"),
        (["case", "score", "nothing"], 1, "没有编号为“nothing”的案件"),
        (["case", "recordings", "nothing"], 1, "没有编号为“nothing”的案件"),
    ],
)
def test_a_wrong_call_is_one_line(run: Run, root: Path, args: list[str], code: int, message: str) -> None:
    run("case", "import", root / "examples/cases/unlicensed-food.yaml", "--id", "kept", *BY)  # once
    done = run(*args)
    assert done[0] == code, done[2]
    assert message in done[2]
