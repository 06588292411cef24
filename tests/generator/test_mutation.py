"""Every spoiled citation of our own letters is caught: all of them with the case, the faulty ones without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from generator.casefile import load_case
from generator.docx_text import Line, read_docx
from generator.drafting import Draft, draft
from generator.paper import procedural
from generator.prescribed import Case
from generator.provenance import Provenance
from generator.review import review_lines
from kb.citation import Days
from kb.findings import Finding
from kb.snapshot import Snapshot
from tests.generator.mutations import Mutation, Mutator

TODAY = date(2026, 11, 20)
CASES = ("unlicensed-food", "noise-hailing", "hazardous-waste-label")
LETTERS = [(name, type) for name in CASES for type in ("decision", "prior_notice")]
QUICK, FULL = 12, 200
CAUGHT = ("incomplete", "impossible", "out of force", "form")
"""What is caught without a case; a law that is not loaded is said to be unknown, which is a finding too."""
ABOUT_CITATIONS = ("C0", "C1", "C2", "C3", "C4", "C5", "C7", "C10", "C11", "C17")


class Letter:
    """A finished letter and the means to review spoiled copies of it."""

    def __init__(self, root: Path, base: Snapshot, name: str, type: str) -> None:
        path = root / "examples" / "cases" / f"{name}.yaml"
        self.base = base
        self.case = Case(str(path), load_case(path), base, TODAY)
        self.made: Draft = draft(type, self.case.case, base, decided=TODAY)
        self.lines = read_docx(self.made.data)

    def days(self, law: str, line: str) -> Sequence[date]:
        """The days on which a law cited in a line may be read; both where old and new are compared."""
        own: Provenance = self.made.provenance
        assert own.act
        assert own.decided
        substance = own.decided if own.law_choice == "新" else own.act
        if law in procedural(self.base, Days(own.act, own.decided)):
            return [own.decided]
        return [own.act, own.decided] if "当时施行" in line else [substance]

    def findings(self, lines: tuple[Line, ...], *, with_case: bool, ours: bool = True) -> list[Finding]:
        own = self.made.provenance if ours else None
        case = self.case if with_case else None
        return list(review_lines("a.docx", lines, own, self.base, case=case, today=TODAY)[0].findings)

    def mutations(self, count: int) -> list[Mutation]:
        return [Mutator(self.base.laws, self.days, seed).mutate(self.lines) for seed in range(count)]


@pytest.fixture(scope="module", params=LETTERS, ids=lambda p: "-".join(p))
def letter(request: pytest.FixtureRequest, root: Path, base: Snapshot) -> Letter:
    return Letter(root, base, *request.param)


def check(letter: Letter, count: int) -> None:
    """No spoiled copy passes, and no sound one is blamed."""
    missed, invented = [], []
    for m in letter.mutations(count):
        row = f"{m.how}: {m.before} → {m.after} ({m.state})"
        if not any(f.severity != "提示" for f in letter.findings(m.lines, with_case=True)):
            missed.append("with the case: " + row)
        alone = letter.findings(m.lines, with_case=False)
        here = [f for f in alone if f.place.paragraph == m.lines[m.line].place.paragraph]
        if m.state in CAUGHT and not here:
            missed.append("alone: " + row)
        if m.state == "sound":
            blamed = [f for f in alone if f.code in ABOUT_CITATIONS]
            invented += [f"{row}: {f.code} {f.message}" for f in blamed]
    assert not missed, "\n".join(missed)
    assert not invented, "\n".join(invented)


def test_an_untouched_letter_has_no_finding(letter: Letter) -> None:
    for with_case in (True, False):
        for ours in (True, False):
            assert letter.findings(letter.lines, with_case=with_case, ours=ours) == []


def test_a_sample_is_caught(letter: Letter) -> None:
    check(letter, QUICK)


@pytest.mark.soak
def test_two_hundred_are_caught(letter: Letter) -> None:
    check(letter, FULL)
