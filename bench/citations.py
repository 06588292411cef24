"""How fast citations are found and judged, how many are right, and what one whole check costs.

    python -m bench.citations [--json] [--millions 5]

Real statutes (CAILIANG_CORPUS) are read as one text of so many million characters on one core, beside the two
patterns of `bench.peers.extractors`, which only find. The law book is every statute of the collection with
its structure. Statutes cite rarely, so the sentences of letters are measured too. Then 1, 2, 4 and 8 million
characters (linear or not), the labelled rows of `tests/kb/labels` (right: title and every level of every
provision in the row, and no more), and `cite check` of a 60-page .docx as a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.extractors import ChinaLawMcp, Seen, adhoc  # noqa: E402
from kb.citation import Context, Days, find, judge, parse, read  # noqa: E402
from kb.errors import BadRecord  # noqa: E402
from kb.importing.law_reading import parse_law, read_source  # noqa: E402
from kb.laws import COUNTRY, Article, LawBook, LawVersion, clean_title  # noqa: E402
from kb.snapshot import Snapshot  # noqa: E402
from tests.kb.test_citation_labels import TABLES, Row, rows_of  # noqa: E402

HOME = ROOT / "var" / "bench" / "citations"
STATUTES = Path(os.environ.get("CAILIANG_CORPUS", ROOT.parent / "shared" / "data")) / "statutes"
DAYS = Days(date(2026, 6, 1), date(2026, 11, 1))
GOAL = 1.0  # million characters a second
PAGES, CHECK_SECONDS, CHECK_MB = 60, 1.0, 120
LINES, LETTERS = 22, 28  # of a page by GB/T 9704-2012

PEERS = ("ad-hoc pattern", "china-law-mcp")  # they only find
STORY = (
    "执法人员第{n}次到现场检查，当事人的负责人在场，未提出回避申请。现场有操作台、冷藏柜和待售货物，",
    "负责人陈述货物于三日前购入，单价十二元，已售出{n}件，其余尚未售出，并交出了进货单据的复印件。",
)


# ---------------------------------------------------------------- the material


@cache
def texts() -> tuple[str, ...]:
    """Every statute, one file after another, in an order that mixes kinds but is always the same."""
    paths = sorted(STATUTES.rglob("*.md"))
    random.Random(2026).shuffle(paths)
    return tuple(p.read_text(encoding="utf-8", errors="replace") for p in paths)


def text_of(millions: float) -> str:
    whole, size = "\n\n".join(texts()), int(millions * 1_000_000)
    return (whole * (size // len(whole) + 1))[:size]


def letters() -> list[str]:
    """The sentences of penalty letters in the labelled tables: a citation every 25 characters."""
    return [r.text.replace("\n", "") for t in TABLES for r in rows_of(t) if r.source.startswith("信函")]


def law_book() -> LawBook:
    """Every statute of the collection with its articles."""
    laws: dict[tuple[str, date | None], tuple[LawVersion, tuple[Article, ...]]] = {}
    for path in sorted((STATUTES / "lawrefbook").rglob("*.md")):
        try:
            law = parse_law([read_source(str(path), path.read_bytes())], None)
        except BadRecord:  # some files of the collection hold half a text
            continue
        if law.version is not None:
            laws[law.version.title, law.version.adopted] = (law.version, tuple(law.articles))
    return Snapshot.of(laws=list(laws.values())).laws


# ---------------------------------------------------------------- speed


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def speeds(millions: float, book: LawBook) -> dict[str, float]:
    """Million characters a second of each stage, and of the peers, interleaved; the best of three rounds."""
    text, mcp = text_of(millions), ChinaLawMcp(book.titles())
    stages: dict[str, Callable[[], object]] = {
        "find": lambda: find(text),
        "find + parse": lambda: parse(text, book),
        "find + parse + resolve + judge": lambda: judge(text, book, DAYS),
        "ad-hoc pattern": lambda: adhoc(text),
        "china-law-mcp": lambda: mcp(text),
    }
    sizes = dict.fromkeys(stages, millions)
    dense = "\n\n".join(letters() * 10)
    stages["all stages, letters only"] = lambda: judge(dense, book, DAYS)
    sizes["all stages, letters only"] = len(dense) / 1_000_000
    best = dict.fromkeys(stages, float("inf"))
    for _ in range(3):
        for name, work in stages.items():
            best[name] = min(best[name], seconds(work))
    return {name: sizes[name] / took for name, took in best.items()}


def growth(book: LawBook) -> dict[int, float]:
    """Seconds of CPU to find, parse, resolve and judge 1, 2, 4 and 8 million characters."""
    took = {}
    for n in (1, 2, 4, 8):
        text = text_of(n)
        took[n] = min(seconds(partial(judge, text, book, DAYS)) for _ in range(2))
    return took


# ---------------------------------------------------------------- how many are right


def ours(row: Row, book: LawBook) -> list[tuple[str, str | None, tuple[int | None, ...]]]:
    whole = row.before + row.text
    found = read(whole, book, Context(own=row.own)).citations
    return [
        (c.law, c.resolved, (c.article, c.article_suffix, c.paragraph, c.item, c.subitem))
        for c in found
        if c.start >= len(row.before)
    ]


def theirs(seen: Iterable[Seen]) -> list[tuple[str, str | None, tuple[int | None, ...]]]:
    return [
        (law, meant, (article, None, paragraph, item, None))
        for law, meant, (article, paragraph, item) in seen
    ]


def plain_name(title: str) -> str:
    return clean_title(title).removeprefix(COUNTRY)


def right(row: Row, found: list[tuple[str, str | None, tuple[int | None, ...]]]) -> bool:
    """Every provision with all its levels, under the title as written or as meant, and nothing else."""
    return len(found) == len(row.labels) and all(
        path == label.path
        and {plain_name(law), plain_name(meant or "")} & {plain_name(label.law), plain_name(label.official)}
        for label, (law, meant, path) in zip(row.labels, found, strict=True)
    )


def bound_wrong(row: Row, found: list[tuple[str, str | None, tuple[int | None, ...]]]) -> bool:
    """Whether anything is bound to a law that the row does not cite."""
    meant = {plain_name(label.official) for label in row.labels}
    return any(law is not None and plain_name(law) not in meant for _, law, _ in found)


def exactness(book: LawBook) -> dict[str, dict[str, list[int]]]:
    """Of each table: rows, and for each tool the rows that are exactly right and the rows bound wrong."""
    mcp = ChinaLawMcp(book.titles())
    out: dict[str, dict[str, list[int]]] = {}
    for path in TABLES:
        rows = rows_of(path)
        found = {
            "ours": [ours(row, book) for row in rows],
            "ad-hoc pattern": [theirs(adhoc(row.text)) for row in rows],
            "china-law-mcp": [theirs(mcp(row.text)) for row in rows],
        }
        out[path.stem] = {"rows": [len(rows), sum(len(r.labels) for r in rows)]} | {
            tool: [
                sum(map(right, rows, answers)),
                sum(map(bound_wrong, rows, answers)),
            ]
            for tool, answers in found.items()
        }
    return out


# ---------------------------------------------------------------- one whole check


def paper() -> Path:
    """A .docx of 60 pages: in each paragraph a sentence that cites and what was seen; a table every fifth."""
    from docx import Document

    path = HOME / f"{PAGES}-pages.docx"
    said = letters()
    document = Document()
    document.sections[0].header.paragraphs[0].text = "示例：六十页文书"
    at = 0
    for page in range(PAGES):
        room = LINES * LETTERS
        while room > 0:
            text = said[at % len(said)] + "".join(STORY).format(n=at)
            at += 1
            document.add_paragraph(text)
            room -= -(-len(text) // LETTERS) * LETTERS
        if page % 5 == 4:
            cells = document.add_table(rows=4, cols=3).rows
            for n, row in enumerate(cells):
                for cell in row.cells:
                    cell.text = said[(at + n) % len(said)]
        document.add_page_break()
    document.save(str(path))
    return path


# Its own small process measures the child: the peak a child reports includes that of the process it left.
MEASURE = """
import json, os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, _, usage = os.wait4(child.pid, 0)
took = time.perf_counter() - started
print(json.dumps([took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""


def process(*command: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of a command."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command], capture_output=True, text=True, check=True
    )
    took, cpu, peak = json.loads(done.stdout)
    return took, cpu, peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def whole_check(rounds: int) -> dict[str, float]:
    """Seconds and megabytes of `cite check` on the 60 pages, in a home that is set up."""
    path, home = paper(), HOME / "home"
    program = str(Path(sys.executable).with_name("cailiang"))
    command = (program, "--home", str(home), "cite", "check", str(path), "--on", "2026-11-01", "--json")
    first = subprocess.run(command, capture_output=True, text=True)  # also sets up the home
    found = json.loads(first.stdout)
    runs = [process(*command) for _ in range(rounds)]
    return {
        "seconds": median(took for took, _, _ in runs),
        "cpu_seconds": median(cpu for _, cpu, _ in runs),
        "peak_mb": max(mb for _, _, mb in runs),
        "citations": found["citations"],
        "findings": len(found["findings"]),
    }


# ---------------------------------------------------------------- the tables


def as_json(
    speed: dict[str, float],
    grow: dict[int, float],
    exact: dict[str, Any],
    check: dict[str, float],
    millions: float,
) -> str:
    mine = speed["find + parse + resolve + judge"]
    peers = {name: round(speed[name], 2) for name in PEERS}
    return json.dumps(
        {
            "name": "citations",
            "unit": "million characters/s",
            "ours": round(mine, 2),
            "peers": peers,
            "ratio": {name: round(mine / v, 5) for name, v in peers.items()},
            "setting": {
                "millions": millions,
                "goal": GOAL,
                "stages": {name: round(v, 2) for name, v in speed.items()},
                "seconds_by_millions": {str(n): round(s, 2) for n, s in grow.items()},
                "labelled": exact,
                "check_60_pages": {k: round(v, 2) for k, v in check.items()},
                "python": platform.python_version(),
            },
        },
        ensure_ascii=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--millions", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    if not STATUTES.is_dir():
        print(f"citations left out: no statutes at {STATUTES}; set CAILIANG_CORPUS", file=sys.stderr)
        return
    HOME.mkdir(parents=True, exist_ok=True)
    check = whole_check(args.rounds)
    book = law_book()
    speed, grow, exact = speeds(args.millions, book), growth(book), exactness(book)
    if args.json:
        print(as_json(speed, grow, exact, check, args.millions))
        return
    print(f"{args.millions:g} million characters of statutes, one core; goal {GOAL:g} million characters/s")
    for name, value in speed.items():
        print(f"  {name:<34}{value:9.2f} M/s{'  (only finds)' if name in PEERS else ''}")
    print("all stages, by length")
    for n, took in grow.items():
        print(f"  {n} million{took:8.2f} s{took / n / grow[1]:8.2f} x the first, a character")
    print("labelled rows exactly right (rows bound to a wrong law)")
    for name, table in exact.items():
        rows, provisions = table.pop("rows")
        print(f"  {name}: {rows} rows, {provisions} provisions")
        for tool, (good, wrong) in table.items():
            print(f"    {tool:<20}{good:5} = {good / rows:6.1%}   ({wrong})")
    print(f"cite check of {PAGES} pages, {check['citations']} citations, {check['findings']} findings")
    print(f"  {check['seconds']:.2f} s (goal {CHECK_SECONDS:g}), of CPU {check['cpu_seconds']:.2f} s")
    print(f"  {check['peak_mb']:.0f} MB at most (goal {CHECK_MB})")


if __name__ == "__main__":
    main()
