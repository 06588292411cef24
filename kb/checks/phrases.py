"""Every fine phrase can be read, and every condition turns on a fact of its record."""

from __future__ import annotations

from collections.abc import Iterator

from kb.checks.registry import Notes, RecordFinding, check
from kb.conditions import bind, quantity_fact
from kb.errors import BadValue, CailiangError
from kb.money import Fine, parse_fine
from kb.records import Benchmark, Branch, Record, Tier, When
from kb.snapshot import Snapshot


def rows_of(record: Benchmark) -> Iterator[tuple[str, Branch | Tier]]:
    """Branches and tiers, with the place an editor finds them."""
    yield from ((f"statutory 第{n}条", b) for n, b in enumerate(record.statutory, 1))
    yield from ((f"tiers 第{n}条", t) for n, t in enumerate(record.tiers, 1))


@check("fines")
def fines(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K3: a fine phrase that can't be read. K12: a slip in it that was read over. K5 is in ``amounts``."""
    if not isinstance(record, Benchmark):
        return
    for place, row in rows_of(record):
        if not row.fine:
            continue
        try:
            fine = parse_fine(row.fine)
        except BadValue as error:
            yield RecordFinding("K3", "否决", record.id, f"{place} fine", error.message, error.hint)
            continue
        for note in fine.notes:
            yield RecordFinding("K12", "提示", record.id, f"{place} fine", note, "核对原文后补上“元”字")
        yield from _base(record, place, fine)


def _base(record: Benchmark, place: str, fine: Fine) -> Iterator[RecordFinding]:
    """K4 also for what a multiple is of, and what a sum per unit is counted by."""
    if fine.base and fine.needs_base and not quantity_fact(fine.base, "元", record.facts):
        message = f"罚款以“{fine.base}”为基数，facts 里没有（或者不止一个）这样的金额"
        yield RecordFinding("K4", "否决", record.id, f"{place} fine", message, "补一个 type 为 money 的事实")
    if fine.per and not quantity_fact("", fine.per, record.facts):
        message = f"罚款按每{fine.per}计算，facts 里没有（或者不止一个）单位为“{fine.per}”的事实"
        hint = f"补一个 type 为 number、unit 为 {fine.per} 的事实"
        yield RecordFinding("K4", "否决", record.id, f"{place} fine", message, hint)


@check("conditions")
def conditions(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K4: a condition that binds to no fact of the record, or to more than one."""
    if not isinstance(record, Benchmark):
        return
    whens: list[tuple[str, When]] = [(f"{place} when", row.when) for place, row in rows_of(record)]
    for place, row in (("", record), *((f"{p} ", r) for p, r in rows_of(record))):
        whens += [(f"{place}measures 第{n}条 when", m.when) for n, m in enumerate(row.measures, 1)]
    for place, when in whens:
        try:
            bind(when, record.facts)
        except CailiangError as error:
            yield RecordFinding("K4", "否决", record.id, place, error.message, error.hint)


def unfit(base: Snapshot, record: Benchmark, error: CailiangError, notes: Notes) -> Iterator[RecordFinding]:
    """K4 also for weights and increments, and for a tier that doesn't say whom it is for.

    Args:
        error: why the record can't be computed; told here only where no other phrase is at fault.
    """
    if any(fines(base, record, notes)) or any(conditions(base, record, notes)):
        return
    place = error.where.removeprefix(record.id).strip()
    yield RecordFinding("K4", "否决", record.id, place, error.message, error.hint)
