"""`kb`: check and export the base."""

from __future__ import annotations

from pathlib import Path

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
    from app.api.counts import counts

    data = counts(open_base(ctx).snapshot())

    def text() -> str:
        lines = []
        for kind in KINDS:
            n = data[kind]
            by_domain = n if isinstance(n, dict) else {}
            total = sum(by_domain.values()) if by_domain else n
            lines.append(f"{KIND_NAMES[kind]}  {total or 0}" + _parts(by_domain))
        lines.append(f"法律  {data['law']} 部，{data['versions']} 个文本，其中 {data['with_text']} 个有条文")
        return "\n".join(lines)

    emit(data, as_json, text)


def _parts(counted: dict[str, int]) -> str:
    return f"（{'、'.join(f'{domain} {n}' for domain, n in counted.items())}）" if counted else ""


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


@kb_command.command("ranges", help="列出各基准在每个分界上的幅度：不到、正好、超过一点，供人逐行核对。")
@click.option("--id", "words", multiple=True, metavar="开头", help="只列编号以它开头的；可以写几次")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写成这个文件（TSV）")
@click.pass_context
def ranges_command(ctx: click.Context, words: tuple[str, ...], output: Path | None) -> None:
    from kb.boundaries import HEADS, table
    from kb.records import Benchmark

    base = open_base(ctx).snapshot()
    records = [
        r
        for r in base.records("benchmark")
        if isinstance(r, Benchmark) and (not words or r.id.startswith(words))
    ]
    rows = list(table(base, records))
    text = "".join("\t".join(row) + "\n" for row in [HEADS, *rows])
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text.encode())
    click.echo(f"{len({row[0] for row in rows})} 项基准，{len(rows)} 行，已写入 {output}")
