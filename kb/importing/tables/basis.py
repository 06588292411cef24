"""A cell of 法律依据: the provisions it names, the text it quotes of them, and the fines that text sets.

Published tables print a citation and below it the whole article. The citation is what counts; the text is
compared with the loaded statute, and what it says of fines is the statutory range of the ladder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from kb.citation import Citation, canonical, format_citation, parse
from kb.citation.wording import Likeness, compare, length
from kb.errors import BadValue
from kb.importing.tables.amounts import Priced, read_priced
from kb.laws import LawBook, Standing, clean_title
from kb.money import find_fines
from kb.money.amounts import squeeze

_HEAD_END = re.compile(r"[：:]|\n|[ \u00a0]{2,}|　")
_NUMBERED = re.compile(r"^\s*(?:\d+[、.．)）]|[（(]\d+[)）]|[①-⑩])\s*")
_NEXT = re.compile(r"\s*(?:\d+[、.．)）]|[（(]\d+[)）]|[①-⑩])\s*《?$")  # the number before the next citation
_YEAR = re.compile(r"[（(](?P<year>\d{4})年?(?:第[一二三]次)?(?P<act>修订|修正|修改)?[)）]")
_FLAG = re.compile(
    r"(?P<flag>(?:经责令(?:限期)?改正[，,]?(?:但)?)?(?:逾期(?:仍|拒)?[不未没][^，。；：]{1,14}|拒不[^，。；：]{1,10}"
    r"|情节(?:特别)?严重|造成[^，。；：]{1,24}(?:后果|污染|破坏|事故|事件)|(?:没有|无)违法所得[^，。；：]{0,24}"
    r"|(?:违法所得|货值金额)[^，。；：]{0,8}(?:不足|不满|以上|超过)[^，。；：]{0,16})?)的?，"
)
_LISTED = re.compile(r"[\s、，,和及与或至；;《》]*(?:依据|根据|按照)?")
_LEAST = 12  # letters of a quoted text that are enough to compare it


@dataclass
class Basis:
    """What a cell says.

    Attributes:
        penalty: the provisions it names, in the form of the house.
        violated: the provisions its text says are violated (违反本法第十四条的规定).
        heads: the citations as printed, for the citation rules (year and 修订 notes included).
        quoted: the text of the provision as printed.
        statutory: (condition, fine) the text sets, in order; the condition is "" where there is none.
        slips: what was mended, one line each.
        differs: where the quoted text differs from the loaded one, one line each.
        notes: faults of the notes beside a title (2018年修订, where it was 修正), one line each.
    """

    penalty: list[str] = field(default_factory=list)
    violated: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    quoted: str = ""
    statutory: list[tuple[str, Priced]] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_basis(text: str, laws: LawBook, day: date, law: str = "") -> Basis:
    """Read one cell.

    Args:
        text: the cell.
        laws: what citations are bound to and compared with.
        day: the day whose text of the law is meant.
        law: the law the table or its column names, for a cell that begins with 第…条.
    """
    basis = Basis()
    if law and re.match(r"\s*第", text):
        text = f"《{law}》{text.lstrip()}"
    citations = parse(text, laws)
    heads = list(_heads(text, citations))
    for start, end, own in heads:
        basis.heads.append(text[start:end].strip())
        basis.penalty += [_written(c, laws, day, basis) for c in own]
    for c in _violated(text, citations, {c.start for _, _, own in heads for c in own}):
        above = [own[0] for _, end, own in heads if end <= c.start]
        if c.via == "self" and above:
            c = replace(c, law=above[-1].law, resolved=above[-1].resolved, via="title")
        basis.violated.append(_written(c, laws, day, basis))
    pieces = [text[end:stop] for (_, end, _), stop in zip(heads, _stops(heads, len(text)), strict=True)]
    pieces = [_NEXT.sub("", piece).strip(" 　：:\n") for piece in pieces]
    basis.quoted = "\n".join(pieces) if heads else text.strip()
    for (start, end, own), piece in zip(heads, pieces, strict=True):
        year = _YEAR.search(text, start, end)
        if year and own[0].resolved:
            basis.notes += _year_faults(own[0].resolved, year, laws)
        basis.differs += _differences(own, piece, laws, _printed_day(own[0], year, laws) or day)
    basis.statutory = list(statutory_of(basis.quoted))
    basis.penalty = list(dict.fromkeys(basis.penalty))
    basis.violated = list(dict.fromkeys(basis.violated))
    return basis


Head = tuple[int, int, list[Citation]]


def _heads(text: str, citations: list[Citation]) -> Iterator[Head]:
    """Each citation that opens a line, with those listed after it: (start, end, citations)."""
    taken = 0
    for c in citations:
        if c.start < taken or c.via not in ("title", "bare", "implied") or c.article is None:
            continue
        line = text.rfind("\n", 0, c.start) + 1
        before = _NUMBERED.sub("", text[line : c.start].replace("\u3000", " ")).strip(" 《，、和及；;")
        if before and not _HEAD_END.search(text[line : c.start].rstrip()[-1:]):
            continue
        end = _HEAD_END.search(text, c.end)
        stop = end.start() if end else len(text)
        own = [o for o in citations if c.start <= o.start < stop and not o.quoted and o.article is not None]
        listed = [own[0]]
        for o in own[1:]:  # 第一款、第二款: a list ends where other words begin
            if re.fullmatch(
                r"[\s、，,和及与或至；;《》]*(?:依据|根据|按照)?", text[listed[-1].end : o.start]
            ):
                listed.append(o)
        taken = max(stop if end else listed[-1].end, listed[-1].end)
        yield c.start, taken if end else listed[-1].end, listed


def _violated(text: str, citations: list[Citation], taken: set[int]) -> Iterator[Citation]:
    """违反本法第十四条第一款、第二款的规定: what the text says is violated, lists with all their members."""
    last: Citation | None = None
    for c in citations:
        if c.start in taken or c.article is None:
            last = None
        elif re.search(r"违反了?\s*$", text[: c.start]) or (
            last is not None and _LISTED.fullmatch(text[last.end : c.start])
        ):
            last = c
            yield c
        else:
            last = None


def _stops(heads: list[Head], total: int) -> list[int]:
    return [start for start, _, _ in heads[1:]] + [total] if heads else []


def _written(c: Citation, laws: LawBook, day: date, basis: Basis) -> str:
    """A citation in the form of the house; a title with stray marks is mended where only one law is meant."""
    if c.resolved is not None:
        if c.via == "bare" and "》" in c.marks:
            basis.slips.append(f"“{c.law}》”缺“《”，按《{c.resolved}》理解")
        return canonical(c, laws, day)
    title = clean_title(_YEAR.sub("", c.law))
    if match := next((m for n in (1, 2) if len(title) > 6 and (m := laws.match(title[:-n]))), None):
        basis.slips.append(
            f"法律名称“{title}”多了“{title.removeprefix(match.title) or title[-1]}”，按《{match.title}》理解"
        )
        title = match.title
    elif c.via == "bare" and "》" in c.marks:
        basis.slips.append(f"“{c.law}》”缺“《”，按《{title}》理解")
    assert c.article is not None  # heads have one
    return format_citation(title, c.article, c.article_suffix or 0, c.paragraph, c.item, c.subitem)


def statutory_of(text: str) -> Iterator[tuple[str, Priced]]:
    """The fines a provision's text sets, each with its condition (逾期不改正, 情节严重), "" for the first."""
    for sentence in re.split(r"(?<=[。；\n])", text):
        plain = squeeze(sentence)
        spans = find_fines(plain)
        for n, span in enumerate(spans):
            before = plain[spans[n - 1].end if n else 0 : span.start]
            flags = [m["flag"] for m in _FLAG.finditer(before) if m["flag"]]
            with suppress(BadValue):
                priced = read_priced(plain[span.start : span.end], span.fine, span.subject or before)
                if priced is not None and priced.fine.has_amount:
                    yield (flags[-1].removesuffix("的") if flags else ""), priced


# ---------------------------------------------------------------- the quoted text against the loaded one


def _printed_day(c: Citation, year: re.Match[str] | None, laws: LawBook) -> date | None:
    """The first day of the text that a note beside the title names (2018年修订)."""
    if year is None or c.resolved is None:
        return None
    meant = [v for v in laws.versions_of(c.resolved) if v.adopted and v.adopted.year == int(year["year"])]
    return meant[-1].from_ if meant else None


def _year_faults(title: str, year: re.Match[str], laws: LawBook) -> Iterator[str]:
    """2018年修订 where the law's own history says 修正; or a year of which it says nothing."""
    acts = {(h.day.year, h.act) for v in laws.versions_of(title) for h in v.history}
    known = {act for when, act in acts if when == int(year["year"])}
    if year["act"] in ("修订", "修正") and known & {"修订", "修正"} and year["act"] not in known:
        right = "、".join(sorted(known & {"修订", "修正"}))
        yield f"《{title}》{year['year']}年是{right}，不是{year['act']}"
    elif acts and not known and year["act"]:
        yield f"《{title}》的历次公布和修改中没有{year['year']}年"


def _differences(own: list[Citation], quoted: str, laws: LawBook, day: date) -> Iterator[str]:
    """Where the printed text of a provision says other words than the one loaded for the day."""
    if length(quoted) < _LEAST or not own:
        return
    texts = [_loaded(c, laws, day) for c in own]
    if not texts or any(t is None for t in texts):
        return
    found = compare(quoted.strip(), "\n".join(dict.fromkeys(t for t in texts if t)))
    if found.likeness is Likeness.OTHER:
        yield f"所印条文与载入的{own[0].text}不是同一条文字"
    elif found.likeness is Likeness.WORDING:
        # a table prints one item of a list and leaves the others out
        told = [c for c in found.changes if c.written or len(c.printed) <= _LEAST]
        changes = "；".join(str(change) for change in told[:3])
        more = f" 等 {len(told)} 处" if len(told) > 3 else ""
        if told:
            yield f"所印条文与载入的文字不同：{changes}{more}"


def _loaded(c: Citation, laws: LawBook, day: date) -> str | None:
    on = laws.on(c.resolved, day) if c.resolved else None
    if on is None or on.standing is not Standing.IN_FORCE or on.version is None or c.article is None:
        return None
    article = laws.article(on.version, c.article, c.article_suffix or 0)
    return article.full_text() if article is not None and article.has_text else None
