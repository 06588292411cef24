"""`case issue | get | void | reserve | register | numbers | start | scan | recheck`: papers with numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, finding_line, json_option, note, open_base, write_file
from kb.errors import Refused

by_option = click.option("--by", required=True, help="经办人的姓名")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    "issue", cls=Command, help="签发案件的一份文书：编号、存档、登记台账、记入日志，一步完成或者都不发生。"
)
@click.argument("id")
@click.argument("type")
@click.option("--party", type=click.IntRange(1), default=1, help="案件的第几个当事人（默认 1）")
@click.option(
    "--paper", default="", help="同一种文书有几份时，papers 里的 key；送达回证写所送达文书的 key 或者类型"
)
@click.option("--revision", type=click.IntRange(1), help="看过的是第几次修订；别人后来改过则拒绝")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="另写一份 .docx")
@by_option
@json_option
@click.pass_context
def issue_command(
    ctx: click.Context,
    id: str,
    type: str,
    party: int,
    paper: str,
    revision: int | None,
    out: Path | None,
    by: str,
    as_json: bool,
) -> None:
    from app.api import cases

    base = open_base(ctx)
    try:
        data = cases.issue(base, id, type, by=by, at=clock.now(), party=party, paper=paper, revision=revision)
    except Refused as e:
        if not as_json:
            for finding in e.findings:
                click.echo(finding_line(finding, basis=True))
        raise
    if out is not None:
        write_file(out, cases.paper_bytes(base, str(data["id"]))[1])
    if not as_json:
        for line in data["notes"]:
            note(line)
    number = f"，{data['number_text']}" if data["number_text"] else ""
    emit(data, as_json, lambda: f"已签发《{data['name']}》{number}" + (f"，写出 {out}" if out else ""))


@click.command("get", cls=Command, help="取出存档的文书（签发时的原件），或者它的扫描件、改后稿。")
@click.argument("paper")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写出的文件"
)
@click.option("--file", "file", type=click.IntRange(1), help="附件的编号，见 case show --json 的 files")
@click.pass_context
def get_command(ctx: click.Context, paper: str, out: Path, file: int | None) -> None:
    from app.api import cases

    data, content = cases.paper_bytes(open_base(ctx), paper, file)
    write_file(out, content)
    click.echo(f"已写出 {out}：《{data['name']}》{data['number_text']}")


@click.command("void", cls=Command, help="把一份文书或者一个写坏的文号作废；号码保留，不会再用。")
@click.argument("paper")
@click.option("--why", required=True, help="作废的理由")
@by_option
@json_option
@click.pass_context
def void_command(ctx: click.Context, paper: str, why: str, by: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.void(open_base(ctx), paper, why, by=by, at=clock.now())
    emit(data, as_json, lambda: f"《{data['name']}》{data['number_text']}已作废：{data['why']}")


@click.command("reserve", cls=Command, help="领一段文号，用于现场手写；用后补登记，写坏的作废。")
@click.argument("type")
@click.argument("count", type=click.IntRange(1))
@click.option("--holder", required=True, help="领用人")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另写一份 .docx：印好这些文号的空白表，一号一份，供打印",
)
@by_option
@json_option
@click.pass_context
def reserve_command(
    ctx: click.Context, type: str, count: int, holder: str, out: Path | None, by: str, as_json: bool
) -> None:
    from app.api import blanks, cases

    base, at = open_base(ctx), clock.now()
    if out:
        blanks.printable(base, type, count, at.date())
    data = cases.reserve(base, type, count, holder, by=by, at=at)
    if out:
        write_file(out, blanks.forms(base, type, data["numbers"], at.date()))
        data["file"] = str(out)
    written = f"，已写出 {out}" if out else ""
    emit(data, as_json, lambda: f"{holder}领用 {data['numbers'][0]} 至 {data['numbers'][-1]}{written}")


@click.command("register", cls=Command, help="补登记一份手写的文书：它的文号、所属案件和日期，可以附扫描件。")
@click.argument("number")
@click.argument("id")
@click.option("--day", type=DAY, required=True, help="文书上的日期")
@click.option("--party", type=click.IntRange(1), default=1, help="案件的第几个当事人（默认 1）")
@click.option("--paper", default="", help="同一种文书有几份时，papers 里的 key")
@click.option("--scan", type=FILE, help="扫描件：PDF、JPEG、PNG 或者 TIFF")
@by_option
@json_option
@click.pass_context
def register_command(
    ctx: click.Context, /, number: str, id: str, as_json: bool, scan: Path | None, **how: Any
) -> None:
    from app.api import cases

    kept = (scan.name, scan.read_bytes()) if scan else None
    data = cases.register(open_base(ctx), number, id, at=clock.now(), scan=kept, **how)
    emit(data, as_json, lambda: f"已补登记《{data['name']}》{data['number_text']}，案件 {data['case']}")


@click.command("numbers", cls=Command, help="列出一个文号代字一年的全部号码：签发、预领、作废。")
@click.argument("code")
@click.option("--year", type=click.IntRange(1949, 2999), help="哪一年（默认今年）")
@json_option
@click.pass_context
def numbers_command(ctx: click.Context, code: str, year: int | None, as_json: bool) -> None:
    from app.api import cases
    from app.cli.case import paper_line

    data = cases.numbers(open_base(ctx), code, year or clock.today().year)

    def text() -> str:
        lines = [f"{paper_line(d)[2:]}  {d['case']}".rstrip() for d in data["documents"]]
        return "\n".join([*lines, f"共 {len(lines)} 个号码"])

    emit(data, as_json, text)


@click.command(
    "start",
    cls=Command,
    help="接着以前的号码编：写最后一个用过的，如 示综执罚〔2026〕37号，台账写 “filing 2026-37”。",
)
@click.argument("last")
@by_option
@json_option
@click.pass_context
def start_command(ctx: click.Context, last: str, by: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.begin(open_base(ctx), last, by=by, at=clock.now())
    emit(data, as_json, lambda: f"下一个是 {data['next']}")


@click.command("scan", cls=Command, help="存入一份文书签字盖章后的扫描件，记下它的校验值。")
@click.argument("paper")
@click.argument("file", type=FILE)
@by_option
@json_option
@click.pass_context
def scan_command(ctx: click.Context, paper: str, file: Path, by: str, as_json: bool) -> None:
    from app.api import cases

    data = cases.add_scan(open_base(ctx), paper, file, by=by, at=clock.now())
    emit(data, as_json, lambda: f"已存入 {data['name']}，SHA-256 {data['sha256']}")


@click.command(
    "recheck",
    cls=Command,
    help="签发后在 Word 或者 WPS 里改过的文书：按签发时的日期重新检查，并列出改了哪里。",
)
@click.argument("paper")
@click.argument("file", type=FILE)
@click.option("--keep", is_flag=True, help="连同检查结果存入档案")
@by_option
@json_option
@click.pass_context
def recheck_command(ctx: click.Context, paper: str, file: Path, keep: bool, by: str, as_json: bool) -> int:
    from app.api import cases

    data = cases.recheck(
        open_base(ctx), paper, file.name, file.read_bytes(), by=by, at=clock.now(), keep=keep
    )

    def text() -> str:
        lines = [finding_line(f) for f in data["findings"]]
        for change in data["changes"]:
            lines.append(f"改前：{change['before'] or '（没有）'}")
            lines.append(f"改后：{change['after'] or '（删去）'}")
        said = f"{len(data['changes'])} 处改动，{len(data['findings'])} 处发现"
        return "\n".join([*lines, said + ("，已存入" if keep else "")])

    emit(data, as_json, text)
    return 0 if data["sound"] else 1


COMMANDS = (
    issue_command, get_command, void_command, reserve_command, register_command, numbers_command,
    start_command, scan_command, recheck_command,
)  # fmt: skip
