"""The reasons of an assessment (说理): one paragraph that a letter can carry, every provision cited in full.

It tells what stands: facts that nobody has answered, provisions that another displaces and choices that the
officer has to make are left to the steps and warnings, never settled here by a turn of phrase.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kb.discretion.comparison import only_later
from kb.discretion.result import Outcome
from kb.numerals import to_chinese

if TYPE_CHECKING:
    from kb.discretion.assessment import Assessment

OLD_OR_LIGHTER = "《中华人民共和国行政处罚法》第三十七条"


def paragraph(a: Assessment) -> str:
    """The reasons; "" where nothing stands that a letter could carry."""
    if any(w.code == "old_law_not_loaded" for w in a.warnings):
        return ""  # a later law alone is no ground for an earlier act (行政处罚法 37)
    away = next((n for n in a.not_when if n.state and not n.also), None)
    if away:
        basis = f"，依照{away.basis}的规定" if away.basis else ""
        return f"经查，当事人的行为属于“{away.condition}”{basis}，{away.then}，不适用“{a.violation}”的罚则。"
    standing = [o for o in a.outcomes if not o.needs and o.role not in ("不适用", "法定幅度")]
    days = list(dict.fromkeys(o.as_of for o in standing))
    chosen = days
    parts: list[str] = []
    if a.comparison and len(days) > 1:
        parts.append(_law_choice(a, standing))
        lighter = a.comparison.settled
        chosen = days[-1:] if lighter == "新" else days[:1] if lighter in ("旧", "相同") else []
        old, new = ([o for o in a.outcomes if o.as_of == day] for day in (days[0], days[-1]))
        later = only_later(old, new)
        standing = [o for o in standing if o.as_of == days[0] or o.subject not in later]
    said: set[str] = set()
    parts += [_outcome(o, said) for o in standing if o.as_of in chosen]
    if standing:
        parts += _leniency(a)
        if a.limitation and a.limitation.passed is False:
            parts.append(_limitation(a))
    return "".join(parts)


def _outcome(o: Outcome, said_before: set[str]) -> str:
    """One range: the duty breached, the facts, the branch, the tier, the measures."""
    who = f"对{o.subject}，" if o.subject else ""
    choose = "（只写实际违反的）" if o.alternatives else ""
    said = [f"上述行为违反了{'、'.join(o.violated)}{choose}的规定"] if o.violated else []
    said += [fact for fact in o.facts if fact not in o.condition]
    if o.condition:
        said.append(f"属于“{o.condition}”的情形")
    text = o.statutory_text or ("" if o.tier else o.fine_text)
    verb = "依据" if text else "适用"
    said.append(f"{verb}{'、'.join(o.basis)}的规定")
    if text:
        said.append(f"{'可以' if o.fine_optional else '应当'}{_fined(text)}")
        if o.legal and _is_computed(text):
            said.append(f"计算为{o.legal}")
    elif not o.tier:
        said.append("该规定在这一情形下没有设定罚款")
    sentence = who + "，".join(said) + "。" + (_tier(o) if o.tier else "")
    more = [m for m in _measures(o) if m not in said_before]
    said_before.update(more)
    return sentence + "".join(more)


def _fined(text: str) -> str:
    """A fine phrase as the end of a sentence: 处五万元以上十万元以下的罚款."""
    bare = text.rstrip("。；")
    bare = bare if bare.startswith(("处", "并处", "可以", "可处")) else f"处{bare}"
    bare = bare.removeprefix("可以").removeprefix("可")
    return bare if bare.endswith("罚款") else f"{bare}的罚款"


def _is_computed(text: str) -> bool:
    return any(word in text for word in ("倍", "百分之", "%", "每", "等值", "千分之"))


def _tier(o: Outcome) -> str:
    number = f"（{o.number}）" if o.number else ""
    row = f"第{o.row}项" if o.row and o.row[0].isdigit() else o.row
    when = f"，本案符合“{o.tier_facts}”" if o.tier_facts else ""
    amount = f"罚款{o.fine}" if o.fine else "不处罚款"
    working = f"：{o.working}" if o.working else ""
    return f"对照{o.instrument}{number}{row}“{o.tier}”{when}，{amount}{working}。"


def _measures(o: Outcome) -> Iterator[str]:
    """What comes besides the fine as things stand, by its basis."""
    for must, word in ((True, "应当"), (False, "可以")):
        by_basis: dict[str, list[str]] = {}
        for m in o.measures:
            if m.compulsory is must and not m.needs:
                by_basis.setdefault(m.basis, []).append(f"{m.kind}（{m.object}）" if m.object else m.kind)
        for basis, kinds in by_basis.items():
            yield f"依据{basis}的规定，同时{word}{'、'.join(kinds)}。"


def _law_choice(a: Assessment, standing: Sequence[Outcome]) -> str:
    """从旧兼从轻: both laws with what they give, and which is lighter where the ranges say so."""
    assert a.comparison is not None
    row = a.comparison.rows[0]
    old, new = (
        f"{'、'.join(side.basis)}（{f'罚款{side.fine}' if side.fine else side.fine_text or '没有罚款'}）"
        for side in (row.old, row.new)
    )
    said = (
        f"当事人的违法行为于{_day(row.old.as_of)}终了，当时施行的是{old}；作出决定时，与之对应的规定是{new}。"
    )
    end = {
        "新": f"新的规定处罚较轻，依照{OLD_OR_LIGHTER}的规定，适用新的规定。",
        "旧": f"新的规定处罚没有较轻，依照{OLD_OR_LIGHTER}的规定，适用违法行为发生时的规定。",
        "相同": f"新的规定处罚没有较轻，依照{OLD_OR_LIGHTER}的规定，适用违法行为发生时的规定。",
        None: "",
    }
    return said + end[a.comparison.settled]


def _leniency(a: Assessment) -> Iterator[str]:
    for entry in a.leniency:
        if entry.met:
            record = entry.record
            ticks = "、".join(t.label for t in entry.ticks)
            basis = "、".join(record.basis)
            must = "应当" if entry.compulsory else "可以"
            yield f"当事人{ticks}，依照{basis}的规定，{must}{record.which_list}行政处罚。"
    for basis in dict.fromkeys(e.basis[-1] for e in a.effects if e.list == "不予"):
        yield f"不予行政处罚的，依照{basis}的规定，应当对当事人进行教育。"


def _limitation(a: Assessment) -> str:
    assert a.limitation is not None
    assert a.act is not None
    assert a.found_on is not None
    basis = "、".join(a.limitation.basis)
    years = to_chinese(a.limitation.years)
    return f"违法行为于{_day(a.act.end)}终了，{_day(a.found_on)}被发现，没有超过{basis}规定的{years}年期限。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
