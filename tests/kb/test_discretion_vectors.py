"""The vectors of the field, on the shipped base. One row a case: a lawyer can add one.

A row says what is asked of which benchmark, with which facts, when the act was done (a day, or first..last)
and decided; then what must come out: the ranges that stand as (whom, least, most) in yuan (None: no fine;
most None: no upper end), which law is lighter (新, 旧, 相同; ? where the ranges don't say; "" where no law
changed), and the codes of warnings that must be there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.discretion import Assessment, Period, assess
from kb.importing.records import load_laws, load_records
from kb.snapshot import Snapshot

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"


@pytest.fixture(scope="module")
def base() -> Snapshot:
    laws = load_laws(CONTENT / "laws")
    return Snapshot.of(load_records(CONTENT), laws.versions, laws.repeals)


OLD_ECO, NEW_ECO = "2026-07-01", "2026-11-01"
ROWS: list[tuple[str, str, str, str, str, list[tuple[str, Any, Any] | None], str, set[str]]] = [
    # 违法行为编号 和 说明, 基准, 事实, 行为日, 决定日, 幅度, 较轻, 注意
    ("A5 劣种子 货值15000", "agriculture/inferior-seed", "goods_value=15000", "2026-05-01", "2026-06-01",
     [("", "10000", "100000")], "", set()),
    ("A4 无证种子 货值15000", "agriculture/seed-without-licence", "goods_value=15000", "2026-05-01",
     "2026-06-01", [("", "45000", "75000")], "", set()),
    ("A12 农户", "agriculture/banned-residue", "goods_value=5000 farmer=是", "2026-05-01", "2026-06-01",
     [("", "1000", "10000")], "", set()),
    ("A12 不是农户", "agriculture/banned-residue", "goods_value=5000 farmer=否", "2026-05-01", "2026-06-01",
     [("", "100000", "150000")], "", set()),
    ("E6 识别标志 旧行为新决定", "ecology/hazardous-waste-label", "refused=否", OLD_ECO, NEW_ECO,
     [("", "100000", "1000000"), ("", "50000", "200000")], "新", {"law_changed"}),
    ("E1 报告表 总投资200万", "ecology/build-before-approval", "investment=200万 document=报告表 serious=否",
     "2026-06-01", NEW_ECO, [("", "20000", "100000"), ("", "100000", "500000")], "旧", {"law_changed"}),
    ("E1 报告表 总投资3000万", "ecology/build-before-approval",
     "investment=3000万 document=报告表 serious=否", "2026-06-01", NEW_ECO,
     [("", "300000", "1500000"), ("", "100000", "500000")], "新", {"law_changed"}),
    ("E1 报告表 总投资3000万 情节严重", "ecology/build-before-approval",
     "investment=3000万 document=报告表 serious=是", "2026-06-01", NEW_ECO,
     [("", "300000", "1500000"), ("", "500000", "5000000")], "旧", {"law_changed"}),
    ("E8 露天烧烤 首次责令改正", "ecology/outdoor-barbecue", "refused=否", OLD_ECO, NEW_ECO,
     [("", "500", "20000"), ("", "500", "5000")], "新", {"law_changed"}),
    ("S9 危化品 2026年3月的行为6月决定", "emergency/unlicensed-chemicals", "", "2026-03-31", "2026-06-01",
     [("", "100000", "200000"), ("", "100000", "500000")], "旧", {"law_changed"}),
    ("U3 没有地方规定", "city/street-storage", "", "2026-05-01", "2026-06-01", [None], "",
     {"amount_not_loaded"}),
    ("T6 没有拒不改正", "transport/repair-filing", "refused=否", "2026-05-01", "2026-06-01", [None], "",
     {"fine_needs_refusal"}),
    ("T6 没有填", "transport/repair-filing", "", "2026-05-01", "2026-06-01", [None], "",
     {"fine_needs_refusal"}),
    ("T6 拒不改正", "transport/repair-filing", "refused=是", "2026-05-01", "2026-06-01",
     [("", "3000", "10000")], "", set()),
    ("U7 没有逾期", "city/gas-indoor-alteration", "party=个人 overdue=否", "2026-05-01", "2026-06-01", [None],
     "", {"fine_needs_refusal"}),
    ("U7 个人逾期", "city/gas-indoor-alteration", "party=个人 overdue=是", "2026-05-01", "2026-06-01",
     [("", "0", "1000")], "", set()),
    ("U7 单位逾期", "city/gas-indoor-alteration", "party=单位 overdue=是", "2026-05-01", "2026-06-01",
     [("", "0", "100000")], "", set()),
    ("S12 没有逾期", "emergency/emergency-plan-filing", "overdue=否", "2026-05-01", "2026-06-01", [None], "",
     {"fine_needs_refusal"}),
    ("S12 逾期", "emergency/emergency-plan-filing", "overdue=是", "2026-05-01", "2026-06-01",
     [("", "30000", "50000"), ("直接负责的主管人员和其他直接责任人员", "10000", "20000")], "", set()),
    ("C2 禁止时间营业", "culture/late-hours", "serious=否", "2026-05-01", "2026-06-01", [None], "",
     {"no_fine"}),
    ("C7 违法所得5万", "culture/unlicensed-travel-agency", "illegal_gains=50000", "2026-05-01", "2026-06-01",
     [("", "10000", "100000"), ("有关责任人员", "2000", "20000"), ("", "100000", "500000")], "",
     {"rank_conflict"}),
]  # fmt: skip


def ask(base: Snapshot, benchmark: str, facts: str, act: str, decided: str) -> Assessment:
    first, _, last = act.partition("..")
    period = Period(date.fromisoformat(first), date.fromisoformat(last or first))
    given = dict(fact.split("=") for fact in facts.split())
    return assess(base, benchmark, given, period, period.end, date.fromisoformat(decided))


@pytest.mark.parametrize(
    ("benchmark", "facts", "act", "decided", "ranges", "lighter", "codes"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_the_vectors_of_the_field(
    base: Snapshot,
    benchmark: str,
    facts: str,
    act: str,
    decided: str,
    ranges: list[tuple[str, Any, Any] | None],
    lighter: str,
    codes: set[str],
) -> None:
    result = ask(base, benchmark, facts, act, decided)
    found = [o.to_dict() for o in result.outcomes if not o.needs]
    assert [f["fine"] and (f["subject"], f["fine"]["min"], f["fine"]["max"]) for f in found] == ranges
    shown = (result.comparison.lighter or "?") if result.comparison else ""
    assert shown == lighter
    assert codes <= {w.code for w in result.warnings}


def test_of_two_ranks_the_higher_applies(base: Snapshot) -> None:
    """C7: 旅游法 before 旅行社条例; both are shown with their roles."""
    result = ask(base, "culture/unlicensed-travel-agency", "illegal_gains=50000", "2026-05-01", "2026-06-01")
    roles = {o.basis[0]: o.role for o in result.outcomes}
    assert roles == {
        "《中华人民共和国旅游法》第九十五条第一款": "适用",
        "《旅行社条例》第四十六条第（一）项": "不适用",
    }
    assert "《中华人民共和国立法法》第九十九条" in {s.citation.removesuffix("第一款") for s in result.steps}


def test_which_law_is_lighter_can_hang_on_a_fact(base: Snapshot) -> None:
    """E1: with 3000万 the new law is lighter, unless 情节严重; the officer is told, nothing is picked."""
    result = ask(
        base, "ecology/build-before-approval", "investment=3000万 document=报告表", "2026-06-01", NEW_ECO
    )
    assert result.comparison is not None
    rows = [(r.when, r.lighter) for r in result.comparison.rows]
    assert rows == [("", "新"), ("情节严重", "旧")]
    assert "情节严重的，旧规定较轻" in result.comparison.note
    assert "请执法人员确认" in result.comparison.note
    assert len({o.as_of for o in result.outcomes}) == 2


def test_a_letter_explains_why_the_new_law_applies(base: Snapshot) -> None:
    """E6: the letter must explain."""
    result = ask(base, "ecology/hazardous-waste-label", "refused=否", OLD_ECO, NEW_ECO)
    assert "《中华人民共和国固体废物污染环境防治法》第一百一十二条" in result.reasons
    assert "《中华人民共和国生态环境法典》第一千一百七十五条" in result.reasons
    assert (
        "新的规定处罚较轻，依照《中华人民共和国行政处罚法》第三十七条的规定，适用新的规定" in result.reasons
    )
