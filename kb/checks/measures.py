"""Every measure stands in the provision it names; what the penalty provision has is cited from there."""

from __future__ import annotations

from collections.abc import Iterator

from kb.checks.phrases import rows_of
from kb.checks.provisions import Provision, pairs, provisions
from kb.checks.registry import Notes, RecordFinding, check
from kb.records import Benchmark, Branch, Measure, Record
from kb.snapshot import Snapshot

_ENOUGH = 0.5
"""The part of a measure's words that a provision must have."""
_CLEARLY = 0.3
"""How much more of them it must have than the penalty provision (没收种子以及违法所得: 没收违法所得)."""


@check("measures")
def measures(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K16: the provision a measure names doesn't speak of it, or the penalty provision itself does."""
    if not isinstance(record, Benchmark) or record.from_ is None:
        return
    penal = provisions(base, record.penalty_basis, record.from_) or ()
    for place, row in (("", record), *rows_of(record)):
        own = provisions(base, row.basis, record.from_) if isinstance(row, Branch) and row.basis else None
        for n, measure in enumerate(row.measures, 1):
            cited = provisions(base, [measure.basis], record.from_) if measure.basis else None
            if cited and (why := _fault(measure, cited[0], own or penal)):
                yield RecordFinding(
                    "K16",
                    "扣分",
                    record.id,
                    f"{place} measures 第{n}条".strip(),
                    f"措施“{measure.kind}”：{why}",
                    "核对 basis 的条、款、项，措施的名称照条文写",
                )


def _fault(measure: Measure, cited: Provision, penal: tuple[Provision, ...]) -> str:
    here = _part(measure, cited.text)
    if cited.unit in {p.unit for p in penal if p.version.key == cited.version.key}:
        return "" if here >= _ENOUGH else f"{cited.citation.text}里没有写"
    if penal and here <= max(_part(measure, p.text) for p in penal) + _CLEARLY:
        return f"处罚依据里就有，不在{cited.citation.text}"
    return "" if here >= _ENOUGH else f"{cited.citation.text}里没有写"


def _part(measure: Measure, text: str) -> float:
    """Which part of the measure's words a text has; 非法财物 is what its object names."""
    words = pairs(measure.kind.replace("非法财物", "")) | pairs(
        measure.object if "非法财物" in measure.kind else ""
    )
    known = pairs(text)
    return len(words & known) / len(words) if words else 1.0
