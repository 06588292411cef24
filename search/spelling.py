"""Spelling of a query before it is read: traditional characters, and citations in figures alone."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kb.citation.loose import titles_meant
from kb.laws import LawBook

if TYPE_CHECKING:
    from opencc import OpenCC

_N = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百千]{1,7})"
_LAW = r"(?<=[法典例定则])"
# 食安法124.1.5, 食安法124/1/5, 刑法120-1
_FIGURES = re.compile(
    rf"{_LAW}(?P<gap>\s*第?)(?P<article>\d{{1,4}})(?P<rest>(?:[./-]\d{{1,2}}){{1,3}})(?![\d.万元千百%])"
)
_SUFFIX = re.compile(rf"{_LAW}(\s*第?)({_N})之({_N})(?!条)")
_COMMA = re.compile(rf"{_LAW}\s*[，,：:]\s*(?=第?{_N}条)")
_LIST = re.compile(rf"{_LAW}(\s*)((?:第?{_N}[、，,和及])+第?{_N})条")
_TURNED = re.compile(
    rf"(?<!\S)第?({_N})条\s*的?\s*([一-龥]{{2,30}})(?!\S)|(?<!\S)(\d{{1,4}})\s+([一-龥]{{2,30}})(?!\S)"
)


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """A text in simplified characters, of the same length.

    A text that GB 2312 can write has no traditional character that is no simplified one too.
    """
    try:
        text.encode("gb2312")
        return text
    except UnicodeEncodeError:
        converted = str(_converter().convert(text))
        return converted if len(converted) == len(text) else text


def spelled_out(text: str, book: LawBook) -> str:
    """Citations of unusual form as `parse_loose` reads them.

    食安法124.1.5 → 食安法124 1 5; 刑法120-1 → 刑法120条之1 where there is such an article, else 120 1;
    33条 处罚法 → 处罚法33条; 处罚法33、34条 → 处罚法33条、34条.
    """
    text = _SUFFIX.sub(r"\1\2条之\3", text)
    text = _COMMA.sub("", text)
    text = _LIST.sub(lambda m: m[1] + re.sub(rf"({_N})", r"\1条", m[2]), text)
    text = _TURNED.sub(lambda m: _turned(m, book), text)
    return _FIGURES.sub(lambda m: _figures(m, text, book), text)


def _turned(m: re.Match[str], book: LawBook) -> str:
    number, name = (m[1], m[2]) if m[1] else (m[3], m[4])
    return f"{name}{number}条" if titles_meant(name, book) else m[0]


def _figures(m: re.Match[str], text: str, book: LawBook) -> str:
    number = m["rest"][1:]
    name = re.search(r"[一-龥〈〉（）]{2,40}\Z", text[: m.start()])
    if m["rest"][0] == "-" and number.isdigit() and name:
        for title in titles_meant(name[0], book):
            versions = book.versions_of(title)
            if versions and book.article(versions[-1], int(m["article"]), int(number)):
                return f"{m['gap']}{m['article']}条之{number}"
    return m["gap"] + m["article"] + re.sub(r"[./-]", " ", m["rest"])
