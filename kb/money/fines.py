"""Fine phrases as statutes write them: text <-> `Fine`.

The shapes: a range, a maximum, a minimum, multiples and percentages of a base, a fixed sum, a sum per unit,
the same again for each day, a base counted as no less than a sum, limits on the result, and a fine whose
amount the statute leaves to another instrument. 以上 and 以下 both include the number
(民法典第一千二百五十九条) unless the phrase or its instrument says otherwise (`kb.money.counting`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, lru_cache

from kb.errors import BadValue
from kb.money.amounts import AMOUNT, NUMBER, Amount, format_amount, parse_amount, squeeze


@dataclass(frozen=True, slots=True)
class Floor:
    """货值金额不足十万元的，按十万元计算: the base ``of`` counts as no less than ``amount`` (in 元)."""

    of: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Fine:
    """What a fine phrase says.

    Attributes:
        low, high: the ends; None where the phrase has no such end. Both None: no amount.
        base: what multiples and percentages are of, or what the units are of (非法占用土地每平方米);
            "" where the phrase only implies it.
        per: the unit each sum is for (辆, 平方米, 人, 次, 日; 名每月: by head and month); "" where there is
            none.
        optional: 可以处, 可以并处, 单处或者并处: the officer may impose no fine at all.
        also: 并处, on top of another penalty.
        least, most: limits on the result, whatever the ends give (但罚款不得低于二千元, 总额不超过五万元).
        floors: what the base at least counts as (不足十万元的，按十万元计算).
        low_in, high_in: whether the ends are themselves in the range.
        notes: slips of the source that were read over (a missing 元); they don't make two fines differ.
    """

    low: Amount | None = None
    high: Amount | None = None
    base: str = ""
    per: str = ""
    optional: bool = False
    also: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)
    least: Amount | None = None
    most: Amount | None = None
    floors: tuple[Floor, ...] = ()
    low_in: bool = True
    high_in: bool = True

    @property
    def has_amount(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def needs_base(self) -> bool:
        """Whether it can only be computed from a base."""
        return any(end is not None and end.is_ratio for end in (self.low, self.high, self.least, self.most))

    def in_yuan(
        self, base: Decimal | None = None, count: Decimal | None = None
    ) -> tuple[Decimal, Decimal | None]:
        """The range in yuan: (min, max); min is 0 where the phrase has none, max is None.

        Floors of the base and limits on the result are worked in. Whether the ends are in, ``low_in`` and
        ``high_in`` say.

        Args:
            base: the base in yuan, for multiples and percentages.
            count: how many units, for a sum per unit.

        Raises:
            BadValue: no amount, what it is computed from is missing, or several floors to choose from.
        """
        if not self.has_amount:
            raise BadValue("条文没有规定罚款数额", hint="载入规定数额的地方性法规、规章或者裁量权基准")
        if len(self.floors) > 1:
            raise BadValue("保底的基数按对象各有一个，不能计算", hint="按对象分成几条写")
        if base is not None and self.floors:
            base = max(base, self.floors[0].amount.value)
        times = Decimal(1)
        if self.per:
            if count is None:
                raise BadValue(f"罚款按每{self.per}计算", hint=f"先填写{self.per}数")
            times = count
        low = self.low.in_yuan(base) * times if self.low else Decimal(0)
        high = self.high.in_yuan(base) * times if self.high else None
        if self.least:
            low = max(low, self.least.in_yuan(base))
            high = high if high is None else max(high, self.least.in_yuan(base))
        if self.most:
            most = self.most.in_yuan(base)
            low, high = min(low, most), most if high is None else min(high, most)
        return low, high


# ---------------------------------------------------------------- grammar

_OUT, _IN = r"[（(]不含本数[)）]", r"[（(]含本数[)）]"
# One amount, then what tells its kind. A unit may be missing only in a range: `_ends` sees to that.
BODY = rf"""
    (?P<cap> (?: 最高 )? 不(?:得)?超过 \s* )?
    (?P<first> {AMOUNT} ) \s*
    (?: 以上 (?: (?P<low_out> {_OUT} ) | {_IN} )?
        (?: \s* [、,，至到]? \s*
            (?: (?P<high> {AMOUNT} ) \s* 以下 (?: (?P<high_out> {_OUT} ) | (?P<high_in> {_IN} ) )?
              | (?: 不满 | 不足 | 低于 ) (?P<below> {AMOUNT} ) )
          | (?P<min>) )
      | (?: 至 | 到 | [-–—－~～] ) \s* (?P<till> {AMOUNT} )
      | (?P<max> 以下 | 以内 ) (?: (?P<max_out> {_OUT} ) | (?P<max_in> {_IN} ) )? )?
    (?: 人民币 )?
"""
_LIMIT = rf"""
    [，,、]? (?: 但是? | 且 | 并且 )? (?: 罚款 )? (?: 总?额 | 数额 | 金额 | 总计 | 累计 )?
    (?: 最高 | 最低 | 最多 | 最少 )?
    不得? (?: 超过 | 高于 | 多于 | 低于 | 少于 ) {AMOUNT}
"""
FLOOR = rf"""
    [，,；;]? (?P<of> [^，,；;。\d不]{{0,30}} ) (?: 不足 | 不满 ) (?P<under> {AMOUNT} ) 的? [，,]?
    (?: 按照? | 以 ) (?P<as> {AMOUNT} ) (?: 计算 | 计 )
"""
_FLOOR = re.sub(r"\?P<\w+>", "?:", FLOOR)
# what may stand before 罚款 and behind it; `with_extras` reads it, or refuses it
_EARLY = r"(?: [，,、]? (?: 但 | 且 | 并且 | 总 | 累计 | 最[高低多少] | 不 ) [^，,；;]{1,24}? )?"
_LATE = r"(?: [，,；;] [^。]* )?"
# 处以 behind the amount only where a standard is named: 违法所得五万元以上的处以罚款 names none
_TAIL = r"""\s* (?: 的? (?: 标准 | 数额 | 金额 ) (?: 计算 )? [，,]?
                     (?: 对 (?P<whom> [^，处]+? ) )? (?: 处以? )?
                 | 对 (?P<target> [^，处]+? ) 处以 | 计算 | 确定 (?: 具体 )? )? 的? (?: 元?罚款 )?"""
_VERB = r"(?:并且?)?(?:可以?)?(?:单处或者)?(?:分别|各)?并?(?:处(?![置理分])以?(?:罚款)?|予以)"
_LONGEST = 200  # characters; a longer text is no phrase, and patterns aren't tried on it
_MISSING_YUAN = "原文“{}”缺“元”字，按元理解"
_STRAY_YUAN = "原文“元罚款”多一个“元”字"


@cache
def phrase_pattern() -> re.Pattern[str]:
    """A whole phrase; compiled when the first phrase is read."""
    return re.compile(
        rf"(?P<head>.*?) {BODY} (?P<early> {_EARLY} ) (?P<tail> {_TAIL} ) (?P<late> {_LATE} ) 。?",
        re.VERBOSE,
    )


@cache
def _limit() -> re.Pattern[str]:
    return re.compile(rf"不得?(?P<word>超过|高于|多于|低于|少于)(?P<amount>{AMOUNT})")


@cache
def limits_pattern() -> re.Pattern[str]:
    """Limits right behind 罚款: ，但最高不得超过二十万元."""
    return re.compile(rf"(?:{_LIMIT})+", re.VERBOSE)


@cache
def floor_pattern() -> re.Pattern[str]:
    return re.compile(FLOOR, re.VERBOSE)


@cache
def _head() -> re.Pattern[str]:
    return re.compile(
        rf"""
        (?: (?P<who> (?:并|可以?)* (?:由[^处，]+?)? (?:按[^处，]{{1,3}}|对(?P<subject>[^处，]+?))?
                   | (?:给予|予以|处以?)?警告[、，]?(?:或者?)? )
            (?P<verb> {_VERB} )
          | (?P<bare> 罚款 | 并?可以 ) )?
        (?P<base> .* )
        """,
        re.VERBOSE,
    )


_NO_AMOUNT = r"(?P<head>.*?)(?:一定数额的?)?罚款[。；，]?"
OPTIONAL = r"可以|可[处并]|单处|警告(?:或|，可)"
# measure words a fine is counted by; 处 and 个 stand last, so that 处以 and 个人 are not taken apart
_UNITS = (
    "平方米|立方米|平方公里|公顷|延长米|标准箱|工作日|批次|人次|辆次|车次|航次|班次|头次|公斤|千克|人|名|位|辆|米|亩|吨"
    "|株|棵|头|只|羽|尾|匹|件|台|套|次|日|天|月|年|户|艘|架|条|部|枚|册|份|张|箱|瓶|块|幢|栋|间|起|例|家|项|孔|眼|根"
    "|处|个"
)
_PER = (
    rf"(?P<base>.*?)(?:以|按照?)?每(?P<act>[^\d每一]*?)[一1]?(?P<per>{_UNITS})(?P<of>[^\d每一]{{0,6}})"
    r"(?:每(?P<time>日|天|月|年))?处?"
)
_BY = r"按(?P<per>次|日|辆|车|人次|人|件|头)$"


AGAIN = r"(?P<may>可以)?(?:自[^，。；]{0,30}起，)?(?:按照?)?原(?:处罚|罚款)数额按日连续处罚(?:的?罚款)?"
_SAME = "原处罚数额"


def again(m: re.Match[str]) -> Fine:
    """The fine imposed before, once more for each day (环境保护法第五十九条)."""
    once = Amount(Decimal(1), "倍")
    return Fine(once, once, _SAME, "日", optional=bool(m["may"]))


@lru_cache(maxsize=4096)
def parse_fine(text: str, *, below_in: bool = True) -> Fine:
    """Read a fine phrase of a statute or of a benchmark table.

    Args:
        text: 五万元以上十万元以下, 可以并处三万元以下的罚款, 货值金额十倍以上二十倍以下, 每辆五千元, 罚款,
            违法所得二倍以上五倍以下的罚款，违法所得不足一万元的，按一万元计算 …
        below_in: whether the instrument counts the number in where it says 以下.

    Raises:
        BadValue: the phrase, or part of it, isn't one of the shapes.
    """
    phrase = squeeze(text)
    if m := re.fullmatch(AGAIN, phrase):
        return again(m)
    m = phrase_pattern().fullmatch(phrase) if len(phrase) <= _LONGEST else None
    if m:
        fine, subject = read_match(m, m["head"], below_in=below_in)
        if subject:
            raise BadValue(f"罚款“{text}”里写了对象“{subject}”", hint="对象写在 subject 一栏，罚款只写数额")
        return _proven(fine, text)
    if len(phrase) <= _LONGEST and (m := re.fullmatch(_NO_AMOUNT, phrase)):
        fine, subject = with_head(m["head"])
        if not fine.base and not fine.per and not subject:
            return fine
    raise BadValue(
        f"看不懂罚款“{text[:40]}”",
        hint="照条文写，如 五万元以上十万元以下、货值金额十倍以上二十倍以下、三千元",
    )


def read_match(m: re.Match[str], head: str, *, below_in: bool) -> tuple[Fine, str]:
    """The fine of a matched phrase (not proven yet), and whom it is for."""
    low, high, notes = ends(m)
    fine, subject = with_head(head)
    if m["tail"].endswith("元罚款"):
        notes = (*notes, _STRAY_YUAN)
    fine = with_extras(replace(fine, low=low, high=high, notes=notes), m["early"] + m["late"])
    said_in = bool(m["high_in"] or m["max_in"])
    said_out = bool(m["high_out"] or m["max_out"] or m["below"]) or (
        not below_in and bool(m["high"] or m["max"])
    )
    fine = replace(fine, low_in=m["low_out"] is None, high_in=said_in or not said_out)
    return under_cap(fine), subject


def _proven(fine: Fine, text: str) -> Fine:
    """Refuse what no statute says in one fine.

    Raises:
        BadValue: what is wrong, and how to write it.
    """
    if fault := fault_of(fine):
        message, hint = fault
        raise BadValue(message.format(text), hint=hint)
    return fine


_NO_BASE = rf"[，,；;。：]|{NUMBER}(?:元|[倍%％‰])|以[上下]|加$|罚款$|没收.*[和、或]|拘留|警告"


def fault_of(fine: Fine) -> tuple[str, str] | None:
    """Why a fine can't be as read: (message with a place for the phrase, hint); None where it can."""
    low, high = fine.low, fine.high
    if low and high and low.unit == high.unit and low.value > high.value:
        return "罚款“{}”的下限高于上限", f"核对原文：{format_amount(low)}、{format_amount(high)}"
    if re.search(_NO_BASE, fine.base):
        return "罚款“{}”里有两个数额，或者另有处罚", "一条写一个数额"
    if fine.base and not fine.per and not any(end and end.is_ratio for end in (low, high)):
        return f"看不懂罚款“{{}}”中的“{fine.base}”", "数额为元时前面不写基数"
    if len(fine.floors) > 1:
        return "罚款“{}”里有两个保底的基数", "按对象分成几条写"
    if any(f.amount.unit != "元" or not floor_fits(f, fine) for f in fine.floors):
        return (
            "罚款“{}”的保底基数与罚款的基数不同",
            "写成 货值金额…倍以下，货值金额不足…元的，按…元计算",
        )
    return None


def floor_fits(floor: Floor, fine: Fine) -> bool:
    """Whether a floor is of what the fine is computed from."""
    if not fine.needs_base:
        return False
    of, base = floor.of, fine.base
    return not of or not base or of.endswith(base) or base.endswith(of) or of[-4:] == base[-4:]


def ends(m: re.Match[str]) -> tuple[Amount | None, Amount | None, tuple[str, ...]]:
    """The ends of a matched body, and what was read over."""
    if m["high"] or m["below"]:
        return _pair(m["first"], m["high"] or m["below"], customary=False)
    if m["till"]:
        return _pair(m["first"], m["till"], customary=True)
    amount = parse_amount(m["first"])
    if m["min"] is not None:
        return amount, None, ()
    if m["cap"] or m["max"]:
        return None, amount, ()
    return amount, amount, ()


def _pair(low: str, high: str, *, customary: bool) -> tuple[Amount, Amount, tuple[str, ...]]:
    """Two ends, one of which may lack its unit: customary before 至 (一千至五千元), else a slip."""
    bare = [end for end in (low, high) if not _has_unit(end)]
    lent = parse_amount(high if low in bare else low).unit
    slip = bare and lent == "元" and not (customary and low in bare)
    notes = (_MISSING_YUAN.format(bare[0]),) if slip else ()
    return parse_amount(low, lent), parse_amount(high, lent), notes


def _has_unit(text: str) -> bool:
    return text[-1] in "元倍%％‰‱值额币" or "分之" in text


def with_head(head: str) -> tuple[Fine, str]:
    """What stands before the amount, as a fine without ends, and whom it is for (对单位处 …)."""
    m = _head().fullmatch(head)
    assert m  # every part of it is optional
    verb = (m["who"] or "") + (m["verb"] or m["bare"] or "")
    also = "并处" in verb.split("或者")[-1] or ("并处" in verb and "单处" in verb)
    base, per = split_base(m["base"])
    if not per and (by := re.search(_BY, m["who"] or "")):
        per = by["per"]
    return Fine(base=base, per=per, optional=bool(re.search(OPTIONAL, verb)), also=also), m["subject"] or ""


def under_cap(fine: Fine) -> Fine:
    """最高不超过所涉及外债金额3%: the cap stands before the base."""
    m = re.match(r"(?:最高)?不得?超过", fine.base)
    if not m or fine.low != fine.high:
        return fine
    return replace(fine, low=None, base=split_base(fine.base[m.end() :])[0])


def split_base(text: str) -> tuple[str, str]:
    """What stands between verb and amount: base and unit (非法占用土地每平方米, 每非法介绍一人)."""
    per = ""
    if unit := re.fullmatch(_PER, text):
        per = unit["per"] + (f"每{unit['time']}" if unit["time"] else "")
        text = unit["base"].removesuffix("的") + unit["act"] + unit["of"]
    return re.sub(r"^(?:相当于?|按照?|以|为|对(?=单位罚款))?其?|的$", "", text), per


@cache
def _extras() -> re.Pattern[str]:
    return re.compile(rf"(?: {_LIMIT} | {_FLOOR} ){{0,3}} [，；]?", re.VERBOSE)


def with_extras(fine: Fine, text: str) -> Fine:
    """A fine with the floors and limits that stand around it.

    Raises:
        BadValue: something else stands there.
    """
    if not text.strip("，；"):
        return fine
    if not _extras().fullmatch(text):
        raise BadValue(f"看不懂罚款后面的“{text[:40]}”", hint="只接着写保底的基数，或者罚款最高、最低的数额")
    floors = []
    for m in floor_pattern().finditer(text):
        under, counted = parse_amount(m["under"], "元"), parse_amount(m["as"], "元")
        if under != counted:
            raise BadValue(
                f"保底的两个数不同：{format_amount(under)}、{format_amount(counted)}", hint="核对原文"
            )
        floors.append(Floor(m["of"], counted))
    return with_limits(replace(fine, floors=tuple(floors)), text)


def with_limits(fine: Fine, text: str) -> Fine:
    """A fine with 但不得低于二千元, 总额不超过五万元."""
    for m in _limit().finditer(text):
        amount = parse_amount(m["amount"], "元")
        fine = replace(fine, least=amount) if m["word"] in ("低于", "少于") else replace(fine, most=amount)
    return fine


# ---------------------------------------------------------------- print


def format_fine(fine: Fine, *, arabic: bool = False) -> str:
    """Write a fine as a statute does; ``parse_fine`` reads it back to an equal value."""
    verb = {(False, False): "", (True, False): "可以处", (False, True): "并处", (True, True): "可以并处"}[
        fine.optional, fine.also
    ]
    if fine.base == _SAME and fine.per == "日":
        return f"{'可以' if fine.optional else ''}按照{_SAME}按日连续处罚"
    per = f"每{fine.per}" if fine.per else ""
    text = verb + fine.base + per + _body(fine, arabic)
    if fine.least:
        text += f"，但不得低于{format_amount(fine.least, arabic=arabic)}"
    if fine.most:
        text += f"，但最高不得超过{format_amount(fine.most, arabic=arabic)}"
    return text + "".join("，" + format_floor(floor, arabic=arabic) for floor in fine.floors)


def format_floor(floor: Floor, *, arabic: bool = False) -> str:
    amount = format_amount(floor.amount, arabic=arabic)
    return f"{floor.of}不足{amount}的，按{amount}计算"


def _body(fine: Fine, arabic: bool) -> str:
    low = format_amount(fine.low, arabic=arabic) if fine.low else ""
    high = format_amount(fine.high, arabic=arabic) if fine.high else ""
    if fine.low and fine.low == fine.high and fine.low_in and fine.high_in:
        return low
    if not fine.has_amount:
        return "罚款"
    out = "（不含本数）"
    below = f"{high}以下" + ("" if fine.high_in else out)
    return (f"{low}以上" + ("" if fine.low_in else out) if low else "") + (below if high else "")


# ---------------------------------------------------------------- find in running text


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(BODY, re.VERBOSE)


def find_amounts(text: str) -> Iterator[tuple[int, int, Fine]]:
    """Every amount in a text (start, end, ends only), whether or not it belongs to a fine."""
    for m in _amount().finditer(text):
        with suppress(BadValue):
            low, high, notes = ends(m)
            yield m.start(), m.end(), Fine(low, high, notes=notes)
