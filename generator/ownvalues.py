"""The own fields of the paper at hand: typed with defaults filled in, and as the text a template prints."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from generator.casefile import Officer, Party
from generator.computed import value_at
from generator.fieldtypes import PERSON, Column, OwnField
from generator.linebreaks import JOINER
from generator.ownfields import Values, read_own
from generator.subject import (
    EMPTY,
    TICKED,
    Subject,
    date_text,
    money_text,
    owed,
    paragraphs,
    time_text,
    together,
)
from kb.errors import BadRecord
from kb.importing.yaml_files import Lines
from kb.numerals import plain

SPACE = "　"
BLANK, LINE, LINES, DAY = "______", "____________", "_" * 44, "____年__月__日"
CLOCK = "__时__分"
BLANK_ROWS, BLANK_LINES = 8, 4
"""What stands on a form for handwriting: in a cell, in a line, a whole line, a day; empty rows of a table and
lines of a text whose field doesn't say how many."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A value the paper owes and has not: ``path`` is where the case file would say it."""

    field: OwnField
    label: str
    path: str


def own_values(subject: Subject) -> Values:
    """Every own field that has a value, typed: what is written, computed, or taken over.

    Raises:
        BadRecord: a value of the wrong type; a default that can't be one of the field.
    """
    given = read_own(subject.paper, Lines("案件"), ("papers", index(subject))) if subject.paper else {}
    out = dict(given)
    for field in subject.kind.own:
        source = field.computed or field.default
        if field.name not in out and source:
            found = _fit(field, value_at(source, subject), subject)
            if found not in (None, "", []):
                out[field.name] = found
    return out


def index(subject: Subject) -> int:
    """Where the paper stands among those of the case; behind the last where it has no entry yet."""
    papers = subject.case.papers
    return next((n for n, p in enumerate(papers) if p is subject.paper), len(papers))


def lacking(subject: Subject, values: Values) -> Iterator[Lack]:
    """What the paper owes of its own: required fields, and required cells of rows taken over."""
    head = f"papers.{index(subject)}.values"
    for field in subject.kind.own:
        found = values.get(field.name)
        if found is None:
            if not field.optional:
                yield Lack(field, field.label, f"{head}.{field.name}")
        elif field.type == "rows":
            for n, row in enumerate(found):
                for column in field.columns:
                    if column.name not in row and not column.optional:
                        label = f"{field.label}第{n + 1}项的{column.label}"
                        yield Lack(field, label, f"{head}.{field.name}.{n}.{column.name}")


# ---------------------------------------------------------------- from the case to the type of a field


def _fit(field: OwnField, value: Any, subject: Subject) -> Any:
    """A value of the case as the field's type."""
    if value is None:
        return None
    try:
        return _rows(field, value) if field.type == "rows" else _cell(field, value)
    except (TypeError, ValueError, AttributeError):
        raise BadRecord(
            f"“{field.name}”取不了 {field.default or field.computed}",
            where=f"{subject.kind.type} 的 document.yaml",
            hint=f"换一个能作{field.type}的",
        ) from None


def _rows(field: OwnField, value: Any) -> list[Values]:
    out = []
    for row in value:
        cells = {
            c.name: row.get(c.name) if isinstance(row, dict) else getattr(row, c.name, None)
            for c in field.columns
        }
        out.append(
            {c.name: _cell(c, cells[c.name]) for c in field.columns if cells[c.name] not in (None, "")}
        )
    return out


def _cell(field: OwnField | Column, value: Any) -> Any:
    match field.type:
        case "text":
            return _as_text(value)
        case "paragraphs":
            return list(value) if isinstance(value, list) else paragraphs(_as_text(value))
        case "date":
            return _only(value.date() if isinstance(value, datetime) else value, date)
        case "time":
            return _only(value, datetime)
        case "money" | "number":
            return Decimal(value)
        case "choice":
            return value if value in field.options else None
        case "ticks":
            return [option for option in field.options if option in value]
        case "yes":
            return _only(value, bool)
        case "citations":
            return [str(text) for text in value]
        case _:
            return _person(value)


def _only(value: Any, type: type) -> Any:
    if not isinstance(value, type):
        raise TypeError
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_as_text(each) for each in value)
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, int | Decimal):
        return plain(Decimal(value))
    return value if isinstance(value, str) else str(value.name)


def _person(value: Any) -> dict[str, str]:
    if isinstance(value, list):
        value = value[0]
    if isinstance(value, Officer):
        return _said({"name": value.name, "certificate": value.certificate, "post": value.post})
    if isinstance(value, Party):
        keys = ("name", "sex", "id_type", "id_number", "address", "phone")
        return _said({key: getattr(value, key) for key in keys})
    return dict(value) if isinstance(value, dict) else {"name": str(value)}


def _said(values: Mapping[str, str | None]) -> dict[str, str]:
    return {key: text for key, text in values.items() if text}


# ---------------------------------------------------------------- as a template prints them


def printed(subject: Subject, values: Values) -> dict[str, Any]:
    """``own`` of a template: every own field of the type, "" or empty where it has no value.

    Besides ``name``: ``name_boxes`` and ``name_ticks`` (choice, ticks, yes), ``name_figures`` (money),
    ``name_day`` and ``name_clock`` (time), ``name_list`` (citations).
    """
    out: dict[str, Any] = {}
    for field in subject.kind.own:
        value = values.get(field.name)
        if value is None and not field.optional:
            out |= _marked(field)
        else:
            out |= _printed(field, value)
    return out


def _marked(field: OwnField) -> dict[str, Any]:
    """A required field without a value: a mark no reader overlooks."""
    mark, shape = owed(None, field.label), _printed(field, None)
    plainly = ("choice", "text", "date", "time", "money", "number", "citations")
    kept: dict[str, Any] = {**dict.fromkeys(plainly, mark), "paragraphs": [mark]}
    return shape | (
        {field.name: kept[field.type]} if field.type in kept else _marked_inside(field, shape, mark)
    )


def _marked_inside(field: OwnField, shape: dict[str, Any], mark: str) -> dict[str, Any]:
    if field.type == "person":
        return {field.name: shape[field.name] | {"name": mark}}
    if field.type == "rows":
        first = field.columns[0].name
        return {field.name: [{"n": 1, **{c.name: "" for c in field.columns}, first: mark}]}
    return {f"{field.name}_ticks": f"{mark}{shape[field.name + '_ticks']}"}


def _printed(field: OwnField, value: Any) -> dict[str, Any]:
    name = field.name
    match field.type:
        case "choice" | "ticks":
            chosen = value if isinstance(value, list) else [value] if value else []
            return {name: "、".join(chosen), **_boxes(name, field.options, chosen)}
        case "yes":
            chosen = [] if value is None else ["是" if value else "否"]
            return {name: bool(value), f"{name}_text": "".join(chosen), **_boxes(name, ("是", "否"), chosen)}
        case "money":
            return {
                name: money_text(value) if value is not None else "",
                f"{name}_figures": _text(field, value),
            }
        case "time":
            clock = f"{value.hour}时{value.minute:02d}分" if value else ""
            return {
                name: time_text(value) if value else "",
                f"{name}_day": date_text(value.date()) if value else "",
                f"{name}_clock": clock,
            }
        case "paragraphs":
            return {name: value or []}
        case "citations":
            return {name: together(value or []), f"{name}_list": value or []}
        case "person":
            return {name: {key: (value or {}).get(key, "") for key in PERSON}}
        case "rows":
            return {name: [_row(field, n, row) for n, row in enumerate(value or [], 1)]}
        case _:
            return {name: _text(field, value)}


def _row(field: OwnField, n: int, row: Values) -> dict[str, Any]:
    return {"n": n, **{c.name: _text(c, row.get(c.name)) for c in field.columns}}


def _text(field: OwnField | Column, value: Any) -> str:
    """One value in a line or a cell; an amount in figures."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if field.type == "money" else plain(value)
    return _as_text(value)


def _boxes(name: str, options: tuple[str, ...], chosen: list[str]) -> dict[str, Any]:
    boxes = [{"label": o, "on": o in chosen, "box": TICKED if o in chosen else EMPTY} for o in options]
    ticks = SPACE.join(f"{b['box']}{JOINER}{b['label']}" for b in boxes)
    return {f"{name}_boxes": boxes, f"{name}_ticks": ticks}


# ---------------------------------------------------------------- for handwriting


def blank_own(fields: Iterable[OwnField], tables: Container[str]) -> dict[str, Any]:
    """``own`` of a form for handwriting: ruled lines, empty boxes, empty rows.

    Args:
        tables: the lists whose rows are rows of a table; those of others stand in a sentence.
    """
    out: dict[str, Any] = {}
    for field in fields:
        out |= _printed(field, None) | _ruled(field, in_table=field.name in tables)
    return out


def _ruled(field: OwnField, *, in_table: bool) -> dict[str, Any]:
    name = field.name
    match field.type:
        case "paragraphs":
            return {name: [LINES] * (field.blank or BLANK_LINES)}
        case "date":
            return {name: DAY}
        case "time":
            return {name: DAY + CLOCK, f"{name}_day": DAY, f"{name}_clock": CLOCK}
        case "money":
            return {name: f"{LINE}（¥{LINE}）", f"{name}_figures": LINE}
        case "yes":
            return {name: True, f"{name}_text": BLANK}
        case "citations":
            return {name: LINE, f"{name}_list": [LINE]}
        case "person":
            return {name: dict.fromkeys(PERSON, BLANK)}
        case "choice":
            said = "/".join(field.options)  # keep one, strike the others
            return {name: said if len(said) <= len(LINE) else LINE}
        case "rows":
            rows = range(1, (field.blank or BLANK_ROWS) + 1)
            cell = "" if in_table else LINE
            return {name: [{"n": n, **{c.name: cell for c in field.columns}} for n in rows]}
        case _:
            return {name: LINE}
