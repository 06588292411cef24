"""Discretion: the range the law gives on given facts, with its reasons (design: law 5 of the house)."""

from kb.discretion.assess import assess
from kb.discretion.assessment import Assessment
from kb.discretion.result import (
    MeasureDue,
    MissingFact,
    Outcome,
    Period,
    Range,
    Step,
    Warning,
)
from kb.leniency import EarlierDecision, History

__all__ = [
    "Assessment",
    "EarlierDecision",
    "History",
    "MeasureDue",
    "MissingFact",
    "Outcome",
    "Period",
    "Range",
    "Step",
    "Warning",
    "assess",
]
