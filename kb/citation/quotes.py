"""The quotations that a text gives of the provisions it cites: where they stand and what they quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.citation.model import Citation
from kb.citation.wording import PARAGRAPH_MARK


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation and what it is said to quote.

    Args:
        text: the words between the marks.
        start: offset of the first of them.
        end: offset after the last of them.
        citations: the provisions of the citation it belongs to, of one law.
        certain: the words between leave no doubt that the provision is quoted (规定：“…”), so that words
            which are not the provision's are a fault. After 规定，“…” they may be a name or a paraphrase.
    """

    text: str
    start: int
    end: int
    citations: tuple[Citation, ...]
    certain: bool


_CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "＂": "＂"}
OPENING = re.compile(f"[{''.join(_CLOSING)}]")
"""A text without one of these marks quotes nothing: worth knowing before it is read for citations."""
_GOES_ON = "“「『"  # marks that may open a quotation of several paragraphs
_REACH = 40  # between a citation and its quotation stand only words that introduce it
_SAYS = "(?:规定|要求|指出|明确|载明|写明|表述|内容|条文|原文)"
_CERTAIN = re.compile(
    rf"(?:[，,]该[法条款项])?[^。；;：:，,”」』]{{0,12}}(?:规定(?:了|为|是)?|{_SAYS}(?:如下|是|为)?[，,]?[：:])\s*|[：:]\s*"
)
_LOOSE = re.compile(
    rf"(?:[^。；;：:，,”」』]{{0,12}}{_SAYS})?(?:如下)?\s*[，,]?(?:即|也就是|其中|关于|有关|对|中|的|所称|所指)*\s*"
)
_AMENDS = re.compile(r"(?:作为|改为)\s*$")  # 增加一条，作为第五条：“…” gives a wording, it doesn't quote one
_LISTED = re.compile(r"(?:[\s、，,和及与或以至到]|《[^《》]{1,60}》)*")
_CITED_AFTER = re.compile(
    r"[\s。]*(?:[（(]|——?|[，,]?(?:见|参见|引自|出自|载于))\s*(?:见|参见|引自|出自)?\s*"
)


def quotes_of(text: str, citations: Sequence[Citation]) -> list[Quotation]:
    """The quotations that follow a citation, or stand right before one that is named as their source.

    Args:
        text: a paragraph, with those after it that go on with a quotation begun in it.
        citations: of that text, in order; those inside a quotation are passed over.
    """
    own = [c for c in citations if not c.quoted and c.article is not None]
    found = (
        (_belonging(text, start, end, own) for start, end in _spans(text) if end is not None) if own else ()
    )
    return [quotation for quotation in found if quotation]


def goes_on(text: str) -> bool:
    """Whether a quotation that begins in this text is still open at its end."""
    return any(end is None for _, end in _spans(text))


def _spans(text: str) -> Iterator[tuple[int, int | None]]:
    """The inside of each outermost quotation; the end is None where the last one stays open."""
    plain = PARAGRAPH_MARK.sub(lambda m: "　" * len(m[0]), text)
    at = 0
    while match := OPENING.search(plain, at):
        end = _closing(plain, match.end(), match[0])
        if end is not None:
            yield match.end(), end
        elif match[0] in _GOES_ON:
            yield match.end(), None
            return
        at = match.end() if end is None else end + 1


def _closing(text: str, start: int, opening: str) -> int | None:
    """Where the closing mark stands; long quotations may have others inside that use the same marks."""
    closing, depth = _CLOSING[opening], 1
    if opening not in _GOES_ON:
        found = text.find(closing, start)
        return None if found < 0 else found
    for match in re.compile(f"[{opening}{closing}]").finditer(text, start):
        depth += -1 if match[0] == closing else 1
        if not depth:
            return match.start()
    return None


def _belonging(text: str, start: int, end: int, citations: Sequence[Citation]) -> Quotation | None:
    """The quotation at a span, with the citation it belongs to."""
    before = [c for c in citations if c.end < start]
    if before and _AMENDS.search(text, max(0, before[-1].start - 4), before[-1].start):
        return None
    if before and start - 1 - before[-1].end <= _REACH:
        between = text[before[-1].end : start - 1]
        certain = _CERTAIN.fullmatch(between) is not None
        if certain or _LOOSE.fullmatch(between):
            return Quotation(text[start:end], start, end, _listed(text, before), certain)
    after = [c for c in citations if c.start > end]
    if after and after[0].start - end <= _REACH and _CITED_AFTER.fullmatch(text[end + 1 : after[0].start]):
        return Quotation(text[start:end], start, end, (after[0],), certain=False)
    return None


def _listed(text: str, before: Sequence[Citation]) -> tuple[Citation, ...]:
    """The last citation, and those of the same law it is listed with (第（一）项、第（三）项)."""
    group = [before[-1]]
    for c in reversed(before[:-1]):
        between = text[c.end : max(c.end, group[0].start)]
        if c.resolved != group[0].resolved or not _LISTED.fullmatch(between):
            break
        group.insert(0, c)
    return tuple(group)
