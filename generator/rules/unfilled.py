"""E1: a mark that says what is still to be filled in, left standing in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import at, rule
from generator.subject import UNFILLED
from kb.findings import Finding

_MARK = re.compile(re.escape(UNFILLED) + "([^】]{1,60})】")


@rule("unfilled", always=True)
def unfilled(paper: Paper) -> Iterator[Finding]:
    """What the case left open, or a blank of a standard phrase that nobody filled."""
    for line, match in paper.find(_MARK, UNFILLED):
        yield Finding(
            "E1",
            "否决",
            f"没有填：{match[1]}",
            text=match[0],
            place=at(line, match),
            suggestion=f"写明{match[1]}",
        )
