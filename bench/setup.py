"""Fetch the peers that need another language: ``make bench-setup`` runs this.

npm's exact versions stand in bench/peers/package-lock.json; they are installed under var/bench/, once.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
HOME = ROOT / "var" / "bench"


def main() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    lock = (PEERS / "package-lock.json").read_bytes()
    stamp, wanted = HOME / "node_modules" / ".cailiang", hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        print(
            "node and npm are not on this machine: docxtemplater is left out of the figures", file=sys.stderr
        )
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(PEERS / name, HOME / name)
    done = subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], cwd=HOME)
    if done.returncode:
        print("npm could not fetch docxtemplater: it is left out of the figures", file=sys.stderr)
        return
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
