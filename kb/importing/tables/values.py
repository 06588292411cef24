"""What a spreadsheet's number looks like on paper: 1, 20%, 3万元, and the serial 1-2 that became a date."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kb.numerals import plain

_ASIDE = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.')  # colours, literals, escapes, padding
_NUMBER = re.compile(r"(?P<before>[^0#?]*)[0#?][0#?,. ]*(?P<after>.*)")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')


@lru_cache(1024)
def is_date(pattern: str) -> bool:
    """Whether a number format shows a date or a time."""
    bare = _ASIDE.sub("", pattern.partition(";")[0]).lower()
    return bool(re.search(r"[ymdhs]", bare)) and bare != "general"


def number_text(value: float | str, pattern: str = "") -> str:
    """A stored number as its cell shows it, without rounding: the number format's %, 倍, 万元 go with it."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    shape = _NUMBER.fullmatch(pattern.partition(";")[0])
    before, after = (_literal(shape[name]) for name in ("before", "after")) if shape else ("", "")
    if "%" in after:
        number *= 100
    return before + plain(number) + after


def _literal(text: str) -> str:
    return _LITERAL.sub(lambda m: m[1] or m[2] or "", text).strip()


def date_text(serial: float, pattern: str, *, since_1904: bool = False) -> str:
    """A date cell, to the minute where it shows a time of day.

    Without a year it is a serial number (1-2) that the spreadsheet took for a date.
    """
    start = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 30)
    try:
        moment = start + dt.timedelta(seconds=round(serial * 86400))
    except (OverflowError, ValueError):
        return number_text(serial)
    bare = _ASIDE.sub("", pattern).lower()
    if "y" not in bare and "d" in bare:
        return f"{moment.month}-{moment.day}"
    if "y" in bare and "h" in bare:
        return moment.isoformat(" ", "minutes")
    return moment.date().isoformat()
