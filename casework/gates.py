"""Gates: whether a paper of a case may be made on a day, or what forbids it.

否决 is barred: nobody passes it, whatever the role; a decision against it can be void (行政处罚法 38(2)).
扣分 is warned: a written reason in the case file (``overrides``) passes it. 提示 is only said. What one paper
owes by itself (fields, certificates, amounts) the generator refuses; here stands what hangs on the rest of
the case: the order of the papers, the days between them, who acted in which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from casework.calendar import Pause, calendar_of, unsure_text
from casework.deadlines import Term, term
from casework.pauses import own
from casework.precedence import EDGES, Edge
from generator.casefile import CaseFile, CaseMeasure, Party
from generator.catalogue import document_type, is_type
from generator.events import Event, events
from generator.papers import Paper
from kb.errors import BadRecord, NotLoaded
from kb.findings import Finding, Place, Severity
from kb.snapshot import Snapshot

PLACE = Place("案件文件")
PLACES = {
    "notice.hearing.offered": "告知了听证权利",
    "notice.hearing.waived": "放弃听证",
    "decision.traits": "审核、讨论的情形",
    "decision.legal_review_on": "法制审核日期",
    "decision.deliberated_on": "集体讨论日期",
    "leniency.id": "适用的清单事项",
}
"""What the form calls the places of the case file that gates speak of."""
OVERRULED = "不按提醒办理的理由"
"""The part of the form where a warned gate is passed."""


@dataclass(frozen=True)
class View:
    """One paper to be made, seen from its case.

    Attributes:
        case: the case.
        type: the paper's document type.
        base: the base.
        day: the day it bears or would bear.
        number: which party, from 1.
        key: the paper's key in the case; empty for a block or a paper not written yet.
        unsure: years without a holiday record that a gate leaned on.
    """

    case: CaseFile
    type: str
    base: Snapshot
    day: date
    number: int = 1
    key: str = ""
    unsure: set[int] = field(default_factory=set, compare=False)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The papers that count, in the order of their days."""
        return tuple(e for e in events(self.case) if not e.void)

    @property
    def party(self) -> Party:
        return self.case.parties[self.number - 1]

    @property
    def fine(self) -> Decimal:
        mine = [v for v in self.case.violations if v.party == self.number]
        return sum((v.fine or Decimal(0) for v in mine), Decimal(0))

    @property
    def measures(self) -> list[CaseMeasure]:
        return [m for v in self.case.violations if v.party == self.number for m in v.measures]

    def of(self, *types: str) -> list[Event]:
        """The papers of some types for this party or for all."""
        return [e for e in self.events if e.type in types and e.party in (None, self.number)]

    def last(self, *types: str) -> Event | None:
        """The last paper of some types."""
        found = self.of(*types)
        return found[-1] if found else None

    def paper(self, event: Event | None) -> Paper | None:
        """The entry of a paper in the case; a block has none."""
        return None if event is None or event.index is None else self.case.papers[event.index]

    @cached_property
    def mine(self) -> Event | None:
        """The paper that is judged, where the case has it already."""
        own = (e for e in self.of(self.type) if e.key == self.key)
        return next((e for e in own if e.day in (None, self.day)), None)

    def own(self, event: Event | None) -> dict[str, Any]:
        """The own fields written for a paper."""
        paper = self.paper(event)
        return own(self.case, self.base, paper) if paper else {}

    def term(self, name: str, start: date, pauses: Sequence[Pause] = ()) -> Term | None:
        """A period from a day, where its length is loaded."""
        try:
            found = term(self.base, name, start, pauses)
        except NotLoaded:
            return None
        self.unsure.update(found.counted.unsure)
        return found

    def leaned(self, day: date | None) -> date | None:
        """A day that was rolled over days off elsewhere; notes its year where that has no record."""
        if day:
            self.unsure.update(calendar_of(self.base).unsure(day, day))
        return day


Gate = Callable[[View], Iterator[Finding]]
GATES: dict[str, tuple[Gate, tuple[str, ...]]] = {}


def gate(code: str, *types: str) -> Callable[[Gate], Gate]:
    """Register a gate under its code, for the papers it stands before (none named: all)."""

    def register(function: Gate) -> Gate:
        GATES[code] = (function, types)
        return function

    return register


def named(path: str) -> str:
    """A place of the case file as a reader knows it: “法制审核日期”（decision.legal_review_on）."""
    return f"“{PLACES[path]}”（{path}）"


def stop(
    code: str, severity: Severity, message: str, basis: str, *, text: str = "", suggestion: str = ""
) -> Finding:
    """A finding of a gate."""
    return Finding(code, severity, message, text=text, place=PLACE, suggestion=suggestion, basis=basis)


def judge(
    case: CaseFile, type: str, base: Snapshot, day: date, *, party: int = 1, key: str = ""
) -> list[Finding]:
    """What stands against making a paper of a case on a day; barred ones first.

    Args:
        case: the case with all its papers.
        type: a document type (identifier or Chinese name).
        base: the base.
        day: the day the paper bears or would bear.
        party: whose paper, from 1.
        key: the paper's key where the case has it already.

    Raises:
        NotFound: no such document type.
        BadRecord: a setting or an own field that can't be read.
    """
    from casework import gate_people, gate_rules, gate_times  # noqa: F401  (they register themselves)

    kind = document_type(type)
    view = View(case, kind.type, base, day, party, key)
    found = [*_edges(view), *_own_order(view)]
    for function, types in GATES.values():
        if not types or kind.type in types:
            found += function(view)
    if view.unsure:
        found.append(stop("G26", "提示", f"{unsure_text(sorted(view.unsure))}，期限请人工核对", ""))
    order = {"否决": 0, "扣分": 1, "提示": 2}
    return sorted(dict.fromkeys(found), key=lambda f: order[f.severity])


def overruled(findings: Iterable[Finding], case: CaseFile) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    """The findings that still stand, and the warned ones somebody passed, each with who and why.

    A barred one is never passed: an override of it in the case file changes nothing.
    """
    reasons = {o.gate: f"{o.by}：{o.reason}" for o in case.overrides}
    stand, passed = [], []
    for finding in findings:
        if finding.severity == "扣分" and finding.code in reasons:
            passed.append((replace(finding, severity="提示"), reasons[finding.code]))
        else:
            stand.append(finding)
    return stand, passed


# ---------------------------------------------------------------- the order of the papers


def _edges(view: View) -> Iterator[Finding]:
    """G1: a paper the law asks for first is not there, or comes later; G2: the same of what may be passed."""
    for edge in EDGES:
        if edge.paper == view.type:
            yield from _edge(view, edge)


def _edge(view: View, edge: Edge) -> Iterator[Finding]:
    found = view.of(*edge.after)
    days = [e.served_on if edge.served else e.day for e in found]
    if any(day and day <= view.day for day in days):
        return
    known = [t for t in edge.after if is_type(t)]  # an order can't ask for one that is gone
    if not known or (edge.severity == "提示" and not view.case.papers):
        return
    code = "G1" if edge.severity == "否决" else "G2"
    names = "或者".join(f"《{name_of(t)}》" for t in known)
    mine = f"《{name_of(view.type)}》"
    if not found:
        yield stop(
            code,
            edge.severity,
            f"{mine}之前应当有{names}，案件没有",
            edge.basis,
            suggestion=f"先作出{names}，或者补记到案件文件",
        )
        return
    late = next((day for day in days if day), None)
    if late is None and not edge.served:
        return  # it is there; only its day isn't said
    if late is None:
        message = f"{names}没有送达的记录，不能作出{mine}"
        mend = "先送达，写明送达日期"
    else:
        did = "送达" if edge.served else "作出"
        message = f"{names}于{late}才{did}，晚于{mine}的{view.day}"
        mend = "核对日期；确实颠倒的，重新作出后一份文书"
    severity: Severity = "扣分" if edge.severity == "提示" else edge.severity
    yield stop(code, severity, message, edge.basis, text=str(late or ""), suggestion=mend)


def _own_order(view: View) -> Iterator[Finding]:
    """G20: the organ's own order of papers (setting ``procedure/order``: rows of ``paper`` and ``after``)."""
    try:
        order = view.base.setting("procedure/order", view.day)
    except NotLoaded:
        return
    try:
        rows = [(str(row["paper"]), str(row["after"])) for row in order.value]
        wanted = [(document_type(p).type, document_type(a).type) for p, a in rows]
    except (TypeError, KeyError):
        hint = "写成 [{paper: 后一份, after: 前一份}, …]"
        raise BadRecord("文书的先后读不懂", where=f"设置 {order.id}", hint=hint) from None
    for paper, after in wanted:
        if paper == view.type and not any(e.day and e.day <= view.day for e in view.of(after)):
            message = f"本机关规定《{name_of(paper)}》之前应当有《{name_of(after)}》"
            yield stop("G20", "扣分", message, order.source.instrument, suggestion="补作，或者写明理由")


def name_of(type: str) -> str:
    """The Chinese name of a document type."""
    return document_type(type).name
