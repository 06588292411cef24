"""Values on their way into a document: checked once before the render, printed exactly or refused.

A value is text, a whole number, a Decimal or a date; True and False steer conditions; lists and dictionaries
feed loops and attributes. Anything else (None, float, NaN, objects, subclasses of str) is refused with its
path, because it would print as something nobody typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup, escape

from kb.errors import BadValue

MAX_TEXT = 2_000_000  # characters of one value; XML readers stop at 10 MB of one text node
MAX_DEPTH = 16
MAX_DIGITS = 40

# Control characters, lone surrogates and noncharacters: not allowed in XML, or invisible in Word.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0010fff0-\U0010ffff]"
)
_BREAK = re.compile("\r\n?|\n|\t")
_AGAIN = '</w:t>{}<w:t xml:space="preserve">'
_BREAKS = {"\t": _AGAIN.format("<w:tab/>")}
_LINE = _AGAIN.format("<w:br/>")


def check_values(data: Mapping[str, Any]) -> None:
    """Refuse what can't be printed exactly, before anything is rendered.

    Args:
        data: the fields that the template uses; the others never reach the paper.

    Raises:
        BadValue: names the path of the value, as in ``evidence[2].name``.
    """
    for name, value in data.items():
        _check(value, name, 0)


def _check(value: Any, path: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        # isprintable() is the fast answer for nearly every text; the pattern decides about the rest.
        if not value.isprintable():
            _check_text(value, path)
        if len(value) > MAX_TEXT:
            raise BadValue(f"文字超过 {MAX_TEXT // 10_000} 万字", where=f"字段 {path}", hint="请改作附件")
    elif kind is dict or kind is list or kind is tuple:
        if depth >= MAX_DEPTH:
            raise BadValue(f"数据嵌套超过 {MAX_DEPTH} 层", where=f"字段 {path}", hint="请简化数据的层次")
        if kind is dict:
            _check_dict(value, path, depth)
        else:
            for at, item in enumerate(value):
                _check(item, f"{path}[{at}]", depth + 1)
    elif kind is int or kind is Decimal:
        _check_number(value, path)
    elif kind is not bool and kind is not date and kind is not datetime:
        raise _refusal(value, path)


def _check_dict(value: dict[Any, Any], path: str, depth: int) -> None:
    for key, item in value.items():
        if type(key) is not str:
            raise BadValue("键名应是文字", where=f"字段 {path} 的 {key!r}", hint="请改成文字键名")
        _check(item, f"{path}.{key}", depth + 1)


def _check_text(value: str, path: str) -> None:
    found = _ILLEGAL.search(value)
    if found:
        raise BadValue(
            f"第 {found.start() + 1} 个字符是不可见的控制字符 U+{ord(found[0]):04X}",
            where=f"字段 {path}",
            hint="请删去该字符后重试",
        )


def _check_number(value: int | Decimal, path: str) -> None:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise BadValue("不是有效的数（NaN 或无穷大）", where=f"字段 {path}", hint="请填写具体数额")
        # An exponent of a million would print as a million digits.
        if value and not -MAX_DIGITS < value.adjusted() < MAX_DIGITS:
            raise BadValue("数过大或过小", where=f"字段 {path}", hint="请核对数额")
    elif abs(value) >= 10**MAX_DIGITS:
        raise BadValue("数过大", where=f"字段 {path}", hint="请核对数额；编号请写成文字")


def _refusal(value: Any, path: str) -> BadValue:
    where = f"字段 {path}"
    if value is None:
        return BadValue("值为空（None/null）", where=where, hint='请填写；确实没有的，写空文字 ""')
    if isinstance(value, float):
        return BadValue(f"小数 {value!r} 不精确", where=where, hint='请写成文字（如 "1440.50"）或 Decimal')
    kind = type(value).__name__
    return BadValue(
        f"不支持 {kind} 类型的值", where=where, hint="请改成文字、整数、Decimal、日期、列表或字典"
    )


def printed_in_word(value: Any) -> str:
    """A value as it stands inside ``w:t``: line breaks and tabs become their elements, the rest is escaped.

    Text without breaks is handed back as it is, for the autoescape that follows to escape.
    """
    if type(value) is str and value.isprintable():
        return value
    # Markup: the breaks are elements now, so the text around them is escaped here.
    return Markup(_BREAK.sub(lambda found: _BREAKS.get(found[0], _LINE), escape(_plain(value))))


def printed_in_text(value: Any) -> str:
    """A value as it stands in a plain text element, such as the title in the document's properties."""
    return escape(_plain(value).replace("\r\n", "\n").replace("\r", "\n"))


def _plain(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is Decimal:
        return f"{value:f}"
    if kind is Markup:  # a text constant of the template, which Jinja2 escaped while it compiled
        return str(value.unescape())
    raise _unprintable(value)


def _unprintable(value: Any) -> BadValue:
    if isinstance(value, bool):
        return BadValue("“是/否”不能直接打印", hint="请写成 {{ '是' if 字段 else '否' }} 或 {% if %}")
    if isinstance(value, date):
        return BadValue("日期须写明格式", hint="请写 {{ 字段|日期 }}")
    if isinstance(value, dict | list | tuple):
        return BadValue("列表或字典不能直接打印", hint="请用 {% for %} 逐项打印，或 {{ 字段|join('、') }}")
    if isinstance(value, float):
        return BadValue("小数计算不精确，不能打印", hint="请先算好再填入")
    str(value)  # a missing field says its own name
    return BadValue("值不能打印", hint="请改成文字、整数或日期")


# -- filters ---------------------------------------------------------------------------------------------


def _as_decimal(value: Any) -> Decimal:
    if type(value) is int or type(value) is Decimal:
        return Decimal(value)
    if type(value) is str:
        try:
            number = Decimal(value.replace(",", "").strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise BadValue(f"“{_short(value)}”不是数额", hint="请填写数字，如 1440 或 1440.50")


def _as_date(value: Any) -> date:
    if isinstance(value, date):
        return value
    if type(value) is str:
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise BadValue(f"“{_short(value)}”不是日期", hint="请写成 2026-05-08 的形式")


def _short(value: Any) -> str:
    return str(value)[:20]


def date_in_figures(value: Any) -> str:
    """2026-05-08 → 2026年5月8日 (GB/T 9704-2012 writes the day without leading zeros)."""
    day = _as_date(value)
    return f"{day.year}年{day.month}月{day.day}日"


def date_in_characters(value: Any) -> str:
    """2026-05-08 → 二〇二六年五月八日."""
    from kb.numerals import to_chinese

    day = _as_date(value)
    year = "".join("〇一二三四五六七八九"[int(figure)] for figure in str(day.year))
    return f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日"


def amount(value: Any) -> str:
    """1440 → 1,440.00. More than two decimals is not an amount in yuan and is refused."""
    number = _as_decimal(value)
    cents = number.quantize(Decimal("0.01"))
    if cents != number:
        raise BadValue(f"“{number}”多于两位小数", hint="请先定到分")
    return f"{cents:,.2f}"


def amount_in_capitals(value: Any) -> str:
    """50000 → 伍万元整."""
    from kb.numerals import capital

    return capital(_as_decimal(value))


def joined(value: Any, between: str = "") -> str:
    """The items of a list with a text between them; every item is printed like a value of its own."""
    if not isinstance(value, list | tuple):
        raise BadValue(f"join 只用于列表，“{_short(value)}”不是", hint="请直接写 {{ 字段 }}")
    return between.join(_plain(item) for item in value)


def lines(value: Any) -> list[str]:
    """What ``{{p }}`` makes paragraphs of: the lines of a text, or the items of a list."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return re.split("\r\n?|\n", _plain(value))


def unchanged(value: Any) -> Any:
    """``|e`` of templates written for other tools: every value is escaped here anyway."""
    return value


FILTERS: dict[str, Callable[..., Any]] = {
    "日期": date_in_figures,
    "汉字日期": date_in_characters,
    "金额": amount,
    "大写金额": amount_in_capitals,
    "join": joined,
    "e": unchanged,
    "escape": unchanged,
}
# Filters of Jinja2 itself that keep a text a text and cannot blow it up.
BORROWED_FILTERS = ("default", "d", "length", "count", "upper", "lower", "trim", "first", "last")
