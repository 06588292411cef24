"""Parse: from what was found to citations, each bound to one law or to none.

A name binds to a law only if the law book knows it whole. A name inside running text must also stand where a
name can begin: 治安管理处罚法 is never read as 处罚法. What is in doubt stays unbound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kb.citation import grammar as g
from kb.citation.find import Found, Provision, scan
from kb.citation.model import Citation, Context, Gap, Mention, Reading
from kb.laws import COUNTRY, LawBook, TitleMatch, clean_title

_QUOTE_REACH = 60  # how far behind a citation its quotation may open
_TAIL_NOTE = re.compile(r"(?:（[^（）]*）)+$")


def parse(text: str, book: LawBook | None = None, day: date | None = None) -> list[Citation]:
    """All provisions that a text cites, in order.

    Args:
        text: any text; never raises on it.
        book: the laws to bind to; without it ``resolved`` stays None.
        day: prefers nothing yet: titles mean the same law on every day; the day decides in `judge`.
    """
    return list(read(text, book).citations)


def read(text: str, book: LawBook | None = None, context: Context | None = None) -> Reading:
    """Read one text after others: `Reading.context` carries short names and laws named to the next one."""
    return _Reader(g.clean(text), text, book, context or Context()).read()


@dataclass(slots=True)
class _Law:
    """A name settled: what to write as ``law``, what it means, how it was named, where it begins."""

    law: str
    resolved: str | None
    how: str
    via: str
    start: int
    marks: str = ""


@dataclass(slots=True)
class _Last:
    """The last citation: what 本条 and 前款 lean on, and what a quotation quotes."""

    law: _Law
    provision: Provision
    end: int


@dataclass(slots=True)
class _Reader:
    cleaned: g.Clean
    text: str
    book: LawBook | None
    context: Context
    citations: list[Citation] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    mentioned: dict[str, Mention] = field(default_factory=dict)
    named_at: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, dict[str, Mention]] = field(default_factory=dict)
    first_named: int | None = None
    definitions: dict[str, Mention] = field(default_factory=dict)
    said_self: dict[str, int] = field(default_factory=dict)
    last: _Last | None = None
    quoting: _Last | None = None
    carried: _Last | None = None  # a quotation that the next paragraph may go on with
    inside: bool = False  # between “ and ”, whoever is quoted
    paragraph_start: int = 0
    quoted_from: int = 0
    quotes: list[tuple[int, int]] = field(default_factory=list)
    implied_loose: bool = False
    matches: dict[str, TitleMatch | None] = field(default_factory=dict)

    def read(self) -> Reading:
        for mention in self.context.mentioned:
            self._remember(mention)
        self.definitions = {s: Mention(law, official) for s, law, official in self.context.definitions}
        self.said_self = dict.fromkeys(self.context.said_self, -1)
        plain = self.cleaned.text
        for m in g.SELF_WORD.finditer(plain):
            self.said_self.setdefault(m[0], m.start())
        for found in scan(plain):
            getattr(self, f"_{found.kind}")(found)
        if self.quoting:
            self.quotes.append((self.quoted_from, len(plain)))
        self._catch_alls()
        order = sorted(self.citations, key=lambda c: (c.start, c.end))
        return Reading(tuple(order), tuple(sorted(self.gaps, key=lambda x: x.start)), self._context_after())

    def _context_after(self) -> Context:
        definitions = tuple((s, m.law, m.resolved) for s, m in self.definitions.items())
        said = self.said_self if not self.mentioned else self.context.said_self
        return replace(
            self.context,
            definitions=definitions,
            mentioned=tuple(self.mentioned.values()),
            said_self=frozenset(said),
        )

    # ------------------------------------------------------------ names

    def _match(self, name: str) -> TitleMatch | None:
        if self.book is None:
            return None
        if name not in self.matches:
            self.matches[name] = self.book.match(name)
        return self.matches[name]

    def _settle_title(self, name: str, start: int, marks: str) -> _Law | None:
        """What 《name》 means; None where it is a paper or a contract, not a law."""
        clean_name = clean_title(name)
        if clean_name in self.definitions:
            meant = self.definitions[clean_name]
            return _Law(meant.law, meant.resolved, meant.how, "defined", start, marks)
        match = self._match(name)
        if match is None and g.NOT_LAW.search(clean_name):
            return None
        return _Law(name, match.title if match else None, match.how if match else "", "title", start, marks)

    def _name(self, law: _Law) -> None:
        if self.first_named is None:
            self.first_named = law.start
        self.named_at[law.law] = law.start
        self._remember(Mention(law.law, law.resolved, law.how))

    def _remember(self, mention: Mention) -> None:
        """Keep the latest last, also by the word that 该法 or 本条例 would use for it."""
        self.mentioned.pop(mention.law, None)
        self.mentioned[mention.law] = mention
        title = mention.resolved or mention.law
        for kind in _kinds(title):
            named = self.by_kind.setdefault(kind, {})
            named.pop(title, None)
            named[title] = mention

    def _define(self, notes: str, law: _Law) -> None:
        for m in g.DEFINITION.finditer(notes):
            short = clean_title(m["name"])
            if len(short) > 1 and short != clean_title(law.law):
                self.definitions[short] = Mention(law.law, law.resolved, law.how)

    # ------------------------------------------------------------ anchors

    def _title(self, found: Found) -> None:
        part = g.TITLE_NOTE.match(found.notes)
        law = self._settle_title(found.name + (part[0] if part else ""), found.start, found.marks)
        if law is None:
            self.last = None
            return
        self._name(law)
        self._define(found.notes, law)
        if found.provisions:
            self._cite(law, found)
        elif law.resolved:
            self._maybe_no_article(found, law)

    def _bare(self, found: Found) -> None:
        """A name without 《》 right before 第…条: defined here, known to the book, or plainly a law's."""
        end = found.name_end
        if part := g.TITLE_NOTE.match(found.notes):
            found, end = replace(found, name=found.name + part[0]), end + len(part[0])
        law = self._defined_in(found, end) or self._known_in(found, end) or self._unknown_in(found, end)
        if law is None:
            self._maybe_no_law(found)
            self.last = None
            return
        self._name(law)
        self._define(found.notes, law)
        self._cite(law, found)

    def _defined_in(self, found: Found, end: int) -> _Law | None:
        name = clean_title(found.name)
        for short, meant in reversed(self.definitions.items()):
            if name.endswith(short) and g.BOUNDARY.search(name[: -len(short)]):
                start = end - len(short)
                return _Law(meant.law, meant.resolved, meant.how, "defined", start, found.marks)
        return None

    def _known_in(self, found: Found, end: int) -> _Law | None:
        """The longest known title that ends here and begins where a name can begin."""
        name = found.name
        if self.book is None or not g.LAW_ENDING.search(_TAIL_NOTE.sub("", clean_title(name))):
            return None
        for i in range(len(name) - 1):
            part = name[i:]
            match = self._match(part)
            if match and g.BOUNDARY.search(name[:i]):
                return _Law(part, match.title, match.how, "bare", end - len(part), found.marks)
        return None

    def _unknown_in(self, found: Found, end: int) -> _Law | None:
        m = g.COUNTRY_NAME.search(found.name) or g.UNKNOWN_NAME.search(found.name)
        name = (m["name"] if m and "name" in m.re.groupindex else m[0]) if m else ""
        if not re.search(r"(?:法典|法|条例)$", name) or g.NOT_A_NAME.search(name):
            return None
        # Without a word that introduces it, a long run of text may hold more than the name.
        if m and m.start() == 0 and len(name) > 16 and not name.startswith(COUNTRY):
            return None
        match = self._match(name)
        how = match.how if match else ""
        return _Law(name, match.title if match else None, how, "bare", end - len(name), found.marks)

    def _pronoun(self, found: Found) -> None:
        m = g.PRONOUN.search(found.name)
        name, word, kind = (m[0], m["word"], m["kind"]) if m else ("", "", "")
        if name in self.definitions:
            meant = self.definitions[name]
            law = _Law(meant.law, meant.resolved, meant.how, "defined", found.start)
        elif word == "本":
            if kind not in g.SELF_KINDS:
                self.last = None
                return
            law = self._self(name, kind, found.start)
        else:
            antecedent = next(reversed(self.by_kind.get(kind, {}).values()), None)
            if antecedent is None:
                law = _Law(name, None, "", "pronoun", found.start)
            else:
                law = _Law(antecedent.law, antecedent.resolved, antecedent.how, "pronoun", found.start)
        self._cite(law, found)

    def _self(self, name: str, kind: str, start: int) -> _Law:
        """本法: the quoted statute, the instrument itself, or the only law of its kind, named just before."""
        quoted = self.quoting.law if self.quoting else None
        if quoted and kind in _kinds(quoted.resolved or quoted.law):
            return _Law(quoted.law, quoted.resolved, quoted.how, "self", start)
        own = self.context.own
        if own and kind in _kinds(own):
            match = self._match(own)
            return _Law(own, match.title if match else None, match.how if match else "", "self", start)
        named = self.by_kind.get(kind, {})
        itself = own or self.context.statute or self.cleaned.has_headings or self.inside
        only = next(iter(named.values()), None)
        here = self.named_at.get(only.law, -1) >= self.paragraph_start if only else False
        if only and here and len(named) == 1 and not itself and not self._said_first(name):
            return _Law(only.law, only.resolved, only.how, "self", start)
        return _Law(name, None, "", "self", start)

    def _said_first(self, name: str) -> bool:
        """Whether 本法 was used before any law was named: then it means the document itself."""
        if name in self.context.said_self:
            return True
        if self.context.mentioned:
            return False
        said = self.said_self.get(name)
        return said is not None and (self.first_named is None or said < self.first_named)

    def _implied(self, found: Found) -> None:
        base = self.quoting or self.last
        if base is None or (not self.quoting and self._speaks_of_itself(found, base)):
            self.implied_loose = self.implied_loose or found.name.startswith("本")
            return
        article, suffix, paragraph = base.provision.path[:3]
        if found.name.startswith("前"):
            if found.name == "前条":
                if suffix or not article or article < 2:
                    return
                article -= 1
                paragraph = None
            else:
                if not paragraph or paragraph < 2:
                    return
                paragraph -= 1
        elif found.name.endswith("条"):
            paragraph = None
        fixed = (article, suffix, paragraph)
        provisions = tuple(replace(p, path=_inherit(fixed, p.path)) for p in found.provisions)
        law = replace(base.law, via="implied", start=found.start, marks="")
        self._cite(law, replace(found, provisions=provisions))

    def _speaks_of_itself(self, found: Found, base: _Last) -> bool:
        """Whether 本条 may mean the document's own article: in a statute, or once it said so before.

        Elsewhere 本条 and 前款 lean on a citation of the same sentence, 该条 and 同条 of the same paragraph.
        """
        if self.context.own or self.context.statute or self.cleaned.has_headings:
            return True
        if found.name[0] in "该同上":
            return False
        between = self.cleaned.text[base.end : found.start]
        return self.implied_loose or any(c in between for c in "。；：;:")

    # ------------------------------------------------------------ quotations and paragraphs

    def _open(self, found: Found) -> None:
        self.inside = True
        if self.carried and found.start == self.paragraph_start:
            self.quoting, self.quoted_from = self.carried, found.start
            return
        last = self.last
        if last is None or found.start - last.end > _QUOTE_REACH:
            return
        between = self.cleaned.text[last.end : found.start]
        if "。" not in between and (not between or g.INTRODUCES_QUOTE.search(between)):
            self.quoting, self.quoted_from = last, found.start

    def _close(self, found: Found) -> None:
        self.inside = False
        if self.quoting:
            self.quotes.append((self.quoted_from, found.end))
            self.last = self.quoting
            self.quoting = None

    def _break(self, found: Found) -> None:
        if self.quoting:
            self.quotes.append((self.quoted_from, found.start))
        self.carried, self.quoting, self.last = self.quoting, None, None
        self.inside, self.paragraph_start = False, found.end

    # ------------------------------------------------------------ what comes out

    def _cite(self, law: _Law, found: Found) -> None:
        for n, p in enumerate(found.provisions):
            start = law.start if n == 0 or p.start < found.provisions[0].end else p.start
            first, end = self.cleaned.span(min(start, p.start) if n == 0 else p.start, p.end)
            if n == 0 or p.start == found.provisions[0].start:
                first = self.cleaned.source(law.start)
            article, suffix, paragraph, item, subitem = p.path
            self.citations.append(
                Citation(
                    text=self.text[first:end],
                    start=first,
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
                    quoted=self.quoting is not None or self.context.statute,
                    arabic=p.arabic,
                    ranged=p.ranged,
                )
            )
        if found.provisions:
            self.last = _Last(law, found.provisions[-1], found.provisions[-1].end)

    def _gap(self, kind: str, start: int, end: int, resolved: str | None = None) -> None:
        if self.quoting or self.context.statute:
            return
        first, last = self.cleaned.span(start, end)
        self.gaps.append(Gap(kind, self.text[first:last], first, last, resolved))

    def _maybe_no_article(self, found: Found, law: _Law) -> None:
        """违反《…》的规定: a basis that names no article."""
        plain = self.cleaned.text
        rule = g.RULE_FOLLOWS.match(plain, found.end)
        if rule and g.BASIS_BEFORE.search(plain, max(0, found.start - 4), found.start):
            self._gap("no_article", found.start, rule.end(), law.resolved)

    def _maybe_no_law(self, found: Found) -> None:
        """依据第一百二十二条第一款的规定: a provision of no named law."""
        plain, p = self.cleaned.text, found.provisions
        if not p or self.cleaned.has_headings:
            return
        at = found.name_end
        deep = any(x.path[2] or x.path[3] for x in p)
        if g.SPLICE_BEFORE.search(plain, max(0, at - 4), at) and (
            deep or g.RULE_FOLLOWS.match(plain, p[-1].end)
        ):
            self._gap("no_law", at, p[-1].end)

    def _catch_alls(self) -> None:
        if self.context.statute:
            return
        for m in g.CATCH_ALL.finditer(self.cleaned.text):
            if not any(a <= m.start() < b for a, b in self.quotes):
                first, last = self.cleaned.span(m.start(), m.end())
                self.gaps.append(Gap("catch_all", self.text[first:last], first, last))


def _inherit(fixed: Sequence[int | None], path: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """A path that lacks its upper levels takes them from what was cited before."""
    return tuple(own if own is not None else (fixed[i] if i < 3 else None) for i, own in enumerate(path))


def _kinds(title: str) -> list[str]:
    """The words that can stand for a title after 该, 同 or 本: those it ends in (a 法典 is also a 法)."""
    stem = _TAIL_NOTE.sub("", clean_title(title))
    return [k for k in g.KINDS.split("|") if stem.endswith(k) or (k == "法" and stem.endswith("法典"))]
