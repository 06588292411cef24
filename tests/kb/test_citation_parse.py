"""What is cited, and of which law: a table anyone can extend.

A row is (text, expected); expected holds one line a provision: ``title 条-之 款 项 目``, dots for what is not
cited. ``食品`` and the like stand for the titles of `SHORT`; ``?`` before a name means that no law is bound.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.citation import Citation, Context, find, format_citation, parse, read
from kb.laws import LawBook, LawVersion

SHORT = {
    "食品": "中华人民共和国食品安全法",
    "处罚": "中华人民共和国行政处罚法",
    "强制": "中华人民共和国行政强制法",
    "刑法": "中华人民共和国刑法",
    "劳动": "中华人民共和国劳动合同法",
    "种子": "中华人民共和国种子法",
    "法典": "中华人民共和国生态环境法典",
    "道路": "城市道路管理条例",
    "运输": "中华人民共和国道路运输条例",
    "兽药": "兽药管理条例",
    "行诉解释": "最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释",
    "福建": "福建省行政执法条例",
    "生态办法": "生态环境行政处罚办法",
    "环保": "中华人民共和国环境保护法",
    "刑七": "中华人民共和国刑法修正案（七）",
    "刑修": "中华人民共和国刑法修正案",
    "试行": "示例许可办法（试行）",
}
ALIASES = {"处罚": ("处罚法",), "食品": ("食安法",), "环保": ("环保法",)}
BOOK = LawBook(
    [
        LawVersion(title, date(2015, 1, 1), "原文", aliases=ALIASES.get(short, ()), key=n)
        for n, (short, title) in enumerate(SHORT.items(), 1)
    ]
)


def lines(citations: list[Citation]) -> list[str]:
    out = []
    names = {title: short for short, title in SHORT.items()}
    for c in citations:
        name = names[c.resolved] if c.resolved else "?" + c.law
        number = f"{c.article}" + (f"-{c.article_suffix}" if c.article_suffix else "")
        levels = [str(n) if n else "." for n in (c.paragraph, c.item, c.subitem)]
        while levels and levels[-1] == ".":
            levels.pop()
        out.append(" ".join([name, number, *levels]))
    return out


ROWS = [
    # levels
    ("《中华人民共和国食品安全法》第三十五条第一款", ["食品 35 1"]),
    ("《中华人民共和国种子法》第七十六条第一款第（一）项", ["种子 76 1 1"]),
    ("《中华人民共和国种子法》第七十九条第（二）项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十六条第一款第（一）项第2目", ["种子 76 1 1 2"]),
    ("《中华人民共和国种子法》第七十六条第一款第（一）项第二目的规定", ["种子 76 1 1 2"]),
    ("《中华人民共和国刑法》第一百二十条之一第一款", ["刑法 120-1 1"]),
    ("《中华人民共和国生态环境法典》第一千零九十五条第一款", ["法典 1095 1"]),
    # ways to write an item
    ("《中华人民共和国种子法》第七十九条第(二)项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十九条第㈡项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十九条第⑵项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十九条第二项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十九条（二）项", ["种子 79 . 2"]),
    ("《中华人民共和国种子法》第七十九条第（二）的规定", ["种子 79 . 2"]),
    # numerals
    ("《食品安全法》第59条", ["食品 59"]),
    ("《食品安全法》第５９条第１款", ["食品 59 1"]),
    ("《食品安全法》59条第1款", ["食品 59 1"]),
    ("《食品安全法》第一百〇二条", ["食品 102"]),
    ("《食品安全法》第一二二条", ["食品 122"]),
    ("《食品安全法》第廿三条第两款", ["食品 23 2"]),
    # lists
    ("《种子法》第七十六条第一款第（一）项、第（三）项", ["种子 76 1 1", "种子 76 1 3"]),
    ("《种子法》第七十六条第一款第（一）、（三）项", ["种子 76 1 1", "种子 76 1 3"]),
    ("《种子法》第七十六条第一款第（一）（三）项", ["种子 76 1 1", "种子 76 1 3"]),
    ("《种子法》第七十六条第二、三项", ["种子 76 . 2", "种子 76 . 3"]),
    ("《种子法》第九条第（三）项、第五十七条第（一）项", ["种子 9 . 3", "种子 57 . 1"]),
    ("《种子法》第十条第一款、第三款和第十二条", ["种子 10 1", "种子 10 3", "种子 12"]),
    ("《种子法》第十、十二条", ["种子 10", "种子 12"]),
    ("《种子法》第十条第一款第（一）项、第二款", ["种子 10 1 1", "种子 10 2"]),
    ("《种子法》第十条，第十二条的规定", ["种子 10", "种子 12"]),
    ("《种子法》第十条的规定和第十二条的规定", ["种子 10", "种子 12"]),
    ("《种子法》第十条以及第十二条", ["种子 10", "种子 12"]),
    # ranges
    ("《种子法》第十条至第十二条", ["种子 10", "种子 11", "种子 12"]),
    ("《种子法》第十至十二条", ["种子 10", "种子 11", "种子 12"]),
    ("《种子法》第七十六条第一款第（一）至（三）项", ["种子 76 1 1", "种子 76 1 2", "种子 76 1 3"]),
    (
        "《种子法》第七十六条第一款第（一）项至第（三）项",
        ["种子 76 1 1", "种子 76 1 2", "种子 76 1 3"],
    ),
    ("《种子法》第十条第一款至第三款", ["种子 10 1", "种子 10 2", "种子 10 3"]),
    ("《刑法》第一百二十条之一至第一百二十条之三", ["刑法 120-1", "刑法 120-2", "刑法 120-3"]),
    # several laws: each keeps its own
    (
        "违反了《中华人民共和国食品安全法》第三十五条第一款的规定，依据《中华人民共和国行政处罚法》第三十二条第（一）项",
        ["食品 35 1", "处罚 32 . 1"],
    ),
    ("《食品安全法》、《种子法》第三十三条第三款", ["种子 33 3"]),
    ("《城市道路管理条例》第四十二条、《兽药管理条例》第六十二条", ["道路 42", "兽药 62"]),
    # titles in titles, notes between title and article, chapters
    (
        "《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》第六十四条",
        ["行诉解释 64"],
    ),
    (
        "《最高人民法院关于适用《中华人民共和国行政诉讼法》的解释》第六十四条",
        ["行诉解释 64"],
    ),
    ("《食品安全法》（2021年修正）第一百二十二条", ["食品 122"]),
    ("《生态环境行政处罚办法》（生态环境部令第30号）第四十条", ["生态办法 40"]),
    ("《福建省行政执法条例》(2019年修订,以下简称《执法条例》)第十条", ["福建 10"]),
    ("《食品安全法》第九章第一百二十二条第一款", ["食品 122 1"]),
    ("《食品安全法》的第三十五条", ["食品 35"]),
    ("《刑法修正案（七）》第三条", ["刑七 3"]),
    ("《刑法修正案》（七）第三条", ["刑七 3"]),
    ("根据刑法修正案（七）第三条", ["刑七 3"]),
    ("根据刑法修正案（九）第三条", ["?刑法修正案（九） 3"]),
    ("《刑法修正案（九）》第三条", ["?刑法修正案（九） 3"]),
    ("《示例许可办法》（试行）第三条", ["试行 3"]),
    ("《示例许可办法》第三条", ["?示例许可办法 3"]),
    # white space and line breaks inside
    ("《中华人民共和国\n食品安全法》 第 三十五 条\n第一款", ["食品 35 1"]),
    ("《中华人民共和国食品安全法》第一百　二十二条", ["食品 122"]),
    # short names defined in the text
    (
        "《中华人民共和国行政处罚法》（以下简称《处罚法》）第三十二条。《处罚法》第三十三条第一款。",
        ["处罚 32", "处罚 33 1"],
    ),
    ("《中华人民共和国种子法》（以下简称“本法规”）。根据本法规第五条", ["种子 5"]),
    ("《中华人民共和国种子法》（下称种子法）第五条，违反种子法第六条", ["种子 5", "种子 6"]),
    ("《福建省行政执法条例》（以下简称《条例》）。依据《条例》第十条", ["福建 10"]),
    # names without 《》
    ("依照中华人民共和国种子法第七十九条处罚", ["种子 79"]),
    ("根据行政处罚法第三十二条", ["处罚 32"]),
    ("违反了食品安全法第三十五条和行政强制法第十八条", ["食品 35", "强制 18"]),
    ("适用刑法第一百二十条之一", ["刑法 120-1"]),
    ("依照〈中华人民共和国种子法〉第五条", ["种子 5"]),
    ("依照<中华人民共和国种子法>第五条", ["种子 5"]),
    ("依照《中华人民共和国种子法第五条", ["种子 5"]),
    ("依照中华人民共和国种子法（2021年修正）第五条", ["种子 5"]),
    ("用人单位依照劳动合同法第四十七条支付", ["劳动 47"]),
    # a longer name that is not loaded is never its tail
    ("依照治安管理处罚法第五条", ["?治安管理处罚法 5"]),
    ("依照海洋环境保护法第五条", ["?海洋环境保护法 5"]),
    ("依照安溪县城市道路管理条例第五条", ["?安溪县城市道路管理条例 5"]),
    ("《中华人民共和国海洋环境保护法》第五条", ["?中华人民共和国海洋环境保护法 5"]),
    (
        "《中华人民共和国食品卫生法》第五条、第六条",
        ["?中华人民共和国食品卫生法 5", "?中华人民共和国食品卫生法 6"],
    ),
    ("依照香港特别行政区基本法第五条", ["?香港特别行政区基本法 5"]),
    # by context
    ("《种子法》第五条，该法第六条第二款", ["种子 5", "种子 6 2"]),
    ("《行政处罚法》第五条、《城市道路管理条例》第六条，该法第七条", ["处罚 5", "道路 6", "处罚 7"]),
    ("《行政处罚法》第五条、《城市道路管理条例》第六条，该条例第七条", ["处罚 5", "道路 6", "道路 7"]),
    ("《种子法》第五条、同法第六条", ["种子 5", "种子 6"]),
    (
        "《种子法》第七十九条规定：“违反本法第二十一条规定，依照本法第七十条处罚”",
        ["种子 79", "种子 21", "种子 70"],
    ),
    ("《种子法》第五条第一款规定了处罚，本条第二款另有规定", ["种子 5 1", "种子 5 2"]),
    ("《种子法》第五条第一款规定了处罚；该条第二款另有规定", ["种子 5 1", "种子 5 2"]),
    ("《种子法》第五条第一款、同条第三款", ["种子 5 1", "种子 5 3"]),
    ("《种子法》第五条第二款规定：“有前款第（一）项行为的”", ["种子 5 2", "种子 5 1 1"]),
    ("《种子法》第五条第二款规定：“有前款规定行为的”", ["种子 5 2", "种子 5 1"]),
    ("《种子法》第五条规定：“违反前条第二款的”", ["种子 5", "种子 4 2"]),
    # by context, in doubt: bound to nothing
    ("违反本法第三条，依照《种子法》第五条处罚；违反本法第六条", ["?本法 3", "种子 5", "?本法 6"]),
    ("《种子法》第五条、《食品安全法》第六条。本法第七条", ["种子 5", "食品 6", "?本法 7"]),
    ("《城市道路管理条例》第五条。该法第七条", ["道路 5", "?该法 7"]),
    ("违反本条第二款，依照《种子法》第五条处罚，违反本条第三款", ["种子 5"]),
    ("依照《种子法》第五条处罚。情节严重的，依照本条第（一）项处罚", ["种子 5"]),
    ("依照种子法第五条处罚，情节严重的，依照本条第（一）项处罚", ["种子 5"]),
    ("依照本法第五条第二款处罚，情节严重的，依照前款处罚", ["?本法 5 2"]),
    ("第五条　依照《种子法》第五条处罚，情节严重的，依照本条第（一）项处罚", ["种子 5"]),
    # lists and ranges of 目, ranges that end in 之N, 第 left out
    ("《种子法》第七十九条第（二）项第1目、第3目", ["种子 79 . 2 1", "种子 79 . 2 3"]),
    ("《种子法》第七十九条第（二）项第1、2目", ["种子 79 . 2 1", "种子 79 . 2 2"]),
    ("《种子法》第七十九条第（二）项第1目至第3目", ["种子 79 . 2 1", "种子 79 . 2 2", "种子 79 . 2 3"]),
    ("《种子法》第七十九条第㈠项至第㈢项", ["种子 79 . 1", "种子 79 . 2", "种子 79 . 3"]),
    ("《种子法》第七十九条，第㈢项", ["种子 79", "种子 79 . 3"]),
    ("《刑法》第二百一十八条至第二百一十九条之一", ["刑法 218", "刑法 219", "刑法 219-1"]),
    ("《种子法》第七十七条和七十九条的规定", ["种子 77", "种子 79"]),
    ("《种子法》第七十七条和三条道路", ["种子 77"]),
    ("《种子法》第七十七条、两条意见", ["种子 77"]),
    ("《刑法》第二百四十四条后增加一条，作为第二百四十四条之一", ["刑法 244", "刑法 244-1"]),
    ("《种子法》第三十条增加一款，作为第二款", ["种子 30", "种子 30 2"]),
    ("《刑法》第一百二十条之一、之三和之五", ["刑法 120-1", "刑法 120-3", "刑法 120-5"]),
    ("《刑法》第一百二十条之一至之三", ["刑法 120-1", "刑法 120-2", "刑法 120-3"]),
    ("《刑法》第一百二十条之一般规定", ["刑法 120"]),
    ("《刑法》第一百二十条之一、之十十", ["刑法 120-1"]),
    ("《种子法》第十条第一款、三款的规定", ["种子 10 1", "种子 10 3"]),
    ("《种子法》第十条第一款至三款", ["种子 10 1", "种子 10 2", "种子 10 3"]),
    ("《种子法》第十条第一款、三款产品", ["种子 10 1"]),
    ("《种子法》第十条一款三项", ["种子 10 1 3"]),
    ("《种子法》第十条三款产品", ["种子 10"]),
    ("《种子法》第十条的第二款", ["种子 10 2"]),
    ("《种子法》第十条第①项、第③项", ["种子 10 . 1", "种子 10 . 3"]),
    ("《种子法》第十条第（一）项（二）项", ["种子 10 . 1", "种子 10 . 2"]),
    ("《种子法》第十条、以及第十一条", ["种子 10", "种子 11"]),
    ("《种子法》第十条和/或第十一条", ["种子 10", "种子 11"]),
    ("《种子法》第十条（登记）、第十一条第一款（审定）", ["种子 10", "种子 11 1"]),
    ("《种子法》第十条第一款，第二款的规定", ["种子 10 1", "种子 10 2"]),
    ("《种子法》第十条规定的标准和第十一条规定的程序", ["种子 10", "种子 11"]),
    ("《种子法》三十条第一款", ["种子 30 1"]),
    ("《种子法》34、35条", ["种子 34", "种子 35"]),
    ("《种子法》十条意见", []),
    ("按种子法三十条处理、违反种子法30条", ["种子 30"]),
    ("依法三十条规定", []),
    # marks and notes that went wrong
    ("《种子法第三十条》", ["种子 30"]),
    ("《关于适用〈种子法〉第三十条的解释》", []),
    ("<<种子法>>第三十条", ["种子 30"]),
    ("《《种子法》》第三十条", ["种子 30"]),
    ("《种子法》[2021年修正]第三十条", ["种子 30"]),
    ("《种子法》2021年修正版第三十条", ["种子 30"]),
    ("《种子法》规定的第三十条", ["种子 30"]),
    ("《种子法》第七章法律责任第三十条", ["种子 30"]),
    # implementing rules of a law
    ("《道路运输法》及其实施条例第三十条", ["?道路运输法实施条例 30"]),
    ("《种子法》实施细则第三十条", ["?中华人民共和国种子法实施细则 30"]),
    ("实施细则第三十条", []),
    # short names of several laws at once
    ("《种子法》《刑法》（以下分别简称《甲法》《乙法》）。《甲法》第五条", ["?甲法 5"]),
    ("有关规定（种子法第三十条）", ["种子 30"]),
    ("依据民法典合同编第五百零九条", ["?民法典 509"]),
    # papers
    ("《员工手册》第三条、《民事判决书》第二项、《业主公约》第五条", []),
    ("依照公司考勤管理办法第三条", []),
    # lists that quoted text interrupts
    ("《种子法》第十条“登记”、第十二条“审定”和第十三条第二款", ["种子 10", "种子 12", "种子 13 2"]),
    ("《种子法》第十条第一款规定：“应当登记。”第二款规定：“逾期的，重办。”", ["种子 10 1", "种子 10 2"]),
    ("《种子法》第十条规定：“应当登记。”第十二条规定：“逾期的，重办。”", ["种子 10", "种子 12"]),
    ("《种子法》第十条规定：“应当登记。”第二款产品合格", ["种子 10"]),
    ("甲说：“《种子法》第十条规定”，第二款规定", ["种子 10"]),
    # the same law told on, in the same words or after a pause
    ("《种子法》第十六条所称种子和第十九条所称品种", ["种子 16", "种子 19"]),
    ("《种子法》第十条规定的登记、第十一条第一款规定的审定", ["种子 10", "种子 11 1"]),
    ("《种子法》第十条第一款规定的登记或者第三款规定的审定", ["种子 10 1", "种子 10 3"]),
    ("《种子法》第十条规定的登记和第三条道路", ["种子 10"]),
    ("《种子法》第十条规定了登记；第十二条规定了审定", ["种子 10", "种子 12"]),
    ("《种子法》第十条第一款规定，应当登记；第二款规定，逾期重办", ["种子 10 1", "种子 10 2"]),
    ("《种子法》第十条第一款规定，应当登记。第二款规定，逾期重办", ["种子 10 1", "种子 10 2"]),
    ("《种子法》第十条规定，应当登记，合同另有约定；第十二条规定，逾期重办", ["种子 10"]),
    ("《种子法》第十条规定，应当登记；第十二条道路", ["种子 10"]),
    ("《种子法》第十条规定，应当登记。第十二条规定的情形", ["种子 10"]),
    ("《种子法》规定了两档罚款：第八十三条第（一）项、第（二）项", ["种子 83 . 1", "种子 83 . 2"]),
    ("《种子法》规定了两档罚款。当事人提出：第三条短信", []),
    ("《种子法》第二十八条规定：“有第一款行为的，依照第二款处罚”", ["种子 28", "种子 28 1", "种子 28 2"]),
    ("《种子法》第二十八条规定：“第一款产品”", ["种子 28"]),
    # the other number of the same provision in a remark
    ("《种子法》（2015年修订）第八条第一款（现行第九条第一款）、第十条", ["种子 8 1", "种子 9 1", "种子 10"]),
    ("《种子法》第三十三条（原第二十七条）", ["种子 33", "种子 27"]),
    ("《种子法》第三十三条[修订前的第二十七条]", ["种子 33", "种子 27"]),
    # the levels behind 所列, in a bracket, without 第
    ("《种子法》第十条所列第(六)至第(八)项", ["种子 10 . 6", "种子 10 . 7", "种子 10 . 8"]),
    ("《种子法》第十条规定的第二款", ["种子 10 2"]),
    ("《种子法》第十条规定的第二款产品", ["种子 10"]),
    ("《种子法》第十条（第一款第（二）项）、第十一条", ["种子 10 1 2", "种子 11"]),
    ("《种子法》第十条（第一款除外）", ["种子 10"]),
    ("《种子法》第十条（一）款", ["种子 10 1"]),
    ("《种子法》第十条第一款 第二款", ["种子 10 1", "种子 10 2"]),
    ("《种子法》第十条第二项、第三项业务", ["种子 10 . 2", "种子 10 . 3"]),
    ("《种子法》第十条(四)所规定的情况", ["种子 10 . 4"]),
    ("《种子法》第十条（2021）的规定、第十条（四）责令改正", ["种子 10", "种子 10"]),
    # between title and article
    ("《种子法》，第三十条第一款的规定", ["种子 30 1"]),
    ("《种子法》，第三十条道路", []),
    ("《种子法》关于许可的第三十条", ["种子 30"]),
    ("《种子法》自第三十条至第三十二条", ["种子 30", "种子 31", "种子 32"]),
    ("《种子法》所规定的第三十条、《刑法》里面第五条", ["种子 30", "刑法 5"]),
    ("《种子法》序言及第三十条", ["种子 30"]),
    ("《生态环境法典》污染防治编总则第一百零七条", ["法典 107"]),
    ("《种子法》，以下简称《种》，第三十条；《种》第三十一条", ["种子 30", "?种 31"]),
    ("《种子法》，以下简称“种法”。依据“种法”第三十一条", ["种子 31"]),
    ("《种子法》\n\n第三十条第一款的规定", ["种子 30 1"]),
    # round brackets and straight quotes for 《》, and the law after its article
    ("违反（种子法）第三十条的规定", ["种子 30"]),
    ("公司（种子法）第三十条", []),
    ("违反'种子法'第三十条", ["种子 30"]),
    ("依据第三十条第一款《种子法》的规定", ["种子 30 1"]),
    ("第三十条第一款（《种子法》）", ["种子 30 1"]),
    ("第三十条《种子法》", []),
    ("依据第三十条《种子法》第五条", ["种子 5"]),
    ("依据第三十条《房屋租赁合同》", []),
    # the article in a bracket after the title, other brackets for 《》, half a name in them
    ("《种子法》（第三十条第一款）、《刑法》的规定（第五条、第六条）", ["种子 30 1", "刑法 5", "刑法 6"]),
    ("《种子法》（第三十条修改为登记）", []),
    ("《种子法》，即第三十条", ["种子 30"]),
    ("根据《种子法》**第三十条**", ["种子 30"]),
    ("违反【种子法】第三十条、违反[刑法]第五条、违反«刑法»第六条", ["种子 30", "刑法 5", "刑法 6"]),
    ("违反〈种子法》第三十条", ["种子 30"]),
    ("《种子法》及其《实施条例》第三十条", ["?中华人民共和国种子法实施条例 30"]),
    ("《种子法》第三条；该《办法》第五条、此法第六条", ["种子 3", "?办法 5", "种子 6"]),
    ("《种子法》第三条、《生态环境行政处罚办法》第四十条，该法第六条", ["种子 3", "生态办法 40", "种子 6"]),
    ("《种子法》第三十条（一）、《刑法》第五条(二)之规定", ["种子 30 . 1", "刑法 5 . 2"]),
    ("《种子法》第三十条第（一）、（三）两项", ["种子 30 . 1", "种子 30 . 3"]),
    ("《种子法》第三十条第一款前半句、第二款", ["种子 30 1", "种子 30 2"]),
    ("《种子法》第三十条第一款之（二）项", ["种子 30 1 2"]),
    ("《种子法》第三十条第一款：应当登记。第三十一条：应当审定。", ["种子 30 1", "种子 31"]),
    # inside a quotation of a law
    ("《种子法》第三十条规定：“不符合第二十七条规定的”", ["种子 30", "种子 27"]),
    ("《种子法》第三十条修改为：“第三十一条 种子应当登记", ["种子 30"]),
    ("《种子法》第三十条规定：“依照合同第二十七条”", ["种子 30"]),
    # names without 《》
    ("依照民法典第三编合同第五百零九条", ["?民法典 509"]),
    ("种子、苗木和行政强制法第五条", ["强制 5"]),
    ("本安排第五条、本规范第六条", ["?本安排 5", "?本规范 6"]),
    ("《种子法》第十条第一款规定：“应当登记。”，第二款规定：“逾期的，重办。”", ["种子 10 1", "种子 10 2"]),
    ("甲说“行”、第十二条", []),
    # parts of a law between title and article, and alone
    ("《种子法》总则第三条", ["种子 3"]),
    ("依照种子法附则第九十条", ["种子 90"]),
    ("《中华人民共和国生态环境法典》污染防治编第一百零七条", ["法典 107"]),
    ("《种子法》和刑法分则第一百二十条", ["刑法 120"]),
    # words before a name without 《》
    ("不得超过行政处罚法第五十条规定的期限", ["处罚 50"]),
    ("可以认定为行政处罚法第五条", ["处罚 5"]),
    ("有违反、不受行政处罚法第五条限制", ["处罚 5"]),
    ("（三）种子法第五条", ["种子 5"]),
    ("办理行政处罚法第五条的事项", ["处罚 5"]),
    ("依据刑法第五条、种子法第六条", ["刑法 5", "种子 6"]),
    ("不具有专利法第二十三条", ["?专利法 23"]),
    ("数据行政处罚法第五条", ["?数据行政处罚法 5"]),
    ("国有种子法第五条", ["?国有种子法 5"]),
    ("依照专利合作条约第二十三条第二款", ["?专利合作条约 23 2"]),
    ("按照业主公约第三条", []),
    # 前两款 and 本款
    ("《种子法》第五条第三款规定：“前两款规定的”", ["种子 5 3", "种子 5 1", "种子 5 2"]),
    ("《种子法》第五条第二款规定：“前两款规定的”", ["种子 5 2"]),
    ("《种子法》第五条第一款，适用本款第（一）项", ["种子 5 1", "种子 5 1 1"]),
    ("《种子法》第五条规定：“犯本章第二十条规定的”", ["种子 5", "种子 20"]),
    ("犯本章第二十条规定的", []),
    ("构成本法第二十条规定的违法行为", ["?本法 20"]),
    # a law that is only named does not become 本法; one that is cited does
    ("依照《种子法》的规定，审核本法第三十三条的材料", ["?本法 33"]),
    ("违反《种子法》第五条，依照本法第七十九条", ["种子 5", "种子 79"]),
    # a name never reaches over a paragraph
    ("依照中华人民共和国种子法（国务院令第1号）\n\n第三条的规定", []),
    # not citations
    ("走出第三条道路", []),
    ("《种子法》第五条、第三条道路", ["种子 5"]),
    ("《种子法》第五条、第一款产品", ["种子 5"]),
    ("《种子法》第五条，第二项工程", ["种子 5"]),
    ("按照合同第五条", []),
    ("《种子法》第五条和合同第六条、第七条", ["种子 5"]),
    ("《房屋租赁合同》第五条、第六条", []),
    ("《种子法》第五条。《询问笔录》第三条", ["种子 5"]),
    ("《种子法》第五条。本通知第二条、第三条", ["种子 5"]),
    ("《种子法》第五条。公司章程第八条", ["种子 5"]),
    ("第三条件、第五款式、第二项目、第一目标", []),
    ("《种子法》第五条第一款式", ["种子 5"]),
    ("国办发〔2022〕27号第三条意见", []),
    ("GB 2760-2024 第5条", []),
    ("他的做法第五条", []),
    ("《种子法》", []),
    ("《种子法》第三章", []),
    ("《种子法》\n\n第五条 种子企业应当登记。", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_provisions(text: str, expected: list[str]) -> None:
    found = parse(text, BOOK)
    assert lines(found) == expected
    assert all(c.text == text[c.start : c.end] for c in found)


def test_offsets_and_json() -> None:
    text = "当事人违反了《食品安全法》第三十五条\n第一款、第三十六条的规定。"
    first, second = parse(text, BOOK)
    assert first.to_dict() == {
        "text": "《食品安全法》第三十五条\n第一款",
        "start": 6,
        "end": 22,
        "law": "食品安全法",
        "resolved": "中华人民共和国食品安全法",
        "article": 35,
        "article_suffix": None,
        "paragraph": 1,
        "item": None,
        "subitem": None,
    }
    assert second.text == "第三十六条"


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("《处罚法》第五条", ["处罚法"]),
        (
            "《中华人民共和国行政处罚法》（以下简称《罚法》）第五条、《罚法》第六条",
            ["中华人民共和国行政处罚法"] * 2,
        ),
        ("《行政处罚法》第五条、该法第六条", ["行政处罚法", "行政处罚法"]),
        ("《食品卫生法》第五条", ["食品卫生法"]),
    ],
)
def test_the_title_as_written(text: str, laws: list[str]) -> None:
    assert [c.law for c in parse(text, BOOK)] == laws


def test_without_a_book_nothing_is_resolved() -> None:
    (found,) = parse("违反《食品安全法》第三十五条第一款")
    assert (found.law, found.resolved, found.article, found.paragraph) == ("食品安全法", None, 35, 1)


def test_members_of_a_range_show_where_they_stand() -> None:
    text = "依据《种子法》第十条至第十二条"
    assert [c.text for c in parse(text, BOOK)] == [
        "《种子法》第十条",
        "《种子法》第十条至第十二条",
        "第十二条",
    ]


def test_context_goes_from_paragraph_to_paragraph() -> None:
    first = read("《中华人民共和国种子法》（以下简称《条款》）第五条。", BOOK)
    later = read("依据《条款》第六条和该法第七条。", BOOK, first.context)
    assert lines(list(later.citations)) == ["种子 6", "种子 7"]
    assert lines(parse("依据该法第七条。", BOOK)) == ["?该法 7"]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        # opened in one paragraph, closed in a later one
        (["依照本法第七条处罚。", "本法第八条除外。”该法第九条"], "种* 种* 种"),
        # a “ at the head of each paragraph
        (["“依照本法第七条处罚。", "“本法第八条除外。”该法第九条"], "种* 种* 种"),
        # an author's own citation, or a new quotation, shows that the mark was forgotten
        (["依照《刑法》第三条，本法第七条"], "刑 ?"),
        (["甲说：“违反本法第七条”"], "?"),
    ],
)
def test_quotations_over_paragraphs(paragraphs: list[str], expected: str) -> None:
    assert told(["《种子法》第五条规定：“违反规定的，", *paragraphs]) == expected


@pytest.mark.parametrize(
    ("before", "expected"), [("《种子法》第五条规定：", "种*"), ("《种子法》第五条规定。", "?")]
)
def test_a_quotation_announced_in_the_paragraph_before(before: str, expected: str) -> None:
    assert told([before, "“违反规定的，依照本法第七条处罚。”"]) == expected


def told(paragraphs: list[str]) -> str:
    """What the paragraphs after the first cite: the law, and * where it is quoted."""
    context, out = Context(), []
    names = {SHORT["种子"]: "种", SHORT["刑法"]: "刑", None: "?"}
    for n, text in enumerate(paragraphs):
        reading = read(text, BOOK, context)
        context = reading.context
        out += [names[c.resolved] + "*" * c.quoted for c in reading.citations if n]
    return " ".join(out)


def test_a_quotation_that_is_never_closed_ends() -> None:
    context = read("《种子法》第五条规定：“违反规定的", BOOK).context
    for _ in range(20):
        reading = read("违反本法第七条，罚款。", BOOK, context)
        context = reading.context
    assert not any(c.quoted for c in reading.citations)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不符合 GB 2760-2024 和 GB/T 9704—2012", ["standard GB 2760-2024", "standard GB/T 9704—2012"]),
        ("DB35/T 1234-2020、HJ 2.2-2018", ["standard DB35/T 1234-2020", "standard HJ 2.2-2018"]),
        ("根据国办发〔2022〕27号第三条", ["number 国办发〔2022〕27号"]),
        ("《某某意见》（闽司〔2023〕8 号）", ["number 闽司〔2023〕8 号"]),
        ("依照生态环境部令第30号", ["order 生态环境部令第30号"]),
        ("生态环境部令第30号和国务院令第 709 号", ["order 生态环境部令第30号", "order 国务院令第 709 号"]),
        ("（2021）闽01行终12号", ["case （2021）闽01行终12号"]),
        ("《种子法》第三章第一节规定", ["chapter 第三章第一节 种子"]),
        ("依照《种子法》第七章第七十九条", []),
        ("见附件2和附表一", ["annex 附件2", "annex 附表一"]),
        ("《种子法》附件的", ["annex 附件 种子"]),
        ("合同编号HT-2024，车牌闽A12345，附件夹", []),
    ],
)
def test_other_references_are_what_they_are(text: str, expected: list[str]) -> None:
    reading = read(text, BOOK)
    names = {title: short for short, title in SHORT.items()}
    assert [
        f"{o.kind} {o.text} {names.get(o.resolved or '', '')}".strip() for o in reading.others
    ] == expected
    assert all(o.text == text[o.start : o.end] for o in reading.others)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("以及《种子法》等有关规定", ["种子"]),
        ("依据《种子法》《刑法》等有关规定", ["种子", "刑法"]),
        ("依据《刑法》第五条、《种子法》等有关规定", ["种子"]),
        ("以及种子法等有关规定", ["种子"]),
        ("违反《种子法》的规定", ["种子"]),
        ("违反了种子法的规定", ["种子"]),
        ("违反《种子法》的规定和《刑法》第五条", ["种子"]),
        ("学习《种子法》，了解种子法的规定", []),
        ("《刑法》第五条规定：“违反《种子法》的规定的”", []),
        ("违反海洋种子法的规定", []),
    ],
)
def test_laws_that_are_a_basis_without_an_article(text: str, expected: list[str]) -> None:
    names = {title: short for short, title in SHORT.items()}
    named = read(text, BOOK).named
    assert [names[c.resolved or ""] for c in named] == expected
    assert all(c.text == text[c.start : c.end] and c.article is None for c in named)


def test_an_instrument_cites_itself_without_a_name() -> None:
    own = Context(own=SHORT["道路"])
    text = "第二十条　除第三条第二款、第五条外，违反第六条的，依照合同第七条办理。"
    assert lines(list(read(text, BOOK, own).citations)) == ["道路 3 2", "道路 5", "道路 6"]
    assert lines(parse(text, BOOK)) == []
    decision = Context(own="关于修改〈城市道路管理条例〉的决定")
    assert lines(list(read("将第三条修改为", BOOK, decision).citations)) == []


def test_a_list_never_crosses_a_paragraph() -> None:
    first = read("《中华人民共和国种子法》第五条、", BOOK)
    assert read("第六条的规定", BOOK, first.context).citations == ()


def test_an_instrument_of_its_own() -> None:
    own = Context(own="城市道路管理条例", statute=True)
    found = read("违反本条例第二十七条，依照《种子法》第五条；违反本条例第三十条", BOOK, own)
    assert lines(list(found.citations)) == ["道路 27", "种子 5", "道路 30"]
    assert all(c.quoted for c in found.citations)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("违反了《食品安全法》第三十五条的规定，依据第一百二十二条第一款的规定", "no_law"),
        ("违反了《食品安全法》的规定", "no_article"),
        ("依据《食品安全法》第一百二十二条等法律规定", "catch_all"),
        ("依据《食品安全法》第一百二十二条等有关规定", "catch_all"),
        ("依据有关法律、法规的规定", "catch_all"),
    ],
)
def test_gaps(text: str, kind: str) -> None:
    assert [g.kind for g in read(text, BOOK).gaps] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "《种子法》第五条规定：“依照有关法律的规定处罚，违反第三条第一款规定的”",
        "根据合同第五条的规定",
        "第五条　根据第三条的规定，由市场监管部门处罚。",
        "现行《食品安全法》共十章",
    ],
)
def test_no_gap(text: str) -> None:
    assert read(text, BOOK).gaps == ()


TITLES = st.sampled_from(sorted(SHORT.values()))
NUMBERS = st.integers(1, 1500)


@given(
    TITLES,
    NUMBERS,
    st.integers(0, 9),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 25),
    st.none() | st.integers(1, 9),
    st.sampled_from(["", " ", "\n", "　", "\u200b"]),
)
def test_format_then_parse(
    law: str,
    article: int,
    suffix: int,
    paragraph: int | None,
    item: int | None,
    subitem: int | None,
    space: str,
) -> None:
    subitem = subitem if item else None
    written = format_citation(law, article, suffix, paragraph, item, subitem)
    text = "依据" + space.join(written) + "。"
    (c,) = parse(text, BOOK)
    assert (c.resolved, c.article, c.article_suffix or 0) == (law, article, suffix)
    assert (c.paragraph, c.item, c.subitem) == (paragraph, item, subitem)
    assert c.text == text[c.start : c.end] == space.join(written)
    again = format_citation(c.resolved or "", c.article or 0, suffix, c.paragraph, c.item, c.subitem)
    assert again == written


ALPHABET = st.sampled_from(
    [
        *"《》〈〉<>“”第条款项目之一二十百（）()、，。；至和该本同法例前1９〇\n 　的规定简称以下等",
        *"①㈠⑴【】[]〔〕/.编章节附件令号G规范其",
        "种子法",
        "第五条",
        "实施条例",
        "后增加一条，作为",
        "2760-2024",
        "〔2022〕27号",
    ]
)


@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_any_text_is_read_and_offsets_hold(text: str) -> None:
    quoting = replace(read("《种子法》第五条：“", BOOK).context, own=SHORT["种子"])
    for context in (Context(), quoting):
        reading = read(text, BOOK, context)
        assert all(c.text == text[c.start : c.end] and c.article is not None for c in reading.citations)
        assert all(n.text == text[n.start : n.end] for n in reading.named)
        assert all(o.text == text[o.start : o.end] for o in reading.others)
        assert all(gap.text == text[gap.start : gap.end] for gap in reading.gaps)
    for f in find(text):
        assert 0 <= f.start < f.end <= len(text)


@given(st.text(max_size=80))
def test_any_unicode(text: str) -> None:
    assert all(c.text == text[c.start : c.end] for c in parse(text, BOOK))


@pytest.mark.parametrize(
    "piece",
    [
        *("《", "第一条第", "第一、", "（", "本法第一条“", "第一条至第九千条", "《种子法》第一条、"),
        *("《种子法》", "《种子法》第一条“\n\n", "种子法的规定", "第一章", "GB", "合同编", "[2022"),
        *("第一条之一、之二", "第一条（一）", "第一条规定的标准和"),
    ],
)
def test_long_and_odd_texts_are_read_in_linear_time(piece: str) -> None:
    took = []
    for count in (2_000, 16_000):
        start = perf_counter()
        read(piece * count, BOOK)
        took.append(perf_counter() - start)
    assert took[1] < 30 * took[0] + 0.5  # quadratic would be 64 times
