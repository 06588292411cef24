"""Quotations: which are found, to what they belong, and how they stand to the wording of a provision."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.citation import compare, parse, quotes_of
from kb.citation.quotes import goes_on
from kb.citation.wording import Likeness, find_quoted
from kb.importing.law_reading import parse_law, read_source
from kb.laws import Article

TEXT = """临街商户应当保持门前整洁，不得占道经营；但是，经批准的除外。
有下列情形之一的，由城市管理部门责令改正，处五百元以上二千元以下罚款；情节严重的，可以没收工具：
（一）在禁止摆卖的路段设摊的；
（二）伪造“临时许可”的；
（三）超出核定面积3.5%以上的。"""

EXACT, MARKS, WORDING, OTHER = Likeness.EXACT, Likeness.MARKS, Likeness.WORDING, Likeness.OTHER

COMPARED = [
    ("临街商户应当保持门前整洁，不得占道经营；但是，经批准的除外。", EXACT, []),
    ("应当保持门前整洁，不得占道经营。", EXACT, []),  # a part, ended as a sentence is
    ("第八条　临街商户应当保持门前整洁", EXACT, []),
    ("临街商户应当\n保持门前 整洁", EXACT, []),
    ("临街商户……不得占道经营", EXACT, []),
    ("临街商户…经批准的除外。", EXACT, []),
    ("临街商户（略）经批准的除外。", EXACT, []),
    ("有下列情形之一的，……可以没收工具：……（三）超出核定面积3.5%以上的。", EXACT, []),
    ("伪造‘临时许可’的", EXACT, []),  # “ ” inside “ ” are written ‘ ’
    ("情节严重的，可以没收工具：（二）伪造‘临时许可’的；", EXACT, []),  # one item of a list
    ("情节严重的，可以没收工具：㈡伪造‘临时许可’的；", EXACT, []),
    ("临街商户应当保持门前整洁,不得占道经营", MARKS, ["“门前整洁，不得占”写成“门前整洁,不得占”"]),
    ("临街商户应当保持门前整洁不得占道经营", MARKS, ["“门前整洁，不得占”写成“门前整洁不得占道”"]),
    ("超出核定面积３．５％以上的", MARKS, ["“核定面积3.5%”写成“核定面积３．５％”"]),
    ("临街商户可以保持门前整洁，不得占道经营", WORDING, ["“户应当保持”写成“户可以保持”"]),
    ("临街商户应当保持门前整洁，得占道经营", WORDING, ["“洁，不得占”写成“洁，得占”"]),
    ("处五百元以上三千元以下罚款；情节严重的，可以没收工具", WORDING, ["“上二千元”写成“上三千元”"]),
    ("处五百元以上二千元以下罚款；情节严重的，可以并处没收工具", WORDING, ["“以没收”写成“以并处没收”"]),
    ("超出核定面积35%以上的", WORDING, ["“3.5%”写成“35%”"]),
    (
        "由城市管理部门责令改正；情节严重的，可以没收工具",
        WORDING,
        ["缺“处五百元以上二千元以下罚款”"],
    ),
    ("不得占道经营……临街商户应当保持门前整洁", WORDING, ["“临街商户应当保持门前整洁”的次序不同"]),
    ("经营者应当按照规定分类投放生活垃圾", OTHER, []),
    ("", EXACT, []),
]


@pytest.mark.parametrize(("quotation", "likeness", "changes"), COMPARED)
def test_how_a_quotation_stands_to_the_text(quotation: str, likeness: Likeness, changes: list[str]) -> None:
    found = compare(quotation, TEXT)
    assert found.likeness is likeness
    assert [str(c) for c in found.changes] == changes


def test_what_was_quoted_is_given_as_printed() -> None:
    found = compare("临街商户……可以占道经营；但是", TEXT)
    assert found.printed == "临街商户……不得占道经营；但是"


FOUND = [
    ("《甲条例》第五条规定：“不得占道”。", [("不得占道", ["《甲条例》第五条"], True)]),
    ("《甲条例》第五条第二款的规定，“不得占道”。", [("不得占道", ["《甲条例》第五条第二款"], False)]),
    ("《甲条例》第五条规定“不得占道”，", [("不得占道", ["《甲条例》第五条"], True)]),
    ("《甲条例》第五条：「不得占道」", [("不得占道", ["《甲条例》第五条"], True)]),
    ('《甲条例》第五条明确规定:"不得占道"', [("不得占道", ["《甲条例》第五条"], True)]),
    ("《甲条例》第五条，该条规定：“不得占道”", [("不得占道", ["《甲条例》第五条"], True)]),
    ("《甲条例》第五条作了如下规定：‘不得占道’", [("不得占道", ["《甲条例》第五条"], True)]),
    ("违反《甲条例》第五条关于“不得占道”的规定", [("不得占道", ["《甲条例》第五条"], False)]),
    ("违反《甲条例》第五条“不得占道”的规定", [("不得占道", ["《甲条例》第五条"], False)]),
    (
        "《甲条例》第五条第（一）项、第（三）项规定：“不得占道”",
        [("不得占道", ["《甲条例》第五条第（一）项", "第（三）项"], True)],
    ),
    ("“不得占道”（《甲条例》第五条）", [("不得占道", ["《甲条例》第五条"], False)]),
    ("“不得占道”，见《甲条例》第五条", [("不得占道", ["《甲条例》第五条"], False)]),
    (
        "《甲条例》第五条规定：“不得占道”，《乙办法》第六条规定：“应当清扫”。",
        [("不得占道", ["《甲条例》第五条"], True), ("应当清扫", ["《乙办法》第六条"], True)],
    ),
    ("《甲条例》第五条规定：“称‘占道’的”", [("称‘占道’的", ["《甲条例》第五条"], True)]),
    ("《甲条例》第五条规定：“称“占道”的，罚”", [("称“占道”的，罚", ["《甲条例》第五条"], True)]),
    (
        "《甲条例》第五条规定：“甲：\n“（一）乙。\n“（二）丙。”",
        [("甲：\n“（一）乙。\n“（二）丙。", ["《甲条例》第五条"], True)],
    ),
    ("《甲条例》第五条规定，当事人说：“我不知道”", []),
    ("违反《甲条例》第五条。当事人称“我不知道”", []),
    ("《甲条例》（以下简称“条例”）", []),
    ("当事人“小张面馆”违反《甲条例》第五条", []),
    ("《甲条例》第五条规定：“没有写完", []),
    ("第五条规定：“不得占道”", []),  # of no law
    ("《甲条例》增加一条，作为第五条：“不得占道”", []),  # gives the wording of a new article
    ("《甲条例》第四条改为第五条：“不得占道”", []),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_which_quotations_belong_to_which_citation(
    text: str, expected: list[tuple[str, list[str], bool]]
) -> None:
    found = quotes_of(text, parse(text))
    assert [(q.text, [c.text for c in q.citations], q.certain) for q in found] == expected
    assert all(text[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("规定：“甲", True),
        ("规定：“甲”", False),
        ("规定：‘甲", False),
        ('3" 管', False),
        ("“甲\n“乙", True),
        ("“甲\n“乙”", False),
    ],
)
def test_a_quotation_may_go_on_in_the_next_paragraph(text: str, open_: bool) -> None:
    assert goes_on(text) is open_


@given(st.text(alphabet='“”‘’「」"…．.（一）第条《》规定：，。\n甲乙丙3%㈠', max_size=60))
def test_any_text_is_read(text: str) -> None:
    for q in quotes_of(text, parse(text)):
        assert text[q.start : q.end] == q.text
    goes_on(text)
    compare(text, TEXT)


@given(st.data())
def test_any_part_of_a_text_is_a_true_quotation_of_it(data: st.DataObject) -> None:
    whole = TEXT.partition("（一）")[0]
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    assert compare(whole[start:end], TEXT).likeness is EXACT


# ---------------------------------------------------------------- real statutes

LAW = "lawrefbook/行政法/行政处罚法(2021-01-22).md"
SWAPS = (
    ("应当", "可以"),
    ("以上", "以下"),
    ("不得", "可以"),
    ("十", "二十"),
    ("行政机关", "主管部门"),
    ("公民", "个人"),
)


@pytest.fixture(scope="module")
def articles(corpus: Path) -> list[Article]:
    path = corpus / "statutes" / LAW
    assert path.is_file()
    return list(parse_law([read_source(path.name, path.read_bytes())], None).articles)


@pytest.mark.corpus
def test_real_articles_quoted_whole_in_part_and_with_planted_changes(articles: list[Article]) -> None:
    planted = 0
    for article in articles:
        text = article.full_text()
        assert compare(text, text).likeness is EXACT
        assert find_quoted(text, articles) is article or len(text) < 12
        for paragraph in article.paragraphs:
            assert compare(paragraph.full_text().replace("\n", ""), text).likeness is EXACT
        commas = text.replace("，", ",", 1)
        assert compare(commas, text).likeness is (MARKS if commas != text else EXACT)
        for old, new in SWAPS:
            wrong = text.replace(old, new, 1)
            if wrong == text or len(text) < 20:
                continue
            planted += 1
            found = compare(wrong, text)
            assert found.likeness is WORDING, (article.key, old)
            assert len(found.changes) == 1, (article.key, old, [str(c) for c in found.changes])
            assert any(c in found.changes[0].printed for c in old)
            assert found.printed.replace("\n", "") in text.replace("\n", "")
    assert planted > 100


@pytest.mark.corpus
def test_no_real_article_is_taken_for_another(articles: list[Article]) -> None:
    for one in articles:
        for other in articles:
            if one is not other and len(one.full_text()) > 30:
                assert not compare(one.full_text(), other.full_text()).same_words, (one.key, other.key)
