"""The recordings of a case: which there are, what they show, and which papers owe one and have none.

The file itself stays where it is kept; its SHA-256 is entered, so that it can be proven to be the same later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from typing import Any

from casework import documents, ledger_rows
from casework.ledgers import VOID, Row, check_cells, in_force, ledger_of, select
from casework.writing import CaseWriter
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.events import Event, events
from generator.ownfields import read_own
from kb.errors import BadValue
from kb.importing.yaml_files import Lines
from kb.store import Store

WHOLE = "《中华人民共和国行政处罚法》第四十七条"
LEFT = "《中华人民共和国民事诉讼法》第八十九条"
OWING = (
    "inspection_record", "interview_record", "sampling_record", "hearing_record", "storage_notice",
    "seizure_decision", "seal", "early_disposal",
)  # fmt: skip
"""Papers made at the scene or before the party, whose making is recorded; service by leaving owes it too."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A paper without a recording, or one whose recording begins too late or ends too early."""

    type: str
    name: str
    key: str
    day: str
    message: str
    basis: str

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__}


def sha256(source: BufferedReader) -> str:
    """The hash of a file, read in pieces: a recording may be bigger than memory."""
    return hashlib.file_digest(source, "sha256").hexdigest()


def add(w: CaseWriter, case: str, cells: dict[str, str]) -> str:
    """Enter one recording of a case (`ledgers`: recordings).

    Returns:
        the number of the row.

    Raises:
        NotFound: no such case.
        BadValue: a value is missing or can't be, it ends before it begins, or the file is there already.
    """
    w.current(case)
    start, end = cells.get("start", ""), cells.get("end", "")
    check_cells(ledger_of("recordings"), cells)
    if start and end and datetime.fromisoformat(end) <= datetime.fromisoformat(start):
        raise BadValue("结束时间不晚于开始时间", where=cells.get("file", ""), hint="核对开始和结束的时间")
    for row in select(w.conn, "recordings", None, masked=False):
        if row.state != VOID and row.case == case and row.cells["sha256"] == cells.get("sha256"):
            hint = "同一份文件不用再登记"
            raise BadValue(f"已经登记为{row.year}-{row.number}", where=cells.get("file", ""), hint=hint)
    day = datetime.fromisoformat(start).date() if start else w.at.date()
    return ledger_rows.add(w, "recordings", cells, day=day, case=case)


def index(store: Store, case: str) -> list[Row]:
    """The recordings of a case in the order of their beginnings, void ones left out."""
    rows = [r for r in in_force(store, "recordings") if r.case == case]
    return sorted(rows, key=lambda r: r.cells["start"])


def gaps(store: Store, case: CaseFile) -> list[Gap]:
    """The papers of a case that owe a recording and have none, or none of the whole time."""
    rows = index(store, case.id)
    numbers = {(d.type, d.key): d.number_text for d in documents.documents(store, case.id)}
    return [gap for event in events(case) if not event.void for gap in _gap(case, event, rows, numbers)]


def _gap(case: CaseFile, event: Event, rows: list[Row], numbers: dict[tuple[str, str], str]) -> Iterator[Gap]:
    kind = document_type(event.type)
    paper = case.papers[event.index] if event.index is not None else None
    left = _left(event)
    if event.type not in OWING and not left:
        return
    said = read_own(paper, Lines("案件"), ("papers",)) if paper else {}
    start, end = (v if isinstance(v := said.get(n), datetime) else None for n in ("started", "finished"))
    named = {event.key, kind.type, kind.name, numbers.get((event.type, event.key), "")} - {""}
    mine = [
        r for r in rows if r.cells["paper"] in named or (not r.cells["paper"] and _overlaps(r, start, end))
    ]
    day = event.day.isoformat() if event.day else ""
    if not mine:
        what = (
            "留置送达没有见证人的，要有拍照、录像"
            if left and event.type not in OWING
            else "没有对应的音像记录"
        )
        yield Gap(event.type, kind.name, event.key, day, what, LEFT if left else WHOLE)
    elif start and end and event.type in OWING:
        first = min(datetime.fromisoformat(r.cells["start"]) for r in mine)
        last = max(datetime.fromisoformat(r.cells["end"]) for r in mine)
        if first > start or last < end:
            what = f"音像记录（{first:%H:%M}至{last:%H:%M}）没有覆盖全过程（{start:%H:%M}至{end:%H:%M}）"
            yield Gap(event.type, kind.name, event.key, day, what, WHOLE)


def _left(event: Event) -> bool:
    """Whether a paper was left with a party who would not take it, without a witness."""
    record = event.served
    return record is not None and record.mode == "留置送达" and not record.witness


def _overlaps(row: Row, start: datetime | None, end: datetime | None) -> bool:
    if start is None or end is None:
        return False
    begun, ended = (datetime.fromisoformat(row.cells[n]) for n in ("start", "end"))
    return begun < end and start < ended
