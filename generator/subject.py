"""What one paper is about, and how its values are written: names, amounts, days, joined citations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.casefile import CaseFile, CaseMeasure, Officer, Party, Violation
from generator.catalogue import DocumentType
from generator.papers import Paper, Served
from kb.errors import NotFound, NotLoaded
from kb.numerals import capital, plain, to_chinese
from kb.records import Benchmark, Leniency, Record, Setting
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from generator.events import Event

TICKED, EMPTY = "☑", "□"


class Uses:
    """The records a paper rests on, in the order they were asked for."""

    def __init__(self, base: Snapshot) -> None:
        self.base = base
        self.records: dict[tuple[str, str, str], Record] = {}

    def note(self, record: Record) -> None:
        self.records[(record.kind, record.id, str(record.from_))] = record

    def setting(self, id: str, day: date) -> Setting:
        found = self.base.setting(id, day)
        self.note(found)
        return found

    def examples(self) -> list[str]:
        """What is 示例 among them: such a paper stays 草稿."""
        return [f"{r.title}（{r.id}）" for r in self.records.values() if r.source.example]


@dataclass(frozen=True)
class Matter:
    """One violation of the party with its benchmark as of the day that matters.

    ``old`` and ``new`` are the benchmark at the act's end and at the decision; None where none is loaded.
    ``branch`` is what the branch that the facts meet rests on, where it names provisions of its own.
    """

    violation: Violation
    benchmark: Benchmark
    old: Benchmark | None
    new: Benchmark | None
    branch: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.violation.conduct or self.benchmark.violation

    @property
    def violated(self) -> list[str]:
        return self.violation.violated or self.benchmark.violated

    @property
    def penalty_basis(self) -> list[str]:
        return self.violation.penalty_basis or list(self.branch) or self.benchmark.penalty_basis

    @property
    def changed(self) -> bool:
        """Whether the law changed between the act's end and the decision."""
        return self.old is not self.new


@dataclass(frozen=True)
class Subject:
    """What one paper is about: a type, a case, one party of it, the day of the paper, and the base.

    ``paper`` is its entry among the papers of the case; None for a type with a block of its own. ``of`` is
    the paper that was served, where this one is its receipt.
    """

    kind: DocumentType
    case: CaseFile
    party: Party
    matters: tuple[Matter, ...]
    day: date
    substance: date
    leniency: Leniency | None
    uses: Uses
    paper: Paper | None = None
    of: Event | None = None

    @property
    def served(self) -> Served | None:
        """How this paper reached the party; of a receipt, how the paper did that it is of."""
        place = self.of or self.paper or getattr(self.case, self.kind.block or "-", None)
        return place.served if place else None

    @property
    def base(self) -> Snapshot:
        return self.uses.base

    @property
    def officers(self) -> list[Officer]:
        """Who acts in this paper: those it names, else all of the case."""
        named = self.paper.officers if self.paper else []
        return [o for o in self.case.officers if not named or o.name in named]

    @property
    def act_end(self) -> date:
        return max(m.violation.act.end for m in self.matters)

    @property
    def fine(self) -> Decimal:
        return sum((m.violation.fine or Decimal(0) for m in self.matters), Decimal(0))

    @property
    def measures(self) -> list[CaseMeasure]:
        return [measure for m in self.matters for measure in m.violation.measures]


def benchmark_of(base: Snapshot, id: str, day: date) -> Benchmark | None:
    """The benchmark of a violation as of a day; None where the base has none."""
    try:
        found = base.record("benchmark", id, day)
    except (NotFound, NotLoaded):
        return None
    return found if isinstance(found, Benchmark) else None


def as_unit(base: Snapshot, party: Party, day: date) -> bool:
    """Whether the limits of a unit apply: a sole trader is a natural person (民法典 54), unless the setting
    ``party/sole-trader`` says 单位."""
    if party.kind != "sole_trader":
        return party.kind == "unit"
    try:
        return bool(base.setting("party/sole-trader", day).value == "单位")
    except NotLoaded:
        return False


def date_text(day: date) -> str:
    """2026年11月1日 (GB/T 9704-2012: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def time_text(time: date | datetime) -> str:
    """2026年11月3日10时05分; a day alone as `date_text`."""
    if not isinstance(time, datetime):
        return date_text(time)
    return f"{date_text(time.date())}{time.hour}时{time.minute:02d}分"


def money_text(amount: Decimal) -> str:
    """伍万元整（¥50,000.00）."""
    return f"{capital(amount)}（¥{amount:,.2f}）"


def figures(amount: Decimal) -> str:
    """50,000 or 1,440.5: for sentences about ranges."""
    whole, _, cents = plain(amount).partition(".")
    return f"{int(whole):,}" + (f".{cents}" if cents else "")


def sentence(text: str | None) -> str:
    """The text with a full stop where it has none; "" stays ""."""
    text = (text or "").rstrip()
    return text if not text or text.endswith(("。", "！", "？", "；", "”", "）。")) else text + "。"


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def together(texts: Iterable[str]) -> str:
    """Citations side by side, each once and in full: 《…》第…条、《…》第…条."""
    return "、".join(dict.fromkeys(texts))


def period(setting: Setting) -> str:
    """十五日, 六个月, 五个工作日: the value of a setting in words with its unit."""
    words = to_chinese(int(setting.value))
    return words + ("个" if setting.unit.startswith("工作日") else "") + setting.unit


UNFILLED = "【未填："
"""How a mark begins that says what is still to be filled in; a paper with one may not leave."""


def owed(value: str | None, label: str) -> str:
    """The value, or a mark that no reader overlooks; only drafts get this far without it."""
    return value if value else f"{UNFILLED}{label}】"


def day_or_mark(day: date | None, label: str) -> str:
    return owed(date_text(day) if day else None, label)
