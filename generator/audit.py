"""Proof of a finished paper, ours or not: its citations on the days that matter, and what its type owes.

What is read is the file itself, so a paper that passes here passes wherever the same file is checked again.
Paragraphs already judged (same text, days and open definitions) are remembered per snapshot: the constant
ones of a thousand letters cost once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from generator import provenance
from generator.catalogue import DocumentType, document_type
from generator.docx_text import Line, read_docx, read_lines
from generator.paper import Paper, judge_of
from generator.provenance import Provenance
from generator.rules import rules_for
from kb.citation import Context, Days, Judged, format_citation
from kb.findings import Finding
from kb.package import Package, open_package
from kb.snapshot import Snapshot

# What a paragraph says that weighs the old law against the new (行政处罚法 37)
_COMPARING = re.compile(r"第三十七条|从旧兼从轻|当时施行|新旧(?:规定|法)|修[订正改][前后]")
Quotations = dict[str, set[str]]
"""A line of a law's wording: the articles it stands in, as citations."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a paper's days.

    Args:
        act: the day the act ended; None: judged as the day of the decision.
        decided: the day of the decision or of the paper.
        law_choice: 新 where the officer chose the new law: substance then stands as of the decision.
    """

    act: date | None = None
    decided: date | None = None
    law_choice: str = ""

    @classmethod
    def of(cls, paper: Provenance) -> Known:
        return cls(paper.act, paper.decided, paper.law_choice)

    @property
    def days(self) -> Days:
        act = self.decided if self.law_choice == "新" else self.act
        return Days(act or self.decided, self.decided or self.act)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in one paper, how many citations it has, and which rest on an entry by hand.

    ``attested`` names each such article: 《…》第十二条（人工核对：谁，何时，何处）.
    """

    findings: list[Finding]
    citations: int
    attested: tuple[str, ...]


def audit(
    source: bytes | Package, base: Snapshot, *, kind: DocumentType | None, known: Known
) -> list[Finding]:
    """All findings of a .docx: each citation on its day, and what its type owes where the type is known.

    Raises:
        BadPackage: damaged or hostile.
    """
    return audit_paper(Paper(read_docx(source), kind, base, known.days), known).findings


def audit_paper(paper: Paper, known: Known) -> Proof:
    """The same for a paper already read; also the citations counted and what rests on entries by hand."""
    proof = prove(paper, known)
    more = [found for rule in rules_for(paper.kind) for found in rule(paper)]
    return replace(proof, findings=proof.findings + more)


def check_file(
    path: Path, base: Snapshot, days: Days | None = None, type: str | None = None, *, today: date
) -> dict[str, Any]:
    """Check one .docx, .txt or .md: the JSON of ``cite check``.

    Args:
        path: the file.
        base: what it is proven against.
        days: the days given by hand; without them, those the paper itself carries, else ``today`` for both.
        type: what the paper is; without it, what it says of itself, else no rule that needs a type judges.
        today: the door's day.

    Raises:
        NotFound, BadPackage, WrongUse: the file; NotFound also for an unknown type.
    """
    package = open_package(path) if path.suffix.lower() == ".docx" else None
    own = provenance.read(package) if package else None
    if days is not None:
        known = Known(days.act, days.decided)
    else:
        known = Known.of(own) if own else Known(today, today)
    name = type or (own.type if own else None)
    kind = document_type(name) if name else None
    lines = read_docx(package) if package else read_lines(path)
    proof = audit_paper(Paper(lines, kind, base, known.days), known)
    return {
        "file": str(path),
        "citations": proof.citations,
        "findings": [f.to_dict() for f in proof.findings],
        "attested": list(proof.attested),
    }


def prove(paper: Paper, known: Known) -> Proof:
    """The proof of all citations of a paper."""
    findings: list[Finding] = []
    attested: dict[str, None] = {}
    count, context = 0, Context()
    quoted: Quotations | None = None
    for n, (line, judged) in enumerate(zip(paper.lines, paper.judged, strict=True)):
        count += len(judged.citations)
        attested |= dict.fromkeys(judged.attested)
        if judged.findings:
            found = _weighed(paper, line, judged, known, context)
            quoted = quotations(paper) if quoted is None else quoted
            if not (is_wording(line, quoted) or _heads(paper.lines, n, quoted)):
                findings += _placed(found, line)
        context = judged.context
    return Proof(findings, count, tuple(attested))


def quotations(paper: Paper) -> Quotations:
    """The wording of every article the paper cites, line by line: what an annex quotes is not the author's.

    Only text that stands word for word in the law store counts as a quotation.
    """
    book = paper.base.laws
    cited = {
        (c.resolved, c.article, c.article_suffix or 0)
        for judged in paper.judged
        for c in judged.citations
        if c.resolved and c.article is not None
    }
    out: Quotations = {}
    for day in {d for d in (paper.days.act, paper.days.decided) if d}:
        for title, number, suffix in cited:
            version = book.on(title, day).version
            article = version and book.article(version, number, suffix)
            if version and article and article.has_text:
                name = format_citation(version.title, article.number, article.suffix)
                for row in article.full_text().splitlines():
                    out.setdefault(row.strip(), set()).add(name)
    return out


def is_wording(line: Line, quoted: Quotations) -> bool:
    """Whether a paragraph is the loaded wording of an article and nothing else."""
    return line.text.strip() in quoted


def _heads(lines: Sequence[Line], n: int, quoted: Quotations) -> bool:
    """Whether a paragraph names just the article whose wording stands below it."""
    below = lines[n + 1].text.strip() if n + 1 < len(lines) else ""
    return lines[n].text.strip() in quoted.get(below, ())


def _weighed(paper: Paper, line: Line, judged: Judged, known: Known, context: Context) -> tuple[Finding, ...]:
    """What is wrong; a paragraph that compares old and new law may cite either as of its own day (37)."""
    if known.act == known.decided or not _COMPARING.search(line.text):
        return judged.findings
    other = Days(known.act if known.law_choice == "新" else known.decided, known.decided)
    second = judge_of(paper.base)(line.text, other, context, paper.procedural)
    places = {(f.place.start, f.place.end) for f in second.findings}
    return tuple(f for f in judged.findings if (f.place.start, f.place.end) in places)


def _placed(findings: Sequence[Finding], line: Line) -> Iterator[Finding]:
    for found in findings:
        yield replace(found, place=replace(line.place, start=found.place.start, end=found.place.end))
