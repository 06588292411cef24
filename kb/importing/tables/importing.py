"""Import a table as published: one call from a file to draft records, what wasn't read, and what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.drafts import check
from kb.errors import BadPackage
from kb.importing.tables.blocks import Reading, read_blocks
from kb.importing.tables.build import Drafted, Maker
from kb.importing.tables.findings import TableFinding, record_findings, table_findings
from kb.importing.tables.headers import column_list, parse_columns
from kb.importing.tables.reading import read_grids
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

    @property
    def records(self) -> list[tuple[Record, str]]:
        """The records with the place each was read from, as `kb.drafts.propose` takes them."""
        return [(one.record, one.place) for one in self.drafted]

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
    source: Path | bytes, base: Snapshot, about: About, *, columns: Iterable[str] = (), name: str = ""
) -> TableImport:
    """Read a table.

    Args:
        source: the file (.xls, .xlsx, .docx, .csv), or its bytes.
        base: what citations and amounts are checked against.
        about: the instrument.
        columns: mapped by hand, 违法行为=C.
        name: what messages call bytes.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile, too large, or without any table.
        WrongUse: a column mapping nobody can read.
    """
    by_hand = parse_columns(columns)
    label = name or (source.name if isinstance(source, Path) else "上传的文件")
    grids = read_grids(source, name)
    if not any(grid.cells for grid in grids):
        raise BadPackage("文件里没有表格", where=label, hint="表格是图片的，请先转成文字")
    reading = read_blocks(grids, by_hand)
    stem = label.rpartition(".")[0] or label
    instrument = about.instrument or stem
    maker = Maker(
        reading,
        base.laws,
        about.from_ or about.today,
        Source(instrument=instrument, number=about.number, url=about.url, checked=about.today),
        f"{SLUGS.get(about.domain, 'general')}/{_slug(stem, instrument)}-",
        about.domain,
        about.from_,
        about.to,
    )
    drafted = maker.records()
    reading.unread.sort(key=lambda left: left.order)
    report = check(base, [one.record for one in drafted])
    found = table_findings(reading, drafted) + record_findings(report.findings, drafted)
    return TableImport(label, reading, drafted, found, report.notes)


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
    lines += [f"  另：{_if(m.when)}{m.kind}" for m in r.measures]
    return lines + ([f"  备注：{r.note}"] if r.note else [])


def _if(when: When) -> str:
    from kb.conditions import words

    return f"{words(when)}的，" if when else ""


def _who(subject: str) -> str:
    return f"对{subject}" if subject else ""
