"""Published forms: tiers with any and all, matrices, increments, weights; several instruments and laws."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kb.checks import run
from kb.discretion import Assessment, assess
from kb.discretion.weights import percent, read_formula, share
from kb.errors import BadRecord, BadValue
from kb.laws import Article, LawVersion, Paragraph
from kb.records import Benchmark, Fact, Record, Setting
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 22)


def record(**fields: Any) -> Benchmark:
    base: dict[str, Any] = {
        "id": "ecology/example",
        "violation": "示例违法行为",
        "penalty_basis": "《中华人民共和国甲法》第十条",
        "from": "2020-01-01",
        "source": {"instrument": "示例市裁量权基准"},
    }
    return Benchmark.model_validate(base | fields)


def ask(*records: Record, laws: Any = (), **facts: object) -> Assessment:
    return assess(Snapshot.of(records, laws), records[0].id, facts, on=TODAY)


def fines(result: Assessment) -> list[str]:
    return [str(o.fine) for o in result.outcomes if not o.needs]


def codes(result: Assessment) -> set[str]:
    return {w.code for w in result.warnings} - {"limitation_not_judged", "basis_not_loaded"}


def yes(label: str) -> dict[str, str]:
    return {"label": label, "type": "bool"}


# ---------------------------------------------------------------- tiers

PAPERS = {
    "paper": {"label": "文件", "type": "choice", "options": ["报告书", "报告表"]},
    "built": yes("已经建成"),
    "area": yes("占用禁止建设的区域"),
}
BUILDING = [  # several conditions share one amount: any of (all of …)
    {"label": "一", "when": ["报告表", "没有已经建成"], "fine": "一万元以上二万元以下"},
    {
        "label": "二",
        "when": {"any": [["报告表", "已经建成"], ["报告书", "没有已经建成"]]},
        "fine": "二万元以上三万元以下",
    },
    {
        "label": "三",
        "when": {"any": [["报告书", "已经建成"], "占用禁止建设的区域"]},
        "fine": "三万元以上四万元以下",
    },
]


@pytest.mark.parametrize(
    ("paper", "built", "area", "tier"),
    [
        ("报告表", "否", "否", "一"),
        ("报告表", "是", "否", "二"),
        ("报告书", "否", "否", "二"),
        ("报告书", "是", "否", "三"),
        ("报告表", None, None, None),
    ],
)
def test_any_of_all_of(paper: str, built: str | None, area: str | None, tier: str | None) -> None:
    one = record(facts=PAPERS, statutory=[{"fine": "一万元以上四万元以下"}], tiers=BUILDING)
    result = ask(one, paper=paper, built=built, area=area)
    assert result.outcomes[0].tier == tier


def test_all_of_any_of() -> None:
    when = ["报告书", {"any": ["已经建成", "占用禁止建设的区域"]}]
    one = record(facts=PAPERS, statutory=[{"when": when, "fine": "一万元以下"}])
    assert fines(ask(one, paper="报告书", built="否", area="是")) == ["10000元以下"]
    assert fines(ask(one, paper="报告表", built="是", area="是")) == []
    assert (
        ask(one, paper="报告书", area="是").outcomes[0].branch
        == "报告书，且（已经建成或者占用禁止建设的区域）"
    )


def test_a_matrix_is_a_tier_a_cell_for_each_person() -> None:
    """Rows by conduct, columns by kind of unit; unit and person each have their column."""
    facts = {
        "conduct": {"label": "行为", "type": "choice", "options": ["未保存", "未监测"]},
        "kind": {"label": "管理类别", "type": "choice", "options": ["简化管理", "重点管理"]},
    }
    cells = [
        ("未保存", "简化管理", "二万元以上四万元以下", "二千元"),
        ("未保存", "重点管理", "四万元以上六万元以下", "四千元"),
        ("未监测", "简化管理", "六万元以上八万元以下", "六千元"),
        ("未监测", "重点管理", "八万元以上十万元以下", "八千元"),
    ]
    tiers = []
    for conduct, kind, unit, person in cells:
        common = {"label": f"{conduct}·{kind}", "when": [conduct, kind]}
        tiers += [
            common | {"subject": "单位", "fine": unit},
            common | {"subject": "责任人员", "fine": person},
        ]
    statutory = [
        {"subject": "单位", "fine": "二万元以上十万元以下"},
        {"subject": "责任人员", "fine": "一万元以下"},
    ]
    for conduct, kind, unit, person in cells:
        result = ask(record(facts=facts, statutory=statutory, tiers=tiers), conduct=conduct, kind=kind)
        assert [(o.subject, o.tier) for o in result.outcomes] == [
            ("单位", f"{conduct}·{kind}"),
            ("责任人员", f"{conduct}·{kind}"),
        ]
        assert [o.fine_text for o in result.outcomes] == [unit, person]
    nameless = [t | {"subject": ""} for t in tiers[:1]]
    with pytest.raises(BadRecord, match="没有写明对谁"):
        ask(record(facts=facts, statutory=statutory, tiers=nameless), conduct="未保存")


SECOND = [
    {"label": "较轻", "when": "超标不足一倍", "fine": "一万元以上二万元以下"},
    {"label": "较重", "when": "超标一倍以上", "fine": "二万元以上五万元以下"},
    {"label": "逾期·较轻", "when": ["逾期不改正", "超标不足一倍"], "fine": "五万元以上八万元以下"},
    {"label": "逾期·较重", "when": ["逾期不改正", "超标一倍以上"], "fine": "八万元以上十万元以下"},
]


@pytest.mark.parametrize(
    ("excess", "overdue", "tiers"),
    [
        ("0.5", "否", ["较轻"]),
        ("2", "否", ["较重"]),
        ("0.5", "是", ["逾期·较轻"]),
        ("2", None, ["较重", "逾期·较重"]),  # the second ladder is shown with what it needs
    ],
)
def test_a_second_ladder_has_its_own_tiers(excess: str, overdue: str | None, tiers: list[str]) -> None:
    facts = {"excess": {"label": "超标", "type": "number", "unit": "倍"}, "overdue": yes("逾期不改正")}
    statutory = [
        {"fine": "一万元以上五万元以下"},
        {"when": "逾期不改正", "fine": "五万元以上十万元以下"},
    ]
    result = ask(record(facts=facts, statutory=statutory, tiers=SECOND), excess=excess, overdue=overdue)
    assert [o.tier for o in result.outcomes] == tiers
    assert codes(result) == set()


def test_a_table_without_the_statute_gives_its_tiers() -> None:
    facts = {"days": {"label": "持续时间", "type": "integer", "unit": "天"}}
    tiers = [
        {"label": "甲", "when": "持续时间不足十天", "fine": "一千元以上二千元以下", "row": "3-1"},
        {"label": "乙", "when": "持续时间超过十天", "fine": "二千元以上三千元以下"},
    ]
    one = record(facts=facts, tiers=tiers)
    [outcome] = ask(one, days="3").outcomes
    assert (outcome.tier, outcome.row, str(outcome.fine)) == ("甲", "3-1", "1000元以上2000元以下")
    assert outcome.statutory is None
    assert [m.name for m in ask(one).missing_facts] == ["days"]
    assert ask(one).outcomes == ()
    assert codes(ask(one, days="10")) == {"gap_at_threshold"}


@pytest.mark.parametrize(("below", "tier"), [("含本数", "甲"), ("不含本数", "乙")])
def test_an_instrument_that_counts_below_its_own_way(below: str, tier: str) -> None:
    """生产安全事故报告和调查处理条例第三条: 以上 counts the number in, 以下 doesn't."""
    facts = {"dead": {"label": "死亡", "type": "integer", "unit": "人"}}
    tiers = [
        {"label": "甲", "when": "三人以下", "fine": "一万元以上二万元以下"},
        {"label": "乙", "when": "三人以上", "fine": "二万元以上三万元以下"},
    ]
    one = record(facts=facts, tiers=tiers, source={"instrument": "示例基准", "below": below})
    assert ask(one, dead="3").outcomes[0].tier == tier


def test_tiers_of_no_penalty_and_below_the_minimum() -> None:
    facts = {"value": {"label": "货值金额", "type": "money"}}
    tiers = [
        {"label": "不予", "kind": "不予", "when": "货值金额不足一百元"},
        {
            "label": "减轻",
            "kind": "减轻",
            "when": "货值金额一百元以上不足一千元",
            "fine": "一千元以上五千元以下",
        },
        {"label": "一般", "kind": "一般", "when": "货值金额一千元以上", "fine": "五千元以上一万元以下"},
    ]
    one = record(facts=facts, statutory=[{"fine": "五千元以上一万元以下"}], tiers=tiers)
    assert [(o.tier, o.fine) for o in ask(one, value="50").outcomes] == [("不予", None)]
    mitigated = ask(one, value="500")
    assert (fines(mitigated), codes(mitigated)) == (["1000元以上5000元以下"], set())


# ---------------------------------------------------------------- increments

STEPS = [
    {"fact": "count", "over": 1, "add": "一万元", "text": "每增加1个超标因子增加一万元"},
    {
        "fact": "excess",
        "every": "0.2",
        "add": "二万元",
        "part": "进一",
        "text": "每个因子每超标0.2倍增加二万元",
    },
]


@pytest.mark.parametrize(
    ("count", "excess", "fine"),
    [
        ("1", "0.2", "220000"),  # 20 + 0 + 1×2
        ("2", "0.2、0.3", "270000"),  # 20 + 1 + (1+2)×2
        ("3", "0.1、0.5、1", "400000"),  # 20 + 2 + (1+3+5)×2
        ("9", "3、3、3", "700000"),  # 20 + 8 + 45×2 > 70
    ],
)
def test_increments_add_up_from_the_lower_end_to_the_upper(count: str, excess: str, fine: str) -> None:
    facts = {
        "count": {"label": "超标因子数", "type": "integer", "unit": "个"},
        "excess": {"label": "各因子超标倍数", "type": "numbers", "unit": "倍"},
    }
    tier = {"label": "类别3", "fine": "二十万元以上七十万元以下", "steps": STEPS}
    one = record(facts=facts, statutory=[{"fine": "十万元以上一百万元以下"}], tiers=[tier])
    [outcome] = ask(one, count=count, excess=excess).outcomes
    assert outcome.to_dict()["fine"] == {"min": fine, "max": fine, "unit": "元"}
    assert "每增加1个超标因子增加一万元" in outcome.working
    assert {m.name for m in ask(one, count="1").missing_facts} == {"excess"}


@pytest.mark.parametrize(("part", "fine"), [("舍去", "10000"), ("进一", "11000"), ("四舍五入", "11000")])
def test_a_part_of_a_unit(part: str, fine: str) -> None:
    facts = {"days": {"label": "超期", "type": "number", "unit": "日"}}
    steps = [{"fact": "days", "add": "一千元", "part": part}]
    tier = {"label": "甲", "fine": "一万元以上五万元以下", "steps": steps}
    [outcome] = ask(record(facts=facts, tiers=[tier]), days="0.5").outcomes
    assert outcome.to_dict()["fine"]["min"] == fine


@pytest.mark.parametrize(
    ("fine", "step"),
    [
        ("货值金额一倍以上五倍以下", {"fact": "days", "add": "一千元"}),
        ("一万元以上五万元以下", {"fact": "nothing", "add": "一千元"}),
        ("一万元以上五万元以下", {"fact": "days", "add": "一倍"}),
        ("五万元以下", {"fact": "days", "add": "一千元"}),
    ],
)
def test_increments_that_cannot_be_added_are_refused(fine: str, step: dict[str, Any]) -> None:
    facts = {"days": {"label": "超期", "type": "integer"}, "value": {"label": "货值金额", "type": "money"}}
    with pytest.raises((BadRecord, BadValue)):
        ask(record(facts=facts, tiers=[{"label": "甲", "fine": fine, "steps": [step]}]))


# ---------------------------------------------------------------- weights

WEIGHED = {
    "stage": {"label": "建设情况", "type": "choice", "options": ["基础建设", "设备安装", "投入生产"]},
    "months": {"label": "持续时间", "type": "number", "unit": "个月"},
    "helped": {"label": "配合情况", "type": "choice", "options": ["配合", "不配合"]},
    "overdue": yes("逾期未改正"),
}
FACTORS = [
    {"fact": "stage", "options": {"基础建设": "0%", "设备安装": "5%", "投入生产": "15%"}},
    {"fact": "months", "options": {"6个月以下": "0%", "6个月以上12个月以下": "6%", "12个月以上": "11%"}},
    {"fact": "helped", "options": {"配合": "0%", "不配合": "5%"}},
]
TABLE = {"start": "10%", "factors": FACTORS, "formula": "罚款金额＝裁量百分值总和×100万", "floor": "20%"}


@pytest.mark.parametrize(
    ("stage", "months", "helped", "fine", "warned"),
    [
        ("基础建设", "3", "配合", "200000", set()),  # 10% < 20%
        ("设备安装", "8", "不配合", "260000", set()),  # 10+5+6+5
        ("投入生产", "13", "不配合", "410000", set()),  # 10+15+11+5
        ("投入生产", "6", "配合", "250000", {"factor_unclear"}),  # exactly 6: the lighter, and said
    ],
)
def test_weights_add_up_to_a_sum(stage: str, months: str, helped: str, fine: str, warned: set[str]) -> None:
    one = record(facts=WEIGHED, statutory=[{"fine": "20万元以上100万元以下"}], weights=[TABLE])
    result = ask(one, stage=stage, months=months, helped=helped, overdue="否")
    [outcome] = result.outcomes
    assert outcome.to_dict()["fine"] == {"min": fine, "max": fine, "unit": "元"}
    assert outcome.tier == f"裁量百分值{Decimal(fine) / 10000}%"
    assert codes(result) == warned
    assert outcome.working.startswith("裁量起点10%＋建设情况（")


def test_weights_ask_for_every_factor() -> None:
    one = record(facts=WEIGHED, statutory=[{"fine": "20万元以上100万元以下"}], weights=[TABLE])
    result = ask(one, stage="基础建设")
    assert [m.name for m in result.missing_facts] == ["months", "helped"]
    assert fines(result) == ["200000元以上1000000元以下"]


def test_weights_of_a_second_ladder_and_of_the_person() -> None:
    """限期内改正 20%, 逾期未改正 50%, 个人 25%: one start and one formula each."""
    factors = FACTORS[:1]
    tables = [
        {"subject": "单位", "start": "20%", "factors": factors, "formula": "总和×100万"},
        {
            "subject": "单位",
            "when": "逾期未改正",
            "start": "50%",
            "factors": factors,
            "formula": "总和×200万",
        },
        {"subject": "个人", "start": "25%", "factors": factors, "formula": "总和×20万", "cap": "30%"},
    ]
    statutory = [
        {"subject": "单位", "fine": "20万元以上100万元以下"},
        {"subject": "单位", "when": "逾期未改正", "fine": "100万元以上200万元以下"},
        {"subject": "个人", "fine": "5万元以上20万元以下"},
    ]
    one = record(facts=WEIGHED, statutory=statutory, weights=tables)
    assert fines(ask(one, stage="投入生产", overdue="否")) == ["350000元", "60000元"]
    assert fines(ask(one, stage="投入生产", overdue="是")) == ["1300000元", "60000元"]


def test_weights_of_a_base_count_its_floor() -> None:
    """所需处置费用不足二十万元的，按二十万元计算; the sum × the costs × five."""
    facts = {
        "costs": {"label": "所需处置费用", "type": "money"},
        "tons": {"label": "涉及量", "type": "number", "unit": "吨"},
    }
    statutory = [{"fine": "所需处置费用三倍以上五倍以下，所需处置费用不足二十万元的，按二十万元计算"}]
    table = {
        "start": "60%",
        "factors": [{"fact": "tons", "options": {"1吨以下": "0%", "1吨以上3吨以下": "2%", "3吨以上": "6%"}}],
        "formula": "裁量百分值总和×所需处置费用×5倍",
    }
    one = record(facts=facts, statutory=statutory, weights=[table])
    assert fines(ask(one, costs="3万", tons="2")) == ["620000元"]  # 62% × 20万 × 5
    assert fines(ask(one, costs="30万", tons="5")) == ["990000元"]  # 66% × 30万 × 5


def test_a_sum_outside_the_statute_is_warned_of() -> None:
    table = TABLE | {"floor": ""}
    one = record(facts=WEIGHED, statutory=[{"fine": "20万元以上100万元以下"}], weights=[table])
    result = ask(one, stage="基础建设", months="1", helped="配合")
    assert codes(result) == {"tier_outside_range"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("20%", (1, 5)), ("百分之六", (3, 50)), ("1/3", (1, 3)), ("0", (0, 1)), ("12.5%", (1, 8))],
)
def test_a_share(text: str, value: tuple[int, int]) -> None:
    assert share(text) == Fraction(*value)


@pytest.mark.parametrize("text", ["", "五", "5万元", "1/0", "二倍", "1/99999"])
def test_no_share(text: str) -> None:
    with pytest.raises(BadValue, match="看不懂"):
        share(text)


def test_thirds_are_exact() -> None:
    """Start 1/3, factors in eighths and twenty-fourths: nothing is rounded on the way."""
    assert percent(Fraction(1, 3) + Fraction(1, 24)) == "37.5%"
    assert percent(Fraction(1, 3)) == "1/3"


MONEY = {"costs": Fact(label="所需处置费用", type="money"), "total": Fact(label="项目总投资额", type="money")}


@pytest.mark.parametrize(
    ("formula", "times", "base"),
    [
        ("本表裁量的计算方法为：罚款金额＝裁量百分值总和×100 万。", Fraction(1000000), ""),
        ("罚款金额=对个人裁量百分值总和×20 万元", Fraction(200000), ""),
        ("裁量百分值总和×所需处置费用×5倍", Fraction(5), "costs"),
        ("Σ%之和×总投资额×5%", Fraction(1, 20), "total"),
        ("裁量百分值总和 × 所需处置费用", Fraction(1), "costs"),
    ],
)
def test_a_formula(formula: str, times: Fraction, base: str) -> None:
    assert read_formula(formula, MONEY) == (times, base)


@pytest.mark.parametrize(
    "formula", ["", "100万", "裁量百分值总和", "裁量百分值总和×货款×5倍", "总和×100万×20万", "总和×总和×5万"]
)
def test_no_formula(formula: str) -> None:
    with pytest.raises(BadRecord):
        read_formula(formula, MONEY)


# ---------------------------------------------------------------- several instruments

ONE_TIER = {"label": "一般", "kind": "一般"}


def bench(name: str, level: str, place: str, fine: str, **more: Any) -> Benchmark:
    source = {"instrument": name, "level": level, "place": place}
    tiers = [ONE_TIER | {"fine": fine}]
    return record(statutory=[{"fine": "一万元以上十万元以下"}], tiers=tiers, source=source, **more)


STATUTE = record(statutory=[{"fine": "一万元以上十万元以下"}], source={"instrument": "法律条文"})
PROVINCE = bench("省基准", "省", "甲省", "二万元以上五万元以下")
CITY = bench("市基准", "市", "甲省乙市", "三万元以上四万元以下")
HARSH = bench("市基准", "市", "甲省乙市", "四万元以上六万元以下")
ABROAD = bench("别省基准", "省", "丙省", "一万元以上二万元以下")
NEWER = bench("省基准（修订）", "省", "甲省", "三万元以上五万元以下", **{"from": "2024-01-01"})


def setting(id: str, value: Any, instrument: str = "示例文件") -> Setting:
    return Setting.model_validate(
        {"id": id, "label": id, "value": value, "from": "2020-01-01", "source": {"instrument": instrument}}
    )


PLACE = setting("organ/place", "甲省乙市丁县")


@pytest.mark.parametrize(
    ("records", "roles", "warned"),
    [
        ([STATUTE, PROVINCE], {"法律条文": "法定幅度", "省基准": "适用"}, set()),
        ([PROVINCE, CITY], {"省基准": "法定幅度", "市基准": "适用"}, {"several_instruments"}),
        (
            [PROVINCE, HARSH],
            {"省基准": "待定", "市基准": "待定"},
            {"several_instruments", "instrument_conflict"},
        ),
        ([PROVINCE, ABROAD], {"省基准": "适用", "别省基准": "不适用"}, set()),
        ([PROVINCE, NEWER], {"省基准": "不适用", "省基准（修订）": "适用"}, {"several_instruments"}),
    ],
)
def test_level_place_and_date_say_which_instrument(
    records: list[Benchmark], roles: dict[str, str], warned: set[str]
) -> None:
    result = ask(*records, PLACE)
    assert {o.instrument: o.role for o in result.outcomes} == roles  # the officer sees all of them
    assert codes(result) == warned
    assert all(o.why for o in result.outcomes if o.role)


@pytest.mark.parametrize(("value", "applies"), [("上级", "省基准"), ("下级", "市基准")])
def test_a_loaded_rule_settles_a_conflict_of_levels(value: str, applies: str) -> None:
    result = ask(PROVINCE, HARSH, PLACE, setting("discretion/instrument-order", value, "示例办法"))
    chosen = next(o for o in result.outcomes if o.role == "适用")
    assert (chosen.instrument, "instrument_conflict" in codes(result)) == (applies, False)
    assert chosen.why.startswith("示例办法")


def test_without_the_agency_s_place_nothing_is_ruled_out() -> None:
    result = ask(PROVINCE, ABROAD)
    assert "place_not_set" in codes(result)
    assert {(o.role, o.why) for o in result.outcomes} == {("待定", "没有设置本机关所在地")}


# ---------------------------------------------------------------- several provisions

LAW_A, LAW_B = (LawVersion(f"中华人民共和国{x}法", date(2018, 1, 1), level="法律") for x in "甲乙")
RULES = LawVersion("丙条例", date(2018, 1, 1), level="行政法规")
LOCAL = LawVersion("某省丁条例", date(2018, 1, 1), level="地方性法规")
MINISTRY = LawVersion("戊规定", date(2018, 1, 1), level="部门规章")
LAWS = [(v, [Article(10, paragraphs=(Paragraph("x"),))]) for v in (LAW_A, LAW_B, RULES, LOCAL, MINISTRY)]


def norm(law: LawVersion, fine: str) -> Benchmark:
    return record(
        statutory=[{"fine": fine}],
        penalty_basis=f"《{law.title}》第十条",
        source={"instrument": f"法律条文（{law.title}）"},
    )


@pytest.mark.parametrize(
    ("one", "other", "roles", "warned"),
    [
        # a higher rank, and a lower one that goes beyond it: 立法法99
        (
            (LAW_A, "一万元以上十万元以下"),
            (RULES, "十万元以上五十万元以下"),
            ["适用", "不适用"],
            {"rank_conflict"},
        ),
        # a lower rank that stays within: it makes the higher one concrete
        ((LAW_A, "一万元以上十万元以下"), (RULES, "二万元以上五万元以下"), ["法定幅度", "适用"], set()),
        # one rank: the heavier fine, 处罚法29
        (
            (LAW_A, "一万元以上十万元以下"),
            (LAW_B, "二万元以上二十万元以下"),
            ["不适用", "适用"],
            {"heavier_applies"},
        ),
        # one rank, maximum and minimum disagree: both, the officer decides
        (
            (LAW_A, "一万元以上二十万元以下"),
            (LAW_B, "五万元以上十万元以下"),
            ["待定", "待定"],
            {"heavier_unclear"},
        ),
        # 地方性法规 against 部门规章: for others to settle, 立法法106
        ((LOCAL, "一万元以下"), (MINISTRY, "三万元以下"), ["待定", "待定"], {"rank_open"}),
        ((LAW_A, "一万元以下"), (LAW_B, "一万元以下"), ["", ""], set()),
    ],
)
def test_rank_first_then_the_heavier(
    one: tuple[LawVersion, str], other: tuple[LawVersion, str], roles: list[str], warned: set[str]
) -> None:
    records = [norm(*one), norm(*other)]
    result = ask(*records, laws=LAWS)
    found = {o.basis[0]: o.role for o in result.outcomes}
    assert [found[f"《{law.title}》第十条"] for law, _ in (one, other)] == roles
    assert codes(result) == warned


def test_different_acts_under_one_id_are_not_weighed_against_each_other() -> None:
    """Air and water: both are listed, and the officer takes the one that was found."""
    air = norm(LAW_A, "一万元以上十万元以下").model_copy(update={"violation": "超标排放大气污染物"})
    water = norm(LAW_B, "二万元以上二十万元以下").model_copy(update={"violation": "超标排放水污染物"})
    result = ask(air, water, laws=LAWS)
    assert {o.role for o in result.outcomes} == {""}
    assert codes(result) == {"several_violations"}


# ---------------------------------------------------------------- a general rule, and what entries lead to

THIRTY = {
    "tiers": [
        {"kind": "从轻", "from": 0, "to": 30},
        {"kind": "一般", "from": 30, "to": 70},
        {"kind": "从重", "from": 70, "to": 100},
    ],
    "only_min": [{"kind": "一般", "times": 2}],
}


@pytest.mark.parametrize(
    ("fine", "facts", "tiers"),
    [
        (
            "五万元以上十万元以下",
            {},
            ["50000元以上65000元以下", "超过65000元、85000元以下", "超过85000元、100000元以下"],
        ),
        ("五万元以下", {}, ["15000元以下", "超过15000元、35000元以下", "超过35000元、50000元以下"]),
        (
            "货值金额十倍以上二十倍以下",
            {"value": "1万"},
            ["100000元以上130000元以下", "超过130000元、170000元以下", "超过170000元、200000元以下"],
        ),
        ("五十万元以上", {}, ["1000000元"]),
    ],
)
def test_tiers_are_computed_only_by_a_loaded_rule(fine: str, facts: dict[str, str], tiers: list[str]) -> None:
    known = {"value": {"label": "货值金额", "type": "money"}}
    one = record(facts=known, statutory=[{"fine": fine}], source={"instrument": "法律条文"})
    rule = setting("discretion/tiers", THIRTY, "示例指导意见")
    result = ask(one, rule, **facts)
    assert [str(c) for c in result.outcomes[0].computed] == tiers
    assert {c.instrument for c in result.outcomes[0].computed} == {"示例指导意见"}
    assert any("示例指导意见" in s.text for s in result.steps)
    assert ask(one, **facts).outcomes[0].computed == ()


def test_published_beats_computed() -> None:
    rule = setting("discretion/tiers", THIRTY)
    assert ask(PROVINCE, rule).outcomes[0].computed == ()


def test_a_field_has_its_own_rule() -> None:
    one = record(domain="生态环境", statutory=[{"fine": "十万元以下"}], source={"instrument": "法律条文"})
    halves = {"tiers": [{"kind": "从轻", "from": 0, "to": 50}, {"kind": "从重", "from": 50, "to": 100}]}
    own = setting("discretion/tiers-ecology", halves, "示例生态规则")
    found = ask(one, setting("discretion/tiers", THIRTY), own).outcomes[0].computed
    assert [(c.kind, c.instrument) for c in found] == [("从轻", "示例生态规则"), ("从重", "示例生态规则")]


@pytest.mark.parametrize(
    "value", [None, 30, {}, {"tiers": [{"kind": "从轻", "from": 10, "to": 30}]}, {"tiers": "x"}]
)
def test_a_rule_that_cannot_be_read_is_refused(value: Any) -> None:
    one = record(statutory=[{"fine": "十万元以下"}], source={"instrument": "法律条文"})
    with pytest.raises(BadRecord, match="看不懂"):
        ask(one, setting("discretion/tiers", value))


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"weights": [TABLE | {"formula": "总和×货款"}]}, "weights 第1条"),
        ({"weights": [TABLE | {"start": "五"}]}, "weights 第1条"),
        (
            {
                "tiers": [
                    {"label": "甲", "fine": "一万元以上五万元以下", "steps": [{"fact": "x", "add": "一元"}]}
                ]
            },
            "tiers 第1条",
        ),
        (
            {
                "tiers": [{"label": "甲", "fine": "一万元", "subject": "谁"}],
                "statutory": [{"subject": "单位", "fine": "一万元"}, {"subject": "个人", "fine": "一万元"}],
            },
            "tiers 第1条",
        ),
    ],
)
def test_the_check_of_the_base_finds_what_cannot_be_computed(more: dict[str, Any], place: str) -> None:
    one = record(**{"facts": WEIGHED, "statutory": [{"fine": "一万元以上五万元以下"}]} | more)
    found = [(f.code, f.place) for f in run(Snapshot.of([one])).findings if f.code in ("K3", "K4")]
    assert found == [("K4", place)]
