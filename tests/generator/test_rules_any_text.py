"""No text makes a rule raise, and what a rule finds stands where it says."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue import document_types
from generator.docx_text import text_lines
from generator.paper import Paper
from generator.particulars import particulars
from generator.recognise import act_ended, chose_new_law, decided_on, kind_of
from generator.rules import RULES, rules_for
from kb.citation import Days
from kb.snapshot import Snapshot

DAY = date(2026, 11, 2)
PIECES = [
    "依据",
    "依照",
    "违反",
    "违反了",
    "《中华人民共和国食品安全法》",
    "《中华人民共和国行政处罚法》",
    "《",
    "》",
    "第一百二十二条",
    "第一款",
    "第（一）项",
    "的规定",
    "，决定",
    "拟",
    "给予",
    "下列行政处罚：",
    "罚款",
    "人民币",
    "伍万元整",
    "（¥50,000.00）",
    "50,000元",
    "5万元",
    "壹",
    "元",
    "以上",
    "以下",
    "没收",
    "违法所得",
    "警告",
    "吊销许可证",
    "货值金额",
    "3,000元",
    "不足",
    "2026年9月8日",
    "2026年13月40日",
    "二〇二六年十一月二日",
    "日",
    "送达",
    "告知书",
    "听证",
    "未要求听证",
    "放弃",
    "向",
    "人民法院",
    "提起诉讼",
    "复议",
    "申请行政复议",
    "示例县人民政府",
    "当事人：",
    "示综执罚〔2026〕5号",
    "（",
    "）",
    "《行政处罚告知书》",
    "减轻处罚",
    "经查",
    "☑",
    "□",
    "1.",
    "一、",
    "。",
    "；",
    "，",
    "“",
    "”",
    "\n",
    "\u3000",
    "行政处罚决定书",
    "1",
    "0",
    "二十",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80)


@settings(deadline=None)  # the first text pays for the laws
@given(text=TEXTS)
def test_any_text_is_judged(base: Snapshot, text: str) -> None:
    lines = text_lines(text)
    for kind in (None, *document_types()):
        paper = Paper(lines, kind, base, Days(DAY, DAY))
        for rule in rules_for(kind):
            for found in rule(paper):
                if found.place.line is not None and found.code != "E1":
                    said = text.splitlines()[found.place.line - 1][found.place.start : found.place.end]
                    assert said == found.text
        particulars(paper)
    ended = act_ended(lines, DAY)
    assert ended is None or ended <= DAY
    kind_of(lines), decided_on(lines), chose_new_law(lines)


@pytest.mark.parametrize(
    "piece", ["依据", "依据《a》第", "违反《a》第", "壹", "1,", "《", "2026年1月1日", "罚款"]
)
def test_a_long_line_costs_no_more_than_its_length(base: Snapshot, piece: str) -> None:
    """Twelve times the text in well under the square of twelve times the time."""

    def cost(length: int) -> float:
        lines = text_lines((piece * length)[:length] + "日元项听证减轻送达拟")
        started = process_time()
        for kind in document_types():
            for name in ("elements", *kind.judged, "amounts", "penalty", "catchall"):
                list(RULES[name](Paper(lines, kind, base, Days(DAY, DAY))))
        return process_time() - started

    cost(1000)
    assert cost(24_000) < 40 * cost(2000) + 0.5
