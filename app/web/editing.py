"""The editors' desk: drafts that wait for a second person, looked at, approved or sent back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.api import drafts as api
from app.api.tables import grouped
from app.web.desk import desk, now
from app.web.pages import Page, page
from kb.errors import CailiangError, WrongUse

bp = Blueprint("editing", __name__)
bp.add_app_template_filter(grouped)

ACTIONS = ("approve", "reject")


@page(bp, "/edit")
def index() -> Page:
    """The drafts, those that wait first."""
    data = api.draft_list(desk().base, settled=True)
    data["drafts"].sort(key=lambda d: (not d["waiting"], -d["number"]))
    return Page("edit.html", data)


@page(bp, "/edit/<int:number>")
def one(number: int) -> Page:
    """One draft, record by record."""
    return _page(number, {})


@page(bp, "/edit/<int:number>", methods=["POST"])
def decide(number: int) -> Page:
    """Approve or send back what waits."""
    do, by = request.form.get("do", ""), request.form.get("by", "")
    try:
        if do not in ACTIONS:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
        if do == "approve":
            done = api.approve(desk().base, number, by, now())
        else:
            done = api.reject(desk().base, number, by, request.form.get("why", ""), now())
    except CailiangError as error:
        return _page(number, {**error.to_dict(), "by": by}, line=str(error), status=422)
    return _page(number, {"done": done})


def _page(number: int, said: dict[str, Any], line: str = "", status: int = 200) -> Page:
    data = api.one_draft(desk().base, number) | said
    return Page("edit_draft.html", data, form={"line": line, "by": said.get("by", "")}, status=status)
