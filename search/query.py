"""What a typed query means: kinds, citations, amounts, quoted phrases, synonyms and plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.citation import Citation, parse_loose
from kb.citation.loose import titles_meant
from kb.errors import WrongUse
from kb.laws import COUNTRY
from kb.records import DOMAINS, KIND_NAMES, SLUGS
from kb.snapshot import Snapshot
from search.documents import RECORD_KINDS
from search.tokens import fold, tokenise
from search.weights import AMOUNT, SYNONYM

KINDS = (*RECORD_KINDS, "law")
MAX_CHARS = 300
KIND_WORDS = {
    "案例": "case_study",
    "典型案例": "case_study",
    "基准": "benchmark",
    "裁量基准": "benchmark",
    "裁量权基准": "benchmark",
    "清单": "leniency",
    "三张清单": "leniency",
    "清单事项": "leniency",
    "用语": "phrase",
    "文明用语": "phrase",
    "话术": "phrase",
    "法条": "law",
    "条文": "law",
    "法律条文": "law",
}
_LAW_ENDS = ("法", "法典", "条例", "办法", "规定", "规则", "细则")
_PHRASE = re.compile(r"[“\"「『]([^“”\"「」『』]+)[”\"」』]")
# A lone amount: 3000, 三千元, 3.5万. Beside 以上, 以下 … it is a phrase of the law and keeps its weight.
_AMOUNT = re.compile(
    r"(?<![第百分之\d.A-Za-z])"
    r"(?:\d[\d,.]*[十百千万亿]*"
    r"|[一二两三四五六七八九十百千][一二两三四五六七八九十百千万亿]*[十百千万亿][一二三四五六七八九]?)"
    r"(?:余|多)?(?:元|块钱?)?"
    r"(?!以上|以下|不足|[\d条款项年月日名人个次])"
)
_AMOUNT_BEFORE = re.compile(r"(?:货值|金额|价值|所得|罚款|罚|数额|收入|款)\s*$")


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was read out of the query, as the page shows it."""

    type: str
    text: str
    meaning: str

    def to_dict(self) -> dict[str, str]:
        return {"type": self.type, "text": self.text, "meaning": self.meaning}


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    Args:
        weights: token → weight of everything that is searched as words.
        phrases: quoted texts; a hit holds all neighbouring pairs of each.
        law: official title of a law that is named without an article.
    """

    text: str
    weights: dict[int, float] = field(default_factory=dict)
    kind: str | None = None
    domain: str | None = None
    phrases: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    law: str = ""
    words: str = ""
    understood: tuple[Understood, ...] = ()


def understand(text: str, base: Snapshot, kind: str | None = None, domain: str | None = None) -> Query:
    """Read a query.

    Args:
        kind, domain: facets asked for outright; names in Chinese are understood too.

    Raises:
        WrongUse: nothing to search for, or an unknown kind or domain.
    """
    kind, domain = kind_of(kind), domain_of(domain)
    notes: list[Understood] = []
    if len(text) > MAX_CHARS:
        notes.append(Understood("cut", text[:10] + "…", f"内容较长，只按前{MAX_CHARS}字查找"))
        text = text[:MAX_CHARS]
    citations = tuple(c for c in parse_loose(text, base.laws) if c.article is not None)
    rest = _without(text, citations)
    phrases = tuple(m[1].strip() for m in _PHRASE.finditer(rest))
    notes += [Understood("phrase", p, f"须含“{p}”") for p in phrases]
    words = re.sub(r"[“”\"「」『』]", " ", rest).split()
    if kind is None and (named := [w for w in words if w in KIND_WORDS]):
        kind = KIND_WORDS[named[0]]
        words = [w for w in words if w != named[0]]
        notes.append(Understood("kind", named[0], KIND_NAMES[kind]))
    law = next((titles[0] for w in words if len(titles := _titles(w, base)) == 1), "")
    if law:
        notes.append(Understood("law", law, f"《{law}》"))
    said = " ".join(words)
    weights, amounts = _weigh(said)
    notes += amounts
    synonyms = list(_synonyms(said, base))
    notes += synonyms
    for meant in (law.removeprefix(COUNTRY), *(note.meaning for note in synonyms)):
        for key in tokenise(meant).keys.tolist():
            weights.setdefault(key, SYNONYM)
    if said:
        notes.append(Understood("words", said, "按词查找"))
    if not (said or citations or phrases or kind or domain):
        raise WrongUse("没有可查找的内容", hint="输入违法行为、法律条文（如 处罚法59条）或者文书用语")
    return Query(text, weights, kind, domain, phrases, citations, law, said, tuple(notes))


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


def _without(text: str, citations: tuple[Citation, ...]) -> str:
    """The text with citations blanked out."""
    for c in citations:
        text = text[: c.start] + " " * (c.end - c.start) + text[c.end :]
    return text


def _titles(word: str, base: Snapshot) -> list[str]:
    """The laws that a word of the query names for sure: 食品安全法, 食安法."""
    return titles_meant(word, base.laws) if len(word) > 2 and word.endswith(_LAW_ENDS) else []


def _amounts(said: str) -> Iterator[re.Match[str]]:
    """Lone amounts: in figures or with a unit of money, after 货值 and the like, or at the end of a word."""
    for m in _AMOUNT.finditer(said):
        ends = (said[m.end() :][:1] or " ").isspace()
        if m[0][0].isdigit() or m[0][-1] in "元块钱" or ends or _AMOUNT_BEFORE.search(said[: m.start()]):
            yield m


def _weigh(said: str) -> tuple[dict[int, float], list[Understood]]:
    tokens = tokenise(said)
    amounts = list(_amounts(said))
    weights: dict[int, float] = {}
    for key, start, end in zip(*(column.tolist() for column in tokens), strict=True):
        lone = any(start < m.end() and end > m.start() for m in amounts)
        weights[key] = max(weights.get(key, 0.0), AMOUNT if lone else 1.0)
    return weights, [Understood("amount", m[0], "金额，不作为主要查找词") for m in amounts]


def _synonyms(said: str, base: Snapshot) -> Iterator[Understood]:
    """What the law calls the things that were said; spaces between words don't matter."""
    folded = fold(said)
    joined = "".join(folded.split())
    for record in base.synonyms():
        for word in record.said:
            if fold(word) in folded or fold(word) in joined:
                yield Understood("synonym", word, "、".join(record.meant))
                break
