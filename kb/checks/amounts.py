"""Every fine of a branch stands in the text of its penalty provision, and none of that text is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from kb.checks.provisions import Provision, clauses_of, provisions, read_provisions
from kb.checks.registry import Notes, RecordFinding, check
from kb.citation import parse
from kb.conditions import words
from kb.errors import BadValue
from kb.laws import LawBook
from kb.money import Amount, Clause, Fine, FineSpan, find_amounts, format_fine, parse_fine
from kb.numerals import parse_number
from kb.records import Benchmark, Branch, Record
from kb.snapshot import Snapshot

_fine = lru_cache(maxsize=4096)(parse_fine)
Ends = tuple[Amount | None, Amount | None]
_ITEMS = re.compile(r"前款((?:第[一二三四五六七八九十]+项[、和或者]*)+)")


@check("amounts")
def amounts(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K5: the statute's own text doesn't have the amount. K13: it has it for others, or 可以 differs."""
    if not isinstance(record, Benchmark) or record.from_ is None:
        return
    for n, branch in enumerate(record.statutory, 1):
        if not branch.fine:
            continue
        cited = provisions(base, branch.basis or record.penalty_basis, record.from_)
        if not cited:
            notes.add("处罚依据的条文没有载入，没有核对金额", record.id)
            continue
        with suppress(BadValue):  # K3 says so
            fine = _fine(branch.fine)
            if fine.has_amount:
                yield from _branch(record, f"statutory 第{n}条", branch, fine, cited)


def _branch(
    record: Benchmark, place: str, branch: Branch, fine: Fine, cited: Sequence[Provision]
) -> Iterator[RecordFinding]:
    text = "\n".join(p.text for p in cited)
    clauses = [c for p in cited for c in clauses_of(p.text)]
    spans = [s for c in clauses for s in c.fines]
    same = [s for s in spans if ends(s.fine) == ends(fine)]
    if not same:
        if any(c.unread for c in clauses) and ends(fine) in {ends(f) for _, _, f in find_amounts(text)}:
            return  # a clause nobody could read has it
        known = "、".join(dict.fromkeys(format_fine(s.fine) for s in spans if s.fine.has_amount))
        yield RecordFinding(
            "K5",
            "否决",
            record.id,
            f"{place} fine",
            f"罚款“{branch.fine}”在处罚依据的条文里没有找到",
            f"条文中的数额有 {known}" if known else "条文中没有数额，核对处罚依据是否引到了写明数额的那一款",
        )
    elif not any(_for_same(s, branch) for s in same):
        who = "、".join(dict.fromkeys(s.subject for s in same))
        yield RecordFinding(
            "K13",
            "扣分",
            record.id,
            f"{place} subject",
            f"罚款“{branch.fine}”在条文里是对“{who}”的",
            "把对象写进 subject，或者写进 when",
        )
    elif not any(s.fine.optional == fine.optional for s in same):
        yield RecordFinding(
            "K13",
            "扣分",
            record.id,
            f"{place} fine",
            f"罚款“{branch.fine}”是可以还是应当，与条文不同",
            "条文写可以处、可以并处的照写，没有写的不加",
        )


def ends(fine: Fine) -> Ends:
    return fine.low, fine.high


def _for_same(span: FineSpan, branch: Branch) -> bool:
    """Whether a fine of the text is for whom a branch says: its subject, or 当事人为个人 in its `when`."""
    if not span.subject:
        return True
    said = branch.subject + words(branch.when)
    who = span.subject.removeprefix("其")
    return who in said or (bool(branch.subject) and branch.subject in who)


# ---------------------------------------------------------------- nothing left out


@check("left_out")
def left_out(base: Snapshot, record: Record, notes: Notes) -> Iterator[RecordFinding]:
    """K14: a fine of the penalty provision that no branch has, and that isn't another act's."""
    if not isinstance(record, Benchmark) or record.from_ is None or not record.statutory:
        return
    texts = [*record.penalty_basis, *(t for b in record.statutory for t in b.basis)]
    cited = provisions(base, texts, record.from_)
    if not cited:
        return
    used = _used(record)
    items = {p.unit.item for p in cited if p.unit.item}
    seen: set[Ends] = set()
    for one in cited:
        for clause in clauses_of(one.text):
            if _of_other_items(one.text[clause.start : clause.end], items):
                continue
            for span in clause.fines:
                if span.fine.has_amount and ends(span.fine) not in used | seen:
                    seen.add(ends(span.fine))
                    yield _left_out(record, one, clause, span)


def _used(record: Benchmark) -> set[Ends]:
    """The fines of the branches, and those that `not_when` says another act has."""
    used: set[Ends] = set()
    for branch in record.statutory:
        with suppress(BadValue):
            used |= {ends(_fine(branch.fine))} if branch.fine else set()
    return used | {ends(f) for other in record.not_when for _, _, f in find_amounts(other.then)}


def _of_other_items(clause: str, items: set[int]) -> bool:
    """有前款第五项、第八项情形之一的，处…: not ours unless it names one of our 项."""
    named = {int(parse_number(n)) for run in _ITEMS.findall(clause) for n in re.findall("第(.+?)项", run)}
    return bool(named and items and not named & items)


def _left_out(record: Benchmark, one: Provision, clause: Clause, span: FineSpan) -> RecordFinding:
    who = f"（对{span.subject}）" if span.subject else ""
    return RecordFinding(
        "K14",
        "扣分",
        record.id,
        "statutory",
        f"{one.citation.text}里的罚款“{format_fine(span.fine)}”{who}没有写进 statutory",
        "补上这一情形；是另一种行为的，写进 not_when，then 里写出这个数额",
    )


def provision_text(laws: LawBook, citations: list[str], day: date) -> str | None:
    """The text of cited provisions on a day; None unless all of it is loaded."""
    cited = read_provisions(laws, [c for text in citations for c in parse(text, laws, day)], day)
    return "\n".join(p.text for p in cited) if cited else None
