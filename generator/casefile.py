"""The case file: what CASE.yaml may say, frozen once read.

One file carries everything the papers of one case share, so a name is typed once. Amounts are Decimal yuan,
days are dates; citations are written as text and proven when a paper is drafted. A case file says what the
officer found and decided; ranges, organs and periods come from the base.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from generator.casetypes import (
    RESIDENT_CARD,
    Code,
    Day,
    Moment,
    Money,
    Number,
    Period,
    Text,
    check_credit_code,
    check_resident_number,
)
from generator.papers import Goods, Paper, Served
from generator.procedure import TRAITS, Entrustment, Override, Payment, Proceeding
from kb.errors import BadRecord
from kb.importing.yaml_files import Lines, field_name, load_yaml, validate
from kb.records import Strict, Texts

FactValue = bool | int | Decimal | dt.date | str


class Agency(Strict):
    """An organ with an address: the reconsideration organ, the court."""

    name: Text
    address: Text | None = None


class Organ(Strict):
    """What this case says of the acting organ; what is left out comes from the setting ``organ/profile``."""

    name: Text | None = None
    address: Text | None = None
    phone: Code | None = None
    postcode: Code | None = None
    contact: Text | None = None
    entrusted: Entrustment | None = None


class Bank(Strict):
    """Where a fine is paid (罚款决定与罚款收缴分离实施办法 7); left out: the setting ``organ/bank``."""

    name: Text
    address: Text
    account_name: Text
    account: Code


class Officer(Strict):
    """One who acts for the organ; ``expires`` is the last day the certificate is valid."""

    name: Text
    certificate: Code
    expires: Day | None = None
    post: Text | None = None


class Party(Strict):
    """A party. A sole trader (个体工商户) has a trade name (字号) and `name` is the operator (经营者).

    ``born`` only where no identity number says it.
    """

    kind: Literal["unit", "individual", "sole_trader"]
    name: Text
    trade_name: Text | None = None
    code: Code | None = None
    sex: Literal["男", "女"] | None = None
    id_type: Text = RESIDENT_CARD
    id_number: Code | None = None
    born: Day | None = None
    address: Text
    representative: Text | None = None
    representative_title: Text = "法定代表人"
    phone: Code | None = None

    @model_validator(mode="after")
    def _whole(self) -> Party:
        missing = {
            "unit": (self.code and self.representative, "单位要写统一社会信用代码 code 和 representative"),
            "sole_trader": (
                self.trade_name and self.code,
                "个体工商户要写字号 trade_name、统一社会信用代码 code，name 写经营者姓名",
            ),
            "individual": (self.id_number, "个人要写证件号码 id_number"),
        }
        present, message = missing[self.kind]
        if not present:
            raise ValueError(message)
        if self.code:
            check_credit_code(self.code)
        if self.id_number and self.id_type == RESIDENT_CARD:
            check_resident_number(self.id_number)
        return self


class Evidence(Strict):
    """One piece of evidence and what it proves; ``favourable`` where it speaks for the party."""

    name: Text
    source: Text | None = None
    proves: Text
    favourable: bool = False


class CaseMeasure(Strict):
    """A penalty besides the fine. ``kind`` as the statute names it: 没收违法所得, 警告, 责令停产停业 …"""

    kind: Text
    object: Text | None = None
    amount: Money | None = None
    value: Money | None = None


class Discretion(Strict):
    """Why this amount: the published benchmark, its row and tier, and the reasons of this case."""

    instrument: Text | None = None
    row: Text | None = None
    tier: Text | None = None
    reasons: list[Text] = Field(min_length=1)


class Violation(Strict):
    """One violation of one party. ``violated`` and ``penalty_basis`` default to the benchmark's."""

    benchmark: Text
    party: int = Field(1, ge=1)
    conduct: Text | None = None
    facts: dict[str, FactValue] = Field(default_factory=dict)
    act: Period
    found_on: Day
    place: Text | None = None
    narrative: Text | None = None
    violated: Texts = Field(default_factory=list)
    penalty_basis: Texts = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)
    discretion: Discretion | None = None
    correction: Text | None = None
    fine: Money | None = None
    measures: list[CaseMeasure] = Field(default_factory=list)


class LawChoice(Strict):
    """The officer's choice where the law changed between act and decision (行政处罚法 37)."""

    apply: Literal["旧", "新"]
    reason: Text


class Hearing(Strict):
    """What became of the right to a hearing (行政处罚法 63, 64)."""

    offered: bool = True
    reason: Text | None = None
    requested: bool = False
    waived: bool = False
    held_on: Day | None = None
    result: Text | None = None


class Notice(Strict):
    """The prior notice. ``fine`` and ``measures`` only where the notified ones differ from those decided."""

    number: Number | None = None
    date: Day | None = None
    served: Served | None = None
    reply_by: Day | None = None
    fine: Money | None = None
    measures: list[CaseMeasure] | None = None
    statement: Text | None = None
    response: Text | None = None
    waived: bool = False
    hearing: Hearing | None = None


class Decision(Strict):
    number: Number | None = None
    date: Day | None = None
    served: Served | None = None
    deliberated_on: Day | None = None
    legal_review_on: Day | None = None
    traits: list[TRAITS] | None = None


class LeniencyUse(Strict):
    """The leniency entry relied on: a fact of this case for every tick, and what the party was taught."""

    id: Text
    ticks: dict[str, Text]
    education: Text | None = None


class CorrectionOrder(Strict):
    """``basis``: the statute's own clause on correction, besides 行政处罚法 28(1)."""

    number: Number | None = None
    date: Day | None = None
    served: Served | None = None
    deadline: Day | None = None
    requirements: list[Text] = Field(default_factory=list)
    basis: Texts = Field(default_factory=list)
    consequence: Text | None = None


class GuidanceNote(Strict):
    number: Number | None = None
    date: Day | None = None
    served: Served | None = None
    advice: list[Text] = Field(default_factory=list)
    deadline: Day | None = None
    follow_up: Text | None = None


class OnTheSpot(Strict):
    """What the form of 行政处罚法 52 records besides the violation.

    It is handed over on the spot (52(1)); ``served`` only where that was done in another way.
    """

    number: Number | None = None
    time: Moment | None = None
    served: Served | None = None
    place: Text | None = None
    statement: Text | None = None
    payment: Literal["银行缴纳", "当场收缴"] = "银行缴纳"
    payment_ground: Literal["68(一)", "68(二)", "69"] | None = None

    @model_validator(mode="after")
    def _ground_of_cash(self) -> OnTheSpot:
        if (self.payment == "当场收缴") != (self.payment_ground is not None):
            raise ValueError("当场收缴要写理由 payment_ground：68(一)、68(二) 或者 69；银行缴纳则不写")
        return self


class Remedies(Strict):
    """Concrete organ and court; there is no default court.

    ``online`` is where an application for reconsideration is handed in by internet, owed where the paper is
    served that way (行政复议法 22(2)); ``first`` the provision by which reconsideration has to come before
    a suit (23(1)(五)), where the base doesn't know it of the law applied.
    """

    reconsideration: Agency | None = None
    court: Agency | None = None
    online: Text | None = None
    first: Text | None = None


class CaseFile(Strict):
    """One case. Parties × violations; one letter a liable party."""

    schema_: Literal[1] = Field(1, alias="schema")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9/_-]*$")
    cause: Text | None = None
    organ: Organ = Field(default_factory=Organ)
    bank: Bank | None = None
    officers: list[Officer] = Field(default_factory=list)
    parties: list[Party] = Field(min_length=1)
    source: Text | None = None
    filed: Day | None = None
    investigation: Text | None = None
    violations: list[Violation] = Field(min_length=1)
    law_choice: LawChoice | None = None
    notice: Notice = Field(default_factory=Notice)
    decision: Decision = Field(default_factory=Decision)
    leniency: LeniencyUse | None = None
    correction_order: CorrectionOrder = Field(default_factory=CorrectionOrder)
    guidance_note: GuidanceNote = Field(default_factory=GuidanceNote)
    on_the_spot: OnTheSpot = Field(default_factory=OnTheSpot)
    remedies: Remedies = Field(default_factory=Remedies)
    goods: list[Goods] = Field(default_factory=list)
    papers: list[Paper] = Field(default_factory=list)
    payments: list[Payment] = Field(default_factory=list)
    proceedings: list[Proceeding] = Field(default_factory=list)
    overrides: list[Override] = Field(default_factory=list)
    publish: bool = False
    annex: bool = True

    @model_validator(mode="after")
    def _parties_exist(self) -> CaseFile:
        for name in ("violations", "payments", "proceedings"):
            for n, row in enumerate(getattr(self, name), 1):
                if row.party > len(self.parties):
                    raise ValueError(f"{name} 第{n}项写的是第{row.party}个当事人，但 parties 没有这一项")
        return self

    @model_validator(mode="after")
    def _papers_fit(self) -> CaseFile:
        """Each key is there once; parties, officers and papers that are named are in the case."""
        keys = [p.key for p in self.papers if p.key]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"papers 有两份文书的 key 都是“{twice}”，换一个")
        names = {o.name for o in self.officers}
        for n, paper in enumerate(self.papers, 1):
            if paper.party and paper.party > len(self.parties):
                raise ValueError(f"papers 第{n}项写的是第{paper.party}个当事人，但 parties 没有这一项")
            if unknown := next((name for name in paper.officers if name not in names), None):
                raise ValueError(f"papers 第{n}项的执法人员“{unknown}”不在 officers 里")
        for n, goods in enumerate(self.goods, 1):
            if goods.paper and goods.paper not in keys:
                raise ValueError(f"goods 第{n}项的 paper 写的是“{goods.paper}”，但 papers 没有这个 key")
        return self


def load_case(path: Path) -> CaseFile:
    """Read one CASE.yaml.

    Raises:
        NotFound: no such file.
        BadRecord: one line with file, line, field, what stands there and what would be right.
    """
    data, lines = load_yaml(path)
    return _checked(data, lines)


def case_from(data: Mapping[str, Any], name: str = "案件") -> CaseFile:
    """Make a case file of a mapping (a web form, a stored case); `name` stands for the file in messages.

    Raises:
        BadRecord: as `load_case`.
    """
    return _checked(data, Lines(name))


_SERVED = "送达写在所送达的文书里：{}；papers 里的文书写在它自己的 served 里"
_MOVED = {
    ("service",): _SERVED.format("decision 下写 served: {at: 2026-11-03 10:00, place: 送达地点}"),
    ("notice", "served_on"): _SERVED.format("notice 下写 served: {at: 2026-10-10}"),
}
"""Where to write what people know by another name."""


def _checked(data: Mapping[str, Any], lines: Lines) -> CaseFile:
    """The case file, with every paper's own fields read once by the types of its document type."""
    for path, hint in _MOVED.items():
        at: Any = data
        for step in path:
            at = at.get(step) if isinstance(at, Mapping) else None
        if at is not None:
            raise BadRecord(f"没有“{field_name(path)}”这个字段", where=lines.where(path), hint=hint)
    case = validate(CaseFile, data, lines)
    if case.papers:
        from generator.ownfields import check_papers  # a case without papers needs no catalogue

        check_papers(case.papers, lines)
    return case
