"""`case` and `audit`: from a case file to an issued paper, its number, ledgers and log, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.conftest import Run
from tests.casework.batch_kit import open_home

FOOD = "demo/unlicensed-food"


@pytest.fixture(scope="module", autouse=True)
def agency(home: Path) -> None:
    """The settings of an agency of its own, so that papers may leave."""
    open_home(home).store.close()


@pytest.fixture
def case_file(root: Path, tmp_path: Path) -> Path:
    data: dict[str, Any] = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text("utf-8"))
    del data["decision"]["number"]
    path = tmp_path / "案件.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def said(done: tuple[int, str, str]) -> str:
    code, out, err = done
    assert code == 0, err
    return out.strip()


def test_the_life_of_a_case(run: Run, case_file: Path, tmp_path: Path) -> None:
    """One story, because each command goes on where the one before stopped."""
    by = ("--by", "示例张")
    assert said(run("case", "import", case_file, *by)) == f"已建案件 {FOOD}，第1次修订"
    assert "未取得食品经营许可" in said(run("case", "list", "--domain", "市场监管"))
    assert "示例王" not in said(run("case", "show", FOOD))
    assert "示例王" in said(run("case", "show", FOOD, "--role", "经办人"))

    out = tmp_path / "案件改.yaml"
    said(run("case", "export", FOOD, "-o", out, *by))
    out.write_text(out.read_text("utf-8") + "cause: 无证经营小吃\n", encoding="utf-8")
    assert said(run("case", "save", FOOD, out, "--revision", 1, "--by", "示例李")).endswith("第2次修订")
    code, _, err = run("case", "save", FOOD, case_file, "--revision", 1, *by)
    assert code == 1
    assert err.startswith(f"案件“{FOOD}”已被示例李于11月22日23时59分改过：重新打开后再改")

    paper = tmp_path / "决定书.docx"
    issued = said(run("case", "issue", FOOD, "decision", *by, "-o", paper))
    assert issued == f"已签发《行政处罚决定书》，示综执罚〔2026〕1号，写出 {paper}"
    assert run("cite", "check", paper)[0] == 0
    code, _, err = run("case", "issue", FOOD, "decision", *by)
    assert (code, "已经签发" in err) == (1, True)
    scan = tmp_path / "签字.pdf"
    scan.write_bytes(b"%PDF-1.4")
    assert "SHA-256" in said(run("case", "scan", "示综执罚〔2026〕1号", scan, *by))
    again = tmp_path / "再取.docx"
    said(run("case", "get", "示综执罚〔2026〕1号", "-o", again))
    assert again.read_bytes() == paper.read_bytes()
    said(run("case", "get", "示综执罚〔2026〕1号", "-o", again, "--file", 1))
    assert again.read_bytes() == scan.read_bytes()
    assert "没有附件 9" in run("case", "get", "示综执罚〔2026〕1号", "-o", again, "--file", 9)[2]
    assert said(run("case", "recheck", "示综执罚〔2026〕1号", paper, *by)).endswith("0 处改动，0 处发现")

    assert said(run("case", "reserve", "当场行政处罚决定书", 3, "--holder", "示例张", "--by", "示例赵")) == (
        "示例张领用 示综执当罚〔2026〕1号 至 示综执当罚〔2026〕3号"
    )
    said(run("case", "void", "示综执当罚〔2026〕3号", "--why", "写坏", "--by", "示例赵"))
    assert "[作废：写坏] 当场行政处罚决定书 示综执当罚〔2026〕3号" in said(
        run("case", "numbers", "示综执当罚")
    )
    said(run("case", "start", "示综执责改〔2026〕37号", *by))

    assert said(run("case", "ledger", "add", "filing", "source=电话", "cause=噪声", *by)).endswith("2026-1")
    sheet = tmp_path / "台账.xlsx"
    assert "共 1 条，已写出" in said(run("case", "ledger", "show", "filing", "-o", sheet))
    assert sheet.read_bytes().startswith(b"PK")
    said(run("case", "ledger", "void", "filing", 1, "--why", "重复", *by))

    data = json.loads(said(run("case", "show", FOOD, "--json")))
    assert (data["stage"], data["revision"], [d["state"] for d in data["documents"]]) == (
        "决定",
        3,
        ["已签发"],
    )
    assert [f["kind"] for f in data["documents"][0]["files"]] == ["扫描件"]
    verdict = json.loads(said(run("audit", "verify", "--json")))
    assert verdict["sound"]
    assert [e["what"] for e in json.loads(said(run("audit", "log", "--json")))["entries"]] == [
        "案件", "导出", "案件", "案件", "签发", "扫描件", "领用文号", "作废", "起编", "台账", "台账作废",
    ]  # fmt: skip
    assert run("audit", "verify", "--head", "0" * 63 + "1")[0] == 1
    copied = said(run("case", "copy", FOOD, "--id", "again", *by))
    assert copied.startswith("已建案件 again，第1次修订；还没有填完：")


WRONG: list[tuple[list[str], int, str]] = [
    (["case", "show", "no/such"], 1, "没有编号为“no/such”的案件"),
    (["case", "new", "--id", "案", "--by", "甲"], 1, "不能用"),
    (["case", "new", "--by", " "], 1, "没有写明是谁"),
    (["case", "new"], 2, "--by"),
    (["case", "list", "--state", "结了"], 2, "没有“结了”"),
    (["case", "list", "--role", "局外人"], 2, "没有“局外人”这个角色"),
    (["case", "issue", "no/such", "decision", "--by", "甲"], 1, "没有编号为“no/such”的案件"),
    (["case", "issue", "no/such", "magic", "--by", "甲"], 1, "没有文书类型“magic”"),
    (["case", "void", "示综执罚〔2026〕99号", "--why", "x", "--by", "甲"], 1, "没有文书"),
    (["case", "start", "三十七号", "--by", "甲"], 1, "不是文号"),
    (["case", "start", "filing 二零", "--by", "甲"], 1, "不是文号"),
    (["case", "reserve", "prior_notice", "5000", "--holder", "甲", "--by", "甲"], 1, "领用"),
    (["case", "ledger", "show", "nothing"], 1, "没有台账“nothing”"),
    (["case", "ledger", "show", "filing", "-o", "x.csv"], 2, "写成 .xlsx"),
    (["case", "ledger", "add", "filing", "电话举报", "--by", "甲"], 2, "没有写成 栏=内容"),
]


@pytest.mark.parametrize(("args", "code", "message"), WRONG, ids=lambda v: str(v)[:60])
def test_a_wrong_call_is_one_line(run: Run, args: list[str], code: int, message: str) -> None:
    done, out, err = run(*args)
    assert done == code, err
    assert message in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""


def test_a_case_begins_with_what_was_weighed_and_ends_among_the_earlier_ones(
    run: Run, case_file: Path
) -> None:
    by, food = ("--by", "示例张"), "market/unlicensed-food-business"
    weighed = ("--benchmark", food, "--fact", "goods_value=3千", "--act", "2026-09-01..2026-09-20")
    said(run("case", "new", "--id", "weighed", *weighed, "--found", "2026-09-21", *by))
    case = json.loads(said(run("case", "show", "weighed", "--json")))["case"]
    assert case["violations"] == [
        {
            "benchmark": food,
            "facts": {"goods_value": "3000"},
            "act": {"start": "2026-09-01", "end": "2026-09-20"},
            "found_on": "2026-09-21",
        }
    ]
    for wrong, why in (
        (("--fact", "goods_value=3千"), "写了事实、日期，没有写违法行为（--benchmark）"),
        (("--benchmark", "market/no-such"), "没有编号为“market/no-such”的裁量权基准"),
        (("--benchmark", food, "--fact", "goods_value=许多"), "的值“许多”不对"),
        (("--benchmark", food, "--fact", "weight=3"), "没有名为“weight”的情节"),
    ):
        code, _, err = run("case", "new", *wrong, *by)
        assert (code, why in err, err.count("\n")) == (2 if "--benchmark" in why else 1, True, 1)
    said(run("case", "import", case_file, "--id", "decided", *by))
    said(run("case", "issue", "decided", "decision", *by))
    shown = said(run("case", "earlier", food))
    assert "decided  行政处罚决定书示综执罚" in shown
    assert "货值金额 3000元  罚款 50000 元，没收违法所得2680元" in shown
    assert run("case", "earlier", "market/no-such")[0] == 1
