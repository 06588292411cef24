"""Spelling of a query before it is read: traditional characters, and citations in figures alone."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.citation.loose import titles_meant
from kb.laws import COUNTRY, LawBook
from kb.numerals import to_int

if TYPE_CHECKING:
    from opencc import OpenCC

_N = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百千]{1,7})"
_PLAIN = 10  # characters of a title: shorter ones need no marks to be told from the words around them
_LAW = r"(?<=[法典例定则》])"
# 法典第1102条: both codes, as 法典1102 is
_CODES = re.compile(r"((?:(?<![一-龥])|(?<=[照据用反了]))法典)\s*第(?=\s*\S+?条)")
# 处罚法33至35条, 处罚法33-35
_SPAN = re.compile(
    rf"{_LAW}\s*第?(?P<first>{_N})条?\s*(?P<to>[-—~～]+|至|到)\s*第?(?P<last>{_N})(?P<tiao>条)?(?![\d.-])"
)
# 食安法124.1.5, 食安法124/1/5, 刑法120-1
_FIGURES = re.compile(
    rf"{_LAW}(?P<gap>\s*第?)(?P<article>\d{{1,4}})(?P<rest>(?:[./-]\d{{1,2}}){{1,3}})(?![\d.万元千百%])"
)
_SUFFIX = re.compile(rf"{_LAW}(\s*第?)({_N})之({_N})(?!条)")
# 《证券、期货投资咨询管理暂行办法》35
_NUMBER_AFTER_MARKS = re.compile(
    rf"(?<=》)\s*第?({_N})(?=\s*(?:$|[^\s\d条款项之.\-/~—～至到〇零一两二三四五六七八九十百千]))"
)
# 食安法124条 一 五
_LEVELS = re.compile(rf"({_N})条(?=(?:\s+{_N}){{1,3}}(?!\S))")
_COMMA = re.compile(rf"{_LAW}\s*[，,：:]\s*(?=第?{_N}条)")
_LIST = re.compile(rf"{_LAW}(\s*)((?:第?{_N}[、，,和及])+第?{_N})条")
_NAME = r"[一-龥〈〉（）、]{2,60}"
_TURNED = re.compile(
    rf"(?<!\S)第?(?P<number>{_N}条(?:之{_N})?)\s*的?\s*(?P<name>{_NAME})(?!\S)"
    rf"|(?<!\S)(?P<bare>\d{{1,4}})\s+(?P<law>{_NAME})(?!\S)"
)


@cache
def _syllables() -> dict[str, set[str]]:
    """How each character may be said, without tones (scripts/homophones.py)."""
    out: dict[str, set[str]] = {}
    for line in files("search").joinpath("homophones.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, chars = line.partition(" ")
        for char in chars:
            out.setdefault(char, set()).add(syllable)
    return out


def sound_alike(one: str, other: str) -> bool:
    """Whether two words may be said alike, character by character."""
    known = _syllables()
    return len(one) == len(other) and all(
        a == b or known.get(a, set()) & known.get(b, set()) for a, b in zip(one, other, strict=True)
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
    处罚法33-35 → 处罚法第33条至第35条; 处罚法33、34条 → 处罚法33条、34条; 33条 处罚法 → 《处罚法》第33条.
    """
    text = _CODES.sub(r"\1", _SPAN.sub(_span, text))
    text = _SUFFIX.sub(r"\1\2条之\3", text)
    text = _LEVELS.sub(r"\1", _NUMBER_AFTER_MARKS.sub(r"第\1条", _COMMA.sub("", text)))
    text = _LIST.sub(lambda m: m[1] + re.sub(rf"({_N})", r"\1条", m[2]), text)
    text = _TURNED.sub(lambda m: _turned(m, book), text)
    return _FIGURES.sub(lambda m: _figures(m, text, book), text)


def titled(text: str, book: LawBook) -> str:
    """A text with the longest title that stands in it before a number written out: 《…》第13条.

    For titles that begin like an introduction (违反…的处分规定) or are longer than anybody types.
    """
    if len(text) < _PLAIN or not re.search(rf"[一-龥]\s*第?{_N}", text):
        return text
    titles = (t for title in book.titles() for t in (title, title.removeprefix(COUNTRY)))
    title = max((t for t in titles if t in text), key=len, default="")
    if len(title) < _PLAIN:
        return text
    return re.sub(rf"{re.escape(title)}\s*第?({_N})条?", lambda m: f"《{title}》第{m[1]}条", text)


def closed_up(text: str) -> str:
    """A text without the spaces between Chinese characters, as some documents are pasted."""
    return re.sub(r"(?<=[一-龥])\s+(?=[一-龥\d])|(?<=\d)\s+(?=条)", "", text)


def _span(m: re.Match[str]) -> str:
    """A range of articles; 124-1 is none, it goes down to a paragraph."""
    if m["to"][0] in "-—~～" and to_int(m["last"]) <= to_int(m["first"]):
        return m[0]
    return f"第{m['first']}条至第{m['last']}条"


def _turned(m: re.Match[str], book: LawBook) -> str:
    number, name = (m["number"], m["name"]) if m["number"] else (f"{m['bare']}条", m["law"])
    return f"《{name}》第{number}" if titles_meant(name, book) else m[0]


def _figures(m: re.Match[str], text: str, book: LawBook) -> str:
    number = m["rest"][1:]
    name = re.search(r"[一-龥〈〉（）]{2,40}(?=》?\Z)", text[: m.start()])
    if m["rest"][0] == "-" and number.isdigit() and name:
        for title in titles_meant(name[0], book):
            versions = book.versions_of(title)
            if versions and book.article(versions[-1], int(m["article"]), int(number)):
                return f"{m['gap']}{m['article']}条之{number}"
    return m["gap"] + m["article"] + re.sub(r"[./-]", " ", m["rest"])
