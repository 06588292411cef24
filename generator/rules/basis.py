"""C6: a violation without what penalises it, or the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding

_VIOLATED = re.compile(r"违反(?:了)?[^。；]{0,20}《[^》]{1,80}》第[^条。]{1,12}条")
_FOUNDED = re.compile(r"(?:依据|依照|根据|按照)[^。；]{0,20}(?P<title>《[^》]{1,80}》)")
# Where the law asks for both: what is told, decided on the spot, decided
_OWED = {
    "prior_notice": "《中华人民共和国行政处罚法》第四十四条",
    "on_the_spot_decision": "《中华人民共和国行政处罚法》第五十二条第二款",
}
_DECISION = "《中华人民共和国行政处罚法》第五十九条第一款第（三）项"


@rule("basis")
def basis(paper: Paper) -> Iterator[Finding]:
    """Both sentences are owed: 违反了《…》第…条的规定; 依据《…》第…条的规定."""
    violated, founded = paper.has(_VIOLATED, "违反"), _founded(paper)
    if violated == founded:
        return  # neither of them: E1 says so
    if violated:
        message, mend = "写了违反的条款，没有写处罚的依据", "补写“依据《…》第…条的规定”"
    else:
        message, mend = "写了处罚的依据，没有写违反的条款", "补写“违反了《…》第…条的规定”"
    yield Finding(
        "C6", "否决", message, suggestion=mend, basis=paper.proven(_OWED.get(paper.type, _DECISION))
    )


def _founded(paper: Paper) -> bool:
    """Whether a law of substance founds it; no penalty may rest on 行政处罚法 33 alone."""
    titles = (match["title"] for _, match in paper.find(_FOUNDED, "《"))
    if paper.type == "no_penalty_decision":
        return any(titles)
    known = ((title, paper.base.laws.match(title)) for title in titles)
    return any((match.title if match else title) not in paper.procedural for title, match in known)
