"""The table of boundaries: what an officer is told just below, at and just above each threshold."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kb.boundaries import HEADS, around, table
from kb.discretion.compiled import compile_benchmark
from kb.importing.records import load_records
from kb.records import Benchmark
from kb.snapshot import Snapshot

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
GAINS = {"gains": {"label": "违法所得", "type": "money"}}
SERIOUS = {"serious": {"label": "情节严重", "type": "bool"}}
PERSONS = "直接负责的主管人员和其他直接责任人员"


def record(facts: dict[str, Any], statutory: list[dict[str, Any]], **more: Any) -> Benchmark:
    fields = {"id": "market/example", "violation": "示例违法行为", "from": "2020-01-01", **more}
    return Benchmark.model_validate(
        {
            "facts": facts,
            "statutory": statutory,
            "penalty_basis": "《中华人民共和国甲法》第十条",
            "source": {"instrument": "法律条文"},
            **fields,
        }
    )


def rows(*records: Benchmark) -> list[dict[str, str]]:
    return [dict(zip(HEADS, row, strict=True)) for row in table(Snapshot.of(records), records)]


def told(*columns: str, of: Benchmark) -> list[tuple[str, ...]]:
    return [tuple(row[c] for c in columns) for row in rows(of)]


TRIED: list[tuple[str, dict[str, Any], list[dict[str, Any]], list[tuple[str, ...]]]] = [
    (
        "a gap at exactly the threshold",
        GAINS,
        [
            {"when": "违法所得超过2万元", "fine": "违法所得2倍以上10倍以下"},
            {"when": "没有违法所得或者违法所得不足2万元", "fine": "1万元以上10万元以下"},
        ],
        [
            ("违法所得：0元", "10000", "100000"),
            ("违法所得：19999.99元", "10000", "100000"),
            ("违法所得：20000元", "", ""),
            ("违法所得：20000.01元", "40000.02", "200000.1"),
        ],
    ),
    (
        "a quantity nobody can establish",
        {"fee": {"label": "广告费用", "type": "money"}},
        [
            {"fine": "广告费用三倍以上五倍以下"},
            {"when": "广告费用无法计算", "fine": "二十万元以上一百万元以下"},
        ],
        [("广告费用：1000元", "3000", "5000"), ("广告费用：无法计算", "200000", "1000000")],
    ),
    (
        "whole things one apart",
        {"times": {"label": "次数", "type": "integer", "unit": "次"}},
        [{"when": "三次以上", "fine": "一万元"}, {"when": "不足三次", "fine": "五千元"}],
        [("次数：2次", "5000", "5000"), ("次数：3次", "10000", "10000"), ("次数：4次", "10000", "10000")],
    ),
    (
        "options, and no fine at all",
        {"kind": {"label": "当事人", "type": "choice", "options": ["单位", "个人"]}},
        [{"when": "当事人为单位", "fine": "一万元以上"}, {"when": "当事人为个人"}],
        [("当事人：单位", "10000", "不封顶"), ("当事人：个人", "", "")],
    ),
]


@pytest.mark.parametrize(("facts", "statutory", "wanted"), [t[1:] for t in TRIED], ids=[t[0] for t in TRIED])
def test_each_boundary_has_its_range(
    facts: dict[str, Any], statutory: list[dict[str, Any]], wanted: list[tuple[str, ...]]
) -> None:
    assert told("事实", "最低（元）", "最高（元）", of=record(facts, statutory)) == wanted


def test_a_branch_that_hangs_on_a_fact_says_on_which() -> None:
    either = {"refused": {"label": "拒不改正", "type": "bool"}, **SERIOUS}
    one = record(
        either, [{"fine": "五万元以下"}, {"when": "拒不改正或者情节严重", "fine": "五万元以上五十万元以下"}]
    )
    assert told("还要符合", "最高（元）", of=one) == [("", "50000"), ("拒不改正或者情节严重", "500000")]


def test_persons_responsible_beside_a_unit_have_only_their_own_measures() -> None:
    one = record(
        GAINS | SERIOUS,
        [
            {"fine": "一万元以上十万元以下"},
            {"subject": PERSONS, "fine": "二千元以上二万元以下", "measures": [{"kind": "暂扣导游证"}]},
        ],
        measures=[{"kind": "没收违法所得"}, {"kind": "吊销许可证", "when": "情节严重"}],
    )
    assert told("对谁", "其他措施", of=one) == [
        ("", "没收违法所得；情节严重的，吊销许可证"),
        (PERSONS, "暂扣导游证"),
    ]


def test_a_record_that_cannot_be_read_says_why_in_its_row() -> None:
    (row,) = rows(record({}, [{"when": "货值金额不足一万元", "fine": "五万元以下"}]))
    assert "没有对应的事实" in row["注意"]


@pytest.mark.parametrize(
    "one", [r for r in load_records(CONTENT) if isinstance(r, Benchmark)], ids=lambda r: f"{r.id}@{r.from_}"
)
def test_every_shipped_benchmark_answers_at_its_boundaries(one: Benchmark) -> None:
    """Each row has a range, says that there is no fine, or says why: never a blank, and never a base unknown.

    Only the statute's own gaps stay: exactly at the threshold (道路运输条例第六十三条), and a fine without an
    amount (城市市容和环境卫生管理条例第三十四条).
    """
    for row in rows(one):
        said = row["最低（元）"], row["罚款照条文"], row["注意"]
        if not row["最低（元）"] and row["罚款照条文"] != "没有罚款":
            assert "正好是" in row["注意"] or row["罚款照条文"].endswith("罚款"), said
        assert "不能计算" not in row["注意"], said
        if row["最低（元）"] and row["最高（元）"] != "不封顶":
            low, high = Decimal(row["最低（元）"]), Decimal(row["最高（元）"])
            assert 0 <= low <= high, said
            assert high > 0, said


def test_a_threshold_is_tried_on_both_sides() -> None:
    compiled = compile_benchmark(
        record(GAINS, [{"when": "违法所得一万元以上", "fine": "一万元"}, {"fine": "五千元"}])
    )
    tried = around(compiled.record.facts, compiled.ladders[0][1])
    assert tried == {"gains": [Decimal("9999.99"), Decimal(10000), Decimal("10000.01")]}
