"""The editors' import: choose a file, see what was understood of it, map columns, hand it in as a draft.

Nothing is kept before it is handed in: the file travels back inside the page of its preview, and is read
again each time.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, get_args

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.api import tables as api
from app.api.review import Upload
from app.web.desk import desk, now, read_day, snapshot, today
from app.web.pages import Page, json_answer, page, wants_json
from app.web.review import upload_name
from kb.errors import BadValue, CailiangError, WrongUse
from kb.importing.incoming import RECORD_FILES, Incoming, read_incoming
from kb.importing.tables.headers import NAMES, UNUSED
from kb.importing.tables.importing import About
from kb.importing.tables.reading import FORMATS
from kb.records import KIND_NAMES, Domain

bp = Blueprint("importing", __name__)

MOST = 8
"""Megabytes of a file; it comes twice as long as it is when it travels back."""
MOST_SHOWN = 2000
"""Records that the page shows; the data and the draft have all."""
ACTIONS = ("preview", "draft")
KINDS = ("benchmark", "leniency")
FIELDS = ("instrument", "number", "url", "domain", "from", "to", "as", "by")
ACCEPTED = (*FORMATS, *RECORD_FILES)


@page(bp, "/edit/import")
def blank() -> Page:
    """Where a file is chosen."""
    return _page({}, {})


@page(bp, "/edit/import", methods=["POST"])
def read() -> Page | Response:
    """Show what was understood of a file, or hand it in."""
    request.max_content_length = request.max_form_memory_size = 2 * MOST * 1024 * 1024
    try:
        typed = request.form
    except RequestEntityTooLarge:
        return _too_large()
    upload: Upload | None = None
    try:
        do = typed.get("do", "preview")
        if do not in ACTIONS:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
        upload = _upload()
        found = read_incoming(
            upload.data, snapshot(), _about(), kind=_kind(), columns=_columns(typed), name=upload.name
        )
        if do == "draft":
            return _handed_in(found)
        return _page(typed, api.preview(found), upload)
    except CailiangError as error:
        return _page(typed, error.to_dict(), upload, line=str(error), status=422)


def _handed_in(found: Incoming) -> Response:
    number = api.hand_in(
        desk().base, found, author=request.form.get("by", ""), at=now(), read_at=snapshot().revision
    )
    if wants_json():
        return json_answer({"draft": number})
    return Response("", 303, {"Location": f"/edit/{number}"})


def _upload() -> Upload:
    """The file of the request, or the one that a preview sends back.

    Raises:
        WrongUse: none, a new one that nobody has seen the preview of, or too large; BadValue: cut short.
    """
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        if request.form.get("do") == "draft":
            raise WrongUse("新选的文件还没有预览", hint="先按“预览”，看过再提交")
        upload = Upload(upload_name(sent.filename), sent.read())
    elif again := request.form.get("again"):
        try:
            upload = Upload(upload_name(request.form.get("name")), base64.b64decode(again, validate=True))
        except (binascii.Error, ValueError):
            raise BadValue("送回的文件不完整", hint="重新选择文件再预览") from None
    else:
        raise WrongUse("没有选择文件", hint="选择或者拖入 " + "、".join(ACCEPTED))
    if len(upload.data) > MOST * 1024 * 1024:
        raise WrongUse(f"文件超过 {MOST} MB", where=upload.name, hint="删去图片或者分成几个文件")
    if not upload.data:
        raise WrongUse("文件是空的", where=upload.name, hint="请核对文件")
    return upload


def _kind() -> str:
    kind = request.form.get("as", "")
    if kind and kind not in KINDS:
        raise WrongUse(f"没有“{kind[:20]}”这种表", where="是哪一种", hint="可以是 " + "、".join(KINDS))
    return kind


def _about() -> About:
    """What the form says of the instrument. Raises BadValue: not a day, or not a domain."""
    typed = {name: request.form.get(name, "").strip() for name in ("instrument", "number", "url", "domain")}
    typed["domain"] = typed["domain"] or "通用"
    if typed["domain"] not in get_args(Domain):
        raise BadValue(f"没有“{typed['domain'][:20]}”这个领域", hint="可以是 " + "、".join(get_args(Domain)))
    from_ = read_day(request.form.get("from", ""), "施行日期")
    to = read_day(request.form.get("to", ""), "失效日期")
    return About(today=today(), from_=from_, to=to, **typed)  # type: ignore[arg-type]


def _columns(typed: Mapping[str, str]) -> list[str]:
    """The columns mapped by hand, as `parse_columns` reads them; a new file begins without any."""
    if (sent := request.files.get("file")) is not None and sent.filename:
        return []
    chosen = ((re.fullmatch(r"column-([A-Z]{1,3})", name), meaning) for name, meaning in typed.items())
    return [f"{meaning}={m[1]}" for m, meaning in chosen if m and meaning]


def _page(
    typed: Mapping[str, str],
    found: Mapping[str, Any],
    upload: Upload | None = None,
    line: str = "",
    status: int = 200,
) -> Page:
    """The page of a preview; ``form`` holds what was typed, and the file to be sent back."""
    form: dict[str, Any] = {name: typed.get(name, "") for name in FIELDS}
    form |= {
        "line": line,
        "most": MOST,
        "most_shown": MOST_SHOWN,
        "accept": ",".join(ACCEPTED),
        "domains": get_args(Domain),
    }
    form |= {"kinds": [(kind, KIND_NAMES[kind]) for kind in KINDS], "roles": (*NAMES.values(), UNUSED)}
    form["columns"] = {name: value for name, value in typed.items() if name.startswith("column-")}
    if upload is not None:
        form |= {"name": upload.name, "again": base64.b64encode(upload.data).decode()}
    return Page("edit_import.html", found, form=form, status=status)


def _too_large() -> Page:
    problem = WrongUse("文件太大", hint=f"不超过 {MOST} MB；删去图片或者分成几个文件")
    return _page({}, problem.to_dict(), line=str(problem), status=413)
