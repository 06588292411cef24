"""Any file an editor hands in: a table as published, or a record file. One way from either to a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.checks import Report
from kb.drafts import check
from kb.errors import BadRecord, WrongUse
from kb.importing.preview import Understood, understood
from kb.importing.records import parse_records
from kb.importing.tables.findings import TableFinding
from kb.importing.tables.importing import About, Progress, TableImport, import_table, silent
from kb.importing.tables.reading import load
from kb.importing.yaml_files import decode
from kb.records import KINDS, Record
from kb.snapshot import Snapshot

RECORD_FILES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class RecordImport:
    """What a record file says: its records with their lines, and what the checks find in them."""

    name: str
    records: list[tuple[Record, str]]
    report: Report

    @property
    def findings(self) -> list[TableFinding]:
        """The checks' findings, at the line where the record begins."""
        places = {record.id: place for record, place in self.records}
        return [
            TableFinding(f.code, " ".join(filter(None, (places[f.id], f.place))), f.message, f.suggestion)
            for f in self.report.findings
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        return self.report.notes

    @property
    def understood(self) -> list[Understood]:
        """What each record says and where it stands."""
        return [understood(record, place) for record, place in self.records]

    def preview(self) -> list[str]:
        """What was understood, record by record."""
        return [f"《{self.name}》", *(text for one in self.understood for text in ("", *one.to_text()))]

    def to_dict(self) -> dict[str, Any]:
        """The ``kb import`` JSON: no cells, ``imported`` counts the records; a fault refuses it whole."""
        return {
            "violations": 0,
            "conditions": 0,
            "amounts": 0,
            "imported": len(self.records),
            "unread": [],
            "findings": [f.to_dict() for f in self.findings],
        }


Incoming = TableImport | RecordImport


def read_incoming(
    source: Path | bytes,
    base: Snapshot,
    about: About,
    *,
    kind: str = "",
    columns: Iterable[str] = (),
    name: str = "",
    progress: Progress = silent,
) -> Incoming:
    """Read a file that somebody hands in.

    Args:
        source: the file, or its bytes.
        base: what its citations and amounts are checked against.
        about: the instrument a table is; a record file says that itself.
        kind: what the records are (a key of `kb.records.KINDS`); "" lets the file say.
        columns: of a table, mapped by hand.
        name: what messages call bytes; its ending tells a record file.
        progress: told what is being done.

    Raises:
        NotFound: no such file.
        BadPackage, BadRecord: damaged, hostile, too large, or faulty (the line is named).
        WrongUse: the file is not of the kind, or something is given that it says itself.
    """
    if kind and kind not in KINDS:
        raise WrongUse(f"没有“{kind}”这种记录", where="--as", hint="可以写 " + "、".join(KINDS))
    data, label = load(source, name)
    if not _holds_records(data, label):
        return import_table(data, base, about, kind=kind, columns=columns, name=label, progress=progress)
    if tuple(columns) or about != About(today=about.today):
        hint = "改文件里的 source、domain、from、to，不要另外填写"
        raise WrongUse("记录文件自己写明了来源、领域和日期", where=label, hint=hint)
    progress("读文件")
    records = parse_records(decode(data, label), label)
    if wrong := next((r for r, _ in records if kind and r.kind != kind), None):
        raise WrongUse(
            f"文件里是 {wrong.kind}，不是 {kind}", where=label, hint=f"用 --as {wrong.kind}，或者不写"
        )
    _one_of_each(records)
    progress(f"核对 {len(records)} 条记录")
    return RecordImport(label, records, check(base, [record for record, _ in records]))


def _one_of_each(records: list[tuple[Record, str]]) -> None:
    first: dict[object, str] = {}
    for record, place in records:
        if record.key in first:
            hint = f"{first[record.key]}已有同一依据、同一生效日的记录，改编号或者改 from"
            raise BadRecord(f"编号“{record.id}”重复", where=place, hint=hint)
        first[record.key] = place


def _holds_records(data: bytes, label: str) -> bool:
    """YAML, and Markdown with front matter (a case study); other Markdown is a list as published."""
    if label.lower().endswith(RECORD_FILES):
        return True
    return label.lower().endswith(".md") and data.removeprefix(b"\xef\xbb\xbf").startswith(b"---")
