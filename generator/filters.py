"""The filters of templates, and the methods of text: each keeps text a text, and none can blow it up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import islice
from typing import Any

from jinja2 import pass_context, pass_environment
from jinja2.filters import make_attrgetter, sync_do_slice
from markupsafe import Markup

from generator.rich import RICH, colour
from generator.values import MAX_TEXT, plain
from kb.errors import BadValue

MOST_ITEMS = 1_000_000
WORDING = "用语"
"""The one filter that asks the base."""
PHRASES = "_phrases"
"""Under which of a template's values it finds `generator.phrases.Pulled`; no tag can name it."""


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


@pass_context
def wording(context: Any, id: str, /, **given: Any) -> str:
    """``'phrase/…'|用语(slot=…)``: a written phrase of the base, filled; see `generator.phrases`."""
    pulled = context.get(PHRASES)
    if not callable(pulled):
        raise BadValue(f"这里取不到用语“{_short(id)}”", hint="用语在起草时取自知识库，用 cailiang draft")
    return bounded(pulled(id, {slot: plain(value) for slot, value in given.items()}))


# -- lists and texts -------------------------------------------------------------------------------------


@pass_environment
def joined(environment: Any, value: Any, between: str = "", attribute: Any = None) -> str:
    """The items of a list with a text between them; every item is printed like a value of its own."""
    if not isinstance(value, list | tuple | Iterator):
        raise BadValue(f"join 只用于列表，“{_short(value)}”不是", hint="请直接写 {{ 字段 }}")
    items: Iterable[Any] = value if attribute is None else map(make_attrgetter(environment, attribute), value)
    return together(plain(between), (plain(item) for item in items))


def lines(value: Any) -> list[Any]:
    """What ``{{p }}`` makes paragraphs of: the lines of a text, or the items of a list."""
    if type(value) in RICH:
        return [value]
    if isinstance(value, list | tuple):
        return [item if type(item) in RICH else plain(item) for item in value]
    return re.split("\r\n?|\n", plain(value))


def concatenated(parts: list[Any]) -> str:
    """``a ~ b``."""
    return together("", map(plain, parts))


def together(between: str, parts: Iterable[str]) -> str:
    """Texts joined, refused before they are past all measure."""
    texts, total = [], 0
    for text in islice(parts, MOST_ITEMS):
        texts.append(text)
        total += len(text) + len(between)
        if total > MAX_TEXT + len(between):
            raise _too_long()
    return between.join(texts)


def bounded(text: str) -> str:
    """A text that an expression made, unless it is past all measure."""
    if len(text) > MAX_TEXT:
        raise _too_long()
    return text


def _too_long() -> BadValue:
    return BadValue(f"文字超过 {MAX_TEXT // 10_000} 万字", hint="请核对标签是否把文字成倍地拼接")


def replaced(value: Any, old: str, new: str, count: int = -1) -> str:
    text, old, new = plain(value), plain(old), plain(new)
    many = text.count(old)
    if len(text) + many * max(0, len(new) - len(old)) > MAX_TEXT:
        raise _too_long()
    return text.replace(old, new, count)


def split(value: Any, between: str | None = None, most: int = -1) -> list[str]:
    return [str(piece) for piece in plain(value).split(between, most if 0 <= most < 100_000 else 100_000)]


_CONVERSION = re.compile(r"%(?P<flags>[-0+]?)(?P<width>\d{0,2})(?:\.(?P<places>\d))?(?P<kind>[sdf%])")


def formatted(value: Any, *arguments: Any) -> str:
    """``"%.2f"|format(amount)``: text, whole numbers and exact decimals in a narrow form of printf."""
    rest = iter(arguments)

    def one(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return "%"
        try:
            item = next(rest)
        except StopIteration:
            raise BadValue("format 的值比 % 少", hint="请核对 format 括号里的值") from None
        sign, width, places = found["flags"], found["width"], found["places"]
        if found["kind"] == "s":
            return plain(item).rjust(int(width or 0)) if sign != "-" else plain(item).ljust(int(width or 0))
        number = _as_decimal(item)
        digits = int(places or 6) if found["kind"] == "f" else 0
        number = int(number) if found["kind"] == "d" else round(number, digits)  # type: ignore[assignment]
        text = f"{number:{'+' if sign == '+' else ''}.{digits}f}"
        return (
            text.ljust(int(width or 0))
            if sign == "-"
            else (text.zfill(int(width or 0)) if sign == "0" else text.rjust(int(width or 0)))
        )

    form = plain(value)
    if "%" in _CONVERSION.sub("", form):
        raise BadValue("format 的格式不支持", hint="可用 %s、%d、%.2f，百分号本身写 %%")
    text = _CONVERSION.sub(one, form)
    if next(rest, None) is not None:
        raise BadValue("format 的值比 % 多", hint="请核对 format 括号里的值")
    return bounded(text)


_CLOCK = re.compile(r"(?:[^%]|%-?[YymdHMSj%])*")


def clocked(day: date, form: Any) -> str:
    """``day.strftime('%Y年%m月%d日')``, for the conversions that mean the same everywhere."""
    if type(form) is not str or len(form) > 100 or not _CLOCK.fullmatch(form):
        raise BadValue("strftime 的格式不支持", hint="可用 %Y %m %d %H %M %S，或者 {{ 字段|日期 }}")
    return day.strftime(form)


def rounded(value: Any, places: int = 0) -> int | Decimal:
    """Half a unit goes up, as on an invoice; a whole number stays one."""
    if type(places) is not int or not 0 <= places <= 10:
        raise BadValue("round 的位数应在 0 到 10 之间", hint="如 {{ 字段|round(2) }}")
    if type(value) is int:
        return value
    return _as_decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def whole(value: Any) -> int:
    return int(_as_decimal(value))


def batched(value: Any, size: int, fill: Any = None) -> list[list[Any]]:
    """Rows of ``size`` items each."""
    if type(size) is not int or not 1 <= size <= 1000:
        raise BadValue("batch 的个数应在 1 到 1000 之间", hint="如 {% for 行 in 列表|batch(3, '') %}")
    items = list(islice(value, MOST_ITEMS))
    rows = [items[at : at + size] for at in range(0, len(items), size)]
    if fill is not None and rows:
        rows[-1] += [fill] * (size - len(rows[-1]))
    return rows


def sliced(value: Any, count: int, fill: Any = None) -> list[list[Any]]:
    """The items dealt into ``count`` columns."""
    if type(count) is not int or not 1 <= count <= 1000:
        raise BadValue("slice 的列数应在 1 到 1000 之间", hint="如 {% for 列 in 列表|slice(3) %}")
    return list(sync_do_slice(list(islice(value, MOST_ITEMS)), count, fill))


def unchanged(value: Any) -> Any:
    """``|e`` of templates written for other tools: every value is escaped here anyway."""
    return value


def fill_colour(value: Any) -> str:
    """What ``{% cellbg %}`` puts behind a cell."""
    text = plain(value)
    return "auto" if text == "auto" else colour(text)


def span(value: Any) -> int:
    """What ``{% colspan %}`` makes of a cell."""
    number = _as_decimal(value)
    if number != int(number) or not 1 <= number <= 63:
        raise BadValue(f"“{_short(value)}”不是可以合并的列数", hint="请填写 1 到 63 的整数")
    return int(number)


def ends_with_paragraph(xml: Markup) -> str:
    """What a cell, header or text box must do, whatever its conditions left of it."""
    return xml if xml.endswith(("</w:p>", "<w:p/>")) else xml + Markup("<w:p/>")


def holds(xml: Markup, opening: str) -> str:
    """A table without rows, or a row without cells, is left out whole: Word refuses it."""
    return xml if opening in xml else Markup("")


FILTERS: dict[str, Callable[..., Any]] = {
    "日期": date_in_figures,
    "汉字日期": date_in_characters,
    "金额": amount,
    "大写金额": amount_in_capitals,
    WORDING: wording,
    "join": joined,
    "replace": replaced,
    "format": formatted,
    "batch": batched,
    "slice": sliced,
    "round": rounded,
    "int": whole,
    "e": unchanged,
    "escape": unchanged,
}
INNER: dict[str, Callable[..., Any]] = {
    "_lines": lines,
    "_joined": concatenated,
    "_fill": fill_colour,
    "_span": span,
    "_ends_with_paragraph": ends_with_paragraph,
    "_holds": holds,
}
"""What only the compiler writes."""
BORROWED_FILTERS = (
    *("default", "d", "length", "count", "upper", "lower", "capitalize", "title", "trim", "first", "last"),
    *("list", "reverse", "sort", "unique", "sum", "min", "max", "map", "select", "reject", "selectattr"),
    *("rejectattr", "items", "dictsort", "groupby", "abs", "string", "wordcount", "truncate"),
)
"""Filters of Jinja2 itself that keep a text a text and cannot blow it up."""
