"""The desk of reports: what is sent to the judicial bureau, what is published, who is entrusted."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, send_file

from app.api import reports as api
from app.web.desk import day_of, desk, now, text_of, today
from app.web.pages import Page, page, wants_json
from app.web.who import who
from casework.report_files import text_of as text_of_cell
from kb.errors import CailiangError, WrongUse

if TYPE_CHECKING:
    from casework.reports import Report

bp = Blueprint("reports", __name__)


@page(bp, "/reports")
def show() -> Page:
    """One report, as the address asks for it, and the register of entrusted bodies."""
    data: dict[str, Any] = {"report": None, "entrusted": api.entrusted(desk().base, today())}
    problem, texts = None, []
    if text_of("report"):
        try:
            found = _report()
            data["report"] = _data(found)
            texts = [[[text_of_cell(c) for c in row] for row in part.rows] for part in found.tables]
        except CailiangError as error:
            problem = error
    year, number = api.last_quarter(today())
    form = {
        "line": str(problem) if problem else "",
        "kinds": api.KINDS,
        "since": text_of("from") or (today() - timedelta(days=30)).isoformat(),
        "until": text_of("to") or today().isoformat(),
        "quarter": text_of("quarter") or f"{year}-{number}",
        "year": text_of("year") or str(today().year - 1),
        "texts": texts,
        "query": request.query_string.decode("ascii", "ignore"),
    }
    return Page(
        "reports.html",
        data | (problem.to_dict() if problem else {}),
        form=form,
        status=422 if problem else 200,
    )


@bp.get("/reports/report<any('.docx', '.xlsx'):suffix>")
def file(suffix: str) -> Response:
    """The same report as a file."""
    report = _report()
    data = api.file_of(desk().base, report, suffix, now())
    name = f"{report.title}{suffix}"
    return send_file(io.BytesIO(data), api.MEDIA[suffix], as_attachment=True, download_name=name)


def _data(found: Report) -> dict[str, Any]:
    """The report; the twin of the yearly one names the cases behind every figure."""
    if found.name == "year" and wants_json():
        return api.year_data(desk().base, _number("year"))
    return found.to_dict()


def _report() -> Report:
    """The report that the address asks for. Raises WrongUse, BadValue."""
    kind, role, base = text_of("report"), who().role, desk().base
    if kind == "major":
        since, until = day_of("from", "起始日期"), day_of("to", "截止日期") or today()
        return api.major(base, since or until - timedelta(days=30), until, role=role)
    if kind == "quarter":
        return api.quarter(base, *api.read_quarter(text_of("quarter")), role=role)
    if kind == "year":
        return api.year(base, _number("year"))
    raise WrongUse(f"没有“{kind[:20]}”这种报告", where="report", hint="可以写 " + "、".join(api.KINDS))


def _number(name: str) -> int:
    text = text_of(name)
    if not (text.isascii() and text.isdigit() and 1990 <= int(text[:5]) <= 2999):
        raise WrongUse(f"“{text[:20]}”不是年份", where=name, hint="写成 2026")
    return int(text)
