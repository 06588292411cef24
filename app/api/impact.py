"""What rests on a law, as data: records, templates and finished papers, with the old and the new text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.api.laws import label_of, official
from app.api.links import HEADS, law_url, record_url
from kb.impact import Touched
from kb.impact import impact as resting
from kb.laws import Article
from kb.numerals import to_int
from kb.snapshot import Snapshot


def impact(base: Snapshot, name: str, article: str = "", files: Iterable[Path] = ()) -> dict[str, Any]:
    """What rests on a law or on one of its articles.

    Args:
        name: title or any known short name of the law.
        article: ``59``, ``120-1`` or 第五十九条; empty for the whole law.
        files: finished papers to look into.

    Raises:
        NotFound: no loaded law has this name.
        BadValue: the article is no number.
    """
    from generator.citing import papers, templates

    title, key = official(base.laws, name), article_key_of(article)
    touched = resting(base, title, key)
    repeal = base.laws.repeal_of(title)
    return {
        "law": title,
        "article": key or None,
        "repealed": str(repeal.day) if repeal else None,
        "by": repeal.by or None if repeal else None,
        "articles": [_article(t) for t in touched],
        "templates": [c.to_dict() for c in templates(base.laws, title, key)],
        "papers": [c.to_dict() for c in papers(files, base.laws, title, key)],
        "url": law_url(title),
    }


def article_key_of(text: str) -> str:
    """``59`` or ``120-1`` of 59, 120-1, 第五十九条, 第一百二十条之一; empty of an empty text."""
    number, _, suffix = text.strip().removeprefix("第").replace("条之", "-").removesuffix("条").partition("-")
    if not number:
        return ""
    return f"{to_int(number)}-{to_int(suffix)}" if suffix else str(to_int(number))


def _article(t: Touched) -> dict[str, Any]:
    data = t.to_dict()
    data["label"] = label_of(t.article) if t.article else label_of(_bare(t.key))
    found = t.counterpart.article
    data["new"]["label"] = label_of(found) if found else ""
    data["new"]["url"] = law_url(t.counterpart.law, found.key) if found else ""
    for row in data["records"]:
        row["url"] = record_url(row["kind"], row["id"]) if row["kind"] in HEADS else ""
    return data


def _bare(key: str) -> Article:
    number, _, suffix = key.partition("-")
    return Article(int(number), int(suffix or 0))
