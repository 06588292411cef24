"""CASE.yaml: what it may say, and how a fault in it is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.casefile import CaseFile, case_from, load_case
from kb.errors import BadRecord, NotFound

SMALL = """\
schema: 1
id: demo/small
parties:
  - {kind: individual, name: 示例甲, id_number: 000000199001010026, address: 示例路1号}
violations:
  - benchmark: market/unlicensed-food-business
    act: 2026-06-20..2026-07-01
    found_on: 2026-07-01
    fine: 1440.50
"""


def read(text: str, folder: Path) -> CaseFile:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_case(path)


def test_values_arrive_exactly(tmp_path: Path) -> None:
    case = read(SMALL, tmp_path)
    violation = case.violations[0]
    assert violation.fine == Decimal("1440.50")
    assert (str(violation.act.start), str(violation.act.end)) == ("2026-06-20", "2026-07-01")
    assert case.parties[0].id_number == "000000199001010026"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id: demo/small", "id: demo/small\nid: demo/other"), "第3行.*写|写了两次"),
        (("kind: individual", "kind: 个人"), "第4行.*unit、individual、sole_trader"),
        (("kind: individual", "kind: unit"), "统一社会信用代码"),
        (("kind: individual", "kind: sole_trader"), "字号"),
        (("found_on: 2026-07-01", "found_on: 9999-12-31"), "第8行.*年份"),
        (("schema: 1", "schema: 1\nfiled: 0026-07-02"), "第2行.*年份"),
        (("fine: 1440.50", "fine: 一千"), "第9行.*一个数"),
        (("fine: 1440.50", "fine: 1440.505"), "第9行.*两位小数"),
        (("fine: 1440.50", "fine: -1"), "第9行.*不小于零"),
        (("fine: 1440.50", "fien: 1440"), "第9行.*是不是“fine”"),
        (("2026-06-20..2026-07-01", "2026-06-20到2026-07-01"), "第7行.*起止两天"),
        (("2026-06-20..2026-07-01", "2026-07-02..2026-07-01"), "颠倒"),
        (("2026-06-20..2026-07-01", "2026-02-30"), "没有“2026-02-30”这一天"),
        (("name: 示例甲", 'name: " "'), "空白"),
        (("name: 示例甲", "name: 7"), "应当是一段文字"),
        (("fine: 1440.50", "party: 2"), "parties 没有这一项"),
        (("schema: 1", "schema: 2"), "第1行"),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    import re

    with pytest.raises(BadRecord) as caught:
        read(SMALL.replace(*change), tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert "case.yaml" in message
    assert re.search(said, message), message


def test_cash_on_the_spot_needs_its_ground() -> None:
    data = {
        "schema": 1,
        "id": "x",
        "parties": [
            {"kind": "individual", "name": "示例甲", "id_number": "000000199001010026", "address": "示例路"}
        ],
        "violations": [{"benchmark": "a/b", "act": "2026-07-01", "found_on": "2026-07-01"}],
        "on_the_spot": {"payment": "当场收缴"},
    }
    with pytest.raises(BadRecord, match="payment_ground"):
        case_from(data)


def test_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_case(tmp_path / "none.yaml")


def test_the_example_cases_read(root: Path) -> None:
    cases = [load_case(path) for path in sorted((root / "examples" / "cases").glob("*.yaml"))]
    assert len(cases) >= 3
    assert all("示例" in party.name + (party.trade_name or "") for case in cases for party in case.parties)


# ---------------------------------------------------------------- codes and numbers

PARTY = {"kind": "individual", "name": "示例甲", "address": "示例路1号"}


@pytest.mark.parametrize(
    ("party", "said"),
    [
        ({"id_number": "000000199001010026"}, ""),
        ({"id_number": "00000019900101000X"}, ""),
        ({"id_number": "000000199001010027"}, "校验码"),
        ({"id_number": "000000199013010026"}, "出生日期"),
        ({"id_number": "12345"}, "18位"),
        ({"id_number": "00000019900101000x"}, "18位"),
        ({"id_number": "G00000000", "id_type": "护照"}, ""),
        ({"kind": "sole_trader", "trade_name": "示例店", "code": "92000000MA0000000K"}, ""),
        ({"kind": "sole_trader", "trade_name": "示例店", "code": "92000000MA00000000"}, "校验码"),
        ({"kind": "sole_trader", "trade_name": "示例店", "code": "92000000MAO000000K"}, "没有 I、O"),
        ({"kind": "unit", "representative": "示例乙", "code": "91000000MA0000000N"}, ""),
        ({"kind": "unit", "representative": "示例乙", "code": 91000000}, "18位"),
    ],
)
def test_check_digits(party: dict[str, Any], said: str) -> None:
    """GB 32100 and GB 11643; the region 000000 stands for nobody, so examples can't be a real person."""
    assert_said(with_rows(parties=[PARTY | party]), said)


# ---------------------------------------------------------------- papers and goods

RECORD = {"type": "inspection_record", "values": {"started": "2026-07-01 09:10"}}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"papers": [RECORD, RECORD]}, ""),
        ({"papers": [{"type": "filing_approval"}, {"type": "filing_approval"}]}, "一案一份"),
        ({"papers": [{"type": "filing_approval", "void": "写错"}, {"type": "filing_approval"}]}, ""),
        ({"papers": [RECORD | {"key": "a"}, RECORD | {"key": "a"}]}, "都是“a”"),
        ({"papers": [RECORD | {"party": 2}]}, "parties 没有这一项"),
        ({"papers": [RECORD | {"officers": ["示例丙"]}]}, "不在 officers 里"),
        ({"papers": [{"type": "judgment"}]}, "没有文书类型“judgment”"),
        ({"papers": [{"type": "decision"}]}, "decision 里"),
        ({"papers": [RECORD | {"values": {"start": "2026-07-01 09:10"}}]}, "没有“start”这个字段"),
        ({"papers": [RECORD | {"values": {"started": None}}]}, "没有的就不写"),
        (
            {"papers": [RECORD | {"values": {"started": "2026-07-01 25:10"}}]},
            "检查开始时间.*2026-09-08 09:10",
        ),
        ({"papers": [RECORD | {"values": {"in_charge": {"relation": "店员"}}}]}, "没有写姓名"),
        ({"goods": [{"name": "冰柜", "quantity": 1, "paper": "a"}]}, "没有这个 key"),
        ({"goods": [{"name": "冰柜", "quantity": 0}]}, "quantity"),
        ({"goods": [{"name": "冰柜", "status": "丢了"}]}, "登记保存"),
    ],
)
def test_papers_and_goods_fit_the_case(rows: dict[str, Any], said: str) -> None:
    assert_said(with_rows(**rows), said)


def with_rows(**rows: Any) -> dict[str, Any]:
    data = {
        "schema": 1,
        "id": "x",
        "parties": [PARTY | {"id_number": "000000199001010026"}],
        "violations": [{"benchmark": "a/b", "act": "2026-07-01", "found_on": "2026-07-01"}],
    }
    return data | rows


def assert_said(data: dict[str, Any], said: str) -> None:
    """The case reads, or is refused in one line that says so."""
    import re

    if not said:
        assert case_from(data)
        return
    with pytest.raises(BadRecord) as caught:
        case_from(data)
    assert "\n" not in str(caught.value)
    assert re.search(said, str(caught.value)), str(caught.value)


def test_a_wrong_own_value_names_its_line(tmp_path: Path) -> None:
    text = (
        SMALL
        + "papers:\n  - type: inspection_record\n    values:\n      findings: 店内\n      recusal: 也许\n"
    )
    with pytest.raises(BadRecord, match=r"第14行.*recusal"):
        read(text, tmp_path)


def test_a_value_reads_alike_from_file_and_form() -> None:
    """A form sends text where YAML has days, numbers and yes or no."""
    typed = case_from(with_rows(papers=[RECORD | {"values": {"recusal": True, "understood": "是"}}]))
    assert typed.papers[0].values == {"recusal": "true", "understood": "是"}
