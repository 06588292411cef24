"""C9: a penalty that rests on the item for everything else (其他…, 法律、法规规定的其他情形)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding

_LEAD = re.compile(r"(?:违反|依据|依照|根据|按照)[^。；]*$")
_REACH = 300  # characters before a citation in which its lead is looked for
_REST = re.compile(r"^(?:[（(][一二三四五六七八九十]+[）)])?\s*(?:其他|其它|[^，。；]{0,20}规定的其他)")


@rule("catchall", always=True)
def catchall(paper: Paper) -> Iterator[Finding]:
    """Only where the wording of the item is loaded; the officer says why no other item fits."""
    for line in paper.lines:
        if "项" not in line.text or "条" not in line.text:
            continue
        for citation in paper.citations(line):
            if citation.item is None or citation.quoted:
                continue
            item = _item(paper.clause(citation))
            before = line.text[max(0, citation.start - _REACH) : citation.start]
            if not _REST.match(item) or not _LEAD.search(before):
                continue
            yield Finding(
                "C9",
                "提示",
                f"引用的是兜底条款（“{item[:24]}”），前面各项都不适用时才能引用，并应当说明理由",
                text=citation.text,
                place=replace(line.place, start=citation.start, end=citation.end),
                suggestion="核对前面各项；确需引用的，同时写明所指的其他规定",
            )


def _item(clause: str) -> str:
    """The item is the last line of its clause."""
    return clause.rpartition("\n")[2].strip()
