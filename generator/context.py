"""From a case file and the base to the plain values a template prints.

Everything that has a source is asked of the base on the day that matters and remembered, so a paper can say
what it rests on. Sentences stand in the templates; here are names, amounts, days and joined citations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from generator import consequences as then
from generator.casefile import Party
from generator.filters import PHRASES
from generator.numbers import notice_number, own_number
from generator.ownvalues import own_values, printed
from generator.phrases import Pulled, say
from generator.subject import (
    Matter,
    Subject,
    date_text,
    day_or_mark,
    figures,
    owed,
    paragraphs,
    period,
    sentence,
    together,
)
from kb.errors import BadRecord
from kb.numerals import to_chinese


def context(subject: Subject, ranges: Sequence[str], draft: bool) -> dict[str, Any]:
    """Every value the templates use; docs/templates.md lists them.

    Args:
        subject: what the paper is about.
        ranges: the statutory range of each matter in words; "" where the law has no fine.
        draft: whether the watermark is shown.

    Raises:
        NotLoaded: a setting the paper needs is not loaded.
    """
    case, kind = subject.case, subject.kind
    values: dict[str, Any] = {
        "draft": draft,
        "type": kind.type,
        "name": kind.name,
        "number": own_number(subject),
        "date": date_text(subject.day),
        "organ": organ(subject),
        "party": party(subject.party),
        "you": "你单位" if subject.party.kind == "unit" else "你",
        "cause": case.cause or "、".join(m.name for m in subject.matters),
        "parties": [party(p) for p in case.parties],
        "officers": [
            {"name": o.name, "certificate": o.certificate, "post": o.post or ""} for o in subject.officers
        ],
        "officers_text": "、".join(f"{o.name}（执法证号：{o.certificate}）" for o in subject.officers),
        "many": len(subject.matters) > 1,
        "violations": [
            violation(m, n, r) for n, (m, r) in enumerate(zip(subject.matters, ranges, strict=True))
        ],
        "annex": then.annex(subject) if case.annex else [],
        **evidence(subject),
        "own": printed(subject, own_values(subject)),
        PHRASES: Pulled(subject.uses, subject.day, kind.name, partial(say, subject)),
    }
    for name in kind.uses:
        if name not in PARTS:
            raise BadRecord(
                f"没有“{name}”这个部分", where=f"{kind.type} 的 uses", hint="可用的有 " + "、".join(PARTS)
            )
        values |= PARTS[name](subject)
    return values


# ---------------------------------------------------------------- who


def organ(subject: Subject) -> dict[str, str]:
    given = {k: v for k, v in subject.case.organ.model_dump().items() if v is not None}
    wanted = ("name", "address", "phone", "postcode", "contact")
    if any(name not in given for name in wanted):
        profile = subject.uses.setting("organ/profile", subject.day).value
        given = {name: str(profile.get(name, "")) for name in wanted} | given
    by = subject.case.organ.entrusted  # it acts in the organ's name (行政处罚法 20(4)): the letterhead stays
    whose = {"entrusted": by.body if by else "", "entrustment": by.paper if by else ""}
    return {name: str(given[name]) for name in wanted} | whose


def party(party: Party) -> dict[str, Any]:
    """Name, lines for a letter, and the same lines two by two for a form."""
    lines = party_lines(party)
    blank = {"label": "", "text": ""}
    padded = [*lines, blank] if len(lines) % 2 else lines
    rows = [{"left": a, "right": b} for a, b in zip(padded[::2], padded[1::2], strict=True)]
    return {"name": party_name(party), "lines": lines, "rows": rows}


def party_name(party: Party) -> str:
    return f"{party.trade_name}（经营者：{party.name}）" if party.kind == "sole_trader" else party.name


def party_lines(party: Party) -> list[dict[str, str]]:
    """The party block (行政处罚法 59(1)(一)): name, code or number, address, who speaks for it."""
    identity = (party.id_type + "号码", party.id_number)
    rows = {
        "unit": [
            ("当事人", party.name),
            ("统一社会信用代码", party.code),
            ("住所", party.address),
            (party.representative_title, party.representative),
        ],
        "sole_trader": [
            ("当事人", party.trade_name),
            ("统一社会信用代码", party.code),
            ("经营场所", party.address),
            ("经营者", party.name),
            identity,
        ],
        "individual": [
            ("当事人", party.name),
            ("性别", party.sex),
            identity,
            ("住址", party.address),
        ],
    }[party.kind]
    rows.append(("联系电话", party.phone))
    return [{"label": label, "text": text} for label, text in rows if text]


# ---------------------------------------------------------------- what happened


def violation(matter: Matter, index: int, range_text: str) -> dict[str, Any]:
    v = matter.violation
    reasons = v.discretion
    return {
        "index": f"（{to_chinese(index + 1)}）",
        "name": matter.name,
        "conduct": matter.name,
        "narrative": paragraphs(v.narrative or owed(None, "违法事实")),
        "violated": together(matter.violated),
        "penalty_basis": together(matter.penalty_basis),
        "range": range_text,
        "fine": figures(v.fine) if v.fine else "",
        "discretion": {
            "instrument": reasons.instrument or "",
            "row": reasons.row or "",
            "tier": reasons.tier or "",
            "reasons": [r.rstrip("。；") for r in reasons.reasons],
        }
        if reasons
        else {},
    }


def evidence(subject: Subject) -> dict[str, Any]:
    rows = [e for m in subject.matters for e in m.violation.evidence]
    return {
        "evidence": [
            {"n": n, "name": e.name, "source": e.source or "", "proves": e.proves.rstrip("。；")}
            for n, e in enumerate(rows, 1)
        ],
        "favourable": "、".join(str(n) for n, e in enumerate(rows, 1) if e.favourable),
    }


def course(subject: Subject) -> dict[str, Any]:
    case = subject.case
    return {
        "source": sentence(owed(case.source, "案件来源")),
        "filed": day_or_mark(case.filed, "立案日期"),
        "investigation": paragraphs(owed(case.investigation, "调查经过")),
    }


def law_choice(subject: Subject) -> dict[str, Any]:
    """Old and new provisions side by side, and what the officer chose (行政处罚法 37)."""
    choice = subject.case.law_choice
    if choice is None:
        return {"law_choice": {}}
    old = [c for m in subject.matters for c in (m.old.penalty_basis if m.old else [])]
    new = [c for m in subject.matters for c in (m.new.penalty_basis if m.new else [])]
    applied = [c for m in subject.matters for c in m.penalty_basis]
    return {
        "law_choice": {
            "apply": choice.apply,
            "act_end": date_text(subject.act_end),
            "old_basis": together(applied if choice.apply == "旧" else old),
            "new_basis": together(applied if choice.apply == "新" else new),
            "reason": sentence(choice.reason),
        }
    }


def notice(subject: Subject) -> dict[str, Any]:
    n = subject.case.notice
    hearing = n.hearing
    values: dict[str, Any] = {
        "number": notice_number(subject),
        "served_on": day_or_mark(n.served.day if n.served else None, "告知书送达日期"),
        "reply_by": day_or_mark(n.reply_by, "陈述、申辩的截止日期"),
        "statement": sentence(owed(n.statement, "陈述、申辩的情况")),
        "response": sentence(n.response),
        "hearing": bool(hearing and hearing.offered),
    }
    if hearing and hearing.offered:
        setting = subject.uses.setting("hearing/request-days", subject.day)
        values |= {
            "hearing_days": period(setting),
            "hearing_basis": together(setting.basis),
            "hearing_reason": sentence(hearing.reason),
            "hearing_right": together(then.hearing_grounds(subject)),
            "requested": hearing.requested,
            "waived": hearing.waived,
            "held_on": date_text(hearing.held_on) if hearing.held_on else "",
            "hearing_result": sentence(hearing.result),
        }
    return {"notice": values}


def publish(subject: Subject) -> dict[str, Any]:
    return {"publish": subject.case.publish}


def process(subject: Subject) -> dict[str, Any]:
    """Legal review and deliberation, where they took place (行政处罚法 57(2), 58)."""
    decision = subject.case.decision
    return {
        "process": {
            "reviewed_on": _day(decision.legal_review_on),
            "deliberated_on": _day(decision.deliberated_on),
        }
    }


def _day(day: date | None) -> str:
    return date_text(day) if day else ""


Part = Callable[[Subject], dict[str, Any]]
PARTS: dict[str, Part] = {
    "course": course,
    "law_choice": law_choice,
    "notice": notice,
    "process": process,
    "publish": publish,
    "leniency": then.leniency,
    "penalties": then.penalties,
    "payment": then.payment,
    "remedy": then.remedy,
    "on_the_spot": then.on_the_spot,
    "correction_order": then.correction_order,
    "guidance_note": then.guidance_note,
    "service": then.service,
}
"""Parts of the context a document type may ask for in `uses`."""
