"""The penalty itself against the law: the range, the limits of the simple procedure, the conditions of 不予.

Amounts and limits come from the base (benchmarks and settings), judged on the day whose law applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from generator.subject import Matter, Subject, as_unit, figures
from kb.discretion import Assessment, Outcome, Period, Range, assess
from kb.findings import Finding
from kb.snapshot import Snapshot


def simple_limit(subject: Subject) -> Iterator[Finding]:
    """Only a warning or a small fine may be given on the spot (51); a sole trader counts as a person."""
    if subject.kind.type != "on_the_spot_decision":
        return
    unit = as_unit(subject.base, subject.party, subject.day)
    limit = subject.uses.setting("simple/limit-unit" if unit else "simple/limit-individual", subject.day)
    other = [m.kind for m in subject.measures if m.kind != "警告"]
    if subject.fine > Decimal(limit.value):
        yield _not_simple(
            f"罚款{figures(subject.fine)}元超过当场处罚的上限{limit.value}元", "罚款", limit.basis
        )
    if other:
        yield _not_simple(f"{other[0]}不能当场作出", other[0], limit.basis)
    if not subject.fine and not subject.measures:
        yield Finding(
            "E2", "否决", "没有写处罚的种类和数额", suggestion="在 violations 中写 fine 或者 measures"
        )
    cash = subject.case.on_the_spot.payment_ground
    if cash == "68(一)":
        small = subject.uses.setting("simple/collect-on-the-spot", subject.day)
        if subject.fine > Decimal(small.value):
            yield Finding(
                "E3",
                "否决",
                f"罚款{figures(subject.fine)}元超过{small.value}元，不能以数额较小为由当场收缴",
                text="on_the_spot.payment_ground",
                suggestion="改为银行缴纳，或者写明事后难以执行（68(二)）、交通不便（69）",
                basis="、".join(small.basis),
            )


def _not_simple(message: str, text: str, basis: list[str]) -> Finding:
    return Finding("E3", "否决", message, text=text, suggestion="改用普通程序", basis="、".join(basis))


# ---------------------------------------------------------------- amount (C12)


def amount(subject: Subject, matter: Matter) -> tuple[list[Finding], str]:
    """The fine against the range that the chosen law gives for these facts."""
    result = _result(subject, matter)
    missing = [f for f in result.missing_facts if f.required]
    if missing:
        labels = "、".join(f"{f.label}（facts.{f.name}）" for f in missing)
        text = "补上 " + "、".join(f"facts.{f.name}" for f in missing)
        return [Finding("E2", "否决", f"缺少确定罚款幅度的事实：{labels}", text="facts", suggestion=text)], ""
    outcomes = _applying(subject, result)
    ranges = [o for o in outcomes if o.fine is not None and o.role not in ("不适用", "法定幅度")]
    words = _words(ranges[0]) if len(ranges) == 1 else ""
    return list(_judged(subject, matter, outcomes, ranges)), words


def branch_basis(subject: Subject, matter: Matter) -> tuple[str, ...]:
    """What the branches that apply to the party rest on, where a branch of the benchmark names provisions.

    With a fine, of those in whose range it lies; before them stands what the benchmark rests on whatever the
    branch. Empty where no branch names any, none applies yet, or the fine may be the operator's as well as
    the responsible person's: which it is, the officer says.
    """
    named = {c for branch in matter.benchmark.statutory for c in branch.basis}
    if not named:
        return ()
    outcomes = [o for o in _applying(subject, _result(subject, matter)) if o.role != "不适用"]
    if (fine := matter.violation.fine) is not None:
        outcomes = [o for o in outcomes if _within(fine, o.statutory or o.fine, subject)] or outcomes
    if len({o.subject for o in outcomes}) != 1:
        return ()
    besides = [c for c in matter.benchmark.penalty_basis if c not in named]
    return tuple(dict.fromkeys([*besides, *(c for o in outcomes for c in o.basis)]))


def _result(subject: Subject, matter: Matter) -> Assessment:
    v = matter.violation
    found_on = v.found_on if v.found_on and v.found_on >= v.act.start else None  # else C16 says so
    return _assessed(
        subject.base, v.benchmark, v.facts, Period(v.act.start, v.act.end), found_on, subject.day
    )


def _applying(subject: Subject, result: Assessment) -> list[Outcome]:
    """The outcomes of the chosen law for a party of this kind, as things stand."""
    return [o for o in result.outcomes if o.as_of == subject.substance and not o.needs and _for(subject, o)]


KEPT = 256
"""Answers remembered for each snapshot; when there are more, all are forgotten."""
_ASSESSED: WeakKeyDictionary[Snapshot, dict[str, Assessment]] = WeakKeyDictionary()


def _assessed(base: Snapshot, benchmark: str, facts: Mapping[str, Any], *days: Any) -> Assessment:
    """What `assess` gives; a snapshot never changes, and the cases of a batch often have the same facts."""
    kept = _ASSESSED.setdefault(base, {})
    asked = repr((benchmark, facts, days))
    if asked not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[asked] = assess(base, benchmark, facts, *days)
    return kept[asked]


_PERSON = ("个人", "人员", "负责人", "法定代表人", "投资人", "农户")
_UNIT = ("单位", "企业", "法人", "组织")


def _for(subject: Subject, outcome: Outcome) -> bool:
    """Whether an outcome is meant for a party of this kind; ladders for 责任人员 are for persons.

    A word for either (广告主, 承运人, 船舶所有人) leaves the choice to the officer.
    """
    unit = subject.party.kind == "unit"
    if any(word in outcome.subject for word in _PERSON):  # 单位的主要负责人 too
        return not unit
    return unit or not any(word in outcome.subject for word in _UNIT)


def _words(outcome: Outcome) -> str:
    limits = outcome.statutory or outcome.fine
    assert limits is not None
    if limits.high is None:
        return f"人民币{figures(limits.low)}元以上"
    if not limits.low:
        return f"人民币{figures(limits.high)}元以下"
    if limits.low == limits.high:
        return f"人民币{figures(limits.low)}元"
    return f"人民币{figures(limits.low)}元以上{figures(limits.high)}元以下"


def _judged(
    subject: Subject, matter: Matter, outcomes: list[Outcome], ranges: list[Outcome]
) -> Iterator[Finding]:
    fine, basis = matter.violation.fine, "、".join(matter.penalty_basis)
    if fine is None:
        due = [o for o in ranges if not o.fine_optional]
        if due and not matter.violation.measures:
            yield Finding(
                "E2", "否决", "没有写罚款数额", text="fine", suggestion="在 violations 中写 fine", basis=basis
            )
        return
    if not ranges:
        why = "该行为在这一阶段没有罚款" if outcomes else "没有算出罚款幅度"
        yield Finding(
            "C12",
            "否决",
            f"罚款{figures(fine)}元没有依据：{why}",
            text=figures(fine),
            basis=basis,
            suggestion="核对事实和处罚依据；没有罚款的，删去 fine",
        )
        return
    inside = [o for o in ranges if _within(fine, o.statutory or o.fine, subject)]
    if not inside:
        limits = "；".join(_words(o) for o in ranges)
        yield Finding(
            "C12",
            "否决",
            f"罚款{figures(fine)}元不在法定幅度之内",
            text=figures(fine),
            suggestion=f"法定幅度：{limits}",
            basis=basis,
        )
    elif not any(_within(fine, o.fine, subject) for o in inside):
        o = inside[0]
        yield Finding(
            "C12",
            "提示",
            f"罚款{figures(fine)}元不在裁量阶次“{o.tier}”的幅度之内",
            text=figures(fine),
            suggestion=f"该阶次为{o.fine}；偏离的，在裁量理由中说明",
            basis=o.instrument,
        )


def _within(fine: Decimal, limits: Range | None, subject: Subject) -> bool:
    """Inclusive at both ends; a mitigated fine (减轻) may lie below the lower end."""
    if limits is None:
        return False
    mitigated = subject.leniency is not None and "减轻" in subject.leniency.which_list
    return (mitigated or fine >= limits.low) and (limits.high is None or fine <= limits.high)


# ---------------------------------------------------------------- leniency


def leniency(subject: Subject) -> Iterator[Finding]:
    """The entry is for this violation, fits the paper, and every tick has its fact (32, 33)."""
    use, entry = subject.case.leniency, subject.leniency
    if use is None or entry is None:
        return
    no_penalty = subject.kind.type == "no_penalty_decision"
    if no_penalty and entry.which_list != "不予":
        yield Finding(
            "E3",
            "否决",
            f"清单事项“{entry.id}”是{entry.which_list}处罚，不能据此不予处罚",
            text=use.id,
            suggestion="改用不予处罚的清单事项，或者作出处罚决定",
            basis=entry.basis[0],
        )
    for m in subject.matters:
        if entry.benchmarks and m.violation.benchmark not in entry.benchmarks:
            yield Finding(
                "E3",
                "否决",
                f"清单事项“{entry.id}”不适用于“{m.name}”",
                text=use.id,
                suggestion="适用于 " + "、".join(entry.benchmarks),
                basis=entry.basis[0],
            )
    for tick in entry.conditions:
        if tick.name not in use.ticks:
            yield Finding(
                "E2",
                "否决",
                f"条件“{tick.label}”没有写对应的事实",
                text=f"leniency.ticks.{tick.name}",
                suggestion=tick.ask or "写明事实",
                basis=entry.basis[0],
            )
    unknown = [name for name in use.ticks if name not in {t.name for t in entry.conditions}]
    if unknown:
        yield Finding(
            "E2",
            "否决",
            f"清单事项没有条件“{unknown[0]}”",
            text=f"leniency.ticks.{unknown[0]}",
            suggestion="可用的有 " + "、".join(t.name for t in entry.conditions),
        )
    if no_penalty and (subject.fine or subject.measures):
        yield Finding(
            "E3",
            "否决",
            "不予处罚的决定不能同时写罚款或者其他处罚",
            text="violations",
            suggestion="删去 fine 和 measures",
        )
