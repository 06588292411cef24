"""From lines to articles: 条 or 一、 points, their 款, 项 and 目, and the chapter each stands in.

The rules are those of 立法法 art 65 (编/章/节/条/款/项/目): a 款 has no number and begins on a line of its
own, a 项 is （一）, a 目 is 1. A line after the items that is not an item is a new 款, unless the list goes on
further down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from kb.errors import BadValue
from kb.importing.law_text import NUMERALS, SPACES, Line
from kb.laws import Article, Item, Paragraph
from kb.numerals import to_int

_ARTICLE = re.compile(rf"第[ \u3000]?([{NUMERALS}]+|\d+)[ \u3000]?条(?:之([{NUMERALS}]+))?")
_CITING = re.compile(r"第|规定|所|的|、|和|至|或|中|与|及|，|以|等|到|；|：|有关")
_POINT = re.compile(rf"[（(]?[{NUMERALS}]+(?:[、．]|[）)][、．]?)")
_UNIT = re.compile(rf"第[{NUMERALS}]+(分编|编|章|节)")
_APPENDIX = re.compile(rf"附(?:[件表录图注][{NUMERALS}\d]*|[{NUMERALS}\d]*)(?:[：:{SPACES}].*|)")
_APPENDIX_HEADING = re.compile(r"附(?!则)|.*(?:表[一二三四五六]?|图案|说明)(?:（.*）)?$")
_MARKERS = (
    ("（一）", re.compile(rf"[（(]\s*([{NUMERALS}]+)\s*[）)][、.．]?")),
    ("一、", re.compile(rf"([{NUMERALS}]+)[、．](?![{NUMERALS}]+[、级类等种款项])")),
    ("1.", re.compile(r"([0-9０-９]{1,2})\s*[.．、](?=[^0-9０-９])")),
    ("（1）", re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)]")),
    ("①", re.compile(r"([①-⑳])")),
)
_RANKS = {"编": 1, "分编": 2, "章": 3, "节": 4}
_SIGNED_DAY = re.compile(r"[（(]?(?:\d{4}年\d{1,2}月\d{1,2}日|[一二][九〇○零Ｏ]\S{1,14}日)[）)]?")
_ENDS = "。；：！？;:.”）)》…"
_FORMULA = re.compile(r"[^。]*[＝=÷×][^。]*")
_GLUED = re.compile(
    rf"(?<=[。；：])[ \u3000]+(?=第[{NUMERALS}]+条[ \u3000]|[（(][{NUMERALS}]+[）)])"
    r"|(?<=。)[ \u3000]+(?=[\u4e00-\u9fff“])"
)
_STRAY = re.compile(rf"�|元以上[{NUMERALS}\d]+万以下|[{NUMERALS}\d]万以下的?罚款")


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


@lru_cache(maxsize=4096)
def number_of(text: str) -> int:
    """``一百二十`` or ``１２`` as a number, ① too; 0 for what is none (十十)."""
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    try:
        return to_int(text)
    except BadValue:
        return 0


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

    def take(self, line: Line) -> None:
        opened = None if line.table else self._open(line)
        if opened:
            self.in_tail = False
            self.found.append(opened)
        elif line.heading:
            self._enter(line)
        elif self.found and not self.in_tail:
            if not line.table and _APPENDIX.fullmatch(line.text) and "。" not in line.text:
                self.in_tail = True
            else:
                self.found[-1].lines.append(line)

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
        for p in self.found:
            if said := _drop_caption(p, last=p is self.found[-1]):
                self.notes.append(said)
        return Structure(tuple(_article(p) for p in self.found), tuple(self.notes))


def _drop_caption(p: _Provision, *, last: bool) -> str:
    """Cut what stands after a provision without belonging to it.

    That is a heading the source did not mark, a signature and a date; and after the last provision also the
    table or figure such a heading opens. Returns a note on it, or nothing.
    """
    lines = p.lines
    at = len(lines)
    for i in range(1, len(lines)):
        if _is_loose(lines[i]) and not _is_loose(lines[i - 1]) and lines[i - 1].text[-1:] in _ENDS:
            if last or all(_is_loose(line) for line in lines[i:]):
                at = i
                break
        elif last and lines[i].table:
            at = i
            break
    if at < len(lines):
        name = lines[at].text
        del lines[at:]
        return f"第{p.number}条之后的“{name[:30]}”没有作为条文收入"
    return ""


def _is_loose(line: Line) -> bool:
    """A short line that is no sentence: a name, a heading, a date."""
    text = line.text
    if line.table or marker(text) or _FORMULA.fullmatch(text):
        return False
    if _SIGNED_DAY.fullmatch(text) or _APPENDIX_HEADING.fullmatch(text):
        return True
    return len(text) <= 40 and text[-1:] not in _ENDS + "，、"


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


# ---------------------------------------------------------------- inside one article


@dataclass
class _Draft:
    """A 款 being read. ``styles`` are the markers met: of its 项, then of the 目 of its newest 项."""

    text: str = ""
    items: list[tuple[int, str, list[str]]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def done(self) -> Paragraph:
        return Paragraph(self.text, tuple(Item(n, t, tuple(s)) for n, t, s in self.items))

    def extend(self, text: str) -> None:
        """Put one more line to whatever was written last."""
        if not self.items:
            self.text = f"{self.text}\n{text}" if self.text else text
            return
        number, said, subs = self.items[-1]
        if subs:
            subs[-1] = f"{subs[-1]}\n{text}"
        else:
            self.items[-1] = (number, f"{said}\n{text}", subs)


def marker(text: str) -> tuple[str, int] | None:
    """The number a line opens with: its style and its value."""
    for style, pattern in _MARKERS:
        if m := pattern.match(text):
            return style, number_of(m[1])
    return None


def paragraphs_of(lines: Iterable[Line]) -> tuple[tuple[Paragraph, ...], list[str]]:
    """款 with their 项 and 目, and notes on what does not add up."""
    rows = [(line, None if line.table else marker(line.text)) for line in _split_inline(lines)]
    drafts: list[_Draft] = []
    notes: list[str] = []
    for i, (line, mark) in enumerate(rows):
        now = drafts[-1] if drafts else None
        if line.table:
            if now is None:
                drafts.append(now := _Draft())
            now.extend(line.text)
            if "含表格" not in notes:
                notes.append("含表格")
        elif mark and _counts(now, *mark):
            _take_marked(drafts, line.text, *mark, notes)
        elif now and (
            _continues(rows[i - 1][0].text, line.text, now.items)
            or (now.items and _goes_on(now, [m for _, m in rows[i + 1 :]]))
        ):
            now.extend(line.text)
        else:
            drafts.append(_Draft(line.text))
    return tuple(d.done() for d in drafts), notes


def _counts(now: _Draft | None, style: str, number: int) -> bool:
    """Whether a number opens or carries on a list; 二、三级… at the start of a sentence does neither."""
    if style == "（一）" or number == 1:
        return True
    if now is None or style not in now.styles:
        return False
    last, _, subs = now.items[-1]
    return number == (last if style == now.styles[0] else len(subs)) + 1


def _continues(before: str, text: str, items: Sequence[object]) -> bool:
    """Whether a bare line is no 款 of its own: a formula, a broken line, the rows of an unnumbered list.

    A 款 is a whole sentence: what follows a semicolon, or ends in one after a colon, is part of a sentence.
    """
    end = before[-1:]
    if _FORMULA.fullmatch(text) and len(text) <= 120 and (not items or end in ("：", ":")):
        return True
    if items:
        return end not in _ENDS + "，、"
    if end in ("：", ":"):
        return text[-1:] in "；;，"
    return end in ("；", ";", "、") or (end == "，" and len(before) <= 12) or end not in _ENDS + "，"


def _goes_on(now: _Draft, ahead: Sequence[tuple[str, int] | None]) -> bool:
    """Whether the list continues further down, so that a bare line still belongs to it."""
    number, _, subs = now.items[-1]
    for mark in ahead:
        if mark and mark[0] == now.styles[0]:
            return mark[1] == number + 1
        if mark and len(now.styles) > 1 and mark[0] == now.styles[1]:
            return mark[1] == len(subs) + 1
    return False


def _take_marked(drafts: list[_Draft], text: str, style: str, number: int, notes: list[str]) -> None:
    """Put a numbered line, printed with its number, where its style says: a 项, a 目, or below a 目."""
    if not drafts:
        drafts.append(_Draft())
    now = drafts[-1]
    level = now.styles.index(style) if style in now.styles else len(now.styles)
    if level == 0:
        if now.items and number == 1:
            notes.append("项的编号在同一款内重新开始，作为新的一款")
            drafts.append(now := _Draft())
        elif number != (now.items[-1][0] if now.items else 0) + 1:
            notes.append(f"项的编号不连续：第（{number}）项")
        now.styles = [style]
        now.items.append((number, text, []))
    elif level == 1:
        now.styles = [now.styles[0], style]
        now.items[-1][2].append(text)
    else:
        now.extend(text)


def _split_inline(lines: Iterable[Line]) -> Iterator[Line]:
    """Put items that were printed within one line on lines of their own: ``…：（一）…；（二）…``."""
    for line in lines:
        marks = [m for m in _MARKERS[0][1].finditer(line.text) if line.text[m.start() - 1] in "：；:;"]
        inside = [m for m in marks if m.start() and _outside_quotes(line.text[: m.start()])]
        if [number_of(m[1]) for m in inside] != list(range(1, len(inside) + 1)) or len(inside) < 2:
            yield line
            continue
        cuts = [0, *(m.start() for m in inside), len(line.text)]
        for a, b in pairwise(cuts):
            if a < b:
                yield Line(line.text[a:b])


def _outside_quotes(text: str) -> bool:
    return text.count("“") == text.count("”")
