"""`batch`: one paper for every row of a table."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import emit, json_option, note, open_base, write_file
from kb.errors import WrongUse

if TYPE_CHECKING:
    from app.api.batch import Asked
    from app.base import Base
    from casework.batch.running import Batch, Progress, Stop, Tell

STOPPED = 130
"""Exit code of a run that was stopped, as shells have it for Ctrl-C."""
FEW = 5


@click.command(
    "batch", cls=Command, help="按表格的行成批起草：一行一个案件，一份文书；有问题的行只出草稿，并写进报告。"
)
@click.argument("type")
@click.argument("rows", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="写出的 .zip，或者文件夹")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="列=路径",
    help="手工对应一列，如 罚没款=violations.1.fine、备注=不用；可以写几次",
)
@click.option(
    "--base-case",
    "shared",
    type=click.Path(path_type=Path, dir_okay=False),
    help="底稿：各案相同的内容，写法同 CASE.yaml，不必齐全",
)
@click.option("--issue", is_flag=True, help="签发：案件存入、文书编号并登记台账；不写则只起草，文号用表里的")
@click.option("--by", default="", help="经办人的姓名（签发时要写）")
@click.option("--dry-run", is_flag=True, help="只检查，逐行列出问题，什么也不写")
@click.option("--resume", is_flag=True, help="接着做上次没有做完的")
@click.option(
    "--template",
    "blank",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写出一张空的行表 .xlsx：列名、说明和一行示例",
)
@json_option
@click.pass_context
def batch_command(
    ctx: click.Context,
    /,
    type: str,
    rows: Path | None,
    out: Path | None,
    columns: tuple[str, ...],
    shared: Path | None,
    issue: bool,
    by: str,
    dry_run: bool,
    resume: bool,
    blank: Path | None,
    as_json: bool,
) -> int:
    from app.api import batch as api
    from generator.catalogue import document_type
    from kb.importing.tables.reading import load

    kind = document_type(type)
    base = open_base(ctx)
    if blank is not None:
        write_file(blank, api.empty_table(kind, base.snapshot()))
        emit(
            {"file": str(blank)},
            as_json,
            lambda: f"已写出 {blank}：填好后用 cailiang batch {kind.type} {blank} -o OUT.zip",
        )
        return 0
    if rows is None:
        raise WrongUse(
            "没有写行表", where="ROWS", hint="写一个 .xlsx、.csv 或者 .jsonl；空表用 --template 写出"
        )
    if issue and not by.strip():
        raise WrongUse("没有写明是谁签发", where="--by", hint="写经办人的姓名")
    data, name = load(rows, "")
    asked = api.Asked(kind, data, name, api.read_shared(shared), columns, by.strip() if issue else "")
    if dry_run:
        return _check(base, asked, as_json)
    if out is None:
        raise WrongUse("没有写输出到哪里", where="-o", hint="写一个 .zip 或者文件夹；只检查用 --dry-run")
    return _run(base, asked, out, resume, as_json)


def _check(base: Base, asked: Asked, as_json: bool) -> int:
    from app.api import batch as api
    from casework.batch.running import dry_run

    snapshot = base.snapshot()
    registry = api.registry_of(base, asked, snapshot)
    batch = api.prepare(asked, snapshot, clock.today(), registry, api.roster_of(base))
    with _watched("检查") as (tell, stop):
        found = dry_run(batch, tell, stop)
    data = api.checked(batch, found)
    emit(data, as_json, lambda: "\n".join(_checked_lines(batch, found)))
    if found.total < batch.sheet.total and stop():
        return STOPPED
    return 1 if data["faults"] or data["unclear"] else 0


def _run(base: Base, asked: Asked, out: Path, resume: bool, as_json: bool) -> int:
    from app.api import batch as api
    from casework.batch.hands import cores
    from casework.batch.journal import journal_of
    from casework.batch.output import refuse_if_there

    path = journal_of(out)
    if not path.exists():
        if resume and out.exists():
            note(f"{out} 已经做完，没有要接着做的")
            return 0
        refuse_if_there(out)
    elif not resume:
        hint = f"加 --resume 接着做；要重新做，删去 {path}"
        raise WrongUse("上次没有做完", where=str(out), hint=hint)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _watched("起草") as (tell, stop):
        done = api.make(asked, base, out, clock.today(), tell, stop, processes=cores())
    data = done.data
    if not done.whole:
        note(f"已停止：做完 {data['total']}/{done.rows} 行，加 --resume 接着做")
        return STOPPED
    emit(data, as_json, lambda: "\n".join(_made_lines(data)))
    return 1 if data["counts"]["草稿"] or data["counts"]["没有做"] else 0


@contextmanager
def _watched(what: str) -> Iterator[tuple[Tell, Stop]]:
    """Progress on the screen; a first Ctrl-C ends after what is being done, a second one at once."""
    stopped = Event()

    def tell(at: Progress) -> None:
        if sys.stderr.isatty():
            faulty = f"，有问题 {at.faulty}" if at.faulty else ""
            click.echo(f"\r\033[K{what} {at.done}/{at.total} 行{faulty}（Ctrl-C 停止）", nl=False, err=True)

    def stop(_signal: int, _frame: object) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield tell, stopped.is_set
    finally:
        signal.signal(signal.SIGINT, before)
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)


def _checked_lines(batch: Batch, found: Any) -> Iterator[str]:
    from app.api.batch import grouped, table

    shown = table(batch)
    yield "列：" + "、".join(f"{c['header']}→{c['path']}" for c in shown["columns"])
    if shown["unused"]:
        yield "不用的列：" + "、".join(c["header"] for c in shown["unused"])
    for c in shown["unclear"]:
        yield f"{c['column']}列：{c['message']}；{c['hint']}"
    for name in shown["sheets_left_out"][:1]:
        yield f"只读第一张工作表，没有读“{name}”" + ("等" if len(shown["sheets_left_out"]) > 1 else "")
    for fault, rows in grouped(found.faults):
        places = "、".join(f"第{n}行" for n in rows[:FEW]) + (f"等 {len(rows)} 行" if len(rows) > FEW else "")
        yield f"{places} {fault.text}"
    faulty = found.total - found.good
    yield f"检查了 {found.total} 行：{found.good} 行可以出具，{faulty} 行有问题；什么也没有写"


def _made_lines(data: dict[str, Any]) -> Iterator[str]:
    for fault in data["faults"][:FEW]:
        yield f"第{fault['row']}行 {fault['column'] + '：' if fault['column'] else ''}{fault['message']}"
    if len(data["faults"]) > FEW:
        yield f"……另有 {len(data['faults']) - FEW} 处，都在报告里"
    said = "，".join(f"{name} {n}" for name, n in data["counts"].items() if n)
    yield f"已写出 {data['file']}：{data['total']} 行，{said}；报告在其中的“{data['report']}”"
