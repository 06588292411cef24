"""The words of a file, each paragraph with its place: any .docx, .txt or .md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generator.docx_story import ROLES, Line, Piece, read_part
from kb.errors import BadPackage, NotFound, WrongUse
from kb.findings import Place
from kb.package import SAVE_AGAIN, Package, Shared, open_package

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "TEXT_ENDINGS",
    "Line",
    "Piece",
    "decode",
    "read_docx",
    "read_lines",
    "read_text",
    "read_traced",
    "text_lines",
]

TEXT_ENDINGS = (".txt", ".md")
MAX_TEXT_FILE = 64 << 20
# Relationships of the main part that hold text, in the order a reader meets them.
_PARTS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}


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
    """Every paragraph of a .docx: the body, then headers, footers, notes, comments; empty ones are kept.

    Headers and footers that no section uses are left out, as are comments of our own.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile, or no Word file.
    """
    return _read(source if isinstance(source, Package) else open_package(source), traced=False)[1]


def read_traced(package: Package) -> tuple[_Element, tuple[Line, ...]]:
    """Like `read_docx`, with the tree of the main part and lines that know their elements in it."""
    return _read(package, traced=True)


def _read(package: Package, traced: bool) -> tuple[_Element, tuple[Line, ...]]:
    root = package.xml(package.main)
    if ROLES.get(root.tag) != "document" or body_of(root) is None:
        raise BadPackage("不是 Word 文档", where=package.label, hint=SAVE_AGAIN)
    lines = read_part(root, "正文", traced)
    for target, label in side_labels(package, root).items():
        lines += _side(package, target, label, traced)
    return root, tuple(lines)


def side_labels(package: Package, root: _Element) -> dict[str, str]:
    """What places call the parts beside the body that it uses: 页眉, or 页眉1, 页眉2 where there are more."""
    found = {}
    for kind, name in _PARTS.items():
        targets = [target for target in _targets(package, root, kind) if target in package.names]
        for n, target in enumerate(targets, 1):
            found[target] = f"{name}{n}" if len(targets) > 1 else name
    return found


SIDES: Shared[list[Line]] = Shared()
"""The paragraphs of headers, footers and notes, which the papers of one template share."""


def _side(package: Package, target: str, label: str, traced: bool) -> list[Line]:
    def read() -> list[Line]:
        return read_part(package.xml(target), label, traced)

    return read() if traced else SIDES.get((package.read(target),), (label, package.limits), read)


def body_of(root: _Element) -> _Element | None:
    """The ``w:body`` of a main part."""
    return next((child for child in root if ROLES.get(child.tag) == "body"), None)


def _targets(package: Package, root: _Element, kind: str) -> list[str]:
    """The parts of one kind that the main part uses, each once."""
    arrows = [a for a in package.relationships(package.main) if a.type == kind and not a.external]
    if kind in ("header", "footer"):
        used = [_id(node) for node in root.iter(f"{{*}}{kind}Reference")]
        arrows = [arrow for i in used for arrow in arrows if arrow.id == i]
    return list(dict.fromkeys(arrow.target for arrow in arrows))


def _id(node: _Element) -> str:
    """The value of ``r:id``, in either namespace of relationships."""
    return next((str(value) for name, value in node.items() if str(name).endswith("}id")), "")
