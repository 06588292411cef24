"""What a paper says that its sister papers must say too: numbers, party, provisions, sums, days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from generator.catalogue import DocumentType, document_type
from generator.days import DAY, place_of, read_day
from generator.docx_text import Line
from generator.impositions import Piece, impositions
from generator.paper import Paper
from generator.recognise import head
from kb.citation import Citation
from kb.errors import NotFound
from kb.findings import Place

V = TypeVar("V")

_NOTE = r"[（(][一-龥]{1,6}[）)]"
# 示综执罚〔2026〕5号, （示）应急罚〔2026〕综合-15号, 示农（农药）罚〔2026〕3号
NUMBER = re.compile(
    rf"(?P<code>(?:{_NOTE})?[一-龥A-Za-z]{{1,20}}?(?:{_NOTE}[一-龥A-Za-z]{{1,10}}?)?)\s*"
    r"[〔\[［【(（](?P<year>\d{4})[〕\]］】)）]\s*(?:第\s*)?(?P<series>[一-龥A-Z]{1,6}[-－—])?0*(?P<n>\d+)\s*号"
)
_OWN_PREFIX = r"(?:编号|文号|案号|文书编号|No\.?)?\s*[:：]?\s*"
_OWN_NUMBER = re.compile(rf"^\s*{_OWN_PREFIX}(?P<number>{NUMBER.pattern})\s*$")
_NAMED_BEFORE = re.compile(r"(?:《(?P<title>[^《》]+)》|(?P<plain>[一-龥]{4,12}(?:书|回证|单)))\s*[（(]?\s*$")
_NAMED_AFTER = re.compile(r"^\s*[）)]?\s*《?(?P<title>[一-龥]{4,12}书)")

_PARTY = r"(?:当事人|被处罚人|被处罚单位|受送达人|行政相对人)(?:（[^）]{1,8}）)?(?:名称|姓名)?"
_CODE = r"统一社会信用代码(?:（[^）]{1,10}）)?"
_IDENTITY = r"(?:(?:居民)?身份证|证件)(?:件)?号码?"
_OPERATOR = r"经营者(?:姓名)?"
_DELIVERED = r"送达(?:时间|日期)"
LABELS = {
    "party": _PARTY,
    "code": _CODE,
    "identity": _IDENTITY,
    "operator": _OPERATOR,
    "delivered": _DELIVERED,
}
_LABEL = {name: re.compile(rf"^{pattern}$") for name, pattern in LABELS.items()}
_LABELLED = {
    name: re.compile(rf"(?:^|[\s　，,；;]){pattern}\s*[:：]\s*(?P<value>[^\s　，,；;。]+)")
    for name, pattern in LABELS.items()
}
_SUBLABEL = re.compile(r"^(?:单位|个人|自然人|公民|法人(?:或者?其他组织)?|(?:单位)?名称|姓名)$")
_ADDRESSEE = re.compile(
    r"^\s*(?P<value>(?![你经现依])[^：:，。；\s（）()]{2,40}(?:[（(][^（）()]*[）)])?)\s*[：:]\s*$"
)
_OPERATOR_NOTE = re.compile(r"[（(](?:经营者|负责人|法定代表人)[:：]?\s*(?P<name>[^）)]+)[）)]")
_SPACES = re.compile(r"\s+")

_VIOLATES = re.compile(r"违反[^。；]*?(?:的规定|之规定|规定|[。；]|$)")
_FILED = re.compile(rf"{DAY.pattern}[^，。；]{{0,8}}立案")
_SERVED = re.compile(rf"{DAY.pattern}[^。]{{0,20}}送达[^。]{{0,40}}告知书")
_REPLY_BY = re.compile(rf"{DAY.pattern}\s*(?:（[^）]*）)?\s*前")
_ANSWERED = re.compile(r"(?<!未)提出(?:了)?(?:书面|口头)?(?:的)?(?:陈述|申辩|异议)|放弃[^。]{0,8}陈述|复核")


@dataclass(frozen=True, slots=True)
class Said(Generic[V]):
    """A value, the words that say it, and where they stand."""

    value: V
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reference:
    """Another paper of the case that this one names by its number; ``kind`` None: of no known type."""

    kind: DocumentType | None
    number: Said[str]


@dataclass(frozen=True, slots=True)
class Particulars:
    """What one paper says; empty or None where it says nothing.

    ``party`` is the name as headed, ``others`` the names that mean the same (the operator of a shop).
    ``served``: the day it says the notice was served; ``delivered``: the day a receipt bears.
    ``answered``: it reports a statement or a waiver.
    """

    number: Said[str] | None
    refers: tuple[Reference, ...]
    party: Said[str] | None
    others: frozenset[str]
    code: Said[str] | None
    identity: Said[str] | None
    violated: tuple[Said[str], ...]
    basis: tuple[Said[str], ...]
    fines: tuple[Said[Decimal], ...]
    taken: tuple[Said[Decimal], ...]
    day: Said[date] | None
    filed: Said[date] | None
    served: Said[date] | None
    reply_by: Said[date] | None
    delivered: Said[date] | None
    answered: bool


def particulars(paper: Paper) -> Particulars:
    """Read them all."""
    imposed = impositions(paper)
    number = _own_number(paper.lines)
    party, others = _party(paper)
    own = paper.own_day
    signed = read_day(own[1]) if own else None
    return Particulars(
        number=number,
        refers=tuple(_references(paper.lines, number)),
        party=party,
        others=others,
        code=next(labelled(paper.lines, "code"), None),
        identity=next(labelled(paper.lines, "identity"), None),
        violated=tuple(_violated(paper)),
        basis=tuple(_cite(paper, i.line, c) for i in imposed for c in i.citations),
        fines=tuple(_sum(p, s.start, s.end, s.amount) for i in imposed for p, s in i.fines()),
        taken=tuple(_sum(p, s.start, s.end, s.amount) for i in imposed for p, s in i.taken()),
        day=Said(signed, own[1][0].strip(), place_of(*own)) if own and signed else None,
        filed=_day(paper, _FILED),
        served=_day(paper, _SERVED),
        reply_by=_day(paper, _REPLY_BY) if paper.type == "prior_notice" else None,
        delivered=_delivered(paper),
        answered=paper.has(_ANSWERED, ""),
    )


# ---------------------------------------------------------------- numbers


def number_text(match: re.Match[str]) -> str:
    """示综执罚〔2026〕5号, whatever its brackets and zeros."""
    return f"{match['code']}〔{match['year']}〕{match['series'] or ''}{match['n']}号"


def same_number(one: str, other: str) -> bool:
    """Running words may have stuck to the front of one of them."""
    return one.endswith(other) or other.endswith(one)


def _own_number(lines: Sequence[Line]) -> Said[str] | None:
    for line in head(lines):
        if match := _OWN_NUMBER.match(line.text):
            return Said(number_text(match), match["number"], place_of(line, match, "number"))
    return None


def _references(lines: Sequence[Line], own: Said[str] | None) -> Iterator[Reference]:
    for line in lines:
        for match in NUMBER.finditer(line.text):
            name = _NAMED_BEFORE.search(line.text[: match.start()])
            named = (name["title"] or name["plain"]) if name else ""
            if not named and (after := _NAMED_AFTER.match(line.text[match.end() :])):
                named = after["title"]
            said = Said(number_text(match), match[0], place_of(line, match))
            if named and not (own and said.place == own.place):
                yield Reference(_kind(named), said)


def _kind(name: str) -> DocumentType | None:
    try:
        return document_type(name)
    except NotFound:
        return None


# ---------------------------------------------------------------- party


def labelled(lines: Sequence[Line], name: str) -> Iterator[Said[str]]:
    """The values of a label of `LABELS`: 当事人：…, or the cell beside a cell that holds the label alone."""
    for n, line in enumerate(lines):
        if match := _LABELLED[name].search(line.text):
            yield Said(match["value"], match["value"], place_of(line, match, "value"))
        elif line.place.cell and _LABEL[name].match(_SPACES.sub("", line.text)):
            beside = _beside(lines, n)
            text = beside.text.strip() if beside else ""
            if beside and text:
                at = beside.text.index(text)
                yield Said(text, text, replace(beside.place, start=at, end=at + len(text)))


def _beside(lines: Sequence[Line], n: int) -> Line | None:
    """The cell after a label and what divides it: 当事人 | 单位 | 名称 | 示例商店."""
    for before, line in zip(lines[n:], lines[n + 1 :], strict=False):
        if line.place.cell in (None, before.place.cell):
            return None
        if not _SUBLABEL.match(_SPACES.sub("", line.text)):
            return line
    return None


def _party(paper: Paper) -> tuple[Said[str] | None, frozenset[str]]:
    lines = paper.lines
    named = next(labelled(lines, "party"), None)
    if named is None and _to_the_party(paper.kind):
        found = ((line, _ADDRESSEE.match(line.text)) for line in head(lines))
        named = next((Said(m["value"], m["value"], place_of(li, m, "value")) for li, m in found if m), None)
    others = {said.value for said in labelled(lines, "operator")}
    if named is None:
        return None, frozenset(others)
    others |= {m["name"] for m in _OPERATOR_NOTE.finditer(named.value)}
    return replace(named, value=_OPERATOR_NOTE.sub("", named.value)), frozenset(others)


def _to_the_party(kind: DocumentType | None) -> bool:
    """Whether the one a letter addresses is the party; another organ or a laboratory isn't."""
    return kind is None or (kind.party != "none" and (not kind.copies or "当事人" in kind.copies))


# ---------------------------------------------------------------- provisions, sums, days


def _violated(paper: Paper) -> Iterator[Said[str]]:
    for line, match in paper.find(_VIOLATES, "违反"):
        for citation in paper.citations(line):
            inside = match.start() <= citation.start < match.end() and not citation.quoted
            if inside and citation.article and citation.resolved not in paper.procedural:
                yield _cite(paper, line, citation)


def _delivered(paper: Paper) -> Said[date] | None:
    said = next(labelled(paper.lines, "delivered"), None)
    match = DAY.match(said.value) if said else None
    day = read_day(match) if match else None
    return Said(day, said.text, said.place) if said and day else None


def _cite(paper: Paper, line: Line, citation: Citation) -> Said[str]:
    place = replace(line.place, start=citation.start, end=citation.end)
    return Said(paper.final(citation), citation.text, place)


def _sum(piece: Piece, start: int, end: int, amount: Decimal) -> Said[Decimal]:
    place = replace(piece.line.place, start=piece.start + start, end=piece.start + end)
    return Said(amount, piece.text[start:end], place)


def _day(paper: Paper, pattern: re.Pattern[str]) -> Said[date] | None:
    for line, match in paper.find(pattern, "日"):
        day = read_day(match)
        if day is not None:
            start, end = match.start(), match.end("d") + 1
            return Said(day, line.text[start:end], replace(line.place, start=start, end=end))
    return None
