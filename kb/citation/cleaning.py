"""The clean text that patterns run over, and the way back to the source.

White space and invisible characters are gone, except one line break where a paragraph ends or a statute's own
article begins (a citation that an empty line splits after 》 goes on). `Clean` leads every offset back to the
source.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kb.citation import grammar as g


@dataclass(frozen=True, slots=True)
class Clean:
    """A text without white space, and the way back: `source(i)` is where clean character ``i`` stood."""

    text: str
    starts: list[int]
    shifts: list[int]
    has_headings: bool = False

    def source(self, index: int) -> int:
        return index + self.shifts[bisect_right(self.starts, index) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.source(start), self.source(end - 1) + 1


def clean(text: str) -> Clean:
    """Drop white space; keep one line break where a paragraph or a statute's own article begins."""
    parts: list[str] = []
    starts, shifts = [0], [0]
    heading = g.HEADING.match(text)
    length, pos, headings = 0, 0, heading is not None
    for m in g.SPACE.finditer(text):
        run, end = m[0], m.end()
        keep = heading is not None and heading.end() == end  # the text of 第五条 begins here
        if "\n" in run or "\u2029" in run:
            heading = g.HEADING.match(text, end)
            headings = headings or heading is not None
            keep = heading is not None or run.count("\n") > 1 or "\u2029" in run
            if keep and heading is None and text[m.start() - 1 : m.start()] == "》":
                keep = g.GOES_ON_BELOW.match(text, end) is None
        parts.append(text[pos : m.start()])
        length += m.start() - pos
        if keep:
            parts.append("\n")
            starts.append(length)
            shifts.append(end - 1 - length)
            length += 1
        starts.append(length)
        shifts.append(end - length)
        pos = end
    parts.append(text[pos:])
    return Clean("".join(parts), starts, shifts, headings)
