"""`packet` and `case dossier`: the papers of a case in one zip or folder, and its dossier in one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from app import clock
from app.cli.chinese import Command
from app.cli.common import emit, json_option, open_base, write_file
from kb.errors import WrongUse

OUT = click.Path(path_type=Path)


@click.command(
    "packet", cls=Command, help="把一个案件（或者它的一个阶段）的全部文书装成一个 .zip 或者文件夹。"
)
@click.option("--case", required=True, help="CASE.yaml，或者已存案件的编号（签发过的文书取存档原件）")
@click.option("--stage", default="", help="只要一个阶段：立案、调查取证、强制、告知、听证、审核、决定……")
@click.option("--transfer", is_flag=True, help="移送涉嫌犯罪案件的材料：五项附件、物品清单、期限")
@click.option("--draft", is_flag=True, help="不能出具的文书也放入带水印的草稿")
@click.option("-o", "--out", required=True, type=OUT, help="写出的 .zip，或者一个空文件夹")
@click.option("--by", default="", help="经办人的姓名；取已存案件的文书时要写，记入日志")
@json_option
@click.pass_context
def packet_command(
    ctx: click.Context,
    case: str,
    stage: str,
    transfer: bool,
    draft: bool,
    out: Path,
    by: str,
    as_json: bool,
) -> int:
    from app.api import dossiers

    base, now = open_base(ctx), clock.now()
    if stage and transfer:
        raise WrongUse("--stage 和 --transfer 只能写一个", hint="去掉一个")
    refuse_if_there(out)
    made = dossiers.packet_of(base, case, on=now.date(), stage=stage, draft=draft, transfer=transfer)
    if Path(case).suffix not in (".yaml", ".yml"):
        what = "移送材料" if transfer else "文书包"
        dossiers.taken(base, case, what, by=by, at=now, stage=stage, papers=len(made.sheets))
    put(out, made.files(), made.zip)

    def text() -> str:
        lines = [f"没有收入《{x.name}》：{x.why}" for x in made.left]
        return "\n".join([*lines, *made.notes, f"已写出 {out}：{len(made.sheets)} 份文书"])

    emit(made.to_dict() | {"out": str(out)}, as_json, text)
    return 1 if made.left else 0


@click.command(
    "dossier",
    cls=Command,
    help="把签发的文书按归档顺序装订成卷：封面、目录（页次）、文书、备考表，正卷和副卷分开。",
)
@click.argument("id")
@click.option(
    "-o", "--out", required=True, type=OUT, help="一个 .docx 或者 .pdf；.zip 或者空文件夹另有扫描件和说明"
)
@click.option("--checker", default="", help="检查人")
@click.option("--retention", default="", help="保管期限，照本机关的保管期限表写")
@click.option("--by", required=True, help="立卷人的姓名")
@json_option
@click.pass_context
def dossier_command(
    ctx: click.Context, id: str, out: Path, checker: str, retention: str, by: str, as_json: bool
) -> None:
    from app.api import dossiers
    from casework.dossier import whole
    from casework.packing import zipped

    base, now = open_base(ctx), clock.now()
    one = out.suffix.lower() in (".docx", ".pdf")
    if not one:
        refuse_if_there(out)
    how = {"filer": by, "checker": checker, "retention": retention}
    made = dossiers.dossier_of(base, id, on=now.date(), **how)
    if one:
        write_file(out, whole(made, out.suffix.lower()))
    else:
        put(out, made.files(), lambda: zipped(made.files()))
    dossiers.taken(base, id, "卷宗", by=by, at=now)

    def text() -> str:
        lines = [f"没有入卷：{x}" for x in made.missing] + [f"注意：{x}" for x in made.notes]
        lines += [f"{v.name}：{len(v.items)} 件，{v.pages or '—'} 页" for v in made.volumes]
        return "\n".join([*lines, f"已写出 {out}（含个人信息，注意保管）"])

    emit(made.to_dict() | {"out": str(out)}, as_json, text)


def refuse_if_there(out: Path) -> None:
    """A packet never takes the place of another file. Raises WrongUse."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        what = "文件夹不是空的" if out.is_dir() else "已有这个文件"
        raise WrongUse(what, where=str(out), hint="换一个名称，或者先把原来的移走")


def put(out: Path, files: Mapping[str, bytes], archive: object) -> None:
    """Write a zip where the name asks for one, else a folder of the files."""
    if out.suffix.lower() == ".zip":
        assert callable(archive)
        write_file(out, archive())
        return
    for name, data in files.items():
        write_file(out / name, data)
