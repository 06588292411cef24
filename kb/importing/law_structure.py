"""From lines to articles (条, or 一、 points) and the chapter each stands in; see also `law_paragraphs`.

The rules are those of 立法法 art 65 (编/章/节/条/款/项/目): a 款 has no number and begins on a line of its
own, a 项 is （一）, a 目 is 1. A line after the items that is no item itself is a new 款, unless the list
goes on further down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.importing.law_paragraphs import ENDS, RECKONING, marker, number_of, paragraphs_of
from kb.importing.law_text import NUMERALS, SPACES, Line, clean_heading
from kb.laws import Article

_ARTICLE = re.compile(rf"第[ \u3000]?([{NUMERALS}]+|\d+)[ \u3000]?条(?:之([{NUMERALS}]+))?")
_CITING = re.compile(r"第|规定|所|的|、|和|至|或|中|与|及|，|以|等|到|；|：|有关")
_POINT = re.compile(rf"[（(]?[{NUMERALS}]+(?:[、．]|[）)][、．]?)")
_UNIT = re.compile(rf"第[{NUMERALS}]+(分编|编|章|节)")
_APPENDIX = re.compile(rf"附(?:[件表录图注][{NUMERALS}\d]*|[{NUMERALS}\d]*)(?:[：:{SPACES}].*|)")
_APPENDIX_HEADING = re.compile(r"附(?!则)|.*(?:表[一二三四五六]?|图案|说明)(?:（.*）)?$")
_RANKS = {"编": 1, "分编": 2, "章": 3, "节": 4}
_SIGNED_DAY = re.compile(r"[（(]?(?:\d{4}年\d{1,2}月\d{1,2}日|[一二][九〇○零Ｏ]\S{1,14}日)[）)]?")
_GLUED = re.compile(
    rf"(?<=[。；：])[ \u3000]+(?=第[{NUMERALS}]+条[ \u3000]|[（(][{NUMERALS}]+[）)])"
    r"|(?<=。)[ \u3000]+(?=[\u4e00-\u9fff“])"
)
_STRAY = re.compile(rf"�|元以上[{NUMERALS}\d万]+以下|[{NUMERALS}\d]万以下的?罚款")


@dataclass(frozen=True, slots=True)
class Structure:
    """``notes`` speak of the text as a whole; a note about one article is on the article."""

    articles: tuple[Article, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Provision:
    number: int
    suffix: int
    kind: str
    chapter: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def build(lines: Sequence[Line]) -> Structure:
    """Articles of a text, in its order, with what looked odd.

    Args:
        lines: everything below the head, several files of one law joined in order.
    """
    lines = [part for line in lines for part in _unglue(line)]
    walk = _Walk(_opener(lines))
    for line in lines:
        walk.take(line)
    return walk.done()


def _opener(lines: Sequence[Line]) -> str:
    """What this text counts by: 第一条, else 一、, else （一）."""
    if any(_opens_article(line) for line in lines):
        return "第一条"
    return "一、" if any(marker(line.text) == ("一、", 1) for line in lines) else "（一）"


def _unglue(line: Line) -> list[Line]:
    """Lines that a source ran together with a space after the full stop."""
    if line.heading or line.table or not _GLUED.search(line.text):
        return [line]
    return [Line(text) for text in _GLUED.split(line.text)]


def _opens_article(line: Line) -> bool:
    m = _ARTICLE.match(line.text)
    return m is not None and not line.table and not _CITING.match(line.text[m.end() :].lstrip(SPACES))


class _Walk:
    """One pass over the lines: chapters, where a provision opens, where the text proper ends."""

    def __init__(self, opener: str) -> None:
        self.opener = opener
        self.chapters: list[tuple[int, str]] = []
        self.depths: dict[int, int] = {}
        self.found: list[_Provision] = []
        self.notes: list[str] = []
        self.in_tail = False
        self.after_heading = False

    def take(self, line: Line) -> None:
        opened = None if line.table else self._open(line)
        if opened:
            self.in_tail = False
            self.found.append(opened)
        elif line.heading:
            self._release()
            self._enter(line)
        elif self.after_heading and self.chapters and _is_loose(line, comma=True):
            rank, name = self.chapters[-1]
            self.chapters[-1] = (rank, clean_heading(f"{name} {line.text}"))
            return
        elif self.found and not self.in_tail:
            if not line.table and _APPENDIX.fullmatch(line.text) and "。" not in line.text:
                self.in_tail = True
            else:
                self.found[-1].lines.append(line)
        self.after_heading = bool(line.heading) and not opened

    def _release(self) -> str:
        """Take from the newest provision a heading that the source did not mark as one."""
        if not self.found or self.in_tail:
            return ""
        name = _drop_caption(self.found[-1], last=False)
        if name:
            self.notes.append(
                f"第{self.found[-1].number}条之后的“{name[:30]}”是未标明的标题，没有作为条文收入"
            )
        return name

    def _enter(self, line: Line) -> None:
        m = _UNIT.match(line.text)
        if not m and self.found and _APPENDIX_HEADING.match(line.text):
            self.in_tail = True
            return
        default = 1 if line.heading == 1 else 3
        rank = _RANKS[m[1]] if m else self.depths.get(line.heading, default)
        if m:
            self.depths[line.heading] = rank
        self.chapters = [c for c in self.chapters if c[0] < rank] + [(rank, line.text)]

    def _chapter(self) -> str:
        return " / ".join(name for _, name in self.chapters)

    def _open(self, line: Line) -> _Provision | None:
        return self._open_article(line) if self.opener == "第一条" else self._open_point(line)

    def _open_article(self, line: Line) -> _Provision | None:
        m = _ARTICLE.match(line.text)
        if not m:
            return None
        number, suffix = number_of(m[1]), number_of(m[2]) if m[2] else 0
        if not number:
            return None
        rest = line.text[m.end() :]
        spaced = not rest or rest[0] in SPACES
        rest = rest.strip(SPACES)
        last = self.found[-1] if self.found else None
        follows = last is None or (number, suffix) in (
            (last.number + 1, 0),
            (last.number, last.suffix + 1),
        )
        if not follows and (self.in_tail or not spaced):
            return None
        if _CITING.match(rest) and not (follows and spaced):
            return None
        if last and not follows and (number, suffix) <= (last.number, last.suffix):
            self.notes.append(f"第{last.number}条之后又出现“第{m[1]}条”，作为正文处理")
            return None
        if name := self._release():
            self._enter(Line(name, 2))
        opened = _Provision(number, suffix, "article", self._chapter())
        if last and not follows:
            opened.notes.append(f"与前一条（第{last.number}条）条号不连续")
        if rest:
            opened.lines.append(Line(rest))
        return opened

    def _open_point(self, line: Line) -> _Provision | None:
        mark = marker(line.text)
        if not mark or mark[0] not in (self.opener, "一、"):
            return None
        number = mark[1]
        last = self.found[-1].number if self.found else 0
        if number != last + 1 and not (line.heading and not self.found):
            return None
        opened = _Provision(number, 0, "point", self._chapter())
        if number != last + 1:
            opened.notes.append(f"第{number}点之前的编号在原文中缺失")
        rest = _POINT.sub("", line.text, count=1).strip(SPACES)
        if line.heading:
            self._enter(line)
            opened.chapter = self._chapter()
        opened.lines.append(Line(rest, line.heading))
        return opened

    def done(self) -> Structure:
        if self.found and (name := _drop_caption(self.found[-1], last=True)):
            self.notes.append(f"最后一条之后的“{name[:30]}”没有作为条文收入")
        return Structure(tuple(_article(p) for p in self.found), tuple(self.notes))


def _drop_caption(p: _Provision, *, last: bool) -> str:
    """Cut what stands after a provision without belonging to it.

    That is a heading the source did not mark, a signature and a date; and after the last provision also the
    table or figure such a heading opens. Returns its first line, or nothing.
    """
    lines = p.lines
    at = len(lines)
    for i in range(1, len(lines)):
        if _is_loose(lines[i]) and not _is_loose(lines[i - 1]) and lines[i - 1].text[-1:] in ENDS:
            if last or all(_is_loose(line) for line in lines[i:]):
                at = i
                break
        elif last and lines[i].table:
            at = i
            break
    if at < len(lines):
        name = lines[at].text
        del lines[at:]
        return name
    return ""


def _is_loose(line: Line, *, comma: bool = False) -> bool:
    """A short line that is no sentence: a name, a heading, a date."""
    text = line.text
    if len(text) > 60 or line.table or marker(text) or RECKONING.fullmatch(text):
        return False
    if _SIGNED_DAY.fullmatch(text) or _APPENDIX_HEADING.fullmatch(text):
        return True
    return len(text) <= 40 and text[-1:] not in ENDS + "，" and (comma or "，" not in text)


def _article(p: _Provision) -> Article:
    lines = p.lines
    if p.kind == "point" and lines and (lines[0].heading or _is_caption(lines)):
        lines = lines[1:] or lines
    paragraphs, notes = paragraphs_of(lines)
    notes = [*p.notes, *notes]
    text = "".join(line.text for line in lines)
    if (at := _stray(text)) is not None:
        notes.append(f"原文疑有缺漏或多余字符：“{text[max(0, at - 8) : at + 12]}”")
    return Article(
        p.number,
        p.suffix,
        paragraphs,
        p.kind,
        p.chapter,
        "；".join(notes),
        has_text=any(line.text for line in lines),
    )


def _stray(text: str) -> int | None:
    """Where a fragment of another line or an amount without 元 stands."""
    if m := _STRAY.search(text):
        return m.start()
    if text.count("<") != text.count(">"):
        return max(text.find("<"), text.find(">"))
    return None


def _is_caption(lines: Sequence[Line]) -> bool:
    """A point whose first line is only its name: short, without punctuation, text below."""
    first = lines[0].text
    return len(lines) > 1 and len(first) <= 30 and not re.search(r"[，。；：、]", first)
