"""`draft`: one paper from a case file."""

from __future__ import annotations

from pathlib import Path

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import finding_line, json_option, note, open_base, write_file
from kb.errors import Refused, WrongUse


@click.command("draft", cls=Command, help="由案件文件起草一份文书；引用有一处不能证明就不出文书。")
@click.argument("type")
@click.option(
    "--case",
    "case_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="案件文件 CASE.yaml",
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写出的 .docx"
)
@click.option("--draft", "as_draft", is_flag=True, help="有问题也保存为草稿（加“草稿”水印，不能签发）")
@click.option("--party", type=click.IntRange(1), default=1, help="案件的第几个当事人（默认 1）")
@click.option(
    "--paper",
    default="",
    help="同类文书有几份时，指明哪一份：写它的 key，或者第几份；送达回证写所送达文书的 key 或者类型",
)
@click.option("--blank", "as_blank", is_flag=True, help="不用案件，出一份手写用的空白表：要填的地方是横线")
@click.option("--number", default="", help="印在空白表上的文号：用 case reserve 领过的；不写则留横线")
@json_option
@click.pass_context
def draft_command(
    ctx: click.Context,
    type: str,
    case_path: Path | None,
    out: Path,
    as_draft: bool,
    party: int,
    paper: str,
    as_blank: bool,
    number: str,
    as_json: bool,
) -> int:
    from casework.drafting import draft
    from casework.office.rosters import Roster
    from generator.casefile import load_case

    if as_blank == (case_path is not None):
        raise WrongUse("案件文件和空白表只能选一个", hint="写 --case CASE.yaml，或者 --blank")
    if number and not as_blank:
        raise WrongUse("--number 只用于空白表", hint="案件的文书，文号写在案件里；空白表加 --blank")
    base, day = open_base(ctx), clock.today()
    try:
        if case_path is None:
            from app.api.blanks import form

            made = form(base, type, number, day)
        else:
            case = load_case(case_path)
            made = draft(
                type,
                case,
                base.snapshot(),
                decided=day,
                draft=as_draft,
                party=party,
                paper=paper,
                roster=Roster.of(base.store),
            )
    except Refused as e:
        if not as_json:
            for finding in e.findings:
                click.echo(finding_line(finding, basis=True))
        raise
    write_file(out, made.data)
    data = {
        "file": str(out),
        "type": type,
        "draft": made.watermark,
        "notes": list(made.notes),
        "phrases": list(made.phrases),
        "findings": [f.to_dict() for f in made.findings],
    }
    if as_json:
        import json

        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for line in made.notes:
            note(line)
        for f in made.findings:
            click.echo(finding_line(f.to_dict(), basis=True))
        click.echo(f"已写出 {out}" + ("（草稿）" if made.watermark else ""))
    return 1 if any(f.severity != "提示" for f in made.findings) else 0
