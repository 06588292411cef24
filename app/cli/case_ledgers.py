"""`case ledger`: the ledgers on the screen, as JSON and as .xlsx; rows by hand, and void ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import emit, json_option, lines_of, open_base, write_file
from kb.errors import WrongUse

by_option = click.option("--by", required=True, help="登记人的姓名")
year_option = click.option("--year", type=click.IntRange(1949, 2999), help="哪一年（默认今年）")
role_option = click.option(
    "--role", default="其他", help="以什么身份看：经办人、审核人、负责人、档案管理看得到个人信息（默认遮盖）"
)


@click.group("ledger", cls=Group, help="台账和名录：立案、送达、涉案物品等，执法主体、人员、岗位、检查。")
def ledger_command() -> None:
    """Only a group."""


@ledger_command.command("list", help="有哪些台账，各有哪些栏。")
@json_option
def list_command(as_json: bool) -> None:
    from app.api import cases

    data = cases.ledger_list()

    def text() -> str:
        lines = []
        for x in data["ledgers"]:
            columns = "、".join(f"{c['title']} {c['name']}" for c in x["columns"])
            lines.append(f"{x['name']:<12}{x['title']}（{x['basis']}）\n            {columns}")
        return "\n".join(lines)

    emit(data, as_json, text)


@ledger_command.command("show", help="一本台账一年的全部登记（名录则是历年的），作废的也在；可以写成 .xlsx。")
@click.argument("ledger")
@year_option
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="写出 .xlsx")
@role_option
@json_option
@click.pass_context
def show_command(
    ctx: click.Context, ledger: str, year: int | None, out: Path | None, role: str, as_json: bool
) -> None:
    from app.api import cases

    base, of = open_base(ctx), cases.ledger_year(ledger, year, clock.today().year)
    if out is not None and out.suffix.lower() != ".xlsx":
        raise WrongUse(f"台账不能写成 {out.suffix or '没有后缀的文件'}", where="-o", hint="写成 .xlsx")
    data = cases.ledger(base, ledger, of, role=role)
    if out is not None:
        write_file(out, cases.ledger_xlsx(base, ledger, of, at=clock.now(), role=role))

    def text() -> str:
        lines = [_line(row) for row in data["rows"]]
        wrote = f"，已写出 {out}" if out else ""
        over = f"{of}年" if of else ""
        return lines_of(data, *lines, f"《{data['title']}》{over}共 {len(lines)} 条{wrote}")

    emit(data, as_json, text)


def _line(row: dict[str, Any]) -> str:
    cells = "  ".join(text for text in row["cells"].values() if text)
    void = f"  [作废：{row['why']}]" if row["state"] == "作废" else ""
    case = f"  {row['case']}（{row['case_state']}）" if row["case"] else ""
    return f"{row['year']}-{row['number']}  {row['day']}  {cells}{case}{void}"


@ledger_command.command("add", help="人工登记一条：没有文书的线索、委托等；各栏写成 栏=内容。")
@click.argument("ledger")
@click.argument("cells", nargs=-1, required=True)
@click.option("--day", type=DAY, help="事情发生在哪一天（默认今天）")
@click.option("--case", default="", help="所属案件")
@by_option
@json_option
@click.pass_context
def add_command(
    ctx: click.Context,
    ledger: str,
    cells: tuple[str, ...],
    day: date | None,
    case: str,
    by: str,
    as_json: bool,
) -> None:
    from app.api import cases

    given = _pairs(cells)
    base, now = open_base(ctx), clock.now()
    data = cases.ledger_add(base, ledger, given, day=day or now.date(), case=case, by=by, at=now)
    emit(data, as_json, lambda: f"已登记《{data['title']}》{data['number']}")


@ledger_command.command("fill", help="补填一条登记空着的栏，如备案日期、回执；写过的栏不能改。")
@click.argument("ledger")
@click.argument("number", type=click.IntRange(1))
@click.argument("cells", nargs=-1, required=True)
@year_option
@by_option
@json_option
@click.pass_context
def fill_command(
    ctx: click.Context,
    ledger: str,
    number: int,
    cells: tuple[str, ...],
    year: int | None,
    by: str,
    as_json: bool,
) -> None:
    from app.api import cases

    of, now = year or clock.today().year, clock.now()
    data = cases.ledger_fill(open_base(ctx), ledger, of, number, _pairs(cells), by=by, at=now)
    emit(data, as_json, lambda: f"《{data['title']}》{data['number']}已补填")


def _pairs(cells: tuple[str, ...]) -> dict[str, str]:
    """栏=内容, as typed. Raises WrongUse."""
    pairs = [cell.partition("=") for cell in cells]
    if bad := next((c for c, (_, sign, _) in zip(cells, pairs, strict=True) if not sign), None):
        raise WrongUse(f"“{bad}”没有写成 栏=内容", where="CELLS", hint="如 source=电话举报 cause=噪声")
    return {name.strip(): text for name, _, text in pairs}


@ledger_command.command("void", help="把一条登记作废，写明理由；号码保留，正确的另登记一条。")
@click.argument("ledger")
@click.argument("number", type=click.IntRange(1))
@year_option
@click.option("--why", required=True, help="作废的理由")
@by_option
@json_option
@click.pass_context
def void_command(
    ctx: click.Context, ledger: str, number: int, year: int | None, why: str, by: str, as_json: bool
) -> None:
    from app.api import cases

    of, now = year or clock.today().year, clock.now()
    data = cases.ledger_void(open_base(ctx), ledger, of, number, why, by=by, at=now)
    emit(data, as_json, lambda: f"《{data['title']}》{data['number']}已作废")
