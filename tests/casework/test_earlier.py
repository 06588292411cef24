"""Earlier cases of the same violation: the decided ones, newest first, without a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from casework.earlier import Earlier, earlier
from casework.issuing import void
from kb.records import Benchmark
from tests.casework.conftest import AT, Office

Body = Callable[..., dict[str, Any]]
FOOD = "market/unlicensed-food-business"
UNNUMBERED = {"decision__number": None}


def of(office: Office, id: str = FOOD) -> tuple[Earlier, ...]:
    found = office.base.record("benchmark", id, AT.date())
    assert isinstance(found, Benchmark)
    return earlier(office.cases.store, id, found.facts)


def test_a_decided_case_tells_its_facts_and_what_was_imposed(office: Office, body: Body) -> None:
    id = office.create(body(id="c1", **UNNUMBERED))
    assert of(office) == ()
    made = office.issue(id, "decision")
    [found] = of(office)
    case = office.cases.read(id).case
    assert (found.case, found.decision, found.number) == (id, "行政处罚决定书", made.number_text)
    assert (found.day, found.fine) == (made.day, f"{case.violations[0].fine:f}")
    assert ("违法生产经营的食品、食品添加剂货值金额", "3000元") in found.facts
    assert [m[:2] for m in found.measures] == ["没收", "没收"]
    said = json.dumps(found.to_dict(), ensure_ascii=False)
    assert not any(name in said for p in case.parties for name in (p.name, p.trade_name, p.address))


def test_the_newest_comes_first_and_a_void_one_not_at_all(office: Office, body: Body) -> None:
    for n, day in enumerate(("2026-11-10", "2026-11-12", "2026-11-11"), 1):
        id = office.create(body(id=f"c{n}", decision__date=day, **UNNUMBERED))
        office.issue(id, "decision")
    assert [e.case for e in of(office)] == ["c2", "c3", "c1"]
    with office.cases.writing(by="示例张", at=AT) as w:
        void(w, of(office)[0].number, "写坏")
    assert [e.case for e in of(office)] == ["c3", "c1"]


def test_of_several_violations_only_this_kind_and_this_party(office: Office, body: Body) -> None:
    id = office.create(body("noise-hailing", id="n1", **UNNUMBERED))
    office.issue(id, "decision")
    assert of(office) == ()
    noise = office.cases.read(id).case.violations[0].benchmark
    assert [e.case for e in of(office, noise)] == ["n1"]
