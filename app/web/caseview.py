"""The case form as the template draws it: sections, rows and fields with what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from app.api.caseform import ASKS, SECTIONS, Ask, Rows, Section, pattern
from app.api.ownform import own_asks
from app.api.violations import facts_of
from app.api.wording import offered
from generator.casefile import CaseFile
from generator.catalogue import DocumentType, document_types
from kb.records import Fact, Leniency
from kb.snapshot import Snapshot

FIRST_OF = {"parties": "parties.0.name", "violations": "violations.0.benchmark"}


@dataclass(frozen=True, slots=True)
class CaseForm:
    """One drawing of the form.

    Args:
        kind: the paper; its fields are marked as required. None: the case as a whole, no paper in view.
        base: for the benchmarks, facts and leniency entries to choose from.
        typed: what was typed, by path.
        faults: what is wrong, by path.
        on: the day whose standard wording is offered.
        spare: further empty rows to offer in every list.
    """

    kind: DocumentType | None
    base: Snapshot
    typed: Mapping[str, str]
    faults: Mapping[str, str]
    on: date
    spare: int = 0

    def sections(self) -> list[dict[str, Any]]:
        """The sections this paper needs first, the others (folded) after them."""
        drawn = [self._section(s) for s in SECTIONS]
        return sorted(drawn, key=lambda s: not s["open"])

    def _section(self, section: Section) -> dict[str, Any]:
        owed = {path.partition(".")[0] for path in self._owed()}
        owed |= {self.kind.block or "papers"} if self.kind else set()
        if "served" in owed:  # a receipt: the sections that ask how their paper was served
            owed |= {path.partition(".")[0] for path in ASKS if path.endswith(".served.place")}
        used = {path.partition(".")[0] for path in (*self.typed, *self.faults)}
        tops = {ask.path.partition(".")[0] for ask in section.asks}
        return {
            "title": section.title,
            "open": not section.block or bool(tops & (owed | used)),
            "blocks": self._blocks(section.asks, ()),
        }

    def _blocks(self, asks: tuple[Ask | Rows, ...], at: tuple[str, ...]) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = []
        for ask in asks:
            if isinstance(ask, Rows):
                out.append(self._rows(ask, at))
            elif ask.widget == "fact":
                out += self._facts(at)
            elif ask.widget == "tick":
                out += self._ticks()
            elif ask.widget == "own":
                out += self._own(at[0])
            else:
                out.append(self._field(ask, _at(ask.path, at)))
        return out

    def _rows(self, rows: Rows, at: tuple[str, ...]) -> dict[str, Any]:
        path = _at(rows.path, at)
        start = len(path.split("."))
        typed = [p.split(".")[start] for p in self.typed if p.startswith(f"{path}.")]
        count = max(1 + max(map(int, typed), default=-1) + self.spare, rows.blank, 0 if rows.blank else 1)
        return {
            "label": rows.label,
            "must": self._must(rows.path),
            "fault": self.faults.get(path, ""),
            "rows": [self._row(rows, (*at, str(n))) for n in range(count)],
        }

    def _row(self, rows: Rows, at: tuple[str, ...]) -> list[dict[str, Any]]:
        """One row; of a paper of another type only what it says, or the form would have no end."""
        drawn = self._blocks(rows.asks, at)
        type = self.typed.get(f"papers.{at[0]}.type", "") if rows.path == "papers" else ""
        if type in ("", self.kind.type if self.kind else ""):
            return drawn
        return [field for field in drawn if field["value"] or field["fault"] or field["widget"] == "type"]

    def _field(self, ask: Ask, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "label": ask.label,
            "widget": ask.widget,
            "help": ask.help,
            "options": self._options(ask),
            "value": self.typed.get(name, ""),
            "must": self._must(ask.path),
            "fault": self.faults.get(name, ""),
            "wording": offered(self.base, name, self.kind.type if self.kind else "", self.typed, self.on),
        }

    def _options(self, ask: Ask) -> list[tuple[str, str]]:
        if ask.widget == "benchmark":
            rows = {r.id: f"{r.domain} · {r.violation}" for r in self.base.benchmarks()}
            return sorted(rows.items(), key=lambda row: row[1])
        if ask.widget == "leniency":
            return sorted((r.id, r.title) for r in self.base.leniencies())
        if ask.widget == "type":
            return [(k.type, k.name) for k in document_types() if not k.block]
        return list(ask.options)

    def _own(self, paper: str) -> list[dict[str, Any]]:
        """A field for everything a paper's type asks of its own, and for what else the file holds."""
        head = f"papers.{paper}"
        asks = own_asks(self.typed.get(f"{head}.type", ""), f"{head}.values", self.typed, self.spare)
        return [self._field(ask, ask.path) for ask in asks]

    def _must(self, path: str) -> bool:
        return path.replace(".*", "") in self._owed()

    def _owed(self) -> set[str]:
        return {f.path for f in self.kind.fields} if self.kind else set()

    def _facts(self, at: tuple[str, ...]) -> list[dict[str, Any]]:
        """A field for every fact of the chosen benchmark, and for what else the file holds."""
        head = f"violations.{at[0]}"
        known = facts_of(self.base, self.typed.get(f"{head}.benchmark", ""))
        names = [*known, *(p.split(".")[3] for p in self.typed if p.startswith(f"{head}.facts."))]
        out = []
        for name in dict.fromkeys(names):
            fact = known.get(name)
            options = ("是", "否") if fact and fact.type == "bool" else tuple(fact.options) if fact else ()
            ask = Ask(
                "violations.*.facts.*",
                fact.label if fact else name,
                "choice" if options else "line",
                fact.help or fact.ask if fact else "",
                tuple((o, o) for o in options),
            )
            out.append(self._field(ask, f"{head}.facts.{name}"))
        return out

    def _ticks(self) -> list[dict[str, Any]]:
        """A field for every condition of the chosen leniency entry."""
        id = self.typed.get("leniency.id", "")
        rows = [r for r in self.base.records("leniency") if r.id == id and isinstance(r, Leniency)]
        labels = {t.name: t.label for r in rows for t in r.conditions}
        for path in self.typed:
            if path.startswith("leniency.ticks."):
                labels.setdefault(path.split(".")[2], path.split(".")[2])
        asks = [Ask(f"leniency.ticks.{n}", label, "line", "写明本案事实") for n, label in labels.items()]
        return [self._field(ask, ask.path) for ask in asks]


def _at(path: str, rows: tuple[str, ...]) -> str:
    for row in rows:
        path = path.replace("*", row, 1)
    return path


def known_facts(base: Snapshot, typed: Mapping[str, str]) -> dict[str, Fact]:
    """What each ``violations.N.facts.NAME`` that may be typed is."""
    return {
        f"{path.removesuffix('.benchmark')}.facts.{name}": fact
        for path, id in typed.items()
        if pattern(path) == "violations.*.benchmark"
        for name, fact in facts_of(base, id).items()
    }


def wanted_wording() -> tuple[str, str] | None:
    """The field and the phrase of the button that was pressed; None where it was another button."""
    field, _, phrase = request.form.get("wording", "").partition(" ")
    return (field, phrase) if phrase else None


def case_of(data: Mapping[str, Any]) -> tuple[CaseFile | None, dict[str, str]]:
    """The case file of what was typed, or what is wrong with it by path (all faults, not the first)."""
    from pydantic import ValidationError

    try:
        return CaseFile.model_validate(data), {}
    except ValidationError as error:
        faults: dict[str, str] = {}
        for e in error.errors(include_url=False):
            faults.setdefault(_field_at(e["loc"]), _wrong(e["type"], e.get("ctx", {}), str(e["msg"])))
        return None, faults


def _field_at(loc: tuple[str | int, ...]) -> str:
    """The form's field for a place in the case file: the longest start of it that is a field."""
    steps = [str(step) for step in loc]
    for end in range(len(steps), 0, -1):
        path = ".".join(steps[:end])
        if pattern(path) in ASKS:
            return path
        if path in FIRST_OF:
            return FIRST_OF[path]
        if f"{pattern(path)}.start" in ASKS:
            return f"{path}.start"
    return ".".join(steps)


def owed_fields(findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The findings that name a field of the case file, at that field of the form."""
    out: dict[str, str] = {}
    for f in findings:
        path = next((p for p in ASKS if p.replace(".*", "") == f["text"]), "")
        if path:
            out[path.replace("*", "0")] = f["message"]
    return out


def field_named(path: str) -> str:
    """What the form calls the field that a finding names (``violations.fine``); empty where it names none."""
    return next((ask.label for p, ask in ASKS.items() if p.replace(".*", "") == path), "")


def label_of(path: str) -> str:
    """What the form calls a place of the case file."""
    ask = ASKS.get(pattern(path))
    return ask.label if ask else path


def _wrong(kind: str, context: Mapping[str, Any], message: str) -> str:
    """A fault of the case file in the words of a form."""
    if kind == "value_error":
        return str(context.get("error", message))
    if kind in ("missing", "string_too_short", "too_short"):
        return "这一项要填"
    if kind.startswith("date"):
        return "写成 2026-08-15 这样的日期"
    if kind == "string_pattern_mismatch":
        return "只用小写字母、数字、连字符，如 2026-food-001"
    if kind.startswith(("decimal", "int")):
        return "写成数字，如 50000"
    return "写法不对"
