"""Judge: what is wrong with the citations of a text on the days that matter.

The runner lays every citation on the law of its day once (`Cited`); each code is a rule function of `RULES`
(`kb.citation.rules`), so another fault is another function.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from kb.citation.model import Citation, Context, Days, Reading, format_citation
from kb.citation.parse import read
from kb.citation.resolve import Settled, settle, write
from kb.findings import Finding, Place, Severity
from kb.laws import COUNTRY, LawBook, LawVersion, OnDay, Standing, clean_title

# Laws of procedure: judged on the day of the decision, whenever the act was.
PROCEDURAL = frozenset(
    f"中华人民共和国{name}"
    for name in (
        "行政处罚法",
        "行政强制法",
        "行政复议法",
        "行政诉讼法",
        "民事诉讼法",
        "行政许可法",
        "行政复议法实施条例",
    )
)
# A date taken from the adoption (推定) is trusted after this many months (design: rule for presumed dates).
PRESUMED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation laid on the law of its day; what every rule looks at.

    ``day`` is None where the paper's days are not known: then only the form is judged. ``settled`` is None
    unless the article is stored, or the stored text is whole and proves that there is no such article. A text
    entered provision by provision proves no absence: there the citation is ``unstored``.
    """

    citation: Citation
    book: LawBook
    day: date | None
    standing: OnDay | None = None
    version: LawVersion | None = None
    settled: Settled | None = None
    unstored: bool = False
    near: Callable[[str], str] = lambda _name: ""

    @property
    def suggestion(self) -> str:
        """The citation in final form; "" where the law is not known."""
        if not self.citation.resolved:
            return ""
        return write(self.citation, self.settled or Settled(None))

    @property
    def attested(self) -> str:
        """Who attested the article cited, when and where it was read; "" where it came from a file."""
        article = self.settled.article if self.settled else None
        if article is None or not article.attested:
            return ""
        name = format_citation(self.citation.resolved or "", article.number, article.suffix)
        return f"{name}（{article.note}）"

    @property
    def presumed(self) -> bool:
        """Whether the day of this text is only presumed and the text still young."""
        v = self.version or (self.standing.version if self.standing else None)
        if v is None or v.from_basis != "推定" or v.adopted is None or self.day is None:
            return False
        return self.day < _months_after(v.adopted, PRESUMED_MONTHS)

    def finding(
        self, code: str, severity: Severity, message: str, suggestion: str | None = None, basis: str = ""
    ) -> Finding:
        """A finding at this citation; one that rests on a presumed date is only a 提示."""
        c = self.citation
        if self.presumed and code in DATED:
            severity = "提示"
            message += "（该文本的施行日期系推定，请核对）"
        place = Place(start=c.start, end=c.end)
        final = self.suggestion if suggestion is None else suggestion
        return Finding(code, severity, message, c.text, place, final, self.proven(basis))

    def proven(self, basis: str) -> str:
        """A basis is named only where its law is loaded and in force on the day."""
        title = basis[1 : basis.find("》")]
        loaded = self.day and self.book.on(title, self.day).standing is Standing.IN_FORCE
        return basis if basis and loaded else ""


# Codes that rest on the dates of a text, not on its wording.
DATED = frozenset(("C2", "C3", "C4", "C5", "C17"))
# The codes of a law that is a basis without an article (《…》等有关规定): its title and its force.
NAME_RULES = ("C1", "C4", "C11")
Rule = Callable[[Cited], Iterable[Finding]]
GapRule = Callable[[Reading, LawBook, date | None], Iterable[Finding]]
RULES: dict[str, Rule] = {}
GAP_RULES: dict[str, GapRule] = {}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in one text: its citations, the findings in order, the context handed on.

    ``attested`` names each article that rests on an entry by hand: 《…》第十二条（人工核对：谁，何时，何处）.
    """

    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...]
    context: Context
    attested: tuple[str, ...] = ()


@dataclass(slots=True)
class _Desk:
    """One judgement's days and what it has already looked up."""

    book: LawBook
    days: Days
    procedural: Collection[str]
    law_choice: str
    seen: dict[str, tuple[date | None, OnDay | None, LawVersion | None]] = field(default_factory=dict)
    neighbours: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def lay(self, citation: Citation) -> Cited:
        title = citation.resolved
        if not title:
            return Cited(citation, self.book, self._day(""), near=self.near)
        if title not in self.seen:
            day = self._day(title)
            standing = self.book.on(title, day) if day else None
            in_force = standing is not None and standing.standing is Standing.IN_FORCE
            self.seen[title] = (day, standing, standing.version if standing and in_force else None)
        day, standing, version = self.seen[title]
        if version is None or citation.article is None:
            return Cited(citation, self.book, day, standing, version)
        article = self.book.article(version, citation.article, citation.article_suffix or 0)
        if article is None and (version.attested_by or not self.book.articles(version)):
            return Cited(citation, self.book, day, standing, version, unstored=True)
        return Cited(citation, self.book, day, standing, version, settle(citation, article))

    def near(self, name: str) -> str:
        """The official title nearest to an unknown name, "" if none is: looked for once a name.

        Titles that share few characters with the name are left out before spellings are compared.
        """
        if name not in self.neighbours:
            self.letters = self.letters or [(t, frozenset(t)) for t in self.book.titles()]
            chars = set(clean_title(name).removeprefix(COUNTRY))
            likely = [t for t, letters in self.letters if len(chars & letters) >= 0.7 * len(chars)]
            spellings = {s: t for t in likely for s in (t, t.removeprefix(COUNTRY))}
            close = difflib.get_close_matches(clean_title(name), spellings, n=1, cutoff=0.75)
            self.neighbours[name] = spellings[close[0]] if close else ""
        return self.neighbours[name]

    def _day(self, title: str) -> date | None:
        """Substance on the day of the act (under 从新: of the decision), procedure on the decision's."""
        act, decided = self.days.act, self.days.decided
        if title in self.procedural or self.law_choice == "new":
            return decided or act
        return act or decided


def judge(
    text: str,
    book: LawBook,
    days: Days,
    *,
    place: Place | None = None,
    context: Context | None = None,
    procedural: Collection[str] = PROCEDURAL,
    law_choice: str = "old",
) -> list[Finding]:
    """Everything wrong with the citations of one text.

    Args:
        text: the text; never raises on it.
        book: the laws.
        days: when the act ended and when it was decided; one stands in for the other. With neither, only the
            form is judged.
        place: where the text stands; ``start`` and ``end`` of the findings count in ``text``.
        context: what earlier paragraphs handed on.
        procedural: official titles judged on the day of the decision.
        law_choice: ``new`` where the case records 从新 (处罚法第三十七条): substance as of the decision.
    """
    judged = judge_text(text, book, days, context, procedural=procedural, law_choice=law_choice)
    return [replace(f, place=_placed(f.place, place or Place(), text)) for f in judged.findings]


def judge_text(
    text: str,
    book: LawBook,
    days: Days,
    context: Context | None = None,
    *,
    procedural: Collection[str] = PROCEDURAL,
    law_choice: str = "old",
) -> Judged:
    """Like `judge` for one paragraph of many: also hands on the context, and is a value worth remembering."""
    reading = read(text, book, context)
    if not (reading.citations or reading.named or reading.gaps):
        return Judged((), (), reading.context)
    desk = _Desk(book, days, procedural, law_choice)
    laid = [desk.lay(c) for c in reading.citations]
    findings = [f for cited in laid for rule in RULES.values() for f in rule(cited)]
    findings += [f for c in reading.named for code in NAME_RULES for f in RULES[code](desk.lay(c))]
    for gap_rule in GAP_RULES.values():
        findings += gap_rule(reading, book, days.decided or days.act)
    findings.sort(key=lambda f: (f.place.start, f.place.end))
    attested = tuple(dict.fromkeys(cited.attested for cited in laid if cited.attested))
    return Judged(reading.citations, tuple(findings), reading.context, attested)


def _placed(found: Place, place: Place, text: str) -> Place:
    line = place.line
    if line is not None:
        line += text.count("\n", 0, found.start)
    return replace(place, line=line, start=found.start, end=found.end)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
