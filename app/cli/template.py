"""`template`: document types and their templates, an agency's own, and strict filling of any template."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.chinese import Group
from app.cli.common import emit, finding_line, json_option, note, open_base, write_file
from kb.errors import BadValue

if TYPE_CHECKING:
    from generator.catalogue import DocumentType
    from generator.template import Checked
    from kb.snapshot import Snapshot


@click.group("template", cls=Group, help="查看、检查和填写模板。")
def template_command() -> None:
    """Only a group."""


@template_command.command("list", help="列出文书类型。")
@json_option
def list_command(as_json: bool) -> None:
    from generator.catalogue import document_types

    types = [{"type": t.type, "name": t.name, "stage": t.stage} for t in document_types()]
    emit(types, as_json, lambda: "\n".join(f"{t['type']:<22}{t['name']}（{t['stage']}）" for t in types))


@template_command.command("show", help="显示一种文书的依据、字段和要求。")
@click.argument("type")
@json_option
def show_command(type: str, as_json: bool) -> None:
    from generator.catalogue import document_type

    found = document_type(type)
    emit(found.to_dict(), as_json, found.as_text)


@template_command.command("check", help="检查一个模板：哪一段的哪个标记不对，应当怎么写。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--type", "type", help="模板要作哪种文书用；给出时还核对字段名和草稿水印")
@click.option(
    "--comments", type=click.Path(path_type=Path, dir_okay=False), help="把问题作为批注写进模板的副本 .docx"
)
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, file: Path, type: str | None, comments: Path | None, as_json: bool
) -> int:
    from app import clock
    from generator.authoring import check

    found = check(file, base=_base(ctx), day=clock.today(), kind=_kind(type))
    if comments is not None:
        from generator.comments import annotate
        from kb.package import open_package

        write_file(comments, annotate(open_package(file), found.findings, clock.now()))
        note(f"已写出 {comments}")
    _emit(found, str(file), {}, as_json)
    return 1 if any(f.severity != "提示" for f in found.findings) else 0


def _base(ctx: click.Context) -> Callable[[], Snapshot]:
    """The base, opened where a template cites something and not before."""
    return lambda: open_base(ctx).snapshot()


def _kind(type: str | None) -> DocumentType | None:
    if type is None:
        return None
    from generator.catalogue import document_type

    return document_type(type)


def _emit(found: Checked, name: str, more: dict[str, Any], as_json: bool) -> None:
    data = {
        **more,
        "file": name,
        "findings": [finding.to_dict() for finding in found.findings],
        "fields": [field.name for field in found.fields],
    }

    def text() -> str:
        lines = [finding_line(f) for f in data["findings"]] or ["没有发现问题"]
        return "\n".join([*lines, "字段：" + "、".join(data["fields"])])

    emit(data, as_json, text)


@template_command.command("add", help="收下本机关自己的模板：查过没有问题，从此按它起草；以前的版本都留着。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--type", "type", required=True, help="作哪种文书用")
@click.option("--by", default=getuser, help="谁放进来的（默认本机的用户名）")
@json_option
@click.pass_context
def add_command(ctx: click.Context, file: Path, type: str, by: str, as_json: bool) -> None:
    from app import clock
    from app.api.templates import add
    from generator.catalogue import document_type
    from kb.package import open_package

    kind = document_type(type)
    data = add(open_base(ctx), kind, open_package(file).data, file.name, by, clock.now())
    lines = [f"已收下 {kind.name}的模板，版本 {data['version']}，从此按它起草"]
    emit(data, as_json, lambda: "\n".join([*map(finding_line, data["findings"]), *lines]))


@template_command.command("versions", help="列出一种文书用过的模板版本，最新的在前。")
@click.argument("type")
@json_option
@click.pass_context
def versions_command(ctx: click.Context, type: str, as_json: bool) -> None:
    from app.api.templates import versions
    from generator.catalogue import document_type

    data = versions(open_base(ctx), document_type(type))

    def text() -> str:
        rows = [f"{v['version']:<14}{v['at']}  {v['by']}  {v['name']}".rstrip() for v in data["versions"]]
        return "\n".join([*(rows or ["没有自己的模板"]), f"在用：{data['in_use']}（shipped 是随附的）"])

    emit(data, as_json, text)


@template_command.command("use", help="改用以前的一个版本；写 shipped 换回随附的模板。")
@click.argument("type")
@click.argument("version")
@click.option("--by", default=getuser, help="谁改的（默认本机的用户名）")
@json_option
@click.pass_context
def use_command(ctx: click.Context, type: str, version: str, by: str, as_json: bool) -> None:
    from app import clock
    from app.api.templates import use
    from generator.catalogue import document_type

    kind = document_type(type)
    data = use(open_base(ctx), kind, version, by, clock.now())
    emit(data, as_json, lambda: f"{kind.name}改用版本 {data['version']}")


@template_command.command("get", help="取出一种文书在用的（或者指定版本的）模板，供修改。")
@click.argument("type")
@click.option("--version", help="哪个版本（shipped 是随附的；默认在用的）")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写出的 .docx"
)
@click.pass_context
def get_command(ctx: click.Context, type: str, version: str | None, out: Path) -> None:
    from app.api.templates import content
    from generator.catalogue import document_type

    write_file(out, content(open_base(ctx), document_type(type), version or ""))
    click.echo(f"已写出 {out}")


@template_command.command("fill", help="用数据严格填写一个模板；缺字段、多余的值类型都不放过。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("data", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写出的 .docx"
)
def fill_command(file: Path, data: Path, out: Path) -> None:
    from generator.invariants import ensure_valid
    from generator.rich import revived
    from generator.template import Template

    template, values = Template.compile(file), revived(read_data(data), data.parent)
    paper = template.render(values)
    ensure_valid(paper, file)
    write_file(out, paper)
    if unused := template.unused(values):
        note("数据里有、模板没有用到的字段：" + "、".join(unused))
    click.echo(f"已写出 {out}")


def read_data(path: Path) -> dict[str, Any]:
    """A JSON object; numbers arrive as they are written, never through a float.

    Raises:
        BadValue: not JSON (with line and column), a key written twice, or not an object.
    """
    import json
    from decimal import Decimal

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) != len(pairs):
            keys = [k for k, _ in pairs]
            twice = next(k for k in keys if keys.count(k) > 1)
            raise BadValue(f"“{twice}”写了两次", where=str(path), hint="每个名称只写一次")
        return out

    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal, object_pairs_hook=once)
    except json.JSONDecodeError as e:
        where = f"{path} 第{e.lineno}行第{e.colno}列"
        raise BadValue("不是 JSON", where=where, hint="检查引号、逗号和括号") from e
    except UnicodeDecodeError as e:
        raise BadValue("文件不是 UTF-8", where=str(path), hint="另存为 UTF-8") from e
    if not isinstance(found, dict):
        raise BadValue("数据应当是一个对象", where=str(path), hint='写成 {"字段": "值"}')
    return found
