"""Names by how they are typed: suggestions, law names by their initials, and one wrong character.

A name is a law's title, its aliases, their initials and pinyin, or a record's title, as the index has them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from search.generation import Contents
from search.index import CardReader
from search.spelling import sound_alike
from search.tokens import fold, tokenise

SHORTEST = 3  # characters of a word that is mended
SURE = 5  # below that, one other character makes another word of it, unless it sounds alike
PREFIXES = 3  # laws that unfinished initials may mean
LONGEST = 40


class Names:
    """All names of one generation of the index, folded.

    Args:
        names: in any order.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(set(names))
        self._all = "\n".join(sorted(self._sorted, key=lambda name: (len(name), name)))

    def starting(self, prefix: str, n: int) -> list[str]:
        """Names of that beginning, the shortest first."""
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + "\U0010ffff")
        return sorted(self._sorted[first:last], key=len)[:n]

    def holding(self, parts: Sequence[str], n: int) -> list[str]:
        """Names that hold all these parts, the shortest first."""
        part = max(parts, key=len, default="")
        found: dict[str, None] = {}
        at = self._all.find(part) if part else -1
        while at >= 0 and len(found) < n:
            end = self._all.find("\n", at)
            end = len(self._all) if end < 0 else end
            name = self._all[self._all.rfind("\n", 0, at) + 1 : end]
            if all(other in name for other in parts):
                found[name] = None
            at = self._all.find(part, end)
        return list(found)

    def like(self, typed: str, n: int) -> list[str]:
        """Names that begin with what was typed, then those that hold its words; else of its beginning."""
        found = [*self.starting(typed, n), *self.holding(typed.split(), n)]
        while not found and len(typed) > SHORTEST:
            typed = typed[:-1]
            found = self.holding(typed.split(), n)
        return list(dict.fromkeys(found))

    def meant(self, word: str) -> list[str]:
        """What a word of one wrong, missing, extra or exchanged character may mean.

        Args:
            word: Chinese characters; one that stands in a name as it is means itself, and needs no mending.
        """
        if not SHORTEST <= len(word) <= LONGEST or word in self._all:
            return []
        found: set[str] = set()
        for i, char in enumerate(word):
            before, after = word[:i], word[i + 1 :]
            found.update(self._around(before, after))
            if before and after:
                found.update(self._around(before, word[i:]))
            if after and after[0] != char and (turned := before + after[0] + char + after[1:]) in self._all:
                found.add(turned)
            if before + after in self._all:
                found.add(before + after)
        if len(word) < SURE:
            found = {m for m in found if sound_alike(m, word)}
        return sorted(found)

    def _around(self, before: str, after: str) -> Iterator[str]:
        """What stands in the names with one Chinese character between these two."""
        known, lead = (before, 0) if len(before) >= len(after) else (after, len(before) + 1)
        at = self._all.find(known)
        while at >= 0:
            first = at - lead
            place = first + len(before)
            if first >= 0 and place < len(self._all) and "一" <= self._all[place] <= "龥":
                whole = self._all[first : place + 1 + len(after)]
                if whole.startswith(before) and whole.endswith(after) and len(whole) > len(before + after):
                    yield whole
            at = self._all.find(known, at + 1)


_KEPT: WeakKeyDictionary[Contents, Names] = WeakKeyDictionary()


class Vocabulary:
    """What one generation of the index knows of names; they are read when first asked for, and kept."""

    def __init__(self, contents: Contents, cards: CardReader) -> None:
        self._contents = contents
        self._cards = cards

    @property
    def names(self) -> Names:
        if (kept := _KEPT.get(self._contents)) is None:
            kept = _KEPT[self._contents] = Names(self._cards.names())
        return kept

    def laws_of(self, initials: str) -> list[str]:
        """Official titles with these initials or this pinyin; else a few where it begins so."""
        if exact := sorted({card.law for card in self._cards.named(initials) if card.law}):
            return exact
        if len(initials) < SHORTEST or self._contents.postings.holding_any(tokenise(initials).keys).any():
            return []
        begun = self.names.starting(initials, 2 * PREFIXES)
        titles = dict.fromkeys(card.law for name in begun for card in self._cards.named(name) if card.law)
        return list(titles)[:PREFIXES]

    def meant(self, word: str) -> list[str]:
        """What a word with one wrong character may mean; a word that some text has is not wrong."""
        if self.texts_with(word):
            return []
        return self.names.meant(word)

    def texts_with(self, word: str) -> int:
        """How many texts have a word."""
        return int(np.count_nonzero(self._contents.postings.holding_all(tokenise(word).keys)))

    def suggest(self, typed: str, n: int) -> list[dict[str, str]]:
        """Titles of laws and records by their names (`Names.like`)."""
        rows: dict[str, dict[str, str]] = {}
        part = fold(typed.strip()[:LONGEST])
        for name in self.names.like(part, 2 * n) if part else ():
            for card in self._cards.named(name) if len(rows) < n else ():
                text = card.law or card.title
                rows.setdefault(text, {"text": text, "kind": card.kind})
        return list(rows.values())[:n]
