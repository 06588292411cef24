"""What two other ways to find Chinese citations see in a text, for the table of `bench.citations`.

`adhoc` is the pattern that people write first. `ChinaLawMcp` does what the MIT-licensed MCP server
thu-lawyer/china-law-mcp does (its `check_citations_in_text`, `cn2num` and `resolve_law`, read at commit
5ddff4ea64e11d8aff084a95964407a01eca081e): written again from its behaviour, with the titles we have loaded
for its own, and without leaving out a citation that comes twice. Where it takes any law whose short title the
written one contains, the first in our order wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.errors import BadValue
from kb.laws import COUNTRY
from kb.numerals import to_int

# title as written, title it means or None, (article, paragraph, item)
Seen = tuple[str, str | None, tuple[int | None, int | None, int | None]]

_ADHOC = re.compile(r"《([^》]+)》第(.+?)条(?:第(.+?)款)?(?:第[（(]?(.+?)[）)]?项)?")
_MCP = re.compile(r"《([^》]{2,30})》\s*第\s*([一二三四五六七八九十百千零〇0-9]+)\s*条")
_MCP_SHORT = {
    "民诉法": "民事诉讼法",
    "刑诉法": "刑事诉讼法",
    "行诉法": "行政诉讼法",
    "消保法": "消费者权益保护法",
    "个保法": "个人信息保护法",
    "道交法": "道路交通安全法",
    "破产法": "企业破产法",
    "网安法": "网络安全法",
}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def adhoc(text: str) -> list[Seen]:
    """《…》第…条第…款第…项 and nothing else; a number it cannot read is no citation."""
    out: list[Seen] = []
    for title, *numbers in _ADHOC.findall(text):
        try:
            article, paragraph, item = (to_int(n) if n else None for n in numbers)
        except BadValue:
            continue
        out.append((title, None, (article, paragraph, item)))
    return out


class ChinaLawMcp:
    """The law and the article; no 之一, no 款, 项 or 目, no lists."""

    def __init__(self, titles: Iterable[str]) -> None:
        self.titles = dict.fromkeys(titles)
        self.short = {t.removeprefix(COUNTRY): t for t in self.titles if t.startswith(COUNTRY)}
        self.short |= {s: COUNTRY + t for s, t in _MCP_SHORT.items() if COUNTRY + t in self.titles}

    def __call__(self, text: str) -> list[Seen]:
        return [(t, self.law(t), (self.number(n), None, None)) for t, n in _MCP.findall(text)]

    def law(self, name: str) -> str | None:
        if name in self.short or name in self.titles:
            return self.short.get(name, name)
        return next((t for t in self.titles if t.removeprefix(COUNTRY) in name), None)

    @staticmethod
    def number(text: str) -> int:
        """Units add up; digits without units do not: 一二二 is 2."""
        if text.isdigit():
            return int(text)
        total = digit = 0
        for c in text:
            if c in _UNITS:
                total, digit = total + max(digit, 1) * _UNITS[c], 0
            else:
                digit = _DIGITS.get(c, 0)
        return total + digit
