"""Fine phrases as statutes write them: text <-> `Fine`.

The shapes: a range, a maximum, a minimum, multiples and percentages of a base, a fixed sum, a sum per unit,
and a fine whose amount the statute leaves to another instrument. 以上 and 以下 both include the number
(民法典第一千二百五十九条); an instrument that counts otherwise must say so in its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kb.errors import BadValue
from kb.money.amounts import AMOUNT, Amount, format_amount, parse_amount, squeeze


@dataclass(frozen=True, slots=True)
class Fine:
    """What a fine phrase says.

    Attributes:
        low, high: the inclusive ends; None where the phrase has no such end. Both None: no amount.
        base: what multiples and percentages are of; "" where the phrase only implies it.
        per: the unit each sum is for (辆, 平方米, 人, 次); "" where there is none.
        optional: 可以处, 可以并处, 单处或者并处: the officer may impose no fine at all.
        also: 并处, on top of another penalty.
        notes: slips of the source that were read over (a missing 元); they don't make two fines differ.
    """

    low: Amount | None = None
    high: Amount | None = None
    base: str = ""
    per: str = ""
    optional: bool = False
    also: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def has_amount(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def needs_base(self) -> bool:
        """Whether it can only be computed from a base."""
        return any(end is not None and end.is_ratio for end in (self.low, self.high))

    def in_yuan(
        self, base: Decimal | None = None, count: Decimal | None = None
    ) -> tuple[Decimal, Decimal | None]:
        """The inclusive range in yuan: (min, max); min is 0 where the phrase has none, max is None.

        Args:
            base: the base in yuan, for multiples and percentages.
            count: how many units, for a sum per unit.

        Raises:
            BadValue: no amount, or what it is computed from is missing.
        """
        if not self.has_amount:
            raise BadValue("条文没有规定罚款数额", hint="载入规定数额的地方性法规、规章或者裁量权基准")
        times = Decimal(1)
        if self.per:
            if count is None:
                raise BadValue(f"罚款按每{self.per}计算", hint=f"先填写{self.per}数")
            times = count
        low = self.low.in_yuan(base) * times if self.low else Decimal(0)
        return low, self.high.in_yuan(base) * times if self.high else None


# ---------------------------------------------------------------- grammar

# One amount, then what tells its kind. A unit may be missing only in a range: `_ends` sees to that.
_BODY = rf"""
    (?P<cap> (?: 最高 )? 不(?:得)?超过 \s* )?
    (?P<first> {AMOUNT} ) \s*
    (?: 以上 (?: \s* [、,，至到]? \s* (?P<high> {AMOUNT} ) \s* 以下 | (?P<min>) )
      | (?: 至 | 到 | [-–—－~～] ) \s* (?P<till> {AMOUNT} )
      | (?P<max> 以下 | 以内 ) )?
"""
_TAIL = r"\s* 的? (?: 标准 )? (?: 处以 | 计算 | 确定 | 处 )? 的? (?: 罚款 )?"
_PHRASE = re.compile(rf"(?P<head>.*?) {_BODY} {_TAIL} [。；，]?", re.VERBOSE)
_NO_AMOUNT = re.compile(r"(?P<head>.*?)(?:一定数额的?)?罚款[。；，]?")
_VERB = r"(?:并且?)?(?:可以?)?(?:单处或者)?并?(?:处(?![置理分])以?(?:罚款)?|予以)"
_HEAD = re.compile(
    rf"""
    (?: (?P<who> (?:并|可以?)* (?:由[^处，]+?)? (?:按[^处，]{{1,3}}|对(?P<subject>[^处，]+?))?
               | (?:给予|予以|处以?)?警告[、，]?(?:或者?)? )
        (?P<verb> {_VERB} )
      | (?P<bare> 罚款 | 并?可以? ) )?
    (?P<base> .* )
    """,
    re.VERBOSE,
)
_OPTIONAL = re.compile(r"可以|可[处并]|单处|警告(?:或|，可)")
_PER = re.compile(r"(?P<base>.*?)(?:以|按照?)?每(?P<per>[^\d每]{1,4})$")
_BY = re.compile(r"按(?P<per>次|日|辆|车|人次|人|件|头)$")
_LONGEST = 200  # characters; a longer text is no phrase, and patterns aren't tried on it
_MISSING_YUAN = "原文“{}”缺“元”字，按元理解"


def parse_fine(text: str) -> Fine:
    """Read a fine phrase of a statute or of a benchmark table.

    Args:
        text: 五万元以上十万元以下, 可以并处三万元以下的罚款, 货值金额十倍以上二十倍以下, 每辆五千元, 罚款 …

    Raises:
        BadValue: the phrase, or part of it, isn't one of the shapes.
    """
    phrase = squeeze(text)
    m = _PHRASE.fullmatch(phrase) if len(phrase) <= _LONGEST else None
    if m:
        low, high, notes = _ends(m)
        fine = _head_of_record(m["head"], text)
        if low and high and low.unit == high.unit and low.value > high.value:
            raise BadValue(
                f"罚款“{text}”的下限高于上限", hint=f"核对原文：{format_amount(low)}、{format_amount(high)}"
            )
        ratio = any(end is not None and end.is_ratio for end in (low, high))
        if fine.base and not ratio:
            raise BadValue(f"看不懂罚款“{text}”中的“{fine.base}”", hint="数额为元时前面不写基数")
        return Fine(low, high, fine.base, fine.per, fine.optional, fine.also, notes)
    if len(phrase) <= _LONGEST and (m := _NO_AMOUNT.fullmatch(phrase)):
        fine = _head_of_record(m["head"], text)
        if not fine.base and not fine.per:
            return fine
    raise BadValue(
        f"看不懂罚款“{text[:40]}”",
        hint="照条文写，如 五万元以上十万元以下、货值金额十倍以上二十倍以下、三千元",
    )


def _head_of_record(head: str, text: str) -> Fine:
    fine, subject = _with_head(head)
    if subject:
        raise BadValue(f"罚款“{text}”里写了对象“{subject}”", hint="对象写在 subject 一栏，罚款只写数额")
    if _EITHER.search(fine.base):
        raise BadValue(f"罚款“{text}”里有两个数额", hint="分成两条写")
    return fine


def _ends(m: re.Match[str]) -> tuple[Amount | None, Amount | None, tuple[str, ...]]:
    """The ends of a matched body, and what was read over."""
    if m["high"]:
        return _pair(m["first"], m["high"], customary=False)
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
    return text[-1] in "元倍%％‰值额" or "分之" in text


def _with_head(head: str) -> tuple[Fine, str]:
    """What stands before the amount, as a fine without ends, and whom it is for (对单位处 …)."""
    m = _HEAD.fullmatch(head)
    assert m  # every part of it is optional
    verb = (m["who"] or "") + (m["verb"] or m["bare"] or "")
    base, per = m["base"], ""
    if unit := _PER.fullmatch(base):
        base, per = unit["base"], unit["per"]
    elif by := _BY.search(m["who"] or ""):
        per = by["per"]
    base = re.sub(r"^(?:以其|以|其|按照|按)|的$", "", base)
    also = "并处" in verb.split("或者")[-1] or ("并处" in verb and "单处" in verb)
    return Fine(base=base, per=per, optional=bool(_OPTIONAL.search(verb)), also=also), m["subject"] or ""


# ---------------------------------------------------------------- print


def format_fine(fine: Fine, *, arabic: bool = False) -> str:
    """Write a fine as a statute does; ``parse_fine`` reads it back to an equal value."""
    verb = {(False, False): "", (True, False): "可以处", (False, True): "并处", (True, True): "可以并处"}[
        fine.optional, fine.also
    ]
    per = f"每{fine.per}" if fine.per else ""
    return verb + fine.base + per + _body(fine, arabic)


def _body(fine: Fine, arabic: bool) -> str:
    low = format_amount(fine.low, arabic=arabic) if fine.low else ""
    high = format_amount(fine.high, arabic=arabic) if fine.high else ""
    if fine.low and fine.low == fine.high:
        return low
    if not fine.has_amount:
        return "罚款"
    return (f"{low}以上" if low else "") + (f"{high}以下" if high else "")


# ---------------------------------------------------------------- find in running text


@dataclass(frozen=True, slots=True)
class FineSpan:
    """A fine phrase in a statute's text; ``text[start:end]`` is the phrase up to and with 罚款.

    ``subject`` is whom it is for where the clause says so (个人, 直接负责的主管人员 …), else "".
    """

    start: int
    end: int
    fine: Fine
    subject: str = ""


_AMOUNT = re.compile(_BODY, re.VERBOSE)
_CLAUSE_START = re.compile(r"[。；：:;\n]|，(?!\s*[0-9０-９一二三四五六七八九十百千万])|罚款")
_IMPOSED = re.compile(r"(?<!加)(?:处|处以|予以|给予)(?:[^，。；：]{0,12}[、或者])?(?:一定数额的?)?$")
_VERBS = re.compile(_VERB)
_SUBJECT = re.compile(r"对(?P<who>[^对处]+?)(?:可以|可|并|分别|单)*$")
_MENTION = re.compile(r"的?(?:罚款)?(?:数额|决定|处罚|金额|收缴|缴纳|幅度|限额|额)")
_EITHER = re.compile(rf"(?P<first>(?:{AMOUNT}\s*以上\s*)?{AMOUNT}\s*以[下上])\s*或者?")


def find_amounts(text: str) -> Iterator[tuple[int, int, Fine]]:
    """Every amount in a text (start, end, ends only), whether or not it belongs to a fine."""
    for m in _AMOUNT.finditer(text):
        with suppress(BadValue):
            low, high, notes = _ends(m)
            yield m.start(), m.end(), Fine(low, high, notes=notes)


def find_fines(text: str) -> list[FineSpan]:
    """The fine phrases of a statute's text, in order, with exact character offsets.

    A mention of 罚款 that imposes none (罚款数额, 罚款决定与收缴分离) is no fine phrase.
    """
    out: list[FineSpan] = []
    for m in re.finditer("罚款", text):
        window = text[max(0, m.start() - 120) : m.start()]
        cut = max((s.end() for s in _CLAUSE_START.finditer(window)), default=0)
        with suppress(BadValue):  # a slip of the print (违法所得l倍以上): not recognised
            out += _in_clause(window[cut:], m.start() - len(window) + cut, text[m.end() : m.end() + 4])
    return out


def _in_clause(clause: str, offset: int, after: str) -> list[FineSpan]:
    """The fine phrases that end with the 罚款 right after a clause."""
    end = offset + len(clause) + len("罚款")
    m = _PHRASE.fullmatch(clause + "罚款")
    if m is None:
        if _IMPOSED.search(clause) and not _MENTION.match(after):
            start = offset + (clause.rfind("处") if "处" in clause else clause.rfind("予"))
            return [
                FineSpan(start, end, Fine(optional=bool(_OPTIONAL.search(clause)), also="并处" in clause))
            ]
        return []
    low, high, notes = _ends(m)
    raw = m["head"]
    verb = max(_VERBS.finditer(raw), key=lambda v: v.start(), default=None)
    at = verb.start() if verb else len(raw)
    head, _ = _with_head(squeeze(raw[at:] if verb else raw))
    by = _BY.search(raw[:at])
    ratio = any(end is not None and end.is_ratio for end in (low, high))
    optional = bool(_OPTIONAL.search(raw) or raw.rstrip().endswith("或者"))
    fine = Fine(
        low, high, head.base if ratio else "", by["per"] if by else head.per, optional, head.also, notes
    )
    subject = _SUBJECT.search(raw[:at])
    who = subject["who"] if subject else ""
    either = _EITHER.search(raw)
    if not either:
        return [FineSpan(offset + at, end, fine, who)]
    # 处五千万元以下或者上一年度营业额百分之五以下的罚款: two fines, one verb
    first = replace(parse_fine(either["first"]), optional=optional, also=head.also)
    second = replace(fine, base=squeeze(raw[either.end() :]))
    return [
        FineSpan(offset + at, offset + either.end("first"), first, who),
        FineSpan(offset + either.end(), end, second, who),
    ]
