"""Words that sound alike, and the file that knows which characters do."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from search.spelling import sound_alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("过其", "过期", True),
        ("无征", "无证", True),
        ("危肺", "危废", True),
        ("食安发", "食安法", True),
        ("重复", "从复", False),
        ("银行", "银航", True),
        ("监管", "城管", False),
        ("过期", "过期食", False),
        ("魑魅", "痴昧", True),
        ("", "", True),
    ],
)
def test_words_that_sound_alike(one: str, other: str, alike: bool) -> None:
    assert sound_alike(one, other) is alike


def test_the_file_is_as_the_library_says(root: Path) -> None:
    written = (root / "search" / "homophones.txt").read_text(encoding="utf-8").splitlines()
    made = runpy.run_path(str(root / "scripts" / "homophones.py"))
    assert written == made["lines"](), "run: python -m scripts.homophones"
