"""The shipped base for tests, with the one rule of an agency that the example cases name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from kb.importing.law_entry import Entry, enter
from kb.importing.records import load_laws, load_records
from kb.laws import Article, LawVersion
from kb.records import Record, Setting
from kb.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[1]
RULE = "《示例市行政处罚办案期限规定》第三条"
"""The rule that lets `examples/cases/street-survey.yaml` take longer."""
EXTENSION = Setting.model_validate(
    {
        "id": "decision/extension",
        "label": "可以延长的办案期限",
        "from": date(2024, 1, 1),
        "value": 30,
        "unit": "日",
        "basis": [RULE],
        "source": {"instrument": "示例市行政处罚办案期限规定"},
    }
)


@cache
def shipped(revision: int = 1, change: Callable[[Record], Record] | None = None) -> Snapshot:
    """The records and laws as shipped, each record changed by `change`, and the rule with its setting."""
    content = ROOT / "kb" / "content"
    laws = load_laws(content / "laws")
    records = [change(r) if change else r for r in load_records(content)]
    return Snapshot.of([*records, EXTENSION], [*laws.versions, rule()], laws.repeals, revision=revision)


def rule(level: str = "地方政府规章") -> tuple[LawVersion, list[Article]]:
    """The rule as an agency would enter it."""
    day = date(2024, 1, 1)
    return enter(
        Entry(
            title="示例市行政处罚办案期限规定",
            level=level,
            article="3",
            from_=day,
            source="示例",
            checked=date(2026, 11, 20),
            entered_by="示例张",
            attested_by="示例李",
            text="案情复杂的，经负责人批准，可以延长三十日。",
        )
    )
