"""The law desk: what is loaded, one law, one article on a day."""

from __future__ import annotations

from typing import cast

from flask import Blueprint

from app.api import laws as api
from app.api.links import CitedBy, cited_by
from app.web.cases import paged
from app.web.desk import day_of, desk, snapshot, text_of, today
from app.web.pages import Page, page

bp = Blueprint("laws", __name__)
PAPERS = 50
"""Issued papers on a page: 处罚法 is a basis of nearly every one an agency has."""


@page(bp, "/law")
def index() -> Page:
    """The loaded laws."""
    on = day_of("on", "日期") or today()
    data = api.law_list(snapshot(), text_of("q"), on)
    return Page("laws.html", data, part="part/laws.html")


@page(bp, "/law/<title>")
def contents(title: str) -> Page:
    """A law: versions and contents."""
    return Page("law.html", api.law(snapshot(), title, day_of("on", "日期") or today()))


@page(bp, "/law/<title>/<article>")
def article(title: str, article: str) -> Page:
    """One article on a day."""
    on = day_of("on", "日期") or today()
    return Page("article.html", api.article(snapshot(), title, article, on, _citing()))


@page(bp, "/impact/<path:title>")
def impact(title: str) -> Page:
    """What rests on a law, with the old and the new text side by side; the issued papers in pages."""
    from app.api.impact import impact

    article = text_of("article")
    data = impact(desk().base, title, article)
    where, issued = paged(data["issued"], PAPERS)
    data |= where | {"issued": issued}
    return Page("impact.html", data, form={"query": {"article": article} if article else {}})


def _citing() -> CitedBy:
    """Who cites what, worked out once a revision."""
    base = snapshot()
    revision, table = desk().kept.get("citing", (None, {}))
    if revision != base.revision:
        table = cited_by(base)
        desk().kept["citing"] = (base.revision, table)
    return cast(CitedBy, table)
