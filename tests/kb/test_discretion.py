"""From facts to ranges: small records of our own shape, the vectors of the field, and the law in time."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest

from kb.discretion import Assessment, Period, assess
from kb.errors import BadRecord, BadValue, NotFound, NotLoaded, WrongUse
from kb.laws import Article, LawBook, LawVersion, Paragraph
from kb.records import Benchmark, Record, Setting
from kb.snapshot import Snapshot

TODAY = date(2026, 11, 22)
CODE_DAY = date(2026, 8, 15)
STATUTE = {"instrument": "法律条文"}
GOODS = {"goods_value": {"label": "生产经营的货值金额", "type": "money", "aka": ["货值"]}}
GAINS = {"gains": {"label": "违法所得", "type": "money"}}
REFUSED = {"refused": {"label": "拒不改正", "type": "bool"}}
SERIOUS = {"serious": {"label": "情节严重", "type": "bool"}}


def benchmark(id: str, facts: dict[str, Any], statutory: list[dict[str, Any]], **more: Any) -> Benchmark:
    fields = {
        "id": id,
        "violation": "示例违法行为",
        "penalty_basis": "《中华人民共和国甲法》第十条",
        "source": STATUTE,
        "from": "2020-01-01",
        **more,
    }
    return Benchmark.model_validate({"facts": facts, "statutory": statutory, **fields})


def answer(records: list[Record], facts: dict[str, object], **days: Any) -> Assessment:
    return assess(Snapshot.of(records), records[0].id, facts, on=TODAY, **days)


def ranges(result: Assessment, *, conditional: bool = False) -> list[tuple[str, str | None] | None]:
    """(min, max) of the outcomes that stand, or of those that hang on a fact."""
    fines = [o.to_dict()["fine"] for o in result.outcomes if bool(o.needs) is conditional]
    return [f and (f["min"], f["max"]) for f in fines]


def codes(result: Assessment) -> set[str]:
    """Warning codes, without what every small record has."""
    return {w.code for w in result.warnings} - {"limitation_not_judged", "basis_not_loaded"}


# ---------------------------------------------------------------- the vectors of the field (domain.md §7.1)

FOOD = [
    {"when": "货值金额不足一万元", "fine": "五万元以上十万元以下"},
    {"when": "货值金额一万元以上", "fine": "货值金额十倍以上二十倍以下"},
]
POOR_SEED = [  # threshold 2万
    {"when": "货值金额不足二万元", "fine": "一万元以上十万元以下"},
    {"when": "货值金额二万元以上", "fine": "货值金额五倍以上十倍以下"},
]
UNLICENSED_SEED = [  # threshold 1万
    {"when": "货值金额不足一万元", "fine": "三千元以上三万元以下"},
    {"when": "货值金额一万元以上", "fine": "货值金额三倍以上五倍以下"},
]
FARM_PRODUCE = [
    {"when": "货值金额不足一万元", "fine": "十万元以上十五万元以下"},
    {"when": "货值金额一万元以上", "fine": "货值金额十五倍以上三十倍以下"},
    {"when": "农户", "fine": "一千元以上一万元以下"},
]
PASSENGERS = [  # 超过/不足: exactly 2万 is nowhere
    {"when": "违法所得超过2万元", "fine": "违法所得2倍以上10倍以下"},
    {"when": {"any": ["没有违法所得", "违法所得不足2万元"]}, "fine": "1万元以上10万元以下"},
]
TRAVEL = [
    {"fine": "一万元以上十万元以下"},
    {"when": "违法所得十万元以上", "fine": "违法所得一倍以上五倍以下"},
]
ASSESSMENT_NEW = [
    {"when": "审批文件为环境影响报告书", "fine": "二十万元以上一百万元以下"},
    {"when": "审批文件为环境影响报告表", "fine": "十万元以上五十万元以下"},
    {"when": ["审批文件为环境影响报告书", "情节严重"], "fine": "一百万元以上一千万元以下"},
    {"when": ["审批文件为环境影响报告表", "情节严重"], "fine": "五十万元以上五百万元以下"},
]
PAPER = {"paper": {"label": "审批文件", "type": "choice", "options": ["环境影响报告书", "环境影响报告表"]}}
INVESTMENT = {"investment": {"label": "建设项目总投资额", "type": "money"}}
FARMER = {"farmer": {"label": "农户", "type": "bool"}}

VECTORS: list[tuple[str, dict[str, Any], list[dict[str, Any]], dict[str, object], list[Any], set[str]]] = [
    ("M4 3000", GOODS, FOOD, {"goods_value": 3000}, [("50000", "100000")], set()),
    ("M4 9999.99", GOODS, FOOD, {"goods_value": "9999.99"}, [("50000", "100000")], set()),
    ("M4 10000", GOODS, FOOD, {"goods_value": "10000"}, [("100000", "200000")], set()),
    ("M4 千", GOODS, FOOD, {"goods_value": "3千"}, [("50000", "100000")], set()),
    ("M4 万", GOODS, FOOD, {"goods_value": "1.5万元"}, [("150000", "300000")], set()),
    ("M4 分", GOODS, FOOD, {"goods_value": "10000.01"}, [("100000.1", "200000.2")], set()),
    ("A5 15000", GOODS, POOR_SEED, {"goods_value": 15000}, [("10000", "100000")], set()),
    ("A4 15000", GOODS, UNLICENSED_SEED, {"goods_value": 15000}, [("45000", "75000")], set()),
    (
        "A12 农户",
        GOODS | FARMER,
        FARM_PRODUCE,
        {"goods_value": 5000, "farmer": True},
        [("1000", "10000")],
        set(),
    ),
    (
        "A12 不是农户",
        GOODS | FARMER,
        FARM_PRODUCE,
        {"goods_value": 5000, "farmer": "否"},
        [("100000", "150000")],
        set(),
    ),
    ("T2 无违法所得", GAINS, PASSENGERS, {"gains": 0}, [("10000", "100000")], set()),
    ("T2 正好2万", GAINS, PASSENGERS, {"gains": 20000}, [], {"gap_at_threshold"}),
    ("T2 超过2万", GAINS, PASSENGERS, {"gains": 20001}, [("40002", "200010")], set()),
    ("C7 9万", GAINS, TRAVEL, {"gains": 90000}, [("10000", "100000")], set()),
    ("C7 10万", GAINS, TRAVEL, {"gains": 100000}, [("100000", "500000")], set()),
    (
        "M9 等值",
        GOODS,
        [{"fine": "货值金额等值以上三倍以下"}],
        {"goods_value": 2000},
        [("2000", "6000")],
        set(),
    ),
    (
        "E1 报告表",
        PAPER | SERIOUS,
        ASSESSMENT_NEW,
        {"paper": "环境影响报告表", "serious": False},
        [("100000", "500000")],
        set(),
    ),
    (
        "E1 严重",
        PAPER | SERIOUS,
        ASSESSMENT_NEW,
        {"paper": "环境影响报告书", "serious": True},
        [("1000000", "10000000")],
        set(),
    ),
    (
        "E1-old 3000万",
        INVESTMENT,
        [{"fine": "建设项目总投资额百分之一以上百分之五以下"}],
        {"investment": "3000万"},
        [("300000", "1500000")],
        set(),
    ),
    ("T7 可以处", {}, [{"fine": "可以处三万元以下"}], {}, [("0", "30000")], set()),
    ("U3 无数额", {}, [{"fine": "可处以罚款"}], {}, [None], {"amount_not_loaded"}),
    ("C2 不得罚款", {}, [{"fine": None}], {}, [None], {"no_fine"}),
    ("T4 缺下限", {}, [{"fine": "五十万元以上"}], {}, [("500000", None)], set()),
]


@pytest.mark.parametrize(
    ("facts", "statutory", "given", "expected", "warned"),
    [row[1:] for row in VECTORS],
    ids=[row[0] for row in VECTORS],
)
def test_the_vectors(
    facts: dict[str, Any],
    statutory: list[dict[str, Any]],
    given: dict[str, object],
    expected: list[Any],
    warned: set[str],
) -> None:
    result = answer([benchmark("market/example", facts, statutory)], given)
    assert ranges(result) == expected
    assert codes(result) == warned


@pytest.mark.parametrize("word", ["拒不改正", "逾期不改正"])
def test_a_fine_that_needs_refusal_first(word: str) -> None:
    """T6, U7, S12: only 责令改正 until the refusal is recorded."""
    facts = {"refused": {"label": word, "type": "bool"}}
    record = benchmark(
        "transport/example", facts, [{"fine": None}, {"when": word, "fine": "三千元以上一万元以下"}]
    )
    unknown, no, yes = (answer([record], {"refused": v}) for v in (None, False, True))
    assert ranges(unknown) == [None]
    assert ranges(unknown, conditional=True) == [("3000", "10000")]
    assert unknown.outcomes[1].to_dict()["needs"] == ["refused"]
    assert [(m.name, m.required) for m in unknown.missing_facts] == [("refused", False)]
    assert "fine_needs_refusal" in codes(unknown)
    assert ranges(no) == [None]
    assert ranges(no, conditional=True) == []
    assert any("未适用" in s.text and word in s.text for s in no.steps)
    assert ranges(yes) == [("3000", "10000")]
    assert codes(yes) == set()


def test_a_record_that_only_fines_refusal_gives_no_fine_before_it() -> None:
    record = benchmark(
        "emergency/example",
        REFUSED,
        [{"when": "拒不改正", "fine": "三万元以上五万元以下"}],
    )
    assert ranges(answer([record], {})) == []
    assert codes(answer([record], {"refused": False})) == {"fine_needs_refusal"}


def test_an_escalation_nobody_answered_is_shown_as_what_it_is() -> None:
    record = benchmark(
        "ecology/example",
        REFUSED,
        [{"fine": "五万元以上二十万元以下"}, {"when": "拒不改正", "fine": "二十万元以上一百万元以下"}],
    )
    result = answer([record], {})
    first, second = (o.to_dict() for o in result.outcomes)
    assert (first["fine"]["min"], first["conditional"]) == ("50000", False)
    assert (second["fine"]["max"], second["conditional"], second["needs"]) == ("1000000", True, ["refused"])
    assert second["when"] == "拒不改正"
    assert ranges(answer([record], {"refused": True})) == [("200000", "1000000")]


def test_a_missing_quantity_is_asked_for_and_nothing_is_guessed() -> None:
    result = answer([benchmark("market/example", GOODS, FOOD)], {"goods_value": "未知"})
    assert result.outcomes == ()
    assert [(m.name, m.type, m.required) for m in result.missing_facts] == [("goods_value", "money", True)]
    assert [s.text for s in result.steps] == [
        "情形“货值金额不足一万元”：罚款五万元以上十万元以下",
        "情形“货值金额一万元以上”：罚款货值金额十倍以上二十倍以下",
    ]


def test_a_base_that_replaces_the_plain_branch_is_asked_for_first() -> None:
    result = answer([benchmark("culture/example", GAINS, TRAVEL)], {})
    assert result.outcomes == ()
    assert [m.name for m in result.missing_facts] == ["gains"]


def test_a_quantity_that_cannot_be_established() -> None:
    facts = {"fee": {"label": "广告费用", "type": "money"}} | SERIOUS
    statutory = [
        {"fine": "广告费用三倍以上五倍以下"},
        {"when": "广告费用无法计算或者明显偏低", "fine": "二十万元以上一百万元以下"},
        {"when": "情节严重", "fine": "广告费用五倍以上十倍以下"},
        {"when": ["情节严重", "广告费用无法计算或者明显偏低"], "fine": "一百万元以上二百万元以下"},
    ]
    record = benchmark("market/ad", facts, statutory)
    assert ranges(answer([record], {"fee": "2000", "serious": False})) == [("6000", "10000")]
    assert ranges(answer([record], {"fee": "无法计算", "serious": False})) == [("200000", "1000000")]
    assert ranges(answer([record], {"fee": "明显偏低", "serious": True})) == [("1000000", "2000000")]
    alone = benchmark("market/ad", facts, statutory[:1])
    assert ranges(answer([alone], {"fee": "无法计算"})) == [None]
    assert codes(answer([alone], {"fee": "无法计算"})) == {"unknown_base"}


def test_an_unknown_base_is_no_number() -> None:
    record = benchmark("market/example", {}, [{"fine": "货值金额十倍以上二十倍以下"}])
    assert ranges(answer([record], {})) == [None]
    assert codes(answer([record], {})) == {"unknown_base"}


def test_a_sum_per_unit() -> None:
    facts = {"vehicles": {"label": "涉案车辆", "type": "integer", "unit": "辆"}}
    record = benchmark("transport/example", facts, [{"fine": "每辆五千元"}])
    assert ranges(answer([record], {"vehicles": "3辆"})) == [("15000", "15000")]
    assert [m.name for m in answer([record], {}).missing_facts] == ["vehicles"]


MANY = {
    "cost": {"label": "建设工程造价", "type": "money"},
    "costs": {"label": "所需处置费用", "type": "money"},
    "income": {"label": "上一年年收入", "type": "money"},
    "loss": {"label": "直接损失", "type": "money"},
    "first": {"label": "原罚款数额", "type": "money", "aka": ["原处罚数额"]},
    "days": {"label": "拒不改正的天数", "type": "integer", "unit": "日"},
    "area": {"label": "占用面积", "type": "number", "unit": "平方米"},
    "people": {"label": "人数", "type": "integer", "unit": "人"},
}


@pytest.mark.parametrize(
    ("fine", "given", "expected"),
    [
        ("建设工程造价百分之五以上百分之十以下", {"cost": "200万"}, ("100000", "200000")),
        ("可以并处建设工程造价百分之十以下", {"cost": "200万"}, ("0", "200000")),
        ("上一年年收入百分之四十", {"income": "12万"}, ("48000", "48000")),
        ("直接损失百分之三十，最高不超过一百万元", {"loss": "500万"}, ("1000000", "1000000")),
        (
            "所需处置费用三倍以上五倍以下，所需处置费用不足二十万元的，按二十万元计算",
            {"costs": "3万"},
            ("600000", "1000000"),
        ),
        (
            "所需处置费用三倍以上五倍以下，所需处置费用不足二十万元的，按二十万元计算",
            {"costs": "30万"},
            ("900000", "1500000"),
        ),
        ("每平方米一百元以下", {"area": "12.5"}, ("0", "1250")),
        ("每人五千元", {"people": 3}, ("15000", "15000")),
        ("按日处一万元", {"days": 4}, ("40000", "40000")),
        ("按照原罚款数额按日连续处罚", {"first": "5万", "days": 30}, ("1500000", "1500000")),
    ],
)
def test_shares_days_and_units_evaluate(
    fine: str, given: dict[str, object], expected: tuple[str, str]
) -> None:
    record = benchmark("city/example", MANY, [{"fine": fine}])
    assert ranges(answer([record], given)) == [expected]
    for name in given:
        assert name in {
            m.name for m in answer([record], {n: v for n, v in given.items() if n != name}).missing_facts
        }


def test_unit_and_person_each_have_their_range() -> None:
    record = benchmark(
        "emergency/example",
        REFUSED,
        [
            {"subject": "单位", "fine": "十万元以下"},
            {"subject": "单位", "when": "拒不改正", "fine": "十万元以上二十万元以下"},
            {"subject": "直接责任人员", "when": "拒不改正", "fine": "二万元以上五万元以下"},
        ],
    )
    first = answer([record], {"refused": False})
    assert [(o.subject, o.fine and str(o.fine)) for o in first.outcomes] == [("单位", "100000元以下")]
    assert codes(first) == set()  # the unit can be fined now
    assert any("对直接责任人员现在不能罚款" in s.text for s in first.steps)
    result = answer([record], {"refused": True})
    assert [(o.subject, o.fine and str(o.fine)) for o in result.outcomes] == [
        ("单位", "100000元以上200000元以下"),
        ("直接责任人员", "20000元以上50000元以下"),
    ]


def test_branches_that_both_apply_are_both_shown() -> None:
    facts = REFUSED | SERIOUS
    statutory = [
        {"when": "拒不改正", "fine": "一万元以下"},
        {"when": "情节严重", "fine": "一万元以上三万元以下"},
    ]
    result = answer([benchmark("city/example", facts, statutory)], {"refused": True, "serious": True})
    assert ranges(result) == [("0", "10000"), ("10000", "30000")]
    assert codes(result) == {"branch_overlap"}


# ---------------------------------------------------------------- measures, steps, tiers


def test_measures_say_must_or_may_and_what_they_hang_on() -> None:
    record = benchmark(
        "market/example",
        GAINS | SERIOUS,
        [{"fine": "一万元以下"}],
        measures=[
            {"kind": "没收违法所得"},
            {"kind": "吊销许可证", "compulsory": False, "when": "情节严重", "basis": "《甲法》第十一条"},
        ],
    )
    open_ = answer([record], {"gains": "1200.50"}).outcomes[0].to_dict()["measures"]
    assert [(m["kind"], m["compulsory"], m["amount"], m["conditional"]) for m in open_] == [
        ("没收违法所得", True, "1200.5", False),
        ("吊销许可证", False, None, True),
    ]
    assert open_[0]["basis"] == "《中华人民共和国甲法》第十条"
    assert open_[1]["when"] == "情节严重"
    declined = answer([record], {"gains": 0, "serious": False}).outcomes[0]
    assert declined.measures == (), "nothing was gained, nothing is confiscated"


def test_what_a_person_gives_up_is_not_what_the_unit_gained() -> None:
    person = {"subject": "直接责任人员", "fine": "一千元以下", "measures": [{"kind": "没收违法所得"}]}
    record = benchmark(
        "market/example", GAINS, [{"fine": "一万元以下"}, person], measures=[{"kind": "没收违法所得"}]
    )
    outcomes = answer([record], {"gains": "1200.50"}).outcomes
    assert [[m.amount for m in o.measures] for o in outcomes] == [[Decimal("1200.50")], [None]]


def test_steps_lead_from_fact_to_effect_with_the_provision() -> None:
    result = answer([benchmark("market/example", GOODS, FOOD)], {"goods_value": 12000})
    fact, rule, effect = result.steps
    assert (fact.text, fact.citation) == ("事实：生产经营的货值金额：12000元", "")
    assert rule.text == "规则：适用“货值金额一万元以上”"
    assert "120000元以上240000元以下" in effect.text
    assert {rule.citation, effect.citation} == {"《中华人民共和国甲法》第十条"}


TIERS = [
    {"label": "较轻", "kind": "从轻", "when": "货值金额五千元以下", "fine": "五万元以上七万元以下"},
    {
        "label": "一般",
        "kind": "一般",
        "when": "货值金额五千元以上不足一万元",
        "fine": "七万元以上十万元以下",
    },
]


def test_a_printed_tier_wins_over_the_statute_range() -> None:
    record = benchmark("market/example", GOODS, FOOD, tiers=TIERS, source={"instrument": "示例市裁量权基准"})
    got = answer([record], {"goods_value": 6000}).outcomes[0]
    assert (got.tier, str(got.fine), str(got.statutory)) == (
        "一般",
        "70000元以上100000元以下",
        "50000元以上100000元以下",
    )
    assert got.instrument == "示例市裁量权基准"
    beyond = answer([record], {"goods_value": 20000}).outcomes[0]  # no tier printed for it
    assert (beyond.tier, str(beyond.fine)) == (None, "200000元以上400000元以下")


def test_of_two_tiers_the_lighter_is_listed_and_said() -> None:
    record = benchmark("market/example", GOODS, FOOD, tiers=TIERS)
    result = answer([record], {"goods_value": 5000})
    assert result.outcomes[0].tier == "较轻"
    assert codes(result) == {"tier_overlap"}


def test_a_tier_outside_the_statute_range_is_warned_of() -> None:
    tiers = [{"label": "较轻", "when": "货值金额五千元以下", "fine": "一万元以上二万元以下"}]
    result = answer([benchmark("market/example", GOODS, FOOD, tiers=tiers)], {"goods_value": 1})
    assert codes(result) == {"tier_outside_range"}


def test_the_first_ladder_does_not_price_the_second() -> None:
    """A tier printed for the plain case is not applied to 拒不改正."""
    record = benchmark(
        "market/example",
        GOODS | REFUSED,
        [{"fine": "五万元以下"}, {"when": "拒不改正", "fine": "五万元以上二十万元以下"}],
        tiers=[{"label": "较轻", "when": "货值金额五千元以下", "fine": "一万元以下"}],
    )
    result = answer([record], {"goods_value": 100, "refused": True})
    assert [(o.tier, str(o.fine)) for o in result.outcomes] == [(None, "50000元以上200000元以下")]


def test_a_local_instrument_supplies_the_amount_the_statute_lacks() -> None:
    statute = benchmark("city/example", {}, [{"fine": "可处以罚款"}])
    local = benchmark("city/example", {}, [{"fine": "五百元以下"}], source={"instrument": "示例省办法"})
    result = answer([statute, local], {})
    assert [(o.instrument, o.fine and str(o.fine)) for o in result.outcomes] == [
        ("法律条文", None),
        ("示例省办法", "500元以下"),
    ]
    assert codes(result) == set()


# ---------------------------------------------------------------- facts


@pytest.mark.parametrize(
    ("type_", "value", "shown"),
    [
        ("money", "3000元", "3000元"),
        ("money", "0.3万", "3000元"),
        ("money", "3千", "3000元"),
        ("money", "三千元", "3000元"),
        ("money", "￥3,000.50", "3000.5元"),
        ("money", 9999.99, "9999.99元"),
        ("percent", "百分之五", "5%"),
        ("percent", "5%", "5%"),
        ("integer", "3", "3"),
        ("bool", "是", "是"),
        ("bool", "false", "否"),
        ("date", "2026-07-01", "2026-07-01"),
    ],
)
def test_a_fact_comes_as_typed(type_: str, value: object, shown: str) -> None:
    record = benchmark("market/example", {"f": {"label": "某项", "type": type_}}, [{"fine": "一万元以下"}])
    assert answer([record], {"f": value}).facts == {"f": shown}


@pytest.mark.parametrize(
    ("type_", "value", "right"),
    [
        ("money", "很多", "0.3万"),
        ("money", True, "0.3万"),
        ("money", -5, "0.3万"),
        ("money", float("nan"), "0.3万"),
        ("money", "", None),
        ("integer", "1.5", "整数"),
        ("bool", "也许", "是 或 否"),
        ("choice", "丙", "甲、乙"),
        ("date", "明天", "2026-07-01"),
        ("number", ["3"], "1.5"),
    ],
)
def test_a_fact_of_the_wrong_type_is_refused(type_: str, value: object, right: str | None) -> None:
    fact = {"label": "某项", "type": type_, "options": ["甲", "乙"] if type_ == "choice" else []}
    record = benchmark("market/example", {"f": fact}, [{"fine": "一万元以下"}])
    if right is None:
        assert answer([record], {"f": value}).facts == {}
        return
    with pytest.raises(BadValue) as caught:
        answer([record], {"f": value})
    assert "某项" in str(caught.value)
    assert right in caught.value.hint


def test_an_unknown_fact_names_the_known_ones() -> None:
    with pytest.raises(BadValue, match="goods_value（生产经营的货值金额）"):
        answer([benchmark("market/example", GOODS, FOOD)], {"goods": 1})


def test_what_cannot_be_answered_is_said() -> None:
    record = benchmark("market/example", GOODS, FOOD, to="2021-01-01")
    base = Snapshot.of([record])
    with pytest.raises(NotFound):
        assess(base, "market/other", {}, on=TODAY)
    with pytest.raises(WrongUse):
        assess(base, "market/example", {})
    with pytest.raises(NotLoaded):
        assess(base, "market/example", {}, on=TODAY)
    broken = benchmark("market/example", {}, FOOD)
    with pytest.raises(BadRecord, match="market/example statutory 第1条"):
        answer([broken], {})


# ---------------------------------------------------------------- the law in time

SIGN_OLD = benchmark(
    "ecology/sign",
    {},
    [{"fine": "十万元以上一百万元以下"}],
    **{"penalty_basis": "《中华人民共和国旧法》第十二条", "from": "2020-09-01", "to": "2026-08-15"},
)
SIGN_NEW = benchmark(
    "ecology/sign",
    REFUSED,
    [{"fine": "五万元以上二十万元以下"}, {"when": "拒不改正", "fine": "二十万元以上一百万元以下"}],
    **{"penalty_basis": "《中华人民共和国新法典》第一百条", "from": "2026-08-15"},
)
JULY = Period(date(2026, 6, 20), date(2026, 7, 1))


def test_a_change_between_act_and_decision_shows_both_laws() -> None:
    result = answer([SIGN_OLD, SIGN_NEW], {}, act=JULY, found_on=JULY.end, decided_on=date(2026, 11, 1))
    assert [(o.as_of.isoformat(), str(o.fine), o.needs) for o in result.outcomes] == [
        ("2026-07-01", "100000元以上1000000元以下", ()),
        ("2026-11-01", "50000元以上200000元以下", ()),
        ("2026-11-01", "200000元以上1000000元以下", ("refused",)),
    ]
    assert codes(result) == {"law_changed"}
    assert "《中华人民共和国行政处罚法》第三十七条" in {s.citation for s in result.steps}


@pytest.mark.parametrize(
    ("act", "decided", "days"),
    [
        (Period(date(2026, 7, 1), date(2026, 7, 1)), date(2026, 8, 14), ["2026-07-01"]),  # before the change
        (Period(CODE_DAY, CODE_DAY), date(2026, 11, 1), ["2026-08-15"]),  # after it
        (Period(date(2026, 7, 1), date(2026, 7, 1)), CODE_DAY, ["2026-07-01", "2026-08-15"]),  # on the day
    ],
)
def test_which_laws_are_shown(act: Period, decided: date, days: list[str]) -> None:
    result = answer([SIGN_OLD, SIGN_NEW], {"refused": False}, act=act, decided_on=decided)
    assert [o.as_of.isoformat() for o in result.outcomes] == days


def test_an_act_that_went_on_past_the_change_is_under_the_new_law_alone() -> None:
    act = Period(date(2026, 7, 1), date(2026, 9, 1))
    result = answer([SIGN_OLD, SIGN_NEW], {"refused": False}, act=act, decided_on=date(2026, 11, 1))
    assert ranges(result) == [("50000", "200000")]
    assert any("按行为终了时的新规定" in s.text for s in result.steps)
    assert codes(result) == set()


def test_a_version_that_is_not_loaded_is_said() -> None:
    decided = date(2026, 11, 1)
    later = answer([SIGN_NEW], {"refused": False}, act=JULY, decided_on=decided)
    assert codes(later) == {"old_law_not_loaded"}
    assert later.reasons == "", "a later law alone is no ground for an earlier act"
    assert codes(answer([SIGN_OLD], {}, act=JULY, decided_on=decided)) == {"new_law_not_loaded"}


def test_a_provision_that_does_not_stand_is_warned_of() -> None:
    old = LawVersion("中华人民共和国旧法", date(2020, 9, 1), to=CODE_DAY, replaced_by="中华人民共和国新法典")
    laws = [(old, [Article(12, paragraphs=(Paragraph("x"),))])]
    record = SIGN_OLD.model_copy(update={"to": None})
    base = Snapshot.of([record], laws)

    def warned(act: Period, decided: date) -> set[str]:
        return codes(assess(base, record.id, {}, act, decided_on=decided)) - {"limitation_not_judged"}

    assert warned(JULY, date(2026, 7, 20)) == set()
    assert warned(JULY, date(2026, 11, 1)) == {"law_changed"}
    assert warned(Period(date(2026, 9, 1), date(2026, 9, 1)), date(2026, 11, 1)) == {"basis_repealed"}


def test_two_ranks_that_disagree_are_flagged() -> None:
    """C7: the higher law prevails; the officer is told."""
    act_ = LawVersion("中华人民共和国甲法", date(2018, 1, 1), level="法律")
    rules = LawVersion("乙条例", date(2018, 1, 1), level="行政法规")
    laws = [(v, [Article(10, paragraphs=(Paragraph("x"),))]) for v in (act_, rules)]
    high = benchmark("culture/travel", {}, [{"fine": "一万元以上十万元以下"}])
    low = benchmark(
        "culture/travel",
        {},
        [{"fine": "十万元以上五十万元以下"}],
        penalty_basis="《乙条例》第十条",
        source={"instrument": "行政法规条文"},
    )
    result = assess(Snapshot.of([high, low], laws), "culture/travel", {}, on=TODAY)
    assert "rank_conflict" in codes(result)
    assert len(result.outcomes) == 2


LIMIT = Setting.model_validate(
    {
        "id": "limitation/general",
        "label": "追责期限",
        "value": {"years": 2, "years_serious": 5},
        "basis": "《中华人民共和国行政处罚法》第三十六条",
        "from": "2021-07-15",
        "source": STATUTE,
    }
)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (date(2026, 7, 1), set()),
        (date(2026, 7, 2), {"limitation_passed"}),
        (date(2030, 1, 1), {"limitation_passed"}),
        (None, {"limitation_not_judged"}),
    ],
)
def test_limitation_runs_from_the_end_of_the_act(found: date | None, expected: set[str]) -> None:
    record = benchmark("market/example", {}, [{"fine": "一万元以下"}])
    act = Period(date(2024, 1, 1), date(2024, 7, 1))
    result = assess(
        Snapshot.of([record, LIMIT]), record.id, {}, act, found_on=found, decided_on=date(2030, 2, 1)
    )
    assert {w.code for w in result.warnings if w.code.startswith("limitation")} == expected


ECOLOGY = Setting.model_validate(
    {
        "id": "limitation/ecology",
        "label": "追责期限",
        "value": {"years": 2, "years_serious": 5, "serious_when": "造成危害后果"},
        "basis": "《中华人民共和国生态环境法典》第一千零五十四条第一款",
        "from": "2026-08-15",
        "source": STATUTE,
    }
)


@pytest.mark.parametrize(
    ("found", "longer", "passed", "years"),
    [
        (date(2028, 9, 1), None, False, 2),
        (date(2028, 9, 2), None, None, 2),  # hangs on the answer
        (date(2028, 9, 2), "是", False, 5),
        (date(2028, 9, 2), "否", True, 2),
        (date(2031, 9, 1), "是", False, 5),
        (date(2031, 9, 2), "是", True, 5),
        (date(2031, 9, 2), None, True, 5),
    ],
)
def test_the_longer_limitation_runs_only_on_its_condition(
    found: date, longer: str | None, passed: bool | None, years: int
) -> None:
    """法典第一千零五十四条: five years where harm was done, else two."""
    record = benchmark("ecology/example", {}, [{"fine": "一万元以下"}], domain="生态环境")
    act = Period(date(2026, 9, 1), date(2026, 9, 1))
    base = Snapshot.of([record, LIMIT, ECOLOGY])
    result = assess(base, record.id, {"longer_limitation": longer}, act, found, date(2032, 1, 1))
    assert result.limitation is not None
    assert (result.limitation.passed, result.limitation.years) == (passed, years)
    assert ("longer_limitation" in {m.name for m in result.missing_facts}) is (passed is None)
    assert ("limitation_passed" in {w.code for w in result.warnings}) is (passed is not False)
    assert result.limitation.basis == ("《中华人民共和国生态环境法典》第一千零五十四条第一款",)


def test_a_limitation_that_changed_after_the_act_is_told() -> None:
    """Old and new both count two years first, but the condition of five differs."""
    record = benchmark("ecology/example", {}, [{"fine": "一万元以下"}], domain="生态环境")
    act = Period(date(2024, 7, 1), date(2024, 7, 1))
    base = Snapshot.of([record, LIMIT, ECOLOGY])
    late = assess(base, record.id, {}, act, date(2026, 9, 1), date(2026, 10, 1))
    assert "limitation_changed" in {w.code for w in late.warnings}
    early = assess(base, record.id, {}, act, date(2026, 6, 1), date(2026, 10, 1))
    assert "limitation_changed" not in {w.code for w in early.warnings}


def test_limitation_is_not_judged_without_its_setting() -> None:
    record = benchmark("market/example", {}, [{"fine": "一万元以下"}])
    result = answer([record], {}, act=JULY, found_on=JULY.end)
    assert any(w.code == "limitation_not_judged" and "未载入依据" in w.message for w in result.warnings)


def test_the_dates_must_make_sense() -> None:
    with pytest.raises(BadValue):
        Period(date(2026, 7, 2), date(2026, 7, 1))
    record = benchmark("market/example", {}, [{"fine": "一万元以下"}])
    with pytest.raises(BadValue):
        answer([record], {}, act=JULY, found_on=date(2026, 1, 1))
    with pytest.raises(BadValue):
        answer([record], {}, act=JULY, decided_on=date(2026, 6, 30))


# ---------------------------------------------------------------- the JSON, and the pace

OUTCOME_KEYS = {"as_of", "instrument", "basis", "branch", "tier", "fine", "fine_optional", "measures"}


def test_the_json_is_the_contract() -> None:
    record = benchmark("market/example", GOODS, FOOD, measures=[{"kind": "没收违法所得"}])
    data = answer([record], {"goods_value": 3000}).to_dict()
    assert json.loads(json.dumps(data, ensure_ascii=False)) == data
    keys = {"benchmark", "missing_facts", "outcomes", "leniency", "steps", "warnings"}
    assert keys <= set(data)
    outcome = data["outcomes"][0]
    assert set(outcome) >= OUTCOME_KEYS
    assert outcome["fine"] == {"min": "50000", "max": "100000", "unit": "元"}
    assert set(outcome["measures"][0]) >= {"kind", "compulsory", "object", "amount", "basis"}
    assert all(set(s) == {"text", "citation"} for s in data["steps"])
    assert all(set(w) == {"code", "message"} for w in data["warnings"])
    missing = answer([record], {}).to_dict()["missing_facts"][0]
    assert set(missing) >= {"name", "label", "type"}


def test_one_question_reads_one_record() -> None:
    """Among thousands of benchmarks only the one asked for is loaded."""
    record = benchmark("market/example", GOODS, FOOD)

    def load(kind: str) -> list[tuple[int, Record]]:
        assert kind != "benchmark", "all benchmarks were loaded"
        return []

    base = Snapshot(1, LawBook([], [], lambda v: {}), load, lambda kind, id: [(1, record)])
    result = assess(base, "market/example", {"goods_value": 3000}, on=TODAY)
    assert ranges(result) == [("50000", "100000")]


def test_an_assessment_is_quick_enough_to_answer_each_tick() -> None:
    """The goal is 0.2 ms (bench/discretion.py measures it); here only that nothing is compiled anew."""
    base = Snapshot.of([benchmark("market/example", GOODS, FOOD)])
    started = perf_counter()
    assess(base, "market/example", {"goods_value": Decimal(3000)}, on=TODAY)
    first = perf_counter() - started
    started = perf_counter()
    for _ in range(100):
        assess(base, "market/example", {"goods_value": Decimal(3000)}, on=TODAY)
    assert (perf_counter() - started) / 100 < max(first, 0.002)
