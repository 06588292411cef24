"""Inspections of enterprises: planned and held in a year, and who was inspected more often than allowed.

How often is the setting ``inspection/yearly-limit`` (times a year); without it nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.ledgers import CANCELLED, HELD, PLANNED, in_force
from casework.masking import party_shown
from casework.unread import Unread, readable
from casework.writing import ISSUED
from kb.errors import BadRecord, NotLoaded
from kb.snapshot import Snapshot
from kb.store import Store

LIMIT = "inspection/yearly-limit"
RECORD = "inspection_record"


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection: planned, held or called off; ``source`` is the row of the register or the paper."""

    enterprise: str
    code: str
    day: date
    deed: str
    matter: str
    source: str

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__} | {"day": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The inspections of one enterprise in a year, and what is said of them."""

    name: str
    code: str
    planned: int
    held: int
    visits: tuple[Visit, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in ("name", "code", "planned", "held")}
        return said | {"visits": [v.to_dict() for v in self.visits], "warnings": list(self.warnings)}


def of_year(
    store: Store, base: Snapshot, year: int, on: date, unread: list[Unread]
) -> tuple[list[Enterprise], str]:
    """Every enterprise with an inspection in a year, those with warnings first.

    Args:
        on: the day whose setting counts, and up to which a plan is not yet late.
        unread: cases with an inspection that can't be read are added to it.

    Returns:
        the enterprises, and a line where no limit is loaded.

    Raises:
        BadRecord: a limit that is no number.
    """
    limit = _limit(base, on)
    groups: dict[str, list[Visit]] = {}
    for visit in sorted(_visits(store, unread), key=lambda v: (v.day, v.source)):
        if visit.day.year == year:
            groups.setdefault(visit.code or visit.enterprise, []).append(visit)
    found = [_enterprise(visits, limit, on) for visits in groups.values()]
    note = "" if limit is not None else f"没有载入检查频次的上限（设置 {LIMIT}），不能判断是否过频"
    return sorted(found, key=lambda e: (not e.warnings, e.name)), note


def _limit(base: Snapshot, on: date) -> int | None:
    try:
        found = base.setting("inspection/yearly-limit", on)
    except NotLoaded:
        return None
    if not isinstance(found.value, int) or isinstance(found.value, bool) or found.value < 1:
        raise BadRecord(f"“{found.label}”不是次数", where=f"设置 {LIMIT}", hint="写整数，如 value: 2")
    return found.value


def _enterprise(visits: list[Visit], limit: int | None, on: date) -> Enterprise:
    off = sum(v.deed == CANCELLED for v in visits)
    plans = [v for v in visits if v.deed == PLANNED]
    held = [v for v in visits if v.deed == HELD]
    warnings = []
    if limit is not None and len(held) > limit:
        warnings.append(f"已经检查{len(held)}次，超过每年{limit}次的上限")
    elif limit is not None and len(held) == limit:
        warnings.append(f"已经检查{len(held)}次，达到每年{limit}次的上限")
    if len(held) > len(plans) - off:
        warnings.append(f"{len(held)}次检查只有{max(len(plans) - off, 0)}次列入计划")
    late = [v for v in plans if v.day < on][off + len(held) :]
    warnings += [f"{v.day}计划的检查没有实施的记录" for v in late]
    return Enterprise(
        visits[-1].enterprise, visits[-1].code, len(plans) - off, len(held), tuple(visits), tuple(warnings)
    )


def _visits(store: Store, unread: list[Unread]) -> Iterator[Visit]:
    """The rows of the register, and the issued records of inspections that no row tells of."""
    known = set()
    for row in in_force(store, "inspections"):
        cells = row.cells
        known |= {(row.case, row.day)} if row.case and cells["deed"] == HELD else set()
        source = f"台账 {row.year}-{row.number}"
        yield Visit(cells["enterprise"], cells["code"], row.day, cells["deed"], cells["matter"], source)
    d, f = t.document.c, t.case_file.c
    query = (
        sa.select(d.id, d.case, d.day, d.party, f.body)
        .join(t.case_file, f.id == d.case)
        .where(d.type == RECORD, d.state == ISSUED)
        .order_by(d.id)
    )
    with store.connected() as conn:
        papers = conn.execute(query).all()
    for paper in papers:
        body = readable(unread, paper.case, partial(bodies.load, paper.body, paper.case))
        parties = bodies.rows_of(body or {}, "parties")
        party = parties[paper.party - 1] if 0 < paper.party <= len(parties) else {}
        if party.get("kind") in ("unit", "sole_trader") and (paper.case, paper.day) not in known:
            code = str(party.get("code") or "")
            yield Visit(party_shown(party), code, paper.day, HELD, "现场笔录", f"案件 {paper.case}")
