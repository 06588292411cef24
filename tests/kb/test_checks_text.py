"""The rules that read the statute's own text: one faulty record a rule, beside a sound one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.checks import run
from kb.checks.provisions import Unit, Words
from kb.checks.wording import _one_off
from kb.laws import Article, Item, LawVersion, Paragraph
from kb.records import Benchmark
from kb.snapshot import Snapshot

ACT = "中华人民共和国乙法"
TEXTS: dict[int, list[str | list[str]]] = {
    12: ["任何人不得在河边烧火。", "任何人不得在河边摆放船只。"],
    13: ["养鸟的应当办理许可证。"],
    31: [
        [
            "违反本法第十二条规定，有下列行为之一的，责令停业1个月至3个月：",
            "（一）在河边烧火；",
            "（二）在河边摆放船只。",
        ],
        "有前款第一项行为的，处五万元以下的罚款，可以对其直接负责的主管人员处一万元以下的罚款；"
        "违法所得超过二万元的，处违法所得二倍以上五倍以下的罚款；有前款第二项行为的，处七万元以下的罚款。",
    ],
    32: [
        "在河边摆放船只，情节严重的，吊销船只登记证，处五千元以下的罚款。",
        "在河边烧火，冒出浓烟的，处三千元以下的罚款。",  # nearer to the act than 第三十一条第二款
    ],
}  # fmt: skip


def article(number: int, paragraphs: list[str | list[str]]) -> Article:
    made = []
    for lines in paragraphs:
        text, *items = [lines] if isinstance(lines, str) else lines
        made.append(Paragraph(text, tuple(Item(n, t) for n, t in enumerate(items, 1))))
    return Article(number, paragraphs=tuple(made), has_text=True)


ARTICLES = [article(n, p) for n, p in TEXTS.items()]
LAW = (
    LawVersion(ACT, date(2020, 1, 1), from_basis="原文", adopted=date(2019, 12, 1), has_text=True),
    ARTICLES,
)
FIRST = f"《{ACT}》第三十一条第一款第（一）项"
SECOND = f"《{ACT}》第三十一条第二款"
PERSON = "直接负责的主管人员"
BRANCHES = [
    {"when": "违法所得二万元以下", "fine": "五万元以下"},
    {"when": "违法所得超过二万元", "fine": "违法所得二倍以上五倍以下"},
    {"subject": PERSON, "fine": "可以处一万元以下"},
]
SOUND: dict[str, Any] = {
    "id": "city/example",
    "violation": "在河边烧火",
    "from": "2020-01-01",
    "violated": f"《{ACT}》第十二条第一款",
    "penalty_basis": [FIRST, SECOND],
    "facts": {"gains": {"label": "违法所得", "type": "money"}},
    "statutory": BRANCHES,
    "measures": [{"kind": "责令停业1个月至3个月", "basis": FIRST}],
    "not_when": [
        {"if": "在河边摆放船只", "then": "另有处罚", "basis": f"《{ACT}》第三十一条第一款第（二）项"}
    ],
    "source": {"instrument": "法律条文"},
}


def found(changed: dict[str, Any]) -> set[tuple[str, str]]:
    record = Benchmark.model_validate({**SOUND, **changed})
    return {(f.code, f.place) for f in run(Snapshot.of([record], [LAW])).findings}


def test_a_sound_record_has_no_findings() -> None:
    assert found({}) == set()


def branches(n: int, **changed: Any) -> dict[str, Any]:
    rows = [dict(b) for b in BRANCHES]
    rows[n - 1] |= changed
    return {"statutory": [{k: v for k, v in row.items() if v is not None} for row in rows]}


FAULTS: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("amount of another 项", branches(1, fine="七万元以下"), ("K14", "statutory")),
    ("amount of nobody", branches(1, fine="六万元以下"), ("K5", "statutory 第1条 fine")),
    ("amount of another person", branches(1, fine="可以处一万元以下"), ("K13", "statutory 第1条 subject")),
    ("should for may", branches(3, fine="一万元以下"), ("K13", "statutory 第3条 fine")),
    ("a branch left out", {"statutory": BRANCHES[:2]}, ("K14", "statutory")),
    ("threshold", branches(2, when="违法所得超过三万元"), ("K15", "statutory 第2条 when")),
    (
        "figure of a measure",
        {"measures": [{"kind": "责令停业1个月至6个月", "basis": FIRST}]},
        ("K15", "measures 第1条"),
    ),
    (
        "measure of another provision",
        {"measures": [{"kind": "吊销船只登记证", "basis": FIRST}]},
        ("K16", "measures 第1条"),
    ),
    (
        "measure that the penalty provision has",
        {"measures": [{"kind": "责令停业1个月至3个月", "basis": f"《{ACT}》第三十一条第一款第（二）项"}]},
        ("K16", "measures 第1条"),
    ),
    ("penalty for another article", {"violated": f"《{ACT}》第十三条"}, ("K17", "violated")),
    ("no penalty", {"penalty_basis": [FIRST, f"《{ACT}》第十三条"]}, ("K17", "penalty_basis")),
    ("款 one off", {"violated": f"《{ACT}》第十二条第二款"}, ("K18", "violated")),
    (
        "项 one off",
        {"penalty_basis": [f"《{ACT}》第三十一条第一款第（二）项", SECOND]},
        ("K18", "penalty_basis"),
    ),
    (
        "项 one off in what governs elsewhere",
        {"not_when": [{"if": "在河边摆放船只", "then": "另有处罚", "basis": FIRST}]},
        ("K18", "not_when 第1条"),
    ),
    ("not read to the end", {"violated": f"《{ACT}》第十万条"}, ("K19", "violated")),
    ("a law without its article", {"violated": f"《{ACT}》"}, ("K19", "violated")),
    ("twice the same", {"penalty_basis": [FIRST, SECOND, SECOND]}, ("K19", "penalty_basis")),
]


@pytest.mark.parametrize(("fault", "expected"), [r[1:] for r in FAULTS], ids=[r[0] for r in FAULTS])
def test_a_fault_is_found_where_it_stands(fault: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in found(fault)


def test_what_another_act_has_may_stand_in_not_when() -> None:
    other = {
        "if": "在河边摆放船只",
        "then": "处七万元以下罚款",
        "basis": f"《{ACT}》第三十一条第一款第（二）项",
    }
    whole = {"penalty_basis": [f"《{ACT}》第三十一条第一款", SECOND]}
    assert ("K14", "statutory") in found(whole)
    assert ("K14", "statutory") not in found({**whole, "not_when": [other]})


def test_a_measure_of_a_branch_may_rest_on_the_basis_of_the_branch() -> None:
    other = f"《{ACT}》第三十一条第一款第（二）项"
    measure = [{"kind": "责令停业1个月至3个月", "basis": other}]
    place = ("K16", "statutory 第1条 measures 第1条")
    assert place in found(branches(1, measures=measure))
    assert place not in found(branches(1, measures=measure, basis=[other, SECOND]))


def test_words_find_the_provision_and_what_it_names() -> None:
    share = Words({a.key: a for a in ARTICLES}).shares("在河边烧火")
    by_share = sorted(((share(u), u) for u in (Unit("12", 1), Unit("12", 2), Unit("13", 1))), reverse=True)
    assert by_share[0] == (1.0, Unit("12", 1))
    assert 0 < share(Unit("31", 2)) < 1  # its own words say nothing of it, 前款 does
    assert Words({}).shares("在河边烧火")(Unit("1", 1)) == 0.0


def test_one_off() -> None:
    assert set(_one_off(12)) == {11, 13, 14, 15, 16, 17, 18, 19}
    assert {1, 2, 10} <= set(_one_off(3))
    assert 135 in _one_off(131)


def test_an_article_cited_as_a_whole_is_asked_for_its_paragraph_and_no_more() -> None:
    codes = {
        code for code, place in found({"penalty_basis": [f"《{ACT}》第三十一条"]}) if place == "penalty_basis"
    }
    assert codes == {"C2"}
