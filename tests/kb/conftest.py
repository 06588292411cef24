"""A store in each of the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.store import Store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store; where no PostgreSQL is to be had, only SQLite's."""
    if request.param == "sqlite":
        made = Store.open(tmp_path)
    else:
        new_database: Callable[[], str] = request.getfixturevalue("postgres")
        made = Store.open(tmp_path, new_database())
    yield made
    made.close()
