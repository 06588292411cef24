"""Which way to the court the law applied leaves: at once within a period, or after reconsideration only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from generator.casefile import CaseFile
from generator.subject import benchmark_of
from kb.errors import NotLoaded
from kb.records import Setting
from kb.snapshot import Snapshot

MONTHS = "remedy/litigation-months"
OWN = "remedy/litigation-own"
FIRST = "remedy/reconsideration-first"
PENALTIES = ("decision", "decision_change")
"""The papers that a period of its own is for; a decision on the spot knows no direct suit."""


def suit_period(base: Snapshot, type: str, applied: Iterable[str], day: date) -> Setting:
    """The period to sue at once: six months, unless the law of the penalty has its own (行政诉讼法 46(1)).

    Args:
        type: of the paper that is sued against.
        applied: what the penalty rests on, as citations.
        day: the day of the paper.

    Raises:
        NotLoaded: no period is loaded for that day.
    """
    if type in PENALTIES and (own := _matching(base, OWN, applied, day)):
        setting, basis = own
        return setting.model_copy(update={"value": setting.value["days"], "basis": [basis]})
    return base.setting(MONTHS, day)


def reconsidered_first(base: Snapshot, applied: Iterable[str], day: date) -> tuple[Setting, str] | None:
    """The setting and the provision that puts reconsideration before a suit (行政复议法 23(1)(五))."""
    return _matching(base, FIRST, applied, day)


def _matching(base: Snapshot, id: str, applied: Iterable[str], day: date) -> tuple[Setting, str] | None:
    """The entry of a setting that names what was applied, with the basis that stands beside it."""
    try:
        setting = base.setting(id, day)
    except NotLoaded:
        return None
    named = list(applied)
    laws = setting.value["applied"] if isinstance(setting.value, dict) else setting.value
    beside = zip(laws, setting.basis, strict=True)
    return next(((setting, basis) for law, basis in beside if any(law in c for c in named)), None)


def applied_to(case: CaseFile, base: Snapshot, party: int | None, day: date) -> list[str]:
    """What the penalty of a party rests on; of all parties without one.

    Args:
        day: the day of the paper; counts where the case chose the new law.
    """
    newer = case.law_choice is not None and case.law_choice.apply == "新"
    found: list[str] = []
    for v in case.violations:
        if party in (None, v.party):
            record = benchmark_of(base, v.benchmark, day if newer else v.act.end)
            found += v.penalty_basis or (record.penalty_basis if record else [])
    return found
