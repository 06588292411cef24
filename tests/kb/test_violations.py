"""Every violation of the real list is a benchmark: its provisions are cited, its money is in the branches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kb.citation import parse
from kb.conditions import bind
from kb.discretion import Period, assess
from kb.importing.records import load_laws, load_records
from kb.money import Fine, find_amounts, parse_condition, parse_fine
from kb.records import Benchmark
from kb.snapshot import Snapshot

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"
LAWS = load_laws(CONTENT / "laws")
BENCHMARKS = [r for r in load_records(CONTENT) if isinstance(r, Benchmark)]
BASE = Snapshot.of(load_records(CONTENT), LAWS.versions, LAWS.repeals)
CODE = date(2026, 8, 15)

# id in the list -> (benchmark, a day on which the version meant holds)
COVERED = {
    "E1": ("ecology/build-before-approval", CODE),
    "E1-old": ("ecology/build-before-approval", date(2026, 8, 14)),
    "E2": ("ecology/discharge-without-permit", CODE),
    "E2-old": ("ecology/discharge-without-permit", date(2026, 8, 14)),
    "E3": ("ecology/excess-discharge", CODE),
    "E4": ("ecology/evading-supervision", CODE),
    "E5": ("ecology/unaccepted-facilities", CODE),
    "E5-old": ("ecology/unaccepted-facilities", date(2026, 8, 14)),
    "E6": ("ecology/hazardous-waste-label", CODE),
    "E6-old": ("ecology/hazardous-waste-label", date(2026, 8, 14)),
    "E7": ("ecology/cooking-fumes", CODE),
    "E8": ("ecology/outdoor-barbecue", CODE),
    "E9": ("ecology/noise-hailing", CODE),
    "A4": ("agriculture/seed-without-licence", CODE),
    "A5": ("agriculture/inferior-seed", CODE),
    "A6": ("agriculture/seed-label", CODE),
    "A8": ("agriculture/veterinary-drug-records", CODE),
    "A9": ("agriculture/dead-animals", CODE),
    "A11": ("agriculture/illegal-pig-slaughter", CODE),
    "A12": ("agriculture/banned-residue", CODE),
    "T2": ("transport/unlicensed-passenger", CODE),
    "T4": ("transport/vehicle-maintenance", CODE),
    "T5": ("transport/vehicle-modification", CODE),
    "T6": ("transport/repair-filing", CODE),
    "T7": ("transport/highway-occupation", CODE),
    "T8": ("transport/highway-stalls", CODE),
    "T9": ("transport/overloaded-vehicle", CODE),
    "C1": ("culture/minors-in-dance-hall", CODE),
    "C2": ("culture/late-hours", CODE),
    "C3": ("culture/minors-in-internet-cafe", CODE),
    "C4": ("culture/unlicensed-internet-cafe", CODE),
    "C5": ("culture/unapproved-performance", CODE),
    "C6": ("culture/unlicensed-publications", CODE),
    "C7": ("culture/unlicensed-travel-agency", CODE),
    "C8": ("culture/low-price-tour", CODE),
    "M4": ("market/unlicensed-food-business", CODE),
    "M7": ("market/false-advertising", CODE),
    "M9": ("market/unsafe-product", CODE),
    "M11": ("market/uninspected-special-equipment", CODE),
    "U1": ("city/building-without-permit", CODE),
    "U2": ("city/temporary-building", CODE),
    "U3": ("city/street-storage", CODE),
    "U5": ("city/road-occupation", CODE),
    "U6": ("city/gas-without-licence", CODE),
    "U7": ("city/gas-indoor-alteration", CODE),
    "U9": ("city/drainage-without-permit", CODE),
    "U10": ("city/property-area-occupation", CODE),
    "S1": ("emergency/principal-duty", CODE),
    "S3": ("emergency/training-records", CODE),
    "S4": ("emergency/no-warning-sign", CODE),
    "S5": ("emergency/risk-grading", CODE),
    "S6": ("emergency/hidden-danger", CODE),
    "S7": ("emergency/blocked-exit", CODE),
    "S9": ("emergency/unlicensed-chemicals", date(2026, 5, 1)),
    "S9-old": ("emergency/unlicensed-chemicals", date(2026, 4, 30)),
    "S10": ("emergency/fireworks-retail", CODE),
    "S11": ("emergency/production-without-licence", CODE),
    "S12": ("emergency/emergency-plan-filing", CODE),
}


def records_of(id: str) -> list[Benchmark]:
    """The dated records that stand for one violation of the list; several where several laws speak of it."""
    name, day = COVERED[id]
    return [b for b in BENCHMARKS if b.id == name and b.covers(day)]


@pytest.fixture(scope="module")
def listed(corpus: Path) -> dict[str, dict[str, Any]]:
    rows = json.loads((corpus / "violations.json").read_text("utf-8"))
    return {row["id"]: row for row in rows}


@pytest.mark.corpus
def test_all_of_the_list_and_nothing_else(listed: dict[str, Any]) -> None:
    assert set(COVERED) == set(listed)
    assert len(COVERED) == 58


@pytest.mark.parametrize("id", COVERED)
def test_a_record_holds_on_its_day(id: str) -> None:
    assert records_of(id), COVERED[id]


@pytest.mark.corpus
@pytest.mark.parametrize("id", COVERED)
def test_the_provisions_are_cited(id: str, listed: dict[str, Any]) -> None:
    day = COVERED[id][1]
    cited = {p for r in records_of(id) for t in (*r.violated, *r.penalty_basis) for p in provisions(t, day)}
    beside = {p for r in records_of(id) for n in r.not_when for p in provisions(n.basis, day)}
    row = listed[id]
    assert {p for c in row["penalty"] for p in provisions(c["cite"], day)} <= cited
    # 法典第一百六十二条第二款 orders an acceptance whose lack no provision punishes: it stands in not_when
    assert {p for c in row["violated"] for p in provisions(c["cite"], day)} <= cited | beside


def provisions(text: str, day: date) -> Iterator[tuple[object, ...]]:
    for c in parse(text, BASE.laws, day):
        yield (c.resolved, c.article, c.paragraph, c.item)


@pytest.mark.corpus
@pytest.mark.parametrize("id", COVERED)
def test_the_figures_are_in_the_branches(id: str, listed: dict[str, Any]) -> None:
    fines, bounds = figures(id)
    for phrase in (p for c in listed[id]["penalty"] for p in c["verified_phrases"]):
        for low, high in ends_of(phrase):
            condition = parse_condition(phrase)
            end = condition.low or condition.high
            assert (low, high) in fines or (end and (end.value, end.inclusive) in bounds), phrase


def ends_of(phrase: str) -> Iterator[tuple[object, object]]:
    """The amounts of a phrase; 本条例第二十七条 is none."""
    for _, _, fine in find_amounts(phrase):
        yield (fine.low, fine.high)


def figures(id: str) -> tuple[set[tuple[object, object]], set[tuple[Decimal, bool]]]:
    """The ends of all fines of a violation's records, and the numbers their conditions turn on."""
    fines: set[tuple[object, object]] = set()
    bounds: set[tuple[Decimal, bool]] = set()
    for record in records_of(id):
        for branch in record.statutory:
            fine = parse_fine(branch.fine) if branch.fine else Fine()
            fines.add((fine.low, fine.high))
            for atom in bind(branch.when, record.facts).atoms():
                ends = (atom.condition.low, atom.condition.high) if atom.condition else ()
                bounds |= {(e.value, e.inclusive) for e in ends if e}
    return fines, bounds


# ---------------------------------------------------------------- what the records give

# name, benchmark, facts, act ended on, decided on, fines that apply as "low-high" of the party's own ladder
CURABLE = "尚可采取改正措施消除"
WORKED = [
    ("A5 劣种子 15000", "agriculture/inferior-seed", {"goods_value": 15000}, "10000-100000"),
    ("A4 无证种子 15000", "agriculture/seed-without-licence", {"goods_value": 15000}, "45000-75000"),
    ("A12 农户", "agriculture/banned-residue", {"goods_value": 15000, "farmer": True}, "1000-10000"),
    ("A12 企业", "agriculture/banned-residue", {"goods_value": 15000, "farmer": False}, "225000-450000"),
    ("A9 货值按合格动物", "agriculture/dead-animals", {"goods_value": 20000}, "300000-600000"),
    ("A8 单位", "agriculture/veterinary-drug-records", {"party": "违法单位"}, "10000-50000"),
    ("A8 个人不罚", "agriculture/veterinary-drug-records", {"party": "个人"}, ""),
    ("T6 第一次", "transport/repair-filing", {"refused": False}, ""),
    ("T6 拒不改正", "transport/repair-filing", {"refused": True}, "3000-10000"),
    ("U7 第一次", "city/gas-indoor-alteration", {"party": "单位", "overdue": False}, ""),
    ("U7 个人逾期", "city/gas-indoor-alteration", {"party": "个人", "overdue": True}, "0-1000"),
    ("U10 单位", "city/property-area-occupation", {"party": "单位"}, "50000-200000"),
    ("U1 可改正", "city/building-without-permit", {"cost": 100000, "remedy": CURABLE}, "5000-10000"),
    ("U3 没有数额", "city/street-storage", {}, ""),
    ("S12 第一次", "emergency/emergency-plan-filing", {"overdue": False}, ""),
    ("C2 没有罚款", "culture/late-hours", {}, ""),
    ("C1 没有违法所得", "culture/minors-in-dance-hall", {"illegal_gains": 0}, "10000-30000"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "facts", "expected"), [r[1:] for r in WORKED], ids=[r[0] for r in WORKED])
def test_worked(id: str, facts: dict[str, Any], expected: str) -> None:
    act = Period(date(2026, 9, 1), date(2026, 9, 2))
    result = assess(BASE, id, facts, act, decided_on=date(2026, 11, 1))
    own = [o for o in result.outcomes if not o.subject and not o.needs and o.instrument == "法律条文"]
    shown = {f"{o.fine.low:.0f}-{o.fine.high:.0f}" for o in own if o.fine and o.fine.high is not None}
    assert shown == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("id", "facts"),
    [
        ("culture/unlicensed-travel-agency", {"illegal_gains": 50000}),
        ("culture/minors-in-dance-hall", {"illegal_gains": 20000, "refused": False, "serious": False}),
        ("culture/minors-in-dance-hall", {"illegal_gains": 0, "refused": False, "serious": False}),  # may
        ("culture/minors-in-internet-cafe", {"refused": True, "serious": False}),
    ],
)
def test_a_law_goes_before_a_regulation(id: str, facts: dict[str, Any]) -> None:
    act = Period(date(2026, 9, 1), date(2026, 9, 2))
    result = assess(BASE, id, facts, act, decided_on=date(2026, 11, 1))
    assert "rank_conflict" in {w.code for w in result.warnings}


def test_before_and_after_the_chemicals_law() -> None:
    act = Period(date(2026, 3, 1), date(2026, 3, 2))
    result = assess(BASE, "emergency/unlicensed-chemicals", {}, act, decided_on=date(2026, 6, 1))
    assert {(o.fine.low, o.fine.high) for o in result.outcomes if o.fine} == {
        (Decimal(100000), Decimal(200000)),
        (Decimal(100000), Decimal(500000)),
    }
