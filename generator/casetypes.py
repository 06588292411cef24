"""The plain values a case file is made of, and the check digits of codes and identity numbers."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_validator

from kb.records import Strict

RESIDENT_CARD = "居民身份证"
_USCC = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
_RESIDENT = re.compile(r"\d{17}[\dX]")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("不能是空白")
    return text


def _digits_as_text(value: Any) -> Any:
    """Certificate numbers and codes of digits only need no quotes; the YAML reader keeps 0012 as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _exact_money(amount: Decimal) -> Decimal:
    if amount < 0 or amount != round(amount, 2):
        raise ValueError("金额写成不小于零、至多两位小数的数，如 50000 或者 1440.50")
    return amount


def in_reach(day: dt.date) -> dt.date:
    """The day, if a case can bear it: what counts years on from it must not run off the calendar.

    Raises:
        ValueError: in Chinese.
    """
    if not 1900 <= day.year <= 2999:
        raise ValueError("日期的年份不对，写成 2026-09-08")
    return day


def _in_reach_too(moment: dt.datetime) -> dt.datetime:
    in_reach(moment)
    return moment


def _period(value: Any) -> Any:
    """``2026-06-20..2026-07-01`` or one day."""
    if isinstance(value, dt.date):
        return {"start": value, "end": value}
    if isinstance(value, str):
        m = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", value.strip())
        if not m:
            raise ValueError("写成一天（2026-07-01）或者起止两天（2026-06-20..2026-07-01）")
        return {"start": m[1], "end": m[2] or m[1]}
    return value


Text = Annotated[str, AfterValidator(_not_blank)]
Code = Annotated[str, BeforeValidator(_digits_as_text), AfterValidator(_not_blank)]
Money = Annotated[Decimal, AfterValidator(_exact_money)]
Number = int | Text  # 文号: the sequence number, or the whole number as printed
Day = Annotated[dt.date, AfterValidator(in_reach)]
Moment = Annotated[dt.datetime, AfterValidator(_in_reach_too)]
When = Day | Moment  # the day alone where nobody wrote down the hour


class Span(Strict):
    """When the act ran; both days inclusive."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.end < self.start:
            raise ValueError("起止日期颠倒了")
        return self


Period = Annotated[Span, BeforeValidator(_period)]


def check_credit_code(code: str) -> None:
    """The last place of a 统一社会信用代码 agrees with the others (GB 32100); its region is not looked at.

    Raises:
        ValueError: what is wrong, in Chinese.
    """
    from stdnum.cn import uscc

    if not _USCC.fullmatch(code):
        raise ValueError("统一社会信用代码是18位数字和大写字母（没有 I、O、Z、S、V）")
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        raise ValueError("统一社会信用代码的校验码不对，核对每一位")


def check_resident_number(number: str) -> None:
    """The day and the last place of a 居民身份证 number are right (GB 11643); its region is not looked at.

    Raises:
        ValueError: what is wrong, in Chinese.
    """
    from stdnum.cn import ric

    if not _RESIDENT.fullmatch(number):
        raise ValueError("居民身份证号码是18位，末位可以是 X；别的证件写 id_type")
    if born_on(number) is None:
        raise ValueError("居民身份证号码的出生日期不对，核对第7至14位")
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError("居民身份证号码的校验码不对，核对每一位")


def born_on(number: str) -> dt.date | None:
    """The day of birth in a 居民身份证 number; None where there is none."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
