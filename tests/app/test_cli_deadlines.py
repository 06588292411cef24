"""`case deadlines | period | surcharge | gates`, and drafting through the gates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.conftest import Run

FOOD = "examples/cases/unlicensed-food.yaml"


@pytest.fixture
def case(root: Path, tmp_path: Path) -> Path:
    """The example case with its decision served."""
    text = (root / FOOD).read_text(encoding="utf-8")
    assert "  served: {mode: 直接送达, " in text
    path = tmp_path / "case.yaml"
    served = "  served: {at: 2026-11-04 10:00, mode: 直接送达, "
    path.write_text(text.replace("  served: {mode: 直接送达, ", served), encoding="utf-8")
    return path


def test_the_list_of_a_case(run: Run, case: Path, tmp_path: Path) -> None:
    code, said, _ = run("case", "deadlines", case, "--on", "2026-11-15", "--ics", tmp_path / "dates.ics")
    assert code == 0
    lines = said.splitlines()
    assert "至迟 2026-11-19  缴纳罚款（行政处罚决定书）  [未届满 还剩4天]" in lines
    assert (tmp_path / "dates.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    _, said, _ = run("case", "deadlines", case, "--on", "2026-11-15", "--open", "--json")
    rows = json.loads(said)["dues"]
    assert {r["name"] for r in rows} >= {"payment", "surcharge", "suit"}
    assert all(r["done_on"] is None for r in rows)
    _, said, _ = run("case", "deadlines", case, "--steps")
    assert "《中华人民共和国行政处罚法》第六十七条第三款" in said


def test_all_cases_that_are_kept(run: Run, case: Path) -> None:
    code, said, _ = run("case", "import", case, "--by", "示例张", "--json")
    assert code == 0
    id = json.loads(said)["id"]
    _, said, _ = run("case", "deadlines", "--all", "--on", "2026-11-15")
    assert id in said
    assert "至迟 2027-01-31  公开2026年度行政执法总体情况  [待办 还剩77天]" in said
    _, said, _ = run("case", "deadlines", id, "--json")
    assert {r["case"] for r in json.loads(said)["dues"]} == {id}


def test_one_period(run: Run) -> None:
    _, said, _ = run("case", "period", "storage", "2026-09-24")
    assert said.startswith("对先行登记保存的证据作出处理决定：至迟 2026-10-12\n")
    _, said, _ = run("case", "period", "coercion_report", "2026-09-30T16:20")
    assert "至迟 2026-10-01 16:20" in said
    _, said, _ = run("case", "period", "payment", "2027-03-01")
    assert "注意：2027年没有节假日安排的记录" in said
    _, said, _ = run("case", "period", "--json")
    assert len(json.loads(said)["periods"]) >= 25


def test_the_surcharge(run: Run, case: Path) -> None:
    _, said, _ = run("case", "surcharge", case, "--until", "2026-11-29")
    assert said.startswith("加处罚款 15000 元，连同罚款共 65000 元（至 2026-11-29）")
    _, same, _ = run(
        "case", "surcharge", "--fine", "50000", "--pay-by", "2026-11-19", "--until", "2026-11-29"
    )
    assert same == said


PAID: list[tuple[list[dict[str, Any]], str, dict[str, Any], str]] = [
    # paid, until; the sum it is counted on, days, surcharge; a word of the steps
    ([], "2026-04-01", {"fine": "60000", "days": 12, "amount": "21600"}, "60000元×3%×12"),
    (
        [{"date": "2026-03-18", "amount": 10000}],
        "2026-04-01",
        {"fine": "50000", "days": 12, "amount": "18000", "total": "68000"},
        "已缴10000元，按没有缴纳的50000元计算",
    ),
    (
        [{"date": "2026-03-18", "amount": 10000}, {"date": "2026-03-25", "amount": 20000}],
        "2026-04-01",
        {"fine": "30000", "days": 12, "amount": "10800"},
        "其中20000元是逾期以后缴的",
    ),
    (
        [{"date": "2026-03-18", "amount": 10000}, {"date": "2026-03-25", "amount": 50000}],
        "2026-04-01",
        {"fine": "50000", "until": "2026-03-25", "days": 5, "amount": "7500"},
        "按没有缴纳的50000元计算",
    ),
    ([{"date": "2026-03-18", "amount": 60000}], "2026-04-01", {"days": 0, "amount": "0"}, "共计算0日"),
    (
        [{"date": "2026-03-25", "amount": 60000, "party": 2}],
        "2026-03-22",
        {"days": 2, "amount": "3600"},
        "3%×2",
    ),
]


@pytest.mark.parametrize(("payments", "until", "counted", "word"), PAID)
def test_the_surcharge_is_on_what_was_not_paid(
    run: Run,
    root: Path,
    tmp_path: Path,
    payments: list[dict[str, Any]],
    until: str,
    counted: dict[str, Any],
    word: str,
) -> None:
    body = yaml.safe_load((root / "examples" / "cases" / "unpaid-fine.yaml").read_text("utf-8"))
    if any(p.get("party") == 2 for p in payments):
        body["parties"].append({**body["parties"][0], "name": "示例县示例二厂"})
    case = tmp_path / "case.yaml"
    case.write_text(yaml.safe_dump(body | {"payments": payments, "papers": []}, allow_unicode=True), "utf-8")
    code, out, err = run("case", "surcharge", case, "--until", until, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert {key: found[key] for key in counted} == counted
    assert word in "\n".join(step["text"] for step in found["steps"])


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("case", "deadlines"), "没有写案件"),
        (("case", "deadlines", "nothing"), "没有编号为“nothing”的案件"),
        (("case", "period", "nothing", "2026-09-24"), "没有期限“nothing”"),
        (("case", "period", "payment"), "没有写起算的日期"),
        (("case", "period", "payment", "昨天"), "“昨天”不是日期或者时刻"),
        (("case", "surcharge"), "没有写案件"),
        (("case", "surcharge", "--fine", "很多", "--pay-by", "2026-11-19"), "“很多”不是金额"),
        (("case", "surcharge", FOOD), "决定书没有送达的日期"),
        (("case", "gates", FOOD, "nothing"), "没有文书类型"),
        (("case", "gates", FOOD, "decision", "--party", "2"), "案件没有第2个当事人"),
    ],
)
def test_a_wrong_call_is_one_line(
    run: Run, root: Path, args: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    code, _, err = run(*args)
    assert code != 0
    assert told in err.splitlines()[-1]


def test_a_shut_gate_names_its_provision(run: Run, case: Path, tmp_path: Path) -> None:
    """A decision before its notice, on the command line: refused, with the article that forbids it."""
    wrong = tmp_path / "wrong.yaml"
    text = case.read_text(encoding="utf-8")
    text = text.replace("served: {at: 2026-10-10 10:00", "served: {at: 2026-11-03 10:00").replace(
        "  reply_by: 2026-10-17\n", ""
    )
    wrong.write_text(text, encoding="utf-8")
    code, said, err = run("draft", "decision", "--case", wrong, "-o", tmp_path / "letter.docx")
    assert code == 1
    assert not (tmp_path / "letter.docx").exists()
    assert "[G1 否决]" in said
    assert "（《中华人民共和国行政处罚法》第六十二条）" in said
    assert "不能出具" in err
    code, said, _ = run("case", "gates", wrong, "decision")
    assert code == 1
    assert "《行政处罚决定书》还不能作出" in said
    assert run("case", "gates", case, "decision")[0] == 0
