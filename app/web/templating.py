"""The desk of templates: which is in use for each paper, taking one out, checking and handing in one's own.

A file that is only checked is not kept; one that is handed in is checked first, and every version is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from app.api import templates as api
from app.api.review import Upload
from app.web.desk import desk, now, snapshot, today
from app.web.drafting import DOCX, _file
from app.web.pages import Page, page
from app.web.review import upload_name
from generator.authoring import check
from generator.catalogue import DocumentType, document_type
from generator.comments import annotate
from generator.owntemplates import SHIPPED
from kb.errors import CailiangError, WrongUse
from kb.package import open_package

bp = Blueprint("templating", __name__)

ACTIONS = ("check", "comments", "add", "use")


@page(bp, "/templates")
def index() -> Page:
    """Every paper with the template in use."""
    return Page("templates.html", api.template_list(desk().base))


@page(bp, "/templates/<type>")
def versions(type: str) -> Page:
    """The versions of one paper's template."""
    return _page(document_type(type), {})


@bp.get("/templates/<type>/<version>.docx")
def content(type: str, version: str) -> Response:
    """One version, to be changed in Word or WPS."""
    kind = document_type(type)
    return _file(api.content(desk().base, kind, version), f"{kind.name}-模板-{version}.docx", DOCX)


@page(bp, "/templates/<type>", methods=["POST"])
def change(type: str) -> Page | Response:
    """Check a file, hand it in, or take up another version."""
    kind, typed = document_type(type), request.form
    do = typed.get("do", "check")
    try:
        if do not in ACTIONS:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
        if do == "use":
            api.use(desk().base, kind, typed.get("version", SHIPPED), typed.get("by", ""), now())
            return _page(kind, {}, said="已改用所选的版本")
        upload = _upload()
        if do == "add":
            found = api.add(desk().base, kind, upload.data, upload.name, typed.get("by", ""), now())
            return _page(kind, found, said=f"已收下“{upload.name}”，从此按它起草")
        checked = check(upload.data, base=snapshot, day=today(), kind=kind)
        if do == "comments":
            copy = annotate(open_package(upload.data), checked.findings, now())
            return _file(copy, f"{upload.name.removesuffix('.docx')}-批注.docx", DOCX)
        said = "没有发现问题，可以收下" if not checked.findings else ""
        return _page(kind, api.checked(checked, upload.name), said=said)
    except CailiangError as error:
        return _page(kind, error.to_dict(), line=str(error), status=422)


def _upload() -> Upload:
    """The file of the request. Raises WrongUse: none came."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise WrongUse("没有选择文件", hint="选择或者拖入 .docx")
    return Upload(upload_name(sent.filename), sent.read())


def _page(
    kind: DocumentType, found: Mapping[str, Any], *, said: str = "", line: str = "", status: int = 200
) -> Page:
    data = {**api.versions(desk().base, kind), **found}
    form = {"said": said, "line": line, "by": request.form.get("by", "")}
    return Page("template.html", data, form=form, status=status)
