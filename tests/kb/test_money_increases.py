"""How a table goes up within a range: read, printed back, computed; what can't be told is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadValue
from kb.money.amounts import Amount
from kb.money.increases import Increase, format_increases, parse_increases

# a table's words -> (group, of, every, unit, add in yuan, what becomes of less than one)
STEPS = [
    ("每增加一个因子增加五万元", [("", "", "1", "个因子", "50000", "舍去")]),
    ("每超过1天增加1000元罚款。", [("", "", "1", "天", "1000", "舍去")]),
    (
        "（每增加1个因子增加五万元，每个因子超标每0.2倍增加二万元，不足0.2倍的向高取齐）",
        [("", "", "1", "个因子", "50000", "进一"), ("", "每个因子超标", "0.2", "倍", "20000", "进一")],
    ),
    (
        "：（1）甲类物质每增加1个因子增加两万元，不足的四舍五入；（2）乙类物质（含丙）每增加1个因子增加四万元。",
        [
            ("甲类物质", "", "1", "个因子", "20000", "四舍五入"),
            ("乙类物质（含丙）", "", "1", "个因子", "40000", "舍去"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), STEPS)
def test_steps_are_read_and_printed(text: str, wanted: list[tuple[str, ...]]) -> None:
    steps = parse_increases(text)
    assert [(s.group, s.of, str(s.every), s.unit, str(s.add.value), s.part) for s in steps] == wanted
    assert parse_increases(format_increases(steps)) == steps


@pytest.mark.parametrize(
    "text",
    [
        "",
        "处五万元罚款",
        "每增加一倍或者0.5个单位增加一万元，每多一辆",
        "每增加1个因子增加百分之五",  # of what?
        "每增加0个因子增加五万元",
        "每增加1个因子增加五万元，酌情再加",
        "每" * 500,
    ],
)
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_increases(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "excess", "added"),
    [
        ("舍去", "0.5", "40000"),
        ("进一", "0.5", "60000"),
        ("四舍五入", "0.5", "60000"),
        ("四舍五入", "0.49", "40000"),
        ("进一", "0.4", "40000"),
        ("进一", "0", "0"),
    ],
)
def test_what_an_excess_adds(part: str, excess: str, added: str) -> None:
    words = {"舍去": "", "进一": "，不足的向高取整", "四舍五入": "，不足的四舍五入"}[part]
    step = parse_increases(f"每超标0.2倍增加二万元{words}")[0]
    assert step.added(Decimal(excess)) == Decimal(added)
    with pytest.raises(BadValue):
        step.added(Decimal(-1))


_STEP = st.builds(
    Increase,
    of=st.just(""),
    every=st.sampled_from([Decimal(1), Decimal("0.2"), Decimal(10)]),
    unit=st.sampled_from(["倍", "个因子", "平方米"]),
    add=st.integers(1, 10**7).map(lambda n: Amount(Decimal(n), "元")),
)


@given(st.lists(_STEP, min_size=1, max_size=3), st.sampled_from(["舍去", "进一", "四舍五入"]), st.booleans())
def test_steps_survive_printing(steps: list[Increase], part: str, grouped: bool) -> None:
    name = "甲类物质" if grouped else ""
    same = tuple(Increase(s.of, s.every, s.unit, s.add, part, name) for s in steps)  # type: ignore[arg-type]
    assert parse_increases(format_increases(same)) == same
