"""Heads: history, level, maker, number, and the first day in force, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from kb.importing.law_heads import Head, day_in_name, days_in, in_force_from, level_of, read_head
from kb.importing.law_structure import build
from kb.importing.law_text import Line
from kb.laws import Article

NPC = "2001年2月3日第九届全国人民代表大会常务委员会第二十次会议通过"
REVISED = "2019年4月5日第十三届全国人民代表大会常务委员会第十次会议修订"
AMENDED = "根据2010年6月7日第十一届全国人民代表大会常务委员会第九次会议《关于修改〈灯法〉的决定》第一次修正"
ORDER = "2003年8月9日 中华人民共和国国务院令第888号公布"


HISTORIES = [
    ([NPC], [("2001-02-03", "通过")]),
    ([NPC, AMENDED, REVISED], [("2001-02-03", "通过"), ("2010-06-07", "修正"), ("2019-04-05", "修订")]),
    (
        [f"（{NPC}　{AMENDED}　{REVISED}）"],
        [("2001-02-03", "通过"), ("2010-06-07", "修正"), ("2019-04-05", "修订")],
    ),
    (["2003年7月9日 国务院第12次常务会议通过", ORDER], [("2003-08-09", "通过")]),
    (
        [ORDER, "2011年1月8日 《国务院关于修改部分灯规的决定》修订）"],
        [("2003-08-09", "公布"), ("2011-01-08", "修订")],
    ),
    (["1987年1月2日 国务院批准", "1987年2月3日 轻工业部发布"], [("1987-02-03", "批准")]),
    (
        [NPC, "2005年6月7日 第十届全国人民代表大会常务委员会第九次会议通过的《灯法修正案》"],
        [("2001-02-03", "通过"), ("2005-06-07", "修正")],
    ),
    ([NPC, "2001年5月1日 施行"], [("2001-02-03", "通过")]),
    (
        ["２０１２年１２月３日 部长办公会议通过", "２０１２年１２月１９日 灯部令第１２５号发布，"],
        [("2012-12-19", "通过")],
    ),
    (["为了落实2000年1月1日通过的文件，制定本法。"], []),
    (["2001年2月30日第九届全国人民代表大会常务委员会通过"], []),
    (["2020年1月2日 《关于修改《灯", "《笼法》的决定》第一次修正"], [("2020-01-02", "修正")]),
    ([], []),
]


@pytest.mark.parametrize(("head", "history"), HISTORIES)
def test_history(head: list[str], history: list[tuple[str, str]]) -> None:
    assert [(str(h.day), h.act) for h in read_head(head).history] == history


MAKERS = [
    ([NPC], "全国人民代表大会常务委员会", ""),
    (["1990年4月4日第七届全国人民代表大会第三次会议通过"], "全国人民代表大会", ""),
    ([ORDER], "国务院", "中华人民共和国国务院令第888号"),
    (["2022年3月4日 国家灯笼监督管理总局令第9号公布"], "国家灯笼监督管理总局", "国家灯笼监督管理总局令第9号"),
    (["2015年1月2日 最高人民法院审判委员会第10次会议通过"], "最高人民法院", ""),
    (["2015年1月2日福建省第十二届人民代表大会常务委员会第一次会议通过"], "福建省人民代表大会常务委员会", ""),
    (["2015年1月2日 泉州市人民政府令第3号公布"], "泉州市人民政府", "泉州市人民政府令第3号"),
    (
        [f"{NPC}", "2001年2月3日中华人民共和国主席令第五十号公布"],
        "全国人民代表大会常务委员会",
        "中华人民共和国主席令第五十号",
    ),
]


@pytest.mark.parametrize(("head", "issuer", "number"), MAKERS)
def test_maker_and_number(head: list[str], issuer: str, number: str) -> None:
    read = read_head(head)
    assert (read.issuer, read.number) == (issuer, number)


LEVELS = [
    ("行政法规/灯.md", "灯条例", [ORDER], "行政法规"),
    ("部门规章/灯部/灯.md", "灯办法", [], "部门规章"),
    ("司法解释/灯.md", "灯的解释", [], "司法解释"),
    ("经济法/灯.md", "中华人民共和国灯法", [NPC], "法律"),
    ("宪法相关法/宪法.md", "中华人民共和国宪法", [], "宪法"),
    ("行政法规/灯.md", "灯规定", ["2021年1月2日 国家灯办公室2021年第2次室务会议审议通过"], "部门规章"),
    ("economic/lamp-law/README.md", "中华人民共和国灯法", [NPC], "法律"),
    ("下载/灯.docx", "灯条例", [ORDER], "行政法规"),
    ("下载/灯.docx", "灯办法", ["2022年3月4日 国家灯笼监督管理总局令第9号公布"], "部门规章"),
    ("下载/灯.docx", "福建省灯条例", ["2015年1月2日福建省人民代表大会常务委员会通过"], "地方性法规"),
    ("下载/灯.docx", "泉州市灯办法", ["2015年1月2日 泉州市人民政府令第3号公布"], "地方政府规章"),
    ("下载/灯.docx", "关于灯的解释", ["2015年1月2日 最高人民法院审判委员会第1次会议通过"], "司法解释"),
    ("下载/灯.docx", "灯县自治条例", [], "自治条例和单行条例"),
    ("下载/灯.docx", "关于灯的通知", [], "规范性文件"),
]


@pytest.mark.parametrize(("path", "title", "head", "level"), LEVELS)
def test_level(path: str, title: str, head: list[str], level: str) -> None:
    assert level_of(path, title, read_head(head), " ".join(head)) == level


def last(text: str) -> tuple[Article, ...]:
    return build([Line("第一条 灯要亮。"), Line(f"第二条 {text}")]).articles


DATED = "本法自2001年5月1日起施行。"
AT_ONCE = "本法自公布之日起施行。"
STARTS = [
    ("the table wins", "2002-02-02", [NPC], DATED, "2002-02-02", "版本表"),
    ("the head's day", None, [NPC, "2001年6月1日 施行"], DATED, "2001-06-01", "原文"),
    ("the clause", None, [NPC], DATED, "2001-05-01", "原文"),
    ("the clause of the first enactment", None, [NPC, AMENDED], DATED, "2010-06-07", "推定"),
    (
        "the head's day of the first enactment",
        None,
        [NPC, "2001年6月1日 施行", AMENDED],
        DATED,
        "2010-06-07",
        "推定",
    ),
    ("a revision's own clause", None, [NPC, REVISED], "本法自2019年9月1日起施行。", "2019-09-01", "原文"),
    ("the day of adoption itself", None, [NPC], "本法自2001年2月3日起施行。", "2001-02-03", "原文"),
    ("at once", None, [ORDER], AT_ONCE, "2003-08-09", "原文"),
    ("at once, but amended since", None, [NPC, AMENDED], AT_ONCE, "2010-06-07", "推定"),
    ("thirty days later", None, [ORDER], "本办法自公布之日起30日后施行。", "2003-09-08", "原文"),
    ("Chinese numerals", None, [NPC], "本法自二〇〇一年十月一日起施行。", "2001-10-01", "原文"),
    ("full-width digits", None, [NPC], "本法自２００１年５月１日起施行。", "2001-05-01", "原文"),
    (
        "another law's day in the clause",
        None,
        [NPC],
        "2000年1月1日施行的灯规废止。" + DATED,
        "2001-05-01",
        "原文",
    ),
    ("no clause", None, [NPC], "灯要稳。", "2001-02-03", "推定"),
    ("nothing known", None, [], "灯要稳。", None, "推定"),
]


@pytest.mark.parametrize(
    ("table", "head", "clause", "day", "basis"), [s[1:] for s in STARTS], ids=[s[0] for s in STARTS]
)
def test_first_day(table: str | None, head: list[str], clause: str, day: str | None, basis: str) -> None:
    read = read_head(head)
    given = date.fromisoformat(table) if table else None
    expected = (date.fromisoformat(day) if day else None, basis)
    assert in_force_from(given, read, last(clause), read.adopted) == expected


def test_the_clause_is_sought_above_transitional_articles() -> None:
    lines = [
        "第一条 本法自2001年5月1日起施行。",
        "第二条 以前的灯可以用到2002年1月1日。",
        "第三条 另有规定的除外。",
    ]
    assert in_force_from(None, Head(), build([Line(x) for x in lines]).articles, None)[0] == date(2001, 5, 1)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("灯法(2021-01-22).md", date(2021, 1, 22)),
        ("灯法_20210122.docx", date(2021, 1, 22)),
        ("灯法（2021-01-22）.txt", date(2021, 1, 22)),
        ("灯法(2021-13-22).md", None),
        ("灯法2021.md", None),
    ],
)
def test_day_in_name(name: str, day: date | None) -> None:
    assert day_in_name(f"某处/{name}") == day


def test_days_that_do_not_exist_are_passed_over() -> None:
    assert days_in("2021年2月30日和二〇二一年三月一日") == [date(2021, 3, 1)]
