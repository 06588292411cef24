"""Values that follow from the case: what ``default`` and ``computed`` of an own field may name.

A default is a path of the case (``violations.place``), of another paper (``papers.hearing_notice.held_at``)
or one of the functions registered here (``goods/taken``); `computed` is always a function.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from generator.casetypes import RESIDENT_CARD, born_on
from generator.catalogue import document_type
from generator.numbers import notice_number, number_text, paper_number
from generator.ownfields import read_own
from generator.papers import Goods, Paper
from generator.subject import Subject, period
from kb.errors import BadRecord
from kb.importing.yaml_files import Lines
from kb.numerals import to_chinese

if TYPE_CHECKING:
    from generator.events import Event

Function = Callable[[Subject], Any]
COMPUTED: dict[str, Function] = {}
_DISPOSED = ("没收", "返还", "销毁", "移送")
ENFORCED = ("decision", "on_the_spot_decision", "correction_order")


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
    """``hearing_notice.held_at``: its number, date, served_on or one of its own fields."""
    type, _, name = rest.partition(".")
    other = last_paper(subject, type)
    if other is None:
        return None
    if name == "number":
        return paper_number(other, subject) if other.number is not None else None
    if name == "date":
        return other.date
    if name == "served_on":
        return other.served.at.date() if other.served else None
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


# ---------------------------------------------------------------- what is enforced


def _enforced(subject: Subject) -> Event | None:
    """The act to be enforced: the last decision, else a penalty on the spot, else an order to correct."""
    from generator.events import events  # the time line reads this module

    found = [e for e in events(subject.case) if not e.void]
    for type in ENFORCED:
        if of_type := [e for e in found if e.type == type]:
            return of_type[-1]
    return None


@computed("act/name")
def _act_name(subject: Subject) -> str | None:
    event = _enforced(subject)
    return document_type(event.type).name if event else None


@computed("act/number")
def _act_number(subject: Subject) -> str | None:
    event = _enforced(subject)
    if event is None or event.number is None:
        return None
    return number_text(document_type(event.type), event.number, subject.uses, event.day or subject.day)


@computed("act/day")
def _act_day(subject: Subject) -> date | None:
    event = _enforced(subject)
    return event.day if event else None


@computed("act/served")
def _act_served(subject: Subject) -> date | None:
    event = _enforced(subject)
    return event.served_on if event else None


@computed("act/duty")
def _act_duty(subject: Subject) -> str | None:
    """What the act asks of the party: the penalties, or what the order to correct requires."""
    event = _enforced(subject)
    if event and event.type == "correction_order":
        return "；".join(r.rstrip("。；") for r in subject.case.correction_order.requirements) or None
    return _penalty_text(subject)


@computed("penalty/text")
def _penalty_text(subject: Subject) -> str | None:
    """What the decision imposes on the party, one after the other."""
    from generator.consequences import penalties

    return "；".join(p["text"] for p in penalties(subject)["penalties"]) or None


@computed("fine/total")
def _fine(subject: Subject) -> Decimal | None:
    return subject.fine or None


@computed("fine/unpaid")
def _unpaid(subject: Subject) -> Decimal | None:
    """The fine less what the party had paid by the paper's day; None where nothing is left."""
    party = subject.case.parties.index(subject.party) + 1
    paid = sum(
        (p.amount for p in subject.case.payments if p.party == party and p.date <= subject.day), Decimal(0)
    )
    return max(subject.fine - paid, Decimal(0)) or None


@computed("payment/account")
def _account(subject: Subject) -> str | None:
    """Where a fine is paid (罚款决定与罚款收缴分离实施办法 7); None where there is none."""
    from generator.consequences import payment_terms

    if not subject.fine:
        return None
    bank = payment_terms(subject)[1]
    return (
        f"{bank['name']}（地址：{bank['address']}），收款人：{bank['account_name']}，账号：{bank['account']}"
    )


@computed("surcharge/rate")
def _rate(subject: Subject) -> str:
    """百分之三: the surcharge a day (行政处罚法 72(1)(一))."""
    return "百分之" + to_chinese(int(_surcharge(subject)["daily_percent"]))


@computed("surcharge/start")
def _surcharge_start(subject: Subject) -> date | None:
    """The day after the last day to pay (own field ``pay_by``)."""
    by = _written(subject).get("pay_by")
    return by + timedelta(days=1) if by else None


@computed("surcharge/per-day")
def _per_day(subject: Subject) -> Decimal | None:
    return _part(_base(subject), _surcharge(subject)["daily_percent"])


@computed("surcharge/cap")
def _cap(subject: Subject) -> Decimal | None:
    """The most it may come to (行政处罚法 72(1)(一); 行政强制法 45(2))."""
    return _part(_base(subject), _surcharge(subject)["cap_percent"])


@computed("surcharge/amount")
def _surcharge_amount(subject: Subject) -> Decimal | None:
    """The surcharge of the days that count (own field ``surcharge_days``), never above its cap."""
    base, days = _base(subject), _written(subject).get("surcharge_days")
    if base is None or not days or days < 0:
        return None
    rate = _surcharge(subject)
    amount = _part(base * int(days), rate["daily_percent"])
    cap = _part(base, rate["cap_percent"])
    return min(x for x in (amount, cap) if x is not None)


@computed("surcharge/total")
def _owed_in_all(subject: Subject) -> Decimal | None:
    """The fine not paid, and the surcharge on it."""
    base = _base(subject)
    return base + (_surcharge_amount(subject) or Decimal(0)) if base is not None else None


@computed("urge/period")
def _urge_period(subject: Subject) -> str | None:
    """How long who is urged may still perform by himself (行政强制法 51(1)(二), 54); before the organ's own
    enforcement the law fixes no length."""
    lengths = {"代履行前": "substitute/urge-days", "申请人民法院强制执行前": "court/urge-days"}
    setting = lengths.get(_written(subject).get("purpose", ""))
    return period(subject.uses.setting(setting, subject.day)) if setting else None


@computed("case/title")
def _title(subject: Subject) -> str:
    """示例店无证经营案: the parties and the conduct, as a dossier is named."""
    names = [p.trade_name or p.name for p in subject.case.parties]
    who = names[0] + ("等" if len(names) > 1 else "")
    return f"{who}{_conduct(subject)}案"


@computed("case/papers")
def _case_papers(subject: Subject) -> list[dict[str, Any]]:
    """Every paper of the case that counts, in the order of its days: name, number, date."""
    from generator.events import events

    out: list[dict[str, Any]] = []
    for event in events(subject.case):
        if event.void or event.type == subject.kind.type or event.type.startswith("dossier_"):
            continue
        kind = document_type(event.type)
        day = event.day or subject.day
        number = number_text(kind, event.number, subject.uses, day) if event.number is not None else ""
        out.append({"name": kind.name, "number": number, "date": event.day, "type": event.type})
    return out


def _written(subject: Subject) -> dict[str, Any]:
    """The own fields this paper says itself."""
    papers = subject.case.papers
    if subject.paper is None or subject.paper not in papers:
        return {}
    return read_own(subject.paper, Lines("案件"), ("papers", papers.index(subject.paper)))


def _base(subject: Subject) -> Decimal | None:
    """The fine the surcharge is counted on: own field ``due``, else what was not paid."""
    found = _written(subject).get("due")
    return found if isinstance(found, Decimal) else _unpaid(subject)


def _surcharge(subject: Subject) -> dict[str, Any]:
    return dict(subject.uses.setting("payment/surcharge", subject.day).value)


def _part(amount: Decimal | None, percent: Any) -> Decimal | None:
    if amount is None:
        return None
    return (amount * Decimal(str(percent)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
