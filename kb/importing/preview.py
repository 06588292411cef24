"""What was understood of a file, record by record, for the person who decides whether to hand it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.conditions import words
from kb.records import Benchmark, Leniency, Record

_OWN = {"kind", "schema", "id", "domain", "from", "to", "source"}  # said of the record as a whole


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was understood: what it is, when it holds, what it says, where it stands."""

    name: str
    text: str
    when: str = ""
    place: str = ""

    def __str__(self) -> str:
        said = f"{self.when} → {self.text}" if self.when else self.text
        place = f"（{self.place}）" if self.place else ""
        return f"{self.name}：{said}{place}" if self.name else f"{said}{place}"

    def to_dict(self) -> dict[str, str]:
        return {"name": self.name, "when": self.when, "text": self.text, "place": self.place}


@dataclass(frozen=True, slots=True)
class Understood:
    """A record as the preview shows it; ``places`` are all the places of the file it was read from."""

    record: Record
    place: str
    lines: tuple[Line, ...]
    places: frozenset[str]

    @property
    def name(self) -> str:
        return getattr(self.record, "violation", "") or self.record.title

    def to_text(self) -> list[str]:
        return [f"{self.record.id}  {self.name}（{self.place}）", *(f"  {line}" for line in self.lines)]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.record.id,
            "kind": self.record.kind,
            "title": self.name,
            "place": self.place,
            "lines": [line.to_dict() for line in self.lines],
        }


def understood(record: Record, place: str, fields: Mapping[str, str] | None = None) -> Understood:
    """What a record says.

    Args:
        record: the record.
        place: where it begins.
        fields: where its fields stand, ``tiers 第n条`` and ``weights 第n条`` among them.
    """
    at = fields or {}
    if isinstance(record, Benchmark):
        lines = tuple(_benchmark(record, at))
    elif isinstance(record, Leniency):
        lines = tuple(_leniency(record))
    else:
        lines = tuple(_any(record))
    return Understood(record, place, lines, frozenset((place, *at.values())))


def _benchmark(r: Benchmark, at: Mapping[str, str]) -> Iterator[Line]:
    yield Line("处罚依据", "、".join(r.penalty_basis), place=at.get("penalty_basis", ""))
    if r.violated:
        yield Line("违反", "、".join(r.violated), place=at.get("violated", ""))
    for b in r.statutory:
        price = b.fine or "、".join(m.kind for m in b.measures) or "没有罚款"
        yield Line("法定", _who(b.subject) + price, words(b.when))
    for n, t in enumerate(r.tiers, 1):
        price = t.fine or t.kind or "、".join(m.kind for m in t.measures)
        yield Line(
            t.label, _who(t.subject) + price, words(t.when) or "无附加条件", at.get(f"tiers 第{n}条", "")
        )
    for n, w in enumerate(r.weights, 1):
        limits = "".join(f"，{name}{end}" for name, end in (("不足按", w.floor), ("最多", w.cap)) if end)
        told = f"{_who(w.subject)}裁量起点{w.start}，{len(w.factors)}个要素{limits}，{w.formula}"
        yield Line(w.label or "权重", told, words(w.when), at.get(f"weights 第{n}条", ""))
    for m in r.measures:
        yield Line("另", m.kind, words(m.when))
    if r.note:
        yield Line("备注", r.note)


def _who(subject: str) -> str:
    return f"对{subject}" if subject else ""


def _leniency(r: Leniency) -> Iterator[Line]:
    may = "可以" if r.limb == "33(1)后段" and not r.compulsory else "应当"
    window = f"，{r.first_within_months}个月内首次" if r.first_within_months else ""
    yield Line("", f"{may}{r.which_list}处罚，{r.limb}{window}")
    if r.violated:
        yield Line("违反", "、".join(r.violated))
    for t in r.conditions:
        yield Line("条件", t.label)
    for text in r.exclusions:
        yield Line("不适用", text)


def _any(r: Record) -> Iterator[Line]:
    """A record of another kind: its fields as the file names them."""
    for name, value in r.model_dump(mode="json", by_alias=True, exclude_defaults=True).items():
        if name not in _OWN:
            text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            yield Line(name, text)
