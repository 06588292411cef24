"""`kb`: check and export the base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.chinese import Group
from app.cli.common import emit, json_option, open_base, record_finding_line, write_file
from app.cli.coverage import coverage_command
from app.cli.drafts import approve_command, drafts_command, reject_command
from app.cli.impact import impact_command
from app.cli.tables import import_command
from kb.records import KIND_NAMES, KINDS


@click.group("kb", cls=Group, help="检查、统计和导出知识库。")
def kb_command() -> None:
    """Only a group."""


for command in (
    drafts_command,
    approve_command,
    reject_command,
    impact_command,
    import_command,
    coverage_command,
):
    kb_command.add_command(command)


@kb_command.command("check", help="检查所有记录：引用、金额、幅度、重复。")
@json_option
@click.pass_context
def check_command(ctx: click.Context, as_json: bool) -> int:
    from kb.checks import run

    report = run(open_base(ctx).snapshot())
    data = report.to_dict()

    def text() -> str:
        lines = [record_finding_line(f) for f in data["findings"]]
        return "\n".join([*lines, *data["notes"], f"发现 {len(lines)} 处问题" if lines else "没有发现问题"])

    emit(data, as_json, text)
    return 1 if data["findings"] else 0


@kb_command.command("stats", help="各类记录和法律文本有多少。")
@json_option
@click.pass_context
def stats_command(ctx: click.Context, as_json: bool) -> None:
    snapshot = open_base(ctx).snapshot()
    kinds = {kind: len(snapshot.records(kind)) for kind in KINDS}
    versions = [v for t in snapshot.laws.titles() for v in snapshot.laws.versions_of(t)]
    data: dict[str, Any] = {
        "revision": snapshot.revision,
        "records": kinds,
        "laws": len(snapshot.laws.titles()),
        "versions": len(versions),
        "with_text": sum(v.has_text for v in versions),
    }

    def text() -> str:
        lines = [f"{KIND_NAMES[k]}  {n}" for k, n in kinds.items()]
        lines.append(f"法律  {data['laws']} 部，{data['versions']} 个文本，其中 {data['with_text']} 个有条文")
        return "\n".join(lines)

    emit(data, as_json, text)


@kb_command.command("export", help="把全部记录写成 YAML（案例写成 Markdown）文件。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def export_command(ctx: click.Context, folder: Path) -> None:
    from kb.importing.records import dump_record, file_name

    snapshot = open_base(ctx).snapshot()
    count = 0
    for kind in KINDS:
        for record in snapshot.records(kind):
            write_file(folder / file_name(record), dump_record(record).encode())
            count += 1
    click.echo(f"已写出 {count} 个文件到 {folder}")
