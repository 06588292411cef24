"""Run the examples of README and docs and write their output anew: python -m scripts.doc_examples

An example stands in a ```console block: lines that start with ``$ `` are commands, the lines below them are
what a terminal shows, errors and notes included. ``cailiang`` runs in this process, everything else (and what
stands behind a `` | ``) in the shell. All examples share one fresh home with the shipped base, and one day.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-11-22T09:00:00+08:00"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_PIECE = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.M)


@dataclass(frozen=True, slots=True)
class Example:
    """One command of a page with the output the page shows; ``start`` and ``end`` span the output."""

    command: str
    output: str
    start: int
    end: int


def pages() -> list[Path]:
    """The pages whose examples are run: both READMEs and the docs, in the order they are read."""
    return [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]


def examples(text: str) -> list[Example]:
    """The examples of one page."""
    out = []
    for block in _BLOCK.finditer(text):
        for piece in _PIECE.finditer(text, block.start(1), block.end(1)):
            command = piece["command"].replace("\\\n", " ")
            out.append(Example(command, piece["output"], piece.start("output"), piece.end("output")))
    return out


@contextlib.contextmanager
def terminal(folder: Path) -> Iterator[None]:
    """A working folder that looks like a checkout after ``make run``: the examples, and a loaded home."""
    os.symlink(ROOT / "examples", folder / "examples")
    os.symlink(ROOT / "templates_docx", folder / "templates_docx")
    place, settings = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment(settings))
    try:
        run("cailiang init")
        yield
    finally:
        os.chdir(place)
        os.environ.clear()
        os.environ.update(settings)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The day of the examples, and none of the settings of whoever runs them."""
    kept = {name: value for name, value in given.items() if not name.startswith("CAILIANG_")}
    return {**kept, "CAILIANG_NOW": DAY, "LC_ALL": "C.UTF-8"}


def run(command: str) -> str:
    """What a terminal shows for a command."""
    first, _, filters = command.partition(" | ")
    if not first.startswith("cailiang "):
        return _shell(command, "")
    shown = _cailiang(first)
    return _shell(filters, shown) if filters else shown


def _cailiang(command: str) -> str:
    import shlex

    from app.cli import main

    screen = io.StringIO()
    with (
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
        contextlib.suppress(SystemExit),
    ):
        main(shlex.split(command)[1:])
    return screen.getvalue()


def _shell(command: str, given: str) -> str:
    done = subprocess.run(
        command, shell=True, input=given, text=True, encoding="utf-8", stdout=-1, stderr=subprocess.STDOUT
    )
    return done.stdout


def rewritten(text: str) -> str:
    """A page with the output of its examples as it is now."""
    for example in reversed([(e, run(e.command)) for e in examples(text)]):
        spot, output = example
        text = text[: spot.start] + output + text[spot.end :]
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, terminal(Path(folder)):
        for page in pages():
            page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
