"""`kb drafts | approve | reject`: what one person handed in, a second person decides."""

from __future__ import annotations

from typing import Any

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import emit, grouped_lines, json_option, open_base, record_finding_line


@click.command(
    "drafts", cls=Command, help="列出等待批准的草案；写编号时列出其中的记录、与现有记录的不同和检查结果。"
)
@click.argument("number", type=int, required=False)
@click.option("--all", "settled", is_flag=True, help="连同已经处理完的")
@json_option
@click.pass_context
def drafts_command(ctx: click.Context, number: int | None, settled: bool, as_json: bool) -> None:
    from app.api import drafts

    base = open_base(ctx)
    if number is None:
        found = drafts.draft_list(base, settled=settled)
        emit(found, as_json, lambda: "\n".join(map(_draft_line, found["drafts"])) or "没有等待批准的草案")
        return
    data = drafts.one_draft(base, number)
    emit(data, as_json, lambda: _one_text(data))


def _draft_line(d: dict[str, Any]) -> str:
    left = f"待批准 {d['waiting']}、已批准 {d['approved']}、已退回 {d['rejected']}"
    return f"草案 {d['number']}  {d['note']}  {d['author']}  {d['at'][:16]}  共 {d['records']} 条：{left}"


def _one_text(data: dict[str, Any]) -> str:
    lines = [_draft_line(data)]
    for row in data["rows"]:
        lines.append(f"{row['ordinal']}. [{row['state']}] {row['title']}（{row['id']}）{row['place']}")
        if row["state"] == "待批准":
            lines += [f"    {change}" for change in row["changes"]]
        elif row["why"]:
            lines.append(f"    {row['decided_by']}：{row['why']}")
    return "\n".join([*lines, *_report_lines(data)])


def _report_lines(data: dict[str, Any]) -> list[str]:
    """What the checks found, then what they could not check."""
    return [*grouped_lines(data["findings"], record_finding_line, "id"), *data["notes"]]


@click.command(
    "approve", cls=Command, help="批准草案中等待的记录；检查出否决问题的记录继续等待。批准人不能是导入人。"
)
@click.argument("number", type=int)
@click.option("--by", required=True, help="批准人")
@json_option
@click.pass_context
def approve_command(ctx: click.Context, number: int, by: str, as_json: bool) -> int:
    from app.api import drafts

    data = drafts.approve(open_base(ctx), number, by, clock.now())

    def text() -> str:
        said = f"已批准草案 {number} 的 {data['approved']} 条记录"
        if held := data["held"]:
            names = "、".join(row["title"] for row in held[:3]) + ("等" if len(held) > 3 else "")
            said += f"；{len(held)} 条有否决问题，仍在等待：{names}"
        barred = [f for f in data["findings"] if f["severity"] == "否决"]
        lines = [*map(record_finding_line, barred), said]
        if more := len(data["findings"]) - len(barred):
            lines.append(f"另有 {more} 处扣分、提示，用 --json 查看")
        return "\n".join(lines)

    emit(data, as_json, text)
    return 1 if data["held"] else 0


@click.command("reject", cls=Command, help="退回草案中等待的记录，写明理由。")
@click.argument("number", type=int)
@click.option("--by", required=True, help="退回人")
@click.option("--why", required=True, help="理由：哪里要改")
@json_option
@click.pass_context
def reject_command(ctx: click.Context, number: int, by: str, why: str, as_json: bool) -> None:
    from app.api import drafts

    data = drafts.reject(open_base(ctx), number, by, why, clock.now())
    emit(data, as_json, lambda: f"已退回草案 {number} 的 {data['rejected']} 条记录")
