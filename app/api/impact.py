"""What rests on a law, as data: records, templates and finished papers, with the old and the new text."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.api.laws import article_key_of, label_of, official
from app.api.links import HEADS, law_url, record_url
from app.base import Base
from casework.unread import Unread
from kb.errors import NotFound
from kb.impact import Touched
from kb.impact import impact as resting
from kb.laws import Article
from kb.snapshot import Snapshot


def impact(base: Base, name: str, article: str = "", files: Iterable[Path] = ()) -> dict[str, Any]:
    """What rests on a law, on one of its articles, or on a record of the base.

    Args:
        name: title or any known short name of the law; or the id of a benchmark, list entry or phrase.
        article: ``59``, ``120-1`` or 第五十九条; empty for the whole law.
        files: finished papers to look into.

    Raises:
        NotFound: no loaded law has this name, no record this id.
        BadValue: the article is no number.
    """
    from casework.touched import catch_up

    snapshot = base.snapshot()
    catch_up(base.store, snapshot)
    if kind := _kind_of(snapshot, name):
        return _of_record(base, snapshot, kind, name)
    return _of_law(base, snapshot, name, article, files)


def _kind_of(base: Snapshot, id: str) -> str:
    """What kind of record has this id; empty where none has."""
    for kind in ("benchmark", "leniency", "phrase") if "/" in id else ():
        with suppress(NotFound):
            base.versions(kind, id)
            return kind
    return ""


def _of_record(base: Base, snapshot: Snapshot, kind: str, id: str) -> dict[str, Any]:
    from casework.touched import open_cases, papers_resting

    rows = snapshot.versions(kind, id)
    starts = [r.from_ for r in rows if r.from_]
    changed = max(starts) if len(rows) > 1 and starts else None
    changed = max(filter(None, [changed, rows[-1].to]), default=None)
    unread: list[Unread] = []
    issued = papers_resting(base.store, snapshot, kind, id)
    cases = open_cases(base.store, snapshot, {(kind, id): ""}, "", "", changed, unread)
    versions = [{"from": str(r.from_) if r.from_ else None, "to": str(r.to) if r.to else None} for r in rows]
    return {
        "law": None,
        "record": {"kind": kind, "id": id, "title": rows[-1].title, "versions": versions},
        "article": None,
        "repealed": None,
        "by": None,
        "articles": [],
        "templates": [],
        "papers": [],
        "issued": [p.to_dict() for p in issued],
        "cases": [c.to_dict() for c in cases],
        "unread": [u.to_dict() for u in unread],
        "url": record_url(kind, id) if kind in HEADS else "",
    }


def _of_law(base: Base, snapshot: Snapshot, name: str, article: str, files: Iterable[Path]) -> dict[str, Any]:
    from casework.touched import open_cases, papers_citing
    from generator.citing import papers, templates

    laws = snapshot.laws
    title, key = official(laws, name), article_key_of(article)
    touched = resting(snapshot, title, key)
    repeal, versions = laws.repeal_of(title), laws.versions_of(title)
    changed = repeal.day if repeal else versions[-1].from_ if len(versions) > 1 else None
    records = {(r.kind, r.id): said for t in touched for r in t.records for _, said in r.citations}
    unread: list[Unread] = []
    issued = papers_citing(base.store, snapshot, title, key)
    cases = open_cases(base.store, snapshot, records, title, key, changed, unread)
    return {
        "law": title,
        "record": None,
        "article": key or None,
        "repealed": str(repeal.day) if repeal else None,
        "by": repeal.by or None if repeal else None,
        "articles": [_article(t) for t in touched],
        "templates": [c.to_dict() for c in templates(laws, title, key)],
        "papers": [c.to_dict() for c in papers(files, laws, title, key)],
        "issued": [p.to_dict() for p in issued],
        "cases": [c.to_dict() for c in cases],
        "unread": [u.to_dict() for u in unread],
        "url": law_url(title),
    }


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
