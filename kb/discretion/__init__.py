"""Discretion: the range the law gives on given facts, with its reasons (design: law 5 of the house)."""

from kb.discretion.assess import assess
from kb.discretion.result import (
    Assessment,
    MeasureDue,
    MissingFact,
    Outcome,
    Period,
    Range,
    Step,
    Warning,
)

__all__ = [
    "Assessment",
    "MeasureDue",
    "MissingFact",
    "Outcome",
    "Period",
    "Range",
    "Step",
    "Warning",
    "assess",
]
