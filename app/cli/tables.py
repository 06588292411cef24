"""`kb import`: a table as published, or a record file, becomes a draft that a second person approves."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, get_args

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, grouped_lines, json_option, note, open_base
from kb.records import KINDS, Domain

if TYPE_CHECKING:
    from kb.importing.incoming import Incoming
    from kb.importing.tables.importing import Progress


@click.command("import", cls=Command, help="导入公布的表、清单或者记录文件，成为等待另一人批准的草案。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as",
    "kind",
    type=click.Choice(list(KINDS)),
    help="是哪一种记录：表写 benchmark（裁量权基准）或者 leniency（清单）；不写的由文件自己认",
)
@click.option("--preview", is_flag=True, help="只看逐行读懂了什么，不存草案")
@click.option("--by", default="", help="导入人（默认取登录的用户名）；批准的应当是另一人")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="含义=列",
    help="手工对应一列，如 违法行为=C、不用=D；可以写几次",
)
@click.option("--instrument", default="", help="文件名称（默认取文件名）")
@click.option("--number", default="", help="文号")
@click.option("--url", default="", help="公布的网址")
@click.option("--domain", type=click.Choice(get_args(Domain)), default="通用", help="领域")
@click.option("--from", "from_", type=DAY, help="施行日期")
@click.option("--to", type=DAY, help="失效日期（不再有效的第一天）")
@json_option
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    file: Path,
    kind: str | None,
    preview: bool,
    by: str,
    columns: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> int:
    from app.api.tables import hand_in
    from kb.importing.incoming import read_incoming
    from kb.importing.tables.importing import About

    base = open_base(ctx)
    snapshot = base.snapshot()
    about = About(today=clock.today(), **given)
    with _progress() as progress:
        found = read_incoming(file, snapshot, about, kind=kind or "", columns=columns, progress=progress)
    said = "只是预览，没有存入" if preview else "没有可以存的记录"
    if found.records and not preview:
        at = clock.now()
        number = hand_in(base, found, author=by or _login(), at=at, read_at=snapshot.revision)
        then = f"用 cailiang kb drafts {number} 查看，由另一人 cailiang kb approve {number} 批准"
        said = f"已存为草案 {number}：{then}"
    emit(found.to_dict(), as_json, lambda: _text(found, said, preview=preview))
    if as_json:
        note(said)
    return 0 if found.records else 1


PATIENCE = 1.0
"""Seconds somebody waits before being told what is being done."""


@contextmanager
def _progress() -> Iterator[Progress]:
    """One line on the screen that says what is being done, where it takes long; gone when it is done."""
    shown = ""
    waited = not sys.stderr.isatty()

    def say(what: str) -> None:
        nonlocal shown
        shown = what
        if late.finished.is_set():
            draw()

    def draw() -> None:
        if not waited:
            click.echo(f"\r\033[K正在{shown}……（Ctrl-C 停止，什么也不存）", nl=False, err=True)

    late = Timer(PATIENCE, draw)
    late.daemon = True
    late.start()
    try:
        yield say
    finally:
        if late.finished.is_set() and not waited:
            click.echo("\r\033[K", nl=False, err=True)
        late.cancel()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user on this machine: the draft must still name somebody
        return ""


def _text(found: Incoming, said: str, *, preview: bool) -> str:
    data = found.to_dict()
    lines = found.preview() if preview else []
    lines += [f"没有导入 {u['place']}“{_brief(u['text'])}”：{u['why']}" for u in data["unread"]]
    lines += grouped_lines(data["findings"], _finding_line, "place")
    lines += found.notes
    counted = ""
    if data["violations"]:
        counted = f"违法行为 {data['violations']}、情节 {data['conditions']}、数额 {data['amounts']} 格，"
        counted += f"读懂 {data['imported']} 格，"
    lines.append(f"{counted}{len(found.records)} 条记录，发现 {len(data['findings'])} 处问题")
    return "\n".join([*lines, said])


def _finding_line(f: Mapping[str, str]) -> str:
    mend = f"；{f['suggestion']}" if f["suggestion"] else ""
    return f"[{f['code']}] {f['place']}：{f['message']}{mend}"


def _brief(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else plain[:40] + "…"
