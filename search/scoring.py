"""Scores of everything that matches a query, and where each score comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from kb.citation import Citation, format_citation, parse
from kb.laws import COUNTRY, article_key
from kb.numerals import to_chinese
from kb.records import KIND_NAMES, Question
from kb.snapshot import Snapshot
from search.arrays import evidence
from search.documents import LIMB_LAW, LIMB_NAMES, article_id
from search.generation import Contents, code
from search.query import Query, Understood
from search.ranking import pool
from search.segments import Mask, Scores
from search.tokens import Keys, tokenise
from search.weights import (
    ANSWERED,
    ANSWERED_ALIKE,
    ANSWERED_MOST,
    CITED,
    CITING,
    FLOOR_SCORE,
    FLOOR_SHARE,
    GENERAL,
    KIND_WEIGHTS,
    MEANT,
    NAMED_LAW,
    POOL,
)

_NO_LAW = code("")


class Part(NamedTuple):
    """One reason of a score: ``how`` is + (added), × (a factor) or = (set whatever else)."""

    text: str
    how: str
    value: float

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "how": self.how, "value": round(self.value, 3)}


class Scoring:
    """The scores of one query in one generation.

    Attributes:
        scores: for each document; 0 is no match.
        notes: what became of the citations.
        more: whether more match than were looked at.
    """

    def __init__(self, contents: Contents, base: Snapshot, query: Query, n: int, on: date | None) -> None:
        self.g = contents
        self.base = base
        self.query = query
        self.weights = dict(query.weights)
        for phrase in query.phrases:
            self.weights |= dict.fromkeys(tokenise(phrase).keys.tolist(), 1.0)
        self.scores = np.zeros(len(contents.alive), dtype=np.float32)
        self.more = False
        self._factors: list[tuple[str, Mask, float]] = []
        self._lent = np.zeros(0, dtype=np.int32), np.ones(0, dtype=np.float32)
        self._sums: list[tuple[str, Mask, float]] = []
        self._set: list[tuple[str, Mask]] = []
        within = self._within()
        self._by_words(within, n)
        if query.limb:
            self._by_limb(query.limb)
        if query.laws:
            self._by_laws(within)
        for id, alike, text in self._answered():
            self._lift(contents.holding(thing=id) & within, alike, text)
        self.notes = [self._cite(c, i) for i, c in enumerate(query.citations)]
        if on:
            within &= contents.in_force(on.toordinal()) | (self.scores > CITED / 2)
        self.scores *= within

    def _within(self) -> Mask:
        """What the facets, phrases and exclusions leave."""
        q = self.query
        facets = {name: value for name, value in (("kind", q.kind), ("domain", q.domain)) if value}
        within = self.g.shown & self.g.holding(**facets) if facets else self.g.shown.copy()
        for phrase in q.phrases:
            within &= self.g.postings.holding_all(tokenise(phrase).keys)
        for word in q.excluded:
            within &= ~self.g.postings.holding_all(tokenise(word).keys)
        if facets and not (self.weights or q.citations):
            self.scores[within] = 1
        return within

    # ------------------------------------------------------------ words

    def _by_words(self, within: Mask, n: int) -> None:
        if not self.weights:
            return
        postings = self.g.postings
        keys = np.fromiter(self.weights, dtype=np.uint64, count=len(self.weights))
        factor = self.g.weights * (within & postings.holding_any(evidence(keys)))
        for text, mask, times in self._meant():
            factor[mask] *= times
            self._factors.append((text, mask, times))
        docs, scores, lent = pool(postings, self.weights, self.g.columns["law"], n, factor, _NO_LAW)
        worth = postings.idf(keys) * np.fromiter(self.weights.values(), dtype=np.float32, count=len(keys))
        floor = 0.0 if self.query.phrases else min(FLOOR_SHARE * float(worth.sum()), FLOOR_SCORE)
        enough = scores >= floor
        self.scores[docs[enough]] = scores[enough]
        self.more = len(docs) >= max(POOL, 2 * n) and bool(enough.all())
        self._lent = docs, lent

    def _meant(self) -> Iterator[tuple[str, Mask, float]]:
        """Documents that say outright what was understood."""
        q, g = self.query, self.g
        for law in q.laws:
            yield f"《{law}》的条文", g.holding(law=law), NAMED_LAW
        if q.scene:
            said = g.postings.holding_all(tokenise(q.scene).keys)
            yield f"场景：{q.scene}", g.holding(kind="phrase") & said, MEANT
        if q.limb:
            name = LIMB_NAMES[q.limb][0]
            entries = g.holding(kind="leniency") & g.postings.holding_all(tokenise(name).keys)
            yield name, entries, MEANT
            yield "各领域都适用", entries & g.holding(domain="通用"), GENERAL
        if q.fine:
            least, most = g.columns["least"], g.columns["most"]
            fits = least >= 0
            if q.fine.low is not None:
                fits &= most >= int(q.fine.low)
            if q.fine.high is not None:
                fits &= least <= int(q.fine.high)
            yield f"罚款可以是{q.fine.said}", fits, MEANT

    # ------------------------------------------------------------ laws and citations

    def _by_limb(self, limb: str) -> None:
        """The provision that a limb is of stands right behind the first entry of the lists."""
        number = limb.partition("(")[0]
        here = self.g.holding(thing=article_id(LIMB_LAW, number))
        self.scores[here] = np.nextafter(self.scores.max(initial=FLOOR_SCORE), np.float32(0))
        self._set.append((LIMB_NAMES[limb][0], here))

    def _by_laws(self, within: Mask) -> None:
        """A name alone gives the law's articles in their order, and what mentions it."""
        if " " in self.query.words:
            return
        mentions = self.g.postings.holding_all(tokenise(self.query.words).keys)
        for order, law in enumerate(self.query.laws):
            ours = self.g.holding(law=law)
            if not ours.any():
                continue
            mentions |= ours
            entries = self.g.columns["entry"][ours]
            place = (entries - entries.min()) / (np.ptp(entries) + 1)
            self.scores[ours] = CITING * (1 - place / 2) / 2**order
            self._set.append((f"《{law}》的条文，按条的顺序", ours))
        if mentions.any():
            within &= mentions

    def _cite(self, c: Citation, order: int) -> Understood:
        """Put a cited article first and the records that cite it next; say whether it exists."""
        id = f"citation:{c.text}"
        if not c.resolved:
            near = "、".join(f"《{t}》" for t in self.base.laws.near(c.law or "")) or "无"
            return Understood("citation", c.text, f"没有名为“{c.law}”的法律；相近的有{near}", id)
        name = format_citation(
            c.resolved, c.article or 0, c.article_suffix or 0, c.paragraph, c.item, c.subitem
        )
        here = self.g.holding(
            thing=article_id(c.resolved, article_key(c.article or 0, c.article_suffix or 0))
        )
        if not here.any():
            return Understood("citation", c.text, f"没有找到{name}{self._numbers(c.resolved)}", id)
        self.scores[here] = CITED - order
        self._set.append((f"引用的条文：{name}", here))
        law = c.resolved.removeprefix(COUNTRY)
        said = f"{law} {name[name.index('》') + 1 :].partition('条')[0]}条"
        citing = self.g.postings.holding_all(tokenise(said).keys)
        citing &= self.g.shown & ~self.g.holding(kind="law")
        self.scores[citing] = np.maximum(self.scores[citing], CITING * self.g.weights[citing])
        self._set.append((f"引用了{name}", citing))
        return Understood("citation", c.text, name + self._lacks(c), id)

    def _lacks(self, c: Citation) -> str:
        """A remark where the article is there, but not the paragraph or item that is cited."""
        versions = self.base.laws.versions_of(c.resolved or "")
        found = (
            self.base.laws.article(versions[-1], c.article or 0, c.article_suffix or 0) if versions else None
        )
        if found is None or not found.paragraphs:
            return ""
        if c.paragraph and c.paragraph > len(found.paragraphs):
            return f"：该条没有第{c.paragraph}款，共{len(found.paragraphs)}款"
        here = [found.paragraphs[c.paragraph - 1]] if c.paragraph else found.paragraphs
        if c.item and not any(item.number == c.item for p in here for item in p.items):
            return f"：没有第（{to_chinese(c.item)}）项"
        return ""

    def _numbers(self, law: str) -> str:
        versions = self.base.laws.versions_of(law)
        articles = self.base.laws.articles(versions[-1]) if versions else {}
        return f"：该法已载入的最后一条是第{list(articles)[-1]}条" if articles else "：该法的条文未载入"

    # ------------------------------------------------------------ answered questions

    def _answered(self) -> Iterator[tuple[str, float, str]]:
        """What questions like this one led to: the id, its share of ANSWERED (0 to 1), and the question."""
        asked = self.g.questions
        if not self.weights or not asked.any():
            return
        ours = self._evidence(self.query.words)
        docs, _ = self.g.postings.top(self.weights, ANSWERED_MOST, asked)
        entries = set(self.g.columns["entry"][docs].tolist())
        for record in self.base.records("question"):
            if not isinstance(record, Question) or self.base.entry_of(record) not in entries:
                continue
            theirs = [(self._evidence(text), text) for text in record.asked]
            alike, text = max((2 * len(ours & t) / (len(ours) + len(t) or 1), text) for t, text in theirs)
            if alike > ANSWERED_ALIKE:
                near = (alike - ANSWERED_ALIKE) / (1 - ANSWERED_ALIKE)
                share = near * record.times / (record.times + 1)
                for cited in record.cites:
                    yield from ((id, share, text) for id in self._ids(cited))

    def _evidence(self, text: str) -> set[int]:
        return set(evidence(tokenise(text).keys).tolist())

    def _ids(self, cited: str) -> list[str]:
        """What a question cites: a record's id as it is, a citation as the ids of its articles."""
        if not cited.startswith("《"):
            return [cited]
        found = parse(cited, self.base.laws)
        return [article_id(c.resolved, c.key) for c in found if c.resolved and c.article]

    def _lift(self, mask: Mask, alike: float, text: str) -> None:
        gain = ANSWERED * alike * max(float(self.scores.max(initial=0.0)), FLOOR_SCORE)
        self.scores[mask] += gain
        self._sums.append((f"问过“{text}”", mask, gain))

    # ------------------------------------------------------------ reasons

    def explain(self, doc: int) -> list[Part]:
        """Where a document's score comes from: what was set, else words, factors and what was added."""
        out = [Part(text, "=", float(self.scores[doc])) for text, mask in self._set if mask[doc]][:1]
        if out:
            return out
        for text, gives in sorted(self._words_of(doc).items(), key=lambda row: -row[1]):
            out.append(Part(text, "+", gives))
        kind = next((k for k in KIND_WEIGHTS if self.g.columns["kind"][doc] == code(k)), "")
        if kind and KIND_WEIGHTS[kind] != 1:
            out.append(Part(KIND_NAMES[kind], "×", KIND_WEIGHTS[kind]))
        out += [Part(text, "×", times) for text, mask, times in self._factors if mask[doc]]
        pooled, lent = self._lent
        out += [
            Part("同一部法律里还有许多条文相符", "×", times)
            for times in lent[pooled == doc].tolist()
            if times > 1
        ]
        return out + [Part(text, "+", gain) for text, mask, gain in self._sums if mask[doc]]

    def _words_of(self, doc: int) -> dict[str, float]:
        """What each word typed gives, its characters and pairs together, and what synonyms give."""
        said = self.query.words
        tokens = zip(*(column.tolist() for column in tokenise(said)), strict=True)
        word_of = {key: said[: b + len(said[b:].split(" ")[0])].split(" ")[-1] for key, _, b in tokens}
        for phrase in self.query.phrases:
            word_of |= dict.fromkeys(tokenise(phrase).keys.tolist(), f"“{phrase}”")
        only = np.zeros(len(self.scores), dtype=np.bool_)
        only[doc] = True
        out: dict[str, float] = {}
        for key, weight in self.weights.items():
            _, gives = self.g.postings.top({key: weight}, 1, only)
            word = word_of.get(key, "同义词等")
            out[word] = out.get(word, 0.0) + float(gives.sum())
        return {word: gives for word, gives in out.items() if gives}


def keys_of(query: Query) -> Keys:
    """The sorted tokens that a snippet marks."""
    tokens = [np.fromiter(query.weights, dtype=np.uint64), *(tokenise(p).keys for p in query.phrases)]
    return np.unique(np.concatenate(tokens))


def best_first(scores: Scores, force: Mask) -> Iterator[Scores]:
    """Scores in the order they are listed: what is cited, then what is in force; each with the rest after."""
    cited = scores > CITED / 2
    if cited.any():
        yield scores * (cited & force)
        yield scores * cited
    yield scores * force
    yield scores * ~force
