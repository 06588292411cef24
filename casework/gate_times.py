"""Gates of time: what has run out, what has not yet run, and days that the law does not give."""

from __future__ import annotations

from collections.abc import Iterator

from casework.calendar import ONE
from casework.duedates import dues
from casework.duemoney import paid_on, pay_by, remedies_lapse
from casework.gates import View, gate, stop
from casework.pauses import extended_to, proceedings, suspensions, testing
from casework.precedence import ACA, CFA, PENALTY
from kb.findings import Finding


@gate("G12", "decision", "no_penalty_decision", "unproven_decision")
def in_time(view: View) -> Iterator[Finding]:
    """Ninety days from filing (60), less what a sector's rule excludes."""
    filed = next((e.day for e in view.of("filing_approval") if e.day), None)
    found = view.term("decision", filed, suspensions(view.case, view.base)) if filed else None
    longer = extended_to(view.case, view.base)
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


@gate("G27", "storage_notice", "seizure_decision", "seizure_extension")
def no_longer_than_the_law(view: View) -> Iterator[Finding]:
    """The last day a paper names is not later than the law's (56; 行政强制法 25(1), (3))."""
    names = {"storage_notice": "storage", "seizure_decision": "seizure"}
    mine = next((e for e in view.of(view.type) if e.key == view.key and e.day == view.day), None)
    said = view.own(mine).get("until")
    pauses = testing(view.case, view.base)
    found = view.term(
        names.get(view.type, "seizure"), view.day, () if view.type == "storage_notice" else pauses
    )
    if view.type == "seizure_extension":
        first = [e.day for e in view.of("seizure_decision") if e.day and e.day <= view.day]
        ends = view.term("seizure", first[-1], pauses) if first else None
        later = [p for p in pauses if ends and ends.day and p.start > ends.day]
        found = view.term("seizure_extension", ends.day, later) if ends and ends.day else None
    if said and found and found.day and said > found.day:
        basis = found.basis[0]
        message = f"期限写到{said}，最迟只能到{found.day}"
        yield stop("G27", "否决", message, basis, text=str(said), suggestion=f"改为{found.day}")


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
    found = view.term("seizure", first.day, testing(view.case, view.base))
    if found and found.day and view.day > found.day and not again:
        yield stop(
            "G14",
            "否决",
            f"查封、扣押已于{found.day}期满，不能再延长",
            basis,
            text=str(view.day),
            suggestion="立即解除查封、扣押，退还财物",
        )


@gate("G25", "decision", "no_penalty_decision", "unproven_decision", "closing_approval")
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
