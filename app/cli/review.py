"""`review`: one paper or a folder of them, against the law, their types, each other and their case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import attested_lines, emit, finding_line, json_option, note, open_base, write_file

if TYPE_CHECKING:
    from generator.review import Review


@click.command("review", cls=Command, help="审查一份文书或者一个文件夹：引用、应有的内容、各份文书是否一致。")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--case",
    "case_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="案件文件 CASE.yaml；文书的条款、当事人、数额、文号、日期都要与案件一致",
)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="把审查报告写成 .docx")
@json_option
@click.pass_context
def review_command(
    ctx: click.Context, path: Path, case_path: Path | None, out: Path | None, as_json: bool
) -> int:
    from generator.review import review

    base = open_base(ctx)
    snapshot, today = base.snapshot(), clock.today()
    case = None
    if case_path is not None:
        from generator.casefile import load_case
        from generator.prescribed import Case

        case = Case(str(case_path), load_case(case_path), snapshot, today)
    result = review(path, snapshot, case=case, today=today, say=note)
    if out is not None:
        from generator.review_report import report

        write_file(out, report(result, path.name, today))
        note(f"已写出 {out}")
    emit(result.to_dict(), as_json, lambda: review_text(result))
    return 1 if result.blocked else 0


def review_text(result: Review) -> str:
    """Findings grouped by paper, worst first; then contradictions; then the sum."""
    from generator.review import reason

    rows: list[str] = []
    for paper in result.papers:
        rows.append(f"{paper.file}：{paper.label}，{paper.citations} 处引用")
        rows += [f"  {finding_line(f.to_dict())}" for f in paper.findings] or ["  没有发现问题"]
        rows += [f"  {line}" for line in attested_lines(paper.attested)]
    if result.consistency:
        rows.append("各份文书之间：")
        for c in result.consistency:
            rows.append(f"  {Path(c.file).name} {finding_line(c.finding.to_dict())}")
            rows.append(f"    对照 {Path(c.other_file).name} {c.other_place}“{c.other_text}”")
    rows += [f"{file}：没有审查，{reason(error)}" for file, error in result.unreadable]
    counts = "，".join(f"{severity} {result.counts[severity]}" for severity in ("否决", "扣分", "提示"))
    left = f"，另有 {len(result.unreadable)} 份没有审查" if result.unreadable else ""
    rows.append(f"共 {len(result.papers)} 份文书：{counts}{left}")
    return "\n".join(rows)
