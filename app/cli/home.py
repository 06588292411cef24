"""`init`, `serve`, `reindex`: the home folder and the service."""

from __future__ import annotations

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import note, open_base


@click.command("init", cls=Command, help="建立数据文件夹，装入随附的知识库，建好搜索索引。")
@click.pass_context
def init_command(ctx: click.Context) -> None:
    from app.api.settings import unsettled

    base = open_base(ctx)
    base.sync_index()
    snapshot = base.snapshot()
    rows = f"，数据库：{base.place}" if base.store.in_postgres else ""
    click.echo(f"数据文件夹：{base.config.home}{rows}（第 {snapshot.revision} 版）")
    if missing := unsettled(snapshot, clock.today()):
        note("还没有填写本机关的：" + "、".join(missing) + "；请在网页“本机关设置”中填写，此前文书只能作草稿")


@click.command("serve", cls=Command, help="启动网页服务，默认只监听本机。")
@click.option("--host", help="监听的地址（默认 127.0.0.1）")
@click.option("--port", type=click.IntRange(1, 65535), help="端口（默认 8720）")
@click.pass_context
def serve_command(ctx: click.Context, host: str | None, port: int | None) -> None:
    from app.web import serve

    base = open_base(ctx)
    serve(base, host or base.config.host, port or base.config.port)


@click.command("reindex", cls=Command, help="由数据库重建搜索索引。")
@click.pass_context
def reindex_command(ctx: click.Context) -> None:
    base = open_base(ctx)
    base.rebuild_index()
