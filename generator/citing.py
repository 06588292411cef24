"""Which templates, and which finished papers, cite a law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.catalogue import document_types
from generator.docx_text import read_docx, read_lines
from kb.citation import Citation, Context, read
from kb.errors import CailiangError
from kb.laws import LawBook


@dataclass(frozen=True, slots=True)
class Citing:
    """A citation that stands in a template or a paper: ``name`` says which, ``place`` where in it."""

    name: str
    place: str
    citation: str

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "place": self.place, "citation": self.citation}

    def __str__(self) -> str:
        return f"{self.name} {self.place}：{self.citation}"


def templates(book: LawBook, title: str, key: str) -> list[Citing]:
    """The citations of a law in the templates: the constant text, and the basis of the document type.

    Args:
        title: the official title.
        key: the article, ``59`` or ``120-1``; all of them where empty.
    """
    out = []
    for kind in document_types():
        rows: list[tuple[str, str]] = [("依据", text) for text in kind.basis]
        rows += [(str(line.place), line.text) for line in read_docx(kind.template)]
        out += list(_of(kind.name, rows, book, title, key))
    return out


def papers(files: Iterable[Path], book: LawBook, title: str, key: str) -> list[Citing]:
    """The same in finished papers; a file that can't be read is one line that says why."""
    out = []
    for path in files:
        try:
            rows = [(str(line.place), line.text) for line in read_lines(path)]
        except CailiangError as e:
            out.append(Citing(path.name, "", f"未检查：{e}"))
            continue
        out += list(_of(path.name, rows, book, title, key))
    return out


def _of(name: str, rows: Iterable[tuple[str, str]], book: LawBook, title: str, key: str) -> Iterator[Citing]:
    context = Context()
    for place, text in rows:
        reading = read(text, book, context)
        context = reading.context
        for c in reading.citations:
            if c.resolved == title and (not key or key == _key(c)):
                yield Citing(name, place, c.text)


def _key(c: Citation) -> str:
    return f"{c.article}-{c.article_suffix}" if c.article_suffix else str(c.article)
