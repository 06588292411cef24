"""The one clock: China time, whatever the machine's own zone is."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta, timezone

from kb.errors import WrongUse

CHINA = timezone(timedelta(hours=8), "CST")


def now() -> datetime:
    """This moment in China; ``CAILIANG_NOW`` (ISO, for tests and re-runs) stands in for it.

    Raises:
        WrongUse: CAILIANG_NOW is not an ISO moment.
    """
    fixed = os.environ.get("CAILIANG_NOW")
    if not fixed:
        return datetime.now(CHINA)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as e:
        hint = "写成 2026-11-22T09:00:00+08:00"
        raise WrongUse(f"CAILIANG_NOW 不是时间：{fixed}", hint=hint) from e
    return moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)


def today() -> date:
    """Today in China."""
    return now().date()
