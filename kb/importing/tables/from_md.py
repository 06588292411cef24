"""A list published as Markdown: a heading an item, and below it a named box for what a table has as columns.

The boxes are the containers that site generators know (``::: details 违反条款`` … ``:::``). Headings above
the items are their category. The result is the grid that the same list would be as a table, so that one
reader understands both; a box before the first item is a note to all of them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from kb.errors import BadPackage
from kb.importing.tables.grid import CAPS, Grid, Merge, Value, make_grid

_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.+)")
_BOX = re.compile(r":::\s*(?P<kind>\w*)\s*(?P<name>.*)")
_ITEM = re.compile(r"(?P<serial>\d+)[、.．]\s*(?P<text>.+)")
_NUMBERED = re.compile(r"^[一二三四五六七八九十]{1,4}、\s*")
_LINK = re.compile(r":\w{1,30}:\s*|\*?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)\*?")
_LONGEST = 2_000_000  # characters


@dataclass
class _Item:
    line: int
    serial: str
    category: str
    name: str
    boxes: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_md(data: bytes, label: str) -> list[Grid]:
    """The list as a grid; rows are placed by the line they begin on.

    Raises:
        BadPackage: not UTF-8, too large, or without any item that has a box.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPackage("不是 UTF-8 编码的文字", where=label, hint="请另存为 UTF-8 后再试") from error
    if len(text) > _LONGEST:
        raise BadPackage(f"文字超过 {_LONGEST} 字", where=label, hint="请分成几个文件")
    lines = text.splitlines()
    title, start = _front_matter(lines)
    items, notes, loose = _items(lines, start)
    if not any(item.boxes for item in items):
        raise BadPackage(
            "没有“### 序号、违法行为”和其下的“::: 违反条款”", where=label, hint="可以改成表格再导入"
        )
    return [_grid(label, title, items, notes, loose)]


def _front_matter(lines: list[str]) -> tuple[str, int]:
    """The title and the first line after ``---`` … ``---``."""
    if not lines or lines[0].strip() != "---":
        return "", 0
    title = ""
    for n, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return title, n + 1
        name, _, value = line.partition(":")
        if name.strip() == "title":
            title = value.strip().strip("\"'")
    return title, 0


def _items(lines: list[str], start: int) -> tuple[list[_Item], list[tuple[int, str]], list[tuple[int, str]]]:
    """The items, the boxes before the first of them, and lines that belong to neither."""
    items: list[_Item] = []
    notes: list[tuple[int, str]] = []
    loose: list[tuple[int, str]] = []
    category = ""
    box: tuple[str, int] | None = None
    held: list[str] = []
    for n, line in enumerate(lines[start:], start + 1):
        plain = line.strip()
        if m := _BOX.fullmatch(plain):
            if box is None:
                box, held = (m["name"].strip(), n), []
                continue
            said = _text(held)
            if items:
                items[-1].boxes[box[0]] = (box[1], said)
            elif said:
                notes.append((box[1], said))
            box = None
        elif box is not None:
            held.append(line)
        elif m := _HEADING.fullmatch(plain):
            numbered = _ITEM.fullmatch(m["text"])
            if numbered:
                items.append(_Item(n, numbered["serial"], category, _text([numbered["text"]])))
            else:
                category = _NUMBERED.sub("", _text([m["text"]]))
        elif not re.fullmatch(r"[-*_ ]*", plain) and (said := _text([plain])):
            loose.append((n, said))
    return items, notes, loose


def _text(lines: list[str]) -> str:
    """What a reader sees: without marks, links and tags; a paragraph a line."""
    out = []
    for line in lines:
        line = re.sub(r"<br\s*/?>\s*$", "", line.strip())
        line = _LINK.sub("", re.sub(r"<[^<>]*>", "", html.unescape(line.replace("&emsp;", "\u3000"))))
        line = re.sub(r"^[-*+]\s+", "", line.strip()).strip()
        if line and not line.startswith("[["):
            out.append(line)
    return "\n".join(out)


def _grid(
    label: str,
    title: str,
    items: list[_Item],
    notes: list[tuple[int, str]],
    loose: list[tuple[int, str]],
) -> Grid:
    names = list(dict.fromkeys(name for item in items for name in item.boxes))
    header = ["序号", "类别", "违法行为", *names]
    values: list[Value] = []
    merges: list[Merge] = []
    places: dict[int, str] = {}

    def row(number: int, cells: list[str], line: int) -> None:
        values.extend((number, n, text[: CAPS.text], "") for n, text in enumerate(cells, 1))
        places[number] = f"第{line}行起"

    if title:
        row(1, [title], 1)
        merges.append((1, 1, 1, len(header)))
    row(2, header, items[0].line)
    at = 3
    for item in items:
        row(
            at,
            [item.serial, item.category, item.name, *(item.boxes.get(n, (0, ""))[1] for n in names)],
            item.line,
        )
        at += 1
    for line, text in (*notes, *loose):
        row(at, ["备注", text], line)
        merges.append((at, 2, at, len(header)))
        at += 1
    return make_grid(label, values, merges, label=label, places=places)
