"""Fine phrases and conditions: tables a lawyer can extend, round trips, and the statutes themselves."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadValue
from kb.money import (
    Amount,
    Bound,
    Condition,
    Fine,
    Floor,
    find_amounts,
    find_fines,
    format_condition,
    format_fine,
    parse_condition,
    parse_fine,
)

# phrase as a statute writes it -> as the product prints it (Chinese numerals)
FINES = [
    ("五万元以上十万元以下", "五万元以上十万元以下"),
    ("20万元以上100万元以下", "二十万元以上一百万元以下"),
    ("1000元以上5000元以下的罚款", "一千元以上五千元以下"),
    ("1,000元以上5,000元以下", "一千元以上五千元以下"),
    ("１万元以上５万元以下", "一万元以上五万元以下"),
    ("1000 元以上\n5000 元以下", "一千元以上五千元以下"),
    ("1万5千元", "一万五千元"),
    ("15000元以下", "一万五千元以下"),
    ("100元以上、500元以下", "一百元以上五百元以下"),
    ("人民币五万元以上五十万元以下", "五万元以上五十万元以下"),
    ("一千元至五千元", "一千元以上五千元以下"),
    ("三万元以下", "三万元以下"),
    ("最高不超过二万元", "二万元以下"),
    ("五十万元以上", "五十万元以上"),
    ("三千元", "三千元"),
    ("货值金额十倍以上二十倍以下", "货值金额十倍以上二十倍以下"),
    ("十倍以上二十倍以下", "十倍以上二十倍以下"),
    ("违法所得两倍以上五倍以下", "违法所得二倍以上五倍以下"),
    ("三到五倍", "三倍以上五倍以下"),
    ("建设项目总投资额百分之一以上百分之五以下", "建设项目总投资额百分之一以上百分之五以下"),
    ("工程合同价款2%以上4%以下", "工程合同价款百分之二以上百分之四以下"),
    ("5%以上", "百分之五以上"),
    ("采购金额千分之五以上千分之十以下", "采购金额千分之五以上千分之十以下"),
    ("货值金额百分之五十以上三倍以下", "货值金额百分之五十以上三倍以下"),
    ("货值金额等值以上三倍以下", "货值金额一倍以上三倍以下"),
    ("上一年年收入百分之三十", "上一年年收入百分之三十"),
    ("处所需处置费用一倍以上三倍以下的罚款", "所需处置费用一倍以上三倍以下"),
    ("草原被破坏前三年平均产值六倍以上十二倍以下", "草原被破坏前三年平均产值六倍以上十二倍以下"),
    ("可以处三万元以下的罚款", "可以处三万元以下"),
    ("可处25万元以下的罚款", "可以处二十五万元以下"),
    ("可以并处15000元以下", "可以并处一万五千元以下"),
    ("并可处以三百元以上三千元以下的罚款", "可以处三百元以上三千元以下"),
    ("单处或者并处一万元以下", "可以并处一万元以下"),
    ("并处违法所得一倍以上五倍以下的罚款", "并处违法所得一倍以上五倍以下"),
    ("给予警告或者处500元以下的罚款", "可以处五百元以下"),
    ("由公安机关处二百元以上二千元以下", "二百元以上二千元以下"),
    ("每辆五千元", "每辆五千元"),
    ("处每平方米一百元以上二百元以下的罚款", "每平方米一百元以上二百元以下"),
    ("以每人五百元以上二千元以下的标准处以罚款", "每人五百元以上二千元以下"),
    ("按次处一百元以上一千元以下", "每次一百元以上一千元以下"),
    ("1倍以上1.5倍以下", "一倍以上1.5倍以下"),
    ("十万元以上不满二十万元", "十万元以上二十万元以下（不含本数）"),
    ("五万元以上（含本数）十万元以下（不含本数）", "五万元以上十万元以下（不含本数）"),
    ("5万元人民币以下", "五万元以下"),
    ("违法所得的10%以上50%以下", "违法所得百分之十以上百分之五十以下"),
    ("造价万分之五以下", "造价万分之五以下"),
    ("处以最高不超过所涉债务金额3%的罚款", "所涉债务金额百分之三以下"),
    ("票面金额5%但不低于1000元的罚款", "票面金额百分之五，但不得低于一千元"),
    (
        "税款百分之五十以上五倍以下的罚款，但罚款不得低于二千元",
        "税款百分之五十以上五倍以下，但不得低于二千元",
    ),
    ("按照直接损失百分之三十计算罚款，但最高不得超过二十万元", "直接损失百分之三十，但最高不得超过二十万元"),
    (
        "违法所得二倍以上五倍以下的罚款，违法所得不足一万元的，按一万元计算",
        "违法所得二倍以上五倍以下，违法所得不足一万元的，按一万元计算",
    ),
    ("每辆机动车五千元", "机动车每辆五千元"),
    ("每非法介绍一人五千元，总额不超过五万元的罚款", "非法介绍每人五千元，但最高不得超过五万元"),
    ("按照每使用一名童工每月处5000元", "使用童工每名每月五千元"),
    ("非法占用土地每平方米100元以上1000元以下", "非法占用土地每平方米一百元以上一千元以下"),
    ("票据金额每日0.7‰", "票据金额每日0.7‰"),
    ("可以按照原处罚数额按日连续处罚", "可以按照原处罚数额按日连续处罚"),
    ("二十万元以上三十万元以下元罚款", "二十万元以上三十万元以下"),
    ("罚款", "罚款"),
    ("可处以罚款", "可以处罚款"),
    ("可以并处罚款", "可以并处罚款"),
]

NOT_FINES = [
    "",
    "五万",  # no unit at all
    "十万元以上五万元以下",  # lower end above upper
    "处五万元以上且没收",
    "货值金额五万元以上十万元以下",  # a base with a sum in yuan
    "对单位处十万元以上五十万元以下",  # whom it is for has a field of its own
    "警告",
    "五千万元以下或者上一年度营业额百分之五以下",  # two fines
    "上一年度收入20%以上30%的罚款",  # 以下 is missing: which end is it?
    "违法所得l倍以上3倍以下",  # the letter l for a figure
    "规定的标准加一倍罚款",  # twice the standard, not once
    "违法所得五万元以上的处以罚款",  # a condition, no amount
    "货值金额十倍以上二十倍以下，违法所得不足一万元的，按一万元计算",  # the floor is of another base
    "货值金额十倍以下，货值金额不足十万元的，按五万元计算",  # the two figures of the floor differ
    "没收违法所得和违法所得一倍以上三倍以下",
    "五日以下拘留或者五百元以下",
]


@pytest.mark.parametrize(("text", "printed"), FINES)
def test_a_fine_phrase_is_read_and_printed(text: str, printed: str) -> None:
    fine = parse_fine(text)
    assert format_fine(fine) == printed
    assert parse_fine(printed) == fine
    assert parse_fine(format_fine(fine, arabic=True)) == fine


@pytest.mark.parametrize("text", NOT_FINES)
def test_what_is_no_fine_phrase_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_fine(text)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "base", "count", "low", "high"),
    [
        ("五万元以上十万元以下", None, None, "50000", "100000"),
        ("三万元以下", None, None, "0", "30000"),
        ("五十万元以上", None, None, "500000", None),
        ("三千元", None, None, "3000", "3000"),
        ("货值金额十倍以上二十倍以下", "10000", None, "100000", "200000"),
        ("货值金额百分之五十以上三倍以下", "3000", None, "1500", "9000"),
        ("货值金额等值以上三倍以下", "999.99", None, "999.99", "2999.97"),
        ("采购金额千分之五以上千分之十以下", "200000", None, "1000", "2000"),
        ("每辆五千元", None, "3", "15000", "15000"),
        ("货值金额十倍以上二十倍以下，货值金额不足十万元的，按十万元计算", "1", None, "1000000", "2000000"),
        (
            "货值金额十倍以上二十倍以下，货值金额不足十万元的，按十万元计算",
            "200000",
            None,
            "2000000",
            "4000000",
        ),
        ("税款百分之五十以上五倍以下，但不得低于二千元", "1000", None, "2000", "5000"),
        ("税款百分之五十以上五倍以下，但不得低于二千元", "100", None, "2000", "2000"),
        ("直接损失百分之三十，但最高不得超过二十万元", "1000000", None, "200000", "200000"),
        ("非法介绍每人五千元，但最高不得超过五万元", None, "3", "15000", "15000"),
        ("非法介绍每人五千元，但最高不得超过五万元", None, "30", "50000", "50000"),
        ("按照原处罚数额按日连续处罚", "100000", "5", "500000", "500000"),
        ("造价万分之五以下", "1000000", None, "0", "500"),
    ],
)
def test_a_fine_in_yuan(text: str, base: str | None, count: str | None, low: str, high: str | None) -> None:
    got = parse_fine(text).in_yuan(Decimal(base) if base else None, Decimal(count) if count else None)
    assert got == (Decimal(low), None if high is None else Decimal(high))


@pytest.mark.parametrize("text", ["货值金额十倍以上", "每辆五千元", "可以处罚款"])
def test_a_fine_that_lacks_its_base_is_not_computed(text: str) -> None:
    with pytest.raises(BadValue):
        parse_fine(text).in_yuan()


def test_a_missing_yuan_is_read_over_and_noted() -> None:
    fine = parse_fine("二千元以上二万以下")
    assert fine == parse_fine("二千元以上二万元以下")
    assert fine.notes == ("原文“二万”缺“元”字，按元理解",)
    assert parse_fine("一千至五千元").notes == ()  # 至 leaves the unit out by custom


# ---------------------------------------------------------------- round trips

_VALUES = st.integers(1, 10**9).map(Decimal) | st.decimals("0.1", "99", places=1)
_YUAN = st.builds(Amount, _VALUES, st.just("元"))
_RATIO = st.builds(Amount, _VALUES, st.sampled_from(["倍", "%", "‰", "‱"]))


@st.composite
def fines(draw: st.DrawFn) -> Fine:
    ratio = draw(st.booleans())
    ends = _RATIO if ratio else _YUAN
    low, high = draw(st.none() | ends), draw(st.none() | ends)
    if low and high and low.unit == high.unit and low.value > high.value:
        low, high = high, low
    some = low is not None or high is not None
    base = (
        draw(st.sampled_from(["", "货值金额", "所需处置费用", "应缴或者补缴税款"])) if ratio and some else ""
    )
    per = draw(st.sampled_from(["", "辆", "平方米", "名每月"])) if some and not ratio else ""
    if per:
        base = draw(st.sampled_from(["", "非法占用土地"]))
    floors = draw(st.sampled_from(["", base])) if base and ratio else None
    range_ = low != high and some
    return Fine(
        low,
        high,
        base,
        per,
        draw(st.booleans()),
        draw(st.booleans()),
        least=draw(st.none() | _YUAN) if some else None,
        most=draw(st.none() | _YUAN) if some else None,
        floors=() if floors is None else draw(st.just(()) | st.builds(_floor, st.just(floors), _YUAN)),
        low_in=draw(st.booleans()) if range_ and low else True,
        high_in=draw(st.booleans()) if range_ and high else True,
    )


def _floor(of: str, amount: Amount) -> tuple[Floor, ...]:
    return (Floor(of, amount),)


@given(fines(), st.booleans())
def test_a_fine_survives_printing(fine: Fine, arabic: bool) -> None:
    assert parse_fine(format_fine(fine, arabic=arabic)) == fine


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    unit = draw(st.sampled_from(["元", "%", "倍", "人", "平方米"]))
    low, high = sorted(draw(st.tuples(_VALUES, _VALUES).filter(lambda ends: ends[0] != ends[1])))
    lower = draw(st.none() | st.builds(Bound, st.just(low), st.just(unit), st.booleans()))
    upper = draw(st.none() | st.builds(Bound, st.just(high), st.just(unit), st.booleans()))
    if lower is None and upper is None:
        return Condition(draw(st.sampled_from(["拒不改正", "情节严重"])))
    return Condition(draw(st.sampled_from(["", "货值金额", "违法所得"])), lower, upper)


@given(conditions())
def test_a_condition_survives_printing(condition: Condition) -> None:
    assert parse_condition(format_condition(condition)) == condition


# ---------------------------------------------------------------- conditions

# condition -> values just inside, values just outside
CONDITIONS = [
    ("货值金额不足一万元", "货值金额", ["0", "9999.99"], ["10000"]),
    ("货值金额一万元以上", "货值金额", ["10000"], ["9999.99"]),
    ("违法所得超过2万元", "违法所得", ["20000.01"], ["20000"]),
    ("违法所得20000元以下", "违法所得", ["20000"], ["20000.01"]),
    ("货值金额一万元以上不足五万元的", "货值金额", ["10000", "49999.99"], ["9999.99", "50000"]),
    ("货值金额在一万元以上不满五万元", "货值金额", ["10000"], ["50000"]),
    ("货值金额超过一万元不超过五万元", "货值金额", ["10000.01", "50000"], ["10000", "50000.01"]),
    ("货值金额达到十万元", "货值金额", ["100000"], ["99999"]),
    ("货值金额低于五百元", "货值金额", ["499"], ["500"]),
    ("货值金额≥10000元", "货值金额", ["10000"], ["9999"]),
    ("超标未达0.3倍", "超标", ["0.29"], ["0.3"]),
    ("污染物浓度超过排放标准20%以上50%以下", "污染物浓度超过排放标准", ["20", "50"], ["19.9", "50.1"]),
    ("百分之二十以上", "", ["20"], ["19"]),
    ("二年内三次以上", "二年内", ["3"], ["2"]),
    ("面积十平方米以内", "面积", ["10"], ["10.1"]),
    ("货值金额一万元以上（含本数）", "货值金额", ["10000"], ["9999"]),
    ("货值金额一万元以下（不含本数）", "货值金额", ["9999"], ["10000"]),
]


@pytest.mark.parametrize(("text", "base", "inside", "outside"), CONDITIONS)
def test_a_condition_counts_its_ends_as_the_words_say(
    text: str, base: str, inside: list[str], outside: list[str]
) -> None:
    condition = parse_condition(text)
    assert condition.base == base
    assert [v for v in inside if not condition.holds(Decimal(v))] == []
    assert [v for v in outside if condition.holds(Decimal(v))] == []


@pytest.mark.parametrize("text", ["拒不改正", "情节严重", "审批文件为环境影响报告书", "没有违法所得"])
def test_a_statement_is_no_comparison(text: str) -> None:
    assert parse_condition(text + "的") == Condition(text)


@pytest.mark.parametrize("text", ["", "五万元以上一万元以下", "超过一万元不足一万元", "三人以上五万元以下"])
def test_a_condition_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_condition(text)


@pytest.mark.parametrize("text", ["1" * 5000, "一" * 150 + "x", "1万" * 90, "由对处" * 60, "一元以上" * 45])
def test_a_hostile_text_is_answered_at_once(text: str) -> None:
    started = perf_counter()
    with pytest.raises(BadValue):
        parse_fine(text)
    with suppress(BadValue):
        parse_condition(text)
    find_fines(text * 20 + "罚款")
    find_fines((text[:60] + "，") * 400 + "罚款")
    assert perf_counter() - started < 2


# ---------------------------------------------------------------- running text


def test_fines_are_found_where_they_stand() -> None:
    text = "对个人处一千元以上一万元以下的罚款，对单位可以并处5万元以下的罚款；罚款数额另有规定的，从其规定。"
    found = find_fines(text)
    assert [(text[f.start : f.end], f.subject) for f in found] == [
        ("处一千元以上一万元以下的罚款", "个人"),
        ("可以并处5万元以下的罚款", "单位"),
    ]
    assert found[1].fine == parse_fine("可以并处五万元以下")


def test_a_choice_of_two_fines_gives_both() -> None:
    found = find_fines("并处五千万元以下或者上一年度营业额百分之五以下罚款")
    assert [f.fine for f in found] == [
        parse_fine("并处五千万元以下"),
        parse_fine("并处上一年度营业额百分之五以下"),
    ]


def test_a_fine_without_an_amount_is_found_and_a_mention_is_not() -> None:
    assert [f.fine for f in find_fines("可以处以罚款。")] == [parse_fine("可以处罚款")]
    assert find_fines("实行罚款决定与罚款收缴分离；到期不缴纳罚款的，加处罚款。") == []


# ---------------------------------------------------------------- the real statutes


@pytest.mark.corpus
def test_every_verified_amount_is_read(corpus: Path) -> None:
    rows = json.loads((corpus / "violations.json").read_text("utf-8"))
    phrases = [p for row in rows for c in row["penalty"] for p in c["verified_phrases"]]
    amounts = [p for p in phrases if re.search(r"[元倍]以[上下]|分之.*以[上下]|元$", p)]
    assert len(amounts) > 70
    assert [p for p in amounts if not list(find_amounts(p)) and not parse_condition(p).is_comparison] == []
