"""What can be found: one `Document` for each record and for each article of each law version."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kb.citation import parse
from kb.conditions import words
from kb.laws import COUNTRY, Article, LawBook, LawVersion
from kb.money import find_fines
from kb.numerals import to_chinese
from kb.records import Benchmark, Branch, CaseStudy, Leniency, Phrase, Procedure, Question, Record, Tier
from kb.snapshot import Snapshot
from search.sums import fines_reach, join, reach
from search.weights import TITLE_OF_ARTICLE, TITLE_OF_RECORD

SHOWN_KINDS = ("benchmark", "leniency", "phrase", "case_study", "procedure")
RECORD_KINDS = (*SHOWN_KINDS, "question")
"""Kinds of records that are indexed. A question is no hit itself: it lifts what it led to."""
LIMB_LAW = f"{COUNTRY}行政处罚法"
LIMB_NAMES = {
    "33(1)前段": ("轻微不罚", "轻微免罚", "小过不罚"),
    "33(1)后段": ("首违不罚", "首违免罚", "初次不罚", "首违可不罚"),
    "33(2)": ("无错不罚", "无过错不罚", "没有过错不罚", "无主观过错不罚"),
    "32": ("从轻减轻", "应当从轻或者减轻"),
    "30": ("未成年人不罚", "未成年不罚"),
    "31": ("精神病人不罚",),
}
"""What people call the provisions on leniency of `LIMB_LAW`; a limb begins with its article."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing a search can answer with.

    Args:
        entry: the store's own number; a changed record or text has a new one.
        id: what `show` takes; the dated versions of one thing share it.
        version: first day in force as written (ISO), empty where none is known.
        body: what a snippet is cut from.
        words: more that finds it (chapter, keywords, citations), never shown.
        law: official title of the law an article belongs to.
        version_key: the store's key of that law version; 0 for records.
        names: titles and aliases for suggestions, a law's with their initials and pinyin; they stand on
            its first article.
        fine: the least and the highest fine it allows, in yuan; None where it says none.
        cites: ids of the articles that a benchmark rests on, the basis of the penalty first.
    """

    entry: int
    id: str
    kind: str
    title: str
    body: str
    domain: str = ""
    from_: date | None = None
    to: date | None = None
    words: str = ""
    law: str = ""
    version_key: int = 0
    names: tuple[str, ...] = ()
    fine: tuple[int, int] | None = None
    cites: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return self.from_.isoformat() if self.from_ else ""

    @property
    def text(self) -> str:
        """Everything that is searched, a record's title more than once. An article's number is not:
        `query` reads citations.

        An article of which only the structure is known is found by its citation alone: its law's name would
        make every one of them a hit.
        """
        if self.law and not self.body:
            return ""
        head = self.law.removeprefix(COUNTRY) if self.law else self.title
        times = TITLE_OF_ARTICLE if self.law else TITLE_OF_RECORD
        return "\n".join((*(head,) * times, self.words, self.body))


def documents_of(
    base: Snapshot, entries: Container[int] = (), versions: Container[int] = ()
) -> Iterator[Document]:
    """All documents of a snapshot, without the records and law versions that are already indexed.

    Args:
        entries: entry numbers of indexed records.
        versions: keys of indexed law versions.
    """
    for kind in RECORD_KINDS:
        for record in base.records(kind):
            entry = base.entry_of(record)
            if entry not in entries:
                yield _of_record(record, entry, base.laws)
    for version in law_versions(base):
        if version.key not in versions:
            yield from _of_law(base, version)


@lru_cache(maxsize=2)  # an update asks four times
def law_versions(base: Snapshot) -> tuple[LawVersion, ...]:
    """Every loaded version of every law, with its end worked out."""
    return tuple(version for title in base.laws.titles() for version in base.laws.versions_of(title))


def article_id(law: str, key: str) -> str:
    """The id of a law article: ``law/<official title>/<number>``."""
    return f"law/{law}/{key}"


def _of_law(base: Snapshot, version: LawVersion) -> Iterator[Document]:
    # The loader, not `articles`: the book would keep every text of every law in memory.
    short = tuple(dict.fromkeys((version.title.removeprefix(COUNTRY), *version.aliases)))
    names = tuple(
        dict.fromkeys((version.title, *short, *(typed for name in short for typed in _typed(name))))
    )
    for article in base.laws.loader(version).values():
        summary = "" if article.has_text else base.laws.summaries.get((version.title, article.key), "")
        body = article.full_text() if article.has_text else summary
        yield Document(
            entry=article.entry,
            id=article_id(version.title, article.key),
            kind="law",
            title=_article_title(version.title, article),
            body=body,
            from_=version.from_,
            to=version.to,
            words=article.chapter,
            law=version.title,
            version_key=version.key,
            names=names,
            fine=join(reach(span.fine) for span in find_fines(body)) if "罚款" in body else None,
        )
        names = ()


def _typed(name: str) -> tuple[str, ...]:
    """The initials and the pinyin of a name, without what is no letter."""
    from pypinyin import Style, lazy_pinyin

    spelled = (lazy_pinyin(name, style) for style in (Style.FIRST_LETTER, Style.NORMAL))
    return tuple(re.sub(r"[^a-z]", "", "".join(syllables)) for syllables in spelled)


def _article_title(law: str, article: Article) -> str:
    number = to_chinese(article.number)
    suffix = f"之{to_chinese(article.suffix)}" if article.suffix else ""
    place = f"{number}、" if article.kind == "point" else f"第{number}条{suffix}"
    return f"《{law}》{place}" + (f"　{article.chapter}" if article.chapter else "")


def _of_record(record: Record, entry: int, book: LawBook) -> Document:
    body, words = _texts(record)
    return Document(
        entry=entry,
        id=record.id,
        kind=record.kind,
        title=record.title,
        body=_join(body),
        domain=record.domain,
        from_=record.from_,
        to=record.to,
        words=_join(words),
        names=(record.title,) if record.kind in SHOWN_KINDS else (),
        fine=fines_reach(_fines(record)) if isinstance(record, Benchmark) else None,
        cites=tuple(_rests_on(record, book)) if isinstance(record, Benchmark) else (),
    )


def _rests_on(b: Benchmark, book: LawBook) -> dict[str, None]:
    """Ids of the articles of the basis and of what was violated, each once; a law may be loaded later."""
    found = [c for text in (*b.penalty_basis, *b.violated) for c in parse(text, book)]
    return {article_id(law, c.key): None for c in found if c.article and (law := c.resolved or c.law)}


def _fines(b: Benchmark) -> Iterator[str]:
    """The statute's own fines; where none is written out, those of the tiers."""
    rows: Sequence[Branch | Tier] = [row for row in b.statutory if row.fine] or b.tiers
    return (row.fine for row in rows if row.fine)


def _join(parts: list[str]) -> str:
    return "\n".join(p for p in parts if p)


def _texts(record: Record) -> tuple[list[str], list[str]]:
    """What is shown and what only helps to find."""
    match record:
        case Benchmark():
            return _of_benchmark(record), [record.domain, *record.keywords, *_labels(record)]
        case Leniency():
            ticks = [t.label for t in record.conditions]
            return [*ticks, *record.exclusions, record.accompany, record.education], [
                record.domain,
                f"{record.which_list}处罚清单",
                *LIMB_NAMES.get(record.limb, ()),
                *record.basis,
            ]
        case Phrase():
            said = [record.recommended, *record.forbidden, record.text, record.legal_note, record.gesture]
            return said, [record.scene, record.step, record.section, *record.citations]
        case CaseStudy():
            course = [step.text for step in record.course]
            prose = re.sub(r"^#+\s*", "", record.body, flags=re.MULTILINE)
            return [prose, *course], [record.domain, *record.tags, *record.basis]
        case Procedure():
            steps = [part for s in record.steps for part in (s.step, s.who, s.how, s.period)]
            return [record.scope, *steps], [*record.tags, *(t for s in record.steps for t in s.basis)]
        case Question():
            return [], record.asked
        case _:
            return [], []


def _of_benchmark(b: Benchmark) -> list[str]:
    rows: list[Branch | Tier] = [*b.statutory, *b.tiers]
    branches = ["，".join(filter(None, (words(row.when), row.fine))) for row in rows]
    measures = [m.kind + m.object for m in b.measures]
    basis = "".join((*b.violated, *b.penalty_basis))
    return [basis, *branches, *measures, b.correction, b.gravity, b.note]


def _labels(b: Benchmark) -> list[str]:
    return [word for fact in b.facts.values() for word in (fact.label, *fact.aka)]
