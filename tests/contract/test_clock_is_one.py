"""No room below the doors asks for the time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

CALLS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
}


@pytest.mark.parametrize("package", ["kb", "search", "generator", "casework", "app"])
def test_only_the_clock_asks_for_the_time(root: Path, package: str) -> None:
    for path in (root / package).rglob("*.py"):
        if path == root / "app" / "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                owner = (
                    node.value.attr
                    if isinstance(node.value, ast.Attribute)
                    else getattr(node.value, "id", "")
                )
                assert (owner, node.attr) not in CALLS, f"{path}:{node.lineno}"
