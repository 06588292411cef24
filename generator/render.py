"""From a compiled part and checked values to XML, and from XML parts to the bytes of a .docx.

The Jinja2 sandbox here knows nothing but the data: dictionaries answer by key, dates by year, month and day,
and no Python attribute of anything can be reached.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.filters import _GroupTuple
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from generator.filters import (
    BORROWED_FILTERS,
    FILTERS,
    INNER,
    MOST_ITEMS,
    WORDING,
    bounded,
    clocked,
    formatted,
    replaced,
    split,
    together,
)
from generator.values import CLOSE, LONG, MAX_DIGITS, OPEN, PURSE, plain, printed_in_text, printed_in_word
from kb.errors import BadValue
from kb.package import Packed

LOOP_WORDS = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"}
)
LOOP_CALLS = frozenset({"cycle", "changed"})
DATE_WORDS = frozenset({"year", "month", "day"})
GROUP_WORDS = frozenset({"grouper", "list"})
DICT_CALLS = frozenset({"items", "keys", "values", "get"})
# Methods of a text; those that could blow it up have a bounded form.
TEXT_CALLS: dict[str, Callable[..., Any] | None] = {
    **dict.fromkeys(("startswith", "endswith", "strip", "lstrip", "rstrip", "isdigit", "isalpha", "count")),
    **dict.fromkeys(("upper", "lower", "title", "capitalize", "find")),
    "replace": replaced,
    "split": split,
    "join": lambda between, items: together(between, map(plain, items)),
}
DATE_CALLS: dict[str, Callable[..., Any]] = {"strftime": clocked}
CALLS = LOOP_CALLS | DICT_CALLS | TEXT_CALLS.keys() | DATE_CALLS.keys()

# Level 1 packs a letter in about half the time of level 6, for files that are one percent larger.
ZIP_LEVEL = 1


class Missing(jinja2.StrictUndefined):
    """A field the data lacks: its error message is the field's name alone; the template adds the place.

    Without a name it is `loop.previtem` before the first item, or `loop.nextitem` behind the last.
    """

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name or "")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 with strict fields, checked printing, and no way from a value to Python."""

    intercepted_binops = frozenset({"*", "%", "**", "+"})

    def __init__(self, printed: Callable[[Any], str]) -> None:
        super().__init__(
            block_start_string=OPEN + "%",
            block_end_string="%" + CLOSE,
            variable_start_string=OPEN + "{",
            variable_end_string="}" + CLOSE,
            comment_start_string=OPEN + "#",
            comment_end_string="#" + CLOSE,
            autoescape=True,
            undefined=Missing,
            keep_trailing_newline=True,
            finalize=printed,
        )
        borrowed = {name: self.filters[name] for name in BORROWED_FILTERS}
        self.filters = {**borrowed, **FILTERS, **INNER, "_each": _each}
        self.globals = {"range": safe_range, "namespace": Namespace}

    def plain(self, source: str) -> nodes.Template:
        """The syntax tree of a source as its author wrote it."""
        return super()._parse(source, None, None)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The syntax tree that is compiled: with loops that pay, and without what could print nothing."""
        tree = super()._parse(source, name, filename)
        _Guarded().visit(tree)
        return tree

    def call_filter(self, name: str, *args: Any, **how: Any) -> Any:
        """A filter whose name is a value, as in ``map('upper')``."""
        if name.startswith("_") or name == WORDING:
            raise BadValue(f"没有“{name[:20]}”这个过滤器", hint="请改用文档中列出的过滤器")
        return super().call_filter(name, *args, **how)

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is dict:
            if attribute in obj:
                return obj[attribute]
            allowed = DICT_CALLS
        elif kind is LoopContext:
            allowed = LOOP_WORDS | LOOP_CALLS
        elif kind is str:
            if attribute in TEXT_CALLS:
                own = TEXT_CALLS[attribute]
                return getattr(obj, attribute) if own is None else partial(own, obj)
            allowed = frozenset()
        elif isinstance(obj, date):
            if attribute in DATE_CALLS:
                return partial(DATE_CALLS[attribute], obj)
            allowed = DATE_WORDS
        elif kind is _GroupTuple:
            allowed = GROUP_WORDS
        elif kind is Namespace and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                allowed = frozenset()
        elif isinstance(obj, jinja2.Undefined):
            str(obj)  # a field of a missing field: the first one is what the author forgot
        else:
            allowed = frozenset()
        return getattr(obj, attribute) if attribute in allowed else Missing(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) in (dict, list, tuple, str, _GroupTuple):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return Missing(obj=obj, name=str(argument))
        return self.getattr(obj, str(argument))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        # Text times a number, text % values, or numbers squared again and again can fill the memory from a
        # short template; so can a text or list added to itself.
        if operator == "+" and type(left) is type(right) and type(left) in (str, list, tuple):
            if type(left) is str:
                return bounded(left + right)
            if len(left) + len(right) > MOST_ITEMS:
                raise BadValue("列表过长", hint="请核对标签是否把列表成倍地相加")
        elif operator == "%" and type(left) is str:
            return formatted(left, *(right if type(right) is tuple else (right,)))
        elif operator != "+" and (
            operator == "**" or not all(isinstance(side, int | Decimal) for side in (left, right))
        ):
            raise BadValue(f"“{operator}”只用于数", hint="请先算好再填入")
        found = super().call_binop(context, operator, left, right)
        if type(found) is int and found.bit_length() > 8 * MAX_DIGITS:
            raise BadValue("数过大", hint="请核对数额")
        return found


class _Guarded(NodeTransformer):
    """Every loop goes through `_each`, ``~`` through a bounded join, ``if`` without else is empty."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        weight = nodes.Const(_weight(node.body) + _weight(node.else_))
        node.iter = nodes.Filter(node.iter, "_each", [weight], [], None, None, lineno=node.lineno)
        self.generic_visit(node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "_joined", [], [], None, None, lineno=node.lineno)

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.CondExpr:
        self.generic_visit(node)
        if node.expr2 is None:
            node.expr2 = nodes.Const("", lineno=node.lineno)
        return node


def _weight(body: list[nodes.Node]) -> int:
    """Characters that one round of a loop prints, at most, without those of loops inside it."""
    total, waiting = LONG, list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.TemplateData):
            total += len(node.data)
        elif isinstance(node, nodes.Output):
            total += LONG * len(node.nodes)
            waiting += node.nodes
        elif not isinstance(node, nodes.For | nodes.Expr):
            waiting += node.iter_child_nodes()
    return total


def _each(found: Any, weight: int) -> Any:
    """What a loop goes over, paid for before it begins."""
    items = found if isinstance(found, Sized) else list(islice(found, MOST_ITEMS + 1))
    PURSE.pay(len(items) * weight)
    return items


@cache
def word_sandbox() -> Sandbox:
    """For parts whose text stands in ``w:t``."""
    return Sandbox(printed_in_word)


@cache
def text_sandbox() -> Sandbox:
    """For the document's properties: text elements without runs."""
    return Sandbox(printed_in_text)


_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
_TIME, _DATE = 0, 1 << 5 | 1  # 1980-01-01 00:00: the same input gives the same bytes on any day


class Packer:
    """Writes a .docx: unchanged parts were compressed by their author and are copied as one block.

    Args:
        constant: the parts that every document shares, in the order of the template.
    """

    def __init__(self, constant: Iterable[Packed]) -> None:
        body, directory, self._count = bytearray(), bytearray(), 0
        for part in constant:
            local, central = _headers(part, len(body))
            body += local + part.data
            directory += central
            self._count += 1
        self._body, self._directory = bytes(body), bytes(directory)

    def pack(self, parts: Mapping[str, str | bytes]) -> bytes:
        """The whole file, with the rendered parts after the constant ones."""
        pieces, directory, offset = [self._body], [self._directory], len(self._body)
        for name, content in parts.items():
            part = compressed(name, content.encode() if isinstance(content, str) else content)
            local, central = _headers(part, offset)
            pieces += (local, part.data)
            directory.append(central)
            offset += len(local) + len(part.data)
        index, count = b"".join(directory), self._count + len(parts)
        pieces += (index, _END.pack(b"PK\5\6", 0, 0, count, count, len(index), offset, 0))
        return b"".join(pieces)


def compressed(name: str, data: bytes) -> Packed:
    """A part as it will lie in the file; the headers and properties of many papers are the same."""
    return _kept(name, data) if len(data) <= _SMALL else _compressed(name, data)


def _compressed(name: str, data: bytes) -> Packed:
    squeeze = zlib.compressobj(ZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(name, _DEFLATED, zlib.crc32(data), len(data), squeeze.compress(data) + squeeze.flush())


_SMALL = 1 << 12
_kept = lru_cache(64)(_compressed)


def _headers(part: Packed, offset: int) -> tuple[bytes, bytes]:
    name = part.name.encode()
    common = (_UTF8, part.method, _TIME, _DATE, part.crc, len(part.data), part.size, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", _VERSION, *common) + name
    central = _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *common, 0, 0, 0, 0, offset) + name
    return local, central
