"""One mechanism for a page and its ``.json`` twin: a view gives data, the address says how it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Blueprint, Response, render_template, request


@dataclass(frozen=True, slots=True)
class Page:
    """What a view found out.

    Args:
        template: the whole page.
        data: everything the page shows, ready for JSON; the twin answers exactly this.
        part: template of the piece that htmx swaps in; empty where the page has none.
        form: what the visitor typed, for the HTML form only.
        status: HTTP status.
    """

    template: str
    data: Mapping[str, Any]
    part: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


View = Callable[..., Page | Response]


def page(blueprint: Blueprint, rule: str, **options: Any) -> Callable[[View], View]:
    """Register a view at ``rule`` and its twin at ``rule.json``.

    Args:
        blueprint: the desk the page belongs to.
        rule: the address, as Flask writes it, starting with ``/``.
        options: passed to ``add_url_rule``, e.g. ``methods``.
    """

    def register(view: View) -> View:
        @wraps(view)
        def answer(**values: Any) -> Response:
            found = view(**values)
            return found if isinstance(found, Response) else show(found)

        name = view.__name__
        blueprint.add_url_rule(rule, name, answer, **options)
        blueprint.add_url_rule(f"{rule}.json", f"{name}_json", answer, **options)
        return view

    return register


def show(found: Page) -> Response:
    """Answer a page as JSON, as a piece for htmx, or whole."""
    if wants_json():
        return json_answer(found.data, found.status)
    partial = found.part and request.headers.get("HX-Request") == "true"
    template = found.part if partial else found.template
    return Response(render_template(template, form=found.form, **found.data), found.status)


def wants_json() -> bool:
    """Whether the address (or, on an error, the Accept header) asks for JSON."""
    if request.path.endswith(".json"):
        return True
    accept = request.accept_mimetypes
    return accept.quality("application/json") > accept.quality("text/html")


def json_answer(data: Mapping[str, Any], status: int = 200) -> Response:
    """JSON as a person would want to read it: Chinese as Chinese, keys in the order of the page."""
    return Response(json.dumps(data, ensure_ascii=False, indent=1), status, mimetype="application/json")
