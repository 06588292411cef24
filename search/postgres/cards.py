"""What a hit shows, and names: read in the request's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np

from search.index import Card, CardReader, NoCard
from search.postgres.postings import FetchedPostings
from search.postgres.rows import Rows
from search.postgres.tables import NAMES, Cursor, keyword
from search.segments import K1, Mask
from search.tokens import is_single, tokenise


class PostgresCards(CardReader):
    """Cards by entry, by a keyword, and by words of a name."""

    def __init__(self, cursor: Cursor, alive: Mask) -> None:
        self._cursor = cursor
        self._alive = alive
        self._citing: dict[str, list[Card]] = {}

    def cards(self, entries: Iterable[int]) -> list[Card]:
        wanted = list(entries)
        self._cursor.execute(
            "select entry, card from search_document where entry = any(%s) and alive", (wanted,)
        )
        found = {entry: Card(*json.loads(card)) for entry, card in self._cursor}
        for entry in wanted:
            if entry not in found:
                raise NoCard(entry)
        cards = [found[entry] for entry in wanted]
        # What cites the articles that are shown is asked for next, one by one: fetched here all at once.
        articles = [card.id for card in cards if card.kind == "law" and card.id not in self._citing]
        if articles:
            self._citing |= self._led_to("cites", articles)
        return cards

    def names(self) -> list[str]:
        self._cursor.execute("select distinct word from search_keyword where field = 'names'")
        return [name for (name,) in self._cursor]

    def named(self, name: str) -> list[Card]:
        return self._led_to("names", [name])[name]

    def citing(self, article: str) -> list[Card]:
        if article not in self._citing:
            self._citing |= self._led_to("cites", [article])
        return self._citing[article]

    def near(self, text: str, n: int) -> list[Card]:
        keys = tokenise(text).keys
        if not (single := is_single(keys)).all():
            keys = keys[~single]
        # Names are short: how long the text behind one is says nothing.
        norms = np.full(len(self._alive), K1, dtype=np.float32)
        names = FetchedPostings(self._alive, norms, Rows(0, room=0), NAMES)
        with names.reading(self._cursor):
            docs, _ = names.top(dict.fromkeys(keys.tolist(), 1.0), n * 3)
        self._cursor.execute(
            "select card from search_document join unnest(%s::int[]) with ordinality x(number, place) "
            "using (number) order by place",
            (docs.tolist(),),
        )
        return _distinct(fields for (fields,) in self._cursor)[:n]

    def _led_to(self, field: str, words: list[str]) -> dict[str, list[Card]]:
        """The cards that each of some keywords leads to."""
        self._cursor.execute(
            "select word, card from search_keyword join search_document using (number) "
            "where field = %s and word = any(%s) order by number",
            (field, [keyword(word) for word in words]),
        )
        found: dict[str, list[str]] = {}
        for word, fields in self._cursor:
            found.setdefault(word, []).append(fields)
        return {word: _distinct(found.get(keyword(word), ())) for word in words}


def _distinct(found: Iterable[str]) -> list[Card]:
    """The cards, one for each law or record."""
    subjects: dict[str, Card] = {}
    for fields in found:
        card = Card(*json.loads(fields))
        subjects.setdefault(card.law or card.id, card)
    return list(subjects.values())
