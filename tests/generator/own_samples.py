"""Values for own fields made from their types: the least that is enough, the most, and wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from generator.catalogue import DocumentType
from generator.fieldtypes import Column, OwnField
from tests.shipped import RULE

CITATION = "《中华人民共和国行政处罚法》第二十八条第一款"
LONG = "当事人称设备<甲>和“乙”&丙于当日停用，店内无其他人员，核对后无异议；" * 12
ROWS = 40
WRONG: dict[str, Any] = {
    "text": ["不是一段文字"],
    "paragraphs": {"一": "二"},
    "date": "2026年9月8日",
    "time": "2026-09-08",
    "money": "约五百元",
    "number": "若干",
    "choice": "都不是",
    "ticks": ["都不是"],
    "yes": "也许",
    "rows": "一件",
    "citations": ["处罚法第二十八条"],
    "person": {"name": "示例甲", "hobby": "下棋"},
}
"""For each type a value that isn't one."""


def least(kind: DocumentType, day: date) -> dict[str, Any]:
    """Only what is owed and comes from nowhere else."""
    owed = [f for f in kind.own if not (f.optional or f.default or f.computed)]
    return {f.name: _value(f, day, most=False, option=0) for f in owed}


def most(kind: DocumentType, day: date, option: int = -1) -> dict[str, Any]:
    """Every field an officer may fill, long and with many rows; `option` picks among choices."""
    return {f.name: _value(f, day, most=True, option=option) for f in kind.own if not f.computed}


def choices(kind: DocumentType) -> int:
    """How many options the longest choice of a type has."""
    return max((len(f.options) for f in kind.own if f.type == "choice"), default=1)


def _value(field: OwnField | Column, day: date, *, most: bool, option: int) -> Any:
    match field.type:
        case "paragraphs":
            return [LONG] * 20 if most else ["示例情况。"]
        case "date":
            return day
        case "time":
            return f"{day} 09:10"
        case "money":
            return "1440.50"
        case "number":
            return 3
        case "choice":
            return field.options[option % len(field.options)]
        case "ticks":
            return list(field.options) if most else [field.options[0]]
        case "yes":
            return option % 2 == 0
        case "citations" if isinstance(field, OwnField) and field.besides:
            return [field.besides, RULE]
        case "citations":
            return [CITATION] * (3 if most else 1)
        case "person":
            return {"name": "示例赵", "relation": "店员"} if most else "示例赵"
        case "rows":
            assert isinstance(field, OwnField)
            columns = [c for c in field.columns if most or not c.optional]
            row = {c.name: _value(c, day, most=False, option=option) for c in columns}
            return [row] * (ROWS if most else 1)
        case _:
            return LONG[:200] if most else "示例内容"
