"""Typed records: what an editor writes in YAML and what the store keeps.

A record says what it is (`kind`), when it holds (`from`, `to`; `to` is the first day no longer in force) and
where it comes from (`source`). Amounts and conditions stay as the law writes them; `kb.money` reads them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

SCHEMA = 1

DOMAINS = ("生态环境", "市场监管", "农业", "交通运输", "文化市场", "城市管理", "应急管理")
_IN_ENGLISH = ("ecology", "market", "agriculture", "transport", "culture", "city", "emergency")
SLUGS = dict(zip(DOMAINS, _IN_ENGLISH, strict=True))
Domain = Literal["生态环境", "市场监管", "农业", "交通运输", "文化市场", "城市管理", "应急管理", "通用"]
TierKind = Literal["不予", "减轻", "从轻", "一般", "从重"]
FactType = Literal["money", "number", "numbers", "integer", "percent", "bool", "choice", "date", "text"]
Rank = Literal["", "国家", "省", "市", "县"]
Limb = Literal[
    "33(1)前段",  # 应当不予：轻微、及时改正、没有危害后果
    "33(1)后段",  # 可以不予：初次、危害后果轻微、及时改正
    "33(2)",  # 不予：足以证明没有主观过错
    "32",  # 应当从轻或者减轻
    "30",  # 未成年人
    "31",  # 精神、智力
    "另有规定",  # a statute's own provision on leniency: 食品安全法 136, 产品质量法 55
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_as_list)]


class Strict(BaseModel):
    """Base of all records: unknown fields are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Source(Strict):
    """Where a record comes from. ``example`` marks what we wrote ourselves (示例).

    ``level`` and ``place`` tell whose instrument it is (省, 福建省; 县, 福建省泉州市南安市); both empty for a
    statute's own text. ``below`` is how the instrument counts 以下 in its conditions.
    """

    instrument: str
    number: str = ""
    date: dt.date | None = None
    url: str = ""
    checked: dt.date | None = None
    example: bool = False
    level: Rank = ""
    place: str = ""
    below: Literal["含本数", "不含本数"] = "含本数"


class Record(Strict):
    """What every record has. The key is (kind, id, instrument, from)."""

    kind: str
    schema_: int = Field(SCHEMA, alias="schema")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9/_-]*$")
    from_: dt.date | None = Field(None, alias="from")
    to: dt.date | None = None
    domain: Domain = "通用"
    source: Source

    @model_validator(mode="after")
    def _dates_in_order(self) -> Record:
        if self.from_ and self.to and self.to <= self.from_:
            raise ValueError("to 应当晚于 from（to 是不再有效的第一天）")
        return self

    @property
    def key(self) -> tuple[str, str, str, dt.date | None]:
        """What tells one record from all others: kind, id, instrument, first day."""
        return (self.kind, self.id, self.source.instrument, self.from_)

    def covers(self, day: dt.date) -> bool:
        """Whether the record holds on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day < self.to)

    @property
    def title(self) -> str:
        """What a list shows for this record."""
        return self.id


class Fact(Strict):
    """One thing to ask the officer. ``label`` is the law's own word for it, which conditions use."""

    label: str
    type: FactType
    unit: str = ""
    ask: str = ""
    help: str = ""
    options: list[str] = Field(default_factory=list)
    aka: list[str] = Field(default_factory=list)


class AnyOf(Strict):
    """Conditions of which one is enough; an inner list is one of them, and all of it must hold."""

    any: list[str | list[str]]


When = str | list[str | AnyOf] | AnyOf | None
"""One condition, a list (all must hold), or ``{any: [...]}``; each may stand once inside the other."""


class Measure(Strict):
    """What may or must come besides the fine. ``compulsory`` false means 可以."""

    kind: str
    compulsory: bool = True
    object: str = ""
    when: When = None
    basis: str = ""


class Branch(Strict):
    """One line of the statute: under which conditions which fine.

    ``when`` is one condition, a list (all must hold) or ``{any: [...]}``; conditions are written in the
    law's words over fact labels: 货值金额不足一万元, 拒不改正, 审批文件为环境影响报告书.
    ``fine`` None: no fine here.
    """

    when: When = None
    fine: str | None = None
    label: str = ""
    subject: str = ""
    basis: Texts = Field(default_factory=list)
    measures: list[Measure] = Field(default_factory=list)


class Increment(Strict):
    """每增加一个因子增加五万元: what is added to the lower end of a tier's fine.

    For every ``every`` of the fact above ``over``, ``add`` (an amount in the law's words). ``part`` says
    what becomes of a part of a unit: 舍去 (the default: only what is full counts), 进一 (向高取齐), 四舍五入.
    A fact of type numbers (several values) adds up over its values. ``text`` is what is printed.
    """

    fact: str
    add: str
    every: Decimal = Field(Decimal(1), gt=0)
    over: Decimal = Field(Decimal(0), ge=0)
    part: Literal["舍去", "进一", "四舍五入"] = "舍去"
    text: str = ""


class Tier(Strict):
    """One printed 裁量阶次 of an official instrument; one cell of a printed matrix is a tier too.

    ``subject`` is that of the branches it belongs to, "" where there is only one ladder. With ``steps`` the
    fine is its lower end plus the increments, and never more than its upper end.
    """

    label: str
    kind: TierKind | None = None
    when: When = None
    fine: str | None = None
    subject: str = ""
    row: str = ""
    steps: list[Increment] = Field(default_factory=list)
    measures: list[Measure] = Field(default_factory=list)


class Factor(Strict):
    """One 裁量因素: a fact of the record, and what each answer weighs.

    The keys of ``options`` are options of the fact, or conditions on it (三个月以上六个月以下); the values
    are as printed: 6%, 1/8.
    """

    fact: str
    options: dict[str, str] = Field(min_length=1)


class Weights(Strict):
    """A printed table of weights: start, factors, cap and floor of the sum, and the formula.

    ``when`` and ``subject`` tell which branches it belongs to (逾期未改正的, 责任人员). ``formula`` is as
    printed: 裁量百分值总和×100万元, 裁量百分值总和×所需处置费用×5倍.
    """

    start: str
    factors: list[Factor]
    formula: str
    label: str = ""
    when: When = None
    subject: str = ""
    cap: str = ""
    floor: str = ""
    row: str = ""


class NotWhen(Strict):
    """What looks like this violation but is governed elsewhere.

    ``if`` is asked as a yes-or-no fact under its own words, unless it is a condition on the record's facts.
    ``see`` is the id of the benchmark that governs instead, where there is one. ``also``: governed elsewhere
    besides, and this one still applies.
    """

    if_: str = Field(alias="if")
    then: str
    basis: str = ""
    see: str = ""
    also: bool = False


class Element(Strict):
    """One element of the violation, the evidence to collect and the questions to ask."""

    element: str
    evidence: list[str] = Field(default_factory=list)
    questions: list[str] = Field(default_factory=list)


class Benchmark(Record):
    kind: Literal["benchmark"] = "benchmark"
    violation: str
    subjects: list[str] = Field(default_factory=list)
    violated: Texts = Field(default_factory=list)
    alternatives: bool = False  # a case breaks some of `violated`, not all
    penalty_basis: Texts
    facts: dict[str, Fact] = Field(default_factory=dict)
    statutory: list[Branch] = Field(default_factory=list)
    tiers: list[Tier] = Field(default_factory=list)
    weights: list[Weights] = Field(default_factory=list)
    measures: list[Measure] = Field(default_factory=list)
    not_when: list[NotWhen] = Field(default_factory=list)
    gravity: str = ""
    elements: list[Element] = Field(default_factory=list)
    correction: str = ""
    keywords: list[str] = Field(default_factory=list)
    note: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Benchmark:
        if not (self.statutory or self.tiers or self.weights):
            raise ValueError("statutory、tiers、weights 至少写一种")
        return self

    @property
    def title(self) -> str:
        return self.violation


class Tick(Strict):
    """One condition of a leniency entry, ticked on its own. ``ceiling`` is a condition in the law's words."""

    name: str
    label: str
    ask: str = ""
    ceiling: str = ""


class Leniency(Record):
    """One entry of the three lists (不予 / 从轻 / 减轻), or a law's own provision of that kind.

    ``compulsory`` says 应当 (true) or 可以 where the provision differs from its limb. ``first_within_months``
    is how far back 初次 looks; each exclusion is asked as a yes-or-no fact under its own words. An entry
    belongs to the ``benchmarks`` it names; without any, to those that rest on a provision of ``violated``
    (违反条款, as lists print it); with neither, to all of its domain.
    """

    kind: Literal["leniency"] = "leniency"
    which_list: Literal["不予", "从轻", "减轻", "从轻或者减轻"] = Field(alias="list")
    limb: Limb
    violation: str
    benchmarks: Texts = Field(default_factory=list)
    violated: Texts = Field(default_factory=list)
    basis: Texts
    conditions: list[Tick] = Field(min_length=1)
    compulsory: bool | None = None
    first_within_months: int | None = Field(None, ge=1)
    exclusions: list[str] = Field(default_factory=list)
    accompany: str = ""
    education: str = ""

    @property
    def title(self) -> str:
        return f"{self.violation}（{self.which_list}处罚）"

    @property
    def must(self) -> bool:
        """应当 or 可以: 33(1)后段 and, for the lighter punishment, 31 of 行政处罚法 say 可以; others 应当."""
        if self.compulsory is not None:
            return self.compulsory
        return not (self.limb == "33(1)后段" or (self.limb == "31" and self.which_list != "不予"))


class Phrase(Record):
    """Standard wording.

    口头: scene, step, recommended, forbidden. 文书: documents, section, text with {slots}.
    """

    kind: Literal["phrase"] = "phrase"
    channel: Literal["口头", "文书"]
    documents: list[str] = Field(default_factory=list)
    section: str = ""
    text: str = ""
    slots: dict[str, str] = Field(default_factory=dict)
    scene: str = ""
    step: str = ""
    recommended: str = ""
    forbidden: list[str] = Field(default_factory=list)
    legal_note: str = ""
    gesture: str = ""
    citations: Texts = Field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.scene} · {self.step}" if self.channel == "口头" else self.section


class CourseStep(Strict):
    day: dt.date
    text: str


class CaseStudy(Record):
    """A typical case. ``body`` is the Markdown below the front matter (基本案情 … 典型意义)."""

    kind: Literal["case_study"] = "case_study"
    name: str
    benchmark: str
    facts: dict[str, str] = Field(default_factory=dict)
    act_from: dt.date
    act_to: dt.date
    decided: dt.date
    fine: Decimal | None = None
    leniency: str = ""
    basis: Texts
    course: list[CourseStep]
    tags: list[str] = Field(default_factory=list)
    body: str = ""

    @property
    def title(self) -> str:
        return self.name


class Step(Strict):
    """One step of a procedure: who does what, within which period, on which paper, by which provision.

    ``period`` is in words; ``setting`` names the setting that fixes it, ``documents`` the document types.
    """

    step: str
    who: str
    how: str
    period: str = ""
    setting: str = ""
    documents: Texts = Field(default_factory=list)
    basis: Texts = Field(default_factory=list)


class Procedure(Record):
    """An operating procedure (操作规程): its steps in order; ``scope`` says when it is used."""

    kind: Literal["procedure"] = "procedure"
    name: str
    scope: str
    steps: list[Step] = Field(min_length=1)
    tags: list[str] = Field(default_factory=list)

    @property
    def title(self) -> str:
        return self.name


class Synonym(Record):
    """What people say (`said`) and what the law says (`meant`)."""

    kind: Literal["synonym"] = "synonym"
    said: Texts
    meant: Texts

    @property
    def title(self) -> str:
        return "、".join(self.said)


class Question(Record):
    """What was asked, and what it led to: an answered question, or a query and the hits that were opened.

    Search lifts what it led to for questions like it. ``cites`` are ids of records or citations in full;
    ``times`` is how often it happened.
    """

    kind: Literal["question"] = "question"
    asked: Texts = Field(min_length=1)
    cites: Texts = Field(min_length=1)
    times: int = Field(1, ge=1)

    @property
    def title(self) -> str:
        return self.asked[0]


class Setting(Record):
    """A dated, sourced value: a threshold, a period, an organ's address."""

    kind: Literal["setting"] = "setting"
    label: str
    value: Any
    unit: str = ""
    basis: Texts = Field(default_factory=list)

    @property
    def title(self) -> str:
        return self.label


KINDS: dict[str, type[Record]] = {
    "benchmark": Benchmark,
    "leniency": Leniency,
    "phrase": Phrase,
    "case_study": CaseStudy,
    "procedure": Procedure,
    "synonym": Synonym,
    "question": Question,
    "setting": Setting,
}
KIND_NAMES = {
    "benchmark": "裁量权基准",
    "leniency": "清单事项",
    "phrase": "文明用语",
    "case_study": "典型案例",
    "procedure": "操作规程",
    "synonym": "同义词",
    "question": "问答",
    "setting": "设置",
    "law": "法律条文",
}
