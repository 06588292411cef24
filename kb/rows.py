"""Law versions and articles as JSON rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from kb.laws import Article, HistoryLine, Item, LawVersion, Paragraph, article_key


def version_body(v: LawVersion) -> str:
    """The JSON of a version; its key and worked-out end are not part of it."""
    return json.dumps(
        {
            "title": v.title,
            "from": _iso(v.from_),
            "from_basis": v.from_basis,
            "to": _iso(v.to),
            "adopted": _iso(v.adopted),
            "level": v.level,
            "issuer": v.issuer,
            "number": v.number,
            "history": [[h.day.isoformat(), h.act, h.text] for h in v.history],
            "aliases": list(v.aliases),
            "source": v.source,
            "checked": _iso(v.checked),
            "replaced_by": v.replaced_by,
            "has_text": v.has_text,
            "attested_by": v.attested_by,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


@lru_cache(maxsize=20_000)
def version_of(key: int, body: str) -> LawVersion:
    """Read what `version_body` wrote. Kept: rows never change, and each snapshot asks for all of them."""
    d = json.loads(body)
    return LawVersion(
        title=d["title"],
        from_=_day(d["from"]),
        from_basis=d["from_basis"],
        to=_day(d["to"]),
        adopted=_day(d["adopted"]),
        level=d["level"],
        issuer=d["issuer"],
        number=d["number"],
        history=tuple(HistoryLine(date.fromisoformat(x), act, text) for x, act, text in d["history"]),
        aliases=tuple(d["aliases"]),
        source=d["source"],
        checked=_day(d["checked"]),
        replaced_by=d["replaced_by"],
        has_text=d["has_text"],
        attested_by=d["attested_by"],
        key=key,
    )


def paragraphs_body(a: Article) -> str:
    """Paragraphs as ``[[text, [[number, text, [subitems]]]]]``; a third part says `Paragraph.whole`."""
    rows = [
        [p.text, [[i.number, i.text, list(i.subitems)] for i in p.items], *([True] if p.whole else [])]
        for p in a.paragraphs
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


class ArticleRow(NamedTuple):
    """An article as the store keeps it: the names of the columns, in the order of a reading."""

    number: int
    suffix: int
    paragraphs: str
    kind: str
    chapter: str
    note: str
    has_text: bool
    entry: int


def article_of(row: Any) -> Article:
    """An article from its row in the store."""
    paragraphs = tuple(
        Paragraph(text, tuple(Item(n, said, tuple(subs)) for n, said, subs in items), bool(whole))
        for text, items, *whole in json.loads(row.paragraphs)
    )
    return Article(
        row.number,
        row.suffix,
        paragraphs,
        row.kind,
        row.chapter,
        row.note,
        bool(row.has_text),
        row.entry,
    )


class Articles(Mapping[str, Article]):
    """The articles of one version by key, in the order of the text, each made when it is first asked for."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        found = (ArticleRow(*row) for row in rows)
        self._rows = {article_key(row.number, row.suffix): row for row in found}
        self._made: dict[str, Article] = {}

    def __getitem__(self, key: str) -> Article:
        if key not in self._made:
            self._made[key] = article_of(self._rows[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
