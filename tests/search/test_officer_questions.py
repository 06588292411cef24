"""Questions as officers ask them, written before the records were looked at: which benchmark is found.

One file a domain: the question, a tab, the benchmark's id. Add a row for a question that found nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.base import Base
from app.config import load

QUESTIONS = Path(__file__).parent / "officer_questions"
ROWS = [
    tuple(line.split("\t"))
    for path in sorted(QUESTIONS.glob("*.tsv"))
    for line in path.read_text("utf-8").splitlines()
    if line
]
FIRST, WITHIN_THREE = 0.80, 0.95


@pytest.fixture(scope="module")
def ranks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The place of the right benchmark among the first ten hits, 99 where it is not among them."""
    base = Base.open(load({}, tmp_path_factory.mktemp("officer")), lambda text: None)
    found = {}
    for question, id in ROWS:
        ids = [hit["id"] for hit in base.search(question, n=10)["hits"]]
        found[question] = ids.index(id) + 1 if id in ids else 99
    return found


def test_the_right_benchmark_is_first_or_near(ranks: dict[str, int]) -> None:
    missed = {question: rank for question, rank in ranks.items() if rank > 1}
    assert sum(r == 1 for r in ranks.values()) >= FIRST * len(ranks), missed
    assert sum(r <= 3 for r in ranks.values()) >= WITHIN_THREE * len(ranks), missed
