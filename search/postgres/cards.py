"""What a hit shows, and names: read in the request's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np

from search.index import Card, CardReader, NoCard
from search.postgres.postings import FetchedPostings
from search.postgres.rows import Rows
from search.postgres.tables import NAMES, Cursor, plain
from search.segments import K1, Mask
from search.tokens import is_single, tokenise


class PostgresCards(CardReader):
    """Cards by entry, by a keyword, and by words of a name."""

    def __init__(self, cursor: Cursor, alive: Mask) -> None:
        self._cursor = cursor
        self._alive = alive

    def cards(self, entries: Iterable[int]) -> list[Card]:
        wanted = list(entries)
        self._cursor.execute(
            "select entry, card from search_document where entry = any(%s) and alive", (wanted,)
        )
        found = {entry: Card(*json.loads(card)) for entry, card in self._cursor}
        for entry in wanted:
            if entry not in found:
                raise NoCard(entry)
        return [found[entry] for entry in wanted]

    def names(self) -> list[str]:
        self._cursor.execute("select distinct word from search_keyword where field = 'names'")
        return [name for (name,) in self._cursor]

    def named(self, name: str) -> list[Card]:
        return self._led_to("names", name)

    def citing(self, article: str) -> list[Card]:
        return self._led_to("cites", article)

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
        return self._distinct_cards()[:n]

    def _led_to(self, field: str, word: str) -> list[Card]:
        self._cursor.execute(
            "select card from search_keyword join search_document using (number) "
            "where field = %s and word = %s order by number",
            (field, plain(word)),
        )
        return self._distinct_cards()

    def _distinct_cards(self) -> list[Card]:
        """The cards just asked for, one for each law or record."""
        subjects: dict[str, Card] = {}
        for (fields,) in self._cursor:
            card = Card(*json.loads(fields))
            subjects.setdefault(card.law or card.id, card)
        return list(subjects.values())
