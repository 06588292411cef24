"""The reckoner: one period from its first day, and the surcharge on a fine, with how each was counted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.api import deadlines as api
from app.web.casevalues import READERS
from app.web.desk import day_of, desk, text_of, today
from app.web.errors import status_of
from app.web.pages import Page, page
from casework.cases import Cases
from kb.errors import BadValue, CailiangError, WrongUse

bp = Blueprint("reckoning", __name__)
MOST = 10**12
"""A fine, in yuan."""


@page(bp, "/reckoning")
def reckoning() -> Page:
    """What the address asks for: a period (`name`, `start`), or a surcharge (`case`, or `fine`, `pay_by`)."""
    data: dict[str, Any] = {"periods": api.period_names(), "period": None, "surcharge": None}
    problem: CailiangError | None = None
    try:
        if text_of("name"):
            data["period"] = api.one_period(desk().base, text_of("name"), _start())
        if text_of("case") or text_of("fine"):
            data["surcharge"] = _surcharge()
    except CailiangError as error:
        problem = error
        data |= error.to_dict()
    asked = ("name", "start", "case", "party", "fine", "pay_by", "until")
    form = {"line": str(problem) if problem else "", **{name: text_of(name) for name in asked}}
    return Page("reckoning.html", data, form=form, status=status_of(problem) if problem else 200)


def _start() -> Any:
    """The day, or the moment, a period runs from."""
    if not text_of("start"):
        raise WrongUse("没有写起算的日期", where="start", hint="写成 2026-09-16")
    return _read("when", "start", "起算的日期")


def _surcharge() -> dict[str, Any]:
    until = day_of("until", "算到哪一天") or today()
    if id := text_of("case"):
        party = text_of("party") or "1"
        if not (party.isascii() and party.isdigit() and 0 < int(party[:4]) == int(party)):
            raise WrongUse(f"“{party[:20]}”不是第几个当事人", where="party", hint="写成 1、2")
        Cases(desk().base.store).read(id)  # stored, or not found: the name of a file is no case here
        return api.surcharge_of(desk().base, id, until=until, party=int(party))
    fine, pay_by = _read("money", "fine", "罚款数额"), day_of("pay_by", "缴款期限的最后一日")
    if not 0 < fine < MOST:
        raise BadValue(f"“{text_of('fine')[:40]}”不是罚款的数额", where="罚款数额", hint="写元，如 50000")
    if pay_by is None:
        raise WrongUse("没有写缴款期限的最后一日", where="pay_by", hint="写成 2026-11-17")
    return api.surcharge_on(desk().base, fine, pay_by, until=until)


def _read(how: str, name: str, label: str) -> Any:
    """A value of the address line, read as a field of the case form is. Raises BadValue."""
    try:
        return READERS[how](text_of(name))
    except BadValue as e:
        raise BadValue(f"“{text_of(name)[:40]}”{e.message}", where=label, hint=e.hint) from None
