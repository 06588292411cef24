"""The settings desk: the agency says once who it is, where fines are paid and who hears remedies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, request

from app.api import settings as api
from app.web.desk import desk, now, snapshot, today
from app.web.pages import Page, page
from kb.errors import BadValue, CailiangError

bp = Blueprint("settings", __name__)


def init_app(app: Flask) -> None:
    """Every page may ask which settings are still 示例."""
    app.template_global("unsettled")(lambda: api.unsettled(snapshot(), today()))


@page(bp, "/settings")
def show() -> Page:
    """What is set, and what is still 示例."""
    return _page({})


@page(bp, "/settings", methods=["POST"])
def save() -> Page:
    """Keep what was typed; a fault keeps nothing and gives everything back."""
    typed = {name: value for name, value in request.form.items() if value.strip()}
    faults = api.faults_of(typed)
    if faults:
        return _page(typed, faults=faults)
    author, approved = (request.form.get(name, "").strip() for name in ("author", "approved_by"))
    try:
        changed = api.save(
            desk().base.store,
            typed,
            author=author,
            approved_by=approved,
            at=now(),
            read_at=_revision(request.form.get("revision", "")),
        )
    except CailiangError as error:
        return _page(typed, problem=error)
    return _page({}, changed=changed)


def _revision(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadValue("表格不完整", where="revision", hint="重新打开设置页面再填")
    return int(text)


def _page(
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    problem: CailiangError | None = None,
    changed: list[str] | None = None,
) -> Page:
    base = desk().base.snapshot()  # after a save: the new revision, not this request's
    data: dict[str, Any] = api.settings(base, today())
    data |= {"faults": dict(faults or {}), "changed": changed}
    if problem is not None:
        data |= problem.to_dict()
    form = {"typed": typed, "line": str(problem) if problem else ""}
    return Page("settings.html", data, form=form, status=422 if faults or problem else 200)
