"""`case recordings | record | rekey | score`: recordings of a case, the sheet to re-key, the score sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, json_option, open_base, write_file
from kb.errors import WrongUse

by_option = click.option("--by", required=True, help="经办人的姓名")
role_option = click.option(
    "--role", default="其他", help="以什么身份看：经办人、审核人、负责人、档案管理看得到个人信息（默认遮盖）"
)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.command("recordings", cls=Command, help="案件的音像记录目录，以及缺少音像记录的文书；可以写成 .xlsx。")
@click.argument("id")
@click.option("-o", "--out", type=OUT, help="写出 .xlsx")
@role_option
@json_option
@click.pass_context
def recordings_command(ctx: click.Context, id: str, out: Path | None, role: str, as_json: bool) -> int:
    from app.api import office

    base = open_base(ctx)
    data = office.recordings(base, id, role=role)
    if out is not None:
        if out.suffix.lower() != ".xlsx":
            raise WrongUse(f"不能写成 {out.suffix or '没有后缀的文件'}", where="-o", hint="写成 .xlsx")
        write_file(out, office.recordings_xlsx(base, id, at=clock.now(), role=role))

    def text() -> str:
        lines = [_line(r) for r in data["recordings"]]
        lines += [
            f"缺：《{g['name']}》{g['key']} {g['day']}：{g['message']}（{g['basis']}）" for g in data["gaps"]
        ]
        return "\n".join([*lines, f"{len(data['recordings'])} 份记录，{len(data['gaps'])} 处缺漏"])

    emit(data, as_json, text)
    return 1 if data["gaps"] else 0


def _line(r: dict[str, Any]) -> str:
    c = r["cells"]
    when = f"{c['start'].replace('T', ' ')} 至 {c['end'].replace('T', ' ')}"
    paper = f" 对应 {c['paper']}" if c["paper"] else ""
    who = f"{c['device']}  {c['officer']}{paper}  存 {c['place']}"
    return f"{r['year']}-{r['number']}  {c['file']}  {when}  {who}"


@click.command("record", cls=Command, help="登记一份音像记录：算出文件的校验值，文件本身留在原处。")
@click.argument("id")
@click.argument("file", type=FILE)
@click.option("--device", required=True, help="记录设备的名称或者编号")
@click.option("--start", required=True, help="开始时间，如 2026-09-08T09:10")
@click.option("--end", required=True, help="结束时间")
@click.option("--officer", required=True, help="执法人员")
@click.option("--paper", default="", help="对应的文书：papers 里的 key、文书类型或者文号")
@click.option("--place", required=True, help="存放处")
@by_option
@json_option
@click.pass_context
def record_command(ctx: click.Context, /, id: str, file: Path, by: str, as_json: bool, **cells: str) -> None:
    from app.api import office

    data = office.add_recording(open_base(ctx), id, file, cells, by=by, at=clock.now())
    emit(data, as_json, lambda: f"已登记音像记录 {data['number']}，SHA-256 {data['sha256']}")


@click.command(
    "rekey",
    cls=Command,
    help="按顺序列出案件各项，供人工录入上级执法平台；不上传。.xlsx 或者 .html，含个人信息。",
)
@click.argument("id")
@click.option("-o", "--out", required=True, type=OUT, help="写出的 .xlsx 或者 .html")
@by_option
@click.pass_context
def rekey_command(ctx: click.Context, id: str, out: Path, by: str) -> None:
    from app.api import office

    now = clock.now()
    data = office.rekey_file(open_base(ctx), id, out.suffix.lower(), on=now.date(), by=by, at=now)
    write_file(out, data)
    click.echo(f"已写出 {out}（含个人信息，注意保管）")


@click.command("score", cls=Command, help="案卷评查评分表：能从案件和文书判断的自动判断，其余留给评查人员。")
@click.argument("id")
@click.option("--on", type=DAY, help="评查的日期（默认今天）")
@click.option("-o", "--out", type=OUT, help="写出 .docx 或者 .xlsx")
@json_option
@click.pass_context
def score_command(ctx: click.Context, id: str, on: date | None, out: Path | None, as_json: bool) -> int:
    from app.api import office

    sheet = office.score(open_base(ctx), id, on or clock.today())
    if out is not None:
        write_file(out, office.score_file(sheet, out.suffix.lower(), at=clock.now()))
    data = sheet.to_dict()

    def text() -> str:
        lines = [f"[{r['answer']} {r['severity']}] {r['block']} {r['text']}{_why(r)}" for r in data["rows"]]
        return "\n".join([*lines, data["said"]])

    emit(data, as_json, text)
    return 1 if data["vetoed"] else 0


def _why(row: dict[str, Any]) -> str:
    return f"：{row['detail']}" if row["detail"] else ""


COMMANDS = (recordings_command, record_command, rekey_command, score_command)
