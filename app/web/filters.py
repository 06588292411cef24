"""Small helpers of the templates: amounts, citations inside sentences, marked words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from markupsafe import Markup, escape

from app.api.links import pieces, record_url
from app.web.caseview import field_named
from app.web.desk import snapshot
from kb.numerals import plain
from kb.records import KIND_NAMES

WAN = Decimal(10000)


def init_app(app: Flask) -> None:
    for made in (amount, as_query, cited, marked, chinese_day, field_named):
        app.add_template_filter(made)
    app.template_global("record_url")(record_url)
    app.template_global("kind_name")(KIND_NAMES.__getitem__)


def amount(yuan: str | None) -> str:
    """``50000`` → ``5万元``; ``999.5`` → ``999.5元``: 万 only where it is exact to two places."""
    if yuan is None:
        return ""
    try:
        value = Decimal(yuan)
    except InvalidOperation:
        return yuan
    with localcontext() as exact:
        exact.prec = len(yuan) + 8
        if abs(value) >= WAN and value % 100 == 0:
            return f"{plain(value / WAN)}万元"
    return f"{Decimal(plain(value)):,f}元"


def as_query(values: Mapping[str, Any]) -> str:
    """What stands behind the ``?`` of an address; nothing for what is empty, a list repeats its name."""
    return urlencode({name: value for name, value in values.items() if value}, doseq=True)


def cited(text: str, on: str = "") -> Markup:
    """A sentence whose citations lead to their articles."""
    day = date.fromisoformat(on) if on else None
    out = Markup("")
    for words, url in pieces(text, snapshot().laws, day):
        out += Markup('<a class="cite" href="{}">{}</a>').format(url, words) if url else escape(words)
    return out


def marked(hit: Mapping[str, Any]) -> Markup:
    """The snippet of a search hit with its matches marked."""
    text, out, at = str(hit["snippet"]), Markup(""), 0
    for start, end in hit.get("marks", ()):
        out += escape(text[at:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        at = end
    return out + escape(text[at:])


def chinese_day(iso: str | None) -> str:
    """``2026-08-15`` → ``2026年8月15日``."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
