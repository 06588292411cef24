"""The catalogues that are sent in, the yearly figures, the register of entrusted bodies: data and files."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.base import Base
from casework.masking import sees_personal
from kb.errors import NotLoaded, WrongUse

if TYPE_CHECKING:
    from casework.reports import Report

KINDS = {"major": "重大行政执法行为文书目录", "quarter": "季度执法案卷目录", "year": "年度行政执法数据"}
NOBODY = "其他"
WITHIN = 60
"""Days before its end from which an entrustment is called soon over, where nothing else is asked for."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {".docx": DOCX, ".xlsx": XLSX}


def major(base: Base, since: date, until: date, *, role: str = NOBODY) -> Report:
    """Major penalties and coercion within some days. Raises WrongUse."""
    from casework.reports import major, masked_note

    masked = not sees_personal(role)
    return masked_note(major(base.store, base.snapshot(), since, until, masked=masked), masked)


def quarter(base: Base, year: int, number: int, *, role: str = NOBODY) -> Report:
    """The case files of a quarter. Raises WrongUse."""
    from casework.reports import masked_note, quarter

    masked = not sees_personal(role)
    return masked_note(quarter(base.store, base.snapshot(), year, number, masked=masked), masked)


def year(base: Base, of: int) -> Report:
    """The figures of a year; no names stand in them."""
    from casework.statistics import year

    return year(base.store, base.snapshot(), of)[0]


def year_data(base: Base, of: int) -> dict[str, Any]:
    """The same as data, every figure with the cases it was counted from."""
    from casework.statistics import year

    report, groups = year(base.store, base.snapshot(), of)
    figures = [{"title": g.title, "figures": [f.to_dict() for f in g.figures]} for g in groups]
    return report.to_dict() | {"groups": figures}


def file_of(base: Base, report: Report, suffix: str, at: datetime) -> bytes:
    """A report as a file. Raises WrongUse where neither .docx nor .xlsx is asked for."""
    from casework.report_files import to_docx, to_xlsx

    organ = organ_of(base, at.date())
    if suffix == ".docx":
        return to_docx(report, organ, at.date())
    if suffix == ".xlsx":
        return to_xlsx(report, organ, at)
    raise WrongUse(f"报告不能写成 {suffix or '没有后缀的文件'}", where="-o", hint="写成 .docx 或者 .xlsx")


def organ_of(base: Base, on: date) -> str:
    """The name of the organ; nothing where it isn't set."""
    try:
        value = base.snapshot().setting("organ/profile", on).value
    except NotLoaded:
        return ""
    return str(value.get("name", "")) if isinstance(value, dict) else ""


def read_quarter(text: str) -> tuple[int, int]:
    """2026-4 or 2026Q4. Raises WrongUse."""
    m = re.fullmatch(r"(\d{4})[-Qq年第]{1,2}([1-4])(?:季度)?", text.strip())
    if m is None:
        raise WrongUse(f"“{text[:20]}”不是季度", where="季度", hint="写成 2026-4")
    return int(m[1]), int(m[2])


def last_quarter(on: date) -> tuple[int, int]:
    """The quarter that ended last before a day."""
    number = (on.month - 1) // 3
    return (on.year, number) if number else (on.year - 1, 4)


def entrusted(base: Base, on: date, within: int = WITHIN) -> dict[str, Any]:
    """The register of entrusted bodies on a day, with what has to be seen to."""
    from casework.entrustments import BASIS, alarms, columns, entrustments

    found = entrustments(base.store)
    return {
        "on": on.isoformat(),
        "within": within,
        "basis": BASIS,
        "columns": [{"name": key, "title": title} for key, title in columns()],
        "entrustments": [e.to_dict(on, within) for e in found],
        "alarms": alarms(found, on, within),
    }
