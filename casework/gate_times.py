"""Gates of time: what has run out, what has not yet run, and days that the law does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from casework.calendar import ONE, calendar_of
from casework.duedates import dues
from casework.duemoney import paid_on, pay_by, remedies_lapse
from casework.gates import View, gate, name_of, stop
from casework.pauses import extended_to, proceedings, suspensions, testing
from casework.precedence import ACA, CFA, DECIDED, EVIDENCE, PENALTY
from kb.errors import BadRecord, NotLoaded
from kb.findings import Finding

NIGHT = "enforcement/night"
TEARING = re.compile("拆除")
_WRITTEN_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


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
    said = view.own(view.mine).get("until")
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


# ---------------------------------------------------------------- evidence and decision


@gate("G33", *DECIDED, *EVIDENCE)
def evidence_before(view: View) -> Iterator[Finding]:
    """The heads decide on a finished investigation (57(1)): later evidence can't carry the decision."""
    basis = CFA + "第五十七条第一款"
    if view.type in EVIDENCE:
        made = [e.day for e in view.of(*DECIDED) if e.day and e.day < view.day]
        if made:
            message = f"{made[0]}已经作出决定，{view.day}取得的证据不能证明它"
            mend = "核对日期；为别的目的制作的，写明理由"
            yield stop("G33", "扣分", message, basis, text=str(view.day), suggestion=mend)
        return
    late = [(name_of(e.type), e.day) for e in view.of(*EVIDENCE) if e.day and e.day > view.day]
    mine = [v for v in view.case.violations if v.party == view.number]
    late += [(e.name, day) for v in mine for e in v.evidence if (day := _latest(e.source)) and day > view.day]
    for name, day in late[:1]:
        message = f"证据《{name}》是{day}取得的，晚于决定的{view.day}"
        mend = "调查终结以后再作决定，决定的日期写在最后一份证据之后"
        yield stop("G33", "否决", message, basis, text=str(day), suggestion=mend)


def _latest(source: str | None) -> date | None:
    """The last day that the source of a piece of evidence names in words."""
    days = []
    for year, month, day in _WRITTEN_DAY.findall(source or ""):
        with suppress(ValueError):  # 2月30日: the review of the paper says so
            days.append(date(int(year), int(month), int(day)))
    return max(days, default=None)


# ---------------------------------------------------------------- when execution may be done


@gate("G29", "enforcement_decision", "substitute_decision")
def at_a_lawful_hour(view: View) -> Iterator[Finding]:
    """No execution at night or on a statutory holiday, save in urgency that the paper tells (43(1))."""
    said = view.own(view.mine)
    if said.get("urgent"):
        return
    start, end = said.get("started"), said.get("finished")
    basis = ACA + "第四十三条第一款"
    mend = "改在工作日的白天；情况紧急的，在本文书写明"
    calendar = calendar_of(view.base)
    for moment, last in ((start, False), (end, True)):
        if not isinstance(moment, datetime):
            continue
        day = moment.date()
        view.leaned(day)
        when = f"强制执行的时间{moment:%Y-%m-%d %H:%M}"
        night = _night(view, moment - timedelta(minutes=last))
        if night or calendar.holidays(day, day):
            why = f"在夜间（{night}）" if night else "在法定节假日放假期间"
            yield stop("G29", "否决", when + why, basis, text=f"{moment:%H:%M}", suggestion=mend)
        elif not calendar.is_workday(day):
            yield stop("G29", "提示", f"{when}是休息日", basis, suggestion="一般在工作日执行")
    if isinstance(start, datetime) and isinstance(end, datetime):
        between = [d for d in calendar.holidays(start.date(), end.date()) if start.date() < d < end.date()]
        if between:
            message = f"执行期间有法定节假日（{between[0]}起），当日不得实施"
            yield stop("G29", "提示", message, basis, suggestion="安排时避开")


def _night(view: View, moment: datetime) -> str:
    """The span of the night that a moment falls into, in words; the Act fixes none, a setting does.

    Raises:
        BadRecord: a setting that is no span of hours.
    """
    try:
        night = view.base.setting(NIGHT, moment.date())
    except NotLoaded:
        return ""
    try:
        first, last = (time.fromisoformat(str(night.value[name])) for name in ("from", "until"))
    except (TypeError, KeyError, ValueError):
        hint = "写成 {from: '22:00', until: '06:00'}"
        raise BadRecord("夜间的时段读不懂", where=f"设置 {night.id}", hint=hint) from None
    at = moment.time()
    inside = first <= at < last if first <= last else at >= first or at < last
    return f"{first:%H:%M}至{last:%H:%M}" if inside else ""


@gate("G32", "substitute_decision")
def urged_before_substitute(view: View) -> Iterator[Finding]:
    """Three working days between the reminder and the substitute's work (51(1)(二)); on every reading."""
    urged, start = view.last("urge_letter"), view.own(view.mine).get("started")
    if urged is None or urged.served_on is None or not isinstance(start, datetime):
        return
    found = view.term("substitute", urged.served_on)
    if found and found.counted.last and start.date() < found.counted.last:
        yield stop(
            "G32",
            "否决",
            f"催告书{urged.served_on}送达，{start.date()}就代履行，不足三个工作日",
            ACA + "第五十一条第一款第（二）项",
            text=str(start.date()),
            suggestion=f"改在{found.day}以后实施",
        )


@gate("G35", "enforcement_decision")
def torn_down_lawfully(view: View) -> Iterator[Finding]:
    """A building is torn down after a public notice, and once the remedies have lapsed unused (44)."""
    said = view.own(view.mine)
    if not TEARING.search(str(said.get("method") or "")):
        return
    basis = ACA + "第四十四条"
    if not said.get("announcement"):
        mend = "先公告，限期由当事人自行拆除，在本文书写明；拆的不是违法建设的，换一种写法"
        yield stop("G35", "否决", "强制拆除没有写明公告的情况", basis, suggestion=mend)
    act = view.last(*PENALTY, "correction_order")
    lapsed = view.leaned(remedies_lapse(view.case, view.base, act, view.number)) if act else None
    running = [p for p in proceedings(view.case, view.number) if p.end is None or p.end >= view.day]
    if running or (lapsed and view.day <= lapsed):
        why = f"{running[0].reason}还没有结束" if running else f"复议、诉讼的期限到{lapsed}届满"
        yield stop("G35", "否决", f"{why}，不能强制拆除", basis, text=str(view.day))


@gate("G34", "closing_approval")
def absent_party_told(view: View) -> Iterator[Finding]:
    """Whoever was away when his spill was cleared is told at once afterwards (行政强制法 52)."""
    for event in view.of("immediate_substitute"):
        said = view.own(event)
        if said.get("presence") == "不在场" and not (said.get("informed_at") or event.served_on):
            yield stop(
                "G34",
                "扣分",
                f"{event.day}立即代履行时当事人不在场，没有事后通知的记录",
                ACA + "第五十二条",
                suggestion="补记通知或者送达的时间",
            )
