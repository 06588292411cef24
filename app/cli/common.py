"""What the commands share: the base of this home, and output as text or JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.base import Base

json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON")


def open_base(ctx: click.Context) -> Base:
    """The base of this run's home; an empty home gets the shipped base first, and stderr says so."""
    from app.base import Base
    from app.config import load

    return Base.open(load(home=ctx.find_root().obj), say=note)


def note(text: str) -> None:
    """A line for the person at the terminal, never part of the output."""
    print(text, file=sys.stderr, flush=True)


def emit(data: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print the data as JSON, or the text made from it."""
    said = json.dumps(data, ensure_ascii=False, indent=2) if as_json else text()
    click.echo(said)


def lines_of(data: Mapping[str, Any], *lines: str) -> str:
    """The lines of a list over cases, and one for each case that could not be read."""
    return "\n".join([*lines, *(u["line"] for u in data["unread"])])


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: a temporary file beside it takes its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def finding_line(f: dict[str, Any], *, basis: bool = False) -> str:
    """One finding: code, severity, place, what stands there, what should; the provision if asked for."""
    p = f["place"]
    where = [p["part"]] + [p["cell"]] * bool(p["cell"])
    where += [f"第{p['paragraph']}段"] * bool(p["paragraph"]) + [f"第{p['line']}行"] * bool(p["line"])
    mend = f"；改法：{f['suggestion']}" if f["suggestion"] else ""
    text = f"“{f['text']}”：" if f["text"] else ""
    rule = f"（{f['basis']}）" if basis and f["basis"] else ""
    return f"[{f['code']} {f['severity']}] {' '.join(where)} {text}{f['message']}{mend}{rule}"


def attested_lines(articles: Iterable[str]) -> list[str]:
    """What rests on an entry by hand, an article a line: 《…》第十二条（人工核对：谁，何时，何处）."""
    return [f"条文系人工录入：{article}" for article in articles]


def grouped_lines(
    findings: Iterable[Mapping[str, str]], line: Callable[[Mapping[str, str]], str], place: str
) -> Iterator[str]:
    """Each finding; of many of one sort the first, how many there are, and where the next stand.

    Args:
        findings: as data.
        line: how one is told.
        place: the key of where it stands.
    """
    from app.api.tables import FEW, grouped

    for group in grouped(findings):
        told = group if len(group) <= FEW else group[:1]
        yield from map(line, told)
        if len(told) < len(group):
            places = "、".join(dict.fromkeys(f[place] for f in group[1 : FEW + 1]))
            yield f"    同样的共 {len(group)} 处：另见 {places}等（--json 列出全部）"


def record_finding_line(f: Mapping[str, str]) -> str:
    """One fault in a record: code, severity, id, field, what is wrong, how to mend it."""
    mend = f"；{f['suggestion']}" if f["suggestion"] else ""
    return f"[{f['code']} {f['severity']}] {f['id']} {f['place']}：{f['message']}{mend}"
