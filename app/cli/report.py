"""`report`: the catalogues for the judicial bureau, the yearly figures, the register of entrusted bodies."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import emit, json_option, open_base, write_file

if TYPE_CHECKING:
    from casework.reports import Report

out_option = click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="写出 .docx 或者 .xlsx"
)
role_option = click.option(
    "--role", default="其他", help="以什么身份看：经办人、审核人、负责人、档案管理看得到个人信息（默认遮盖）"
)


@click.group("report", cls=Group, help="报送和公开：重大执法行为目录、季度案卷目录、年度数据、委托登记。")
def report_command() -> None:
    """Only a group."""


@report_command.command("major", help="一段时间的重大行政处罚和行政强制：清单、每件的文书目录、报送期限。")
@click.option("--from", "since", type=DAY, help="从哪一天（默认三十天以前）")
@click.option("--to", "until", type=DAY, help="到哪一天（默认今天）")
@out_option
@role_option
@json_option
@click.pass_context
def major_command(
    ctx: click.Context, since: date | None, until: date | None, out: Path | None, role: str, as_json: bool
) -> None:
    from app.api import reports

    base = open_base(ctx)
    last = until or clock.today()
    made = reports.major(base, since or last - timedelta(days=30), last, role=role)
    _show(base, made, made.to_dict(), out, as_json)


@report_command.command("quarter", help="一个季度的执法案卷目录；不写季度则是刚过去的那个季度。")
@click.argument("quarter", required=False, metavar="[2026-4]")
@out_option
@role_option
@json_option
@click.pass_context
def quarter_command(
    ctx: click.Context, quarter: str | None, out: Path | None, role: str, as_json: bool
) -> None:
    from app.api import reports

    base = open_base(ctx)
    year, number = reports.read_quarter(quarter) if quarter else reports.last_quarter(clock.today())
    made = reports.quarter(base, year, number, role=role)
    _show(base, made, made.to_dict(), out, as_json)


@report_command.command("year", help="一年的执法数据：种类、数额、领域、听证、复议诉讼结果；.xlsx 带图表。")
@click.argument("year", required=False, type=click.IntRange(1990, 2999))
@out_option
@json_option
@click.pass_context
def year_command(ctx: click.Context, year: int | None, out: Path | None, as_json: bool) -> None:
    from app.api import reports

    base, of = open_base(ctx), year or clock.today().year - 1
    _show(base, reports.year(base, of), reports.year_data(base, of) if as_json else {}, out, as_json)


@report_command.command(
    "entrustment", help="委托执法的登记：哪些快到期或者已经届满，哪些没有公布、没有报备。"
)
@click.option("--on", type=DAY, help="看哪一天的情况（默认今天）")
@click.option("--within", type=click.IntRange(0, 3650), default=60, help="提前多少天算将届满（默认 60）")
@json_option
@click.pass_context
def entrustment_command(ctx: click.Context, on: date | None, within: int, as_json: bool) -> int:
    from app.api import reports

    data = reports.entrusted(open_base(ctx), on or clock.today(), within)

    def text() -> str:
        lines = [
            f"{e['register']}  [{e['state']}] {e['organ']}  {e['matters']}  至 {e['until']}"
            for e in data["entrustments"]
        ]
        lines += [f"注意：{line}" for line in data["alarms"]]
        return "\n".join([*lines, f"共 {len(data['entrustments'])} 份委托"])

    emit(data, as_json, text)
    return 1 if data["alarms"] else 0


def _show(base: Any, report: Report, data: dict[str, Any], out: Path | None, as_json: bool) -> None:
    from app.api import reports
    from casework.report_files import head_of, text_of

    if out is not None:
        write_file(out, reports.file_of(base, report, out.suffix.lower(), clock.now()))

    def text() -> str:
        lines = [report.title, *head_of(report)]
        for part in report.tables:
            lines += ["", f"{part.title}（{'、'.join(name for name, _ in part.columns)}）"]
            lines += ["  ".join(text_of(c) for c in row if c != "") for row in part.rows] or ["没有"]
        lines += ["", *(f"注：{n}" for n in report.notes)]
        return "\n".join([*lines, f"已写出 {out}"] if out else lines)

    emit(data, as_json, text)
