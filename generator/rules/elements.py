"""E1: what the text of this document type owes and doesn't say (行政处罚法 59(1), 52(2) and the like)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding


@rule("elements")
def elements(paper: Paper) -> Iterator[Finding]:
    assert paper.kind is not None, "only a type owes elements"
    text = paper.text
    for element in paper.kind.elements:
        if all(re.search(pattern, text, re.MULTILINE) for pattern in element.patterns):
            continue
        yield Finding(
            "E1",
            "否决" if element.basis else "扣分",
            f"《{paper.kind.name}》没有写明{element.label}",
            suggestion=f"补写{element.label}",
            basis=paper.proven(element.basis),
        )
