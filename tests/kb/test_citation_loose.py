"""What officers type into a search box."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.citation import parse_loose
from kb.laws import LawBook, LawVersion, Repeal, parse_structure
from kb.snapshot import Snapshot

TITLES = {
    "中华人民共和国行政处罚法": ("32:5 33:0,0,0 59:6,0", ("处罚法",)),
    "中华人民共和国食品安全法": ("122:0,0 124:9,0", ()),
    "中华人民共和国食品安全法实施条例": ("67:0", ()),
    "中华人民共和国行政强制法": ("46:0,0,0", ()),
    "中华人民共和国生态环境法典": ("1102:0", ("法典",)),
    "中华人民共和国民法典": ("1102:0", ()),
    "中华人民共和国刑法": ("120-1:0,0", ()),
    "中华人民共和国固体废物污染环境防治法": ("112:13,0", ()),
    "中华人民共和国水污染防治法": ("83:4", ()),
    "中华人民共和国防沙治沙法": ("5:0", ()),
    "中华人民共和国农产品质量安全法": ("70:3,0", ()),
    "城市道路管理条例": ("42:6", ()),
    "审理示例案件若干问题的规定（一）": ("3:2 6:0", ()),
    "招牌、灯笼管理规则": ("3:0,0", ()),
    "违反灯笼规定处分办法": ("3:0", ()),
}
BOOK: LawBook = Snapshot.of(
    laws=[
        (LawVersion(title, date(2015, 1, 1), "原文", aliases=aliases), list(parse_structure(structure)))
        for title, (structure, aliases) in TITLES.items()
    ],
    repeals=[Repeal("中华人民共和国合同法", date(2021, 1, 1), "中华人民共和国民法典")],
).laws

ROWS = [
    ("处罚法59条", ["行政处罚法 59"]),
    ("处罚法59", ["行政处罚法 59"]),
    ("《处罚法》59", ["行政处罚法 59"]),
    ("查处罚法第33条", ["行政处罚法 33"]),
    ("食安法122", ["食品安全法 122"]),
    ("食品安全法 122条第1款", ["食品安全法 122 1"]),
    ("食品安全法１２２条第１款", ["食品安全法 122 1"]),
    ("食安法 一百二十四 一 五", ["食品安全法 124 1 5"]),
    ("食安法124 1 5", ["食品安全法 124 1 5"]),
    ("处罚法33 1", ["行政处罚法 33 1"]),
    ("处罚法32 1", ["行政处罚法 32 . 1"]),
    ("处罚法32（一）", ["行政处罚法 32 . 1"]),
    ("农安法70(1)(二)", ["农产品质量安全法 70 1 2"]),
    ("固废法112条1款一项", ["固体废物污染环境防治法 112 1 1"]),
    ("强制法四十六条", ["行政强制法 46"]),
    ("刑法120条之一", ["刑法 120-1"]),
    ("法典1102条", ["生态环境法典 1102", "民法典 1102"]),
    ("民法典1102", ["民法典 1102"]),
    ("食品安全法实施条例 67", ["食品安全法实施条例 67"]),
    ("城市道路管理条例42", ["城市道路管理条例 42"]),
    ("审理示例案件若干问题的规定（一）第 6 条", ["审理示例案件若干问题的规定（一） 6"]),
    ("处罚法、强制法46条", ["行政强制法 46"]),
    ("《食品安全法》第124条 一 五", ["食品安全法 124 1 5"]),
    ("食品安全法第一百二十四条 1 货值3000", ["食品安全法 124 1"]),
    ("食品安全法第一百二十四条 3000", ["食品安全法 124"]),
    ("食安法124 3000", ["食品安全法 124"]),
    ("违反灯笼规定处分办法3", ["违反灯笼规定处分办法 3"]),
    ("违反强制法46条", ["行政强制法 46"]),
    ("招牌、灯笼管理规则 3条 一", ["招牌、灯笼管理规则 3 1"]),
    ("审理示例案件若干问题的规定（一）6", ["审理示例案件若干问题的规定（一） 6"]),
    ("审理示例案件若干问题的规定（一） 3条 一", ["审理示例案件若干问题的规定（一） 3 . 1"]),
    ("未办证 食安法122 罚款", ["食品安全法 122"]),
    ("《中华人民共和国行政处罚法》第三十二条第（一）项", ["行政处罚法 32 . 1"]),
    ("合同法52 1", ["合同法 52 1"]),  # known only by its repeal
    # in doubt: nothing
    ("防治法5", []),
    ("污染防治法5", []),
    ("治安管理处罚法59", []),
    ("某某处罚法59", []),
    ("公路法77", []),
    ("无证餐饮 货值3000", []),
    ("餐饮 三千", []),
    ("罚款5万元", []),
    ("处罚法", []),
    ("59", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_typed(text: str, expected: list[str]) -> None:
    out = []
    for c in parse_loose(text, BOOK):
        number = f"{c.article}" + (f"-{c.article_suffix}" if c.article_suffix else "")
        levels = [str(n) if n else "." for n in (c.paragraph, c.item)]
        while levels and levels[-1] == ".":
            levels.pop()
        out.append(" ".join([str(c.resolved).removeprefix("中华人民共和国"), number, *levels]))
        assert c.text == text[c.start : c.end]
    assert out == expected


@given(st.text(st.sampled_from("处罚法食安典第条款项之一二十百（）()《》 1２9\n违反"), max_size=30))
def test_anything_typed_is_read(text: str) -> None:
    assert all(c.text == text[c.start : c.end] for c in parse_loose(text, BOOK))
