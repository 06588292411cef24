"""行政处罚法 60 extends nothing by itself: the rule that does has to be named, and loaded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.pauses import extension
from generator.casefile import case_from
from generator.drafting import draft
from generator.fieldtypes import OwnField, fault_of
from generator.grounds import rules_named
from kb.errors import Refused
from kb.importing.yaml_files import load_yaml
from kb.laws import LawBook
from kb.snapshot import Snapshot
from tests.shipped import ROOT, RULE, rule

POINTING = "《中华人民共和国行政处罚法》第六十条"
DAY = date(2026, 8, 5)
CASE = ROOT / "examples" / "cases" / "street-survey.yaml"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ([RULE], [RULE]),
        ([POINTING, RULE], [RULE]),
        ([POINTING], []),
        (["《行政处罚法》第六十条"], []),
        (["《中华人民共和国行政处罚法》第五十七条第一款"], []),  # of the same law
        (["《示例市行政处罚办案期限规定》"], []),  # no article
        (["《没有载入的规定》第三条"], []),
        ([], []),
    ],
)
def test_which_citations_are_a_rule(base: Snapshot, said: list[str], named: list[str]) -> None:
    assert rules_named(said, POINTING, base.laws, DAY) == named


@pytest.mark.parametrize(
    ("level", "counts"), [("部门规章", True), ("地方性法规", True), ("规范性文件", False)]
)
def test_only_laws_regulations_and_rules_may_say_otherwise(base: Snapshot, level: str, counts: bool) -> None:
    version, articles = rule(level)
    others = [v for v in base.laws.versions if v.title != version.title]
    book = LawBook([*others, version], [], lambda v: {a.key: a for a in articles})
    assert bool(rules_named([RULE], POINTING, book, DAY)) is counts


def case_with(**values: Any) -> Any:
    data, _ = load_yaml(CASE)
    paper = next(p for p in data["papers"] if p["type"] == "period_extension")
    paper["values"] |= values
    return case_from(data)


def test_an_extension_on_article_60_alone_is_refused(base: Snapshot) -> None:
    with pytest.raises(Refused) as refused:
        draft("period_extension", case_with(basis=[POINTING]), base, decided=DAY)
    told = [f for f in refused.value.findings if f["code"] == "E3"]
    assert [(f["severity"], f["basis"]) for f in told] == [("否决", POINTING)]
    assert "没有写到另有规定的法律、法规、规章" in told[0]["message"]
    assert extension(case_with(basis=[POINTING]), base) is None


def test_an_extension_on_the_sectors_rule_leaves_and_counts(base: Snapshot) -> None:
    made = draft("period_extension", case_with(basis=[POINTING, RULE]), base, decided=DAY)
    assert [f for f in made.findings if f.severity != "提示"] == []
    assert extension(case_with(), base) == (date(2026, 9, 8), RULE)


def test_a_setting_gives_the_rule(base: Snapshot) -> None:
    """An agency enters it once; the paper takes it over, and the day it allows."""
    data, _ = load_yaml(CASE)
    paper = next(p for p in data["papers"] if p["type"] == "period_extension")
    del paper["values"]["basis"]
    assert extension(case_from(data), base) == (date(2026, 9, 8), RULE)


def test_only_citations_point() -> None:
    assert "besides" in fault_of(OwnField("basis", "依据", "text", besides=POINTING))
