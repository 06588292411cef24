"""One paper as its reader has it, and what the base knows of the provisions it cites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from generator.catalogue import DocumentType
from generator.days import own_day
from generator.docx_text import Line
from kb.citation import PROCEDURAL, Citation, Context, Days, Judged, canonical, judge_text, settle
from kb.errors import NotLoaded
from kb.laws import LawBook, Standing
from kb.snapshot import Snapshot

REMEMBERED = 500
"""Paragraphs of which something is kept: those that the papers of one kind share are far fewer."""
_FOUND: dict[re.Pattern[str], dict[str, tuple[re.Match[str], ...]]] = {}
"""What each pattern of a rule found in a paragraph, which hangs on nothing but its text."""
Judge = Callable[[str, Days, Context, frozenset[str]], Judged]


@dataclass(frozen=True)
class Paper:
    """Paragraphs in order, what the paper claims to be (None: nobody said), the days it is judged on."""

    lines: tuple[Line, ...]
    kind: DocumentType | None
    base: Snapshot
    days: Days

    @property
    def type(self) -> str:
        return self.kind.type if self.kind else ""

    @cached_property
    def text(self) -> str:
        """The whole text, a paragraph a line."""
        return "\n".join(line.text for line in self.lines)

    def find(self, pattern: re.Pattern[str], word: str) -> Iterator[tuple[Line, re.Match[str]]]:
        """Every match in every paragraph, in order; ``word`` stands in each: only there is looked closer."""
        lines = self._with.get(word)
        if lines is None:
            lines = self._with[word] = [line for line in self.lines if word in line.text]
        found = _FOUND.setdefault(pattern, {})
        for line in lines:
            matches = found.get(line.text)
            if matches is None:
                if len(found) >= REMEMBERED:
                    found.clear()
                matches = found[line.text] = tuple(pattern.finditer(line.text))
            for match in matches:
                yield line, match

    @cached_property
    def _with(self) -> dict[str, list[Line]]:
        """The paragraphs in which a word stands, for the words that were asked for."""
        return {}

    @cached_property
    def own_day(self) -> tuple[Line, re.Match[str]] | None:
        """Where it bears its day."""
        return own_day(self.lines)

    def has(self, pattern: re.Pattern[str], word: str) -> bool:
        return next(self.find(pattern, word), None) is not None

    def citations(self, line: Line) -> tuple[Citation, ...]:
        """What one paragraph cites; a short name, 该法 and the like mean what an earlier paragraph says."""
        return self._cited[id(line)]

    @cached_property
    def _cited(self) -> dict[int, tuple[Citation, ...]]:
        # By identity: a paragraph is asked for often, and to hash one is to hash its whole text and place.
        return {id(line): judged.citations for line, judged in zip(self.lines, self.judged, strict=True)}

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """Each paragraph as it is judged after those before it; nothing of a paper is parsed twice."""
        judge, context = judge_of(self.base), Context()
        found = []
        for line in self.lines:
            blank = not line.text or line.text.isspace()
            judged = (
                Judged((), (), context) if blank else judge(line.text, self.days, context, self.procedural)
            )
            context = judged.context
            found.append(judged)
        return tuple(found)

    @cached_property
    def procedural(self) -> frozenset[str]:
        return procedural(self.base, self.days)

    def day_of(self, citation: Citation) -> date | None:
        """The day its law is asked for: substance the act's, procedure the decision's."""
        act, decided = self.days.act, self.days.decided
        return (decided or act) if citation.resolved in self.procedural else (act or decided)

    def final(self, citation: Citation) -> str:
        """The citation in final form on its day; the levels as written where the law is not known."""
        day = self.day_of(citation)
        return canonical(citation, self.base.laws, day) if citation.law and day else citation.text

    def clause(self, citation: Citation) -> str:
        """The loaded wording of the 款 or 项 cited, "" where it is not loaded.

        A 项 is given with the words before it: the penalty often stands there.
        """
        day, book = self.day_of(citation), self.base.laws
        on = book.on(citation.resolved, day) if citation.resolved and day else None
        if on is None or on.standing is not Standing.IN_FORCE or on.version is None:
            return ""
        article = book.article(on.version, citation.article or 0, citation.article_suffix or 0)
        if article is None or not article.has_text:
            return ""
        body = settle(citation, article).body
        if body is None:
            return article.full_text()
        if not citation.item:
            return body.full_text()
        item = body.item(citation.item)
        return f"{body.text}\n{item.text}" if item else ""

    def proven(self, basis: str) -> str:
        """The provision that makes a thing a fault, named only where its law is loaded and in force."""
        day = self.days.decided or self.days.act
        title = basis[1 : basis.find("》")]
        loaded = bool(basis and day) and self.base.laws.on(title, day or date.min)
        return basis if loaded and loaded.standing is Standing.IN_FORCE else ""


def procedural(base: Snapshot, days: Days) -> frozenset[str]:
    """The laws judged on the day of the decision, whenever the act was: a setting, else the national ones."""
    try:
        titles = base.setting("procedure/laws", days.decided or days.act or date.max).value
    except NotLoaded:
        return PROCEDURAL
    return frozenset(str(title) for title in titles)


_JUDGES: WeakKeyDictionary[Snapshot, Judge] = WeakKeyDictionary()


def judge_of(base: Snapshot) -> Judge:
    """Judgement of a paragraph by the laws of one snapshot, remembered: by text, days and what is defined."""
    judge = _JUDGES.get(base)
    if judge is None:
        judge = _JUDGES[base] = _remembering(base.laws)
    return judge


def _remembering(book: LawBook) -> Judge:
    @lru_cache(REMEMBERED)
    def judge(text: str, days: Days, context: Context, on_decision: frozenset[str]) -> Judged:
        return judge_text(text, book, days, context, procedural=on_decision)

    return judge


def forget() -> None:
    """Drop every paragraph that is remembered, as a new process begins: for measuring."""
    _JUDGES.clear()
    _FOUND.clear()
