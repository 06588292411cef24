"""The words of a file, each paragraph with its place: any .docx, .txt or .md.

A paragraph of a .docx is what a reader sees: runs joined, tabs and breaks as characters, deleted text, field
codes and the fallback copies of drawings left out. Places say part, paragraph (from 1), and table cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import BadPackage, NotFound, WrongUse
from kb.findings import Place
from kb.package import Package, open_package

if TYPE_CHECKING:
    from lxml import etree

TEXT_ENDINGS = (".txt", ".md")
MAX_TEXT_FILE = 64 << 20

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TR, _TC, _BOX = (_W + name for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_NOT_READ = frozenset({_FALLBACK, _W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _W + "rPr"})
_CHARACTERS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "‑"}
# Relationships of the main part that hold text, in the order a reader meets them.
_PARTS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph (of a .docx) or one line (of a text) and where it stands."""

    text: str
    place: Place = field(default_factory=Place)


def read_lines(path: Path) -> tuple[Line, ...]:
    """Every paragraph of a .docx, or every line of a .txt or .md.

    Raises:
        NotFound: no such file.
        BadPackage: damaged or hostile, or text in no known encoding.
        WrongUse: another kind of file.
    """
    ending = path.suffix.lower()
    if ending == ".docx":
        return read_docx(path)
    if ending in TEXT_ENDINGS:
        return read_text(path)
    raise WrongUse(f"不能检查“{path.name}”", hint="只读 .docx、.txt、.md；其他格式请另存为 .docx")


def read_text(path: Path) -> tuple[Line, ...]:
    """The lines of a text in UTF-8 or GB18030."""
    try:
        if path.stat().st_size > MAX_TEXT_FILE:
            raise BadPackage("文件太大", where=str(path), hint=f"文本不超过{MAX_TEXT_FILE >> 20}MB，请拆开")
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound("找不到文件", where=str(path), hint="请核对路径") from None
    except OSError as error:
        raise BadPackage("文件无法读取", where=str(path), hint="请核对路径和权限") from error
    return text_lines(decode(data, str(path)))


def text_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text in memory, numbered from 1; a blank line is a line."""
    return tuple(Line(row, Place(line=n)) for n, row in enumerate(text.splitlines(), 1))


def decode(data: bytes, where: str) -> str:
    """UTF-8 (with or without mark), else GB18030, which Windows writes in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadPackage("文字编码不识", where=where, hint="另存为 UTF-8 编码")


def read_docx(source: Path | bytes | Package) -> tuple[Line, ...]:
    """Every paragraph of a .docx: the body, then headers, footers, notes; empty paragraphs are kept."""
    package = source if isinstance(source, Package) else open_package(source)
    main = package.main
    lines = list(_part_lines(package.xml(main), "正文"))
    seen = {main}
    for kind, name in _PARTS.items():
        targets = [a.target for a in package.relationships(main) if a.type == kind and not a.external]
        many = len(targets) > 1
        for n, target in enumerate(targets, 1):
            if target in seen or target not in package.names:
                continue
            seen.add(target)
            lines += _part_lines(package.xml(target), f"{name}{n}" if many else name)
    return tuple(lines)


def _part_lines(root: etree._Element, part: str) -> Iterator[Line]:
    return _Reader(part).lines(root)


class _Reader:
    """Walks one part; numbers paragraphs and tables as a reader would count them.

    Paragraphs outside tables count through the part; inside a cell they count from 1 again. The recursion is
    as deep as the tables nest, which `open_package` caps.
    """

    def __init__(self, part: str, cell: str | None = None) -> None:
        self.part = part
        self.cell = cell
        self.paragraphs = 0
        self.tables = 0

    def lines(self, node: etree._Element) -> Iterator[Line]:
        for child in node:
            tag = child.tag
            if tag == _P:
                yield from self.paragraph(child)
            elif tag == _TBL:
                yield from self.table(child)
            elif tag not in _NOT_READ and isinstance(tag, str):
                yield from self.lines(child)

    def paragraph(self, node: etree._Element) -> Iterator[Line]:
        self.paragraphs += 1
        letters: list[str] = []
        boxes: list[etree._Element] = []
        _collect(node, letters, boxes)
        yield Line("".join(letters), Place(self.part, self.paragraphs, self.cell))
        for box in boxes:
            inner = _Reader(f"{self.part}文本框", self.cell)
            yield from inner.lines(box)

    def table(self, node: etree._Element) -> Iterator[Line]:
        self.tables += 1
        prefix = f"{self.cell} " if self.cell else ""
        for r, row in enumerate(_inside(node, _TR), 1):
            for c, cell in enumerate(_inside(row, _TC), 1):
                inner = _Reader(self.part, f"{prefix}表{self.tables} 行{r} 列{c}")
                yield from inner.lines(cell)


def _inside(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table, cells of a row, also where a content control stands between."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _inside(child, tag)


def _collect(node: etree._Element, letters: list[str], boxes: list[etree._Element]) -> None:
    for child in node:
        tag = child.tag
        if tag == _W + "t":
            letters.append(child.text or "")
        elif tag in _CHARACTERS:
            letters.append(_CHARACTERS[tag])
        elif tag == _BOX:
            boxes.append(child)
        elif tag not in _NOT_READ and len(child):
            _collect(child, letters, boxes)
