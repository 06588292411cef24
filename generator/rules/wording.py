"""C14: words of a proposal left in a decision."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.paper import Paper
from generator.rules import at, rule
from kb.findings import Finding

_PROPOSAL = re.compile(r"拟(?:作出|给予|处以|处|罚款|没收|对[^，。；]{0,20}(?:作出|给予|处))")
_BASIS = "《中华人民共和国行政处罚法》第五十七条第一款第（一）项"
_TOLD = re.compile(r"告知|听证")
_WEIGHED = re.compile(r"集体讨论|审核")
_DECIDES = re.compile(r"如下|下列|以下")


@rule("wording")
def wording(paper: Paper) -> Iterator[Finding]:
    """A decision decides; 拟作出 belongs to the notice, or to a sentence that reports the notice."""
    for line, match in paper.find(_PROPOSAL, "拟"):
        sentence, after = _sentence_around(line.text, match)
        if _TOLD.search(sentence) or (_WEIGHED.search(sentence) and not _DECIDES.search(after)):
            continue
        yield Finding(
            "C14",
            "否决",
            f"决定文书中出现“{match[0]}”，这是告知书的用语",
            text=match[0],
            place=at(line, match),
            suggestion=match[0].replace("拟", "决定", 1),
            basis=paper.proven(_BASIS),
        )


def _sentence_around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The sentence of a match, and what of it stands after the match."""
    start = max(text.rfind(mark, 0, match.start()) for mark in "。；") + 1
    ends = [end for mark in "。；" if (end := text.find(mark, match.end())) >= 0]
    end = min(ends, default=len(text))
    return text[start:end], text[match.end() : end]
