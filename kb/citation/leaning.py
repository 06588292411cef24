"""Leaning: what 本条, 前款, a 第二款 or 第六条 without a law take from what was cited before.

Real statutes use 本条 and 前款 of themselves nearly always, also right after 本法第…条 or 专利法第…条: only a
paper that names a law by 《》 (or points at one: 该法) speaks of that law's 本条, and only in one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.citation import grammar as g
from kb.citation.find import Found
from kb.citation.naming import Named
from kb.numerals import to_int

Path = tuple[int | None, ...]


@dataclass(slots=True)
class Last:
    """The last citation: what 本条 and 前款 lean on, and what a quotation quotes.

    ``marked`` tells whether its law was named by 《》 or by 该法, as papers do and statutes do less.
    """

    law: Named
    path: Path
    end: int
    marked: bool = True


def speaks_of_itself(word: str, base: Last, between: str) -> bool:
    """Whether 本条 or 前款 may mean the document's own article, not the citation before.

    It leans on a citation of the same sentence; 该条 and 同条 on one of the same paragraph.
    """
    if word[0] in "该同上":
        return False
    return not base.marked or g.SENTENCE_ENDS.search(between) is not None


def resumes(plain: str, base: Last, found: Found, at: int, closed: int) -> bool:
    """Whether 第六条 or 第二款, with no law named, goes on with the law cited before.

    It does right after that law's own words (规定：“…”第二款规定), after a pause in the same sentence if it
    tells what the law says (；第六条规定), and in the next one if both do (第一款规定，…。第二款规定，…).

    Args:
        at: where the provision begins; ``closed``: the end of the quotation of ``base`` before it, 0 without.
    """
    after = found.provisions[-1].end
    told = g.RESUMES.match(plain, after)
    both = g.ANNOUNCED.match(plain, base.end) and g.ANNOUNCED.match(plain, after)
    if not (told or both):
        return False
    if closed and (at == closed or (at == closed + 1 and plain[closed] in "。；;，,、")):
        return True
    between = plain[max(base.end, closed) : at]
    if not base.marked or g.OTHER_SOURCE.search(between) or between[-1:] not in tuple("，；。,;"):
        return False
    return bool(both or (told and not g.SENTENCE_ENDS.search(between)))


def meant_by(word: str, path: Path) -> list[Path]:
    """The (article, suffix, paragraph) that 本条, 前条, 本款, 前款, 前两款 mean after a citation."""
    article, suffix, paragraph = path[:3]
    if word == "前条":
        return [(article - 1, 0, None)] if article and article > 1 and not suffix else []
    if word.endswith("条"):
        return [(article, suffix, None)]
    if not word.startswith("前"):
        return [(article, suffix, paragraph)] if word != "本款" or paragraph else []
    back = to_int(word[1:-1]) if len(word) > 2 else 1
    if not paragraph or paragraph <= back:
        return []
    return [(article, suffix, n) for n in range(paragraph - back, paragraph)]


def inherit(fixed: Sequence[int | None], path: Path) -> Path:
    """A path whose upper levels are left out takes them from what was cited before."""
    upper = fixed[: next((i for i, n in enumerate(path) if n is not None), 3)]
    return (*upper, *path[len(upper) :])
