"""C9 and C12 over loaded wording and over benchmarks: one row a fault, one row what is none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import generator.consistency
import generator.rules
from generator.audit import Known, prove
from generator.catalogue import document_type, document_types
from generator.docx_text import text_lines
from generator.paper import Paper
from generator.rules import rules_for
from kb.citation import Days
from kb.importing.records import load_laws, load_records
from kb.laws import Article, Item, LawVersion, Paragraph
from kb.snapshot import Snapshot

DAY = date(2026, 11, 2)
LAW = "《示例县摊贩管理条例》"


def article(number: int, *paragraphs: Paragraph) -> Article:
    return Article(number, paragraphs=paragraphs, has_text=True)


ITEMS = (
    Item(1, "（一）占用道路的；"),
    Item(2, "（二）不保持整洁的；"),
    Item(3, "（三）法律、法规规定的其他情形。"),
)
TEXTS = [
    article(8, Paragraph("摊贩不得有下列行为：", (*ITEMS[:2], Item(3, "（三）其他扰乱秩序的行为。")))),
    article(30, Paragraph("违反本条例规定，有下列情形之一的，处二百元以上一千元以下罚款：", ITEMS)),
    article(31, Paragraph("违反本条例第九条规定的，给予警告，没收违法所得；货值金额不足一万元的，并处一千元"
                          "以上五千元以下罚款；货值金额一万元以上的，并处货值金额一倍以上三倍以下罚款。")),
    article(32, Paragraph("违反本条例规定的，按照每平方米五十元以上一百元以下处以罚款。")),
    article(33, Paragraph("有前条情形的，依照有关法律的规定处罚。")),
    article(34, Paragraph("经责令拒不改正的，没收违法所得和用于经营的工具，可以并处五千元以下罚款；"
                          "情节严重的，吊销许可证。")),
    article(35, Paragraph("有下列行为之一的，责令改正，处以罚款：", ITEMS[:2]),
            Paragraph("有前款第一项行为的，处一千元以上二千元以下罚款；有前款第二项行为的，处五千元以上一万元以下罚款。")),
]  # fmt: skip
WRITTEN = Snapshot.of(laws=[(LawVersion("示例县摊贩管理条例", date(2020, 1, 1), level="地方性法规"), TEXTS)])


@pytest.fixture(scope="module")
def shipped(root: Path) -> Snapshot:
    content = root / "kb" / "content"
    laws = load_laws(content / "laws")
    return Snapshot.of(load_records(content), laws.versions, laws.repeals)


def codes(text: str, base: Snapshot, type: str | None = None) -> list[tuple[str, str]]:
    kind = document_type(type) if type else None
    paper = Paper(text_lines(text), kind, base, Days(DAY, DAY))
    return [(f.code, f.text) for rule in rules_for(kind) for f in rule(paper)]


FAULTS = [
    ("第三十条第（一）项的规定，决定罚款壹仟伍佰元整（¥1,500.00）。", "C12", "壹仟伍佰元整（¥1,500.00）"),
    ("第三十条第（一）项的规定，决定处以100元罚款。", "C12", "100元"),
    ("第三十条第（一）项之规定，决定对当事人作出如下处罚：罚款二千元。", "C12", "二千元"),
    ("第三十条第（一）项的规定，决定给予下列行政处罚：\n1.警告；\n2.罚款500元。", "C12", "警告"),
    ("第三十条第（一）项的规定，决定罚款500元，并吊销许可证。", "C12", "吊销"),
    ("第三十条第（一）项的规定，拟对你处以罚款1,500元。", "C12", "1,500元"),
    ("第三十条第（三）项的规定，决定罚款500元。", "C9", f"{LAW}第三十条第（三）项"),
    ("第三十一条的规定，货值金额为3,000元，决定罚款6000元。", "C12", "6000元"),
    ("第三十一条的规定，决定罚款500元。\n货值金额共计3,000元。", "C12", "500元"),
    ("第三十一条的规定，决定罚款5000元。\n货值金额合计20,000元。", "C12", "5000元"),
    ("第三十四条的规定，决定没收经营工具，罚款6000元。", "C12", "6000元"),
    ("第三十四条的规定，决定责令停产停业。", "C12", "责令停产停业"),
    ("第三十五条第一款第（一）项的规定，决定罚款1500元。", "C12", "1500元"),  # the amount is in 第二款
    ("第三十五条第一款第（一）项、第二款的规定，决定罚款6000元。", "C12", "6000元"),  # that of item 2
]  # fmt: skip


@pytest.mark.parametrize(("rest", "code", "said"), FAULTS)
def test_a_fault_is_found_where_it_stands(rest: str, code: str, said: str) -> None:
    assert codes(f"当事人违反了{LAW}第八条第（一）项的规定。依据{LAW}{rest}", WRITTEN) == [(code, said)]


@pytest.mark.parametrize(
    "rest",
    [
        "第三十条第（一）项的规定，决定罚款人民币伍佰元整（¥500.00）。",
        "第三十条第（一）项的规定，决定处以罚款200元。",
        "第三十条第（二）项的规定，决定处以1000元的罚款。",
        "第三十条第（一）项的规定，本机关依法减轻处罚，决定罚款100元。",
        "第三十条第（一）项的规定，给予行政处罚。当事人曾于2025年被罚款5000元。",
        "第三十条第（一）项的规定，法定罚款幅度为200元以上1000元以下。",
        "第三十一条的规定，决定给予警告，没收违法所得300元，罚款5000元。\n货值金额合计3,000元。",
        "第三十一条的规定，决定罚款50000元。\n货值金额合计20,000元。",
        "第三十一条的规定，决定罚款9000元。",  # the goods are not valued: nothing is said
        "第三十二条的规定，决定罚款9000元。",  # by the square metre
        "第三十三条的规定，决定吊销许可证。",  # another law decides
        "第三十五条第一款第（一）项、第二款的规定，决定罚款1500元。",
        "第三十五条第一款第（二）项、第二款的规定，决定罚款6000元。",
        "第三十四条的规定，决定没收违法所得300元和经营工具，罚款5000元，吊销许可证。",
        "第三十条“处二百元以上一千元以下罚款；”的规定，决定罚款500元。",
        "第三十条第（一）项、第三十四条的规定，决定罚款5000元。",
        "第三十条第（一）项的规定，决定给予下列行政处罚：\n1.罚款500元。\n二、履行方式\n逾期不缴纳的，每日加处罚款15元。",
        "第三十五条的规定，决定罚款90000元。",  # no such article: C17, not C12
    ],
)
def test_what_the_clause_allows_is_no_fault(rest: str) -> None:
    assert codes(f"当事人违反了{LAW}第八条第（一）项的规定。依据{LAW}{rest}", WRITTEN) == []


def test_the_catch_all_of_a_violation_too() -> None:
    text = f"当事人违反了{LAW}第八条第（三）项的规定。"
    assert codes(text, WRITTEN) == [("C9", f"{LAW}第八条第（三）项")]


FOOD = "依据《中华人民共和国食品安全法》第一百二十二条第一款的规定，决定罚款"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"货值金额合计3,000元。{FOOD}50,000元。", []),
        (f"货值金额合计3,000元。{FOOD}20,000元。", [("C12", "20,000元")]),
        (f"货值金额合计3,000元。{FOOD}贰拾万元整（¥200,000.00）。", [("C12", "贰拾万元整（¥200,000.00）")]),
        (f"货值金额合计12,000元。{FOOD}130,000元。", []),
        (f"货值金额合计12,000元。{FOOD}100,000元。", [("C12", "100,000元")]),
        (f"{FOOD}20,000元。", []),  # without the value it can't be said
        ("依据《中华人民共和国广告法》第六十条的规定，决定罚款1元。", []),  # no benchmark rests on it
    ],
)  # fmt: skip
def test_a_benchmark_stands_in_for_a_text_that_is_not_loaded(
    shipped: Snapshot, text: str, expected: list[tuple[str, str]]
) -> None:
    assert codes(text, shipped) == expected


def test_the_provisions_given_as_reasons_are_proven(shipped: Snapshot) -> None:
    """Every basis that a rule or an element names exists in final form in the shipped laws."""
    folder = Path(generator.rules.__file__).parent
    sources = [*folder.glob("*.py"), Path(generator.consistency.__file__)]
    said = "".join(p.read_text(encoding="utf-8") for p in sources)
    named = set(re.findall(r'"(《[^》"]+》第[^"]+)"', said))
    named |= {e.basis for kind in document_types() for e in kind.elements if e.basis}
    assert len(named) > 12
    lines = text_lines("\n".join(sorted(named)))
    proof = prove(Paper(lines, None, shipped, Days(DAY, DAY)), Known(DAY, DAY))
    assert proof.citations >= len(named)
    assert [(f.code, f.text, f.message) for f in proof.findings if f.severity != "提示"] == []
