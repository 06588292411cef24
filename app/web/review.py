"""The reviewing desk: drop papers, read what is wrong beside the words it is about, take a commented copy.

Nothing that comes in is kept. A paper that can be commented travels back inside the page of its findings, so
that the button for the commented copy sends it again.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PureWindowsPath
from typing import IO, Any
from urllib.parse import quote

from flask import Blueprint, Request, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.api.papers import type_list
from app.api.review import MOST_SHOWN, Asked, Upload, commented, review_uploads
from app.web.desk import now, read_day, snapshot, today
from app.web.drafting import DOCX
from app.web.pages import Page, page
from generator.catalogue import document_type
from kb.citation import Days
from kb.errors import BadValue, CailiangError, WrongUse

bp = Blueprint("review", __name__)

MOST = 20
"""Megabytes that one request may carry; a paper with photographs is larger than any form."""
MOST_FILES = 60
ACTIONS = ("check", "comments")


class InMemory(Request):
    """A request whose files stay in memory: by default larger ones are spooled to disk while they arrive."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


@page(bp, "/review")
def blank() -> Page:
    """Where papers are dropped."""
    return _page({}, {})


@page(bp, "/review", methods=["POST"])
def review() -> Page | Response:
    """Check the files that came, or give back one of them with comments."""
    request.max_content_length = request.max_form_memory_size = MOST * 1024 * 1024
    try:
        typed = request.form
    except RequestEntityTooLarge:
        problem = WrongUse("文件太大", hint=f"每次合计不超过 {MOST} MB，请分几次检查")
        return _page({}, problem.to_dict(), line=str(problem), status=413)
    try:
        do = typed.get("do", "check")
        if do not in ACTIONS:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
        uploads, asked = _uploads(), _asked()
        if do == "comments":
            return _commented(uploads, asked)
        return _page(typed, review_uploads(uploads, snapshot(), asked, today()), uploads)
    except CailiangError as error:
        return _page(typed, error.to_dict(), line=str(error), status=400)


def _uploads() -> list[Upload]:
    """The files of the request, or the one that a page of findings sends back.

    Raises:
        WrongUse: none, or too many.
    """
    sent = [f for f in request.files.getlist("file") if f.filename]
    if len(sent) > MOST_FILES:
        raise WrongUse(f"一次最多检查 {MOST_FILES} 个文件", hint="请分几次检查")
    names = _unlike([upload_name(f.filename) for f in sent])
    uploads = [Upload(name, f.read()) for name, f in zip(names, sent, strict=True)]
    if not uploads and (again := request.form.get("again")):
        try:
            uploads = [Upload(upload_name(request.form.get("name")), base64.b64decode(again, validate=True))]
        except (binascii.Error, ValueError):
            raise BadValue("送回的文件不完整", hint="重新选择文件再检查") from None
    if not uploads:
        raise WrongUse("没有选择文件", hint="选择或者拖入 .docx、.txt、.md")
    return uploads


def upload_name(name: str | None) -> str:
    """A file's name without the folders that some browsers send, and short enough to show."""
    plain = PureWindowsPath(name or "").name or "未命名"
    return plain if len(plain) <= 120 else plain[:60] + "…" + plain[-50:]


def _unlike(names: Sequence[str]) -> list[str]:
    """Names made different where two files from different folders have the same."""
    out: list[str] = []
    for name in names:
        n, (stem, dot, ending) = 2, name.rpartition(".")
        while name in out:
            name, n = f"{stem}（{n}）{dot}{ending}", n + 1
        out.append(name)
    return out


def _asked() -> Asked:
    """What the form says of the papers.

    Raises:
        BadValue: not a day; NotFound: not a document type.
    """
    act = read_day(request.form.get("act", ""), "违法行为终了日")
    decided = read_day(request.form.get("decided", ""), "决定日")
    kind = request.form.get("type", "").strip()
    days = Days(act or decided, decided or act) if act or decided else None
    return Asked(document_type(kind) if kind else None, days)


def _commented(uploads: list[Upload], asked: Asked) -> Response:
    if len(uploads) > 1:
        raise WrongUse("批注一次只写一个文件", hint="先检查，再逐个下载")
    content = commented(uploads[0], snapshot(), asked, today(), now())
    name = quote(f"{uploads[0].name[: -len('.docx')]}-批注.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, mimetype=DOCX, headers=headers)


def _page(
    typed: Mapping[str, str],
    found: Mapping[str, Any],
    uploads: Sequence[Upload] = (),
    line: str = "",
    status: int = 200,
) -> Page:
    """The page of what was found; ``form`` holds what was typed, and the papers to be sent back."""
    faulty = {row["file"] for row in found.get("files", ()) if row["findings"]}
    again = {u.name: base64.b64encode(u.data).decode() for u in uploads if u.is_docx and u.name in faulty}
    form: dict[str, Any] = {name: typed.get(name, "") for name in ("act", "decided", "type")}
    form |= {"again": again, "line": line, "most": MOST, "most_shown": MOST_SHOWN}
    return Page("review.html", {**type_list(), **found}, form=form, status=status)
