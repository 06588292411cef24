"""E1: what the text of this document type owes and doesn't say (行政处罚法 59(1), 52(2) and the like)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generator.paper import REMEMBERED, Paper
from generator.rules import rule
from kb.findings import Finding

_YEAR = re.compile(r"[〔［\[【（(](\d{4})[〕］\]】）)]第?")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_LAST: dict[str, str] = {}
"""For each pattern the paragraph that satisfied it last: where that stands again, nothing is searched."""


@rule("elements")
def elements(paper: Paper) -> Iterator[Finding]:
    assert paper.kind is not None, "only a type owes elements"
    paragraphs = dict.fromkeys(_plain(line.text) for line in paper.lines)
    for element in paper.kind.elements:
        if all(_said(pattern, paragraphs) for pattern in element.patterns):
            continue
        yield Finding(
            "E1",
            "否决" if element.basis else "扣分",
            f"《{paper.kind.name}》没有写明{element.label}",
            suggestion=f"补写{element.label}",
            basis=paper.proven(element.basis),
        )


@lru_cache(REMEMBERED)
def _plain(text: str) -> str:
    """A paragraph as patterns see it: no blanks or breaks, 〔2026〕5号 however its number is written."""
    return _YEAR.sub(r"〔\1〕", "".join(text.split()).translate(_WIDE))


def _said(pattern: str, paragraphs: dict[str, None]) -> bool:
    if _LAST.get(pattern) in paragraphs:
        return True
    text = "\n".join(paragraphs)
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        return False
    paragraph = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
    if re.search(pattern, paragraph, re.MULTILINE):
        _LAST[pattern] = paragraph
    return True
