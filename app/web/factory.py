"""The app: one blueprint a desk, one guard, one renderer, one error handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, url_for

from app import clock
from app.web import (
    batch,
    benchmarks,
    caseediting,
    casepapers,
    cases,
    casetext,
    dossiers,
    drafting,
    editing,
    errors,
    filters,
    importing,
    laws,
    ledgers,
    office,
    reckoning,
    records,
    reports,
    review,
    search,
    security,
    settings,
    templating,
    who,
)
from app.web.desk import Desk

MEGABYTE = 1024 * 1024
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULTS: Mapping[str, Any] = {
    "ALLOWED_HOSTS": (),
    "MAX_CONTENT_LENGTH": 8 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": 4 * MEGABYTE,
    "MAX_FORM_PARTS": 2000,
    "SESSION_COOKIE_SAMESITE": "Strict",
    "SESSION_COOKIE_HTTPONLY": True,
    "SEND_FILE_MAX_AGE_DEFAULT": 7 * 24 * 3600,
}


def create_app(
    base: Any, now: Callable[[], datetime] = clock.now, config: Mapping[str, Any] | None = None
) -> Flask:
    """Build the web app over an open base.

    Args:
        base: `app.base.Base`; every request takes a fresh snapshot from it.
        now: the clock; tests hand in a fixed moment.
        config: overrides of `DEFAULTS`; ``ALLOWED_HOSTS`` adds to the names of this machine.
    """
    app = Flask(__name__)
    app.request_class = review.InMemory
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config or {})
    app.config["ALLOWED_HOSTS"] = LOCAL | {name.lower() for name in app.config["ALLOWED_HOSTS"]}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["cailiang"] = Desk(base, now)
    for part in (security, errors, filters, settings, cases):
        part.init_app(app)
    for desk in (
        search,
        laws,
        benchmarks,
        records,
        drafting,
        batch,
        who,
        cases,
        caseediting,
        casepapers,
        casetext,
        ledgers,
        reckoning,
        office,
        dossiers,
        reports,
        review,
        importing,
        editing,
        settings,
        templating,
    ):
        app.register_blueprint(desk.bp)
    app.template_global("asset")(_assets(Path(app.static_folder or "")))
    return app


def _assets(folder: Path) -> Callable[[str], str]:
    """Addresses of static files that change when the file does, so browsers may keep them for a week."""
    marks: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in marks:
            marks[name] = sha256((folder / name).read_bytes()).hexdigest()[:10]
        return url_for("static", filename=name, v=marks[name])

    return asset
