"""From what the officer saw to a proven letter, through the commands, on the shipped base."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.docx_text import read_docx
from tests.app.conftest import Run

CASES = ("unlicensed-food", "noise-hailing", "hazardous-waste-label")


def answer(run: Run, *args: str) -> Any:
    code, out, err = run(*args, "--json")
    assert code == 0, err
    return json.loads(out)


FOOD = "market/unlicensed-food-business"
FINES = [
    ("3000", "50000", "100000"),
    ("9999.99", "50000", "100000"),
    ("10000", "100000", "200000"),
    ("1.2万", "120000", "240000"),
    ("三千元", "50000", "100000"),
]


@pytest.mark.parametrize(("value", "low", "high"), FINES)
def test_the_range_of_a_goods_value(run: Run, value: str, low: str, high: str) -> None:
    data = answer(run, "range", FOOD, "--fact", f"goods_value={value}")
    (outcome,) = data["outcomes"]
    assert outcome["fine"] == {"min": low, "max": high, "unit": "元"}
    assert any(s["citation"] == "《中华人民共和国食品安全法》第一百二十二条第一款" for s in data["steps"])


def test_without_the_fact_it_asks(run: Run) -> None:
    data = answer(run, "range", FOOD)
    assert [f["name"] for f in data["missing_facts"]] == ["goods_value"]
    assert "货值金额" in data["missing_facts"][0]["label"]
    assert data["outcomes"] == []


SAID = [  # a benchmark, a line that stands, what must not
    ("city/street-storage", "  可处以罚款\n", "不罚款"),
    ("city/drainage-without-permit", "  可以罚款 500000 元以下\n", "不罚款"),
    ("city/rain-sewer", "  责令改正，给予警告：不罚款\n", "可以不罚款"),
    ("city/unaccepted-delivery", "  另外查明：单位被罚款（", "先排除：单位被罚款"),
]


@pytest.mark.parametrize(("benchmark", "line", "never"), SAID)
def test_the_range_in_words(run: Run, benchmark: str, line: str, never: str) -> None:
    _, out, _ = run("range", benchmark)
    assert line in out
    assert never not in out


def test_old_and_new_law_stand_side_by_side(run: Run) -> None:
    args = ("--act", "2026-06-20..2026-07-01", "--decided", "2026-11-01")
    data = answer(run, "range", "ecology/hazardous-waste-label", *args)
    shown = [
        (o["as_of"], o["fine"]["min"], o["fine"]["max"], o["branch"], o["conditional"])
        for o in data["outcomes"]
    ]
    assert shown == [
        ("2026-07-01", "100000", "1000000", "", False),
        ("2026-11-01", "50000", "200000", "", False),
        ("2026-11-01", "200000", "1000000", "拒不改正", True),
    ]
    assert "law_changed" in {w["code"] for w in data["warnings"]}


LAW_DAYS = [
    ("中华人民共和国水污染防治法", "83", "2026-09-01", "repealed", "中华人民共和国生态环境法典"),
    ("中华人民共和国水污染防治法", "83", "2026-08-01", "in_force", None),
    ("食品安全法", "122", "2018-01-01", "not_loaded", None),
    ("行政处罚法", "59", "2026-11-22", "in_force", None),
    ("行政处罚法", "第五十九条", "2026-11-22", "in_force", None),
    ("行政处罚法", "五十九", "2026-11-22", "in_force", None),
]


@pytest.mark.parametrize(("title", "article", "day", "standing", "by"), LAW_DAYS)
def test_the_law_on_a_day(
    run: Run, title: str, article: str, day: str, standing: str, by: str | None
) -> None:
    data = answer(run, "laws", "show", title, article, "--on", day)
    assert (data["standing"]["code"], data["standing"]["by"]) == (standing, by)
    if standing == "not_loaded":
        assert not data["has_text"]
        assert data["paragraphs"] == []


@pytest.mark.parametrize("name", CASES)
def test_an_example_case_gives_a_letter_that_checks_clean(
    run: Run, root: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / f"{name}.docx"
    code, _, err = run("draft", "decision", "--case", root / f"examples/cases/{name}.yaml", "-o", out)
    assert code == 0, err
    assert "示例" in err
    report = answer(run, "cite", "check", str(out))
    assert report["findings"] == []
    assert report["citations"] > 15


FAULTS = [
    ("a 款 deleted", "unlicensed-food", "第一百二十二条第一款", "第一百二十二条", "C2"),
    ("a title shortened", "unlicensed-food", "《中华人民共和国食品安全法》第三", "《食品安全法》第三", "C1"),
    ("an article that is not", "unlicensed-food", "第一百二十二条第一款", "第一百九十九条第一款", "C17"),
    ("a 款 that is not", "unlicensed-food", "第三十五条第一款", "第三十五条第九款", "C17"),
    ("the act after the repeal", "noise-hailing", r"act: \S+", "act: 2026-09-01", "C4"),
]


@pytest.mark.parametrize(("what", "name", "old", "new", "code"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_faulty_case_gives_no_letter(
    run: Run, root: Path, tmp_path: Path, what: str, name: str, old: str, new: str, code: str
) -> None:
    text = (root / f"examples/cases/{name}.yaml").read_text(encoding="utf-8")
    faulty, count = re.subn(old, new, text)
    assert count
    case = tmp_path / "case.yaml"
    case.write_text(faulty, encoding="utf-8")
    out = tmp_path / "letter.docx"
    status, shown, err = run("draft", "decision", "--case", case, "-o", out)
    assert status == 1
    assert code in err
    assert f"[{code} " in shown
    assert not out.exists()
    assert len(err.strip().splitlines()) == 1
    status, _, _ = run("draft", "decision", "--case", case, "-o", out, "--draft")
    assert out.exists()


BAD_CASES = [
    ("a key twice", "schema: 1\nschema: 1\n", "第2行"),
    ("an unknown field", "schema: 1\nid: demo/x\npartys: []\n", "partys"),
    ("no YAML", "schema: [1\n", "行"),
    ("not a mapping", "- 1\n", "行"),
]


@pytest.mark.parametrize(("what", "text", "told"), BAD_CASES, ids=[b[0] for b in BAD_CASES])
def test_a_bad_case_file_is_one_line_with_its_place(
    run: Run, tmp_path: Path, what: str, text: str, told: str
) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    status, _, err = run("draft", "decision", "--case", case, "-o", tmp_path / "x.docx")
    assert status == 1
    assert told in err
    assert "case.yaml" in err
    assert len(err.strip().splitlines()) == 1


BAD_CALLS = [
    (["range", FOOD, "--fact", "goods_value=很多"], "货值金额"),
    (["range", FOOD, "--fact", "goods=3000"], "goods_value"),
    (["range", "market/nothing"], "market/"),
    (["laws", "show", "不存在的法", "1"], "不存在的法"),
    (["laws", "show", "行政处罚法", "99"], "99"),
    (["show", "market/unlicensed-food"], "market/unlicensed-food-business"),
    (["draft", "nothing", "--case", "CASE", "-o", "x.docx"], "decision"),
]


@pytest.mark.parametrize(("args", "told"), BAD_CALLS, ids=[" ".join(b[0]) for b in BAD_CALLS])
def test_a_bad_call_is_one_chinese_line(run: Run, root: Path, args: list[str], told: str) -> None:
    case = str(root / "examples/cases/unlicensed-food.yaml")
    status, _, err = run(*[case if a == "CASE" else a for a in args])
    assert status == 1
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_no_court_no_letter(run: Run, root: Path, tmp_path: Path) -> None:
    case = yaml.safe_load((root / "examples/cases/unlicensed-food.yaml").read_text(encoding="utf-8"))
    del case["remedies"]
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(case, allow_unicode=True), encoding="utf-8")
    status, shown, err = run("draft", "decision", "--case", path, "-o", tmp_path / "x.docx")
    assert status == 1
    assert "C15" in shown + err


def test_the_same_case_gives_the_same_bytes(run: Run, root: Path, tmp_path: Path) -> None:
    case = root / "examples/cases/hazardous-waste-label.yaml"
    for name in ("a.docx", "b.docx"):
        run("draft", "decision", "--case", case, "-o", tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_a_damaged_file_is_one_line(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"PK\x03\x04 not a package")
    status, _, err = run("cite", "check", bad)
    assert status == 1
    assert "bad.docx" in err
    assert len(err.strip().splitlines()) == 1


def test_a_local_rule_is_entered_and_cited(run: Run, tmp_path: Path) -> None:
    status, _, err = run(
        *("laws", "add", "示例省行政执法条例", "12"),
        *("--level", "地方性法规", "--from", "2019-10-01", "--adopted", "2019-07-26"),
        *("--items", "3,0", "--source", "https://example.org/12", "--by", "甲", "--attested-by", "乙"),
    )
    assert status == 0, err
    letter = tmp_path / "x.txt"
    letter.write_text("依据《示例省行政执法条例》第十二条第一款第（三）项的规定。", encoding="utf-8")
    data = answer(run, "cite", "check", str(letter))
    by_hand = "《示例省行政执法条例》第十二条（人工核对：乙，2026-11-22，https://example.org/12）"
    assert (data["citations"], data["findings"], data["attested"]) == (1, [], [by_hand])
    assert f"条文系人工录入：{by_hand}" in run("cite", "check", str(letter))[1]
    report = tmp_path / "报告.docx"
    assert f"  条文系人工录入：{by_hand}\n" in run("review", str(letter), "-o", str(report))[1]
    assert answer(run, "review", str(letter))["files"][0]["attested"] == [by_hand]
    assert by_hand in "\n".join(line.text for line in read_docx(report))
    status, _, err = run(
        *("laws", "add", "示例省行政执法条例", "13", "--level", "地方性法规", "--from", "2019-10-01"),
        *("--items", "0", "--source", "https://example.org/13", "--by", "甲", "--attested-by", "甲"),
    )
    assert status == 1
    assert "核对" in err


def test_search_finds_and_never_a_silent_zero(run: Run) -> None:
    found = answer(run, "search", "无证 餐饮 货值三千")
    assert found["hits"][0]["id"] == FOOD
    for query, first in (
        ("处罚法59条", "law/中华人民共和国行政处罚法/59"),
        ("食品安全法 122条第1款", "law/中华人民共和国食品安全法/122"),
    ):
        assert answer(run, "search", query)["hits"][0]["id"] == first
    nothing = answer(run, "search", "龘靐齉爩")
    assert nothing["total"] == 0
    assert "龘靐齉爩" in nothing["message"]
    assert nothing["nearest"]


def test_the_shipped_base_checks_clean(run: Run) -> None:
    assert answer(run, "kb", "check")["findings"] == []
