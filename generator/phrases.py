"""Standard wording in templates: ``{{ 'phrase/…'|用语(slot=…) }}`` prints a written phrase of the base.

It is the phrase as of the paper's day, the agency's own before the shipped one. A blank is filled by the tag,
else with what the case says under the blank's label, else with a mark that keeps the paper from leaving.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date

from generator.subject import Matter, Subject, Uses, date_text, figures, owed, together
from kb.errors import BadValue, NotFound, NotLoaded
from kb.numerals import parse_number
from kb.records import Phrase
from kb.snapshot import Snapshot

HOUSE = "随附文书用语"
"""The instrument of the wording that the shipped templates take: not 示例, and yields to the agency's own."""
_BLANK = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Pulled:
    """What one paper takes from the written phrases; every phrase it took is among the records it rests on.

    Args:
        uses: the records of the paper, and the base they are from.
        day: the paper's day.
        name: the paper's name, for messages.
        say: what the case says under the label of a blank that the tag leaves open; "" where nothing.
    """

    def __init__(self, uses: Uses, day: date, name: str, say: Callable[[str], str]) -> None:
        self._uses, self._day, self._name, self._say = uses, day, name, say

    def __call__(self, id: str, given: Mapping[str, str]) -> str:
        """The text of one phrase.

        Args:
            id: the id of a written phrase.
            given: what the tag says of its blanks; "" leaves one empty.

        Raises:
            NotFound, NotLoaded: as `phrase_of`, with the name of the template.
        """
        try:
            phrase = phrase_of(self._uses.base, id, self._day)
        except (NotFound, NotLoaded) as error:
            error.where = f"{self._name}的模板"
            raise
        self._uses.note(phrase)
        left = {slot: self._say(label) for slot, label in phrase.slots.items() if slot not in given}
        return filled(phrase, {**given, **{slot: text for slot, text in left.items() if text}})


def taken(uses: Uses) -> tuple[str, ...]:
    """The phrases a paper took, for people to read."""
    return tuple(f"{r.title}（{r.id}）" for r in uses.records.values() if r.kind == "phrase")


def phrase_of(base: Snapshot, id: str, day: date) -> Phrase:
    """The written phrase that holds on a day: the agency's own before `HOUSE`, that before a 示例.

    Raises:
        NotFound: there is no such written phrase.
        NotLoaded: none of its versions covers the day.
    """
    try:
        rows = [r for r in base.versions("phrase", id) if isinstance(r, Phrase) and r.channel == "文书"]
    except NotFound as error:
        raise NotFound(f"没有文书用语“{id}”", hint=error.hint) from None
    if not rows:
        raise NotFound(f"“{id}”不是文书用语", hint="口头用语不进文书，换一条文书用语")
    held = [r for r in rows if r.covers(day)]
    if not held:
        raise NotLoaded(f"文书用语“{id}”在{day}没有有效的版本", hint="录入该日有效的版本，或者换一条用语")
    return max(held, key=lambda r: (not r.source.example, r.source.instrument != HOUSE, r.from_ or date.min))


def filled(phrase: Phrase, values: Mapping[str, str]) -> str:
    """The text with its blanks filled by slot; a mark where there is no value."""
    return _BLANK.sub(lambda m: _value(phrase, m[1], values), phrase.text)


def _value(phrase: Phrase, slot: str, values: Mapping[str, str]) -> str:
    return values[slot] if slot in values else owed(None, phrase.slots.get(slot, slot))


# ---------------------------------------------------------------- what a case says, by label


def _found(matter: Matter) -> str:
    return date_text(matter.violation.found_on)


def _name(matter: Matter) -> str:
    return matter.name


def _place(matter: Matter) -> str:
    return matter.violation.place or ""


def _gains(matter: Matter) -> str:
    """The unlawful gains that are confiscated."""
    found = [m.amount for m in matter.violation.measures if m.kind == "没收违法所得"]
    return figures(found[0]) if found and found[0] is not None else ""


def _goods(matter: Matter) -> str:
    """The value of the goods, under whatever name the benchmark asks for it."""
    for name, fact in matter.benchmark.facts.items():
        if fact.label.endswith("货值金额") and name in matter.violation.facts:
            with suppress(BadValue):
                return figures(parse_number(str(matter.violation.facts[name]).removesuffix("元")))
    return ""


_SAME: Mapping[str, Callable[[Matter], str]] = {
    "起始日期": lambda m: date_text(m.violation.act.start),
    "行为终了之日": lambda m: date_text(m.violation.act.end),
    "查获日期": _found,
    "检查日期": _found,
    "经营地址": _place,
    "地点": _place,
    "罚款数额": lambda m: figures(m.violation.fine) if m.violation.fine else "",
    "违法所得": _gains,
    "货值金额": _goods,
    "货值": _goods,
    "违法行为": _name,
    "违法行为名称": _name,
    "违反条款全称": lambda m: together(m.violated),
    "处罚依据全称": lambda m: together(m.penalty_basis),
}
"""What is said of a violation; known of several only where all of them say the same."""
_OF_CASE: Mapping[str, Callable[[Subject], str]] = {
    "当事人名称": lambda s: s.party.trade_name or s.party.name,
    "改正期限": lambda s: _day(s.case.correction_order.deadline),
}
LABELS = frozenset({*_SAME, *_OF_CASE})
"""The labels of blanks that any case can answer."""


def say(subject: Subject, label: str) -> str:
    """What the case says under the label of a blank; "" where it doesn't, or its violations differ."""
    if label in _OF_CASE:
        return _OF_CASE[label](subject)
    read = _SAME.get(label)
    values = {read(matter) for matter in subject.matters} if read else set()
    return values.pop() if len(values) == 1 else ""


def _day(day: date | None) -> str:
    return date_text(day) if day else ""
