"""What rests on a law: every record that cites it, and what became of the article since.

An article that moved to another number is found again by its wording. That is a proposal for a person to
confirm, never a binding: a record keeps the citation that its author wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

from kb.checks.fields import citations_of, day_of
from kb.citation import format_citation, parse
from kb.errors import NotFound
from kb.laws import Article, LawBook, LawVersion
from kb.records import KIND_NAMES, KINDS, Record
from kb.snapshot import Snapshot

_Row = tuple[Record, list[tuple[str, str]]]
How = Literal["相同", "文字不同", "移条", "最相近", "没有对应", "没有新文本", "条文未载入"]

SAME_PLACE = 0.5
"""Share of pairs of letters that one number's two texts have in common, at least, to be one provision."""
MOVED = 0.35
"""The same for a provision that stands under another number, or in the law that took over."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A record that cites an article, with (field, citation) pairs; ``ended``: it stops before the change."""

    kind: str
    id: str
    title: str
    domain: str
    from_: date | None
    citations: tuple[tuple[str, str], ...]
    ended: bool

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "title": self.title,
            "domain": self.domain,
            "from": str(self.from_) if self.from_ else None,
            "citations": [{"place": place, "citation": text} for place, text in self.citations],
            "ended": self.ended,
        }

    def __str__(self) -> str:
        since = f"（自{self.from_}）" if self.from_ else ""
        end = "；记录在新文本施行前截止" if self.ended else ""
        places = "、".join(dict.fromkeys(place for place, _ in self.citations))
        return f"{KIND_NAMES[self.kind]} {self.id}{since} {self.title}：{places}{end}"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Where an article stands in a later text: ``share`` of the pairs of letters in common, 0 to 1."""

    how: How
    law: str = ""
    article: Article | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Touched:
    """One article in the text its records cite, its counterpart in the newest text, and the records."""

    law: str
    key: str
    version: LawVersion | None
    article: Article | None
    newest: LawVersion | None
    counterpart: Counterpart
    records: tuple[Resting, ...]

    def to_dict(self) -> dict[str, Any]:
        old, new = self.article, self.counterpart.article
        before, after = (a.full_text() if a and a.has_text else "" for a in (old, new))
        return {
            "law": self.law,
            "article": self.key,
            "from": _day(self.version),
            "text": before,
            "new": {
                "how": self.counterpart.how,
                "law": self.counterpart.law,
                "article": new.key if new else None,
                "from": _day(self.newest),
                "text": after,
                "share": round(self.counterpart.share, 2),
            },
            "changes": [list(c) for c in changes(before, after)] if before and after else [],
            "records": [r.to_dict() for r in self.records],
        }


def impact(base: Snapshot, name: str, key: str = "") -> list[Touched]:
    """What rests on a law, article by article.

    Args:
        name: the law's title or any name that means it for sure.
        key: one article, ``59`` or ``120-1``; all of them by default.

    Raises:
        NotFound: no loaded law has this name.
    """
    match = base.laws.match(name)
    if match is None:
        near = "、".join(f"《{t}》" for t in base.laws.near(name))
        hint = f"相近的有{near}" if near else "先用 cailiang laws import 载入"
        raise NotFound(f"没有载入《{name[:80]}》", hint=hint)
    groups: dict[tuple[str, int], list[_Row]] = {}
    versions = base.laws.versions_of(match.title)
    for record in (r for kind in KINDS for r in base.records(kind)):
        at = _version_on(versions, day_of(record))
        articles: dict[str, list[tuple[str, str]]] = {}
        for place, cited, text in _cited(record, base.laws, match.title):
            articles.setdefault(cited, []).append((place, text))
        for cited, places in articles.items():
            if not key or cited == key:
                groups.setdefault((cited, at), []).append((record, places))
    return [
        _touched(base.laws, match.title, cited, versions[at] if at >= 0 else None, groups[cited, at])
        for cited, at in sorted(groups, key=_order)
    ]


def news(before: LawBook, base: Snapshot) -> list[dict[str, Any]]:
    """What an import changed for the records: laws they cite that have a newer text now, or ended.

    Args:
        before: the laws as they stood before the import.
        base: the base after it.
    """
    cited: dict[str, set[object]] = {}
    for record in (r for kind in KINDS for r in base.records(kind)):
        for _, text in citations_of(record):
            for c in parse(text, base.laws, day_of(record)):
                if c.resolved:
                    cited.setdefault(c.resolved, set()).add(record.key)
    rows = []
    for title, keys in cited.items():
        old, new = before.versions_of(title), base.laws.versions_of(title)
        newer = _day(new[-1]) if old and new and _day(new[-1]) != _day(old[-1]) else None
        ended = base.laws.repeal_of(title)
        if ended == before.repeal_of(title):
            ended = None
        if newer or ended:
            rows.append(
                {
                    "law": title,
                    "from": newer,
                    "repealed": str(ended.day) if ended else None,
                    "by": ended.by or None if ended else None,
                    "records": len(keys),
                }
            )
    return rows


def _order(group: tuple[str, int]) -> tuple[int, int, int]:
    number, _, suffix = group[0].partition("-")
    return int(number), int(suffix or 0), group[1]


def _cited(record: Record, book: LawBook, title: str) -> Iterator[tuple[str, str, str]]:
    """(place, article key, citation) of each article of the law that a record cites, once a place."""
    seen = set()
    for place, text in citations_of(record):
        for c in parse(text, book, day_of(record)):
            if c.resolved != title or c.article is None:
                continue
            said = format_citation(title, c.article, c.article_suffix or 0, c.paragraph, c.item, c.subitem)
            if (place, said) not in seen:
                seen.add((place, said))
                yield place, c.key, said


def _touched(
    book: LawBook,
    title: str,
    key: str,
    version: LawVersion | None,
    records: Sequence[_Row],
) -> Touched:
    article = book.articles(version).get(key) if version else None
    newest, law = _newest(book, title)
    changed = newest.from_ if newest and newest is not version else None
    resting = tuple(
        Resting(r.kind, r.id, r.title, r.domain, r.from_, tuple(cited), _ends(r, changed))
        for r, cited in records
    )
    found = _follow(book, article, version, newest, law)
    return Touched(title, key, version, article, newest, found, resting)


def _ends(record: Record, changed: date | None) -> bool:
    return bool(changed and record.to and record.to <= changed)


def _newest(book: LawBook, title: str) -> tuple[LawVersion | None, str]:
    """The newest text of a law; where the law is repealed, that of the law which took over."""
    versions = book.versions_of(title)
    last = versions[-1] if versions else None
    repeal = book.repeal_of(title)
    if repeal and repeal.by and (successor := book.match(repeal.by)):
        after = book.versions_of(successor.title)
        return (after[-1], successor.title) if after else (None, successor.title)
    return (None if repeal else last), title


def _follow(
    book: LawBook, article: Article | None, old: LawVersion | None, newest: LawVersion | None, law: str
) -> Counterpart:
    if newest is None or newest is old:
        return Counterpart("没有新文本", law)
    if article is None or not article.has_text:
        return Counterpart("条文未载入", law)
    same_law = old is not None and old.title == newest.title
    return counterpart(article, book.articles(newest), law, numbered=same_law)


def counterpart(article: Article, among: Mapping[str, Article], law: str, *, numbered: bool) -> Counterpart:
    """Find an article again in a later text.

    Args:
        article: with its text.
        among: the later text's articles by key.
        law: the later text's title.
        numbered: whether the number is likely kept (a later text of the same law).
    """
    pairs = _pairs(article)
    texts = {k: a for k, a in among.items() if a.has_text}
    if not texts:
        return Counterpart("条文未载入", law)
    same = texts.get(article.key) if numbered else None
    if same is not None and (share := _share(pairs, _pairs(same))) >= SAME_PLACE:
        how: How = "相同" if same.full_text() == article.full_text() else "文字不同"
        return Counterpart(how, law, same, share)
    share, key = max(((_share(pairs, _pairs(a)), k) for k, a in texts.items()), default=(0.0, ""))
    if share < MOVED:
        return Counterpart("没有对应", law)
    return Counterpart("移条" if numbered else "最相近", law, texts[key], share)


def _pairs(article: Article) -> frozenset[str]:
    letters = "".join(filter(str.isalnum, article.full_text()))
    return frozenset(a + b for a, b in pairwise(letters))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Two texts side by side: pairs of (old words, new words); equal pairs are unchanged words."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        yield before[a:b], after[c:d]


def _version_on(versions: Sequence[LawVersion], day: date | None) -> int:
    """Which of the versions a day's citation means: the newest for a record without a day, -1 for none."""
    if day is None:
        return len(versions) - 1
    return next((i for i in reversed(range(len(versions))) if versions[i].covers(day)), -1)


def _day(version: LawVersion | None) -> str | None:
    return str(version.from_) if version and version.from_ else None
