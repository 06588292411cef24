"""文号: the number of a paper as it is printed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from generator.casetypes import Number
from generator.catalogue import DocumentType, document_type
from generator.subject import Subject, Uses, owed
from kb.errors import NotLoaded

if TYPE_CHECKING:
    from generator.papers import Paper

CODES = "organ/document-codes"


def code_of(kind: DocumentType, uses: Uses, day: date) -> str:
    """The agency's code for a type (示综执罚): its own, or the agency's prefix with the type's `serial`.

    Raises:
        NotLoaded: the setting has neither.
    """
    codes = uses.setting(CODES, day).value
    if own := codes.get(kind.type):
        return str(own)
    if (prefix := codes.get("prefix")) and kind.serial:
        return f"{prefix}{kind.serial}"
    raise NotLoaded(f"没有{kind.name}的文号代字", hint=f"在设置 {CODES} 中补上，或者写全文号")


def number_text(kind: DocumentType, number: Number | None, uses: Uses, day: date) -> str:
    """示综执罚〔2026〕5号: a bare sequence number takes the code of its type and the year of its paper."""
    if not isinstance(number, int):
        return owed(number, "文号")
    return f"{code_of(kind, uses, day)}〔{day.year}〕{number}号"


def own_number(subject: Subject) -> str:
    """The number of the paper itself; a receipt bears the number of what was served."""
    kind, source, day = _bearer(subject)
    if (source is None or source.number is None) and not _owes_number(kind):
        return ""
    return number_text(kind, source.number if source else None, subject.uses, day)


def lacks_number(subject: Subject) -> bool:
    """Whether the case has yet to say the number the paper bears."""
    kind, source, _ = _bearer(subject)
    return (source is None or source.number is None) and _owes_number(kind)


def _bearer(subject: Subject) -> tuple[DocumentType, Any, date]:
    """Whose number a paper bears: its type, what of the case says it, and the day it is of."""
    kind, of = subject.kind, subject.of
    if of is not None:
        return document_type(of.type), of, of.day or subject.day
    return kind, getattr(subject.case, kind.block) if kind.block else subject.paper, subject.day


def _owes_number(kind: DocumentType) -> bool:
    return f"{kind.block or 'paper'}.number" in {f.path for f in kind.fields}


def notice_number(subject: Subject) -> str:
    """The number of the prior notice, whatever paper names it."""
    notice = subject.case.notice
    day = notice.date or (notice.served and notice.served.day) or subject.day
    return number_text(document_type("prior_notice"), notice.number, subject.uses, day)


def paper_number(paper: Paper, subject: Subject) -> str:
    """The number of another paper of the case, as the paper at hand names it."""
    return number_text(document_type(paper.type), paper.number, subject.uses, paper.date or subject.day)
