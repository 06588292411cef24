"""A case as its deadlines see it: the papers that count, and rows made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from casework.calendar import Pause
from casework.deadlines import Rule, Term, term
from casework.due import Due
from casework.pauses import own
from generator.casefile import CaseFile
from generator.catalogue import document_type
from generator.events import Event, events
from kb.errors import NotLoaded
from kb.records import Setting
from kb.snapshot import Snapshot


class Line:
    """A case as its deadlines see it: the papers that count, in the order of their days."""

    def __init__(self, case: CaseFile, base: Snapshot) -> None:
        self.case, self.base = case, base
        self.events = [e for e in events(case) if not e.void and e.day]

    def own(self, event: Event) -> dict[str, Any]:
        """The own fields written for a paper; a block has none."""
        return {} if event.index is None else own(self.case, self.base, self.case.papers[event.index])

    def of(self, *types: str, party: int | None = None) -> list[Event]:
        """The papers of some types; with a party, those for it or for all."""
        return [e for e in self.events if e.type in types and (not party or e.party in (None, party))]

    def first(self, *types: str, since: date, party: int | None = None) -> date | None:
        """The day of the first paper of some types since a day."""
        return next((e.day for e in self.of(*types, party=party) if e.day and e.day >= since), None)

    def term(
        self,
        name: str,
        start: date | datetime,
        pauses: Sequence[Pause] = (),
        length: Setting | None = None,
    ) -> Term | None:
        try:
            return term(self.base, name, start, pauses, length)
        except NotLoaded:
            return None

    def due(
        self,
        name: str,
        start: date | datetime,
        event: Event | None,
        done: date | None,
        *,
        party: int | None = None,
        pauses: Sequence[Pause] = (),
        label: str = "",
        length: Setting | None = None,
    ) -> Iterator[Due]:
        """One row, where its length is loaded."""
        found = self.term(name, start, pauses, length)
        if found is None:
            return
        rule: Rule = found.rule
        yield Due(
            self.case.id,
            rule.name,
            label or rule.label,
            document_type(event.type).name if event else "",
            event.key if event else "",
            event.party if event and party is None else party,
            rule.sense,
            rule.binds,
            found.counted.start,
            found.day,
            done,
            found.basis,
            found.counted.steps,
            found.counted.moment,
            found.counted.warning,
        )
