"""Tokens: what counts as one, and one spelling for many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.tokens import KEY_BITS, fold, is_single, tokenise


def pieces(text: str) -> set[str]:
    tokens = tokenise(text)
    return {fold(text[a:b]) for a, b in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("，。 \n", set()),
        ("罚", {"罚"}),
        ("过期食品", {"过", "期", "食", "品", "过期", "期食", "食品"}),
        ("无证 餐饮", {"无", "证", "餐", "饮", "无证", "餐饮"}),
        ("ＰＭ２．５超标", {"pm2", "5", "超", "标", "超标"}),
        ("处罚法59条", {"处", "罚", "法", "条", "处罚", "罚法", "59"}),
        ("二○二六", {"二", "〇", "六", "二〇", "〇二", "二六"}),
        ("𠮷野家😀x", {"𠮷", "野", "家", "𠮷野", "野家", "x"}),
    ],
)
def test_what_is_a_token(text: str, expected: set[str]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ", "abc"),
        ("３０００", "3000"),
        ("GB2760", "gb２７６０"),
        ("金", "金"),
        ("二○二一", "二〇二一"),
    ],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert tokenise(one).keys.tolist() == tokenise(other).keys.tolist()


def test_different_tokens_differ() -> None:
    texts = ["罚款", "款罚", "罚", "款", "a", "b", "ab", "ba", "1", "11", "111"]
    keys = [tuple(tokenise(t).keys.tolist()) for t in texts]
    assert len(set(keys)) == len(texts)


@given(st.text())
def test_any_text_keeps_its_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)
    tokens = tokenise(text)
    assert all(0 <= a < b <= len(text) for a, b in zip(tokens.starts, tokens.ends, strict=True))
    assert not len(tokens.keys) or int(tokens.keys.max()) < 1 << KEY_BITS
    assert is_single(tokens.keys).sum() <= len(text)
