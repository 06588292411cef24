"""CASE.yaml: what it may say, and how a fault in it is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

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
        "parties": [{"kind": "individual", "name": "示例甲", "id_number": "000000199001010026", "address": "示例路"}],
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
