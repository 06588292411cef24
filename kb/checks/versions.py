"""One record a day: no two versions of one id and instrument hold on the same day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from weakref import WeakKeyDictionary

from kb.checks.registry import Notes, RecordFinding, check
from kb.records import Record
from kb.snapshot import Snapshot

_BY_ID: WeakKeyDictionary[Snapshot, dict[str, dict[str, list[Record]]]] = WeakKeyDictionary()


def _namesakes(base: Snapshot, kind: str) -> dict[str, list[Record]]:
    """The records of a kind by id, sorted out once for a snapshot."""
    kinds = _BY_ID.setdefault(base, {})
    if kind not in kinds:
        kinds[kind] = {}
        for record in base.records(kind):
            kinds[kind].setdefault(record.id, []).append(record)
    return kinds[kind]


@check("versions")
def versions(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K10: two versions of (kind, id, instrument) overlap in time; told once, on the later one."""
    start, end = record.from_ or date.min, record.to or date.max
    rows = _namesakes(base, record.kind)[record.id]
    mine = next(n for n, r in enumerate(rows) if r is record)
    for n, other in enumerate(rows):
        if other.source.instrument != record.source.instrument or n == mine:
            continue
        begins = other.from_ or date.min
        if (begins, n) < (start, mine) and start < (other.to or date.max) and begins < end:
            yield RecordFinding(
                "K10",
                "否决",
                record.id,
                "from",
                f"与同一编号、同一文件的另一条记录（{other.from_ or '不限'}至{other.to or '今'}）日期重叠",
                f"给较早的一条写上 to: {record.from_}，或者删去重复的一条" if record.from_ else "写明 from",
            )
