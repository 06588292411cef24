"""The sentences of a paper that impose a penalty: on which provisions, of which kinds, how much.

依据《…》第…条的规定，决定给予下列行政处罚：1.… 2.… is one imposition, with the list below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.amounts import Sum, sums
from generator.docx_text import Line
from generator.paper import Paper
from kb.citation import Citation

_LEAD = re.compile(r"依据|依照|根据|按照")
_QUOTED = re.compile(r"“[^”]*”")
_DECIDES = re.compile(
    r"(?:决定|拟)[^。]{0,40}?(?:给予|作出|处|罚|没收|吊销|暂扣|警告|通报|责令停|责令关|如下|下列)"
    r"|(?:给予|作出)[^。；]{0,12}处罚"
)
_NO_PENALTY = re.compile(r"不予(?:行政)?处罚|免予(?:行政)?处罚")
_LIST_FOLLOWS = re.compile(r"如下|下列|以下行政处罚|[:：]\s*$")
_NUMBERED = re.compile(
    r"^\s*(?:(?P<arabic>\d{1,2})\s*[.．、]|[（(](?P<bracket>\d{1,2}|[一二三四五六七八九十])[）)]"
    r"|(?P<chinese>[一二三四五六七八九十])、)"
)
_TICKED = re.compile(r"[☑☒√■]\s*(?P<what>[^☑☒√■□]+)")
_CHINESE = "一二三四五六七八九十"

_FINE_BEFORE = re.compile(r"罚款(?:数额)?(?:共|合)?[^，。；：没百每]{0,8}$")
_FINE_AFTER = re.compile(r"\s*的?(?:行政)?罚款")
_TAKEN_BEFORE = re.compile(r"没收[^。；]{0,24}$")
_RANGE = re.compile(r"\s*(?:以上|以下|以内|至|到|[-–—－~～])")
_RANGE_BEFORE = re.compile(r"(?:以上|至|到|[-–—－~～])\s*$")
_TOTAL = re.compile(r"(?:共计|合计|总计)[^，。；]{0,6}$")

KINDS: dict[str, tuple[str, str]] = {
    "罚款": (r"(?<!加处)(?<!不予)罚款", "罚款"),
    "没收违法所得": (r"没收[^，。；、]{0,6}违法所得", r"没收[^。；]*违法所得"),
    "没收财物": (r"没收(?![^，。；、]{0,6}违法所得)", r"没收(?:违法所得(?:和|以及|及|、)|(?!违法所得))"),
    "警告": ("警告", "警告"),
    "通报批评": ("通报批评", "通报批评"),
    "责令停产停业": (r"责令[^，。；]{0,6}停(?:产停业|产|业)(?:整顿)?|停业整顿", r"停[产业]"),
    "责令关闭": ("责令[^，。；]{0,4}关闭", "关闭"),
    "吊销许可证件": ("吊销", "吊销"),
    "暂扣许可证件": ("暂扣", "暂扣"),
    "降低资质等级": ("降低资质", "降低资质"),
}
"""Kinds of penalty (行政处罚法 9): how a paper imposes one, how a clause allows one."""
_IMPOSED = {name: re.compile(paper) for name, (paper, _) in KINDS.items()}
_ALLOWED = {name: re.compile(clause) for name, (_, clause) in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a paragraph that says what is imposed."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Imposition:
    """One sentence with its list; ``citations`` are of substance only, never of procedure."""

    line: Line
    start: int
    citations: tuple[Citation, ...]
    pieces: tuple[Piece, ...]

    def fines(self) -> Iterator[tuple[Piece, Sum]]:
        """Each fine of a definite amount; totals and ranges are none."""
        for piece in self.pieces:
            yield from ((piece, found) for found in sums(piece.text) if _is_fine(piece.text, found))

    def taken(self) -> Iterator[tuple[Piece, Sum]]:
        """Each confiscated sum."""
        for piece in self.pieces:
            yield from ((piece, found) for found in sums(piece.text) if _is_taken(piece.text, found))

    def kinds(self) -> Iterator[tuple[str, Piece, re.Match[str]]]:
        """Each kind of penalty once, where it is first named."""
        for name, pattern in _IMPOSED.items():
            for piece in self.pieces:
                if match := pattern.search(piece.text):
                    yield name, piece, match
                    break


def allows(kind: str, clause: str) -> bool:
    """Whether a clause of a statute names a kind of penalty."""
    return _ALLOWED[kind].search(clause) is not None


def _is_fine(text: str, found: Sum) -> bool:
    before, after = text[max(0, found.start - 16) : found.start], text[found.end :]
    if _RANGE.match(after) or _RANGE_BEFORE.search(before) or _TOTAL.search(before):
        return False
    return bool(_FINE_BEFORE.search(before) or _FINE_AFTER.match(after))


def _is_taken(text: str, found: Sum) -> bool:
    before = text[max(0, found.start - 40) : found.start]
    return bool(_TAKEN_BEFORE.search(before)) and not _is_fine(text, found) and "罚款" not in before


def impositions(paper: Paper) -> list[Imposition]:
    """Every sentence that imposes a penalty or proposes one, in order."""
    found: list[Imposition] = []
    for n, line in enumerate(paper.lines):
        if "《" in line.text and _DECIDES.search(line.text):
            found += _in_line(paper, n, line)
    return found


def _in_line(paper: Paper, n: int, line: Line) -> Iterator[Imposition]:
    plain = _QUOTED.sub(lambda m: "　" * len(m[0]), line.text)  # quoted statutes impose nothing here
    leads = [m.start() for m in _LEAD.finditer(plain)]
    if not leads:
        return
    all_cited = [c for c in paper.citations(line) if not c.quoted]
    for at, following in zip(leads, [*leads[1:], len(plain)], strict=True):
        stop = plain.find("。", at)
        end = min(following, stop if stop >= 0 else len(plain))
        mine = [c for c in all_cited if at <= c.start < end and c.article is not None]
        if not mine:
            continue
        after = mine[-1].end
        decides = _DECIDES.search(plain, after, end)
        substance = tuple(c for c in mine if c.resolved not in paper.procedural)
        if not decides or not substance or _NO_PENALTY.search(plain, after, end):
            continue
        pieces = [Piece(line, decides.start(), end)]
        if _LIST_FOLLOWS.search(plain, after, end):
            pieces += _list(paper.lines, n)
        if not any(sums(p.text) for p in pieces):
            pieces += _ticked(paper.lines)
        yield Imposition(line, at, substance, tuple(pieces))


def _list(lines: tuple[Line, ...], n: int) -> Iterator[Piece]:
    """The numbered paragraphs below, as long as they count on from one in one manner; else the next one."""
    style, expected = "", 1
    for line in lines[n + 1 :]:
        match = _NUMBERED.match(line.text)
        if not match:
            if not line.text.strip():
                continue
            if expected == 1:
                yield Piece(line, 0, len(line.text))
            return
        number = match[str(match.lastgroup)]
        count = int(number) if number.isdigit() else _CHINESE.index(number) + 1
        if count != expected or style not in ("", match.lastgroup):
            return
        style, expected = str(match.lastgroup), expected + 1
        yield Piece(line, match.end(), len(line.text))


def _ticked(lines: tuple[Line, ...]) -> Iterator[Piece]:
    """In a form the penalty is what is ticked."""
    for line in lines:
        for match in _TICKED.finditer(line.text):
            if any(word in match["what"] for word in ("罚款", "警告", "没收")):
                yield Piece(line, match.start("what"), match.end("what"))
