"""The base that papers are drafted and reviewed on."""

from __future__ import annotations

import pytest

from kb.snapshot import Snapshot
from tests.shipped import shipped


@pytest.fixture(scope="session")
def base() -> Snapshot:
    """The shipped base and the one rule that the example cases name."""
    return shipped()
