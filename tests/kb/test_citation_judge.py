"""What is wrong with a citation on a day: a table of (text, codes with severity)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.citation import Context, Days, canonical, judge, judge_text, parse
from kb.findings import Place
from kb.laws import HistoryLine, Item, LawBook, LawVersion, Paragraph, Repeal, parse_structure
from kb.snapshot import Snapshot

FOOD = "中华人民共和国食品安全法"
PENALTY = "中华人民共和国行政处罚法"
WATER = "中华人民共和国水污染防治法"
CODE = "中华人民共和国生态环境法典"
SEED = "中华人民共和国种子法"
ROADS = "城市道路管理条例"
YOUNG = "示例县市容条例"
PARTIAL = "示例市户外招牌管理条例"
DAY = date(2026, 11, 1)


def law(title: str, from_: date, structure: str, **more: object) -> tuple[LawVersion, list]:  # type: ignore[type-arg]
    basis = str(more.pop("basis", "原文"))
    return LawVersion(title, from_, basis, **more), list(parse_structure(structure))  # type: ignore[arg-type]


def by_hand(structure: str) -> list:  # type: ignore[type-arg]
    """Articles that one person entered and another attested."""
    return [replace(a, note="人工核对：李四，2026-11-20，示例汇编第3页") for a in parse_structure(structure)]


def with_words(text: str) -> list:  # type: ignore[type-arg]
    """Article 1 with two items under the given introduction."""
    (article,) = parse_structure("1:2")
    items = (Item(1, "（一）甲；"), Item(2, "（二）乙。"))
    return [type(article)(1, 0, (Paragraph(text, items),), has_text=True)]


AMENDED = (HistoryLine(date(2015, 5, 1), "修订", ""), HistoryLine(date(2021, 12, 1), "修订", ""))
LAWS = [
    law(FOOD, date(2015, 10, 1), "35:0,0 122:0,0 124:9,0 148:0", aliases=("食安法",)),
    law(PENALTY, date(2021, 7, 15), "32:5 33:0,0,0 37:0 38:0,0 59:6,0 63:6,0 67:0,0,0", aliases=("处罚法",)),
    law(PENALTY, date(1996, 10, 1), "32:0 64:0", to=date(2021, 7, 15)),
    law(WATER, date(2018, 1, 1), "83:4"),
    law(CODE, date(2026, 8, 15), "107:0 1102:0 1175:4,0"),
    law(SEED, date(2022, 3, 1), "33:0,0,0 76:3,0 77:3+,0 79:5[2=2]"),
    law("中华人民共和国立法法", date(2023, 3, 15), "65:0,0,0,0"),
    law(ROADS, date(1996, 10, 1), "27:7 42:6"),
    law(YOUNG, date(2026, 6, 1), "1:0 2:0,0", basis="推定", adopted=date(2026, 6, 1)),
    (LawVersion("示例条件办法", date(2020, 1, 1), "原文"), with_words("申请人应当具备下列条件：")),
    (
        LawVersion("示例或者办法", date(2020, 1, 1), "原文"),
        with_words("违反第二条规定，或者有下列行为之一的："),
    ),
    (LawVersion("示例处罚办法", date(2020, 1, 1), "原文"), with_words("有下列行为之一的，处一千元罚款：")),
    (LawVersion("示例禁止办法", date(2020, 1, 1), "原文"), with_words("城市道路范围内禁止下列行为：")),
    (LawVersion("示例不得办法", date(2020, 1, 1), "原文"), with_words("广告不得有下列情形：")),
    (
        LawVersion(PARTIAL, date(2020, 1, 1), "原文", attested_by="李四"),
        by_hand("12:3,0 20:0"),
    ),
    (LawVersion("示例无条文办法", date(2020, 1, 1), "原文"), []),
    law("示例旧办法", date(2010, 1, 1), "1:0", adopted=date(2009, 12, 1)),
    law("示例旧办法", date(2022, 1, 1), "1:0", adopted=date(2021, 12, 1), history=AMENDED),
]
REPEALS = [Repeal(WATER, date(2026, 8, 15), CODE), Repeal("中华人民共和国公司登记条例", date(2022, 3, 1), "")]
BOOK: LawBook = Snapshot.of(laws=LAWS, repeals=REPEALS).laws


ROWS = [
    # in order
    ("《中华人民共和国食品安全法》第一百二十二条第一款", []),
    ("《中华人民共和国食品安全法》第一百四十八条", []),
    ("《中华人民共和国行政处罚法》第三十二条第（一）项", []),
    ("《中华人民共和国种子法》第七十六条第一款第（一）项、第（三）项", []),
    ("《中华人民共和国种子法》第七十六条第一款第（一）项和第二款", []),
    ("《中华人民共和国种子法》第七十九条第（二）项第2目", []),
    ("《城市道路管理条例》第二十七条第（一）项", []),
    # C0: not loaded is not wrong
    ("《中华人民共和国公路法》第七十七条", ["C0 提示"]),
    ("《中华人民共和国食品安全发》第一百二十二条第一款", ["C0 提示"]),
    # C1
    ("《食品安全法》第一百二十二条第一款", ["C1 扣分"]),
    ("《食安法》第一百二十二条第一款", ["C1 扣分"]),
    ("《食品安全法》第67条", ["C1 扣分", "C10 扣分", "C17 否决"]),
    (
        "《中华人民共和国种子法》（以下简称《种子法》）第三十三条第三款，《种子法》第三十三条第一款",
        ["C1 提示"],
    ),
    ("《中华人民共和国种子法》第三十三条第三款，该法第三十三条第一款", ["C1 提示"]),
    ("依据本法第三条", ["C1 扣分"]),
    ("违反《中华人民共和国种子法》第三十三条第三款，依据第七十六条第二款的规定", ["C1 扣分"]),
    # C2
    ("《中华人民共和国食品安全法》第一百二十二条", ["C2 扣分"]),
    ("《中华人民共和国食品安全法》第一百二十四条第（一）项", ["C2 扣分"]),
    ("《中华人民共和国种子法》第七十六条第一款", ["C2 提示"]),
    ("《中华人民共和国种子法》第七十七条第一款", []),
    ("《示例或者办法》第一条", []),
    ("《示例处罚办法》第一条", ["C2 扣分"]),
    ("《示例禁止办法》第一条", ["C2 扣分"]),
    ("《示例不得办法》第一条", ["C2 扣分"]),
    ("《示例条件办法》第一条", []),
    ("《中华人民共和国食品安全法》第一百二十二条至第一百二十四条", ["C17 否决"]),
    ("违反了《中华人民共和国食品安全法》的规定", ["C2 扣分"]),
    # C3
    ("《中华人民共和国食品安全法》第一百四十八条第一款", ["C3 扣分"]),
    ("《中华人民共和国行政处罚法》第三十二条第一款第（一）项", ["C3 扣分"]),
    # C4: repealed
    ("《中华人民共和国水污染防治法》第八十三条第（一）项", ["C4 否决"]),
    ("《中华人民共和国公司登记条例》第五条第一款", ["C4 否决"]),  # known only by its repeal
    # C4: what was entered provision by provision proves what is there, and no absence
    ("《示例市户外招牌管理条例》第十二条第一款第（三）项", []),
    ("《示例市户外招牌管理条例》第十二条第一款第（四）项", ["C17 否决"]),
    ("《示例市户外招牌管理条例》第十三条", ["C4 提示"]),
    ("《示例无条文办法》第十三条", ["C4 提示"]),
    # C1 and C4 of a law that is a basis without an article
    (
        "《城市道路管理条例》第二十七条第（一）项以及《水污染防治法》等有关规定",
        ["C1 扣分", "C4 否决", "C7 扣分"],
    ),
    ("以及水污染防治法等有关规定", ["C1 扣分", "C4 否决", "C7 扣分", "C11 扣分"]),
    ("违反《中华人民共和国水污染防治法》的规定", ["C2 扣分", "C4 否决"]),
    ("根据《中华人民共和国水污染防治法》，作出决定", ["C4 否决"]),
    ("根据《中华人民共和国种子法》，作出决定", []),
    # C5 with C17: the number belongs to another version
    ("《中华人民共和国行政处罚法》第六十四条", ["C17 否决", "C5 扣分"]),
    # C7
    ("依据《中华人民共和国食品安全法》第一百四十八条等有关规定", ["C7 扣分"]),
    ("依据《中华人民共和国食品安全法》第一百四十八条及有关规定", ["C7 扣分"]),
    ("依据《中华人民共和国食品安全法》第一百四十八条及相关法律规定", ["C7 扣分"]),
    ("依据《中华人民共和国食品安全法》第一百四十八条的规定以及其他有关法律、法规的规定", ["C7 扣分"]),
    ("依据《中华人民共和国食品安全法》及其实施条例的有关规定", ["C7 扣分"]),
    ("根据相关法律法规，决定罚款", ["C7 扣分"]),
    ("按照有关规定，决定罚款", ["C7 扣分"]),
    ("未按照有关法律、法规的规定办理登记", []),
    ("应当按照有关规定存放", []),
    # C10
    ("《中华人民共和国食品安全法》第148条", ["C10 扣分"]),
    ("《中华人民共和国种子法》第七十九条第（2）项", ["C10 扣分"]),
    # C11
    ("依据中华人民共和国食品安全法第一百四十八条", ["C11 扣分"]),
    ("依据<中华人民共和国食品安全法>第一百四十八条", ["C11 扣分"]),
    ("依据《中华人民共和国食品安全法第一百四十八条", ["C11 扣分"]),
    ("《中华人民共和国城市道路管理条例》第四十二条第（一）项", ["C11 扣分"]),
    ("依据食品安全法第一百四十八条", ["C1 扣分", "C11 扣分"]),
    # C17
    ("《中华人民共和国食品安全法》第九百条", ["C17 否决"]),
    ("《中华人民共和国食品安全法》第一百二十二条第三款", ["C17 否决"]),
    ("《中华人民共和国食品安全法》第一百四十八条第二款", ["C17 否决"]),
    ("《中华人民共和国食品安全法》第一百四十八条第（一）项", ["C17 否决"]),
    ("《中华人民共和国种子法》第七十六条第一款第（四）项", ["C17 否决"]),
    ("《中华人民共和国种子法》第七十九条第（二）项第3目", ["C17 否决"]),
    # a presumed date is no certainty in the first twelve months
    ("《示例县市容条例》第二条", ["C2 提示"]),
    # the wording of a statute is not the author's
    ("《中华人民共和国种子法》第三十三条第三款规定：“依照食品安全法第一百二十二条和本法第七十六条处罚”", []),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_findings(text: str, expected: list[str]) -> None:
    found = judge(text, BOOK, Days(DAY, DAY))
    assert sorted(f"{f.code} {f.severity}" for f in found) == sorted(expected)
    assert all(f.text == text[f.place.start : f.place.end] for f in found)


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("《食安法》122条第1款", "C1", "《中华人民共和国食品安全法》第一百二十二条第一款"),
        ("《中华人民共和国食品安全法》第148条第1款", "C10", "《中华人民共和国食品安全法》第一百四十八条"),
        (
            "《中华人民共和国食品安全法》第一百二十四条第(一)项",
            "C2",
            "《中华人民共和国食品安全法》第一百二十四条第一款第（一）项",
        ),
        (
            "《中华人民共和国城市道路管理条例》第四十二条第（一）项",
            "C11",
            "《城市道路管理条例》第四十二条第（一）项",
        ),
        ("《中华人民共和国水污染防治法》第八十三条第（一）项", "C4", "《中华人民共和国生态环境法典》"),
        ("《中华人民共和国食品安全发》第一百四十八条", "C0", "《中华人民共和国食品安全法》第一百四十八条"),
    ],
)
def test_suggestions_are_in_final_form(text: str, code: str, suggestion: str) -> None:
    (found,) = (f for f in judge(text, BOOK, Days(DAY, DAY)) if f.code == code)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("act", "decided", "choice", "expected"),
    [
        (date(2026, 8, 1), DAY, "old", []),  # substance stands on the day of the act
        (date(2026, 8, 1), DAY, "new", ["C4"]),  # 从新: on the day of the decision
        (DAY, DAY, "old", ["C4"]),
        (None, DAY, "old", ["C4"]),
        (date(2026, 8, 1), None, "old", []),
    ],
)
def test_substance_and_choice(
    act: date | None, decided: date | None, choice: str, expected: list[str]
) -> None:
    text = "《中华人民共和国水污染防治法》第八十三条第（一）项"
    found = judge(text, BOOK, Days(act, decided), law_choice=choice)
    assert [f.code for f in found] == expected


def test_procedure_stands_on_the_day_of_the_decision() -> None:
    text = "《中华人民共和国行政处罚法》第五十九条第一款第（一）项"
    days = Days(date(2020, 1, 1), DAY)
    assert judge(text, BOOK, days) == []
    assert [f.code for f in judge(text, BOOK, days, procedural=())] == ["C5", "C17"]


def test_without_days_only_the_form_is_judged() -> None:
    text = "《中华人民共和国水污染防治法》第900条"
    assert [f.code for f in judge(text, BOOK, Days())] == ["C10"]


def test_not_yet_in_force() -> None:
    (found,) = judge("《中华人民共和国生态环境法典》第一百零七条", BOOK, Days(date(2026, 8, 14)))
    assert (found.code, found.severity) == ("C4", "否决")
    assert "2026-08-15" in found.message


def test_a_day_without_text_is_neither_right_nor_wrong() -> None:
    (found,) = judge("《示例旧办法》第九条", BOOK, Days(date(2018, 1, 1)))
    assert (found.code, found.severity) == ("C4", "提示")
    assert "未载入" in found.message


def test_the_reason_is_named_where_it_is_loaded() -> None:
    (found,) = judge("《中华人民共和国食品安全法》第九百条", BOOK, Days(DAY, DAY))
    assert found.basis == "《中华人民共和国行政处罚法》第三十八条第一款"
    only_food = Snapshot.of(laws=LAWS[:1]).laws
    (found,) = judge("《中华人民共和国食品安全法》第九百条", only_food, Days(DAY, DAY))
    assert found.basis == ""


def test_places() -> None:
    text = "违法事实\n依据《食安法》第一百二十二条第一款"
    (found,) = judge(text, BOOK, Days(DAY, DAY), place=Place("正文", paragraph=3, line=7))
    assert (found.place.paragraph, found.place.line, found.place.start, found.place.end) == (
        3,
        8,
        7,
        len(text),
    )


def test_judged_is_a_value_with_the_context_for_the_next_paragraph() -> None:
    first = judge_text(
        "《中华人民共和国种子法》（以下简称《法》）第七十九条第（一）项。", BOOK, Days(DAY, DAY)
    )
    assert [(c.resolved, c.article, c.item) for c in first.citations] == [(SEED, 79, 1)]
    assert first.findings == ()
    assert hash(first.context) == hash(first.context)
    second = judge_text("该法第七十九条第（九）项。", BOOK, Days(DAY, DAY), first.context)
    assert [f.code for f in second.findings] == ["C1", "C17"]


def test_what_was_entered_by_hand_is_shown_with_its_witness() -> None:
    text = "依据《示例市户外招牌管理条例》第十二条第二款、第十二条第一款第（一）项、第二十条和第九条"
    judged = judge_text(text, BOOK, Days(DAY, DAY))
    witness = "（人工核对：李四，2026-11-20，示例汇编第3页）"
    assert judged.attested == (
        f"《{PARTIAL}》第十二条{witness}",
        f"《{PARTIAL}》第二十条{witness}",
    )
    (found,) = judged.findings
    assert found.text == "第九条"
    assert "第九条未载入" in found.message


def test_a_statute_in_an_annex_is_judged_for_what_exists_only() -> None:
    annex = Context(own=SEED, statute=True)
    assert (
        judge("依照本法第79条处罚，违反食安法第一百二十二条等有关规定", BOOK, Days(DAY, DAY), context=annex)
        == []
    )


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("食品安全法第148条第1款", "《中华人民共和国食品安全法》第一百四十八条"),
        ("《食安法》第124条第(1)项", "《中华人民共和国食品安全法》第一百二十四条第一款第（一）项"),
        ("《食安法》第122条", "《中华人民共和国食品安全法》第一百二十二条"),
        ("《公路法》第77条", "《公路法》第七十七条"),
    ],
)
def test_canonical(text: str, final: str) -> None:
    (citation,) = parse(text, BOOK)
    assert canonical(citation, BOOK, DAY) == final


@pytest.mark.corpus
def test_every_hand_checked_citation_reads_back(corpus: Path) -> None:
    violations = json.loads((corpus / "violations.json").read_text(encoding="utf-8"))
    rows = [p for v in violations for p in (*v["violated"], *v["penalty"])]
    book = LawBook([LawVersion(t, None, key=n) for n, t in enumerate({p["name"] for p in rows}, 1)])
    wrong = []
    for p in rows:
        read = [
            (c.resolved, c.article, c.paragraph, c.item, c.text)
            for c in parse(f"违反了{p['cite']}的规定", book)
        ]
        if read != [(p["name"], p["article"], p["paragraph"], p["item"], p["cite"])]:
            wrong.append((p["cite"], read))
    assert len(rows) == 121
    assert wrong == []
