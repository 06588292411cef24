"""C6: a violation without what penalises it, or the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.docx_text import Line
from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding

_TITLE = re.compile(r"(?:依据|依照|根据|按照)[^。；]{0,20}(?P<title>《[^》]{1,80}》)")
_LEAD = re.compile(r"(?P<violated>违反|违法条款)|依据|依照|根据|按照")
_REACH = 300  # characters before a citation in which its lead is looked for
_LABEL = 16  # characters of a cell that only heads the next one
_INTRODUCES = (":", "：")
# Where the law asks for both: what is told, decided on the spot, decided
_OWED = {
    "prior_notice": "《中华人民共和国行政处罚法》第四十四条",
    "on_the_spot_decision": "《中华人民共和国行政处罚法》第五十二条第二款",
}
_DECISION = "《中华人民共和国行政处罚法》第五十九条第一款第（三）项"


@rule("basis")
def basis(paper: Paper) -> Iterator[Finding]:
    """Both sentences are owed: 违反了《…》第…条的规定; 依据《…》第…条的规定."""
    violated, founded = _said(paper)
    if violated == founded:
        return  # neither of them: E1 says so
    if violated:
        message, mend = "写了违反的条款，没有写处罚的依据", "补写“依据《…》第…条的规定”"
    else:
        message, mend = "写了处罚的依据，没有写违反的条款", "补写“违反了《…》第…条的规定”"
    yield Finding(
        "C6", "否决", message, suggestion=mend, basis=paper.proven(_OWED.get(paper.type, _DECISION))
    )


def _said(paper: Paper) -> tuple[bool, bool]:
    """Whether a provision is said to be violated, and whether a law is said to be the basis."""
    titles = (match["title"] for _, match in paper.find(_TITLE, "《"))
    violated, founded = False, any(_can_found(paper, title) for title in titles)
    label = ""
    for line in paper.lines:
        said = label + line.text
        for citation in paper.citations(line):
            lead = "" if citation.quoted else _lead(said[: len(label) + citation.start])
            violated |= lead == "violated"
            founded |= lead == "founded" and _can_found(paper, citation.resolved or citation.law)
        label = _label(line)
    return violated, founded


def _label(line: Line) -> str:
    """What a paragraph says of the next one: 违反条款 in a cell of its own, 违反了下列规定：."""
    heads = line.place.cell and len(line.text.strip()) <= _LABEL
    return line.text[-_REACH:] if heads or line.text.rstrip().endswith(_INTRODUCES) else ""


def _lead(before: str) -> str:
    """What leads to a citation: the last such word of its sentence."""
    start = max(before.rfind(mark) for mark in "。；") + 1
    leads = list(_LEAD.finditer(before, max(start, len(before) - _REACH)))
    return "" if not leads else "violated" if leads[-1]["violated"] else "founded"


def _can_found(paper: Paper, title: str) -> bool:
    """Whether it can found the decision: no penalty may rest on procedure or on 行政处罚法 33 alone."""
    known = paper.base.laws.match(title)
    return paper.type == "no_penalty_decision" or (known.title if known else title) not in paper.procedural
