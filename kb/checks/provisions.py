"""Cited provisions as the checks read them: the text of one 款 or 项, and those of a law by their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from math import log
from sys import intern
from typing import NamedTuple
from weakref import WeakKeyDictionary

from kb.citation import Citation, Days, judge, parse
from kb.findings import Finding
from kb.laws import Article, LawBook, LawVersion, Standing, article_key
from kb.money import Clause, read_clauses
from kb.numerals import parse_number
from kb.snapshot import Snapshot

SANCTION = re.compile(r"罚款|处罚|警告|没收|吊销|责令|拘留|取缔|通报批评")
_WORD = re.compile(r"[\u3400-\u9fff]+")
_IDLE = re.compile(r"中华人民共和国|违反|本法|本条例|规定|情形|行为|有下列|之一")
_NUMBER = "[一二三四五六七八九十百千零]+"
_VIOLATING = re.compile(rf"违反本(?:法|条例|办法|规定)((?:[、和及]*第{_NUMBER}[条款项]|或者(?=第))+)")
_ARTICLE = re.compile(rf"第({_NUMBER})条")
_KEPT = 64
"""Laws whose words are kept at a time; `run_rules` goes through a base law by law."""
_UNIT = 1 << 20
"""How finely the weight of a word is told."""


class Unit(NamedTuple):
    """Where a provision stands: article key, 款 (None: the whole article), 项 (None: the whole 款)."""

    article: str
    paragraph: int | None = None
    item: int | None = None

    def holds(self, other: Unit) -> bool:
        """Whether the other is this one, or stands inside it."""
        if self.article != other.article or self.paragraph not in (None, other.paragraph):
            return False
        return self.item in (None, other.item)


@dataclass(frozen=True, slots=True)
class Provision:
    """One cited provision with its text; the chapeau of a 款 belongs to each of its 项."""

    citation: Citation
    version: LawVersion
    unit: Unit
    text: str


@dataclass
class _Known:
    """What one snapshot has read so far; it never changes, so nothing here goes stale."""

    citations: dict[tuple[str, date | None], list[Citation]] = field(default_factory=dict)
    judged: dict[tuple[str, date], list[Finding]] = field(default_factory=dict)
    provisions: dict[tuple[str, date], tuple[Provision, ...] | None] = field(default_factory=dict)
    words: dict[int, Words] = field(default_factory=dict)


_KNOWN: WeakKeyDictionary[Snapshot, _Known] = WeakKeyDictionary()


def citations_in(base: Snapshot, text: str, day: date | None) -> list[Citation]:
    """`parse`, once for each text and day: the measures of a record repeat its penalty basis."""
    known = _KNOWN.setdefault(base, _Known()).citations
    if (text, day) not in known:
        known[text, day] = parse(text, base.laws, day)
    return known[text, day]


def judged(base: Snapshot, text: str, day: date) -> list[Finding]:
    """What the citation rules say of a text on a day, once: many records rest on one provision."""
    known = _KNOWN.setdefault(base, _Known()).judged
    if (text, day) not in known:
        known[text, day] = judge(text, base.laws, Days(day, day))
    return known[text, day]


def provisions(base: Snapshot, texts: Iterable[str], day: date) -> tuple[Provision, ...] | None:
    """The provisions that citations name on a day; None unless the text of all of them is loaded."""
    known = _KNOWN.setdefault(base, _Known()).provisions
    out: list[Provision] = []
    for text in texts:
        if (text, day) not in known:
            known[text, day] = read_provisions(base.laws, citations_in(base, text, day), day)
        found = known[text, day]
        if found is None:
            return None
        out += found
    return tuple(out)


def read_provisions(laws: LawBook, citations: Iterable[Citation], day: date) -> tuple[Provision, ...] | None:
    """The provisions of parsed citations; None unless the text of all of them is loaded."""
    out = []
    for c in citations:
        on = laws.on(c.resolved, day) if c.resolved else None
        if on is None or on.standing is not Standing.IN_FORCE or on.version is None or c.article is None:
            return None
        key = c.key
        article = laws.articles(on.version).get(key)
        unit = _unit(article, key, c) if article and article.has_text else None
        if article is None or unit is None:
            return None
        out.append(Provision(c, on.version, unit, _text(article, unit)))
    return tuple(out)


def _unit(article: Article, key: str, c: Citation) -> Unit | None:
    """The unit a citation names; None where the article has no such 款 or 项 (the citation rules say so)."""
    count = len(article.paragraphs)
    number = c.paragraph or (1 if count == 1 else None)
    if number is None:
        return Unit(key) if c.item is None else None
    if number > count or (c.item and not article.paragraphs[number - 1].item(c.item)):
        return None
    return Unit(key, number, c.item)


def _text(article: Article, unit: Unit) -> str:
    if unit.paragraph is None:
        return article.full_text()
    paragraph = article.paragraphs[unit.paragraph - 1]
    item = paragraph.item(unit.item) if unit.item else None
    return "\n".join((paragraph.text, item.text, *item.subitems)) if item else paragraph.full_text()


@lru_cache(maxsize=4096)
def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses of a provision that speak of fines; many records rest on one provision."""
    return tuple(read_clauses(text))


# ---------------------------------------------------------------- a law by its words


@lru_cache(maxsize=64)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, without what every provision says."""
    runs = _WORD.findall(_IDLE.sub(" ", text))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


class Words:
    """The provisions of one law version, found by the words they share with a description.

    A pair of characters counts the more the fewer pieces of text (chapeaux and 项) have it. A 项 has the
    words of its chapeau too, and a provision that punishes half of what it names: 前款, 本法第五十八条.
    """

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self.near: dict[Unit, tuple[Unit, ...]] = {}
        """The provisions one figure off, for those that were asked for."""
        self._units: dict[Unit, frozenset[int]] = {}  # the pieces each is made of
        self._named: dict[Unit, frozenset[int]] = {}  # those of the provisions it names
        self._sanctions: dict[Unit, bool] = {}
        self._pieces: list[frozenset[str]] = []
        self._spread: Counter[str] = Counter()  # how many pieces have a pair
        for article in articles.values():
            for number, paragraph in enumerate(article.paragraphs, 1):
                whole = Unit(article.key, number)
                chapeau = self._add(paragraph.text)
                items = {i.number: self._add("\n".join((i.text, *i.subitems))) for i in paragraph.items}
                self._units[whole] = frozenset((chapeau, *items.values()))
                for item, piece in items.items():
                    self._units[Unit(article.key, number, item)] = frozenset((chapeau, piece))
                self._sanctions[whole] = bool(SANCTION.search(paragraph.full_text()))
        for unit in self._units:
            if self.punishes(unit):
                paragraph = articles[unit.article].paragraphs[(unit.paragraph or 1) - 1]
                named = (self._units.get(u, frozenset()) for u in _named(paragraph.text, unit))
                self._named[unit] = frozenset().union(*named)

        count = len(self._pieces) + 1
        # Whole numbers: a set has no order, and a sum of fractions would depend on it.
        self._rarity = {n: round((log(count / n) + 0.1) * _UNIT) for n in set(self._spread.values())}

    def _add(self, text: str) -> int:
        self._pieces.append(frozenset(map(intern, pairs(text))))
        self._spread.update(self._pieces[-1])
        return len(self._pieces) - 1

    def __contains__(self, unit: object) -> bool:
        return unit in self._units

    def items(self, article: str) -> Iterator[Unit]:
        """Every 款 and 项 of an article."""
        return (unit for unit in self._units if unit.article == article)

    def punishes(self, unit: Unit) -> bool:
        """Whether the 款 a provision stands in speaks of a penalty."""
        return self._sanctions.get(unit._replace(item=None), False)

    def shares(self, description: str) -> Callable[[Unit], float]:
        """Which part of a description a provision has, from 0 to 1; words no provision has don't count."""
        weights = {
            pair: self._rarity[self._spread[pair]] for pair in pairs(description) if pair in self._spread
        }
        total = sum(weights.values())

        @cache
        def shared_with(piece: int) -> set[str]:
            return weights.keys() & self._pieces[piece]

        def weigh(pieces: Iterable[int]) -> int:
            shared = set[str]().union(*map(shared_with, pieces))
            return sum(map(weights.__getitem__, shared))

        def share(unit: Unit) -> float:
            own = self._units.get(unit, frozenset())
            here = weigh(own)
            named = self._named.get(unit)
            return (here + (weigh(own | named) - here) / 2 if named else here) / total if total else 0.0

        return share


def _named(text: str, unit: Unit) -> Iterator[Unit]:
    """The provisions of its own law that a text names; a whole article by its first five 款."""
    if "前款" in text and unit.paragraph and unit.paragraph > 1:
        yield Unit(unit.article, unit.paragraph - 1)
    for article in named_articles(text):
        yield from (Unit(article, n) for n in range(1, 6))


def named_articles(text: str) -> list[str]:
    """The articles of its own law that a provision says were violated: 违反本法第三十八条、第四十条规定."""
    found = [_ARTICLE.findall(m[1]) for m in _VIOLATING.finditer(text)]
    return [article_key(int(parse_number(n))) for run in found for n in run]


def words_of(base: Snapshot, version: LawVersion) -> Words:
    """A law version by its words; the laws asked for last are kept."""
    known = _KNOWN.setdefault(base, _Known()).words
    found = known.pop(version.key, None) or Words(base.laws.articles(version))
    known[version.key] = found  # the one used last stands last
    if len(known) > _KEPT:
        del known[next(iter(known))]
    return found
