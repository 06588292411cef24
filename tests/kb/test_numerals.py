"""Numbers: tables a lawyer can extend, and round trips."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadValue
from kb.numerals import capital, parse_number, plain, to_chinese, to_int

CHINESE = [
    (0, "零"),
    (2, "二"),
    (10, "十"),
    (11, "十一"),
    (20, "二十"),
    (101, "一百零一"),
    (110, "一百一十"),
    (122, "一百二十二"),
    (1000, "一千"),
    (1002, "一千零二"),
    (1010, "一千零一十"),
    (1095, "一千零九十五"),
    (1242, "一千二百四十二"),
    (10000, "一万"),
    (10001, "一万零一"),
    (10100, "一万零一百"),
    (99999, "九万九千九百九十九"),
    (100_000, "十万"),
    (110_010, "十一万零一十"),
]


@pytest.mark.parametrize(("number", "text"), CHINESE)
def test_article_numbers(number: int, text: str) -> None:
    assert to_chinese(number) == text
    assert to_int(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("59", 59),
        ("１２２", 122),
        ("1,002", 1002),
        ("一二二", 122),
        ("二〇二一", 2021),
        ("二零二一", 2021),
        ("一百〇二", 102),
        ("廿三", 23),
        ("卅", 30),
        ("两百", 200),
        ("一十二", 12),
        ("一百十二", 112),
        ("一 百 二 十", 120),
        ("伍仟", 5000),
        ("三亿", 300_000_000),
        ("一万亿", 10**12),
    ],
)
def test_other_spellings(text: str, number: int) -> None:
    assert to_int(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "　",
        "法",
        "一百二",
        "百二十",
        "二十百",
        "一百一百",
        "万",
        "十二三",
        "1.5",
        "-3",
        "1,00",
        "零百一",
        "一百零",
        "9" * 5000,
        "九" * 5000,
    ],
    ids=lambda text: text[:6],
)
def test_not_a_whole_number(text: str) -> None:
    with pytest.raises(BadValue):
        to_int(text)


@given(st.integers(0, 10**12))
def test_chinese_round_trip(number: int) -> None:
    assert to_int(to_chinese(number)) == number


def test_every_article_number_round_trips() -> None:
    assert [n for n in range(100_000) if to_int(to_chinese(n)) != n] == []


@given(st.integers(0, 99_999))
def test_positional_round_trip(number: int) -> None:
    digits = "〇一二三四五六七八九"
    assert to_int("".join(digits[int(d)] for d in str(number))) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("五万", "50000"),
        ("3.5万", "35000"),
        ("３．５万", "35000"),
        ("1,440.00", "1440.00"),
        ("二十万", "200000"),
        ("一万五千", "15000"),
        ("1万5千", "15000"),
        ("1万5000", "15000"),
        ("2千万", "20000000"),
        ("1.2亿", "120000000"),
        ("零点五", "0.5"),
        ("三点一四", "3.14"),
        ("100", "100"),
    ],
)
def test_amounts(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "万", "五万元", "3.5.1", "百分之五", "1千2万", "1,44", "1万元", "五点", "NaN", "1e5", "5%"]
)
def test_not_an_amount(text: str) -> None:
    with pytest.raises(BadValue):
        parse_number(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("5E+4", "50000"), ("1.50", "1.5"), ("0.00", "0"), ("-0", "0"), ("100", "100"), ("1E-7", "0.0000001")],
)
def test_plain(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_plain_keeps_the_value(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    assert "E" not in text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1000.50", "壹仟元伍角"),
        ("1164", "壹仟壹佰陆拾肆元整"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("50000", "伍万元整"),
        ("100010.5", "壹拾万零壹拾元伍角"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("10000000", "壹仟万元整"),
        ("100000001", "壹亿零壹元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capital(amount: str, text: str) -> None:
    assert capital(Decimal(amount)) == text


@pytest.mark.parametrize("amount", ["-1", "0.001", "1E+16", "NaN", "Infinity"])
def test_capital_refuses(amount: str) -> None:
    with pytest.raises(BadValue):
        capital(Decimal(amount))


@given(st.integers(1, 10**16 - 1))
def test_capital_reads_back(yuan: int) -> None:
    assert to_int(capital(Decimal(yuan)).removesuffix("元整")) == yuan
