"""Plain words of a query: which tokens they are, and how much each says about the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.tokens import tokenise
from search.weights import AMOUNT, QUESTION

# What makes a question of it and says nothing about the subject.
QUESTIONS = re.compile(
    r"请问|怎么办|该?怎么样?|怎样|如何|是什么|什么|为什么|为何|哪些|哪种|哪个|哪里|是否|能否|可否|能不能"
    r"|可不可以|是不是|有没有|会不会|要不要|应不应该|该不该|多少钱|多少|几个|吗|呢|吧|啊|么"
)
# A lone amount: 3000, 三千元, 3.5万. Beside 以上, 以下 … it is a phrase of the law and keeps its weight.
_LONE = re.compile(
    r"(?<![第百分之\d.A-Za-z\-—~～(（])"
    r"(?:\d[\d,.]*[十百千万亿]*"
    r"|[一二两三四五六七八九十百千][一二两三四五六七八九十百千万亿]*[十百千万亿][一二三四五六七八九]?)"
    r"(?:余|多)?(?:元|块钱?)?"
    r"(?!以上|以下|不足|[\d一二两三四五六七八九十百千万亿余多元块倍条款项年月日名人个次\-—~～(（])"
)
_BEFORE = re.compile(r"(?:货值|金额|价值|所得|罚款|罚|数额|收入|款)\s*$")
_BOUND = re.compile(r"(?:不足|不满|超过|低于|高于|少于|大于|不少于|至少|最多)\s*$")
_LEAST_DIGITS = 3  # a bare 33 is rather an article than money


def lone_amounts(said: str) -> Iterator[re.Match[str]]:
    """Amounts in figures or with a unit of money, after 货值 and the like, or at the end of a word."""
    for m in _LONE.finditer(said):
        before = said[: m.start()]
        if _BEFORE.search(before):
            yield m
        elif _BOUND.search(before) or (m[0].isdigit() and len(m[0]) < _LEAST_DIGITS):
            continue
        elif m[0][0].isdigit() or m[0][-1] in "元块钱" or (said[m.end() :][:1] or " ").isspace():
            yield m


def word_weights(said: str, *, amount: float = AMOUNT, question: float = QUESTION) -> dict[int, float]:
    """Token → weight: lone amounts and what only makes a question of it count less.

    Args:
        amount, question: their weights.
    """
    tokens = tokenise(said)
    lone = [m.span() for m in lone_amounts(said)]
    asking = [m.span() for m in QUESTIONS.finditer(said)]
    weights: dict[int, float] = {}
    for key, start, end in zip(*(column.tolist() for column in tokens), strict=True):
        weight = 1.0
        if _touches(start, end, asking):
            weight = question
        if _touches(start, end, lone):
            weight = amount
        weights[key] = max(weights.get(key, 0.0), weight)
    return weights


def _touches(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < last and end > first for first, last in spans)
