"""Branches and tiers cover each case once, and printed tiers stay within the statute's range.

The rule tries the benchmark out: on every threshold, just below and just above it, for every option and with
every yes-or-no fact both ways, and reports what an officer would be warned of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product

from kb.checks.phrases import unfit
from kb.checks.registry import Notes, RecordFinding, check
from kb.discretion.compiled import Compiled, compile_benchmark
from kb.discretion.ladder import Climber
from kb.errors import CailiangError
from kb.facts import NUMERIC, Value, show_value
from kb.findings import Severity
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot

_STEP = Decimal("0.01")
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


def _cases(compiled: Compiled) -> Iterator[dict[str, Value]]:
    """Facts that try out every threshold, option and yes-or-no fact the conditions turn on."""
    facts = compiled.record.facts
    used: dict[str, set[Decimal]] = {}
    rungs = [*compiled.tiers, *(r for _, ladder in compiled.ladders for r in ladder)]
    for rung in rungs:
        for name in filter(None, (rung.base_fact, rung.count_fact)):
            used.setdefault(name, set())
        for atom in rung.test.atoms():
            ends = used.setdefault(atom.fact, set())
            if atom.condition:
                ends |= {b.value for b in (atom.condition.low, atom.condition.high) if b}
    choices: list[Sequence[Value]] = []
    for name, ends in used.items():
        if facts[name].type in NUMERIC:
            around = {v for end in ends or {Decimal(1000)} for v in (end - _STEP, end, end + _STEP)}
            choices.append(sorted(v for v in around if v >= 0))
        elif facts[name].type == "choice":
            choices.append(list(facts[name].options))
        else:
            choices.append([False, True])
    for combination in product(*choices):
        yield dict(zip(used, combination, strict=True))
