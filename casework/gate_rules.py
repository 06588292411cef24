"""Gates of time and substance: periods to run, hearings and reviews that are due, what was notified."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from casework import triggers
from casework.calendar import ONE
from casework.duedates import dues
from casework.duemoney import paid_on, pay_by, remedies_lapse
from casework.gates import View, gate, stop
from casework.pauses import extended_to, proceedings, suspensions, testing
from casework.precedence import PENALTY
from generator.casefile import CaseMeasure
from generator.subject import figures
from kb.conditions import words
from kb.discretion import Period
from kb.discretion.limitation import judge_limitation
from kb.errors import NotLoaded
from kb.findings import Finding
from kb.records import Benchmark, Leniency

CFA = "《中华人民共和国行政处罚法》"
ACA = "《中华人民共和国行政强制法》"
COERCIVE = ("seizure_decision", "seizure_extension")
ENFORCING = ("enforcement_decision", "substitute_decision")
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
            suggestion="等期限届满，或者写明当事人放弃（notice.hearing.waived）",
        )


@gate("G4", "hearing_record", "hearing_report", "decision")
def hearing_notified(view: View) -> Iterator[Finding]:
    """A hearing earlier than seven working days after its notice (64(二)); one earlier on every reading."""
    notice, record = view.last("hearing_notice"), view.last("hearing_record")
    hearing = view.case.notice.hearing
    held = view.day if view.type == "hearing_record" else record.day if record else None
    held = held or (hearing.held_on if hearing else None)
    if notice is None or notice.served_on is None or held is None:
        return
    found = view.term("hearing", notice.served_on)
    if found and found.counted.last and held < found.counted.last:
        yield stop(
            "G4",
            "否决",
            f"听证通知书{notice.served_on}送达，{held}举行听证，不足七个工作日",
            CFA + "第六十四条第（二）项",
            text=str(held),
            suggestion=f"改在{found.day}以后举行，重新通知",
        )


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
        suggestion="在 notice.hearing 写 offered: true，按听证程序告知",
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
    if found.answer == "不必":
        return
    due = found.answer == "应当"
    yield stop(
        "G6",
        "否决" if due else "提示",
        f"{found.steps[0].text}，应当先经法制审核" if due else found.steps[0].text,
        found.basis,
        text="decision.legal_review_on",
        suggestion="审核通过后写 decision.legal_review_on" if due else "在 decision.traits 写明，没有的写 []",
    )


@gate("G7", "decision")
def deliberation_due(view: View) -> Iterator[Finding]:
    """The heads decide together on what is complex or grave (57(2))."""
    done = view.case.decision.deliberated_on
    if (done and done <= view.day) or any(e.day and e.day <= view.day for e in view.of("deliberation")):
        return
    found = triggers.deliberation(view.case)
    if found.answer == "不必":
        return
    due = found.answer == "应当"
    yield stop(
        "G7",
        "否决" if due else "提示",
        f"{found.steps[0].text}，应当由负责人集体讨论决定" if due else found.steps[0].text,
        found.basis,
        text="decision.deliberated_on",
        suggestion="讨论后写 decision.deliberated_on" if due else "在 decision.traits 写明，没有的写 []",
    )


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
        text="organ.entrusted",
        suggestion="由有权的行政机关自己实施",
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
        suggestion="写 leniency（第三十三条第一款的事项），或者立案，或者写明理由",
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


# ---------------------------------------------------------------- time


@gate("G12", "decision", "no_penalty_decision")
def in_time(view: View) -> Iterator[Finding]:
    """Ninety days from filing (60), less what a sector's rule excludes."""
    filed = next((e.day for e in view.of("filing_approval") if e.day), None)
    found = view.term("decision", filed, suspensions(view.case, view.base)) if filed else None
    longer = extended_to(view.case)
    if longer and view.day <= longer:
        return
    if found and found.day and view.day > found.day:
        yield stop(
            "G12",
            "扣分",
            f"{filed}立案，应当在{found.day}前作出决定",
            CFA + "第六十条",
            text=str(view.day),
            suggestion="写明延长、中止的依据和批准情况",
        )


@gate("G13", "storage_disposal")
def stored_in_time(view: View) -> Iterator[Finding]:
    """Seven working days to decide on what was registered and stored (56, 85)."""
    stored = view.last("storage_notice")
    found = view.term("storage", stored.day) if stored and stored.day else None
    if found and found.day and view.day > found.day:
        message = f"应当在{found.day}前作出处理决定"
        yield stop(
            "G13", "扣分", message, CFA + "第五十六条", text=str(view.day), suggestion="写明逾期的原因"
        )


@gate("G14", "seizure_extension")
def extended_in_time(view: View) -> Iterator[Finding]:
    """A seizure is extended once, before it ends (行政强制法 25(1))."""
    basis = ACA + "第二十五条第一款"
    seized = [e for e in view.of("seizure_decision") if e.day and e.day <= view.day]
    if not seized:
        return  # G1 says so
    first = seized[-1]
    assert first.day
    earlier = [e for e in view.of("seizure_extension") if e.key != view.key or not view.key]
    again = [e for e in earlier if e.day and first.day <= e.day < view.day]
    if again:
        yield stop("G14", "否决", f"{again[0].day}已经延长过一次，不能再延长", basis, text=str(view.day))
    found = view.term("seizure", first.day, testing(view.case))
    if found and found.day and view.day > found.day and not again:
        yield stop(
            "G14",
            "否决",
            f"查封、扣押已于{found.day}期满，不能再延长",
            basis,
            text=str(view.day),
            suggestion="立即解除查封、扣押，退还财物",
        )


@gate("G25", "decision", "no_penalty_decision", "closing_approval")
def still_seized(view: View) -> Iterator[Finding]:
    """A seizure that ended with nothing decided on the things (行政强制法 25(1), 27)."""
    if not view.of("seizure_decision"):
        return
    over = [d for d in dues(view.case, view.base) if d.name.startswith("seizure") and d.party == view.number]
    for due in over:
        late = due.state(view.day) in ("逾期", "逾期办理")
        if late and due.day and due.day < view.day:
            yield stop(
                "G25",
                "提示",
                f"{due.label}是{due.day}，没有延长、解除或者处理的记录",
                ACA + "第二十七条",
                text=str(due.day),
                suggestion="补记延长或者处理的文书；没有的，立即解除，退还财物",
            )


@gate("G15", "court_application")
def court_in_time(view: View) -> Iterator[Finding]:
    """Ten working days after the reminder, after the remedies lapsed, within three months (53, 54)."""
    urged = view.last("urge_letter")
    if urged and urged.served_on and (found := view.term("urge", urged.served_on)):
        last = found.counted.last
        if last and view.day <= last:
            message = f"催告书{urged.served_on}送达，十日期限到{last}，不能申请强制执行"
            yield stop("G15", "否决", message, ACA + "第五十四条", text=str(view.day))
    decided = view.last(*PENALTY)
    if decided is None or decided.served_on is None:
        return
    lapsed = view.leaned(remedies_lapse(view.case, view.base, decided, view.number))
    running = [p for p in proceedings(view.case, view.number) if p.end is None or p.end >= view.day]
    if running or (lapsed and view.day <= lapsed):
        why = f"{running[0].reason}还没有结束" if running else f"复议、诉讼的期限到{lapsed}届满"
        message = f"{why}，不能申请强制执行"
        yield stop("G15", "否决", message, ACA + "第五十三条", text=str(view.day))
        return
    end = view.term("court", lapsed) if lapsed else None
    if end and end.day and view.day > end.day:
        message = f"申请强制执行的期限已于{end.day}届满"
        mend = "写明逾期的正当理由"
        yield stop("G15", "扣分", message, ACA + "第五十三条", text=str(view.day), suggestion=mend)


@gate("G16", "enforcement_decision")
def surcharge_ran(view: View) -> Iterator[Finding]:
    """Money is enforced after thirty days of surcharge and a reminder (行政强制法 46(1))."""
    decided = view.last(*PENALTY)
    if not view.fine or decided is None or decided.served_on is None:
        return
    by = view.leaned(pay_by(view.case, view.base, decided.served_on))
    found = view.term("enforcement", by) if by else None
    if found and found.day and view.day < found.day and not paid_on(view.case, view.number, view.fine):
        yield stop(
            "G16",
            "扣分",
            f"加处罚款到{found.day - ONE}才满三十日",
            ACA + "第四十六条第一款",
            text=str(view.day),
            suggestion="执行罚款的，期满以后再作出；执行别的义务的，写明理由",
        )


@gate("G22", "urge_letter", "surcharge_notice")
def overdue(view: View) -> Iterator[Finding]:
    """Nobody is urged or surcharged before the time to pay has run (67(3), 72(1))."""
    decided = view.last(*PENALTY)
    if not view.fine or decided is None or decided.served_on is None:
        return
    by = view.leaned(pay_by(view.case, view.base, decided.served_on))
    if by and view.day <= by:
        message = f"缴纳罚款的期限到{by}届满，{view.day}还没有逾期"
        basis = CFA + "第六十七条第三款"
        yield stop("G22", "否决", message, basis, text=str(view.day), suggestion="等期限届满")
