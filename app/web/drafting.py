"""The drafting desk: choose a paper, fill the case (or open a CASE.yaml), preview it, take the .docx.

Nothing is kept on the server: the case travels in the form, and every answer, faulty or not, gives back all
that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from app.api import papers as api
from app.api.preview import preview
from app.api.wording import put_in
from app.web.casevalues import flatten, read, tidy, to_yaml
from app.web.caseview import CaseForm, case_of, known_facts, label_of, owed_fields, wanted_wording
from app.web.desk import desk, snapshot, text_of, today
from app.web.pages import Page, page
from generator.casefile import CaseFile, case_from
from generator.catalogue import RECEIPT, DocumentType, document_type
from generator.events import served_papers
from kb.errors import CailiangError, Refused, WrongUse

bp = Blueprint("drafting", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ACTIONS = ("preview", "issue", "draft", "open", "save", "more", "clear")


@page(bp, "/draft")
def index() -> Page:
    """The document types; those that are called as asked, where something is asked."""
    asked = text_of("q")
    return Page("drafts.html", api.type_list(asked), form={"q": asked})


@page(bp, "/draft/<type>")
def blank(type: str) -> Page:
    """The empty form of one paper, or with its example filled in."""
    kind = document_type(type)
    typed: dict[str, str] = {}
    if text_of("example"):
        typed = flatten(case_from(api.example_case(kind)).model_dump(exclude_unset=True))
    elif benchmark := text_of("benchmark"):
        typed = {"violations.0.benchmark": benchmark}
    if not kind.block and not any(text == kind.type for text in typed.values()):
        typed["papers.0.type"] = kind.type
    return _page(kind, typed)


@page(bp, "/draft/<type>", methods=["POST"])
def draft(type: str) -> Page | Response:
    """Do what the pressed button says with the case that was typed."""
    kind = document_type(type)
    do = request.form.get("do", "preview")
    if do not in ACTIONS:
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(ACTIONS))
    typed = tidy(request.form)
    if said := wanted_wording():
        return _page(kind, put_in(snapshot(), typed, *said, kind.type, today()))
    if do == "open":
        return _open(kind, typed)
    if do == "clear":
        return _page(kind, {})
    data, faults = read(typed, known_facts(snapshot(), typed))
    if do == "more":
        return _page(kind, typed, spare=1)
    if do == "save":
        name = typed.get("id", "case").replace("/", "-")
        return _file(to_yaml(data).encode(), f"{name}.yaml", "application/yaml")
    case, more = case_of(data)
    faults = {**more, **faults}
    if case is None or faults:
        return _page(kind, typed, faults)
    return _make(kind, typed, case, do)


def _make(kind: DocumentType, typed: Mapping[str, str], case: CaseFile, do: str) -> Page | Response:
    """Draft the paper: to look at, to take, or refused with what stands in its way."""
    from casework.drafting import draft as make
    from casework.office.rosters import Roster

    try:
        made = make(
            kind.type,
            case,
            snapshot(),
            decided=today(),
            draft=do != "issue",
            party=_party(request.form),
            paper=_paper(kind, case, request.form),
            roster=Roster.of(desk().base.store),
        )
    except CailiangError as error:
        return _page(kind, typed, problem=error)
    if do != "preview":
        name = f"{kind.name}-{case.id.replace('/', '-')}{'-草稿' if made.watermark else ''}.docx"
        return _file(made.data, name, DOCX)
    paper = {
        "draft": made.watermark,
        "notes": list(made.notes),
        "phrases": list(made.phrases),
        "findings": [f.to_dict() for f in made.findings],
        "blocks": preview(made.data, made.findings),
    }
    return _page(kind, typed, paper=paper)


def _paper(kind: DocumentType, case: CaseFile, form: Mapping[str, str]) -> str:
    """Which paper of the type, of a receipt which served paper: the one asked for, else the first."""
    if kind.type == RECEIPT:
        names = [e.name for e in served_papers(case)]
        return form["paper"] if form.get("paper") in names else next(iter(names), "")
    return form.get("paper", "1") if any(p.type == kind.type for p in case.papers) else ""


def _party(form: Mapping[str, str]) -> int:
    """Whose letter it is: one letter a liable party."""
    text = form.get("for", "1")
    return int(text) if text.isascii() and text.isdigit() else 1


def _open(kind: DocumentType, typed: Mapping[str, str]) -> Page:
    """Fill the form from a CASE.yaml, uploaded or pasted; a faulty one changes nothing that was typed."""
    from generator.docx_text import decode
    from kb.importing.yaml_files import parse_yaml, validate

    pasted = request.form.get("yaml", "")
    sent = request.files.get("file")
    try:
        name = sent.filename if sent and sent.filename else "粘贴的内容"
        text = decode(sent.read(), name) if sent and sent.filename else pasted
        if not text.strip():
            raise WrongUse("没有选择文件，也没有粘贴内容", hint="选择或者粘贴一个 CASE.yaml")
        data, lines = parse_yaml(text, name)
        case = validate(CaseFile, data, lines)
    except CailiangError as error:
        return _page(kind, typed, problem=error, yaml=pasted)
    return _page(kind, flatten(case.model_dump(exclude_unset=True)))


def _page(
    kind: DocumentType,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    problem: CailiangError | None = None,
    paper: Mapping[str, Any] | None = None,
    spare: int = 0,
    yaml: str = "",
) -> Page:
    """The form with everything that was typed, and what came of it."""
    data: dict[str, Any] = {**api.type_row(kind), "fields": api.type_fields(kind), "case": dict(typed)}
    if problem is not None:
        data |= problem.to_dict()
    if isinstance(problem, Refused):
        paper = {"draft": True, "notes": [], "findings": list(problem.findings), "blocks": []}
    owed = owed_fields(paper["findings"]) if paper else {}
    data |= {"faults": {**owed, **(faults or {})}, "paper": paper}
    drawn = CaseForm(kind, snapshot(), typed, data["faults"], today(), spare)
    form = {
        "sections": drawn.sections(),
        "faults": [(path, label_of(path), wrong) for path, wrong in (faults or {}).items()],
        "line": str(problem) if problem else "",
        "yaml": yaml,
        "example": api.EXAMPLES.is_dir(),
        "for": request.form.get("for", "1"),
        "paper": request.form.get("paper", "1"),
        "papers": _choices(kind, typed),
        "parties": len({path.split(".")[1] for path in typed if path.startswith("parties.")}),
    }
    return Page("draft.html", data, form=form, status=422 if problem or faults else 200)


def _choices(kind: DocumentType, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """The papers to choose from: several of the type, or those that a receipt may be of."""
    if kind.type != RECEIPT:
        count = sum(p.endswith(".type") and text == kind.type for p, text in typed.items())
        return [(str(n), f"第{n}份") for n in range(1, count + 1)]
    case, _ = case_of(read(typed, known_facts(snapshot(), typed))[0])
    return [(e.name, document_type(e.type).name) for e in served_papers(case)] if case else []


def _file(content: bytes, name: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, mimetype=mimetype, headers=headers)
