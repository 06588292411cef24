"""What every view needs: the base, the clock, and one snapshot for the length of a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, request

from kb.errors import BadValue

if TYPE_CHECKING:
    from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Desk:
    """The base the app stands on, the clock it asks, and what one request keeps for the next."""

    base: Any
    now: Callable[[], datetime]
    kept: dict[str, Any] = field(default_factory=dict)


def desk() -> Desk:
    return cast(Desk, current_app.extensions["cailiang"])


def snapshot() -> Snapshot:
    """The base as it stands now; taken once a request, so one page never mixes two revisions."""
    if "snapshot" not in g:
        g.snapshot = desk().base.snapshot()
    return cast("Snapshot", g.snapshot)


def now() -> datetime:
    """This moment in China, asked once a request."""
    if "now" not in g:
        g.now = desk().now()
    return cast(datetime, g.now)


def today() -> date:
    """Today in China."""
    return now().date()


def text_of(name: str) -> str:
    """A value of the address line, without surrounding blanks."""
    return request.args.get(name, "").strip()


def day_of(name: str, label: str) -> date | None:
    """A date of the address line; None where nothing was given.

    Raises:
        BadValue: not a calendar day.
    """
    return read_day(text_of(name), label)


def read_day(text: str, label: str) -> date | None:
    """Read 2026-08-15 (also 2026/8/15, 2026.8.15, 2026年8月15日); None for nothing.

    Raises:
        BadValue: not a calendar day.
    """
    import re

    text = text.strip()
    if not text:
        return None
    m = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text)
    try:
        return date(int(m[1]), int(m[2]), int(m[3])) if m else date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"“{text[:40]}”不是日期", where=label, hint="写成 2026-08-15 这样") from None
