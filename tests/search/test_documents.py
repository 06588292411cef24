"""What of a record the search reads."""

from __future__ import annotations

from kb.records import Benchmark
from kb.snapshot import Snapshot
from search.documents import documents_of


def test_conditions_one_inside_the_other_are_read() -> None:
    tier = {"label": "一", "when": {"any": [["报告书", "已经建成"], "占用禁止建设的区域"]}, "fine": "三万元"}
    record = Benchmark.model_validate(
        {
            "id": "ecology/example",
            "violation": "示例违法行为",
            "penalty_basis": "《中华人民共和国甲法》第十条",
            "tiers": [tier],
            "source": {"instrument": "示例"},
        }
    )
    [document] = documents_of(Snapshot.of([record]))
    assert "（报告书，且已经建成）或者占用禁止建设的区域，三万元" in document.body
