"""The ledgers by year, and what is due in all cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from app.api import caselist, deadlines
from app.api import cases as api
from app.web.batch import _sheet
from app.web.cases import _role, pager
from app.web.desk import desk, now, snapshot, text_of, today
from app.web.drafting import _file
from app.web.pages import Page, page
from casework.ledgers import ledger_of
from kb.errors import BadValue

bp = Blueprint("ledgers", __name__)

ROWS = 100
DUES = 60


@page(bp, "/ledgers")
def index() -> Page:
    """Which ledgers there are."""
    return Page("ledgers.html", api.ledger_list())


@page(bp, "/ledgers/<name>")
def one(name: str) -> Page:
    """One ledger and year; a table that holds over the years whole, unless a year is asked for."""
    data = api.ledger(desk().base, name, _year(name), role=_role())
    where = pager(len(data["rows"]), ROWS)
    start = (where["page"] - 1) * ROWS
    kind = ledger_of(name)
    data |= where | {"rows": data["rows"][start : start + ROWS], "basis": kind.basis}
    data["columns"] = [{"name": key, "title": title} for key, title in kind.columns]
    return Page("ledger.html", data, form={"this": today().year, "standing": kind.standing})


@bp.get("/ledgers/<name>.xlsx")
def sheet(name: str) -> Response:
    """The same as a sheet, as the role sees it."""
    year = _year(name)
    data = api.ledger_xlsx(desk().base, name, year, at=now(), role=_role())
    return _sheet(data, ledger_of(name).title + (f"{year}年" if year else "") + ".xlsx")


def _year(name: str) -> int | None:
    text = text_of("year")
    if not text:
        return api.ledger_year(name, None, today().year)
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadValue(f"“{text[:20]}”不是年份", where="year", hint="写四位数字，如 2026")
    return int(text)


@page(bp, "/deadlines")
def due() -> Page:
    """What is due in all cases that are under way."""
    what, officer = text_of("what"), text_of("officer")
    how: Any = {"on": today(), "role": _role(), "kept": desk().kept.setdefault("dues", {})}
    rows = caselist.due_list(desk().base, snapshot(), officer=officer, everything=what == "all", **how)
    where = pager(len(rows), DUES)
    start = (where["page"] - 1) * DUES
    data = {"on": today().isoformat(), **where, "late": sum(d["state"] == "逾期" for d in rows)}
    form = {"query": {"what": what, "officer": officer}}
    return Page("deadlines.html", data | {"dues": rows[start : start + DUES]}, form=form)


@bp.get("/deadlines.ics")
def calendar() -> Response:
    """The same for a calendar."""
    data = deadlines.due_calendar(desk().base, [], stamp=now(), every=True)
    return _file(data, "期限.ics", "text/calendar")
