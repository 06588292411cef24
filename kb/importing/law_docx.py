"""An official .docx, as the national database of laws publishes it, as bare lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.importing.law_text import Source, check_lines, read_plain
from kb.package import open_package

if TYPE_CHECKING:
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: str, data: bytes) -> Source:
    """Read a law from the bytes of a .docx.

    Raises:
        BadPackage: damaged or hostile; see `kb.package`.
    """
    package = open_package(data)
    body = package.xml(package.main).find(f"{_W}body")
    lines = [] if body is None else list(_lines(body))
    check_lines(lines, path)
    return read_plain(path, lines)


def _lines(body: etree._Element) -> Iterator[str]:
    """Paragraphs in order, those of tables too; a manual line break ends a line."""
    for paragraph in body.iter(f"{_W}p"):
        words: list[str] = []
        for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
            if node.tag == f"{_W}t":
                words.append(node.text or "")
            else:
                words.append("\u3000" if node.tag == f"{_W}tab" else "\n")
        yield from "".join(words).split("\n")
