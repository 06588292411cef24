"""`cite`: recognise and prove citations."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import attested_lines, emit, finding_line, json_option, note, open_base, write_file
from kb.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group("cite", cls=Group, help="识别和检查法律引用。")
def cite_command() -> None:
    """Only a group."""


@cite_command.command("parse", help="识别一段文字里的法律引用；写 - 从标准输入读。")
@click.argument("text", default="-")
@click.option("--on", type=DAY, help="按哪一天的法律名称识别（默认今天）")
@json_option
@click.pass_context
def parse_command(ctx: click.Context, text: str, on: date | None, as_json: bool) -> None:
    from kb.citation import parse

    said = sys.stdin.read() if text == "-" else text
    base = open_base(ctx)
    found = [c.to_dict() for c in parse(said, base.snapshot().laws, on or clock.today())]
    emit(found, as_json, lambda: "\n".join(_line(c) for c in found) or "没有识别到法律引用")


def _line(c: dict[str, Any]) -> str:
    parts = [f"第{c['article']}条"] if c["article"] is not None else []
    parts += [f"之{c['article_suffix']}"] if c["article_suffix"] else []
    parts += [
        f"第{c[k]}{name}" for k, name in (("paragraph", "款"), ("item", "项"), ("subitem", "目")) if c[k]
    ]
    law = c["resolved"] or (f"{c['law']}（未识别）" if c["law"] else "（未指明法律）")
    return f"{c['start']}-{c['end']}  {law} {''.join(parts)}  ← {c['text']}"


@cite_command.command("check", help="检查文书里的法律引用：.docx、.txt、.md。")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--on", type=DAY, help="行为日和决定日都按这一天")
@click.option("--act", type=DAY, help="违法行为终了的日期")
@click.option("--decided", type=DAY, help="作出决定的日期")
@click.option("--type", "document_type", help="文书类型，如 decision；写明后还检查该文书应有的内容")
@click.option(
    "--comments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把问题写成 Word 批注，另存为这个 .docx；原件不动",
)
@json_option
@click.pass_context
def check_command(
    ctx: click.Context,
    files: tuple[Path, ...],
    on: date | None,
    act: date | None,
    decided: date | None,
    document_type: str | None,
    comments: Path | None,
    as_json: bool,
) -> int:
    from generator.audit import check_file
    from kb.citation import Days

    if comments:
        _can_comment(files, comments)
    if on and (act or decided):
        raise WrongUse("--on 与 --act、--decided 不能同时写", hint="只写 --on，或者写 --act 和 --decided")
    base = open_base(ctx)
    given = on or act or decided
    days = Days(on or act or decided, on or decided or act) if given else None
    snapshot = base.snapshot()
    results = [check_file(f, snapshot, days, document_type, today=clock.today()) for f in files]
    if comments:
        _write_comments(files[0], results[0]["findings"], comments)
    data = results[0] if len(results) == 1 else results
    emit(data, as_json, lambda: "\n".join(check_text(r) for r in results))
    return 1 if any(r["findings"] for r in results) else 0


def _can_comment(files: Sequence[Path], out: Path) -> None:
    """Comments go into a copy of one .docx, never into the file itself."""
    if len(files) != 1:
        raise WrongUse("--comments 一次只写一个文件的批注", hint="请一个文件一个文件地检查")
    if any(path.suffix.lower() != ".docx" for path in (files[0], out)):
        raise WrongUse("批注只能写进 .docx", where=str(files[0]), hint="原件和 --comments 都应是 .docx")
    if out.exists() and out.samefile(files[0]):
        raise WrongUse("批注不写进原件", where=str(out), hint="--comments 请换一个文件名")


def _write_comments(path: Path, findings: Sequence[dict[str, Any]], out: Path) -> None:
    from generator.comments import annotate, finding_of
    from kb.package import open_package

    write_file(out, annotate(open_package(path), [finding_of(f) for f in findings], clock.now()))
    note(f"已写出 {out}（{len(findings)} 条批注）")


def check_text(result: dict[str, Any]) -> str:
    """Findings of one file, one a line: place, code, what stands there, what should stand there.

    Then the articles that rest on an entry by hand.
    """
    lines = [finding_line(f) for f in result["findings"]]
    end = f"发现 {len(lines)} 处问题" if lines else "没有发现问题"
    by_hand = attested_lines(result["attested"])
    return "\n".join([*lines, *by_hand, f"{result['file']}：{result['citations']} 处引用，{end}"])
