"""Papers of a stored case: looked at before they leave, issued, declared void, scanned, checked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from app.api import casedesk
from app.api import cases as api
from app.api.preview import preview
from app.web.cases import _to
from app.web.desk import desk, now, read_day, snapshot, today
from app.web.drafting import DOCX, _file
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.review import upload_name
from app.web.who import handler, writer
from casework.cases import Cases
from casework.writing import StoredCase
from generator.catalogue import RECEIPT, DocumentType, document_type, document_types
from generator.events import served_papers
from kb.errors import BadValue, CailiangError, Refused, WrongUse

bp = Blueprint("casepapers", __name__)

GRAVE = ("否决", "扣分", "提示")
MOST = 50
"""Megabytes of a scan."""


# ---------------------------------------------------------------- before it leaves


@page(bp, "/casepaper/<path:id>", methods=["GET"])
def paper(id: str) -> Page:
    """One paper of a case as it would leave today, with what stands in its way."""
    handler()
    return _paper(id)


@page(bp, "/casepaper/<path:id>", methods=["POST"])
def make(id: str) -> Page | Response:
    """Take the draft, or issue the paper."""
    do, kind = request.form.get("do", ""), _kind()
    try:
        if do == "draft":
            handler()
            made = casedesk.draft_only(
                desk().base, id, kind.type, on=today(), party=_party(), key=_said("paper")
            )
            return _file(made.data, f"{kind.name}-{id.replace('/', '-')}-草稿.docx", DOCX)
        if do != "issue":
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 draft、issue")
        revision = _number("revision", "修订") or None
        how: Any = {"by": handler(), "at": now(), "party": _party(), "paper": _said("paper")}
        done = api.issue(desk().base, id, kind.type, revision=revision, **how)
    except CailiangError as error:
        return _paper(id, error)
    return _to(f"/cases/{id}?issued={done['id']}", done)


def _paper(id: str, problem: CailiangError | None = None) -> Page:
    kind = _kind()
    stored = Cases(desk().base.store).read(id)
    data: dict[str, Any] = {
        "case": id, "revision": stored.revision, "type": kind.type, "name": kind.name, "stage": kind.stage,
        "basis": list(kind.basis), "party": _party(), "paper": _said("paper"), "ready": False, "findings": [],
        "notes": [], "phrases": [], "blocks": [],
    }  # fmt: skip
    try:
        found = casedesk.ready(
            desk().base, snapshot(), id, kind.type, on=today(), party=_party(), key=_said("paper")
        )
    except CailiangError as error:
        problem = problem or error
    else:
        problem = problem or found.problem
        data["ready"] = found.problem is None
        if found.made is not None:
            told = sorted(found.made.findings, key=lambda f: GRAVE.index(f.severity))
            data |= {"findings": [f.to_dict() for f in told], "notes": list(found.made.notes)}
            data |= {"phrases": list(found.made.phrases), "blocks": preview(found.made.data, told)}
    if isinstance(problem, Refused) and problem.findings and not data["findings"]:
        data["findings"] = sorted(problem.findings, key=lambda f: GRAVE.index(f["severity"]))
    line = problem.message if isinstance(problem, Refused) and data["findings"] else str(problem or "")
    form = {"line": line, "parties": _parties(id, kind), "served": _served(stored, kind)}
    status = status_of(problem) if problem and request.method == "POST" else 200
    whole = {**(problem.to_dict() if problem else {}), **data}
    return Page("case_paper.html", whole, form=form, status=status)


def _served(stored: StoredCase, kind: DocumentType) -> list[tuple[str, str]]:
    """The papers that a receipt may be of, where there are several to choose from."""
    if kind.type != RECEIPT or stored.fault:
        return []
    found = [(e.name, document_type(e.type).name) for e in served_papers(stored.case)]
    return found if len(found) > 1 else []


def _parties(id: str, kind: DocumentType) -> int:
    body = Cases(desk().base.store).read(id).body
    return len(body.get("parties") or []) if kind.party == "one" else 1


def _kind() -> DocumentType:
    return document_type(_said("type"))


def _said(name: str) -> str:
    return str(request.values.get(name, "")).strip()


def _number(name: str, label: str) -> int:
    text = _said(name)
    if text and not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadValue(f"“{text[:20]}”不是数", where=label, hint="写阿拉伯数字")
    return int(text or 0)


def _party() -> int:
    return _number("party", "第几个当事人") or 1


# ---------------------------------------------------------------- one that left


@page(bp, "/papers/<int:number>", methods=["GET"])
def issued(number: int) -> Page:
    """One paper that was issued: its state and the files that came back to it."""
    return _issued(number)


@page(bp, "/papers/<int:number>", methods=["POST"])
def back(number: int) -> Page | Response:
    """Declare it void, keep its scan, check what was edited by hand."""
    request.max_content_length = (MOST + 1) * 1024 * 1024
    do = request.form.get("do", "")
    try:
        if do not in BACK:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(BACK))
        return BACK[do](number)
    except CailiangError as error:
        return _issued(number, problem=error)


def _void(number: int) -> Page:
    api.void(desk().base, str(number), request.form.get("why", ""), by=writer(), at=now())
    return _issued(number, said="已作废；文号保留，不会再用")


def _scan(number: int) -> Page:
    name, data = _upload()
    api.keep_scan(desk().base, str(number), name, data, by=writer(), at=now())
    return _issued(number, said=f"已存入扫描件“{name}”")


def _check(number: int) -> Page:
    name, data = _upload()
    keep = request.form.get("do") == "keep"
    by = writer() if keep else ""
    found = api.recheck(desk().base, str(number), name, data, by=by, at=now(), keep=keep)
    return _issued(number, recheck=found | {"name": name})


BACK: dict[str, Callable[[int], Page]] = {"void": _void, "scan": _scan, "check": _check, "keep": _check}


def _upload() -> tuple[str, bytes]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise WrongUse("没有选择文件", hint="选择或者拖入文件")
    return upload_name(sent.filename), sent.read()


def _issued(
    number: int,
    *,
    said: str = "",
    recheck: dict[str, Any] | None = None,
    problem: CailiangError | None = None,
) -> Page:
    data = api.one_paper(desk().base, number) | {"recheck": recheck}
    form = {"said": said, "line": str(problem) if problem else ""}
    data |= problem.to_dict() if problem else {}
    return Page("paper.html", data, form=form, status=status_of(problem) if problem else 200)


@bp.get("/papers/<int:number>/paper.docx")
def content(number: int) -> Response:
    """The paper as it was issued."""
    handler()
    found, data = api.paper_bytes(desk().base, str(number))
    return _file(data, f"{found['name']}{found['number_text']}.docx", DOCX)


@bp.get("/papers/<int:number>/files/<int:file>")
def attachment(number: int, file: int) -> Response:
    """A scan or an edited copy."""
    handler()
    row = next((a for a in api.one_paper(desk().base, number)["files"] if a["id"] == file), None)
    _, data = api.paper_bytes(desk().base, str(number), file)
    return _file(data, row["name"] if row else "附件", row["media"] if row else "application/octet-stream")


# ---------------------------------------------------------------- by hand


@page(bp, "/handwriting", methods=["GET"])
def handwriting() -> Page:
    """Blank forms, numbers handed out for handwriting, and those still to be registered."""
    return _handwriting()


@page(bp, "/handwriting", methods=["POST"])
def by_hand() -> Page:
    """Hand out numbers, register a paper, or declare a number void."""
    request.max_content_length = (MOST + 1) * 1024 * 1024
    form, base, do = request.form, desk().base, request.form.get("do", "")
    try:
        how: Any = {"by": writer(), "at": now()}
        if do == "reserve":
            count = _number("count", "几个")
            got = api.reserve(base, form.get("type", ""), count, form.get("holder", ""), **how)
            return _handwriting(said=f"已领 {'、'.join(got['numbers'])}", print=got)
        if do == "register":
            day = read_day(form.get("day", ""), "日期") or today()
            sent = request.files.get("file")
            scan = _upload() if sent is not None and sent.filename else None
            which: Any = {"day": day, "party": _party(), "scan": scan}
            made = api.register(base, _said("number"), _said("case"), **which, **how)
            kept = "，已存入扫描件" if scan else ""
            return _handwriting(said=f"已补登记《{made['name']}》{made['number_text']}{kept}", done=made)
        if do == "void":
            api.void(base, _said("number"), form.get("why", ""), **how)
            return _handwriting(said=f"{_said('number')}已作废")
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 reserve、register、void")
    except CailiangError as error:
        return _handwriting(problem=error)


def _handwriting(
    said: str = "",
    problem: CailiangError | None = None,
    done: dict[str, Any] | None = None,
    print: dict[str, Any] | None = None,
) -> Page:
    types = [{"type": k.type, "name": k.name, "stage": k.stage} for k in document_types()]
    data = {"types": types, "reserved": api.reserved(desk().base), "done": done}
    form = {
        "said": said,
        "line": str(problem) if problem else "",
        "case": _said("case"),
        "type": _said("type"),
        "print": print,
    }
    data |= problem.to_dict() if problem else {}
    return Page("handwriting.html", data, form=form, status=status_of(problem) if problem else 200)


@bp.get("/handwriting/blank.docx")
def blank() -> Response:
    """A document type to be filled by hand: one sheet, or one for each number that is named."""
    from app.api.blanks import form, forms

    kind, numbers = _kind(), [n for n in request.args.getlist("number") if n.strip()]
    if numbers:
        data = forms(desk().base, kind.type, [n.strip() for n in numbers], today())
    else:
        data = form(desk().base, kind.type, "", today()).data
    return _file(data, f"{kind.name}-空白.docx", DOCX)
