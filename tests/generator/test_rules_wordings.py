"""Ways to write the same letter: none is a fault, and the same fault is found in each.

A row replaces words of a faultless decision. Add a row for every correct letter in which something was found.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generator.docx_text import read_docx, text_lines
from generator.paper import Paper
from generator.particulars import particulars
from generator.recognise import act_ended, chose_new_law
from generator.review import review_lines
from kb.citation import Days
from kb.importing.records import load_records
from kb.laws import LawVersion, parse_structure
from kb.snapshot import Snapshot
from tests.generator.raw_docx import p, raw_docx, table

RULES = "示例县摊贩管理条例"
LAWS = [
    (
        LawVersion(title, date(2020, 1, 1), "原文", level=level, key=n),
        parse_structure(text),
    )
    for n, (title, level, text) in enumerate(
        (
            ("中华人民共和国行政处罚法", "法律", "16:0 33:0,0,0 44:0 57:4,0 59:6,0 62:0 64:8"),
            (RULES, "地方性法规", "8:0,0 9:0 30:2"),
        )
    )
]
TODAY = date(2026, 11, 23)

DECISION = """\
示例县综合行政执法局
行政处罚决定书
示综执罚〔2026〕5号
当事人：示例商店
住所：示例路1号
经查，当事人于2026年9月8日在示例路摆摊经营。
上述事实，有下列证据证明：1.现场笔录，证明经营事实。
当事人的行为违反了《示例县摊贩管理条例》第八条第一款的规定。
本机关于2026年9月20日送达告知书，告知当事人有陈述、申辩的权利。
依据《示例县摊贩管理条例》第三十条第（一）项的规定，决定罚款人民币伍佰元整（¥500.00）。
自收到本决定书之日起十五日内缴至示例银行。
不服本决定的，可以自收到本决定书之日起六十日内向示例县人民政府申请行政复议，也可以自收到之日起六个月内向示例县人民法院提起行政诉讼。
示例县综合行政执法局（印章）
2026年11月2日
"""
FINE = "人民币伍佰元整（¥500.00）"
SEALED = "示例县综合行政执法局（印章）\n2026年11月2日\n"
FIRST, SECOND = f"《{RULES}》第八条第一款", f"《{RULES}》第三十条第（一）项"

# (what is replaced, by what): the letter stays without fault
SAME = [
    # blanks, tabs and line breaks that editors and forms leave
    (FIRST, f"《{RULES}》 第八条第一款"),
    (SECOND, f"《{RULES}》\u3000第 三十 条 第（一）项"),
    (SECOND, f"《{RULES}》\t第三十条第（一）项"),
    ("2026年11月2日", "2026 年 11 月 2 日"),
    ("2026年11月2日", "２０２６年１１月２日"),
    ("十五日内", " 15 日内"),
    ("六十日内", " 60 日内"),
    # what stands between a title and its article
    (FIRST, f"《{RULES}》（示例县人大常委会公告第3号）第八条第一款"),
    # the number of the paper; its form is no matter of the law
    ("示综执罚〔2026〕5号", "示综执罚[2026]第 5 号"),
    ("示综执罚〔2026〕5号", "示综执罚（2026）5号"),
    ("示综执罚〔2026〕5号", "（示）应急罚〔2026〕综合-15号"),
    ("示综执罚〔2026〕5号", "案号：示农（农药）罚〔2026〕0003号"),
    # lists and introductions
    (f"违反了{FIRST}的规定", f"违反了下列规定：{FIRST}"),
    (f"违反了{FIRST}的规定", f"违反了下列规定：\n{FIRST}"),
    # as other agencies write it
    ("当事人：示例商店\n住所：示例路1号", "示例商店：\n地址：示例路1号"),
    ("当事人：示例商店\n住所：示例路1号", "被处罚人：张某，男，42岁，住示例县示例乡示例村5组。"),
    ("经查，当事人于", "一、违法事实\n我局检查时发现，你店于"),
    ("证据证明：1.现场笔录，证明经营事实。", "证据为凭：（一）现场笔录；（二）照片。"),
    ("内缴至示例银行", "内到示例银行各网点缴款"),
    ("十五日内缴至", "2026年11月20日前缴纳至"),
    (SEALED, "示例县综合行政执法局\n2026年11月2日（印章）\n"),
    (SEALED, "示例县综合行政执法局\n二〇二六年十一月二日\n"),
    (SEALED, f"{SEALED}本文书一式两份，一份送达，一份归档。\n"),
    (FINE, "500元（大写：伍佰元整）"),
    (FINE, "人民币500元（伍佰元整）"),
    # what is reported of the notice and the meeting is no proposal
    ("依据《", "本机关负责人集体讨论了拟作出的处罚。依据《"),
    ("告知书，告知当事人有", "告知书，告知当事人拟作出如下处罚：罚款500元，并告知当事人有"),
    # the year stands once
    ("2026年9月8日在", "2026年9月8日至9月12日、9月30日在"),
]

# (what is replaced, by what, what is found)
FAULTY = [
    (FINE, "500元（大写：伍仟元整）", "C12"),
    (FINE, "人民币500元（伍拾元整）", "C12"),
    ("2026年9月8日在", "2026年9月8日至9月31日在", "C16"),
    ("决定罚款", "经集体讨论，拟作出如下处罚：罚款", "C14"),
    (
        "2026年9月20日送达告知书，告知当事人有",
        "2026年10月30日送达告知书，告知当事人有权要求听证，当事人未要求举行听证，也未",
        "C16",
    ),
]


@pytest.fixture(scope="module")
def base(root: Path) -> Snapshot:
    """The shipped settings, and laws of our own known by their structure."""
    records = load_records(root / "kb" / "content")
    return Snapshot.of([record for record in records if record.kind == "setting"], LAWS)


def found(text: str, base: Snapshot) -> list[tuple[str, str]]:
    paper, _ = review_lines("决定书.txt", text_lines(text), None, base, today=TODAY)
    assert paper.kind is not None
    return [(f.code, f.message) for f in paper.findings]


def test_the_letter_has_no_fault(base: Snapshot) -> None:
    assert found(DECISION, base) == []


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_in_other_words_has_no_fault(old: str, new: str, base: Snapshot) -> None:
    assert old in DECISION
    assert found(DECISION.replace(old, new), base) == []


@pytest.mark.parametrize(("old", "new", "code"), FAULTY)
def test_a_fault_in_other_words_is_found(old: str, new: str, code: str, base: Snapshot) -> None:
    assert old in DECISION
    assert [found_code for found_code, _ in found(DECISION.replace(old, new), base)] == [code]


FORMS = [  # the cells of a row, and the party read from them
    (("当事人", "示例商店"), "示例商店"),
    (("当 事 人", "单位", "名称", "示例商店"), "示例商店"),
    (("当事人", "姓名", "刘某", "身份证号", "350583"), "刘某"),
    (("当事人（公民）", "姓名", "", "性别", "男"), None),
    (("当事人", ""), None),
]


@pytest.mark.parametrize(("cells", "party"), FORMS)
def test_the_party_of_a_form(cells: tuple[str, ...], party: str | None, base: Snapshot) -> None:
    lines = read_docx(raw_docx(table([p(cell) for cell in cells])))
    said = particulars(Paper(lines, None, base, Days(TODAY, TODAY))).party
    assert (said.value if said else None) == party


CHOICES = [  # what is said of 第三十七条, and whether the new law is applied
    ("根据第三十七条的规定，适用新的规定。", True),
    ("根据第三十七条的规定，适用处罚较轻的新规定。", True),
    ("根据第三十七条的规定，本案适用修订后的规定。", True),
    ("第三十七条规定新的规定处罚较轻的，适用新的规定；本案适用行为时的规定。", False),
    ("根据第三十七条的规定，适用旧的规定。", False),
    ("适用新的规定。", False),  # no word of the article
]


@pytest.mark.parametrize(("text", "new"), CHOICES)
def test_which_law_was_chosen(text: str, new: bool) -> None:
    assert chose_new_law(text_lines(text)) == new


ENDS = [  # how the story begins, and the last day of the act
    (
        "2026年6月12日，执法人员检查时发现过期食品，6月15日立案。\n经查，6月1日至2026年6月12日出售。",
        "2026-06-12",
    ),
    ("我局于2026年3月18日进行了调查，发现实施了以下违法行为：\n2026年3月1日至20日未建立台账。", "2026-03-18"),
    ("一、违法事实\n2026年3月18日检查发现未建立台账。", "2026-03-18"),
    ("经查，2025年12月30日至2026年1月5日经营。", "2026-01-05"),
    ("经查，当事人经营。", None),
]


@pytest.mark.parametrize(("text", "day"), ENDS)
def test_when_the_act_ended(text: str, day: str | None) -> None:
    ended = act_ended(text_lines(text), TODAY)
    assert (ended.isoformat() if ended else None) == day
