"""The body of another .docx, made to fit the paper it is put into.

Its styles become those of the paper where they have the same name, and come along under a free id where not;
its lists begin anew; pictures and links to addresses come along. Its sections, headers and footers stay
behind. What can't come along whole (notes, comments, charts) is refused rather than lost.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import count

from lxml import etree

from generator import trees
from generator.rich import Image, Subdocument
from generator.trees import W
from generator.wiring import Wiring
from kb.errors import BadValue
from kb.package import Package, Relationship, open_package

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STYLE_USES = [W + name for name in ("pStyle", "rStyle", "tblStyle")]
_STYLE_LINKS = [W + name for name in ("basedOn", "link", "next")]
_LEFT_BEHIND = [W + name for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")]
_NOT_WHOLE = {
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "commentReference": "批注",
    "object": "嵌入对象",
}
_NUMBERING = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_DRAWN = ("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr",)
_SAFE_ADDRESS = re.compile(r"(https?://|mailto:)", re.I)


def blocks_of(value: Subdocument, wiring: Wiring, serial: Iterator[int]) -> list[etree._Element]:
    """The paragraphs and tables of a document, ready to stand in the body of a paper.

    Args:
        value: the document.
        wiring: the paper's parts; styles, lists and pictures are added to them.
        serial: gives ids of drawings that are free.

    Raises:
        BadValue: it holds what can't come along.
    """
    package = open_package(value.data)
    root = package.xml(package.main)
    if root.tag != W + "document" or next(root.iter(W + "body"), None) is None:
        raise BadValue("附入的不是通常的 Word 文档", hint="请在 Word 中另存为 .docx（不要选 Strict）")
    for element in list(root.iter(W + "sectPr")):
        trees.remove(element)
    bring(root, package, wiring, serial)
    body = next(root.iter(W + "body"))
    return list(body)


def bring(
    root: etree._Element,
    package: Package,
    wiring: Wiring,
    serial: Iterator[int],
    part: str = "",
    owner: str = "",
) -> None:
    """Make the tree of a part fit to stand in the paper: styles, lists, pictures, ids of drawings.

    Args:
        root: the tree; it is changed.
        package: where it comes from.
        part: its name there; empty: the main one.
        owner: the part of the paper it will stand in; empty: the main one.

    Raises:
        BadValue: it holds what can't come along.
    """
    for name, what in _NOT_WHOLE.items():
        if next(root.iter(W + name), None) is not None:
            raise BadValue(f"附入的文档里有{what}，不能附入", hint=f"请先去掉其中的{what}")
    trees.accept_changes(root)
    trees.clean(root)
    for element in list(root.iter(*_LEFT_BEHIND)):
        trees.remove(element)
    _bring_relations(root, package, wiring, part or package.main, owner or wiring.main)
    _bring_styles(root, package, wiring)
    _bring_lists(root, package, wiring)
    for drawn in root.iter(*_DRAWN):
        drawn.set("id", str(next(serial)))


# -- pictures and links ----------------------------------------------------------------------------------


def _bring_relations(root: etree._Element, package: Package, wiring: Wiring, part: str, owner: str) -> None:
    arrows = {arrow.id: arrow for arrow in package.relationships(part)}
    for element in list(root.iter(etree.Element)):
        for name, old in list(element.attrib.items()):
            if str(name).startswith(_R) and old:
                arrow = arrows.get(str(old))
                element.set(str(name), _brought(arrow, package, wiring, owner))


def _brought(arrow: Relationship | None, package: Package, wiring: Wiring, owner: str) -> str:
    if arrow is not None and arrow.type == "image" and not arrow.external:
        image = Image(package.read(arrow.target))
        return wiring.picture(owner, image.data, image.ending)
    if arrow is not None and arrow.type == "hyperlink" and _SAFE_ADDRESS.match(arrow.target):
        return wiring.arrow(owner, "hyperlink", arrow.target, external=True)
    what = f"（{arrow.type}）" if arrow is not None else ""
    raise BadValue(f"附入的文档里有不能带过来的内容{what}", hint="图表请改为图片，链接请只用网址")


# -- styles ----------------------------------------------------------------------------------------------


def _styles_of(package: Package) -> dict[str, etree._Element]:
    target = next((a.target for a in package.relationships(package.main) if a.type == "styles"), "")
    if target not in package.names:
        return {}
    return {style.get(W + "styleId", ""): style for style in package.xml(target).iter(W + "style")}


def _bring_styles(root: etree._Element, package: Package, wiring: Wiring) -> None:
    """Point every use of a style at one of the paper's, which is added where it has none of that name."""
    theirs, name = _styles_of(package), wiring.part_of_type("wordprocessingml.styles+xml")
    ours = wiring.root(name) if name else None
    styles = [] if ours is None else list(ours.iter(W + "style"))
    known = {_named(style): style.get(W + "styleId", "") for style in styles}
    new: dict[str, str] = {}

    def ours_of(old: str) -> str:
        style = theirs.get(old)
        if style is None or ours is None:
            return ""
        if _named(style) in known:
            return known[_named(style)]
        ids = set(known.values())
        fresh = next(i for n in count() if (i := old if n == 0 else f"{old}-{n}") not in ids)
        known[_named(style)] = new[old] = fresh
        copy = deepcopy(style)
        copy.set(W + "styleId", fresh)
        copy.attrib.pop(W + "default", "")
        ours.append(copy)
        for link in list(copy.iter(*_STYLE_LINKS)):
            _point(link, ours_of(link.get(W + "val", "")))
        return fresh

    for use in list(root.iter(*_STYLE_USES)):
        _point(use, ours_of(use.get(W + "val", "")))
    if new and ours is not None:
        copies = [style for style in ours if style.get(W + "styleId") in new.values()]
        _bring_numbers([number for style in copies for number in style.iter(W + "numId")], package, wiring)


def _named(style: etree._Element) -> tuple[str, str]:
    name = style.find(W + "name")
    said = name.get(W + "val", "") if name is not None else style.get(W + "styleId", "")
    return style.get(W + "type", "paragraph"), said.lower()


def _point(use: etree._Element, id: str) -> None:
    if id:
        use.set(W + "val", id)
    else:
        trees.remove(use)


# -- lists -----------------------------------------------------------------------------------------------


def _bring_lists(root: etree._Element, package: Package, wiring: Wiring) -> None:
    _bring_numbers(list(root.iter(W + "numId")), package, wiring)


def _bring_numbers(uses: list[etree._Element], package: Package, wiring: Wiring) -> None:
    """Copy the lists that are used, each under free numbers, so that each begins anew."""
    target = next((a.target for a in package.relationships(package.main) if a.type == "numbering"), "")
    wanted = {use.get(W + "val", "") for use in uses} - {"0", ""}
    if target not in package.names or not wanted:
        for use in uses:
            if use.get(W + "val") != "0":
                trees.remove(use)
        return
    theirs, ours = package.xml(target), _numbering(wiring)
    shapes = {node.get(W + "abstractNumId"): node for node in theirs.iterfind(W + "abstractNum")}
    fresh: dict[str, str] = {}
    for number in theirs.findall(W + "num"):
        old, shape = number.get(W + "numId", ""), number.find(W + "abstractNumId")
        if old not in wanted or shape is None or shape.get(W + "val") not in shapes:
            continue
        fresh[old] = _copied(number, shapes[shape.get(W + "val")], ours)
    for use in uses:
        if use.get(W + "val") in fresh:
            use.set(W + "val", fresh[use.get(W + "val", "")])
        elif use.get(W + "val") != "0":
            trees.remove(use)


def _copied(number: etree._Element, shape: etree._Element, ours: etree._Element) -> str:
    """Copy one list with its shape into the paper's numbering; returns its number there."""
    abstract, mine = _free(ours, "abstractNum", "abstractNumId"), _free(ours, "num", "numId")
    copy = deepcopy(shape)
    copy.set(W + "abstractNumId", abstract)
    for name in ("nsid", "styleLink", "numStyleLink", "pStyle", "lvlPicBulletId"):
        for link in list(copy.iter(W + name)):
            trees.remove(link)
    first = ours.find(W + "num")
    if first is None:
        ours.append(copy)
    else:
        first.addprevious(copy)
    again = deepcopy(number)
    again.set(W + "numId", mine)
    pointer = again.find(W + "abstractNumId")
    assert pointer is not None, "looked up by it"
    pointer.set(W + "val", abstract)
    last = ours.findall(W + "num")
    if last:
        last[-1].addnext(again)
    else:
        copy.addnext(again)
    return mine


def _free(ours: etree._Element, name: str, id: str) -> str:
    return str(1 + max((trees.number(node.get(W + id)) for node in ours.iterfind(W + name)), default=0))


def _numbering(wiring: Wiring) -> etree._Element:
    name = wiring.part_of_type("wordprocessingml.numbering+xml")
    if not name:
        name = posixpath.join(posixpath.dirname(wiring.main), "numbering.xml")
        root = etree.Element(W + "numbering", nsmap={"w": W[1:-1]})
        wiring.add_xml(name, root, _NUMBERING, "numbering")
    return wiring.root(name)
