"""Where a benchmark's answer changes: its thresholds tried below, at and above, and the range at each.

The checks try a record out on these values; ``kb ranges`` writes what comes out for a person to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product

from kb.conditions import Atom
from kb.discretion.compiled import Compiled, Rung, compile_benchmark
from kb.discretion.ladder import Climber
from kb.discretion.result import MeasureDue, Outcome
from kb.errors import CailiangError
from kb.facts import NUMERIC, UNKNOWABLE, Unknowable, Value, show_value
from kb.numerals import plain
from kb.records import Benchmark, Fact
from kb.snapshot import Snapshot

_CENT = Decimal("0.01")
_SUM, _COUNT = Decimal(1000), Decimal(3)
"""Tried for money and for anything counted that no condition limits: what a multiple is computed from."""
_UNKNOWN = Unknowable(UNKNOWABLE[0])
_MOST = 400


def around(facts: Mapping[str, Fact], rungs: Iterable[Rung]) -> dict[str, list[Value]]:
    """The facts that rungs turn on, each with the values to try: thresholds, options, yes and no.

    A yes-or-no fact has both answers; a quantity stands just below, at and just above each threshold (one
    apart where it counts whole things, else a hundredth), and where a rung speaks of none, or of one that
    can't be established, at that.
    """
    found: dict[str, list[Atom]] = {}
    for rung in rungs:
        for name in filter(None, (rung.base_fact, rung.count_fact)):
            found.setdefault(name, [])
        for atom in rung.test.atoms():
            found.setdefault(atom.fact, []).append(atom)
    return {name: _tried(facts[name], atoms) for name, atoms in found.items()}


def _tried(fact: Fact, atoms: Sequence[Atom]) -> list[Value]:
    if fact.type not in NUMERIC:
        return [*fact.options] if fact.type == "choice" else [False, True]
    step = Decimal(1) if fact.type == "integer" else _CENT
    conditions = [a.condition for a in atoms if a.condition]
    ends = {b.value for c in conditions for b in (c.low, c.high) if b}
    near = {v for end in ends for v in (end - step, end, end + step) if v >= 0}
    said = [a.test for a in atoms if not a.condition]
    near |= {Decimal(0)} if any(test(Decimal(0)) for test in said) else set()
    unknown: list[Value] = [_UNKNOWN] if any(test(_UNKNOWN) for test in said) else []
    if not ends:
        near.add(_SUM if fact.type == "money" else _COUNT)
    return [*sorted(near), *unknown]


HEADS = (
    *("编号", "生效", "违法行为", "对谁", "事实", "情形", "还要符合"),
    *("罚款照条文", "最低（元）", "最高（元）", "其他措施", "依据", "注意", "条文"),
)


def table(base: Snapshot, records: Iterable[Benchmark]) -> Iterator[tuple[str, ...]]:
    """A row for each answer at each boundary, under ``HEADS``; yes-or-no facts are left open.

    A branch that hangs on a yes-or-no fact is there with what must turn out true (还要符合). 条文 is the
    penalty provision where it is loaded, in the first row of a record. A record that can't be read has one
    row that says why.
    """
    for record in records:
        head = (record.id, str(record.from_ or ""), record.violation)
        text = _text(base, record)
        try:
            for row in _rows(record):
                yield (*head, *(" ".join(cell.split()) for cell in (*row, text)))
                text = ""
        except CailiangError as error:
            yield (*head, *[""] * 9, str(error), text)


def _rows(record: Benchmark) -> Iterator[tuple[str, ...]]:
    compiled = compile_benchmark(record)
    for subject, ladder in compiled.ladders:
        rungs = [*ladder, *(t for t in compiled.tiers if t.subject in ("", subject))]
        tried = {n: v for n, v in around(record.facts, rungs).items() if record.facts[n].type != "bool"}
        for combination in islice(product(*tried.values()), _MOST):
            yield from _answers(compiled, subject, dict(zip(tried, combination, strict=True)))


def _answers(compiled: Compiled, subject: str, values: dict[str, Value]) -> Iterator[tuple[str, ...]]:
    record = compiled.record
    climb = Climber(compiled, values, record.from_ or date.min, lambda text: text).climb()
    facts = "；".join(f"{record.facts[n].label}：{show_value(record.facts[n], v)}" for n, v in values.items())
    warned = "；".join(dict.fromkeys(w.message for w in climb.warnings))
    mine = [o for o in climb.outcomes if o.subject == subject]
    for outcome in mine:
        yield (subject, facts, *_outcome(outcome), warned)
    if not mine:
        basis = "、".join(record.penalty_basis)
        yield (subject, facts, "没有适用的情形", "", "", "", "", "", basis, warned)


def _outcome(o: Outcome) -> tuple[str, ...]:
    low = plain(o.fine.low) if o.fine else ""
    high = ("不封顶" if o.fine.high is None else plain(o.fine.high)) if o.fine else ""
    branch = f"{o.branch}｜{o.tier}" if o.tier else o.branch
    measures = "；".join(map(_measure, o.measures))
    return branch, o.when, o.fine_text or "没有罚款", low, high, measures, "、".join(o.basis)


def _measure(due: MeasureDue) -> str:
    when = f"{due.when}的，" if due.when else ""
    return when + ("" if due.compulsory else "可以") + due.kind + (f"（{due.object}）" if due.object else "")


def _text(base: Snapshot, record: Benchmark) -> str:
    from kb.checks.provisions import provisions  # the checks try records out on ``around``

    cited = dict.fromkeys([*record.penalty_basis, *(c for b in record.statutory for c in b.basis)])
    found = provisions(base, cited, record.from_ or date.min)
    return "　".join(dict.fromkeys(p.text for p in found)) if found else ""
