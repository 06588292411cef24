"""The periods of the procedure, row by row: anyone may add a row. Holidays are those of 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from casework.calendar import Pause
from casework.deadlines import RULES, rule_of, term
from generator.catalogue import document_types
from kb.checks.provisions import judged
from kb.errors import BadRecord, BadValue, NotFound, NotLoaded
from kb.records import Setting, Source
from kb.snapshot import Snapshot


def at(text: str) -> date:
    return date.fromisoformat(text)


# name, event, the day that matters (至迟: the last day; 最早: the first)
ENDS = [
    ("decision", "2026-09-09", "2026-12-08"),
    ("decision", "2026-07-05", "2026-10-03"),  # the organ's: no rolling over the holiday
    ("storage", "2026-09-24", "2026-10-12"),  # two holidays and a make-up Saturday between
    ("storage", "2026-09-08", "2026-09-17"),
    ("hearing_request", "2026-04-30", "2026-05-11"),  # 9 May is worked
    ("hearing_request", "2026-10-10", "2026-10-16"),
    ("hearing", "2026-09-17", "2026-09-29"),  # Sunday 20 September is worked
    ("service", "2026-02-12", "2026-02-28"),  # 14 and 28 February are worked
    ("announcement", "2026-09-01", "2026-10-01"),
    ("payment", "2026-11-02", "2026-11-17"),
    ("payment", "2026-09-16", "2026-10-08"),  # the party's: rolls over the holiday
    ("payment", "2026-01-30", "2026-02-14"),  # a Saturday that is worked
    ("reconsideration", "2026-08-03", "2026-10-08"),
    ("reconsideration", "2026-05-20", "2026-07-20"),  # 19 July is a Sunday
    ("suit", "2026-04-01", "2026-10-08"),
    ("suit", "2025-08-31", "2026-02-28"),  # no 31st, and the day is worked
    ("suit_after_reconsideration", "2026-01-31", "2026-02-24"),
    ("urge", "2026-11-20", "2026-12-05"),
    ("court", "2026-05-31", "2026-08-31"),
    ("court", "2026-07-03", "2026-10-03"),
    ("court", "2025-11-30", "2026-02-28"),  # no 30th
    ("enforcement", "2026-09-01", "2026-10-02"),
    ("substitute", "2026-02-13", "2026-02-26"),
    ("seizure", "2026-09-08", "2026-10-07"),  # its first day counts, and a holiday changes nothing
    ("seizure", "2026-01-31", "2026-03-01"),
    ("seizure_extension", "2026-10-07", "2026-11-06"),
    ("freeze_service", "2026-09-30", "2026-10-10"),  # a Saturday that is worked
    ("cash_to_organ", "2026-09-30", "2026-10-09"),
    ("cash_to_bank", "2026-10-09", "2026-10-12"),
    ("withdrawal", "2026-05-08", "2026-05-12"),
    ("crime_decision", "2026-09-30", "2026-10-03"),  # the regulation says no working days
    ("crime_goods", "2026-10-01", "2026-10-04"),
    ("major_report", "2026-11-02", "2026-12-02"),
    ("coercion_report", "2026-09-30T16:20", "2026-10-01T16:20"),
    ("crime_transfer", "2026-10-01T23:59", "2026-10-02T23:59"),
]


@pytest.mark.parametrize(("name", "event", "day"), ENDS)
def test_a_period_of_the_procedure_ends(agency: Snapshot, name: str, event: str, day: str) -> None:
    if "T" in event:
        assert term(agency, name, datetime.fromisoformat(event)).counted.moment == (
            datetime.fromisoformat(day)
        )
        return
    found = term(agency, name, at(event))
    assert found.day == at(day)
    assert found.counted.warning == ""


def test_the_table_has_every_rule() -> None:
    assert {row[0] for row in ENDS} == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_length_is_proven_by_its_provision(agency: Snapshot, rule: object) -> None:
    """Every length stands on a citation that holds, or names the notice that asks for it."""
    assert isinstance(rule, type(RULES[0]))
    record = agency.setting(rule.setting, at("2026-11-23"))
    if rule.setting.startswith("report/"):
        assert record.basis == []
        assert "南政办内传〔2021〕36号" in record.source.number
        return
    assert record.basis
    found = [f for text in record.basis for f in judged(agency, text, at("2026-11-23"))]
    assert [f for f in found if f.code != "C2" or f.severity != "提示"] == []


def test_a_year_without_holidays_is_said(agency: Snapshot) -> None:
    found = term(agency, "reconsideration", at("2026-11-02"))
    assert found.day == at("2027-01-01")  # surely off, but nobody has announced it yet
    assert found.counted.warning == "2027年没有节假日安排的记录，按周一至周五推算不作数"
    assert term(agency, "seizure", at("2026-12-20")).counted.warning == ""  # never rolls


def test_testing_does_not_count_in_a_seizure(agency: Snapshot) -> None:
    basis = "《中华人民共和国行政强制法》第二十五条第三款"
    testing = Pause(at("2026-09-14"), at("2026-09-23"), "检测", basis)
    found = term(agency, "seizure", at("2026-09-08"), [testing])
    assert found.day == at("2026-10-17")
    assert basis in [s.citation for s in found.counted.steps]
    running = Pause(at("2026-09-14"), None, "检测", basis)
    stopped = term(agency, "seizure", at("2026-09-08"), [running])
    assert (stopped.day, stopped.counted.left) == (None, 24)


def _promise(value: object, id: str = "promised/decision") -> Setting:
    return Setting(id=id, label="承诺", value=value, unit="日", source=Source(instrument="服务承诺"))


@pytest.mark.parametrize(
    ("promised", "day", "told"),
    [(60, "2026-11-08", True), (120, "2026-12-08", False), (90, "2026-12-08", False)],
)
def test_the_shorter_promise_counts(agency: Snapshot, promised: int, day: str, told: bool) -> None:
    both = Snapshot.of([*agency.records("setting"), _promise(promised)])
    found = term(both, "decision", at("2026-09-09"))
    assert found.day == at(day)
    assert any("承诺" in s.text for s in found.counted.steps) is told


def test_what_cannot_be_counted_is_refused(agency: Snapshot) -> None:
    with pytest.raises(NotFound, match="没有期限"):
        rule_of("nothing")
    with pytest.raises(NotLoaded):
        term(Snapshot.of(), "decision", at("2026-09-09"))
    with pytest.raises(BadValue, match="时刻"):
        term(agency, "coercion_report", at("2026-09-09"))
    wrong = Snapshot.of([_promise("三十", "decision/days")])
    with pytest.raises(BadRecord, match="decision/days"):
        term(wrong, "decision", at("2026-09-09"))


def test_a_document_type_starts_periods_that_are_counted() -> None:
    """What ``document.yaml`` says a paper starts is a period of this table, or the surcharge's rate."""
    known = {rule.setting for rule in RULES} | {"payment/surcharge"}
    assert {d.setting for kind in document_types() for d in kind.deadlines} <= known
