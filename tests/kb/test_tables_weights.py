"""Sheets of weights and matrices to benchmarks: each worked by hand, each cell accounted for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kb.discretion import assess
from kb.importing.tables.blocks import Reading
from kb.importing.tables.build import Drafted, Maker
from kb.importing.tables.grid import Grid
from kb.importing.tables.importing import About, TableImport, import_table
from kb.importing.tables.weight_records import standard_records
from kb.importing.tables.weight_tables import is_share
from kb.importing.tables.weights import is_standards, read_standards
from kb.laws import LawBook
from kb.records import Benchmark, Source
from kb.snapshot import Snapshot
from tests.kb.pdf_kit import Sheet, pdf
from tests.kb.tables_kit import grid, rows_of

DAY = date(2022, 6, 1)

# ---------------------------------------------------------------- sheets in our own words and figures

PARTS = """
    {title} | < | < | <
    §{serial} 裁量标准 | < | < | <
    违反条款 | 《甲省街面条例》第五条　经营者不得占用道路。 | < | <
    处罚依据 | 《甲省街面条例》第九条第一款　违反本条例规定，占用道路经营的，{fines} | < | <
"""
PLAIN = "处一万元以上五万元以下的罚款。"
WEIGHED = """
    违法行为 | 裁量要素 | 违法程度 | 裁量权重
    裁量起点 | < | < | 20%
    占用道路经营 | 占用面积 | 5平方米以下 | 0%
    ^ | ^ | 5平方米以上20平方米以下 | 15%
    ^ | ^ | 20平方米以上 | 30%
    ^ | 所在路段 | 一般路段 | 0%
    ^ | ^ | 学校、医院门前 | 25%
    ^ | 近一年同类违法行为情况（含本次） | 1次 | 0%
    ^ | ^ | 2次以上 | 25%
"""
PER_COLUMN = """
    违法行为 | 裁量要素 | 违法程度 | 裁量权重 | < | <
    占用道路经营 | 裁量起点 | < | 对单位 | < | 对个人
    ^ | ^ | ^ | 限期内改正 | 逾期未改正 | /
    ^ | ^ | ^ | 10% | 40% | 25%
    ^ | 所在路段 | 一般路段 | 0% | < | <
    ^ | ^ | 学校、医院门前 | 40% | < | <
    ^ | 配合情况 | 配合 | 0% | < | <
    ^ | ^ | 不配合 | 50% | < | <
"""
COLUMN_FORMULAS = (
    "1.本表裁量的计算方法如下：",
    "（1）限期内改正的罚款金额=限期内改正的裁量百分值总和×5万；",
    "（2）逾期未改正的罚款金额=逾期未改正的裁量百分值总和×20万；",
    "（3）直接负责的主管人员的罚款金额=对个人裁量百分值总和×2万。",
    "2.逾期未改正裁量百分值总和超过100%的，按100%计算。",
    "3.对个人裁量百分值总和超过100%的，按100%计算。",
)
PER_COLUMN += "备注 | " + "\\n".join(COLUMN_FORMULAS) + " | < | < | < | <"
SIX = """
    二、占用道路 | < | < | < | < | <
    §1.2 裁量标准 | < | < | < | < | <
    违反条款 | —— | < | < | < | <
    处罚依据 | 《甲省街面条例》第九条第二款　占用道路经营的，{fines} | < | < | < | <
"""
SIX = SIX.format(
    fines="处五千元以上五万元以下的罚款；逾期未改正的，处五万元以上二十万元以下的罚款；"
    "对直接负责的主管人员，处五千元以上二万元以下的罚款。"
)
FRACTIONS = """
    违法行为 | 裁量要素 | 违法程度 | 裁量权重
    裁量起点 | < | < | 1/3
    倾倒垃圾 | 涉及量 | 3吨以下 | 0%
    ^ | ^ | 3吨以上 | 1/2
    ^ | 整改情况 | 已清理 | 0%
    ^ | ^ | 未清理 | 1/6
    备注 | 本表的裁量计算方法为：罚款金额=裁量百分值总和×所需处置费用×3倍。 | < | <
"""
DUMPING = "所需处置费用一倍以上三倍以下的罚款，所需处置费用不足十万元的，按十万元计算。"
MATRIX = """
    违法行为 | 违法程度 | 所在路段 | 罚款
    占用道路经营 | 限期内拆除 | 一般路段 | 1万元以上3万元以下
    ^ | ^ | 学校、医院门前 | 3万元以上5万元以下
    ^ | 逾期不拆除 | 一般路段 | 5万元以上7万元以下
    ^ | ^ | 学校、医院门前 | 7万元以上9万元以下
    ^ | 造成重大社会影响的 | < | 10万元
    备注 | 本项不适用于流动摊贩。 | < | <
"""


def sheet(
    body: str, *, remark: str = "", fines: str = PLAIN, title: str = "一、占用道路", serial: str = "1.1"
) -> Grid:
    text = PARTS.format(title=title, serial=serial, fines=fines) + body
    return grid(text + (f"备注 | {remark} | < | <" if remark else ""))


FORMULA = "本表裁量的计算方法为：罚款金额＝裁量百分值总和×5万。"
FLOOR = f"1.{FORMULA}\\n2.裁量百分值总和不足40%的，按40%计算。"


def make(*grids: Grid) -> tuple[list[Drafted], Reading]:
    assert is_standards(grids)
    reading = Reading()
    maker = Maker(
        reading, LawBook([]), DAY, Source(instrument="示例裁量标准", example=True), "city/x-", "城市管理"
    )
    return standard_records(read_standards(grids, reading), maker), reading


def only(source: Grid) -> Benchmark:
    drafted, _ = make(source)
    (one,) = drafted
    return one.record


def fines(record: Benchmark, given: dict[str, str]) -> dict[str, tuple[str, str | None]]:
    """What each subject is fined, by facts under their labels."""
    names = {fact.label: name for name, fact in record.facts.items()}
    result = assess(Snapshot.of([record]), record.id, {names[k]: v for k, v in given.items()}, on=DAY)
    stand = [o.to_dict() for o in result.outcomes if not o.needs]
    return {o["subject"]: (o["fine"]["min"], o["fine"]["max"]) for o in stand}


# Each worked by hand against the formula that is printed under the table.
WORKED = [
    (
        "20% + 15% + 25% + 0% = 60% × 50,000",
        sheet(WEIGHED, remark=FORMULA),
        {"占用面积": "8", "所在路段": "学校、医院门前", "近一年同类违法行为情况（含本次）": "1次"},
        {"": ("30000", "30000")},
    ),
    (
        "20% + 0% + 0% + 0%, no less than 40% × 50,000",
        sheet(WEIGHED, remark=FLOOR),
        {"占用面积": "2", "所在路段": "一般路段", "近一年同类违法行为情况（含本次）": "1次"},
        {"": ("20000", "20000")},
    ),
    (
        "in time 10% + 40% + 0% = 50% × 50,000; the person 25% + 40% = 65% × 20,000",
        grid(SIX + PER_COLUMN),
        {"所在路段": "学校、医院门前", "配合情况": "配合", "逾期未改正": "否"},
        {"": ("25000", "25000"), "责任人员": ("13000", "13000")},
    ),
    (
        "late 40% + 40% + 50% = 130%, 100% × 200,000; the person 115%, 100% × 20,000",
        grid(SIX + PER_COLUMN),
        {"所在路段": "学校、医院门前", "配合情况": "不配合", "逾期未改正": "是"},
        {"": ("200000", "200000"), "责任人员": ("20000", "20000")},
    ),
    (
        "1/3 + 1/2 + 0 = 5/6 × 240,000 × 3",
        sheet(FRACTIONS, fines=f"处{DUMPING}"),
        {"涉及量": "4", "整改情况": "已清理", "所需处置费用": "24万"},
        {"": ("600000", "600000")},
    ),
    (
        "a cost below 100,000 counts as 100,000: 1/3 + 0 + 1/6 = 1/2 × 100,000 × 3",
        sheet(FRACTIONS, fines=f"处{DUMPING}"),
        {"涉及量": "1", "整改情况": "未清理", "所需处置费用": "3万"},
        {"": ("150000", "150000")},
    ),
    (
        "the cell of a matrix",
        sheet(MATRIX, fines="处一万元以上五万元以下的罚款；逾期不拆除的，处五万元以上十万元以下的罚款。"),
        {"所在路段": "学校、医院门前", "逾期不拆除": "否", "造成重大社会影响": "否"},
        {"": ("30000", "50000")},
    ),
    (
        "its second ladder",
        sheet(MATRIX, fines="处一万元以上五万元以下的罚款；逾期不拆除的，处五万元以上十万元以下的罚款。"),
        {"所在路段": "学校、医院门前", "逾期不拆除": "是", "造成重大社会影响": "否"},
        {"": ("70000", "90000")},
    ),
    (
        "what holds whatever the other columns say",
        sheet(MATRIX, fines="处一万元以上五万元以下的罚款；逾期不拆除的，处五万元以上十万元以下的罚款。"),
        {"所在路段": "一般路段", "逾期不拆除": "是", "造成重大社会影响": "是"},
        {"": ("100000", "100000")},
    ),
]


@pytest.mark.parametrize(("what", "source", "given", "wanted"), WORKED, ids=[w[0] for w in WORKED])
def test_worked_by_hand(
    what: str, source: Grid, given: dict[str, str], wanted: dict[str, tuple[str, str | None]]
) -> None:
    assert fines(only(source), given) == wanted


def test_all_of_it_stays_as_printed() -> None:
    record = only(sheet(WEIGHED, remark=FLOOR))
    (table,) = record.weights
    assert (table.start, table.floor, table.cap) == ("20%", "40%", "")
    assert table.formula == "罚款金额＝裁量百分值总和×5万"
    assert table.row == "§1.1"
    assert [list(f.options.values()) for f in table.factors] == [
        ["0%", "15%", "30%"],
        ["0%", "25%"],
        ["0%", "25%"],
    ]
    assert record.id == "city/x-1-1"
    assert record.violation == "占用道路经营"
    assert record.violated == ["《甲省街面条例》第五条"]
    assert record.penalty_basis == ["《甲省街面条例》第九条第一款"]
    assert [b.fine for b in record.statutory] == ["一万元以上五万元以下的罚款"]
    assert record.keywords == ["占用道路"]  # the name above the table, where it isn't the violation's own
    assert {f.label: (f.type, f.unit) for f in record.facts.values()} == {
        "占用面积": ("number", "平方米"),
        "所在路段": ("choice", ""),
        "近一年同类违法行为情况（含本次）": ("choice", ""),
    }


def test_each_column_is_a_table_with_the_formula_that_names_it() -> None:
    record = only(grid(SIX + PER_COLUMN))
    assert [(w.label, str(w.when or ""), w.subject, w.start, w.cap) for w in record.weights] == [
        ("对单位限期内改正", "", "", "10%", ""),
        ("对单位逾期未改正", "逾期未改正", "", "40%", "100%"),
        ("对个人", "", "责任人员", "25%", "100%"),
    ]
    assert [w.formula[-4:] for w in record.weights] == ["和×5万", "×20万", "和×2万"]
    assert [(str(b.when or ""), b.subject, b.fine) for b in record.statutory] == [
        ("", "", "五千元以上五万元以下的罚款"),
        ("逾期未改正", "", "五万元以上二十万元以下的罚款"),
        ("", "责任人员", "五千元以上二万元以下的罚款"),
    ]
    assert record.violated == []  # ——


def test_what_备注_says_besides_formulas_is_the_note() -> None:
    remark = f"1.{FORMULA}\\n2.“占用面积”，指占用的水平投影面积。"
    assert only(sheet(WEIGHED, remark=remark)).note == "“占用面积”，指占用的水平投影面积"
    assert only(sheet(MATRIX)).note == "本项不适用于流动摊贩。"


# Which fine of the provision a sheet is about: (text of the provision, wanted when, wanted fine).
OF_SEVERAL = [
    (
        "the item cited",
        "《甲省街面条例》第九条第一款第二项、第二款　有下列行为之一的，责令改正：（二）占用道路经营的；\\n"
        "有前款第一项行为的，处五百元以上一千元以下的罚款；"
        "有前款第二项、第三项行为之一的，处一万元以上十万元以下的罚款。",
        ("", "一万元以上十万元以下的罚款"),
    ),
    (
        "the sentence that is most like the violation",
        "《甲省街面条例》第九条　堆放物料的，处一万元以上十万元以下罚款。"
        "占用道路经营的，可以处一万元以上十万元以下罚款。",
        ("", "可以处一万元以上十万元以下罚款"),
    ),
    (
        "a fine only after refusal",
        "《甲省街面条例》第九条　占用道路经营的，责令改正；拒不改正的，处一万元以上十万元以下的罚款。",
        ("拒不改正", "一万元以上十万元以下的罚款"),
    ),
]


@pytest.mark.parametrize(("what", "basis", "wanted"), OF_SEVERAL, ids=[w[0] for w in OF_SEVERAL])
def test_the_fine_of_the_statute_that_is_meant(what: str, basis: str, wanted: tuple[str, str]) -> None:
    body = MATRIX.replace("逾期不拆除", "未拆除").replace("限期内拆除", "已拆除")
    text = f"处罚依据 | {basis} | < | <\n{body}"
    record = only(grid(text))
    assert [(str(b.when or ""), b.fine) for b in record.statutory] == [wanted]
    for tier in record.tiers:  # a tier carries the condition of its branch
        assert not wanted[0] or wanted[0] in str(tier.when)


def test_amounts_above_the_first_range_belong_to_the_graver_one() -> None:
    body = MATRIX.replace("逾期不拆除", "未拆除").replace("限期内拆除", "已拆除")
    fines_ = "处一万元以上五万元以下的罚款；情节严重的，处五万元以上十万元以下的罚款。"
    record = only(sheet(body, fines=fines_))
    assert ["情节严重" in str(t.when) for t in record.tiers] == [False, False, True, True, True]


# ---------------------------------------------------------------- slips


SLIPS = [
    ("weights that don't add up", sheet(WEIGHED.replace("30%", "35%"), remark=FORMULA), "合计105%，不是100%"),
    (
        "a formula over another sum",
        sheet(WEIGHED, remark=FORMULA.replace("5万", "6万")),
        "公式乘的数与法定上限",
    ),
    ("元 twice", sheet(MATRIX.replace("10万元", "10万元元")), "“10万元元”按“10万元”理解"),
    ("以上 twice", sheet(MATRIX.replace("3万元以下", "3万元以上", 1)), "按“1万元以上3万元以下”理解"),
    ("two lower ends", sheet(MATRIX.replace("一般路段", "3项以上5项以上")), "同一端写了两次"),
]


@pytest.mark.parametrize(("what", "source", "wanted"), SLIPS, ids=[s[0] for s in SLIPS])
def test_slips_of_the_print_are_told(what: str, source: Grid, wanted: str) -> None:
    (one,), _ = make(source)
    assert [s.message for s in one.slips if wanted in s.message]
    assert all(s.place for s in one.slips)


def test_a_sound_sheet_has_no_slips() -> None:
    for source in (
        sheet(WEIGHED, remark=FORMULA),
        grid(SIX + PER_COLUMN),
        sheet(FRACTIONS, fines=f"处{DUMPING}"),
    ):
        (one,), reading = make(source)
        assert one.slips == []
        assert reading.unread == []


# ---------------------------------------------------------------- nothing is dropped


UNREAD = [
    ("no formula", sheet(WEIGHED), "没有罚款金额的计算公式"),
    (
        "no provision",
        grid(MATRIX.replace("违法行为 |", "处罚依据 | 待定 | < | <\n违法行为 |")),
        "没有认出处罚依据",
    ),
    ("no amounts", sheet(MATRIX.replace("万元", "成")), "没有读懂任何一格罚款数额"),
    ("no formula for a column", grid(SIX + PER_COLUMN.replace("对个人裁量", "裁量")), "没有对应的计算公式"),
]


@pytest.mark.parametrize(("what", "source", "why"), UNREAD, ids=[u[0] for u in UNREAD])
def test_a_sheet_that_makes_no_record_is_listed_whole(what: str, source: Grid, why: str) -> None:
    drafted, reading = make(source)
    assert drafted == []
    assert any(why in left.why for left in reading.unread)
    assert {left.text for left in reading.unread} == {c.text for c in source.cells if c.text.strip()}


def test_a_sheet_without_its_head_is_listed_with_the_reason() -> None:
    torn = grid("所在路段 | 一般路段 | 0%\n^ | 学校门前 | 40%\n备注 | 罚款金额=裁量百分值总和×5万 | <")
    drafted, reading = make(torn, sheet(WEIGHED, remark=FORMULA))
    assert len(drafted) == 1
    assert {left.text for left in reading.unread} == {c.text for c in torn.cells if c.text.strip()}
    assert {left.why[:6] for left in reading.unread} == {"这张表从中间"}


def test_single_cells_that_are_not_understood_are_listed() -> None:
    body = WEIGHED.replace("25%\n", "酌定\n", 1) + "    ^ | 其他 | < | 5%\n"
    drafted, reading = make(sheet(body, remark=FORMULA))
    assert len(drafted) == 1
    assert {(left.text, left.why) for left in reading.unread} == {
        ("酌定", "看不懂这一格的裁量权重"),
        ("学校、医院门前", "没有归到这张表的任何一部分，没有写进记录"),
        ("其他", "看不出是哪一个裁量要素的情形"),
        ("5%", "看不出是哪一个裁量要素的情形"),
    }


def test_text_below_the_tables_is_listed() -> None:
    drafted, reading = make(
        grid(PARTS.format(title="一、甲", serial="1", fines=PLAIN) + MATRIX + "    附则从略 | < | < | <")
    )
    assert [(left.text, left.why) for left in reading.unread] == [("附则从略", "表后的文字，没有写进记录")]
    assert len(drafted) == 1


# ---------------------------------------------------------------- the whole way


def test_from_a_pdf_to_a_draft() -> None:
    widths = [80.0, 120.0, 140.0, 110.0]
    body = rows_of(PARTS.format(title="一", serial="1", fines=PLAIN) + WEIGHED + f"备注 | {FORMULA} | < | <")[
        2:
    ]
    page = Sheet().line("第一章　街面类").line("一、占用道路").line("§1.1 裁量标准")
    result = import_table(
        pdf(page.table(body[:6], widths), Sheet().table([["", "", *body[6][2:]], *body[7:]], widths)),
        Snapshot.of([]),
        About(today=DAY, domain="城市管理", from_=DAY, instrument="示例裁量标准"),
        name="street.pdf",
    )
    ((record, place),) = result.records
    assert record.id == "city/street-1-1"
    assert place == "第1页表1第5行A列"
    data = result.to_dict()
    assert (data["violations"], data["conditions"], data["amounts"]) == (1, 10, 8)
    assert data["imported"] == 19
    assert data["unread"] == []


# ---------------------------------------------------------------- the real hundred pages


@pytest.fixture(scope="module")
def real(corpus: Path) -> TableImport:
    path = corpus / "tables" / "guangdong-ecology-fine-weights-2021-part.pdf"
    about = About(today=date(2026, 11, 23), domain="生态环境", from_=date(2022, 1, 1), to=date(2026, 8, 15))
    return import_table(path, Snapshot.of([]), about)


@pytest.mark.corpus
def test_every_block_is_imported_or_listed(real: TableImport) -> None:
    """124 blocks begin or end on the hundred pages; the first lacks its head, the last its formula."""
    assert len(real.drafted) == 122
    assert sum(bool(d.record.weights) for d in real.drafted) == 34
    reasons = {left.why.partition("，")[0] for left in real.reading.unread}
    assert reasons == {"这张表从中间开始（没有处罚依据和表头）", "没有罚款金额的计算公式（备注）"}
    assert {left.place.partition("页")[0] for left in real.reading.unread} == {"第1", "第100"}
    data = real.to_dict()
    assert (data["violations"], data["conditions"], data["amounts"]) == (123, 1639, 1232)
    assert all(d.record.statutory for d in real.drafted if not d.record.id.endswith("-3-33"))


@pytest.mark.corpus
def test_each_weight_of_the_file_is_in_a_record_or_listed(real: TableImport) -> None:
    assert len(real.grids) == 124
    shares = sum(is_share(c.text) for g in real.grids for c in g.cells if c.text)
    stored = sum(len(f.options) for d in real.drafted for w in d.record.weights for f in w.factors)
    starts = sum(len(d.record.weights) for d in real.drafted)
    over_three = 2 * 21  # 1.8 prints each weight once for its three columns
    unread = sum(is_share(u.text) for u in real.reading.unread)
    assert shares == stored + starts - over_three + unread


# Five of them by hand. Figures and names of circumstances are those printed.
REAL = [
    (
        "1-7",  # 20 + 10 + 15 + 5 + 13 + 6 + 11 + 0 = 80 % of 1,000,000
        "报告书类，且已纳入排污许可证重点管理|饮用水水源保护区、生态保护红线区域内|设备安装阶段|有毒有害污染物"
        "|8|逾期不停止建设|配合调查",
        {},
        {"": ("800000", "800000")},
    ),
    (
        "1-8",  # late: 50 + 10 + 13 + 12 + 15 + 11 + 14 + 5 = 130 %, 100 % of 2,000,000; the person 105 %
        "报告书类，且已纳入排污许可证重点管理|有毒有害污染物|已建成，但在环境保护设施验收中弄虚作假"
        "|饮用水水源保护区、生态保护红线区域内|13|4次以上|不配合调查",
        {"逾期未改正": "是"},
        {"": ("2000000", "2000000"), "责任人员": ("200000", "200000")},
    ),
    (
        "2-5-2",  # 10 % and nothing more, no less than 20 % of 1,000,000
        "简化管理|排放B类水污染物|生态环境敏感区以外的区域|1|限期内改正|1次",
        {},
        {"": ("200000", "200000")},
    ),
    (
        "4-7",  # 1/3 + 1/8 + 1/8 + 1/12 + 1/24 = 17/24 of 240,000, three times
        "5|4|限批区或环境敏感区|主动采取整改措施，但未完全消除影响",
        {"所需处置费用": "24万"},
        {"": ("510000", "510000")},
    ),
    (
        "2-10",  # the second ladder of the matrix
        "|饮用水水源二级保护区|有排污",
        {"逾期不拆除": "是", "造成重大生态环境影响或者不良社会影响": "否"},
        {"": ("700000", "800000")},
    ),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("serial", "answers", "more", "wanted"), REAL, ids=[r[0] for r in REAL])
def test_real_blocks_worked_by_hand(
    real: TableImport,
    serial: str,
    answers: str,
    more: dict[str, str],
    wanted: dict[str, tuple[str, str | None]],
) -> None:
    record = next(d.record for d in real.drafted if d.record.id.endswith(f"part-{serial}"))
    labels = [f.label for f in record.facts.values() if f.type not in ("bool", "money")]
    given = {label: answer for label, answer in zip(labels, answers.split("|"), strict=True) if answer}
    assert fines(record, given | more) == wanted


def test_figures_are_exact() -> None:
    """A third of a sum that three does not divide is cut to the 分, in the party's favour."""
    record = only(sheet(FRACTIONS, fines=f"处{DUMPING}"))
    given = {"涉及量": "1", "整改情况": "已清理", "所需处置费用": "100000.01"}
    assert fines(record, given) == {"": ("100000.01", "100000.01")}
    assert Decimal("100000.01") * 3 / 3 == Decimal("100000.01")
