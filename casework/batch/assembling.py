"""From one row to one case: the shared case file with the cells of the row put in; every fault by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from casework.batch.mapping import Column, Path, shown
from casework.batch.rows import Cell, Row
from casework.batch.values import read_value
from generator.casefile import CaseFile
from generator.catalogue import DocumentType
from kb.errors import BadValue, CailiangError
from kb.facts import Unknowable, read_fact
from kb.importing.yaml_files import Lines, faults, field_name
from kb.records import Benchmark, Fact
from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a row from becoming a paper.

    Attributes:
        row: the row as the file counts it.
        column: the header of the column at fault; empty where no column is.
        field: the place of the case file, lists counted from 1; empty where it is none.
        code: the finding's code; empty for a value that can't be read.
    """

    row: int
    column: str
    field: str
    code: str
    message: str
    hint: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__}

    @property
    def text(self) -> str:
        """One line: which column, what, how to mend."""
        place = f"{self.column}：" if self.column else ""
        mend = f"；{self.hint}" if self.hint else ""
        return f"{place}{self.code + ' ' if self.code else ''}{self.message}{mend}"


@dataclass(frozen=True, slots=True)
class Assembled:
    """The case of one row: its body as CASE.yaml would hold it, typed where it is whole, and its faults."""

    body: dict[str, Any]
    case: CaseFile | None
    faults: list[Fault]


class Assembler:
    """Makes cases of rows.

    Args:
        kind: the paper each case is for.
        columns: what the table gives.
        shared: what all cases share, as CASE.yaml would hold it; may be empty.
        base: whose benchmarks and facts are meant.
        stem: start of the ids of cases that have none.
    """

    def __init__(
        self,
        kind: DocumentType,
        columns: Sequence[Column],
        shared: Mapping[str, Any],
        base: Snapshot,
        stem: str,
    ) -> None:
        self.kind = kind
        self.columns = tuple(columns)
        self.shared = _without_number(shared, kind)
        self.base = base
        self.stem = stem
        self._by_path = {c.path: c for c in columns}
        # A second row of a list may be there without the first: its blanks close up.
        self._gappy = any(isinstance(step, int) and step for c in columns for step in c.path)
        self._benchmarks: dict[str, str] = {}
        self._facts: dict[str, dict[str, Fact]] = {}

    def case(self, row: Row) -> Assembled:
        """The case of one row, or everything that keeps it from being one."""
        from pydantic import ValidationError

        data: dict[str, Any] = dict(self.shared)
        found: list[Fault] = []
        late: list[tuple[Column, Cell]] = []
        for column in self.columns:
            cell = row.cells.get(column.header.column)
            if column.field.kind == "fact" and cell is not None:
                late.append((column, cell))  # what a fact is, the benchmark says
                continue
            _put(data, column.path, None if cell is None else self._value(row, column, cell, found))
        for column, cell in late:
            _put(data, column.path, self._fact(row, column, cell, data, found))
        self._finish(data, row)
        try:
            case = CaseFile.model_validate(data)
        except ValidationError as error:
            told = {f.column for f in found}
            for at, message, hint in faults(CaseFile, error, Lines("")):
                fault = self._placed(row, at, message, hint)
                if fault.column not in told or not fault.column:
                    found.append(fault)
            return Assembled(data, None, found)
        return Assembled(data, None if found else case, found)

    def finding(self, row: Row, found: Mapping[str, Any]) -> Fault:
        """A finding of the finished paper, at the column whose field it names."""
        text = str(found["text"])
        column = next((c for c in self.columns if text and _plain(c.path) == text), None)
        message, code = str(found["message"]), str(found["code"])
        if column is not None:
            message = message if column.header.text in message else f"{message}（{column.header.text}是空的）"
        return Fault(
            row.number,
            column.header.text if column else "",
            text if column else "",
            code,
            message,
            found["suggestion"],
        )

    # ------------------------------------------------------------ cells

    def _value(self, row: Row, column: Column, cell: Cell, found: list[Fault]) -> Any:
        if cell.fault:
            found.append(_fault(row, column, cell.fault, "打开表格重新计算并保存，或者改成值"))
            return None
        field = column.field
        try:
            if field.kind == "benchmark" and isinstance(cell.value, str):
                return self._benchmark(cell.value.strip())
            value = read_value(field.kind, dict(field.options), cell.value)
        except CailiangError as error:
            found.append(_fault(row, column, error.message, error.hint))
            return None
        return _as_written(value) if column.path[0] == "own" else value

    def _benchmark(self, text: str) -> str:
        """The id of a benchmark, given as such or by the name of the violation."""
        if text not in self._benchmarks:
            rows = [r for r in self.base.records("benchmark") if isinstance(r, Benchmark)]
            ids = dict.fromkeys(r.id for r in rows if text in (r.id, r.violation, r.title))
            if len(ids) != 1:
                several = "：" + "、".join(ids) if ids else ""
                hint = "写其中一个编号" if ids else "写基准的编号，如 market/unlicensed-food-business"
                raise BadValue(
                    f"“{text[:40]}”{'有几个基准' if ids else '不是知识库里的违法行为'}{several}", hint=hint
                )
            self._benchmarks[text] = next(iter(ids))
        return self._benchmarks[text]

    def _fact(self, row: Row, column: Column, cell: Cell, data: Mapping[str, Any], found: list[Fault]) -> Any:
        violations, number = data.get("violations") or [], column.path[1]
        id = violations[int(number)].get("benchmark") if len(violations) > int(number) else None
        known = self._facts_of(str(id or "")).get(str(column.path[-1]))
        if cell.fault or known is None:
            message = (
                cell.fault or f"基准“{id}”没有这项事实" if id else "没有写明违法行为，不知道这项事实是什么"
            )
            found.append(
                _fault(
                    row, column, message, "打开表格改成值" if cell.fault else "清空这一格，或者核对违法行为"
                )
            )
            return None
        try:
            value = read_fact("", known, cell.value)
        except CailiangError as error:
            found.append(_fault(row, column, error.message, error.hint))
            return None
        return cell.value if value is None or isinstance(value, Unknowable | tuple) else value

    def _facts_of(self, id: str) -> dict[str, Fact]:
        if id not in self._facts:
            rows = [r for r in self.base.records("benchmark") if r.id == id and isinstance(r, Benchmark)]
            self._facts[id] = {name: fact for r in rows for name, fact in r.facts.items()}
        return self._facts[id]

    # ------------------------------------------------------------ whole

    def _finish(self, data: dict[str, Any], row: Row) -> None:
        """What no table writes: the schema, the id, an act of one day, the entry of the paper."""
        data.setdefault("schema", 1)
        if data.get("id") is None or ("id",) not in self._by_path:
            data["id"] = f"{self.stem}-{row.number}"
        if self._gappy:
            data |= _without_blanks(data)
        violations = data.get("violations")
        for n, violation in enumerate(violations if isinstance(violations, list) else ()):
            act = violation.get("act") if isinstance(violation, dict) else None
            if isinstance(act, dict) and "end" in act and "start" not in act:
                _put(data, ("violations", n, "act", "start"), act["end"])
        paper, own = data.pop("paper", {}), data.pop("own", {})
        if not self.kind.block:
            data["papers"] = self._with_paper(list(data.get("papers") or []), paper, own)

    def _with_paper(self, papers: list[Any], paper: dict[str, Any], own: dict[str, Any]) -> list[Any]:
        """The papers of the case with that of the row, in the place of the one that all cases share."""
        of_type = (
            n for n, p in enumerate(papers) if isinstance(p, Mapping) and p.get("type") == self.kind.type
        )
        at = next(of_type, len(papers))
        shared: dict[str, Any] = dict(papers[at]) if at < len(papers) else {"type": self.kind.type}
        shared.pop("number", None)
        values = {**(shared.get("values") or {}), **own}
        papers[at:] = [{**shared, **paper, **({"values": values} if values else {})}, *papers[at + 1 :]]
        return papers

    def _placed(self, row: Row, at: Path, message: str, hint: str) -> Fault:
        """A fault of the case file, at the column it comes from and in the words of its header."""
        column = next((c for n in range(len(at), 0, -1) if (c := self._by_path.get(at[:n]))), None)
        if column is None:
            inner = [c for c in self.columns if c.path[: len(at)] == at]
            named = [c for c in inner if c.field.label in message + hint] or inner
            column = named[0] if len(named) == 1 else None
        if message == f"字段“{field_name(at)}”不对":  # what is wrong with it, the hint says
            message, hint = hint, ""
        if column is None:
            return Fault(row.number, "", shown(at), "", message, hint)
        message = message.replace(field_name(at), column.header.text)
        return Fault(row.number, column.header.text, shown(column.path), "", message, hint)


def _without_number(shared: Mapping[str, Any], kind: DocumentType) -> dict[str, Any]:
    """What all cases share never is the number of their papers."""
    block = shared.get(kind.block)
    if not isinstance(block, Mapping) or "number" not in block:
        return dict(shared)
    return {**shared, kind.block: {name: value for name, value in block.items() if name != "number"}}


def _fault(row: Row, column: Column, message: str, hint: str) -> Fault:
    return Fault(row.number, column.header.text, shown(column.path), "", message, hint)


def _plain(path: Path) -> str:
    return ".".join(str(s) for s in path if not isinstance(s, int))


def _put(tree: dict[str, Any], path: Path, value: Any) -> None:
    """Set a place of the case, or clear it (None); only what lies on the way is copied, no more."""
    at: Any = tree
    for step, after in pairwise(path):
        inner = _inner(at, step)
        if inner is None and value is None:
            return
        fresh: Any = _copied(inner, step, after)
        if isinstance(at, list):
            while len(at) <= int(step):
                at.append({})
        at[step] = fresh
        at = fresh
    if value is None:
        at.pop(path[-1], None)
    else:
        at[path[-1]] = value


def _inner(at: Any, step: str | int) -> Any:
    if isinstance(at, list):
        return at[step] if isinstance(step, int) and step < len(at) else None
    return at.get(step)


def _copied(inner: Any, step: str | int, after: str | int) -> Any:
    if step == "act" and isinstance(inner, str | date):  # a period written as one text
        start, _, end = str(inner).partition("..")
        return {"start": start, "end": end or start}
    if isinstance(after, int):
        return list(inner) if isinstance(inner, list) else []
    return dict(inner) if isinstance(inner, dict) else {}


def _as_written(value: Any) -> Any:
    """A value of an own field as an author writes it: its type reads it from text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value) if isinstance(value, date | Decimal | int) else value


def _without_blanks(data: Any) -> Any:
    """The same with no empty rows in its lists."""
    if isinstance(data, dict):
        return {k: _without_blanks(v) for k, v in data.items()}
    if isinstance(data, list):
        return [v for v in map(_without_blanks, data) if v != {}]
    return data
