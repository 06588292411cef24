"""The plain records: leniency entries, phrases, case studies, as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.api.links import HEADS, link, record_url
from kb.errors import NotLoaded
from kb.records import KIND_NAMES, Benchmark, CaseStudy, Leniency, Phrase, Procedure, Record, Step
from kb.snapshot import Snapshot

LIMBS = {
    "33(1)前段": "轻微并及时改正，没有造成危害后果",
    "33(1)后段": "初次违法，危害后果轻微并及时改正",
    "33(2)": "足以证明没有主观过错",
    "32": "主动消除后果、被胁迫、主动供述、立功等",
    "30": "未成年人",
    "31": "精神、智力障碍",
    "另有规定": "法律、法规、规章另有规定",
}


def record(base: Snapshot, kind: str, id: str, on: date) -> dict[str, Any]:
    """One record as of a day, and every dated version of it.

    Where no version covers the day, the newest one is given and ``in_force`` says false.

    Raises:
        NotFound: unknown id; the hint names the nearest.
    """
    versions = base.versions(kind, full_id(base, kind, id))
    row = next((v for v in reversed(versions) if v.covers(on)), versions[-1])
    return {
        "id": row.id,
        "kind": kind,
        "kind_name": KIND_NAMES[kind],
        "title": row.title,
        "on": str(on),
        "in_force": row.covers(on),
        "versions": [dated(v) for v in versions],
        "record": row.model_dump(mode="json", by_alias=True),
        "links": links(base, row, on),
    }


def full_id(base: Snapshot, kind: str, id: str) -> str:
    """The id behind an address, where the kind it names may stand once for both."""
    full = f"{HEADS[kind]}/{id}"
    return full if any(r.id == full for r in base.records(kind)) else id


def dated(row: Record) -> dict[str, Any]:
    """How one version of a record is told from the others."""
    return {
        "instrument": row.source.instrument,
        "from": str(row.from_) if row.from_ else None,
        "to": str(row.to) if row.to else None,
        "example": row.source.example,
    }


def links(base: Snapshot, row: Record, on: date) -> dict[str, Any]:
    """The citations of a record as links to articles, and the records it points to."""

    def cites(texts: list[str]) -> list[dict[str, Any]]:
        return [link(t, base.laws, on) for t in texts]

    if isinstance(row, Leniency):
        return {"basis": cites(row.basis), "benchmarks": named(base, row.benchmarks, on)}
    if isinstance(row, Phrase):
        return {"citations": cites(row.citations)}
    if isinstance(row, CaseStudy):
        found = named(base, [row.leniency], on, "leniency") if row.leniency else []
        return {
            "basis": cites(row.basis),
            "benchmarks": named(base, [row.benchmark], row.act_to),
            "leniency": found,
        }
    if isinstance(row, Procedure):
        return {
            "steps": [
                {"basis": cites(s.basis), "documents": _documents(s.documents), "days": _value(base, s, on)}
                for s in row.steps
            ]
        }
    return {}


def _documents(types: list[str]) -> list[dict[str, str]]:
    """Document types by their Chinese names."""
    from generator.catalogue import document_type

    return [{"type": t, "name": document_type(t).name} for t in types]


def _value(base: Snapshot, step: Step, on: date) -> dict[str, Any] | None:
    """What the setting of a step says on the day; None where it names none or none is loaded."""
    if not step.setting:
        return None
    try:
        found = base.setting(step.setting, on)
    except NotLoaded:
        return None
    return {"value": found.value, "unit": found.unit}


def named(base: Snapshot, ids: list[str], on: date, kind: str = "benchmark") -> list[dict[str, str]]:
    """Ids as titles and addresses; an id that is not loaded stays an id."""
    out = []
    for id in ids:
        rows = [r for r in base.records(kind) if r.id == id]
        row = next((r for r in reversed(rows) if r.covers(on)), rows[-1] if rows else None)
        out.append({"id": id, "title": row.title if row else id, "url": record_url(kind, id) if row else ""})
    return out


def related(base: Snapshot, row: Benchmark, on: date) -> dict[str, list[dict[str, str]]]:
    """What helps with one violation: case studies, leniency entries, phrases that cite the same articles."""
    basis = {*row.violated, *row.penalty_basis}
    return {
        "cases": [
            {"id": c.id, "title": c.name, "url": record_url("case_study", c.id)}
            for c in base.case_studies()
            if c.benchmark == row.id
        ],
        "leniency": [
            {"id": e.id, "title": e.title, "url": record_url("leniency", e.id)}
            for e in base.leniencies(on)
            if row.id in e.benchmarks
        ],
        "phrases": [
            {"id": p.id, "title": p.title, "url": record_url("phrase", p.id)}
            for p in base.phrases(on)
            if basis & set(p.citations) or (p.channel == "口头" and p.domain == row.domain)
        ],
    }
