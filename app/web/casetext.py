"""The text of a stored case as it is kept: where a case that can't be read any more is put right."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.api import cases as api
from app.web.caseediting import revision_of
from app.web.cases import _to
from app.web.desk import desk, now
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.who import handler
from casework.cases import Cases
from casework.exchange import text_of
from casework.writing import StoredCase
from kb.errors import CailiangError
from kb.importing.yaml_files import parse_yaml

bp = Blueprint("casetext", __name__)


@page(bp, "/casetext/<path:id>", methods=["GET"])
def show(id: str) -> Page:
    """The text of a case and what is wrong with it."""
    handler()
    stored = Cases(desk().base.store).read(id)
    return _page(stored, text_of(stored), stored.revision)


@page(bp, "/casetext/<path:id>", methods=["POST"])
def save(id: str) -> Page | Response:
    """Save the text as the next revision; what stood there stays in the history of the case."""
    by, text = handler(), request.form.get("text", "").replace("\r\n", "\n")
    stored = Cases(desk().base.store).read(id)
    revision = revision_of()
    try:
        body, _ = parse_yaml(text, "原文")
        done = api.save(desk().base, id, body, revision=revision, by=by, at=now())
    except CailiangError as error:
        return _page(stored, text, revision, problem=error)
    if not done["fault"]:
        return _to(f"/cases/{id}", done)
    said = f"已保存（第{done['revision']}次修订），还要改"
    return _page(Cases(desk().base.store).read(id), text, done["revision"], said=said)


def _page(
    stored: StoredCase, text: str, revision: int, *, said: str = "", problem: CailiangError | None = None
) -> Page:
    data = {"id": stored.id, "revision": revision, "text": text, "fault": stored.fault}
    data |= problem.to_dict() if problem else {}
    form = {"line": str(problem) if problem else "", "said": said}
    return Page("casetext.html", data, form=form, status=status_of(problem) if problem else 200)
