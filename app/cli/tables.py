"""`kb import`: a benchmark table as published becomes a draft that a second person approves."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from app import clock
from app.cli.chinese import DAY
from app.cli.common import emit, json_option, open_base
from kb.records import Domain


@click.command("import", help="导入公布的裁量基准表、权重表和不予处罚等清单，成为等待另一人批准的草案。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--preview", is_flag=True, help="只看逐行读懂了什么，不存草案")
@click.option("--by", default="", help="导入人（默认取登录的用户名）；批准的应当是另一人")
@click.option(
    "--column", "columns", multiple=True, metavar="含义=列", help="手工对应一列，如 违法行为=C；可以写几次"
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
    preview: bool,
    by: str,
    columns: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> int:
    from kb.drafts import propose
    from kb.importing.tables.importing import About, import_table

    base = open_base(ctx)
    snapshot = base.snapshot()
    result = import_table(
        file, snapshot, About(today=clock.today(), **given), columns=columns, progress=_progress()
    )
    data = result.to_dict()
    number = None
    if result.records and not preview:
        author = by or _login()
        number = propose(
            base.store,
            result.records,
            author=author,
            at=clock.now(),
            note=file.name,
            read_at=snapshot.revision,
        )
    emit(data, as_json, lambda: _text(result, data, number, preview=preview))
    return 0 if result.records else 1


def _progress() -> Callable[[int, int], None] | None:
    """A line that counts the pages of a PDF, where somebody sits before a screen."""
    if not sys.stderr.isatty():
        return None

    def say(page: int, of: int) -> None:
        click.echo(f"\r正在读第 {page} 页，共 {of} 页", nl=page == of, err=True)

    return say


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user on this machine: the draft must still name somebody
        return ""


def _text(result: Any, data: dict[str, Any], number: int | None, *, preview: bool) -> str:
    from kb.importing.tables.importing import preview as rows

    lines = rows(result) if preview else []
    lines += [f"没有导入 {u['place']}“{_brief(u['text'])}”：{u['why']}" for u in data["unread"]]
    lines += [
        f"[{f['code']}] {f['place']}：{f['message']}" + (f"；{f['suggestion']}" if f["suggestion"] else "")
        for f in data["findings"]
    ]
    lines += result.notes
    counted = f"违法行为 {data['violations']}、情节 {data['conditions']}、数额 {data['amounts']} 格"
    records, faults = len(result.records), len(data["findings"])
    lines.append(f"{counted}，读懂 {data['imported']} 格，{records} 条记录，发现 {faults} 处问题")
    if number is not None:
        then = f"用 cailiang kb drafts {number} 查看，由另一人 cailiang kb approve {number} 批准"
        lines.append(f"已存为草案 {number}：{then}")
    elif preview:
        lines.append("只是预览，没有存入")
    return "\n".join(lines)


def _brief(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else plain[:40] + "…"
