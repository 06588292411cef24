"""The desk of dossiers: what one holds and lacks, its binding, the packet, the pack for the police."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, request, send_file

from app.api import cases as cases_api
from app.api import dossiers as api
from app.web.desk import desk, now, today
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.who import handler, who
from casework.packing import ZIP, plain
from generator.catalogue import STAGES
from kb.errors import CailiangError, WrongUse

bp = Blueprint("dossiers", __name__)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {".docx": DOCX, ".pdf": PDF, ".zip": ZIP}
ACTIONS = ("packet", "transfer", ".docx", ".pdf", ".zip")


@page(bp, "/dossier")
def index() -> Page:
    """The cases whose dossiers can be looked at."""
    return Page("dossiers.html", cases_api.case_list(desk().base, limit=200, role=who().role))


@page(bp, "/dossier/<path:id>", methods=["GET"])
def one(id: str) -> Page:
    """What the dossier of a case holds, in archive order, and what is missing."""
    return _one(id)


@page(bp, "/dossier/<path:id>", methods=["POST"])
def take(id: str) -> Page | Response:
    """Hand out what the pressed button names; the log says who took it."""
    typed = {name: request.form.get(name, "").strip() for name in ("do", "stage", "checker", "retention")}
    try:
        data, media, name = _made(id, typed)
    except CailiangError as error:
        return _one(id, typed, error)
    return send_file(io.BytesIO(data), media, as_attachment=True, download_name=name)


def _made(id: str, typed: dict[str, str]) -> tuple[bytes, str, str]:
    """The bytes asked for, their media type and a name. Raises WrongUse, NotForRole, NoPdf."""
    from casework.dossier import whole
    from casework.packing import zipped

    do, by, base = typed["do"], handler(), desk().base
    if do not in ACTIONS:
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
    short = plain(id.rpartition("/")[2])
    if do in ("packet", "transfer"):
        stage = typed["stage"] if do == "packet" else ""
        packet = api.packet_of(base, id, on=today(), stage=stage, transfer=do == "transfer")
        what = "移送材料" if do == "transfer" else "文书包"
        api.taken(base, id, what, by=by, at=now(), stage=stage, papers=len(packet.sheets))
        return packet.zip(), ZIP, f"{short}-{stage or what}.zip"
    how: Any = {"filer": by, "checker": typed["checker"], "retention": typed["retention"]}
    made = api.dossier_of(base, id, on=today(), **how)
    data = zipped(made.files()) if do == ".zip" else whole(made, do)
    api.taken(base, id, "卷宗", by=by, at=now())
    return data, MEDIA[do], f"{short}-卷宗{do}"


def _one(id: str, typed: dict[str, str] | None = None, problem: CailiangError | None = None) -> Page:
    data = api.contents(desk().base, id, today())
    form = {"typed": typed or {}, "stages": STAGES, "line": str(problem) if problem else ""}
    status = status_of(problem) if problem else 200
    return Page("dossier.html", data | (problem.to_dict() if problem else {}), form=form, status=status)
