"""The ledgers by year with rows by hand, the series of numbers, and what is due in all cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app.api import caselist, deadlines
from app.api import cases as api
from app.web.batch import _sheet
from app.web.cases import _role, paged
from app.web.desk import desk, now, read_day, snapshot, text_of, today
from app.web.drafting import _file
from app.web.errors import status_of
from app.web.pages import Page, page
from app.web.who import writer
from casework.ledgers import Ledger, ledger_of
from kb.errors import BadValue, CailiangError, WrongUse

bp = Blueprint("ledgers", __name__)

ROWS = 100
DUES = 60
DEEDS = ("add", "fill", "void")


@page(bp, "/ledgers")
def index() -> Page:
    """Which ledgers there are."""
    return Page("ledgers.html", api.ledger_list())


@page(bp, "/ledgers/<name>", methods=["GET"])
def one(name: str) -> Page:
    """One ledger and year; a table that holds over the years whole, unless a year is asked for."""
    return _one(ledger_of(name))


@page(bp, "/ledgers/<name>", methods=["POST"])
def enter(name: str) -> Page:
    """Enter a row by hand, write into its empty columns, or declare it void."""
    kind = ledger_of(name)
    try:
        done = _entered(kind, request.form.get("do", ""))
    except CailiangError as error:
        return _one(kind, problem=error)
    return _one(kind, done=done)


def _entered(kind: Ledger, do: str) -> dict[str, Any]:
    form, base = request.form, desk().base
    if do not in DEEDS:
        raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 " + "、".join(DEEDS))
    how: Any = {"by": writer(), "at": now()}
    if do == "add":
        cells = {key: form.get(key, "").strip() for key, _ in kind.columns}
        day = read_day(form.get("day", ""), "日期") or today()
        return api.ledger_add(base, kind.name, cells, day=day, case=form.get("case", "").strip(), **how)
    year, number = _row(form.get("row", ""))
    if do == "void":
        return api.ledger_void(base, kind.name, year, number, form.get("why", ""), **how)
    cells = {form.get("column", ""): form.get("text", "").strip()}
    return api.ledger_fill(base, kind.name, year, number, cells, **how)


def _row(text: str) -> tuple[int, int]:
    """Year and number of 2026-1. Raises BadValue."""
    year, _, number = text.strip().partition("-")
    if not (text.isascii() and year.isdigit() and number.isdigit() and len(year) == 4 and len(number) < 7):
        raise BadValue("没有写哪一条", where="row", hint="写编号，如 2026-1")
    return int(year), int(number)


def _one(kind: Ledger, done: dict[str, Any] | None = None, problem: CailiangError | None = None) -> Page:
    data = api.ledger(desk().base, kind.name, _year(kind.name), role=_role())
    where, rows = paged(data["rows"], ROWS)
    data |= where | {"rows": rows, "basis": kind.basis, "done": done}
    data["columns"] = [_column(kind, key, title) for key, title in kind.columns]
    form = {
        "this": today().year,
        "today": today().isoformat(),
        "standing": kind.standing,
        "by_hand": not kind.types,
        "line": str(problem) if problem else "",
        "typed": dict(request.form) if problem else {},
    }
    data |= problem.to_dict() if problem else {}
    return Page("ledger.html", data, form=form, status=status_of(problem) if problem else 200)


def _column(kind: Ledger, key: str, title: str) -> dict[str, Any]:
    hint = "2026-09-08" if key in kind.days else "2026-09-08T09:10" if key in kind.moments else ""
    return {
        "name": key,
        "title": title,
        "required": key in kind.required,
        "hint": hint,
        "options": list(kind.choices.get(key, ())),
    }


@bp.get("/ledgers/<name>.xlsx")
def sheet(name: str) -> Response:
    """The same as a sheet, as the role sees it."""
    year = _year(name)
    data = api.ledger_xlsx(desk().base, name, year, at=now(), role=_role())
    return _sheet(data, ledger_of(name).title + (f"{year}年" if year else "") + ".xlsx")


def _year(name: str) -> int | None:
    return api.ledger_year(name, _year_of(), today().year)


def _year_of() -> int | None:
    """The year of the address line. Raises BadValue."""
    text = text_of("year")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadValue(f"“{text[:20]}”不是年份", where="year", hint="写四位数字，如 2026")
    return int(text)


# ---------------------------------------------------------------- numbers


@page(bp, "/numbers", methods=["GET"])
def numbers() -> Page:
    """Every series of document numbers; of one, each number with what became of it."""
    return _numbers()


@page(bp, "/numbers", methods=["POST"])
def start() -> Page:
    """Let a series go on from the last number that was given elsewhere."""
    try:
        if (do := request.form.get("do", "")) != "start":
            raise WrongUse(f"没有“{do[:20]}”这个操作", where="do", hint="可以是 start")
        done = api.begin(desk().base, request.form.get("last", ""), by=writer(), at=now())
    except CailiangError as error:
        return _numbers(problem=error)
    return _numbers(done=done)


def _numbers(done: dict[str, Any] | None = None, problem: CailiangError | None = None) -> Page:
    code, base = text_of("code"), desk().base
    found = api.numbers(base, code, _year_of() or today().year) if code else {"code": "", "documents": []}
    where, documents = paged(found["documents"], ROWS)
    data = found | where | {"documents": documents}
    data |= {"series": api.series(base), "done": done}
    form = {"line": str(problem) if problem else "", "last": request.form.get("last", "") if problem else ""}
    data |= problem.to_dict() if problem else {}
    return Page("numbers.html", data, form=form, status=status_of(problem) if problem else 200)


# ---------------------------------------------------------------- what is due


@page(bp, "/deadlines")
def due() -> Page:
    """What is due in all cases that are under way."""
    what, officer = text_of("what"), text_of("officer")
    how: Any = {"on": today(), "role": _role(), "kept": desk().kept.setdefault("dues", {})}
    rows, unread = caselist.due_list(
        desk().base, snapshot(), officer=officer, everything=what == "all", **how
    )
    where, shown = paged(rows, DUES)
    data = {"on": today().isoformat(), **where, "late": sum(d["state"] == "逾期" for d in rows)}
    data["unread"] = unread
    form = {"query": {"what": what, "officer": officer}}
    return Page("deadlines.html", data | {"dues": shown}, form=form)


@bp.get("/deadlines.ics")
def calendar() -> Response:
    """The same for a calendar."""
    data = deadlines.due_calendar(desk().base, [], stamp=now(), every=True)
    return _file(data, "期限.ics", "text/calendar")
