"""Every citation in a record existed on the record's first day, and no record outlives its basis."""

from __future__ import annotations

from collections.abc import Iterator

from kb.checks.fields import citations_of, day_of
from kb.checks.provisions import citations_in, judged, provisions
from kb.checks.registry import Notes, RecordFinding, check
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot

_NAMES_ITEM = ("violated", "penalty_basis")


@check("citations")
def citations(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """Citations that don't stand on the record's first day, with the codes of the citation rules (C1 …)."""
    day = day_of(record)
    for place, text in citations_of(record):
        if day is None:
            notes.add("没有写 from，也没有核对日期，没有核对引用在哪一天有效", record.id)
            return
        for finding in judged(base, text, day):
            if finding.code == "C2" and place == "gravity" and "款" in text:
                continue  # a definition is all of its 项
            if finding.code == "C2" and finding.severity == "提示" and "项" not in text.rpartition("》")[2]:
                if place not in _NAMES_ITEM:
                    continue  # a measure stands in the chapeau: no item is owed
                if provisions(base, [text], day) is None:
                    continue  # only the text tells whether the chapeau alone is meant
            message = f"{finding.message}（{finding.text or text}）"
            yield RecordFinding(finding.code, finding.severity, record.id, place, message, finding.suggestion)


@check("outlived")
def outlived(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K11: a benchmark that still holds after the law it rests on has ended."""
    if not isinstance(record, Benchmark):
        return
    for text in dict.fromkeys(record.penalty_basis):
        for title in dict.fromkeys(c.resolved for c in citations_in(base, text, record.from_) if c.resolved):
            repeal = base.laws.repeal_of(title)
            if repeal is None or (record.to and record.to <= repeal.day):
                continue
            if record.from_ and record.from_ >= repeal.day:
                continue  # never in force for this record: the citation rules say so
            by = f"，由《{repeal.by}》替代" if repeal.by else ""
            yield RecordFinding(
                "K11",
                "否决",
                record.id,
                "to",
                f"依据《{title}》自{repeal.day}起不再有效{by}，记录没有在这一天截止",
                f"把 to 改为 {repeal.day}，按新的规定另写一条记录",
            )
