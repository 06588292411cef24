"""The version table that stands beside some laws: ``versions.json`` with dated texts and repeals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import BadRecord
from kb.importing.law_text import official_title
from kb.laws import Repeal

NAME = "versions.json"


@dataclass(frozen=True, slots=True)
class Dated:
    """One text of a law as its table dates it. ``is_notice``: it only says that the law was repealed."""

    adopted: date | None
    from_: date | None
    to: date | None
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class VersionTable:
    """``entries`` by file, as absolute paths; ``repeals`` as the table states them."""

    title: str
    entries: Mapping[Path, Dated] = field(default_factory=dict)
    repeals: tuple[Repeal, ...] = ()


def table_path(path: Path) -> Path | None:
    """The table that speaks of a file: beside it, or two folders up from ``versions/DATE/``."""
    places = [path.parent]
    if path.parent.parent.name == "versions":
        places.append(path.parent.parent.parent)
    return next((p / NAME for p in places if (p / NAME).is_file()), None)


def read_table(path: Path) -> VersionTable:
    """Read one table.

    Raises:
        BadRecord: not JSON, or not of that shape.
    """
    try:
        raw = json.loads(path.read_bytes())
        title = official_title(raw["title"])
        entries = {(path.parent / v["entry"]).absolute(): _dated(v) for v in raw["versions"]}
        return VersionTable(title, entries, tuple(_repeals(raw, title, entries, str(path.name))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        hint = "应有 title、versions，每个版本有 entry 和 YYYY-MM-DD 日期"
        raise BadRecord(f"版本表读不出：{type(e).__name__} {e}", where=str(path), hint=hint) from e


def _dated(raw: Mapping[str, Any]) -> Dated:
    said = f"{raw.get('id', '')} {raw.get('label', '')}"
    return Dated(
        _day(raw.get("promulgatedOn")),
        _day(raw.get("effectiveFrom")),
        _day(raw.get("effectiveTo")),
        "废止" in said or said.split()[:1] == ["repeal"],
    )


def _repeals(raw: Mapping[str, Any], title: str, entries: Mapping[Path, Dated], source: str) -> list[Repeal]:
    texts = [e for e in entries.values() if not e.is_notice]
    first = min((e.from_ for e in texts if e.from_), default=None)
    others = [official_title(other["title"]) for other in raw.get("repeals", [])]
    found = [Repeal(other, first, title, source) for other in others if first]
    if by := raw.get("repealedBy"):
        notices = [e.from_ for e in entries.values() if e.is_notice and e.from_]
        ends = [e.to for e in texts if e.to]
        if day := next(iter([*notices, *sorted(ends, reverse=True)]), None):
            found.append(Repeal(title, day, official_title(by["title"]), source))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
