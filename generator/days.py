"""Days as papers write them, and the day a paper bears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from generator.docx_text import Line
from kb.errors import BadValue
from kb.findings import Place
from kb.numerals import to_int

_ZEROS = str.maketrans("○零０１２３４５６７８９", "〇〇0123456789")
_YEAR_DIGITS = "〇一二三四五六七八九"
DAY = re.compile(
    r"(?P<y>[\d０-９]{4}|[〇○零一二三四五六七八九]{4})\s*年\s*"
    r"(?P<m>[\d０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*月\s*"
    r"(?P<d>[\d０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
"""A whole day; 9月14日 alone is not one."""
# 2026年11月2日 alone on its line, with or without （印章）, or after the organ's name and seal in a form
_SIGNED = re.compile(
    rf"^(?:\s*|.{{0,40}}?(?:局|队|会|府|厅|所|处|院|署|[）)])[\s　]+)(?:{DAY.pattern})"
    r"\s*(?:[（(][^（）()]{1,10}[)）])?\s*$"
)
_PARTS = ("正文",)


def read_day(match: re.Match[str]) -> date | None:
    """The day a match of `DAY` writes; None where there is no such day."""
    return _day(match["y"], match["m"], match["d"])


@lru_cache(4096)
def _day(written: str, month: str, day: str) -> date | None:
    year = written.translate(_ZEROS)
    if not year.isascii():
        year = "".join(str(_YEAR_DIGITS.index(c)) for c in year)
    try:
        return date(int(year), to_int(month), to_int(day))
    except (ValueError, BadValue):
        return None


def days_in(text: str) -> Iterator[tuple[re.Match[str], date]]:
    """Every day of a text that exists."""
    for match in DAY.finditer(text):
        day = read_day(match)
        if day is not None:
            yield match, day


def own_day(lines: Sequence[Line]) -> tuple[Line, re.Match[str]] | None:
    """Where a paper bears its day: the last date at the foot of its body, before any annex."""
    found = None
    for line in lines:
        if line.place.part not in _PARTS:
            continue
        if "日" in line.text and (match := _SIGNED.match(line.text)):
            found = line, match
        elif found and line.text.lstrip().startswith("附"):
            break
    return found


def place_of(line: Line, match: re.Match[str], group: int | str = 0) -> Place:
    """The place of a match, or of one of its groups."""
    return replace(line.place, start=match.start(group), end=match.end(group))


def words(day: date) -> str:
    """2026年11月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
