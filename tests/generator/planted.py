"""A faultless letter, the laws it is judged by, and the ways in which programs make a file of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import docx

from kb.citation import Days
from kb.laws import Article, Item, LawVersion, Paragraph, Repeal, parse_structure
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

CFA = "中华人民共和国行政处罚法"
UNFAIR = "中华人民共和国反不正当竞争法"
OLD, RULES = "中华人民共和国示例旧法", "示例县摊贩管理条例"
CATCH_ALL = Article(
    31,
    0,
    (Paragraph("有下列情形之一的，处罚款：", (Item(1, "（一）堵塞道路；"), Item(2, "（二）其他情形。"))),),
    has_text=True,
)
"""An article with its wording, whose last item is for everything else."""
LAWS = [
    (
        LawVersion(title, date(*since), "原文", date(*to) if to else None, level=level, key=n),
        parse_structure(text) + ((CATCH_ALL,) if title == RULES else ()),
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
NOTICE = (
    "行政处罚告知书",
    "示综执罚告〔2026〕5号",
    "当事人：示例商店",
    "经查，当事人于2026年9月8日在示例路摆摊经营，有现场笔录证明。",
    VIOLATED,
    DECIDED.replace("决定罚款", "拟罚款"),
    "你有权陈述、申辩，联系地址：示例路2号。",
    "示例县综合行政执法局（印章）",
    "2026年9月19日",
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

    @property
    def ending(self) -> str:
        """Of the file as it is made; LibreOffice makes a .docx of it."""
        return {html: ".html", odt: ".fodt"}.get(self.make, ".docx")


def rows(planted: Planted) -> Rows:
    text = "\n".join(LETTER)
    for old, new in planted.replace:
        assert old in text, old
        text = text.replace(old, new)
    return text.split("\n")


# ---------------------------------------------------------------- ways to make a file


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


def html(texts: Rows) -> bytes:
    """A web page or a mail: spans in the middle of words, two words linked, the end in a table."""
    body = ""
    for n, text in enumerate(texts):
        middle = len(text) // 2
        shown = f"{escape(text[:middle])}<span style='color: #111'>{escape(text[middle:])}</span>"
        shown = shown.replace("第三十", '第<a href="#law">三十</a>')
        body += f"<table border='1'><tr><td>{shown}</td></tr></table>" if n > 7 else f"<p>{shown}</p>"
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def odt(texts: Rows) -> bytes:
    """A flat .odt: a deletion that is tracked, a note, blanks and breaks of its own."""
    body, changes = "", ""
    for n, text in enumerate(texts):
        pieces = re.split(r"(\{-.*?-\}|\{\^.*?\^\}|[ \t\n])", text)
        made = ""
        for piece in pieces:
            if piece[:2] == "{-":
                changes += (
                    f'<text:changed-region text:id="c{n}"><text:deletion><office:change-info>'
                    "<dc:creator>乙</dc:creator><dc:date>2026-11-01T00:00:00</dc:date></office:change-info>"
                    f"<text:p>{escape(piece[2:-2])}</text:p></text:deletion></text:changed-region>"
                )
                made += f'<text:change text:change-id="c{n}"/>'
            elif piece[:2] == "{^":
                made += (
                    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
                    f"<text:note-body><text:p>{escape(piece[2:-2])}</text:p></text:note-body></text:note>"
                )
            else:
                blank = {" ": "<text:s/>", "\t": "<text:tab/>", "\n": "<text:line-break/>"}.get(piece)
                made += blank or f"<text:span>{escape(piece)}</text:span>"
        body += f"<text:p>{made}</text:p>"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        f"<text:tracked-changes>{changes}</text:tracked-changes>{body}</office:text></office:body></office:document>"
    ).encode()


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def also(text: str) -> tuple[str, str]:
    """One more paragraph at the end."""
    return LETTER[-1], f"{LETTER[-1]}\n{text}"
