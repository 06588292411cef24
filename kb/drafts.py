"""Drafts: records that wait for a second person. What one writes, another approves (the two are never one).

A record whose check finds an error that would void a penalty (否决) is never approved: it waits until its
source is mended and read again, or the rest of the draft is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb import schema as t
from kb.checks import Report, run_rules
from kb.errors import BadValue, Conflict, NotFound
from kb.records import KIND_NAMES, KINDS, Record
from kb.snapshot import Snapshot
from kb.store import Store

WAITING, APPROVED, REJECTED = "待批准", "已批准", "已退回"


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """One record of a draft; ``place`` is where in the file it was read, ``ordinal`` counts from 1."""

    ordinal: int
    record: Record
    place: str
    state: str
    decided_by: str = ""
    decided_at: str = ""
    why: str = ""
    revision: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "ordinal": self.ordinal,
            "kind": self.record.kind,
            "id": self.record.id,
            "title": self.record.title,
            "place": self.place,
            "state": self.state,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "why": self.why,
            "revision": self.revision,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """Records that one person handed in together; ``read_at`` is the revision that person worked on."""

    number: int
    author: str
    at: str
    note: str
    read_at: int
    records: tuple[DraftRecord, ...]

    @property
    def waiting(self) -> tuple[DraftRecord, ...]:
        return tuple(r for r in self.records if r.state == WAITING)

    def to_dict(self) -> dict[str, Any]:
        states = [r.state for r in self.records]
        return {
            "number": self.number,
            "author": self.author,
            "at": self.at,
            "note": self.note,
            "read_at": self.read_at,
            "records": len(states),
            "waiting": states.count(WAITING),
            "approved": states.count(APPROVED),
            "rejected": states.count(REJECTED),
        }


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval did: its revision (None: nothing changed), how many records, and what still waits."""

    revision: int | None
    approved: int
    held: tuple[DraftRecord, ...]
    report: Report


def propose(
    store: Store, records: Sequence[tuple[Record, str]], *, author: str, at: datetime, note: str, read_at: int
) -> int:
    """Hand in records for approval.

    Args:
        records: each with the place it was read from.
        note: what was read: the file's name.
        read_at: the revision the author worked on; a record changed later by someone else is refused then.

    Returns:
        the draft's number.

    Raises:
        BadValue: no author, or no record.
    """
    if not author.strip():
        raise BadValue("没有写明导入人", where="--by", hint="写导入人的姓名；批准的应当是另一人")
    if not records:
        raise BadValue("没有可以导入的记录", where=note, hint="按预览里列出的原因修改后再导入")
    with store.writing(author=author.strip(), at=at, note=note) as w:
        return w.put_draft(records, read_at=read_at)


def drafts(store: Store, *, settled: bool = False) -> list[Draft]:
    """The drafts in which a record still waits, oldest first; with ``settled``, all of them."""
    with store.guard(), store.engine.connect() as conn:
        rows = conn.execute(sa.select(t.draft.c.number).order_by(t.draft.c.number)).scalars().all()
    found = [draft(store, number) for number in rows]
    return [d for d in found if settled or d.waiting]


def draft(store: Store, number: int) -> Draft:
    """One draft with its records.

    Raises:
        NotFound: no draft has the number.
    """
    c = t.draft_record.c
    with store.guard(), store.engine.connect() as conn:
        head = conn.execute(sa.select(t.draft).where(t.draft.c.number == number)).first()
        rows = conn.execute(sa.select(t.draft_record).where(c.draft == number).order_by(c.ordinal)).all()
    if head is None:
        raise NotFound(f"没有编号为 {number} 的草案", hint="用 cailiang kb drafts 查看草案")
    records = tuple(
        DraftRecord(
            r.ordinal,
            KINDS[r.kind].model_validate_json(r.body),
            r.place,
            r.state,
            r.decided_by,
            r.decided_at,
            r.why,
            r.revision,
        )
        for r in rows
    )
    return Draft(head.number, head.author, head.at, head.note, head.read_at, records)


def check(base: Snapshot, records: Iterable[Record]) -> Report:
    """What the checks say of records as if they were in the base."""
    rows = list(records)
    return run_rules(_with(base, rows), rows)


def approve(store: Store, number: int, *, by: str, at: datetime) -> Approval:
    """Put the waiting records of a draft into the base, as one revision; faulty ones keep waiting.

    Args:
        by: who approves; never the draft's author.

    Raises:
        NotFound: no draft has the number.
        BadValue: nobody named, the author, or nothing waits.
        Conflict: a record was changed, or the draft settled, by someone else meanwhile.
    """
    d = draft(store, number)
    by = _second_person(d, by)
    report = check(store.snapshot(), [r.record for r in d.waiting])
    bad = {f.id for f in report.findings if f.severity == "否决"}
    good = [r for r in d.waiting if r.record.id not in bad]
    held = tuple(r for r in d.waiting if r.record.id in bad)
    if not good:
        return Approval(None, 0, held, report)
    with store.writing(author=d.author, approved_by=by, at=at, note=d.note) as w:
        for r in good:
            w.put_record(r.record, read_at=d.read_at)
        if w.settle(number, [r.ordinal for r in good], APPROVED, by) != len(good):
            raise Conflict(
                f"草案 {number} 刚刚被他人处理", hint="用 cailiang kb drafts 重新查看；没有写入任何内容"
            )
        revision = w.revision if w.changed else None
    return Approval(revision, len(good), held, report)


def reject(store: Store, number: int, *, by: str, why: str, at: datetime) -> int:
    """Send the waiting records of a draft back, with the reason.

    Returns:
        how many were sent back.

    Raises:
        NotFound: no draft has the number.
        BadValue: nobody named, no reason, or nothing waits.
    """
    d = draft(store, number)
    if not by.strip():
        raise BadValue("没有写明退回人", where="--by", hint="写退回人的姓名")
    if not why.strip():
        raise BadValue("没有写明退回的理由", where="--why", hint="写明哪里要改，导入人才知道怎么改")
    _waits(d)
    with store.writing(author=by.strip(), at=at, note=why) as w:
        return w.settle(number, [r.ordinal for r in d.waiting], REJECTED, by.strip(), why.strip())


def _second_person(d: Draft, by: str) -> str:
    by = by.strip()
    if not by:
        raise BadValue("没有写明批准人", where="--by", hint="写批准人的姓名")
    if by == d.author:
        raise BadValue(f"批准人“{by}”就是导入人", where="--by", hint="由另一人批准")
    _waits(d)
    return by


def _waits(d: Draft) -> None:
    if not d.waiting:
        raise BadValue(f"草案 {d.number} 已经处理完", hint="用 cailiang kb drafts --all 查看处理结果")


def _with(base: Snapshot, records: Sequence[Record]) -> Snapshot:
    """The base as it would stand with these records in the place of those with the same key."""
    keys = {r.key for r in records}

    def load(kind: str) -> list[tuple[int, Record]]:  # no index is built of it: entry numbers don't matter
        kept = [r for r in base.records(kind) if r.key not in keys]
        return [(0, r) for r in (*kept, *records) if r.kind == kind]

    return Snapshot(base.revision, base.laws, load)


def difference(base: Snapshot, record: Record) -> list[str]:
    """What a record of a draft changes against the base: one line a field, in the editor's words."""
    old = next((r for r in base.records(record.kind) if r.key == record.key), None)
    if old is None:
        return [f"新增{KIND_NAMES[record.kind]}"]
    before, after = (r.model_dump(mode="json", by_alias=True) for r in (old, record))
    return [f"{name}：{before[name]} → {after[name]}" for name in after if before[name] != after[name]]
