"""Notice and decision drafted for the shipped benchmarks: whatever is looked up can be written."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.casefile import CaseFile
from generator.catalogue import document_types
from generator.drafting import draft
from kb.discretion import Outcome, Period, assess
from kb.importing.records import load_laws, load_records
from kb.importing.yaml_files import load_yaml
from kb.records import Benchmark, Fact
from kb.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
RECORDS = load_records(ROOT / "kb" / "content")
ACT, FOUND, DECIDED = Period(date(2026, 8, 20), date(2026, 9, 8)), date(2026, 9, 8), date(2026, 11, 2)
BENCHMARKS = {r.id: r for r in RECORDS if isinstance(r, Benchmark) and r.covers(ACT.end)}
CITATION = {f"C{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 17)}
"""The findings of `cite check`: what is cited, in full, in force, to the 款 and 项."""
OUTWARD = sorted(t.type for t in document_types() if not t.internal)
DOMAINS = sorted({r.domain for r in BENCHMARKS.values()})
GUESSES: dict[str, list[Any]] = {"money": [3000, 30000, 300000, 3000000], "bool": [True, False]}
PERSON = {
    "kind": "individual",
    "name": "示例王",
    "id_number": "00000019900101000X",
    "address": "示例县城东街道示例路12号",
}
UNIT = {
    "kind": "unit",
    "name": "示例县示例有限公司",
    "code": "92000000MA0000000K",
    "representative": "示例赵",
    "address": "示例县城东街道示例路12号",
}


@pytest.fixture(scope="module")
def base() -> Snapshot:
    laws = load_laws(ROOT / "kb" / "content" / "laws")
    return Snapshot.of(RECORDS, laws.versions, laws.repeals)


def guesses(facts: dict[str, Fact]) -> Iterator[dict[str, Any]]:
    """Facts a case may have, up to 150 of their combinations."""
    values = [f.options or GUESSES.get(f.type, [1, 5, 20, 100, 1000]) for f in facts.values()]
    for combination in itertools.islice(itertools.product(*values), 150):
        yield dict(zip(facts, combination, strict=True))


def settled(base: Snapshot, record: Benchmark) -> tuple[dict[str, Any], Outcome]:
    """Facts on which the law gives a penalty, with a fine where it has one."""
    found: tuple[dict[str, Any], Outcome] | None = None
    same = [r for r in RECORDS if isinstance(r, Benchmark) and r.id == record.id and r.covers(ACT.end)]
    for facts in guesses({name: fact for r in same for name, fact in r.facts.items()}):
        result = assess(base, record.id, facts, ACT, FOUND, DECIDED)
        owed = [f for f in result.missing_facts if f.required]
        for o in () if owed else result.outcomes:
            if not o.needs and o.role in ("", "适用") and (found is None or (o.fine and not found[1].fine)):
                found = facts, o
        if found and found[1].fine:
            break
    assert found, f"{record.id}: no facts give a penalty"
    return found


def case_of(record: Benchmark, facts: dict[str, Any], o: Outcome) -> CaseFile:
    """The example of a restaurant without licence, with another act and its least penalty."""
    data = copy.deepcopy(load_yaml(ROOT / "examples" / "cases" / "unlicensed-food.yaml")[0])
    person = "个人" in o.subject or "人员" in o.subject or "负责人" in o.subject
    units = {"法人", "其他组织"} & set(record.subjects) or "单位" in o.subject
    data["parties"] = [UNIT if units and not person else PERSON]
    violation = data["violations"][0]
    del violation["fine"], violation["measures"]
    violation |= {
        "benchmark": record.id,
        "facts": facts,
        "narrative": f"经查明，当事人于2026年8月20日至9月8日{record.violation}。\n",
        "violated": list(o.violated or record.violated or o.basis),
        "penalty_basis": list(o.basis),
        "correction": record.correction or "改正违法行为",
        "measures": [
            {"kind": m.kind, **({"amount": 1000} if m.kind == "没收违法所得" else {"object": m.object})}
            for m in o.measures
            if m.compulsory and not m.needs and not m.kind.startswith("责令")
        ],
    }
    if o.fine:
        violation["fine"] = int(o.fine.low or min(o.fine.high or 100, 100))
    elif not violation["measures"]:
        violation["measures"] = [{"kind": o.measures[0].kind if o.measures else "警告"}]
    for measure in violation["measures"]:
        if not measure.get("object", True):
            del measure["object"]
    return CaseFile.model_validate(data)


def drafted(base: Snapshot, records: list[Benchmark]) -> None:
    wrong = []
    for record in records:
        case = case_of(record, *settled(base, record))
        for type in ("prior_notice", "decision"):
            found = draft(type, case, base, decided=DECIDED).findings
            wrong += [(record.id, type, f.code, f.message) for f in found if f.severity != "提示"]
    assert not wrong


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_benchmark_becomes_letters(domain: str, base: Snapshot) -> None:
    """A draft that can't be proven raises; here nothing but hints may remain."""
    drafted(base, [r for r in BENCHMARKS.values() if r.domain == domain])


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_letter_of_three_benchmarks_cites_well(domain: str, base: Snapshot) -> None:
    """Every outward paper as a draft: what the case lacks is left open, its citations are proven."""
    wrong = []
    records = [r for r in BENCHMARKS.values() if r.domain == domain]
    for record in records[:: max(1, len(records) // 3)][:3]:
        case = case_of(record, *settled(base, record))
        for type in OUTWARD:
            served = "decision" if type == "service_receipt" else ""
            found = draft(type, case, base, decided=DECIDED, draft=True, paper=served).findings
            wrong += [(record.id, type, f.code, f.text) for f in found if f.code in CITATION]
    assert not wrong
