"""Both Markdown dialects of Chinese statute collections, as one `Source`.

One writes ``第一条 …`` below ``<!-- INFO END -->``; the other has front matter, ``**第一条**　…``, tip boxes
and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kb.importing.law_text import NUMERALS, Line, Source, clean, clean_heading, official_title

INFO_END = "<!-- INFO END -->"

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
_DROPPED = (("<style", "</style>"), ("<script", "</script>"), ("\n:::", "\n:::"))
_TAG = re.compile(r"</?(?:strong|b|em|i|p|br|span|div|center|sup|sub|u|font)\b[^>]*>")
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
_HEADING = re.compile(r"(#{1,6})[ \u3000]*(.*)")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})")
_PART = re.compile(rf"第[{NUMERALS}]+(?:分编|编|章|节)|附则|总则|序言|.{{0,12}}编$")
_BODY = re.compile(rf"第[{NUMERALS}\d]+条|[{NUMERALS}]+、")


def read_markdown(path: str, text: str) -> Source:
    """Read one Markdown file.

    Args:
        path: only carried along, for messages.
        text: the decoded file.
    """
    text = _FRONT.sub("", text)
    for opening, closing in _DROPPED:
        text = _replace(text, opening, closing)
    marked = INFO_END in text
    info, _, body = text.partition(INFO_END) if marked else ("", "", text)
    titles: list[str] = []
    head: list[str] = []
    lines: list[Line] = []
    for line in _lines(info):
        (titles if line.heading == 1 else head).append(line.text)
    for line in _lines(body):
        if not marked and not lines and not _starts_body(line, titles):
            (titles if line.heading == 1 else head).append(line.text)
        else:
            lines.append(line)
    if titles and _PART.match(titles[0]):
        lines.insert(0, Line(clean_heading(titles[0]), 1))
        return Source(path, "", tuple(head), tuple(lines), part=titles[0], part_only=True)
    title = official_title(titles[0]) if titles else ""
    part = clean_heading(titles[1]) if len(titles) > 1 else ""
    if part:
        lines.insert(0, Line(part, 1))
    return Source(path, title, tuple(head), tuple(lines), part)


def _starts_body(line: Line, titles: list[str]) -> bool:
    """The head ends at the first chapter, article or point; a first-level heading is a title."""
    return (line.heading > 1 or bool(_BODY.match(line.text))) and bool(titles)


def _lines(text: str) -> Iterator[Line]:
    text = _replace(_replace(text, "<!--", "-->"), "<table", "</table>", _flatten)
    for raw in text.split("\n"):
        line = clean(raw)
        if not line or _RULE.fullmatch(line):
            continue
        if line.startswith("|"):
            if not re.fullmatch(r"[|:\- ]+", line):
                yield Line(line, table=True)
            continue
        if m := _HEADING.fullmatch(line):
            if name := clean_heading(m[2]):
                yield Line(name, len(m[1]))
            continue
        line = clean(_LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub("", line.replace("**", "")))))
        if line:
            yield Line(line)


def _replace(text: str, opening: str, closing: str, by: Callable[[str], str] = lambda _: "") -> str:
    """Replace what stands between two marks, these included; an opening without a closing stays."""
    out: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        end += len(closing)
        out += [text[at:start], by(text[start:end])]
        at = end
    return "".join([*out, text[at:]])


def _flatten(table: str) -> str:
    """An HTML table as Markdown rows: a row to a line."""
    rows = table.split("</tr>")
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    said = ["|" + "|".join(re.sub(r"\s+|<[^>]+>", " ", c).strip() for c in row) + "|" for row in cells if row]
    return "\n" + "\n".join(said) + "\n"
