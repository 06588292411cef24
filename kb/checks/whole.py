"""Every citation field is a citation from its first character to its last, and none stands there twice."""

from __future__ import annotations

from collections.abc import Iterator

from kb.checks.fields import citations_of, day_of
from kb.checks.provisions import citations_in
from kb.checks.registry import Notes, RecordFinding, check
from kb.records import Record
from kb.snapshot import Snapshot


@check("whole")
def whole(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K19: a citation that can't be read to its end, names no 条, or repeats another of its field."""
    seen: set[tuple[str, tuple[object, ...]]] = set()
    for place, text in citations_of(record):
        found = citations_in(base, text, day_of(record))
        if not found or (found[0].start, found[-1].end) != (0, len(text)) or not found[-1].article:
            why = f"引用“{text}”没有读完整"
            yield _finding(record, place, why, "写全称和条、款、项，如 《…法》第十条第一款第（一）项")
        for c in found:
            key = (place, (c.resolved or c.law, c.article, c.article_suffix, c.paragraph, c.item, c.subitem))
            if key in seen and place in ("violated", "penalty_basis"):
                yield _finding(record, place, f"{c.text}写了两次", "删去重复的，或者改正写错的数字")
            seen.add(key)


def _finding(record: Record, place: str, why: str, hint: str) -> RecordFinding:
    return RecordFinding("K19", "扣分", record.id, place, why, hint)
