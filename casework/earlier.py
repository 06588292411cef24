"""Earlier cases of the same violation (同案同罚): what the organ decided on which facts, nobody named.

Like acts are to be punished alike (行政处罚法 5(2) asks that a penalty fit the facts, the nature, the
circumstances and the harm of the act), so whoever weighs one sees how the last ones ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.precedence import DECIDED
from casework.writing import BROUGHT, ISSUED
from generator.catalogue import document_type
from kb.errors import BadRecord, BadValue
from kb.facts import read_fact, show_value
from kb.records import Fact
from kb.store import Store

MOST = 8
"""How many decisions are looked at."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One decided violation.

    Attributes:
        decision: the name of the paper that decided it; ``number`` and ``day`` are the paper's.
        facts: label and value of each fact that the benchmark asks.
        fine: yuan, as the case has it; empty where none was imposed.
        measures: the other penalties, as printed.
        leniency: the entry relied on; empty where none was.
    """

    case: str
    decision: str
    number: str
    day: date | None
    facts: tuple[tuple[str, str], ...]
    fine: str
    measures: tuple[str, ...]
    leniency: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "decision": self.decision,
            "number": self.number,
            "day": self.day.isoformat() if self.day else None,
            "facts": [{"label": label, "value": value} for label, value in self.facts],
            "fine": self.fine,
            "measures": list(self.measures),
            "leniency": self.leniency,
        }


def earlier(store: Store, id: str, facts: Mapping[str, Fact]) -> tuple[Earlier, ...]:
    """The last decided cases of a violation, the newest first.

    Args:
        id: of its benchmark; ``facts``: those the benchmark asks, which is what is shown of a case.
    """
    d, f = t.document.c, t.case_file.c
    query = (
        sa.select(d.case, d.type, d.party, d.number_text, d.day, f.body)
        .join(t.case_file, f.id == d.case)
        .where(d.type.in_(DECIDED), d.state.in_((ISSUED, BROUGHT)))
        .where(f.body.contains(f'"benchmark":"{id}"', autoescape=True))
        .order_by(d.day.desc(), d.id.desc())
        .limit(MOST)
    )
    with store.connected() as conn:
        rows = conn.execute(query).all()
    return tuple(one for row in rows for one in _decided(row._mapping, id, facts))


def _decided(row: Mapping[Any, Any], id: str, facts: Mapping[str, Fact]) -> list[Earlier]:
    """The violations of this kind that one decision was about."""
    try:
        case = bodies.stored_case(row["body"], row["case"])
    except BadRecord:  # changed since and not whole now, or spoiled: the lists of cases say so
        return []
    name = document_type(row["type"]).name
    lenient = case.leniency.id if case.leniency else ""
    mine = [v for v in case.violations if v.benchmark == id and v.party == row["party"]]
    return [
        Earlier(
            row["case"],
            name,
            row["number_text"],
            row["day"],
            _shown(v.facts, facts),
            "" if v.fine is None else f"{v.fine:f}",
            tuple(f"{m.kind}{f'{m.amount:f}元' if m.amount is not None else ''}" for m in v.measures),
            lenient,
        )
        for v in mine
    ]


def _shown(said: Mapping[str, Any], facts: Mapping[str, Fact]) -> tuple[tuple[str, str], ...]:
    shown = []
    for name in (n for n in facts if n in said):
        with suppress(BadValue):  # asked in another way since
            value = read_fact(name, facts[name], said[name])
            if value is not None:
                shown.append((facts[name].label, show_value(facts[name], value)))
    return tuple(shown)
