"""C12: a notified fine that is only a range; the party has to be told the content (行政处罚法 44)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import at, rule
from kb.findings import Finding

_RANGE = re.compile(
    r"拟[^。；]{0,40}罚款[^。；]{0,20}(?:以上[^。；]{0,16}以下|[\d万千]+元?\s*[-–—~～至]\s*[\d万千]+元)"
    r"|拟[^。；]{0,30}处[^。；]{0,16}以上[^。；]{0,16}以下的?罚款"
)
_BASIS = "《中华人民共和国行政处罚法》第四十四条"


@rule("told")
def told(paper: Paper) -> Iterator[Finding]:
    for line, match in paper.find(_RANGE, "拟"):
        yield Finding(
            "C12",
            "否决",
            "告知的罚款只是幅度，不是具体数额",
            text=match[0],
            place=at(line, match),
            suggestion="写明拟处罚款的具体数额",
            basis=paper.proven(_BASIS),
        )
