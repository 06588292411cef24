"""C16: a decision before the party's time to ask for a hearing has run out (行政处罚法 62, 64(一))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from generator.days import DAY, read_day, words
from generator.paper import Paper
from generator.rules import at, rule
from kb.errors import NotLoaded
from kb.findings import Finding

# 于2026年10月10日向当事人送达《行政处罚告知书》…，告知…要求听证
_SERVED = re.compile(
    rf"(?P<served>{DAY.pattern})[^。]{{0,20}}送达[^。]{{0,40}}告知书[^。]*听证"
)  # one sentence
_OPEN = re.compile(r"未(?:在[^，。]{0,12}内?)?(?:提出|要求|申请)(?:举行)?听证")
# 举行了听证 closes the time; 未要求举行听证 does not
_CLOSED = re.compile(
    r"放弃[^。]{0,10}听证|(?<!要求)(?<!申请)(?<!提出)(?:举行|召开|组织)[了过]?[^，。；]{0,8}听证|听证(?:笔录|报告)"
)


@rule("periods")
def periods(paper: Paper) -> Iterator[Finding]:
    """Working days are at least as long as calendar days: a decision within these is too early for sure."""
    own = paper.own_day
    signed = read_day(own[1]) if own else None
    told = next(paper.find(_SERVED, "送达"), None)
    if own is None or signed is None or told is None:
        return
    served = read_day(told[1])
    if served is None or not paper.has(_OPEN, "听证") or paper.has(_CLOSED, "听证"):
        return
    try:
        wait = paper.base.setting("hearing/request-days", signed)
    except NotLoaded:
        return
    last = served + timedelta(days=int(wait.value))
    if served <= signed <= last:
        line, match = own
        yield Finding(
            "C16",
            "否决",
            f"告知书{served}送达，决定日期{signed}在要求听证的{wait.value}个工作日期限之内",
            text=match[0].strip(),
            place=at(line, match),
            suggestion=f"期限届满以后（晚于{words(last)}）再作决定，或者写明当事人放弃听证",
            basis=paper.proven("《中华人民共和国行政处罚法》第六十四条第（一）项"),
        )
