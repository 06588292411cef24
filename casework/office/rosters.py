"""The organs that may enforce and the officers who hold a certificate: what runs out, and who may act.

Both tables are registers (`ledgers.LEDGERS`): a row is entered with its day, a wrong or old one is declared
void and stays. Of several rows with one certificate the last entered counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from casework.gates import stop
from generator.casefile import CaseFile
from generator.catalogue import DocumentType
from generator.papers import Paper
from kb.errors import NotLoaded
from kb.findings import Finding
from kb.snapshot import Snapshot
from kb.store import Store

if TYPE_CHECKING:
    from casework.ledgers import Row

HOLDERS = "《中华人民共和国行政处罚法》第四十二条第一款"
NOTICE_SETTING = "roster/notice-days"
"""How many days before its end an expiry is told; without the setting only what has ended is told."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One officer of the table; ``until`` is the last day the certificate may be used."""

    name: str
    certificate: str
    post: str
    expires: date
    left: date | None

    @property
    def until(self) -> date:
        """The last day of the certificate; the day it was taken back is no longer one."""
        return min(self.expires, self.left - timedelta(days=1)) if self.left else self.expires


@dataclass(frozen=True, slots=True)
class Roster:
    """The officers of the table; empty where nobody has been entered, and then nothing is checked."""

    holders: tuple[Holder, ...] = ()

    @classmethod
    def of(cls, store: Store) -> Roster:
        """The table as it stands; plain SQL, so that drafting a case file starts as fast without it."""
        with store.reading() as rows:
            found = rows(_STAFF, ledger="staff", void="作废")
        last = {cells["certificate"]: cells for cells in (json.loads(text) for (text,) in found)}
        return cls(tuple(map(_holder, last.values())))

    def findings(self, case: CaseFile, kind: DocumentType, paper: Paper | None, day: date) -> list[Finding]:
        """G28: an officer of a paper who is not in the table, or whose certificate doesn't hold on the day.

        Args:
            kind: the paper's type; one that officers don't sign is not looked at.
            paper: its entry in the case; its own officers stand before those of the case.
            day: the day it bears.
        """
        if not self.holders or not kind.officers:
            return []
        named = set(paper.officers) if paper and paper.officers else set()
        acting = [o for o in case.officers if not named or o.name in named]
        return [f for o in acting for f in self._officer(o.name, o.certificate, day)]

    def _officer(self, name: str, certificate: str, day: date) -> Iterator[Finding]:
        found = [h for h in self.holders if h.certificate == certificate]
        same = [h for h in found if h.name == name]
        if not same:
            said = f"名册里这个证件号是{found[0].name}的" if found else "执法人员名册里没有"
            message = f"{name}（{certificate}）：{said}"
            mend = "核对姓名和证件号；确有证件的，先登记入名册"
            yield stop("G28", "否决", message, HOLDERS, text=name, suggestion=mend)
        elif same[0].until < day:
            why = "已经注销或者收回" if same[0].left and same[0].left <= day else "已经过期"
            message = f"{name}（{certificate}）的执法证件在{day}{why}，有效到{same[0].until}"
            yield stop("G28", "否决", message, HOLDERS, text=name, suggestion="换有有效证件的执法人员")


_STAFF = "select cells from ledger_row where ledger = :ledger and state <> :void order by year, number"


def _holder(cells: Mapping[str, str]) -> Holder:
    left = date.fromisoformat(cells["left"]) if cells.get("left") else None
    expires = date.fromisoformat(cells["expires"])
    return Holder(cells["name"], cells["certificate"], cells.get("post", ""), expires, left)


@dataclass(frozen=True, slots=True)
class Ending:
    """Something of a table that ends: ``state`` is 已届满 or 将届满; ``left`` counts the days that remain."""

    what: str
    name: str
    detail: str
    day: date
    left: int

    @property
    def state(self) -> str:
        return "已届满" if self.left < 0 else "将届满"

    def to_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "name": self.name,
            "detail": self.detail,
            "day": self.day.isoformat(),
            "left": self.left,
            "state": self.state,
        }


def endings(store: Store, base: Snapshot, on: date) -> tuple[list[Ending], str]:
    """Certificates, organs and entrustments that have ended or soon will, the earliest first.

    Returns:
        the endings, and a line where no setting says how early one is told.
    """
    from casework.ledgers import in_force

    try:
        ahead, note = int(base.setting("roster/notice-days", on).value), ""
    except NotLoaded:
        ahead, note = -1, f"没有设置提前几天提醒（{NOTICE_SETTING}），只列出已经届满的"
    rows = [
        *(
            Ending("执法证件", h.name, h.certificate, h.expires, 0)
            for h in Roster.of(store).holders
            if not h.left
        ),
        *_rows("执法主体", in_force(store, "organs"), "name", "nature", "expires"),
        *_rows("委托执法", in_force(store, "entrustment"), "organ", "matters", "until"),
    ]
    found = [Ending(e.what, e.name, e.detail, e.day, (e.day - on).days) for e in rows]
    return sorted((e for e in found if e.left <= ahead), key=lambda e: (e.day, e.name)), note


def _rows(what: str, rows: Iterable[Row], name: str, detail: str, end: str) -> Iterator[Ending]:
    last = {r.cells[name]: r.cells for r in rows}
    for cells in last.values():
        try:
            yield Ending(what, cells[name], cells[detail], date.fromisoformat(cells[end]), 0)
        except ValueError:  # no end, or one in words
            continue
