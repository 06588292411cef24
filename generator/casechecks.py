"""What a case owes before a paper of it is made: fields, procedure, dates, the amount against the range.

The provisions named here decide whether the paper may leave; numbers in them come from settings of the base.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator import penaltychecks
from generator.casefile import Party
from generator.catalogue import TWO_OFFICERS, Field, document_type
from generator.computed import walk
from generator.consequences import hearing_items
from generator.grounds import rules_named
from generator.numbers import lacks_number
from generator.ownfields import Values
from generator.ownvalues import lacking, own_values
from generator.subject import Subject, as_unit, figures
from kb.citation import Days
from kb.errors import NotLoaded
from kb.findings import Finding
from kb.records import Setting
from kb.snapshot import Snapshot

_CFA = "《中华人民共和国行政处罚法》"
PENALISING = ("prior_notice", "decision", "on_the_spot_decision")
CHOOSING = (*PENALISING, "no_penalty_decision")
BLAMING = (*CHOOSING, "correction_order")
"""What says which provision was violated."""


def check(subject: Subject) -> tuple[list[Finding], list[str]]:
    """All findings of the case for this paper, and the statutory range of each matter in words."""
    findings = [*_owed(subject), *_dates(subject), *_choice(subject), *_procedure(subject)]
    findings += _online(subject)
    ranges = [""] * len(subject.matters)
    if subject.kind.type in PENALISING:
        for n, matter in enumerate(subject.matters):
            more, ranges[n] = penaltychecks.amount(subject, matter)
            findings += more
        findings += penaltychecks.simple_limit(subject)
    if subject.leniency is not None:
        findings += penaltychecks.leniency(subject)
    return findings, ranges


def days(subject: Subject) -> Days:
    """The days the citations of this paper are judged on: end of the act, and the day of the paper."""
    return Days(act=subject.act_end, decided=subject.day)


# ---------------------------------------------------------------- fields


def _owed(subject: Subject) -> Iterator[Finding]:
    expired = _expired(subject)
    for field in subject.kind.fields:
        if field.path == "remedies.court" and _has_court(subject):
            continue
        if field.path == "officers" and expired:
            yield from expired
        elif not _present(subject, field):
            yield _lack(field.code, field.label, field.path, field.help, field.basis)
    if subject.of and lacks_number(subject):
        path = f"{document_type(subject.of.type).block or 'papers'}.number"
        yield _lack("E2", "所送达文书的文号", path, "先签发所送达的文书，或者在案件文件里写它的文号", "")
    if subject.kind.type in BLAMING:
        yield from _unchosen(subject)
    values = own_values(subject)
    for lack in lacking(subject, values):
        asked = lack.field
        yield _lack(asked.code, lack.label, lack.path, asked.help, asked.basis)
    yield from _pointing(subject, values)


def _unchosen(subject: Subject) -> Iterator[Finding]:
    """A benchmark whose 违反条款 are alternatives: which of them was violated is this case's to say."""
    for m in subject.matters:
        listed = "、".join(m.benchmark.violated)
        if m.benchmark.alternatives and not m.violation.violated and listed:
            mend = f"在“违反条款”（violated）里从中写实际违反的：{listed}"
            yield _lack("E2", f"“{m.name}”实际违反的条款", "violated", mend, m.benchmark.penalty_basis[0])


def _pointing(subject: Subject, values: Values) -> Iterator[Finding]:
    """Grounds that only point to other rules and name none (行政处罚法 60: 另有规定的，从其规定)."""
    for field in subject.kind.own:
        said = values.get(field.name) or []
        if field.besides and said and not rules_named(said, field.besides, subject.base.laws, subject.day):
            yield Finding(
                "E3",
                "否决",
                f"{field.label}没有写到另有规定的法律、法规、规章：{'、'.join(said)}",
                text="、".join(said),
                suggestion="写出作这一规定的条款；没有载入的，先用 cailiang laws import 或者 laws add 载入",
                basis=field.besides,
            )


def _lack(code: str, label: str, path: str, help: str, basis: str) -> Finding:
    mend = help or f"在案件文件中补上 {path}"
    return Finding(code, "否决", f"缺少{label}", text=path, suggestion=mend, basis=basis)


def _expired(subject: Subject) -> list[Finding]:
    """Officers whose certificates no longer counted on the paper's day (行政处罚法 42(1))."""
    return [
        Finding(
            "E3",
            "否决",
            f"{o.name}的执法证件有效期到{o.expires}，本文书的日期是{subject.day}",
            text="officers",
            suggestion="由执法证件在有效期内的人员执法，或者核对“执法证有效期至”（officers）",
            basis=TWO_OFFICERS,
        )
        for o in subject.officers
        if subject.kind.officers and o.expires and o.expires < subject.day
    ]


def _has_court(subject: Subject) -> bool:
    try:
        subject.base.setting("organ/court", subject.day)
    except NotLoaded:
        return False
    return True


def _present(subject: Subject, field: Field) -> bool:
    head, _, rest = field.path.partition(".")
    if head == "violations":
        return all(_enough(walk(m.violation, rest), field.at_least) for m in subject.matters)
    if head == "paper":
        return _enough(walk(subject.paper, rest), field.at_least)
    if head == "served":
        return _enough(walk(subject.served, rest), field.at_least)
    if head == "officers":
        return _enough(subject.officers, field.at_least)
    return _enough(walk(subject.case, field.path), field.at_least)


def _enough(value: Any, at_least: int) -> bool:
    return len(value) >= at_least if isinstance(value, list) else value is not None


# ---------------------------------------------------------------- dates (C16)


def _dates(subject: Subject) -> Iterator[Finding]:
    """Pairs of days that can't stand in the other order."""
    case, kind = subject.case, subject.kind.type
    notice = case.notice
    hearing, told = notice.hearing, notice.served.day if notice.served else None
    order: list[tuple[str, date | None, str, date | None]] = []
    # Other papers may come before the act's end, as the approval of an inspection does.
    follows = subject.kind.block or "dates" in subject.kind.judged
    for m in subject.matters if follows else ():
        order.append(("违法行为开始", m.violation.act.start, "发现违法行为", m.violation.found_on))
        order.append(("违法行为终了", m.violation.act.end, "本文书", subject.day))
        order.append(("发现违法行为", m.violation.found_on, "本文书", subject.day))
    if subject.served:
        made = subject.of.day if subject.of else subject.day
        order.append(("所送达的文书" if subject.of else "本文书", made, "送达", subject.served.day))
    if kind in ("decision", "no_penalty_decision", "prior_notice"):
        order += [("立案", case.filed, "本文书", subject.day)]
    if kind == "prior_notice":
        order += [("本告知书", subject.day, "陈述、申辩截止", notice.reply_by)]
    if kind == "decision":
        order += [
            ("立案", case.filed, "送达告知书", told),
            ("告知书", notice.date, "送达告知书", told),
            ("送达告知书", told, "作出决定", subject.day),
            ("听证", hearing.held_on if hearing else None, "作出决定", subject.day),
            ("送达告知书", told, "听证", hearing.held_on if hearing else None),
            ("法制审核", case.decision.legal_review_on, "作出决定", subject.day),
            ("集体讨论", case.decision.deliberated_on, "作出决定", subject.day),
        ]
    for first, before, second, after in dict.fromkeys(order):
        if before and after and before > after:
            yield _c16(f"{first}的日期{before}晚于{second}的日期{after}", f"{before}", "核对两个日期")
    if kind == "decision":
        yield from _too_early(subject)


def _too_early(subject: Subject) -> Iterator[Finding]:
    """A decision before the party's time to answer has run out (行政处罚法 45, 62, 64(一))."""
    notice, day = subject.case.notice, subject.day
    if notice.reply_by and not notice.waived and day <= notice.reply_by and not notice.response:
        yield _c16(
            f"决定日期{day}没有晚于陈述、申辩的截止日期{notice.reply_by}",
            str(day),
            "等期限届满；已经复核的填“复核意见”（notice.response），明确放弃的填“放弃陈述申辩”（notice.waived）",
            _CFA + "第六十二条",
        )
    hearing, told = notice.hearing, notice.served.day if notice.served else None
    if hearing and hearing.offered and not (hearing.requested or hearing.waived) and told:
        wait = subject.uses.setting("hearing/request-days", day)
        # Working days are at least as long as calendar days: a decision within these is too early for sure.
        if day <= told + timedelta(days=int(wait.value)):
            yield _c16(
                f"决定日期{day}在要求听证的{wait.value}个工作日期限之内",
                str(day),
                "等期限届满；当事人放弃的，填“放弃听证”（notice.hearing.waived）",
                _CFA + "第六十四条第（一）项",
            )


def _c16(message: str, text: str, suggestion: str, basis: str = "") -> Finding:
    return Finding("C16", "否决", message, text=text, suggestion=suggestion, basis=basis)


# ---------------------------------------------------------------- which law


def _choice(subject: Subject) -> Iterator[Finding]:
    """Where the law changed between act and decision the officer chooses, and gives the reason (37)."""
    if subject.kind.type not in CHOOSING:
        return
    changed = [m for m in subject.matters if m.changed]
    choice = subject.case.law_choice
    basis = _CFA + "第三十七条"
    if changed and choice is None:
        m = changed[0]
        new = "、".join(m.new.penalty_basis) if m.new else "没有载入对应的规定"
        yield Finding(
            "E4",
            "否决",
            f"违法行为终了（{subject.act_end}）与作出决定（{subject.day}）之间法律有变化，须由执法人员比较后选定",
            text=m.benchmark.violation,
            suggestion=f"行为时：{'、'.join(m.benchmark.penalty_basis)}；决定时：{new}；"
            "在 law_choice 写 apply（旧 或 新）和 reason",
            basis=basis,
        )
    if choice is not None and not changed:
        yield Finding(
            "E4",
            "否决",
            f"违法行为终了（{subject.act_end}）与作出决定（{subject.day}）适用同一规定，没有新旧可选",
            text="law_choice",
            suggestion="删去 law_choice，或者核对违法行为的日期",
            basis=basis,
        )


# ---------------------------------------------------------------- procedure


def _procedure(subject: Subject) -> Iterator[Finding]:
    """Heavier than notified; a hearing asked for but not held; measures a simple procedure can't give."""
    case, kind = subject.case, subject.kind.type
    notice, hearing = case.notice, case.notice.hearing
    if kind == "decision" and notice.fine is not None and subject.fine > notice.fine:
        yield Finding(
            "E3",
            "否决",
            f"决定的罚款{figures(subject.fine)}元高于告知的{figures(notice.fine)}元",
            text=figures(subject.fine),
            suggestion="按新的内容重新告知，听取陈述、申辩后再作决定",
            basis=_CFA + "第四十五条第二款",
        )
    if kind == "decision" and hearing and hearing.requested and hearing.held_on is None:
        yield Finding(
            "E3",
            "否决",
            "当事人要求听证，但没有举行听证的记录",
            text="notice.hearing",
            suggestion="组织听证后填“听证日期”（notice.hearing.held_on）和“听证结果”（notice.hearing.result）",
            basis=_CFA + "第六十三条第一款",
        )
    heavy = [m.kind for m in subject.measures if hearing_items(m.kind) & {3, 4}]
    large = hearing_threshold(subject.base, subject.party, subject.day)
    if large is not None and subject.fine >= Decimal(large.value):
        heavy.append(f"罚款{figures(subject.fine)}元")
    if kind in ("decision", "prior_notice") and heavy and not (hearing and hearing.offered):
        yield Finding(
            "E3",
            "否决",
            f"{heavy[0]}应当告知听证权利",
            text=heavy[0],
            suggestion="填“告知了听证权利”（notice.hearing.offered）",
            basis=_CFA + "第六十三条第一款",
        )


def _online(subject: Subject) -> Iterator[Finding]:
    """A decision served by internet names the internet channel for reconsideration (行政复议法 22(2))."""
    by_internet = subject.served and subject.served.mode == "电子送达"
    if "remedy" in subject.kind.uses and by_internet and not subject.case.remedies.online:
        yield Finding(
            "C15",
            "否决",
            "电子送达的文书没有写明提交行政复议申请书的互联网渠道",
            text="remedies.online",
            suggestion="在 remedies.online 写行政复议机关的互联网渠道",
            basis="《中华人民共和国行政复议法》第二十二条第二款",
        )


def hearing_threshold(base: Snapshot, party: Party, day: date) -> Setting | None:
    """What counts as a large fine for this party (63(1)(一)): a sourced setting, or not known."""
    unit = as_unit(base, party, day)
    with suppress(NotLoaded):
        return base.setting("hearing/threshold-unit" if unit else "hearing/threshold-individual", day)
    return None


def confiscation_threshold(base: Snapshot, party: Party, day: date) -> Setting | None:
    """What counts as a large confiscation for this party (63(1)(二)): a sourced setting, or not known."""
    unit = as_unit(base, party, day)
    with suppress(NotLoaded):
        return base.setting("hearing/confiscation-unit" if unit else "hearing/confiscation-individual", day)
    return None
