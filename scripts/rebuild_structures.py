"""Compare the article structure in kb/content/laws with imported texts, and write it anew with --write.

The shipped base carries the structure of a law (numbers of 条, 款, 项, 目), never its text. This reads law
texts as ``cailiang laws import`` does, shows what differs from the shipped files, and leaves everything but
the ``structure`` fields alone. Differences of dates and history are shown for a person to look at.

    python scripts/rebuild_structures.py PATH... [--write]
    python scripts/rebuild_structures.py PATH... --add SLUG=TITLE... [--since DAY] [--source FOLDER=NAME...]

With ``--add`` it writes the file of a law that has none yet: the text in force and those that were in force
since a day. Summaries and aliases are left to the editor.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from kb.errors import CailiangError, NotFound, WrongUse
from kb.importing.laws import import_paths
from kb.importing.records import LawFile, load_law
from kb.laws import Article, LawVersion, Repeal, clean_title, format_structure

ISSUERS = {"法律": "全国人民代表大会常务委员会", "行政法规": "国务院"}
LAWS = Path(__file__).resolve().parents[1] / "kb" / "content" / "laws"

Texts = dict[tuple[str, date | None], tuple[LawVersion, str]]


class Collector:
    """Stands where the store stands in an import, and keeps only structures."""

    def __init__(self) -> None:
        self.texts: Texts = {}
        self.repeals: list[Repeal] = []

    def import_log(self) -> Mapping[str, tuple[str, str, str]]:
        return {}

    @contextmanager
    def writing(self, *, author: str, at: datetime, note: str = "") -> Iterator[Collector]:
        yield self

    def put_law(self, version: LawVersion, articles: Sequence[Article]) -> list[str]:
        self.texts[clean_title(version.title), version.adopted] = (
            version,
            format_structure(articles, marks=True),
        )
        return []

    def put_repeal(self, repeal: Repeal) -> bool:
        self.repeals.append(repeal)
        return True

    def log_import(self, path: str, digest: str, outcome: str, reason: str = "") -> None:
        return None


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 where nothing differs (or all was written), 1 where something does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="law texts, or folders of them")
    parser.add_argument("--write", action="store_true", help="write the structures into kb/content/laws")
    parser.add_argument("--add", nargs="+", default=[], metavar="SLUG=TITLE", help="write files of new laws")
    parser.add_argument(
        "--since", type=date.fromisoformat, default=date(2021, 11, 22), help="oldest day needed"
    )
    parser.add_argument(
        "--source", nargs="+", default=[], metavar="FOLDER=NAME", help="what a source is called"
    )
    given = parser.parse_args(argv)
    collector = Collector()
    try:
        import_paths(given.paths, collector, at=datetime.now(UTC))
        if given.add:
            sources = dict(pair.split("=", 1) for pair in given.source)
            for slug, title in (pair.split("=", 1) for pair in given.add):
                add(slug, title, collector, sources, given.since)
            return 0
        differing = sum([show(p, collector.texts, write=given.write) for p in sorted(LAWS.glob("*.yaml"))])
    except CailiangError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 1 if differing and not given.write else 0


def add(slug: str, title: str, found: Collector, sources: Mapping[str, str], since: date) -> None:
    """Write the file of a law that has none: its texts that held since a day, without summaries.

    Raises:
        NotFound: no text of that title.
        WrongUse: there is such a file already.
    """
    path = LAWS / f"{slug}.yaml"
    if path.exists():
        raise WrongUse(f"{path.name}已经有了", hint="改那个文件，或者换一个名字")
    texts = [pair for (t, _), pair in found.texts.items() if t == clean_title(title)]
    texts.sort(key=lambda pair: pair[0].from_ or date.min)
    needed = [
        pair
        for pair, following in zip(texts, [*texts[1:], None], strict=True)
        if following is None or following[0].from_ is None or following[0].from_ > since
    ]
    if not needed:
        raise NotFound(f"没有《{title}》的文本", hint="写文本第一行的全称")
    newest = needed[-1][0]
    lines = [
        "schema: 1",
        "kind: law",
        f"title: {newest.title}",
        f"level: {newest.level}",
        f"issuer: {newest.issuer or ISSUERS.get(newest.level, '请填写')}",
        "aliases: []",
        "summaries: {}",
        "versions:",
    ]
    for version, structure in needed:
        lines += _version_lines(version, structure, sources)
    for repeal in (r for r in found.repeals if clean_title(r.title) == clean_title(title)):
        lines.append(f"repealed: {{day: {repeal.day}, by: {repeal.by}, source: {repeal.source}}}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{path.name}: {len(needed)} of {len(texts)} texts")


def _version_lines(version: LawVersion, structure: str, sources: Mapping[str, str]) -> Iterator[str]:
    yield f"  - adopted: {version.adopted}"
    yield f"    from: {version.from_}"
    yield f"    from_basis: {version.from_basis}"
    if version.number:
        yield f"    number: {version.number}"
    if version.history:
        yield "    history:"
        yield from (f"      - {{day: {h.day}, act: {h.act}}}" for h in version.history)
    known = [name for folder, name in sources.items() if folder in version.source]
    yield f"    source: {'、'.join(known) or version.source}"
    yield f"    checked: {datetime.now(UTC).date()}"
    yield "    structure: >-"
    yield from textwrap.wrap(structure, 106, initial_indent=" " * 6, subsequent_indent=" " * 6)


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
