"""Imports run downwards only, and nothing heavy loads before it is needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ALLOWED = {
    "kb": {"kb"},
    "search": {"kb", "search"},
    "generator": {"kb", "generator", "templates_docx"},
    "templates_docx": {"templates_docx"},
    "casework": {"kb", "generator", "casework"},
    "app": {"kb", "search", "generator", "templates_docx", "casework", "app"},
}


def modules(root: Path, package: str) -> list[Path]:
    return [p for p in (root / package).rglob("*.py") if "migrations" not in p.parts]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_run_downwards(root: Path, package: str) -> None:
    for path in modules(root, package):
        wrong = imported(path) & (set(ALLOWED) - ALLOWED[package])
        assert not wrong, f"{path.relative_to(root)} imports {sorted(wrong)}"


@pytest.mark.parametrize("package", ALLOWED)
def test_no_module_outgrows_its_room(root: Path, package: str) -> None:
    long = {p.name: n for p in modules(root, package) if (n := len(p.read_text().splitlines())) > 450}
    assert not long


HEAVY = ("sqlalchemy", "pydantic", "flask", "whoosh", "numpy", "alembic", "docx", "waitress")


@pytest.mark.parametrize(
    ("module", "banned"),
    [
        ("app.cli", HEAVY),
        ("generator.template", HEAVY),
        ("kb.citation", HEAVY),
        ("kb.money", HEAVY),
        ("kb.laws", HEAVY),
        ("kb.package", HEAVY),
    ],
)
def test_importing_is_light(root: Path, module: str, banned: tuple[str, ...]) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True, text=True)
    loaded = {m.split(".")[0] for m in json.loads(out.stdout)}
    assert not loaded & set(banned)
