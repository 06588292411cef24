"""C13 and C16 across the papers of one case: party, provisions, sums, numbers, and the order of days.

A finding stands at the later paper and names the place in the earlier one. Papers are compared only where
they belong together: the only ones of their types in a folder, or tied by a number or by the party.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from generator.catalogue import STAGES
from generator.paper import Paper
from generator.particulars import Particulars, Said, same_number
from kb.errors import NotLoaded
from kb.findings import Finding, Place, Severity

DECIDING = ("decision", "on_the_spot_decision", "no_penalty_decision")
_PENALISING = ("prior_notice", "decision", "on_the_spot_decision")
_NOT_HEAVIER = "《中华人民共和国行政处罚法》第四十五条第二款"
_TOLD = "《中华人民共和国行政处罚法》第四十四条"
_HEARD = "《中华人民共和国行政处罚法》第六十二条"
_HEARING = "《中华人民共和国行政处罚法》第六十四条第（一）项"


@dataclass(frozen=True)
class Read:
    """One paper of a folder, read."""

    file: str
    paper: Paper
    says: Particulars

    @property
    def name(self) -> str:
        return self.paper.kind.name if self.paper.kind else self.file

    @property
    def type(self) -> str:
        return self.paper.type


@dataclass(frozen=True)
class Contradiction:
    """A finding in one file and what another file says instead."""

    file: str
    finding: Finding
    other_file: str
    other_text: str
    other_place: Place

    def to_dict(self) -> dict[str, Any]:
        other = {"file": self.other_file, "text": self.other_text, "place": self.other_place.to_dict()}
        return {"file": self.file, **self.finding.to_dict(), "other": other}


def compare(papers: Sequence[Read]) -> list[Contradiction]:
    """Every contradiction between papers of the same case."""
    found: list[Contradiction] = []
    for group in cases(papers):
        ordered = sorted(group, key=_order)
        for n, later in enumerate(ordered):
            for earlier in ordered[:n]:
                found += _pair(earlier, later)
    return found


def cases(papers: Iterable[Read]) -> list[list[Read]]:
    """The papers that belong together; a paper of unknown type belongs to none.

    A folder with one notice and one decision at most is one case, whatever their papers say: a wrong name is
    the very thing to be found. In any other, papers are tied by numbers and parties.
    """
    known = [p for p in papers if p.paper.kind]
    main = Counter("decision" if p.type in DECIDING else p.type for p in known)
    if main["decision"] <= 1 and main["prior_notice"] <= 1:
        return [known]
    groups: list[list[Read]] = []
    for paper in known:
        tied = [g for g in groups if any(_tied(paper, other) for other in g)]
        groups = [g for g in groups if g not in tied] + [[*(p for g in tied for p in g), paper]]
    return groups


def _tied(one: Read, other: Read) -> bool:
    return _refers(one, other) or _refers(other, one) or _same_party(one.says, other.says)


def _refers(one: Read, other: Read) -> bool:
    number = other.says.number
    return number is not None and any(same_number(r.number.value, number.value) for r in one.says.refers)


def _same_party(one: Particulars, other: Particulars) -> bool:
    if one.code and other.code:
        return one.code.value == other.code.value
    return bool(one.party and other.party) and same_name(one, other)


def same_name(one: Particulars, other: Particulars) -> bool:
    """Whether two papers name the same party; one that names nobody contradicts nobody."""
    if one.party is None or other.party is None:
        return True
    a, b = one.party.value, other.party.value
    return a == b or a in other.others or b in one.others


def _order(paper: Read) -> tuple[int, Any]:
    stage = paper.paper.kind.stage if paper.paper.kind else STAGES[-1]
    return STAGES.index(stage), paper.says.day.value.toordinal() if paper.says.day else 0


def _pair(earlier: Read, later: Read) -> Iterator[Contradiction]:
    yield from _parties(earlier, later)
    yield from _numbers(earlier, later)
    if later.type in DECIDING and earlier.type == "prior_notice":
        yield from _sums(earlier, later)
        yield from _periods(earlier, later)
    if {earlier.type, later.type} <= set(_PENALISING):
        yield from _provisions(earlier, later)
    yield from _days(earlier, later)


def _against(
    earlier: Read, there: Said[Any], later: Read, here: Said[Any], message: str, **more: Any
) -> Contradiction:
    severity: Severity = more.get("severity", "否决")
    finding = Finding(
        more.get("code", "C13"),
        severity,
        message,
        text=here.text,
        place=here.place,
        suggestion=more.get("suggestion", "核对两份文书，以查明的事实为准改正"),
        basis=later.paper.proven(more.get("basis", "")),
    )
    return Contradiction(later.file, finding, earlier.file, there.text, there.place)


# ---------------------------------------------------------------- who, which number


def _parties(earlier: Read, later: Read) -> Iterator[Contradiction]:
    one, other = earlier.says, later.says
    if one.party and other.party and not same_name(one, other):
        message = f"当事人写作“{other.party.value}”，《{earlier.name}》写作“{one.party.value}”"
        yield _against(earlier, one.party, later, other.party, message)
    for label, there, here in (
        ("统一社会信用代码", one.code, other.code),
        ("证件号码", one.identity, other.identity),
    ):
        if there and here and there.value != here.value:
            message = f"{label}写作{here.value}，《{earlier.name}》写作{there.value}"
            yield _against(earlier, there, later, here, message)


def _numbers(earlier: Read, later: Read) -> Iterator[Contradiction]:
    """A paper that names another by its number, against the number that one bears."""
    for one, other in ((later, earlier), (earlier, later)):
        number, kind = other.says.number, other.paper.kind
        if number is None or kind is None:
            continue
        for reference in one.says.refers:
            named = reference.number
            if reference.kind == kind and not same_number(named.value, number.value):
                message = f"引用《{kind.name}》的文号为{named.value}，该文书的文号是{number.value}"
                yield _against(other, number, one, named, message, suggestion=number.value)


# ---------------------------------------------------------------- provisions and sums


def _provisions(earlier: Read, later: Read) -> Iterator[Contradiction]:
    for label, there, here in (
        ("违反的条款", earlier.says.violated, later.says.violated),
        ("处罚的依据", earlier.says.basis, later.says.basis),
    ):
        if not there or not here:
            continue
        told, decided = {s.value: s for s in there}, {s.value: s for s in here}
        added = [s for value, s in decided.items() if value not in told]
        lost = [s for value, s in told.items() if value not in decided]
        if added:
            message = f"{label}有{added[0].value}，《{earlier.name}》写的是{'、'.join(told)}"
            yield _against(earlier, (lost or [there[0]])[0], later, added[0], message, basis=_TOLD)
        elif lost:
            message = f"{label}缺少《{earlier.name}》写的{lost[0].value}"
            yield _against(earlier, lost[0], later, here[0], message, basis=_TOLD)


def _sums(earlier: Read, later: Read) -> Iterator[Contradiction]:
    """Worse than notified needs a new notice; milder wants its reason."""
    for label, there, here in (
        ("罚款", earlier.says.fines, later.says.fines),
        ("没收的数额", earlier.says.taken, later.says.taken),
    ):
        told, decided = _total(there), _total(here)
        if not there or not here or told == decided or {s.value for s in there} == {s.value for s in here}:
            continue
        heavier = decided > told
        yield _against(
            earlier,
            there[0],
            later,
            here[0],
            f"决定的{label}为{decided:,}元，告知的为{told:,}元",
            severity="否决" if heavier else "提示",
            suggestion="按新的内容重新告知，听取陈述、申辩后再作决定"
            if heavier
            else "在裁量理由中说明减少的理由",
            basis=_NOT_HEAVIER if heavier else "",
        )


def _total(sums: Sequence[Said[Decimal]]) -> Decimal:
    return sum((s.value for s in sums), Decimal(0))


# ---------------------------------------------------------------- days


def _days(earlier: Read, later: Read) -> Iterator[Contradiction]:
    one, other = earlier.says, later.says
    for message, there, here in (
        (f"日期早于《{earlier.name}》的日期", one.day, other.day if _follows(earlier, later) else None),
        ("送达日期早于所送达文书的日期", one.day, other.delivered if _refers(later, earlier) else None),
        ("所写的告知书送达日期早于告知书的日期", _notice_day(earlier), other.served),
    ):
        if there and here and here.value < there.value:
            message = f"{message}（{here.value}，{there.value}）"
            yield _against(earlier, there, later, here, message, code="C16", suggestion="核对两个日期")
    if one.filed and other.filed and one.filed.value != other.filed.value:
        message = f"立案日期写作{other.filed.value}，《{earlier.name}》写作{one.filed.value}"
        yield _against(earlier, one.filed, later, other.filed, message)


def _follows(earlier: Read, later: Read) -> bool:
    """Whether one can only follow the other; a correction order may come at any time."""
    return earlier.type == "prior_notice" and later.type in DECIDING


def _notice_day(paper: Read) -> Said[date] | None:
    return paper.says.day if paper.type == "prior_notice" else None


def _periods(earlier: Read, later: Read) -> Iterator[Contradiction]:
    """A decision before the party's time to answer has run out (行政处罚法 45, 62, 64(一))."""
    told, own = earlier.says, later.says.day
    if own and told.reply_by and own.value <= told.reply_by.value and not later.says.answered:
        message = f"决定日期{own.value}没有晚于告知的陈述、申辩截止日期{told.reply_by.value}"
        yield _against(
            earlier,
            told.reply_by,
            later,
            own,
            message,
            code="C16",
            suggestion="等期限届满，或者写明当事人已陈述、申辩或者明确放弃",
            basis=_HEARD,
        )
    served = later.says.served
    if own is None or told.day is None or served is not None:
        return  # with its own day of service the decision is judged by itself
    if "听证" in earlier.paper.text and "听证" in later.paper.text and "放弃" not in later.paper.text:
        try:
            wait = later.paper.base.setting("hearing/request-days", own.value)
        except NotLoaded:
            return
        if told.day.value <= own.value <= told.day.value + timedelta(days=int(wait.value)):
            yield _against(
                earlier,
                told.day,
                later,
                own,
                f"决定日期{own.value}在告知后要求听证的{wait.value}个工作日期限之内",
                code="C16",
                suggestion="等期限届满，或者写明当事人放弃听证",
                basis=_HEARING,
            )
