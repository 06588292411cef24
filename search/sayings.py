"""Everyday words that the base knows: synonyms, scenes of spoken wording, names of amounts.

Each table is made once for a snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kb.records import Benchmark
from kb.snapshot import Snapshot
from search.query import Known
from search.spelling import sound_alike
from search.tokens import fold

MOST_HEARD = 40  # characters: a longer text is pasted, not typed by ear
RARE = 50  # texts: a word in fewer may be a slip


class Saying(NamedTuple):
    """A synonym record.

    Args:
        words: what is said, folded and as written.
        meant: what the law calls it.
        lawful: the same one by one, folded.
    """

    words: list[tuple[str, str]]
    meant: str
    lawful: list[str]

    def said_in(self, *texts: str) -> Iterator[str]:
        """The words that stand in one of some texts; not those that only stand in what the law calls it.

        假广告 is not said in 虚假广告.
        """
        for term in self.lawful:
            texts = tuple(text.replace(term, " ") for text in texts)
        return (word for plain, word in self.words if any(plain in text for text in texts))


@lru_cache(maxsize=2)
def sayings(base: Snapshot) -> list[Saying]:
    """The synonym records."""
    return [
        Saying([(fold(w), w) for w in r.said], "、".join(r.meant), [fold(m) for m in r.meant])
        for r in base.synonyms()
    ]


@lru_cache(maxsize=2)
def _but_for_one(base: Snapshot) -> dict[tuple[str, str], list[str]]:
    """The Chinese words that are said, by what stands before and after each of their characters."""
    out: dict[tuple[str, str], list[str]] = {}
    for word in sorted({plain for saying in sayings(base) for plain, _ in saying.words}):
        for i in range(len(word)) if re.fullmatch(r"[一-龥]{2,}", word) else ():
            out.setdefault((word[:i], word[i + 1 :]), []).append(word)
    return out


def heard(typed: str, base: Snapshot, known: Known) -> dict[str, str]:
    """Everyday words that sound like a part of what was typed but for one character: 过其 for 过期.

    What many texts have is no slip.

    Returns:
        word → that part.
    """
    near = _but_for_one(base)
    longest = max((len(a) + len(b) for a, b in near), default=0) + 1
    out: dict[str, str] = {}
    for run in re.findall(r"[一-龥]{2,}", typed[:MOST_HEARD]):
        for i in range(len(run) - 1):
            for part in (run[i : i + length] for length in range(2, min(longest, len(run) - i) + 1)):
                words = {w for k in range(len(part)) for w in near.get((part[:k], part[k + 1 :]), ())}
                if not words or part in words or (had := known.texts_with(part)) >= RARE:
                    continue
                for word in sorted(words):
                    if sound_alike(part, word) and had <= known.texts_with(word):
                        out.setdefault(word, part)
    return out


@lru_cache(maxsize=2)
def amounts(base: Snapshot) -> frozenset[str]:
    """What benchmarks call the amounts they ask for."""
    facts = (fact for b in base.records("benchmark") if isinstance(b, Benchmark) for fact in b.facts.values())
    return frozenset(name for fact in facts if fact.type == "money" for name in (fact.label, *fact.aka))


@lru_cache(maxsize=2)
def scenes(base: Snapshot) -> dict[str, str]:
    """The scenes and steps of spoken wording, and where each belongs."""
    out: dict[str, str] = {}
    for phrase in base.phrases():
        for word in (phrase.scene, phrase.step):
            if word:
                out.setdefault(word, phrase.title)
    return out
