"""One XML part of a template → the source of one Jinja2 template, with what its author has to mend.

Word scatters a tag over runs as the author types; here each tag is put back together in the run it began in.
A tag of the form ``{%p %}`` takes the place of its whole paragraph (``tr`` row, ``tc`` cell); ``{%r %}`` and
``{{r }}`` need nothing of their own, for a tag inside a run already keeps to its run. Every tag gets a line
of its own in the source, so an error while filling leads back to the very tag.

Filled parts are well-formed by construction, not by a second parse: values are escaped, and the tags of a
block must stand under the same elements (:func:`_level`), so whatever a branch leaves out or a loop repeats
is whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from generator.render import CLOSE, MARK, OPEN
from generator.tags import LITERALS, Field, Tag, Walk, fault, judge, scan
from kb.errors import BadPackage
from kb.findings import Finding, Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLACEHOLDER = re.compile(f"{MARK}(\\d+){MARK}")
_LITERAL = re.compile("|".join(map(re.escape, LITERALS)))

# What only the editor's memory needs, and what a loop must not repeat.
_LEFTOVERS = (W + "proofErr", W + "lastRenderedPageBreak")
_LEFTOVER_ATTRIBUTE = re.compile(rf"{re.escape(W)}rsid\w*|{re.escape(_W14)}(?:paraId|textId)")
_SKIPPED = {W + "del", W + "moveFrom", W + "pPr", W + "p"}  # a nested paragraph has its own turn
_AS_TEXT = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}
_MUST_END_WITH_PARAGRAPH = [W + name for name in ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote")]
_FORM_ELEMENT = {"p": W + "p", "tr": W + "tr", "tc": W + "tc"}
_FORM_NAME = {"p": "段落", "tr": "表格行", "tc": "单元格"}
# Two tags of a block may stand in different paragraphs, runs or texts, never in different cells or rows.
_LOOSE_LEVELS = {W + name for name in ("p", "r", "t", "hyperlink", "ins", "smartTag", "fldSimple")}
_NOT_TEXT = [W + name for name in ("drawing", "pict", "object", "sectPr")]
_BOOKMARK = re.compile(r'<w:bookmark(?:Start|End) [^>]*?w:id="(\d+)"[^>]*/>')
_DRAWING_ID = re.compile(r'(<wp:docPr [^>]*?\bid=")\d+(?=")')


@dataclass(slots=True)
class PartSource:
    """What a part became: Jinja2 source, the tag of each source line, its fields, and its faults."""

    source: str = ""
    tags: dict[int, Tag] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)


def text_part(root: etree._Element, label: str) -> PartSource:
    """The document's properties: tags stand in plain text elements."""
    book = _Book(root, label)
    for element in root.iter(etree.Element):
        if len(element) == 0 and element.text:
            book.take([(element, element.text)], Place(label))
    for tag in book.tags.values():
        if tag.form:
            book.blame("T6", "文档属性里只能用 {{ 字段 }}", tag, f"请去掉 {tag.form}")
    return book.finish(root)


def word_part(root: etree._Element, label: str) -> PartSource:
    """The body, a header, a footer or notes.

    Args:
        root: the parsed part; it is consumed.
        label: its name for messages (正文, 页眉 …).
    """
    book = _Book(root, label)
    if next(root.iter(W + "del", W + "ins"), None) is not None:
        mend = "请在 Word“审阅”中接受或拒绝全部修订后另存"
        book.faults.append(Finding("T9", "提示", "模板里还有未处理的修订", "", Place(label), mend))
    _clean(root)
    for paragraph, place in _paragraphs(root, label):
        pieces = list(_pieces(paragraph))
        text = "".join(piece for _, piece in pieces)
        if any(sign in text for sign in "{}｛｝"):
            book.take(pieces, place())
    for number, tag in list(book.tags.items()):
        if tag.form in _FORM_ELEMENT:
            book.hoist(number, tag)
    _guard_empty(root, book)
    return book.finish(root)


class _Book:
    """The tags of a part while its tree still stands; each has a number and a placeholder in the text."""

    def __init__(self, root: etree._Element, label: str) -> None:
        self.label = label
        self.sources: list[str] = []
        self.tags: dict[int, Tag] = {}
        self.homes: dict[int, etree._Element] = {}  # the element that holds the placeholder
        self.faults: list[Finding] = []
        if re.search(f"[{OPEN}{CLOSE}{MARK}]", etree.tostring(root, encoding="unicode")):
            raise BadPackage("含内部保留的字符 U+10FFF0 至 U+10FFF2", where=label, hint="请删去这些字符")

    def blame(self, code: str, message: str, tag: Tag, mend: str) -> None:
        self.faults.append(fault(code, message, tag.text, tag.place, mend))

    def hold(self, source: str, tag: Tag | None = None, home: etree._Element | None = None) -> str:
        """Keep a piece of Jinja2 source, an author's tag or our own, and give the placeholder for it."""
        number = len(self.sources)
        self.sources.append(source)
        if tag is not None and home is not None:
            self.tags[number], self.homes[number] = tag, home
        return f"{MARK}{number}{MARK}"

    def take(self, pieces: list[tuple[etree._Element, str]], place: Place) -> None:
        """Put each tag of a paragraph whole into the element where it begins."""
        tags, faults = scan("".join(piece for _, piece in pieces), place)
        self.faults += faults
        for tag in tags:
            self.faults += judge(tag)
        at = 0
        for element, piece in pieces:
            self._rewrite(element, piece, at, tags)
            at += len(piece)

    def _rewrite(self, element: etree._Element, piece: str, at: int, tags: list[Tag]) -> None:
        """Leave of one piece, which spans ``at`` onwards, its own words and the tags that begin in it."""
        end = at + len(piece)
        touching = [tag for tag in tags if tag.start < end and tag.end > at]
        if not touching:
            return
        words, cursor = [], at
        for tag in touching:
            words.append(piece[cursor - at : max(tag.start, cursor) - at])
            if tag.start >= at:
                words.append(self.hold(tag.source(), tag, element))
            cursor = tag.end
        text = "".join(words) + piece[max(cursor - at, 0) :]
        if text:
            element.text = text
            if element.tag == W + "t":
                element.set(_SPACE, "preserve")
        else:
            _remove_emptied(element)

    def hoist(self, number: int, tag: Tag) -> None:
        """Let a tag take the place of the paragraph, row or cell its form names."""
        mark, name = f"{MARK}{number}{MARK}", _FORM_NAME[tag.form]
        target = next(self.homes[number].iterancestors(_FORM_ELEMENT[tag.form]), None)
        if target is None:
            self.blame("T6", f"{name}形式的标签不在{name}里", tag, "整段的条件请写 {%p if 条件 %}")
        elif _text(target).strip() != mark or next(target.iter(*_NOT_TEXT), None) is not None:
            self.blame("T6", f"该{name}除这个标签外还有内容，填写时会丢失", tag, f"请让标签独占一个{name}")
        elif tag.kind == "out":
            del self.tags[number]
            self.sources[number] = f"{OPEN}{{ _line }}{CLOSE}"
            opener = f"{OPEN}% for _line in ({tag.body})|_lines %{CLOSE}"
            _put_before(target, self.hold(opener, tag, target))
            _put_after(target, self.hold(f"{OPEN}% endfor %{CLOSE}"))
        else:
            self.homes[number] = _parent(target)
            _put_before(target, mark)
            _remove(target)

    def finish(self, root: etree._Element) -> PartSource:
        """Serialise the tree and put the tags' sources where their placeholders stand."""
        if not self.tags:
            self._look_outside_text([etree.tostring(root, encoding="unicode")])
            return PartSource(faults=self.faults)
        alive = list(root.iter())  # an lxml element has one identity only while something holds it
        levels = {number: _level(home) for number, home in self.homes.items()}
        del alive
        words = _PLACEHOLDER.split(_DECLARATION + etree.tostring(root, encoding="unicode"))
        literals, numbers = words[::2], [int(number) for number in words[1::2]]
        walk = Walk()
        if not any(found.severity == "否决" for found in self.faults):
            for number in numbers:
                if number in self.tags:
                    walk.step(self.tags[number], levels[number])
            walk.finish()
            self._look_outside_text(literals)
            self.faults += walk.faults
        self._mend_repeats(literals, numbers)
        source, tags = self._assemble(literals, numbers)
        return PartSource(source, tags, walk.fields, self.faults)

    def _look_outside_text(self, literals: list[str]) -> None:
        """What still looks like a tag once the text has been read stands where nothing is filled."""
        if any(found.severity == "否决" for found in self.faults):
            return  # an unfinished tag was named already
        for literal in literals:
            for found in re.finditer(r"(?:\{\{|\{%)[^<\"]{0,24}", literal):
                message = "标签写在域代码、图片说明或已删除的修订里，不会被填写"
                mend = "请把标签移到正文文字中"
                self.faults.append(fault("T6", message, found[0], Place(self.label), mend))

    def _assemble(self, literals: list[str], numbers: list[int]) -> tuple[str, dict[int, Tag]]:
        pieces, tags, line = [], {}, 1
        for at, literal in enumerate(literals):
            text = _LITERAL.sub(lambda found: LITERALS[found[0]], literal)
            pieces.append(text)
            line += text.count("\n")
            if at < len(numbers):
                # A comment with a line break prints nothing and starts the tag's own line.
                pieces.append(f"{OPEN}#\n#{CLOSE}{self.sources[numbers[at]]}")
                line += 1
                if numbers[at] in self.tags:
                    tags[line] = self.tags[numbers[at]]
        return "".join(pieces), tags

    def _mend_repeats(self, literals: list[str], numbers: list[int]) -> None:
        """Ids stay unique and pairs stay whole: what a loop repeats or a condition tears apart.

        Bookmarks with an end inside a loop, or ends in different branches, are dropped; a drawing inside a
        loop takes a fresh id each time round.
        """
        paths = [(path, any(loop for _, loop in path)) for path in self._open_blocks(numbers)]
        seen: dict[str, set[object]] = {}
        count: Counter[str] = Counter()
        for literal, (path, looped) in zip(literals, paths, strict=True):
            for found in _BOOKMARK.finditer(literal):
                count[found[1]] += 1
                seen.setdefault(found[1], set()).add("loop" if looped else path)
        kept = {
            key for key, where in seen.items() if count[key] == 2 and len(where) == 1 and "loop" not in where
        }
        fresh = f"\\g<1>{OPEN}{{ _serial() }}{CLOSE}"
        for at, (_, looped) in enumerate(paths):
            literals[at] = _BOOKMARK.sub(lambda found: found[0] if found[1] in kept else "", literals[at])
            if looped:
                literals[at] = _DRAWING_ID.sub(fresh, literals[at])

    def _open_blocks(self, numbers: list[int]) -> Iterator[tuple[tuple[int, bool], ...]]:
        """For each literal, the branches it stands in: (number of the branch's tag, is it a loop)."""
        stack: list[tuple[int, bool]] = []
        yield ()
        for number in numbers:
            word = re.match(rf"{OPEN}% ?(\w+)", self.sources[number])
            match word[1] if word else "":
                case "if" | "for" as opener:
                    stack.append((number, opener == "for"))
                case "elif" | "else":
                    stack[-1:] = [(number, bool(stack) and stack[-1][1])]
                case "endif" | "endfor":
                    del stack[-1:]
            yield tuple(stack)


# -- the tree --------------------------------------------------------------------------------------------


def _clean(root: etree._Element) -> None:
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in list(root.iter(*_LEFTOVERS)):
        _remove(element)
    for properties in root.iter(W + "sdtPr"):
        for identity in properties.findall(W + "id"):
            _remove(identity)
    for element in root.iter():
        for name in element.attrib:
            if _LEFTOVER_ATTRIBUTE.fullmatch(str(name)):
                del element.attrib[name]


def _paragraphs(root: etree._Element, label: str) -> Iterator[tuple[etree._Element, Callable[[], Place]]]:
    """Every paragraph with its place: counted within its cell, its text box, or the part itself."""
    counts: Counter[etree._Element] = Counter()
    for paragraph in list(root.iter(W + "p")):
        home = next(paragraph.iterancestors(W + "tc", W + "txbxContent"), root)
        counts[home] += 1
        yield paragraph, partial(_place, home, counts[home], root, label)


def _place(home: etree._Element, number: int, root: etree._Element, label: str) -> Place:
    if home.tag == W + "txbxContent":
        return Place(f"{label}文本框", number)
    if home.tag != W + "tc":
        return Place(label, number)
    row = next(home.iterancestors(W + "tr"), home)
    table = next(home.iterancestors(W + "tbl"), root)
    spots = (
        list(root.iter(W + "tbl")).index(table),
        list(table.iter(W + "tr")).index(row),
        list(row.iter(W + "tc")).index(home),
    )
    return Place(label, number, "表{} 行{} 列{}".format(*(spot + 1 for spot in spots)))


def _pieces(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The text of a paragraph with the elements that hold it, in reading order."""
    for child in element:
        if child.tag == W + "t":
            yield child, child.text or ""
        elif child.tag in _AS_TEXT and element.tag == W + "r":
            yield child, _AS_TEXT[child.tag]
        elif child.tag not in _SKIPPED:
            yield from _pieces(child)


def _level(home: etree._Element) -> tuple[object, ...]:
    """The elements around a tag: equal for two tags between which the XML is whole."""
    chain = [home, *home.iterancestors()]
    return tuple(each.tag if each.tag in _LOOSE_LEVELS else (each.tag, id(each)) for each in chain)


def _guard_empty(root: etree._Element, book: _Book) -> None:
    """Keep what the schema demands of a cell, a row and a table, whatever the conditions leave out."""
    end = f"{OPEN}% endfilter %{CLOSE}"
    for container in root.iter(*_MUST_END_WITH_PARAGRAPH):
        if MARK in ((container[-1].tail if len(container) else container.text) or ""):
            opener, closer = book.hold(f"{OPEN}% filter _ends_with_paragraph %{CLOSE}"), book.hold(end)
            _append(container, closer)
            if len(container) and container[0].tag == W + "tcPr":
                _put_after(container[0], opener)
            else:
                container.text = opener + (container.text or "")
    for whole, part in (("tr", "tc"), ("tbl", "tr")):
        for element in root.iter(W + whole):
            if _may_be_empty(element, W + part):
                opener = f"{OPEN}% filter _holds('<w:{part}') %{CLOSE}"
                _put_before(element, book.hold(opener))
                _put_after(element, book.hold(end))


def _may_be_empty(element: etree._Element, part: str) -> bool:
    """Whether tags stand between the parts, and no part stands before the first or after the last of them."""
    children = list(element)
    gaps = [element.text, *(child.tail for child in children)]  # gap n stands before child n
    marked = [at for at, gap in enumerate(gaps) if MARK in (gap or "")]
    if not marked:
        return False
    certain = children[: marked[0]] + children[marked[-1] :]
    return all(child.tag != part for child in certain)


def _text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(W + "t"))


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None, "only elements inside a part are moved"
    return parent


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _put_before(element: etree._Element, text: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent = _parent(element)
        parent.text = (parent.text or "") + text


def _put_after(element: etree._Element, text: str) -> None:
    element.tail = text + (element.tail or "")


def _remove(element: etree._Element) -> None:
    """Take an element out and leave what follows it in place."""
    if element.tail:
        _put_before(element, element.tail)
    _parent(element).remove(element)


def _remove_emptied(element: etree._Element) -> None:
    run = _parent(element)
    _remove(element)
    if run.tag == W + "r" and all(child.tag == W + "rPr" for child in run):
        _remove(run)
