"""What a document type may ask of its own: the fields an officer fills for one paper.

``document.yaml`` writes them among its `fields`, by ``name`` instead of ``path``; `ownfields` reads the
values of a case by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TYPES = {
    "text": "一段文字",
    "paragraphs": "文字，一行一段，或者一列",
    "date": "日期，如 2026-09-08",
    "time": "日期和时间，如 2026-09-08 09:10",
    "money": "金额，不小于零、至多两位小数，如 50000 或者 1440.50",
    "number": "一个数，如 3",
    "choice": "下列之一",
    "ticks": "下列中的一项或者几项，写成一列",
    "yes": "true 或者 false",
    "rows": "一列，每项是“字段: 值”",
    "citations": "一列引用，如 [《中华人民共和国行政处罚法》第五十五条]",
    "person": "姓名，或者“name: 姓名”加其他字段",
}
"""Each type, and how a value of it is written."""

IN_ROWS = ("text", "date", "time", "money", "number", "choice", "yes")
"""Types a column of a table may have."""

PERSON = (
    "name",
    "sex",
    "age",
    "id_type",
    "id_number",
    "certificate",
    "unit",
    "post",
    "address",
    "phone",
    "relation",
)
"""What may be said of a person; only the name has to be."""
MOST_BLANK = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that the officer fills."""

    name: str
    label: str
    type: str = "text"
    options: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of one paper.

    ``default`` is a path of the case, of another paper, or a function of `computed`: what stands there is
    used where the officer writes nothing. ``computed`` names a function whose result nobody can change. A
    missing value is a finding with ``code`` unless ``optional``. ``blank`` is how many empty rows or ruled
    lines a list has on a form for handwriting; 0: as many as usual. ``besides`` is a provision that only
    points to other rules: citations have to name one of those (`grounds`).
    """

    name: str
    label: str
    type: str = "text"
    help: str = ""
    example: str = ""
    options: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    default: str = ""
    computed: str = ""
    optional: bool = False
    code: str = "E2"
    basis: str = ""
    blank: int = 0
    besides: str = ""


def fault_of(field: OwnField | Column) -> str:
    """What is wrong with a field as it is declared; empty where nothing is."""
    if not _NAME.fullmatch(field.name):
        return f"字段名“{field.name}”只能用小写字母、数字和下划线"
    known = TYPES if isinstance(field, OwnField) else IN_ROWS
    if field.type not in known:
        return f"“{field.name}”没有“{field.type}”这个类型，可以写：" + "、".join(known)
    if (field.type in ("choice", "ticks")) != bool(field.options):
        return f"“{field.name}”的 options 只用于 choice、ticks，并且必须写"
    if isinstance(field, OwnField):
        if (field.type == "rows") != bool(field.columns):
            return f"“{field.name}”的 columns 只用于 rows，并且必须写"
        if field.default and field.computed:
            return f"“{field.name}”的 default 和 computed 只写一个"
        if field.besides and field.type != "citations":
            return f"“{field.name}”的 besides 只用于 citations"
        listed = field.type in ("rows", "paragraphs")
        if field.blank and not (listed and type(field.blank) is int and 0 < field.blank <= MOST_BLANK):
            return f"“{field.name}”的 blank 只用于 rows、paragraphs，是 1 到 {MOST_BLANK} 的整数"
    return ""
