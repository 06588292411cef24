"""What a met leniency entry leads to, and tiers worked out by a general rule, where one is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kb.discretion.result import ComputedTier, Outcome, Range
from kb.errors import BadRecord
from kb.leniency import EDUCATION, Entry
from kb.numerals import plain
from kb.records import Setting

RULE = "discretion/tiers"
"""The setting of a general tier rule; ``discretion/tiers-market`` is one for 市场监管 alone."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a leniency entry that is met leads to; 减轻 goes below the sum ``below``, itself not included."""

    entry: str
    list: str
    compulsory: bool
    text: str
    basis: tuple[str, ...]
    below: Decimal | None = None
    fine: Range | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "list": self.list,
            "compulsory": self.compulsory,
            "text": self.text,
            "basis": [*self.basis],
            "below": None if self.below is None else plain(self.below),
            "fine": self.fine.to_dict() if self.fine else None,
        }


def effects(met: Sequence[Entry], outcomes: Sequence[Outcome]) -> Iterator[Effect]:
    """The effects of the entries that are met, on what stands."""
    standing = [o for o in outcomes if not o.needs and o.legal and o.role not in ("不适用", "法定幅度")]
    days = {o.as_of for o in standing}
    for entry in met:
        record = entry.record
        must = "应当" if entry.compulsory else "可以"
        if record.which_list == "不予":
            yield _exempt(entry, must)
            continue
        for o in standing:
            where = f"按{o.as_of}的规定，" if len(days) > 1 else ""
            text, below, fine = _effect(record.which_list, o)
            whom = f"对{o.subject}" if o.subject else ""
            said = f"{where}{must}{whom}{record.which_list}处罚：{text}"
            yield Effect(
                record.id, record.which_list, entry.compulsory, said, tuple(record.basis), below, fine
            )


def _exempt(entry: Entry, must: str) -> Effect:
    """不予: no penalty, but education always (处罚法 33(3)), and what the provision keeps."""
    record = entry.record
    text = f"{must}不予行政处罚"
    if record.accompany:
        text += f"；{record.accompany}"
    text += "；对当事人进行教育" + (f"：{record.education}" if record.education else "")
    return Effect(record.id, "不予", entry.compulsory, text, (*record.basis, EDUCATION))


def _effect(which_list: str, o: Outcome) -> tuple[str, Decimal | None, Range | None]:
    """What 从轻, 减轻, or either of them at the officer's choice, comes to."""
    lighter, mitigated = _lighter(o), _mitigated(o)
    if which_list == "从轻":
        return lighter
    if which_list == "减轻":
        return mitigated
    return f"从轻的，{lighter[0]}；减轻的，{mitigated[0]}", mitigated[1], lighter[2]


def _lighter(o: Outcome) -> tuple[str, None, Range | None]:
    for tier in o.computed:
        if tier.kind == "从轻":
            return f"{tier}（{tier.instrument}）", None, tier.fine
    return "在法定幅度内确定较低的数额；没有载入划分幅度的依据，不另作计算", None, None


def _mitigated(o: Outcome) -> tuple[str, Decimal | None, None]:
    assert o.legal is not None
    low = o.legal.low
    if not low or o.fine_optional:
        return "法定罚款没有必须达到的下限，减轻的幅度没有载入依据，不能计算", None, None
    return f"罚款在法定下限{plain(low)}元以下确定，不含本数", low, None


# ---------------------------------------------------------------- the general rule


@dataclass(frozen=True, slots=True)
class Part:
    """One tier of a rule: from one share of the range to another, both in percent."""

    kind: str
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class TierRule:
    """A general rule as its instrument prints it.

    ``parts`` cut a range with two ends, ``only_max`` one without a lower end; ``only_min`` gives multiples of
    the lower end where there is no upper one.
    """

    instrument: str
    parts: tuple[Part, ...]
    only_max: tuple[Part, ...]
    only_min: tuple[tuple[str, Decimal], ...]

    def cut(self, fine: Range) -> tuple[ComputedTier, ...]:
        """The tiers of a range; a point between two belongs to the lighter one."""
        if fine.high is None:
            points = [(kind, fine.low * times) for kind, times in self.only_min if fine.low]
            return tuple(ComputedTier(kind, Range(sum, sum), True, self.instrument) for kind, sum in points)
        if fine.low == fine.high:
            return ()
        width = (fine.high - fine.low) / 100
        return tuple(
            ComputedTier(
                part.kind,
                Range(fine.low + width * part.start, fine.low + width * part.end),
                not part.start,
                self.instrument,
            )
            for part in (self.parts if fine.low else self.only_max or self.parts)
        )


def read_rule(setting: Setting) -> TierRule:
    """The rule in a setting: ``{tiers: [{kind, from, to}], only_max: [...], only_min: [{kind, times}]}``.

    Shares are in percent; the setting's source names the instrument.

    Raises:
        BadRecord: a tier without kind, from or to; tiers that don't follow each other.
    """
    value = setting.value
    try:
        parts, only_max = (_parts(value.get(key, ())) for key in ("tiers", "only_max"))
        only_min = tuple((str(row["kind"]), Decimal(str(row["times"]))) for row in value.get("only_min", ()))
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation):
        parts, only_max, only_min = (), (), ()
    if not parts:
        raise BadRecord(
            f"设置“{setting.label}”看不懂",
            where=setting.id,
            hint="写成 tiers: [{kind: 从轻, from: 0, to: 30}, {kind: 一般, from: 30, to: 70}, …]，前后相接",
        )
    source = setting.source
    return TierRule(
        source.instrument + (f"（{source.number}）" if source.number else ""), parts, only_max, only_min
    )


def _parts(rows: Any) -> tuple[Part, ...]:
    parts = tuple(Part(str(r["kind"]), Decimal(str(r["from"])), Decimal(str(r["to"]))) for r in rows)
    ends = [Decimal(0)]
    for part in parts:
        if part.start != ends[-1] or part.end <= part.start or part.end > 100:
            raise ValueError
        ends.append(part.end)
    return parts
