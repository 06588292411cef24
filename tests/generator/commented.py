"""An independent reader of commented copies, and the proof that a copy is otherwise the original."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from kb.package import open_package
from tests.generator.raw_docx import STRICT, WORD

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_NOT_TEXT = ("del", "moveFrom", "rt", "Fallback")


def main_tree(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def comments(data: bytes, author: str = "裁量") -> dict[str, str]:
    """The text of each comment of an author, by number."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/comments")]
        roots = [etree.fromstring(archive.read(name)) for name in names if name.endswith("s.xml")]
    found = {}
    for comment in (node for root in roots for node in root):
        if _of(comment, "author") == author:
            rows = ["".join(p.itertext()) for p in comment.iter("{*}p")]
            found[_of(comment, "id")] = "\n".join(rows)
    return found


def anchored(data: bytes, number: str) -> str:
    """The shown text between the two marks of a comment, read in the order of the XML."""
    letters, inside, code = [], False, 0
    for node in _shown(main_tree(data)):
        name = etree.QName(node).localname
        if name in _MARKS[:2] and _of(node, "id") == number:
            inside = name == "commentRangeStart"
        elif name == "fldChar":
            kind = _of(node, "fldCharType")
            code += {"begin": 1, "separate": -1}.get(kind, 0)
        elif inside and not code and name in ("t", "tab", "br", "cr", "noBreakHyphen"):
            letters.append(
                _text(node) if name == "t" else {"tab": "\t", "noBreakHyphen": "-"}.get(name, "\n")
            )
    return "".join(letters)


def _shown(node: etree._Element) -> Iterator[etree._Element]:
    for child in node.iterchildren("*"):
        if etree.QName(child).localname not in (*_NOT_TEXT, "pPr", "rPr"):
            yield child
            yield from _shown(child)


def _text(node: etree._Element) -> str:
    text = str(node.xpath("string()"))
    return text if node.get(_SPACE) == "preserve" else text.strip(" \t\r\n")


def _of(node: etree._Element, name: str) -> str:
    return next((str(v) for k, v in node.items() if str(k).endswith("}" + name)), "")


def assert_only_comments(original: bytes, copy: bytes) -> None:
    """The copy has the same parts, compressed bytes included, but for marks, cuts and the comments' part."""
    old, new = open_package(original), open_package(copy)
    may_change = {old.main, "[Content_Types].xml", "word/_rels/document.xml.rels"}
    comment_parts = {name for name in new.names if name.startswith("word/comments")}
    assert set(new.names) - set(old.names) <= comment_parts | may_change
    assert [name for name in new.names if name in old.names] == list(old.names)
    for name in set(old.names) - may_change - comment_parts:
        assert new.packed(name) == old.packed(name), name
    assert _letter_by_letter(main_tree(copy), marks=True) == _letter_by_letter(
        main_tree(original), marks=False
    )
    _assert_paired(main_tree(copy))


def _letter_by_letter(root: etree._Element, marks: bool) -> bytes:
    """Canonical XML with a run for each letter, so that cuts don't show; our marks are taken out first."""
    root = deepcopy(root)
    if marks:
        ours = _ours(root)
        for node in [
            n for n in root.iter("{*}commentRangeStart", "{*}commentRangeEnd") if _of(n, "id") in ours
        ]:
            _remove(node)
        for node in [n for n in root.iter("{*}commentReference") if _of(n, "id") in ours]:
            _remove(node.getparent())
    for run in list(root.iter(f"{{{WORD}}}r", f"{{{STRICT}}}r")):
        _burst(run)
    return etree.tostring(root, method="c14n")


def _ours(root: etree._Element) -> set[str]:
    """Our comments' marks bear the small size that only we write."""
    return {_of(node, "id") for node in root.iter("{*}commentReference") if len(node.getparent()[0]) == 1}


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    assert not (node.tail or "").strip()
    parent.remove(node)


def _burst(run: etree._Element) -> None:
    look = [child for child in run if etree.QName(child).localname == "rPr"]
    rest = [child for child in run if child not in look]
    parent, at = run.getparent(), run.getparent().index(run)
    made = []
    for child in rest:
        plain = etree.QName(child).localname == "t" and not len(child)
        for letter in _text(child) if plain else [None]:
            one = etree.Element(run.tag, dict(run.attrib), nsmap=run.nsmap)
            one.extend(deepcopy(look))
            inner = deepcopy(child)
            if letter is not None:
                inner.text = letter
                inner.set(_SPACE, "preserve")
            inner.tail = None
            one.append(inner)
            made.append(one)
    parent[at : at + 1] = made


def _assert_paired(root: etree._Element) -> None:
    """Each comment has one beginning, one end and one mark, in this order."""
    order: dict[str, list[str]] = {}
    for node in root.iter(*("{*}" + name for name in _MARKS)):
        order.setdefault(_of(node, "id"), []).append(etree.QName(node).localname)
    assert all(tuple(names) == _MARKS for names in order.values()), order
