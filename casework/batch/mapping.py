"""What the columns of a batch mean: by the labels people know, by path, or as told by hand.

A path counts lists from 1 (``parties.1.name``); inside the program from 0. A blank cell of a column means
*not given*, also where the shared case file gives something: a column rules its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from casework.batch.rows import Header, Sheet
from generator.catalogue import DocumentType
from generator.papers import MODES
from kb.errors import WrongUse
from kb.importing.tables.grid import column_number
from kb.records import Benchmark
from kb.snapshot import Snapshot

UNUSED = "不用"
IGNORED = frozenset({"序号", "行号", "编号"})
"""Headers that number the rows of a table and say nothing of the case."""
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("案件编号", "案号"),
    "filed": ("立案时间", "立案之日"),
    "parties.*.name": (
        "当事人",
        "当事人名称",
        "当事人姓名",
        "名称",
        "姓名",
        "单位名称",
        "被处罚人",
        "经营者",
    ),
    "parties.*.kind": ("当事人类型", "类型", "主体类型"),
    "parties.*.trade_name": ("字号名称", "店名"),
    "parties.*.code": ("信用代码", "社会信用代码"),
    "parties.*.address": ("住所", "住址", "地址", "当事人地址"),
    "parties.*.representative": ("法定代表人", "负责人", "法定代表人（负责人）"),
    "parties.*.id_number": ("身份证号", "身份证号码", "居民身份证号码", "公民身份号码"),
    "parties.*.phone": ("电话", "手机", "手机号"),
    "violations.*.benchmark": ("基准", "裁量基准", "基准编号"),
    "violations.*.narrative": ("违法事实", "事实"),
    "violations.*.act": ("违法时间", "违法行为时间", "违法期间"),
    "violations.*.act.start": ("违法行为开始之日", "违法行为起始日", "违法开始日期"),
    "violations.*.act.end": ("违法行为终了之日", "违法行为终了日", "违法终了日期"),
    "violations.*.found_on": ("发现之日", "查获日期"),
    "violations.*.fine": ("罚款金额", "罚款数额"),
    "violations.*.correction": ("责令改正",),
    "violations.*.evidence.*.name": ("证据",),
    "violations.*.evidence.*.proves": ("证明内容", "证明事项"),
    "officers.*.name": ("执法人员", "执法人员姓名"),
    "officers.*.certificate": ("执法人员证号", "执法人员执法证号", "证号"),
    "remedies.court.name": ("法院", "管辖法院"),
    "remedies.reconsideration.name": ("复议机关",),
    "notice.served.at": ("告知书送达日期",),
    "notice.statement": ("陈述申辩情况", "陈述申辩"),
}
_OTHERS = ("correction_order", "guidance_note", "on_the_spot", "leniency")
"""Blocks whose labels (日期, 备注) mean them in a table of their own paper only; elsewhere a path does."""
_UNIT = re.compile(r"[（(](?:元|日期|必填|选填)[)）]|[*＊：:\s]")
_NUMBER = re.compile(r"\d{1,3}")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field of the case file as a table may give it.

    Attributes:
        path: dotted, ``*`` for the number in a list.
        label: what people call it; ``group``: what the list it stands in is called.
        kind: how its cells are read (`values.read_value`), or ``benchmark``, ``fact``.
        options: for a choice, what people write and what the case file has for it.
    """

    path: str
    label: str
    kind: str = "line"
    group: str = ""
    help: str = ""
    options: tuple[tuple[str, str | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table and the place of the case file it gives."""

    header: Header
    path: Path
    field: KnownField

    def to_dict(self) -> dict[str, str]:
        return {
            "column": self.header.letter,
            "header": self.header.text,
            "field": self.field.label,
            "path": shown(self.path),
        }


@dataclass(frozen=True)
class Unclear:
    """A column nobody can place, and what to do about it."""

    header: Header
    message: str
    hint: str


@dataclass(frozen=True)
class Columns:
    """What every column of a table means."""

    known: tuple[Column, ...]
    unused: tuple[Header, ...]
    unclear: tuple[Unclear, ...]


class Fields:
    """Every field a table of one document type may give.

    Args:
        known: the fields of the case file, each with its label.
        kind: the paper that is made.
        base: whose benchmarks say what facts there are.
        benchmarks: ids of those the shared case file names; their facts come first.
    """

    def __init__(
        self,
        known: Sequence[KnownField],
        kind: DocumentType,
        base: Snapshot,
        *,
        benchmarks: Iterable[str] = (),
    ) -> None:
        self.kind = kind
        self._base = base
        self._benchmarks = tuple(benchmarks)
        self.by_path = {f.path: f for f in [*known, *_of_paper(kind)]}
        barred = set(_OTHERS) - {kind.block}
        called = [f for path, f in self.by_path.items() if path.partition(".")[0] not in barred]
        self._names: dict[str, list[str]] = {}
        self._aliases = {
            _key(a): path for path, names in ALIASES.items() for a in names if path in self.by_path
        }
        if block := kind.block or "paper":
            for alias, end in (
                ("文号", "number"),
                (f"{kind.name}文号", "number"),
                ("日期", "date"),
                ("文书日期", "date"),
                ("送达时间", "served.at"),
                ("送达日期", "served.at"),
                ("送达方式", "served.mode"),
                ("送达地点", "served.place"),
                ("收件人", "served.receiver"),
            ):
                if f"{block}.{end}" in self.by_path:
                    self._aliases[alias] = f"{block}.{end}"
        for field in called:
            for name in dict.fromkeys(
                (field.label, f"{field.group}{{n}}{field.label}" if field.group else "")
            ):
                if name:
                    self._names.setdefault(_key(name), []).append(field.path)
        self._facts: dict[str, list[str]] | None = None

    def knows(self, text: str) -> bool:
        """Whether a text is a header that needs no facts to be understood."""
        return text.strip() in IGNORED or bool(self._patterns(text)[0]) or self._by_path(text) is not None

    def find(self, text: str) -> tuple[Path, KnownField] | tuple[str, str]:
        """The place a header or a path means, or why none can be said and what to write."""
        if found := self._by_path(text):
            return found
        patterns, numbers = self._patterns(text)
        if len(patterns) == 1:
            field = self.by_path[patterns[0]]
            return _placed(field.path, numbers), field
        if patterns:
            paths = "、".join(shown(_placed(p, numbers)) for p in patterns)
            return f"“{text}”可以是几项", f"用 --map 写明是哪一项：{paths}"
        return self._fact(text)

    def _by_path(self, text: str) -> tuple[Path, KnownField] | None:
        steps = text.strip().split(".")
        pattern = ".".join("*" if s.isascii() and s.isdigit() else s for s in steps)
        if pattern.startswith("violations.*.facts.") and len(steps) == 4:
            field = KnownField(pattern, steps[3], "fact")
        elif pattern.startswith("leniency.ticks.") and len(steps) == 3 and "leniency.ticks.*" in self.by_path:
            field = KnownField(pattern, steps[2], "line")
        elif pattern in self.by_path:
            field = self.by_path[pattern]
        else:
            return None
        path = tuple(int(s) - 1 if s.isascii() and s.isdigit() else s for s in steps)
        return None if any(isinstance(s, int) and not 0 <= s < 100 for s in path) else (path, field)

    def _patterns(self, text: str) -> tuple[list[str], list[int]]:
        """The fields a header may mean, and the numbers it names."""
        key = _key(text)
        numbers = [int(n) - 1 for n in _NUMBER.findall(key)]
        tries = (
            [(key, [])]
            if not numbers
            else [(_NUMBER.sub("{n}", key), numbers), (_NUMBER.sub("", key), numbers)]
        )
        for name, used in tries:
            found = [self._aliases[name]] if name in self._aliases else self._names.get(name, [])
            found = [p for p in found if p.count("*") >= len(used) and all(n >= 0 for n in used)]
            if found:
                own = [p for p in found if p.partition(".")[0] == self.kind.block]
                return (own if len(own) == 1 else found), used
        return [], []

    def _fact(self, text: str) -> tuple[Path, KnownField] | tuple[str, str]:
        """A fact by its label: of the benchmarks at hand, else of any benchmark."""
        key = _key(text)
        rows = [r for r in self._base.records("benchmark") if isinstance(r, Benchmark)]
        for chosen in ([r for r in rows if r.id in self._benchmarks], rows):
            names = {n: f.label for r in chosen for n, f in r.facts.items() if key in (_key(f.label), n)}
            if len(names) == 1:
                ((name, label),) = names.items()
                return ("violations", 0, "facts", name), KnownField(
                    f"violations.*.facts.{name}", label, "fact"
                )
            if names:
                paths = "、".join(f"violations.1.facts.{n}" for n in names)
                return f"“{text}”可以是几项事实", f"用 --map 写明是哪一项：{paths}"
        near = get_close_matches(key, [*self._aliases, *self._names], n=1, cutoff=0.6)
        guess = f"是不是“{near[0]}”；" if near else ""
        return (
            f"没有认出列“{text}”",
            f"{guess}改列名，或者用 --map “{text}=路径”；不要这一列写“{text}={UNUSED}”",
        )


def _of_paper(kind: DocumentType) -> list[KnownField]:
    """The number, the day, the service and the own fields of a paper that has no block in the case file."""
    if kind.block:
        return []
    own = [
        KnownField(f"own.{f.name}", f.label, _OWN.get(f.type, "line"), help=f.help)
        for f in kind.own
        if not f.computed and f.type != "rows"
    ]
    modes = tuple((mode, mode) for mode in get_args(MODES))
    return [
        KnownField("paper.number", "文号", "number"),
        KnownField("paper.date", "文书日期", "day"),
        KnownField("paper.served.at", "送达时间", "when"),
        KnownField("paper.served.mode", "送达方式", "choice", options=modes),
        KnownField("paper.served.place", "送达地点"),
        KnownField("paper.served.receiver", "收件人"),
        *own,
    ]


_OWN = {
    "date": "day",
    "time": "moment",
    "money": "money",
    "yes": "yes",
    "ticks": "lines",
    "citations": "lines",
}


def map_columns(sheet: Sheet, fields: Fields, given: Sequence[str] = ()) -> Columns:
    """What the columns of a table mean.

    Args:
        sheet: the table.
        fields: what there is.
        given: told by hand, each ``列名=路径``; the left may be a column's letter, the right a label or 不用.

    Raises:
        WrongUse: a mapping by hand that names no column or no field, or two columns for one field.
    """
    by_hand = _by_hand(sheet, given)
    columns: list[Column] = []
    unused: list[Header] = []
    unclear: list[Unclear] = []
    for header in sheet.headers:
        wanted = by_hand.get(header.column, header.text)
        if wanted == UNUSED or (header.column not in by_hand and header.text in IGNORED):
            unused.append(header)
            continue
        found = fields.find(wanted)
        if isinstance(found[1], KnownField):
            columns.append(Column(header, found[0], found[1]))
        elif header.column in by_hand:
            raise WrongUse(f"没有“{wanted}”这一项", where=f"--map {header.text}={wanted}", hint=found[1])
        else:
            unclear.append(Unclear(header, str(found[0]), str(found[1])))
    _refuse_double(columns)
    return Columns(tuple(columns), tuple(unused), tuple(unclear))


def _by_hand(sheet: Sheet, given: Sequence[str]) -> dict[int, str]:
    out = {}
    for text in given:
        left, found, right = text.rpartition("=")
        if not (found and left.strip() and right.strip()):
            raise WrongUse(f"--map “{text}”写法不对", hint="写成 列名=路径，如 罚没款=violations.1.fine")
        by_name = [h for h in sheet.headers if h.text == left.strip()]
        number = column_number(left)
        header = next((h for h in by_name or sheet.headers if by_name or h.column == number), None)
        if header is None:
            names = "、".join(h.text for h in sheet.headers[:20])
            raise WrongUse(f"表里没有“{left.strip()}”列", where=f"--map {text}", hint=f"有的列：{names}")
        out[header.column] = right.strip()
    return out


def _refuse_double(columns: Sequence[Column]) -> None:
    seen: dict[Path, Column] = {}
    for column in columns:
        first = seen.setdefault(column.path, column)
        if first is not column:
            message = f"“{first.header.text}”和“{column.header.text}”两列都是{column.field.label}"
            raise WrongUse(
                message, where=shown(column.path), hint=f"用 --map “{column.header.text}={UNUSED}”去掉一列"
            )


def shown(path: Path) -> str:
    """A place as people write it: lists count from 1."""
    return ".".join(str(s + 1) if isinstance(s, int) else s for s in path)


def _placed(pattern: str, numbers: Sequence[int]) -> Path:
    """A pattern with its numbers; the innermost lists take those that are named, the others the first row."""
    steps = pattern.split(".")
    left = [0] * (steps.count("*") - len(numbers)) + list(numbers)
    rows = iter(left)
    return tuple(next(rows) if step == "*" else step for step in steps)


def _key(text: str) -> str:
    """A header without units, marks and blanks."""
    return _UNIT.sub("", text).replace("(", "（").replace(")", "）")
