"""Tables of weights (权重累加): start + factors, floor and cap, times what the formula names.

Shares are exact fractions (6%, 1/8), so that nothing is rounded before the sum in yuan is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from kb.conditions import Test, bind, quantity_fact
from kb.errors import BadRecord, BadValue
from kb.facts import Value
from kb.money import Amount, parse_amount
from kb.money.amounts import RATIOS, squeeze
from kb.numerals import plain
from kb.records import Fact, Weights

_LEAD = re.compile(r".*[=＝]")
_TIMES = re.compile(r"[×xX*✕乘]")
_SUM = re.compile(r".*(?:总和|之和|合计)")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a factor and what it weighs."""

    text: str
    test: Test
    share: Fraction


@dataclass(frozen=True, slots=True)
class BoundFactor:
    fact: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class BoundWeights:
    """One table of weights, bound. ``times`` is in yuan, or a ratio of ``base_fact`` where that is set."""

    label: str
    test: Test
    subject: str
    row: str
    start: Fraction
    factors: tuple[BoundFactor, ...]
    floor: Fraction | None
    cap: Fraction | None
    times: Fraction
    base_fact: str
    formula: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The weights added up. ``text`` shows the addition; ``unclear`` the factors whose answer fits no option
    or several that weigh differently (the lightest is counted)."""

    share: Fraction
    text: str
    unclear: tuple[str, ...] = ()


def bind_weights(weights: Weights, facts: Mapping[str, Fact], test: Test) -> BoundWeights:
    """Bind a printed table to the facts of its record.

    Raises:
        BadRecord, BadValue: a factor without a fact, a share or a formula that can't be read.
    """
    factors = []
    for factor in weights.factors:
        fact = facts.get(factor.fact)
        if fact is None:
            raise BadRecord(f"裁量因素“{factor.fact}”没有对应的事实", hint="在 facts 中写同名的一项")
        alone = {factor.fact: fact}
        options = tuple(Option(t, bind(t, alone), share(s)) for t, s in factor.options.items())
        factors.append(BoundFactor(factor.fact, fact.label, options))
    times, base_fact = read_formula(weights.formula, facts)
    return BoundWeights(
        label=weights.label,
        test=test,
        subject=weights.subject,
        row=weights.row,
        start=share(weights.start),
        factors=tuple(factors),
        floor=share(weights.floor) if weights.floor else None,
        cap=share(weights.cap) if weights.cap else None,
        times=times,
        base_fact=base_fact,
        formula=weights.formula,
    )


def share(text: str) -> Fraction:
    """A share as printed: 20%, 百分之六, 1/8, 0.

    Raises:
        BadValue: anything else.
    """
    phrase = squeeze(text)
    try:
        if m := re.fullmatch(r"(\d{1,4})[/／](\d{1,4})", phrase):
            return Fraction(int(m[1]), int(m[2]))
        if phrase == "0":
            return Fraction(0)
        amount = parse_amount(phrase)
    except (BadValue, ZeroDivisionError):
        amount = None
    if amount is None or amount.unit not in ("%", "‰"):
        raise BadValue(f"权重“{text}”看不懂", hint="写成 6%、百分之六 或者 1/8")
    return Fraction(amount.value) * Fraction(RATIOS[amount.unit])


def read_formula(text: str, facts: Mapping[str, Fact]) -> tuple[Fraction, str]:
    """What the sum of weights is multiplied by: (yuan, "") or (ratio, name of the base's fact).

    Args:
        text: as printed, 罚款金额＝裁量百分值总和×100万 or 裁量百分值总和×所需处置费用×5倍.

    Raises:
        BadRecord: it isn't the sum times one amount, or the sum times a base (times a ratio).
    """
    terms = [t for t in _TIMES.split(_LEAD.sub("", squeeze(text)).rstrip("。；")) if t]
    sums = [t for t in terms if _SUM.fullmatch(t)]
    amounts = [a for t in terms if t not in sums and (a := _amount(t))]
    bases = [t for t in terms if t not in sums and _amount(t) is None]
    yuan = [a for a in amounts if not a.is_ratio]
    if len(sums) == 1 and len(yuan) == 1 and not bases and len(amounts) == 1:
        return Fraction(yuan[0].value), ""
    if len(sums) == 1 and len(bases) == 1 and not yuan:
        base = quantity_fact(bases[0], "元", facts)
        if base:
            times = Fraction(1)
            for amount in amounts:
                times *= Fraction(amount.value) * Fraction(RATIOS[amount.unit])
            return times, base
        raise BadRecord(f"公式的基数“{bases[0]}”没有对应的事实", hint="补一个 type 为 money 的事实")
    raise BadRecord(
        f"看不懂公式“{text[:60]}”",
        hint="照原文写，如 裁量百分值总和×100万元、裁量百分值总和×所需处置费用×5倍",
    )


def _amount(term: str) -> Amount | None:
    """100万, 100万元, 5倍, 5%; a bare number is in yuan."""
    try:
        return parse_amount(term, "元")
    except BadValue:
        return None


def add_up(weights: BoundWeights, values: Mapping[str, Value]) -> Sum | tuple[str, ...]:
    """The sum of the weights, or the names of the facts that are still missing."""
    missing, unclear = [], []
    total, shown = weights.start, [f"裁量起点{percent(weights.start)}"]
    for factor in weights.factors:
        if factor.fact not in values:
            missing.append(factor.fact)
            continue
        fits = [o for o in factor.options if o.test.judge(values).answer]
        if not fits or len({o.share for o in fits}) > 1:
            unclear.append(factor.label)
        if fits:
            option = min(fits, key=lambda o: o.share)
            total += option.share
            shown.append(f"{factor.label}（{option.text}）{percent(option.share)}")
    if missing:
        return tuple(missing)
    text = "＋".join(shown) + f"＝{percent(total)}"
    if weights.floor is not None and total < weights.floor:
        total = weights.floor
        text += f"，不足{percent(total)}，按{percent(total)}计算"
    if weights.cap is not None and total > weights.cap:
        total = weights.cap
        text += f"，超过{percent(total)}，按{percent(total)}计算"
    return Sum(total, text, tuple(unclear))


def in_yuan(weights: BoundWeights, total: Fraction, base: Decimal | None) -> Decimal:
    """The fine in yuan; what is left below one 分 is dropped, in the party's favour."""
    exact = total * weights.times * (Fraction(base) if base is not None else 1)
    amount = Decimal(exact.numerator) / Decimal(exact.denominator)
    return amount if Fraction(amount) == exact else amount.quantize(CENT, ROUND_FLOOR)


def percent(value: Fraction) -> str:
    """20%, 2.5%, or 1/3 where it is no finite percentage."""
    scaled = value * 100
    shown = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    return f"{plain(shown)}%" if Fraction(shown) == scaled else f"{value.numerator}/{value.denominator}"
