"""A report: tables and charts that every door shows alike; and the two catalogues that are sent in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from casework.acts import Act, Acts
from casework.calendar import ONE
from casework.deadlines import term
from casework.duedates import major_types
from casework.precedence import DECIDED
from kb.errors import NotLoaded, WrongUse
from kb.snapshot import Snapshot
from kb.store import Store

Cell = str | int | Decimal
MOST_NAMED = 20
"""Cases that can't be read, each with a line of its own."""


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` with how they share the width of a page."""

    title: str
    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        rows = [[f"{c:f}" if isinstance(c, Decimal) else c for c in row] for row in self.rows]
        return {"title": self.title, "columns": [name for name, _ in self.columns], "rows": rows}


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one unit."""

    title: str
    unit: str
    bars: tuple[tuple[str, Decimal], ...]

    def to_dict(self) -> dict[str, Any]:
        bars = [{"label": label, "value": f"{value:f}"} for label, value in self.bars]
        return {"title": self.title, "unit": self.unit, "bars": bars}


@dataclass(frozen=True, slots=True)
class Report:
    """One report over some days.

    Attributes:
        basis: what asks for it; empty where no setting is loaded.
        due: the day by which it is sent or published, where that is fixed for the whole report.
        notes: how it was counted, and what it leaves out.
    """

    name: str
    title: str
    since: date
    until: date
    basis: str
    due: date | None
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "report": self.name,
            "title": self.title,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "basis": self.basis,
            "due": self.due.isoformat() if self.due else None,
            "tables": [x.to_dict() for x in self.tables],
            "charts": [x.to_dict() for x in self.charts],
            "notes": list(self.notes),
        }


ENDINGS = (*DECIDED, "case_withdrawal", "crime_transfer", "case_transfer")
"""What ends the handling of a case."""


def basis_of(base: Snapshot, setting: str, on: date) -> str:
    """The instrument that asks for a report: a local notice, kept as a setting."""
    try:
        source = base.setting(setting, on).source
    except NotLoaded:
        return ""
    return source.instrument + (f"（{source.number}）" if source.number else "")


def unread_note(acts: Acts) -> list[str]:
    """One line a case whose papers are not counted, and how to mend it."""
    lines = [str(u) for u in acts.unread[:MOST_NAMED]]
    more = len(acts.unread) - len(lines)
    return lines + [f"另有{more}件案件读不出来，没有计入"] * bool(more)


# ---------------------------------------------------------------- major acts


def major(store: Store, base: Snapshot, since: date, until: date, *, masked: bool = True) -> Report:
    """The papers of major penalties and of coercion within some days, for the judicial bureau.

    Args:
        masked: natural persons' names are blotted out.

    Raises:
        WrongUse: the days are the wrong way round.
    """
    _check(since, until)
    acts = Acts(store, since, until)
    found = [a for a in acts.of("decision", "seizure_decision") if a.paper.type in major_types(a.case)]
    rows = [_major_row(n, act, acts, base, masked) for n, act in enumerate(found, 1)]
    columns = (
        ("序号", 0.8), ("行为", 2.0), ("文号", 3.0), ("日期", 2.3), ("当事人", 2.6), ("案由", 3.0),
        ("种类和数额", 3.6), ("听证", 1.3), ("法制审核", 2.3), ("集体讨论", 2.3), ("报送期限", 2.3),
        ("报送情况", 2.3),
    )  # fmt: skip
    papers = [
        (n, d.name, d.number_text, d.day.isoformat() if d.day else "")
        for n, act in enumerate(found, 1)
        for d in acts.papers(act.case.id)
    ]
    listed = (("行为序号", 1.0), ("文书", 5.0), ("文号", 5.0), ("日期", 2.0))
    notes = [
        "重大处罚：要求或者举行了听证、经过法制审核或者集体讨论、案件记明重大情形的处罚决定；查封、扣押全部列入",
        *unread_note(acts),
    ]
    return Report(
        "major",
        "重大行政执法行为文书目录",
        since,
        until,
        basis_of(base, "report/major-days", until),
        None,
        (Table("重大行政执法行为", columns, tuple(rows)), Table("文书目录", listed, tuple(papers))),
        notes=tuple(notes),
    )


def _check(since: date, until: date) -> None:
    if since > until:
        raise WrongUse("起止日期颠倒", where=f"{since} 至 {until}", hint="先写开始的日期")


def _major_row(n: int, act: Act, acts: Acts, base: Snapshot, masked: bool) -> tuple[Cell, ...]:
    day, case = act.paper.day, act.case
    assert day is not None, "an act has a day"
    hearing, coercion = case.notice.hearing, act.paper.type == "seizure_decision"
    heard = "举行" if hearing and hearing.held_on else "要求" if hearing and hearing.requested else "没有要求"
    try:
        due = term(base, "major_report", day).day
    except NotLoaded:
        due = None
    sent = next(
        (d.day for d in acts.papers(case.id) if d.type == "major_catalogue" and d.day and d.day >= day), None
    )
    return (
        n,
        act.paper.name,
        act.paper.number_text,
        day.isoformat(),
        act.party(masked),
        act.cause(base),
        "查封、扣押" if coercion else act.outcome(),
        "—" if coercion else heard,
        "—" if coercion else _on(case.decision.legal_review_on),
        "—" if coercion else _on(case.decision.deliberated_on),
        due.isoformat() if due else "没有载入",
        (f"{sent} 逾期报送" if due and sent > due else f"{sent} 已报") if sent else "未报",
    )


def _on(day: date | None) -> str:
    return day.isoformat() if day else "无"


# ---------------------------------------------------------------- a quarter


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first and the last day of a quarter.

    Raises:
        WrongUse: no such quarter.
    """
    if not 1 <= quarter <= 4:
        raise WrongUse(f"没有第{quarter}季度", hint="写 1 到 4，如 2026-4")
    first = date(year, 3 * quarter - 2, 1)
    after = (first + timedelta(days=95)).replace(day=1)
    return first, after - ONE


def quarter(store: Store, base: Snapshot, year: int, number: int, *, masked: bool = True) -> Report:
    """The case files of a quarter, for the judicial bureau: a row a decision, or what else ended a case.

    Raises:
        WrongUse: no such quarter.
    """
    since, until = quarter_days(year, number)
    acts = Acts(store, since, until)
    rows: list[tuple[Cell, ...]] = []
    for n, act in enumerate(acts.of(*ENDINGS), 1):
        papers = acts.papers(act.case.id)
        closed = max((d.day for d in papers if d.type == "closing_approval" and d.day), default=None)
        rows.append(
            (
                n, act.case.id, act.cause(base), act.party(masked), act.domains[0],
                act.case.filed.isoformat() if act.case.filed else "", act.paper.name, act.paper.number_text,
                act.paper.day.isoformat() if act.paper.day else "", act.outcome(),
                closed.isoformat() if closed else "没有结案", len(papers),
            )
        )  # fmt: skip
    columns = (
        ("序号", 0.8), ("案号", 2.2), ("案由", 3.0), ("当事人", 2.6), ("领域", 1.5), ("立案日期", 2.4),
        ("处理文书", 2.2), ("文号", 3.0), ("日期", 2.4), ("处理结果", 3.4), ("结案日期", 2.4),
        ("文书件数", 1.0),
    )  # fmt: skip
    notes = ("一个季度的案卷，按处罚、不予处罚、撤销立案、移送等处理文书的日期归入", *unread_note(acts))
    return Report(
        "quarter",
        f"{year}年第{number}季度执法案卷目录",
        since,
        until,
        basis_of(base, "report/quarter", until),
        None,
        (Table("执法案卷目录", columns, tuple(rows)),),
        notes=notes,
    )


def masked_note(report: Report, masked: bool) -> Report:
    """The report, saying that names are blotted out where they are."""
    said = ("自然人的姓名已经遮盖；报送时以看得到个人信息的身份导出",) if masked else ()
    return replace(report, notes=(*report.notes, *said))
