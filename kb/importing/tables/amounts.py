"""A cell of 裁量标准: its fines and whom they are for, the measures beside them, the slips of its print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from kb.errors import BadValue
from kb.money import Fine, find_fines, format_fine, parse_fine
from kb.money.amounts import AMOUNT, squeeze
from kb.money.increases import Increase, parse_increases
from kb.records import Measure, TierKind

NO_AMOUNT = "看不懂裁量标准里的数额"
STEPS = "递增的算法没有转成结构，批准前在 steps 里补上"
REST = "这一部分看不懂，没有写进记录"


@dataclass(frozen=True, slots=True)
class Priced:
    """One fine of a cell: whom it is for ("" for the party itself), the phrase for the record, its value."""

    subject: str
    phrase: str
    fine: Fine


@dataclass
class Amount:
    """What a cell says.

    Attributes:
        fines: in order; none where there is only a warning or a measure.
        measures: 责令改正, 没收违法所得 …
        kind: 不予 where the cell says that no penalty is imposed.
        steps: how the fine goes up within its range (每增加一个因子增加五万元); ``steps_text`` as printed.
        rest: what was not understood, each with the reason.
        slips: what was read over or mended, one line each.
    """

    fines: list[Priced] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    kind: TierKind | None = None
    steps: tuple[Increase, ...] = ()
    steps_text: str = ""
    rest: list[tuple[str, str]] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.fines or self.measures or self.kind)


# What a print of a fine gets wrong, and how it is read: (pattern, replacement, what is said of it).
_SLIPS = (
    (re.compile(r"(以[下上])元(?=的?罚款)"), r"\1", "“{0}”多了“元”字，按“{1}”理解"),
    (re.compile(rf"({AMOUNT})以下({AMOUNT}以下)(?=的?罚款)"), r"\1以上\2", "“{0}”的前一个“以下”按“以上”理解"),
    (re.compile(rf"({AMOUNT}以上{AMOUNT})(?=的?罚款)"), r"\1以下", "“{0}”缺“以下”，按“{1}”理解"),
    (re.compile(r"(?<![0-9.])([0-9.]+)(以上[0-9.]+[%％]以下)"), r"\1%\2", "“{0}”缺“%”，按“{1}”理解"),
    (re.compile(r"处以处"), "处", "“{0}”多了“处”字，按“{1}”理解"),
)
_WHO = re.compile(
    r"(个人|[^，。；：]*?(?:(?<!污染)责任人员?|负责人|法定代表人|主管人员))(?:可以?|并|分别)*，?$"
)
_PERSONS = re.compile(r"(?<!污染)责任人|主管人员|主要负责人|法定代表人")
_MEASURE = re.compile(
    r"(?:并|并且|同时|还|也)?(?P<may>可以?)?(?:给予|予以|处以?)?(?:由[^，。；]{1,20}?)?(?P<what>(?:通报批评|警告"
    r"|责令|没收|吊销|暂扣|禁止|限制|限期|强制|取缔|停止|停业|关闭|恢复|消除|拆除|组织|报经|指定|代为|收缴|查封|扣押|降低"
    r"|撤销|取消|追缴|移送|行政拘留|退还|治理|采取|拘留|暂停|列入|记入|赔偿|追究|依法)[^。；]*)"
)
_NONE = re.compile(r"^(?:可以|应当)?(?:不予|免予|免于)(?:行政)?处罚|^(?:不予|免予|免于)罚款")
_WORDS = re.compile(r"罚款|处罚款|倍|[0-9一二三四五六七八九十百千万]+元")
_STEP = re.compile(r"每(?:增加|超|满|多|逾期|延长|高|升)")


def read_amount(text: str, *, subject: str = "", unit: str = "") -> Amount:
    """Read one cell.

    Args:
        text: the cell.
        subject: whom its column is for, where the header says so.
        unit: the unit that the header gives to bare numbers (元, 万元, %, 倍).
    """
    amount = Amount()
    plain = _mend(squeeze(text), amount)
    if _NONE.match(plain):
        amount.kind = "不予"
        return amount
    plain, steps = _before_steps(plain)
    if steps:
        try:
            amount.steps, amount.steps_text = parse_increases(steps), steps
        except BadValue:
            amount.rest.append((steps, STEPS))
    spans = find_fines(plain)
    if not spans and (whole := _whole(plain, unit)):
        amount.fines.append(Priced(_who(subject), whole[0], whole[1]))
        return amount
    gaps, at = [], 0
    for span in spans:
        gap = plain[at : span.start]
        who = span.subject or (_WHO.search(gap) or ("", ""))[1]
        at = span.end
        priced = read_priced(plain[span.start : span.end], span.fine, who or subject)
        if priced is None:
            amount.rest.append((plain[span.start : span.end], NO_AMOUNT))
            continue
        amount.slips += _odd(span.fine)  # a missing 元 stands in the fine's notes: K12 says so
        amount.fines.append(priced)
        gap = _WHO.sub("", gap)
        gaps.append(re.sub(rf"按照?{re.escape(span.fine.base)}的?$", "", gap) if span.fine.base else gap)
    for part in (*gaps, plain[at:]):
        _beside(part, amount)
    return amount


def _before_steps(plain: str) -> tuple[str, str]:
    """A cell parted into its range and the way to go up within it (每增加一个因子增加一万元)."""
    step = _STEP.search(plain)
    cut = plain.rfind("罚款", 0, step.start()) + len("罚款") if step else -1
    if cut < len("罚款"):
        return plain, ""
    return plain[:cut], plain[cut:].lstrip("，：:。；")


def _mend(plain: str, amount: Amount) -> str:
    for pattern, replacement, said in _SLIPS:
        while m := pattern.search(plain):
            mended = m.expand(replacement)
            amount.slips.append(said.format(m[0], mended))
            plain = plain[: m.start()] + mended + plain[m.end() :]
    return plain


def _whole(plain: str, unit: str) -> tuple[str, Fine] | None:
    """A cell that is nothing but an amount: 2000元, 5%-10%, or a bare number in the header's unit."""
    bare = re.fullmatch(r"[0-9.,]+", plain)
    between = re.fullmatch(r"([0-9.,]+)(?:[-–—~～至到]+)([0-9.,]+)", plain)
    if unit and bare:
        plain += unit
    elif unit and between:
        plain = f"{between[1]}{unit}以上{between[2]}{unit}以下"
    with suppress(BadValue):
        fine = parse_fine(plain)
        if fine.has_amount:
            return plain, fine
    return None


def read_priced(phrase: str, fine: Fine, who: str = "") -> Priced | None:
    """A fine found in a text as a record has it: as printed where that reads back, else as statutes write it.

    Args:
        phrase: the fine as found.
        fine: what it says.
        who: whom it is for, in the words of the text; "" for the party itself.
    """
    subject = _who(who)
    for said in (re.sub(r"^处(?:以|罚款)?(?!理)", "", phrase), phrase):
        with suppress(BadValue):
            if parse_fine(said) == fine:
                return Priced(subject, said, fine)
    with suppress(BadValue):
        said = format_fine(fine)
        if parse_fine(said) == fine:
            return Priced(subject, said, fine)
    return None


def _who(said: str) -> str:
    """Whom a fine is for: the party itself is "", one name for those responsible."""
    if _PERSONS.search(said):
        return "责任人员"
    return "个人" if "个人" in said else ""


def _odd(fine: Fine) -> Iterator[str]:
    """Sums like 一百万一十元: no benchmark sets a sum of six figures to the yuan."""
    for end in dict.fromkeys((fine.low, fine.high)):
        if end is None or end.unit != "元" or end.value < 10_000:
            continue
        if end.value % Decimal(10) ** (end.value.adjusted() - 2):
            yield f"数额{format_fine(Fine(end, end))}不是整数，可能是单位写错"


def _beside(part: str, amount: Amount) -> None:
    """What stands before, between and after fines: measures, or a rest."""
    part = part.strip("，。；：、（）():; ,")
    if not part:
        return
    for sentence in re.split(r"[；。]", part):
        for clause in re.split(r"，", sentence):
            clause = clause.strip("：、 ")
            bare = re.sub(r"^(?:并|且|同时|对|处以?)+$", "", clause)
            if not bare:
                continue
            m = _MEASURE.fullmatch(bare)
            if m and not _WORDS.search(bare):
                amount.measures.append(Measure(kind=m["what"], compulsory=not m["may"]))
            else:
                amount.rest.append((bare, NO_AMOUNT if _WORDS.search(bare) else REST))
