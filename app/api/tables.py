"""Files an editor hands in, as data: what was understood of them, what is wrong, the draft made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.base import Base
from kb.drafts import propose
from kb.importing.incoming import Incoming
from kb.importing.tables.grid import letter
from kb.importing.tables.headers import NAMES, Layout
from kb.importing.tables.importing import TableImport

FEW = 3
"""Findings of one sort that are told one by one; of more, one is told and the others counted."""
_BRACKETS = re.compile(r"（[^（）]*）")
_PARTICULAR = re.compile(
    r"“[^”]*”|第[^，。；]{1,9}?[条款项目]|百分之|[0-9一二三四五六七八九十百千万亿.%％元倍]+"
)


def hand_in(base: Base, found: Incoming, *, author: str, at: datetime, read_at: int) -> int:
    """Store what was understood as a draft; its number. Raises BadValue: no author, or no record."""
    return propose(base.store, found.records, author=author, at=at, note=found.name, read_at=read_at)


# ---------------------------------------------------------------- findings of one sort together


def grouped(findings: Iterable[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """Findings that say the same of different places together, in the order of the first of each sort.

    What differs between two of a sort are quoted words, numbers of articles and figures.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for f in findings:
        key = (f["code"], f.get("severity", ""), _sort(f["message"]), _sort(f["suggestion"]))
        groups.setdefault(key, []).append(f)
    return list(groups.values())


def _sort(text: str) -> str:
    bare = _BRACKETS.sub("…", _BRACKETS.sub("…", text))  # （《…》第一条第（一）项） has brackets inside
    return re.sub(r"…[…、和及与]*", "…", _PARTICULAR.sub("…", bare))


# ---------------------------------------------------------------- the preview


def preview(found: Incoming) -> dict[str, Any]:
    """What was understood, sheet by sheet, and the columns as they were taken; nothing of it is stored.

    A finding names the record it is of, where its place is one of the record's; the record has it too.
    """
    understood, data = found.understood, found.to_dict()
    of = {place: one.record.id for one in understood for place in one.places}
    findings = [{**f, "record": of.get(f["place"], "")} for f in data["findings"]]
    by_record: dict[str, list[dict[str, str]]] = {}
    for f in findings:
        by_record.setdefault(f["record"], []).append(f)
    records = [one.to_dict() | {"findings": by_record.get(one.record.id, [])} for one in understood]
    return {
        "file": found.name,
        **data,
        "findings": findings,
        "notes": list(found.notes),
        "columns": _columns(found) if isinstance(found, TableImport) else [],
        "sheets": _sheets(records),
    }


MOST_TOGETHER = 20
"""Records of the many small tables of a PDF that are shown under one head."""


def _sheets(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records by the sheet, page or file they begin in; small ones in a row go together."""
    sheets: list[dict[str, Any]] = []
    for record in records:
        name = _sheet(record["place"])
        last = sheets[-1] if sheets else None
        if last and name == last["to"]:
            last["records"].append(record)
        elif last and name.startswith("第") and len(last["records"]) < MOST_TOGETHER:
            last["records"].append(record)
            last["to"] = name
        else:
            sheets.append({"name": name, "to": name, "records": [record]})
    for sheet in sheets:
        to = sheet.pop("to")
        sheet["name"] += f"—{to}" if to != sheet["name"] else ""
    return sheets


def _sheet(place: str) -> str:
    """表“水污染”第12行C列 is of 水污染, 第3页表1第2行C列 of 第3页, 基准.yaml 第3行 of 基准.yaml."""
    m = re.match(r"表“(?P<sheet>.*)”第\d+行|(?P<page>第\d+页)|(?P<file>.*?) 第\d+行", place)
    return next(filter(None, m.groups()), place) if m else place


MOST_COLUMNS = 40
FIRST_ROWS = 6
"""Rows of a table without heads that show what its columns hold."""


def _columns(found: TableImport) -> list[dict[str, Any]]:
    """The columns of the file: how each is headed, and what it was taken for ("" where nothing).

    Sheets of one violation each have no columns to speak of.
    """
    layouts = [layout for _, layout in found.reading.columns]
    if not layouts and found.records:
        return []
    width = min(max((g.width for g in found.grids), default=0), MOST_COLUMNS)
    return [
        {"column": letter(n), "headers": _headers(found, layouts, n), "role": _role(layouts, n)}
        for n in range(1, width + 1)
        if any(g.stored(row, n) for g in found.grids for row in range(1, g.height + 1))
    ]


def _role(layouts: Iterable[Layout], n: int) -> str:
    """The name of the meaning a column was given, where the sheets agree; several are listed."""
    roles = dict.fromkeys(NAMES[x.columns[n].role] for x in layouts if n in x.columns)
    return "、".join(roles)


def _headers(found: TableImport, layouts: Sequence[Layout], n: int) -> list[str]:
    """The heads of a column, each once; of a table without heads, its first cells."""
    heads = [x.columns[n].header if n in x.columns else x.unknown.get(n, "") for x in layouts]
    said = list(dict.fromkeys(filter(None, heads)))
    if not said:
        first = max((x.last for x in layouts), default=0) or FIRST_ROWS
        cells = (g.stored(row, n) for g in found.grids for row in range(1, min(g.height, first) + 1))
        texts = (" ".join(c.text.split())[:20] for c in cells if c is not None)
        said = list(dict.fromkeys(filter(None, texts)))
    return said[:4]
