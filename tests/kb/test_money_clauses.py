"""Fines in running text: whom, when, how much; what is no fine; what is refused rather than half read."""

from __future__ import annotations

import pytest

from kb.money import Clause, find_fines, format_fine, read_clauses

# clause in our own words -> (subject, conditions, fine as printed) of each fine in it
CLAUSES: list[tuple[str, list[tuple[str, tuple[str, ...], str]]]] = [
    (
        "违反本办法规定，擅自营业的，由主管部门责令改正，没收违法所得，违法所得10万元以上的，并处违法所得1倍以上5倍以下的罚款；",
        [("", ("擅自营业的", "违法所得10万元以上的"), "并处违法所得一倍以上五倍以下")],
    ),
    (
        "没有违法所得或者违法所得不足10万元的，处1万元以上10万元以下的罚款。",
        [("", ("没有违法所得或者违法所得不足10万元的",), "一万元以上十万元以下")],
    ),
    (
        "货值不足一万元的，处五千元罚款，货值一万元以上的，处货值五倍以下罚款。",
        [("", ("货值不足一万元的",), "五千元"), ("", ("货值一万元以上的",), "货值五倍以下")],
    ),
    (
        "有下列行为之一的，对单位处五万元以下罚款，对个人处二千元以下罚款：",
        [("单位", ("有下列行为之一的",), "五万元以下"), ("个人", ("有下列行为之一的",), "二千元以下")],
    ),
    (
        "情节严重的，对直接负责的主管人员，处一万元以上五万元以下罚款。",
        [("直接负责的主管人员", ("情节严重的",), "一万元以上五万元以下")],
    ),
    (
        "对其负责人给予警告，并处500元以上5000元以下的罚款。",
        [("其负责人", (), "并处五百元以上五千元以下")],
    ),
    (
        "违反本办法，在禁区内作业，未避开繁殖期的，由甲部门或者乙部门处3万元以下罚款。",
        [("", ("在禁区内作业，未避开繁殖期的",), "三万元以下")],
    ),
    (
        "伪造凭证的，涂改凭证的，或者以贿赂取得凭证的，处一千元以下罚款。",
        [("", ("伪造凭证的，涂改凭证的，或者以贿赂取得凭证的",), "一千元以下")],
    ),
    (
        "可以对单位处每平方米一百元以下罚款、对个人处每平方米二十元以下罚款。",
        [("单位", (), "可以处每平方米一百元以下"), ("个人", (), "可以处每平方米二十元以下")],
    ),
    (
        "并处货值金额（包括已售出和未售出的，下同）十倍以下的罚款；货值金额不足十万元的，按十万元计算；",
        [("", (), "并处货值金额十倍以下，货值金额不足十万元的，按十万元计算")],
    ),
    (
        "处所得收入一倍以下罚款；情节严重的，处所得收入五倍以下罚款，所得收入不足二万元的，按二万元计算。",
        [
            ("", (), "所得收入一倍以下"),
            ("", ("情节严重的",), "所得收入五倍以下，所得收入不足二万元的，按二万元计算"),
        ],
    ),
    (
        "处所得收入一倍以下罚款；情节严重的，处所得收入五倍以下罚款；所得收入不足二万元的，按二万元计算。",
        [
            ("", (), "所得收入一倍以下，所得收入不足二万元的，按二万元计算"),
            ("", ("情节严重的",), "所得收入五倍以下，所得收入不足二万元的，按二万元计算"),
        ],
    ),
    (
        "广告费用无法计算或者明显偏低的，处二十万元以上一百万元以下的罚款。",
        [("", ("广告费用无法计算或者明显偏低的",), "二十万元以上一百万元以下")],
    ),
    ("处五日以下拘留或者五百元以下罚款。", [("", (), "可以处五百元以下")]),
    ("处五日以上十日以下拘留，可以并处五百元以下罚款。", [("", (), "可以并处五百元以下")]),
    ("给予警告、没收工具、一千元以下罚款。", [("", (), "一千元以下")]),
    ("处每逗留一日五百元，总额不超过一万元的罚款。", [("", (), "逗留每日五百元，但最高不得超过一万元")]),
    (
        "按照受侵害的工人每人100元以上500元以下的标准计算，处以罚款。",
        [("", (), "受侵害的工人每人一百元以上五百元以下")],
    ),
    ("由主管部门按照每介绍一人处5000元罚款的标准给予处罚。", [("", (), "介绍每人五千元")]),
    (
        "依照上条规定处以罚款的，罚款额为占用土地每平方米100元以下。",
        [("", ("依照上条规定处以罚款的",), "占用土地每平方米一百元以下")],
    ),
    (
        "罚款数额，根据档案的价值，对单位为1万元以上10万元以下，对个人为500元。",
        [("单位", (), "一万元以上十万元以下"), ("个人", (), "五百元")],
    ),
    ("可以处以前条规定的罚款数额的10%。", [("", (), "可以处前条规定的罚款数额百分之十")]),
    (
        "可以按照前款罚款数额的2倍以上5倍以下对有责任的企业处以罚款。",
        [("有责任的企业", (), "可以处前款罚款数额二倍以上五倍以下")],
    ),
    (
        "由主管部门按照直接损失的20%计算罚款，但最高不得超过二十万元。",
        [("", (), "直接损失百分之二十，但最高不得超过二十万元")],
    ),
    ("可以处以相当于评估费用以下的罚款。", [("", (), "可以处评估费用一倍以下")]),
    (
        "拒不改正的，可以自责令改正之日的次日起，按照原处罚数额按日连续处罚。",
        [("", ("拒不改正的",), "可以按照原处罚数额按日连续处罚")],
    ),
    ("处以5,000元以下罚款；", [("", (), "五千元以下")]),
]


@pytest.mark.parametrize(("text", "fines"), CLAUSES)
def test_a_clause_gives_its_fines(text: str, fines: list[tuple[str, tuple[str, ...], str]]) -> None:
    found = find_fines(text)
    assert [(f.subject, f.when, format_fine(f.fine)) for f in found] == fines
    assert all(text[f.start : f.end] for f in found)


def test_either_of_two_fines_is_marked() -> None:
    found = find_fines("并处五千万元以下或者上一年度营业额百分之五以下罚款")
    assert [(format_fine(f.fine), f.instead) for f in found] == [
        ("并处五千万元以下", False),
        ("并处上一年度营业额百分之五以下", True),
    ]
    found = find_fines("可以并处每件100元或者货值金额1倍以上5倍以下的罚款")
    assert [format_fine(f.fine) for f in found] == ["可以并处每件一百元", "可以并处货值金额一倍以上五倍以下"]
    found = find_fines("处骗取资金10%以上50%以下的罚款或者占用资金10%以上30%以下的罚款")
    assert [f.instead for f in found] == [False, True]


# what talks of fines and imposes none
MENTIONS = [
    "对公民处二百元以下、对组织处三千元以下罚款或者警告的行政处罚的，可以当场作出决定。",
    "处警告或者二百元以下罚款的，可以当场作出处罚决定。",
    "其中警告、五百元以下的罚款可以由派出所决定。",
    "被处五十元以下罚款，被处罚人没有异议的；",
    "罚款1万元以上的，应当报省级部门决定。",
    "罚款额在二千元以下的，可以由税务所决定。",
    "决定的罚款额，以不超过1万元为限；",
    "到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款；",
    "作出五万元以上罚款的决定之前，应当告知听证的权利。",
    "不得给予两次以上罚款的行政处罚。",
    "并处罚金五万元以上。",
    "按日加收万分之五的滞纳金。",
    "罚款决定与罚款收缴分离。",
    "没收违法所得五万元以上的部分。",
]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_imposes_nothing(text: str) -> None:
    assert find_fines(text) == []
    assert [c.unread for c in read_clauses(text) if c.unread] == []


# what is refused whole, because a part of it can't be told
REFUSED = [
    "处l万元以上5万元以下的罚款，对个人处一千元以下罚款。",
    "并处违法所得l倍以上3倍以下的罚款。",
    "依照前条规定的标准加一倍罚款。",
    "处出售金额三倍以下的罚款，危害严重，出售金额不满二千元的，以二千元计算；",
    "处一万元以下罚款，货值金额不足五千元的，按五千元计算；",
    "处一万元以下罚款，另付三千元；",
    "处十万元以上五万元以下的罚款。",
    "处上一年度收入20%以上30%的罚款。",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_can_not_be_told_is_refused_whole(text: str) -> None:
    assert find_fines(text) == []
    assert any(clause.unread for clause in read_clauses(text))


def test_what_else_a_clause_orders_does_not_hide_its_fine() -> None:
    text = "责令补种株数一倍以上三倍以下的树木，可以处林木价值三倍以上五倍以下的罚款；"
    clause: Clause = read_clauses(text)[0]
    assert [format_fine(f.fine) for f in clause.fines] == ["可以处林木价值三倍以上五倍以下"]
    assert clause.words == ("责令补种株数一倍以上三倍以下的树木",)


def test_an_instrument_may_leave_the_number_out_of_what_is_below() -> None:
    found = find_fines("处一万元以上五万元以下的罚款，对个人处五百元罚款。", below_in=False)
    assert [format_fine(f.fine) for f in found] == ["一万元以上五万元以下（不含本数）", "五百元"]


def test_offsets_are_those_of_the_text_whatever_was_skipped() -> None:
    text = "甲的，处货值金额（含税，\n"
    text = "甲的，处货值金额（包括税款在内，下同） 二 倍 以 下 的 罚 款。乙的，处 五百元 罚款。"
    assert [text[f.start : f.end] for f in find_fines(text)] == ["处 五百元 罚款"]
    text = "甲的，处货值金额（包括税款在内，下同） 二 倍 以下的罚款。"
    assert [text[f.start : f.end] for f in find_fines(text)] == [
        "处货值金额（包括税款在内，下同） 二 倍 以下的罚款"
    ]
