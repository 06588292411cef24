"""C12: a fine outside what the cited clauses allow, or a kind of penalty they don't name.

What a clause allows is read from its loaded wording; without it, from the statutory branches of the benchmark
that rests on it. Where a range hangs on what the paper doesn't say, nothing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from generator.amounts import sums
from generator.impositions import Imposition, Piece, allows, impositions
from generator.paper import Paper
from generator.rules import rule
from kb.citation import Citation
from kb.errors import BadValue
from kb.findings import Finding, Place
from kb.money import Condition, Fine, parse_condition, parse_fine, read_clauses
from kb.numerals import to_chinese, to_int
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from kb.records import Benchmark, Branch

_ELSEWHERE = re.compile(r"(?:依照|按照|依据|根据)[^。；]*?(?:规定|处罚|处理)")
_MITIGATED = re.compile(r"(?<!不)(?:予以|给予|依法|决定|可以|应当)减轻(?:行政)?处罚")
_ITEMS_ABOVE = re.compile(r"前款(?P<items>(?:第[（(]?[一二三四五六七八九十]{1,3}[）)]?项[、和及或者]*)+)")
_ITEM = re.compile("[一二三四五六七八九十]+")
_BASES = "货值金额|违法所得|营业额|合同价款|工程造价|总投资额|注册资本"
_BASE = re.compile(_BASES)
_BASE_SUM = re.compile(rf"(?P<base>{_BASES})[^，。；元]{{0,8}}$")

Range = tuple[Decimal, Decimal | None]


@dataclass(frozen=True, slots=True)
class Clause:
    """What the cited clauses allow: fines with their conditions, and the wording (None: not all loaded)."""

    fines: tuple[tuple[tuple[str, ...], Fine], ...]
    wording: str | None


@rule("penalty", always=True)
def penalty(paper: Paper) -> Iterator[Finding]:
    found = impositions(paper)
    if not found:
        return
    values = _values(paper)
    mitigated = paper.has(_MITIGATED, "减轻")
    for imposition in found:
        clause = _clause(paper, imposition.citations)
        if clause is None:
            continue
        basis = "、".join(dict.fromkeys(paper.final(c) for c in imposition.citations))
        yield from _kinds(imposition, clause, basis)
        no_amount = not any(fine.has_amount for _, fine in clause.fines)
        if no_amount and (missing := _amount_elsewhere(paper, imposition)):
            yield missing
        ranges = _ranges(clause, values, {c.item for c in imposition.citations if c.item})
        if not ranges:
            continue
        if mitigated:
            ranges = [(Decimal(0), high) for _, high in ranges]
        for piece, fine in imposition.fines():
            if not any(low <= fine.amount and (high is None or fine.amount <= high) for low, high in ranges):
                yield Finding(
                    "C12",
                    "否决",
                    f"罚款{fine.amount:,}元不在所引条款规定的幅度之内",
                    text=fine.text,
                    place=_place(piece, fine.start, fine.end),
                    suggestion="所引条款的幅度：" + "；".join(dict.fromkeys(map(_words, ranges))),
                    basis=basis,
                )


def _amount_elsewhere(paper: Paper, imposition: Imposition) -> Finding | None:
    """A fine on a 款 that says no amount, where the next 款 says it for the item cited: both are cited."""
    fined = next(imposition.fines(), None)
    cited = imposition.citations[-1]
    if fined is None or cited.paragraph is None:
        return None
    following = replace(cited, paragraph=cited.paragraph + 1, item=None, subitem=None)
    fines = list(_fines_of(paper.clause(following)))
    if not any(_is_for(conditions, {cited.item}) for conditions, _ in fines):
        return None
    piece, fine = fined
    return Finding(
        "C12",
        "扣分",
        "所引条款没有写罚款的数额，数额在同一条的下一款，应当一并引用",
        text=fine.text,
        place=_place(piece, fine.start, fine.end),
        suggestion=f"{paper.final(cited)}、第{to_chinese(cited.paragraph + 1)}款",
        basis=paper.final(following),
    )


def _is_for(conditions: tuple[str, ...], items: Set[int | None]) -> bool:
    """Whether conditions name 前款 with one of these items."""
    named = [match for c in conditions if (match := _ITEMS_ABOVE.search(c))]
    return any(_numbers(match) & items for match in named)


def _numbers(match: re.Match[str]) -> set[int | None]:
    return {to_int(number) for number in _ITEM.findall(match["items"])}


def _kinds(imposition: Imposition, clause: Clause, basis: str) -> Iterator[Finding]:
    """Kinds that no cited clause names; not judged where a clause sends the reader elsewhere."""
    if clause.wording is None or _ELSEWHERE.search(clause.wording):
        return
    for kind, piece, match in imposition.kinds():
        if not allows(kind, clause.wording):
            yield Finding(
                "C12",
                "否决",
                f"所引条款没有规定“{kind}”这种处罚",
                text=match[0],
                place=_place(piece, match.start(), match.end()),
                suggestion="核对处罚的种类，或者补引规定该种处罚的条款",
                basis=basis,
            )


def _place(piece: Piece, start: int, end: int) -> Place:
    return replace(piece.line.place, start=piece.start + start, end=piece.start + end)


# ---------------------------------------------------------------- what is allowed


def _clause(paper: Paper, citations: tuple[Citation, ...]) -> Clause | None:
    """All cited clauses together; None where one of them is neither loaded nor under a benchmark."""
    wordings = [paper.clause(c) for c in citations]
    if all(wordings):
        wording = "\n".join(wordings)
        return Clause(tuple(_fines_of(wording)), wording)
    fines: list[tuple[tuple[str, ...], Fine]] = []
    for citation, wording in zip(citations, wordings, strict=True):
        branches = _branches(paper, citation)
        if not wording and branches is None:
            return None
        fines += _fines_of(wording) if wording else branches or []
    return Clause(tuple(fines), None)


def _fines_of(wording: str) -> Iterator[tuple[tuple[str, ...], Fine]]:
    """The fines of a wording; none where a clause of it can't be read: what it allows is not known then."""
    clauses = read_clauses(wording)
    if not any(clause.unread for clause in clauses):
        yield from ((span.when, span.fine) for clause in clauses for span in clause.fines)


def _branches(paper: Paper, citation: Citation) -> list[tuple[tuple[str, ...], Fine]] | None:
    """The fines of every benchmark that rests on the clause on its day; None where none does."""
    day = paper.day_of(citation)
    rests = _resting(paper.base).get(paper.final(citation), ())
    valid = [b for b in rests if day is None or b.covers(day)]
    return [fine for benchmark in valid for fine in _of_benchmark(benchmark)] if valid else None


_RESTING: WeakKeyDictionary[Snapshot, dict[str, list[Benchmark]]] = WeakKeyDictionary()


def _resting(base: Snapshot) -> dict[str, list[Benchmark]]:
    """The benchmarks of a snapshot by the provisions they rest on."""
    found = _RESTING.get(base)
    if found is None:
        found = _RESTING[base] = {}
        for benchmark in base.benchmarks():
            for basis in benchmark.penalty_basis:
                found.setdefault(basis, []).append(benchmark)
    return found


def _of_benchmark(benchmark: Benchmark) -> Iterator[tuple[tuple[str, ...], Fine]]:
    for branch in benchmark.statutory:
        if branch.fine and (fine := _fine(branch.fine)):
            yield _conditions(branch), fine


@lru_cache(1024)
def _fine(text: str) -> Fine | None:
    """A fine as a benchmark writes it; what can't be read, the records' own check tells."""
    try:
        return parse_fine(text)
    except BadValue:
        return None


def _conditions(branch: Branch) -> tuple[str, ...]:
    """All must hold; of alternatives nothing is known."""
    if isinstance(branch.when, str):
        return (branch.when,)
    return tuple(w for w in branch.when if isinstance(w, str)) if isinstance(branch.when, list) else ()


# ---------------------------------------------------------------- ranges for this paper


def _values(paper: Paper) -> dict[str, set[Decimal]]:
    """What the paper says of the bases of fines: 货值金额合计3,000元."""
    out: dict[str, set[Decimal]] = {}
    for line in paper.lines:
        if "元" in line.text and _BASE.search(line.text):
            for found in sums(line.text):
                if match := _BASE_SUM.search(line.text[max(0, found.start - 16) : found.start]):
                    out.setdefault(match["base"], set()).add(found.amount)
    return out


def _ranges(clause: Clause, values: dict[str, set[Decimal]], items: Set[int | None]) -> list[Range]:
    """The ranges that may apply; empty where one of them can't be worked out.

    Where 款 say the fines for the items of 前款, those of the items cited are meant.
    """
    ranges: list[Range] = []
    meant = [(conditions, fine) for conditions, fine in clause.fines if _is_for(conditions, items)]
    for conditions, fine in meant or clause.fines:
        if any(_fails(c, values) for c in conditions):
            continue
        if not fine.has_amount or fine.per or len(fine.floors) > 1:
            return []
        bases = _of(fine.base, values) if fine.needs_base else {Decimal(0)}
        if not bases:
            return []
        ranges += [fine.in_yuan(base) for base in bases]
    return ranges


def _of(name: str, values: dict[str, set[Decimal]]) -> set[Decimal]:
    return next((found for base, found in values.items() if name.endswith(base)), set())


def _fails(text: str, values: dict[str, set[Decimal]]) -> bool:
    """Whether a condition on an amount is false for every amount the paper names."""
    try:
        condition = parse_condition(text)
    except BadValue:
        return False
    amounts = _of(condition.base, values)
    return bool(amounts) and not any(_holds(condition, amount) for amount in amounts)


def _holds(condition: Condition, amount: Decimal) -> bool:
    low, high = condition.low, condition.high
    if any(end is not None and end.unit != "元" for end in (low, high)):
        return True
    over = low is None or amount > low.value or (low.inclusive and amount == low.value)
    under = high is None or amount < high.value or (high.inclusive and amount == high.value)
    return over and under


def _words(limits: Range) -> str:
    low, high = limits
    if high is None:
        return f"{low:,}元以上"
    return f"{low:,}元" if low == high else f"{low:,}元以上{high:,}元以下" if low else f"{high:,}元以下"
