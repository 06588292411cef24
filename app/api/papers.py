"""Document types as data: what there is, what a paper asks, and an example case that shows it filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.casefile import case_from
from generator.catalogue import RECEIPT, DocumentType, document_types
from generator.events import served_papers
from kb.importing.yaml_files import load_yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cases"


def type_list(asked: str = "") -> dict[str, Any]:
    """Every document type in the order of the procedure; `asked` narrows them to what is so called."""
    rows = [type_row(kind) for kind in document_types()]
    return {"types": [r for r in rows if any(asked in n for n in (r["name"], *r["also_called"], r["help"]))]}


def type_row(kind: DocumentType) -> dict[str, Any]:
    return {
        "type": kind.type,
        "name": kind.name,
        "stage": kind.stage,
        "basis": list(kind.basis),
        "help": kind.help,
        "also_called": list(kind.also_called()),
        "url": f"/draft/{kind.type}",
    }


def type_fields(kind: DocumentType) -> list[dict[str, Any]]:
    """What the paper asks of the case file."""
    asked = [(f.path, f) for f in kind.fields] + [(f"papers.*.values.{f.name}", f) for f in kind.own]
    return [{"path": path, "label": f.label, "help": f.help, "basis": f.basis} for path, f in asked]


def example_case(kind: DocumentType) -> dict[str, Any]:
    """The example of the checkout that fills most of what the paper asks; empty where there are none."""
    cases = [load_yaml(path)[0] for path in sorted(EXAMPLES.glob("*.yaml"))]
    return max(cases, key=lambda case: _filled(kind, case), default={})


def _filled(kind: DocumentType, case: Mapping[str, Any]) -> tuple[int, int]:
    """How well a case suits a paper: the paper itself or its block first, then the fields it asks for."""
    if kind.type == RECEIPT:
        served = served_papers(case_from(case))
        return len([e for e in served if e.served and e.served.place][:1]), -len(served)
    if not kind.block:
        made = [p for p in case.get("papers", []) if p["type"] == kind.type]
        return len(made[:1]), -len(case.get("papers", []))
    paths = [f.path for f in kind.fields]
    block = [p for p in paths if p.startswith(f"{kind.block}.")]
    return sum(_has(case, p) for p in block), sum(_has(case, p) for p in paths)


def _has(value: Any, path: str) -> bool:
    step, _, rest = path.partition(".")
    if isinstance(value, list):
        return bool(value) and all(_has(each, path) for each in value)
    if not isinstance(value, Mapping) or not value.get(step):
        return False
    return _has(value[step], rest) if rest else True
