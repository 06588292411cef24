"""C16: the day a paper bears lies before something it reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from generator.docx_text import Line
from generator.rules import Paper, at, rule
from kb.errors import BadValue
from kb.findings import Finding
from kb.numerals import to_int

_DAY = re.compile(
    r"(?P<y>\d{4}|[〇○零一二三四五六七八九]{4})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_ALONE = re.compile(rf"^\s*{_DAY.pattern}\s*$")
_PAST = re.compile(r"立案|检查|送达|举行听证|集体讨论|法制审核|投诉|举报|询问|查封|扣押|抽样|鉴定")
_FUTURE = re.compile(r"前|之前|以前|届满|起施行|期限")


@rule("dates")
def dates(paper: Paper) -> Iterator[Finding]:
    """The date alone on its line is the paper's own; days of steps it reports can't lie after it."""
    own = [(line, m) for line in paper.lines if (m := _ALONE.match(line.text))]
    bad = [(line, m) for line, m in paper.find(_DAY) if _read(m) is None]
    for line, match in bad:
        yield Finding("C16", "否决", f"没有“{match[0]}”这一天", match[0], at(line, match), "核对年月日")
    if not own:
        return
    signed = _read(own[-1][1])
    if signed is None:
        return
    for line, match in paper.find(_DAY):
        day = _read(match)
        if day and day > signed and _reported(line, match):
            yield Finding(
                "C16",
                "否决",
                f"落款日期{own[-1][1][0].strip()}早于文中已发生的{match[0]}",
                text=match[0],
                place=at(line, match),
                suggestion="核对落款日期和该日期",
            )


def _reported(line: Line, match: re.Match[str]) -> bool:
    around = line.text[match.end() : match.end() + 30]
    return bool(_PAST.search(around)) and not _FUTURE.match(around)


def _read(match: re.Match[str]) -> date | None:
    year = (
        match["y"]
        if match["y"].isdigit()
        else "".join(
            str("〇一二三四五六七八九".index(c)) if c in "〇一二三四五六七八九" else "0" for c in match["y"]
        )
    )
    try:
        return date(int(year), to_int(match["m"]), to_int(match["d"]))
    except (ValueError, BadValue):
        return None
