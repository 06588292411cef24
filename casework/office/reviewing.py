"""The catalogue of decisions that need legal review, and every open case held against it.

The catalogue is the setting ``review/catalogue``, a dated and sourced record: its rows are kinds of penalty
(text), or matters that also say who reviews what within which bounds, and who answers for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.triggers import Matter, catalogue, legal_review
from casework.unread import Unread, readable
from casework.writing import OPEN
from generator.events import events
from kb.snapshot import Snapshot
from kb.store import Store

COLUMNS = (
    ("matter", "重大执法决定"),
    ("kinds", "处罚种类"),
    ("domains", "领域"),
    ("fine_from", "罚款数额（元以上）"),
    ("organ", "审核机构"),
    ("people", "审核人员"),
    ("content", "审核内容"),
    ("scope", "审核范围"),
    ("duty", "审核责任"),
)
"""What measure 6 asks the catalogue to say, besides what makes a case fall under it."""


@dataclass(frozen=True, slots=True)
class Tested:
    """One open case: whether it needs review, why, and whether it has passed one."""

    case: str
    answer: str
    reasons: tuple[str, ...]
    reviewed: date | None

    @property
    def open(self) -> bool:
        return self.answer != "不必" and self.reviewed is None

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "answer": self.answer,
            "reasons": list(self.reasons),
            "reviewed": self.reviewed.isoformat() if self.reviewed else None,
            "open": self.open,
        }


def rows(matters: tuple[Matter, ...]) -> list[list[str]]:
    """The catalogue as a table, its headings first."""
    return [
        [title for _, title in COLUMNS],
        *([_cell(getattr(m, key)) for key, _ in COLUMNS] for m in matters),
    ]


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def matters(base: Snapshot, on: date) -> tuple[Matter, ...]:
    """The catalogue in force on a day; empty where none is loaded. Raises BadRecord."""
    return catalogue(base, on)


def tested(store: Store, base: Snapshot, on: date, unread: list[Unread]) -> list[Tested]:
    """Every open case against the statute and the catalogue; those still to be reviewed first.

    Args:
        unread: the cases that can't be read are added to it.
    """
    c = t.case_file.c
    with store.connected() as conn:
        found = conn.execute(sa.select(c.id, c.body).where(c.state == OPEN).order_by(c.id)).all()
    out = []
    for id, text in found:
        case = readable(unread, id, partial(bodies.stored_case, text, id))
        if case is None:
            continue
        said = legal_review(case, base, case.decision.date or on)
        papers = [e.day for e in events(case) if e.type == "legal_review" and not e.void and e.day]
        done = max([*papers, *filter(None, [case.decision.legal_review_on])], default=None)
        out.append(Tested(id, said.answer, tuple(s.text for s in said.steps), done))
    return sorted(out, key=lambda x: (not x.open, x.case))
