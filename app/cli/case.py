"""`case`: cases with their revisions, papers, numbers and ledgers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import emit, json_option, lines_of, open_base, write_file

by_option = click.option("--by", required=True, help="经办人的姓名")
role_option = click.option(
    "--role", default="其他", help="以什么身份看：经办人、审核人、负责人、档案管理看得到个人信息（默认遮盖）"
)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
OUT = click.Path(path_type=Path, dir_okay=False)


@click.group("case", cls=Group, help="案件：保存、查看、签发文书、编号、台账。")
def case_command() -> None:
    """Only a group."""


@case_command.command(
    "new", help="建一个案件，以后再填：空的，或者带上一个违法行为和已经查明的事实；不写编号则按年自动编号。"
)
@click.option("--id", "id", default="", help="案件编号，小写字母、数字、连字符和斜线")
@click.option("--benchmark", default="", help="违法行为的裁量权基准编号")
@click.option("--fact", "facts", multiple=True, metavar="名称=值", help="一项事实，可写多次，同 range")
@click.option("--act", help="违法行为发生的日期或起止：2026-06-20 或 2026-06-20..2026-07-01")
@click.option("--found", type=DAY, help="发现违法行为的日期")
@by_option
@json_option
@click.pass_context
def new_command(
    ctx: click.Context,
    id: str,
    benchmark: str,
    facts: tuple[str, ...],
    act: str | None,
    found: date | None,
    by: str,
    as_json: bool,
) -> None:
    from app.api import cases, violations
    from app.cli.range import parse_facts, parse_period
    from kb.errors import WrongUse

    if (facts or act or found) and not benchmark:
        raise WrongUse(
            "写了事实、日期，没有写违法行为", where="--benchmark", hint="用 --benchmark 写基准编号"
        )
    base, at = open_base(ctx), clock.now()
    if benchmark:
        period = parse_period(act) if act else None
        data = violations.begin(base, benchmark, parse_facts(facts), period, found, id=id, by=by, at=at)
    else:
        data = cases.create(base, {"id": id} if id else {}, by=by, at=at)
    emit(data, as_json, lambda: f"已建案件 {data['id']}")


@case_command.command("earlier", help="列出本机关办过的同类案件：事实和处理结果，不含当事人。")
@click.argument("benchmark")
@json_option
@click.pass_context
def earlier_command(ctx: click.Context, benchmark: str, as_json: bool) -> None:
    from app.api import violations

    found = violations.earlier_cases(open_base(ctx), benchmark)
    data = {"benchmark": benchmark, "earlier": found}
    emit(data, as_json, lambda: "\n".join(map(_earlier, found)) or "还没有已作决定的同类案件")


def _earlier(row: dict[str, Any]) -> str:
    facts = "，".join(f"{f['label']} {f['value']}" for f in row["facts"])
    result = "，".join([f"罚款 {row['fine']} 元"] * bool(row["fine"]) + row["measures"]) or "不予处罚"
    return f"{row['day'] or ''}  {row['case']}  {row['decision']}{row['number']}  {facts}  {result}"


@case_command.command(
    "import", help="由 CASE.yaml，或者由导出的 .json（案件和文书）建案；没有填完的也能保存。"
)
@click.argument("file", type=FILE)
@click.option("--id", "id", default="", help="用另一个案件编号")
@by_option
@json_option
@click.pass_context
def import_command(ctx: click.Context, file: Path, id: str, by: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.bring_in(open_base(ctx), file.name, file.read_bytes(), id, by=by, at=clock.now())
    emit(data, as_json, lambda: _saved(data, "已建案件"))


def _saved(data: dict[str, Any], verb: str) -> str:
    left = f"；还没有填完：{data['fault']}" if data["fault"] else ""
    return f"{verb} {data['id']}，第{data['revision']}次修订{left}"


@case_command.command("list", help="列出案件，最近改动的在前。")
@click.option("--state", default="", help="只列一种状态：未填完、在办、已结案")
@click.option("--officer", default="", help="只列这名执法人员的")
@click.option("--domain", default="", help="只列一个领域，如 市场监管")
@click.option("--party", default="", help="只列这个当事人的；看得到个人信息时写名称的一部分即可")
@click.option("-n", "limit", type=click.IntRange(1, 1000), default=50, help="最多几件（默认 50）")
@click.option("--skip", type=click.IntRange(0), default=0, help="跳过前几件")
@role_option
@json_option
@click.pass_context
def list_command(ctx: click.Context, /, role: str, as_json: bool, **filters: Any) -> None:
    from app.api import caselist

    data = caselist.plain_list(open_base(ctx), role=role, **filters)
    emit(data, as_json, lambda: lines_of(data, *map(_line, data["cases"]), f"共 {data['total']} 件"))


def _line(row: dict[str, Any]) -> str:
    state = row["state"] + (f"（{row['stage']}）" if row["stage"] and row["state"] == "在办" else "")
    who = "、".join(row["parties"]) or "（没有当事人）"
    officers = "、".join(row["officers"])
    return f"{row['id']}  [{state}] {who}  {row['cause']}  {officers}  {row['at'][:10]}"


@case_command.command("show", help="显示一个案件：内容、文书、修订。")
@click.argument("id")
@click.option("--revision", type=click.IntRange(1), help="当时的第几次修订")
@role_option
@json_option
@click.pass_context
def show_command(ctx: click.Context, id: str, revision: int | None, role: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.one_case(open_base(ctx), id, revision=revision, role=role)
    emit(data, as_json, lambda: _one_text(data))


def _one_text(data: dict[str, Any]) -> str:
    from casework.exchange import to_yaml

    stage = f"，已到{data['stage']}" if data["stage"] else ""
    lines = [f"# 案件 {data['id']}：{data['state']}{stage}，第{data['revision']}次修订"]
    left = (
        "还没有填完" if data["state"] == "未填完" else "内容读不出来，用 case export 导出、改好后 case save"
    )
    lines += [f"# {left}：{data['fault']}"] * bool(data["fault"])
    lines.append(to_yaml(data["case"]).rstrip())
    lines += [paper_line(d) for d in data["documents"]]
    for change in data["history"]:
        when = f"（{change['day']}的事）" if change["day"] != change["at"][:10] else ""
        at, who, note = change["at"][:16].replace("T", " "), change["author"], change["note"]
        lines.append(f"# 第{change['revision']}次修订  {at}  {who}  {note}{when}")
    return "\n".join(lines)


def paper_line(d: dict[str, Any]) -> str:
    """A paper of a case: its id, state, name, number, day, who, and the files that came back to it."""
    number = f" {d['number_text']}" if d["number_text"] else ""
    files = "".join(f"，{f['kind']} {f['name']}" for f in d.get("files", ()))
    why = f"：{d['why']}" if d["why"] else f"，{d['holder']}领用" if d["state"] == "预领" else ""
    return f"# 文书 {d['id']} [{d['state']}{why}] {d['name']}{number} {d['day'] or ''} {d['author']}{files}"


@case_command.command("save", help="用文件的内容作案件的下一次修订；别人先改过则拒绝，不会覆盖。")
@click.argument("id")
@click.argument("file", type=FILE)
@click.option("--revision", type=click.IntRange(1), required=True, help="这个文件是照第几次修订改的")
@click.option("--day", type=DAY, help="所记的事发生在哪一天（默认今天）")
@by_option
@json_option
@click.pass_context
def save_command(
    ctx: click.Context, id: str, file: Path, revision: int, day: date | None, by: str, as_json: bool
) -> None:
    from app.api import cases
    from kb.importing.yaml_files import load_yaml

    body, _ = load_yaml(file)
    data = cases.save(open_base(ctx), id, body, revision=revision, by=by, at=clock.now(), day=day)
    emit(data, as_json, lambda: _saved(data, "已保存"))


@case_command.command(
    "copy", help="照一个旧案建新案：留下违法行为、依据、机关和执法人员，不带当事人、日期和文书。"
)
@click.argument("source")
@click.option("--id", "id", default="", help="新案件的编号；不写则自动编号")
@by_option
@json_option
@click.pass_context
def copy_command(ctx: click.Context, source: str, id: str, by: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.copy(open_base(ctx), source, id, by=by, at=clock.now())
    emit(data, as_json, lambda: _saved(data, "已建案件"))


@case_command.command(
    "export", help="把一个案件写成一个文件：.yaml 是案件，.json 连同文书和修订；含个人信息，记入日志。"
)
@click.argument("id")
@click.option("-o", "--out", required=True, type=OUT, help="写出的文件")
@by_option
@click.pass_context
def export_command(ctx: click.Context, id: str, out: Path, by: str) -> None:
    from app.api import cases

    write_file(out, cases.export(open_base(ctx), id, out.suffix, by=by, at=clock.now()))
    click.echo(f"已写出 {out}（含个人信息，注意保管）")


def _register() -> None:
    from app.cli import case_ledgers, case_office, case_papers, deadlines, packet

    more = (case_ledgers.ledger_command, packet.dossier_command)
    for command in (*case_papers.COMMANDS, *deadlines.COMMANDS, *case_office.COMMANDS, *more):
        case_command.add_command(command)


_register()
