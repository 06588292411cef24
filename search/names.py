"""Names by how they are typed: suggestions, law names by their initials, and one wrong character.

A name is a law's title, its aliases, their initials and pinyin, or a record's title, as the index has them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from search.generation import Contents
from search.index import CardReader
from search.tokens import fold, tokenise

SHORTEST = 4  # characters of a word that is mended: one of three is too much of it
LONGEST = 16


class Names:
    """All names of one generation of the index, folded.

    Args:
        names: in any order.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(set(names))
        self._all = "\n".join(self._sorted)

    def starting(self, prefix: str, n: int) -> list[str]:
        """Names of that beginning, the shortest first."""
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + "\U0010ffff")
        return sorted(self._sorted[first:last], key=len)[:n]

    def holding(self, part: str, n: int) -> list[str]:
        """Names with that inside, the shortest first."""
        found, at = set(), self._all.find(part)
        while part and at >= 0:
            end = self._all.find("\n", at)
            end = len(self._all) if end < 0 else end
            found.add(self._all[self._all.rfind("\n", 0, at) + 1 : end])
            at = self._all.find(part, end)
        return sorted(found, key=lambda name: (len(name), name))[:n]

    def meant(self, word: str) -> list[str]:
        """What a word of one wrong, missing, extra or exchanged character may mean.

        Args:
            word: Chinese characters; one that stands in a name as it is means itself, and needs no mending.
        """
        if not SHORTEST <= len(word) <= LONGEST or word in self._all:
            return []
        return sorted({m for way in _ways(word) for m in re.findall(way, self._all)})


def _ways(word: str) -> Iterator[str]:
    """Patterns of what may have been meant."""
    for i, char in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        yield f"{before}[一-龥]{after}"
        if len(after) >= SHORTEST - 1 or len(before) >= SHORTEST - 1:
            yield before + after
        if after and after[0] != char:
            yield before + after[0] + char + after[1:]
        if before and after:
            yield f"{before}[一-龥]{word[i:]}"


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
        """Official titles with these initials or this pinyin."""
        return sorted({card.law for card in self._cards.named(initials) if card.law})

    def meant(self, word: str) -> list[str]:
        """What a word with one wrong character may mean; a word that some text has is not wrong."""
        if self._contents.postings.holding_all(tokenise(word).keys).any():
            return []
        return self.names.meant(word)

    def suggest(self, typed: str, n: int) -> list[dict[str, str]]:
        """Titles of laws and records with a name that begins with what was typed, then that holds it.

        Where there is none, those that share most with it.
        """
        part = fold(typed.strip())
        rows: dict[str, dict[str, str]] = {}
        names = (*self.names.starting(part, 2 * n), *self.names.holding(part, 2 * n)) if part else ()
        for name in dict.fromkeys(names):
            for card in self._cards.named(name) if len(rows) < n else ():
                rows.setdefault(card.law or card.title, {"text": card.law or card.title, "kind": card.kind})
        for card in self._cards.near(typed, n) if not rows else ():
            rows.setdefault(card.law or card.title, {"text": card.law or card.title, "kind": card.kind})
        return list(rows.values())[:n]
