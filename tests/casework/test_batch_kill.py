"""kill -9 at random moments: resumed each time, a batch comes to exactly its papers, numbers without gap."""

from __future__ import annotations

import random
import re
import signal
import time
import zipfile
from pathlib import Path

import pytest

from casework import documents
from casework.batch.journal import journal_of
from casework.batch.report import REPORT
from generator.docx_text import read_docx
from tests.casework.batch_kit import CASE, as_xlsx, open_home, rows, start

BYTES = 12_600
"""What a row of these tables takes in the journal, about: how far a run is shows in the journal's size."""
PATIENCE = 300


@pytest.fixture
def home(tmp_path: Path) -> Path:
    open_home(tmp_path / "home").store.close()
    return tmp_path / "home"


def size_of(journal: Path) -> int:
    """Bytes of the journal and of what is not yet moved into it."""
    found = (journal, journal.with_name(journal.name + "-wal"))
    return sum(path.stat().st_size for path in found if path.exists())


def killed(home: Path, table: Path, out: Path, when: float, chance: random.Random) -> bool:
    """One run, killed a random moment after its journal has `when` bytes; False: it was done before."""
    how = ["--base-case", CASE, "--map", "决定书文号=不用", "--issue", "--by", "示例张", "--resume"]
    process = start(home, "batch", "decision", table, "-o", out, *how)
    part, until = out.with_name(f".{out.name}.part"), time.monotonic() + PATIENCE
    while process.poll() is None and size_of(journal_of(out)) < when and not part.exists():
        assert time.monotonic() < until
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.3))
    process.kill()
    said, told = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), said + told
    return process.returncode != 0


def finished(home: Path, table: Path, out: Path) -> str:
    how = ["--base-case", CASE, "--map", "决定书文号=不用", "--issue", "--by", "示例张", "--resume"]
    process = start(home, "batch", "decision", table, "-o", out, *how)
    said, told = process.communicate()
    assert process.returncode == 0, said + told
    return said + told


def check_all(home: Path, out: Path, count: int) -> None:
    """Exactly the papers, each reopened and bearing its own number; the base has the same ones."""
    seen = {}
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        for name in names:
            if name != REPORT:
                data = archive.read(name)
                text = "\n".join(line.text for line in read_docx(data))
                (number,) = set(re.findall(r"示综执罚〔2026〕(\d+)号", text))
                assert f"示例第{int(name[:4])}店" in text
                seen[int(number)] = data
    assert len(names) == count + 1
    assert sorted(seen) == list(range(1, count + 1))
    base = open_home(home)
    try:
        issued = documents.series(base.store, "示综执罚", 2026)
        assert [d.number_text for d in issued] == [f"示综执罚〔2026〕{n}号" for n in range(1, count + 1)]
        assert {d.state for d in issued} == {"已签发"}
        for n, d in enumerate(issued, 1):
            assert documents.content(base.store, d.sha256) == seen[n]
    finally:
        base.store.close()
    assert sorted(p.name for p in out.parent.glob("*letters*")) == [out.name]
    assert not list(out.parent.glob(".*"))


def survive(home: Path, folder: Path, count: int, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    table, out = folder / "rows.xlsx", folder / "letters.zip"
    table.write_bytes(as_xlsx(rows(count)))
    moments = sorted(chance.uniform(0, 1.04) * count * BYTES for _ in range(kills))
    done = [killed(home, table, out, when, chance) for when in moments]
    assert sum(done) >= kills * 0.8, f"only {sum(done)} of {kills} runs were killed"
    finished(home, table, out)
    check_all(home, out, count)


def test_three_kills(home: Path, tmp_path: Path) -> None:
    survive(home, tmp_path, count=60, kills=3, seed=20261123)


@pytest.mark.soak
def test_fifty_kills(home: Path, tmp_path: Path) -> None:
    survive(home, tmp_path, count=2000, kills=50, seed=20261123)
