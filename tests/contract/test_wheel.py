"""The wheel carries everything: content, templates, migrations and pages, and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FIRST_USE = """
import sys
from app.cli import main
import app
assert sys.argv[1] in app.__file__, app.__file__
for args in (["range", "market/unlicensed-food-business", "--fact", "goods_value=3000"],
             ["template", "list"],
             ["draft", "decision", "--case", sys.argv[2], "-o", "letter.docx"],
             ["case", "import", sys.argv[2], "--by", "甲"],
             ["audit", "verify"]):
    try:
        main(["--home", "home", *args])
    except SystemExit as e:
        assert e.code == 0, args
"""


def test_the_wheel_runs_on_its_own(root: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    source, place = tmp_path / "source", tmp_path / "place"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (root / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((root / name).read_bytes())
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run(wheel, check=True, capture_output=True)
    (built,) = tmp_path.glob("cailiang-*.whl")
    install = [*pip, "install", "--no-deps", "--no-compile", "--target", str(place), str(built)]
    subprocess.run(install, check=True, capture_output=True)
    case = root / "examples" / "cases" / "unlicensed-food.yaml"
    env = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", FIRST_USE, str(place), str(case)]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "50000" in done.stdout
    assert (tmp_path / "letter.docx").stat().st_size > 5000
