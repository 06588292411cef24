"""The plain record pages: leniency entries, phrases, case studies, procedures."""

from __future__ import annotations

from flask import Blueprint
from markupsafe import Markup

from app.api import records as api
from app.web.desk import day_of, snapshot, today
from app.web.pages import Page, page

bp = Blueprint("records", __name__)


@page(bp, "/leniency/<path:id>")
def leniency(id: str) -> Page:
    """One entry of the three lists."""
    return _record("leniency", id, "leniency.html", limbs=api.LIMBS)


@page(bp, "/phrase/<path:id>")
def phrase(id: str) -> Page:
    """One standard wording."""
    return _record("phrase", id, "phrase.html")


@page(bp, "/case/<path:id>")
def case(id: str) -> Page:
    """One typical case."""
    found = _record("case_study", id, "case.html")
    return Page(found.template, found.data, form={"body": prose(found.data["record"]["body"])})


@page(bp, "/procedure/<path:id>")
def procedure(id: str) -> Page:
    """One operating procedure."""
    return _record("procedure", id, "procedure.html")


def _record(kind: str, id: str, template: str, **form: object) -> Page:
    data = api.record(snapshot(), kind, id, day_of("on", "日期") or today())
    return Page(template, data, form=form)


def prose(markdown_text: str) -> Markup:
    """Markdown of a record as HTML; any HTML in it is shown as text, so a record can carry no script."""
    import markdown
    from markupsafe import escape

    return Markup(markdown.markdown(str(escape(markdown_text)), extensions=["tables"]))
