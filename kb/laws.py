"""Laws: titles, versions, article structure, and the law on a given day.

Nothing here asks for "the law"; everything asks for the law on a day (law 2 of the house). A day for which
no text is loaded is answered `Standing.NOT_LOADED`, which is neither "exists" nor "doesn't".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kb.errors import BadRecord

COUNTRY = "中华人民共和国"
ATTESTED = "人工核对"
"""How the note of an article entered by hand begins; who attested it, when, and where it was read follow."""
LEVELS = (
    "宪法",
    "法律",
    "行政法规",
    "监察法规",
    "地方性法规",
    "自治条例和单行条例",
    "部门规章",
    "地方政府规章",
    "司法解释",
    "规范性文件",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One 项: its number (（一） is 1), its text if loaded, and the texts of its 目."""

    number: int
    text: str = ""
    subitems: tuple[str, ...] = ()


_ONE_OF = re.compile(r"之一|(?:禁止|不得)[^。：]{0,40}[下以][列下]|[下以][列下][^。：]{0,30}(?:禁止|不得)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One 款: the text before its items, and its items in order.

    ``whole``: of a paragraph without its text, that it may be cited without an item.
    """

    text: str = ""
    items: tuple[Item, ...] = ()
    whole: bool = False

    @property
    def cited_whole(self) -> bool | None:
        """Whether it may be cited without an item; None where neither text nor structure says so.

        Not where one of the items applies (之一, 禁止下列行为); rightly where all do (下列条件), or where
        what stands before them is enough by itself (违反第…条，或者有下列行为之一).
        """
        if not self.text:
            return True if self.whole or not self.items else None
        return not self.items or "或者有下列" in self.text or not _ONE_OF.search(self.text)

    def item(self, number: int) -> Item | None:
        return next((i for i in self.items if i.number == number), None)

    def full_text(self) -> str:
        """The paragraph as printed: its text, then each item (with 目) on its own line."""
        lines = [self.text]
        for item in self.items:
            lines.append(item.text)
            lines.extend(item.subitems)
        return "\n".join(line for line in lines if line)


def article_key(number: int, suffix: int = 0) -> str:
    """``59`` or ``120-1``."""
    return f"{number}-{suffix}" if suffix else str(number)


@dataclass(frozen=True, slots=True)
class Article:
    """One 条 (kind ``article``) or one 一、 of an instrument numbered that way (kind ``point``).

    ``suffix`` is N of 之N (第一百二十条之一 is number 120, suffix 1); 0 where there is none.
    """

    number: int
    suffix: int = 0
    paragraphs: tuple[Paragraph, ...] = ()
    kind: str = "article"
    chapter: str = ""
    note: str = ""
    has_text: bool = False
    entry: int = 0

    @property
    def key(self) -> str:
        """``59`` or ``120-1``: the last part of a law article's id."""
        return article_key(self.number, self.suffix)

    @property
    def attested(self) -> bool:
        """Whether it was entered by hand and attested by a second person."""
        return self.note.startswith(ATTESTED)

    def full_text(self) -> str:
        return "\n".join(p.full_text() for p in self.paragraphs)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the head: a day, what happened (通过/公布/修订/修正/批准 …), and the line itself."""

    day: date
    act: str
    text: str


@dataclass(frozen=True, slots=True)
class LawVersion:
    """One dated text of a law. ``to`` is the first day no longer in force; None while open.

    ``from_basis`` is 原文, 版本表 or 推定 (design.md §5). ``key`` identifies it in the store.
    """

    title: str
    from_: date | None
    from_basis: str = "推定"
    to: date | None = None
    adopted: date | None = None
    level: str = "法律"
    issuer: str = ""
    number: str = ""
    history: tuple[HistoryLine, ...] = ()
    aliases: tuple[str, ...] = ()
    source: str = ""
    checked: date | None = None
    replaced_by: str = ""
    has_text: bool = False
    attested_by: str = ""
    key: int = 0

    def covers(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day < self.to)


@dataclass(frozen=True, slots=True)
class Repeal:
    """``title`` stops on ``day``; ``by`` names what repealed or replaced it ("" if unknown)."""

    title: str
    day: date
    by: str
    source: str = ""


class Standing(StrEnum):
    """How a law stands on a day."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    NOT_YET = "not_yet"
    NOT_LOADED = "not_loaded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OnDay:
    """The answer to "this law on this day".

    ``version`` is the text of that day (IN_FORCE), or the nearest one that helps to explain the answer.
    ``changed_on`` is the day it stopped (REPEALED) or starts (NOT_YET); ``by`` names the successor.
    """

    standing: Standing
    title: str
    version: LawVersion | None = None
    changed_on: date | None = None
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """``how``: official, alias, prefix (中华人民共和国 missing), year (a 修订/修正 suffix dropped)."""

    title: str
    how: str


# ---------------------------------------------------------------- structure as one line of text

_TOKEN = re.compile(r"(p?)(\d+)(?:-(\d+))?:(.*)")
_PART = re.compile(r"\d+\+?(?:\[\d+=\d+(?:;\d+=\d+)*\])?")

_STRUCTURE_HINT = "写成 条号:各款项数，如 2:7,0；可以整款引用的加“+”，如 3:4+"


def format_structure(articles: Iterable[Article], *, marks: bool = False) -> str:
    """Write the structure of articles as facts without text.

    ``1:0 2:7,0 120-1:0,3[2=4]``: article, then the number of items of each paragraph; ``[2=4]`` says item 2
    has 4 目; ``p3:0`` is a 一、-numbered point. With `marks` ``3+`` says that a paragraph with items may be
    cited as a whole.
    """
    tokens = []
    for a in articles:
        parts = []
        for p in a.paragraphs:
            part = str(len(p.items)) + ("+" if marks and p.items and p.cited_whole else "")
            subs = [f"{i.number}={len(i.subitems)}" for i in p.items if i.subitems]
            parts.append(part + (f"[{';'.join(subs)}]" if subs else ""))
        tokens.append(f"{'p' if a.kind == 'point' else ''}{a.key}:{','.join(parts)}")
    return " ".join(tokens)


def parse_structure(text: str) -> tuple[Article, ...]:
    """Read what `format_structure` writes; the articles carry no text.

    Raises:
        BadRecord: a token that is not of that form.
    """
    return tuple(_article_of(token) for token in text.split())


def _article_of(token: str) -> Article:
    m = _TOKEN.fullmatch(token)
    if not m:
        raise BadRecord(
            f"条文结构“{token}”写法不对", hint="写成 条号:各款项数，如 2:7,0；可以整款引用的加“+”，如 3:4+"
        )
    paragraphs = []
    for part in m[4].split(","):
        if not _PART.fullmatch(part):
            raise BadRecord(
                f"条文结构“{token}”写法不对",
                hint="写成 条号:各款项数，如 2:7,0；可以整款引用的加“+”，如 3:4+",
            )
        head, _, tail = part.partition("[")
        subs = {int(s.partition("=")[0]): int(s.partition("=")[2]) for s in tail.rstrip("]").split(";") if s}
        count = int(head.rstrip("+"))
        items = tuple(Item(n, "", ("",) * subs.get(n, 0)) for n in range(1, count + 1))
        paragraphs.append(Paragraph("", items, head.endswith("+")))
    kind = "point" if m[1] else "article"
    return Article(int(m[2]), int(m[3] or 0), tuple(paragraphs), kind)


# ---------------------------------------------------------------- the book of laws

ArticleLoader = Callable[[LawVersion], Mapping[str, Article]]

_BRACKETS = str.maketrans({"<": "〈", ">": "〉", "＜": "〈", "＞": "〉", "(": "（", ")": "）"})
_YEAR_NOTE = re.compile(
    r"（(?:\d{4}年?)?(?:第[一二三四五六七八九十]+次)?(?:修订|修正|修改)?(?:草案|本|版)?）$"
)


def clean_title(name: str) -> str:
    """One spelling of a title: no spaces or line breaks, no outer 《》, full-width brackets."""
    name = re.sub(r"\s+", "", name).translate(_BRACKETS)
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    return name.replace("《", "〈").replace("》", "〉")


@dataclass(frozen=True)
class LawBook:
    """All laws of one snapshot: titles and aliases at once, articles when first asked for.

    Args:
        versions: every loaded version, in any order.
        repeals: what closes a law as a whole, whatever order the files came in.
        loader: gives the articles (by key) of one version.
        summaries: our own one-line summaries, by (title, article key).
    """

    versions: Sequence[LawVersion]
    repeals: Sequence[Repeal] = ()
    loader: ArticleLoader = lambda _version: {}
    summaries: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_title: dict[str, list[LawVersion]] = {}
        for v in self.versions:
            by_title.setdefault(clean_title(v.title), []).append(v)
        repeals: dict[str, Repeal] = {}
        for r in self.repeals:
            title = _title_among(by_title, r.title)
            known = repeals.get(title)
            if known is None or r.day < known.day or (r.day == known.day and not known.by):
                repeals[title] = r
        dated = {t: _close(vs, repeals.get(t)) for t, vs in by_title.items()}
        aliases: dict[str, str] = {}
        for title, vs in dated.items():
            for alias in (a for v in vs for a in v.aliases):
                aliases.setdefault(clean_title(alias), title)
        short = {t.removeprefix(COUNTRY): t for t in dated if t.startswith(COUNTRY)}
        object.__setattr__(self, "_by_title", dated)
        object.__setattr__(self, "_gone", {t: r for t, r in repeals.items() if t not in dated})
        object.__setattr__(self, "_aliases", aliases)
        object.__setattr__(self, "_short", short)
        object.__setattr__(self, "_articles", {})

    _by_title: dict[str, tuple[LawVersion, ...]] = field(init=False, repr=False, default_factory=dict)
    _gone: dict[str, Repeal] = field(init=False, repr=False, default_factory=dict)
    _aliases: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    _short: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    _articles: dict[int, Mapping[str, Article]] = field(init=False, repr=False, default_factory=dict)

    def titles(self) -> tuple[str, ...]:
        return tuple(self._by_title)

    def versions_of(self, title: str) -> tuple[LawVersion, ...]:
        """All versions of an official title, oldest first, with ``to`` worked out."""
        return self._by_title.get(self._clean(title), ())

    def _clean(self, name: str) -> str:
        """One spelling; an official title as it stands needs no cleaning."""
        return name if name in self._by_title else clean_title(name)

    def match(self, name: str) -> TitleMatch | None:
        """Find the official title that a written name means; None if no law is meant for sure.

        Near misses never match (`near` suggests them); a name without 中华人民共和国 matches as ``prefix``.
        """
        name = self._clean(name)
        found = self._match_plain(name)
        if found or not (stem := _YEAR_NOTE.sub("", name)) or stem == name:
            return found
        base = self._match_plain(stem)
        return base and TitleMatch(base.title, "year" if base.how == "official" else base.how)

    def _match_plain(self, name: str) -> TitleMatch | None:
        if name in self._by_title:
            return TitleMatch(self._by_title[name][0].title, "official")
        for table, how in ((self._aliases, "alias"), (self._short, "prefix")):
            if name in table:
                return TitleMatch(self._by_title[table[name]][0].title, how)
        gone = _title_among(self._gone, name)
        return TitleMatch(gone, "official" if gone == name else "prefix") if gone in self._gone else None

    def near(self, name: str, n: int = 3) -> list[str]:
        """The official titles closest in spelling to a name that matched nothing."""
        name = clean_title(name)
        known = {**{t: t for t in self._by_title}, **self._short, **self._aliases}
        close = difflib.get_close_matches(name, known, n=n * 2, cutoff=0.6)
        return list(dict.fromkeys(self._by_title[known[c]][0].title for c in close))[:n]

    def on(self, title: str, day: date) -> OnDay:
        """How the law of an official title stands on a day."""
        versions = self.versions_of(title)
        if not versions:
            return self._without_text(title, day)
        for v in reversed(versions):
            if v.covers(day):
                return OnDay(Standing.IN_FORCE, v.title, v)
        first, last = versions[0], versions[-1]
        repeal = self.repeal_of(title)
        if repeal and day >= repeal.day:
            return OnDay(Standing.REPEALED, last.title, last, repeal.day, repeal.by)
        if first.from_ and day < first.from_ and _first_day(versions) in (None, first.adopted):
            return OnDay(Standing.NOT_YET, first.title, first, first.from_)
        nearest = min(versions, key=lambda v: abs((v.from_ or date.min) - day))
        return OnDay(Standing.NOT_LOADED, nearest.title, nearest, note="该日文本未载入")

    def _without_text(self, title: str, day: date) -> OnDay:
        """A law of which only its end is known, from the text that repealed it."""
        repeal = self._gone.get(_title_among(self._gone, title))
        if repeal is None:
            return OnDay(Standing.UNKNOWN, title)
        if day >= repeal.day:
            return OnDay(Standing.REPEALED, title, None, repeal.day, repeal.by)
        return OnDay(Standing.NOT_LOADED, title, note="该日文本未载入")

    def repeal_of(self, title: str) -> Repeal | None:
        """What ended the law as a whole; an amendment whose text is not loaded did not."""
        versions = self.versions_of(title)
        last = versions[-1] if versions else None
        if last is None or last.to is None:
            return None
        amended = any(h.day == last.to for v in versions for h in v.history)
        return None if amended and not last.replaced_by else Repeal(last.title, last.to, last.replaced_by)

    def articles(self, version: LawVersion) -> Mapping[str, Article]:
        """Articles of one version by key (``59``, ``120-1``), in the order of the text."""
        if version.key not in self._articles or not version.key:
            self._articles[version.key] = self.loader(version)
        return self._articles[version.key]

    def article(self, version: LawVersion, number: int, suffix: int = 0) -> Article | None:
        return self.articles(version).get(article_key(number, suffix))


def _title_among(titles: Mapping[str, object], written: str) -> str:
    """The official spelling of a title that may lack 中华人民共和国; as written where none is known."""
    title = clean_title(written)
    return COUNTRY + title if title not in titles and COUNTRY + title in titles else title


def _first_day(versions: Sequence[LawVersion]) -> date | None:
    days = [h.day for v in versions for h in v.history]
    return min(days) if days else None


def _close(versions: Sequence[LawVersion], repeal: Repeal | None) -> tuple[LawVersion, ...]:
    """Order versions and work out each one's end: the next text, an amendment not loaded, or the repeal."""
    ordered = sorted(versions, key=lambda v: (v.from_ or date.min, v.adopted or date.min))
    loaded = {v.adopted for v in ordered}
    amendments = sorted({h.day for v in ordered for h in v.history if h.day not in loaded})
    out = []
    for i, v in enumerate(ordered):
        ends = [v.to] if v.to else []
        following = ordered[i + 1].from_ if i + 1 < len(ordered) else None
        if following:
            ends.append(following)
        began = v.adopted or v.from_
        ends += [d for d in amendments if began and d > began][:1]
        by = v.replaced_by
        if repeal and (v.from_ is None or repeal.day > v.from_) and repeal.day <= min(ends, default=date.max):
            ends.append(repeal.day)
            by = repeal.by or by
        end = min(ends, default=None)
        out.append(v if (end, by) == (v.to, v.replaced_by) else replace(v, to=end, replaced_by=by))
    return tuple(out)
