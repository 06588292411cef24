"""One search: its hits in order, what was understood, and the JSON that shows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np

from kb.citation import format_citation
from kb.discretion import Range, assess
from kb.errors import CailiangError
from kb.records import KIND_NAMES, Benchmark
from kb.snapshot import Snapshot
from search.arrays import best
from search.documents import article_id
from search.generation import Contents
from search.highlight import snippet
from search.index import Card, CardReader
from search.names import Vocabulary
from search.query import Query, Understood
from search.scoring import Scoring, best_first, keys_of
from search.segments import Mask, Scores
from search.sums import Sum, said_range
from search.tokens import Keys
from search.understanding import TYPED, understand

NEAREST = 5
TOGETHER = 3
"""So many articles are shown with a benchmark, and so many benchmarks with an article."""


class Answer:
    """One search in one generation: what matches, in which order, and how it is shown."""

    def __init__(
        self,
        contents: Contents,
        cards: CardReader,
        base: Snapshot,
        on: date | None,
        today: date | None,
    ) -> None:
        self.g = contents
        self.cards = cards
        self.base = base
        self.on = on
        self.day = on or today
        self.force = contents.in_force(self.day.toordinal() if self.day else None)

    def run(
        self,
        text: str,
        kind: str | None,
        domain: str | None,
        n: int,
        undo: Collection[str] = (),
        explain: bool = False,
    ) -> dict[str, Any]:
        known = Vocabulary(self.g, self.cards)
        query = understand(text, self.base, kind, domain, known, undo)
        scoring = Scoring(self.g, self.base, query, n, self.on)
        notes = [*scoring.notes, *query.understood]
        if not scoring.scores.any() and (word := next((u for u in notes if u.type == "kind"), None)):
            wider = understand(text, self.base, kind, domain, known, {*undo, word.id})
            found_wider = Scoring(self.g, self.base, wider, n, self.on)
            if found_wider.scores.any():
                query, scoring = wider, found_wider
                told = Understood("kind", word.text, f"没有这样的{word.meaning}，已查找全部种类")
                notes = [told, *scoring.notes, *query.understood]
        matched = self.g.things[scoring.scores > 0]
        total = int(np.count_nonzero(np.bincount(matched))) if len(matched) else 0
        found = self._first_versions(scoring.scores, n, self.force | self._named_and_gone(query))
        result: dict[str, Any] = {
            "query": text,
            "total": total,
            "more": scoring.more,
            "hits": self._hits(found, scoring, explain),
            "understood": [note.to_dict() for note in notes],
            "nearest": [],
        }
        if not total:
            near, result["nearest"] = self._nearest(query)
            result["message"] = self._nothing(query, scoring.notes, near)
        return result

    def _named_and_gone(self, query: Query) -> Mask:
        """The last articles of laws that the query names and that are not in force: those were wanted."""
        wanted = np.zeros(len(self.force), dtype=np.bool_)
        for law in query.laws:
            ours = self.g.holding(law=law)
            if ours.any() and not (ours & self.force).any():
                starts = self.g.columns["from"]
                wanted |= ours & (starts == starts[ours].max())
        return wanted

    def _first_versions(self, scores: Scores, n: int, first: Mask) -> list[int]:
        """The best documents, one for each thing.

        Args:
            first: what is listed before the rest.
        """
        out: list[int] = []
        seen: set[int] = set()
        for part in best_first(scores, first):
            if len(out) < n and part.any():
                out += self._distinct(part, n - len(out), seen)
        return out

    def _distinct(self, scores: Scores, n: int, seen: set[int]) -> list[int]:
        ask = n * 2
        while True:
            candidates = best(scores, ask).tolist()
            fresh: dict[int, int] = {}
            for doc in candidates:
                thing = int(self.g.things[doc])
                if thing not in seen:
                    fresh.setdefault(thing, doc)
            if len(fresh) >= n or len(candidates) < ask:
                kept = list(fresh.items())[:n]
                seen.update(thing for thing, _ in kept)
                return [doc for _, doc in kept]
            ask *= 4

    # ------------------------------------------------------------ showing

    def _hits(self, found: list[int], scoring: Scoring, explain: bool) -> list[dict[str, Any]]:
        keys = keys_of(scoring.query)
        cards = self.cards.cards(self.g.columns["entry"][found].tolist())
        hits = []
        for doc, card in zip(found, cards, strict=True):
            hit = self._hit(doc, card, float(scoring.scores[doc]), keys)
            if card.kind == "benchmark" and scoring.query.value:
                hit["amount"] = self._amount(card.id, scoring.query.value)
            if explain:
                hit["explain"] = [part.to_dict() for part in scoring.explain(doc)]
            hits.append(hit)
        return hits

    def _hit(self, doc: int, card: Card, score: float, keys: Keys) -> dict[str, Any]:
        text, marks = snippet(card.body, keys)
        return {
            "id": card.id,
            "kind": card.kind,
            "title": card.title,
            "domain": card.domain,
            "version": card.version,
            "in_force": bool(self.force[doc]),
            "score": round(score, 3),
            "snippet": text,
            "marks": [list(mark) for mark in marks],
            "versions": self._versions(doc),
            "together": self._together(card),
        }

    def _versions(self, doc: int) -> list[str]:
        firsts = np.unique(self.g.columns["from"][self.g.versions_of(doc)]).tolist()
        return [date.fromordinal(day).isoformat() if day else "" for day in firsts]

    def _together(self, card: Card) -> list[dict[str, str]]:
        """The articles a benchmark rests on; the benchmarks that rest on an article."""
        if card.kind == "benchmark":
            return [{"id": id, "kind": "law", "title": _article_name(id)} for id in card.articles[:TOGETHER]]
        if card.kind != "law":
            return []
        citing = [{"id": c.id, "kind": c.kind, "title": c.title} for c in self.cards.citing(card.id)]
        return citing[:TOGETHER]

    def _amount(self, id: str, value: Sum) -> dict[str, Any] | None:
        """What an amount leads to under a benchmark; None where it asks for no such amount."""
        record = self.base.versions("benchmark", id)[-1]
        fact = _fact_of(record, value.label) if isinstance(record, Benchmark) else None
        given_value = value.example
        if fact is None or self.day is None or given_value is None or not isinstance(record, Benchmark):
            return None
        try:
            given = assess(self.base, id, {fact: given_value}, on=self.day)
        except CailiangError:  # no version of that day, or a record that can't be worked out
            return None
        outcomes = [
            {"branch": o.branch, "tier": o.tier or "", "fine": _fine(o.fine) if value.exact else ""}
            for o in given.outcomes
        ]
        label = record.facts[fact].label
        return {"label": label, "value": value.said, "outcomes": outcomes} if outcomes else None

    def _nearest(self, query: Query) -> tuple[bool, list[dict[str, str]]]:
        """Something to go on with: weaker matches of any kind, then like names, else what there is at all.

        Returns:
            whether it is near, and what it is.
        """
        shown = (self.force & ~self.g.holding(kind="question")).astype(np.float32)
        cards = self._neighbours(query)
        cards += self._cards_of(self.g.postings.top(query.weights, NEAREST, shown)[0].tolist())
        if len({card.id for card in cards}) < NEAREST:
            cards += self.cards.near((query.words or query.text)[:TYPED], NEAREST)
        near = bool(cards)
        if not near:
            cards = self._cards_of(best(self.g.weights * self.g.alive * shown, NEAREST).tolist())
        rows = {c.id: {"id": c.id, "kind": c.kind, "title": c.title} for c in cards}
        return near, list(rows.values())[:NEAREST]

    def _neighbours(self, query: Query) -> list[Card]:
        """Of a law that has no such article: those of that number, else its last."""
        near: list[int] = []
        for c in query.citations:
            ours = self.g.holding(law=c.resolved or "")
            keys = [c.article or 0, *(f"{c.article}-{n}" for n in range(1, NEAREST))]
            numbered = [d for key in keys for d in self._first(article_id(c.resolved or "", str(key)))]
            entries = self.g.columns["entry"]
            near += (
                numbered
                or sorted(np.flatnonzero(ours).tolist(), key=lambda d: (self.force[d], entries[d]))[-1:]
            )
        return self._cards_of(near)

    def _first(self, thing: str) -> list[int]:
        """The document of a thing, the one in force where there is one."""
        docs = np.flatnonzero(self.g.holding(thing=thing))
        return sorted(docs.tolist(), key=lambda d: not self.force[d])[:1]

    def _cards_of(self, docs: list[int]) -> list[Card]:
        return self.cards.cards(self.g.columns["entry"][docs].tolist())

    def _nothing(self, query: Query, notes: list[Understood], near: bool) -> str:
        """One line: what was searched, and where."""
        facets = [KIND_NAMES[query.kind]] if query.kind else []
        facets += [query.domain] if query.domain else []
        facets += [f"{self.on}有效"] if self.on else []
        facets += [f"须含“{phrase}”" for phrase in query.phrases]
        facets += [f"不含“{word}”" for word in query.excluded]
        place = f"限于{'、'.join(facets)}" if facets else "全部种类"
        said = [n.meaning for n in notes] or [f"没有找到“{query.text.strip()}”"]
        return "；".join([*said, f"查找范围：{place}"] + ([] if near else ["没有相近的内容"]))


def _fine(fine: Range | None) -> str:
    """A fine in the words of the law; empty where it is none in money."""
    return said_range(fine.low, fine.high) if fine else ""


def _article_name(id: str) -> str:
    """law/中华人民共和国食品安全法/122 → 《中华人民共和国食品安全法》第一百二十二条."""
    law, _, key = id.removeprefix("law/").rpartition("/")
    number, _, suffix = key.partition("-")
    return format_citation(law, int(number), int(suffix or 0))


def _fact_of(record: Benchmark, label: str) -> str | None:
    """The fact that an amount is of: the one whose names have its label; without a label the only one."""
    money = {name: fact for name, fact in record.facts.items() if fact.type == "money"}
    named = [name for name, fact in money.items() if any(label in n for n in (fact.label, *fact.aka))]
    if label:
        return named[0] if named else None
    return next(iter(money)) if len(money) == 1 else None
