"""Papers with planted faults, in the shapes that Word, WPS and LibreOffice give a paper.

Each row plants faults by replacing words of a faultless letter. All are found, none besides; the words at
the place are the finding's words; the commented copy holds each comment on exactly these words.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from generator.audit import check_file
from generator.comments import annotate, finding_of
from generator.docx_text import read_docx
from generator.review import review
from kb.findings import Finding
from kb.package import open_package
from kb.snapshot import Snapshot
from tests.generator.commented import anchored, assert_only_comments, comments
from tests.generator.planted import (
    AT,
    CFA,
    DAYS,
    DECIDED,
    LAWS,
    LETTER,
    NOTICE,
    REPEALS,
    TOLD,
    UNFAIR,
    VIOLATED,
    Fault,
    Planted,
    Rows,
    also,
    broken_lines,
    by_python_docx,
    form,
    framed,
    html,
    noted,
    odt,
    revised,
    rows,
    split_runs,
    with_fields,
)
from tests.generator.test_comments import convert

ACT = "《示例县摊贩管理条例》"
FIRST = f"{ACT}第八条第一款"
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
    Planted(
        "LibreOffice: a web page",
        html,
        (("第三十条第（一）项", "第三十一条第（二）项"), ("向示例县人民法院", "向当地人民法院")),
        (
            Fault("C9", f"{ACT}第三十一条第（二）项", cell="表1 行1 列1"),
            Fault("C15", "当地人民法院", cell="表3 行1 列1"),
        ),
    ),
    Planted(
        "LibreOffice: an .odt",
        odt,
        (
            (FIRST, f"{ACT}\t第八条第一款{{^另见{ACT}第九条第一款。^}}"),
            (TOLD, f"{TOLD}{{-又见《食品法》第1条。-}}根据相关法律法规，不再听证。"),
            ("决定罚款", "拟处罚款"),
        ),
        (
            Fault("C3", f"{ACT}第九条第一款", "脚注"),
            Fault("C7", "根据相关法律法规"),
            Fault("C14", "拟处"),
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
    """LibreOffice opens each .docx, web page or .odt and writes the .docx that is checked."""
    paths = [tmp_path / f"{n}{planted.ending}" for n, planted in enumerate(ROUND_TRIPS)]
    for path, planted in zip(paths, ROUND_TRIPS, strict=True):
        path.write_bytes(planted.make(rows(planted)))
    written = convert(soffice, paths, "docx:MS Word 2007 XML", tmp_path / "again")
    for path, made, planted in zip(written, paths, ROUND_TRIPS, strict=True):
        assert path.read_bytes() != made.read_bytes()
        check(path.read_bytes(), planted.faults, base, tmp_path)


# ---------------------------------------------------------------- between the papers of a case

BETWEEN = [
    (("当事人：示例商店", "当事人：示例商行"), Fault("C13", "示例商行")),
    (("第八条第一款", "第八条第二款"), Fault("C13", f"{ACT}第八条第二款")),
    (("第三十条第（一）项", "第三十条第（二）项"), Fault("C13", f"{ACT}第三十条第（二）项")),
    (("伍佰元整（¥500.00）", "陆佰元整（¥600.00）"), Fault("C13", "人民币陆佰元整（¥600.00）")),
    (("2026年11月2日", "2026年9月18日"), Fault("C16", "2026年9月18日")),
]


def between(decision: Rows, base: Snapshot, folder: Path) -> list[Fault]:
    """What contradicts the notice; nothing is wrong in either paper by itself, but for its own dates."""
    for name, texts in (("告知书", list(NOTICE)), ("决定书", decision)):
        (folder / f"{name}.docx").write_bytes(split_runs(texts))
    result = review(folder, base, today=DAYS.decided)
    alone = {f.code for paper in result.papers for f in paper.findings}
    assert alone <= {"C16"}
    return [Fault(c.finding.code, c.finding.text) for c in result.consistency]


def test_two_papers_of_one_case_agree(base: Snapshot, tmp_path: Path) -> None:
    assert between(list(LETTER), base, tmp_path) == []


@pytest.mark.parametrize(("change", "fault"), BETWEEN)
def test_a_contradiction_between_two_papers(
    change: tuple[str, str], fault: Fault, base: Snapshot, tmp_path: Path
) -> None:
    texts = rows(Planted("", split_runs, (change,), ()))
    assert between(texts, base, tmp_path) == [fault]


def test_every_code_is_planted() -> None:
    planted = {fault.code for paper in (*PAPERS, *ROUND_TRIPS) for fault in paper.faults}
    planted |= {fault.code for _, fault in BETWEEN}
    assert planted >= {f"C{n}" for n in range(1, 18)}
