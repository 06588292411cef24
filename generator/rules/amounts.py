"""C12: an amount whose capitals and figures differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from generator.amounts import sums
from generator.paper import Paper
from generator.rules import rule
from kb.findings import Finding
from kb.numerals import capital

_PAIR = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟][^（(）)]{0,40}[（(]|[（(][^（(）)]{0,12}[壹贰叁肆伍陆柒捌玖]")


@rule("amounts", always=True)
def amounts(paper: Paper) -> Iterator[Finding]:
    for line in dict.fromkeys(line for line, _ in paper.find(_PAIR, "元")):
        for found in sums(line.text):
            if found.figures in (None, found.amount):
                continue
            assert found.figures is not None
            yield Finding(
                "C12",
                "否决",
                f"同一数额大写为{found.amount:,.2f}元、小写为{found.figures:,.2f}元，两者不一致",
                text=found.text,
                place=replace(line.place, start=found.start, end=found.end),
                suggestion=f"{_both(found.amount)}或者{_both(found.figures)}",
            )


def _both(amount: Decimal) -> str:
    return f"{capital(amount)}（¥{amount:,.2f}）"
