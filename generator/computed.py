"""Values that follow from the case: what ``default`` and ``computed`` of an own field may name.

A default is a path of the case (``violations.place``), of another paper (``papers.hearing_notice.held_at``)
or one of the functions registered here (``goods/taken``); `computed` is always a function.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator.casetypes import RESIDENT_CARD, born_on
from generator.catalogue import document_type
from generator.enforced import FUNCTIONS
from generator.numbers import notice_number, number_text, paper_number
from generator.ownfields import read_own
from generator.papers import Goods, Paper
from generator.subject import Subject, period
from kb.errors import BadRecord, NotLoaded
from kb.importing.yaml_files import Lines
from kb.records import SLUGS, Setting

Function = Callable[[Subject], Any]
COMPUTED: dict[str, Function] = dict(FUNCTIONS)
EXTENSION = "decision/extension"
_DISPOSED = ("没收", "返还", "销毁", "移送")
ABOUT_ALL = ("dossier_cover", "dossier_index", "dossier_note")


def computed(name: str) -> Callable[[Function], Function]:
    """Register a function under the name that ``document.yaml`` uses."""

    def register(function: Function) -> Function:
        COMPUTED[name] = function
        return function

    return register


def value_at(path: str, subject: Subject, *, follow: int = 2) -> Any:
    """What a default names, as the case has it; None where it has none.

    Args:
        path: a path or the name of a function.
        subject: the paper at hand.
        follow: through how many other papers a path may lead, so two papers can't wait for each other.

    Raises:
        BadRecord: there is no such function.
    """
    if "/" in path:
        if path not in COMPUTED:
            raise BadRecord(
                f"没有函数“{path}”", where=f"{subject.kind.type} 的 document.yaml", hint="、".join(COMPUTED)
            )
        return COMPUTED[path](subject)
    head, _, rest = path.partition(".")
    if head == "papers":
        return _of_paper(rest, subject, follow - 1) if follow else None
    if head == "party":
        return walk(subject.party, rest)
    if head == "paper":
        return walk(subject.paper, rest)
    if head == "violations":
        return walk(subject.matters[0].violation, rest) if subject.matters else None
    if head == "officers" and not rest:
        return subject.officers
    if path == "notice.number":
        return notice_number(subject) if subject.case.notice.number is not None else None
    return walk(subject.case, path)


def walk(value: Any, path: str) -> Any:
    """Attributes by a dotted path; None as soon as one is missing."""
    for step in path.split("."):
        value = getattr(value, step, None)
    return value


def last_paper(subject: Subject, type: str) -> Paper | None:
    """The paper of a type that counts: the last one not void, other than the paper at hand."""
    found = [p for p in subject.case.papers if p.type == type and not p.void and p is not subject.paper]
    return found[-1] if found else None


def _of_paper(rest: str, subject: Subject, follow: int) -> Any:
    """``hearing_notice.held_at``: its number, date, ``served.at`` or one of its own fields."""
    type, _, name = rest.partition(".")
    other = last_paper(subject, type)
    if other is None:
        return None
    if name == "number":
        return paper_number(other, subject) if other.number is not None else None
    if name == "date":
        return other.date
    if name.startswith("served."):
        return walk(other, name)
    given = read_own(other, Lines("案件"), ("papers", subject.case.papers.index(other)))
    if name in given:
        return given[name]
    field = next((f for f in document_type(type).own if f.name == name), None)
    source = field and (field.computed or field.default)
    return value_at(source, about(subject, other), follow=follow) if source else None


def about(subject: Subject, other: Paper) -> Subject:
    """The same case seen from another of its papers."""
    from dataclasses import replace

    return replace(subject, kind=document_type(other.type), paper=other, day=other.date or subject.day)


# ---------------------------------------------------------------- the functions


@computed("day/next")
def _day_after(subject: Subject) -> date:
    """The day after the paper's."""
    return subject.day + timedelta(days=1)


@computed("party/age")
def _age(subject: Subject) -> Decimal | None:
    """The party's age in full years when the act ended (行政处罚法 30 asks for it)."""
    party, day = subject.party, subject.act_end
    born = party.born
    if born is None and party.id_number and party.id_type == RESIDENT_CARD:
        born = born_on(party.id_number)
    if born is None:
        return None
    return Decimal(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


@computed("case/evidence")
def _evidence(subject: Subject) -> list[dict[str, str | bool]]:
    """Every piece of evidence of the party: name, source, proves, favourable."""
    return [
        {"name": e.name, "source": e.source or "", "proves": e.proves, "favourable": e.favourable}
        for m in subject.matters
        for e in m.violation.evidence
    ]


@computed("case/benchmark")
def _benchmark(subject: Subject) -> str:
    """The published benchmark, its row and tier, as each violation says them; empty where none does."""
    said = [m.violation.discretion for m in subject.matters]
    parts = [(d.instrument or "") + (d.row or "") + (f"“{d.tier}”阶次" if d.tier else "") for d in said if d]
    return "；".join(dict.fromkeys(part for part in parts if part))


@computed("law/conduct")
def _conduct(subject: Subject) -> str:
    """The 案由: as the case says it, else the conduct of each violation."""
    return subject.case.cause or "、".join(m.name for m in subject.matters)


@computed("law/violated")
def _violated(subject: Subject) -> list[str]:
    return list(dict.fromkeys(c for m in subject.matters for c in m.violated))


@computed("law/penalty")
def _penalty(subject: Subject) -> list[str]:
    return list(dict.fromkeys(c for m in subject.matters for c in m.penalty_basis))


@computed("law/range")
def _range(subject: Subject) -> str:
    """The fine that the law gives for the facts of each violation, in words; empty where it is not known."""
    from generator.penaltychecks import amount  # the rules of a penalty stand above what they are read from

    said = [amount(subject, m)[1] for m in subject.matters]
    return "；".join(text for text in said if text)


@computed("decision/end")
def _decision_end(subject: Subject) -> date | None:
    """The last day to decide, counted from filing (行政处罚法 60), before what a rule excludes or extends."""
    days = subject.uses.setting("decision/days", subject.day)
    return subject.case.filed + timedelta(days=int(days.value)) if subject.case.filed else None


@computed("decision/extended-end")
def _extended_end(subject: Subject) -> date | None:
    """The last day to decide where the sector's rule allows so many more days."""
    end, rule = _decision_end(subject), _extension(subject)
    return end + timedelta(days=int(rule.value)) if end and rule else None


@computed("decision/extension")
def _extension_basis(subject: Subject) -> list[str] | None:
    """The sector's rule that allows more time than 行政处罚法 60."""
    rule = _extension(subject)
    return list(rule.basis) if rule else None


def _extension(subject: Subject) -> Setting | None:
    """The setting of the sector, else that of all sectors; none is shipped."""
    for id in dict.fromkeys(f"{EXTENSION}-{SLUGS[m.benchmark.domain]}" for m in subject.matters):
        with suppress(NotLoaded):
            return subject.uses.setting(id, subject.day)
    with suppress(NotLoaded):
        return subject.uses.setting("decision/extension", subject.day)
    return None


@computed("correction/number")
def _correction_number(subject: Subject) -> str | None:
    """The number of the correction order, as another paper names it."""
    order = subject.case.correction_order
    kind, day = document_type("correction_order"), order.date or subject.day
    return None if order.number is None else number_text(kind, order.number, subject.uses, day)


@computed("leniency/facts")
def _leniency_facts(subject: Subject) -> list[str]:
    """The fact the case gives for every tick of the list entry it relies on (行政处罚法 32, 33)."""
    return list(subject.case.leniency.ticks.values()) if subject.case.leniency else []


@computed("goods/taken")
def _taken(subject: Subject) -> list[Goods]:
    """The goods that this paper took; all of the case where none names a paper."""
    goods = subject.case.goods
    if not any(g.paper for g in goods):
        return goods
    key = subject.paper.key if subject.paper else None
    return [g for g in goods if g.paper == key]


@computed("goods/total")
def _total(subject: Subject) -> Decimal | None:
    """The value of the goods this paper took; unknown as soon as one has none."""
    values = [g.value for g in _taken(subject)]
    return sum((v for v in values if v is not None), Decimal(0)) if values and None not in values else None


@computed("storage/period")
def _storage_period(subject: Subject) -> str:
    """How long what is registered and stored may stay so until it is decided on (行政处罚法 56, 85)."""
    return period(subject.uses.setting("storage/days", subject.day))


@computed("seizure/end")
def _seizure_end(subject: Subject) -> date:
    """The last day of a seizure (行政强制法 25(1)): its first day counts, so it never lasts too long."""
    days = subject.uses.setting("seizure/days", subject.day)
    return subject.day + timedelta(days=int(days.value) - 1)


@computed("seizure/extended")
def _seizure_extended(subject: Subject) -> date | None:
    """The last day of a seizure extended as long as 行政强制法 25(1) allows."""
    until = value_at("papers.seizure_decision.until", subject)
    days = subject.uses.setting("seizure/extension-days", subject.day)
    return until + timedelta(days=int(days.value)) if isinstance(until, date) else None


@computed("seizure/ends")
def _seizure_ends(subject: Subject) -> Any:
    """The last day of the last seizure as it was extended."""
    extended = value_at("papers.seizure_extension.until", subject)
    return extended or value_at("papers.seizure_decision.until", subject)


@computed("goods/seized")
def _seized(subject: Subject) -> list[dict[str, Any]]:
    """The goods of the last seizure, with what became of them where the case says it (``outcome``)."""
    seizure = last_paper(subject, "seizure_decision")
    taken = _taken(about(subject, seizure)) if seizure else []
    return [g.model_dump() | ({"outcome": g.status} if g.status in _DISPOSED else {}) for g in taken]


@computed("announcement/period")
def _announcement(subject: Subject) -> str:
    """After how long a service by announcement counts (民事诉讼法 95)."""
    return period(subject.uses.setting("service/announcement-days", subject.day))


@computed("process/heard")
def _heard(subject: Subject) -> bool:
    """Whether a hearing was held (行政处罚法 63)."""
    hearing = subject.case.notice.hearing
    return bool(hearing and hearing.held_on) or last_paper(subject, "hearing_record") is not None


@computed("process/reviewed")
def _reviewed(subject: Subject) -> bool:
    """Whether the decision passed legal review (行政处罚法 58)."""
    return bool(subject.case.decision.legal_review_on) or last_paper(subject, "legal_review") is not None


@computed("process/deliberated")
def _deliberated(subject: Subject) -> bool:
    """Whether the heads deliberated together (行政处罚法 57(2))."""
    return bool(subject.case.decision.deliberated_on) or last_paper(subject, "deliberation") is not None


@computed("case/title")
def _title(subject: Subject) -> str:
    """示例店无证经营案: the parties and the conduct, as a dossier is named."""
    names = [p.trade_name or p.name for p in subject.case.parties]
    who = names[0] + ("等" if len(names) > 1 else "")
    return f"{who}{_conduct(subject)}案"


@computed("case/papers")
def _case_papers(subject: Subject) -> list[dict[str, Any]]:
    """Every paper up to this one's day that counts, in the order of their days: name, number, date."""
    from generator.events import events

    out: list[dict[str, Any]] = []
    for event in events(subject.case):
        later = event.day is not None and event.day > subject.day
        if event.void or later or event.type in (subject.kind.type, *ABOUT_ALL):
            continue
        kind = document_type(event.type)
        day = event.day or subject.day
        number = number_text(kind, event.number, subject.uses, day) if event.number is not None else ""
        out.append({"name": kind.name, "number": number, "date": event.day, "type": event.type})
    return out
