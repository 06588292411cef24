"""Files of every format: read right, or refused in one Chinese line."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kb.errors import BadPackage, BadRecord, CailiangError
from kb.importing.law_reading import ParsedLaw, parse_law, read_source
from kb.importing.law_versions import read_table
from kb.laws import format_structure

LAWS = Path(__file__).parent / "fixtures" / "laws"

PLAIN = """灯笼管理条例

（2020年1月2日福建省第十三届人民代表大会常务委员会第八次会议通过　2022年3月4日修正）

目　　录
第一章　总则
第二章　罚则
第一节　罚款……3

第一章　总则
第一条　灯笼应当亮。
第二条　灯笼应当稳，有下列情形之一的除外：
（一）节日；
（二）雨天。
前款另定。
第二章　罚则
第一节　罚款
第三条　本条例自2020年5月1日起施行。
"""


def parse(name: str, data: bytes) -> ParsedLaw:
    return parse_law([read_source(name, data)])


def docx(paragraphs: list[str]) -> bytes:
    import docx as word

    document = word.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def check_plain(law: ParsedLaw) -> None:
    assert law.version is not None
    assert law.version.title == "灯笼管理条例"
    assert law.version.level == "地方性法规"
    assert law.version.issuer == "福建省人民代表大会常务委员会"
    assert (law.version.adopted, law.version.from_basis) == (date(2022, 3, 4), "推定")
    assert format_structure(law.articles) == "1:0 2:2,0 3:0"
    assert [a.chapter for a in law.articles] == ["第一章 总则", "第一章 总则", "第二章 罚则 / 第一节 罚款"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_plain_text_in_any_encoding(codec: str, newline: str) -> None:
    check_plain(parse("灯.txt", PLAIN.replace("\n", newline).encode(codec)))


def test_official_docx() -> None:
    check_plain(parse("灯.docx", docx(PLAIN.split("\n"))))


def test_docx_with_a_title_over_two_paragraphs_and_line_breaks() -> None:
    law = parse(
        "灯笼法_20200102.docx",
        docx(
            [
                "中华人民共和国",
                "灯笼法",
                "(2020年1月2日第十三届全国人民代表大会第三次会议通过)",
                "第一条\t灯笼应当亮。\n应当稳。",
            ]
        ),
    )
    assert law.version is not None
    assert (law.version.title, law.version.level) == ("中华人民共和国灯笼法", "法律")
    assert format_structure(law.articles) == "1:0,0"


def test_docx_that_opens_with_the_order_that_publishes_it() -> None:
    law = parse(
        "下载.docx",
        docx(
            [
                "中华人民共和国国务院令",
                "第 999 号",
                "《灯笼管理条例》已经2020年1月2日国务院第9次常务会议通过，现予公布，自2020年5月1日起施行。",
                "总理　某某",
                "2020年2月3日",
                "灯笼管理条例",
                "第一章　总　则",
                "第一条　灯笼应当亮。",
                "第二章　附　则",
                "第二条　灯笼应当稳。",
            ]
        ),
    )
    version = law.version
    assert version is not None
    assert (version.title, version.level, version.issuer) == ("灯笼管理条例", "行政法规", "国务院")
    assert version.number == "中华人民共和国国务院令第999号"
    assert (version.adopted, version.from_, version.from_basis) == (
        date(2020, 2, 3),
        date(2020, 5, 1),
        "原文",
    )


def test_plain_text_without_an_adoption_note() -> None:
    law = parse("灯笼法(2020-01-02).txt", "灯笼法\n第一条 灯笼应当亮。\n".encode())
    assert law.version is not None
    assert (law.version.title, law.version.adopted) == ("灯笼法", date(2020, 1, 2))


def test_first_markdown_dialect() -> None:
    path = LAWS / "plain" / "行政法规" / "灯笼管理条例(2015-03-02).md"
    law = parse(str(path), path.read_bytes())
    version = law.version
    assert version is not None
    assert (version.title, version.level, version.issuer) == ("灯笼管理条例", "行政法规", "国务院")
    assert version.number == "中华人民共和国国务院令第999号"
    # The name of the file knows of an amendment that the head leaves out.
    assert (version.adopted, version.from_, version.from_basis) == (
        date(2015, 3, 2),
        date(2015, 3, 2),
        "推定",
    )
    assert [h.act for h in version.history] == ["公布", "修订", "修改"]
    assert format_structure(law.articles) == "1:0 2:0,3[2=2],0 3:0 4:0"
    assert "二千" in law.articles[2].note
    assert [(r.title, r.day) for r in law.repeals] == [("灯笼暂行办法", date(2001, 8, 1))]
    assert any("灯笼式样图" in note for note in law.notes)


def test_second_markdown_dialect_with_version_table() -> None:
    folder = LAWS / "tabled" / "old-canal-law"
    path = folder / "versions" / "2011-05-01" / "README.md"
    law = parse_law([read_source(str(path), path.read_bytes())], read_table(folder / "versions.json"))
    version = law.version
    assert version is not None
    assert (version.from_, version.from_basis, version.to) == (date(2011, 5, 1), "版本表", date(2021, 7, 1))
    assert format_structure(law.articles) == "1:0 2:0,0 3:0"
    assert [(r.title, str(r.day), r.by) for r in law.repeals] == [
        ("中华人民共和国运河法", "2021-07-01", "中华人民共和国灯笼法典")
    ]


@pytest.mark.parametrize("with_table", [True, False])
def test_repeal_notice(with_table: bool) -> None:
    folder = LAWS / "tabled" / "old-canal-law"
    table = read_table(folder / "versions.json") if with_table else None
    law = parse_law([read_source(str(folder / "README.md"), (folder / "README.md").read_bytes())], table)
    assert law.version is None
    assert [(r.title, str(r.day), r.by) for r in law.repeals] == [
        ("中华人民共和国运河法", "2021-07-01", "中华人民共和国灯笼法典")
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_law_in_several_files(backwards: bool) -> None:
    folder = LAWS / "tabled" / "lantern-code"
    paths = sorted(folder.glob("*.md"), reverse=backwards)
    law = parse_law(
        [read_source(str(p), p.read_bytes()) for p in paths], read_table(folder / "versions.json")
    )
    assert law.version is not None
    assert law.version.title == "中华人民共和国灯笼法典"
    assert format_structure(law.articles) == "1:0 2:2 3:0 3-1:0 4:0"
    assert law.articles[0].chapter == "第一编 总则 / 第一章 一般规定"
    assert law.articles[2].chapter == "第二编 罚则"


def test_markdown_table_and_html() -> None:
    body = "<strong>一、</strong>灯。\n\n二、笼。\n\n<style>x{}</style>\n"
    law = parse("灯.md", f"# 灯法\n2020年1月2日 国务院令第1号公布\n\n{body}".encode())
    assert format_structure(law.articles) == "p1:0 p2:0"


def test_text_without_numbers_is_a_law_without_articles() -> None:
    law = parse("灯.md", "# 关于灯的批复\n\n2020年1月2日 国务院发布\n\n同意点灯。\n".encode())
    assert law.version is not None
    assert (law.version.adopted, law.articles) == (date(2020, 1, 2), ())


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return out.getvalue()


REFUSED = [
    ("灯.docx", b"PK\x03\x04 broken", BadPackage),
    ("灯.docx", b"\xd0\xcf\x11\xe0old word", BadPackage),
    ("灯.docx", zipped({"a.txt": b"x"}), BadPackage),
    ("灯.pdf", b"%PDF", BadRecord),
    ("灯", b"text", BadRecord),
    ("灯.txt", b"\xff\xff\xff", BadRecord),
    ("灯.txt", b"\x00\x01\x02", BadRecord),
    ("灯.md", b"", BadRecord),
    ("灯.md", "# 说明\n\n这里有灯。\n".encode(), BadRecord),
    ("灯.txt", ("灯" * 60_000).encode(), BadRecord),
    ("灯.txt", ("灯\n" * 60_000).encode(), BadRecord),
    (
        "灯.md",
        "# 灯法\n2020年1月2日国务院令第1号公布\n## 第一章 灯\n第一条 甲。".encode(),
        BadRecord,
    ),
]


@pytest.mark.parametrize(("name", "data", "error"), REFUSED, ids=range(len(REFUSED)))
def test_refused_in_one_chinese_line(name: str, data: bytes, error: type[CailiangError]) -> None:
    with pytest.raises(error) as caught:
        parse(name, data)
    said = str(caught.value)
    assert "\n" not in said
    assert "：" in said


HOSTILE = [
    "（" * 40_000,
    "《" * 40_000,
    "（一）甲；" * 9_000,
    "第" + "一" * 40_000 + "条",
    "[a](" * 10_000,
    "<table" * 8_000,
]


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_odd_lines_cost_no_time(line: str, suffix: str) -> None:
    text = f"# 灯法\n\n2020年1月2日国务院令第1号公布\n\n第一条 有：{line}\n" + f"{line}\n" * 20
    law = parse(f"灯{suffix}", text.encode())
    assert len(law.articles) == 1


BAD_TABLES = ["", "[]", "{}", '{"title": "灯法", "versions": [{}]}', '{"title": 1, "versions": []}',
              '{"title": "灯法", "versions": [{"entry": "a", "effectiveFrom": "2020-13-01"}]}']  # fmt: skip


@pytest.mark.parametrize("raw", BAD_TABLES)
def test_bad_version_table(raw: str, tmp_path: Path) -> None:
    (tmp_path / "versions.json").write_text(raw, encoding="utf-8")
    with pytest.raises(BadRecord, match="版本表"):
        read_table(tmp_path / "versions.json")
