"""Cases as data: what commands, pages and JSON share. Who writes and when come in from the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.base import Base
from casework import attachments, documents, exchange, handwriting, issuing, ledger_rows, ledgers, numbering
from casework.bodies import Body, summary_of
from casework.cases import Cases
from casework.masking import masked_case, sees_personal
from casework.verification import verify
from casework.writing import ISSUED, RESERVED, VOID, CaseWriter, StoredCase
from kb.errors import NotFound

NOBODY = "其他"
"""The role of whoever says nothing: no personal data is shown."""


def cases_of(base: Base) -> Cases:
    return Cases(base.store)


# ---------------------------------------------------------------- cases


def case_list(base: Base, *, role: str = NOBODY, **filters: Any) -> dict[str, Any]:
    """The cases that fit (`Cases.list`)."""
    total, rows = cases_of(base).list(masked=not sees_personal(role), **filters)
    names = _Names(base)
    return {"total": total, "cases": [r.to_dict() | {"cause": names(r.cause)} for r in rows]}


class _Names:
    """Violations by name where a case says no 案由: ``market/x`` → 无证经营."""

    def __init__(self, base: Base) -> None:
        self._snapshot = base.snapshot()

    def __call__(self, cause: str) -> str:
        return "、".join(self._name(part) if "/" in part else part for part in cause.split("、"))

    def _name(self, id: str) -> str:
        try:
            return self._snapshot.versions("benchmark", id)[-1].title
        except NotFound:
            return id


def cause_of(base: Base, body: Mapping[str, Any]) -> str:
    """What a case is about, in words; empty where it doesn't say yet."""
    return _Names(base)(summary_of(body).cause)


def ledger_rows_of(base: Base, id: str, *, role: str = NOBODY) -> list[dict[str, Any]]:
    """The rows that a case has in the ledgers."""
    found = ledgers.rows_of(base.store, id, masked=not sees_personal(role))
    return [r.to_dict() | {"title": ledgers.ledger_of(r.ledger).title} for r in found]


def case_head(stored: StoredCase) -> dict[str, Any]:
    return {
        name: getattr(stored, name) for name in ("id", "revision", "state", "stage", "fault", "author", "at")
    }


def one_case(base: Base, id: str, *, revision: int | None = None, role: str = NOBODY) -> dict[str, Any]:
    """A case with its papers and its history. Raises NotFound, WrongUse."""
    cases, clear = cases_of(base), sees_personal(role)
    stored = cases.read(id, revision)
    papers, body = documents.documents(base.store, id), stored.shown
    return case_head(stored) | {
        "case": body if clear else masked_case(body),
        "documents": [
            d.to_dict() | {"files": [a.to_dict() for a in attachments.attachments(base.store, d.id)]}
            for d in papers
        ],
        "history": [change.to_dict() for change in cases.history(id)],
    }


def create(base: Base, body: Mapping[str, Any], *, by: str, at: datetime) -> dict[str, Any]:
    """Add a case, whole or not. Raises BadValue, BadRecord, Conflict."""
    with cases_of(base).writing(by=by, at=at) as w:
        return case_head(w.create(body))


def save(
    base: Base,
    id: str,
    body: Mapping[str, Any],
    *,
    revision: int,
    by: str,
    at: datetime,
    day: date | None = None,
) -> dict[str, Any]:
    """Write a new revision over the one that was read. Raises NotFound, Conflict, BadRecord."""
    with cases_of(base).writing(by=by, at=at) as w:
        return case_head(w.save(id, body, expected_revision=revision, day=day))


def autosave(base: Base, id: str, body: Body, *, revision: int, by: str, at: datetime) -> None:
    """Keep what somebody is typing until they save. Raises BadValue, BadRecord."""
    with cases_of(base).writing(by=by, at=at) as w:
        w.autosave(id, body, revision=revision)


def autosaved(base: Base, id: str, *, by: str) -> dict[str, Any] | None:
    """What somebody was typing, and over which revision; None where nothing is kept."""
    kept = cases_of(base).autosaved(id, by)
    return {"case": kept[0], "revision": kept[1]} if kept else None


def copy(base: Base, source: str, id: str, *, by: str, at: datetime) -> dict[str, Any]:
    """A new case on the model of an earlier one. Raises NotFound, Conflict."""
    with cases_of(base).writing(by=by, at=at) as w:
        return case_head(w.copy(source, id))


def bring_in(base: Base, name: str, data: bytes, id: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Make a case of a file. Raises BadRecord, BadValue, Conflict."""
    with cases_of(base).writing(by=by, at=at) as w:
        return case_head(exchange.bring_in(w, name, data, id))


def export(base: Base, id: str, suffix: str, *, by: str, at: datetime) -> bytes:
    """One file of a case, personal data included; the log says who took it. Raises NotFound, BadRecord."""
    cases = cases_of(base)
    data = exchange.export(cases, id, suffix)
    with cases.writing(by=by, at=at) as w:
        w.log("导出", id, suffix=suffix)
    return data


# ---------------------------------------------------------------- papers


def issue(
    base: Base,
    id: str,
    type: str,
    *,
    by: str,
    at: datetime,
    party: int = 1,
    paper: str = "",
    revision: int | None = None,
) -> dict[str, Any]:
    """Draft a paper of a stored case and issue it (`issuing.issue`).

    Raises:
        NotFound, BadRecord, BadValue, Conflict, NotLoaded, Refused.
    """
    from casework.drafting import draft
    from casework.office.rosters import Roster

    snapshot, roster = base.snapshot(), Roster.of(base.store)
    notes: list[str] = []

    def make(case: Any, slot: Any) -> Any:
        made = draft(type, case, snapshot, decided=at.date(), party=party, paper=slot.paper, roster=roster)
        notes.extend(made.notes)
        return made

    with cases_of(base).writing(by=by, at=at) as w:
        done = issuing.issue(w, snapshot, id, type, make, party=party, key=paper, expected_revision=revision)
    return done.to_dict() | {"notes": notes}


def paper_bytes(base: Base, which: str, file: int | None = None) -> tuple[dict[str, Any], bytes]:
    """A paper and its bytes as issued, or those of a file that came back to it. Raises NotFound."""
    found = documents.document(base.store, which)
    digest = found.sha256
    if file is not None:
        kept = {a.id: a.sha256 for a in attachments.attachments(base.store, found.id)}
        if file not in kept:
            hint = "有 " + "、".join(map(str, kept)) if kept else "先用 case scan 存入"
            raise NotFound(f"{found.name}{found.number_text}没有附件 {file}", hint=hint)
        digest = kept[file]
    return found.to_dict(), documents.content(base.store, digest)


def void(base: Base, which: str, why: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Declare a paper or a number void. Raises NotFound, BadValue, Conflict."""
    with cases_of(base).writing(by=by, at=at) as w:
        return issuing.void(w, which, why).to_dict()


def reserve(base: Base, type: str, count: int, holder: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Hand out numbers for handwriting. Raises NotFound, NotLoaded, BadValue."""
    with cases_of(base).writing(by=by, at=at) as w:
        found = handwriting.reserve(w, base.snapshot(), type, count, holder=holder, day=at.date())
    return {"numbers": [d.number_text for d in found], "type": found[0].type, "holder": holder}


def register(
    base: Base,
    which: str,
    id: str,
    *,
    day: date,
    by: str,
    at: datetime,
    party: int = 1,
    paper: str = "",
    scan: tuple[str, bytes] | None = None,
) -> dict[str, Any]:
    """Enter a paper written by hand, with its scan if there is one.

    Args:
        paper: which of several of its type, as `issue`.
        scan: its name and its bytes.

    Raises:
        NotFound, Conflict, BadRecord, BadValue: nothing is entered then.
    """
    with cases_of(base).writing(by=by, at=at) as w:
        made = handwriting.register(w, which, id, day=day, party=party, key=paper)
        if scan is not None:
            attachments.add_scan(w, which, *scan)
    return made.to_dict()


def numbers(base: Base, code: str, year: int) -> dict[str, Any]:
    """Every number of a code and year with what became of it."""
    return {
        "code": code,
        "year": year,
        "documents": [d.to_dict() for d in documents.series(base.store, code, year)],
    }


def series(base: Base) -> list[dict[str, Any]]:
    """Every series of document numbers, how far it has come and what became of its numbers."""
    return [
        {
            "code": run.code,
            "year": run.year,
            "last": run.text(value),
            "issued": states.get(ISSUED, 0),
            "reserved": states.get(RESERVED, 0),
            "void": states.get(VOID, 0),
        }
        for run, value, states in documents.every_series(base.store)
    ]


def begin(base: Base, last: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Go on from the last number given elsewhere. Raises BadValue, NotFound.

    Args:
        last: 示综执罚〔2026〕37号, or ``filing 2026-37`` of a ledger.
    """
    ledger, _, own = last.strip().partition(" ")
    if own:
        year, _, used = own.partition("-")
        if not (year.isdecimal() and used.isdecimal()):
            numbering.parse(last)
        run = numbering.Series(ledgers.ledger_of(ledger).name, int(year))
        count = int(used)
    else:
        run, count = numbering.parse(last)
    with cases_of(base).writing(by=by, at=at) as w:
        numbering.begin(w, run, count)
    return {"last": run.text(count), "next": run.text(count + 1)}


def add_scan(base: Base, which: str, path: Path, *, by: str, at: datetime) -> dict[str, Any]:
    """Keep the signed scan of a paper. Raises NotFound, Conflict, BadValue."""
    return keep_scan(base, which, path.name, path.read_bytes(), by=by, at=at)


def keep_scan(base: Base, which: str, name: str, data: bytes, *, by: str, at: datetime) -> dict[str, Any]:
    """The same of bytes that came in."""
    with cases_of(base).writing(by=by, at=at) as w:
        return {"sha256": attachments.add_scan(w, which, name, data), "name": name}


def one_paper(base: Base, id: int) -> dict[str, Any]:
    """A paper that was issued, and the files that came back to it. Raises NotFound."""
    found = documents.document(base.store, str(id))
    return found.to_dict() | {"files": [a.to_dict() for a in attachments.attachments(base.store, found.id)]}


def reserved(base: Base) -> list[dict[str, Any]]:
    """The numbers handed out for handwriting that are still open."""
    return [d.to_dict() for d in handwriting.reserved(base.store)]


def recheck(
    base: Base, which: str, name: str, data: bytes, *, by: str, at: datetime, keep: bool
) -> dict[str, Any]:
    """Prove a paper that was edited by hand. Raises NotFound, BadPackage, BadValue, Conflict.

    Args:
        keep: store it with its findings beside the paper as issued.
    """
    paper = documents.document(base.store, which)
    before = documents.content(base.store, paper.sha256)
    if keep:
        with cases_of(base).writing(by=by, at=at) as w:
            found = attachments.add_edited(w, base.snapshot(), which, name, data, before)
    else:
        found = attachments.recheck(paper, base.snapshot(), data, before)
    return {"number": paper.number_text, "kept": keep, "sound": found.sound} | found.to_dict()


# ---------------------------------------------------------------- ledgers and log


def ledger_list() -> dict[str, Any]:
    """Which ledgers there are and their columns."""
    return {
        "ledgers": [
            {
                "name": x.name,
                "title": x.title,
                "basis": x.basis,
                "columns": [{"name": k, "title": v, "required": k in x.required} for k, v in x.columns],
            }
            for x in ledgers.LEDGERS
        ]
    }


def ledger_year(name: str, year: int | None, this_year: int) -> int | None:
    """The year a ledger is shown of: the one asked for, else this one; a standing table whole."""
    return year or (None if ledgers.ledger_of(name).standing else this_year)


def ledger(base: Base, name: str, year: int | None, *, role: str = NOBODY) -> dict[str, Any]:
    """The rows of a ledger and year (None: of all years). Raises NotFound, WrongUse."""
    kind = ledgers.ledger_of(name)
    rows = _rows(base, name, year, role)
    return {
        "ledger": kind.name,
        "title": kind.title,
        "year": year,
        "rows": [row.to_dict() for row in rows],
        "unread": list({r.case: r.unread.to_dict() for r in rows if r.unread}.values()),
    }


def ledger_xlsx(base: Base, name: str, year: int | None, *, at: datetime, role: str = NOBODY) -> bytes:
    """The same as an .xlsx."""
    from casework.ledger_files import to_xlsx

    return to_xlsx(ledgers.ledger_of(name), year, _rows(base, name, year, role), at=at)


def _rows(base: Base, name: str, year: int | None, role: str) -> list[ledgers.Row]:
    names = _Names(base)
    found = ledgers.rows(base.store, name, year, masked=not sees_personal(role))
    return [
        replace(r, cells={**r.cells, "cause": names(r.cells["cause"])}) if "cause" in r.cells else r
        for r in found
    ]


def ledger_add(
    base: Base, name: str, cells: Mapping[str, str], *, day: date, case: str, by: str, at: datetime
) -> dict[str, Any]:
    """Enter a row by hand. Raises NotFound, BadValue."""
    return _writing(base, by, at, lambda w: ledger_rows.add(w, name, cells, day=day, case=case), name)


def ledger_fill(
    base: Base, name: str, year: int, number: int, cells: Mapping[str, str], *, by: str, at: datetime
) -> dict[str, Any]:
    """Write into the empty columns of a row. Raises NotFound, BadValue, Conflict."""
    return _writing(base, by, at, lambda w: ledger_rows.fill_row(w, name, year, number, cells), name)


def ledger_void(
    base: Base, name: str, year: int, number: int, why: str, *, by: str, at: datetime
) -> dict[str, Any]:
    """Declare a row void. Raises NotFound, BadValue, Conflict."""
    return _writing(base, by, at, lambda w: ledger_rows.void_row(w, name, year, number, why), name)


def _writing(
    base: Base, by: str, at: datetime, run: Callable[[CaseWriter], str], name: str
) -> dict[str, Any]:
    kind = ledgers.ledger_of(name)
    with cases_of(base).writing(by=by, at=at) as w:
        return {"ledger": kind.name, "title": kind.title, "number": run(w)}


def audit(base: Base, head: str = "") -> dict[str, Any]:
    """Whether the log is whole and agrees with what is stored."""
    return verify(base.store, head=head).to_dict()
