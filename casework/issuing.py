"""Issuing: number, bytes, rows in the ledgers and a line of the log, all or none.

The number moves on in the transaction that stores the paper. Since a paper bears its number, it is drafted
inside that transaction: what fails there gives the number back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from casework import bodies, ledger_rows, numbering
from casework import schema as t
from casework.documents import PAPER, Document, find, select
from casework.numbering import Series
from casework.slots import Slot, bearing, emptied, slot_of, store_key
from casework.writing import BROUGHT, ISSUED, RESERVED, VOID, CaseWriter, StoredCase, changed
from generator import provenance
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, DocumentType, document_type
from generator.drafting import Draft
from generator.events import served_paper
from kb.errors import BadValue, Conflict, Refused
from kb.package import Package, open_package
from kb.snapshot import Snapshot

Drafter = Callable[[CaseFile, Slot], Draft]
"""Drafts one paper of a case whose number and day are written in; raises Refused where it may not leave."""


def issue(
    w: CaseWriter,
    base: Snapshot,
    id: str,
    type: str,
    make: Drafter,
    *,
    party: int = 1,
    key: str = "",
    expected_revision: int | None = None,
) -> Document:
    """Issue one paper of a case: number, bytes, ledgers and log in the writer's transaction.

    Args:
        base: where the codes of the numbers stand.
        make: drafts it; called once, inside the transaction, with the number written in.
        party: which party, from 1: one letter a liable party.
        key: which of several papers of this type; of a receipt, which paper was served.
        expected_revision: the revision of the case that was looked at.

    Raises:
        NotFound: no such case or document type.
        BadRecord: the case is not whole.
        Conflict: the case was changed since it was looked at, or the paper was issued before.
        BadValue: its number can't be given.
        Refused: it may not leave, or it is a 草稿.
    """
    kind, now = document_type(type), w.current(id)
    if expected_revision is not None and now.revision != expected_revision:
        raise changed(now)
    c = t.document.c
    before = select(w.conn, (c.case == id) & (c.type == kind.type) & (c.state == ISSUED))
    slot = slot_of(now.case, kind, key, {d.key for d in before})
    party = slot.party or party
    if same := next((d for d in before if d.key == slot.key and d.party == party), None):
        hint = "要重做，先把它作废；已经送达的，用补正、变更或者撤销的文书"
        raise Conflict(f"《{kind.name}》{same.number_text}已经签发", where=f"案件 {id}", hint=hint)
    day = slot.day or w.at.date()
    given, claimed = _number(w, base, slot, day, before)
    body = slot.filled(now.body, given.own, day)
    shown = body if given.own == given.shown else _with_number(slot, now.body, given, day)
    draft = make(as_issued(w.conn, bodies.case_of(shown), slot, party), slot)
    _leaves(draft, kind, now, given.text)
    if bodies.dump(body) != now.text:
        now = w.save(id, body, expected_revision=now.revision, day=day, note=f"签发{kind.name}{given.text}")
    row = {
        "case": id,
        "revision": now.revision,
        "type": kind.type,
        "key": slot.key,
        "party": party,
        "day": day,
        "state": ISSUED,
        "sha256": w.keep(draft.data),
        "provenance": json.dumps(asdict(draft.provenance), default=str, ensure_ascii=False),
        **given.columns,
    }
    made = written(w, row, claimed)
    passed = [f"{o.gate} {o.by}：{o.reason}" for o in now.case.overrides]
    entered(w, made, now, "签发", **({"overrides": passed} if passed else {}))
    w.rests(PAPER, made.id, draft.rests)
    return made


@dataclass(frozen=True, slots=True)
class _Given:
    """A number as it is stored and printed. ``own``: what the case says; ``shown``: what this paper bears."""

    columns: dict[str, Any]
    text: str
    own: int | str | None
    shown: int | str | None


def _number(
    w: CaseWriter, base: Snapshot, slot: Slot, day: date, before: Collection[Document]
) -> tuple[_Given, int | None]:
    """The number of a paper: the next one, or the one the case names; and the row of a block it stands in."""
    run = numbering.series_of(base, slot.kind, day) if slot.numbered else None
    if isinstance(slot.number, str):
        run, wanted = numbering.parse(slot.number)
    else:
        wanted = slot.number or 0
    if run is None:
        columns = {"code": "", "year": None, "number": None, "number_text": ""}
        return _Given(columns, "", slot.number, slot.number), None
    elsewhere = any(d.number_text == _text(run, wanted, slot.number) and d.key == slot.key for d in before)
    if wanted and not elsewhere:
        return _wanted(w, run, wanted, slot)
    (number,) = numbering.take(w.conn, run)  # the first party's letter keeps the number the case names
    return given_of(run, number, slot.number if elsewhere else number, number), None


def _wanted(w: CaseWriter, run: Series, number: int, slot: Slot) -> tuple[_Given, int | None]:
    """The number the case names: the next one, or one that was taken away for handwriting."""
    text, claimed = _text(run, number, slot.number), free(w.conn, run, number, slot)
    if claimed is None:
        numbering.take(w.conn, run)
    return given_of(run, number, slot.number, slot.number, text), claimed


def free(conn: sa.Connection, run: Series, number: int, slot: Slot) -> int | None:
    """Whether the number a case names can be given: the row of the block it stands in, None for the next one.

    Raises:
        BadValue: it would leave a gap, or it was given before.
    """
    text, c = _text(run, number, slot.number), t.document.c
    next_one = numbering.last(conn, run) + 1
    if number == next_one:
        return None
    at = (c.code == run.code) & (c.year == run.year) & (c.number == number)
    row = conn.execute(sa.select(c.id, c.state, c.type, c.case).where(at)).first()
    if row is not None and row.state == RESERVED and row.type == slot.kind.type:
        return int(row.id)
    hint = f"文号留空由系统编号，下一个是 {run.text(next_one)}"
    if row is None:
        raise BadValue(f"文号 {text} 会造成跳号", where=slot.kind.name, hint=hint)
    used = f"（案件 {row.case}）" if row.case else ""
    raise BadValue(f"文号 {text} {row.state}{used}", where=slot.kind.name, hint=hint)


def given_of(run: Series, number: int, own: Any, shown: Any, text: str = "") -> _Given:
    text = text or run.text(number)
    columns = {"code": run.code, "year": run.year, "number": number, "number_text": text}
    return _Given(columns, text, own, shown)


def _text(run: Series, number: int, written: int | str | None) -> str:
    return re.sub(r"\s", "", written) if isinstance(written, str) else run.text(number)


def _with_number(slot: Slot, body: bodies.Body, given: _Given, day: date) -> bodies.Body:
    """The body a second party's letter is drafted from: its own number in the place of the first one's."""
    new = slot.filled(body, given.own, day)
    slot.place(new)["number"] = given.shown
    return new


def as_issued(conn: sa.Connection, case: CaseFile, slot: Slot, party: int) -> CaseFile:
    """The case a paper is drafted from: a receipt names the number its party's paper was issued under."""
    if slot.kind.type != RECEIPT:
        return case
    of, c = served_paper(case, slot.key), t.document.c
    same = (c.case == case.id) & (c.type == of.type) & (c.key == store_key(of)) & (c.party == party)
    found = [d for d in select(conn, same) if d.state in (ISSUED, BROUGHT) and d.number_text]
    return bearing(case, of, found[-1].number_text) if found else case


def _leaves(draft: Draft, kind: DocumentType, now: StoredCase, number: str) -> None:
    """The bytes themselves say what they are: no draft, of this type and case, bearing this number."""
    package = open_package(draft.data)
    says = provenance.read(package)
    if draft.watermark or says is None or says.draft:
        why = "；".join([*draft.notes[:1], *(f.message for f in draft.findings[:1])])
        raise Refused(
            f"《{kind.name}》是草稿，不能签发",
            where=f"案件 {now.id}",
            hint=why or "改正后重新起草",
            findings=[f.to_dict() for f in draft.findings],
        )
    if (says.type, says.case) != (kind.type, now.id):
        hint = "重新起草后再签发"
        raise BadValue(
            f"文书写的是 {says.case} 的 {says.type}", where=f"案件 {now.id} {kind.type}", hint=hint
        )
    if number and not bears(package, number):
        raise BadValue(f"文书里没有文号 {number}", where=kind.name, hint="模板里要有 {{ number }}")


def bears(package: Package, number: str) -> bool:
    """Whether the text of a .docx has the number somewhere, in whatever runs it stands."""
    words = (re.sub(r"<[^>]*>|\s", "", package.read(n).decode("utf-8", "replace")) for n in package.names
             if re.fullmatch(r"word/(?:document|header\d*|footer\d*)\.xml", n))  # fmt: skip
    return any(number in text for text in words)


def written(w: CaseWriter, row: dict[str, Any], claimed: int | None) -> Document:
    """The row of a paper: a new one, or the one that kept its number."""
    row = {**row, **w.stamp, "why": ""}
    if claimed is not None:
        w.conn.execute(sa.update(t.document).where(t.document.c.id == claimed).values(**row))
        return select(w.conn, t.document.c.id == claimed)[0]
    result = w.conn.execute(sa.insert(t.document).values(**row, holder=""))
    key = result.inserted_primary_key
    assert key is not None
    return select(w.conn, t.document.c.id == key[0])[0]


def entered(w: CaseWriter, made: Document, now: StoredCase, what: str, **said: Any) -> None:
    """The paper in the log, in the ledgers, and in the state of its case."""
    rows = w.rows(t.document, t.document.c.id == made.id)
    w.log(what, made.case, type=made.type, number=made.number_text, sha256=made.sha256, rows=rows, **said)
    ledger_rows.follow(w, now)
    w.settle(made.case)


# ---------------------------------------------------------------- void


def void(w: CaseWriter, which: str, why: str) -> Document:
    """Declare a paper void, or a number that was spoiled; the number stays, its rows in the ledgers too.

    Raises:
        NotFound: there is none.
        BadValue: no reason.
        Conflict: it is void already.
    """
    found = find(w.conn, which)
    if not why.strip():
        raise BadValue("没有写明作废的理由", where="--why", hint="写明为什么作废，如 写坏、文号打错")
    if found.state not in (ISSUED, RESERVED):
        hint = "不必再作废" if found.state == VOID else "转入的文书由原机关处理"
        raise Conflict(f"{found.number_text or found.name}已经{found.state}", where=found.why, hint=hint)
    gone = t.document.c.id == found.id
    w.conn.execute(sa.update(t.document).where(gone).values(state=VOID, why=why.strip()))
    rows = ledger_rows.void_rows(w, found.id, why.strip())
    if found.case:
        now, kind = w.current(found.case), document_type(found.type)
        body = emptied(now.body, kind, found.key, found.number_text, why.strip())
        w.save(found.case, body, expected_revision=now.revision, note=f"{kind.name}{found.number_text}作废")
        w.settle(found.case)
    rows |= w.rows(t.document, gone)
    w.log("作废", found.case, type=found.type, number=found.number_text, rows=rows, why=why.strip())
    return select(w.conn, gone)[0]
