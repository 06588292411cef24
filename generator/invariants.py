"""What a finished .docx must be, beyond well-formed XML: the rules of ISO 29500-4 (transitional) that a
filler could break, written down as our own since no package of the index carries the schema files.

The order of children where the schema fixes one, what may stand in what, cells that end with a paragraph,
ids that are unique, relationships that resolve, parts whose content type is known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import BadPackage
from kb.package import CONTENT_TYPES, Package, open_package

if TYPE_CHECKING:
    from lxml.etree import _Element

_NUMBERS = re.compile(r"-?\d{1,10}")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAIRED: tuple[str, ...] = ("bookmark", "commentRange", "perm", "moveFromRange", "moveToRange")
_PAIRED += ("customXmlInsRange", "customXmlDelRange")
_MARKS = frozenset(pair + end for pair in _PAIRED for end in ("Start", "End")) | {
    "proofErr",
    "AlternateContent",
}
_INLINE = _MARKS | {"r", "hyperlink", "fldSimple", "smartTag", "sdt", "customXml"}
_INLINE |= {"ins", "del", "moveFrom", "moveTo"}
_INLINE |= {"oMath", "oMathPara", "dir", "bdo", "subDoc"}
_BLOCKS = frozenset({"p", "tbl", "sdt", "customXml", "altChunk", "ins", "del", "moveFrom", "moveTo"}) | _MARKS
_BLOCKS |= {"oMath", "oMathPara"}
# What an element may hold; those that aren't named here hold what they like.
_HOLDS = {
    "body": _BLOCKS | {"sectPr"},
    "hdr": _BLOCKS,
    "ftr": _BLOCKS,
    "tc": _BLOCKS | {"tcPr"},
    "txbxContent": _BLOCKS,
    "footnote": _BLOCKS,
    "endnote": _BLOCKS,
    "comment": _BLOCKS,
    "tbl": _MARKS | {"tblPr", "tblGrid", "tr", "sdt", "customXml", "ins", "del"},
    "tr": _MARKS | {"tblPrEx", "trPr", "tc", "sdt", "customXml", "ins", "del"},
    "p": _INLINE | {"pPr"},
    "hyperlink": _INLINE,
    "fldSimple": _INLINE | {"fldData"},
    "tblGrid": frozenset({"gridCol", "tblGridChange"}),
    "t": frozenset(),
}
_FIRST = {"p": "pPr", "r": "rPr", "tc": "tcPr"}
_NEEDS = {"tr": "tc", "tbl": "tr"}
_TEXT_HOLDERS = frozenset({"t", "delText", "instrText", "delInstrText"})
_ONCE = (
    "bookmarkStart",
    "bookmarkEnd",
    "commentRangeStart",
    "commentRangeEnd",
    "footnoteReference",
    "endnoteReference",
)
_ENDS_WITH_PARAGRAPH = frozenset({"tc", "txbxContent", "hdr", "ftr", "footnote", "endnote"})


def broken(source: Package | bytes | Path, only: frozenset[str] | None = None) -> list[str]:
    """Every rule a .docx breaks: the part, the element, what is wrong; empty where it keeps them all.

    Args:
        only: the parts whose inside is looked at; all where not given.

    Raises:
        BadPackage: it can't even be opened.
    """
    package = source if isinstance(source, Package) else open_package(source)
    found = list(_wiring(package))
    drawings: Counter[str] = Counter()
    for name in package.names if only is None else only & set(package.names):
        media = package.content_type(name)
        if media.endswith("+xml") or name.endswith((".xml", ".rels")):
            root = package.xml(name)
            if ".wordprocessingml." in media:
                found += [f"{name} {said}" for said in _part(root, drawings)]
                found += [f"{name} {said}" for said in _arrows(root, package, name)]
    found += [f"图形编号 {id} 用了 {n} 次" for id, n in drawings.items() if n > 1]
    return found


def ensure_valid(paper: bytes, template: Package | bytes | Path) -> None:
    """Hold a paper to the rules that its template keeps.

    Raises:
        BadPackage: it broke one of its own: a fault of the program, not of the user.
    """
    old = template if isinstance(template, Package) else open_package(template)
    new = open_package(paper)
    same = {name for name in old.names if name in new.names and old.packed(name).crc == new.packed(name).crc}
    changed = frozenset({*old.names, *new.names} - same)
    known = set(broken(old, changed))
    found = [said for said in broken(new, changed) if said not in known]
    if found:
        mend = "请在 Word 中把模板另存为 .docx 后再试；还不行请把模板和这行字交给维护者"
        raise BadPackage(f"成文不符合文档格式：{found[0]}", hint=mend)


def _wiring(package: Package) -> Iterator[str]:
    for name in package.names:
        if name != CONTENT_TYPES and not package.content_type(name):
            yield f"{name} 没有内容类型"
        for arrow in package.relationships(name):
            if not arrow.external and arrow.target not in package.names:
                yield f"{name} 指向不存在的 {arrow.target}"
    for owner in ("", *package.names):
        ids = Counter(arrow.id for arrow in package.relationships(owner))
        yield from (f"{owner or '文件'} 有 {n} 个关系 {id}" for id, n in ids.items() if n > 1)
    types = package.xml(CONTENT_TYPES)
    named = Counter((node.get("PartName") or node.get("Extension") or "").lower() for node in types)
    yield from (f"{name} 的内容类型写了 {n} 次" for name, n in named.items() if n > 1)
    overrides = {(node.get("PartName") or "").lstrip("/") for node in types} - {""}
    yield from (f"写了不存在的 {name} 的内容类型" for name in overrides - set(package.names))


def _arrows(root: _Element, package: Package, name: str) -> Iterator[str]:
    known = {arrow.id for arrow in package.relationships(name)}
    used = root.xpath("//@*[namespace-uri()=$uri]", uri=_RELATIONS)
    assert isinstance(used, list), "a path gives nodes"
    yield from (f"用了没有的关系 {id!s}" for id in used if str(id) and str(id) not in known)


def _part(root: _Element, drawings: Counter[str]) -> Iterator[str]:
    from generator.orders import RANKS, local
    from generator.trees import W

    once: dict[str, Counter[str]] = {name: Counter() for name in _ONCE}
    for element in root.iter("{*}*"):
        name = local(element)
        if name == "docPr":
            drawings[element.get("id", "")] += 1
        if not str(element.tag).startswith(W):
            continue
        if name in once:
            once[name][element.get(W + "id", "")] += 1
        if name not in _TEXT_HOLDERS and (element.text or "").strip():
            yield f"{name} 里有散落的文字“{(element.text or '').strip()[:20]}”"
        if (element.tail or "").strip():
            yield f"{name} 后有散落的文字“{(element.tail or '').strip()[:20]}”"
        yield from _content(element, name, [local(child) for child in element])
        if name in RANKS:
            yield from _order(name, [local(child) for child in element], RANKS[name])
    for name, ids in once.items():
        yield from (f"{name} {id} 出现 {n} 次" for id, n in ids.items() if n > 1)
    if once["bookmarkStart"].keys() != once["bookmarkEnd"].keys():
        yield "书签只有一端"


def _content(element: _Element, name: str, children: list[str]) -> Iterator[str]:
    allowed = _HOLDS.get(name)
    if allowed is not None:
        yield from (f"{name} 里不能有 {child}" for child in children if child not in allowed)
    first = _FIRST.get(name)
    if first in children[1:]:
        yield f"{first} 不在 {name} 的最前"
    needed = _NEEDS.get(name)
    if needed and not set(children) & {needed, "sdt", "customXml", "ins", "del"}:
        yield f"{name} 里没有 {needed}"
    if name in _ENDS_WITH_PARAGRAPH and children[-1:] not in (["p"], ["sdt"], ["customXml"]):
        yield f"{name} 不以段落结尾"
    if name == "gridSpan" and not _NUMBERS.fullmatch(_value(element)):
        yield f"gridSpan {_value(element)}"


def _value(element: _Element) -> str:
    return next((str(value) for key, value in element.items() if str(key).endswith("}val")), "")


def _order(name: str, children: list[str], ranks: dict[str, int]) -> Iterator[str]:
    known = [ranks[child] for child in children if child in ranks]
    if name != "rPr" and known != sorted(known):  # the schema lets the children of rPr stand as they like
        yield f"{name} 的各项次序不对：{' '.join(children)}"
    repeated = [child for child, n in Counter(children).items() if n > 1 and not child.endswith("Reference")]
    yield from (f"{name} 里有两个 {child}" for child in repeated if child in ranks)
