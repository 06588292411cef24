"""`template`: document types and their templates, and strict filling of any template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.chinese import Group
from app.cli.common import emit, finding_line, json_option, note, write_file
from kb.errors import BadValue


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
@json_option
def check_command(file: Path, as_json: bool) -> int:
    from generator.template import check_template

    problems = check_template(file)
    findings = [p.to_dict() for p in problems.findings]
    names = [field.name for field in problems.fields]
    data = {"file": str(file), "findings": findings, "fields": names}

    def text() -> str:
        lines = [finding_line(f) for f in findings] or ["没有发现问题"]
        return "\n".join([*lines, "字段：" + "、".join(names)])

    emit(data, as_json, text)
    return 1 if any(f.severity != "提示" for f in problems.findings) else 0


@template_command.command("fill", help="用数据严格填写一个模板；缺字段、多余的值类型都不放过。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("data", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写出的 .docx"
)
def fill_command(file: Path, data: Path, out: Path) -> None:
    from generator.template import Template

    template, values = Template.compile(file), read_data(data)
    write_file(out, template.render(values))
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
