"""References that are no provisions: standards, document numbers, orders, annexes, chapters."""

from __future__ import annotations

from collections.abc import Mapping

from kb.citation import grammar as g
from kb.citation import names
from kb.citation.cleaning import Clean
from kb.citation.model import Other
from kb.citation.naming import Named

_LINKS = ("", "的", "中", "中的", "之")


def others_of(cleaned: Clean, source: str, named: Mapping[int, Named]) -> tuple[Other, ...]:
    """All of one text, in order.

    Args:
        named: the laws that were named without an article, by the clean offset where the name ends.
    """
    plain, out = cleaned.text, []
    pos = 0
    while begin := g.OTHER_BEGINS.search(plain, pos):
        pos = begin.end()
        m = g.OTHER.match(plain, begin.start())
        if m is None:
            continue
        kind, at, law, pos = str(m.lastgroup), m.start(), None, m.end()
        if kind in ("number", "order"):
            agency = g.AGENCY.search(plain, max(0, at - 20), at)
            if agency is None:
                continue
            at = agency.start() + (names.begin_of(agency[0]) or 0)
        elif kind in ("annex", "chapter"):
            ends = (at - len(link) for link in _LINKS if plain.endswith(link, 0, at))
            law = next((named[end] for end in ends if end in named), None)
        first, last = cleaned.span(at, m.end())
        whose = (law.law, law.resolved) if law else ("", None)
        out.append(Other(kind, source[first:last], first, last, *whose))
    return tuple(out)
