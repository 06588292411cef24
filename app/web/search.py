"""The search desk: the first page of the house."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response

from app.api.links import law_url, record_url
from app.web.desk import day_of, desk, snapshot, text_of, today
from app.web.pages import Page, page, show
from kb.errors import BadValue
from kb.records import DOMAINS, KIND_NAMES, SLUGS

bp = Blueprint("search", __name__)

SHOWN = ("benchmark", "law", "leniency", "phrase", "case_study")
LISTS = ("hits", "nearest")
MANY, STEP, MOST = 20, 20, 200
SUGGESTED = 5
LONGEST = 200


@page(bp, "/search")
def find() -> Page | Response:
    """What the base holds for a query; without a query, what there is to look for."""
    base = snapshot()
    query, kind, domain = text_of("q"), text_of("kind"), text_of("domain")
    day = day_of("on", "有效日期")
    n = _count(text_of("n"))
    if len(query) > LONGEST:
        raise BadValue("检索词太长", where="q", hint=f"不超过 {LONGEST} 个字")
    _one_of("kind", kind, KIND_NAMES, "类别")
    _one_of("domain", domain, DOMAINS, "领域")
    form = {"q": query, "kind": kind, "domain": domain, "on": str(day or ""), "n": n}
    facets = {
        "kinds": [{"value": k, "label": KIND_NAMES[k]} for k in SHOWN],
        "domains": [{"value": d, "label": d} for d in DOMAINS],
        "names": KIND_NAMES,
    }
    data: dict[str, Any]
    if query:
        found = desk().base.search(query, kind=kind or None, domain=domain or None, on=day, n=n)
        rows = {
            name: [{**row, "url": address(row["kind"], row["id"])} for row in found[name]] for name in LISTS
        }
        suggested = [row["text"] for row in desk().base.engine.suggest(query, SUGGESTED)]
        data = {**found, **rows, "suggestions": [text for text in suggested if text != query]}
    else:
        data = {"query": "", "total": 0, "hits": [], "understood": [], "nearest": [], "suggestions": []}
    data |= {"facets": facets, "next": min(n + STEP, MOST) if len(data["hits"]) < data["total"] else None}
    counted: Counter[str] = Counter(row.domain for row in base.benchmarks(today()))
    form["domains"] = [{"name": d, "slug": SLUGS[d], "benchmarks": counted[d]} for d in DOMAINS if counted[d]]
    return Page("search.html", data, part="part/results.html", form=form)


@bp.route("/")
def home() -> Response:
    """The first page is the search page."""
    found = find()
    return found if isinstance(found, Response) else show(found)


def address(kind: str, id: str) -> str:
    """The page of a search hit."""
    if kind == "law":
        title, _, key = id.removeprefix("law/").partition("/")
        return law_url(title, key)
    return record_url(kind, id)


def _count(text: str) -> int:
    if not text:
        return MANY
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST:
        raise BadValue(f"“{text[:20]}”不是条数", where="n", hint=f"写 1 到 {MOST} 之间的整数")
    return int(text)


def _one_of(name: str, value: str, known: Any, label: str) -> None:
    if value and value not in known:
        raise BadValue(f"没有{label}“{value[:20]}”", where=name, hint="可以是 " + "、".join(known))
