"""Branches and tiers cover each case once, and printed tiers stay within the statute's range.

The rule tries the benchmark out: on every threshold, just below and just above it, for every option and with
every yes-or-no fact both ways, and reports what an officer would be warned of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice, product

from kb.boundaries import around
from kb.checks.phrases import unfit
from kb.checks.registry import Notes, RecordFinding, check
from kb.discretion.compiled import Compiled, compile_benchmark
from kb.discretion.ladder import Climber
from kb.errors import CailiangError
from kb.facts import Value, show_value
from kb.findings import Severity
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot

_MOST = 2000
_CODES: dict[str, tuple[str, Severity, str]] = {
    "gap_at_threshold": ("K6", "提示", "条文本身如此的，保留；抄录有误的，改正 when"),
    "no_branch": ("K6", "扣分", "补上缺少的情形，或者改正 when"),
    "branch_overlap": ("K7", "扣分", "改正 when，使每种情形只对应一条"),
    "tier_overlap": ("K7", "提示", "核对基准原文；以上、以下都含本数时，端点会落入两个阶次"),
    "tier_outside_range": ("K8", "否决", "核对基准原文和法定幅度"),
}


@check("ladders")
def ladders(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K6 gaps, K7 overlaps, K8 tiers outside the statute's range.

    A gap exactly at a threshold of the statute itself is the law's own (道路运输条例第六十三条): a note.
    """
    if not isinstance(record, Benchmark):
        return
    try:
        compiled = compile_benchmark(record)
    except CailiangError as error:
        yield from unfit(base, record, error, notes)
        return
    yield from _bases(compiled)
    seen: set[tuple[str, str]] = set()
    for values in islice(_cases(compiled), _MOST):
        climb = Climber(compiled, values, record.from_ or date.min, lambda text: text).climb()
        for warning in climb.warnings:
            if warning.code not in _CODES or (warning.code, warning.message) in seen:
                continue
            seen.add((warning.code, warning.message))
            if warning.code == "gap_at_threshold" and not record.tiers:
                notes.add(f"{record.id}：{warning.message}；条文本身如此，抄录有误的改正 when", record.id)
                continue
            code, severity, hint = _CODES[warning.code]
            shown = "；".join(
                f"{record.facts[n].label}：{show_value(record.facts[n], v)}" for n, v in values.items()
            )
            place = "tiers" if warning.code.startswith("tier") else "statutory"
            yield RecordFinding(code, severity, record.id, place, f"{warning.message}（{shown}）", hint)


def _bases(compiled: Compiled) -> Iterator[RecordFinding]:
    """K4 for a multiple that doesn't say of what, where it could be of several sums (see ``fines``)."""
    for subject, ladder in compiled.ladders:
        for rung in ladder:
            if rung.needs_base and not rung.base_fact and rung.fine and not rung.fine.base:
                who = f"（{subject}）" if subject else ""
                message = (
                    f"罚款“{rung.fine_text}”{who}没有写明按什么计算，facts 里能作基数的金额没有或者不止一个"
                )
                hint = "在 fine 里写明基数，如 运输费用五倍以上十倍以下"
                yield RecordFinding("K4", "否决", compiled.record.id, "statutory", message, hint)


def _cases(compiled: Compiled) -> Iterator[dict[str, Value]]:
    """Facts that try out every threshold, option and yes-or-no fact the conditions turn on."""
    rungs = [*compiled.tiers, *(r for _, ladder in compiled.ladders for r in ladder)]
    tried = around(compiled.record.facts, rungs)
    for combination in product(*tried.values()):
        yield dict(zip(tried, combination, strict=True))
