"""Seconds to import a published table and to check a large base, each a command of its own process.

    python -m bench.tables [--corpus FOLDER] [--benchmarks N] [--json]

The table is the .xls of 12 sheets of the real material, imported into a new home (the shipped base is loaded
on the way) and into a home that holds the statutes. The large base is the statutes (over 50,000 articles) and
5,000 benchmarks: the shipped ones under new names, each with a ladder of its own. Goals: 10 s and 20 s.
The home with the statutes is prepared once and kept under var/bench. No public tool does either.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.base import Base  # noqa: E402
from app.config import load  # noqa: E402
from kb.importing.laws import import_paths  # noqa: E402
from kb.money import Fine, format_fine, parse_fine  # noqa: E402
from kb.money.amounts import Amount  # noqa: E402
from kb.records import Benchmark, Branch, Fact, Tier, When  # noqa: E402
from kb.snapshot import Snapshot  # noqa: E402

CACHE = ROOT / "var" / "bench"
MATERIAL = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data"))
AT = datetime(2026, 11, 23, tzinfo=UTC)
GOALS = {"import": 10, "import_with_statutes": 10, "check": 20}
STEPS = ("较轻", "一般", "较重")
RUN = "import sys; from app.cli import main; main(sys.argv[1:])"


@dataclass(frozen=True)
class Done:
    """What a command took: seconds on the clock and of the processor; and its JSON."""

    took: float
    cpu: float
    said: dict[str, Any]


def command(home: Path, *args: str | Path) -> Done:
    """Run a command of ours in a process of its own."""
    call = [sys.executable, "-c", RUN, "--home", str(home), *map(str, args), "--json"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Done(took, cpu, json.loads(done.stdout))


# ---------------------------------------------------------------- what is measured on


def with_statutes(statutes: Path) -> Path:
    """A home that holds the statutes, prepared once for each state of their folder."""
    files = sorted(p for p in statutes.rglob("*") if p.is_file())
    stamp = "\n".join(f"{p.relative_to(statutes)} {p.stat().st_size}" for p in files)
    home = CACHE / f"statutes-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"
    if not home.is_dir():
        print(f"preparing {home.name} (once)", file=sys.stderr)
        fresh = home.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        base = Base.open(load({}, home=fresh), say=lambda _line: None)
        import_paths([statutes], base.store, at=AT)
        base.store.close()
        fresh.rename(home)
    return home


def fill(home: Path, count: int) -> Snapshot:
    """Put varied benchmarks into a home."""
    base = Base.open(load({}, home=home), say=lambda _line: None)
    shipped = base.snapshot().benchmarks()
    rng = random.Random(2026)
    with base.store.writing(author="bench", at=AT) as writer:
        for n in range(count):
            writer.put_record(vary(shipped[n % len(shipped)], n, rng))
    base.store.close()
    return base.snapshot()


def vary(record: Benchmark, n: int, rng: random.Random) -> Benchmark:
    """A shipped benchmark under another name, with tiers of its own inside each range of the statute."""
    tiers = [tier for branch in record.statutory for tier in ladder(branch, rng)]
    asked = Fact(label="裁量情节", type="choice", options=list(STEPS), ask="属于哪一种情节？")
    change: dict[str, Any] = {"id": f"{record.id}-{n}", "violation": f"{record.violation}（第{n}种）"}
    if tiers:
        change |= {"tiers": tiers, "facts": {**record.facts, "step": asked}}
    return record.model_copy(update=change)


def ladder(branch: Branch, rng: random.Random) -> Iterator[Tier]:
    """Three tiers that part the range of a branch at random; none where it is no range of one unit."""
    fine = parse_fine(branch.fine) if branch.fine else Fine()
    if fine.low is None or fine.high is None or fine.low.unit != fine.high.unit or fine.high == fine.low:
        return
    span = fine.high.value - fine.low.value
    cuts = sorted(rng.sample(range(1, 100), 2))
    ends = [
        fine.low,
        *(Amount(fine.low.value + span * Decimal(c) / 100, fine.low.unit) for c in cuts),
        fine.high,
    ]
    for step, low, high in zip(STEPS, ends, ends[1:], strict=False):
        price = format_fine(replace(fine, low=low, high=high))
        yield Tier(
            label=step, when=both(branch.when, f"裁量情节为{step}"), fine=price, subject=branch.subject
        )


def both(when: When, step: str) -> When:
    if when is None:
        return step
    return [*when, step] if isinstance(when, list) else [when, step]


# ---------------------------------------------------------------- the figures


def measure(corpus: Path, benchmarks: int, rounds: int) -> dict[str, Any]:
    """Seconds for each work, the median of a few processes, and what was found."""
    table = corpus / "tables" / "jiangmen-ecology-benchmarks-2020.xls"
    statutes = with_statutes(corpus / "statutes")
    with TemporaryDirectory() as folder:
        homes = [Path(folder) / f"home{n}" for n in range(rounds)]
        works = {"import": [command(home, "kb", "import", table, "--by", "bench") for home in homes]}
        full = Path(folder) / "full"
        shutil.copytree(statutes, full)
        works["import_with_statutes"] = [
            command(full, "kb", "import", table, "--preview") for _ in range(rounds)
        ]
        base = fill(full, benchmarks)
        works["check"] = [command(full, "kb", "check") for _ in range(rounds)]
        laws, held = base.laws, len(base.benchmarks())
        articles = sum(len(laws.articles(v)) for title in laws.titles() for v in laws.versions_of(title))
    return {
        **{name: round(median(d.took for d in done), 2) for name, done in works.items()},
        "cpu": {name: round(median(d.cpu for d in done), 2) for name, done in works.items()},
        "benchmarks": held,
        "articles": articles,
        "violations": works["import"][0].said["violations"],
        "findings": len(works["check"][0].said["findings"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=MATERIAL)
    parser.add_argument("--benchmarks", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not (args.corpus / "tables").is_dir():
        print(f"tables left out: no material at {args.corpus}; set CAILIANG_CORPUS", file=sys.stderr)
        return
    got = measure(args.corpus, args.benchmarks, args.rounds)
    if args.json:
        setting = {**got, "goals": GOALS, "python": platform.python_version()}
        head = {"name": "tables", "unit": "s/process", "ours": got["check"], "peers": {}, "ratio": {}}
        print(json.dumps(head | {"setting": setting}, ensure_ascii=False))
        return
    size = f"{got['benchmarks']:,} benchmarks, {got['articles']:,} articles"
    print(f"{size}; a table of {got['violations']} violations")
    for name, label in (
        ("import", "import the table into a new home"),
        ("import_with_statutes", "preview it beside the statutes"),
        ("check", "check the whole base"),
    ):
        print(f"  {label:<34}{got[name]:7.2f} s   (goal {GOALS[name]} s; processor {got['cpu'][name]:.2f} s)")
    print(f"  findings of the check: {got['findings']}")


if __name__ == "__main__":
    main()
