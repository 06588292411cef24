"""The one clock gives China's day on any machine at any hour."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from kb.errors import WrongUse


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:59+00:00", "2026-11-22"),
        ("2026-11-22T16:00:00+00:00", "2026-11-23"),
        ("2026-11-22T23:30:00-05:00", "2026-11-23"),
        ("2026-12-31T16:00:00+00:00", "2027-01-01"),
        ("2026-11-22T00:00:00", "2026-11-22"),
    ],
)
def test_the_day_is_chinas(moment: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAILIANG_NOW", moment)
    assert clock.today().isoformat() == day


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_machines_zone_does_not_matter(zone: str, root: Path) -> None:
    env = {**os.environ, "TZ": zone}
    env.pop("CAILIANG_NOW", None)
    command = [sys.executable, "-c", "from app import clock; print(clock.today())"]
    out = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=True)
    now = datetime.now(UTC) + timedelta(hours=8)
    assert out.stdout.strip() in {now.date().isoformat(), (now - timedelta(minutes=1)).date().isoformat()}


def test_a_bad_moment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAILIANG_NOW", "yesterday")
    with pytest.raises(WrongUse, match="CAILIANG_NOW"):
        clock.now()
