"""Gates of substance: hearings and reviews that are due, what was notified, who has the power."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from casework import triggers
from casework.gates import View, gate, named, stop
from casework.precedence import ACA, CFA, ENFORCING, PENALTY
from generator.casefile import CaseMeasure
from generator.subject import figures
from kb.conditions import words
from kb.discretion import Period
from kb.discretion.limitation import judge_limitation
from kb.errors import NotLoaded
from kb.findings import Finding
from kb.records import Benchmark, Leniency

COERCIVE = ("seizure_decision", "seizure_extension")
CUTTING = re.compile(r"(?:停止?|切断|中断|断)(?:[供用])?(?:[水电热气暖]|燃气)|(?:停止|中断)供应")
"""The manner of execution takes water, power, heat or gas away."""
PENALISING = ("prior_notice", *PENALTY)


# ---------------------------------------------------------------- hearing, review, deliberation


@gate("G3", "decision")
def waiting(view: View) -> Iterator[Finding]:
    """The days to ask for a hearing have not run (64(一)); by the calendar, with its make-up workdays."""
    hearing = view.case.notice.hearing
    notice = view.last("prior_notice")
    if not hearing or not hearing.offered or hearing.requested or hearing.waived:
        return
    if notice is None or notice.served_on is None:
        return
    found = view.term("hearing_request", notice.served_on)
    if found and found.day and view.day <= found.day:
        yield stop(
            "G3",
            "否决",
            f"要求听证的期限到{found.day}届满，{view.day}不能作出决定",
            CFA + "第六十四条第（一）项",
            text=str(view.day),
            suggestion=f"等期限届满；当事人放弃的，填{named('notice.hearing.waived')}",
        )


@gate("G4", "hearing_notice", "hearing_record", "hearing_report", "decision")
def hearing_notified(view: View) -> Iterator[Finding]:
    """A hearing earlier than seven working days after its notice (64(二)); one earlier on every reading.

    The article knows no exception, so the party's consent opens nothing. A notice that itself sets too near
    a day is stopped before it leaves: it can't reach the party before its own day.
    """
    told, held = (view.day, _set_for(view)) if view.type == "hearing_notice" else _heard(view)
    if told is None or held is None:
        return
    found = view.term("hearing", told)
    if found and found.counted.last and held < found.counted.last:
        told_on = f"{told}送达" if view.type != "hearing_notice" else f"最早{told}送达"
        yield stop(
            "G4",
            "否决",
            f"听证通知书{told_on}，{held}举行听证，不足七个工作日",
            CFA + "第六十四条第（二）项",
            text=str(held),
            suggestion=f"改在{found.day}以后举行，重新通知",
        )


def _set_for(view: View) -> date | None:
    """The day that a notice sets for the hearing."""
    at = view.own(view.mine).get("held_at")
    return at.date() if isinstance(at, datetime) else None


def _heard(view: View) -> tuple[date | None, date | None]:
    """When the party was told of the hearing, and when it was held."""
    notice, record = view.last("hearing_notice"), view.last("hearing_record")
    hearing = view.case.notice.hearing
    held = view.day if view.type == "hearing_record" else record.day if record else None
    return notice.served_on if notice else None, held or (hearing.held_on if hearing else None)


@gate("G5", "prior_notice", "decision")
def hearing_due(view: View) -> Iterator[Finding]:
    """The right to a hearing must be told (63(1)); where that can't be judged, offering it is safe."""
    hearing = view.case.notice.hearing
    if hearing and hearing.offered:
        return
    found = triggers.hearing(view.base, view.party, view.fine, view.measures, view.day)
    if found.answer == "不必":
        return
    due = found.answer == "应当"
    yield stop(
        "G5",
        "否决" if due else "提示",
        found.steps[0].text + ("，没有告知听证权利" if due else ""),
        CFA + "第六十三条第一款",
        suggestion=f"填{named('notice.hearing.offered')}，按听证程序告知",
    )


@gate("G6", "decision")
def review_due(view: View) -> Iterator[Finding]:
    """Legal review before the decision where it is due (58(1))."""
    done = view.case.decision.legal_review_on
    reviews = [e for e in view.of("legal_review") if e.day and e.day <= view.day]
    if reviews and view.own(reviews[-1]).get("passed") is False:
        message = f"法制审核（{reviews[-1].day}）没有通过"
        mend = "按审核意见改正后重新审核"
        yield stop("G6", "否决", message, CFA + "第五十八条第一款", suggestion=mend)
    if reviews or (done and done <= view.day):
        return
    found = triggers.legal_review(view.case, view.base, view.day)
    yield from _owed("G6", found, "应当先经法制审核", "decision.legal_review_on", "审核通过后")


@gate("G7", "decision")
def deliberation_due(view: View) -> Iterator[Finding]:
    """The heads decide together on what is complex or grave (57(2))."""
    done = view.case.decision.deliberated_on
    if (done and done <= view.day) or any(e.day and e.day <= view.day for e in view.of("deliberation")):
        return
    found = triggers.deliberation(view.case)
    yield from _owed("G7", found, "应当由负责人集体讨论决定", "decision.deliberated_on", "讨论后")


def _owed(code: str, found: triggers.Trigger, what: str, path: str, after: str) -> Iterator[Finding]:
    """A step that was not taken: barred where the law asks it, a hint where nobody has said."""
    if found.answer == "不必":
        return
    said = found.steps[0].text
    if found.answer == "应当":
        mend = f"{after}填{named(path)}"
        yield stop(code, "否决", f"{said}，{what}", found.basis, text=path, suggestion=mend)
        return
    mend = f"填{named('decision.traits')}，没有的写“无”（文件里写 []）"
    yield stop(code, "提示", said, found.basis, text="decision.traits", suggestion=mend)


@gate("G21", "deliberation", "decision")
def deliberated_too_early(view: View) -> Iterator[Finding]:
    """The heads deliberate on a finished file: after the hearing and the review."""
    meeting = view.last("deliberation")
    day = view.day if view.type == "deliberation" else meeting.day if meeting else None
    day = day or view.case.decision.deliberated_on
    hearing, review = view.case.notice.hearing, view.last("legal_review")
    held = hearing.held_on if hearing else None
    reviewed = review.day if review and review.day else view.case.decision.legal_review_on
    for what, when in (("听证", held), ("法制审核", reviewed)):
        if day and when and when > day:
            yield stop(
                "G21",
                "扣分",
                f"集体讨论（{day}）早于{what}（{when}）",
                CFA + "第五十七条第二款",
                text=str(day),
                suggestion=f"{what}以后重新讨论，或者写明理由",
            )


# ---------------------------------------------------------------- what was notified


@gate("G8", "decision")
def heavier_than_notified(view: View) -> Iterator[Finding]:
    """A kind or a confiscation the party was not told of needs a new notice first (44, 45(2))."""
    notified = view.case.notice.measures
    if notified is None:
        return
    for measure in view.measures:
        told = [m for m in notified if m.kind == measure.kind]
        if not told:
            yield _heavier(f"告知书没有告知{measure.kind}", measure.kind, "第四十四条")
        elif _worth(measure) > max(map(_worth, told)):
            more = f"{measure.kind}{figures(_worth(measure))}元高于告知的{figures(max(map(_worth, told)))}元"
            yield _heavier(f"决定的{more}", measure.kind, "第四十五条第二款")


def _worth(measure: CaseMeasure) -> Decimal:
    return (measure.amount or Decimal(0)) + (measure.value or Decimal(0))


def _heavier(message: str, text: str, article: str) -> Finding:
    mend = "按新的内容重新告知，听取陈述、申辩后再作决定"
    return stop("G8", "否决", message, CFA + article, text=text, suggestion=mend)


# ---------------------------------------------------------------- power


@gate("G9", *COERCIVE, *ENFORCING)
def power_to_coerce(view: View) -> Iterator[Finding]:
    """Coercive measures can't be entrusted (行政强制法 17(1)); nor can execution (34)."""
    entrusted = view.case.organ.entrusted
    if entrusted is None:
        return
    article = "第十七条第一款" if view.type in COERCIVE else "第三十四条"
    power = (
        "行政强制措施权不得委托" if view.type in COERCIVE else "行政强制执行由具有强制执行权的行政机关实施"
    )
    yield stop(
        "G9",
        "否决",
        f"{entrusted.body}是受委托的组织，{power}",
        ACA + article,
        text="organ.entrusted.body",
        suggestion="由有权的行政机关自己实施",
    )


@gate("G30", "enforcement_decision")
def homes_spared(view: View) -> Iterator[Finding]:
    """Nobody is pressed by cutting water, power, heat or gas of a dwelling (行政强制法 43(2))."""
    said = view.own(view.mine)
    method = str(said.get("method") or "")
    if CUTTING.search(method) and said.get("spares_homes") is not True:
        yield stop(
            "G30",
            "否决",
            "强制执行的方式是停止供水、供电、供热、供燃气，没有写明不影响居民生活",
            ACA + "第四十三条第二款",
            text=method,
            suggestion="换一种方式；对象不是居民用户的，在本文书写明",
        )


@gate("G10")
def entrustment_runs(view: View) -> Iterator[Finding]:
    """An entrusted body acts within the time of its paper (行政处罚法 20(1), (2))."""
    entrusted = view.case.organ.entrusted
    if entrusted and entrusted.until and entrusted.until < view.day:
        yield stop(
            "G10",
            "否决",
            f"委托书{entrusted.paper}的期限到{entrusted.until}，{view.day}不能再以此执法",
            CFA + "第二十条第二款",
            text="organ.entrusted.until",
            suggestion="由委托机关自己执法，或者续签并公布委托书后更新",
        )


@gate("G11", "guidance_note")
def reminder_allowed(view: View) -> Iterator[Finding]:
    """A reminder stands in for a case only where 33(1) fits, or the statute asks for correction first."""
    entry = None
    if view.case.leniency:
        try:
            entry = view.base.record("leniency", view.case.leniency.id, view.day)
        except NotLoaded:
            entry = None
    if isinstance(entry, Leniency) and entry.limb.startswith("33(1)"):
        return
    mine = [v for v in view.case.violations if v.party == view.number]
    if mine and all(_correction_first(view, v.benchmark) for v in mine):
        return
    yield stop(
        "G11",
        "扣分",
        "没有写明符合不予处罚的清单事项，法律也没有规定先责令改正，不能以提示代替立案",
        CFA + "第五十四条第二款",
        suggestion=f"在{named('leniency.id')}选第三十三条第一款的事项，或者立案，或者写明理由",
    )


def _correction_first(view: View, id: str) -> bool:
    """Whether the statute fines only who does not correct: every fine hangs on 拒不改正 or the like."""
    try:
        found = view.base.record("benchmark", id, view.day)
    except NotLoaded:
        return False
    assert isinstance(found, Benchmark)
    fined = [b for b in found.statutory if b.fine]
    return bool(fined) and all("改正" in words(b.when) for b in fined)


@gate("G23", *PENALISING)
def limitation_passed(view: View) -> Iterator[Finding]:
    """Nothing is penalised that was found too late (处罚法 36; 法典 1054)."""
    for v in view.case.violations:
        if v.party != view.number or v.found_on < v.act.start:
            continue
        try:
            record = view.base.record("benchmark", v.benchmark, v.act.end)
        except NotLoaded:
            continue
        domain = record.domain
        facts = {k: x for k, x in v.facts.items() if isinstance(x, bool)}
        act = Period(v.act.start, v.act.end)
        found = judge_limitation(view.base, domain, act, v.found_on, dict(facts), [], [])
        if found and found.passed is not False:
            yield stop(
                "G23",
                "否决" if found.passed else "提示",
                found.text,
                "、".join(found.basis),
                text=str(v.found_on),
                suggestion="核对行为和发现的日期；超过的不再处罚",
            )
