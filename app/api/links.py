"""Citations as links: a written citation and the address of the article it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from kb.citation import Citation, parse
from kb.laws import LawBook
from kb.records import Benchmark
from kb.snapshot import Snapshot


def law_url(title: str, key: str = "", on: date | None = None) -> str:
    """Address of a law, or of one of its articles (``59``, ``120-1``)."""
    path = "/".join(quote(part, safe="") for part in ("law", title, key) if part)
    return f"/{path}" + (f"?on={on}" if on else "")


HEADS = {
    "benchmark": "benchmark",
    "leniency": "leniency",
    "phrase": "phrase",
    "case_study": "case",
    "procedure": "procedure",
}


def record_url(kind: str, id: str) -> str:
    """Address of a record's page: ``/benchmark/market/x``; an id that names its kind does so once."""
    head = HEADS[kind]
    return "/" + quote(id if id.startswith(f"{head}/") else f"{head}/{id}")


def article_key(citation: Citation) -> str:
    """The article's part of its id, ``59`` or ``120-1``; empty where the citation names no article."""
    if citation.article is None:
        return ""
    suffix = citation.article_suffix
    return f"{citation.article}-{suffix}" if suffix else str(citation.article)


def url_of(citation: Citation, on: date | None = None) -> str:
    """Address of the article a citation names; empty where its law is not loaded."""
    return law_url(citation.resolved, article_key(citation), on) if citation.resolved else ""


def link(text: str, book: LawBook, on: date | None = None) -> dict[str, Any]:
    """One written citation: ``{"text", "url"}``; the address is that of the first provision it names."""
    found = parse(text, book, on) if text else []
    return {"text": text, "url": next((u for c in found if (u := url_of(c, on))), "")}


def pieces(text: str, book: LawBook, on: date | None = None) -> list[tuple[str, str]]:
    """Cut a sentence into (words, address) pairs; the address is empty between citations."""
    out: list[tuple[str, str]] = []
    at = 0
    for c in sorted(parse(text, book, on), key=lambda c: c.start):
        if c.start < at:
            continue
        out.append((text[at : c.start], ""))
        out.append((text[c.start : c.end], url_of(c, on)))
        at = c.end
    out.append((text[at:], ""))
    return [(words, url) for words, url in out if words]


CitedBy = dict[tuple[str, str], list[dict[str, str]]]


def cited_by(base: Snapshot) -> CitedBy:
    """Which benchmark cites which article, and as what; by (official title, article key)."""
    table: CitedBy = {}
    for row in base.benchmarks():
        for use, text in _citations(row):
            for c in parse(text, base.laws):
                if not c.resolved:
                    continue
                entry = {"id": row.id, "violation": row.violation, "domain": row.domain, "use": use}
                rows = table.setdefault((c.resolved, article_key(c)), [])
                if entry not in rows:
                    rows.append(entry)
    return table


def _citations(row: Benchmark) -> Iterator[tuple[str, str]]:
    yield from (("违反条款", text) for text in row.violated)
    yield from (("处罚依据", text) for text in row.penalty_basis)
    yield from (("处罚依据", text) for branch in row.statutory for text in branch.basis)
    measures: Iterable[Any] = (*row.measures, *(m for b in row.statutory for m in b.measures))
    yield from (("其他措施", m.basis) for m in measures if m.basis)
    yield from (("不适用情形", n.basis) for n in row.not_when if n.basis)
