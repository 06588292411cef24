"""Review of folders and of letters of other hands: what contradicts is found, what agrees is left alone."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest

from generator.casefile import CaseFile, load_case
from generator.docx_text import read_docx
from generator.drafting import draft
from generator.prescribed import Case
from generator.recognise import act_ended, chose_new_law, decided_on, kind_of
from generator.review import Review, papers_in, review
from generator.review_report import report
from kb.errors import CailiangError, NotFound, WrongUse
from kb.snapshot import Snapshot
from tests.generator.raw_docx import raw_docx

TODAY = date(2026, 11, 20)
TYPES = {
    "unlicensed-food": ("decision", "prior_notice", "service_receipt"),
    "noise-hailing": ("decision", "prior_notice", "correction_order"),
    "hazardous-waste-label": ("decision", "prior_notice"),
    "noise-first-time": ("no_penalty_decision", "guidance_note"),
    "no-purchase-check": ("on_the_spot_decision", "correction_order"),
}

NOTICE = """\
示例县城市管理局
行政处罚告知书
示城罚告〔2026〕12号
示例商贸有限公司：
经查，你单位于2026年9月8日未取得食品经营许可从事食品经营，货值金额3,000元。
上述事实有现场笔录、询问笔录等证据证明。
你单位的行为违反了《中华人民共和国食品安全法》第三十五条第一款的规定。依据《中华人民共和国食品安全法》第一百二十二条第一款的规定，拟对你单位作出如下行政处罚：
1.没收违法所得人民币2,680元；
2.罚款人民币伍万元整（¥50,000.00）。
你单位可以在2026年10月17日前进行陈述、申辩；有要求听证的权利。
联系电话：0000-0000000
示例县城市管理局
2026年10月9日
"""
DECISION = """\
示例县城市管理局
行政处罚决定书
示城罚〔2026〕15号
当事人：示例商贸有限公司
统一社会信用代码：91000000MA0000009J
住所：示例路1号
经查，当事人于2026年9月8日未取得食品经营许可从事食品经营，货值金额3,000元。
上述事实有现场笔录、询问笔录等证据证明。
当事人的行为违反了《中华人民共和国食品安全法》第三十五条第一款的规定。
本机关于2026年10月10日送达《行政处罚告知书》（示城罚告〔2026〕12号），告知当事人享有陈述、申辩和要求听证的权利。当事人提出了陈述，未要求听证。
依据《中华人民共和国食品安全法》第一百二十二条第一款的规定，决定对当事人作出如下行政处罚：
1.没收违法所得人民币2,680元；
2.罚款人民币伍万元整（¥50,000.00）。
自收到本决定书之日起十五日内将罚款缴至示例银行。
不服本决定的，可以自收到本决定书之日起六十日内向示例县人民政府申请行政复议，也可以在六个月内向示例县人民法院提起行政诉讼。
示例县城市管理局（印章）
二〇二六年十一月二日
"""


@pytest.fixture(scope="module")
def case(root: Path, base: Snapshot) -> Callable[[str], Case]:
    def load(name: str) -> Case:
        path = root / "examples" / "cases" / f"{name}.yaml"
        return Case(str(path), load_case(path), base, TODAY)

    return load


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory, base: Snapshot, case: Callable[[str], Case]) -> Path:
    """Every letter of the example cases, a folder a case."""
    home = tmp_path_factory.mktemp("letters")
    for name, types in TYPES.items():
        (home / name).mkdir()
        for type in types:
            which = "decision" if type == "service_receipt" else ""
            made = draft(type, case(name).case, base, decided=TODAY, paper=which)
            (home / name / f"{type}.docx").write_bytes(made.data)
    return home


def found(result: Review) -> list[tuple[str, str]]:
    """(code, said) of everything found, papers first."""
    own = [(f.code, f.text) for paper in result.papers for f in paper.findings]
    return own + [(c.finding.code, c.finding.text) for c in result.consistency]


# ---------------------------------------------------------------- our own letters


@pytest.mark.parametrize("name", TYPES)
def test_our_letters_agree_with_each_other_and_with_their_case(
    letters: Path, base: Snapshot, case: Callable[[str], Case], name: str
) -> None:
    for which in (None, case(name)):
        result = review(letters / name, base, case=which, today=TODAY)
        assert len(result.papers) == len(TYPES[name])
        assert found(result) == []
        assert not result.blocked


def test_a_folder_of_many_cases_mixes_nothing(letters: Path, base: Snapshot, tmp_path: Path) -> None:
    for name, types in TYPES.items():
        for type in types:
            shutil.copy(letters / name / f"{type}.docx", tmp_path / f"{name}-{type}.docx")
    result = review(tmp_path, base, today=TODAY)
    assert len(result.papers) == sum(map(len, TYPES.values()))
    assert found(result) == []


@pytest.mark.parametrize("name", TYPES)
def test_the_words_alone_tell_type_and_days(letters: Path, name: str) -> None:
    """Without what the file says of itself: the same type, day, and choice of law."""
    from generator import provenance

    for path in (letters / name).glob("*.docx"):
        own = provenance.read(path)
        assert own
        lines = read_docx(path)
        kind = kind_of(lines)
        assert kind
        assert kind[0].type == own.type
        assert chose_new_law(lines) == (own.law_choice == "新")
        if own.type != "service_receipt":
            assert decided_on(lines) == own.decided
            assert own.decided
            assert act_ended(lines, own.decided) in (own.act, None)


def test_a_letter_against_the_wrong_case(letters: Path, base: Snapshot, case: Callable[[str], Case]) -> None:
    path = letters / "unlicensed-food" / "decision.docx"
    result = review(path, base, case=case("noise-hailing"), today=TODAY)
    said = [f.message for f in result.papers[0].findings if f.code == "C13"]
    assert any("当事人与案件不一致" in message for message in said)
    assert result.blocked


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("fine", 60000, "人民币伍万元整（¥50,000.00）"),
        ("decision", 6, "示综执罚〔2026〕5号"),
        ("served", date(2026, 10, 11), "2026年10月10日"),
        ("party", "示例县城东好味示例食品店", "示例县城东好味示例小吃店"),
        ("code", "92000000MA0000001N", "92000000MA0000000K"),
        ("basis", ["《中华人民共和国食品安全法》第一百二十三条第一款第（一）项"], "第一百二十二条第一款"),
    ],
)
def test_what_the_case_prescribes_and_the_letter_does_not(
    letters: Path, base: Snapshot, case: Callable[[str], Case], path: str, value: object, said: str
) -> None:
    """The case is changed after the letter was made."""
    good = case("unlicensed-food")
    data = good.case.model_dump(by_alias=True)
    violation, party = data["violations"][0], data["parties"][0]
    target, key = {
        "fine": (violation, "fine"),
        "decision": (data["decision"], "number"),
        "served": (data["notice"]["served"], "at"),
        "party": (party, "trade_name"),
        "code": (party, "code"),
        "basis": (violation, "penalty_basis"),
    }[path]
    target[key] = value
    changed = Case(good.file, CaseFile.model_validate(data), base, TODAY)
    result = review(letters / "unlicensed-food" / "decision.docx", base, case=changed, today=TODAY)
    assert any(f.code == "C13" and said in f.text for f in result.papers[0].findings)


# ---------------------------------------------------------------- letters of another hand


def folder(home: Path, notice: str = NOTICE, decision: str = DECISION) -> Path:
    """A folder of two papers, one as text and one as a .docx that Word would make."""
    (home / "告知书.txt").write_text(notice, encoding="gb18030")
    document = docx.Document()
    for row in decision.splitlines():
        document.add_paragraph(row)
    document.save(str(home / "决定书.docx"))
    return home


def test_a_good_folder_of_another_hand_has_no_finding(tmp_path: Path, base: Snapshot) -> None:
    result = review(folder(tmp_path), base, today=TODAY)
    assert [paper.known_by for paper in result.papers] == ["标题", "标题"]
    assert found(result) == []


FAULTS = [
    ("notice", "示例商贸有限公司：", "示例贸易有限公司：", "C13", "示例商贸有限公司"),
    ("decision", "第三十五条第一款", "第三十三条第一款第（一）项", "C13", "第三十三条"),
    ("decision", "第一百二十二条第一款", "第一百二十四条第一款第（一）项", "C13", "第一百二十四条"),
    ("decision", "伍万元整（¥50,000.00）", "陆万元整（¥60,000.00）", "C13", "陆万元整"),
    ("decision", "没收违法所得人民币2,680元", "没收违法所得人民币3,680元", "C13", "3,680元"),
    ("decision", "示城罚告〔2026〕12号", "示城罚告〔2026〕13号", "C13", "示城罚告〔2026〕13号"),
    ("decision", "2026年10月10日送达", "2026年10月8日送达", "C16", "2026年10月8日"),
    ("decision", "二〇二六年十一月二日", "二〇二六年十月十四日", "C16", "二〇二六年十月十四日"),
    ("decision", "二〇二六年十一月二日", "二〇二六年九月一日", "C16", "二〇二六年九月一日"),
    ("decision", "提出了陈述，未要求听证", "放弃听证", "C16", "二〇二六年十一月二日"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "old", "new", "code", "said"), FAULTS)
def test_a_contradiction_is_found(
    tmp_path: Path, base: Snapshot, where: str, old: str, new: str, code: str, said: str
) -> None:
    texts = {"notice": NOTICE, "decision": DECISION}
    assert old in texts[where]
    texts[where] = texts[where].replace(old, new)
    if code == "C16" and "放弃" in new:  # before the end of the time to answer
        texts["notice"] = texts["notice"].replace("2026年10月17日前", "2026年11月17日前")
    result = review(folder(tmp_path, **texts), base, today=TODAY)
    assert any(c == code and said in text for c, text in found(result)), found(result)


def test_a_contradiction_names_both_places(tmp_path: Path, base: Snapshot) -> None:
    changed = DECISION.replace("2,680元", "2,690元")
    data = review(folder(tmp_path, decision=changed), base, today=TODAY).to_dict()
    (contradiction,) = data["consistency"]
    assert contradiction["file"].endswith("决定书.docx")
    assert contradiction["place"]["paragraph"] == 12
    assert contradiction["basis"] == "《中华人民共和国行政处罚法》第四十五条第二款"
    other = contradiction["other"]
    row = NOTICE.splitlines()[other["place"]["line"] - 1]
    assert row[other["place"]["start"] : other["place"]["end"]] == other["text"] == "人民币2,680元"
    assert data["summary"] == {"files": 2, "unreadable": 0, "citations": 4, "否决": 1, "扣分": 0, "提示": 0}
    json.dumps(data)


def test_a_milder_decision_is_only_a_hint(tmp_path: Path, base: Snapshot) -> None:
    notice = NOTICE.replace("伍万元整（¥50,000.00）", "陆万元整（¥60,000.00）")
    result = review(folder(tmp_path, notice=notice), base, today=TODAY)
    assert [c.finding.severity for c in result.consistency] == ["提示"]
    assert not result.blocked


def foreign(case: Case) -> str:
    """A decision of another hand for the case of the unlicensed food."""
    rows = {
        "示例商贸有限公司": "示例县城东好味示例小吃店",
        "91000000MA0000009J": "92000000MA0000000K",
        "示城罚告〔2026〕12号": "示综执罚告〔2026〕3号",
        "示城罚〔2026〕15号": "示综执罚〔2026〕5号",
    }
    text = DECISION
    for old, new in rows.items():
        text = text.replace(old, new)
    assert case.case.parties[0].trade_name in text
    return text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("示例小吃店", "示例面馆", "示例面馆"),
        ("92000000MA0000000K", "92000000MA00000079", "92000000MA00000079"),
        ("示综执罚〔2026〕5号", "示综执罚〔2026〕8号", "示综执罚〔2026〕8号"),
        ("第三十五条第一款", "第三十六条第一款", "第三十六条第一款"),
        ("第一百二十二条第一款", "第一百二十三条第二款", "第一百二十三条第二款"),
        ("伍万元整（¥50,000.00）", "陆万元整（¥60,000.00）", "陆万元整"),
        ("2,680元", "2,860元", "2,860元"),
        ("2026年10月10日", "2026年10月12日", "2026年10月12日"),
        ("二〇二六年十一月二日", "二〇二六年十一月三日", "二〇二六年十一月三日"),
    ],
)
def test_a_letter_of_another_hand_against_the_case(
    tmp_path: Path, base: Snapshot, case: Callable[[str], Case], old: str, new: str, said: str
) -> None:
    text = foreign(case("unlicensed-food"))
    assert old in text
    path = tmp_path / "决定书.txt"
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    result = review(path, base, case=case("unlicensed-food"), today=TODAY)
    against = [text for code, text in found(result) if code == "C13"]
    assert [said in text for text in against[:1]] == ([True] if said else [])


# ---------------------------------------------------------------- files


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
UNREADABLE = {  # by name: content, what is said
    "坏.docx": (b"not a zip", "不是 .docx 文件"),
    "空.docx": (b"", "文件是空的"),
    "空.txt": (b"", "文件是空的"),
    "没有字.txt": (" \n\u3000\n".encode(), "文件里没有文字"),
    "只有图.docx": (raw_docx("<w:p/><w:p/>"), "文件里没有文字"),
    "加密.docx": (OLE, "是旧版 .doc/.xls 或加了密码的文件"),
    "旧版.doc": (OLE, "不能检查“旧版.doc”"),
    "扫描.pdf": (b"%PDF-1.4", "不能检查“扫描.pdf”"),
    "编码.txt": (b"\xff\xff\xff\x81", "文字编码不识"),
}


def test_what_cannot_be_read_is_listed(tmp_path: Path, base: Snapshot) -> None:
    folder(tmp_path)
    for name, (content, _) in UNREADABLE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "~$决定书.docx").write_bytes(b"lock")
    (tmp_path / "照片.jpg").write_bytes(b"\xff\xd8")
    said: list[str] = []
    result = review(tmp_path, base, today=TODAY, say=said.append)
    told = {Path(file).name: error.message for file, error in result.unreadable}
    assert told == {name: message for name, (_, message) in UNREADABLE.items()}
    assert all("\n" not in str(error) and error.hint for _, error in result.unreadable)
    assert result.blocked
    assert {line.partition("）")[2] for line in said} == {"决定书.docx", "告知书.txt", *UNREADABLE}
    for name in UNREADABLE:
        with pytest.raises(CailiangError):
            review(tmp_path / name, base, today=TODAY)


def test_no_file_and_no_paper(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        papers_in(tmp_path / "none")
    with pytest.raises(WrongUse):
        papers_in(tmp_path)


def test_a_paper_of_no_known_type_is_read_for_its_citations(tmp_path: Path, base: Snapshot) -> None:
    path = tmp_path / "记录.md"
    path.write_text("# 谈话提纲\n依据《中华人民共和国行政处罚法》第九百条。\n", encoding="utf-8")
    (paper,) = review(path, base, today=TODAY).papers
    assert paper.kind is None
    assert [f.code for f in paper.findings] == ["C17"]


def test_the_report_tells_everything_and_is_the_same_each_time(tmp_path: Path, base: Snapshot) -> None:
    changed = DECISION.replace("伍万元整（¥50,000.00）", "伍万元整（¥60,000.00）\x07").replace(
        "2,680", "2,690"
    )
    (tmp_path / "坏.docx").write_bytes(b"not a zip")
    (tmp_path / "决定书.txt").write_text(changed, encoding="utf-8")
    (tmp_path / "告知书.txt").write_text(NOTICE, encoding="utf-8")
    result = review(tmp_path, base, today=TODAY)
    data = report(result, tmp_path.name, TODAY)
    assert data == report(result, tmp_path.name, TODAY)
    text = "\n".join(line.text for line in read_docx(data))
    for paper in result.papers:
        for f in paper.findings:
            assert f.message in text
    for c in result.consistency:
        assert c.finding.message in text
        assert c.other_text in text
    assert "坏.docx" in text
    assert len(docx.Document(io.BytesIO(data)).tables) == 2
