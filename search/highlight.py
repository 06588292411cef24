"""A window of a text around what matched, with the places of the matches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from search.tokens import Keys, is_single, tokenise

WIDTH = 100
_STOPS = "。；！？\n"
_BACK = 24


class Snippet(NamedTuple):
    """``text`` on one line; ``marks`` are character spans in it."""

    text: str
    marks: list[tuple[int, int]]


def snippet(text: str, keys: Keys, width: int = WIDTH) -> Snippet:
    """The part of a text with most matches.

    Args:
        keys: tokens of the query, sorted. Single characters count only where no pair or word is found.
        width: characters of the window.
    """
    spans = _matches(text, keys)
    first = _window(text, spans, width)
    last = min(len(text), first + width)
    head, tail = "…" if first else "", "…" if last < len(text) else ""
    cut = text[first:last].replace("\n", " ")
    shift = len(head) - first
    marks = [(max(a, first) + shift, min(b, last) + shift) for a, b in spans if a < last and b > first]
    return Snippet(head + cut + tail, marks)


def _matches(text: str, keys: Keys) -> list[tuple[int, int]]:
    """Spans of the matching tokens, joined where they touch."""
    tokens = tokenise(text)
    if not len(keys):
        return []
    hit = keys[np.searchsorted(keys, tokens.keys).clip(max=len(keys) - 1)] == tokens.keys
    strong = hit & ~is_single(tokens.keys)
    at = np.flatnonzero(strong if strong.any() else hit)
    covered = np.zeros(len(text) + 2, dtype=np.int8)
    for start, end in zip(tokens.starts[at].tolist(), tokens.ends[at].tolist(), strict=True):
        covered[start + 1 : end + 1] = 1
    edges = np.flatnonzero(np.diff(covered))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _window(text: str, spans: list[tuple[int, int]], width: int) -> int:
    """Where the window starts: the sentence before the densest stretch of matches."""
    if len(text) <= width or not spans:
        return 0
    reach = width - _BACK
    best = max(
        spans, key=lambda s: sum(min(b, s[0] + reach) - a for a, b in spans if s[0] <= a < s[0] + reach)
    )
    start = max(0, best[0] - _BACK)
    cuts = [text.rfind(stop, start, best[0]) for stop in _STOPS]
    start = max(start, max(cuts) + 1)
    return min(start, len(text) - width)
