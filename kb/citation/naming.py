"""Naming: what each written name means, with all that a text has named, defined and cited so far.

A name binds to a law only if the law book knows it whole. A name inside running text must also stand where a
name can begin: 治安管理处罚法 is never read as 处罚法. What is in doubt stays unbound.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from kb.citation import grammar as g
from kb.citation import names
from kb.citation.chain import Provision
from kb.citation.model import Citation, Context, Mention
from kb.laws import LawBook, TitleMatch, clean_title

_LONG = 16  # without a word before it, a longer run of text may hold more than the name


@dataclass(slots=True)
class Named:
    """A name settled: what to write as ``law``, what it means, how it was named, where it begins."""

    law: str
    resolved: str | None
    how: str
    via: str
    start: int
    marks: str = ""

    @classmethod
    def of(cls, meant: Mention, via: str, start: int, marks: str = "") -> Named:
        return cls(meant.law, meant.resolved, meant.how, via, start, marks)


@dataclass(slots=True)
class Names:
    """The names of one text. Places are clean offsets; -1 is an earlier text of the same document."""

    book: LawBook | None
    context: Context
    mentioned: dict[str, Mention] = field(default_factory=dict)
    by_kind: dict[str, dict[str, Mention]] = field(default_factory=dict)
    definitions: dict[str, Mention] = field(default_factory=dict)
    cited_at: dict[str, int] = field(default_factory=dict)
    first_named: int | None = None
    _matches: dict[str, TitleMatch | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mention in self.context.mentioned:
            self._remember(mention)
        self.definitions = {s: Mention(law, official) for s, law, official in self.context.definitions}

    def match(self, name: str) -> TitleMatch | None:
        if self.book is None:
            return None
        if name not in self._matches:
            self._matches[name] = self.book.match(name)
        return self._matches[name]

    def mention(self, name: str) -> Mention:
        """A name as it stands, with its official title if the book knows it."""
        match = self.match(name)
        return Mention(name, match.title, match.how) if match else Mention(name)

    # ------------------------------------------------------------ what was named

    def add(self, law: Named) -> None:
        if self.first_named is None:
            self.first_named = law.start
        self._remember(Mention(law.law, law.resolved, law.how))

    def _remember(self, mention: Mention) -> None:
        """Keep the latest last, also by the word that 该法 or 本条例 would use for it."""
        self.mentioned.pop(mention.law, None)
        self.mentioned[mention.law] = mention
        title = mention.resolved or mention.law
        for kind in kinds_of(title):
            named = self.by_kind.setdefault(kind, {})
            named.pop(title, None)
            named[title] = mention

    def define(self, notes: str, law: Named) -> None:
        """（以下简称《…》） after a name; 以下分别简称 speaks of several."""
        if "分别" in notes:
            return
        for m in g.DEFINITION.finditer(notes):
            short = clean_title(m["name"])
            if len(short) > 1 and short != clean_title(law.law):
                self.definitions[short] = Mention(law.law, law.resolved, law.how)

    def latest(self, kind: str) -> Mention | None:
        """What 该法 or 同条例 points at."""
        kind = "法" if kind == "法律" else kind
        return next(reversed(self.by_kind.get(kind, {}).values()), None)

    def only(self, kind: str) -> Mention | None:
        """The only law of its kind that was named, if it is one."""
        named = self.by_kind.get(kind, {})
        return next(iter(named.values())) if len(named) == 1 else None

    # ------------------------------------------------------------ names with and without 《》

    def titled(self, name: str, start: int, marks: str) -> Named | None:
        """What 《name》 means; None where it is a paper or a contract, not a law."""
        if name.startswith("《") and name.endswith("》"):  # 《《…》》
            name = name[1:-1]
        clean_name = clean_title(name)
        if clean_name in self.definitions:
            return Named.of(self.definitions[clean_name], "defined", start, marks)
        meant = self.mention(name)
        if meant.resolved is None and g.NOT_LAW.search(clean_name):
            return None
        return Named.of(meant, "title", start, marks)

    def bare(self, window: str, end: int, marks: str = "") -> Named | None:
        """The law named at the end of a window without 《》: defined, known, or plainly the name of one."""
        return (
            self._defined_in(window, end, marks)
            or self.known_in(window, end, marks)
            or self._unknown_in(window, end, marks)
        )

    def _defined_in(self, window: str, end: int, marks: str) -> Named | None:
        name = clean_title(window)
        for short, meant in reversed(self.definitions.items()):
            if name.endswith(short) and names.can_begin(name[: -len(short)], short):
                return Named.of(meant, "defined", end - len(short), marks)
        return None

    def known_in(self, window: str, end: int, marks: str = "") -> Named | None:
        """The longest name of a law that ends a window and begins where a name can begin."""
        if not g.LAW_ENDING.search(g.TAIL_NOTE.sub("", clean_title(window))):
            return None
        for i in range(len(window) - 1):
            part = window[i:]
            if names.can_begin(window[:i], part) and (names.is_national(part) or self.match(part)):
                return Named.of(self.mention(part), "bare", end - len(part), marks)
        return None

    def _unknown_in(self, window: str, end: int, marks: str) -> Named | None:
        if not g.UNKNOWN_ENDING.search(window):
            return None
        whole = g.COUNTRY_NAME.search(window)
        cut = whole.start() if whole else names.begin_of(window)
        if g.PARTY_OWNS.search(window, 0, cut or 0):
            return None
        name = window[cut or 0 :]
        if cut is None and (len(name) > _LONG or not g.PLAIN_ENDING.search(name)):
            return None
        if not (g.UNKNOWN_NAME.match(name) and g.UNKNOWN_ENDING.search(name)) or g.NOT_A_NAME.search(name):
            return None
        return Named.of(self.mention(name), "bare", end - len(name), marks)


@functools.lru_cache(4096)
def kinds_of(title: str) -> tuple[str, ...]:
    """The words that can stand for a title after 该, 同 or 本: a 法典 is also a 法, a 办法 is none."""
    stem = g.TAIL_NOTE.sub("", clean_title(title))
    if stem.endswith("法典"):
        return ("法典", "法")
    return next(((k,) for k in g.KINDS.split("|") if stem.endswith(k)), ())


def citation_of(
    law: Named, text: str, start: int, end: int, p: Provision | None, *, quoted: bool
) -> Citation:
    """A law as named and one of its provisions (None: the law alone) as a citation.

    Args:
        text: the words from ``start`` to ``end`` of the source.
        quoted: it stands inside a quotation.
    """
    article, suffix, paragraph, item, subitem = p.path if p else (None,) * 5
    return Citation(
        text=text,
        start=start,
        end=end,
        law=law.law,
        resolved=law.resolved,
        article=article,
        article_suffix=suffix or None,
        paragraph=paragraph,
        item=item,
        subitem=subitem,
        how=law.how,
        via=law.via,
        marks=law.marks,
        quoted=quoted,
        arabic=p is not None and p.arabic,
        ranged=p is not None and p.ranged,
    )
