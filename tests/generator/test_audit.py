"""The rules for whole papers, one row a fault; and `check_file` on files of every kind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from generator.audit import check_file
from generator.catalogue import document_type
from generator.docx_text import read_docx, read_lines, text_lines
from generator.rules import ALWAYS, RULES, Paper, rules_for
from kb.citation import Days
from kb.errors import BadPackage, BadRecord, NotFound, WrongUse
from kb.laws import LawVersion, parse_structure
from kb.snapshot import Snapshot

CFA = "中华人民共和国行政处罚法"
LAWS = [
    (LawVersion(CFA, date(2021, 7, 15)), parse_structure("16:0 44:0 59:6,0 62:0")),
    (LawVersion("示例县摊贩管理条例", date(2020, 1, 1), level="地方性法规"), parse_structure("8:0,0 30:2")),
    (LawVersion("示例县裁量基准", date(2020, 1, 1), level="规范性文件"), parse_structure("3:0")),
]
DAY = date(2026, 11, 2)

DECISION = """\
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


def base() -> Snapshot:
    return Snapshot.of(laws=LAWS)


def codes(text: str, type: str = "decision") -> list[str]:
    paper = Paper(text_lines(text), document_type(type), base(), Days(DAY, DAY))
    return [found.code for rule in rules_for(paper.kind) for found in rule(paper)]


def test_a_good_decision_has_no_fault() -> None:
    assert codes(DECISION) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("住所：示例路1号\n", "", "E1"),
        ("示综执罚〔2026〕5号\n", "", "E1"),
        ("上述事实，有下列证据证明：1.现场笔录，证明经营事实。\n", "", "E1"),
        ("自收到本决定书之日起十五日内缴至示例银行。\n", "", "E1"),
        ("\n2026年11月2日\n", "\n", "E1"),
        ("决定罚款", "拟作出罚款", "C14"),
        ("决定罚款", "拟罚款", "C14"),
        ("示例县人民法院", "有管辖权的人民法院", "C15"),
        ("示例县人民法院", "人民法院", "C15"),
        ("示例县人民法院", "当地人民法院", "C15"),
        ("示例县人民政府", "上一级行政机关", "C15"),
        ("示例县人民政府", "行政复议机关", "C15"),
        ("向示例县人民政府申请", "申请", "C15"),
        ("伍佰元整", "伍仟元整", "C12"),
        ("（¥500.00）", "（¥50.00）", "C12"),
        ("依据《示例县摊贩管理条例》第三十条第（一）项的规定，", "", "C6"),
        ("依据《示例县摊贩管理条例》第三十条第（一）项", "依据《中华人民共和国行政处罚法》第四十四条", "C6"),
        ("违反了《示例县摊贩管理条例》第八条第一款的规定", "已经构成违法", "C6"),
        ("依据《示例县摊贩管理条例》第三十条第（一）项", "依据《示例县裁量基准》第三条", "C8"),
        ("2026年11月2日", "2026年9月2日", "C16"),
        ("2026年9月20日送达", "2026年12月20日送达", "C16"),
        ("2026年9月8日在", "2026年9月31日在", "C16"),
    ],
)
def test_a_fault_gets_its_code(old: str, new: str, code: str) -> None:
    assert old in DECISION
    assert code in codes(DECISION.replace(old, new))


@pytest.mark.parametrize(
    "sentence",
    [
        "本机关告知当事人拟作出行政处罚的内容。",
        "本机关就拟作出的处罚举行听证。",
    ],
)
def test_reporting_the_notice_is_no_fault(sentence: str) -> None:
    assert "C14" not in codes(DECISION + sentence)


@pytest.mark.parametrize(
    "words", ["人民币伍佰圆整（¥500.00）", "人民币伍佰元正（500元）", "人民币伍佰元（￥500）"]
)
def test_ways_to_write_the_same_amount(words: str) -> None:
    assert codes(DECISION.replace("人民币伍佰元整（¥500.00）", words)) == []


@pytest.mark.parametrize("amount", ["1000元以上2000元以下", "1000-2000元", "一千元以上二千元以下"])
def test_a_notice_with_a_range_tells_nothing(amount: str) -> None:
    assert "C12" in codes(f"本机关拟对你处以罚款{amount}。", "prior_notice")


def test_on_the_spot_owes_reconsideration_first() -> None:
    text = "可以自收到之日起六十日内向示例县人民政府申请行政复议，或者向示例县人民法院提起行政诉讼。"
    assert "C15" in codes(text, "on_the_spot_decision")
    assert "C15" not in codes("应当先申请行政复议，" + text, "on_the_spot_decision")


def test_every_rule_named_by_a_type_exists() -> None:
    from generator.catalogue import document_types

    used = {name for kind in document_types() for name in kind.judged} | {"elements", *ALWAYS}
    assert used == set(RULES)


def test_a_rule_that_is_not_there_is_refused() -> None:
    from dataclasses import replace

    with pytest.raises(BadRecord, match="没有审查规则“none”"):
        rules_for(replace(document_type("decision"), judged=("none",)))


# ---------------------------------------------------------------- files


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_files_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(
        tmp_path / "a.txt", "第一行\n违反了《中华人民共和国行政处罚法》第五十九条第九款的规定。\n", encoding
    )
    result = check_file(path, base(), Days(DAY, DAY), today=DAY)
    assert result["citations"] == 1
    (found,) = result["findings"]
    assert found["code"] == "C17"
    assert found["place"]["line"] == 2
    text = path.read_bytes().decode(encoding).splitlines()[1]
    assert text[found["place"]["start"] : found["place"]["end"]] == found["text"]
    json.dumps(result)


def test_a_docx_of_others_gives_places_in_cells(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("标题")
    cell = document.add_table(2, 2).cell(1, 0)
    cell.paragraphs[0].text = "依据"
    cell.add_paragraph("《中华人民共和国行政处罚法》第五十九条第九款")
    document.sections[0].header.paragraphs[0].text = "《中华人民共和国行政处罚法》第五十九条第八款"
    path = tmp_path / "b.docx"
    document.save(str(path))
    result = check_file(path, base(), Days(DAY, DAY), today=DAY)
    places = [(f["place"]["part"], f["place"]["cell"], f["place"]["paragraph"]) for f in result["findings"]]
    assert places == [("正文", "表1 行2 列1", 2), ("页眉", None, 1)]


def test_split_runs_deleted_text_and_breaks_read_as_one_paragraph(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph("《中华人民共和国行")
    paragraph.add_run("政处罚法》第五十九条").add_break()
    paragraph.add_run("第一款")
    path = tmp_path / "c.docx"
    document.save(str(path))
    assert read_docx(path)[0].text == "《中华人民共和国行政处罚法》第五十九条\n第一款"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.pdf", b"%PDF", WrongUse),
        ("a.docx", b"not a zip", BadPackage),
        ("a.txt", b"\xff\xff\xff", BadPackage),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, error: type[Exception]) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error):
        check_file(tmp_path / name, base(), today=DAY)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_lines(tmp_path / "none.txt")
