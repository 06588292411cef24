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
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from generator import trees
from generator.blocks import Walk
from generator.docx_story import read_part
from generator.tags import CELL_WORDS, Field, Tag, fault, judge, scan
from generator.trees import SPACE, W
from generator.values import CLOSE, MARK, OPEN
from kb.errors import BadPackage
from kb.findings import Finding, Place

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLACEHOLDER = re.compile(f"{MARK}(\\d+){MARK}")
_MUST_END_WITH_PARAGRAPH = [W + name for name in ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote")]
_FORM_ELEMENT = {"p": W + "p", "tr": W + "tr", "tc": W + "tc"}
_FORM_NAME = {"p": "段落", "tr": "表格行", "tc": "单元格"}
# Two tags of a block may stand in different paragraphs, runs or texts, never in different cells or rows.
_LOOSE_LEVELS = {W + name for name in ("p", "r", "t", "hyperlink", "smartTag", "fldSimple")}
_NOT_TEXT = [W + name for name in ("drawing", "pict", "object", "sectPr")]
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAIRED = re.compile(
    r'<w:(?P<kind>bookmark|commentRange)(?:Start|End) [^>]*?w:id="(?P<id>\d+)"[^>]*/>'
    r'|<w:commentReference [^>]*?w:id="(?P<ref>\d+)"[^>]*/>'
)
_DRAWING_ID = re.compile(r'(<wp:docPr [^>]*?\bid=")\d+(?=")')
_SHAPE_ID = re.compile(r'(<v:(?:shape|rect|oval|line|group|roundrect) [^>]*?\bid="[^"]*)(?=")')
_NOTE = re.compile(r"<w:(?:footnote|endnote)Reference ")
# Fields that fetch from elsewhere or run something; and those that Word has to count anew.
_REACHING = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|DATABASE|IMPORT|EMBED|MACROBUTTON|RD|HTMLACTIVEX)\b",
    re.I,
)
_COUNTED = re.compile(r"\s*(TOC|INDEX|TOA|REF|PAGEREF|NOTEREF|SEQ|NUMPAGES|SECTIONPAGES|STYLEREF)\b", re.I)
_CONTENTS = re.compile(r"\s*(TOC|INDEX|TOA)\b", re.I)


@dataclass(slots=True)
class PartSource:
    """What a part became: Jinja2 source, the tag of each source line, its fields, and its faults.

    ``grids`` where columns come and go, ``notes`` where a loop repeats the mark of a note: both are mended
    once the part is filled. ``contents`` where it holds a table of contents, ``changed`` where tracked
    changes were accepted.
    """

    source: str = ""
    tags: dict[int, Tag] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    grids: bool = False
    notes: bool = False
    contents: bool = False
    changed: bool = False


def text_part(root: etree._Element, label: str) -> PartSource:
    """The document's properties: tags stand in plain text elements."""
    book = _Book(root, label)
    for element in root.iter(etree.Element):
        if len(element) == 0 and element.text:
            book.take([(element, element.text)], Place(label))
    for tag in book.tags.values():
        if tag.form or tag.word in CELL_WORDS:
            book.blame("T6", "文档属性里只能用 {{ 字段 }}", tag, f"请去掉 {tag.form or tag.word}")
    return book.finish(root)


def word_part(root: etree._Element, label: str) -> PartSource:
    """The body, a header, a footer or notes.

    Args:
        root: the parsed part; it is consumed.
        label: its name for messages (正文, 页眉 …).
    """
    book = _Book(root, label)
    places = {line.node: line.place for line in read_part(root, label, traced=True) if line.node is not None}
    book.result.changed = trees.accept_changes(root)
    if book.result.changed:
        mend = "填写时按全部接受修订处理；如不是这样，请在 Word“审阅”中处理后另存"
        book.faults.append(Finding("T9", "提示", "模板里还有未处理的修订", "", Place(label), mend))
    trees.clean(root)
    _look_at_fields(root, book)
    trees.join_paragraphs(root)
    trees.open_controls(root)
    raw = False
    for paragraph in list(root.iter(W + "p")):
        pieces = list(trees.pieces_of(paragraph))
        text = "".join(piece for _, piece in pieces)
        if raw or any(sign in text for sign in "{}｛｝"):
            quiet = next(paragraph.iterancestors(_FALLBACK), None) is not None
            raw = book.take(pieces, _place(paragraph, places, label), raw, quiet)
    for number, tag in list(book.tags.items()):
        if tag.word in CELL_WORDS:
            book.cell(number, tag)
    for number, tag in list(book.tags.items()):
        if tag.form in _FORM_ELEMENT:
            book.hoist(number, tag)
    _guard_empty(root, book)
    return book.finish(root)


class _Book:
    """The tags of a part while its tree still stands; each has a number and a placeholder in the text."""

    def __init__(self, root: etree._Element, label: str) -> None:
        self.label = label
        self.result = PartSource()
        self.sources: list[str] = []
        self.tags: dict[int, Tag] = {}
        self.homes: dict[int, etree._Element] = {}  # the element that holds the placeholder
        self.faults = self.result.faults
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

    def take(
        self, pieces: list[tuple[etree._Element, str]], place: Place, raw: bool = False, quiet: bool = False
    ) -> bool:
        """Put each tag of a paragraph whole into the element where it begins.

        Args:
            raw: whether a ``{% raw %}`` of an earlier paragraph is still open.
            quiet: leave the faults out: they were told of the same text before.

        Returns:
            whether one is open at its end.
        """
        text = "".join(piece for _, piece in pieces)
        found = scan(text, place, raw)
        if not quiet:
            self.faults += [*found.faults, *(wrong for tag in found.tags for wrong in judge(tag))]
        cuts = [(*_trimmed(text, tag), tag) for tag in found.tags]
        at = 0
        for element, piece in pieces:
            self._rewrite(element, piece, at, cuts)
            at += len(piece)
        return found.raw

    def _rewrite(
        self, element: etree._Element, piece: str, at: int, cuts: list[tuple[int, int, Tag]]
    ) -> None:
        """Leave of one piece, which spans ``at`` onwards, its own words and the tags that begin in it."""
        end = at + len(piece)
        touching = [cut for cut in cuts if cut[0] < end and cut[1] > at]
        if not touching:
            return
        words, cursor = [], at
        for start, stop, tag in touching:
            words.append(piece[cursor - at : max(start, cursor) - at])
            if at <= tag.start < end:
                words.append(self.hold(tag.source(), tag, element))
            cursor = stop
        text = "".join(words) + piece[max(cursor - at, 0) :]
        if text:
            element.text = text
            if element.tag == W + "t":
                element.set(SPACE, "preserve")
        else:
            trees.remove_emptied(element)

    def cell(self, number: int, tag: Tag) -> None:
        """Let ``{% cellbg %}``, ``{% colspan %}``, ``{% vm %}`` and ``{% hm %}`` shape their cell."""
        from generator.cells import shape

        cell = next(self.homes[number].iterancestors(W + "tc"), None)
        if cell is None:
            self.blame("T6", f"“{tag.word}”不在表格里", tag, "请写在单元格里")
            return
        self.result.grids = True
        del self.tags[number]
        shape(cell, tag, self.hold)

    def hoist(self, number: int, tag: Tag) -> None:
        """Let a tag take the place of the paragraph, row or cell its form names."""
        mark, name = f"{MARK}{number}{MARK}", _FORM_NAME[tag.form]
        target = next(self.homes[number].iterancestors(_FORM_ELEMENT[tag.form]), None)
        self.result.grids |= tag.form == "tc"
        if target is None:
            self.blame("T6", f"{name}形式的标签不在{name}里", tag, "整段的条件请写 {%p if 条件 %}")
        elif _text(target).strip() != mark or next(target.iter(*_NOT_TEXT), None) is not None:
            self.blame("T6", f"该{name}除这个标签外还有内容，填写时会丢失", tag, f"请让标签独占一个{name}")
        elif tag.kind == "out":
            del self.tags[number]
            self.sources[number] = f"{OPEN}{{ _line }}{CLOSE}"
            opener = f"{OPEN}% for _line in ({tag.body})|_lines %{CLOSE}"
            trees.put_before(target, self.hold(opener, tag, target))
            trees.put_after(target, self.hold(f"{OPEN}% endfor %{CLOSE}"))
        else:
            self.homes[number] = trees.parent_of(target)
            trees.put_before(target, mark)
            trees.remove(target)

    def finish(self, root: etree._Element) -> PartSource:
        """Serialise the tree and put the tags' sources where their placeholders stand."""
        result = self.result
        if not self.sources and not result.changed:
            self._look_outside_text([etree.tostring(root, encoding="unicode")])
            return result
        alive = list(root.iter())  # an lxml element has one identity only while something holds it
        levels = {number: _level(home) for number, home in self.homes.items()}
        del alive
        words = _PLACEHOLDER.split(_DECLARATION + etree.tostring(root, encoding="unicode"))
        literals, numbers = words[::2], [int(number) for number in words[1::2]]
        walk = Walk()
        if all(found.severity != "否决" or found.code == "T3" for found in self.faults):  # T3 hides no tag
            for number in numbers:
                if number in self.tags:
                    walk.step(self.tags[number], levels[number])
            walk.finish()
            self._look_outside_text(literals)
            self.faults += walk.faults
        self._mend_repeats(literals, numbers)
        result.source, result.tags = self._assemble(literals, numbers)
        result.fields = walk.fields
        return result

    def _look_outside_text(self, literals: list[str]) -> None:
        """What still looks like a tag once the text has been read stands where nothing is filled."""
        if any(found.severity == "否决" for found in self.faults):
            return  # an unfinished tag was named already
        for literal in literals:
            for found in re.finditer(r"(?:\{\{|\{%)[^<\"]{0,24}", literal):
                message = "标签写在域代码或图片说明里，不会被填写"
                mend = "请把标签移到正文文字中"
                self.faults.append(fault("T6", message, found[0], Place(self.label), mend))

    def _assemble(self, literals: list[str], numbers: list[int]) -> tuple[str, dict[int, Tag]]:
        pieces, tags, line = [], {}, 1
        for at, literal in enumerate(literals):
            pieces.append(literal)
            line += literal.count("\n")
            if at < len(numbers):
                # A comment with a line break prints nothing and starts the tag's own line.
                pieces.append(f"{OPEN}#\n#{CLOSE}{self.sources[numbers[at]]}")
                line += 1
                if numbers[at] in self.tags:
                    tags[line] = self.tags[numbers[at]]
        return "".join(pieces), tags

    def _mend_repeats(self, literals: list[str], numbers: list[int]) -> None:
        """Ids stay unique and pairs stay whole: what a loop repeats or a condition tears apart.

        Bookmarks and comments with an end inside a loop, or ends in different branches, are dropped; a
        drawing or shape inside a loop takes a fresh id each time round.
        """
        paths = [(path, any(loop for _, loop in path)) for path in self._open_blocks(numbers)]
        seen: dict[tuple[str, str], set[object]] = {}
        count: Counter[tuple[str, str]] = Counter()
        for literal, (path, looped) in zip(literals, paths, strict=True):
            for found in _PAIRED.finditer(literal):
                key = _key(found)
                count[key] += found["ref"] is None
                seen.setdefault(key, set()).add("loop" if looped else path)
        kept = {
            key for key, where in seen.items() if count[key] == 2 and len(where) == 1 and "loop" not in where
        }
        fresh = f"\\g<1>{OPEN}{{ _serial() }}{CLOSE}"
        for at, (_, looped) in enumerate(paths):
            literals[at] = _PAIRED.sub(lambda found: found[0] if _key(found) in kept else "", literals[at])
            if looped:
                literals[at] = _DRAWING_ID.sub(fresh, literals[at])
                literals[at] = _SHAPE_ID.sub(fresh.replace("\\g<1>", "\\g<1>_c"), literals[at])
                self.result.notes |= _NOTE.search(literals[at]) is not None

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


def _key(found: re.Match[str]) -> tuple[str, str]:
    return (found["kind"] or "commentRange", found["id"] or found["ref"])


def _trimmed(text: str, tag: Tag) -> tuple[int, int]:
    """What of a paragraph's text a tag takes away: itself, and with ``{%- -%}`` the blanks beside it."""
    start, end = tag.start, tag.end
    if tag.trims[0]:
        start = len(text[:start].rstrip())
    if tag.trims[1]:
        end = len(text) - len(text[end:].lstrip())
    return start, end


def _place(paragraph: etree._Element, places: dict[etree._Element, Place], label: str) -> Place:
    """Where a paragraph stands; one that was joined to another, or stands in a fallback, near its like."""
    found = places.get(paragraph)
    if found is None and next(paragraph.iterancestors(W + "txbxContent"), None) is not None:
        return Place(f"{'' if label == '正文' else label}文本框")
    return found or Place(label)


def _look_at_fields(root: etree._Element, book: _Book) -> None:
    """Refuse fields that fetch from elsewhere, and mark those for Word that it has to count anew."""
    begun: list[tuple[etree._Element, list[str]]] = []
    for element in root.iter(W + "fldChar", W + "instrText", W + "fldSimple"):
        kind = element.get(W + "fldCharType")
        if element.tag == W + "fldSimple":
            _look_at_field(element, element.get(W + "instr", ""), book)
        elif element.tag == W + "instrText":
            if begun:
                begun[-1][1].append(element.text or "")
        elif kind == "begin":
            begun.append((element, []))
        elif kind == "end" and begun:
            start, code = begun.pop()
            _look_at_field(start, "".join(code), book)


def _look_at_field(element: etree._Element, code: str, book: _Book) -> None:
    reaching = _REACHING.match(code)
    if reaching:
        mend = "请选中这个域，按 Ctrl+Shift+F9 改成文字后另存"
        book.faults.append(
            fault(
                "T11",
                f"含会读取外部内容的域 {reaching[1].upper()}",
                code.strip()[:24],
                Place(book.label),
                mend,
            )
        )
    elif _COUNTED.match(code):
        element.set(W + "dirty", "true")
        book.result.contents |= _CONTENTS.match(code) is not None


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
            trees.append(container, closer)
            if len(container) and container[0].tag == W + "tcPr":
                trees.put_after(container[0], opener)
            else:
                container.text = opener + (container.text or "")
    for whole, part in (("tr", "tc"), ("tbl", "tr")):
        for element in root.iter(W + whole):
            if _may_be_empty(element, W + part):
                opener = f"{OPEN}% filter _holds('<w:{part}') %{CLOSE}"
                trees.put_before(element, book.hold(opener))
                trees.put_after(element, book.hold(end))


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
