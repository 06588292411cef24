"""Ten papers with planted faults, in the shapes that Word, WPS and LibreOffice give a paper.

Each row plants a fault by replacing words of a faultless letter. All are found, none besides; the words at
the place are the finding's words; the commented copy holds each comment on exactly these words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest

from generator.audit import check_file
from generator.comments import annotate, finding_of
from generator.docx_text import read_docx
from kb.citation import Days
from kb.findings import Finding
from kb.laws import LawVersion, Repeal, parse_structure
from kb.package import open_package
from kb.snapshot import Snapshot
from tests.generator.commented import anchored, assert_only_comments, comments
from tests.generator.raw_docx import (
    box,
    deleted,
    field,
    inserted,
    note,
    notes,
    p,
    r,
    raw_docx,
    t,
)
from tests.generator.test_comments import convert

CFA = "中华人民共和国行政处罚法"
UNFAIR = "中华人民共和国反不正当竞争法"
OLD, RULES = "中华人民共和国示例旧法", "示例县摊贩管理条例"
LAWS = [
    (
        LawVersion(title, date(*since), "原文", date(*to) if to else None, level=level, key=n),
        parse_structure(text),
    )
    for n, (title, level, since, to, text) in enumerate(
        (
            (CFA, "法律", (2021, 7, 15), None, "16:0 33:0,0,0 44:0 59:6,0 62:0"),
            (UNFAIR, "法律", (2019, 4, 23), (2025, 10, 15), "8:0,0 20:0,0"),
            (UNFAIR, "法律", (2025, 10, 15), None, "9:0,0 25:0,0"),
            (OLD, "法律", (2000, 1, 1), (2022, 6, 5), "5:0"),
            (RULES, "地方性法规", (2020, 1, 1), None, "8:0,0 9:0 30:2"),
            ("示例县裁量基准", "规范性文件", (2020, 1, 1), None, "3:0"),
        )
    )
]
REPEALS = [Repeal(OLD, date(2022, 6, 5), "中华人民共和国示例新法")]
DAYS = Days(date(2026, 9, 8), date(2026, 11, 2))
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

VIOLATED = "当事人的行为违反了《示例县摊贩管理条例》第八条第一款的规定。"
DECIDED = "依据《示例县摊贩管理条例》第三十条第（一）项的规定，决定罚款人民币伍佰元整（¥500.00）。"
TOLD = "本机关于2026年9月20日送达告知书，告知当事人有陈述、申辩的权利。"
REMEDY = (
    "不服本决定的，可以自收到本决定书之日起六十日内向示例县人民政府申请行政复议，"
    "也可以自收到之日起六个月内向示例县人民法院提起行政诉讼。"
)
LETTER = (
    "行政处罚决定书",
    "示综执罚〔2026〕5号",
    "当事人：示例商店",
    "住所：示例路1号",
    "经查，当事人于2026年9月8日在示例路摆摊经营。",
    "上述事实，有下列证据证明：1.现场笔录，证明经营事实。",
    VIOLATED,
    TOLD,
    DECIDED,
    "自收到本决定书之日起十五日内缴至示例银行。",
    REMEDY,
    "示例县综合行政执法局（印章）",
    "2026年11月2日",
)
Rows = list[str]


@dataclass(frozen=True)
class Fault:
    """What is to be found: its code, its words, and where they stand ("" for the paper as a whole)."""

    code: str
    text: str
    part: str = "正文"
    cell: str | None = None


@dataclass(frozen=True)
class Planted:
    """A paper: words to replace in the letter, how it is made into a file, what is to be found in it."""

    name: str
    make: Callable[[Rows], bytes]
    replace: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]


def rows(planted: Planted) -> Rows:
    text = "\n".join(LETTER)
    for old, new in planted.replace:
        assert old in text, old
        text = text.replace(old, new)
    return text.split("\n")


# ---------------------------------------------------------------- ways to make a file


def plain(texts: Rows) -> bytes:
    return raw_docx("".join(p(text) for text in texts))


def split_runs(texts: Rows) -> bytes:
    """Runs of two letters in changing formats, as Word leaves them after some editing."""
    looks = ("<w:b/>", "", '<w:rFonts w:hint="eastAsia"/>', '<w:lang w:eastAsia="zh-CN"/>')
    body = ""
    for text in texts:
        pieces = [text[i : i + 2] for i in range(0, len(text), 2)]
        body += p(*(r(piece, look=looks[n % 4]) for n, piece in enumerate(pieces)))
    return raw_docx(body)


def by_python_docx(texts: Rows) -> bytes:
    document = docx.Document()
    for text in texts:
        paragraph = document.add_paragraph(text[:3], style="List Paragraph")
        paragraph.add_run(text[3:5]).bold = True
        paragraph.add_run(text[5:])
    return saved(document)


def form(texts: Rows) -> bytes:
    """A form: everything in cells, the decision in a table inside a cell."""
    document = docx.Document()
    grid = document.add_table(len(texts), 2)
    for n, text in enumerate(texts):
        grid.cell(n, 0).text = "栏目"
        if text.startswith("依据"):
            inner = grid.cell(n, 1).add_table(1, 1)
            inner.cell(0, 0).text = text
        else:
            grid.cell(n, 1).text = text
    return saved(document)


def framed(texts: Rows) -> bytes:
    """The last three paragraphs are a text box, the header and the footer."""
    *letter, boxed, header, footer = texts
    body = "".join(p(text) for text in letter) + p("附页", box(p("说明"), p(boxed)))
    return raw_docx(body, {"header1": p(header), "footer1": p(footer)})


def noted(texts: Rows) -> bytes:
    """The last two paragraphs are a footnote and an endnote."""
    *letter, foot, end = texts
    marks = note("footnote", 1) + note("endnote", 1)
    body = "".join(p(text, marks) if text == VIOLATED else p(text) for text in letter)
    return raw_docx(body, {"footnotes": notes("footnote", foot), "endnotes": notes("endnote", end)})


def revised(texts: Rows) -> bytes:
    """Under tracked changes: {+…+} was inserted, {-…-} was deleted."""
    body = ""
    for text in texts:
        pieces = re.split(r"(\{\+.*?\+\}|\{-.*?-\})", text)
        made = [
            inserted(r(x[2:-2])) if x[:2] == "{+" else deleted(x[2:-2]) if x[:2] == "{-" else r(x)
            for x in pieces
        ]
        body += p(*made)
    return raw_docx(body)


def with_fields(texts: Rows) -> bytes:
    """Article numbers by fields whose codes name other articles; titles in links; all in content controls."""
    body = ""
    for text in texts:
        title, mark, rest = text.partition("》")
        number = re.search("[0-9一二三四五六七八九十]+(?=条)", rest)
        inside = p(text)
        if mark and number:
            link = f'<w:hyperlink w:anchor="law">{r(title)}</w:hyperlink>'
            tag = f'<w:smartTag w:element="x">{r(mark + rest[: number.start()])}</w:smartTag>'
            inside = p(link, tag, field("REF 《旧法》第99条 \\h", number[0]), rest[number.end() :])
        body += f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    return raw_docx(body)


def broken_lines(texts: Rows) -> bytes:
    """A break inside each citation, two texts in a run, a tab at the end, blanks that XML drops."""
    body = ""
    for text in texts:
        before, mark, after = text.partition("条例》第")
        pieces = [t(before), t(mark + after[:1]), "<w:br/>", t(after[1:], preserve=False)]
        body += p(r(*pieces)) if mark else p(r(t(text), "<w:tab/>"))
    return raw_docx(body)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def also(text: str) -> tuple[str, str]:
    """One more paragraph at the end."""
    return LETTER[-1], f"{LETTER[-1]}\n{text}"


ACT = "《示例县摊贩管理条例》"
PAPERS = [
    Planted(
        "runs of two letters",
        split_runs,
        (
            ("第八条第一款", "第8条第1款"),
            also("本决定书依照《行政处罚法》第六十二条制作。"),
        ),
        (Fault("C10", f"{ACT}第8条第1款"), Fault("C1", "《行政处罚法》第六十二条")),
    ),
    Planted(
        "python-docx",
        by_python_docx,
        (
            ("决定罚款", "拟罚款"),
            ("示例县人民法院", "有管辖权的人民法院"),
            ("第一款的规定", "第一款等有关规定"),
        ),
        (Fault("C7", "等有关规定"), Fault("C14", "拟罚款"), Fault("C15", "有管辖权的人民法院")),
    ),
    Planted(
        "a form with a table in a cell",
        form,
        (("第八条第一款", "第八条"), (TOLD, f"{TOLD}另见{ACT}第九条第一款。"), ("伍佰元整", "伍仟元整")),
        (
            Fault("C2", f"{ACT}第八条", cell="表1 行7 列2"),
            Fault("C3", f"{ACT}第九条第一款", cell="表1 行8 列2"),
            Fault("C12", "人民币伍仟元整（¥500.00）", cell="表1 行9 列2 表1 行1 列1"),
        ),
    ),
    Planted(
        "text box, header, footer",
        framed,
        (
            also(
                "另据《中华人民共和国示例旧法》第五条。\n"
                "《中华人民共和国示例县摊贩管理条例》第九条\n《中华人民共和国行政处罚法》第16条"
            ),
        ),
        (
            Fault("C4", "《中华人民共和国示例旧法》第五条", "文本框"),
            Fault("C11", "《中华人民共和国示例县摊贩管理条例》第九条", "页眉"),
            Fault("C10", "《中华人民共和国行政处罚法》第16条", "页脚"),
        ),
    ),
    Planted(
        "footnote and endnote",
        noted,
        (also(f"参见《{UNFAIR}》第八条第一款。\n参见《{CFA}》第六十二条第三款。"),),
        (
            Fault("C5", f"《{UNFAIR}》第八条第一款", "脚注"),
            Fault("C17", f"《{UNFAIR}》第八条第一款", "脚注"),
            Fault("C17", f"《{CFA}》第六十二条第三款", "尾注"),
        ),
    ),
    Planted(
        "tracked changes",
        revised,
        (
            ("第八条第一款", "第八{-9条-}条{+第一款+}"),
            (TOLD, f"{TOLD}另见{ACT}第九{{+条第一+}}款。{{-又见《食品法》第1条。-}}"),
            ("2026年9月20日", "2026年9月{-20-}{+31+}日"),
        ),
        (Fault("C16", "2026年9月31日"), Fault("C3", f"{ACT}第九条第一款")),
    ),
    Planted(
        "fields, links, controls",
        with_fields,
        (also(f"依照《{CFA}》第122条制作。"), ("违反了《", "违反了《中华人民共和国")),
        (
            Fault("C11", f"《中华人民共和国{ACT[1:]}第八条第一款"),
            Fault("C10", f"《{CFA}》第122条"),
            Fault("C17", f"《{CFA}》第122条"),
        ),
    ),
    Planted(
        "broken lines",
        broken_lines,
        (("第八条第一款", "第8条第一款"), ("示例县人民政府", "上一级行政机关")),
        (Fault("C10", f"{ACT}第8\n条第一款"), Fault("C15", "上一级行政机关")),
    ),
]
ROUND_TRIPS = [
    Planted(
        "LibreOffice: runs and dates",
        split_runs,
        (
            ("2026年11月2日", "2026年9月12日"),
            ("（¥500.00）", "（¥50.00）"),
            ("第三十条第（一）项", "第三十条第（三）项"),
        ),
        (
            Fault("C16", "2026年9月20日"),
            Fault("C12", "人民币伍佰元整（¥50.00）"),
            Fault("C17", f"{ACT}第三十条第（三）项"),
        ),
    ),
    Planted(
        "LibreOffice: box, header, footer",
        framed,
        (
            also("《行政处罚法》第六十二条。\n《示例市办法》第五条\n《中华人民共和国行政处罚法》第16条"),
            (VIOLATED, "当事人的行为已经构成违法。"),
        ),
        (
            Fault("C6", ""),
            Fault("C1", "《行政处罚法》第六十二条", "文本框"),
            Fault("C0", "《示例市办法》第五条", "页眉"),
            Fault("C10", "《中华人民共和国行政处罚法》第16条", "页脚"),
        ),
    ),
    Planted(
        "LibreOffice: a form",
        form,
        (("第八条第一款", "第八条"), (DECIDED, DECIDED.replace("第三十条第（一）项", "第30条第（一）项"))),
        (
            Fault("C2", f"{ACT}第八条", cell="表1 行7 列2"),
            Fault("C10", f"{ACT}第30条第（一）项", cell="表1 行9 列2 表1 行1 列1"),
        ),
    ),
    Planted(
        "LibreOffice: notes",
        noted,
        (
            also(f"参见《{UNFAIR}》第八条第一款。\n参见《{CFA}》第六十二条第三款。"),
            (DECIDED, DECIDED.replace(f"{ACT}第三十条第（一）项", "《示例县裁量基准》第三条")),
        ),
        (
            Fault("C8", "依据《示例县裁量基准》第三条的规定，决定"),
            Fault("C5", f"《{UNFAIR}》第八条第一款", "脚注"),
            Fault("C17", f"《{UNFAIR}》第八条第一款", "脚注"),
            Fault("C17", f"《{CFA}》第六十二条第三款", "尾注"),
        ),
    ),
]


@pytest.fixture(scope="module")
def base() -> Snapshot:
    return Snapshot.of(laws=LAWS, repeals=REPEALS)


def findings_of(data: bytes, base: Snapshot, folder: Path) -> list[Finding]:
    path = folder / "paper.docx"
    path.write_bytes(data)
    result = check_file(path, base, DAYS, "decision", today=DAYS.decided)
    return [finding_of(found) for found in result["findings"]]


def check(data: bytes, faults: tuple[Fault, ...], base: Snapshot, folder: Path) -> None:
    """All found, none besides, each at its words; each comment of the copy on exactly these words."""
    findings = findings_of(data, base, folder)
    found = [Fault(f.code, f.text, f.place.part, f.place.cell) for f in findings]
    assert sorted(found, key=repr) == sorted(faults, key=repr)
    texts = {(ln.place.part, ln.place.paragraph, ln.place.cell): ln.text for ln in read_docx(data)}
    for f in findings:
        if f.text:
            text = texts[f.place.part, f.place.paragraph, f.place.cell]
            assert text[f.place.start : f.place.end] == f.text
    copy = annotate(open_package(data), findings, AT)
    assert_only_comments(data, copy)
    docx.Document(io.BytesIO(copy))
    said = comments(copy)
    assert len(said) == len(findings)
    for (number, text), f in zip(said.items(), findings, strict=True):
        assert f"{f.code}　{f.severity}　{f.message}" in text
        if f.place.part == "正文" and f.text:
            assert anchored(copy, number) == f.text
        else:
            assert text.startswith(f"位置：{f.place.part if f.text else '全文'}")
    assert findings_of(copy, base, folder) == findings, "our comments are no part of the paper"


@pytest.mark.parametrize("make", sorted({planted.make for planted in PAPERS}, key=lambda make: make.__name__))
def test_the_faultless_letter_has_no_finding(
    make: Callable[[Rows], bytes], base: Snapshot, tmp_path: Path
) -> None:
    extra = {framed: ["甲", "乙", "丙"], noted: ["甲", "乙"]}.get(make, [])
    assert findings_of(make([*LETTER, *extra]), base, tmp_path) == []


@pytest.mark.parametrize("planted", PAPERS, ids=lambda planted: planted.name)
def test_planted_faults(planted: Planted, base: Snapshot, tmp_path: Path) -> None:
    check(planted.make(rows(planted)), planted.faults, base, tmp_path)


@pytest.mark.libreoffice
def test_planted_faults_in_files_of_libreoffice(soffice: str, base: Snapshot, tmp_path: Path) -> None:
    """Each paper is opened by LibreOffice and written again as .docx before it is checked."""
    paths = [tmp_path / f"{n}.docx" for n in range(len(ROUND_TRIPS))]
    for path, planted in zip(paths, ROUND_TRIPS, strict=True):
        path.write_bytes(planted.make(rows(planted)))
    written = convert(soffice, paths, "docx:MS Word 2007 XML", tmp_path / "again")
    for path, planted in zip(written, ROUND_TRIPS, strict=True):
        data = path.read_bytes()
        assert data != (tmp_path / path.name).read_bytes()
        check(data, planted.faults, base, tmp_path)
