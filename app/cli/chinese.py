"""Click in Chinese: help pages and the messages of a wrong call."""

from __future__ import annotations

import errno
from datetime import date
from typing import Any
from unicodedata import east_asian_width

import click

from kb.errors import BadValue, CailiangError, StoreFailure, WrongUse

METAVARS = {"INTEGER RANGE": "整数", "DIRECTORY": "文件夹", "FILE": "文件", "TEXT": "文字", "PATH": "路径"}


class _Chinese(click.Command):
    """Headings and the help option in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = [p.replace("[OPTIONS]", "[选项]") for p in self.collect_usage_pieces(ctx)]
        pieces = [p.replace("COMMAND [ARGS]...", "命令 [参数]...") for p in pieces]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        rows = [(_in_chinese(names), said.partition("  [")[0]) for names, said in records]
        _write_rows(formatter, "选项", rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助"
        return option


def _write_rows(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    """Two columns in line: a Chinese character is two columns wide, which Click does not know."""
    wide = min(max(_width(name) for name, _ in rows), 26)
    with formatter.section(heading):
        for name, said in rows:
            pad = " " * (wide - _width(name)) if _width(name) <= wide else "\n" + " " * (wide + 2)
            formatter.write(f"  {name}{pad}  {said}\n")


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _in_chinese(names: str) -> str:
    for english, chinese in METAVARS.items():
        names = names.replace(f" {english}", f" {chinese}")
    return names


class Command(_Chinese):
    """A command with Chinese help."""


class Group(_Chinese, click.Group):
    """A group with Chinese help; its commands are Chinese too."""

    command_class = Command

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Names and one-line helps, in order."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, c.get_short_help_str(60)) for name, c in found if c is not None]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        _write_rows(formatter, "命令", self.short_helps(ctx))


class Day(click.ParamType[date]):
    """A date written 2026-11-22."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError as e:
            raise WrongUse(f"“{value}”不是日期", where=_name(param), hint="写成 2026-11-22") from e


DAY = Day()


def explain_usage(e: click.UsageError) -> WrongUse:
    """Say in Chinese what Click says in English."""
    path = e.ctx.command_path if e.ctx else "cailiang"
    hint = f"用 {path} --help 查看用法"
    if isinstance(e, click.NoSuchOption):
        near = f"；是不是 {'、'.join(e.possibilities)}" if e.possibilities else ""
        return WrongUse(f"没有选项 {e.option_name}{near}", where=path, hint=hint)
    if isinstance(e, click.MissingParameter):
        return WrongUse(f"缺少 {_name(e.param)}", where=path, hint=hint)
    if isinstance(e, click.BadParameter):
        return WrongUse(f"{_name(e.param)} 的值不对", where=path, hint=_bad_value(e) or hint)
    if isinstance(e, click.BadOptionUsage):
        return WrongUse(f"选项 {e.option_name} 缺少值", where=path, hint=hint)
    said = e.format_message()
    if said.startswith("No such command"):
        return WrongUse(f"没有命令 {said.split(chr(39))[1]}", where=path, hint=hint)
    if "unexpected extra argument" in said:
        return WrongUse("多出了参数", where=path, hint=hint)
    if said.startswith("Missing command"):
        return WrongUse("没有写命令", where=path, hint=hint)
    return WrongUse("命令写法不对", where=path, hint=hint)


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else (param.name or "参数").upper()


def _bad_value(e: click.BadParameter) -> str:
    kind = e.param.type if e.param is not None else None
    if isinstance(kind, click.Choice):
        return "只能写 " + "、".join(map(str, kind.choices))
    if isinstance(kind, click.Path):
        return "文件或文件夹不存在，或者不能读取"
    if isinstance(kind, click.types.IntParamType):
        return "写整数"
    return ""


def explain_os(e: OSError) -> CailiangError:
    """Say in Chinese what the operating system refused."""
    where = str(e.filename or "")
    table = {
        errno.ENOSPC: ("磁盘已满，没有写出文件", "清理磁盘后重试"),
        errno.EACCES: ("没有权限", "检查文件或文件夹的权限"),
        errno.EROFS: ("磁盘只读", "换一个可以写的文件夹"),
        errno.ENOENT: ("文件或文件夹不存在", "检查路径"),
        errno.EISDIR: ("这是文件夹，不是文件", "写文件的路径"),
        errno.EADDRINUSE: ("端口已被占用", "用 --port 换一个端口"),
    }
    message, hint = table.get(e.errno or 0, (f"系统拒绝了操作：{e.strerror or e}", "检查路径、权限和磁盘"))
    kind = BadValue if e.errno in (errno.ENOENT, errno.EISDIR) else StoreFailure
    return kind(message, where=where, hint=hint)
