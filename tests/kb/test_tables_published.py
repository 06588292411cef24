"""A real table of 12 sheets as published: each cell accounted for, known mistakes found, in what time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kb.citation import parse
from kb.importing.laws import import_paths
from kb.importing.tables.importing import About, TableImport, import_table
from kb.importing.tables.reading import read_grids
from kb.snapshot import Snapshot
from kb.store import Store

STATUTES = (
    "just-laws/ecological-environment",
    "just-laws/administrative/water-pollution-prevention-and-control-law",
    "lawrefbook/行政法/水污染防治法(2017-06-27).md",
    "lawrefbook/行政法/大气污染防治法(2018-10-26).md",
    "lawrefbook/行政法/放射性污染防治法(2003-06-28).md",
    "lawrefbook/行政法/环境影响评价法(2018-12-29).md",
    "lawrefbook/行政法/土壤污染防治法(2018-08-31).md",
)
SIX = {"大气污染防治法 99", "固废污染防治法 20", *(f"固废污染防治法 {n}" for n in (100, 105, 110, 115))}


@pytest.fixture(scope="module")
def published(corpus: Path) -> Path:
    return corpus / "tables" / "jiangmen-ecology-benchmarks-2020.xls"


@pytest.fixture(scope="module")
def statutes(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    store = Store.open(tmp_path_factory.mktemp("home"))
    paths = [corpus / "statutes" / name for name in STATUTES]
    import_paths(paths, store, at=datetime(2026, 11, 23, tzinfo=UTC))
    yield store.snapshot()
    store.close()


@pytest.fixture(scope="module")
def read(published: Path, statutes: Snapshot) -> TableImport:
    return import_table(published, statutes, About(today=date(2026, 11, 23), domain="生态环境"))


def test_counts_of_cells_as_stored(read: TableImport) -> None:
    data = read.to_dict()
    assert (data["violations"], data["conditions"], data["amounts"]) == (165, 872, 683)
    assert data["imported"] == 165 + 872 + 683 - 6
    assert len(read.drafted) == 165


def test_the_six_amounts_nobody_sees_are_told(read: TableImport) -> None:
    ghosts = [u for u in read.reading.unread if "合并单元格下的残留" in u.why and u.place.endswith("F列")]
    assert {u.place.replace("表“", "").replace("”第", " ").replace("行F列", "") for u in ghosts} == SIX


def test_every_cell_is_imported_a_header_a_title_or_told(read: TableImport, published: Path) -> None:
    taken = {spot.place for block in read.reading.blocks for spot in block.spots}
    told = {u.place for u in read.reading.unread}
    headers = {(sheet, layout.first) for sheet, layout in read.reading.columns}
    titles = set(read.reading.titles)
    left = [
        g.place(c)
        for g in read_grids(published)
        for c in g.cells
        if c.text.strip()
        and (g.name, c.row) not in headers
        and c.text.strip() not in titles
        and g.place(c) not in taken | told
    ]
    assert left == []


# code, place, part of the message
KNOWN = [
    (
        "B1",
        "表“固废污染防治法”第20行F列",
        "一万元以上五万元以下",
    ),  # the last tier of 4-4, lower than the one before
    ("B3", "表“环境影响评价法”第3行F列", "百分之二"),  # 2%以上3%以下 after 1%以上2%以下
    ("B3", "表“固废污染防治法”第44行F列", "重叠"),
    ("B3", "表“土壤污染防治法”第123行E列", "重叠"),  # 100吨以上200吨以下, 100吨以上201吨以下
    ("B4", "表“建管条例”第20行F列", "一百万零一十元"),
    ("B4", "表“广东省环保条例”第60行F列", "七万元以下九万元以下"),
    ("B4", "表“土壤污染防治法”第90行E列", "下限高于上限"),
    ("B5", "表“固废污染防治法”第21行C列", "多了“五”"),
    ("B5", "表“放射污染防治法”第48行C列", "缺“《”"),
    ("B6", "表“大气污染防治法”第34行E列", "各出现一次"),
    ("B7", "表“噪声污染防治法”第22行A列", "5-2"),
    ("B8", "表“水污染防治法”第20行C列", "文字不同"),
    ("B9", "表“大气污染防治法”第3行C列", "2018年是修正"),
    ("K11", "表“水污染防治法”第3行C列", "由《中华人民共和国生态环境法典》替代"),
    ("K12", "表“建管条例”第26行F列", "缺“元”"),
]


@pytest.mark.parametrize(("code", "place", "said"), KNOWN, ids=lambda v: str(v)[:20])
def test_known_mistakes_are_found(read: TableImport, code: str, place: str, said: str) -> None:
    found = [f.message for f in read.findings if (f.code, f.place) == (code, place)]
    assert any(said in message for message in found), found


def test_each_record_on_a_repealed_law_is_flagged_with_its_successor(
    read: TableImport, statutes: Snapshot
) -> None:
    flagged = {f.place for f in read.findings if f.code == "K11" and "由《" in f.message}
    resting = [
        one
        for one in read.drafted
        if any(
            c.resolved and statutes.laws.repeal_of(c.resolved)
            for text in one.record.penalty_basis
            for c in parse(text, statutes.laws)
        )
    ]
    assert len(resting) > 90
    assert {one.places["penalty_basis"] for one in resting} <= flagged


def test_the_command_answers_in_the_shape_others_rely_on(published: Path, root: Path, tmp_path: Path) -> None:
    run = "import sys; from app.cli import main; main(sys.argv[1:])"
    args = ["--home", str(tmp_path), "kb", "import", str(published), "--by", "甲", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", run, *args], cwd=root, capture_output=True, text=True, check=True
    )
    data = json.loads(done.stdout)
    assert list(data) == ["violations", "conditions", "amounts", "imported", "unread", "findings"]
    assert set(data["unread"][0]) == {"place", "text", "why"}
    assert set(data["findings"][0]) == {"code", "place", "message", "suggestion"}
