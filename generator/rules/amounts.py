"""C12: an amount whose capitals and figures differ, or a notified amount that is only a range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.rules import Paper, at, rule
from kb.findings import Finding
from kb.numerals import capital

_CAPITALS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"
_PAIR = re.compile(
    rf"(?P<words>[{_CAPITALS}]{{2,}})\s*[（(]\s*[¥￥]?\s*(?P<figures>[\d,]+(?:\.\d{{1,2}})?)\s*元?\s*[）)]"
)
_RANGE = re.compile(
    r"拟[^。；]{0,40}罚款[^。；]{0,20}(?:以上[^。；]{0,16}以下|[\d万千]+元?\s*[-–—~～至]\s*[\d万千]+元)"
)
_TOLD = "《中华人民共和国行政处罚法》第四十四条"


@rule("amounts")
def amounts(paper: Paper) -> Iterator[Finding]:
    for line, match in paper.find(_PAIR):
        amount = Decimal(match["figures"].replace(",", ""))
        words = match["words"].replace("圆", "元").replace("正", "整")
        if words.rstrip("整") != capital(amount).rstrip("整"):
            yield Finding(
                "C12",
                "否决",
                f"大写“{match['words']}”与小写“{match['figures']}”不一致",
                text=match[0],
                place=at(line, match),
                suggestion=f"{capital(amount)}（¥{amount:,.2f}）",
            )
    if paper.kind.type == "prior_notice":
        for line, match in paper.find(_RANGE):
            yield Finding(
                "C12",
                "否决",
                "告知的罚款只是幅度，不是具体数额",
                text=match[0],
                place=at(line, match),
                suggestion="写明拟处罚款的具体数额",
                basis=_TOLD,
            )
