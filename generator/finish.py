"""What is put into a paper once its parts stand: pictures, rich text, listings, whole documents.

While a part renders, such a value prints only its number between two marks. Here the part is read again and
the value takes the place of its mark, with whatever it needs: runs of its own, new paragraphs, a picture with
its relationship and content type. Tables whose columns came and went, and notes that a loop called several
times, are mended on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from generator import trees
from generator.orders import AFTER_UPDATE_FIELDS, RANKS, local
from generator.rich import Image, Listing, Rich, Run, Subdocument
from generator.trees import SPACE, W
from generator.values import MARK
from generator.wiring import Wiring
from kb.errors import BadValue
from kb.package import Packed

_MARKED = re.compile(f"{MARK}(\\d+){MARK}")
_BREAKS = re.compile("(\r\n?|\n|\t|\a|\f)")
_DRAWING = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
    '<wp:docPr id="{id}" name="图片 {id}" descr={alt}/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="图片 {id}" descr={alt}/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{rel}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def finish(
    parts: Mapping[str, str | bytes],
    unfinished: Iterable[str],
    constant: Mapping[str, Packed],
    values: Sequence[Any],
    serial: Iterator[int],
) -> dict[str, str | bytes]:
    """Put the rich values in, and mend what loops made of tables and notes.

    Args:
        parts: the rendered parts.
        unfinished: which of them have to be looked at.
        constant: the other parts of the template.
        values: the rich values, by the numbers that were printed.
        serial: gives ids of drawings that are free.

    Returns:
        every part that is rendered, changed or new.

    Raises:
        BadValue: a value can't stand where its tag stands.
    """
    wiring = Wiring(parts, constant)
    for name in sorted(unfinished):
        root = wiring.root(name)
        placer = _Placer(wiring, name, values, serial)
        for text in [node for node in root.iter(W + "t") if MARK in (node.text or "")]:
            placer.place(text)
        for table in root.iter(W + "tbl"):
            _mend_grid(table)
        _part_notes(root, wiring)
    return wiring.written()


def updating(settings: etree._Element) -> bytes:
    """The settings, asking Word to count fields anew as it opens the paper."""
    if settings.find(W + "updateFields") is None:
        ask = settings.makeelement(W + "updateFields", {W + "val": "true"})
        later = next((child for child in settings if local(child) in AFTER_UPDATE_FIELDS), None)
        if later is None:
            settings.append(ask)
        else:
            later.addprevious(ask)
    return etree.tostring(settings.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


class _Placer:
    """Puts values where their marks stand in one part."""

    def __init__(self, wiring: Wiring, part: str, values: Sequence[Any], serial: Iterator[int]) -> None:
        self.wiring, self.part, self.values, self.serial = wiring, part, values, serial

    def place(self, text: etree._Element) -> None:
        """Put every value of one ``w:t`` in."""
        while found := _MARKED.search(text.text or ""):
            value = self.values[int(found[1])]
            run = trees.parent_of(text)
            rest = _split_run(run, text, found)
            if isinstance(value, Image):
                run.append(self.drawing(value))
            elif isinstance(value, Rich):
                for piece in value.runs:
                    rest.addprevious(_rich_run(run, piece))
            elif isinstance(value, Listing):
                _list(run, rest, value.text)
            elif isinstance(value, Subdocument):
                self.insert(run, rest, value)
            follower = rest.find(W + "t")
            if not text.text:
                trees.remove_emptied(text)
            if follower is None:
                return
            if not follower.text:
                trees.remove_emptied(follower)
                return
            text = follower

    def drawing(self, image: Image) -> etree._Element:
        across, down = image.extent()
        rel = self.wiring.picture(self.part, image.data, image.ending)
        alt = quoteattr(image.alt, {"\n": "&#10;", "\t": "&#9;", "\r": "&#10;"})
        return etree.fromstring(
            _DRAWING.format(cx=across, cy=down, id=next(self.serial), alt=alt, rel=rel).encode()
        )

    def insert(self, run: etree._Element, rest: etree._Element, value: Subdocument) -> None:
        """The body of another document between the two halves of the paragraph."""
        from generator.subdocs import blocks_of

        if self.part != self.wiring.main:
            raise BadValue("文档只能附在正文里", hint="页眉、页脚和脚注里请用文字或图片")
        after = _split_paragraph(rest)
        before = after.getprevious()
        assert before is not None, "the half it was cut from"
        for block in blocks_of(value, self.wiring, self.serial):
            after.addprevious(block)
        last = after.getprevious()
        if _is_bare(before):
            trees.remove(before)
        if _is_bare(after) and last is not None and last.tag == W + "p":
            trees.remove(after)


# -- runs and paragraphs ---------------------------------------------------------------------------------


def _split_run(run: etree._Element, text: etree._Element, found: re.Match[str]) -> etree._Element:
    """Cut a run at a mark in one of its texts; returns the second half, which begins with a text."""
    words = text.text or ""
    rest = trees.shallow(run)
    look = run.find(W + "rPr")
    if look is not None:
        rest.append(deepcopy(look))
    rest.append(_text(rest, words[found.end() :]))
    for follower in list(text.itersiblings()):
        rest.append(follower)
    text.text = words[: found.start()]
    run.addnext(rest)
    return rest


def _text(near: etree._Element, words: str) -> etree._Element:
    text = near.makeelement(W + "t", {SPACE: "preserve"})
    text.text = words
    return text


def _split_paragraph(at: etree._Element) -> etree._Element:
    """Cut a paragraph before one of its runs; returns the second half, which keeps a section's end."""
    while True:
        holder = trees.parent_of(at)
        half = trees.shallow(holder)
        if holder.tag == W + "p":
            properties = holder.find(W + "pPr")
            if properties is not None:
                half.append(deepcopy(properties))
                for section in properties.findall(W + "sectPr"):
                    properties.remove(section)
        for follower in [at, *at.itersiblings()]:
            half.append(follower)
        holder.addnext(half)
        if holder.tag == W + "p":
            return half
        at = half


def _is_bare(paragraph: etree._Element) -> bool:
    """Whether nothing of a paragraph would be missed."""
    kept = [
        W + name for name in ("t", "drawing", "pict", "sectPr", "br", "tab", "fldChar", "footnoteReference")
    ]
    return all(node.tag == W + "t" and not node.text for node in paragraph.iter(*kept))


def _list(run: etree._Element, rest: etree._Element, words: str) -> None:
    """The text of a listing behind a run, in paragraphs of its own where it says so."""
    for piece in _BREAKS.split(words):
        if piece == "\t":
            run.append(run.makeelement(W + "tab"))
        elif piece in ("\n", "\r", "\r\n"):
            run.append(run.makeelement(W + "br"))
        elif piece in ("\a", "\f"):
            paragraph = _split_paragraph(rest)
            if piece == "\f":
                page = paragraph.makeelement(W + "p")
                line = etree.SubElement(page, W + "r")
                etree.SubElement(line, W + "br", {W + "type": "page"})
                paragraph.addprevious(page)
            fresh = trees.shallow(run)
            look = run.find(W + "rPr")
            if look is not None:
                fresh.append(deepcopy(look))
            rest.addprevious(fresh)
            run = fresh
        elif piece:
            run.append(_text(run, piece))


def _rich_run(run: etree._Element, piece: Run) -> etree._Element:
    """A run with the look of the template's run, but for what the piece says of its own."""
    fresh = run.makeelement(run.tag)
    base = run.find(W + "rPr")
    look = deepcopy(base) if base is not None else fresh.makeelement(W + "rPr")
    for name, attributes in piece.properties():
        for same in look.findall(W + name):
            look.remove(same)
        etree.SubElement(look, W + name, {W + key: value for key, value in attributes.items()})
    ranks = RANKS["rPr"]
    look[:] = sorted(look, key=lambda child: ranks.get(local(child), 99))
    if len(look):
        fresh.append(look)
    for word in _BREAKS.split(piece.text):
        if word == "\t":
            etree.SubElement(fresh, W + "tab")
        elif word in ("\n", "\r", "\r\n"):
            etree.SubElement(fresh, W + "br")
        elif word:
            fresh.append(_text(fresh, word))
    return fresh


# -- tables and notes ------------------------------------------------------------------------------------


def _mend_grid(table: etree._Element) -> None:
    """As many columns in the grid as the widest row has; the table keeps its width."""
    grid = table.find(W + "tblGrid")
    if grid is None:
        return
    columns = grid.findall(W + "gridCol")
    wanted = max((_columns(row) for row in table.iterchildren(W + "tr")), default=0)
    if not wanted or not columns or wanted == len(columns):
        return
    widths = [trees.number(column.get(W + "w")) for column in columns]
    total = sum(widths)
    widths = widths[:wanted] + [total // len(columns)] * (wanted - len(columns))
    scale = total / sum(widths) if sum(widths) else 0
    for column in columns:
        grid.remove(column)
    for at, width in enumerate(widths):
        grid.insert(at, grid.makeelement(W + "gridCol", {W + "w": str(round(width * scale))}))


def _columns(row: etree._Element) -> int:
    spans = [
        span.get(W + "val")
        for cell in row.iterchildren(W + "tc")
        for span in cell.iterfind(f"{W}tcPr/{W}gridSpan")
    ]
    free = [
        found.get(W + "val")
        for name in ("gridBefore", "gridAfter")
        for found in row.iterfind(f"{W}trPr/{W}{name}")
    ]
    cells = len(row.findall(W + "tc")) - len(spans)
    return cells + sum(trees.number(number, 1) for number in (*spans, *free))


def _part_notes(root: etree._Element, wiring: Wiring) -> None:
    """A note that a loop called several times is copied, so that each call has its own."""
    for kind in ("footnote", "endnote"):
        seen: set[str] = set()
        for call in root.iter(W + kind + "Reference"):
            number = call.get(W + "id", "")
            if number not in seen:
                seen.add(number)
                continue
            notes = wiring.root(wiring.part_of_type(f"{kind}s+xml"))
            note = next((node for node in notes if node.get(W + "id") == number), None)
            if note is None:
                continue
            free = str(max(trees.number(node.get(W + "id")) for node in notes) + 1)
            fresh = deepcopy(note)
            fresh.set(W + "id", free)
            notes.append(fresh)
            call.set(W + "id", free)
            seen.add(free)
