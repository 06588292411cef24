"""A paper of a case: the gates first, then the generator. Every door drafts through here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from casework.gates import OVERRULED, PLACE, judge, overruled
from casework.office.rosters import Roster
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.drafting import BLOCKING, UNPROVEN, Draft, target
from generator.drafting import draft as generate
from kb.errors import Refused
from kb.findings import Finding
from kb.snapshot import Snapshot


def draft(
    type: str,
    case: CaseFile,
    base: Snapshot,
    *,
    decided: date,
    draft: bool = False,
    party: int = 1,
    paper: str = "",
    roster: Roster | None = None,
) -> Draft:
    """Draft one paper of a case, if its gates are open.

    Args:
        type: a document type (identifier or Chinese name).
        case: the case file.
        base: the snapshot it is drafted from.
        decided: the day of the paper where the case has none (the door's clock).
        draft: save it with its faults, watermarked 草稿.
        party: which party, from 1.
        paper: which of the case's papers of this type: its key, or its number among them from 1; for a
            receipt, which paper was served.
        roster: the officers who hold a certificate; left out or empty: they are not checked against it.

    Returns:
        The paper; its findings begin with those of the gates, and its notes tell which warned ones were
        passed, by whom and why.

    Raises:
        Refused: a gate is shut or the generator refuses; carries the findings of both.
        NotFound, NotLoaded, WrongUse, BadRecord: as `generator.drafting.draft`.
    """
    kind = document_type(type)
    at = target(kind, case, paper, party)
    entry, day = at.entry, at.day or decided
    if not 1 <= at.party <= len(case.parties):
        found: list[Finding] = []  # the generator says that there is no such party
    else:
        key = entry.key or "" if entry else ""
        found = judge(case, kind.type, base, day, party=at.party, key=key)
        found += roster.findings(case, kind, entry, day) if roster else []
    stand, passed = overruled(found, case)
    try:
        made = generate(type, case, base, decided=decided, draft=draft, party=party, paper=paper)
    except Refused as e:
        raise _with_gates(kind.name, _unsaid(stand, {str(f["basis"]) for f in e.findings}), e) from None
    stand = _unsaid(stand, {f.basis for f in made.findings})
    shut = [f for f in stand if f.severity in BLOCKING]
    if shut and not draft:
        raise _refused(kind.name, shut[0], [f.to_dict() for f in (*stand, *made.findings)])
    notes = [f"{f.code} 已放行：{f.message}（{why}）" for f, why in passed]
    return replace(made, findings=(*stand, *made.findings), notes=(*made.notes, *notes))


def _unsaid(found: list[Finding], bases: set[str]) -> list[Finding]:
    """The findings of gates that the generator doesn't say already, by the provision."""
    return [f for f in found if not f.basis or f.basis not in bases]


def _with_gates(name: str, gates: list[Finding], e: Refused) -> Refused:
    """The generator's refusal with what the gates say; what the law bars is told before what a field lacks.

    The line names the provision wherever there is one; an unproven citation stays the first.
    """
    findings = [*(f.to_dict() for f in gates), *e.findings]
    barred = [f for f in gates if f.severity == "否决"]
    first = next(f for f in e.findings if f["severity"] in BLOCKING or f["code"] in UNPROVEN)
    if barred and first["code"] not in UNPROVEN:
        return _refused(name, barred[0], findings)
    owed = first["place"]["part"] == PLACE.part
    where = first["basis"] if owed and first["basis"] else e.where
    return Refused(e.message, where=where, hint=e.hint, findings=findings)


def _refused(name: str, first: Finding, findings: list[dict[str, Any]]) -> Refused:
    stops = [f for f in findings if f["severity"] in BLOCKING]
    more = f"（另有{len(stops) - 1}处）" if len(stops) > 1 else ""
    passable = f"在“{OVERRULED}”（overrides）写明理由可以放行"
    last = "不能放行" if first.severity == "否决" else passable
    return Refused(
        f"《{name}》不能出具：{first.code} {first.message}{more}",
        where=first.basis,
        hint=f"{first.suggestion}；{last}" if first.suggestion else last,
        findings=findings,
    )
