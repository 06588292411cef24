"""Resolve: a citation against the structure of a law on a day, and its final form.

The structure decides what must be written: no 款 in a one-paragraph article, the 款 that holds the items in
any other. Where it cannot decide, nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.citation.model import Citation, format_citation
from kb.laws import Article, LawBook, LawVersion, OnDay, Paragraph, Standing, clean_title


@dataclass(frozen=True, slots=True)
class Settled:
    """A citation laid on one article.

    Args:
        article: the article cited, None if that version has no such number.
        paragraph: the number of the paragraph meant, None where the article does not tell.
        missing: the level that does not exist (条, 款, 项, 目), "" if all do.
        unsure: a 款 is missing and several hold items, so the citation could mean any of them.
    """

    article: Article | None
    paragraph: int | None = None
    missing: str = ""
    unsure: bool = False

    @property
    def single(self) -> bool:
        """Whether the article has one paragraph, so that 款 is not written."""
        return self.article is not None and len(self.article.paragraphs) == 1

    @property
    def body(self) -> Paragraph | None:
        """The paragraph meant."""
        if self.article is None or self.paragraph is None:
            return None
        return self.article.paragraphs[self.paragraph - 1]


def settle(citation: Citation, article: Article | None) -> Settled:
    """Lay a citation on an article: which paragraph is meant, and which level does not exist."""
    if article is None:
        return Settled(None, missing="条")
    paragraphs = article.paragraphs
    if not paragraphs:
        return Settled(article)
    number, unsure = citation.paragraph, False
    if number is None and len(paragraphs) == 1:
        number = 1
    elif number is None and citation.item is not None:
        holding = [n for n, p in enumerate(paragraphs, 1) if p.items]
        if not holding:
            return Settled(article, missing="项")
        number = holding[0] if len(holding) == 1 else None
        unsure = number is None
    if number is None:
        return Settled(article, unsure=unsure)
    if not 1 <= number <= len(paragraphs):
        return Settled(article, missing="款")
    if citation.item is not None:
        item = paragraphs[number - 1].item(citation.item)
        if item is None:
            return Settled(article, number, missing="项")
        if citation.subitem is not None and not 1 <= citation.subitem <= len(item.subitems):
            return Settled(article, number, missing="目")
    return Settled(article, number)


def version_on(book: LawBook, title: str, day: date) -> tuple[OnDay, LawVersion | None]:
    """How a law stands on a day, and its text of that day if it was in force and is loaded."""
    standing = book.on(title, day)
    return standing, standing.version if standing.standing is Standing.IN_FORCE else None


def write(citation: Citation, settled: Settled) -> str:
    """The final form of a citation: full title, levels as the structure has them, or the title alone."""
    if citation.article is None:
        return f"《{clean_title(citation.resolved or citation.law)}》"
    paragraph = citation.paragraph
    if settled.single:
        paragraph = None if paragraph == 1 else paragraph
    elif paragraph is None and citation.item is not None:
        paragraph = settled.paragraph
    return format_citation(
        citation.resolved or citation.law,
        citation.article,
        citation.article_suffix or 0,
        paragraph,
        citation.item,
        citation.subitem,
    )


def canonical(citation: Citation, book: LawBook, day: date) -> str:
    """The final form of a citation on a day: 《full title》, Chinese numerals, 第（一）项, no needless 款.

    Where the law or its text of that day is not loaded, the levels stay as written.
    """
    version = version_on(book, citation.resolved, day)[1] if citation.resolved else None
    article = None
    if version and citation.article is not None:
        article = book.article(version, citation.article, citation.article_suffix or 0)
    return write(citation, settle(citation, article))
