"""What is remembered from one paper to the next changes nothing that is said of either."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator import casechecks, penaltychecks
from generator.audit import Known, audit_paper
from generator.casefile import CaseFile, load_case
from generator.catalogue import document_type
from generator.docx_text import SIDES, Line
from generator.drafting import subject_of
from generator.paper import REMEMBERED, Paper, forget
from kb.findings import Finding
from kb.package import WIRINGS
from kb.snapshot import Snapshot
from tests.generator.test_mutation import LETTERS, TODAY, Letter

MUTATED = 30
ELEMENTS = importlib.import_module("generator.rules.elements")


def forget_all() -> None:
    """As a new process begins."""
    forget()
    WIRINGS.forget()
    SIDES.forget()
    penaltychecks._ASSESSED.clear()
    ELEMENTS._LAST.clear()
    ELEMENTS._plain.cache_clear()


def said(letter: Letter, type: str, lines: Sequence[Line]) -> list[Finding]:
    known = Known.of(letter.made.provenance)
    return audit_paper(Paper(tuple(lines), document_type(type), letter.base, known.days), known).findings


@pytest.mark.parametrize(("name", "type"), LETTERS)
def test_spoiled_letters(root: Path, base: Snapshot, name: str, type: str) -> None:
    """The same findings for each spoiled copy, cold, and among all the others in either order."""
    letter = Letter(root, base, name, type)
    copies = [letter.lines, *(m.lines for m in letter.mutations(MUTATED))]
    copies += [letter.lines[:n] + letter.lines[n + 1 :] for n in range(0, len(letter.lines), 3)]
    cold = []
    for lines in copies:
        forget_all()
        cold.append(said(letter, type, lines))
    assert any(cold), "none of the copies has a fault: nothing would be compared"
    forget_all()
    assert [said(letter, type, lines) for lines in copies] == cold
    assert [said(letter, type, lines) for lines in reversed(copies)] == cold[::-1]


# What one case changes against the one before it
CASES: list[dict[str, Any]] = [
    {},
    {"facts": {"goods_value": "9万"}},
    {"facts": {"goods_value": Decimal(3000), "first": True}},
    {"facts": {"goods_value": Decimal(90000)}},
    {"fine": Decimal(100)},
    {"found_on": date(2030, 1, 1)},
    {"facts": {}},
]


def test_answers_on_the_facts(root: Path, base: Snapshot) -> None:
    """Another fact, sum or day is another answer, whichever case came before."""
    example, kind = load_case(root / "examples" / "cases" / "unlicensed-food.yaml"), document_type("decision")

    def changed(change: dict[str, Any]) -> CaseFile:
        first = example.violations[0].model_copy(update=change)
        return example.model_copy(update={"violations": [first, *example.violations[1:]]})

    def found(change: dict[str, Any]) -> Any:
        return casechecks.check(subject_of(kind, changed(change), base, TODAY))

    cold = []
    for change in CASES:
        forget_all()
        cold.append(found(change))
    assert len({repr(one) for one in cold}) > 2, "the changes make no difference"
    forget_all()
    assert [found(change) for change in (*CASES, *CASES)] == [*cold, *cold]


def test_no_more_is_kept_than_said(base: Snapshot) -> None:
    """A pattern keeps what it found in so many paragraphs at most."""
    from generator.days import DAY
    from generator.paper import _FOUND

    forget_all()
    lines = tuple(Line(f"2026年1月1日第{n}号") for n in range(3 * REMEMBERED))
    paper = Paper(lines, None, base, Known(TODAY, TODAY).days)
    assert sum(1 for _ in paper.find(DAY, "日")) == len(lines)
    assert len(_FOUND[DAY]) <= REMEMBERED
