"""What is wrong with a table as published: each finding with its place in the file and what to do.

The T codes are faults of the table itself; what the rules of `kb.checks` find in the records made of it keeps
its own code (K, C) and gets the place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from kb.checks.registry import RecordFinding
from kb.errors import BadValue
from kb.importing.tables.blocks import GHOST, Reading
from kb.importing.tables.build import Drafted
from kb.money import Fine, format_fine, parse_fine
from kb.money.amounts import squeeze
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


_MEND = {
    "T4": "对照公布的原文改正这一格，再导入",
    "T5": "改正法律名称后再导入",
    "T8": "核对所印条文是哪一年的文本，裁量标准是否要随之修改",
    "T9": "改正年份或者“修订”“修正”的写法",
}


def table_findings(reading: Reading, drafted: Sequence[Drafted]) -> list[TableFinding]:
    """Everything the table itself gets wrong, in the order of the file."""
    out = list(_ghosts(reading))
    out += _serials(reading)
    out += _duplicates(drafted)
    for one in drafted:
        out += [TableFinding(s.code, s.place, s.message, _MEND[s.code]) for s in one.slips]
        out += _ladders(one)
        out += _conditions(one)
    return list(dict.fromkeys(out))


def record_findings(found: Iterable[RecordFinding], drafted: Sequence[Drafted]) -> list[TableFinding]:
    """What the rules say of the records, with the place in the file instead of the field."""
    by_id = {one.record.id: one for one in drafted}
    out = []
    for f in found:
        one = by_id[f.id]
        key = next((k for k in sorted(one.places, key=len, reverse=True) if f.place.startswith(k)), "")
        where = one.places.get(key, one.place)
        out.append(TableFinding(f.code, where, f"{f.message}（{f.id} {f.place}）", f.suggestion))
    return out


# ---------------------------------------------------------------- the table as a whole


def _ghosts(reading: Reading) -> Iterator[TableFinding]:
    for left in reading.unread:
        if left.why == GHOST:
            brief = squeeze(left.text)
            brief = brief if len(brief) <= 30 else brief[:30] + "…"
            yield TableFinding(
                "T1",
                left.place,
                f"合并单元格下残留“{brief}”，与显示的内容不同，没有导入",
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
                "T7", spot.place, f"序号“{spot.text}”与{seen[spot.text]}重复", "核对原文，改正序号"
            )
        seen.setdefault(spot.text, spot.place)
    for one, other in pairwise(spots):
        a, b = _SERIAL.fullmatch(squeeze(one.text)), _SERIAL.fullmatch(squeeze(other.text))
        if a and b and a["head"] == b["head"] and int(b["number"]) > int(a["number"]) + 1:
            missing = "、".join(f"{a['head']}{n}" for n in range(int(a["number"]) + 1, int(b["number"]))[:5])
            yield TableFinding(
                "T7",
                other.place,
                f"序号从“{one.text}”跳到“{other.text}”，缺{missing}",
                "核对原文是否漏了一项",
            )


def _duplicates(drafted: Sequence[Drafted]) -> Iterator[TableFinding]:
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for one in drafted:
        key = (one.record.violation, tuple(one.record.penalty_basis))
        if key in seen:
            message = f"违法行为和处罚依据与{seen[key]}相同"
            yield TableFinding("T6", one.place, message, "两处只留一处，或者写明各自适用的情形")
        seen.setdefault(key, one.place)


# ---------------------------------------------------------------- one ladder


Priced = tuple[Tier, Fine, str]


def _ladders(one: Drafted) -> Iterator[TableFinding]:
    """Tiers of one ladder in the order printed: falling (T2), overlapping, touching or gapped (T3)."""
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
                "T3",
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
        return "T2", "轻于前面的"
    if low_b < low_a:
        return "T2", "的下限低于前面的"
    if high_a is None or b.low is None:
        return None
    if b.low.value < high_a:
        return "T3", "与前面的重叠："
    if b.low.value > high_a:
        return "T3", "与前面的之间有空档："
    return None


def _conditions(one: Drafted) -> Iterator[TableFinding]:
    """The same circumstance in two tiers of a ladder: nobody can say which applies."""
    seen: dict[tuple[str, str, str], tuple[str, str]] = {}
    for n, tier in enumerate(one.record.tiers, 1):
        for text in _texts(tier.when):
            key = (_flag(tier.when), tier.subject, text)
            place = one.places[f"tiers 第{n}条"]
            label, first = seen.setdefault(key, (tier.label, place))
            if first != place and text != key[0]:
                brief = text if len(text) <= 40 else text[:40] + "…"
                message = f"情节“{brief}”在“{label}”（{first}）和“{tier.label}”里各出现一次"
                yield TableFinding("T6", place, message, "对照公布的原文，改正其中一处")


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
