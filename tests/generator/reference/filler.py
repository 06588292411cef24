"""The filler once more, plain and slow: a walk over the template's tree that copies what each round needs.

It shares no code with `generator.parts` and `generator.render`: tags are found by three simple patterns,
expressions are evaluated by a plain Jinja2, nothing is compiled. What it can't do (blocks over several
paragraphs, ``{%- -%}``, rich values) raises `Unsupported`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import jinja2
from jinja2.utils import Namespace
from lxml import etree

from generator.filters import FILTERS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
FORM = re.compile(r"\{[{%#](p|tr|tc|r)\s+")
LITERALS = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
ENDS = {"if": "endif", "for": "endfor"}


class KeysFirst(jinja2.Environment):
    """A dictionary answers by its keys before its methods."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        has = isinstance(obj, dict) and attribute in obj
        return obj[attribute] if has else super().getattr(obj, attribute)


JINJA = KeysFirst(undefined=jinja2.StrictUndefined)
JINJA.filters.update(FILTERS)
Scope = dict[str, Any]


class Unsupported(Exception):
    """A form that only the fast filler knows."""


def fill(template: bytes, data: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What each part with words says, filled; see `shape`."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name):
                root = etree.fromstring(archive.read(name))
                found[name] = shape(_filled(root, dict(data)))
    return found


def said(paper: bytes) -> dict[str, list[Any]]:
    """The same of a finished paper."""
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        return {
            name: shape(etree.fromstring(archive.read(name)))
            for name in archive.namelist()
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
        }


def shape(root: etree._Element) -> list[Any]:
    """Paragraphs as looks and words, tables as rows of cells of these: all that a reader could see."""
    return [_shape(child) for child in _blocks(root)]


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag not in (W + "sectPr", W + "tcPr"):
            yield from _blocks(child)


def _shape(block: etree._Element) -> Any:
    if block.tag == W + "tbl":
        rows = block.findall(W + "tr")
        return [
            [_properties(cell, "tcPr"), *map(_shape, _blocks(cell))]
            for row in rows
            for cell in row.findall(W + "tc")
        ]
    words: list[list[str]] = []
    for run in block.iter(W + "r"):
        if next(run.iterancestors(W + "p")) is not block:
            continue
        text = "".join(_words(child) for child in run)
        look = _properties(run, "rPr")
        if text and words and words[-1][0] == look:
            words[-1][1] += text
        elif text:
            words.append([look, text])
    boxes = [_shape(inner) for box in block.iter(W + "txbxContent") for inner in _blocks(box)]
    return (_properties(block, "pPr"), words, boxes)


def _properties(element: etree._Element, name: str) -> str:
    found = element.find(W + name)
    return (
        "" if found is None or not len(found) else etree.tostring(found, encoding="unicode", with_tail=False)
    )


def _words(child: etree._Element) -> str:
    if child.tag == W + "t":
        return child.text or ""
    return {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}.get(child.tag, "")


# -- tags into elements ----------------------------------------------------------------------------------


def _filled(root: etree._Element, scope: Scope) -> etree._Element:
    for mark in list(root.iter(W + "proofErr", W + "lastRenderedPageBreak")):
        mark.getparent().remove(mark)
    for paragraph in list(root.iter(W + "p")):
        for holder in [paragraph, *paragraph.iter(W + "hyperlink")]:
            _take_apart(holder)
    for tag in list(root.iter("tag")):
        _hoist(tag)
    (filled,) = _render([root], scope)
    return filled


def _take_apart(holder: etree._Element) -> None:
    """Every tag becomes an element of its own between runs of one look."""
    runs = [child for child in holder if child.tag == W + "r"]
    letters = [(run, letter, node) for run in runs for node in run for letter in _words(node) or [""]]
    letters = [(run, letter, node) for run, letter, node in letters if node.tag != W + "rPr"]
    text = "".join(letter or "\ufffc" for _, letter, _ in letters)
    if not TAG.search(text) and not any(sign in text for sign in LITERALS):
        return
    spans = [(found.start(), found.end(), found[0]) for found in TAG.finditer(text)]
    for sign, meant in LITERALS.items():
        spans += [
            (m.start(), m.end(), meant) for m in re.finditer(re.escape(sign), text) if not _inside(m, spans)
        ]
    at = 0
    for start, end, what in [*sorted(spans), (len(text), len(text), "")]:
        for run, letter, node in letters[at:start]:
            _put(holder, run, letter, node)
        if end > start:
            run = letters[start][0]
            if what in LITERALS.values():
                for letter in what:
                    _put(holder, run, letter, None)
            else:
                tag = etree.Element("tag", text=what)
                look = run.find(W + "rPr")
                if look is not None:
                    tag.append(deepcopy(look))
                runs[0].addprevious(tag)
        at = end
    for run in runs:
        holder.remove(run)


def _inside(found: re.Match[str], spans: list[tuple[int, int, str]]) -> bool:
    return any(start <= found.start() < end for start, end, _ in spans)


def _put(holder: etree._Element, run: etree._Element, letter: str, node: etree._Element | None) -> None:
    fresh = etree.Element(W + "r")
    look = run.find(W + "rPr")
    if look is not None:
        fresh.append(deepcopy(look))
    if node is not None and node.tag != W + "t":
        fresh.append(deepcopy(node))
    else:
        etree.SubElement(fresh, W + "t").text = letter
    first = next(child for child in holder if child.tag == W + "r" and child.get("fresh") is None)
    fresh.set("fresh", "1")
    first.addprevious(fresh)


def _hoist(tag: etree._Element) -> None:
    form = FORM.match(tag.get("text", ""))
    if form and form[1] != "r":
        target = next(tag.iterancestors(W + form[1]))
        if form[1] == "p" and tag.get("text", "").startswith("{{"):
            tag.set("paragraph", "1")
            return
        target.addprevious(tag)
        target.getparent().remove(target)


# -- filling ---------------------------------------------------------------------------------------------


def _render(nodes: list[etree._Element], scope: Scope) -> list[etree._Element]:
    """The nodes once filled: what stands between the two tags of a block is left out or repeated."""
    out: list[etree._Element] = []
    at = 0
    while at < len(nodes):
        node = nodes[at]
        word, rest = _word(node)
        if word in ENDS:
            end, branches = _branches(nodes, at)
            out += _block(word, rest, branches, scope)
            at = end
        elif word == "set":
            name, _, expression = rest.partition("=")
            _set(name.strip(), _evaluate(expression, scope), scope)
        elif word == "out":
            out.append(_printed(node, _evaluate(rest, scope)))
        elif word == "":
            out += _copied(node, scope)
        elif word not in ("comment",):
            raise Unsupported(word)
        at += 1
    return out


def _word(node: etree._Element) -> tuple[str, str]:
    if node.tag != "tag":
        return "", ""
    text = node.get("text", "")
    body = FORM.sub("", text)[:-2].strip() if FORM.match(text) else text[2:-2].strip()
    if text[2:3] == "-" or text[-3:-2] == "-":
        raise Unsupported("minus")
    if "'" not in body and '"' not in body:
        body = body.translate(CURLY)
    body = re.sub(r"[\s\u00a0\u3000]+", " ", body)
    if text.startswith("{{"):
        return "out", body
    if text.startswith("{#"):
        return "comment", ""
    word, _, rest = body.partition(" ")
    return word, rest


def _branches(nodes: list[etree._Element], at: int) -> tuple[int, list[tuple[str, list[etree._Element]]]]:
    """Where a block ends, and its branches: the tag's words and what stands in it."""
    depth, branches = 0, [("", [])]  # type: list[Any]
    for end in range(at, len(nodes)):
        word, rest = _word(nodes[end])
        depth += (word in ENDS) - (word in ENDS.values())
        if depth == 0:
            return end, branches
        if depth == 1 and word in ("elif", "else"):
            branches.append((rest if word == "elif" else "1", []))
        elif end > at:
            branches[-1][1].append(nodes[end])
    raise Unsupported("a block over several levels")


def _block(word: str, rest: str, branches: list[Any], scope: Scope) -> list[etree._Element]:
    if word == "if":
        for condition, nodes in [(rest, branches[0][1]), *branches[1:]]:
            if _evaluate(condition, scope):
                return _render(nodes, scope)
        return []
    names, _, source = rest.partition(" in ")
    inner = dict(scope)
    source, _, condition = source.partition(" if ")
    items = list(_evaluate(source, scope))
    targets = [name.strip() for name in names.split(",")]
    rounds = []
    for item in items:
        given = dict(zip(targets, item, strict=True)) if len(targets) > 1 else {targets[0]: item}
        if not condition or _evaluate(condition, inner | given):
            rounds.append(given)
    out = []
    for number, given in enumerate(rounds):
        loop = {
            "index": number + 1,
            "index0": number,
            "revindex": len(rounds) - number,
            "revindex0": len(rounds) - number - 1,
            "first": number == 0,
            "last": number == len(rounds) - 1,
            "length": len(rounds),
        }
        out += _render(branches[0][1], inner | given | {"loop": loop})
    return out if rounds or len(branches) == 1 else _render(branches[1][1], scope)


def _evaluate(expression: str, scope: Scope) -> Any:
    found = JINJA.compile_expression(expression.strip(), undefined_to_none=False)(
        **scope, namespace=Namespace
    )
    if isinstance(found, jinja2.Undefined) and "defined" not in expression:
        str(found)
    return found


def _set(name: str, value: Any, scope: Scope) -> None:
    owner, _, attribute = name.partition(".")
    if attribute:
        scope[owner][attribute] = value
    else:
        scope[name] = value


def _printed(tag: etree._Element, value: Any) -> etree._Element:
    run = etree.Element(W + "r")
    for look in tag:
        run.append(deepcopy(look))
    if tag.get("paragraph"):
        run.set("lines", "1")
        run.set("text", "\0".join(value if isinstance(value, list) else str(value).split("\n")))
        return run
    for piece in re.split("(\r\n?|\n|\t)", str(value)):
        if piece == "\t":
            etree.SubElement(run, W + "tab")
        elif piece[:1] in ("\r", "\n") and piece:
            etree.SubElement(run, W + "br")
        else:
            etree.SubElement(run, W + "t").text = piece
    return run


def _copied(node: etree._Element, scope: Scope) -> list[etree._Element]:
    """One element with its children filled; cells, rows and tables keep what the schema demands."""
    copy = etree.Element(node.tag, dict(node.attrib), nsmap=node.nsmap)
    copy.text = node.text
    children = _render(list(node), scope)
    copy.extend(children)
    if node.tag == W + "p":
        lines = copy.find(f".//{W}r[@lines]")
        if lines is not None:
            return _as_lines(copy, lines)
    if (
        node.tag in (W + "tc", W + "hdr", W + "ftr", W + "txbxContent")
        and copy[-1:] != []
        and copy[-1].tag != W + "p"
    ) or (node.tag in (W + "hdr", W + "ftr", W + "txbxContent") and not len(copy)):
        copy.append(etree.Element(W + "p"))
    if (node.tag == W + "tr" and copy.find(W + "tc") is None) or (
        node.tag == W + "tbl" and copy.find(W + "tr") is None
    ):
        return []
    return [copy]


def _as_lines(paragraph: etree._Element, run: etree._Element) -> list[etree._Element]:
    out = []
    for text in run.get("text", "").split("\0"):
        fresh = deepcopy(paragraph)
        spot = fresh.find(f".//{W}r[@lines]")
        assert spot is not None
        del spot.attrib["lines"], spot.attrib["text"]
        etree.SubElement(spot, W + "t").text = text
        out.append(fresh)
    return out
