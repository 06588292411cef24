"""What a law repeals: titles in its 施行 clause, and the notices that stand in place of a repealed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from kb.importing.law_heads import days_in
from kb.importing.law_text import official_title
from kb.laws import Article, Repeal, clean_title

_STOP = re.compile(r"[。\n]")
_TITLE = re.compile(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
_END = re.compile(
    r"(?:（[^（）]*）|\([^()]*\))?"
    r"(?:，?(?:自|从|于)[^，。《》]{0,30}(?:起|日)|，)?(?:同时|即行|即|一律|一并|相应|都|均|全部|也|亦|予以|正式)*废止"
)
_JOIN = re.compile(r"(?:（[^（）《》]*）|\([^()《》]*\))?(?:[、，,和及与\s]|以及|同)*")
_PUBLISHED = re.compile(
    r"[^《》。；，]{0,80}(?:发布|公布|批准|颁布|通过|制定|印发|修订|修正|修改|施行|下发|所发)(?:施行|执行|试行)?的?"
    r"|[12]\d{3}年\d{1,2}月\d{1,2}日"
)
_BARE = re.compile(
    r"(?:发布|公布|颁布|批准|印发)(?:施行)?的"
    r"((?:中华人民共和国)?[\u4e00-\u9fff]{2,30}?(?:条例|办法|规定|细则|规则|决定|法))同时废止"
)
_NOTICE = re.compile(r"《([^《》]+)》自([^，。]{6,20}日)起施行，《([^《》]+)》同时废止")


def repeals_in(articles: Sequence[Article], by: str, day: date | None, source: str) -> tuple[Repeal, ...]:
    """Laws that the last articles repeal as a whole.

    A clause about single provisions (《甲》第三条同时废止), or on whatever is inconsistent, repeals no law.

    Args:
        by: the title of the law that repeals.
        day: its first day, used where the clause names none.
        source: where the clause stands, as shown to users.
    """
    found: dict[str, Repeal] = {}
    for article in articles[-5:]:
        text = article.full_text()
        for sentence in _STOP.split(text):
            for title in titles_repealed(sentence):
                when = _day_of(sentence, text) or day
                same = clean_title(title) == clean_title(by)
                if when and not same:
                    found.setdefault(title, Repeal(title, when, by, source))
    return tuple(found.values())


def titles_repealed(sentence: str) -> list[str]:
    """Titles a sentence repeals as a whole: the list that runs up to 废止."""
    if "废止" not in sentence:
        return []
    titles: list[str] = []
    marks = list(_TITLE.finditer(sentence))
    reach: int | None = None
    for m in reversed(marks):
        if _END.match(sentence, m.end()) or (reach is not None and _joined(sentence[m.end() : reach])):
            reach = m.start()
        else:
            reach = None
            continue
        titles.append(official_title(m[1]))
    titles.reverse()
    titles += [official_title(m[1]) for m in _BARE.finditer(sentence)]
    return titles


def _joined(between: str) -> bool:
    """Whether two titles stand in one list: only 、和及, or also 某年某机关发布的, between them."""
    rest = _JOIN.sub("", between, count=1)
    return not rest or bool(_PUBLISHED.fullmatch(rest))


def _day_of(sentence: str, text: str) -> date | None:
    """The day of the 施行 clause that the repeal hangs on: in its sentence, else in its article."""
    for place in (sentence, text):
        for m in re.finditer(
            r"(?:自|从|于)([^，。《》]{6,16}日)起?[^，。]{0,6}(?:施行|实施|生效|执行|废止)", place
        ):
            if days := days_in(m[1]):
                return days[0]
    return None


def read_notice(lines: Sequence[str], source: str) -> Iterator[Repeal]:
    """Read a page that only says what replaced a law."""
    for m in _NOTICE.finditer("".join(lines)):
        for day in days_in(m[2])[:1]:
            yield Repeal(official_title(m[3]), day, official_title(m[1]), source)
