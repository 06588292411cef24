"""The tags that shape their cell: ``{% cellbg %}``, ``{% colspan %}``, ``{% vm %}`` and ``{% hm %}``."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from generator import trees
from generator.orders import in_order
from generator.tags import Tag
from generator.trees import W
from generator.values import CLOSE, OPEN

Hold = Callable[..., str]
_FIRST, _ELSE, _END = (f"{OPEN}% {word} %{CLOSE}" for word in ("if loop.first", "else", "endif"))


def shape(cell: etree._Element, tag: Tag, hold: Hold) -> None:
    """Write into a cell's properties what its tag says.

    Args:
        cell: the ``w:tc``; the tag itself prints nothing.
        hold: keeps a piece of Jinja2 source and gives its placeholder.
    """
    properties = cell.find(W + "tcPr")
    if properties is None:
        properties = cell.makeelement(W + "tcPr")
        cell.insert(0, properties)
    if tag.word == "cellbg":
        shade = in_order(properties, "shd")
        for name, value in (("val", "clear"), ("color", "auto")):
            shade.set(W + name, value)
        shade.set(W + "fill", _printed(f"({tag.argument})|_fill", tag, cell, hold))
    elif tag.word == "colspan":
        width = in_order(properties, "gridSpan")
        width.set(W + "val", _printed(f"({tag.argument})|_span", tag, cell, hold))
    elif tag.word == "vm":
        merge = in_order(properties, "vMerge")
        source = "'restart' if loop.first else 'continue'"
        merge.set(W + "val", _printed(source, tag, cell, hold))
        _only_first_has_words(cell, properties, hold)
    else:
        width = in_order(properties, "gridSpan")
        width.set(
            W + "val", _printed(f"loop.length * {trees.number(width.get(W + 'val'), 1)}", tag, cell, hold)
        )
        trees.put_before(cell, hold(_FIRST))
        trees.put_after(cell, hold(_END))


def _printed(expression: str, tag: Tag, cell: etree._Element, hold: Hold) -> str:
    return hold(f"{OPEN}{{ {expression} }}{CLOSE}", tag, cell)


def _only_first_has_words(cell: etree._Element, properties: etree._Element, hold: Hold) -> None:
    """The cells below a merged one hold an empty paragraph."""
    trees.put_after(properties, hold(_FIRST))
    empty = cell.makeelement(W + "p")
    trees.append(cell, hold(_ELSE))
    cell.append(empty)
    empty.tail = hold(_END)
