"""加处罚款: three percent a day, never more than the fine, not during reconsideration or suit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from casework.calendar import Pause
from casework.surcharge import surcharge
from kb.errors import BadValue, NotLoaded
from kb.snapshot import Snapshot


def day(text: str) -> date:
    return date.fromisoformat(text)


def suit(first: str, last: str | None) -> Pause:
    return Pause(day(first), day(last) if last else None, "行政诉讼")


# fine, last day to pay, up to, pauses, days that count, surcharge
OWED = [
    ("50000", "2026-11-17", "2026-11-17", [], 0, 0),
    ("50000", "2026-11-17", "2026-11-01", [], 0, 0),
    ("50000", "2026-11-17", "2026-11-18", [], 1, "1500"),
    ("50000", "2026-11-17", "2026-11-27", [], 10, "15000"),
    ("50000", "2026-11-17", "2026-12-20", [], 33, "49500"),
    ("50000", "2026-11-17", "2026-12-21", [], 34, "50000"),  # the cap is reached within the day
    ("50000", "2026-11-17", "2027-11-17", [], 365, "50000"),
    ("2680.50", "2026-11-17", "2026-11-18", [], 1, "80.42"),  # 80.415, half up
    ("2680.50", "2026-11-17", "2026-11-19", [], 2, "160.83"),  # rounded once, not a day at a time
    ("50000", "2026-11-17", "2026-11-27", [suit("2026-11-20", "2026-11-22")], 7, "10500"),
    ("50000", "2026-11-17", "2026-11-27", [suit("2026-11-20", None)], 2, "3000"),
    ("50000", "2026-11-17", "2026-11-27", [suit("2026-11-01", "2026-11-19"), suit("2026-11-19", None)], 0, 0),
]


@pytest.mark.parametrize(("fine", "pay_by", "until", "pauses", "days", "amount"), OWED)
def test_the_surcharge(
    agency: Snapshot, fine: str, pay_by: str, until: str, pauses: list[Pause], days: int, amount: str | int
) -> None:
    found = surcharge(agency, Decimal(fine), day(pay_by), day(until), pauses)
    assert (found.days, found.amount) == (days, Decimal(amount))
    assert found.total == Decimal(fine) + Decimal(amount)
    assert (found.capped_on is not None) == (found.amount == found.cap)


def test_the_steps_name_their_provisions(agency: Snapshot) -> None:
    found = surcharge(
        agency, Decimal(100), day("2026-09-01"), day("2026-11-01"), [suit("2026-09-05", "2026-09-06")]
    )
    said = "".join(s.citation for s in found.steps)
    for provision in ("第七十二条第一款第（一）项", "第七十三条第三款", "第四十五条第二款"):
        assert provision in said
    assert found.capped_on == day("2026-10-07")  # 34 counted days, two held


def test_nothing_is_computed_without_a_rate_or_a_fine(agency: Snapshot) -> None:
    with pytest.raises(NotLoaded):
        surcharge(Snapshot.of(), Decimal(100), day("2026-09-01"), day("2026-09-02"))
    with pytest.raises(BadValue):
        surcharge(agency, Decimal(0), day("2026-09-01"), day("2026-09-02"))
