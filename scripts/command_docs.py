"""Write docs/commands.md from the commands' own help: python -m scripts.command_docs"""

from __future__ import annotations

from pathlib import Path

import click

from app.cli import cailiang

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = """# 命令

本页由 `python -m scripts.command_docs` 按程序自己的帮助写出，测试会核对两者一致。

退出码：0 正常；1 有发现或被拒绝；2 命令写法不对。出错时一行中文：什么不对、在哪里、怎么改；
加 `--json` 则输出 `{"error": {"code", "message", "where", "hint"}}`。
"""


def sections(group: click.Group, path: str) -> list[str]:
    ctx = click.Context(group, info_name=path)
    out = []
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            out += sections(command, f"{path} {name}")
        else:
            text = command.get_help(click.Context(command, info_name=f"{path} {name}"))
            out.append(f"## {path} {name}\n\n```text\n{text.strip()}\n```\n")
    return out


if __name__ == "__main__":
    PAGE.write_text("\n".join([HEAD, *sections(cailiang, "cailiang")]), encoding="utf-8")
