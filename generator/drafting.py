"""From a case file to a paper that may leave the house, or a refusal that says why not.

The order is fixed: what the case file owes, what the law of the days allows, the render, and then the audit
of the finished bytes themselves. Nothing here reads a clock: the day comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from generator import casechecks, penaltychecks
from generator import paper as finished
from generator.audit import Known, audit_paper
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, DocumentType, document_type, version_of
from generator.citing import cited
from generator.context import context
from generator.docx_text import read_docx
from generator.events import Event, day_of, served_paper
from generator.papers import Paper
from generator.phrases import taken
from generator.provenance import Provenance, with_place
from generator.subject import Matter, Subject, Uses
from generator.template import Template
from kb.errors import BadTemplate, NotFound, NotLoaded, Refused, WrongUse
from kb.findings import Finding, Place
from kb.records import Benchmark, Leniency
from kb.snapshot import Snapshot
from kb.uses import NOTHING, RecordUse, Rests

BLOCKING = ("否决", "扣分")
UNPROVEN = ("C0", "C2", "C4", "C17")
CITED = ("C0", "C1", "C2", "C3", "C4", "C5", "C7", "C10", "C11", "C17")
"""What stops our own paper whatever its severity: a citation not complete, or not provable."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished paper.

    Attributes:
        data: the bytes of the .docx.
        findings: what the audit found; only 提示 unless it is a draft.
        notes: what the officer should know: which records are 示例, which day was used.
        watermark: whether it carries 草稿 and can't be issued.
        phrases: the standard wording its template took from the base.
        read: the paper as it was proven, and ``uses``: the records it rests on; None for a blank form.
    """

    data: bytes
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    watermark: bool
    provenance: Provenance
    phrases: tuple[str, ...] = ()
    read: finished.Paper | None = None
    uses: Uses | None = None

    @property
    def rests(self) -> Rests:
        """What the paper is registered with when it is issued: the provisions it cites as they were proven,
        and the records it rests on; settings are no basis of it, they say who acts and how."""
        if self.read is None or self.uses is None:
            return NOTHING
        records = [r for r in self.uses.records.values() if r.kind != "setting"]
        return Rests(cited(self.read), tuple(RecordUse(r.kind, r.id, r.from_) for r in records))


def draft(
    type: str,
    case: CaseFile,
    base: Snapshot,
    *,
    decided: date,
    draft: bool = False,
    party: int = 1,
    paper: str = "",
) -> Draft:
    """Draft one paper of a case.

    Args:
        type: a document type (identifier or Chinese name).
        case: the case file.
        base: the snapshot it is drafted from.
        decided: the day of the paper where the case file has none (the door's clock).
        draft: save it with its faults, watermarked 草稿.
        party: which party, from 1; one letter a liable party. A paper that names its party has that one.
        paper: which of the case's papers of this type: its key, or its number among them from 1. For a
            receipt: which paper was served, as `served_paper` takes it.

    Raises:
        NotFound: unknown document type, benchmark or paper.
        WrongUse: several papers of the type and none chosen.
        NotLoaded: a setting, benchmark or period that the paper needs is not loaded.
        Refused: the paper may not leave; carries its findings.
    """
    kind = document_type(type)
    subject = subject_of(kind, case, base, decided, party, paper)
    faults, ranges = casechecks.check(subject)
    owed = [replace(f, place=Place("案件文件")) for f in faults]
    values = context(subject, ranges, draft=False)
    template, made_with = _prepared(kind, kind.template)
    days = casechecks.days(subject)
    provenance = Provenance(
        type=kind.type,
        case=case.id,
        revision=base.revision,
        template=made_with,
        act=days.act,
        decided=days.decided,
        law_choice=case.law_choice.apply if case.law_choice else "",
        draft=draft or bool(subject.uses.examples()),
        paper=_name_of(subject),
    )
    data, provenance = printed(template, values, provenance, subject.uses)
    known = Known.of(provenance)
    read = finished.Paper(read_docx(data), kind, base, known.days)
    found = audit_paper(read, known).findings
    # Citations first, then dates and amounts, then what the case lacks and what the text therefore lacks.
    findings = sorted([*owed, *found], key=lambda f: (f.code not in CITED, f.code[0] != "C", f.code == "E1"))
    if not draft:
        _refuse_if(findings, kind)
    notes, phrases = tuple(_notes(subject, template)), taken(subject.uses)
    return Draft(data, tuple(findings), notes, provenance.draft, provenance, phrases, read, subject.uses)


def printed(
    template: Template, values: Mapping[str, Any], provenance: Provenance, uses: Uses
) -> tuple[bytes, Provenance]:
    """The bytes of a paper, and what it says of its making: 草稿 too where a phrase it took is 示例."""
    data = template.render({**values, "draft": provenance.draft, "provenance": provenance.to_values()})
    if not provenance.draft and uses.examples():
        return printed(template, values, replace(provenance, draft=True), uses)
    return data, provenance


def _name_of(subject: Subject) -> str:
    """What `draft` has to be told to make the same paper again."""
    if subject.of:
        return subject.of.name
    made = [p for p in subject.case.papers if p.type == subject.kind.type]
    n = next((n for n, p in enumerate(made, 1) if p is subject.paper), 0)
    return (subject.paper.key or str(n)) if subject.paper and n else ""


def subject_of(
    kind: DocumentType, case: CaseFile, base: Snapshot, decided: date, party: int = 1, paper: str = ""
) -> Subject:
    """What a paper is about: the violations of one party, each with its benchmark as of the days that matter.

    Raises:
        WrongUse: the case has no such party, or no violation of it; several papers and none chosen.
        NotFound, NotLoaded: a benchmark, leniency entry or paper.
    """
    at = target(kind, case, paper, party)
    party = at.party
    own = [v for v in case.violations if v.party == party]
    if not 1 <= party <= len(case.parties) or not own:
        raise WrongUse(f"案件没有第{party}个当事人的违法行为", hint="核对 parties 和 violations 的 party")
    uses = Uses(base)
    day = at.day or decided
    matters = []
    for v in own:
        old, new = _version(base, v.benchmark, v.act.end), _version(base, v.benchmark, day)
        applied = new if case.law_choice and case.law_choice.apply == "新" else old
        if applied is None:
            raise NotLoaded(
                f"基准“{v.benchmark}”没有在{v.act.end}有效的版本", hint="先录入违法行为终了之日有效的版本"
            )
        uses.note(applied)
        matters.append(Matter(v, applied, old, new))
    act_end = max(v.act.end for v in own)
    substance = day if case.law_choice and case.law_choice.apply == "新" else act_end
    lenient = _leniency(kind, case, uses, substance)
    whose = case.parties[party - 1]
    subject = Subject(kind, case, whose, tuple(matters), day, substance, lenient, uses, at.entry, at.of)
    settled = tuple(replace(m, branch=penaltychecks.branch_basis(subject, m)) for m in matters)
    return replace(subject, matters=settled)


@dataclass(frozen=True, slots=True)
class Target:
    """What a paper is made for.

    Attributes:
        entry: its entry among the papers of the case; None for a block, or where there is none yet.
        of: the paper that was served, where this one is its receipt.
        party: which party, from 1.
        day: the day the case gives it; None where it gives none.
    """

    entry: Paper | None
    of: Event | None
    party: int
    day: date | None


def target(kind: DocumentType, case: CaseFile, paper: str = "", party: int = 1) -> Target:
    """Which paper of the case is meant, whose it is, and the day it bears.

    Args:
        paper, party: as `draft`; a paper that names its party has that one.

    Raises:
        WrongUse, NotFound: as `paper_of` and `served_paper`.
    """
    if kind.type == RECEIPT:
        of = served_paper(case, paper)
        served = case.papers[of.index] if of.index is not None else None
        return Target(None, of, (served and served.party) or party, of.served_on)
    entry = paper_of(kind, case, paper)
    return Target(entry, None, (entry and entry.party) or party, day_of(kind, case, entry))


def paper_of(kind: DocumentType, case: CaseFile, which: str) -> Paper | None:
    """The entry of the case for a paper; a type without one is made from the rest of the case alone.

    Args:
        kind: the type.
        case: the case.
        which: its key, or its number among the papers of the type from 1; empty where there is one at most.

    Raises:
        WrongUse: none chosen of several, or the type has no entries.
        NotFound: no such paper.
    """
    if kind.block:
        if which:
            raise WrongUse(f"《{kind.name}》一案一份，不用 --paper", hint="去掉 --paper")
        return None
    found = [p for p in case.papers if p.type == kind.type]
    names = "、".join(p.key or str(n) for n, p in enumerate(found, 1))
    if not which:
        if len(found) > 1:
            raise WrongUse(f"案件有{len(found)}份《{kind.name}》", hint=f"用 --paper 指明哪一份：{names}")
        return found[0] if found else None
    for n, p in enumerate(found, 1):
        if which in (p.key, str(n)):
            return p
    raise NotFound(
        f"案件没有这份《{kind.name}》：{which}", hint=f"可用的有：{names}" if found else "先写在 papers 里"
    )


def _leniency(kind: DocumentType, case: CaseFile, uses: Uses, day: date) -> Leniency | None:
    """The list entry the paper relies on; a penalty doesn't rest on an entry of no penalty."""
    if case.leniency is None or kind.type not in ("no_penalty_decision", "prior_notice", "decision"):
        return None
    found = uses.base.record("leniency", case.leniency.id, day)
    if not isinstance(found, Leniency) or (kind.type != "no_penalty_decision" and found.which_list == "不予"):
        return None
    uses.note(found)
    return found


def template_of(kind: DocumentType) -> Template:
    """The compiled template of a document type, prepared once a process.

    Raises:
        BadTemplate: it can't be compiled, or could not show the watermark.
    """
    return _prepared(kind, kind.template)[0]


def version(kind: DocumentType) -> str:
    """The version of the template as it was compiled."""
    return _prepared(kind, kind.template)[1]


@cache
def _prepared(kind: DocumentType, file: Path) -> tuple[Template, str]:
    """The template with a place for the provenance, and the version of the very bytes it was made from."""
    data = file.read_bytes()
    template = Template.compile(with_place(data), name=kind.name)
    if not any(field.name == "draft" for field in template.fields()):
        raise BadTemplate(
            "模板没有草稿水印",
            where=f"{kind.type} 的页眉",
            hint="在页眉的水印前后写 {%p if draft %} 和 {%p endif %}",
        )
    return template, version_of(data)


def _version(base: Snapshot, id: str, day: date) -> Benchmark | None:
    try:
        found = base.record("benchmark", id, day)
    except NotLoaded:
        return None
    return found if isinstance(found, Benchmark) else None


def _refuse_if(findings: Sequence[Finding], kind: DocumentType) -> None:
    stops = [f for f in findings if f.severity in BLOCKING or f.code in UNPROVEN]
    if not stops:
        return
    first = stops[0]
    more = f"（另有{len(stops) - 1}处）" if len(stops) > 1 else ""
    raise Refused(
        f"《{kind.name}》不能出具：{first.code} {first.message}{more}",
        where=first.text,
        hint=first.suggestion or "改正后再出具，或者用 --draft 存为草稿",
        findings=[f.to_dict() for f in findings],
    )


def _notes(subject: Subject, template: Template) -> list[str]:
    notes = []
    if examples := subject.uses.examples():
        notes.append("本文书依据示例资料，只能作草稿：" + "、".join(examples))
    if subject.kind.type != RECEIPT and day_of(subject.kind, subject.case, subject.paper) is None:
        notes.append(f"案件没有写本文书的日期，落款用{subject.day}")
    asks = any(field.name == "annex" for field in template.fields())
    if asks and subject.case.annex and not any(v.has_text for v in subject.base.laws.versions):
        notes.append("法律原文未载入，没有附相关条文")
    return notes
