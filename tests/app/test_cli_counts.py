"""`kb stats` counts what a lawyer would count, and `kb ranges` writes the table of boundaries."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from app.api.counts import counts
from kb.importing.records import load_records
from kb.records import Synonym
from kb.snapshot import Snapshot
from tests.app.conftest import Run

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"


def test_stats_count_distinct_ids_not_versions(run: Run) -> None:
    """A violation under the old law and the new one is one violation; so is one under two instruments."""
    ids: dict[str, dict[str, str]] = defaultdict(dict)
    versions: dict[str, int] = defaultdict(int)
    for record in load_records(CONTENT):
        ids[record.kind][record.id] = record.domain
        versions[record.kind] += 1
    assert versions["benchmark"] > len(ids["benchmark"])  # ecology stands in two versions
    code, out, _ = run("kb", "stats", "--json")
    assert code == 0
    told = json.loads(out)
    for kind in ("benchmark", "leniency", "case_study"):
        by_domain: dict[str, int] = defaultdict(int)
        for domain in ids[kind].values():
            by_domain[domain] += 1
        assert told[kind] == by_domain, kind
    for kind in ("phrase", "procedure", "synonym", "question", "setting"):
        assert told[kind] == len(ids[kind]), kind


def test_two_versions_of_one_record_count_once() -> None:
    old, new = (
        Synonym.model_validate(
            {"id": "example/one", "said": "甲", "meant": "乙", "source": {"instrument": name}, "from": day}
        )
        for name, day in (("示例", "2020-01-01"), ("另一文件", "2024-01-01"))
    )
    assert counts(Snapshot.of([old, new]))["synonym"] == 1


def test_the_table_of_boundaries(run: Run, tmp_path: Path) -> None:
    code, shown, _ = run("kb", "ranges", "--id", "market/expired-food")
    assert code == 0
    head, *rows = [line.split("\t") for line in shown.splitlines()]
    assert [(row[4].partition("：")[2], row[8], row[9]) for row in rows] == [
        ("9999.99元", "50000", "100000"),
        ("10000元", "100000", "200000"),
        ("10000.01元", "100000.1", "200000.2"),
    ]
    assert {len(row) for row in rows} == {len(head)}
    out = tmp_path / "幅度.tsv"
    assert "已写入" in run("kb", "ranges", "--id", "market/", "-o", str(out))[1]
    assert len({line.split("\t")[0] for line in out.read_text("utf-8").splitlines()[1:]}) >= 30
