"""Gates of persons: who can't be in two places, who may not judge what he investigated, who is too young."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from casework.gates import View, gate, name_of, stop
from casework.precedence import CFA
from casework.triggers import DELIBERATION
from generator.casetypes import RESIDENT_CARD, born_on
from generator.events import Event
from kb.errors import NotLoaded
from kb.findings import Finding

RECORDS = ("inspection_record", "interview_record", "sampling_record", "hearing_record")
"""Papers that say from when to when (own fields ``started`` and ``finished``)."""
SEVERAL = 2
"""How many make a deliberation common (集体)."""


@gate("G17", *RECORDS, "decision")
def one_place_at_a_time(view: View) -> Iterator[Finding]:
    """One officer signs two records of the same minutes."""
    spans = [(e, *span) for e in view.of(*RECORDS) if (span := _span(view, e))]
    for n, (one, start, end) in enumerate(spans):
        for other, since, until in spans[n + 1 :]:
            both = _officers(view, one) & _officers(view, other)
            if both and start < until and since < end:
                who = "、".join(sorted(both))
                yield stop(
                    "G17",
                    "扣分",
                    f"{who}同时在《{name_of(one.type)}》（{start:%m-%d %H:%M}至{end:%H:%M}）"
                    f"和《{name_of(other.type)}》（{since:%m-%d %H:%M}至{until:%H:%M}）里",
                    CFA + "第四十二条第一款",
                    text=who,
                    suggestion="核对两份笔录的时间和人员",
                )


def _span(view: View, event: Event) -> tuple[datetime, datetime] | None:
    said = view.own(event)
    start, end = said.get("started"), said.get("finished")
    return (start, end) if isinstance(start, datetime) and isinstance(end, datetime) else None


def _officers(view: View, event: Event) -> set[str]:
    paper = view.paper(event)
    return set(paper.officers if paper and paper.officers else [o.name for o in view.case.officers])


@gate("G18", "hearing_notice", "hearing_record", "hearing_report", "decision")
def host_not_investigator(view: View) -> Iterator[Finding]:
    """The host of a hearing has not investigated the case (64(四))."""
    handlers = {o.name for o in view.case.officers}
    for event in view.of("hearing_notice", "hearing_record"):
        host = _name(view.own(event).get("host"))
        if host in handlers:
            yield stop(
                "G18",
                "扣分",
                f"听证主持人{host}是本案的调查人员",
                CFA + "第六十四条第（四）项",
                text=host,
                suggestion="指定非本案调查人员主持",
            )


@gate("G19", "legal_review", "decision")
def reviewer_not_handler(view: View) -> Iterator[Finding]:
    """Who reviews has not handled the case (58(1))."""
    handlers = {o.name for o in view.case.officers}
    for event in view.of("legal_review"):
        reviewer = _name(view.own(event).get("reviewer"))
        if reviewer in handlers:
            yield stop(
                "G19",
                "扣分",
                f"法制审核人员{reviewer}是本案的承办人员",
                CFA + "第五十八条第一款",
                text=reviewer,
                suggestion="由没有办理本案的法制审核人员审核",
            )


@gate("G31", "deliberation", "decision")
def heads_decide(view: View) -> Iterator[Finding]:
    """The heads decide together (57(2)): several of them, nobody else's vote, and not the handlers'."""
    handlers = {o.name for o in view.case.officers}
    for event in (e for e in view.of("deliberation") if e.day and e.day <= view.day):
        said = view.own(event)
        heads = [_name(row) for row in said.get("members") or ()]
        voting = dict.fromkeys([*heads, *(_name(row) for row in said.get("opinions") or ())])
        wrong = []
        if heads and len(set(heads)) < SEVERAL:
            wrong.append((f"参加讨论的负责人只有{heads[0]}一人，不是集体讨论", "补充讨论，或者更正记录"))
        if judges := [name for name in voting if name in handlers]:
            wrong.append((f"承办人员{'、'.join(judges)}参加了表决", "由负责人决定，承办人员只汇报、列席"))
        if heads and (others := [n for n in voting if n not in heads and n not in handlers]):
            wrong.append((f"{'、'.join(others)}不在参加讨论的负责人里，却有表决意见", "核对参加人和意见"))
        for message, mend in wrong:
            yield stop("G31", "扣分", f"集体讨论（{event.day}）：{message}", DELIBERATION, suggestion=mend)


def _name(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return value if isinstance(value, str) else ""


@gate("G24", "prior_notice", "decision", "on_the_spot_decision")
def old_enough(view: View) -> Iterator[Finding]:
    """No penalty for who was under fourteen when the act ended (30)."""
    party = view.party
    born = party.born
    if born is None and party.id_number and party.id_type == RESIDENT_CARD:
        born = born_on(party.id_number)
    ends = [v.act.end for v in view.case.violations if v.party == view.number]
    if party.kind != "individual" or born is None or not ends:
        return
    try:
        least = view.base.setting("penalty/age", max(ends))
    except NotLoaded:
        return
    if age_on(born, max(ends)) < int(least.value):
        yield stop(
            "G24",
            "否决",
            f"{party.name}在违法行为终了时不满{least.value}周岁，不予行政处罚",
            "、".join(least.basis),
            text=party.name,
            suggestion="改用不予行政处罚决定书，责令监护人加以管教",
        )


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
