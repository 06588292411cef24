"""What a citation is, and what one text tells the next about what it cites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.laws import article_key
from kb.numerals import to_chinese


@dataclass(frozen=True, slots=True)
class Citation:
    """One provision cited in a text. Offsets are in characters of that text: ``text == source[start:end]``.

    Args:
        law: the title as written, without 《》; a short name defined in the text, 该法 and the like give the
            title they are bound to; 本法 that is bound to nothing stays 本法.
        resolved: the official title, or None where no law is meant for sure.
        how: how the title matched (``official``, ``alias``, ``prefix``, ``year``; "" if unresolved).
        via: how the law is named: ``title`` (《》), ``bare`` (no 《》), ``defined`` (以下简称), ``pronoun``
            (该法, 同法), ``self`` (本法), ``implied`` (本条, 前款), ``typed`` (a search box).
        marks: the marks around the title as written; "" where there are none.
        quoted: stands inside a quotation of a statute, whose wording is not the author's.
        arabic: 条, 款 or 项 is numbered in Arabic numerals.
        ranged: a member of a range (第十条至第十二条).
    """

    text: str
    start: int
    end: int
    law: str
    resolved: str | None = None
    article: int | None = None
    article_suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    how: str = ""
    via: str = "title"
    marks: str = ""
    quoted: bool = False
    arabic: bool = False
    ranged: bool = False

    @property
    def key(self) -> str:
        """The article as a `LawBook` keeps it, ``59`` or ``120-1``; empty where none is named."""
        return article_key(self.article, self.article_suffix or 0) if self.article is not None else ""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``cite parse``."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "law": self.law,
            "resolved": self.resolved,
            "article": self.article,
            "article_suffix": self.article_suffix,
            "paragraph": self.paragraph,
            "item": self.item,
            "subitem": self.subitem,
        }


@dataclass(frozen=True, slots=True)
class Days:
    """The days a paper is judged on: ``act`` (the day the act ended) and ``decided``; None if not known.

    Substance is judged on the day of the act, procedure on the day of the decision (处罚法第三十七条).
    """

    act: date | None = None
    decided: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A law that a text has named: as written, and the official title if known."""

    law: str
    resolved: str | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A quotation of a law that one paragraph leaves to the next: its law and the path it quotes.

    ``paragraphs`` counts those it has run through; 0 where it is only announced (第五条规定：).
    """

    law: Mention
    path: tuple[int | None, ...]
    paragraphs: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier paragraphs of one document hand to the next; also a key for remembering judgements.

    Args:
        own: title of the document itself, where it is an instrument: 本法 and 本条例 mean it.
        statute: the whole text is the wording of a statute (an annex), not the author's.
        definitions: (short name, title, official title or None) in order; the last one wins.
        mentioned: laws named so far, the latest last.
        said_self: words like 本法 that were used before any law was named: they mean the document itself.
        quote: a quotation that is open at the end of the text before.
    """

    own: str = ""
    statute: bool = False
    definitions: tuple[tuple[str, str, str | None], ...] = ()
    mentioned: tuple[Mention, ...] = ()
    said_self: frozenset[str] = frozenset()
    quote: OpenQuote | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that should cite and doesn't.

    ``kind``: ``no_law`` (an article of no named law), ``no_article`` (违反《…》的规定), ``catch_all``
    (等有关规定).
    """

    kind: str
    text: str
    start: int
    end: int
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """A reference that is no provision.

    Args:
        kind: ``standard`` (GB 2760-2024), ``number`` (国办发〔2022〕27号), ``order`` (生态环境部令第30号),
            ``case`` (（2021）闽01行终1号), ``annex`` (附件2), ``chapter`` (第三章第一节).
        law: the law whose chapter or annex it is, where that is said; ``resolved`` its official title.
    """

    kind: str
    text: str
    start: int
    end: int
    law: str = ""
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one text, in order, and the context for the next one.

    Args:
        named: laws that are a basis without an article (以及《…》等有关规定): ``article`` is None.
        others: references that are recognised as what they are, and are no provisions.
    """

    citations: tuple[Citation, ...]
    gaps: tuple[Gap, ...] = ()
    context: Context = Context()
    named: tuple[Citation, ...] = ()
    others: tuple[Other, ...] = ()


def format_citation(
    law: str,
    article: int,
    suffix: int = 0,
    paragraph: int | None = None,
    item: int | None = None,
    subitem: int | None = None,
) -> str:
    """Write a citation in the output style: 《…》第一百二十二条第一款第（一）项第1目.

    条 and 款 are in Chinese numerals, 项 in brackets, 目 in Arabic numerals (立法法第六十五条第二款).
    ``law`` is the title without 《》 (《》 inside it become 〈〉); "" writes the provision alone.
    """
    inner = law.replace("《", "〈").replace("》", "〉")
    text = f"《{inner}》" if law else ""
    text += f"第{to_chinese(article)}条" + (f"之{to_chinese(suffix)}" if suffix else "")
    if paragraph is not None:
        text += f"第{to_chinese(paragraph)}款"
    if item is not None:
        text += f"第（{to_chinese(item)}）项"
    if subitem is not None:
        text += f"第{subitem}目"
    return text
