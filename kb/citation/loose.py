"""Citations as people type them into a search box: 处罚法59条, 食安法122, 食品安全法 122条第1款, 法典1102.

Looser than `parse` in form, not in binding: a name that could mean two laws binds to none.
"""

from __future__ import annotations

import re

from kb.citation import grammar as g
from kb.citation.model import Citation
from kb.citation.parse import parse
from kb.errors import BadValue
from kb.laws import COUNTRY, Article, LawBook, clean_title
from kb.numerals import to_int

MAX_TYPED = 200
MOST_MEMBERS = 99  # a number beyond that, standing alone, is an amount and no 款 or 项
# A bare 法典 means these, in this order.
CODES = ("中华人民共和国生态环境法典", "中华人民共和国民法典")
# Short names of everyday use that no rule can tell from others; used only where the title is loaded.
COMMON = {
    "处罚法": "行政处罚法",
    "强制法": "行政强制法",
    "复议法": "行政复议法",
    "诉讼法": "行政诉讼法",
    "行诉法": "行政诉讼法",
    "民诉法": "民事诉讼法",
    "刑诉法": "刑事诉讼法",
    "许可法": "行政许可法",
    "治安法": "治安管理处罚法",
    "食安法": "食品安全法",
    "环保法": "环境保护法",
    "土地法": "土地管理法",
    "反法": "反不正当竞争法",
    "消法": "消费者权益保护法",
    "消保法": "消费者权益保护法",
    "道交法": "道路交通安全法",
}


def parse_loose(text: str, book: LawBook) -> list[Citation]:
    """The citations in what an officer typed; several where a name means several laws (法典).

    Args:
        text: the words typed; spans are exact, so a caller can cut them out.
        book: the laws; a name binds only if it means one of them.
    """
    text = text[:MAX_TYPED]
    strict = [c for c in parse(text, book) if c.resolved]
    if strict:
        return [_with_levels(text, c, book) for c in strict]
    out: list[Citation] = []
    pos = 0
    while m := g.TYPED.search(text, pos):
        found = _typed(text, m, book)
        out += found
        pos = found[0].end if found else m.end()
    return out


def titles_meant(name: str, book: LawBook) -> list[str]:
    """The official titles that a typed name means for sure: one, none, or the two codes of a bare 法典."""
    name = clean_title(name)
    if name == "法典":
        return [t for t in CODES if book.versions_of(t)]
    match = book.match(name)
    if match:
        return [match.title]
    common = COMMON.get(name)
    if common and book.versions_of(COUNTRY + common):
        return [COUNTRY + common]
    stems = {t: t.removeprefix(COUNTRY) for t in book.titles()}
    # 防治法 shortens 防沙治沙法 by its letters, but ends a dozen other titles: it means none of them.
    candidates = [t for t, stem in stems.items() if _abbreviates(name, stem) or stem.endswith(name)]
    return candidates if len(candidates) == 1 and _abbreviates(name, stems[candidates[0]]) else []


def _abbreviates(name: str, stem: str) -> bool:
    """Whether a name keeps the stem's first character, some others in order, and the whole kind of law.

    食安法 → 食品安全法; a name that drops the beginning (处罚法) or the kind never counts.
    """
    kind = next((k for k in ("法典", "条例", "办法", "规定", "规则", "法") if name.endswith(k)), "")
    if not kind or not stem.endswith(kind) or len(name) < len(kind) + 2 or name[0] != stem[0]:
        return False
    if kind == "法" and stem.endswith(("办法", "法典")):
        return False
    rest = iter(stem[: -len(kind)])
    return all(c in rest for c in name[: -len(kind)])


def _with_levels(text: str, c: Citation, book: LawBook) -> Citation:
    """A whole citation with the numbers that were typed behind it: 《食品安全法》第124条 一 五."""
    if not c.article or c.paragraph or c.item or not c.resolved:
        return c
    longer = _levels(
        text, c.start, c.end, c.law or c.resolved, c.resolved, c.article, c.article_suffix or 0, book
    )
    return longer if longer.end > c.end else c


def _typed(text: str, m: re.Match[str], book: LawBook) -> list[Citation]:
    for skip in _beginnings(m["name"]):
        name, start = m["name"][skip:], m.start() + skip
        titles = titles_meant(name, book) if len(name) > 1 else []
        if titles:
            break
    else:
        return []
    try:
        article, suffix = to_int(m["article"]), to_int(m["suffix"]) if m["suffix"] else 0
        return [_levels(text, start, m.end(), name, t, article, suffix, book) for t in titles]
    except BadValue:
        return []


def _beginnings(name: str) -> list[int]:
    """Where the name of a law may begin in what stands before its article.

    At once (some titles begin with 违反 or hold a 、), behind such a word, or behind another law.
    """
    lead = g.TYPED_LEAD.match(name)
    return list(dict.fromkeys((0, lead.end() if lead else 0, name.rfind("、") + 1)))


def _levels(
    text: str, start: int, end: int, law: str, title: str, article: int, suffix: int, book: LawBook
) -> Citation:
    """Read 款, 项, 目 after the article; a number without a word goes where the article has room for it."""
    versions = book.versions_of(title)
    known = book.article(versions[-1], article, suffix) if versions else None
    levels: dict[str, int] = {}
    while m := g.TYPED_LEVEL.match(text, end):
        word = m["word"] or m["bword"] or _next_level(levels, known, m["bracket"] or "")
        if m["lone"] and to_int(m["lone"]) > MOST_MEMBERS:
            break
        if not word or any("款项目".index(word) <= "款项目".index(w) for w in levels):
            break
        levels[word] = to_int(m["number"] or m["bracket"] or m["lone"])
        end = m.end()
    return Citation(
        text=text[start:end],
        start=start,
        end=end,
        law=law,
        resolved=title,
        article=article,
        article_suffix=suffix or None,
        paragraph=levels.get("款"),
        item=levels.get("项"),
        subitem=levels.get("目"),
        how="alias",
        via="typed",
    )


def _next_level(levels: dict[str, int], article: Article | None, bracket: str) -> str:
    """款 first, 项 after it; 项 at once in an article of one paragraph, or where （一） is in Chinese."""
    if "项" in levels:
        return "目"
    single = article is not None and len(article.paragraphs) == 1
    chinese = bool(bracket) and not bracket.isdigit()
    return "项" if "款" in levels or single or chinese else "款"
