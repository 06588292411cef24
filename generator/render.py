"""From a compiled part and checked values to XML, and from XML parts to the bytes of a .docx.

The Jinja2 sandbox here knows nothing but the data: dictionaries answer by key, dates by year, month and day,
and no Python attribute of anything can be reached.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from markupsafe import Markup

from generator.values import BORROWED_FILTERS, FILTERS, lines, printed_in_text, printed_in_word
from kb.errors import BadValue
from kb.package import Packed

# Characters no author types (plane 16, end of the private use area) open and close the tags of the compiled
# source, so braces in ordinary text, attributes or values are never read as a tag.
OPEN, CLOSE, MARK = "\U0010fff0", "\U0010fff1", "\U0010fff2"

LOOP_WORDS = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"}
)
LOOP_CALLS = frozenset({"cycle", "changed"})
DATE_WORDS = frozenset({"year", "month", "day"})
DICT_CALLS = frozenset({"items", "keys", "values"})
TEXT_CALLS = frozenset({"startswith", "endswith", "strip"})

# Level 1 packs a letter in about half the time of level 6, for files that are one percent larger.
ZIP_LEVEL = 1


class Missing(jinja2.StrictUndefined):
    """A field the data lacks. Its error message is the field's name alone; the template adds the place."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name or self._undefined_hint or "?")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 with strict fields, checked printing, and no way from a value to Python."""

    intercepted_binops = frozenset({"*", "%", "**"})

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
        inner = {"_lines": lines, "_ends_with_paragraph": _ends_with_paragraph, "_holds": _holds}
        self.filters = {**borrowed, **FILTERS, **inner}
        self.globals = {"range": safe_range}

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is dict:
            if attribute in obj:
                return obj[attribute]
            allowed = DICT_CALLS
        elif kind is LoopContext:
            allowed = LOOP_WORDS | LOOP_CALLS
        elif kind is str:
            allowed = TEXT_CALLS
        elif isinstance(obj, date):
            allowed = DATE_WORDS
        elif isinstance(obj, jinja2.Undefined):
            str(obj)  # a field of a missing field: the first one is what the author forgot
        else:
            allowed = frozenset()
        return getattr(obj, attribute) if attribute in allowed else Missing(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) in (dict, list, tuple, str):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return Missing(obj=obj, name=str(argument))
        return self.getattr(obj, str(argument))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        # Text times a number, or text % values, can make a gigabyte of a short template.
        if operator == "**" or not all(isinstance(side, int | Decimal) for side in (left, right)):
            raise BadValue(f"“{operator}”只用于数", hint="请先算好再填入")
        return super().call_binop(context, operator, left, right)


@cache
def word_sandbox() -> Sandbox:
    """For parts whose text stands in ``w:t``."""
    return Sandbox(printed_in_word)


@cache
def text_sandbox() -> Sandbox:
    """For the document's properties: text elements without runs."""
    return Sandbox(printed_in_text)


def _ends_with_paragraph(xml: Markup) -> str:
    """What a cell, header or text box must do, whatever its conditions left of it."""
    return xml if xml.endswith(("</w:p>", "<w:p/>")) else xml + Markup("<w:p/>")


def _holds(xml: Markup, opening: str) -> str:
    """A table without rows, or a row without cells, is left out whole: Word refuses it."""
    return xml if opening in xml else Markup("")


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

    def pack(self, parts: Mapping[str, str]) -> bytes:
        """The whole file, with the rendered parts after the constant ones."""
        pieces, directory, offset = [self._body], [self._directory], len(self._body)
        for name, xml in parts.items():
            part = _compressed(name, xml.encode())
            local, central = _headers(part, offset)
            pieces += (local, part.data)
            directory.append(central)
            offset += len(local) + len(part.data)
        index, count = b"".join(directory), self._count + len(parts)
        pieces += (index, _END.pack(b"PK\5\6", 0, 0, count, count, len(index), offset, 0))
        return b"".join(pieces)


def _compressed(name: str, data: bytes) -> Packed:
    squeeze = zlib.compressobj(ZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(name, _DEFLATED, zlib.crc32(data), len(data), squeeze.compress(data) + squeeze.flush())


def _headers(part: Packed, offset: int) -> tuple[bytes, bytes]:
    name = part.name.encode()
    common = (_UTF8, part.method, _TIME, _DATE, part.crc, len(part.data), part.size, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", _VERSION, *common) + name
    central = _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *common, 0, 0, 0, 0, offset) + name
    return local, central
