"""The Whoosh side of the index: a card for each document (ids, stored fields, facets), names and title words.

Text ranking is not done here (`arrays`). A card is found by the store's entry number; names serve suggestions
by their beginning; title words find what is near when a search finds nothing. A searcher that threads share
at one time gives wrong reads, so each request has one to itself; it goes back to the pool of its generation.
Cards of one writer must have distinct entries.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from weakref import finalize

from search.documents import Document
from search.tokens import fold, is_single, tokenise

with warnings.catch_warnings():
    # Whoosh 2.7.4 has old-style escapes and comparisons that Python reports when it compiles them.
    for told in (SyntaxWarning, DeprecationWarning):
        warnings.filterwarnings("ignore", category=told, module=r"(?:.*[\\/])?whoosh")
    import whoosh.codec.whoosh3  # noqa: F401  (Whoosh would import it later, outside this filter)
    from whoosh import fields
    from whoosh.index import FileIndex, create_in, open_dir
    from whoosh.matching import ReadTooFar
    from whoosh.query import Or, Term
    from whoosh.reading import TermNotFound
    from whoosh.searching import Searcher

WRITER_MB = 128
COMMON = 0.1  # of all cards: a word in the names of more says nothing of which is meant


class NoCard(Exception):
    """An indexed entry has no card: the index is torn."""


class Card(NamedTuple):
    """What a hit shows."""

    id: str
    kind: str
    title: str
    domain: str
    version: str
    law: str
    body: str
    cites: str

    @property
    def articles(self) -> list[str]:
        """Ids of the articles a benchmark rests on."""
        return [id for id in self.cites.split(",") if id]


def _schema() -> fields.Schema:
    return fields.Schema(
        entry=fields.ID(stored=True),
        names=fields.KEYWORD(commas=True),
        words=fields.KEYWORD(scorable=True),
        **{name: fields.STORED() for name in Card._fields if name != "cites"},
        cites=fields.KEYWORD(stored=True, commas=True),
    )


class CardWriter:
    """One commit: remove, then add. An exception inside the ``with`` block leaves the index as it was."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if create:
            folder.mkdir(parents=True)
        index = create_in(str(folder), _schema()) if create else open_dir(str(folder))
        # Not compound: a compound file is copied into memory by every searcher that opens it.
        self._writer = index.writer(limitmb=WRITER_MB, compound=False)

    def remove(self, entry: int) -> None:
        self._writer.delete_by_term("entry", str(entry))

    def add(self, document: Document) -> None:
        stored = {name: getattr(document, name) for name in Card._fields}
        stored["cites"] = ",".join(document.cites)
        if document.names:
            stored["names"] = ",".join(fold(name).replace(",", " ") for name in document.names)
            stored["words"] = " ".join(_words(" ".join(document.names)))
        self._writer.add_document(entry=str(document.entry), **stored)

    def __enter__(self) -> CardWriter:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure:
            self._writer.cancel()
        else:
            self._writer.commit()


class Cards:
    """The cards of one generation, for any number of threads: one searcher serves one request at a time."""

    def __init__(self, folder: Path) -> None:
        self._index: FileIndex = open_dir(str(folder))
        self._idle: list[Searcher] = []
        finalize(self, _close, self._idle)

    def count(self) -> int:
        return int(self._index.doc_count())

    @contextmanager
    def reading(self) -> Iterator[CardReader]:
        """A reader that is this request's alone until it is done."""
        try:
            searcher = self._idle.pop()
        except IndexError:
            searcher = self._index.searcher()
        try:
            yield CardReader(searcher)
        except BaseException:
            searcher.close()
            raise
        self._idle.append(searcher)


def _close(searchers: list[Searcher]) -> None:
    for searcher in searchers:
        searcher.close()


class CardReader:
    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher

    def cards(self, entries: Iterable[int]) -> list[Card]:
        """The cards of some entries, in that order.

        Raises:
            NoCard: an entry has none.
        """
        reader = self._searcher.reader()
        out = []
        for entry in entries:
            try:
                place = reader.postings("entry", str(entry)).id()
            except (TermNotFound, ReadTooFar) as e:  # as of a removed card
                raise NoCard(entry) from e
            out.append(_card(reader.stored_fields(place)))
        return out

    def names(self) -> list[str]:
        """All names, folded."""
        return [bytes(name).decode() for name in self._searcher.reader().lexicon("names")]

    def named(self, name: str) -> list[Card]:
        """The cards of that name, one for each law and record."""
        return self._distinct(self._searcher.documents(names=name))

    def citing(self, article: str) -> list[Card]:
        """The cards of the benchmarks that rest on an article, by its id."""
        return self._distinct(self._searcher.documents(cites=article))

    def _distinct(self, stored: Iterable[dict[str, Any]]) -> list[Card]:
        cards = [_card(fields) for fields in stored]
        return list({_subject(card): card for card in reversed(cards)}.values())[::-1]

    def near(self, text: str, n: int) -> list[Card]:
        """Cards whose names share most with a text; words that many names have are left out, if any remain.

        Without Whoosh's skipping of blocks (`optimize`): where the parts of a sum are rounded it never ends.
        """
        reader = self._searcher.reader()
        found = {word: reader.doc_frequency("words", word) for word in _words(text, strong=True)}
        rare = [word for word, count in found.items() if 0 < count <= reader.doc_count() * COMMON]
        terms = [Term("words", word) for word in rare or [word for word, count in found.items() if count]]
        if not terms:
            return []
        cards: dict[str, Card] = {}
        for hit in self._searcher.search(Or(terms), limit=n * 3, optimize=False):
            cards.setdefault(_subject(_card(hit.fields())), _card(hit.fields()))
        return list(cards.values())[:n]


def _card(stored: dict[str, Any]) -> Card:
    return Card(**{name: stored[name] for name in Card._fields})


def _subject(card: Card) -> str:
    """What a name stands for: a law as a whole, or a record."""
    return card.law or card.id


def _words(text: str, *, strong: bool = False) -> list[str]:
    """Tokens as Whoosh terms; ``strong``: pairs and words alone, where the text has any."""
    keys = tokenise(text).keys
    if strong and not (single := is_single(keys)).all():
        keys = keys[~single]
    return [format(key, "x") for key in dict.fromkeys(keys.tolist())]
