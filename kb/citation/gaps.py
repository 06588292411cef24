"""Gaps: the places of a text that should cite and don't, and the laws that are a basis without an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.citation import grammar as g
from kb.citation.cleaning import Clean
from kb.citation.find import Found
from kb.citation.model import Gap
from kb.citation.naming import Named, Names

Place = tuple[int, int, Named]  # where a name begins and ends, its notes included
_VAGUE = ("等", "有关", "相关", "及其实施")  # one of them stands in each CATCH_ALL
_BETWEEN_NAMES = ("", "、", "和", "及", "与", "以及", "，", "或者", "或")


@dataclass(slots=True)
class Gaps:
    """What is missing in one text, in clean offsets until `found`.

    Args:
        unnumbered: the laws that were named without an article.
        quotes: where the text quotes a law: what is missing there is not the author's.
    """

    cleaned: Clean
    text: str
    names: Names
    unnumbered: list[Place] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    found: list[Gap] = field(default_factory=list)

    def _add(self, kind: str, start: int, end: int, resolved: str | None = None) -> None:
        first, last = self.cleaned.span(start, end)
        self.found.append(Gap(kind, self.text[first:last], first, last, resolved))

    def maybe_no_law(self, found: Found) -> None:
        """依据第一百二十二条第一款的规定: a provision of no named law."""
        plain, p = self.cleaned.text, found.provisions
        if not p or self.cleaned.has_headings:
            return
        at = found.name_end
        deep = any(x.path[2] or x.path[3] for x in p)
        if g.SPLICE_BEFORE.search(plain, max(0, at - 4), at) and (
            deep or g.RULE_FOLLOWS.match(plain, p[-1].end)
        ):
            self._add("no_law", at, p[-1].end)

    def laws_without_article(self) -> list[Place]:
        """违反《…》的规定, 以及《…》等有关规定: laws that are a basis without an article.

        Of 依据《甲法》《乙法》的规定 both are.
        """
        plain, out = self.cleaned.text, []
        for group in _neighbours(sorted([*self.unnumbered, *self._bare_before_rule()], key=_where), plain):
            first, after = group[0][0], group[-1][1]
            basis = g.BASIS_BEFORE.search(plain, max(0, first - 4), first)
            rule = g.RULE_FOLLOWS.match(plain, after)
            if not basis and not g.CATCH_ALL.match(plain, after):
                continue
            for start, end, law in group:
                if law.resolved:
                    out.append((start, end, law))
                    if basis and rule:
                        self._add("no_article", start, rule.end() if after == end else end, law.resolved)
        return out

    def _bare_before_rule(self) -> list[Place]:
        """Known names without 《》 before 的规定 or 等有关规定."""
        plain, out = self.cleaned.text, []
        for m in g.BARE_BEFORE_RULE.finditer(plain):
            end = m.end()
            if any(a <= end <= b for a, b in self.quotes):
                continue
            window = g.DELIMITER.split(plain[max(0, end - 64) : end])[-1]
            law = self.names.known_in(window, end)
            if law and law.resolved:
                out.append((law.start, end, law))
        return out

    def catch_alls(self) -> None:
        """等有关规定, 等法律规定."""
        plain = self.cleaned.text
        if not _is_vague(plain):
            return
        for m in g.CATCH_ALL.finditer(plain):
            if not any(a <= m.start() < b for a, b in self.quotes):
                self._add("catch_all", m.start(), m.end())


def lacks_any(plain: str) -> bool:
    """Whether a text that names no law by 《》 and no provision may still lack a law or an article."""
    bare = g.BARE_BEFORE_RULE.search(plain)
    return bool(bare or (_is_vague(plain) and g.CATCH_ALL.search(plain)))


def _is_vague(plain: str) -> bool:
    """Most paragraphs are not: a look is far cheaper than a search."""
    return any(word in plain for word in _VAGUE)


def _where(place: Place) -> tuple[int, int]:
    return place[:2]


def _neighbours(places: Sequence[Place], plain: str) -> list[list[Place]]:
    """Names that stand side by side: 《甲法》《乙法》, 《甲法》以及《乙法》."""
    groups: list[list[Place]] = []
    for place in places:
        if groups and plain[groups[-1][-1][1] : place[0]] in _BETWEEN_NAMES:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups
