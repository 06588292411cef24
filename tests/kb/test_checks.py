"""`kb check`: one faulty record a rule, and the sound record that no rule touches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.checks import CHECKS, run
from kb.laws import Article, Item, LawVersion, Paragraph, Repeal
from kb.records import Benchmark
from kb.snapshot import Snapshot

ACT = "中华人民共和国甲法"
LAW = (
    LawVersion(ACT, date(2020, 1, 1), from_basis="原文", adopted=date(2019, 12, 1), has_text=True),
    [
        Article(
            10,
            paragraphs=(
                Paragraph(
                    "有下列行为之一，货值金额不足一万元的，处5万元以上10万元以下罚款；一万元以上的，处货值金额十倍以上二十倍以下罚款：",
                    (Item(1, "（一）甲；"), Item(2, "（二）乙。")),
                ),
                Paragraph("情节严重的，责令停产停业。"),
            ),
            has_text=True,
        ),
        Article(11, paragraphs=(Paragraph("依照前条处罚。"),), has_text=True),
    ],
)
OTHER = (
    LawVersion("某市裁量权基准", date(2020, 1, 1), level="规范性文件"),
    [Article(1, paragraphs=(Paragraph("x"),))],
)
SOUND: dict[str, Any] = {
    "id": "market/example",
    "violation": "示例违法行为",
    "from": "2020-01-01",
    "violated": f"《{ACT}》第十条第一款第（一）项",
    "penalty_basis": f"《{ACT}》第十条第一款第（一）项",
    "facts": {"goods_value": {"label": "货值金额", "type": "money"}},
    "statutory": [
        {"when": "货值金额不足一万元", "fine": "五万元以上十万元以下"},
        {"when": "货值金额一万元以上", "fine": "货值金额十倍以上二十倍以下"},
    ],
    "source": {"instrument": "法律条文"},
}


def found(*records: dict[str, Any], repeals: tuple[Repeal, ...] = ()) -> list[tuple[str, str]]:
    rows = [Benchmark.model_validate({**SOUND, **r}) for r in records]
    report = run(Snapshot.of(rows, [LAW, OTHER], repeals))
    return sorted({(f.code, f.place) for f in report.findings})


def test_a_sound_record_has_no_findings() -> None:
    assert found({}) == []


FAULTS: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("no such article", {"violated": f"《{ACT}》第九十九条"}, ("C17", "violated")),
    ("fine unreadable", {"statutory": [{"fine": "很多钱"}]}, ("K3", "statutory 第1条 fine")),
    (
        "condition without fact",
        {"statutory": [{"when": "拒不改正", "fine": "五万元以上十万元以下"}]},
        ("K4", "statutory 第1条 when"),
    ),
    (
        "base without fact",
        {"facts": {}, "statutory": [{"fine": "货值金额十倍以上二十倍以下"}]},
        ("K4", "statutory 第1条 fine"),
    ),
    (
        "multiple of what, where two sums are asked",
        {
            "facts": {**SOUND["facts"], "freight": {"label": "运输费用", "type": "money"}},
            "statutory": [{"fine": "十倍以上二十倍以下"}],
        },
        ("K4", "statutory"),
    ),
    (
        "measure without fact",
        {"measures": [{"kind": "吊销", "when": "情节严重"}]},
        ("K4", "measures 第1条 when"),
    ),
    (
        "amount not in the text",
        {
            "statutory": [
                SOUND["statutory"][1],
                {"when": "货值金额不足一万元", "fine": "五万元以上八万元以下"},
            ]
        },
        ("K5", "statutory 第2条 fine"),
    ),
    (
        "gap at the threshold between printed tiers",
        {
            "statutory": [SOUND["statutory"][0], {**SOUND["statutory"][1], "when": "货值金额超过一万元"}],
            "tiers": [{"label": "甲", "when": "货值金额不足一万元", "fine": "五万元以上七万元以下"}],
        },
        ("K6", "statutory"),
    ),
    (
        "gap between branches",
        {"statutory": [SOUND["statutory"][0], {**SOUND["statutory"][1], "when": "货值金额二万元以上"}]},
        ("K6", "statutory"),
    ),
    (
        "branches overlap",
        {"statutory": [{**SOUND["statutory"][0], "when": "货值金额一万元以下"}, SOUND["statutory"][1]]},
        ("K7", "statutory"),
    ),
    (
        "tiers share an end",
        {
            "tiers": [
                {"label": "甲", "when": "货值金额五千元以下", "fine": "五万元以上七万元以下"},
                {"label": "乙", "when": "货值金额五千元以上不足一万元", "fine": "七万元以上十万元以下"},
            ]
        },
        ("K7", "tiers"),
    ),
    (
        "tier outside the range",
        {"tiers": [{"label": "甲", "when": "货值金额不足一万元", "fine": "四万元以上五万元以下"}]},
        ("K8", "tiers"),
    ),
    ("a benchmark as basis", {"penalty_basis": "《某市裁量权基准》第一条"}, ("K9", "penalty_basis")),
    ("a notice as basis", {"penalty_basis": "《关于某事项的通知》第一条"}, ("K9", "penalty_basis")),
    (
        "a slip in the print",
        {"statutory": [{**SOUND["statutory"][0], "fine": "五万以上十万元以下"}, SOUND["statutory"][1]]},
        ("K12", "statutory 第1条 fine"),
    ),
]


@pytest.mark.parametrize(("fault", "expected"), [r[1:] for r in FAULTS], ids=[r[0] for r in FAULTS])
def test_a_fault_is_found_where_it_stands(fault: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in found(fault)


def test_a_gap_of_the_statute_itself_is_a_note() -> None:
    gap = {"statutory": [SOUND["statutory"][0], {**SOUND["statutory"][1], "when": "货值金额超过一万元"}]}
    assert not any(code == "K6" for code, _ in found(gap))
    report = run(Snapshot.of([Benchmark.model_validate({**SOUND, **gap})], [LAW, OTHER]))
    assert any("条文本身如此" in note for note in report.notes)


def test_two_versions_of_one_record_may_not_overlap() -> None:
    assert ("K10", "from") in found({"to": "2024-01-01"}, {"from": "2023-01-01"})
    assert found({"to": "2023-01-01"}, {"from": "2023-01-01"}) == []
    assert ("K10", "from") in found({}, {})


def test_a_record_may_not_outlive_its_basis() -> None:
    repeal = Repeal(ACT, date(2026, 8, 15), "中华人民共和国新法典")
    assert ("K11", "to") in found({}, repeals=(repeal,))
    assert found({"to": "2026-08-15"}, repeals=(repeal,)) == []


def test_a_text_that_is_not_loaded_is_noted_not_condemned() -> None:
    bare = (
        LawVersion(ACT, date(2020, 1, 1)),
        [Article(10, paragraphs=(Paragraph("", (Item(1), Item(2))), Paragraph()))],
    )
    report = run(Snapshot.of([Benchmark.model_validate(SOUND)], [bare]))
    assert report.notes == ("处罚依据的条文没有载入，没有核对金额（1条记录）",)
    assert [f for f in report.findings if f.code.startswith("K")] == []


def test_what_ended_before_it_was_checked_is_judged_on_its_last_day() -> None:
    ended = {"from": None, "source": {"instrument": "某市裁量权基准", "checked": "2026-01-01"}}
    repeals = (Repeal(ACT, date(2025, 1, 1), "乙法"),)
    assert found({**ended, "to": "2025-01-01"}, repeals=repeals) == []
    assert ("C4", "penalty_basis") in found({**ended, "to": "2027-01-01"}, repeals=repeals)


def test_only_the_records_asked_for_are_checked() -> None:
    faulty = Benchmark.model_validate({**SOUND, "statutory": [{"fine": "很多钱"}]})
    base = Snapshot.of([faulty], [LAW])
    assert run(base, ids=["market/other"]).findings == ()
    assert run(base, ids=["market/example"]).findings != ()


def test_the_json_is_the_contract() -> None:
    faulty = Benchmark.model_validate({**SOUND, "statutory": [{"fine": "很多钱"}]})
    data = run(Snapshot.of([faulty], [LAW])).to_dict()
    assert set(data) == {"findings", "notes"}
    assert set(data["findings"][0]) == {"code", "severity", "id", "place", "message", "suggestion"}


def test_every_rule_file_is_registered() -> None:
    assert set(CHECKS) == {
        "amounts",
        "citations",
        "conditions",
        "fines",
        "instruments",
        "ladders",
        "left_out",
        "measures",
        "outlived",
        "thresholds",
        "versions",
        "whole",
        "wording",
    }
