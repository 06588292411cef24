"""Which templates, and which finished papers, cite a law; and all that one paper cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from generator.catalogue import document_types
from generator.docx_text import read_docx, read_lines
from generator.paper import Paper
from kb.citation import Context, read
from kb.errors import CailiangError
from kb.laws import LawBook, Standing
from kb.uses import CitationUse


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


def cited(paper: Paper) -> tuple[CitationUse, ...]:
    """What a paper that was judged cites, each provision once, with the text it was judged by.

    What stands in a quotation (the annex of provisions) is not the author's.
    """
    found: dict[tuple[Any, ...], CitationUse] = {}
    texts: dict[tuple[str, date | None], date | None] = {}
    for line, judged in zip(paper.lines, paper.judged, strict=True):
        for c in judged.citations:
            if c.resolved is None or c.article is None or c.quoted:
                continue
            day = paper.day_of(c)
            key = (c.resolved, c.key, c.paragraph, c.item, day)
            if key in found:
                continue
            if (c.resolved, day) not in texts:
                texts[c.resolved, day] = _text_on(paper.base.laws, c.resolved, day)
            version = texts[c.resolved, day]
            found[key] = CitationUse(str(line.place), c.resolved, version, c.key, c.paragraph, c.item, day)
    return tuple(found.values())


def _text_on(book: LawBook, title: str, day: date | None) -> date | None:
    on = book.on(title, day) if day else None
    return on.version.from_ if on and on.standing is Standing.IN_FORCE and on.version else None


def _of(name: str, rows: Iterable[tuple[str, str]], book: LawBook, title: str, key: str) -> Iterator[Citing]:
    context = Context()
    for place, text in rows:
        reading = read(text, book, context)
        context = reading.context
        for c in reading.citations:
            if c.resolved == title and (not key or key == c.key):
                yield Citing(name, place, c.text)
