"""`audit`: the log of casework."""

from __future__ import annotations

import click

from app.cli.chinese import Group
from app.cli.common import emit, json_option, open_base


@click.group("audit", cls=Group, help="日志：核对和查看。")
def audit_command() -> None:
    """Only a group."""


@audit_command.command("verify", help="核对日志有没有被改动，所存的案件、文书、台账与日志是否相符。")
@click.option("--head", default="", help="以前抄下来的校验值；日志里应当还有它")
@json_option
@click.pass_context
def verify_command(ctx: click.Context, head: str, as_json: bool) -> int:
    from app.api import cases

    data = cases.audit(open_base(ctx), head)

    def text() -> str:
        lines = [data["why"]] * bool(data["why"]) + data["faults"]
        if data["sound"]:
            lines.append(f"日志共 {data['entries']} 条，没有被改动；校验值 {data['head']}")
        else:
            lines.append(f"核对没有通过，共 {len(lines)} 处")
        return "\n".join(lines)

    emit(data, as_json, text)
    return 0 if data["sound"] else 1


@audit_command.command("log", help="列出日志。")
@click.option("--case", default="", help="只列这个案件的")
@click.option("-n", "count", type=click.IntRange(1, 100_000), default=50, help="最近几条（默认 50）")
@json_option
@click.pass_context
def log_command(ctx: click.Context, case: str, count: int, as_json: bool) -> None:
    from casework.audit_log import entries

    found = entries(open_base(ctx).store, case=case, newest=count)

    def text() -> str:
        rows = (
            (e.seq, e.at[:19].replace("T", " "), e.who, e.what, e.case, e.to_dict()["body"]) for e in found
        )
        return "\n".join(
            f"{seq}  {at}  {who}  {what}  {id}  {body.get('number', '')}  {body.get('why', '')}".rstrip()
            for seq, at, who, what, id, body in rows
        )

    emit({"entries": [e.to_dict() for e in found]}, as_json, text)
