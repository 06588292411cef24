"""C13 against the case: a letter's provisions, party, sums, numbers and days are those the case prescribes.

What the case prescribes is what the same type of paper says when it is drafted from the case. A letter that
follows that draft (most of its paragraphs stand in it word for word) is compared point by point; another
letter only in what every paper of the case has to say alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from generator.amounts import sums
from generator.audit import Known, is_wording, quotations
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, DocumentType, document_type
from generator.consistency import Read, same_name
from generator.days import days_in, place_of
from generator.docx_text import Line, read_docx
from generator.drafting import draft
from generator.events import day_of, served_papers
from generator.paper import Paper
from generator.papers import Paper as Entry
from generator.particulars import NUMBER, Particulars, Said, number_text, particulars
from generator.subject import UNFILLED
from kb.citation import Citation
from kb.findings import Finding, Place
from kb.snapshot import Snapshot

FOLLOWS = 0.5
"""A letter that holds this share of the draft's paragraphs was made from it."""
_SAID_SHORT = 8


@dataclass(frozen=True)
class Case:
    """A case file with its name, to compare papers with."""

    file: str
    case: CaseFile
    base: Snapshot
    today: date

    def known(self, kind: DocumentType | None, says: Particulars) -> Known:
        """The days the case gives a paper: the act's end, and the paper's day."""
        party = self.party_of(says)
        own = [v for v in self.case.violations if v.party == party]
        decided = day_of(kind, self.case, self.entry_of(kind, says)) if kind else None
        signed = says.day.value if says.day else self.today
        choice = self.case.law_choice.apply if self.case.law_choice else ""
        return Known(max(v.act.end for v in own or self.case.violations), decided or signed, choice)

    def party_of(self, says: Particulars) -> int:
        """Which party of the case a paper is for, from 1; the first where its name is none of theirs."""
        named = {says.party.value, *says.others} if says.party else set()
        for n, party in enumerate(self.case.parties, 1):
            if named & {party.name, party.trade_name}:
                return n
        return 1

    def entry_of(self, kind: DocumentType, says: Particulars) -> Entry | None:
        """Which of the case's papers of a type a paper is: the one of its number or day, else the first."""
        made = [p for p in self.case.papers if p.type == kind.type]
        number = says.number.value if says.number else ""
        signed = says.day.value if says.day else None
        same = [p for p in made if p.number and number.endswith((f"{p.number}", f"〕{p.number}号"))]
        return next(iter([*same, *(p for p in made if p.date and p.date == signed), *made]), None)

    def _which(self, kind: DocumentType, says: Particulars, text: str) -> str:
        """The same as `drafting.draft` is told it: its number among the papers of the type, or what was
        served."""
        if kind.type == RECEIPT:
            return self._served_in(text)
        entry = self.entry_of(kind, says)
        made = [p for p in self.case.papers if p.type == kind.type]
        return str(1 + next(n for n, p in enumerate(made) if p is entry)) if entry else ""

    def _served_in(self, text: str) -> str:
        """The served paper a receipt names by its number, else by its name; the first where it names none.

        The name of one may hold that of another (解除（处理）查封（扣押）决定书): the longest is meant.
        """
        there = served_papers(self.case)
        named = [e for e in there if document_type(e.type).name in text] or list(there)
        named.sort(key=lambda e: -len(document_type(e.type).name))
        numbers = {e.name: f"〕{e.number}号" if isinstance(e.number, int) else e.number for e in named}
        same = [name for name, number in numbers.items() if number and number in text]
        return next(iter([*same, *numbers]), "")

    def draft_of(self, paper: Read) -> Paper:
        """The same paper as the case prescribes it.

        Raises:
            CailiangError: the case can't make this paper: a benchmark or setting is not loaded.
        """
        kind = paper.paper.kind
        assert kind is not None, "only a paper of a known type is compared"
        annexed = any(line.text.lstrip().startswith("附") for line in paper.paper.lines)
        case = self.case.model_copy(update={"annex": self.case.annex and annexed})
        made = draft(
            kind.type,
            case,
            self.base,
            decided=paper.paper.days.decided or self.today,
            draft=True,
            party=self.party_of(paper.says),
            paper=self._which(kind, paper.says, paper.paper.text),
        )
        return Paper(read_docx(made.data), kind, self.base, paper.paper.days)


def against_case(paper: Read, case: Case) -> list[Finding]:
    """Every difference between one paper and what the case prescribes.

    Raises:
        CailiangError: see `Case.draft_of`.
    """
    wanted = case.draft_of(paper)
    return against_paper(paper, Read(case.file, wanted, particulars(wanted)))


def against_paper(paper: Read, wanted: Read) -> list[Finding]:
    """Every difference in substance from what a paper should be: the draft of the case, or the issued one."""
    compare = _point_by_point if _follows(paper.paper.lines, wanted.paper.lines) else _in_substance
    found = [*_party(wanted, paper), *compare(wanted, paper)]
    return list({(f.place, f.message): f for f in found}.values())


def _follows(lines: Sequence[Line], draft: Sequence[Line]) -> bool:
    written = {line.text.strip() for line in lines}
    said = [text for line in draft if len(text := line.text.strip()) >= _SAID_SHORT]
    return sum(text in written for text in said) >= FOLLOWS * len(said)


def _party(wanted: Read, paper: Read) -> Iterator[Finding]:
    here, there = paper.says, wanted.says
    if here.party and there.party and not same_name(here, there):
        yield _differs("当事人", there.party.value, here.party)
    for label, mine, theirs in (
        ("统一社会信用代码", here.code, there.code),
        ("证件号码", here.identity, there.identity),
    ):
        if mine and theirs and mine.value != theirs.value:
            yield _differs(label, theirs.value, mine)


def _differs(label: str, wanted: str, said: Said[Any]) -> Finding:
    message = f"{label}与案件不一致：案件规定的是{wanted}"
    return Finding("C13", "否决", message, text=said.text, place=said.place, suggestion=wanted)


# ---------------------------------------------------------------- a letter made from the case


def _point_by_point(wanted: Read, paper: Read) -> Iterator[Finding]:
    for label, read in _POINTS.items():
        yield from _sequence(label, list(read(wanted.paper)), list(read(paper.paper)), wanted.paper)


def _sequence(label: str, wanted: list[Said[Any]], said: list[Said[Any]], draft: Paper) -> Iterator[Finding]:
    """The differences of two sequences, each at the place where the letter departs."""
    steps = SequenceMatcher(None, [s.value for s in wanted], [s.value for s in said], autojunk=False)
    open_ended = UNFILLED in draft.text  # the case leaves something to be filled in: more may stand here
    for step, a, b, c, d in steps.get_opcodes():
        there, here = wanted[a:b], said[c:d]
        if step == "equal":
            yield from (_written(label, t, h) for t, h in zip(there, here, strict=True) if _unlike(t, h))
            continue
        for n, mine in enumerate(here):
            if n < len(there):
                yield _differs(label, there[n].text, mine)
            elif not open_ended:
                message = f"案件没有规定这里的{label}"
                yield Finding("C13", "否决", message, mine.text, mine.place, "删去，或者先在案件文件中写明")
        for lost in there[len(here) :]:
            place = said[min(c + len(here), len(said)) - 1].place if said else Place()
            message = f"缺少案件规定的{label}{lost.text}"
            yield Finding("C13", "否决", message, "", replace(place, start=place.end), f"补写{lost.text}")


def _unlike(wanted: Said[Any], said: Said[Any]) -> bool:
    return "".join(wanted.text.split()) != "".join(said.text.split())


def _written(label: str, wanted: Said[Any], said: Said[Any]) -> Finding:
    """The same thing in other words: 第八十五条 for 《…》第八十五条."""
    message = f"{label}的写法与案件不同：案件写的是{wanted.text}"
    return Finding("C13", "扣分", message, text=said.text, place=said.place, suggestion=wanted.text)


def _citations(paper: Paper) -> Iterator[Said[Any]]:
    quoted = quotations(paper)
    for line in paper.lines:
        if is_wording(line, quoted):
            continue
        for c in paper.citations(line):
            yield Said(_key(c), c.text, replace(line.place, start=c.start, end=c.end))


def _key(c: Citation) -> tuple[object, ...]:
    return (c.resolved or c.law, c.article, c.article_suffix, c.paragraph, c.item, c.subitem)


def _sums(paper: Paper) -> Iterator[Said[Any]]:
    for line in paper.lines:
        for s in sums(line.text):
            yield Said((s.amount, s.figures), s.text, replace(line.place, start=s.start, end=s.end))


def _days(paper: Paper) -> Iterator[Said[Any]]:
    for line in paper.lines:
        for match, day in days_in(line.text):
            yield Said(day, match[0], place_of(line, match))


def _numbers(paper: Paper) -> Iterator[Said[Any]]:
    for line in paper.lines:
        for match in NUMBER.finditer(line.text):
            yield Said(number_text(match), match[0], place_of(line, match))


_POINTS: dict[str, Callable[[Paper], Iterator[Said[Any]]]] = {
    "引用": _citations,
    "数额": _sums,
    "日期": _days,
    "文号": _numbers,
}


# ---------------------------------------------------------------- a letter of another hand


def _in_substance(wanted: Read, paper: Read) -> Iterator[Finding]:
    here, there = paper.says, wanted.says
    for label, mine, theirs in (
        ("违反的条款", here.violated, there.violated),
        ("处罚的依据", here.basis, there.basis),
        ("罚款", here.fines, there.fines),
        ("没收的数额", here.taken, there.taken),
    ):
        yield from _same_set(label, list(theirs), list(mine))
    for label, one, other in (
        ("文号", here.number, there.number),
        ("日期", here.day, there.day),
        ("立案日期", here.filed, there.filed),
        ("告知书送达日期", here.served, there.served),
        ("陈述、申辩截止日期", here.reply_by, there.reply_by),
    ):
        if one and other and one.value != other.value:
            yield _differs(label, other.text, one)
    numbers = {r.kind: r.number for r in there.refers}
    for reference in here.refers:
        owed = numbers.get(reference.kind) if reference.kind else None
        if owed and not reference.number.value.endswith(owed.value):
            yield _differs("所引文书的文号", owed.value, reference.number)


def _same_set(label: str, wanted: list[Said[Any]], said: list[Said[Any]]) -> Iterator[Finding]:
    """What the case prescribes and nothing else, whatever the order and however often."""
    if not said:
        return  # what the paper owes is another rule's business
    due, have = {s.value: s for s in wanted}, {s.value: s for s in said}
    lost = [s.text for value, s in due.items() if value not in have]
    for value, mine in have.items():
        if value not in due:
            yield _differs(label, "、".join(lost or (s.text for s in due.values())) or "（无）", mine)
    if lost and not have.keys() - due.keys():
        last = said[-1]
        message = f"{label}缺少案件规定的{'、'.join(lost)}"
        yield Finding("C13", "否决", message, last.text, last.place, "补写" + "、".join(lost))
