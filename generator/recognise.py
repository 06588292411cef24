"""What an unmarked paper is and which days matter to it, read from its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import zip_longest

from generator.catalogue import DocumentType, document_types
from generator.days import own_day, read_day
from generator.docx_text import Line

HEAD = 15
"""A title stands among this many first paragraphs that say anything."""
_ORGAN = re.compile(r"(?:局|队|会|府|厅|所|处|院|署|办|中心)$")
_SPACES = re.compile(r"\s+")
_NARRATIVES = tuple(map(re.compile, ("经查|查明", "发现|违法事实")))
"""Words that tell what was found, the surest first."""
# What is applied: the new law, or that of the time of the act; what stands last decides.
_APPLIED = re.compile(
    r"适用(?:处罚较轻的)?(?:(?P<new>新|现行|修[订正]后)|(?:违法)?(?:行为|当)时|[旧原]|修[订正]前)的?"
)
_DAY_OF_YEAR = re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日")


def head(lines: Sequence[Line]) -> list[Line]:
    """The first paragraphs of the body that say anything."""
    said = (line for line in lines if line.place.part == "正文" and line.text.strip())
    return [line for line, _ in zip(said, range(HEAD), strict=False)]


def kind_of(lines: Sequence[Line]) -> tuple[DocumentType, Line] | None:
    """The document type whose name is the title line, with or without the organ before it."""
    names = _names()
    for line in head(lines):
        title = _SPACES.sub("", line.text).lstrip("#")
        for name, kind in names:
            if title.endswith(name) and (title == name or _ORGAN.search(title.removesuffix(name))):
                return kind, line
    return None


@cache
def _names() -> tuple[tuple[str, DocumentType], ...]:
    """Every name of every type, longest first: 不予行政处罚决定书 before 行政处罚决定书."""
    pairs = [(name, kind) for kind in document_types() for name in (kind.name, *kind.also_called())]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def decided_on(lines: Sequence[Line]) -> date | None:
    """The day the paper bears."""
    found = own_day(lines)
    return read_day(found[1]) if found else None


def act_ended(lines: Sequence[Line], decided: date) -> date | None:
    """The last day, up to the decision, of the first paragraph that tells what was found.

    A paragraph that ends in a colon tells it together with the next.
    """
    pairs = zip_longest((line.text for line in lines), (line.text for line in lines[1:]), fillvalue="")
    texts = [text + after if text.rstrip().endswith(("：", ":")) else text for text, after in pairs]
    told = (text for words in _NARRATIVES for text in texts if words.search(text))
    story = next((text for text in told if _DAY_OF_YEAR.search(text)), "")
    year, days = None, []
    for match in _DAY_OF_YEAR.finditer(story):
        year = match["y"] or year
        if year:
            day = _date(int(year), int(match["m"]), int(match["d"]))
            days += [day] if day and day <= decided else []
    return max(days, default=None)


def chose_new_law(lines: Sequence[Line]) -> bool:
    """Whether the paper says it applies the new law because it is lighter (行政处罚法 37)."""
    told = (list(_APPLIED.finditer(line.text)) for line in lines if "第三十七条" in line.text)
    return any(applied[-1]["new"] is not None for applied in told if applied)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
