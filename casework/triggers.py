"""Whether a hearing, a legal review, a deliberation of the heads is due: 应当, 不必 or 不能判断, and why.

A threshold that is not loaded and a question the officer has not answered give 不能判断, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from generator.casechecks import confiscation_threshold, hearing_threshold
from generator.casefile import CaseFile, CaseMeasure, Party, Violation
from generator.consequences import hearing_items
from generator.subject import benchmark_of, figures
from kb.discretion.result import Step
from kb.errors import BadRecord, NotLoaded
from kb.records import Setting
from kb.snapshot import Snapshot

Answer = Literal["应当", "不必", "不能判断"]
CFA = "《中华人民共和国行政处罚法》"
HEARING = CFA + "第六十三条第一款第（{}）项"
REVIEW = CFA + "第五十八条第一款第（{}）项"
DELIBERATION = CFA + "第五十七条第二款"
REVIEWED = {"涉及重大公共利益": "一", "案情疑难复杂、涉及多个法律关系": "三"}
DELIBERATED = ("情节复杂", "重大违法行为")
ASKED = "没有填写审核、讨论的情形（decision.traits），不能判断"
CONFISCATED = ("没收违法所得", "没收非法财物")


@dataclass(frozen=True, slots=True)
class Trigger:
    """The answer, and each ground looked at with its provision."""

    answer: Answer
    steps: tuple[Step, ...]

    @property
    def basis(self) -> str:
        """The provision that decides it."""
        return next((s.citation for s in self.steps if s.citation), "")

    def to_dict(self) -> dict[str, Any]:
        return {"answer": self.answer, "steps": [s.to_dict() for s in self.steps]}


def hearing(
    base: Snapshot, party: Party, fine: Decimal, measures: Sequence[CaseMeasure], day: date
) -> Trigger:
    """Whether the party has to be told of the right to a hearing (行政处罚法 63(1)).

    Some kinds ask for it whatever the amount; a fine and a confiscation only from what a loaded threshold
    calls large. A sole trader counts as a natural person unless a setting says otherwise.

    Raises:
        BadRecord: a threshold that is no amount.
    """
    due: list[Step] = []
    open_: list[Step] = []
    for measure in measures:
        for item, number in ((3, "三"), (4, "四")):
            if item in hearing_items(measure.kind):
                due.append(Step(f"{measure.kind}，不论数额都应当告知听证权利", HEARING.format(number)))
    no: list[Step] = []
    if fine:
        _weigh("罚款", fine, hearing_threshold(base, party, day), HEARING.format("一"), due, open_, no)
    taken = [m for m in measures if m.kind.startswith(CONFISCATED)]
    if taken:
        limit = confiscation_threshold(base, party, day)
        known = [m.amount if m.amount is not None else m.value for m in taken]
        total = sum((v for v in known if v is not None), Decimal(0))
        name = taken[0].kind if len(taken) == 1 else "没收的款物"
        if None in known and limit is not None and total < amount_of(limit):
            open_.append(Step("没收的物品没有写价值，不能判断是否价值较大", HEARING.format("二")))
        else:
            _weigh(name, total, limit, HEARING.format("二"), due, open_, no)
    if due:
        return Trigger("应当", tuple(due))
    if open_:
        return Trigger("不能判断", tuple(open_))
    return Trigger(
        "不必", tuple(no) or (Step("拟作出的处罚不属于应当告知听证权利的种类", CFA + "第六十三条第一款"),)
    )


def _weigh(
    name: str,
    amount: Decimal,
    limit: Setting | None,
    citation: str,
    due: list[Step],
    open_: list[Step],
    no: list[Step],
) -> None:
    if limit is None:
        open_.append(
            Step(f"{name}{figures(amount)}元：没有载入较大数额的标准，不能判断；宜告知听证权利", citation)
        )
        return
    bar = amount_of(limit)
    source = limit.source.instrument
    if amount >= bar:
        due.append(
            Step(f"{name}{figures(amount)}元，达到较大数额的标准{figures(bar)}元（{source}）", citation)
        )
    else:
        no.append(
            Step(f"{name}{figures(amount)}元，没有达到较大数额的标准{figures(bar)}元（{source}）", citation)
        )


def amount_of(limit: Setting) -> Decimal:
    """The amount of a threshold.

    Raises:
        BadRecord: it is none.
    """
    try:
        return Decimal(str(limit.value))
    except ArithmeticError:
        raise BadRecord(
            f"“{limit.label}”不是数额", where=f"设置 {limit.id}", hint="写元，如 value: 10000"
        ) from None


def legal_review(case: CaseFile, base: Snapshot, day: date) -> Trigger:
    """Whether the decision has to pass legal review first (行政处罚法 58(1)).

    (二) holds only after a hearing was held; (一) and (三) are for the officer to say (``decision.traits``);
    (四) is the organ's own catalogue (`catalogue`).
    """
    steps = []
    held = case.notice.hearing.held_on if case.notice.hearing else None
    if held:
        steps.append(Step(f"{held}经过听证程序", REVIEW.format("二")))
    traits = [t for t in case.decision.traits or () if t in REVIEWED]
    steps += [Step(t, REVIEW.format(REVIEWED[t])) for t in traits]
    named = dict.fromkeys(what for m in catalogue(base, day) for what in _hit(m, case, base))
    steps += [Step(f"{what}列入本机关的法制审核目录", CFA + "第五十八条第一款") for what in named]
    if steps:
        return Trigger("应当", tuple(steps))
    if case.decision.traits is None:
        said = f"{ASKED}本案是否涉及重大公共利益、是否案情疑难复杂"
        return Trigger("不能判断", (Step(said, CFA + "第五十八条第一款"),))
    said = "没有听证，不涉及重大公共利益，案情也不疑难复杂"
    return Trigger("不必", (Step(said, CFA + "第五十八条第一款"),))


@dataclass(frozen=True, slots=True)
class Matter:
    """One row of the organ's catalogue: what falls under it (all that is said must fit), and who reviews.

    Attributes:
        kinds: the first words of kinds of penalty; ``domains``: 市场监管 …
        fine_from: yuan, of one party.
    """

    matter: str
    kinds: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    fine_from: Decimal | None = None
    organ: str = ""
    people: str = ""
    content: str = ""
    scope: str = ""
    duty: str = ""


def catalogue(base: Snapshot, day: date) -> tuple[Matter, ...]:
    """The organ's catalogue of decisions that need review, the setting ``review/catalogue``.

    Raises:
        BadRecord: a row that is neither a kind of penalty nor a mapping of the fields of `Matter`.
    """
    try:
        found = base.setting("review/catalogue", day)
    except NotLoaded:
        return ()
    try:
        if not isinstance(found.value, list):
            raise TypeError
        return tuple(_matter(row) for row in found.value)
    except (TypeError, ValueError, KeyError, ArithmeticError):
        hint = "写列表：处罚种类，或者 {matter: 事项, kinds: [吊销], fine_from: 100000, organ: 审核机构, …}"
        raise BadRecord("法制审核目录读不懂", where=f"设置 {found.id}", hint=hint) from None


def _matter(row: Any) -> Matter:
    if isinstance(row, str):
        return Matter(row, kinds=(row,))
    said: dict[str, Any] = dict(row)
    least = said.get("fine_from")
    said |= {n: tuple(map(str, said[n])) for n in ("kinds", "domains") if n in said}
    said |= {"fine_from": Decimal(str(least))} if least is not None else {}
    made = Matter(**said)
    if not (made.kinds or made.domains or made.fine_from):
        raise ValueError
    return made


def _hit(matter: Matter, case: CaseFile, base: Snapshot) -> list[str]:
    """The penalties of a case that fall under a row, in words."""
    found = []
    for party in range(1, len(case.parties) + 1):
        mine = [v for v in case.violations if v.party == party]
        mine = [v for v in mine if not matter.domains or domain_of(base, v) in matter.domains]
        fine = sum((v.fine or Decimal(0) for v in mine), Decimal(0))
        given = [m.kind for v in mine for m in v.measures] + ["罚款"] * bool(fine)
        if matter.kinds:
            given = [kind for kind in given if kind.startswith(matter.kinds)]
        if matter.fine_from is not None:
            given = [f"罚款{figures(fine)}元"] if "罚款" in given and fine >= matter.fine_from else []
        found += given
    return found


def domain_of(base: Snapshot, violation: Violation) -> str:
    """The sector of a violation; empty where its benchmark isn't in the base."""
    found = benchmark_of(base, violation.benchmark, violation.act.end)
    return found.domain if found else ""


def deliberation(case: CaseFile) -> Trigger:
    """Whether the heads have to decide together (行政处罚法 57(2)): for the officer to say."""
    traits = case.decision.traits
    if traits is None:
        said = f"{ASKED}本案是否情节复杂、是否重大违法行为"
        return Trigger("不能判断", (Step(said, DELIBERATION),))
    steps = tuple(Step(trait, DELIBERATION) for trait in traits if trait in DELIBERATED)
    if steps:
        return Trigger("应当", steps)
    return Trigger("不必", (Step("不属于情节复杂，也不是重大违法行为", DELIBERATION),))
