"""Every command has Chinese help and a place in the docs; reading commands have --json; one error shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli import cailiang, main


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(cailiang))
READING = [
    ("search",), ("show",), ("range",), ("cite", "parse"), ("cite", "check"), ("review",),
    ("template", "list"), ("template", "show"), ("template", "check"),
    ("laws", "list"), ("laws", "show"), ("kb", "check"), ("kb", "stats"),
]  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_and_option_has_chinese_help(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    assert CHINESE.search(command.help)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path} {option.opts}"
            assert CHINESE.search(option.help) or "JSON" in option.help


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_is_in_the_docs_with_its_help(root: Path, path: tuple[str, ...]) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    ctx = click.Context(ALL[path], info_name="cailiang " + " ".join(path))
    assert ALL[path].get_help(ctx).strip() in page, "run: python -m scripts.command_docs"


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_every_reading_command_speaks_json(path: tuple[str, ...]) -> None:
    assert any(isinstance(p, click.Option) and "--json" in p.opts for p in ALL[path].params)


WRONG_USE = [
    ["serch"],
    ["range"],
    ["range", "market/unlicensed-food-business", "--act", "昨天"],
    ["range", "market/unlicensed-food-business", "--fact", "goods_value"],
    ["search", "食品", "--on", "2026-13-01"],
    ["search", "食品", "-n", "many"],
    ["search", "--nothing", "x"],
    ["laws", "import"],
    ["laws", "nothing"],
    ["cite", "check", "no-such-file.docx"],
]


@pytest.mark.parametrize("args", WRONG_USE, ids=" ".join)
def test_wrong_use_is_one_chinese_line_and_exit_2(
    args: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as e:
        main(["--home", str(tmp_path), *args])
    said = capsys.readouterr()
    assert e.value.code == 2
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert CHINESE.search(said.err)


def test_json_errors_have_the_one_shape(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as e:
        main(["--home", str(tmp_path), "range", "market/no-such-thing", "--json"])
    assert e.value.code == 1
    error = json.loads(capsys.readouterr().out)
    assert set(error) == {"error"}
    assert set(error["error"]) == {"code", "message", "where", "hint"}
    assert error["error"]["code"] == "not_found"
