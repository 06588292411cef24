"""Fetch the peers that `bench` compares with: ``make bench-setup`` runs this.

What needs node stands in bench/peers/package-lock.json, search engines in bench/peers/requirements.txt; both
are installed under var/bench/, once. Whatever can't be fetched is left out of the figures.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
HOME = ROOT / "var" / "bench"


def main() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    _once(PEERS / "package-lock.json", HOME / "node_modules", _npm)
    _once(PEERS / "requirements.txt", HOME / "python", _pip)


def _once(lock: Path, folder: Path, install: Callable[[Path, Path], bool]) -> None:
    """Install what a lock file says, unless that very file has been installed."""
    stamp, wanted = folder / ".cailiang", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if install(lock, folder):
        stamp.write_text(wanted)


def _npm(lock: Path, _: Path) -> bool:
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        print(
            "node and npm are not on this machine: docxtemplater is left out of the figures", file=sys.stderr
        )
        return False
    for path in (lock.with_name("package.json"), lock):
        shutil.copyfile(path, HOME / path.name)
    done = subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], cwd=HOME)
    if done.returncode:
        print("npm could not fetch docxtemplater: it is left out of the figures", file=sys.stderr)
    return not done.returncode


def _pip(lock: Path, folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*pip, "--require-hashes", "--target", str(folder), "-r", str(lock)])
    if done.returncode:
        print("pip could not fetch tantivy and bm25s: they are left out of the figures", file=sys.stderr)
    return not done.returncode


if __name__ == "__main__":
    main()
