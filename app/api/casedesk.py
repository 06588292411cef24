"""The desk of cases as data: one case at a glance, a paper before it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.api import cases as api
from app.base import Base
from casework import bodies, documents, issuing, numbering
from casework.cases import Cases
from casework.due import Due
from casework.duedates import dues
from casework.gates import judge, overruled
from casework.slots import Slot, slot_of
from casework.writing import BROUGHT, ISSUED, VOID, StoredCase
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, STAGES, DocumentType, document_type, document_types
from generator.drafting import Draft
from generator.events import Event, events
from kb.errors import CailiangError, Refused
from kb.snapshot import Snapshot

NOT_ISSUED = "未签发"


# ---------------------------------------------------------------- one case


def glance(base: Base, snapshot: Snapshot, id: str, *, on: date, role: str) -> dict[str, Any]:
    """A case with its course, what is due, which papers may be made, and its rows in the ledgers.

    Raises:
        NotFound: no such case; WrongUse: no such role.
    """
    data = api.one_case(base, id, role=role)
    stored = Cases(base.store).read(id)
    data["cause"] = api.cause_of(base, stored.shown)
    data["ledgers"] = api.ledger_rows_of(base, id, role=role)
    data["violations"] = [
        api.cause_of(base, {"violations": [v]}) for v in stored.shown.get("violations") or []
    ]
    data["near"] = []
    if stored.fault:
        return data | {"course": _papers_only(data["documents"]), "dues": [], "stages": [], "trouble": ""}
    case = stored.case
    data["course"] = [*_course(case, data["documents"])]
    data["near"] = _near(data["course"])
    try:
        data["dues"] = [d.to_dict(on) for d in _sorted(dues(case, snapshot))]
        return data | {"stages": [*_stages(case, snapshot, on, data["documents"])], "trouble": ""}
    except CailiangError as error:
        return data | {"dues": data.get("dues", []), "stages": [], "trouble": str(error)}


def _near(course: list[dict[str, Any]]) -> list[str]:
    """The stages whose papers come next: the furthest one that the case reached, and the two behind it."""
    kinds = [document_type(e["type"]) for e in course if e["type"] and e["state"] != VOID]
    at = max((STAGES.index(kind.stage) for kind in kinds), default=0)
    return list(STAGES[at : at + 3])


def _sorted(found: Any) -> list[Due]:
    """Open ones first, by their day."""
    return sorted(found, key=lambda d: (d.done_on is not None, d.day or date.max, d.name))


def _course(case: CaseFile, papers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What happened, by day: papers made or recorded with their numbers, and what the case says besides."""
    left = {p["id"]: p for p in papers}
    rows = [*_happened(case)]
    for event in events(case):
        kind = document_type(event.type)
        mine = [p for p in left.values() if _is(p, event, kind)]
        for paper in mine:
            del left[paper["id"]]
        made = [_row(event, kind, paper) for paper in mine] or [_row(event, kind, None)]
        rows += [row | {"receipt": _receipt(event, row, left)} for row in made]
    rows += _papers_only(left.values())
    yield from sorted(rows, key=lambda r: (r["day"] or "9999", r["document"] or 0))


def _is(paper: Mapping[str, Any], event: Event, kind: DocumentType) -> bool:
    key = event.key or kind.block
    same = paper["type"] == event.type and (paper["key"] == key or not key)
    return same and event.party in (None, paper["party"]) and (paper["state"] == VOID) == bool(event.void)


def _receipt(event: Event, row: Mapping[str, Any], left: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """The receipt (送达回证) of a paper whose service is written: which one to ask for, or the issued one,
    which is no row of its own then."""
    if event.served is None or event.void:
        return None
    found = next(
        (
            p
            for p in left.values()
            if (p["type"], p["key"], p["party"]) == (RECEIPT, event.name, row["party"] or 1)
            and p["state"] != VOID
        ),
        None,
    )
    if found:
        del left[found["id"]]
    return {"paper": event.name, "document": found["id"] if found else None}


def _row(event: Event, kind: DocumentType, paper: Mapping[str, Any] | None) -> dict[str, Any]:
    number = event.number if event.number is not None else ""
    day = event.day.isoformat() if event.day else None
    opening = event.index is None and not kind.block
    said = {
        "day": day,
        "name": "立案" if opening else kind.name,
        "type": "" if opening else event.type,
        "key": event.key,
        "party": event.party,
        "number": str(number),
        "served_on": event.served_on.isoformat() if event.served_on else None,
        "state": "" if opening else "作废" if event.void else NOT_ISSUED,
        "why": event.void,
        "document": None,
        "files": 0,
        "receipt": None,
    }
    if paper is None:
        return said
    return said | {
        "day": paper["day"] or day,
        "number": paper["number_text"],
        "party": paper["party"],
        "state": paper["state"],
        "why": paper["why"],
        "document": paper["id"],
        "files": len(paper["files"]),
    }


def _papers_only(papers: Any) -> list[dict[str, Any]]:
    """Papers that the case itself no longer names: void ones above all."""
    return [
        {
            "day": p["day"], "name": p["name"], "type": p["type"], "key": p["key"], "party": p["party"],
            "number": p["number_text"], "served_on": None, "state": p["state"], "why": p["why"],
            "document": p["id"], "files": len(p["files"]), "receipt": None,
        }
        for p in papers
    ]  # fmt: skip


def _happened(case: CaseFile) -> Iterator[dict[str, Any]]:
    said: list[tuple[date | None, str]] = [(v.found_on, "发现违法行为") for v in case.violations]
    said += [(p.date, f"缴款{p.amount:,}元") for p in case.payments]
    said += [(p.accepted, f"{p.kind}受理") for p in case.proceedings]
    said += [(p.ended, f"{p.kind}终结") for p in case.proceedings]
    for day, name in said:
        if day:
            yield {
                "day": day.isoformat(), "name": name, "type": "", "key": "", "party": None, "number": "",
                "served_on": None, "state": "", "why": "", "document": None, "files": 0, "receipt": None,
            }  # fmt: skip


def _stages(
    case: CaseFile, snapshot: Snapshot, on: date, papers: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Every document type by stage and liable party: whether it may be made, or what forbids it.

    A paper that the case has already is judged on the day it bears, others on the day asked for.
    """
    liable = sorted({v.party for v in case.violations}) or [1]
    rows: dict[str, list[dict[str, Any]]] = {stage: [] for stage in STAGES}
    for kind in document_types():
        for party in liable if kind.party == "one" and len(case.parties) > 1 else [0]:
            issued = [p for p in papers if p["type"] == kind.type and p["state"] in (ISSUED, BROUGHT)]
            issued = [p for p in issued if not party or p["party"] == party]
            own = (e.day for e in events(case) if e.type == kind.type and not e.void)
            day = on if kind.repeat else next(filter(None, own), on)
            stand, passed = overruled(judge(case, kind.type, snapshot, day, party=party or 1), case)
            done = bool(issued) and not kind.repeat
            rows[kind.stage].append(
                {
                    "type": kind.type,
                    "name": kind.name,
                    "party": party or None,
                    "open": done or all(f.severity == "提示" for f in stand),
                    "issued": [{"document": p["id"], "number": p["number_text"]} for p in issued],
                    "findings": [] if done else [f.to_dict() for f in stand],
                    "passed": [{"finding": f.to_dict(), "why": why} for f, why in passed],
                }
            )
    return ({"stage": stage, "papers": found} for stage, found in rows.items() if found)


# ---------------------------------------------------------------- a paper before it leaves


@dataclass(frozen=True, slots=True)
class Ready:
    """One paper as it would leave today.

    Attributes:
        made: the paper where it may leave, else its 草稿; None where not even that can be made.
        problem: why it may not leave; None where it may.
    """

    kind: DocumentType
    slot: Slot
    stored: StoredCase
    made: Draft | None
    problem: CailiangError | None


def ready(
    base: Base, snapshot: Snapshot, id: str, type: str, *, on: date, party: int = 1, key: str = ""
) -> Ready:
    """Draft a paper of a stored case as `issue` would, without a number being used up.

    Raises:
        NotFound: no such case or type; BadRecord: the case isn't whole; BadValue: it has no such paper.
    """
    kind, stored, slot = _place(base, id, type, key)
    number, problem = _number(base, snapshot, slot, slot.day or on, id)
    case = _case(base, slot, slot.filled(stored.body, number, slot.day or on), party)
    made = None
    try:
        made = _drafted(base, kind, case, slot, on, party, draft=False)
    except CailiangError as error:
        problem = error
    if problem is not None:
        try:
            made = made or _drafted(base, kind, case, slot, on, party, draft=True)
        except CailiangError as worse:
            problem = problem if isinstance(problem, Refused) else worse
        return Ready(kind, slot, stored, made, problem)
    assert made is not None
    if made.watermark:
        why = Refused("现在只能出草稿", hint="；".join(made.notes[:1]) or "改正后再签发")
        return Ready(kind, slot, stored, made, why)
    return Ready(kind, slot, stored, made, None)


def _number(
    base: Base, snapshot: Snapshot, slot: Slot, day: date, id: str
) -> tuple[int | str | None, CailiangError | None]:
    """The number a paper would bear, and why the one its case names can't be given."""
    run = numbering.series_of(snapshot, slot.kind, day) if slot.numbered else None
    wanted = slot.number
    try:
        if isinstance(wanted, str):
            run, wanted = numbering.parse(wanted)
        if run is None:
            return slot.number, None
        with base.store.connected() as conn:
            if not wanted:
                return numbering.last(conn, run) + 1, None
            mine = (d.number_text for d in documents.documents(base.store, id) if d.type == slot.kind.type)
            if run.text(wanted) not in mine:
                issuing.free(conn, run, wanted, slot)
    except CailiangError as problem:
        return slot.number, problem
    return slot.number, None


def draft_only(base: Base, id: str, type: str, *, on: date, party: int = 1, key: str = "") -> Draft:
    """The same paper as 草稿: with watermark, and without a number that was not given yet.

    Raises:
        as `ready`; Refused: not even a draft can be made.
    """
    kind, stored, slot = _place(base, id, type, key)
    case = _case(base, slot, slot.filled(stored.body, None, slot.day or on), party)
    return _drafted(base, kind, case, slot, on, party, draft=True)


def _case(base: Base, slot: Slot, body: bodies.Body, party: int) -> CaseFile:
    with base.store.connected() as conn:
        return issuing.as_issued(conn, bodies.case_of(body), slot, slot.party or party)


def _place(base: Base, id: str, type: str, key: str) -> tuple[DocumentType, StoredCase, Slot]:
    kind, stored = document_type(type), Cases(base.store).read(id)
    papers = documents.documents(base.store, id)
    taken = {d.key for d in papers if d.type == kind.type and d.state == ISSUED}
    return kind, stored, slot_of(stored.case, kind, key, taken)


def _drafted(
    base: Base, kind: DocumentType, case: CaseFile, slot: Slot, on: date, party: int, *, draft: bool
) -> Draft:
    from casework.drafting import draft as make
    from casework.office.rosters import Roster

    whose, roster = slot.party or party, Roster.of(base.store)
    how = {"draft": draft, "paper": slot.paper}
    return make(kind.type, case, base.snapshot(), decided=on, party=whose, roster=roster, **how)  # type: ignore[arg-type]
