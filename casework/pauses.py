"""What stops a clock in a case: testing, a suspended investigation, reconsideration, suit; and deferrals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from casework.calendar import Pause
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.drafting import subject_of
from generator.grounds import rules_named
from generator.ownfields import read_own
from generator.ownvalues import own_values
from generator.papers import Paper
from kb.errors import NotFound, NotLoaded, WrongUse
from kb.importing.yaml_files import Lines
from kb.snapshot import Snapshot

TESTING = "《中华人民共和国行政强制法》第二十五条第三款"
LONGER = "《中华人民共和国行政处罚法》第六十条"
PROCEEDING = "《中华人民共和国行政处罚法》第七十三条第三款"


def own(case: CaseFile, base: Snapshot, paper: Paper) -> dict[str, Any]:
    """The own fields of a paper as it prints them: what is written, computed, or taken over from the case.

    Where the benchmark of the case is not loaded, only what is written.
    """
    which = paper.key or str([p for p in case.papers if p.type == paper.type].index(paper) + 1)
    try:
        day = paper.date or case.violations[0].act.end
        return own_values(subject_of(document_type(paper.type), case, base, day, paper=which))
    except (NotFound, NotLoaded, WrongUse):
        return read_own(paper, Lines("案件"), ("papers", case.papers.index(paper)))


def _papers(case: CaseFile, type: str) -> Iterator[Paper]:
    return (p for p in case.papers if p.type == type and not p.void)


def testing(case: CaseFile, base: Snapshot) -> tuple[Pause, ...]:
    """The periods of testing that the party was told of in writing (行政强制法 25(3))."""
    found = []
    for paper in _papers(case, "testing_notice"):
        said = own(case, base, paper)
        start, end = _day(said.get("from")), _day(said.get("until"))
        if start:
            found.append(Pause(start, end, "检测、检验、检疫或者技术鉴定", TESTING))
    return tuple(found)


def proceedings(case: CaseFile, party: int) -> tuple[Pause, ...]:
    """Reconsideration and suit of a party: no surcharge meanwhile (行政处罚法 73(3))."""
    return tuple(Pause(p.accepted, p.ended, p.kind, PROCEEDING) for p in case.proceedings if p.party == party)


def suspensions(case: CaseFile, base: Snapshot) -> tuple[Pause, ...]:
    """A suspended investigation, where a rule says that the time of the decision stands still (处罚法 60)."""
    found = []
    for paper in _papers(case, "suspend_investigation"):
        if paper.date is None:
            continue
        try:
            rule = base.setting("decision/excluded", paper.date)
        except NotLoaded:
            continue
        resumed = min(
            (p.date for p in _papers(case, "resume_investigation") if p.date and p.date >= paper.date),
            default=None,
        )
        if "中止" in rule.value:
            found.append(Pause(paper.date, resumed, "中止调查", "、".join(rule.basis)))
    return tuple(found)


def deferred_to(case: CaseFile, base: Snapshot) -> date | None:
    """The last day to pay that a deferral or instalments grant (行政处罚法 66(2))."""
    ends = []
    for paper in _papers(case, "deferral_notice"):
        said = own(case, base, paper)
        ends += [_day(said.get("until")), *(_day(row.get("date")) for row in said.get("instalments", ()))]
    return max(filter(None, ends), default=None)


def extended_to(case: CaseFile, base: Snapshot) -> date | None:
    """The last day to decide that an approved extension set (行政处罚法 60: 另有规定的，从其规定)."""
    found = extension(case, base)
    return found[0] if found else None


def extension(case: CaseFile, base: Snapshot) -> tuple[date, str] | None:
    """The last day to decide that an approved extension set, and the rule that allows it.

    One that names no such rule (行政处罚法 60 itself is none) extends nothing.
    """
    found = []
    for paper in _papers(case, "period_extension"):
        said = own(case, base, paper)
        day = paper.date or case.violations[0].act.end
        until, rules = said.get("until"), rules_named(said.get("basis", ()), LONGER, base.laws, day)
        if until and rules:
            found.append((until, "、".join(rules)))
    return max(found, default=None)


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
