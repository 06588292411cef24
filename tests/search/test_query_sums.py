"""Sums of money in a query: the fine that is looked for, amounts that decide a branch, what is neither."""

from __future__ import annotations

from decimal import Decimal

import pytest

from search.sums import fine_asked, value_asked
from search.words import lone_amounts


@pytest.mark.parametrize(
    ("said", "text", "meaning", "as_of_law"),
    [
        ("罚款 5万以上", "5万以上", "5万元以上", ""),
        ("罚5000", "5000", "5000元", ""),
        ("罚款五千元", "五千元", "5000元", ""),
        ("罚1万5", "1万5", "1.5万元", ""),
        ("罚1,440.00元", "1,440.00元", "1440元", ""),
        ("罚2000以下 噪声", "2000以下", "2000元以下", ""),
        ("罚款不超过2000 噪声", "不超过2000", "2000元以下", ""),
        ("罚款至少一万", "至少一万", "1万元以上", ""),
        ("最高罚100万 排污", "100万", "100万元", ""),
        ("罚款5万-10万", "5万-10万", "5万元以上10万元以下", "五万元以上十万元以下"),
        ("罚5-10万", "5-10万", "5万元以上10万元以下", "五万元以上十万元以下"),
        ("5到10万罚款", "5到10万", "5万元以上10万元以下", "五万元以上十万元以下"),
        ("处二千元以上二万元以下罚款", "二千元以上二万元以下", "2000元以上2万元以下", "二千元以上二万元以下"),
        ("罚款 五万元以上十万元以下", "五万元以上十万元以下", "5万元以上10万元以下", "五万元以上十万元以下"),
    ],
)
def test_fines(said: str, text: str, meaning: str, as_of_law: str) -> None:
    fine = fine_asked(said)
    assert fine is not None
    assert (fine.text, fine.said, fine.as_of_law) == (text, meaning, as_of_law)


@pytest.mark.parametrize(
    "said", ["罚款三倍", "罚款", "处罚法33条", "处罚2次", "处五日以上十日以下拘留", "货值5万", "10万-5万罚款"]
)
def test_no_fine(said: str) -> None:
    assert fine_asked(said) is None


@pytest.mark.parametrize(
    ("said", "text", "label", "meaning", "example"),
    [
        ("货值3000 无证", "3000", "货值", "3000元", "3000"),
        ("货值金额五千元", "五千元", "货值金额", "5000元", "5000"),
        ("案值约3000元", "3000元", "", "3000元", "3000"),
        ("货值0.3万", "0.3万", "货值", "3000元", "3000"),
        ("广告费20万", "20万", "广告费", "20万元", "200000"),
        ("货值不足一万", "不足一万", "货值", "不足1万元", "9999.99"),
        ("货值1万以上", "1万以上", "货值", "1万元以上", "10000"),
        ("货值一万元以上不足五万元", "一万元以上", "货值", "1万元以上", "10000"),
        ("违法所得超过2万", "超过2万", "违法所得", "2万元以上", "20000"),
        ("卖了一万五 食品", "一万五", "", "1.5万元", "15000"),
        ("无证餐饮3000块", "3000块", "", "3000元", "3000"),
    ],
)
def test_amounts(said: str, text: str, label: str, meaning: str, example: str) -> None:
    value = value_asked(said, [m[0] for m in lone_amounts(said)], ["广告费"])
    assert value is not None
    assert (value.text, value.label, value.said) == (text, label, meaning)
    assert value.example == Decimal(example)


@pytest.mark.parametrize(
    "said", ["33", "第三条", "PM2.5", "2024年3月", "三人以上", "33(1)后段", "120-1", "违法所得2000倍", "万一"]
)
def test_no_amount(said: str) -> None:
    assert value_asked(said, [m[0] for m in lone_amounts(said)]) is None


@pytest.mark.parametrize(
    "said", ["处五万元以上十万元以下罚款", "处5万元以上10万元以下罚款", "不足一万元", "5万元以上"]
)
def test_a_phrase_of_the_law_keeps_its_weight(said: str) -> None:
    assert list(lone_amounts(said)) == []
