"""A batch as the doors ask for it: the table, what its columns mean, the shared case file, the drafter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from app import clock
from app.api.caseform import SECTIONS, Ask, Rows
from app.api.papers import example_case
from casework.batch.assembling import Assembler, Fault
from casework.batch.journal import Journal, journal_of
from casework.batch.mapping import Fields, KnownField, map_columns, shown
from casework.batch.mapping import Path as Place
from casework.batch.output import publish
from casework.batch.report import REPORT
from casework.batch.rows import open_sheet
from casework.batch.running import Batch, Checked, Stop, Tell, run
from generator.catalogue import DocumentType
from kb.errors import WrongUse
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from app.base import Base
    from casework.batch.issuing import Registry
    from casework.office.rosters import Roster


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks a batch of.

    Attributes:
        kind: the paper each row becomes.
        rows: the table, its bytes; ``name``: what messages call it.
        shared: what all cases share, as CASE.yaml has it.
        columns: columns mapped by hand, each ``列名=路径``.
        by: who issues the papers; empty: they are only drafted.
    """

    kind: DocumentType
    rows: bytes
    name: str
    shared: Mapping[str, Any]
    columns: Sequence[str] = ()
    by: str = ""

    @property
    def same(self) -> dict[str, Any]:
        """What has to be the same for a batch to go on."""
        return {
            "type": self.kind.type,
            "rows": sha256(self.rows).hexdigest(),
            "shared": sha256(repr(self.shared).encode()).hexdigest(),
            "columns": list(self.columns),
            "by": self.by,
        }


def prepare(
    asked: Asked,
    base: Snapshot,
    day: date,
    registry: Registry | None = None,
    roster: Roster | None = None,
) -> Batch:
    """Read a table and say what it means; nothing is drafted yet.

    Args:
        asked: the table and what goes with it.
        base: what the papers are proven against.
        day: the day of papers whose case names none.
        registry: where the papers are issued; None: they are drafted.
        roster: the officers who hold a certificate; None: they are not checked.

    Raises:
        NotFound, BadPackage, WrongUse: the table; WrongUse: a mapping by hand.
    """
    fields = fields_of(asked.kind, base, asked.shared)
    sheet = open_sheet(asked.rows, fields.knows, asked.name)
    columns = map_columns(sheet, fields, asked.columns)
    stem = f"{asked.shared.get('id') or 'batch'}/{asked.same['rows'][:8]}"
    assembler = Assembler(asked.kind, columns.known, asked.shared, base, stem)
    return Batch(asked.kind, sheet, columns, assembler, base, day, registry, roster)


def registry_of(base: Base, asked: Asked, snapshot: Snapshot, name: str = "") -> Registry | None:
    """Where the papers of a batch are issued; None where nobody issues them."""
    if not asked.by:
        return None
    from casework.batch.issuing import Registry
    from casework.cases import Cases

    return Registry(Cases(base.store), snapshot, asked.kind, asked.by, clock.now, name)


def roster_of(base: Base) -> Roster:
    """The officers of the agency's own table."""
    from casework.office.rosters import Roster

    return Roster.of(base.store)


class Run(NamedTuple):
    """What came of a run.

    Attributes:
        data: as `made` says it; ``rows``: how many the table has.
        whole: every row has its outcome and the output stands; else the run was stopped and can go on.
    """

    data: dict[str, Any]
    rows: int
    whole: bool


def make(
    asked: Asked,
    base: Base,
    out: Path,
    today: date,
    tell: Tell,
    stop: Stop,
    *,
    processes: int = 1,
    told: Callable[[dict[str, Any]], None] = lambda data: None,
) -> Run:
    """Make the papers of a table, or go on making them, and put them where they were asked for.

    The journal beside `out` goes once `out` stands; until then, whatever stops it, the run can go on.

    Args:
        tell, stop, processes: as `casework.batch.running.run`.
        told: told what came of it, before the output stands.

    Raises:
        as `begin` (a batch that never began leaves no journal); OSError: as `casework.batch.output.publish`.
    """
    journal = Journal(journal_of(out))
    try:
        batch = begin(asked, base, journal, today)
        whole = run(batch, journal, tell, stop, processes=processes)
        data = made(batch, journal, out)
        told(data)
        if whole:
            publish(journal, out)
            journal.remove()
    except WrongUse:
        if not journal.done():
            journal.remove()
        raise
    finally:
        journal.close()
    return Run(data, batch.sheet.total, whole)


def begin(asked: Asked, base: Base, journal: Journal, today: date) -> Batch:
    """Begin a batch, or go on with it on the base and the day of its beginning.

    Raises:
        as `prepare`; WrongUse also where a column is not understood, or where something else was begun.
    """
    newest = base.snapshot()
    fresh: dict[str, Any] = {"revision": newest.revision, "day": today.isoformat(), "name": uuid4().hex[:12]}
    head = journal.head() or fresh
    old = head["revision"] != newest.revision
    snapshot = base.store.snapshot(head["revision"]) if old else newest
    registry = registry_of(base, asked, snapshot, head["name"])
    batch = prepare(asked, snapshot, date.fromisoformat(head["day"]), registry, roster_of(base))
    settled(batch)
    journal.begin({"same": asked.same, "total": batch.sheet.total, **fresh})
    return batch


def settled(batch: Batch) -> None:
    """Refuse a table with columns nobody could place: what they say would be lost.

    Raises:
        WrongUse: names the first of them.
    """
    if batch.columns.unclear:
        first, more = batch.columns.unclear[0], len(batch.columns.unclear) - 1
        raise WrongUse(
            first.message + (f"（另有 {more} 列）" if more else ""),
            where=f"{batch.sheet.name} {first.header.letter}列",
            hint=first.hint,
        )


def read_shared(path: Path | None) -> dict[str, Any]:
    """What all cases of a batch share; a file that is no whole case is as good.

    Raises:
        NotFound, BadRecord: the file.
    """
    from kb.importing.yaml_files import load_yaml

    return load_yaml(path)[0] if path else {}


# ---------------------------------------------------------------- fields


def known_fields() -> list[KnownField]:
    """Every field of the case file, called what the form calls it."""
    found = [f for section in SECTIONS for f in _fields(section.asks, "")]
    return [*found, KnownField("violations.*.act", "违法行为起止", "period", "违法行为")]


def _fields(asks: Sequence[Ask | Rows], group: str) -> list[KnownField]:
    out = []
    for ask in asks:
        if isinstance(ask, Rows):
            out += _fields(ask.asks, ask.label)
        elif ask.widget not in ("fact", "tick"):
            out.append(KnownField(ask.path, ask.label, _kind(ask), group, ask.help, _options(ask)))
    return out


def _kind(ask: Ask) -> str:
    if ask.options == (("true", "是"), ("false", "否")):
        return "yes"
    if ask.widget == "number" and not ask.path.endswith(".number"):
        return "count"
    return {"leniency": "code"}.get(ask.widget, ask.widget)


def _options(ask: Ask) -> tuple[tuple[str, str | bool], ...]:
    """What people write for a choice (单位), and the word of the case file (unit), understood too."""
    if ask.widget != "choice" or _kind(ask) == "yes":
        return ()
    return tuple({**{label: value for value, label in ask.options}, **{v: v for v, _ in ask.options}}.items())


def fields_of(kind: DocumentType, base: Snapshot, shared: Mapping[str, Any]) -> Fields:
    violations = shared.get("violations")
    rows = [v for v in violations if isinstance(v, Mapping)] if isinstance(violations, list) else []
    benchmarks = [str(v["benchmark"]) for v in rows if "benchmark" in v]
    return Fields(known_fields(), kind, base, benchmarks=benchmarks)


# ---------------------------------------------------------------- as data


def table(batch: Batch) -> dict[str, Any]:
    """What was understood of a table."""
    return {
        "rows": batch.sheet.total,
        "columns": [c.to_dict() for c in batch.columns.known],
        "unused": [{"column": h.letter, "header": h.text} for h in batch.columns.unused],
        "unclear": [
            {"column": u.header.letter, "header": u.header.text, "message": u.message, "hint": u.hint}
            for u in batch.columns.unclear
        ],
        "sheets_left_out": list(batch.sheet.others),
    }


def checked(batch: Batch, found: Checked) -> dict[str, Any]:
    """A dry run: what each row lacks."""
    return {
        "type": batch.kind.type,
        **table(batch),
        "total": found.total,
        "good": found.good,
        "faults": [f.to_dict() for f in found.faults],
    }


def made(batch: Batch, journal: Journal, out: Path) -> dict[str, Any]:
    """A run: how many rows came to what, and every fault."""
    return {
        "type": batch.kind.type,
        "file": str(out),
        "report": REPORT,
        "total": journal.done(),
        "counts": journal.counts(),
        "faults": [f.to_dict() for o in journal.outcomes(faulty=True) for f in o.faults],
    }


def grouped(faults: Sequence[Fault]) -> list[tuple[Fault, list[int]]]:
    """Faults that say the same of the same column, with the rows they stand in; the most rows first."""
    out: dict[tuple[str, str, str], tuple[Fault, list[int]]] = {}
    for f in faults:
        out.setdefault((f.column, f.code, f.message), (f, []))[1].append(f.row)
    return sorted(out.values(), key=lambda g: -len(g[1]))


# ---------------------------------------------------------------- the empty table

PER_ROW = (
    "parties.0.",
    "violations.0.act.",
    "violations.0.benchmark",
    "violations.0.facts.",
    "violations.0.found_on",
    "violations.0.place",
    "violations.0.narrative",
    "violations.0.discretion.reasons",
    "violations.0.fine",
    "violations.0.evidence.0.",
    "violations.0.evidence.1.",
    "notice.",
    "filed",
    "source",
    "investigation",
)
"""What usually differs from row to row; the rest a shared case file says once."""


def empty_table(kind: DocumentType, base: Snapshot) -> bytes:
    """An .xlsx to fill, with labels, help and the shipped example as a row."""
    from app.web.casevalues import flatten
    from casework.batch.report import blank_sheet
    from generator.casefile import case_from

    shared = example_case(kind)
    fields = fields_of(kind, base, shared)
    typed = flatten(case_from(shared).model_dump(exclude_unset=True)) if shared else {}
    wanted = (*PER_ROW, f"{kind.block}." if kind.block else "paper.")
    paths: list[tuple[Place, KnownField]] = []
    example = []
    for path, text in typed.items():
        if (
            path.startswith(wanted)
            and (found := fields.find(_counted(path)))
            and isinstance(found[1], KnownField)
        ):
            paths.append((found[0], found[1]))
            example.append(_as_people_write(found[1], text))
    for name, text in _own_examples(kind, shared):
        place, field = fields.find(name)
        if isinstance(field, KnownField):
            paths.append((place, field))  # type: ignore[arg-type]
            example.append(text)
    owed = (
        {f"own.{f.name}" for f in kind.own if not f.optional}
        | {f.path for f in kind.fields}
        | {"parties.name", "parties.kind", "parties.address"}
    )
    must = [p for p in fields.by_path if p.replace(".*", "") in owed]
    return blank_sheet(fields, paths, example, must)


def _own_examples(kind: DocumentType, shared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The day and the own fields of a paper without a block, with what the example says."""
    if kind.block:
        return []
    entry: Mapping[str, Any] = next((p for p in shared.get("papers") or [] if p.get("type") == kind.type), {})
    said = {f.name: entry.get("values", {}).get(f.name, f.example) for f in kind.own if not f.computed}
    rows = {f"own.{name}": value for name, value in said.items() if not isinstance(value, Mapping)}
    texts = {n: "\n".join(map(str, v)) if isinstance(v, list) else str(v or "") for n, v in rows.items()}
    return [("paper.date", str(entry.get("date", ""))), *texts.items()]


def _counted(path: str) -> str:
    """A path of the form (lists from 0) as people write it."""
    return shown(tuple(int(s) if s.isascii() and s.isdigit() else s for s in path.split(".")))


def _as_people_write(field: KnownField, text: str) -> str:
    if field.kind == "yes":
        return "是" if text == "true" else "否"
    return next((word for word, value in field.options if value == text), text)
