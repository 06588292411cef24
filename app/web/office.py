"""The desk of the office: what waits, what is published, the registers, and a case's recordings and score."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app.api import cases as cases_api
from app.api import office as api
from app.web.batch import XLSX
from app.web.desk import day_of, desk, now, read_day, text_of, today
from app.web.drafting import DOCX, _file
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.who import handler, who, writer
from casework.ledgers import BY_NAME, LEDGERS
from kb.errors import CailiangError, WrongUse
from kb.records import DOMAINS

bp = Blueprint("office", __name__)

REGISTERS = tuple(x.name for x in LEDGERS if not x.types)
"""The ledgers into which rows are entered by hand."""
DEEDS = ("publish", "withdraw", "end")
HTML = "text/html"


@page(bp, "/office", methods=["GET"])
def index() -> Page:
    """What waits on a day, and every decision that is published or ought to be."""
    return _index()


@page(bp, "/office", methods=["POST"])
def act() -> Page:
    """Enter that a decision was published, withdrawn, or that its display ended."""
    form, base, do = request.form, desk().base, request.form.get("do", "")
    try:
        if do not in DEEDS:
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(DEEDS))
        number, day = form.get("number", ""), read_day(form.get("day", ""), "日期") or today()
        how: Any = {"day": day, "by": writer(), "at": now()}
        if do == "publish":
            api.publish(base, number, address=form.get("address", "").strip(), **how)
        else:
            api.take_back(base, number, why=form.get("why", ""), ended=do == "end", **how)
    except CailiangError as error:
        return _index(problem=error)
    return _index(said=f"已登记 {number}")


def _index(said: str = "", problem: CailiangError | None = None) -> Page:
    on = day_of("on", "日期") or today()
    base = desk().base
    data = api.overview(base, on)
    data |= {
        "publications": api.publication_list(base, on)["publications"],
        "review": api.review_list(base, on),
        "domains": list(DOMAINS),
        "registers": [{"name": n, "title": BY_NAME[n].title} for n in REGISTERS],
    }
    form = {"said": said, "line": str(problem) if problem else "", "today": today().isoformat()}
    data |= problem.to_dict() if problem else {}
    return Page("office.html", data, form=form, status=status_of(problem) if problem else 200)


@bp.get("/office/basis.xlsx")
def basis() -> Response:
    """The provisions a post or a sector applies."""
    how = {"post": text_of("post"), "domain": text_of("domain")}
    data = api.basis_xlsx(desk().base, today(), at=now(), **how)
    return _file(data, "执法依据清单.xlsx", XLSX)


@bp.get("/office/review.xlsx")
def review() -> Response:
    """The catalogue of decisions that need review."""
    return _file(api.review_xlsx(desk().base, today(), at=now()), "法制审核目录.xlsx", XLSX)


@bp.get("/office/inspections.xlsx")
def inspections() -> Response:
    """The inspections of this year."""
    data = api.inspection_xlsx(desk().base, today().year, today(), at=now())
    return _file(data, f"涉企行政检查{today().year}年.xlsx", XLSX)


@bp.get("/office/public.<any('json', 'html'):kind>")
def public(kind: str) -> Response:
    """The list for the public, to be put on the agency's own site."""
    files = api.public_files(desk().base, today())
    name = "publications.json" if kind == "json" else "index.html"
    return _file(files[name], name, "application/json" if kind == "json" else HTML)


# ---------------------------------------------------------------- one case


@page(bp, "/office/case/<path:id>")
def case(id: str) -> Page | Response:
    """The recordings and the score sheet of a case, and the sheet to re-key; or one of them as a file."""
    if what := text_of("file"):
        return _case_file(id, what)
    base = desk().base
    data = api.recordings(base, id, role=who().role if who().clear else cases_api.NOBODY)
    return Page("office_case.html", data | {"score": api.score(base, id, today()).to_dict()})


def _case_file(id: str, what: str) -> Response:
    base, name = desk().base, id.replace("/", "-")
    if what in ("rekey.xlsx", "rekey.html"):
        suffix = what.removeprefix("rekey")
        data = api.rekey_file(base, id, suffix, on=today(), by=handler(), at=now())
        return _file(data, f"录入表-{name}{suffix}", XLSX if suffix == ".xlsx" else HTML)
    if what in ("score.docx", "score.xlsx"):
        suffix = what.removeprefix("score")
        data = api.score_file(api.score(base, id, today()), suffix, at=now())
        return _file(data, f"评分表-{name}{suffix}", XLSX if suffix == ".xlsx" else DOCX)
    if what == "recordings.xlsx":
        data = api.recordings_xlsx(base, id, at=now(), role=who().role if who().clear else cases_api.NOBODY)
        return _file(data, f"音像记录-{name}.xlsx", XLSX)
    hint = "可以是 rekey.xlsx、rekey.html、score.docx、score.xlsx、recordings.xlsx"
    raise WrongUse(f"没有“{what[:30]}”这个文件", where="file", hint=hint)
