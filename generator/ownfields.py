"""The own fields of one paper: read strictly by their types, filled from the case, printed as text.

A value is kept as written until here (`papers.Paper.values`); what it means is said by ``document.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from generator.casetypes import in_reach
from generator.catalogue import RECEIPT, document_type, is_type
from generator.fieldtypes import PERSON, TYPES, Column, OwnField
from kb.errors import BadRecord, NotFound
from kb.importing.yaml_files import Lines

if TYPE_CHECKING:
    from generator.papers import Paper

Path = tuple[str | int, ...]
Values = dict[str, Any]
_WORDS = {"true": True, "false": False, "是": True, "否": False}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00)?")


def check_papers(papers: Sequence[Paper], lines: Lines) -> None:
    """All papers of a case: values that read, and no second one of a type that occurs once a party.

    Raises:
        BadRecord: see `read_own`.
    """
    seen: set[tuple[str, int | None]] = set()
    for n, paper in enumerate(papers):
        read_own(paper, lines, ("papers", n))
        kind = document_type(paper.type)
        of = (paper.type, paper.party)
        if of in seen and not (kind.repeat or paper.void):
            hint = "删去一份，作废的写 void，给别的当事人的写 party"
            raise BadRecord(
                f"《{kind.name}》一案一份，papers 有两份", where=lines.where(("papers", n)), hint=hint
            )
        if not paper.void:
            seen.add(of)
        if paper.key and is_type(paper.key) and document_type(paper.key).block:
            message = f"key 不能是“{paper.key}”，它指的是《{document_type(paper.key).name}》"
            raise BadRecord(message, where=lines.where(("papers", n, "key")), hint="换一个代号")


def read_own(paper: Paper, lines: Lines, at: Path) -> Values:
    """The values of one paper, typed: str, list, date, datetime, Decimal, bool or dictionaries of them.

    Args:
        paper: the entry of the case file.
        lines: where the entry stands, for messages.
        at: its path, as ``("papers", 0)``.

    Raises:
        BadRecord: an unknown type or field, or a value of the wrong type: file, line, field, what is right.
    """
    try:
        kind = document_type(paper.type)
    except NotFound as e:
        raise BadRecord(e.message, where=lines.where((*at, "type")), hint=e.hint) from None
    if kind.block:
        raise BadRecord(
            f"《{kind.name}》不写在 papers 里",
            where=lines.where((*at, "type")),
            hint=f"写在{'所送达的文书' if kind.type == RECEIPT else '案件文件'}的 {kind.block} 里",
        )
    known = {f.name: f for f in kind.own}
    out: Values = {}
    for name, value in paper.values.items():
        spot = _Spot(lines, (*at, "values", name))
        field = known.get(name)
        if field is None:
            raise spot.bad(
                f"《{kind.name}》没有“{name}”这个字段", "可用的字段：" + ("、".join(known) or "没有")
            )
        if field.computed:
            raise spot.bad(f"“{field.label}”由系统算出，不能写", "删去这一项")
        out[name] = _read(field, value, spot)
    return out


def read_value(field: OwnField, value: Any, lines: Lines, at: Path) -> Any:
    """One value as `read_own` reads it, by the field alone; the same errors."""
    return _read(field, value, _Spot(lines, at))


@dataclass(frozen=True)
class _Spot:
    """A place in a case file, for one-line messages."""

    lines: Lines
    at: Path

    def bad(self, message: str, hint: str) -> BadRecord:
        shown = " ".join(f"第{s + 1}项" if isinstance(s, int) else s for s in self.at)
        where = self.lines.where(self.at)
        return BadRecord(message, where=f"{where} {shown}", hint=hint)

    def wrong(self, field: OwnField | Column, value: Any) -> BadRecord:
        options = "：" + "、".join(field.options) if field.options else ""
        return self.bad(f"“{field.label}”写成了“{_short(value)}”", f"应当是{TYPES[field.type]}{options}")

    def under(self, step: str | int) -> _Spot:
        return _Spot(self.lines, (*self.at, step))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"


def _read(field: OwnField | Column, value: Any, spot: _Spot) -> Any:
    try:
        return _READERS[field.type](field, value, spot)
    except (ValueError, InvalidOperation):
        raise spot.wrong(field, value) from None


def _text(field: OwnField | Column, value: Any, spot: _Spot) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _paragraphs(field: OwnField | Column, value: Any, spot: _Spot) -> list[str]:
    rows = value.splitlines() if isinstance(value, str) else value
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise ValueError
    found = [row.strip() for row in rows if row.strip()]
    if not found:
        raise ValueError
    return found


def _date(field: OwnField | Column, value: Any, spot: _Spot) -> date:
    text = _text(field, value, spot)
    if not _DAY.fullmatch(text):
        raise ValueError
    return in_reach(date.fromisoformat(text))


def _time(field: OwnField | Column, value: Any, spot: _Spot) -> datetime:
    found = _TIME.fullmatch(_text(field, value, spot))
    if not found:
        raise ValueError
    moment = datetime.fromisoformat(f"{found[1]} {found[2]}")
    in_reach(moment)
    return moment


def _money(field: OwnField | Column, value: Any, spot: _Spot) -> Decimal:
    amount = _number(field, value, spot)
    if amount < 0 or amount != round(amount, 2):
        raise ValueError
    return amount


def _number(field: OwnField | Column, value: Any, spot: _Spot) -> Decimal:
    text = _text(field, value, spot)
    if not re.fullmatch(r"-?\d{1,20}(?:\.\d{1,10})?", text):
        raise ValueError
    return Decimal(text)


def _choice(field: OwnField | Column, value: Any, spot: _Spot) -> str:
    if value not in field.options:
        raise ValueError
    return str(value)


def _ticks(field: OwnField | Column, value: Any, spot: _Spot) -> list[str]:
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list) or not chosen or not all(c in field.options for c in chosen):
        raise ValueError
    return [option for option in field.options if option in chosen]


def _yes(field: OwnField | Column, value: Any, spot: _Spot) -> bool:
    text = _text(field, value, spot)
    if text not in _WORDS:
        raise ValueError
    return _WORDS[text]


def _citations(field: OwnField | Column, value: Any, spot: _Spot) -> list[str]:
    rows = _paragraphs(field, value, spot)
    if not all(row.startswith("《") for row in rows):
        raise ValueError
    return rows


def _person(field: OwnField | Column, value: Any, spot: _Spot) -> dict[str, str]:
    said = {"name": value} if isinstance(value, str) else value
    if not isinstance(said, Mapping):
        raise ValueError
    for key, text in said.items():
        if key not in PERSON:
            raise spot.under(key).bad(f"人员没有“{key}”这个字段", "可用的字段：" + "、".join(PERSON))
        if not isinstance(text, str) or not text.strip():
            raise spot.under(key).bad(f"“{field.label}”的 {key} 写成了“{_short(text)}”", "应当是一段文字")
    if "name" not in said:
        raise spot.bad(f"“{field.label}”没有写姓名", "补上 name")
    return {key: said[key].strip() for key in said}


def _rows(field: OwnField | Column, value: Any, spot: _Spot) -> list[Values]:
    assert isinstance(field, OwnField), "only a field has columns"
    if not isinstance(value, list):
        raise ValueError
    known = {c.name: c for c in field.columns}
    out = []
    for n, row in enumerate(value):
        here = spot.under(n)
        if not isinstance(row, Mapping):
            raise here.wrong(field, row)
        for name in row:
            if name not in known:
                raise here.under(name).bad(
                    f"“{field.label}”没有“{name}”这一栏", "可用的有：" + "、".join(known)
                )
        for column in field.columns:
            if column.name not in row and not column.optional:
                raise here.bad(f"“{field.label}”缺少“{column.label}”", f"补上 {column.name}")
        out.append({name: _read(known[name], cell, here.under(name)) for name, cell in row.items()})
    return out


_READERS: Mapping[str, Callable[[OwnField | Column, Any, _Spot], Any]] = {
    "text": _text,
    "paragraphs": _paragraphs,
    "date": _date,
    "time": _time,
    "money": _money,
    "number": _number,
    "choice": _choice,
    "ticks": _ticks,
    "yes": _yes,
    "rows": _rows,
    "citations": _citations,
    "person": _person,
}
