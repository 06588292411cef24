"""A citation one figure off: a provision next to the cited one speaks of the act, the cited one doesn't.

The commonest fault of a citation that exists is one wrong figure (第（一）项 for 第（二）项). So each cited
provision is compared with those that differ from it in one figure, by the words they share with the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from kb.checks.fields import day_of
from kb.checks.provisions import Provision, Unit, Words, named_articles, provisions, words_of
from kb.checks.registry import Notes, RecordFinding, check
from kb.errors import BadValue
from kb.numerals import parse_number, to_chinese
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot

_BETTER = 0.05
"""How much more of the words a neighbour must have."""
_NAMES = re.compile("前款|本条第")
_DIGITS = "一二三四五六七八九十百千"

Fit = Callable[[Unit], float]
"""Which part of what was said a provision has."""


@check("wording")
def wording(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K17: the penalty is for violating another article, or is none. K18: a neighbour fits better.

    An article of several 款 cited as a whole is left alone: C2 asks which of them.
    """
    day = day_of(record)
    if not isinstance(record, Benchmark) or day is None:
        return
    penal = [p for p in provisions(base, record.penalty_basis, day) or () if p.unit.paragraph]
    violated = [p for p in provisions(base, record.violated, day) or () if p.unit.paragraph]
    yield from _named(record, violated, penal)
    elements = "，".join(e.element for e in record.elements)
    yield from _compare(base, record, "violated", violated, [record.violation, elements])
    for one in penal:
        if not words_of(base, one.version).punishes(one.unit):
            yield _finding(
                record, "K17", "penalty_basis", one, "没有规定处罚", "处罚依据引写明处罚的那一款、项"
            )
    yield from _compare(base, record, "penalty_basis", penal, [record.violation])
    if record.gravity.startswith("《"):
        yield from _compare(
            base, record, "gravity", provisions(base, [record.gravity], day) or (), ["属于情节严重"]
        )
    for n, other in enumerate(record.not_when, 1):
        cited = provisions(base, [other.basis], day) if other.basis else None
        yield from _compare(base, record, f"not_when 第{n}条", cited or (), [f"{other.if_}，{other.then}"])


def _named(
    record: Benchmark, violated: Sequence[Provision], penal: Sequence[Provision]
) -> Iterator[RecordFinding]:
    named: dict[int, set[str]] = {}
    for one in penal:
        if one.unit.item and "或者有下列" in one.text:
            continue  # 违反第…条，或者有下列行为之一: the item is an act of its own
        named.setdefault(one.version.key, set()).update(named_articles(one.text))
    for one in violated:
        articles = named.get(one.version.key)
        if articles and one.unit.article not in articles:
            shown = "、".join(f"第{to_chinese(int(a))}条" for a in sorted(articles, key=int))
            why = f"与处罚依据不符，罚则写的是违反{shown}"
            yield _finding(record, "K17", "violated", one, why, "核对违反条款和处罚依据的条号")


def _compare(
    base: Snapshot, record: Benchmark, place: str, cited: Sequence[Provision], said: Sequence[str]
) -> Iterator[RecordFinding]:
    """K18 for provisions cited together: none of them is a rival of another."""
    units = {(p.version.key, p.unit) for p in cited}
    fits: dict[int, list[Fit]] = {}
    for one in cited:
        if place == "penalty_basis" and _read_together(one, cited):
            continue
        words = words_of(base, one.version)
        if one.version.key not in fits:
            fits[one.version.key] = [words.shares(text) for text in said if text]
        shares = fits[one.version.key]
        fit = sum(share(one.unit) for share in shares)
        best, rival = fit, None
        if one.unit not in words.near:  # many records rest on one provision
            words.near[one.unit] = tuple(_neighbours(words, one.unit))
        for unit in words.near[one.unit]:
            if any(k == one.version.key and (u.holds(unit) or unit.holds(u)) for k, u in units):
                continue
            if place == "violated" and words.punishes(unit) and not words.punishes(one.unit):
                continue  # what punishes an act always speaks of it
            if place == "penalty_basis" and not words.punishes(unit):
                continue
            if (there := sum(share(unit) for share in shares)) > best:
                best, rival = there, unit
        if rival and best - fit > _BETTER * len(shares):
            hint = "没有引错的，在 violation、elements 或者 not_when 里写出条文的用语"
            why = f"与所说的行为不如{_shown(rival)}接近"
            yield _finding(record, "K18", place, one, why, hint)


def _read_together(one: Provision, cited: Sequence[Provision]) -> bool:
    """A 款 that names another cited with it, or is named by it (依照前款规定): one of them has the act."""
    article = [p for p in cited if (p.version.key, p.unit.article) == (one.version.key, one.unit.article)]
    return not one.unit.item and len(article) > 1 and any(_NAMES.search(p.text) for p in article)


def _neighbours(words: Words, unit: Unit) -> Iterator[Unit]:
    """The provisions that differ in one figure of one number: 条, 款 or 项."""
    head, _, suffix = unit.article.partition("-")
    number = unit.paragraph or 1
    for n in _one_off(int(head)):
        other = Unit(f"{n}-{suffix}" if suffix else str(n), number, unit.item)
        if other in words:
            yield other
    for n in _one_off(number):
        if (other := Unit(unit.article, n, unit.item)) in words:
            yield other
    for n in _one_off(unit.item) if unit.item else ():
        if (other := Unit(unit.article, number, n)) in words:
            yield other


@cache
def _one_off(number: int) -> tuple[int, ...]:
    """The numbers written with one other figure: 三十五 -> 二十五, 三十六, 三百五 (no number) …"""
    written = to_chinese(number)
    found = []
    for i, old in enumerate(written):
        for new in _DIGITS.replace(old, ""):
            text = written[:i] + new + written[i + 1 :]
            try:
                value = int(parse_number(text))
            except BadValue:
                continue
            if to_chinese(value) == text:
                found.append(value)
    return tuple(dict.fromkeys(found))


def _shown(unit: Unit) -> str:
    head, _, suffix = unit.article.partition("-")
    text = f"第{to_chinese(int(head))}条" + (f"之{to_chinese(int(suffix))}" if suffix else "")
    text += f"第{to_chinese(unit.paragraph)}款" if unit.paragraph else ""
    return text + (f"第（{to_chinese(unit.item)}）项" if unit.item else "")


def _finding(record: Benchmark, code: str, place: str, one: Provision, why: str, hint: str) -> RecordFinding:
    return RecordFinding(code, "扣分", record.id, place, f"{one.citation.text}{why}", hint)
