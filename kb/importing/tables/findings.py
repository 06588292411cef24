"""What is wrong with a table as published: each finding with its place in the file and what to do.

The B codes are faults of the table itself; what the rules of `kb.checks` find in the records made of it keeps
its own code (K, C) and gets the place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.checks.registry import RecordFinding
from kb.errors import BadValue
from kb.importing.tables.blocks import GHOST, Reading
from kb.importing.tables.build import PERSONS_LABEL, Drafted
from kb.money import Condition, Fine, format_fine, parse_condition, parse_fine
from kb.money.amounts import NUMBER, squeeze
from kb.numerals import plain
from kb.records import AnyOf, Tier, When


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One fault: its code, where in the file, what, and what to do."""

    code: str
    place: str
    message: str
    suggestion: str = ""

    def to_dict(self) -> dict[str, str]:
        return {
            "code": self.code,
            "place": self.place,
            "message": self.message,
            "suggestion": self.suggestion,
        }


MEND = {
    "B4": "对照公布的原文改正这一格，再导入",
    "B5": "改正法律名称后再导入",
    "B8": "核对所印条文是哪一年的文本，裁量标准是否要随之修改",
    "B9": "改正年份或者“修订”“修正”的写法",
    "B10": "清单可以比法律严，不能比法律宽：批准前在 conditions 里补上，或者查明文件为什么不写",
}


def table_findings(reading: Reading, drafted: Sequence[Drafted]) -> list[TableFinding]:
    """Everything the table itself gets wrong, in the order of the file."""
    out = list(_ghosts(reading))
    out += _serials(reading)
    out += _duplicates(drafted)
    years: dict[str, list[TableFinding]] = {}
    for one in drafted:
        told = [TableFinding(s.code, s.place, s.message, MEND[s.code]) for s in one.slips]
        for f in told:
            years.setdefault(f.message, []).append(f) if f.code == "B9" else out.append(f)
        if not one.crossed:
            out += _ladders(one)
            out += _conditions(one)
    return list(dict.fromkeys([*out, *_once_each(years)]))


def record_findings(found: Iterable[RecordFinding], drafted: Sequence[Drafted]) -> list[TableFinding]:
    """What the rules say of the records, with the place in the file instead of the field.

    A rule tries a record out on many facts: one fault of one tier is told once. A law that has ended is told
    once a record (K11 with the successor, not C4 again), a law that isn't loaded once a file.
    """
    by_id = {one.record.id: one for one in drafted}
    found = list(found)
    ended = {f.id for f in found if f.code == "K11"}
    seen: set[tuple[str, str, str]] = set()
    unloaded: dict[str, list[TableFinding]] = {}
    out = []
    for f in found:
        one = by_id[f.id]
        tier = _NAMED_TIER.match(f.message) if f.code in ("K7", "K8") else None
        key = (f.code, f.id, tier[0] if tier else f.message)
        if key in seen or (f.code == "C4" and f.id in ended):
            continue
        seen.add(key)
        told = TableFinding(f.code, _place(one, f, tier), f.message, f.suggestion)
        if f.code == "C0":
            unloaded.setdefault(f.message.partition("》")[0], []).append(told)
        else:
            out.append(told)
    return [*_once_each(unloaded), *out]


_NAMED_TIER = re.compile(r"裁量阶次“(?P<label>[^”]*)”")


def _place(one: Drafted, f: RecordFinding, tier: re.Match[str] | None) -> str:
    if tier:
        named = (n for n, t in enumerate(one.record.tiers, 1) if t.label == tier["label"])
        return one.places.get(f"tiers 第{next(named, 0)}条", one.place)
    field = "penalty_basis" if f.code == "K11" or f.place.startswith("statutory") else f.place
    key = next((k for k in sorted(one.places, key=len, reverse=True) if field.startswith(k)), "")
    return one.places.get(key, one.place)


def _once_each(groups: dict[str, list[TableFinding]]) -> Iterator[TableFinding]:
    for group in groups.values():
        more = f"（共{len(group)}处）" if len(group) > 1 else ""
        yield replace(group[0], message=group[0].message + more)


# ---------------------------------------------------------------- the table as a whole


def _ghosts(reading: Reading) -> Iterator[TableFinding]:
    for left in reading.unread:
        if left.why == GHOST and not squeeze(left.text).isdigit():  # a number of a tier misleads nobody
            yield TableFinding(
                "B1",
                left.place,
                f"合并单元格下残留“{_brief(squeeze(left.text))}”，与显示的内容不同，没有导入",
                "核对公布的原文：确实有这一格的，取消合并后再导入；没有的，清除残留",
            )


_SERIAL = re.compile(r"(?P<head>.*?)(?P<number>\d{1,4})")


def _serials(reading: Reading) -> Iterator[TableFinding]:
    """序号 that jumps or stands twice: a row is missing, or two rows share a number."""
    spots = [b.serial for b in reading.blocks if b.serial]
    seen: dict[str, str] = {}
    for spot in spots:
        if spot.text in seen:
            yield TableFinding(
                "B7", spot.place, f"序号“{spot.text}”与{seen[spot.text]}重复", "核对原文，改正序号"
            )
        seen.setdefault(spot.text, spot.place)
    for one, other in pairwise(spots):
        a, b = _SERIAL.fullmatch(squeeze(one.text)), _SERIAL.fullmatch(squeeze(other.text))
        if a and b and a["head"] == b["head"] and int(b["number"]) > int(a["number"]) + 1:
            missing = f"{a['head']}{int(a['number']) + 1}"
            message = f"序号从“{one.text}”跳到“{other.text}”，缺“{missing}”"
            yield TableFinding("B7", other.place, message, "核对原文是否漏了一项")


def _duplicates(drafted: Sequence[Drafted]) -> Iterator[TableFinding]:
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for one in drafted:
        key = (one.record.violation, tuple(one.record.penalty_basis))
        if key in seen:
            message = f"违法行为和处罚依据与{seen[key]}相同"
            yield TableFinding("B6", one.place, message, "两处只留一处，或者写明各自适用的情形")
        seen.setdefault(key, one.place)


# ---------------------------------------------------------------- one ladder


Priced = tuple[Tier, Fine, str]


def _ladders(one: Drafted) -> Iterator[TableFinding]:
    """Tiers of one ladder in the order printed: falling (B2), overlapping, touching or gapped (B3)."""
    ladders: dict[tuple[str, str], list[Priced]] = {}
    for n, tier in enumerate(one.record.tiers, 1):
        with suppress(BadValue):
            if tier.fine and (fine := parse_fine(tier.fine)).has_amount:
                ladders.setdefault((_flag(tier.when), tier.subject), []).append(
                    (tier, fine, one.places[f"tiers 第{n}条"])
                )
    for ladder in ladders.values():
        shared: list[str] = []
        for (a, low, _), (b, high, place) in pairwise(ladder):
            if a.label == b.label and a.fine == b.fine:
                continue
            if touch := _touch(low, high):
                shared.append(touch)
                continue
            said = _compare(low, high)
            if said:
                code, how = said
                yield TableFinding(
                    code,
                    place,
                    f"“{b.label}”（{format_fine(high)}）{how}“{a.label}”（{format_fine(low)}）",
                    "对照公布的原文核对这两档的数额",
                )
        if shared:
            ends = "、".join(dict.fromkeys(shared))
            yield TableFinding(
                "B3",
                ladder[0][2],
                f"相邻两档都含端点：{ends}，正好是这个数时落入两档",
                "以上、以下都含本数的，落入两档时按较轻的一档；文件另有规定的从其规定",
            )


def _flag(when: When) -> str:
    return when[0] if isinstance(when, list) and isinstance(when[0], str) else ""


def _touch(a: Fine, b: Fine) -> str:
    """The end that two neighbours share: 二万元以上五万元以下, 五万元以上十万元以下."""
    if a.high is None or a.high != b.low or a.low == a.high or b.low == b.high:
        return ""
    return format_fine(Fine(a.high, a.high))


def _compare(a: Fine, b: Fine) -> tuple[str, str] | None:
    """How a tier stands to the one before it; None where it rises as it should or can't be compared."""
    ends = [e for e in (a.low, a.high, b.low, b.high) if e is not None]
    if len({e.unit for e in ends}) != 1 or a.per != b.per or a.base != b.base:
        return None
    lows = [f.low.value if f.low else None for f in (a, b)]
    highs = [f.high.value if f.high else None for f in (a, b)]
    low_a, low_b = (v or 0 for v in lows)
    high_a, high_b = highs
    if (
        high_a is not None
        and high_b is not None
        and (high_b < high_a or (high_b == high_a and low_b < low_a))
    ):
        return "B2", "轻于前面的"
    if low_b < low_a:
        return "B2", "的下限低于前面的"
    if high_a is None or b.low is None:
        return None
    if b.low.value < high_a:
        return "B3", "与前面的重叠："
    points = a.low == a.high or b.low == b.high  # 一倍, 二倍, 三倍: points are no range with a gap
    if b.low.value > high_a and not points:
        return "B3", "与前面的之间有空档："
    return None


def _conditions(one: Drafted) -> Iterator[TableFinding]:
    """Circumstances nobody can apply: two ends that can't both hold (B4), the same one in two tiers (B6),
    figures of neighbouring tiers that overlap or leave a gap (B3)."""
    seen: dict[tuple[str, str, str], tuple[str, str]] = {}
    before: dict[tuple[str, str, str, str], tuple[int, str, Condition]] = {}
    counted: dict[tuple[str, str], int] = {}
    for n, tier in enumerate(one.record.tiers, 1):
        place = one.places[f"tiers 第{n}条"]
        flag = _flag(tier.when)
        step = counted[flag, tier.subject] = counted.get((flag, tier.subject), 0) + 1
        for text in _texts(tier.when):
            if text == flag:
                continue
            place = one.places.get(f"tiers 第{n}条 {text.removeprefix(f'{PERSONS_LABEL}为')}", place)
            label, first = seen.setdefault((flag, tier.subject, text), (tier.label, place))
            if first != place:
                message = f"情节“{_brief(text)}”在“{label}”（{first}）和“{tier.label}”里各出现一次"
                yield TableFinding("B6", place, message, "对照公布的原文，改正其中一处")
                continue
            try:
                condition = parse_condition(_IS.sub("", text))
            except BadValue as error:
                yield TableFinding("B4", place, error.message, MEND["B4"])
                continue
            if condition.is_comparison and (condition.base or condition.unit):
                key = (flag, tier.subject, condition.base, condition.unit)
                at, other, last = before.get(key, (0, "", condition))
                if at == step - 1 and other and (how := _neighbours(last, condition)):
                    message = f"情节“{_brief(text)}”与“{_brief(other)}”{how}"
                    yield TableFinding("B3", place, message, "对照公布的原文核对这两档的情节")
                before[key] = (step, text, condition)


_IS = re.compile(rf"(?:为|达到?)(?={NUMBER}[^，。]{{0,5}}以[上下])")  # 为30万元以上 says 30万元以上


def _neighbours(a: Condition, b: Condition) -> str:
    """How the figures of two conditions in a row meet: overlap, gap, or "" where they join."""
    if b.low is None or a.high is None:
        return ""
    low, high = b.low, a.high
    if low.value < high.value:
        return "的数字重叠"
    if low.value > high.value:
        return "的数字之间有空档"
    if not low.inclusive and not high.inclusive:
        return f"都不含正好{plain(low.value)}{low.unit}"
    return ""


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _texts(when: When) -> list[str]:
    """The conditions of a `when`, alternatives one by one."""
    if when is None or isinstance(when, str):
        return [when] if when else []
    out: list[str] = []
    for part in when.any if isinstance(when, AnyOf) else when:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, AnyOf):
            out += _texts(part)
    return out
