"""The command `cailiang`: a thin layer of Click over the same functions that pages and JSON call.

Each group lives in its own module and is imported only when it is called.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from app.cli.chinese import Group, explain_os, explain_usage
from kb.errors import CailiangError

COMMANDS = {
    "init": ("app.cli.home", "建立数据文件夹并装入随附的知识库"),
    "serve": ("app.cli.home", "启动网页服务"),
    "reindex": ("app.cli.home", "重建搜索索引"),
    "search": ("app.cli.find", "搜索裁量权基准、清单、用语、案例和法律条文"),
    "show": ("app.cli.find", "显示一条记录"),
    "range": ("app.cli.range", "按事实给出处罚幅度和理由"),
    "draft": ("app.cli.draft", "由案件文件起草一份文书"),
    "packet": ("app.cli.packet", "把一个案件的文书装成一包"),
    "batch": ("app.cli.batch", "按表格的行成批起草文书"),
    "case": ("app.cli.case", "案件：保存、签发文书、编号、台账"),
    "report": ("app.cli.report", "报送和公开：重大行为、季度案卷、年度数据、委托"),
    "office": ("app.cli.office", "机关日常：到期、公示、审核目录、涉企检查、执法依据"),
    "audit": ("app.cli.audit", "核对案件的日志"),
    "cite": ("app.cli.cite", "识别和检查法律引用"),
    "review": ("app.cli.review", "审查一份文书或者一卷文书，可与案件比对"),
    "template": ("app.cli.template", "查看、检查和填写模板"),
    "laws": ("app.cli.laws", "导入、录入和查看法律文本"),
    "kb": ("app.cli.kb", "检查和导出知识库"),
}


class LazyGroup(Group):
    """Knows the commands' names and one-line helps; imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[name][0]), f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        return [(name, text) for name, (_module, text) in COMMANDS.items()]


@click.group(cls=LazyGroup, help="裁量：行政处罚裁量权基准知识库与执法文书生成。")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="运行数据所在文件夹（默认取环境变量 CAILIANG_HOME，再默认 var）",
)
@click.pass_context
def cailiang(ctx: click.Context, home: Path | None) -> None:
    ctx.obj = home


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command; every failure is one line in Chinese (or one JSON object) and an exit code."""
    # What a start loads stays: to search it for rubbish over and over costs a tenth of the start.
    gc.set_threshold(20_000)
    args = list(sys.argv[1:] if argv is None else argv)
    try:
        code = cailiang.main(args=args, prog_name="cailiang", standalone_mode=False)
    except CailiangError as e:
        sys.exit(_fail(e, args))
    except click.UsageError as e:
        sys.exit(_fail(explain_usage(e), args))
    except OSError as e:
        if isinstance(e, BrokenPipeError):
            sys.exit(1)
        sys.exit(_fail(explain_os(e), args))
    except (click.Abort, KeyboardInterrupt):
        print("已停止；已完成的部分都已保存", file=sys.stderr)
        sys.exit(130)
    except Exception as e:
        sys.exit(_fail(_unforeseen(e), args))
    sys.exit(code if isinstance(code, int) else 0)


def _unforeseen(e: Exception) -> CailiangError:
    """A fault of the program itself: one line for the user, the rest in a file for whoever mends it."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="cailiang-", suffix=".log", delete=False) as f:
        traceback.print_exception(e, file=f)
    return CailiangError(f"程序出错：{type(e).__name__}", hint=f"请把 {f.name} 发给维护人员")


def _fail(error: CailiangError, args: Sequence[str]) -> int:
    if "--json" in args:
        import json

        print(json.dumps(error.to_dict(), ensure_ascii=False))
    print(str(error), file=sys.stderr)
    return error.exit_code
