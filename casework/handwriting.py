"""Papers written by hand: numbers are handed out before, and each is registered or void afterwards."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from casework import bodies, numbering
from casework import schema as t
from casework.documents import Document, find, select
from casework.issuing import entered, given_of, written
from casework.slots import slot_of
from casework.writing import ISSUED, LONGEST_NAME, RESERVED, CaseWriter
from generator.catalogue import document_type
from kb.errors import BadValue, Conflict
from kb.snapshot import Snapshot
from kb.store import Store

MOST_RESERVED = 1000


def reserve(
    w: CaseWriter, base: Snapshot, type: str, count: int, *, holder: str, day: date
) -> list[Document]:
    """Hand out numbers for papers written by hand; each is registered afterwards or declared void.

    Args:
        count: how many; ``holder``: who takes them away.
        day: whose year and code they are of.

    Raises:
        NotFound: unknown document type. NotLoaded: no code for it.
        BadValue: the type bears no number, nobody takes them, or too many at once.
    """
    kind = document_type(type)
    run = numbering.series_of(base, kind, day)
    if run is None:
        raise BadValue(f"《{kind.name}》没有文号", hint="在设置 organ/document-codes 里写它的代字")
    if not 0 < count <= MOST_RESERVED or not 0 < len(holder.strip()) <= LONGEST_NAME:
        hint = f"一次领1到{MOST_RESERVED}个，写明领用人"
        raise BadValue("领用的个数或者领用人不对", where=f"{count}个 {holder}", hint=hint)
    numbers = numbering.take(w.conn, run, count)
    rows = [
        {
            "case": None, "revision": None, "type": kind.type, "key": "", "party": 1,
            "day": None, "state": RESERVED, "sha256": None, "provenance": "",
            "holder": holder.strip(), "why": "", **w.stamp, **given_of(run, n, n, n).columns,
        }
        for n in numbers
    ]  # fmt: skip
    w.conn.execute(sa.insert(t.document), rows)
    c = t.document.c
    at = (c.code == run.code) & (c.year == run.year) & c.number.between(numbers[0], numbers[-1])
    first, last = run.text(numbers[0]), run.text(numbers[-1])
    w.log(
        "领用文号", type=kind.type, first=first, last=last, holder=holder.strip(), rows=w.rows(t.document, at)
    )
    return select(w.conn, at, c.number)


def reserved(store: Store) -> list[Document]:
    """The numbers handed out that are neither used nor void yet, the oldest first."""
    with store.connected() as conn:
        return select(conn, t.document.c.state == RESERVED)


def register(w: CaseWriter, which: str, id: str, *, day: date, party: int = 1, key: str = "") -> Document:
    """Enter a paper that was written by hand under a number handed out before; the case bears it from now on.

    Args:
        which: its number; ``day``: the day it bears.
        party, key: as `issue`.

    Raises:
        NotFound: no such number or case.
        Conflict: the number is no longer open, or the case has such a paper under another number.
        BadRecord: the case is not whole. BadValue: it has no such party.
    """
    found, now = find(w.conn, which), w.current(id)
    if found.state != RESERVED:
        raise Conflict(f"{found.number_text}{found.state}", hint="只有预领而没有用掉的文号才能补登记")
    kind, c = document_type(found.type), t.document.c
    before = select(w.conn, (c.case == id) & (c.type == kind.type) & (c.state == ISSUED))
    slot = slot_of(now.case, kind, key, {d.key for d in before})
    party = slot.party or party
    if not 0 < party <= len(now.case.parties):
        raise BadValue(f"案件“{id}”没有第{party}个当事人", hint=f"共有{len(now.case.parties)}个当事人")
    _, number = numbering.parse(found.number_text)
    taken = next((d for d in before if d.key == slot.key and d.party == party), None)
    if taken:
        hint = "换一个案件，或者先作废那一份"
        raise Conflict(f"案件“{id}”已有《{kind.name}》{taken.number_text}", hint=hint)
    if slot.number not in (None, number, found.number_text):
        hint = f"核对是不是这个案件；是的，把案件里的文号改成{number}，或者留空"
        raise Conflict(f"案件“{id}”的《{kind.name}》写的文号是{slot.number}", hint=hint)
    body = slot.filled(now.body, number, day)
    if bodies.dump(body) != now.text:
        note = f"补登记{kind.name}{found.number_text}"
        now = w.save(id, body, expected_revision=now.revision, day=day, note=note)
    row = {"case": id, "revision": now.revision, "key": slot.key, "party": party, "day": day, "state": ISSUED}
    made = written(w, row, found.id)
    entered(w, made, now, "补登记")
    return made
