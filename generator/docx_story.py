"""The words of one part of a .docx as its reader sees them, each letter traceable to the run it stands in.

Counted: runs joined however they are split, insertions, results of fields, content controls, links, smart
tags, the base of ruby, text boxes once. Not counted: deletions, field codes, hidden text, fallback copies.
Both namespaces of WordprocessingML are read (Word writes the second for “Strict Open XML”).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kb.findings import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
# What carries text, what holds stories, what stands for a character, and what is passed over with its inside.
_READ = "p tbl tr tc r t txbxContent fldChar sym sdt vanish"
_HOLDERS = "document body hdr ftr footnotes endnotes comments footnote endnote comment"
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DROPPED = "pPr rPr sectPr sdtPr tblPr trPr tcPr del moveFrom rt instrText delText delInstrText"
_PASSED_OVER = frozenset(_DROPPED.split())
_NAMES = (*_READ.split(), *_HOLDERS.split(), *_CHARACTERS, *_PASSED_OVER)
ROLES = {f"{{{namespace}}}{name}": name for namespace in (WORD, STRICT) for name in _NAMES}
ROLES |= {f"{{{namespace}}}{name}": "math" for namespace in _MATH for name in ("oMath", "oMathPara")}
_ALTERNATE, _CHOICE, _FALLBACK = (f"{{{_MC}}}{name}" for name in ("AlternateContent", "Choice", "Fallback"))
# Extensions whose first choice Word, WPS and LibreOffice all show.
_UNDERSTOOD = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_XML_BLANKS = " \t\r\n"  # what Word trims from a w:t; the ideographic space stays
OURS = "裁量"  # the author of our own comments, which are no part of the paper


class Piece(NamedTuple):
    """Letters that stand together: ``line.text[start:end]``.

    Args:
        anchor: what a comment's range begins before or ends after: the outermost ``w:r``, or a formula or a
            bound content control, whose inside is not to be cut.
        node: the ``w:t`` (or tab, break, symbol, formula) that holds the letters.
        skip: how many blanks of the ``w:t`` come before the first letter.
    """

    start: int
    end: int
    anchor: _Element
    node: _Element
    skip: int


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph (of a .docx) or one line (of a text) and where it stands.

    Read with ``traced``, ``node`` is the ``w:p`` (the first one where tracked deletions join several) and
    ``pieces`` cover the text without gap or overlap.
    """

    text: str
    place: Place = field(default_factory=Place)
    node: _Element | None = field(default=None, compare=False, repr=False)
    pieces: tuple[Piece, ...] = field(default=(), compare=False, repr=False)


_place = lru_cache(4096)(Place)  # the papers of one template have the same paragraphs


def read_part(root: _Element, label: str, traced: bool) -> list[Line]:
    """The paragraphs of one part in reading order; a text box follows the paragraph it hangs on.

    Paragraphs outside tables count through the part; in a cell and in a text box they count from 1 again.
    The recursion is as deep as the XML nests, which `open_package` caps.

    Args:
        label: 正文, 页眉, 脚注 …; text boxes are 文本框, or 文本框1, 文本框2 … where there are more.
        traced: whether lines keep their elements (and so the tree), which only comments need.
    """
    part = _Part(root, label, traced)
    story = _Story(part, label)
    for flow in _flows(root):
        story.blocks(flow)
        story.finish()
    if part.boxes != 1:
        return part.lines
    only, name = part.box_label(1), part.box_label(None)
    return [
        replace(line, place=replace(line.place, part=name)) if line.place.part == only else line
        for line in part.lines
    ]


def _flows(root: _Element) -> Iterator[_Element]:
    """The part itself, or each note or comment in it that has words of the paper's authors."""
    if ROLES.get(root.tag) not in ("footnotes", "endnotes", "comments"):
        yield root
        return
    for child in root:
        role = ROLES.get(child.tag)
        if role == "comment" and get(child, "author") != OURS:
            yield child
        elif role in ("footnote", "endnote") and get(child, "type") in (None, "normal"):
            yield child  # the others are the lines that separate notes from text


def get(node: _Element, name: str) -> str | None:
    """A WordprocessingML attribute, in whichever of the two namespaces the element is."""
    return node.get(f"{{{namespace_of(node)}}}{name}")


def namespace_of(node: _Element) -> str:
    """The namespace of an element."""
    return str(node.tag)[1:].partition("}")[0]


class _Part:
    def __init__(self, root: _Element, label: str, traced: bool) -> None:
        self.label, self.traced = label, traced
        self.lines: list[Line] = []
        self.boxes = 0
        # Most parts hold no alternatives: there the children are those of the tree.
        self.children = _children if next(root.iter(_ALTERNATE), None) is not None else iter
        self.hides = next(root.iter(*_tags("vanish")), None) is not None
        self.closed = _closed_fields(root)
        self.joined = _joined_to_next(root)

    def box_label(self, number: int | None) -> str:
        owner = "" if self.label == "正文" else self.label
        return f"{owner}文本框{number or ''}"

    def box(self, content: _Element) -> None:
        self.boxes += 1
        story = _Story(self, self.box_label(self.boxes))
        story.blocks(content)
        story.finish()


class _Story:
    """One flow of paragraphs: a body, a cell, a note, a text box."""

    def __init__(
        self, part: _Part, label: str, cell: str | None = None, fields: list[str] | None = None
    ) -> None:
        self.part, self.label, self.cell = part, label, cell
        self.paragraphs = self.tables = 0
        # Fields that are open here, outermost first: "begin" while in the code, "separate" in the result.
        self.fields: list[str] = [] if fields is None else fields
        self._clear()

    def _clear(self) -> None:
        self.first: _Element | None = None
        self.letters: list[str] = []
        self.length = 0
        self.pieces: list[Piece] = []
        self.box_contents: list[_Element] = []

    def blocks(self, node: _Element) -> None:
        for child in self.part.children(node):
            role = ROLES.get(child.tag)
            if role == "p":
                self.first = child if self.first is None else self.first
                self.inline(child, None)
                if child not in self.part.joined:
                    self.finish()
            elif role == "tbl":
                self.finish()
                self.table(child)
            elif role not in _PASSED_OVER and len(child):
                self.blocks(child)

    def finish(self) -> None:
        """The paragraph ends here; one whose mark is deleted goes on in the next."""
        if self.first is None:
            return
        self.paragraphs += 1
        place = _place(self.label, self.paragraphs, self.cell)
        node = self.first if self.part.traced else None
        self.part.lines.append(Line("".join(self.letters), place, node, tuple(self.pieces)))
        contents = self.box_contents
        self._clear()
        for content in contents:
            self.part.box(content)

    def table(self, node: _Element) -> None:
        self.tables += 1
        prefix = f"{self.cell} " if self.cell else ""
        for r, row in enumerate(_inside(node, "tr"), 1):
            for c, cell in enumerate(_inside(row, "tc"), 1):
                name = f"{prefix}表{self.tables} 行{r} 列{c}"
                story = _Story(self.part, self.label, name, self.fields)
                story.blocks(cell)
                story.finish()

    def inline(self, node: _Element, anchor: _Element | None) -> None:
        """What may stand in a paragraph beside runs; ``anchor`` is the bound control around it, if any."""
        for child in self.part.children(node):
            role = ROLES.get(child.tag)
            if role == "r":
                self.run(child, anchor)
            elif role == "math":
                self.add(_string(child), anchor or child, child)
            elif role == "sdt":
                self.inline(child, child if anchor is None and _is_bound(child) else anchor)
            elif role not in _PASSED_OVER and len(child):
                self.inline(child, anchor)

    def run(self, run: _Element, anchor: _Element | None) -> None:
        shown, holder = not (self.part.hides and _is_hidden(run)), run if anchor is None else anchor
        for child in self.part.children(run):
            role = ROLES.get(child.tag)
            if role == "fldChar":
                self.field(child)
            elif shown and role == "t":
                self.text(child, holder)
            elif shown and role in _CHARACTERS:
                self.add(_CHARACTERS[role], holder, child)
            elif shown and role == "sym":
                self.add(_symbol(get(child, "char")), holder, child)
            elif shown and role not in _PASSED_OVER and len(child):
                self.inside_run(child, holder)

    def inside_run(self, node: _Element, anchor: _Element) -> None:
        """Drawings and ruby: text boxes are stories of their own, the base of ruby is text."""
        for child in self.part.children(node):
            role = ROLES.get(child.tag)
            if role == "t":
                self.text(child, anchor)
            elif role == "txbxContent":
                if "begin" not in self.fields:
                    self.box_contents.append(child)
            elif role not in _PASSED_OVER and len(child):
                self.inside_run(child, anchor)

    def text(self, node: _Element, anchor: _Element) -> None:
        text, skip = shown_text(node)
        self.add(text, anchor, node, skip)

    def add(self, text: str, anchor: _Element, node: _Element, skip: int = 0) -> None:
        if text and "begin" not in self.fields:
            end = self.length + len(text)
            self.letters.append(text)
            if self.part.traced:
                self.pieces.append(Piece(self.length, end, anchor, node, skip))
            self.length = end

    def field(self, char: _Element) -> None:
        if char not in self.part.closed:
            return
        kind = get(char, "fldCharType")
        if kind == "begin":
            self.fields.append("begin")
        elif self.fields:
            self.fields.pop()
            if kind == "separate":
                self.fields.append("separate")


def _children(node: _Element) -> Iterator[_Element]:
    """The children as a program of today shows them: of alternatives the one it understands."""
    for child in node:
        if child.tag == _ALTERNATE:
            chosen = _chosen(child)
            if chosen is not None:
                yield from _children(chosen)
        else:
            yield child


def _chosen(alternate: _Element) -> _Element | None:
    for choice in alternate.iterchildren(_CHOICE):
        needed = (choice.nsmap.get(prefix) or "" for prefix in choice.get("Requires", "").split())
        if all(uri.startswith(_UNDERSTOOD) for uri in needed):
            return choice
    return next(alternate.iterchildren(_FALLBACK), None)


def _inside(node: _Element, wanted: str) -> Iterator[_Element]:
    """Rows of a table, cells of a row, also where a content control stands between."""
    for child in _children(node):
        role = ROLES.get(child.tag)
        if role == wanted:
            yield child
        elif role not in _PASSED_OVER and role not in ("tbl", "tr", "tc", "p") and len(child):
            yield from _inside(child, wanted)


def _tags(*names: str) -> list[str]:
    return [f"{{{namespace}}}{name}" for namespace in (WORD, STRICT) for name in names]


def _closed_fields(root: _Element) -> frozenset[_Element]:
    """The marks of fields that have a beginning and an end; a stray one hides nothing."""
    opened: list[list[_Element]] = []
    closed: set[_Element] = set()
    for char in root.iter(*_tags("fldChar")):
        if next(char.iterancestors(*_tags("del", "moveFrom"), _FALLBACK), None) is not None:
            continue
        kind = get(char, "fldCharType")
        if kind == "begin":
            opened.append([char])
        elif opened:
            opened[-1].append(char)
            if kind == "end":
                closed.update(opened.pop())
    return frozenset(closed)


def _joined_to_next(root: _Element) -> frozenset[_Element]:
    """The paragraphs whose own mark is deleted by tracked change (``w:pPr/w:rPr/w:del``)."""
    above = (list(mark.iterancestors())[:3] for mark in root.iter(*_tags("del", "moveFrom")))
    roles = ["rPr", "pPr", "p"]
    return frozenset(nodes[2] for nodes in above if [ROLES.get(node.tag) for node in nodes] == roles)


def _is_hidden(run: _Element) -> bool:
    """Whether a run is hidden text (``w:vanish``)."""
    if not len(run) or ROLES.get(run[0].tag) != "rPr":
        return False
    hides = [child for child in run[0] if ROLES.get(child.tag) == "vanish"]
    return any(get(child, "val") not in ("0", "false", "off") for child in hides)


def _is_bound(control: _Element) -> bool:
    """Whether Word fills this content control from data, so that marks inside would be lost."""
    properties = (child for child in control if ROLES.get(child.tag) == "sdtPr")
    tags = (child.tag for node in properties for child in node)
    return any(isinstance(tag, str) and tag.endswith("}dataBinding") for tag in tags)


def _symbol(code: str | None) -> str:
    try:
        letter = chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""
    return letter if " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" else ""


def shown_text(node: _Element) -> tuple[str, int]:
    """The letters of a ``w:t`` that are shown, and how many blanks before them are not."""
    text = _string(node) if len(node) else node.text or ""
    if node.get(_SPACE) == "preserve":
        return text, 0
    shown = text.strip(_XML_BLANKS)
    return shown, len(text) - len(text.lstrip(_XML_BLANKS)) if shown else 0


def _string(node: _Element) -> str:
    """All text below a node, comments of the XML left out."""
    return str(node.xpath("string()"))
