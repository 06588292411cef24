"""The operating procedures name papers that exist and the periods that the deadlines run by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.deadlines import RULES
from generator.catalogue import document_types
from kb.citation import parse
from kb.importing.records import load_laws, load_records
from kb.records import Procedure, Setting, Step
from kb.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
RECORDS = load_records(ROOT / "kb" / "content")
LAWS = load_laws(ROOT / "kb" / "content" / "laws")
BASE = Snapshot.of(RECORDS, LAWS.versions, LAWS.repeals)
PROCEDURES = [r for r in RECORDS if isinstance(r, Procedure)]
SETTINGS = {r.id: r for r in RECORDS if isinstance(r, Setting)}
TYPES = {t.type for t in document_types()}
STEPS = [(p.id, n, step) for p in PROCEDURES for n, step in enumerate(p.steps, 1)]
LOCAL = {"inspection/yearly-limit"}  # the agency's own, docs/editor.md
NEEDED = {  # 程序启动、调查取证、听证、送达执行, and what the municipal notice asks for besides
    *("general", "simple", "hearing", "seizure", "evidence-storage", "service", "fine-collection", "urging"),
    *("own-enforcement", "substitute", "court-enforcement", "crime-transfer", "jurisdiction", "guidance"),
    *("inspection", "legal-review", "publicity", "archive"),
}
UNNAMED = {"reconsideration", "suit", "suit_after_reconsideration", "freeze_service", "seizure"}
"""Rules whose period is the party's way to a remedy, or that of what a county organ may not do."""
COUNTED = re.compile(r"[0-9一二三四五六七八九十两]+(?:个工作日|日内|日|小时|个月)")


def name_of(step: tuple[str, int, Step]) -> str:
    return f"{step[0]}-{step[1]}"


def test_the_procedures_that_are_needed() -> None:
    assert {f"procedure/{name}" for name in NEEDED} <= {p.id for p in PROCEDURES}


@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_a_step_can_be_followed(step: tuple[str, int, Step]) -> None:
    """Who, how, on what ground; papers that exist; a period whose length is a setting, not a number here."""
    id, _, s = step
    assert s.who
    assert len(s.how) > 8
    assert s.basis or s.setting.startswith(("report/", "inspection/")), "no ground"
    assert set(s.documents) <= TYPES
    if s.setting and s.setting not in LOCAL:
        setting = SETTINGS[s.setting]
        ours = {provision(t) for t in s.basis}
        theirs = {provision(t) for t in setting.basis if not t.endswith(("第八十五条", "第六十九条"))}
        assert not theirs or ours & theirs, f"{id}: {s.setting} rests on {setting.basis}"
    if s.period:
        assert s.setting, f"{id}: a period without the setting that fixes it"
        assert not COUNTED.search(s.period)


def provision(text: str) -> tuple[str | None, int | None]:
    """The article: a step may cite the 款 or 项 that a setting cites as a whole, or the reverse."""
    [cited] = parse(text, BASE.laws)
    return cited.resolved, cited.article


def test_every_period_that_binds_the_organ_is_in_a_procedure() -> None:
    named = {s.setting for _, _, s in STEPS}
    missing = {r.setting for r in RULES if r.name not in UNNAMED} - named
    assert not missing - {"court/urge-days"}
    assert "court/urge-days" in named


def test_every_paper_is_used_in_a_procedure() -> None:
    """A paper nobody is told to use is not found; these few have an occasion of their own."""
    apart = {
        *("acceptance_receipt", "amendment", "case_withdrawal", "entrustment_agreement", "risk_assessment"),
        *("interference_record", "suspend_investigation", "resume_investigation"),
    }
    used = {d for _, _, s in STEPS for d in s.documents}
    assert TYPES - used - apart == set()
