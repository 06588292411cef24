"""`search` and `show`: find a record and read it."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, json_option, open_base


@click.command("search", cls=Command, help="搜索裁量权基准、清单、用语、案例和法律条文。")
@click.argument("query", nargs=-1, required=True)
@click.option("--kind", help="只找一种：benchmark、leniency、phrase、case_study、law")
@click.option("--domain", help="只找一个领域，如 市场监管")
@click.option("--on", type=DAY, help="只找这一天有效的")
@click.option("-n", "count", type=click.IntRange(1, 100), default=10, help="最多几条（默认 10）")
@json_option
@click.pass_context
def search_command(
    ctx: click.Context,
    query: tuple[str, ...],
    kind: str | None,
    domain: str | None,
    on: date | None,
    count: int,
    as_json: bool,
) -> None:
    base = open_base(ctx)
    found = base.search(" ".join(query), kind=kind, domain=domain, on=on, n=count)
    emit(found, as_json, lambda: search_text(found))


def search_text(found: dict[str, Any]) -> str:
    """Hits as a person reads them; nothing found says what was searched and what is near."""
    lines = [f"理解为：{u}" for u in found["understood"]]
    for n, hit in enumerate(found["hits"], 1):
        gone = "" if hit["in_force"] else "（已失效）"
        lines += [f"{n}. {hit['title']}{gone}", f"   {hit['id']}", f"   {hit['snippet']}"]
    if not found["hits"]:
        lines.append(found["message"])
        lines += [f"相近：{near['title']}（{near['id']}）" for near in found["nearest"]]
    else:
        lines.append(f"共 {found['total']} 条")
    return "\n".join(lines)


@click.command("show", cls=Command, help="显示一条记录；编号由 search 给出，法律条文写 law/法律全称/条号。")
@click.argument("id")
@click.option("--on", type=DAY, help="显示这一天有效的版本（默认今天）")
@json_option
@click.pass_context
def show_command(ctx: click.Context, id: str, on: date | None, as_json: bool) -> None:
    from app.api.show import show, text_of

    data = show(open_base(ctx).snapshot(), id, on or clock.today())
    emit(data, as_json, lambda: text_of(data))
