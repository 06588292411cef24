"""How an instrument counts 以上 and 以下: both with the number itself, unless it says otherwise.

民法典第一千二百五十九条 and 刑法第九十九条 count the number in for both; 生产安全事故报告和调查处理条例第三条
and others leave it out of 以下, for one article or one chapter only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Scope = Literal["全文", "本章", "本条"]


@dataclass(frozen=True, slots=True)
class Counting:
    """What an instrument says of 以下, and how far it holds."""

    below_in: bool
    scope: Scope


@cache
def _said() -> re.Pattern[str]:
    return re.compile(
        r"(?:(?P<scope>本条(?!例)|本章|本节|本表)[^。；，\n]{0,12}?)?所称的?"
        r"[“”\"'、和及]*以[上下][^。；\n]{0,60}?本数[^。；\n]{0,30}"
    )


def read_counting(text: str) -> Counting | None:
    """What an article says of 以下 (所称的“以上”包括本数，“以下”不包括本数); None where it says nothing."""
    m = _said().search(text)
    if not m or "以下" not in m[0]:
        return None
    out = re.search(r"以下[”\"']?[，、]?(?:均|都|皆)?不(?:包括|包含|含)本数", m[0])
    scope: Scope = "本条" if m["scope"] == "本条" else "本章" if m["scope"] else "全文"
    return Counting(not out, scope)
