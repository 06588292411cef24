"""The last day of what a published table says: a benchmark ends with the law it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from kb.citation import parse
from kb.importing.tables.build import Drafted
from kb.importing.tables.findings import TableFinding
from kb.laws import LawBook, Repeal


def close_with_laws(drafted: Sequence[Drafted], laws: LawBook) -> list[TableFinding]:
    """Write the end of the basis into each record that would outlive it, and say so.

    An instrument that was in force before its basis ended says nothing of what came after, whatever its own
    printed term; a record that begins later, or whose end the editor gave, stays as it is.

    Returns:
        a finding (K11) for each record that got an end, with the law's successor.
    """
    found = []
    for one in drafted:
        repeal = _first_end(one, laws)
        r = one.record
        if repeal is None or r.to is not None or (r.from_ and r.from_ >= repeal.day):
            continue
        one.record = r.model_copy(update={"to": repeal.day})
        by = f"，由《{repeal.by}》替代" if repeal.by else ""
        found.append(
            TableFinding(
                "K11",
                one.places.get("penalty_basis", one.place),
                f"依据《{repeal.title}》自{repeal.day}起不再有效{by}，记录的截止日填为这一天",
                f"{repeal.day}起的行为按新的规定另行导入",
            )
        )
    return found


def _first_end(one: Drafted, laws: LawBook) -> Repeal | None:
    titles = {
        c.resolved
        for text in one.record.penalty_basis
        for c in parse(text, laws, one.record.from_)
        if c.resolved
    }
    ends = [repeal for title in titles if (repeal := laws.repeal_of(title))]
    return min(ends, key=lambda repeal: repeal.day, default=None)
