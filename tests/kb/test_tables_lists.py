"""Lists of leniency as published: an entry an item, a tick a condition, on the limb they rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.discretion import assess
from kb.errors import BadPackage
from kb.importing.tables.blocks import Reading
from kb.importing.tables.build import Maker
from kb.importing.tables.grid import Grid
from kb.importing.tables.importing import About, import_table
from kb.importing.tables.lists import Listed, is_list, read_list
from kb.importing.tables.reading import read_grids
from kb.laws import LawBook
from kb.records import Benchmark, Leniency, Source
from kb.snapshot import Snapshot
from tests.kb.tables_kit import grid

DAY = date(2022, 6, 1)
BASIS = "《中华人民共和国行政处罚法》第三十三条第一款"
HEAD = "序号 | 类别 | 违法行为 | 违反条款 | 不予处罚的情节\n"
STALL = "1 | 街面 | 占道摆摊 | 《甲省街面条例》第五条第一款　不得占道。 | {}\n"


def table(*rows: str, head: str = HEAD) -> Grid:
    return grid("某市不予处罚清单 | < | < | < | <\n" + head + "".join(rows))


def make(*grids: Grid) -> tuple[list[Listed], Reading]:
    assert is_list(grids)
    reading = Reading()
    maker = Maker(
        reading, LawBook([]), DAY, Source(instrument="示例清单", example=True), "city/x-", "城市管理"
    )
    return read_list(grids, maker), reading


def entries(conditions: str) -> list[Leniency]:
    return [one.record for one in make(table(STALL.format(conditions)))[0]]


def only(conditions: str) -> Leniency:
    (record,) = entries(conditions)
    return record


# ---------------------------------------------------------------- conditions as ticks

LEAD = "同时满足下列情形的，不予行政处罚：\\n"
# (what the cell says after the lead, the ticks: name where it is a usual one, else the words themselves)
TICKS = [
    ("（1）属于首次违法；\\n（2）在限期内改正，危害后果轻微。", ["first", "corrected", "minor_harm"]),
    (
        "（1）首次违法；（2）摊位已收、路面已清理；（3）后果轻微。",
        ["first", "摊位已收、路面已清理", "minor_harm"],
    ),
    (
        "（1）初次违法；（2）占用面积不超过2平方米；（3）立即整改。",
        ["first", "占用面积不超过2平方米", "corrected"],
    ),
    ("（1）首次违法；（2）未开业或已开业，但未收费。", ["first", "未开业或已开业，但未收费"]),
    (
        "（1）首次违法；（2）设摊的，不超过1日；堆物的，不超过3日；（3）当场改正。",
        ["first", "设摊的，不超过1日；堆物的，不超过3日", "corrected"],
    ),
    ("（1）违法行为轻微；（2）及时改正；（3）没有造成危害后果。", ["minor", "corrected", "no_harm"]),
    ("1.首次违法\\n2.及时改正\\n3.危害后果轻微", ["first", "corrected", "minor_harm"]),
    ("①首次违法；②超标1.5倍以下；③及时改正", ["first", "超标1.5倍以下", "corrected"]),
]


@pytest.mark.parametrize(("text", "wanted"), TICKS, ids=[str(n) for n in range(len(TICKS))])
def test_each_condition_is_a_tick(text: str, wanted: list[str]) -> None:
    assert [t.name for t in only(LEAD + text).conditions] == wanted


def test_ticks_keep_the_words_and_their_ceiling() -> None:
    record = only(
        LEAD
        + "（1）近二年内属于首次违法；\\n（2）违法行为持续时间不超过20日；\\n（3）限期内改正，危害后果轻微。"
    )
    assert [t.label for t in record.conditions] == [
        "近二年内属于首次违法",
        "违法行为持续时间不超过20日",
        "限期内改正",
        "危害后果轻微",
    ]
    assert [t.ceiling for t in record.conditions] == ["", "违法行为持续时间不超过20日", "", ""]
    assert record.first_within_months == 24
    assert record.which_list == "不予"
    assert record.violation == "占道摆摊"
    assert record.violated == ["《甲省街面条例》第五条第一款"]
    assert record.basis == [BASIS]
    assert record.id == "leniency/city-x-1"


WINDOWS = [
    ("近一年内属于首次违法", 12),
    ("属于两年内首次违法", 24),
    ("6个月内初次违法", 6),
    ("属于首次违法", None),
    ("年度内属于首次违法", None),  # a calendar year is no number of months
]


@pytest.mark.parametrize(("text", "months"), WINDOWS, ids=[w[0] for w in WINDOWS])
def test_how_far_back_the_first_time_looks(text: str, months: int | None) -> None:
    assert only(LEAD + f"（1）{text}；（2）及时改正，危害后果轻微。").first_within_months == months


def test_one_of_several_makes_an_entry_of_each() -> None:
    one, other = entries(
        "有下列情形之一的，不予行政处罚：\\n（1）未搭棚的。当场收摊且近一年内属于首次违法的。"
        "\\n（2）已搭棚的。在限期内拆除并改正，且近一年内属于首次违法的。"
    )
    assert [t.label for t in one.conditions] == ["未搭棚", "当场收摊", "近一年内属于首次违法"]
    assert [t.name for t in other.conditions] == ["已搭棚", "corrected", "first"]
    assert (one.id, other.id) == ("leniency/city-x-1-1", "leniency/city-x-1-2")
    assert one.first_within_months == other.first_within_months == 12


# The limb by the conditions, and whether the list itself leaves a choice.
LIMBS = [
    ("同时满足下列情形的，不予行政处罚：（1）首次违法；（2）及时改正，危害后果轻微。", "33(1)后段", True),
    ("同时满足下列情形的，可以不予行政处罚：（1）首次违法；（2）及时改正，危害后果轻微。", "33(1)后段", None),
    (
        "同时满足下列情形的，不予行政处罚：（1）情节轻微；（2）及时改正；（3）没有造成危害后果。",
        "33(1)前段",
        None,
    ),
    ("符合下列情形的，不予行政处罚：（1）有证据足以证明没有主观过错。", "33(2)", None),
]


@pytest.mark.parametrize(("text", "limb", "compulsory"), LIMBS, ids=[f"{x[1]} {x[2]}" for x in LIMBS])
def test_the_limb(text: str, limb: str, compulsory: bool | None) -> None:
    record = only(text)
    assert (record.limb, record.compulsory) == (limb, compulsory)
    assert record.basis == [
        "《中华人民共和国行政处罚法》第三十三条" + ("第二款" if limb == "33(2)" else "第一款")
    ]


@pytest.mark.parametrize("word", ["从轻", "减轻"])
def test_the_other_lists(word: str) -> None:
    head = HEAD.replace("不予处罚的情节", f"{word}处罚的情形")
    source = table(STALL.format("主动消除危害后果"), head=head)
    ((one,), _) = make(source)
    assert (one.record.which_list, one.record.limb) == (word, "32")


def test_a_list_may_not_ask_for_less_than_the_law() -> None:
    (one,), _ = make(table(STALL.format(LEAD + "（1）首次违法；（2）及时改正。")))
    assert [(s.code, s.message) for s in one.slips] == [
        ("B10", f"{BASIS}还要求“危害后果轻微”，清单这一项没有写")
    ]
    (sound,), _ = make(table(STALL.format(LEAD + "（1）首次违法；（2）及时改正，危害后果轻微。")))
    assert sound.slips == []


# ---------------------------------------------------------------- the rest of the table

NOTES = (
    "备注 | < | 一、“首次违法”按照台账认定。\\n二、学校门前发生的违法行为不适用本清单。"
    "\\n三、本清单自2022年3月1日起施行，有效期三年。\\n四、所称“街面”，指道路两侧。 | < | <\n"
)


def test_notes_hold_for_every_item() -> None:
    rows = [
        STALL.format(LEAD + "（1）首次违法；（2）及时改正，危害后果轻微。"),
        "2 | ^ | 堆物 | 《甲省街面条例》第六条 | ^\n",
    ]
    listed, reading = make(table(*rows, NOTES))
    assert [one.record.violation for one in listed] == ["占道摆摊", "堆物"]
    for one in listed:
        assert one.record.exclusions == ["学校门前发生的违法行为"]
        assert one.record.conditions[0].ask == "“首次违法”按照台账认定"
        assert (one.record.from_, one.record.to) == (date(2022, 3, 1), date(2025, 3, 1))
    assert [(u.text, u.why) for u in reading.unread] == [
        ("所称“街面”，指道路两侧。", "清单的说明，没有写进记录")
    ]


def test_what_makes_no_entry_is_listed_cell_by_cell() -> None:
    listed, reading = make(
        table(
            "1 | 街面 | 占道摆摊 | 《甲省街面条例》第五条 | \n", "2 | 街面 |  | 《乙法》第一条 | 及时改正\n"
        )
    )
    assert listed == []
    assert {(u.text, u.why) for u in reading.unread} == {
        *(
            (text, "没有读懂适用条件，不能成为记录")
            for text in ("1", "街面", "占道摆摊", "《甲省街面条例》第五条")
        ),
        *((text, "没有写违法行为，不知道属于哪一项") for text in ("2", "街面", "《乙法》第一条", "及时改正")),
    }


def test_a_table_of_amounts_is_no_list() -> None:
    head = "序号 | 违法行为 | 处罚依据 | 适用情形 | 裁量标准\n"
    amounts = head + "1 | 占道 | 《甲法》第九条 | 首次违法的不予处罚 | 不予处罚\n"
    assert not is_list([grid(amounts)])
    assert not is_list([grid("甲 | 乙\n丙 | 丁")])


# ---------------------------------------------------------------- Markdown

MD = """---
title: 某市不予处罚清单
tag:
  - 街
---

::: danger 备注
一、“首次违法”按照台账认定。

二、学校门前发生的违法行为不适用本清单。
:::

[[toc]]

## 一、街面类

### 1、占道摆摊

::: details 违反条款

- 《甲省街面条例》第五条第一款&emsp;不得占道。<br>
  &emsp;&emsp;夜市除外。:mag:*[查看原文](/a/#t5)*

- 《乙条例》<Badge text="已废止" />第六条&emsp;不得堆物。

:::

::: tip 不予处罚的情节

同时满足下列情形的，不予行政处罚：

（1）属于两年内首次违法；

（2）在限期内改正，危害后果轻微。

:::

## 二、店招类

### 2、店招破损

::: details 违反条款
《甲省街面条例》第八条
:::

::: tip 不予处罚的情节
同时满足下列情形的，不予行政处罚：（1）首次违法；（2）立即整改，危害后果轻微。
:::

散落的一行
"""


def test_a_markdown_list_is_the_same_as_its_table() -> None:
    (source,) = read_grids(MD.encode(), "清单.md")
    listed, reading = make(source)
    first, second = (one.record for one in listed)
    assert first.violated == ["《甲省街面条例》第五条第一款", "《乙条例》第六条"]
    assert [t.name for t in first.conditions] == ["first", "corrected", "minor_harm"]
    assert (first.first_within_months, second.first_within_months) == (24, None)
    assert second.violation == "店招破损"
    assert first.exclusions == ["学校门前发生的违法行为"]
    assert listed[0].place == "第17行起"
    assert [(u.place, u.text) for u in reading.unread] == [("第50行起", "散落的一行")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("# 一篇文章\n\n没有清单".encode(), "没有“### 序号、违法行为”"),
        ("### 1、甲\n".encode("gb18030"), "不是 UTF-8"),
        (b"x" * 2_000_001, "超过 2000000 字"),
        (b"[" * 200_000 + b"<" * 200_000, "没有“### 序号、违法行为”"),
    ],
    ids=["prose", "another encoding", "too long", "brackets"],
)
def test_what_is_no_markdown_list_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadPackage, match=why):
        read_grids(data, "清单.md")


# ---------------------------------------------------------------- what becomes of it


def test_an_entry_belongs_to_the_benchmarks_of_the_provision() -> None:
    listed, _ = make(table(STALL.format(LEAD + "（1）首次违法；（2）及时改正，危害后果轻微。")))
    entry = listed[0].record

    def benchmark(id: str, violated: str) -> Benchmark:
        return Benchmark.model_validate(
            {
                "id": id,
                "domain": "城市管理",
                "violation": "占道",
                "violated": violated,
                "penalty_basis": "《甲省街面条例》第九条",
                "statutory": [{"fine": "一百元以下"}],
                "source": {"instrument": "法律条文"},
            }
        )

    same, other = (
        benchmark("city/same", "《甲省街面条例》第五条"),
        benchmark("city/other", "《甲省街面条例》第六条"),
    )
    base = Snapshot.of([entry, same, other])
    ticked = {"first": "是", "corrected": "是", "minor_harm": "是"}
    (met,) = [e for e in assess(base, same.id, ticked, on=DAY).leniency if e.record.id == entry.id]
    assert met.met
    assert met.compulsory
    assert not assess(base, other.id, {}, on=DAY).leniency


# ---------------------------------------------------------------- real lists

REAL = [
    ("guangdong-ecology-no-penalty-2021.pdf", 20, 21, 12),
    ("jiangmen-ecology-no-penalty-2021.md", 40, 41, 24),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "items", "records", "months"), REAL, ids=[r[0] for r in REAL])
def test_the_real_lists(corpus: Path, name: str, items: int, records: int, months: int) -> None:
    about = About(today=date(2026, 11, 23), domain="生态环境", from_=date(2022, 2, 1))
    result = import_table(corpus / "tables" / name, Snapshot.of([]), about)
    data = result.to_dict()
    assert (data["violations"], data["conditions"], data["imported"]) == (items, items, 2 * items)
    assert len(result.records) == records  # the one item with alternatives is two
    assert len(data["unread"]) <= 1  # a definition of terms
    entries_ = [record for record, _ in result.records if isinstance(record, Leniency)]
    assert {r.limb for r in entries_} == {"33(1)后段"}
    assert sum(r.compulsory is None for r in entries_) == 2  # 依法可以不予
    assert all({"first"} <= {t.name for t in r.conditions} for r in entries_)
    assert all(r.violated and r.exclusions for r in entries_)
    assert months in {r.first_within_months for r in entries_}
    assert all(len(r.conditions) >= 2 for r in entries_)
