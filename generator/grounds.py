"""Grounds that only point to another rule: that rule has to be named.

行政处罚法 60 lets a decision take longer than ninety days where a 法律, 法规 or 规章 says so; it gives no
such leave itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kb.citation import Citation, parse
from kb.laws import LawBook

NO_RULES = ("规范性文件", "司法解释")
"""Levels that are neither 法律 nor 法规 nor 规章."""


def rules_named(citations: Iterable[str], besides: str, book: LawBook, day: date) -> list[str]:
    """Those of some citations that name a provision of a loaded 法律, 法规 or 规章 besides the pointing law.

    Args:
        besides: the provision that only points; no article of its law will do.
        day: the day the text is taken of.
    """
    pointing = {c.resolved for c in parse(besides, book)}

    def named(c: Citation) -> bool:
        if c.resolved is None or c.article is None or c.resolved in pointing:
            return False
        version = book.on(c.resolved, day).version
        return version is not None and version.level not in NO_RULES

    return [text for text in citations if any(map(named, parse(text, book)))]
