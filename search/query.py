"""A query, understood: what was asked for, and what was read out of the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kb.citation import Citation
from kb.errors import WrongUse
from kb.records import DOMAINS, KIND_NAMES, SLUGS
from search.documents import SHOWN_KINDS
from search.sums import Sum

KINDS = (*SHOWN_KINDS, "law")
EVERYTHING = "*"
"""Undoes all: the query as it stands."""
KIND_WORDS = {
    "案例": "case_study",
    "典型案例": "case_study",
    "类案": "case_study",
    "基准": "benchmark",
    "裁量基准": "benchmark",
    "裁量权基准": "benchmark",
    "清单": "leniency",
    "三张清单": "leniency",
    "清单事项": "leniency",
    "用语": "phrase",
    "文明用语": "phrase",
    "话术": "phrase",
    "怎么说": "phrase",
    "怎么讲": "phrase",
    "怎么开口": "phrase",
    "规程": "procedure",
    "操作规程": "procedure",
    "流程": "procedure",
    "法条": "law",
    "条文": "law",
    "法律条文": "law",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was read out of the query, as the page shows it.

    ``id`` undoes it; empty where it can't be undone.
    """

    type: str
    text: str
    meaning: str
    id: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"type": self.type, "text": self.text, "meaning": self.meaning, "id": self.id}


class Known(Protocol):
    """What the index knows of names."""

    def laws_of(self, initials: str) -> list[str]:
        """Official titles with these initials or this pinyin; else a few where it begins so."""

    def meant(self, word: str) -> list[str]:
        """What a word with one wrong character may mean."""

    def texts_with(self, word: str) -> int:
        """How many texts have a word."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    Args:
        weights: token → weight of everything that is searched as words.
        phrases: quoted texts; a hit holds all neighbouring pairs of each.
        excluded: a hit holds none of these.
        laws: official titles of what is named without an article, the first meant most likely.
        limb: the provision of leniency that was named.
        scene: a scene of spoken wording that was named.
        fine: a fine that was asked for; records and articles that allow it come first.
        value: an amount of goods or gains; benchmarks show what follows from it.
    """

    text: str
    weights: dict[int, float] = field(default_factory=dict)
    kind: str | None = None
    domain: str | None = None
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    laws: tuple[str, ...] = ()
    limb: str = ""
    scene: str = ""
    fine: Sum | None = None
    value: Sum | None = None
    words: str = ""
    understood: tuple[Understood, ...] = ()


def kind_of(name: str | None) -> str | None:
    """A kind by its identifier or its Chinese name.

    Raises:
        WrongUse: there is no such kind.
    """
    if not name:
        return None
    known = {**{k: k for k in KINDS}, **{KIND_NAMES[k]: k for k in KINDS}, **KIND_WORDS}
    if name not in known:
        hint = "可用 " + "、".join(f"{k}（{KIND_NAMES[k]}）" for k in KINDS)
        raise WrongUse(f"没有“{name}”这个种类", hint=hint)
    return known[name]


def domain_of(name: str | None) -> str | None:
    """A domain by its Chinese name or its slug.

    Raises:
        WrongUse: there is no such domain.
    """
    if not name:
        return None
    known = {**{d: d for d in (*DOMAINS, "通用")}, **{slug: d for d, slug in SLUGS.items()}}
    if name not in known:
        raise WrongUse(f"没有“{name}”这个领域", hint="可用 " + "、".join((*DOMAINS, "通用")))
    return known[name]
