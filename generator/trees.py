"""The XML tree of a template's part made fit for compiling: what Word and its users leave between the words.

Tracked changes are taken as accepted, content controls around blocks are opened, paragraphs that ``{%- -%}``
or a comment joins become one, and the editor's memory (spelling marks, revision ids) is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

# What only the editor's memory needs, and what a loop must not repeat.
_LEFTOVERS = (W + "proofErr", W + "lastRenderedPageBreak")
_LEFTOVER_ATTRIBUTE = re.compile(rf"{re.escape(W)}rsid\w*|{re.escape(_W14)}(?:paraId|textId)")
# Tracked changes: what goes, what opens, what was the look before.
_GONE = [W + name for name in ("del", "moveFrom", "cellDel")]
_OPENED = [W + name for name in ("ins", "moveTo")]
_BEFORE = [
    W + name
    for name in (
        *("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange"),
        *("tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellMerge"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *(f"customXml{kind}RangeStart" for kind in ("Ins", "Del", "MoveFrom", "MoveTo")),
        *(f"customXml{kind}RangeEnd" for kind in ("Ins", "Del", "MoveFrom", "MoveTo")),
    )
]
_SKIPPED = {W + "pPr", W + "p", W + "rPr"}  # a nested paragraph has its own turn
_AS_TEXT = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_TRIMS_BEFORE, _TRIMS_AFTER = re.compile(r"\s*\{%-"), re.compile(r"-%\}\s*\Z")
_FREE_NEIGHBOURS = {W + "bookmarkStart", W + "bookmarkEnd"}


def clean(root: etree._Element) -> None:
    """Drop what no paper needs and a loop must not repeat."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in list(root.iter(*_LEFTOVERS)):
        remove(element)
    for properties in root.iter(W + "sdtPr"):
        for identity in properties.findall(W + "id"):
            remove(identity)
    for element in root.iter():
        for name in element.attrib:
            if _LEFTOVER_ATTRIBUTE.fullmatch(str(name)):
                del element.attrib[name]


# -- tracked changes -------------------------------------------------------------------------------------


def accept_changes(root: etree._Element) -> bool:
    """Make the part what it is once every tracked change is accepted; whether there was any."""
    marks = list(root.iter(*_GONE, *_OPENED, *_BEFORE))
    for element in marks:
        if element.getparent() is None or root not in element.iterancestors():
            continue  # went away with another
        parent = parent_of(element)
        if element.tag in _BEFORE:
            remove(element)
        elif parent.tag == W + "rPr":  # the mark of the paragraph itself
            _accept_mark(element, parent)
        elif parent.tag in (W + "trPr", W + "tcPr"):
            if element.tag in _GONE:
                _remove_emptying(parent_of(parent))
            else:
                remove(element)
        elif element.tag in _GONE:
            remove(element)
        else:
            unwrap(element)
    return bool(marks)


def _accept_mark(mark: etree._Element, properties: etree._Element) -> None:
    remove(mark)
    paragraph = next(properties.iterancestors(W + "p"), None)
    if mark.tag in _GONE and paragraph is not None:
        following = _beside(paragraph, 1)
        if following is not None:
            join(following, paragraph, in_front=True)


def _remove_emptying(element: etree._Element) -> None:
    """Take a row or cell out, and the table or row with it if it was the last."""
    parent = parent_of(element)
    remove(element)
    if next(parent.iterchildren(element.tag), None) is None and parent.tag in (W + "tbl", W + "tr"):
        _remove_emptying(parent)


# -- paragraphs that belong together ---------------------------------------------------------------------


def join(first: etree._Element, second: etree._Element, *, in_front: bool = False) -> None:
    """Move the content of the second paragraph to the end of the first, and take the second out.

    Args:
        in_front: to the beginning instead.
    """
    content = [child for child in second if child.tag != W + "pPr"]
    at = (1 if len(first) and first[0].tag == W + "pPr" else 0) if in_front else len(first)
    for offset, child in enumerate(content):
        first.insert(at + offset, child)
    remove(second)


def join_paragraphs(root: etree._Element) -> None:
    """Make one paragraph of what ``{%-``, ``-%}`` and a comment over several paragraphs join."""
    for paragraph in list(root.iter(W + "p")):
        following = _beside(paragraph, 1)
        while following is not None and _belongs(paragraph, following):
            join(paragraph, following)
            following = _beside(paragraph, 1)


def _belongs(paragraph: etree._Element, following: etree._Element) -> bool:
    """Whether the next paragraph goes on with this one; the signs that say so are taken out."""
    before, after = text_of(paragraph), text_of(following)
    if before.rfind("{#") > before.rfind("#}"):
        return True
    swallows, leans = _TRIMS_AFTER.search(before), _TRIMS_BEFORE.match(after)
    if swallows:
        _drop_minus(paragraph, "-%}", first=False)
    if leans:
        _drop_minus(following, "{%-", first=True)
    return bool(swallows or leans)


def _drop_minus(paragraph: etree._Element, sign: str, *, first: bool) -> None:
    """Take the minus sign out of a tag, and the blanks and breaks between it and the paragraph's edge."""
    pieces = list(pieces_of(paragraph))
    text = "".join(piece for _, piece in pieces)
    at = text.index(sign) if first else text.rindex(sign)
    minus = at + 2 if first else at
    gone = {minus, *(range(at) if first else range(at + len(sign), len(text)))}
    start = 0
    for element, piece in pieces:
        kept = "".join(letter for n, letter in enumerate(piece, start) if n not in gone)
        start += len(piece)
        if kept != piece:
            if element.tag == W + "t":
                element.text = kept
            else:
                remove(element)


def _beside(paragraph: etree._Element, step: int) -> etree._Element | None:
    """The paragraph right before or after this one, bookmarks aside."""
    other = paragraph.getnext() if step > 0 else paragraph.getprevious()
    while other is not None and other.tag in _FREE_NEIGHBOURS:
        other = other.getnext() if step > 0 else other.getprevious()
    return other if other is not None and other.tag == W + "p" else None


# -- content controls ------------------------------------------------------------------------------------


def open_controls(root: etree._Element) -> None:
    """Content controls with tags: around a block they are opened, around a value they forget their data.

    Word would fill a bound control from its data again, and show one that is marked as a prompt in grey.
    """
    for control in list(root.iter(W + "sdt")):
        text = "".join(node.text or "" for node in control.iter(W + "t"))
        content = control.find(W + "sdtContent")
        if content is None or not ("{{" in text or "{%" in text):
            continue
        if "{%" in text:
            for child in list(content):
                control.addprevious(child)
            remove(control)
        else:
            for name in ("dataBinding", "showingPlcHdr", "placeholder", "temporary"):
                for found in control.iterfind(f"{W}sdtPr/{W}{name}"):
                    remove(found)


# -- small steps -----------------------------------------------------------------------------------------


def pieces_of(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The text of a paragraph with the elements that hold it, in reading order."""
    for child in element:
        if child.tag == W + "t":
            yield child, child.text or ""
        elif child.tag in _AS_TEXT and element.tag == W + "r":
            yield child, _AS_TEXT[child.tag]
        elif child.tag not in _SKIPPED:
            yield from pieces_of(child)


def text_of(paragraph: etree._Element) -> str:
    return "".join(piece for _, piece in pieces_of(paragraph))


def parent_of(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None, "only elements inside a part are moved"
    return parent


def unwrap(element: etree._Element) -> None:
    """Put the children of an element in its place."""
    for child in list(element):
        element.addprevious(child)
    remove(element)


def append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def put_before(element: etree._Element, text: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent = parent_of(element)
        parent.text = (parent.text or "") + text


def put_after(element: etree._Element, text: str) -> None:
    element.tail = text + (element.tail or "")


def remove(element: etree._Element) -> None:
    """Take an element out and leave what follows it in place."""
    if element.tail:
        put_before(element, element.tail)
    parent_of(element).remove(element)


def remove_emptied(element: etree._Element) -> None:
    """Take a text out, and its run where nothing is left in it."""
    run = parent_of(element)
    remove(element)
    if run.tag == W + "r" and all(child.tag == W + "rPr" for child in run):
        remove(run)


def shallow(element: etree._Element) -> etree._Element:
    """An element of the same name and attributes, without children."""
    twin = element.makeelement(element.tag)
    for name, value in element.attrib.items():
        twin.set(name, value)
    return twin


def number(text: str | None, default: int = 0) -> int:
    """A whole number of an attribute; what isn't one counts as the default."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else default
