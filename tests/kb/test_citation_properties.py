"""What holds for every text: exact offsets, a stable written form, no exception and no hang.

The fuzzer of the soak runs (`fuzz_citations.py`) looks for texts that break the same things.
"""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.citation import Citation, Days, find, format_citation, judge, parse, parse_loose
from tests.conftest import need
from tests.kb.test_citation_reference import BOOK, WORDS

DAYS = Days(date(2026, 5, 1), date(2026, 11, 1))
ON_ONE_LINE = tuple(w for w in WORDS if "\n" not in w)
SENTENCE = st.lists(st.sampled_from(ON_ONE_LINE), max_size=14).map("".join)
SPACES = " \t　\u00a0\u2003\u200b\ufeff"
ANY_LETTER = st.characters()  # lone surrogates, NUL and private use among them
HANG = 60  # seconds: nothing below takes a tenth of it unless it grows faster than the text


def provision(c: Citation) -> tuple[object, ...]:
    return (c.law, c.resolved, c.article, c.article_suffix, c.paragraph, c.item, c.subitem, c.via, c.marks)


def without_spaces(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c not in SPACES)


# ---------------------------------------------------------------- the written form


@given(SENTENCE)
def test_the_written_form_reads_back_as_itself(text: str) -> None:
    for c in parse(text, BOOK):
        if not c.resolved or c.article is None:
            continue
        levels = (c.article, c.article_suffix or 0, c.paragraph, c.item, c.subitem)
        written = format_citation(c.resolved, *levels)
        (again,) = parse(written, BOOK)
        assert (again.resolved, again.text, again.how) == (c.resolved, written, "official")
        assert (
            again.article,
            again.article_suffix or 0,
            again.paragraph,
            again.item,
            again.subitem,
        ) == levels


# ---------------------------------------------------------------- offsets


def check_spaced(text: str, spaced: str) -> None:
    """The same provisions, each span the old one with the new white space inside."""
    before, after = parse(text, BOOK), parse(spaced, BOOK)
    assert [provision(c) for c in after] == [provision(c) for c in before]
    for old, new in zip(before, after, strict=True):
        assert new.text == spaced[new.start : new.end]
        assert without_spaces(new.text) == without_spaces(old.text)
        assert len(without_spaces(spaced[: new.start])) == len(without_spaces(text[: old.start]))
        assert not new.text[:1].isspace()
        assert not new.text[-1:].isspace()


@given(SENTENCE, st.data())
def test_offsets_are_exact_under_any_spaces(text: str, data: st.DataObject) -> None:
    text = "当事人" + text
    gaps = data.draw(st.lists(st.text(SPACES, max_size=2), min_size=len(text) - 1, max_size=len(text) - 1))
    check_spaced(text, text[0] + "".join(gap + c for gap, c in zip(gaps, text[1:], strict=True)))


@given(SENTENCE, st.sampled_from(("\n", "\r\n", " \n", "\n　")), st.data())
def test_offsets_are_exact_where_lines_are_wrapped(text: str, wrap: str, data: st.DataObject) -> None:
    """A single line break inside a paragraph is where a line was full, whatever it splits."""
    text = "当事人" + without_spaces(text)
    gaps = data.draw(st.lists(st.booleans(), min_size=len(text) - 1, max_size=len(text) - 1))
    # A line that begins 第五条： would be a statute's own article: the only thing a break can make.
    wrapped = (wrap + c if gap and c != "第" else c for gap, c in zip(gaps, text[1:], strict=True))
    check_spaced(text, text[0] + "".join(wrapped))


# ---------------------------------------------------------------- any text at all


@contextmanager
def no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"not done in {HANG} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_any(text: str) -> None:
    """Nothing raises; every span is of the text and every citation is of it."""
    for found in find(text):
        assert 0 <= found.start <= found.end <= len(text)
    for c in parse(text, BOOK):
        assert c.text == text[c.start : c.end]
        assert c.text
        assert c.resolved is None or c.article is not None
    for f in judge(text, BOOK, DAYS):
        assert f.text == text[f.place.start : f.place.end]
    parse_loose(text, BOOK)


@settings(deadline=None)
@example("《刑法》第一百二十条之一、之十十")
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(ANY_LETTER, max_size=3)), max_size=16).map("".join))
def test_any_words_and_letters(text: str) -> None:
    check_any(text)


@settings(deadline=None)
@given(st.text(ANY_LETTER, max_size=60))
def test_any_unicode(text: str) -> None:
    check_any(text)


HOSTILE = {
    "digits": "第" + "9" * 100_000 + "条",
    "numerals": "《食安法》第" + "一" * 100_000 + "条",
    "open brackets": "（" * 100_000,
    "open brackets after a title": "《食安法》" + "（" * 100_000 + "第一条",
    "notes after a title": "《食安法》" + "（试行）" * 30_000 + "第一条",
    "notes before": "食安法" + "（试行）" * 30_000 + "第一条",
    "closing brackets": "）" * 100_000 + "第一条",
    "open titles": "《" * 100_000,
    "closing titles": "》" * 100_000 + "第一条",
    "titles": "《食安法》" * 10_000,
    "quotation marks": "“" * 50_000 + "”" * 50_000,
    "lists": "《食安法》第" + "、".join(["一"] * 50_000) + "条",
    "bracketed lists": "《食安法》第" + "（一）" * 30_000 + "项",
    "lists of articles": "《食安法》" + "、".join(["第一条"] * 8_000),
    "ranges": "《食安法》" + "、".join(["第一条至第三百条"] * 60),
    "wide ranges": "《食安法》第一条至第9999条",
    "names": "食安法第一条" * 5_000,
    "names that end a longer one": "中华人民共和国" * 20_000 + "法第一条",
    "verbs": "违反依据根据" * 20_000 + "法第一条",
    "pronouns": "《食安法》第一条，该法" + "第一条该法" * 5_000,
    "short names": "".join(f"《甲{n}法》（以下简称乙{n}法）" for n in range(1_000)) + "乙0法第一条" * 1_000,
    "many laws": "".join(f"《甲{n}法》第一条，本法第二条，该法第三条。" for n in range(3_000)),
    "this article": "《食安法》第三条" + "本条第一款前款前条" * 4_000,
    "chapters": "食安法" + "第一章" * 30_000 + "第一条",
    "headings": "\n第一条 甲" * 5_000,
    "white space": "第" + " \n" * 100_000 + "一条",
    "invisible letters": "第" + "\u200b" * 100_000 + "一条",
    "surrogates and NULs": "\ud800\x00第一条\udfff" * 5_000,
    "catch-alls": "《食安法》等有关规定" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_text_hangs(name: str) -> None:
    with no_hang():
        check_any(HOSTILE[name])


@pytest.mark.soak
@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join))
def test_no_words_repeated_hang(words: str) -> None:
    with no_hang():
        check_any(words * (30_000 // len(words)))


# ---------------------------------------------------------------- one minute of a coverage-guided fuzzer


@pytest.mark.soak
def test_a_minute_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    found = importlib.util.find_spec("atheris")
    need("atheris", found, "atheris is not installed (wheels for Linux only): pip install atheris")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.kb.fuzz_citations", "-max_total_time=60", "-timeout=10"),
            *("-max_len=80", "-len_control=0", f"-artifact_prefix={tmp_path}/"),
        ],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "DONE" in done.stderr, done.stderr[-1000:]
