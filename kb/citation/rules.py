"""The faults of citations, one function a code (the field's own list: C1 …). Each registers itself.

否决: the paper cites what is not law that day. 扣分: a reviewer marks it down. 提示: look again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kb.citation.judge import GAP_RULES, RULES, Cited, GapRule, Rule
from kb.citation.model import Gap, Reading, format_citation
from kb.citation.resolve import Settled, settle, write
from kb.findings import Finding, Place
from kb.laws import COUNTRY, LawBook, Paragraph, Standing, clean_title

_NUMBERING = "《中华人民共和国立法法》第六十五条第二款"  # how 条 款 项 目 are numbered
_LAW_OF_THE_DAY = "《中华人民共和国行政处罚法》第三十七条"  # the law at the time of the act
_NO_BASIS = "《中华人民共和国行政处罚法》第三十八条第一款"  # a penalty without basis

# What introduces items of which one is enough


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register the rule for a code."""

    def register(function: Rule) -> Rule:
        RULES[code] = function
        return function

    return register


def gap_rule(code: str) -> Callable[[GapRule], GapRule]:
    """Register the rule for places that should cite and don't."""

    def register(function: GapRule) -> GapRule:
        GAP_RULES[code] = function
        return function

    return register


def _final(title: str, cited: Cited) -> str:
    """The citation under another title, levels as written."""
    c = cited.citation
    return format_citation(title, c.article or 0, c.article_suffix or 0, c.paragraph, c.item, c.subitem)


@rule("C0")
def unknown_law(cited: Cited) -> Iterator[Finding]:
    """A law that is not loaded: that is not the same as a law that does not exist."""
    c = cited.citation
    if c.resolved or c.law.startswith("本") or c.via == "pronoun" or _added_prefix(cited):
        return
    near = cited.near(c.law)
    hint = _final(near, cited) if near else ""
    message = f"《{c.law}》未载入，无法核对（未载入不等于不存在）"
    yield cited.finding("C0", "提示", message, hint)


@rule("C1")
def short_name(cited: Cited) -> Iterator[Finding]:
    """The name written is not the official title."""
    c = cited.citation
    if c.quoted or c.via == "implied":
        return
    if c.resolved is None:
        if c.law.startswith("本") or c.via == "pronoun":
            yield cited.finding("C1", "扣分", f"“{c.law}”指哪一部法律没有写明", "")
        return
    full = f"《{c.resolved}》"
    if c.via in ("defined", "pronoun", "self"):
        yield cited.finding("C1", "提示", f"违法、处罚和救济的依据应当重复写全称{full}")
    elif c.how == "prefix":
        yield cited.finding("C1", "扣分", f"法律名称缺少“{COUNTRY}”，应当写全称{full}")
    elif c.how == "alias":
        yield cited.finding("C1", "扣分", f"“{c.law}”是简称，应当写全称{full}")


@rule("C2")
def incomplete(cited: Cited) -> Iterator[Finding]:
    """款 or 项 is missing though the article has several. A range of articles is cited whole on purpose."""
    c, settled = cited.citation, cited.settled
    if settled is None or settled.article is None or settled.missing or c.quoted or c.ranged:
        return
    count = len(settled.article.paragraphs)
    name = format_citation("", c.article or 0, c.article_suffix or 0)
    if c.paragraph is None and count > 1:
        if settled.unsure:
            yield cited.finding("C2", "扣分", f"{name}有{count}款，且不止一款有项，应当写明第几款", "")
        elif c.item is not None:
            yield cited.finding("C2", "扣分", f"{name}有{count}款，应当写明第几款")
        else:
            yield cited.finding("C2", "扣分", f"{name}有{count}款，应当写明第几款（适用几款的逐款写明）", "")
    elif c.item is None and settled.body and settled.body.items:
        yield from _item_missing(cited, settled.body)


def _item_missing(cited: Cited, body: Paragraph) -> Iterator[Finding]:
    """Items cited as a whole: wrong where one of them applies; a hint where the text isn't known."""
    count = len(body.items)
    final = _one_level_down(cited)
    if body.cited_whole is None:
        yield cited.finding("C2", "提示", f"该款有{count}项，适用其中某项的应当写明", final)
    elif not body.cited_whole:
        yield cited.finding("C2", "扣分", f"该款有{count}项，应当写明适用第几项", final)


def _one_level_down(cited: Cited) -> str:
    return f"{cited.suggestion}第（×）项"


@rule("C3")
def needless_paragraph(cited: Cited) -> Iterator[Finding]:
    """款 written for an article of one paragraph."""
    c, settled = cited.citation, cited.settled
    if settled and settled.single and c.paragraph == 1 and not c.quoted and c.via != "implied":
        name = format_citation("", c.article or 0, c.article_suffix or 0)
        yield cited.finding("C3", "扣分", f"{name}只有一款，不写“第一款”")


@rule("C4")
def not_in_force(cited: Cited) -> Iterator[Finding]:
    """Repealed, not yet in force, or no text of that day loaded: three different answers."""
    on, day = cited.standing, cited.day
    if cited.unstored:
        name = _final(cited.citation.resolved or "", cited)
        yield cited.finding("C4", "提示", f"{name}未载入（未载入不等于不存在），录入后再核对", "")
    if on is None or day is None or on.standing is Standing.IN_FORCE:
        return
    if on.standing is Standing.REPEALED:
        by = f"，由《{on.by}》替代" if on.by else ""
        message = f"《{on.title}》自{on.changed_on}起不再有效{by}，{day}不能适用"
        yield cited.finding("C4", "否决", message, f"《{on.by}》" if on.by else "", _LAW_OF_THE_DAY)
    elif on.standing is Standing.NOT_YET:
        message = f"《{on.title}》自{on.changed_on}起施行，{day}尚未施行"
        yield cited.finding("C4", "否决", message, "", _LAW_OF_THE_DAY)
    else:
        yield cited.finding("C4", "提示", f"《{on.title}》{day}的文本未载入，无法核对条款项")


@rule("C5")
def old_number(cited: Cited) -> Iterator[Finding]:
    """The provision is missing on the day but stands in another version: perhaps an old or a later number."""
    c, settled = cited.citation, cited.settled
    if settled is None or not settled.missing or not c.resolved or c.article is None:
        return
    for version in cited.book.versions_of(c.resolved):
        if version.key == (cited.version.key if cited.version else None):
            continue
        article = cited.book.article(version, c.article, c.article_suffix or 0)
        if article is not None and not settle(c, article).missing:
            since = f"{version.from_}起的" if version.from_ else "另一"
            message = f"{_name(cited)}见于{since}版本，条号可能已经变动"
            yield cited.finding("C5", "扣分", message, "")
            return


@rule("C10")
def arabic_numerals(cited: Cited) -> Iterator[Finding]:
    """第59条 in a formal paper; 目 is the only level numbered in Arabic numerals."""
    c = cited.citation
    if c.arabic and not c.quoted:
        yield cited.finding("C10", "扣分", "条、款、项的序号应当用中文数字", basis=_NUMBERING)


@rule("C11")
def marks_and_prefix(cited: Cited) -> Iterator[Finding]:
    """Wrong or missing book-title marks; 中华人民共和国 added where the title has none."""
    c = cited.citation
    if c.quoted:
        return
    if official := _added_prefix(cited):
        message = f"法律名称没有“{COUNTRY}”，正式名称是《{official}》"
        yield cited.finding("C11", "扣分", message, _final(official, cited))
    if c.via in ("bare", "defined") and c.marks != "《》":
        if c.marks:
            yield cited.finding("C11", "扣分", f"法律名称应当用《》，不用“{c.marks}”")
        elif c.via == "bare":
            yield cited.finding("C11", "扣分", "法律名称应当加书名号《》")


def _added_prefix(cited: Cited) -> str:
    """The official title where only a needless 中华人民共和国 was put before it. Suggested, never bound."""
    c = cited.citation
    name = clean_title(c.law)
    if c.resolved or not name.startswith(COUNTRY):
        return ""
    match = cited.book.match(name.removeprefix(COUNTRY))
    return match.title if match and match.how == "official" else ""


@rule("C17")
def does_not_exist(cited: Cited) -> Iterator[Finding]:
    """条, 款, 项 or 目 that the version in force on the day does not have."""
    settled = cited.settled
    if settled is None or not settled.missing:
        return
    message = f"{cited.day}有效的文本没有{_name(cited)}"
    if settled.article is not None and settled.missing == "款":
        message += f"（该条共{len(settled.article.paragraphs)}款）"
    elif settled.missing == "项" and settled.body is not None:
        count = len(settled.body.items)
        message += f"（该款共{count}项）" if count else "（该款不分项）"
    yield cited.finding("C17", "否决", message, "", _NO_BASIS)


def _name(cited: Cited) -> str:
    return write(cited.citation, cited.settled or Settled(None))


# ---------------------------------------------------------------- places that should cite and don't


def _at(gap: Gap, code: str, message: str, suggestion: str = "") -> Finding:
    return Finding(code, "扣分", message, gap.text, Place(start=gap.start, end=gap.end), suggestion)


@gap_rule("C1")
def no_law_named(reading: Reading, book: LawBook, day: date | None) -> Iterable[Finding]:
    """A provision that hangs on no law: 依据第一百二十二条第一款的规定."""
    for gap in reading.gaps:
        if gap.kind == "no_law":
            yield _at(gap, "C1", "没有写明是哪一部法律的条款，应当写出加《》的全称")


@gap_rule("C2")
def no_article_named(reading: Reading, book: LawBook, day: date | None) -> Iterable[Finding]:
    """违反《…》的规定, with no article."""
    for gap in reading.gaps:
        if gap.kind == "no_article":
            yield _at(gap, "C2", "只写了法律名称，应当写明条、款、项", f"《{gap.resolved}》第×条")


@gap_rule("C7")
def catch_all(reading: Reading, book: LawBook, day: date | None) -> Iterable[Finding]:
    """等有关规定, 等法律规定: a basis nobody can check."""
    for gap in reading.gaps:
        if gap.kind == "catch_all":
            words = "".join(gap.text.split())
            yield _at(gap, "C7", f"不能用“{words}”概括，应当逐条写明所依据的条款项")
