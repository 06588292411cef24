"""Which provisions a post applies: what the benchmarks of its sectors rest on, each with what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.ledgers import in_force
from kb.errors import WrongUse
from kb.records import DOMAINS, Benchmark
from kb.snapshot import Snapshot
from kb.store import Store

COLUMNS = (
    ("post", "岗位"),
    ("domain", "领域"),
    ("citation", "条文"),
    ("use", "用途"),
    ("violations", "违法行为"),
)


@dataclass(frozen=True, slots=True)
class Basis:
    """One provision: ``use`` is 定性, 处罚 or 处罚种类; ``violations`` the names it is applied to."""

    post: str
    domain: str
    citation: str
    use: str
    violations: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__} | {"violations": list(self.violations)}


def inventory(store: Store, base: Snapshot, on: date, *, post: str = "", domain: str = "") -> list[Basis]:
    """The provisions of a post, of a sector, or of every post that the register of posts names.

    Args:
        on: the benchmarks in force on this day.
        post: a post of the register ``posts``; ``domain``: a sector, whoever handles it.

    Raises:
        WrongUse: no such post or sector, or no post is registered and no sector was named.
    """
    if domain and domain not in DOMAINS:
        raise WrongUse(f"没有“{domain}”", where="--domain", hint="可以写：" + "、".join(DOMAINS))
    rows = [(r.cells["post"], r.cells["domain"]) for r in in_force(store, "posts")]
    wanted = [(p, d) for p, d in dict.fromkeys(rows) if post in ("", p) and domain in ("", d)]
    if not wanted and domain and not post:
        wanted = [("", domain)]
    if not wanted:
        names = "、".join(dict.fromkeys(p for p, _ in rows))
        hint = f"有 {names}" if names else "先用 case ledger add posts 登记岗位，或者写 --domain"
        raise WrongUse(f"没有岗位“{post}”" if post else "没有登记岗位", where="--post", hint=hint)
    return [basis for p, d in wanted for basis in _of(base, on, p, d)]


def _of(base: Snapshot, on: date, post: str, domain: str) -> Iterator[Basis]:
    found: dict[tuple[str, str], dict[str, None]] = {}
    for benchmark in (b for b in base.benchmarks(on) if b.domain == domain):
        for use, citation in _cited(benchmark):
            found.setdefault((citation, use), {})[benchmark.violation] = None
    for (citation, use), names in sorted(found.items()):
        yield Basis(post, domain, citation, use, tuple(names))


def _cited(benchmark: Benchmark) -> Iterator[tuple[str, str]]:
    yield from (("定性", c) for c in benchmark.violated)
    yield from (("处罚", c) for c in benchmark.penalty_basis)
    for branch in benchmark.statutory:
        yield from (("处罚", c) for c in branch.basis)
    measures = [*benchmark.measures, *(m for b in benchmark.statutory for m in b.measures)]
    yield from ((m.kind, m.basis) for m in measures if m.basis)


def table(rows: list[Basis]) -> list[list[str]]:
    """The inventory as lines of text, its headings first."""
    lines = [[r.post, r.domain, r.citation, r.use, "；".join(r.violations)] for r in rows]
    return [[title for _, title in COLUMNS], *lines]
