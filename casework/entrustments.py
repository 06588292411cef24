"""The register of entrusted bodies (行政处罚法 20): which run, which ended, what is unpublished, unfiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.due import Due
from casework.ledgers import BY_NAME, IN_FORCE, Row, rows
from kb.discretion.result import Step
from kb.store import Store

LEDGER = "entrustment"
BASIS = "《中华人民共和国行政处罚法》第二十条第二款"
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_OWED = (
    ("published", "没有公布"),
    ("filed_superior", "没有报上一级机关备案"),
    ("filed_justice", "没有报司法行政部门备案"),
)


@dataclass(frozen=True, slots=True)
class Entrusted:
    """One entrustment that stands in the register.

    Attributes:
        until: its last day; None where the register says none that can be read.
        gaps: what is owed and not entered.
        renewed: a later one of the same body stands in the register.
    """

    row: Row
    until: date | None
    gaps: tuple[str, ...]
    renewed: bool = False

    def left(self, on: date) -> int | None:
        """Days left on a day; negative once it is over."""
        return (self.until - on).days if self.until else None

    def state(self, on: date, within: int) -> str:
        """有效, 将届满 (within so many days), 已届满, 已续 (another took its place) or 期限不明."""
        left = self.left(on)
        if left is None:
            return "期限不明"
        if left > within:
            return "有效"
        return "已续" if self.renewed else "已届满" if left < 0 else "将届满"

    def to_dict(self, on: date, within: int) -> dict[str, Any]:
        return {
            "register": f"{self.row.year}-{self.row.number}",
            **self.row.cells,
            "until": self.until.isoformat() if self.until else self.row.cells["until"],
            "left": self.left(on),
            "state": self.state(on, within),
            "gaps": list(self.gaps),
        }


def entrustments(store: Store) -> list[Entrusted]:
    """Every entrustment that isn't void, the one that ends first before the others."""
    found = [_read(row) for row in rows(store, LEDGER, None) if row.state == IN_FORCE]
    last: dict[str, date] = {}
    for e in found:
        last[e.row.cells["organ"]] = max(e.until or date.min, last.get(e.row.cells["organ"], date.min))
    found = [replace(e, renewed=bool(e.until and e.until < last[e.row.cells["organ"]])) for e in found]
    return sorted(found, key=lambda e: (e.until or date.min, e.row.year, e.row.number))


def dues(found: Iterable[Entrusted]) -> Iterator[Due]:
    """When each runs out, among what the organ has to see to; one that another replaced is left out."""
    for e in found:
        if e.until is None or e.renewed:
            continue
        label = f"委托期限届满：{e.row.cells['organ']}"
        steps = (Step(f"委托登记 {e.row.year}-{e.row.number} 写明到{e.until}", BASIS),)
        start = min(e.row.day, e.until)
        yield Due(
            "", "entrustment", label, "", "", None, "届满", "机关", start, e.until, None, (BASIS,), steps
        )


def _read(row: Row) -> Entrusted:
    gaps = tuple(said for key, said in _OWED if not row.cells.get(key))
    return Entrusted(row, _day(row.cells.get("until", "")), gaps)


def _day(text: str) -> date | None:
    m = _DAY.search(text)
    try:
        return date(int(m[1]), int(m[2]), int(m[3])) if m else None
    except ValueError:
        return None


def alarms(found: Iterable[Entrusted], on: date, within: int) -> list[str]:
    """A line for each that has ended, ends soon, or was not published or filed."""
    lines = []
    for e in found:
        state, organ = e.state(on, within), e.row.cells["organ"]
        if state == "已续":
            continue
        said = [f"委托{state}（{e.until or e.row.cells['until'] or '没有写'}）"] if state != "有效" else []
        said += e.gaps
        if said:
            lines.append(f"{e.row.year}-{e.row.number} {organ}：" + "；".join(said))
    return lines


def columns() -> tuple[tuple[str, str], ...]:
    """The columns of the register by key and heading."""
    return BY_NAME[LEDGER].columns
