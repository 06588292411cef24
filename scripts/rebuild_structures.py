"""Compare the article structure in kb/content/laws with imported texts, and write it anew with --write.

The shipped base carries the structure of a law (numbers of 条, 款, 项, 目), never its text. This reads law
texts as ``cailiang laws import`` does, shows what differs from the shipped files, and leaves everything but
the ``structure`` fields alone. Differences of dates and history are shown for a person to look at.

    python scripts/rebuild_structures.py PATH... [--write]
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from kb.errors import CailiangError
from kb.importing.laws import import_paths
from kb.importing.records import LawFile, load_law
from kb.laws import Article, LawVersion, Repeal, clean_title, format_structure

LAWS = Path(__file__).resolve().parents[1] / "kb" / "content" / "laws"

Texts = dict[tuple[str, date | None], tuple[LawVersion, str]]


class Collector:
    """Stands where the store stands in an import, and keeps only structures."""

    def __init__(self) -> None:
        self.texts: Texts = {}

    def import_log(self) -> Mapping[str, tuple[str, str, str]]:
        return {}

    @contextmanager
    def writing(self, *, author: str, at: datetime, note: str = "") -> Iterator[Collector]:
        yield self

    def put_law(self, version: LawVersion, articles: Sequence[Article]) -> list[str]:
        self.texts[clean_title(version.title), version.adopted] = (version, format_structure(articles))
        return []

    def put_repeal(self, repeal: Repeal) -> bool:
        return True

    def log_import(self, path: str, digest: str, outcome: str, reason: str = "") -> None:
        return None


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 where nothing differs (or all was written), 1 where something does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="law texts, or folders of them")
    parser.add_argument("--write", action="store_true", help="write the structures into kb/content/laws")
    given = parser.parse_args(argv)
    collector = Collector()
    try:
        import_paths(given.paths, collector, at=datetime.now(UTC))
        differing = sum([show(p, collector.texts, write=given.write) for p in sorted(LAWS.glob("*.yaml"))])
    except CailiangError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 1 if differing and not given.write else 0


def show(path: Path, texts: Texts, *, write: bool) -> int:
    """Print how one file stands to the texts; how many of its versions differ in structure."""
    law, _ = load_law(path)
    new: list[str | None] = []
    for version in law.versions:
        found = texts.get((clean_title(law.title), version.adopted))
        name = f"{law.title}（{version.adopted}）"
        new.append(None)
        if not found:
            print(f"{name}: no text")
            continue
        for line in dates(law, len(new) - 1, found[0]):
            print(f"{name}: {line}")
        old = " ".join(version.structure.split())
        if old != found[1]:
            new[-1] = found[1]
            print(f"{name}: {differences(old, found[1])}")
    if write and any(new):
        path.write_text(rewritten(path.read_text("utf-8"), new), "utf-8")
    return sum(structure is not None for structure in new)


def dates(law: LawFile, i: int, text: LawVersion) -> Iterator[str]:
    """What the text says of dates and history where the file says otherwise; for a person to look at."""
    version = law.versions[i]
    if (version.from_, version.from_basis) != (text.from_, text.from_basis):
        yield f"from {version.from_} {version.from_basis}; text: {text.from_} {text.from_basis}"
    ours, theirs = [a.day for a in version.history], [h.day for h in text.history]
    if ours != theirs:
        yield f"history {', '.join(map(str, ours))}; text: {', '.join(map(str, theirs))}"


def differences(old: str, new: str) -> str:
    """The articles that differ, the first ten of them."""
    a, b = ({t.partition(":")[0]: t for t in text.split()} for text in (old, new))
    keys = [k for k in dict.fromkeys((*a, *b)) if a.get(k) != b.get(k)]
    shown = "; ".join(f"{a.get(k, '-')} -> {b.get(k, '-')}" for k in keys[:10])
    return f"{len(keys)} articles differ: {shown}" + (" …" if len(keys) > 10 else "")


def rewritten(text: str, structures: Sequence[str | None]) -> str:
    """The file with the n-th ``structure`` replaced where a new one is given."""
    out: list[str] = []
    n = -1
    dropping = False
    for line in text.splitlines():
        if line.startswith("    structure:"):
            n += 1
            dropping = structures[n] is not None
            if structure := structures[n]:
                out.append("    structure: >-")
                out += textwrap.wrap(structure, 106, initial_indent=" " * 6, subsequent_indent=" " * 6)
                continue
        elif not line.startswith("      "):
            dropping = False
        if not dropping:
            out.append(line)
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.exit(main())
