"""Every amount of a branch stands in the text of its penalty provision, where that text is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from kb.checks.registry import Notes, RecordFinding, check
from kb.citation import parse
from kb.errors import BadValue
from kb.laws import LawBook, Standing
from kb.money import find_amounts, format_fine, parse_fine
from kb.records import Benchmark, Record
from kb.snapshot import Snapshot


@check("amounts")
def amounts(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K5: the statute's own text doesn't have the amount; Chinese and Arabic numerals count alike."""
    if not isinstance(record, Benchmark) or record.from_ is None:
        return
    for n, branch in enumerate(record.statutory, 1):
        if not branch.fine:
            continue
        text = provision_text(base.laws, branch.basis or record.penalty_basis, record.from_)
        if text is None:
            notes.add("处罚依据的条文没有载入，没有核对金额", record.id)
            continue
        with suppress(BadValue):  # K3 says so
            fine = parse_fine(branch.fine)
            known = {(f.low, f.high) for _, _, f in find_amounts(text)}
            if fine.has_amount and (fine.low, fine.high) not in known:
                yield RecordFinding(
                    "K5",
                    "否决",
                    record.id,
                    f"statutory 第{n}条 fine",
                    f"罚款“{branch.fine}”在处罚依据的条文里没有找到",
                    "条文中的数额有 " + "、".join(format_fine(f) for _, _, f in find_amounts(text))
                    if known
                    else "条文中没有数额，核对处罚依据是否引到了写明数额的那一款",
                )


def provision_text(laws: LawBook, citations: list[str], day: date) -> str | None:
    """The text of cited provisions on a day; None unless all of it is loaded.

    The chapeau of an article belongs to its items: a citation of an item gives the whole paragraph.
    """
    out = []
    for text in citations:
        for c in parse(text, laws, day):
            on = laws.on(c.resolved, day) if c.resolved else None
            if on is None or on.standing is not Standing.IN_FORCE or on.version is None or c.article is None:
                return None
            article = laws.article(on.version, c.article, c.article_suffix or 0)
            if article is None or not article.has_text:
                return None
            paragraphs = article.paragraphs
            if c.paragraph is not None and c.paragraph <= len(paragraphs):
                paragraphs = (paragraphs[c.paragraph - 1],)
            out += [p.full_text() for p in paragraphs]
    return "\n".join(out) if out else None
