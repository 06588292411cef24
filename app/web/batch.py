"""The batch desk: a table of rows is uploaded, understood, checked, made, stopped, gone on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from app.api import batch as api
from app.api.batches import BUSY, DONE, STOPPED, Batches
from app.api.papers import type_list
from app.web.desk import desk, snapshot, today
from app.web.errors import status_of
from app.web.pages import Page, json_answer, page, wants_json
from app.web.review import upload_name
from casework.batch.mapping import UNUSED, shown
from casework.batch.rows import FORMATS
from generator.catalogue import document_type
from kb.errors import CailiangError, WrongUse
from kb.importing.yaml_files import parse_yaml

bp = Blueprint("batch", __name__)

MOST = 16
"""Megabytes of a table."""
MOST_SHOWN = 200
"""Sorts of faults that the page shows; the data has all."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTIONS = ("map", "check", "start", "stop", "remove")


def batches() -> Batches:
    """The batches of this desk's base; one object for all requests, since it knows the threads."""
    found: Batches = desk().kept.setdefault("batches", Batches(desk().base, desk().now))
    return found


@page(bp, "/batch")
def index() -> Page:
    """Where a table is uploaded, and the batches that are kept."""
    return _index({})


@page(bp, "/batch", methods=["POST"])
def upload() -> Page | Response:
    """Keep a table, once it could be read."""
    request.max_content_length = request.max_form_memory_size = (MOST + 1) * 1024 * 1024
    try:
        typed = request.form
    except RequestEntityTooLarge:
        problem = WrongUse("文件太大", hint=f"不超过 {MOST} MB；请分成几个文件")
        return _index({}, problem, 413)
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise WrongUse("没有选择文件", hint="选择或者拖入 " + "、".join(FORMATS))
        rows, shared = sent.read(), _shared()
        said = parse_yaml(shared, "底稿")[0] if shared.strip() else {}
        asked = api.Asked(document_type(typed.get("type", "")), rows, upload_name(sent.filename), said)
        api.prepare(asked, snapshot(), today())
        id = batches().add(asked, shared)
    except CailiangError as error:
        return _index(typed, error, 422)
    return _to(id)


@page(bp, "/batch/<id>", methods=["GET"])
def one(id: str) -> Page:
    """One batch: what its columns mean, what was found, how far it is, what came of it."""
    return _one(id)


@page(bp, "/batch/<id>", methods=["POST"])
def act(id: str) -> Page | Response:
    """Do what the pressed button says."""
    do, kept = request.form.get("do", ""), batches()
    try:
        if do == "map":
            kept.map(id, _columns(request.form))
        elif do == "check":
            kept.check(id, request.form.get("by", ""))
        elif do == "start":
            kept.start(id, request.form.get("by", ""))
        elif do == "stop":
            kept.stop(id)
        elif do == "remove":
            kept.remove(id)
            return json_answer({"removed": id}) if wants_json() else Response("", 303, {"Location": "/batch"})
        else:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
    except CailiangError as error:
        return _one(id, error)
    return _to(id)


@bp.get("/batch/<id>/letters.zip")
def letters(id: str) -> Response:
    """The papers with their report."""
    said = batches().state(id)
    if said["state"] != DONE:
        raise WrongUse("这个批次还没有做完", hint="做完后再下载")
    name = f"{said['type_name']}-{said['name'].rpartition('.')[0] or said['name']}.zip"
    return send_file(batches().letters(id), "application/zip", as_attachment=True, download_name=name)


@bp.get("/batch/<id>/report.xlsx")
def report(id: str) -> Response:
    """The report sheet alone."""
    if batches().state(id)["state"] != DONE:
        raise WrongUse("这个批次还没有做完", hint="做完后再下载")
    return _sheet(batches().report(id), "批次报告.xlsx")


@bp.get("/batch/empty/<type>.xlsx")
def empty(type: str) -> Response:
    """A table to fill for one document type."""
    kind = document_type(type)
    return _sheet(api.empty_table(kind, snapshot()), f"{kind.name}-行表.xlsx")


# ---------------------------------------------------------------- pages


def _index(typed: Mapping[str, str], problem: CailiangError | None = None, status: int = 200) -> Page:
    kept = batches()
    data: dict[str, Any] = {"batches": [kept.state(id) for id in kept.ids()], **type_list()}
    form = {
        "typed": typed,
        "most": MOST,
        "accept": ",".join(FORMATS),
        "line": str(problem) if problem else "",
    }
    return Page("batches.html", data | (problem.to_dict() if problem else {}), form=form, status=status)


def _one(id: str, problem: CailiangError | None = None) -> Page:
    kept = batches()
    state = kept.state(id)
    data: dict[str, Any] = {**state, "table": None}
    if state["state"] not in (*BUSY, DONE):
        try:
            data["table"] = api.table(api.prepare(kept.asked(id), snapshot(), today()))
        except CailiangError as error:
            problem = problem or error
    fields = api.fields_of(document_type(state["type"]), snapshot(), kept.asked(id).shared)
    form: dict[str, Any] = {
        "busy": state["state"] in BUSY,
        "begun": state["state"] in (*BUSY, STOPPED, DONE),
        "fields": [(_first(path), f.label) for path, f in fields.by_path.items()],
        "unused": UNUSED,
        "by_hand": dict(c.partition("=")[::2] for c in kept.note(id)["columns"]),
        "most_shown": MOST_SHOWN,
        "line": str(problem) if problem else state["line"],
    }
    if problem:
        data |= problem.to_dict()
    status = status_of(problem) if problem else 200
    return Page("batch.html", data, part="part/batch.html", form=form, status=status)


def _first(pattern: str) -> str:
    """A field's path with the first of every list, as it is typed by hand."""
    return shown(tuple(0 if step == "*" else step for step in pattern.split(".")))


def _shared() -> str:
    """The shared case file, uploaded or pasted; a saved case of the drafting desk is one."""
    from generator.docx_text import decode

    sent = request.files.get("shared")
    if sent is not None and sent.filename:
        return decode(sent.read(), upload_name(sent.filename))
    return request.form.get("yaml", "")


def _columns(typed: Mapping[str, str]) -> list[str]:
    """The columns mapped by hand, as `map_columns` reads them."""
    chosen = ((re.fullmatch(r"column-([A-Z]{1,3})", name), said.strip()) for name, said in typed.items())
    return [f"{m[1]}={said}" for m, said in chosen if m and said]


def _to(id: str) -> Response:
    if wants_json():
        return json_answer(batches().state(id))
    return Response("", 303, {"Location": f"/batch/{id}"})


def _sheet(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, mimetype=XLSX, headers=headers)
