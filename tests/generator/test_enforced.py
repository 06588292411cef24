"""What is enforced follows from the case: the surcharge is the one of the calculator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casework.pauses import proceedings
from casework.surcharge import surcharge
from generator.casefile import CaseFile, case_from
from generator.catalogue import document_type
from generator.drafting import subject_of
from generator.ownvalues import own_values
from kb.importing.yaml_files import load_yaml
from kb.snapshot import Snapshot

PAY_BY = date(2026, 3, 20)


def told(base: Snapshot, root: Path, type: str, **changes: Any) -> tuple[CaseFile, dict[str, Any]]:
    """The example of an unpaid fine with some changes, and what one of its papers says of itself."""
    data, _ = load_yaml(root / "examples" / "cases" / "unpaid-fine.yaml")
    case = case_from({**data, **changes})
    paper = next(p for p in case.papers if p.type == type)
    assert paper.date
    return case, own_values(subject_of(document_type(type), case, base, paper.date, paper=paper.key or ""))


SUIT = {"kind": "行政诉讼", "accepted": "2026-03-25", "ended": "2026-03-28"}
OPEN = {"kind": "行政复议", "accepted": "2026-03-30"}
PAID = {"date": "2026-03-18", "amount": 10000}


@pytest.mark.parametrize(
    ("type", "payments", "held", "due", "days", "amount"),
    [
        ("surcharge_notice", [], [], 60000, 12, 21600),
        ("surcharge_notice", [PAID], [], 50000, 12, 18000),
        ("surcharge_notice", [PAID], [SUIT], 50000, 8, 12000),
        ("surcharge_notice", [PAID], [SUIT, OPEN], 50000, 5, 7500),
        ("surcharge_notice", [{"date": "2026-04-05", "amount": 10000}], [], 60000, 12, 21600),
        ("urge_letter", [PAID], [], 50000, 172, 50000),
        ("court_application", [PAID], [SUIT], 50000, 202, 50000),
    ],
)
def test_the_surcharge_is_the_calculators(
    base: Snapshot, root: Path, type: str, payments: Any, held: Any, due: int, days: int, amount: int
) -> None:
    case, said = told(base, root, type, payments=payments, proceedings=held)
    paper = next(p for p in case.papers if p.type == type)
    assert paper.date
    counted = surcharge(base, Decimal(due), PAY_BY, paper.date, proceedings(case, 1))
    assert (counted.days, counted.amount) == (days, Decimal(amount))
    assert (said["due"], said["surcharge_days"], said["surcharge"]) == (due, days, amount)
    assert said.get("total", counted.total) == counted.total


def test_what_is_paid_is_not_urged(base: Snapshot, root: Path) -> None:
    _, said = told(base, root, "urge_letter", payments=[{"date": "2026-03-18", "amount": 60000}])
    assert not {"due", "surcharge", "total"} & set(said)


@pytest.mark.parametrize(
    ("purpose", "within"),
    [("申请人民法院强制执行前", "十个工作日"), ("代履行前", "三个工作日"), ("行政机关强制执行前", None)],
)
def test_how_long_one_may_still_perform(base: Snapshot, root: Path, purpose: str, within: str | None) -> None:
    data, _ = load_yaml(root / "examples" / "cases" / "unpaid-fine.yaml")
    papers = [p for p in data["papers"] if p["type"] == "urge_letter"]
    papers[0]["values"]["purpose"] = purpose
    _, said = told(base, root, "urge_letter", papers=papers)
    assert said.get("within") == within


def test_an_order_to_correct_is_enforced_where_nothing_is_decided(base: Snapshot, root: Path) -> None:
    data, _ = load_yaml(root / "examples" / "cases" / "dug-highway.yaml")
    case = case_from(data)
    paper = next(p for p in case.papers if p.type == "substitute_decision")
    assert paper.date
    kind = document_type(paper.type)
    said = own_values(subject_of(kind, case, base, paper.date, paper=paper.key or ""))
    assert said["act_name"] == document_type("correction_order").name
    assert said["duty"].startswith("回填")
    assert said["act_served"] == date(2026, 9, 9)
