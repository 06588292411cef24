"""The yearly figures of an office, counted from its cases: what a year's report publishes.

Every figure names the cases it was counted from, so that it can be checked. A paper counts in the year of the
day it bears, money in the year it came, a remedy in the year it was accepted and again in the year it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from casework.acts import Act, Acts
from casework.due import standing
from casework.precedence import DECIDED, ENFORCING, PENALTY
from casework.reports import Chart, Report, Table, basis_of, unread_note
from generator.catalogue import document_type, document_types
from generator.ownfields import read_own
from kb.importing.yaml_files import Lines
from kb.snapshot import Snapshot
from kb.store import Store

FINE = "罚款"
_KINDS = (
    "警告", "通报批评", FINE, "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件",
    "限制开展生产经营活动", "责令停产停业", "责令关闭", "限制从业",
)  # fmt: skip
"""行政处罚法 9 in its order; what a statute names otherwise keeps its own name."""
_SHORT = {
    "暂扣": "暂扣许可证件",
    "吊销": "吊销许可证件",
    "降低资质": "降低资质等级",
    "没收非法财物": "没收非法财物",
}
_PAPERS = (
    ("检查、提示", ("inspection_record", "guidance_note", "correction_order")),
    ("强制", ("seizure_decision", *ENFORCING, "court_application")),
    ("移送、结案", ("crime_transfer", "case_transfer", "case_withdrawal", "closing_approval")),
)


@dataclass(slots=True)
class Figure:
    """One count, its money, and the cases behind it."""

    label: str
    count: int = 0
    amount: Decimal | None = None
    cases: dict[str, None] = field(default_factory=dict)

    def add(self, case: str, amount: Decimal | None = None) -> None:
        self.count += 1
        if amount is not None:
            self.amount = (self.amount or Decimal(0)) + amount
        self.cases[case] = None

    def to_dict(self) -> dict[str, Any]:
        amount = None if self.amount is None else f"{self.amount:f}"
        return {"label": self.label, "count": self.count, "amount": amount, "cases": list(self.cases)}


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    figures: tuple[Figure, ...]


def year(store: Store, base: Snapshot, of: int) -> tuple[Report, tuple[Group, ...]]:
    """The figures of a year: by kind, amount, domain and month, hearings, reviews and remedies.

    Returns:
        the report as every door shows it, and its figures with the cases behind them.
    """
    since, until = date(of, 1, 1), date(of, 12, 31)
    acts = Acts(store, since, until)
    decided = acts.of(*DECIDED)
    penalised = [a for a in decided if a.paper.type in PENALTY]
    groups = (
        Group("办理案件", _handled(acts, decided)),
        Group("处罚种类和数额", _kinds(penalised)),
        Group("领域", _domains(decided)),
        Group("听证、审核、集体讨论", _procedure(acts)),
        *(Group(title, _papers(acts, types)) for title, types in _PAPERS),
        Group("行政复议、行政诉讼", _remedies(acts)),
        Group("罚没款收缴", _paid(acts)),
    )
    tables = tuple(_table(g) for g in groups)
    charts = (
        _chart("处罚种类", "次", groups[1].figures),
        _chart("各领域决定", "件", groups[2].figures),
        _months(decided),
    )
    due = next(
        (
            d.day
            for d in standing(base, until.replace(year=of + 1, day=1, month=1))
            if d.name == "report_year"
        ),
        None,
    )
    notes = (
        "按文书上的日期计入年度；作废的和外单位转入的不计；数据取自本系统签发和补登记的文书",
        "一份决定有几种处罚的，各种类分别计一次；罚款和没收的数额是决定的数额，不是收缴的数额",
        *unread_note(acts),
    )
    basis = basis_of(base, "report/year", until)
    title = f"{of}年度行政执法数据"
    return Report("year", title, since, until, basis, due, tables, charts, notes), groups


# ---------------------------------------------------------------- the groups


def _handled(acts: Acts, decided: Iterable[Act]) -> tuple[Figure, ...]:
    filed, refused = Figure("立案"), Figure("不予立案")
    for act in acts.of("filing_approval"):
        (refused if _own(act).get("decision") == "不予立案" else filed).add(act.case.id)
    by_type = {type: Figure(document_type(type).name) for type in DECIDED}
    for act in decided:
        by_type[act.paper.type].add(act.case.id)
    return (filed, refused, *by_type.values())


def _own(act: Act) -> dict[str, Any]:
    """The own fields of an issued paper, as the case has them."""
    for n, paper in enumerate(act.case.papers):
        if paper.key == act.paper.key:
            return read_own(paper, Lines("案件"), ("papers", n))
    return {}


def kind_of(measure: str) -> str:
    """A kind of penalty as 行政处罚法 9 calls it."""
    for start, name in (*_SHORT.items(), *((k, k) for k in _KINDS)):
        if measure.startswith(start):
            return name
    return measure


def _kinds(penalised: Iterable[Act]) -> tuple[Figure, ...]:
    found: dict[str, Figure] = {kind: Figure(kind) for kind in _KINDS}
    for act in penalised:
        money: dict[str, Decimal | None] = {FINE: act.fine} if act.fine else {}
        for m in act.measures:
            kind, amount = kind_of(m.kind), m.amount if m.amount is not None else m.value
            before = money.get(kind)
            money[kind] = amount if before is None else before + (amount or 0)
        for kind, amount in money.items():
            found.setdefault(kind, Figure(kind)).add(act.case.id, amount)
    return tuple(f for f in found.values() if f.count)


def _domains(decided: Iterable[Act]) -> tuple[Figure, ...]:
    found: dict[str, Figure] = {}
    for act in decided:
        name = act.domains[0]
        found.setdefault(name, Figure(name)).add(act.case.id, act.fine)
    return tuple(sorted(found.values(), key=lambda f: (-f.count, f.label)))


def _procedure(acts: Acts) -> tuple[Figure, ...]:
    told, asked = Figure("告知听证权利"), Figure("要求听证")
    for act in acts.of("prior_notice"):
        hearing = act.case.notice.hearing
        if hearing and hearing.offered:
            told.add(act.case.id)
        if hearing and hearing.requested:
            asked.add(act.case.id)
    days: tuple[tuple[str, Callable[[Any], date | None]], ...] = (
        ("举行听证", lambda c: c.notice.hearing.held_on if c.notice.hearing else None),
        ("法制审核", lambda c: c.decision.legal_review_on),
        ("集体讨论", lambda c: c.decision.deliberated_on),
    )
    more = []
    for label, day in days:
        figure = Figure(label)
        for case in acts.cases():
            if acts.inside(day(case)):
                figure.add(case.id)
        more.append(figure)
    return (told, asked, *more)


def _papers(acts: Acts, types: Iterable[str]) -> tuple[Figure, ...]:
    names, found = {kind.type: kind.name for kind in document_types()}, []
    for type in types:
        if type not in names:
            continue
        figure = Figure(names[type])
        for act in acts.of(type):
            figure.add(act.case.id)
        found.append(figure)
    return tuple(found)


def _remedies(acts: Acts) -> tuple[Figure, ...]:
    found: dict[str, Figure] = {}
    for kind in ("行政复议", "行政诉讼"):
        found[kind] = Figure(f"{kind}受理")
        for case in acts.cases():
            for p in case.proceedings:
                if p.kind == kind and acts.inside(p.accepted):
                    found[kind].add(case.id)
                if p.kind == kind and acts.inside(p.ended):
                    label = f"{kind}：{p.result or '结果没有写明'}"
                    found.setdefault(label, Figure(label)).add(case.id)
    return tuple(found.values())


def _paid(acts: Acts) -> tuple[Figure, ...]:
    paid = Figure("收到款项")
    for case in acts.cases():
        for payment in case.payments:
            if acts.inside(payment.date):
                paid.add(case.id, payment.amount)
    return (paid,)


# ---------------------------------------------------------------- as tables and charts


def _table(group: Group) -> Table:
    rows = [(f.label, f.count, f.amount if f.amount is not None else "") for f in group.figures]
    return Table(group.title, (("项目", 6.0), ("件（次）数", 2.0), ("金额（元）", 3.0)), tuple(rows))


def _chart(title: str, unit: str, figures: Iterable[Figure]) -> Chart:
    return Chart(title, unit, tuple((f.label, Decimal(f.count)) for f in figures if f.count))


def _months(decided: Iterable[Act]) -> Chart:
    counts = dict.fromkeys(range(1, 13), 0)
    for act in decided:
        if act.paper.day:
            counts[act.paper.day.month] += 1
    return Chart("各月决定", "件", tuple((f"{month}月", Decimal(n)) for month, n in counts.items()))
