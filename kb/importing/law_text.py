"""From the bytes of one file to a title, a head and lines: what all formats of a law text have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.errors import BadRecord

LONGEST_LINE = 50_000
MOST_LINES = 50_000
SPACES = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff"
NUMERALS = "一二三四五六七八九十百千零〇两"

_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000\u00a0]+(?=[\u4e00-\u9fff])")
_UNIT = re.compile(rf"(第[{NUMERALS}]+(?:分编|编|章|节))[ \u3000\u00a0]*(.*)")
_PLAIN_UNIT = re.compile(rf"第[ \u3000]*[{NUMERALS}]+[ \u3000]*(?:分编|编|章|节)(?:[ \u3000].{{0,40}}|)")
_OPENING = re.compile(rf"第[{NUMERALS}\d]+条|[{NUMERALS}]+、")
_ORDER = re.compile(r"(?:令|公告)(?:\s*第?[\d一二三四五六七八九十百〇零]+号)?$")
_NAMED = re.compile(r"[^，。；]{2,80}(?:法|条例|规定|办法|细则|规则|决定|解释|规程|标准)(?:（[^）]{1,10}）)?")
_CONTENTS = re.compile(r"目[ \u3000]*[录次]")
_LEADERS = re.compile(r"[.．…·\s]*\d*$")
_HEAD_LINE = re.compile(
    r"[（(]?(?:根据|自|\d{4}年)|[（(].{0,400}[）)]$|.{0,40}(?:令|公告)\s*第?[\d一二三四五六七八九十百〇零]+号$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``heading`` is its depth (0 for text); ``unit`` marks 编/章/节 and the like."""

    text: str
    heading: int = 0
    table: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read: its title, the lines of its head, the lines below.

    ``part`` is the second title of a file that holds one part of a law; ``part_only`` is true where the file
    has no title of the law at all.
    """

    path: str
    title: str
    head: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    part: str = ""
    part_only: bool = False


def decode(data: bytes, path: str) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or GB18030.

    Raises:
        BadRecord: none of them fits.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for codec in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            check_lines(text.split("\n"), path)
            return text
    raise BadRecord("无法识别文件的文字编码", where=path, hint="另存为 UTF-8 编码的文本后重新导入")


def check_lines(lines: Sequence[str], path: str) -> None:
    """Refuse what no law prints: it would only cost time.

    Raises:
        BadRecord: a line of more than `LONGEST_LINE` characters, or more than `MOST_LINES` lines.
    """
    if len(lines) > MOST_LINES:
        raise BadRecord(f"超过 {MOST_LINES} 行，不像单部法律", where=path, hint="核对文件内容")
    if any(len(line) > LONGEST_LINE for line in lines):
        raise BadRecord(f"有一行超过 {LONGEST_LINE} 字，不像法律文本", where=path, hint="核对文件内容")


def clean(text: str) -> str:
    """A line without invisible characters at its ends and inside."""
    return re.sub("[\u200b\u200c\u200d\u2060\ufeff]", "", text).strip(SPACES)


def clean_heading(text: str) -> str:
    """``第一章  总 则`` becomes ``第一章 总则``."""
    text = _HAN_GAP.sub("", clean(text))
    m = _UNIT.fullmatch(text)
    return f"{m[1]} {m[2].strip(SPACES)}".strip() if m else text


def official_title(text: str) -> str:
    """The title as it is cited: no spaces, full-width brackets, no outer 《》."""
    title = re.sub(rf"[{SPACES}]+", "", text).replace("(", "（").replace(")", "）")
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    return title


def is_unit(text: str) -> bool:
    """Whether a bare line is the heading of a 编, 章 or 节 (a sentence that opens with one is not)."""
    return bool(_PLAIN_UNIT.fullmatch(text)) and not re.search(r"[，。；：]", text)


def read_plain(path: str, raw: Iterable[str]) -> Source:
    """A law as bare lines (.txt, or the paragraphs of a .docx): title, adoption note, 目录, text.

    The title is what stands above the adoption note; in a file that opens with the order that publishes the
    law it is the last line above the text that can be a title. Lines before the first chapter, article or
    point that are not a note (an order, a preamble) are left out of the articles.
    """
    lines = [text for text in (clean(line) for line in raw) if text]
    start = next((i for i, text in enumerate(lines) if _opens(text)), len(lines))
    top = lines[:start]
    if (
        top
        and _ORDER.search(top[0])
        and (named := [i for i, text in enumerate(top) if _NAMED.fullmatch(text)])
    ):
        at = named[-1]
        return Source(path, official_title(top[at]), (*top[:at], *top[at + 1 :]), _body(lines[start:]))
    at = next((i for i, text in enumerate(top) if _HEAD_LINE.match(text)), len(top))
    words = top[:at]
    while len(words) > 1 and not _looks_titled("".join(words)):
        words.pop()
    title = official_title("".join(words)) if words else ""
    head = [*top[len(words) :]]
    return Source(path, title, tuple(head), _body(lines[start:]))


def _opens(text: str) -> bool:
    return bool(_CONTENTS.fullmatch(text) or is_unit(text) or _OPENING.match(text))


def _looks_titled(text: str) -> bool:
    return len(text) <= 120 and not re.search(r"[。；！？]", text)


def _body(lines: list[str]) -> tuple[Line, ...]:
    """Mark headings, and leave out the table of contents: it ends where its first heading comes again."""
    out: list[Line] = []
    first = ""
    inside = False
    for text in lines:
        if _CONTENTS.fullmatch(text):
            inside, first = True, ""
            continue
        unit = is_unit(text)
        if inside:
            name = clean_heading(_LEADERS.sub("", text))
            if not first:
                first = name
                continue
            if name != first and not _OPENING.match(text):
                continue
            inside = False
        out.append(Line(clean_heading(text), 1) if unit else Line(text))
    return tuple(out)
