"""Forms for handwriting: bare, or with numbers that were handed out for them, all on sheets of one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.base import Base
from casework import handwriting
from casework.merging import merged
from generator.blank import blank
from generator.catalogue import document_type
from generator.drafting import Draft
from kb.errors import BadValue, NotFound

MOST = 100
"""Sheets in one file."""


def form(base: Base, type: str, number: str, day: date) -> Draft:
    """One form; it bears the number, where one is given.

    Args:
        type: a document type (identifier or Chinese name).
        number: as it was handed out, 示综执当罚〔2026〕2号; ruled where empty.
        day: the day its constant citations are judged on.

    Raises:
        NotFound: unknown type; the number isn't handed out for it, or no longer open.
        NotLoaded, Refused: as `blank`.
    """
    kind = document_type(type)
    if number and number not in opened(base, kind.type):
        hint = "先用 case reserve（网页“手写文书”）领一段文号；不写文号则留横线"
        raise NotFound(f"没有为《{kind.name}》领用 {number[:60]}，或者已经用掉", hint=hint)
    return blank(kind.type, base.snapshot(), day=day, number=number)


def printable(base: Base, type: str, count: int, day: date) -> None:
    """Whether so many can be printed, before numbers are handed out for them. Raises as `forms`."""
    if not 0 < count <= MOST:
        raise BadValue(f"一次打印1到{MOST}份，这里是{count}份", hint="分几次打印")
    form(base, type, "", day)


def forms(base: Base, type: str, numbers: Sequence[str], day: date) -> bytes:
    """A form for each number, in one .docx to be printed at once. Raises as `form`; BadValue: too many."""
    printable(base, type, len(numbers), day)
    made = [form(base, type, number, day).data for number in numbers]
    return made[0] if len(made) == 1 else merged([(data, None) for data in made])


def opened(base: Base, type: str) -> list[str]:
    """The numbers of a type that are handed out and neither registered nor void, in order."""
    return [d.number_text for d in handwriting.reserved(base.store) if d.type == type]
