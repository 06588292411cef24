"""What a cell says, as CASE.yaml would hold it: people write days, amounts and choices in many ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kb.errors import BadValue
from kb.numerals import parse_number

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(
    r"(?P<day>.*?\d日?)[\sT]*(?P<hour>\d{1,2})\s*[:：时点]\s*(?:(?P<minute>\d{1,2})\s*(?:[:：分].*)?)?"
)
_BETWEEN = re.compile(r"\s*(?:至|到|\.\.|—+|–|~|～|起至)\s*")
_YES, _NO = (
    frozenset({"是", "有", "√", "✓", "y", "yes", "true"}),
    frozenset({"否", "无", "×", "n", "no", "false"}),
)
_LOST = re.compile(r"\d{15}0+|\d(?:\.\d+)?[Ee]\+\d+")
DIGITS_KEPT = 15
"""Digits of a number that a spreadsheet keeps (IEEE 754): a longer code has to be text."""


def read_value(kind: str, options: Mapping[str, str | bool], value: Any) -> Any:
    """One cell as the value CASE.yaml would hold; what comes typed (from .jsonl) stays as it is.

    Args:
        kind: how the field is typed: line, long, code, day, moment, money, number, lines, choice, period.
        options: for a choice: what people write, and what the case file has for it.

    Raises:
        BadValue: the hint says how to write it.
    """
    if not isinstance(value, str):
        if isinstance(value, int) and not isinstance(value, bool) and kind in _TEXTS:
            return str(value)
        return value
    text = value.replace("\r\n", "\n").strip()
    if options:
        return _choice(options, text)
    return READERS.get(kind, str)(text)


def read_day(text: str) -> date:
    """2026-09-08, 2026/9/8, 2026.9.8, 2026年9月8日, 20260908. Raises BadValue."""
    m = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        return date(int(m[1]), int(m[2]), int(m[3])) if m else date.fromisoformat(text)
    except ValueError:
        raise _wrong(text, "日期", "写成 2026-08-15") from None


def _moment(text: str) -> datetime:
    m = _TIME.fullmatch(text)
    if not m:
        raise _wrong(text, "时间", "写成 2026-08-15 09:30")
    day = read_day(m["day"].strip())
    try:
        return datetime(day.year, day.month, day.day, int(m["hour"]), int(m["minute"] or 0))
    except ValueError:
        raise _wrong(text, "时间", "写成 2026-08-15 09:30") from None


def _when(text: str) -> date:
    """A day, or a day and an hour."""
    return _moment(text) if _TIME.fullmatch(text) else read_day(text)


def _period(text: str) -> dict[str, date]:
    days = [read_day(part) for part in _BETWEEN.split(text)]
    if not 1 <= len(days) <= 2:
        raise _wrong(text, "起止日期", "写成 2026-08-20至2026-09-08，或者一天")
    return {"start": days[0], "end": days[-1]}


def _amount(text: str) -> Decimal:
    bare = re.sub(r"^(?:人民币|[¥￥])|元?整?$", "", re.sub(r"\s+", "", text).replace("，", ","))
    try:
        return parse_number(bare)
    except BadValue:
        raise _wrong(text, "金额", "写成金额，如 50000 或者 5万") from None


def _number(text: str) -> int | str:
    """A document number: its sequence number in figures, or the whole number as printed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_KEPT else text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_KEPT):
        raise _wrong(text, "整数", "写成 1")
    return int(text)


def _code(text: str) -> str:
    if _LOST.fullmatch(text):
        raise BadValue(
            f"“{text}”被表格软件存成了数字，{DIGITS_KEPT}位以后已经丢失",
            hint="把这一列设为文本格式，重新填写全部位数",
        )
    return text


def _yes(text: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise _wrong(text, "是或者否", "写 是 或者 否")
    return word in _YES


def _choice(options: Mapping[str, str | bool], text: str) -> Any:
    if text not in options:
        raise _wrong(
            text,
            "可选的一项",
            "可以写：" + "、".join(k for k, v in options.items() if k != v or len(options) < 9),
        )
    return options[text]


def _lines(text: str) -> list[str]:
    if text.strip() == "无":  # looked into, and there is none
        return []
    return [line.strip() for line in text.splitlines() if line.strip()]


def _wrong(text: str, what: str, hint: str) -> BadValue:
    shown = text if len(text) <= 30 else text[:29] + "…"
    return BadValue(f"“{shown}”不是{what}", hint=hint)


_TEXTS = frozenset({"line", "long", "code"})
READERS: Mapping[str, Callable[[str], Any]] = {
    "code": _code,
    "day": read_day,
    "moment": _moment,
    "when": _when,
    "period": _period,
    "money": _amount,
    "number": _number,
    "count": _count,
    "yes": _yes,
    "lines": _lines,
}
