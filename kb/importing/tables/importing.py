"""Import a table as published: one call from a file to draft records, what wasn't read, and what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.drafts import check
from kb.errors import BadPackage
from kb.importing.tables.blocks import Reading, read_blocks
from kb.importing.tables.build import Drafted, Maker
from kb.importing.tables.findings import TableFinding, record_findings, table_findings
from kb.importing.tables.grid import Grid
from kb.importing.tables.headers import Role, column_list, parse_columns
from kb.importing.tables.lists import Listed, entry_lines, is_list, listed_findings, read_list
from kb.importing.tables.reading import read_grids
from kb.importing.tables.weight_records import standard_records
from kb.importing.tables.weights import is_standards, read_standards
from kb.records import SLUGS, Domain, Record, Source, When
from kb.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class About:
    """What the file itself doesn't say of the instrument it is.

    ``today`` is the day of the import; ``from_`` and ``to`` are when the instrument holds. An empty
    ``instrument`` is taken from the file's name.
    """

    today: date
    instrument: str = ""
    number: str = ""
    url: str = ""
    domain: Domain = "通用"
    from_: date | None = None
    to: date | None = None


@dataclass
class TableImport:
    """What was read of a file. Nothing of it is stored: `records` is what a draft takes."""

    name: str
    reading: Reading
    drafted: list[Drafted]
    findings: list[TableFinding]
    notes: tuple[str, ...] = ()
    listed: list[Listed] = field(default_factory=list)

    @property
    def records(self) -> list[tuple[Record, str]]:
        """The records with the place each was read from, as `kb.drafts.propose` takes them."""
        benchmarks: list[tuple[Record, str]] = [(one.record, one.place) for one in self.drafted]
        return benchmarks + [(one.record, one.place) for one in self.listed]

    def to_dict(self) -> dict[str, Any]:
        """The ``kb import`` JSON. The counts are of non-empty cells as stored."""
        reading = self.reading
        return {
            "violations": reading.count("violation"),
            "conditions": reading.count("condition"),
            "amounts": reading.count("amount"),
            "imported": reading.imported,
            "unread": [left.to_dict() for left in reading.unread],
            "findings": [f.to_dict() for f in self.findings],
        }


def import_table(
    source: Path | bytes,
    base: Snapshot,
    about: About,
    *,
    columns: Iterable[str] = (),
    name: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> TableImport:
    """Read a table: benchmarks a row each, benchmarks a sheet each with weights, or one of the three lists.

    Args:
        source: the file (.xls, .xlsx, .docx, .pdf, .csv, .md), or its bytes.
        base: what citations and amounts are checked against.
        about: the instrument.
        columns: mapped by hand, 违法行为=C.
        name: what messages call bytes.
        progress: told after each page of a PDF: which, and of how many.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile, too large, or without any table.
        WrongUse: a column mapping nobody can read.
    """
    by_hand = parse_columns(columns)
    label = name or (source.name if isinstance(source, Path) else "上传的文件")
    grids = read_grids(source, name, progress=progress)
    if not any(grid.cells for grid in grids):
        raise BadPackage("文件里没有表格", where=label, hint="表格是图片的，请先转成文字")
    stem = label.rpartition(".")[0] or label
    instrument = about.instrument or stem
    maker = Maker(
        Reading(sheets={id(grid): n for n, grid in enumerate(grids)}),
        base.laws,
        about.from_ or about.today,
        Source(instrument=instrument, number=about.number, url=about.url, checked=about.today),
        f"{SLUGS.get(about.domain, 'general')}/{_slug(stem, instrument)}-",
        about.domain,
        about.from_,
        about.to,
    )
    drafted, listed = _understand(grids, by_hand, maker)
    reading = maker.reading
    reading.unread.sort(key=lambda left: left.order)
    report = check(base, [*(one.record for one in drafted), *(one.record for one in listed)])
    found = table_findings(reading, drafted) + listed_findings(report.findings, listed)
    found += record_findings([f for f in report.findings if f.id in {d.record.id for d in drafted}], drafted)
    return TableImport(label, reading, drafted, found, report.notes, listed)


def _understand(
    grids: Sequence[Grid], by_hand: Mapping[int, Role], maker: Maker
) -> tuple[list[Drafted], list[Listed]]:
    """A sheet a violation, one of the three lists, or else (and with columns by hand) a row a violation."""
    if not by_hand and is_standards(grids):
        return standard_records(read_standards(grids, maker.reading), maker), []
    if not by_hand and is_list(grids):
        return [], read_list(grids, maker)
    maker.reading = read_blocks(grids, by_hand)
    return maker.records(), []


def _slug(stem: str, instrument: str) -> str:
    """The file's name in the letters of an id; a digest of the instrument where it has none."""
    words = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return (
        words[:60]
        if re.search(r"[a-z]", words)
        else "t" + hashlib.sha256(instrument.encode()).hexdigest()[:8]
    )


def preview(result: TableImport, *, most: int = 0) -> list[str]:
    """What was understood, row by row, for the person who decides whether to hand it in.

    Args:
        most: how many violations to show; 0 for all.
    """
    lines = [f"《{result.name}》"]
    for sheet, layout in result.reading.columns:
        lines.append(f"表“{sheet}”：" + "，".join(column_list(layout)))
    shown = result.drafted[:most] if most else result.drafted
    for one in shown:
        lines += ["", *_record_lines(one)]
    if len(shown) < len(result.drafted):
        lines.append(f"……另有 {len(result.drafted) - len(shown)} 项")
    for one_listed in result.listed[: most or None]:
        lines += ["", *entry_lines(one_listed)]
    return lines


def _record_lines(one: Drafted) -> list[str]:
    from kb.conditions import words

    r = one.record
    lines = [f"{r.id}  {r.violation}（{one.place}）", "  处罚依据：" + "、".join(r.penalty_basis)]
    if r.violated:
        lines.append("  违反：" + "、".join(r.violated))
    lines += [f"  法定：{_who(b.subject)}{_if(b.when)}{b.fine}" for b in r.statutory]
    for n, t in enumerate(r.tiers, 1):
        price = t.fine or t.kind or "、".join(m.kind for m in t.measures)
        place = one.places[f"tiers 第{n}条"]
        lines.append(f"  {t.label}：{words(t.when) or '无附加条件'} → {_who(t.subject)}{price}（{place}）")
    for n, w in enumerate(r.weights, 1):
        limits = "".join(f"，{name}{end}" for name, end in (("不足按", w.floor), ("最多", w.cap)) if end)
        told = f"裁量起点{w.start}，{len(w.factors)}个要素{limits}，{w.formula}"
        lines.append(
            f"  {w.label or '权重'}：{_who(w.subject)}{_if(w.when)}{told}（{one.places[f'weights 第{n}条']}）"
        )
    lines += [f"  另：{_if(m.when)}{m.kind}" for m in r.measures]
    return lines + ([f"  备注：{r.note}"] if r.note else [])


def _if(when: When) -> str:
    from kb.conditions import words

    return f"{words(when)}的，" if when else ""


def _who(subject: str) -> str:
    return f"对{subject}" if subject else ""
