"""The desk of cases: the list with what is due, a new case by three ways, one case at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, request

from app.api import casedesk, caselist
from app.api import cases as api
from app.web.desk import desk, now, snapshot, text_of, today
from app.web.drafting import _file
from app.web.errors import status_of
from app.web.pages import Page, json_answer, page, wants_json
from app.web.review import upload_name
from app.web.who import handler, who, writer
from casework.masking import ROLES
from casework.writing import STATES
from kb.errors import CailiangError, WrongUse
from kb.records import DOMAINS

bp = Blueprint("cases", __name__)

T = TypeVar("T")
PAGE = 40
"""Cases on a page: a week's work of one officer."""
MOST = 100
"""Megabytes of a case that comes as one file with its papers."""
FILTERS = ("state", "domain", "officer", "party", "number")
NEW = ("new", "copy", "import")
ACTIONS = ("copy", "yaml", "json")
MEDIA = {"yaml": "application/yaml", "json": "application/json"}


def init_app(app: Flask) -> None:
    app.template_global("who")(who)
    app.template_global("roles")(lambda: list(ROLES))


def page_of() -> int:
    """Which page of a list, from 1."""
    text = text_of("page")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def pager(total: int, size: int) -> dict[str, int]:
    """Where in a list one is; a page behind the last is the last."""
    pages = max(1, math.ceil(total / size))
    return {"page": min(page_of(), pages), "pages": pages, "total": total}


def paged(rows: Sequence[T], size: int) -> tuple[dict[str, int], Sequence[T]]:
    """Where in a list one is, and the rows of that page."""
    where = pager(len(rows), size)
    start = (where["page"] - 1) * size
    return where, rows[start : start + size]


# ---------------------------------------------------------------- the list


@page(bp, "/cases", methods=["GET"])
def index() -> Page:
    """The cases, the most urgent first."""
    return _list({})


@page(bp, "/cases", methods=["POST"])
def new() -> Page | Response:
    """A new case: empty, on the model of an earlier one, or out of a file."""
    request.max_content_length = MOST * 1024 * 1024
    typed = {name: request.form.get(name, "").strip() for name in ("do", "id", "source")}
    try:
        made = _new(typed["do"], typed["id"], typed["source"])
    except CailiangError as error:
        return _list(typed, error)
    form = "caseform" if typed["do"] != "import" else "cases"
    return _to(f"/{form}/{made['id']}", made)


def _new(do: str, id: str, source: str) -> dict[str, Any]:
    base, how = desk().base, _stamp()
    if do == "new":
        return api.create(base, {"id": id} if id else {}, **how)
    if do == "copy":
        return api.copy(base, source, id, **how)
    if do != "import":
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(NEW))
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise WrongUse("没有选择文件", hint="选择 CASE.yaml，或者导出的 .json")
    return api.bring_in(base, upload_name(sent.filename), sent.read(), id, **how)


def _stamp() -> Any:
    """Who writes, and when."""
    return {"by": writer(), "at": now()}


def _list(typed: dict[str, str], problem: CailiangError | None = None) -> Page:
    said = {name: text_of(name) for name in FILTERS}
    order = caselist.BY_CHANGE if text_of("order") == caselist.BY_CHANGE else caselist.BY_DUE
    fits: Any = {name: text for name, text in said.items() if text}
    how: Any = {
        "on": today(),
        "role": _role(),
        "order": order,
        "limit": PAGE,
        "kept": desk().kept.setdefault("dues", {}),
    }
    data = caselist.case_list(desk().base, snapshot(), skip=(page_of() - 1) * PAGE, **how, **fits)
    data |= pager(data["total"], PAGE)
    form: Any = {
        "typed": typed,
        "line": str(problem) if problem else "",
        "states": STATES,
        "domains": DOMAINS,
    }
    form |= {"query": said | {"order": text_of("order")}, "late": sum(bool(c["late"]) for c in data["cases"])}
    status = status_of(problem) if problem else 200
    data |= problem.to_dict() if problem else {}
    return Page("cases.html", data, part="part/cases.html", form=form, status=status)


def _role() -> str:
    return who().role if who().clear else api.NOBODY


# ---------------------------------------------------------------- one case


@page(bp, "/cases/<path:id>", methods=["GET"])
def one(id: str) -> Page:
    """One case at a glance."""
    return glance(id)


@page(bp, "/cases/<path:id>", methods=["POST"])
def act(id: str) -> Page | Response:
    """Take the case out as one file, or make another on its model."""
    do = request.form.get("do", "")
    try:
        if do in MEDIA:
            data = api.export(desk().base, id, f".{do}", by=handler(), at=now())
            return _file(data, f"{id.replace('/', '-')}.{do}", MEDIA[do])
        if do == "copy":
            made = api.copy(desk().base, id, request.form.get("id", "").strip(), by=writer(), at=now())
            return _to(f"/caseform/{made['id']}", made)
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
    except CailiangError as error:
        return glance(id, error)


def glance(id: str, problem: CailiangError | None = None) -> Page:
    """One case, with what stands in the way of what was asked."""
    data = casedesk.glance(desk().base, snapshot(), id, on=today(), role=_role())
    form: dict[str, Any] = {"line": str(problem) if problem else "", "done": _done(data)}
    data |= problem.to_dict() if problem else {}
    return Page("case_glance.html", data, form=form, status=status_of(problem) if problem else 200)


def _done(data: dict[str, Any]) -> dict[str, Any] | None:
    """The paper that was just issued, for the line above."""
    which = text_of("issued")
    return next((p for p in data["documents"] if str(p["id"]) == which), None)


def _to(where: str, made: dict[str, Any]) -> Response:
    return json_answer(made) if wants_json() else Response("", 303, {"Location": where})
