"""The benchmark desk: a violation, its questions, and the lawful range as facts are given."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from app.api import benchmarks as api
from app.api import violations
from app.api.records import LIMBS
from app.web.desk import day_of, desk, now, read_day, snapshot, text_of, today
from app.web.pages import Page, json_answer, page, wants_json
from app.web.who import writer
from kb.discretion import Period
from kb.errors import BadValue, CailiangError
from kb.records import DOMAINS

bp = Blueprint("benchmarks", __name__)

FACT = "fact."
"""Before the name of a fact that is posted."""
DATES = frozenset({"act", "act_from", "act_to", "found", "decided", "on"})


@page(bp, "/benchmark")
def index() -> Page:
    """Violations by domain."""
    domain = text_of("domain")
    if domain and domain not in DOMAINS:
        raise BadValue(f"没有领域“{domain[:20]}”", where="domain", hint="可以是 " + "、".join(DOMAINS))
    data = api.benchmark_list(snapshot(), domain, day_of("on", "日期") or today())
    return Page("benchmarks.html", data, form={"domains": DOMAINS})


@page(bp, "/benchmark/<path:id>")
def benchmark(id: str) -> Page:
    """One violation, and what its facts lead to.

    A fault in a fact is an error for the twin, and a line beside the form on the page: what was typed stays.
    """
    base = snapshot()
    data = api.benchmark(base, id, day_of("on", "日期") or today())
    facts = {name: value for name, value in request.args.items() if name not in DATES}
    fault = ""
    answer: dict[str, Any] = {}
    try:
        answer = _answer(id, facts)
    except CailiangError as error:
        if wants_json():
            raise
        fault = str(error)
    form = {**{name: text_of(name) for name in DATES}, "facts": facts, "fault": fault}
    form["limbs"] = LIMBS
    form |= dict(zip(("act_from", "act_to"), _act_texts(), strict=True))
    data["earlier"] = violations.earlier_cases(desk().base, id)
    return Page("benchmark.html", {**data, **answer}, part="part/answer.html", form=form)


@page(bp, "/benchmark/<path:id>", methods=["POST"])
def begin(id: str) -> Response:
    """A new case with the facts and days that were weighed."""
    typed = request.form
    said = {name.removeprefix(FACT): text for name, text in typed.items() if name.startswith(FACT)}
    facts = {name: said[name] for name in violations.facts_of(snapshot(), id) if name in said}
    first, last = (_day(typed.get(name, "").strip()) for name in ("act_from", "act_to"))
    found = read_day(typed.get("found", "").strip(), "发现日期")
    act = api.period(first, last)
    made = violations.begin(desk().base, id, facts, act, found, by=writer(), at=now())
    to = f"/caseform/{made['id']}"
    return json_answer(made) if wants_json() else Response("", 303, {"Location": to})


def _answer(id: str, facts: dict[str, str]) -> dict[str, Any]:
    found, decided = day_of("found", "发现日期"), day_of("decided", "决定日期")
    on = day_of("on", "日期") or today()
    return api.answer(snapshot(), id, facts, _act(), found, decided, on)


def _act() -> Period | None:
    first, last = _act_texts()
    return api.period(_day(first), _day(last))


def _day(text: str) -> date | None:
    return read_day(text, "违法行为发生")


def _act_texts() -> tuple[str, str]:
    """``act=A..B`` as the command has it, or the two fields of the form."""
    first, _, last = text_of("act").partition("..")
    return text_of("act_from") or first, text_of("act_to") or last
