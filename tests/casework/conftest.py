"""The shipped base, and cases to try wrong orders on."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.importing.records import load_laws, load_records
from kb.snapshot import Snapshot

CONTENT = Path(__file__).resolve().parents[2] / "kb" / "content"


@pytest.fixture(scope="session")
def base() -> Snapshot:
    """The shipped base: its laws, settings and benchmarks."""
    laws = load_laws(CONTENT / "laws")
    return Snapshot.of(load_records(CONTENT), laws.versions, laws.repeals)
