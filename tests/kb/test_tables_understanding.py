"""Grids to records: published shapes of tables, small and in our own words, and the mistakes they make."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.discretion import Period, assess
from kb.errors import BadPackage, WrongUse
from kb.importing.tables.amounts import read_amount
from kb.importing.tables.basis import read_basis
from kb.importing.tables.blocks import read_blocks
from kb.importing.tables.headers import NAMES, layouts, parse_columns, role_of
from kb.importing.tables.importing import About, TableImport, import_table
from kb.laws import Article, HistoryLine, LawVersion, Paragraph, Repeal
from kb.money import parse_fine
from kb.records import Benchmark
from kb.snapshot import Snapshot
from tests.kb.tables_kit import as_csv, as_docx, as_xlsx, grid

TITLE = "示例县摊贩条例"
BASIS = f"《{TITLE}》第二条"
STALL = (
    "未经批准摆设摊点的，责令改正，处五百元以上二千元以下的罚款；逾期不改正的，处二千元以上五千元以下的罚款。"
)
NOISE = (
    "违反本条例第一条规定，使用高音喇叭的，对单位处一千元以上五千元以下罚款，"
    "对直接负责的主管人员处二百元以上一千元以下罚款。"
)
ABOUT = About(today=date(2026, 11, 23), domain="城市管理", from_=date(2020, 1, 1))


def base(*records: Benchmark, repealed: bool = False) -> Snapshot:
    version = LawVersion(
        TITLE,
        date(2019, 1, 1),
        "版本表",
        adopted=date(2018, 11, 1),
        level="地方性法规",
        has_text=True,
        history=(HistoryLine(date(2018, 11, 1), "修正", ""),),
    )
    articles = [
        Article(n, 0, (Paragraph(t),), has_text=True) for n, t in enumerate(("目的。", STALL, NOISE), 1)
    ]
    repeals = [Repeal(TITLE, date(2026, 8, 15), "示例县市容条例")] if repealed else []
    return Snapshot.of(records, [(version, articles)], repeals)


def read(text: str, snapshot: Snapshot | None = None, *columns: str) -> TableImport:
    return import_table(as_xlsx(text), snapshot or base(), ABOUT, columns=columns, name="table.xlsx")


def only(text: str, *columns: str) -> Benchmark:
    (one,) = read(text, None, *columns).drafted
    return one.record


def codes(result: TableImport) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for f in result.findings:
        out.setdefault(f.code, []).append(f.place)
    return out


# ---------------------------------------------------------------- headers

HEADERS = [
    "序号 serial | 法规规章 law | 违法行为 violation | 设定依据 basis | 处罚种类及幅度 range",
    "裁量阶次 tier | 适用条件 condition | 处罚标准 amount | 违法情形 condition",
    "条款 basis | 违法种类 violation | 违法严重程度分解 tier | 处罚裁量标准 amount",
    "具体违法行为 violation | 处罚依据 basis | 违法程度 tier | 裁量标准 amount | 备注 remark",
    "违法代码 serial | 案由 violation | 违反条款 violated | 金额（元） amount",
    "编号 serial | 违 法 行 为 violation | 处罚依据： basis | 裁量因素 condition | 裁量幅度 amount",
    "五百元以上 - | 《示例县摊贩条例》 - | 处罚款五千元 - | 责令改正，并处罚款 - | 第三条 -",
]


@pytest.mark.parametrize("line", HEADERS, ids=lambda line: line[:12])
def test_headers_by_meaning(line: str) -> None:
    for cell in line.split("|"):
        text, _, role = cell.strip().rpartition(" ")
        assert (role_of(text) or "-") == role, text


TWO_ROWS = f"""
    裁量基准表 | < | < | < | <
    序号 | 违法行为 | 处罚依据 | 裁量基准 | <
    ^ | ^ | ^ | 违法情节 | 处罚幅度
    1 | 摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款
    ^ | ^ | ^ | 再次的 | 处一千元以上二千元以下罚款
"""


def test_a_header_of_two_rows_below_a_title() -> None:
    (layout,) = layouts(grid(TWO_ROWS))
    assert (layout.first, layout.last) == (2, 3)
    assert [c.role for c in layout.columns.values()] == [
        "serial",
        "violation",
        "basis",
        "condition",
        "amount",
    ]


def test_a_header_of_two_rows_without_merges() -> None:
    (found,) = import_table(as_csv(TWO_ROWS), base(), ABOUT, name="表.csv").drafted
    assert [t.fine for t in found.record.tiers] == ["五百元以上一千元以下罚款", "一千元以上二千元以下罚款"]


def test_columns_for_unit_and_person() -> None:
    record = only(f"""
        违法行为 | 处罚依据 | 情节 | 罚款金额（万元） | <
        ^ | ^ | ^ | 单位 | 个人
        使用高音喇叭 | 《{TITLE}》第三条 | 初次的 | 0.1-0.3 | 0.02
        ^ | ^ | 再次的 | 0.3-0.5 | 0.05
    """)
    assert [(t.fine, t.subject) for t in record.tiers][:2] == [
        ("0.1万元以上0.3万元以下", ""),
        ("0.02万元", "责任人员"),  # the statute's only person
    ]


def test_a_header_printed_anew_on_each_page_is_no_row() -> None:
    head = "序号 | 违法行为 | 处罚依据 | 情节 | 裁量标准"
    result = read(f"""
        {head}
        1 | 摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款
        {head}
         | | | 再次的 | 处一千元以上二千元以下罚款
    """)
    (one,) = result.drafted
    assert len(one.record.tiers) == 2
    assert not result.reading.unread


def test_a_table_that_goes_on_in_the_next_one() -> None:
    data = as_docx(
        f"""
        序号 | 违法行为 | 处罚依据 | 情节 | 裁量标准
        1 | 摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款
        """,
        " | | | 再次的 | 处一千元以上二千元以下罚款",
    )
    result = import_table(data, base(), ABOUT, name="表.docx")
    (one,) = result.drafted
    assert [t.fine for t in one.record.tiers] == ["五百元以上一千元以下罚款", "一千元以上二千元以下罚款"]
    assert one.places["tiers 第2条"] == "表“表格2”第1行E列"


def test_a_column_mapped_by_hand() -> None:
    table = f"""
        甲 | 乙 | 丙 | 丁
        摆摊 | {BASIS} | 初次的 | 处五百元罚款
    """
    with pytest.raises(WrongUse):
        parse_columns(["违法行为"])
    none = read(table)
    assert not none.records
    assert {u.text for u in none.reading.unread} >= {"摆摊", BASIS, "初次的", "处五百元罚款"}
    result = read(table, None, "违法行为=A", "处罚依据=B", "裁量情节=C", "裁量标准＝4")
    assert [d.record.violation for d in result.drafted] == ["摆摊"]
    assert {u.text for u in result.reading.unread} == {"甲", "乙", "丙", "丁"}


def test_every_meaning_can_be_written_by_hand() -> None:
    assert [parse_columns([f"{name}=C"])[3] for name in NAMES.values()] == list(NAMES)


# ---------------------------------------------------------------- blocks and ladders

TOOLS = "情节严重的，没收工具"
LADDERS = f"""
    序号 | 违法行为 | 法律依据 | 类别 | 裁量情节 | 裁量标准 | 备注
    1-1 | 摆摊的 | {BASIS}：\\n{STALL} | 1 | 占地一平方米以下的 | 责令改正，处五百元至一千元罚款 | {TOOLS}
    ^ | ^ | ^ | 2 | 占地一平方米以上的 | 责令改正，处一千元以上二千元以下罚款 | ^
    ^ | ^ | ^ | ^ | 造成拥堵的 | ^ | ^
    ^ | ^ | 逾期不改正的，处二千元以上五千元以下的罚款 | 1 | 占地一平方米以下的 | 处二千元以上三千元以下罚款 |
    ^ | ^ | ^ | 2 | 占地一平方米以上的 | 处三千元以上五千元以下罚款 |
"""


def test_ladders_conditions_and_measures() -> None:
    result = read(LADDERS)
    (one,) = result.drafted
    r = one.record
    assert r.penalty_basis == [BASIS]
    assert [(b.when, b.fine) for b in r.statutory] == [
        (None, "五百元以上二千元以下的罚款"),
        ("逾期不改正", "二千元以上五千元以下的罚款"),
    ]
    whens = [t.model_dump()["when"] for t in r.tiers]
    assert whens == [
        "占地一平方米以下",
        {"any": ["占地一平方米以上", "造成拥堵"]},
        ["逾期不改正", "占地一平方米以下"],
        ["逾期不改正", "占地一平方米以上"],
    ]
    assert [m.kind for m in r.tiers[0].measures] == ["责令改正"]
    assert [(m.kind, m.when) for m in r.measures] == [("没收工具", "情节严重")]
    assert result.to_dict() == {
        "violations": 1,
        "conditions": 5,
        "amounts": 4,
        "imported": 10,
        "unread": [],
        "findings": result.to_dict()["findings"],
    }


def test_what_was_imported_can_be_assessed() -> None:
    (one,) = read(LADDERS).drafted
    snapshot = base(one.record)
    facts = {"circumstance": "造成拥堵", "flag_1": "否", "flag_2": "否"}
    day = date(2024, 5, 1)
    done = assess(snapshot, one.record.id, facts, Period(day, day), day, day)
    (outcome,) = [o for o in done.outcomes if o.tier]
    assert outcome.tier == "类别2"
    assert str(outcome.fine) == "1000元以上2000元以下"


def test_how_a_fine_goes_up_becomes_steps() -> None:
    record = only(f"""
        违法行为 | 处罚依据 | 情节 | 裁量标准
        摆摊 | {BASIS} | 占地的 | 处五百元以上二千元以下罚款（每增加1个平方米增加一百元，不足的向高取整）
    """)
    (step,) = record.tiers[0].steps
    assert (step.add, step.every, step.part) == ("一百元", 1, "进一")
    assert record.facts[step.fact].label == "增加的平方米数"
    day = date(2024, 5, 1)
    facts = {"circumstance": "占地", step.fact: "2.5"}
    done = assess(base(record), record.id, facts, Period(day, day), day, day)
    assert {str(o.fine) for o in done.outcomes if o.tier} == {"800元"}


FORMATS = [
    (as_xlsx(LADDERS), "x.xlsx"),
    (as_docx(LADDERS), "x.docx"),
    (as_csv(LADDERS), "x.csv"),
    (as_csv(LADDERS, "gb18030"), "x.csv"),
]


@pytest.mark.parametrize(("data", "name"), FORMATS, ids=["xlsx", "docx", "csv", "csv in GB18030"])
def test_every_format_gives_the_same_record(data: bytes, name: str) -> None:
    (one,) = import_table(data, base(), ABOUT, name=name).drafted
    (wanted,) = read(LADDERS).drafted
    fields = ("violation", "penalty_basis", "facts", "statutory", "measures", "note")
    assert [getattr(one.record, f) for f in fields] == [getattr(wanted.record, f) for f in fields]
    same = [(t.label, t.when, t.fine, t.measures) for t in one.record.tiers]
    assert same == [(t.label, t.when, t.fine, t.measures) for t in wanted.record.tiers]


def test_one_basis_for_several_violations_and_repeated_names() -> None:
    result = read(f"""
        违法行为 | 处罚依据 | 裁量阶次 | 处罚标准
        摆摊 | {BASIS} | 较轻 | 五百元
        摆摊 | {BASIS} | 较重 | 二千元
        占道 | {BASIS} | 较轻 | 六百元
        叫卖 | ^ | 一般 | 一千元
    """)
    assert [(d.record.violation, len(d.record.tiers)) for d in result.drafted] == [
        ("摆摊", 2),
        ("占道", 1),
        ("叫卖", 1),
    ]
    assert all(d.record.penalty_basis == [BASIS] for d in result.drafted)
    assert [t.kind for t in result.drafted[2].record.tiers] == ["一般"]


def test_the_citation_alone_takes_its_range_from_the_loaded_statute() -> None:
    record = only(f"""
        违法行为 | 处罚依据 | 情节 | 裁量标准
        摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款
        ^ | ^ | 逾期仍不改的 | 处三千元以上四千元以下罚款
    """)
    assert [b.when for b in record.statutory] == [None, "逾期不改正"]
    assert record.model_dump()["tiers"][1]["when"] == ["逾期不改正", "逾期仍不改"]


def test_no_basis_no_record_but_every_cell_is_told() -> None:
    result = read("""
        违法行为 | 处罚依据 | 情节 | 裁量标准
        摆摊 | 见另表 | 初次的 | 处五百元罚款
    """)
    assert not result.records
    assert [u.text for u in result.reading.unread] == ["摆摊", "见另表", "初次的", "处五百元罚款"]
    assert result.reading.imported == 0


def test_a_file_without_a_table() -> None:
    with pytest.raises(BadPackage, match="没有表格"):
        import_table(as_docx(), base(), ABOUT, name="x.docx")


EVERYTHING = f"""
    某某县裁量基准 | < | < | < | < | <
    序号 | 违法行为 | 处罚依据 | 裁量情节 | 裁量标准 | 经办
    一、摊贩类 | < | < | < | < | <
    1 | 摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款 | 甲
    ^ | ~占道 | ^ | 再次的 | 酌情处理 |
    ^ | ^ | ^ | 三次的 | 处一千元以上二千元以下罚款（每增加一平方米再议） |
    注：本表自公布之日起施行。 | < | < | < | < | <
"""


def test_every_cell_is_imported_a_header_a_title_or_told() -> None:
    g = grid(EVERYTHING)
    reading = import_table(as_xlsx(EVERYTHING), base(), ABOUT, name="x.xlsx").reading
    told = {(u.text, u.why.partition("：")[0].partition("，")[0]) for u in reading.unread}
    assert told == {
        ("甲", "列“经办”没有认出"),
        ("占道", "合并单元格下的残留"),
        ("酌情处理", "这一部分看不懂"),
        ("再次的", "它的裁量标准没有读懂"),
        ("（每增加一平方米再议）", "递增的算法没有转成结构"),
        ("注：本表自公布之日起施行。", "表下的说明"),
    }
    assert reading.titles == ["某某县裁量基准", "一、摊贩类"]
    stored = {role: len(spots) for role, spots in reading.stored.items()}
    assert stored == {"violation": 2, "condition": 3, "amount": 3}
    assert reading.imported == 8 - 3  # the ghost, the amount nobody reads and its circumstance
    taken = {spot.cell for block in reading.blocks for spot in block.spots}
    told_of = {u.text for u in reading.unread} | set(reading.titles) | {c.text for c in g.cells if c.row == 2}
    assert [c.text for c in g.cells if c.text and c not in taken and c.text not in told_of] == []


# ---------------------------------------------------------------- amounts and basis cells

AMOUNTS = [
    # cell -> (subject, phrase) of each fine, measures, slips
    ("责令改正，处二万元以上五万元以下罚款", [("", "二万元以上五万元以下罚款")], ["责令改正"], 0),
    ("给予警告", [], ["警告"], 0),
    ("没收违法所得，并处违法所得一倍的罚款", [("", "并处违法所得一倍的罚款")], ["没收违法所得"], 0),
    ("处十万元罚款；对个人处一万元罚款", [("", "十万元罚款"), ("个人", "一万元罚款")], [], 0),
    ("处三万元罚款，并对主要负责人处五千元以上一万元以下罚款",
     [("", "三万元罚款"), ("责任人员", "五千元以上一万元以下罚款")], [], 0),
    ("处二十万元以上三十万元以下元罚款", [("", "二十万元以上三十万元以下罚款")], [], 1),
    ("处七万元以下九万元以下罚款", [("", "七万元以上九万元以下罚款")], [], 1),
    ("处一百万一十元以上一百三十万元以下罚款", [("", "一百万一十元以上一百三十万元以下罚款")], [], 1),
    ("罚款2000元-5000元", [("", "2000元至5000元")], [], 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fines", "measures", "slips"), AMOUNTS, ids=lambda v: str(v)[:20])
def test_amount_cells(text: str, fines: list[tuple[str, str]], measures: list[str], slips: int) -> None:
    amount = read_amount(text)
    assert [(f.subject, f.fine) for f in amount.fines] == [(who, parse_fine(said)) for who, said in fines]
    assert [m.kind for m in amount.measures] == measures
    assert len(amount.slips) == slips
    assert not amount.rest


def test_no_penalty_is_a_kind() -> None:
    assert read_amount("不予处罚").kind == "不予"


BASES = [
    # cell -> penalty, violated, slips, notes
    (f"《{TITLE}》第二条：\n{STALL}", [BASIS], [], 0, 0),
    (f"1、《{TITLE}》（2018年修订）第三条：\n{NOISE}", [f"《{TITLE}》第三条"], [f"《{TITLE}》第一条"], 0, 1),
    (f"《{TITLE}五》第二条：\n{STALL}", [BASIS], [], 1, 0),
    (f"{TITLE}》第二条：\n{STALL}", [BASIS], [], 1, 0),
    ("《某某办法》第三条第一款、第二款", ["《某某办法》第三条第一款", "《某某办法》第三条第二款"], [], 0, 0),
    ("按有关规定", [], [], 0, 0),
]


@pytest.mark.parametrize(("text", "penalty", "violated", "slips", "notes"), BASES, ids=lambda v: str(v)[:24])
def test_basis_cells(text: str, penalty: list[str], violated: list[str], slips: int, notes: int) -> None:
    found = read_basis(text, base().laws, date(2020, 1, 1))
    assert (found.penalty, found.violated) == (penalty, violated)
    assert (len(found.slips), len(found.notes)) == (slips, notes)


def test_printed_text_that_differs_from_the_loaded_one() -> None:
    wrong = STALL.replace("二千元以下的罚款", "三千元以下的罚款", 1)
    (said,) = read_basis(f"{BASIS}：\n{wrong}", base().laws, date(2020, 1, 1)).differs
    assert "“二”写成“三”" in said or "二千元" in said


# ---------------------------------------------------------------- mistakes

HEAD = "序号 | 违法行为 | 处罚依据 | 裁量情节 | 裁量标准"
FIRST = f"1 | 摆摊 | {BASIS} | 初次的 | 处五百元以上一千元以下罚款"
AGAIN = f"{FIRST}\n^ | ^ | ^ | 再次的 |"
OTHER_WORDS = f"1 | 摆摊 | {BASIS}：\\n{STALL.replace('二千元', '三千元', 1)} | 初次的 | 处五百元罚款"
MISTAKES = [
    # the rows below the header -> code, place
    ("a ghost", f"{AGAIN} ~处三千元罚款", "B1", "第3行E列"),
    ("falling", f"{AGAIN} 处五百元以上八百元以下罚款", "B2", "第3行E列"),
    ("shared end", f"{AGAIN} 处一千元以上二千元以下罚款", "B3", "第2行E列"),
    ("overlap", f"{AGAIN} 处八百元以上二千元以下罚款", "B3", "第3行E列"),
    ("gap", f"{AGAIN} 处一千五百元以上二千元以下罚款", "B3", "第3行E列"),
    (
        "gap of conditions",
        f"1 | 摆摊 | {BASIS} | 占地1平方米以下的 | 处五百元\n^ | ^ | ^ | 占地2平方米以上的 | 处六百元",
        "B3",
        "第3行D列",
    ),
    ("unit slip", f"{AGAIN} 处一百万一十元以上一百三十万元以下罚款", "B4", "第3行E列"),
    ("impossible", f"1 | 摆摊 | {BASIS} | 占地5平方米以上1平方米以下的 | 处五百元罚款", "B4", "第2行D列"),
    ("stray letter", f"1 | 摆摊 | 《{TITLE}五》第二条 | 初次的 | 处五百元罚款", "B5", "第2行C列"),
    ("one circumstance twice", f"{FIRST}\n^ | ^ | ^ | 初次的 | 处一千元以上二千元以下罚款", "B6", "第3行D列"),
    (
        "one violation twice",
        f"{FIRST}\n2 | 占道 | {BASIS} | 初次的 | 处五百元罚款\n3 | 摆摊 | {BASIS} | 再次的 | 处六百元罚款",
        "B6",
        "第4行B列",
    ),
    ("serial missing", f"{FIRST}\n3 | 占道 | {BASIS} | 初次的 | 处五百元罚款", "B7", "第3行A列"),
    ("other words", OTHER_WORDS, "B8", "第2行C列"),
    (
        "修订 for 修正",
        f"1 | 摆摊 | 《{TITLE}》（2018年修订）第二条 | 初次的 | 处五百元罚款",
        "B9",
        "第2行C列",
    ),
    ("outside the statute", f"{AGAIN} 处九千元罚款", "K8", "第3行E列"),
    ("no such article", f"1 | 摆摊 | 《{TITLE}》第九条 | 初次的 | 处五百元罚款", "C17", "第2行C列"),
    ("no such law", "1 | 摆摊 | 《某某办法》第二条 | 初次的 | 处五百元罚款", "C0", "第2行C列"),
]


@pytest.mark.parametrize(("rows", "code", "place"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_known_mistakes_are_found_where_they_stand(rows: str, code: str, place: str) -> None:
    assert f"表“表”{place}" in codes(read(f"{HEAD}\n{rows}")).get(code, [])


def test_a_sound_table_has_no_findings() -> None:
    sound = f"{HEAD}\n{FIRST}\n^ | ^ | ^ | 再次的 | 处一千元罚款\n2 | 占道 | {BASIS} | 初次的 | 处六百元罚款"
    assert codes(read(sound)) == {}


def test_a_repealed_law_is_told_once_a_record_with_its_successor() -> None:
    result = read(f"{HEAD}\n{FIRST}", base(repealed=True))
    (found,) = [f for f in result.findings if f.code in ("K11", "C4")]
    assert found.code == "K11"
    assert "示例县市容条例" in found.message
    assert found.place == "表“表”第2行C列"
    assert [one.record.to for one in result.drafted] == [date(2026, 8, 15)]


# ---------------------------------------------------------------- preview and the sample


def test_the_preview_shows_each_row_with_its_place() -> None:
    lines = read(LADDERS).preview()
    assert any("A列“序号”→序号" in line for line in lines)
    assert any(
        "类别2：占地一平方米以上或者造成拥堵 → 一千元以上二千元以下罚款（表“表”第3行F列）" in line
        for line in lines
    )


def test_the_sample_table_has_what_its_page_shows(root: Path) -> None:
    result = import_table(root / "examples/tables/sample.csv", base(), ABOUT)
    assert [d.record.id for d in result.drafted] == ["city/sample-1", "city/sample-3"]
    assert len(result.reading.unread) == 4


def test_blocks_of_an_empty_grid() -> None:
    assert read_blocks([grid("甲")]).blocks == []
