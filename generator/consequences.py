"""What a paper decides and what follows: penalties, payment, remedies, and the parts of single papers.

Periods, rates and organs are settings with a basis; a missing one is refused, never guessed.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from generator.casefile import Agency, CaseMeasure
from generator.catalogue import document_type
from generator.numbers import own_number
from generator.papers import Served
from generator.subject import (
    EMPTY,
    TICKED,
    Subject,
    date_text,
    day_or_mark,
    money_text,
    owed,
    period,
    sentence,
    time_text,
    together,
)
from generator.suing import reconsidered_first, suit_period
from kb.citation import Citation, format_citation, parse
from kb.errors import NotLoaded
from kb.numerals import to_chinese
from kb.snapshot import Snapshot

_HEARING_ITEMS = {
    2: ("没收",),
    3: ("降低资质", "吊销"),
    4: ("停产", "停业", "关闭", "限制从业", "禁止从业", "禁止从事", "不得从事"),
}
"""Items of 行政处罚法 63(1) by the words of the penalties they name; item 1 is the fine.

The laws write 责令停业整顿, 责令停产整治, 终身禁止从事… for what 63(1)(四) calls 责令停产停业 and 限制从业.
"""
_MEASURE_ORDER = {"警告": 0, "通报批评": 0, "没收违法所得": 1, "没收非法财物": 1, "罚款": 2}


def penalties(subject: Subject) -> dict[str, Any]:
    many = len(subject.matters) > 1
    rows: list[str] = []
    for m in subject.matters:
        texts = [(_MEASURE_ORDER.get(x.kind, 3), measure_text(x)) for x in m.violation.measures]
        if m.violation.fine:
            texts.append((_MEASURE_ORDER["罚款"], f"罚款人民币{money_text(m.violation.fine)}"))
        texts.sort(key=lambda pair: pair[0])
        rows += [f"对{m.name}的行为，{text}" if many else text for _, text in texts]
    if many and sum(1 for m in subject.matters if m.violation.fine) > 1:
        rows.append(f"以上罚款合并执行，共计人民币{money_text(subject.fine)}")
    corrections = [m.violation.correction.rstrip("。") for m in subject.matters if m.violation.correction]
    return {
        "penalties": [{"n": n, "text": text} for n, text in enumerate(rows, 1)],
        "penalty_basis": together(c for m in subject.matters for c in m.penalty_basis),
        "correction": "，".join(dict.fromkeys(corrections)),
    }


def measure_text(measure: CaseMeasure) -> str:
    kind = "没收" if measure.kind == "没收非法财物" and measure.object else measure.kind
    text = kind + (measure.object or "") if kind == "没收" else kind
    if measure.amount is not None:
        text += f"人民币{money_text(measure.amount)}"
    if kind != "没收" and measure.object:
        text += f"（{measure.object}）"
    return text


def hearing_items(penalty: str) -> set[int]:
    """The items of 行政处罚法 63(1), but the fine's, that a penalty falls under by its kind."""
    return {item for item, words in _HEARING_ITEMS.items() if any(word in penalty for word in words)}


def hearing_grounds(subject: Subject) -> list[str]:
    """The items of 行政处罚法 63(1) the intended penalties fall under; item 5 (其他) where none fits."""
    items = set()
    if subject.fine:
        items.add(1)
    for measure in subject.measures:
        items |= hearing_items(measure.kind)
    law = "中华人民共和国行政处罚法"
    return [format_citation(law, 63, paragraph=1, item=item) for item in sorted(items) or [5]]


def payment(subject: Subject) -> dict[str, Any]:
    """Where, by when and what else (行政处罚法 67(3), 72(1)(一); 罚缴分离办法 7)."""
    money = [m.kind for m in subject.measures if m.amount is not None]
    what = (["罚款"] if subject.fine else []) + [f"{kind}的款项" for kind in dict.fromkeys(money)]
    values: dict[str, Any] = {
        "money": bool(what),
        "fine": bool(subject.fine),
        "what": "、".join(what),
        "goods": any(m.kind == "没收非法财物" for m in subject.measures),
        "other": any(_MEASURE_ORDER.get(m.kind, 3) == 3 for m in subject.measures),
    }
    if not what:
        return {"payment": values, "bank": {}}
    terms, bank = payment_terms(subject)
    return {"payment": values | terms, "bank": bank}


def payment_terms(subject: Subject) -> tuple[dict[str, str], dict[str, str]]:
    """By when, with what surcharge, into which account."""
    days = subject.uses.setting("payment/days", subject.day)
    surcharge = subject.uses.setting("payment/surcharge", subject.day)
    bank, bank_basis = _bank(subject)
    terms = {
        "days": period(days),
        "basis": together([*days.basis, *bank_basis]),
        "surcharge": "百分之" + to_chinese(int(surcharge.value["daily_percent"])),
        "surcharge_basis": together(surcharge.basis),
    }
    return terms, bank


def _bank(subject: Subject) -> tuple[dict[str, str], list[str]]:
    if subject.case.bank:
        return subject.case.bank.model_dump(), []
    setting = subject.uses.setting("organ/bank", subject.day)
    bank = {name: str(setting.value[name]) for name in ("address", "account_name", "account")}
    return {"name": str(setting.value["bank"]), **bank}, setting.basis


def remedy(subject: Subject) -> dict[str, Any]:
    """The concrete organ and court with their periods; there is no default court."""
    uses, day, given = subject.uses, subject.day, subject.case.remedies
    apply = uses.setting("remedy/reconsideration-days", day)
    applied = [c for m in subject.matters for c in m.penalty_basis]
    sue = suit_period(subject.base, subject.kind.type, applied, day)
    uses.note(sue)
    before = reconsidered_first(subject.base, applied, day)
    if before and not given.first:
        uses.note(before[0])
    after = uses.setting("remedy/litigation-after-reconsideration-days", day)
    basis = list(apply.basis)
    if given.reconsideration:
        organ_ = _agency(given.reconsideration)
    else:
        setting = uses.setting("organ/reconsideration", day)
        organ_ = addressed(str(setting.value["name"]), str(setting.value.get("address", "")))
        basis += setting.basis
    court = given.court
    if court is None:
        court = court_setting(subject)
    return {
        "remedy": {
            "reconsideration": organ_,
            "court": _agency(court) if court else addressed(owed(None, "具体人民法院")),
            "reconsideration_days": period(apply),
            "reconsideration_basis": together(basis),
            "litigation_months": period(sue),
            "litigation_basis": together(sue.basis),
            "after_days": period(after),
            "after_basis": together(after.basis),
            "online": given.online or "",
            "first": given.first or (before[1] if before else ""),
        }
    }


def _agency(agency: Agency) -> dict[str, str]:
    return addressed(agency.name, agency.address or "")


def addressed(name: str, address: str = "") -> dict[str, str]:
    """An organ by name, by address, and in full with both."""
    full = f"{name}（地址：{address}）" if address else name
    return {"name": name, "address": address, "full": full}


def court_setting(subject: Subject) -> Agency | None:
    """The agency's own court, where it has set one (``organ/court``)."""
    try:
        value = subject.uses.setting("organ/court", subject.day).value
    except NotLoaded:
        return None
    return Agency(name=str(value["name"]), address=value.get("address") or None)


# ---------------------------------------------------------------- parts of single papers


def leniency(subject: Subject) -> dict[str, Any]:
    """The limb, a fact for every tick, the list entry and the education (行政处罚法 32, 33(3))."""
    use, entry = subject.case.leniency, subject.leniency
    if use is None or entry is None:
        if subject.kind.type != "no_penalty_decision":
            return {"leniency": {}}
        mark = owed(None, "不予处罚的清单事项")
        empty = {
            "limb": "",
            "list": "不予",
            "must": "",
            "ticks": [],
            "basis": mark,
            "instrument": "",
            "title": "",
            "education": mark,
        }
        return {"leniency": empty}
    return {
        "leniency": {
            "limb": entry.limb,
            "list": entry.which_list,
            "must": "应当" if entry.must else "可以",
            "ticks": [
                {"label": t.label, "fact": sentence(owed(use.ticks.get(t.name), t.label))}
                for t in entry.conditions
            ],
            "basis": together(entry.basis),
            "instrument": "" if entry.source.example else entry.source.instrument,
            "title": entry.violation,
            "education": sentence(owed(use.education, "教育的内容")),
        }
    }


def on_the_spot(subject: Subject) -> dict[str, Any]:
    """The ticks and blanks of the form of 行政处罚法 52(2)."""
    spot = subject.case.on_the_spot
    cash = spot.payment == "当场收缴"
    ticks = {
        "warning": any(m.kind == "警告" for m in subject.measures),
        "fined": bool(subject.fine),
        "by_bank": not cash,
        "in_cash": cash,
        "cash_68_1": spot.payment_ground == "68(一)",
        "cash_68_2": spot.payment_ground == "68(二)",
        "cash_69": spot.payment_ground == "69",
    }
    return {
        "spot": {
            "time": owed(time_text(spot.time) if spot.time else None, "时间"),
            "place": owed(spot.place, "地点"),
            "statement": sentence(owed(spot.statement, "陈述、申辩的情况")),
            "fine": bool(subject.fine),
            "amount": money_text(subject.fine) if subject.fine else "",
            **{name: TICKED if on else EMPTY for name, on in ticks.items()},
        }
    }


def correction_order(subject: Subject) -> dict[str, Any]:
    order = subject.case.correction_order
    return {
        "order": {
            "basis": together(order.basis),
            "deadline": date_text(order.deadline) if order.deadline else "",
            "requirements": [r.rstrip("。；") for r in order.requirements],
            "consequence": sentence(order.consequence),
        }
    }


def guidance_note(subject: Subject) -> dict[str, Any]:
    note = subject.case.guidance_note
    first = subject.matters[0].violation
    return {
        "guidance": {
            "found_on": date_text(first.found_on),
            "place": owed(first.place, "发现的地点"),
            "advice": [a.rstrip("。；") for a in note.advice],
            "deadline": day_or_mark(note.deadline, "改正期限"),
            "follow_up": note.follow_up or "",
        }
    }


def service(subject: Subject) -> dict[str, Any]:
    """The paper that was served, under its own number, and how it reached whom."""
    of, record = subject.of, subject.served or Served()
    assert of is not None, "only a receipt prints this part"
    said = {name: getattr(record, name) or "" for name in ("receiver", "relation", "witness", "remark")}
    return {
        "service": {
            "document": document_type(of.type).name,
            "document_number": own_number(subject),
            "place": owed(record.place, "送达地点"),
            "mode": record.mode,
            "time": time_text(record.at) if record.at else "",
            **said,
        }
    }


_MOST_CITED = 2000
_CITED: WeakKeyDictionary[Snapshot, dict[str, list[Citation]]] = WeakKeyDictionary()


def _cited(base: Snapshot, text: str) -> list[Citation]:
    """What a provision of a case names, remembered: a batch of cases names the same ones."""
    known = _CITED.setdefault(base, {})
    if (found := known.get(text)) is None:
        if len(known) >= _MOST_CITED:
            known.clear()
        found = known[text] = parse(text, base.laws)
    return found


def annex(subject: Subject) -> list[dict[str, Any]]:
    """The articles violated and applied, as the law stood on the day that matters; only loaded texts."""
    book, seen, out = subject.base.laws, set(), []
    texts = [c for m in subject.matters for c in (*m.violated, *m.penalty_basis)]
    for citation in (c for text in texts for c in _cited(subject.base, text)):
        if citation.resolved is None or citation.article is None:
            continue
        key = (citation.resolved, citation.article, citation.article_suffix or 0)
        if key in seen:
            continue
        seen.add(key)
        version = book.on(citation.resolved, subject.substance).version
        article = version and book.article(version, citation.article, citation.article_suffix or 0)
        if article and article.has_text:
            lines = [line for line in article.full_text().splitlines() if line.strip()]
            out.append({"title": format_citation(*key), "lines": lines})
    return out
