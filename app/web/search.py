"""The search desk: the first page of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from app.api.links import law_url, record_url
from app.web.desk import day_of, desk, snapshot, text_of, today
from app.web.pages import Page, page, show
from kb.errors import BadValue
from kb.records import DOMAINS, KIND_NAMES, SLUGS

bp = Blueprint("search", __name__)

SHOWN = ("benchmark", "law", "leniency", "phrase", "case_study", "procedure")
LISTS = ("hits", "nearest")
MANY, STEP, MOST = 20, 20, 200
SUGGESTED = 5
LONGEST = 200
MOST_UNDONE = 20


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
    # What was undone of other words lapses with them.
    undo = [id for id in request.args.getlist("undo")[:MOST_UNDONE] if set(id.partition(":")[2]) & set(query)]
    explain = text_of("explain") == "1"
    form = {"q": query, "kind": kind, "domain": domain, "on": str(day or ""), "n": n}
    form |= {"undo": undo, "explain": explain}
    facets = {
        "kinds": [{"value": k, "label": KIND_NAMES[k]} for k in SHOWN],
        "domains": [{"value": d, "label": d} for d in DOMAINS],
        "names": KIND_NAMES,
    }
    data: dict[str, Any]
    if query:
        found = desk().base.search(
            query,
            kind=kind or None,
            domain=domain or None,
            on=day,
            n=n,
            today=today(),
            undo=undo,
            explain=explain,
        )
        rows = {name: [_linked(row) for row in found[name]] for name in LISTS}
        data = {**found, **rows, "suggestions": _suggested(query, found)}
    else:
        empty: dict[str, Any] = {name: [] for name in ("hits", "understood", "nearest", "suggestions")}
        data = {"query": "", "total": 0, "more": False, **empty}
    data |= {"facets": facets, "next": min(n + STEP, MOST) if len(data["hits"]) < data["total"] else None}
    counted: Counter[str] = Counter({row.id: row.domain for row in base.benchmarks(today())}.values())
    form["domains"] = [{"name": d, "slug": SLUGS[d], "benchmarks": counted[d]} for d in DOMAINS if counted[d]]
    return Page("search.html", data, part="part/results.html", form=form)


def _suggested(query: str, found: Mapping[str, Any]) -> list[str]:
    """Titles like what was typed; none where an article was cited, nothing is missing then."""
    if any(note["type"] == "citation" for note in found["understood"]):
        return []
    titles = (row["text"] for row in desk().base.engine.suggest(query, SUGGESTED))
    shown = {hit["title"] for hit in found["hits"]}
    return [title for title in titles if title != query and title not in shown]


def _linked(row: dict[str, Any]) -> dict[str, Any]:
    """A hit with the address of its page, and of those of what belongs to it."""
    linked = {**row, "url": address(row["kind"], row["id"])}
    if "together" in row:
        linked["together"] = [{**r, "url": address(r["kind"], r["id"])} for r in row["together"]]
    return linked


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
