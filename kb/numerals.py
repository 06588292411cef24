"""Numbers as Chinese legal texts write them: article numbers, amounts, capital amounts.

Article numbers follow 立法法: 条 in plain Chinese numerals (一百二十二, 一千零二). Capital amounts follow the
practice for bills and receipts (伍万元整, 壹拾万零壹拾元伍角).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kb.errors import BadValue

_DIGITS = "零一二三四五六七八九"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_VALUES = {c: i for row in (_DIGITS, _CAPITALS) for i, c in enumerate(row)}
_VALUES |= {"〇": 0, "○": 0, "Ｏ": 0, "两": 2, "兩": 2, "貳": 2, "叄": 3, "陸": 6}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = (("亿", 10**8), ("万", 10**4))
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_CROWD = str.maketrans({"廿": "二十", "卅": "三十", "萬": "万", "億": "亿"})
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_MIXED = re.compile(r"(\d+(?:\.\d+)?)(亿|千万|百万|十万|万|千|百)")
_SCALES = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100}
MAX_CAPITAL = Decimal(10) ** 16
MAX_DIGITS = 40  # no number of a legal text is longer


def to_int(text: str) -> int:
    """Read a whole number: 一百二十二, 一二二, 二〇二一, 廿三, 两百, 122, １２２, 1,002.

    Raises:
        BadValue: not a number, one of more than 40 digits, or one that can be read in two ways (一百二).
    """
    plain_text = "".join(text.split()).translate(_WIDE)
    if len(plain_text) > MAX_DIGITS:
        raise _not_a_number(text)
    if plain_text.isascii():
        if _ARABIC.fullmatch(plain_text):
            return int(plain_text.replace(",", ""))
        raise _not_a_number(text)
    plain_text = plain_text.translate(_CROWD)
    if all(c in _VALUES for c in plain_text):
        return int("".join(str(_VALUES[c]) for c in plain_text))
    return _sum(plain_text, text)


def _not_a_number(text: str) -> BadValue:
    return BadValue(f"“{text[:40]}”不是可以认出的数字", hint="写成 一百二十二 或 122")


def _sum(text: str, whole: str) -> int:
    """A number with units; 亿 and 万 split it into parts below 10000."""
    for name, worth in _GROUPS:
        head, found, tail = text.rpartition(name)
        if found:
            below = _sum(tail, whole) if tail else 0
            if not head or below >= worth:
                raise _not_a_number(whole)
            return _sum(head, whole) * worth + below
    return _below_10000(text, whole)


def _below_10000(text: str, whole: str) -> int:
    total, digit, last, zero = 0, -1, 10**5, True
    for c in text:
        if c in _UNITS:
            unit = _UNITS[c]
            if unit >= last or digit == 0 or (digit < 0 and unit != 10):
                raise _not_a_number(whole)
            total += max(digit, 1) * unit
            digit, last, zero = -1, unit, False
        elif c not in _VALUES or digit > 0:
            raise _not_a_number(whole)
        else:
            zero = zero or _VALUES[c] == 0
            digit = _VALUES[c]
    if digit == 0 and total:
        raise _not_a_number(whole)
    if digit > 0:
        # 一百二 means 120 to one reader and 102 to another: a wrong article is worse than none.
        if last > 10 and not zero:
            raise _not_a_number(whole)
        total += digit
    return total


@lru_cache(1024)
def to_chinese(number: int) -> str:
    """Write a whole number as articles are numbered: 10 → 十, 110 → 一百一十, 1002 → 一千零二.

    Raises:
        BadValue: a negative number.
    """
    if number < 0:
        raise BadValue(f"{number} 不能写成条款序号", hint="序号是不小于零的整数")
    if number == 0:
        return "零"
    text = _spell(number, _DIGITS, ("", "十", "百", "千"))
    return text.removeprefix("一") if text.startswith("一十") else text


def _spell(number: int, digits: str, units: tuple[str, ...]) -> str:
    """A positive number, group by group; one 零 where places between are empty."""
    for name, worth in _GROUPS:
        if number >= worth:
            high, low = divmod(number, worth)
            text = _spell(high, digits, units) + name
            if low:
                text += ("零" if low < worth // 10 else "") + _spell(low, digits, units)
            return text
    text = ""
    for place in range(3, -1, -1):
        digit, number = divmod(number, 10**place)
        if digit:
            text += digits[digit] + units[place]
        elif text and number >= 10 ** (place - 1 if place else 0) and number:
            text += "零"
    return text


def parse_number(text: str) -> Decimal:
    """Read an amount without its unit: 五万, 3.5万, 1,440.00, 二十万, 1万5千, 零点五.

    Percentages are not read here.

    Raises:
        BadValue: not a number.
    """
    value = "".join(text.split()).translate(_WIDE)
    if value.isascii():
        return _decimal(value, text)
    if value[:1].isascii():
        total, pos, last = Decimal(0), 0, 10**9
        for m in _MIXED.finditer(value):
            scale = _SCALES[m[2]]
            if m.start() != pos or scale >= last:
                raise _not_a_number(text)
            total, pos, last = total + Decimal(m[1]) * scale, m.end(), scale
        rest = value[pos:]
        if pos == 0 or (rest and not re.fullmatch(r"\d+(?:\.\d+)?", rest)):
            raise _not_a_number(text)
        return total + Decimal(rest or 0)
    whole, point, part = value.partition("点")
    if not point:
        return Decimal(to_int(value))
    if not part or any(c not in _VALUES for c in part):
        raise _not_a_number(text)
    return Decimal(f"{to_int(whole)}." + "".join(str(_VALUES[c]) for c in part))


def _decimal(value: str, text: str) -> Decimal:
    if not re.fullmatch(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", value):
        raise _not_a_number(text)
    return Decimal(value.replace(",", ""))


def plain(amount: Decimal) -> str:
    """A decimal string without exponent or trailing zeros: 5E+4 → 50000, 1.50 → 1.5.

    Raises:
        BadValue: NaN or infinity.
    """
    if not amount.is_finite():
        raise BadValue(f"{amount} 不是金额", hint="写成 50000 或 1.5")
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def capital(amount: Decimal) -> str:
    """The capital form of an amount in yuan: 50000 → 伍万元整, 100010.5 → 壹拾万零壹拾元伍角.

    整 stands after 元 only; 零 stands before 分 where 角 is empty.

    Args:
        amount: yuan, from 0 up to below 10^16, with at most two decimals.

    Raises:
        BadValue: negative, too large, or finer than 分 (nothing is rounded silently).
    """
    try:
        exact = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        exact = False
    if not exact or amount < 0 or amount >= MAX_CAPITAL:
        raise BadValue(f"金额 {amount} 不能写成大写", hint="金额应当不小于零、小于一万万亿元、最多两位小数")
    yuan, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = _spell(yuan, _CAPITALS, ("", "拾", "佰", "仟")) + "元" if yuan else ""
    if not cents:
        return (text or "零元") + "整"
    if jiao:
        text += _CAPITALS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (_CAPITALS[fen] + "分" if fen else "")
