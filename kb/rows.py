"""Law versions and articles as JSON rows, and back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kb.laws import Article, HistoryLine, Item, LawVersion, Paragraph


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


def version_of(key: int, body: str) -> LawVersion:
    """Read what `version_body` wrote."""
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
    """Paragraphs as ``[[text, [[number, text, [subitems]]]]]``."""
    rows = [[p.text, [[i.number, i.text, list(i.subitems)] for i in p.items]] for p in a.paragraphs]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def article_of(row: Any) -> Article:
    """An article from its row in the store."""
    paragraphs = tuple(
        Paragraph(text, tuple(Item(n, said, tuple(subs)) for n, said, subs in items))
        for text, items in json.loads(row.paragraphs)
    )
    return Article(
        row.number,
        row.suffix,
        paragraphs,
        row.kind,
        row.chapter,
        row.note,
        row.has_text,
        row.entry,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
