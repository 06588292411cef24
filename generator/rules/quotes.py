"""Q1 to Q3: what a paper gives between quotation marks as the wording of a provision.

Only wording that is loaded for the day is compared; a law known by its structure alone judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.docx_text import Line
from generator.paper import Paper
from generator.rules import rule
from kb.citation import Citation, format_citation
from kb.citation.quotes import OPENING, Quotation, goes_on, quotes_of
from kb.citation.wording import SHORT, Comparison, Likeness, compare, find_quoted, length
from kb.findings import Finding
from kb.laws import Article, LawVersion

_FOLLOWING = 40  # paragraphs that a quotation may go on over
_SHOWN = 3  # differences named in one message
_MOST = 200  # characters of a suggestion


@rule("quotes", always=True)
def quotes(paper: Paper) -> Iterator[Finding]:
    for n, line in enumerate(paper.lines):
        if "条" not in line.text or not OPENING.search(line.text):
            continue
        citations = paper.citations(line)
        for quotation in quotes_of(_with_following(paper.lines, n), citations):
            if length(quotation.text) >= SHORT and (found := _judged(paper, quotation)):
                end = min(quotation.end, len(line.text))
                place = replace(line.place, start=quotation.start, end=end)
                yield replace(found, text=line.text[quotation.start : end], place=place)


def _with_following(lines: Sequence[Line], n: int) -> str:
    """A paragraph, with those of the same story that go on with a quotation it leaves open."""
    text, place = lines[n].text, lines[n].place
    if not goes_on(text):
        return text
    for line in lines[n + 1 : n + 1 + _FOLLOWING]:
        if (line.place.part, line.place.cell) != (place.part, place.cell):
            break
        text += "\n" + line.text
        if not goes_on(text):
            break
    return text


def _judged(paper: Paper, quotation: Quotation) -> Finding | None:
    """The first thing wrong with a quotation, worst first; None also where the wording is not loaded."""
    clauses = [paper.clause(c) for c in quotation.citations]
    if not all(clauses):
        return None
    found = compare(quotation.text, _joined(clauses))
    if not found.same_words:
        whole = compare(quotation.text, _joined(paper.clause(_article_of(c)) for c in quotation.citations))
        if whole.same_words:
            return _elsewhere(paper, quotation)
        found = max(found, whole, key=lambda c: c.share)
        if today := _version(paper, quotation.citations[0]):
            if other := find_quoted(quotation.text, paper.base.laws.articles(today).values()):
                return _not_that(quotation, today, other)
            if version := _other_text(paper, quotation, today):
                return _outdated(paper, quotation, version, found)
    return _differs(quotation, found)


def _differs(quotation: Quotation, found: Comparison) -> Finding | None:
    name = _name(quotation)
    if found.likeness is Likeness.WORDING:
        shown = "；".join(map(str, found.changes[:_SHOWN]))
        more = f"等{len(found.changes)}处" if len(found.changes) > _SHOWN else ""
        return Finding("Q1", "扣分", f"引文与{name}的条文不一致：{shown}{more}", suggestion=_printed(found))
    if found.likeness is Likeness.MARKS:
        message = f"引文与{name}的条文只有标点或者全半角不同：{found.changes[0]}"
        return Finding("Q3", "提示", message, suggestion=_printed(found))
    if found.likeness is Likeness.OTHER and quotation.certain:
        hint = "核对条号；不是条文原文的，不加引号"
        return Finding("Q2", "否决", f"引号内的文字不是{name}的条文", suggestion=hint)
    return None


def _not_that(quotation: Quotation, law: LawVersion, other: Article) -> Finding:
    final = format_citation(law.title, other.number, other.suffix, _paragraph(other, quotation))
    message = f"引号内的文字不是{_name(quotation)}的条文，而是{final}的"
    return Finding("Q2", "否决", message, suggestion=final)


def _other_text(paper: Paper, quotation: Quotation, today: LawVersion) -> LawVersion | None:
    """The version of another time to whose text of the article the quotation is true."""
    cited, book = quotation.citations[0], paper.base.laws
    for version in book.versions_of(today.title):
        article = book.article(version, cited.article or 0, cited.article_suffix or 0)
        if version.key != today.key and article and find_quoted(quotation.text, [article]):
            return version
    return None


def _outdated(paper: Paper, quotation: Quotation, version: LawVersion, found: Comparison) -> Finding | None:
    """None where the law changed between act and decision: then either text may be quoted (第三十七条)."""
    if any(day and version.covers(day) for day in (paper.days.act, paper.days.decided)):
        return None
    since = version.from_ or version.adopted
    which = f"{since.year}年{since.month}月{since.day}日起的文本" if since else "另一时间的文本"
    message = f"引文是{which}的写法，不是{_name(quotation)}在所涉日期的条文"
    return Finding("Q1", "扣分", message, suggestion=_printed(found))


def _elsewhere(paper: Paper, quotation: Quotation) -> Finding | None:
    """True words of the article, of which another 款 or 项 is cited; None where they span several."""
    cited = quotation.citations[0]
    version = _version(paper, cited)
    article = version and paper.base.laws.article(version, cited.article or 0, cited.article_suffix or 0)
    if not version or not article or len(quotation.citations) > 1:
        return None
    for number, paragraph in enumerate(article.paragraphs, 1):
        shown = number if len(article.paragraphs) > 1 else None
        for item in (None, *paragraph.items):
            text = f"{paragraph.text}\n{item.text}" if item else paragraph.text
            if compare(quotation.text, text).same_words:
                which = item.number if item else None
                final = format_citation(version.title, article.number, article.suffix, shown, which)
                message = f"引号内的文字不是{_name(quotation)}的，而是{final}的"
                return Finding("Q2", "否决", message, suggestion=final)
    return None


def _paragraph(article: Article, quotation: Quotation) -> int | None:
    """Which 款 of an article of several holds the words; None where the article has one, or none does."""
    paragraphs = article.paragraphs if len(article.paragraphs) > 1 else ()
    texts = (p.full_text() for p in paragraphs)
    return next((n for n, text in enumerate(texts, 1) if compare(quotation.text, text).same_words), None)


def _version(paper: Paper, citation: Citation) -> LawVersion | None:
    day = paper.day_of(citation)
    return paper.base.laws.on(citation.resolved, day).version if citation.resolved and day else None


def _article_of(citation: Citation) -> Citation:
    return replace(citation, paragraph=None, item=None, subitem=None)


def _joined(texts: Iterator[str] | Sequence[str]) -> str:
    """Several provisions as one text; the words before the items of a list stand once."""
    return "\n".join(dict.fromkeys(row for text in texts for row in text.splitlines()))


def _name(quotation: Quotation) -> str:
    c = quotation.citations[-1]
    title = c.resolved or c.law
    return format_citation(title, c.article or 0, c.article_suffix or 0, c.paragraph, c.item, c.subitem)


def _printed(found: Comparison) -> str:
    """The words of the provision, where they are few enough to be put in the place of the quotation."""
    return found.printed if len(found.printed) <= _MOST else ""
