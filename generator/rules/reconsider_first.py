"""C15: an on-the-spot decision that doesn't say that reconsideration comes first (行政复议法 23)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding

_FIRST = re.compile(r"先[^。]{0,20}(?:行政)?复议")
_BASIS = "《中华人民共和国行政复议法》第二十三条第二款"


@rule("reconsider_first")
def reconsider_first(paper: Paper) -> Iterator[Finding]:
    if not paper.has(_FIRST, "复议"):
        yield Finding(
            "C15",
            "否决",
            "当场处罚应当先申请行政复议，文书没有告知",
            suggestion="写明“应当先申请行政复议，对行政复议决定不服的，再提起行政诉讼”",
            basis=paper.proven(_BASIS),
        )
