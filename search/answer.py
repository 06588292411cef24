"""One search: scores of everything that matches, the order of the hits, and the JSON that shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from kb.citation import Citation, format_citation
from kb.laws import COUNTRY
from kb.records import KIND_NAMES
from kb.snapshot import Snapshot
from search.arrays import best
from search.documents import article_id
from search.generation import Generation
from search.highlight import snippet
from search.index import Card, CardReader
from search.query import Query, Understood, understand
from search.segments import Mask, Scores
from search.tokens import Keys, tokenise
from search.weights import CITED, CITING, FLOOR_SCORE, FLOOR_SHARE, NAMED_LAW

NEAREST = 5


class Answer:
    """One search in one generation: what matches, in which order, and how it is shown."""

    def __init__(
        self,
        generation: Generation,
        cards: CardReader,
        base: Snapshot,
        on: date | None,
        today: date | None,
    ) -> None:
        self.g = generation
        self.cards = cards
        self.base = base
        self.on = on
        day = on or today
        self.force = generation.in_force(day.toordinal() if day else None)

    def run(self, text: str, kind: str | None, domain: str | None, n: int) -> dict[str, Any]:
        query = understand(text, self.base, kind, domain)
        scores, notes = self._scores(query)
        matched = scores > 0
        total = int(np.count_nonzero(np.bincount(self.g.things[matched])))
        found = self._first_versions(scores, n)
        result: dict[str, Any] = {
            "query": text,
            "total": total,
            "hits": self._hits(found, scores, query),
            "understood": [u.to_dict() for u in (*notes, *query.understood)],
            "nearest": [],
        }
        if not total:
            lead, result["nearest"] = self._nearest(query)
            result["message"] = self._nothing(query, notes, lead, result["nearest"])
        return result

    # ------------------------------------------------------------ ranking

    def _scores(self, query: Query) -> tuple[Scores, list[Understood]]:
        """Scores of all documents within the facets, and what became of the citations."""
        facets = {k: v for k, v in (("kind", query.kind), ("domain", query.domain)) if v}
        within = self.g.holding(**facets)
        scores, ideal = self.g.postings.scores(query.weights)
        scores *= self.g.weights
        scores[scores < min(FLOOR_SHARE * ideal, FLOOR_SCORE)] = 0
        if query.law:
            within &= self._favour(query, scores)
        for phrase in query.phrases:
            held = self.g.postings.holding_all(tokenise(phrase).keys)
            within &= held
            scores[held] += 1
        if facets and not (query.weights or query.phrases or query.citations):
            scores[within] = 1
        notes = [self._cite(c, i, scores) for i, c in enumerate(query.citations)]
        if self.on:
            within &= self.force | (scores > CITED / 2)
        scores[~within] = 0
        return scores, notes

    def _favour(self, query: Query, scores: Scores) -> Mask:
        """Articles of a named law first; a name alone gives them in their order, and what mentions it."""
        ours = self.g.holding(law=query.law)
        scores[ours] *= NAMED_LAW
        if not ours.any() or " " in query.words:
            return self.g.alive
        entries = self.g.columns["entry"][ours]
        scores[ours] = CITING * (1 - (entries - entries.min()) / (np.ptp(entries) + 1) / 2)
        return ours | self.g.postings.holding_all(tokenise(query.words).keys)

    def _cite(self, c: Citation, order: int, scores: Scores) -> Understood:
        """Put a cited article first and the records that cite it next; say whether it exists."""
        name = _citation_text(c)
        if not c.resolved:
            near = "、".join(f"《{t}》" for t in self.base.laws.near(c.law or "")) or "无"
            return Understood("citation", c.text, f"没有名为“{c.law}”的法律；相近的有{near}")
        key = f"{c.article}-{c.article_suffix}" if c.article_suffix else str(c.article)
        here = self.g.holding(thing=article_id(c.resolved, key))
        if not here.any():
            numbers = self._numbers(c.resolved)
            return Understood("citation", c.text, f"没有找到{name}{numbers}")
        scores[here] = CITED - order
        law = c.resolved.removeprefix(COUNTRY)
        number = name[name.index("》") + 1 :].partition("条")[0] + "条"
        citing = self.g.postings.holding_all(tokenise(f"{law} {number}").keys) & ~self.g.holding(kind="law")
        scores[citing] = np.maximum(scores[citing], CITING * self.g.weights[citing])
        return Understood("citation", c.text, name)

    def _numbers(self, law: str) -> str:
        versions = self.base.laws.versions_of(law)
        articles = self.base.laws.articles(versions[-1]) if versions else {}
        return f"：该法已载入的最后一条是第{list(articles)[-1]}条" if articles else "：该法的条文未载入"

    def _first_versions(self, scores: Scores, n: int) -> list[int]:
        """The best documents: those in force first, one for each thing."""
        cited = scores > CITED / 2
        out: list[int] = []
        seen: set[int] = set()
        for mask in (cited & self.force, cited, self.force, ~self.force):
            if len(out) < n and mask.any():
                out += self._distinct(np.where(mask, scores, 0).astype(np.float32), n - len(out), seen)
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

    def _hits(self, found: list[int], scores: Scores, query: Query) -> list[dict[str, Any]]:
        tokens = [np.fromiter(query.weights, dtype=np.uint64), *(tokenise(p).keys for p in query.phrases)]
        keys = np.unique(np.concatenate(tokens))
        cards = self.cards.cards(self.g.columns["entry"][found].tolist())
        return [self._hit(doc, c, scores, keys) for doc, c in zip(found, cards, strict=True)]

    def _hit(self, doc: int, card: Card, scores: Scores, keys: Keys) -> dict[str, Any]:
        text, marks = snippet(card.body, keys)
        return {
            "id": card.id,
            "kind": card.kind,
            "title": card.title,
            "domain": card.domain,
            "version": card.version,
            "in_force": bool(self.force[doc]),
            "score": round(float(scores[doc]), 3),
            "snippet": text,
            "marks": [list(mark) for mark in marks],
            "versions": self._versions(doc),
        }

    def _versions(self, doc: int) -> list[str]:
        firsts = np.unique(self.g.columns["from"][self.g.versions_of(doc)]).tolist()
        return [date.fromordinal(day).isoformat() if day else "" for day in firsts]

    def _nearest(self, query: Query) -> tuple[str, list[dict[str, str]]]:
        """Something to go on with: weaker matches of any kind, then like names, else what there is at all."""
        cards = self._best_cards(self.g.postings.scores(query.weights)[0])
        cards += self.cards.near(query.words or query.text, NEAREST)
        lead = "相近的有"
        if not cards:
            lead, cards = "没有相近的内容，可以从这些看起", self._best_cards(self.g.weights * self.g.alive)
        rows = {c.id: {"id": c.id, "kind": c.kind, "title": c.title} for c in cards}
        return lead, list(rows.values())[:NEAREST]

    def _best_cards(self, scores: Scores) -> list[Card]:
        docs = best(np.where(self.force, scores, 0).astype(np.float32), NEAREST)
        return self.cards.cards(self.g.columns["entry"][docs].tolist())

    def _nothing(
        self, query: Query, notes: list[Understood], lead: str, nearest: list[dict[str, str]]
    ) -> str:
        """One line: what was searched, and where; what is near."""
        facets = [KIND_NAMES[query.kind]] if query.kind else []
        facets += [query.domain] if query.domain else []
        facets += [f"{self.on}有效"] if self.on else []
        place = f"限于{'、'.join(facets)}" if facets else "全部种类"
        said = [n.meaning for n in notes] or [f"没有找到“{query.text.strip()}”"]
        near = "、".join(row["title"] for row in nearest[:3])
        return "；".join([*said, f"查找范围：{place}"] + ([f"{lead}：{near}"] if near else []))


def _citation_text(c: Citation) -> str:
    return format_citation(
        c.resolved or c.law or "", c.article or 0, c.article_suffix or 0, c.paragraph, c.item, c.subitem
    )
