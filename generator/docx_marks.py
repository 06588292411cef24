"""Marks of comments on exact letters of a paragraph: runs are cut where a range begins or ends inside one.

A cut keeps the letters, their formatting and their order; the left part stays in the run that was there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from generator.docx_story import ROLES, Line, Piece, namespace_of, shown_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def mark(line: Line, spans: Iterable[tuple[int, int, int]]) -> None:
    """Put comments on letters of one paragraph.

    Args:
        line: as `read_docx` gives it; its pieces no longer fit the tree afterwards.
        spans: start and end in ``line.text``, and the number of the comment. They may overlap.
    """
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for start, end, number in spans:
        begins[_whole(line.pieces, start, -1)].append(number)
        ends[_whole(line.pieces, end, +1)].append(number)
    # From the back: what lies before a cut stays in the elements that the pieces name.
    for offset in sorted({*begins, *ends}, reverse=True):
        left, right = _cut(line.pieces, offset)
        for number in reversed(ends[offset]):
            assert left is not None
            _add_after(left, number)
        for number in begins[offset]:
            assert right is not None
            right.addprevious(_element(right, "commentRangeStart", number))


def surround(element: _Element, number: int) -> None:
    """Put a comment around a run, or at the end of a paragraph that has none."""
    if ROLES.get(element.tag) == "p":
        element.append(_element(element, "commentRangeStart", number))
        element = element[-1]
    else:
        element.addprevious(_element(element, "commentRangeStart", number))
    _add_after(element, number)


def _add_after(element: _Element, number: int) -> None:
    element.addnext(_reference(element, number))
    element.addnext(_element(element, "commentRangeEnd", number))


def _whole(pieces: Sequence[Piece], offset: int, step: int) -> int:
    """The offset itself, or the nearest one in the direction of ``step`` where a cut is possible."""
    while 0 < offset < pieces[-1].end and not _can_cut(*_beside(pieces, offset)):
        offset += step
    return offset


def _beside(pieces: Sequence[Piece], offset: int) -> tuple[Piece, Piece]:
    """The pieces of the letters before and after an offset; one and the same where it lies inside."""
    before = bisect_left(pieces, offset, key=lambda piece: piece.start)
    after = bisect_right(pieces, offset, key=lambda piece: piece.start)
    return pieces[before - 1], pieces[after - 1]


def _can_cut(before: Piece, after: Piece) -> bool:
    if before.anchor is not after.anchor:
        return True
    if ROLES.get(after.anchor.tag) != "r":
        return False
    if before is after:
        node = after.node
        return ROLES.get(node.tag) == "t" and not len(node) and node.getparent() is after.anchor
    return _child(before) is not _child(after)


def _child(piece: Piece) -> _Element:
    """The child of the run in which the piece stands: itself, or the ruby or alternatives around it."""
    node = piece.node
    while (parent := node.getparent()) is not None and parent is not piece.anchor:
        node = parent
    return node


def _cut(pieces: Sequence[Piece], offset: int) -> tuple[_Element | None, _Element | None]:
    """What ends at the offset and what begins there, after a cut if the two were one run."""
    if offset <= 0:
        return None, pieces[0].anchor
    if offset >= pieces[-1].end:
        return pieces[-1].anchor, None
    before, after = _beside(pieces, offset)
    if before.anchor is not after.anchor:
        return before.anchor, after.anchor
    run = after.anchor
    moved = _child(after)
    if before is after:
        moved = _cut_text(after.node, offset - after.start)
    right = _like(run)
    if ROLES.get(run[0].tag) == "rPr":
        right.append(deepcopy(run[0]))
    right.extend([moved, *moved.itersiblings()])
    run.addnext(right)
    return run, right


def _cut_text(node: _Element, count: int) -> _Element:
    """Cut a ``w:t`` after so many shown letters; returns the new right part, beside the old."""
    text, _skip = shown_text(node)
    right = _like(node)
    node.text, right.text = text[:count], text[count:]
    for part in (node, right):
        if shown_text(part)[0] != part.text:
            part.set(_SPACE, "preserve")
    node.addnext(right)
    return right


def _like(node: _Element) -> _Element:
    """A new element with the name and attributes of another."""
    made = node.makeelement(node.tag)
    for name, value in node.items():
        made.set(name, value)
    return made


def _element(near: _Element, name: str, number: int | None = None) -> _Element:
    """A new element of the same namespace as its place."""
    space = namespace_of(near)
    made = near.makeelement(f"{{{space}}}{name}")
    if number is not None:
        made.set(f"{{{space}}}id", str(number))
    return made


def _reference(near: _Element, number: int) -> _Element:
    """The run with the comment's own mark; small, so that it makes no line higher."""
    run, look, size = (_element(near, name) for name in ("r", "rPr", "sz"))
    size.set(f"{{{namespace_of(near)}}}val", "16")
    look.append(size)
    run.extend((look, _element(near, "commentReference", number)))
    return run
