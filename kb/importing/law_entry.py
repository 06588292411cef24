"""One provision typed in by hand, for laws no file of which is at hand (`cailiang laws add`).

Most local regulations and sector procedure rules come in this way. What is typed in is attested by a second
person, and a citation of it says so: 人工核对（谁、何时、何处）.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.errors import BadValue
from kb.importing.law_paragraphs import number_of, paragraphs_of
from kb.importing.law_text import NUMERALS, Line, clean, official_title
from kb.laws import ATTESTED, LEVELS, Article, Item, LawVersion, Paragraph, format_structure

MOST_PARAGRAPHS = 100
_ARTICLE = re.compile(rf"第?\s*([{NUMERALS}]+|\d+)\s*条?(?:之([{NUMERALS}]+)|-(\d+))?")
_LEAD = re.compile(rf"^第[{NUMERALS}]+条(?:之[{NUMERALS}]+)?\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """The facts of one provision as they were typed in.

    Args:
        article: 第十二条, 12, 第十二条之一 or 12-1.
        items: how many 项 each 款 has, one number a 款; (0,) is an article of a single 款 without 项.
        text: the wording, a line each 款, 项 and 目; may be empty.
        source: where it was read: an address or a printed source.
        checked: the day it was read there.
        entered_by, attested_by: two different people.
    """

    title: str
    level: str
    article: str
    from_: date
    source: str
    checked: date
    entered_by: str
    attested_by: str
    items: Sequence[int] = ()
    text: str = ""
    to: date | None = None
    adopted: date | None = None
    issuer: str = ""
    number: str = ""


def enter(entry: Entry) -> tuple[LawVersion, list[Article]]:
    """A dated version and its one article from typed-in facts; the structure is taken from the text if given.

    Raises:
        BadValue: a fact that is missing or can't be, or a text whose structure is not the stated one.
    """
    title = official_title(entry.title)
    _require(title, "法的标题", "填写全称，如 某某省市容管理条例")
    _require(clean(entry.source), "来源", "填写网址或者书名、页码")
    _check_dates(entry)
    if entry.level not in LEVELS:
        raise BadValue(
            f"效力级别“{entry.level}”不在名录内", where="效力级别", hint="可用：" + "、".join(LEVELS)
        )
    number, suffix = _article_number(entry.article)
    paragraphs = _paragraphs(entry)
    attested = f"{ATTESTED}：{_attester(entry)}，{entry.checked}，{clean(entry.source)}"
    article = Article(number, suffix, paragraphs, note=attested, has_text=bool(entry.text.strip()))
    version = LawVersion(
        title=title,
        from_=entry.from_,
        from_basis="原文",
        to=entry.to,
        adopted=entry.adopted,
        level=entry.level,
        issuer=clean(entry.issuer),
        number=clean(entry.number),
        source=clean(entry.source),
        checked=entry.checked,
        has_text=article.has_text,
        attested_by=_attester(entry),
    )
    return version, [article]


def _require(value: str, name: str, hint: str) -> None:
    if not value:
        raise BadValue(f"缺少{name}", where=name, hint=hint)


def _attester(entry: Entry) -> str:
    entered, attested = ("".join(name.split()) for name in (entry.entered_by, entry.attested_by))
    _require(entered, "录入人", "填写录入人姓名")
    _require(attested, "核对人", "填写核对人姓名")
    if entered == attested:
        raise BadValue(f"核对人与录入人都是“{entered}”", where="核对人", hint="由另一人对照来源核对")
    return clean(entry.attested_by)


def _check_dates(entry: Entry) -> None:
    if entry.to and entry.to <= entry.from_:
        raise BadValue(
            f"失效日期 {entry.to} 不在施行日期 {entry.from_} 之后", where="失效日期", hint="核对两个日期"
        )
    if entry.adopted and entry.adopted > entry.from_:
        raise BadValue(
            f"通过日期 {entry.adopted} 晚于施行日期 {entry.from_}", where="通过日期", hint="核对两个日期"
        )


def _article_number(text: str) -> tuple[int, int]:
    m = _ARTICLE.fullmatch(clean(text))
    number = number_of(m[1]) if m else 0
    if not m or not number:
        raise BadValue(f"条号“{text[:30]}”认不出", where="条号", hint="写成 第十二条、12 或 12-1")
    return number, number_of(m[2] or m[3]) if m[2] or m[3] else 0


def _paragraphs(entry: Entry) -> tuple[Paragraph, ...]:
    counts = tuple(entry.items)
    if len(counts) > MOST_PARAGRAPHS or any(n < 0 or n > MOST_PARAGRAPHS for n in counts):
        raise BadValue("款、项的数目不合理", where="款项", hint="每款写一个数，为该款的项数，没有项写 0")
    text = _LEAD.sub("", clean(entry.text))
    lines = [Line(line) for raw in text.splitlines() if (line := clean(raw))]
    if not lines:
        _require("有" if counts else "", "款项", "每款写一个数，为该款的项数；只有一款且没有项写 0")
        return tuple(Paragraph("", tuple(Item(i) for i in range(1, n + 1))) for n in counts)
    paragraphs, _notes = paragraphs_of(lines)
    found = tuple(len(p.items) for p in paragraphs)
    if counts and counts != found:
        shown = format_structure([Article(1, 0, paragraphs)]).partition(":")[2]
        raise BadValue(
            f"款项数与条文不符：填写 {','.join(map(str, counts))}，条文为 {shown}",
            where="款项",
            hint="核对条文分行：每款、每项各占一行",
        )
    return paragraphs
