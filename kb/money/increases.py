"""How a table goes up within a range: 每个因子超标每0.2倍增加二万元，不足的向高取整."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from kb.errors import BadValue
from kb.money.amounts import AMOUNT, NUMBER, Amount, format_amount, parse_amount, squeeze
from kb.numerals import parse_number, plain

Part = Literal["舍去", "进一", "四舍五入"]
_PARTS: dict[str, Part] = {"向高": "进一", "向上": "进一", "四舍五入": "四舍五入", "舍去": "舍去"}
_WRITTEN: dict[Part, str] = {"进一": "向高取整", "四舍五入": "四舍五入", "舍去": ""}
_LONGEST = 400  # characters; a longer text is no such phrase


@dataclass(frozen=True, slots=True)
class Increase:
    """One step: for each ``every`` ``unit`` of ``of``, ``add`` more; ``part``: what becomes of less than one.

    ``group`` is what alone it holds for (一般水污染物), "" where it holds for all.
    """

    of: str
    every: Decimal
    unit: str
    add: Amount
    part: Part = "舍去"
    group: str = ""

    def added(self, excess: Decimal) -> Decimal:
        """What an excess adds, in yuan; only whole steps count unless ``part`` says otherwise.

        Raises:
            BadValue: a negative excess.
        """
        if excess < 0:
            raise BadValue(f"“{self.of or self.unit}”不能小于零", hint="填超过的部分")
        whole, rest = divmod(excess, self.every)
        up = rest > 0 and (self.part == "进一" or (self.part == "四舍五入" and rest * 2 >= self.every))
        return (whole + up) * self.add.in_yuan()


@cache
def _step() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<of>[^，；。]*?)每(?:增加|增|超过|超出|超标|超|多|满)?(?P<every>{NUMBER})?"
        rf"(?P<unit>[^，；。\d增加]{{1,12}}?)(?:的)?[，]?(?:罚款)?(?:增加|加处|加罚|多处|加)(?:罚款)?(?P<add>{AMOUNT})(?:罚款)?"
    )


@cache
def _rounding() -> re.Pattern[str]:
    return re.compile(
        rf"(?:不足|未满|不满)(?:(?:{NUMBER}|整数|一)?[^，；。\d]{{0,8}}?)?(?:的)?[，]?(?:均|都)?(?:按照?)?"
        r"(?P<how>向高|向上|四舍五入|舍去)(?:取整|取齐|计算|进位)?"
    )


@cache
def _group() -> re.Pattern[str]:
    return re.compile(rf"[（(](?:{NUMBER})[)）](?P<name>.+)")


def parse_increases(text: str) -> tuple[Increase, ...]:
    """Read how a table goes up, step by step; all of the text or nothing.

    Raises:
        BadValue: a part that isn't a step, how less than one counts, or the name of a group.
    """
    said = re.sub(r"^[（(：:，]+(?!\d)|[)）。；]+$", "", squeeze(text)).replace(",", "，")
    if not said or len(said) > _LONGEST:
        raise BadValue(f"看不懂每增加怎样加罚“{text[:40]}”", hint="写成 每增加1个因子增加五万元")
    out: list[Increase] = []
    for group in said.split("；"):
        out += _read_group(group.rstrip("。"), text)
    return tuple(out)


def _read_group(said: str, text: str) -> list[Increase]:
    name = ""
    if numbered := _group().fullmatch(said):
        said = numbered["name"]
    part: Part = "舍去"
    if how := _rounding().search(said):
        part = _PARTS[how["how"]]
        said = said[: how.start()] + said[how.end() :]
    steps: list[Increase] = []
    at = 0
    for m in _step().finditer(said):
        if said[at : m.start()].strip("，"):
            break
        of = m["of"].strip("，")
        if not steps and not of.startswith("每"):
            name, of = of, ""  # it stands before the first step and holds for all of its group
        every = parse_number(m["every"]) if m["every"] else Decimal(1)
        add = parse_amount(m["add"])
        if add.unit != "元" or every <= 0:
            break
        steps.append(Increase(of, every, m["unit"], add, part, name))
        at = m.end()
    if not steps or said[at:].strip("，"):
        raise BadValue(
            f"看不懂每增加怎样加罚“{(said[at:] or text)[:40]}”",
            hint="写成 每增加1个因子增加五万元，不足的向高取整",
        )
    return steps


def format_increases(steps: tuple[Increase, ...]) -> str:
    """Write steps as a table does; ``parse_increases`` reads them back to equal values."""
    groups: dict[tuple[str, Part], list[Increase]] = {}
    for step in steps:
        groups.setdefault((step.group, step.part), []).append(step)
    written = []
    for n, ((name, part), members) in enumerate(groups.items(), 1):
        parts = [_one(step) for step in members]
        tail = [f"不足的{_WRITTEN[part]}"] if _WRITTEN[part] else []
        written.append((f"（{n}）{name}" if name else "") + "，".join([*parts, *tail]))
    return "；".join(written)


def _one(step: Increase) -> str:
    every = plain(step.every)
    return f"{step.of}每{'' if step.of else '增加'}{every}{step.unit}增加{format_amount(step.add)}"
