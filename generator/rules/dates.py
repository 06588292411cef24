"""C16: a day that doesn't exist, or a paper dated before something it reports."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from generator.days import DAY, read_day
from generator.docx_text import Line
from generator.paper import Paper
from generator.rules import at, rule
from kb.findings import Finding

_SHORT = re.compile(r"(?<![\d年.．、\s])(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
_LEAP = 2024  # a day that has no year exists if it does in a leap year
_HAPPENED = re.compile(
    r"立案|检查|送达|举行听证|集体讨论|法制审核|投诉|举报|询问|查封|扣押|抽样|鉴定|制作|登记|查询|经营|摆|查获"
)
_NARRATED = re.compile(r"经查|查明|违法事实")
_AHEAD = re.compile(r"\s*(?:（[^）]*）)?(?:前|之前|以前|起|届满|止|以内|期限)")
_UNTIL = re.compile(
    r"(?:至|到|截止|期限|有效期|定于|将于|拟于|应当于|应于|请于|须于|限于|限|并于)[^，。；]{0,6}$"
)
_BASIS = {"on_the_spot_decision": "《中华人民共和国行政处罚法》第五十二条第二款"}
_DECISION = "《中华人民共和国行政处罚法》第五十九条第一款第（六）项"


@rule("dates")
def dates(paper: Paper) -> Iterator[Finding]:
    """The date at the foot is the paper's own; days of what it reports can't lie after it."""
    found = [(line, match, read_day(match)) for line, match in paper.find(DAY, "日")]
    for line, match, day in found:
        if day is None:
            yield Finding("C16", "否决", f"没有“{match[0]}”这一天", match[0], at(line, match), "核对年月日")
    for line, match in paper.find(_SHORT, "日"):
        if not _exists(int(match["m"]), int(match["d"])):
            text = match[0].strip()
            yield Finding("C16", "否决", f"没有“{text}”这一天", match[0], at(line, match), "核对月日")
    own = paper.own_day
    signed = read_day(own[1]) if own else None
    if own is None or signed is None:
        return
    for line, match, day in found:
        if day and day > signed and _reported(line, match):
            yield _too_soon(paper, signed, line, match)


def _exists(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP, month)[1]


def _too_soon(paper: Paper, signed: date, line: Line, match: re.Match[str]) -> Finding:
    return Finding(
        "C16",
        "否决",
        f"落款日期{signed}早于文中已发生的{match[0]}",
        text=match[0],
        place=at(line, match),
        suggestion="核对落款日期和该日期",
        basis=paper.proven(_BASIS.get(paper.type, _DECISION)),
    )


def _reported(line: Line, match: re.Match[str]) -> bool:
    """Whether the sentence tells what was done that day, not what is due by then."""
    before, after = line.text[: match.start()], line.text[match.end() : match.end() + 30]
    if _AHEAD.match(after) or _UNTIL.search(before):
        return False
    return bool(_HAPPENED.search(after) or _NARRATED.search(before))
