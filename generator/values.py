"""Values on their way into a document: checked once before the render, printed exactly or refused.

A value is text, a whole number, a Decimal or a date; an image, rich text, a listing or a document
(:mod:`generator.rich`); True and False steer conditions; lists and dictionaries feed loops and attributes.
Anything else (None, float, NaN, objects, subclasses of str) is refused with its path, because it would print
as something nobody typed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from generator.rich import RICH, Rich
from kb.errors import BadValue

# Characters no author types (plane 16, end of the private use area) open and close the tags of the compiled
# source, so braces in ordinary text, attributes or values are never read as a tag.
OPEN, CLOSE, MARK = "\U0010fff0", "\U0010fff1", "\U0010fff2"

MAX_TEXT = 2_000_000  # characters of one value; XML readers stop at 10 MB of one text node
MAX_DEPTH = 16
MAX_DIGITS = 40

# Control characters, lone surrogates and noncharacters: not allowed in XML, or invisible in Word.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0010fff0-\U0010ffff]"
)
_BREAK = re.compile("\r\n?|\n|\t")
LONG = 128  # characters; shorter values are accounted for where the loop begins
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
    elif kind is not bool and kind is not date and kind is not datetime and kind not in RICH:
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


class Purse(threading.local):
    """What the render in this thread may still cost, in characters, and the rich values it has printed.

    A loop pays as it begins for what its rounds will print, long texts when they are printed: a short
    template cannot fill the memory or the day, whatever it multiplies.
    """

    MOST = 64 << 20  # what `open_package` would refuse to open again

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        """A render begins."""
        self.left = self.MOST
        self.rich: list[Any] = []

    def pay(self, characters: int) -> None:
        """Raise BadValue where the render would grow past all measure."""
        self.left -= characters
        if self.left < 0:
            raise BadValue(
                f"循环次数或者文字太多，成文会超过 {self.MOST >> 20} MB",
                hint="请核对循环是否多套了一层；大量内容请分成几份文书",
            )


PURSE = Purse()


def printed_in_word(value: Any) -> str:
    """A value as it stands inside ``w:t``: line breaks and tabs become their elements, the rest is escaped.

    Text without breaks is handed back as it is, for the autoescape that follows to escape. Of a rich value
    only its number is printed; `generator.finish` puts it there once the part stands.
    """
    kind = type(value)
    if kind is str:
        if len(value) > LONG:
            PURSE.pay(len(value))
        if value.isprintable():
            return value  # type: ignore[no-any-return]
    elif kind in RICH:
        PURSE.rich.append(value)
        return f"{MARK}{len(PURSE.rich) - 1}{MARK}"
    # Markup: the breaks are elements now, so the text around them is escaped here.
    return Markup(_BREAK.sub(lambda found: _BREAKS.get(found[0], _LINE), escape(plain(value))))


def printed_in_text(value: Any) -> str:
    """A value as it stands in a plain text element, such as the title in the document's properties."""
    return escape(plain(value).replace("\r\n", "\n").replace("\r", "\n"))


def plain(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is Decimal:
        return f"{value:f}"
    if kind is Markup:  # a text constant of the template, which Jinja2 escaped while it compiled
        return str(value.unescape())
    if kind is Rich:
        return str(value.text)
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
