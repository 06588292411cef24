"""Two engines, one grammar: the fast one and the plain one of `reference/` find the same citations.

Where they differ one of them is wrong: read the text, mend that one, and add the text to a table of forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.citation import Citation, Context, read
from kb.laws import LawBook, LawVersion, clean_title
from tests.kb.reference.engine import parse as plain
from tests.kb.test_citation_labels import TABLES, rows_of

BOOK = LawBook(
    [
        LawVersion("中华人民共和国行政处罚法", None, key=1),
        LawVersion("中华人民共和国食品安全法", None, key=2, aliases=("食安法",)),
        LawVersion("中华人民共和国食品安全法实施条例", None, key=3),
        LawVersion("中华人民共和国民法典", None, key=4),
        LawVersion("食品经营许可和备案管理办法", None, key=5),
        LawVersion("中华人民共和国刑法", None, key=6),
    ]
)
# Words a citation is made of, and words that stand around one. Any order of them is a text.
WORDS = (
    *(
        "《中华人民共和国行政处罚法》",
        "《食安法》",
        "《某某办法》",
        "《食品安全法〈释义〉》",
        "《",
        "》",
        "〈",
        "〉",
    ),
    *(
        "食品安全法",
        "中华人民共和国民法典",
        "食品安全法实施条例",
        "食品经营许可和备案管理办法",
        "中华人民共和国",
        "法",
        "办法",
    ),
    *(
        "该法",
        "同法",
        "本法",
        "本条例",
        "该办法",
        "本条",
        "前款",
        "前条",
        "该条",
        "同款",
        "合同法",
        "该实施条例",
    ),
    *(
        "第一条",
        "第十条",
        "第九条",
        "第120条",
        "第５条",
        "第一百二十条之一",
        "第二十条之二",
        "第一款",
        "第二款",
        "第3款",
    ),
    *(
        "第（一）项",
        "第(二)项",
        "第一项",
        "第㈢项",
        "（四）项",
        "（五）",
        "第（六）",
        "第⑵项",
        "第1目",
        "第二目",
    ),
    *(
        "第一、二项",
        "第（一）、（三）项",
        "第一至三款",
        "第（一）（二）项",
        "第三条、四条",
        "第一编",
        "第二章",
        "第三节",
    ),
    *(
        "、",
        "和",
        "及",
        "以及",
        "或者",
        "至",
        "到",
        "-",
        "，",
        "；",
        "。",
        "：",
        "\n",
        "\n\n",
        " ",
        "　",
        "的",
        "之",
        "中的",
    ),
    *(
        "的规定",
        "规定",
        "依据",
        "违反",
        "违反了",
        "根据",
        "适用",
        "和",
        "有",
        "由",
        "条件",
        "款式",
        "项目",
        "目标",
    ),
    *(
        "（2021年修订）",
        "（以下简称处罚法）",
        "（以下简称“食安法”）",
        "（试行）",
        "（七）",
        "（国务院令第1号）",
        "处罚法",
    ),
    *(
        "“",
        "”",
        "（",
        "）",
        "合同第五条",
        "第三条道路",
        "第一款产品",
        "第二项工程",
        "第二条规定：",
        "59条",
        "第",
    ),
    *(
        "所列",
        "所称资产和",
        "规定的义务、",
        "所称",
        "（现行",
        "(原",
        "关于许可的",
        "序言及",
        "自",
        "'",
        "本安排",
        "）第一条",
        "，第六条规定",
        "。第二款规定：",
        "合同编通则",
        "（第一条",
        "，即",
        "【食品安全法】",
        "其《实施条例》",
        "前半句",
        "（以下简称种法）",
        "种法第五条",
        "其实施条例",
        "（一）",
        "两项",
        "**",
        "项下",
        "而非",
        "，而不是",
        "丙款",
        "一、三项",
        "3项",
        "义务",
        "该公司",
        "我们的",
        "整改办法",
        "注意",
    ),
    *(
        "一",
        "二",
        "十",
        "百",
        "廿",
        "〇",
        "0",
        "9",
        "㈠",
        "甲",
        "公司",
        "当事人",
        "方法",
        "民间借贷法",
        "x",
        "\u200b",
    ),
)


@cache
def statutes(corpus: Path) -> tuple[Path, ...]:
    return tuple(sorted((corpus / "statutes").rglob("*.md")))


@cache
def all_titles(corpus: Path) -> LawBook:
    """Every title of the real material: titles are all that binding needs."""
    titles: dict[str, None] = {}
    for path in statutes(corpus):
        head = re.search(r"^# *(.+)$", path.read_text(encoding="utf-8", errors="replace")[:4000], re.M)
        if head:
            titles[clean_title(head[1])] = None
    return LawBook([LawVersion(title, None, key=n) for n, title in enumerate(titles, 1)])


def fast(text: str, book: LawBook | None, own: str = "") -> list[Citation]:
    return list(read(text, book, Context(own=own)).citations)


def differences(text: str, book: LawBook, own: str = "") -> list[str]:
    ours, theirs = fast(text, book, own), plain(text, book, own)
    if ours == theirs:
        return []
    around = [
        (who, c, text[max(0, c.start - 30) : c.end + 20])
        for who, a, b in (("fast", ours, theirs), ("plain", theirs, ours))
        for c in a
        if c not in b
    ]
    return [f"{who}: {c}\n    in {where!r}" for who, c, where in around] or ["another order"]


def sample(corpus: Path, size: int, step: int) -> Iterator[tuple[Path, str]]:
    """Whole files, every ``step``-th, of together ``size`` bytes."""
    for path in statutes(corpus)[::step]:
        if size <= 0:
            return
        size -= path.stat().st_size
        yield path, path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_same_on_the_labelled_set(path: Path) -> None:
    for row in rows_of(path):
        assert differences(row.before + row.text, BOOK, row.own) == [], f"第{row.line}行"


@settings(max_examples=400, deadline=None, derandomize=True)  # the soak run looks elsewhere
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_same_on_any_order_of_words(text: str) -> None:
    assert differences(text, BOOK) == []


@pytest.mark.corpus
def test_same_on_a_sample_of_real_text(corpus: Path) -> None:
    book, count = all_titles(corpus), 0
    for path, text in sample(corpus, 300_000, 37):
        assert differences(text, book) == [], path.name
        count += len(fast(text, book))
    assert count > 60


@pytest.mark.soak
@pytest.mark.corpus
def test_same_on_five_megabytes_of_real_text(corpus: Path) -> None:
    book, count = all_titles(corpus), 0
    for path, text in sample(corpus, 5_000_000, 5):
        assert differences(text, book) == [], path.name
        count += len(fast(text, book))
    assert count > 1000


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=20).map("".join))
def test_same_on_very_many_orders_of_words(text: str) -> None:
    assert differences(text, BOOK) == []
