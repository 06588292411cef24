"""What rests on a law, and where its articles went: a table of texts, and records over them."""

from __future__ import annotations

from datetime import date

import pytest

from kb.errors import NotFound
from kb.impact import changes, impact, news
from kb.laws import Article, LawVersion, Paragraph, Repeal
from kb.records import Benchmark, Phrase, Record
from kb.snapshot import Snapshot

TITLE = "示例县摊贩条例"
STALL = "未经批准摆设摊点的，责令改正，可以处五百元以下罚款。"
NOISE = "使用高音喇叭招揽顾客的，给予警告；拒不改正的，处二百元以上一千元以下罚款。"
AIM = "为了规范摊贩经营，维护市容和公共秩序，制定本条例。"


def text(title: str, start: str, *articles: str) -> tuple[LawVersion, list[Article]]:
    version = LawVersion(title, date.fromisoformat(start), "版本表", level="地方性法规", has_text=True)
    return version, [
        Article(n, 0, (Paragraph(words),), has_text=True) for n, words in enumerate(articles, 1) if words
    ]


def benchmark(article: str, start: str, end: str | None = None) -> Record:
    return Benchmark.model_validate(
        {
            "id": "city/stall",
            "from": start,
            "to": end,
            "violation": "未经批准摆摊",
            "penalty_basis": f"《{TITLE}》{article}",
            "statutory": [{"fine": "五百元以下"}],
            "measures": [{"kind": "责令改正", "basis": f"《{TITLE}》{article}"}],
            "source": {"instrument": "示例"},
        }
    )


OLD = text(TITLE, "2010-01-01", AIM, STALL, NOISE)

# the newest text, and what is said of article 2 of the old one
FATES = [
    ((AIM, STALL, NOISE), "相同", "2"),
    ((AIM, STALL.replace("五百元", "一千元"), NOISE), "文字不同", "2"),
    ((AIM, "摊贩应当公示经营者姓名和举报电话。", NOISE, STALL), "移条", "4"),
    ((AIM, NOISE), "没有对应", None),
]


@pytest.mark.parametrize(("new", "how", "key"), FATES)
def test_where_an_article_went(new: tuple[str, ...], how: str, key: str | None) -> None:
    base = Snapshot.of([benchmark("第二条", "2010-01-01")], [OLD, text(TITLE, "2020-01-01", *new)])
    (touched,) = impact(base, TITLE)
    data = touched.to_dict()
    assert (data["article"], data["from"], data["text"]) == ("2", "2010-01-01", STALL)
    assert (data["new"]["how"], data["new"]["article"], data["new"]["from"]) == (how, key, "2020-01-01")
    if key:
        assert "".join(old for old, _ in data["changes"]) == STALL
        assert "".join(new for _, new in data["changes"]) == data["new"]["text"]


def test_a_repealed_law_is_followed_into_the_one_that_took_over() -> None:
    code = text("示例县市容法典", "2020-01-01", NOISE, AIM, STALL.replace("摆设", "设置"))
    base = Snapshot.of(
        [benchmark("第二条", "2010-01-01")],
        [OLD, code],
        [Repeal(TITLE, date(2020, 1, 1), "示例县市容法典")],
    )
    found = impact(base, TITLE)[0].counterpart
    assert (found.how, found.law, found.article and found.article.key) == ("最相近", "示例县市容法典", "3")


def test_every_kind_of_record_is_found_once_with_all_its_places() -> None:
    phrase = Phrase.model_validate(
        {
            "id": "phrase/x",
            "from": "2011-01-01",
            "channel": "口头",
            "scene": "检查",
            "step": "亮证",
            "citations": f"《{TITLE}》第三条",
            "source": {"instrument": "示例"},
        }
    )
    base = Snapshot.of([benchmark("第二条", "2010-01-01", "2019-01-01"), phrase], [OLD])
    rows = [(t.key, [(r.kind, [p for p, _ in r.citations]) for r in t.records]) for t in impact(base, TITLE)]
    assert rows == [
        ("2", [("benchmark", ["penalty_basis", "measures 第1条"])]),
        ("3", [("phrase", ["citations"])]),
    ]
    assert [t.key for t in impact(base, TITLE, "3")] == ["3"]
    assert impact(base, TITLE, "9") == []


@pytest.mark.parametrize(("end", "ended"), [(None, False), ("2021-01-01", False), ("2020-01-01", True)])
def test_a_record_that_stops_with_the_old_text_is_said_to(end: str | None, ended: bool) -> None:
    new = text(TITLE, "2020-01-01", AIM, STALL, NOISE)
    (touched,) = impact(Snapshot.of([benchmark("第二条", "2010-01-01", end)], [OLD, new]), TITLE)
    assert [r.ended for r in touched.records] == [ended]


def test_an_unknown_law_names_the_near_ones() -> None:
    with pytest.raises(NotFound, match="没有载入《示例县摊贩条列》"):
        impact(Snapshot.of([], [OLD]), "示例县摊贩条列")


def test_changes_side_by_side() -> None:
    assert list(changes("处五百元", "处一千元")) == [("处", "处"), ("五百", "一千"), ("元", "元")]


def test_an_import_says_which_records_rest_on_what_it_changed() -> None:
    records = [benchmark("第二条", "2010-01-01")]
    before = Snapshot.of(records, [OLD]).laws
    newer = Snapshot.of(records, [OLD, text(TITLE, "2020-01-01", AIM, STALL, NOISE)])
    ended = Snapshot.of(records, [OLD], [Repeal(TITLE, date(2020, 1, 1), "示例县市容法典")])
    row = {"law": TITLE, "from": None, "repealed": None, "by": None, "records": 1}
    assert news(before, newer) == [row | {"from": "2020-01-01"}]
    assert news(before, ended) == [row | {"repealed": "2020-01-01", "by": "示例县市容法典"}]
    assert news(before, Snapshot.of(records, [OLD])) == []
    assert news(before, Snapshot.of([], [OLD, text(TITLE, "2020-01-01", AIM)])) == []
