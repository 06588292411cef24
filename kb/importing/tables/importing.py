"""Import a table as published: one call from a file to draft records, what wasn't read, and what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.drafts import check
from kb.errors import BadPackage, WrongUse
from kb.importing.preview import Understood, understood
from kb.importing.tables.blocks import Reading, read_blocks
from kb.importing.tables.build import Drafted, Maker
from kb.importing.tables.ends import close_with_laws
from kb.importing.tables.findings import TableFinding, record_findings, table_findings
from kb.importing.tables.grid import Grid
from kb.importing.tables.headers import ByHand, column_list, parse_columns
from kb.importing.tables.lists import Listed, is_list, listed_findings, read_list
from kb.importing.tables.reading import read_grids
from kb.importing.tables.weight_records import standard_records
from kb.importing.tables.weights import is_standards, read_standards
from kb.records import SLUGS, Domain, Record, Source
from kb.snapshot import Snapshot

Progress = Callable[[str], None]
"""Told what is being done, in a few words."""


def silent(_what: str) -> None:
    """Tells nobody."""


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
    grids: list[Grid] = field(default_factory=list)

    @property
    def records(self) -> list[tuple[Record, str]]:
        """The records with the place each was read from, as `kb.drafts.propose` takes them."""
        benchmarks: list[tuple[Record, str]] = [(one.record, one.place) for one in self.drafted]
        return benchmarks + [(one.record, one.place) for one in self.listed]

    @property
    def understood(self) -> list[Understood]:
        """What each record says and where it was read."""
        drafted = [understood(one.record, one.place, one.places) for one in self.drafted]
        return drafted + [understood(one.record, one.place) for one in self.listed]

    def preview(self) -> list[str]:
        """What was understood, row by row."""
        lines = [f"《{self.name}》"]
        for sheet, layout in self.reading.columns:
            lines.append(f"表“{sheet}”：" + "，".join(column_list(layout)))
        for one in self.understood:
            lines += ["", *one.to_text()]
        return lines

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
    kind: str = "",
    columns: Iterable[str] = (),
    name: str = "",
    progress: Progress = silent,
) -> TableImport:
    """Read a table: benchmarks a row each, benchmarks a sheet each with weights, or one of the three lists.

    Args:
        source: the file (.xls, .xlsx, .docx, .pdf, .csv, .md), or its bytes.
        base: what citations and amounts are checked against.
        about: the instrument.
        kind: ``benchmark`` or ``leniency``; "" lets the table say which it is.
        columns: mapped by hand, 违法行为=C, 不用=D.
        name: what messages call bytes.
        progress: told what is being done.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile, too large, or without any table.
        WrongUse: a column mapping nobody can read, or the table is not of the kind.
    """
    by_hand = parse_columns(columns)
    label = name or (source.name if isinstance(source, Path) else "上传的文件")
    progress("读文件")
    grids = read_grids(source, name, progress=lambda n, of: progress(f"读第 {n} 页，共 {of} 页"))
    if not any(grid.cells for grid in grids):
        raise BadPackage("文件里没有表格", where=label, hint="表格是图片的，请先转成文字")
    progress("逐行理解")
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
    drafted, listed = _understand(grids, kind, by_hand, maker)
    reading = maker.reading
    reading.unread.sort(key=lambda left: left.order)
    progress(f"核对 {len(drafted) + len(listed)} 条记录")
    ended = close_with_laws(drafted, base.laws)
    report = check(base, [*(one.record for one in drafted), *(one.record for one in listed)])
    found = table_findings(reading, drafted) + ended + listed_findings(report.findings, listed)
    ids = {one.record.id for one in drafted}
    found += record_findings([f for f in report.findings if f.id in ids], drafted)
    return TableImport(label, reading, drafted, found, report.notes, listed, grids)


def _understand(
    grids: Sequence[Grid], kind: str, by_hand: ByHand, maker: Maker
) -> tuple[list[Drafted], list[Listed]]:
    """A sheet a violation, one of the three lists, or else a row a violation."""
    if kind not in ("", "benchmark", "leniency"):
        raise WrongUse(f"表里读不出 {kind}", where="--as", hint="表写 benchmark 或者 leniency")
    if kind != "leniency" and not by_hand and is_standards(grids):
        return standard_records(read_standards(grids, maker.reading), maker), []
    if kind != "benchmark" and is_list(grids, by_hand):
        return [], read_list(grids, maker, by_hand)
    if kind == "leniency":
        hint = "清单要有违法行为和适用条件两列，没有裁量标准；表题或者表头写明不予、从轻或者减轻"
        raise WrongUse("没有认出清单", where="--as leniency", hint=hint)
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
