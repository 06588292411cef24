"""Values that are more than text: pictures, text with its own look, listings, whole documents.

They are checked where they are made. In a template each stands where text would: ``{{ seal }}``; a document
stands for its paragraph: ``{{p annex }}``.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import BadValue, CailiangError

MOST_BYTES = 20 << 20
MOST_PIXELS = 100_000_000
PAGE = (150.0, 220.0)
"""Millimetres of the box of an image that names none: the text of an A4 page by GB/T 9704-2012, roundly."""
EMU = 36_000
"""Office units of a millimetre."""
_NOT_FOR_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010fff0-\U0010fff2]"
)
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
UNDERLINES = ("single", "double", "thick", "dotted", "dash", "dotDash", "dotDotDash", "wave")


def colour(value: str) -> str:
    """``FF0000`` of ``#ff0000``. Raises BadValue: not six hexadecimal digits."""
    found = value.removeprefix("#")
    if not _COLOUR.fullmatch(found):
        raise BadValue(f"“{value[:20]}”不是颜色", hint="请写六位十六进制数，如 FF0000")
    return found.upper()


def _clean(text: Any, what: str, allowed: str = "") -> None:
    if type(text) is not str:
        raise BadValue(f"{what}应是文字", hint="请改成文字")
    found = _NOT_FOR_XML.search(text.translate({ord(sign): None for sign in allowed}))
    if found:
        raise BadValue(f"{what}含不可见的控制字符 U+{ord(found[0]):04X}", hint="请删去该字符后重试")


# -- pictures --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG or JPEG: an agency's seal, a photograph of the scene.

    Args:
        data: the bytes of the file; checked to be whole.
        width: of the box it is fitted into, in millimetres; 0 for no bound.
        height: likewise. Its proportions are kept; without a box it keeps its own size, at most the page's.
        alt: what a reader who can't see it is told.

    Raises:
        BadValue: no whole PNG or JPEG, too large, or no sensible box.
    """

    data: bytes
    width: float = 0
    height: float = 0
    alt: str = ""

    def __post_init__(self) -> None:
        _clean(self.alt, "图片说明")
        for side in (self.width, self.height):
            if type(side) not in (int, float) or not 0 <= side <= 1000:
                raise BadValue("图片的宽、高应在 0 到 1000 毫米之间", hint="如宽 40、高 40")
        if type(self.data) is not bytes or len(self.data) > MOST_BYTES:
            raise BadValue(f"图片超过 {MOST_BYTES >> 20} MB", hint="请压缩图片后再试")
        self.pixels()

    @property
    def ending(self) -> str:
        return "png" if self.data.startswith(b"\x89PNG") else "jpeg"

    def pixels(self) -> tuple[int, int, float]:
        """Width and height in pixels, and pixels an inch. Raises BadValue: no whole PNG or JPEG."""
        read = _png if self.ending == "png" else _jpeg
        try:
            across, down, density = read(self.data)
        except (struct.error, IndexError):
            across, down, density = 0, 0, 0.0
        if not across or not down:
            raise BadValue("不是完整的 PNG 或 JPEG 图片", hint="请在画图软件中打开后另存为 PNG 或 JPEG")
        if across * down > MOST_PIXELS:
            raise BadValue(f"图片有 {across}×{down} 像素，过大", hint="请缩小后再试")
        return across, down, density if 20 <= density <= 5000 else 96.0

    def extent(self) -> tuple[int, int]:
        """Width and height on paper, in Office units, fitted into the box."""
        across, down, density = self.pixels()
        wide, high = across / density * 25.4, down / density * 25.4
        if self.width or self.height:
            scale = min(side / own for side, own in ((self.width, wide), (self.height, high)) if side)
        else:
            scale = min(1.0, PAGE[0] / wide, PAGE[1] / high)
        return max(1, round(wide * scale * EMU)), max(1, round(high * scale * EMU))


def _png(data: bytes) -> tuple[int, int, float]:
    at, across, down, density = 8, 0, 0, 0.0
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if struct.unpack_from(">I", data, at + 8 + length)[0] != zlib.crc32(kind + body):
            return 0, 0, 0
        if kind == b"IHDR":
            across, down = struct.unpack_from(">II", body)
        elif kind == b"pHYs" and body[8:9] == b"\1":
            density = struct.unpack_from(">I", body)[0] * 0.0254
        elif kind == b"IEND":
            return across, down, density
        at += 12 + length


def _jpeg(data: bytes) -> tuple[int, int, float]:
    if data[:2] != b"\xff\xd8" or b"\xff\xd9" not in data[-64:]:
        return 0, 0, 0
    at, density = 2, 0.0
    while data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF or kind == 1 or 0xD0 <= kind <= 0xD7:  # fill bytes and marks without a body
            at += 1 if kind == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if kind == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0":
            unit, across = struct.unpack_from(">BH", data, at + 11)
            density = {1: across, 2: across * 2.54}.get(unit, 0.0)
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            down, across = struct.unpack_from(">HH", data, at + 5)
            return across, down, density
        at += 2 + length
    return 0, 0, 0


# -- text with its own look ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text with one look; whatever is not said stays as the template has it.

    Args:
        text: line breaks and tabs are kept.
        underline: a kind of line (``single``, ``double``, ``wave`` …), or True for a single one.
        color: six hexadecimal digits.
        size: in points.
        highlight: six hexadecimal digits, put behind the text.
        font: the name of a font.
        raised: ``superscript`` or ``subscript``.
        style: the id of a character style of the template.
    """

    text: str
    bold: bool | None = None
    italic: bool | None = None
    underline: str | bool | None = None
    strike: bool | None = None
    color: str = ""
    size: float = 0
    highlight: str = ""
    font: str = ""
    raised: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        _clean(self.text, "文字")
        for name in (self.font, self.style):
            _clean(name, "字体或样式名")
        for sign in (self.color, self.highlight):
            if sign:
                colour(sign)
        if self.underline not in (None, True, False, *UNDERLINES):
            raise BadValue(f"没有“{self.underline}”这种下划线", hint="可用：" + "、".join(UNDERLINES))
        if self.raised not in ("", "superscript", "subscript"):
            raise BadValue(f"没有“{self.raised}”这种位置", hint="可用 superscript、subscript")
        if type(self.size) not in (int, float) or not 0 <= self.size <= 400:
            raise BadValue("字号应在 0 到 400 磅之间", hint="如三号字写 16")

    def properties(self) -> list[tuple[str, dict[str, str]]]:
        """The children of ``w:rPr``, in the order of the schema: name and attributes."""
        flags = (("b", self.bold), ("i", self.italic), ("strike", self.strike))
        found: list[tuple[str, dict[str, str]]] = []
        if self.style:
            found.append(("rStyle", {"val": self.style}))
        if self.font:
            found.append(("rFonts", dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), self.font)))
        found += [(name, {} if on else {"val": "0"}) for name, on in flags if on is not None]
        if self.color:
            found.append(("color", {"val": colour(self.color)}))
        if self.size:
            halves = str(round(self.size * 2))
            found += [("sz", {"val": halves}), ("szCs", {"val": halves})]
        if self.underline is not None:
            line = (
                self.underline if isinstance(self.underline, str) else "single" if self.underline else "none"
            )
            found.append(("u", {"val": line}))
        if self.highlight:
            found.append(("shd", {"val": "clear", "color": "auto", "fill": colour(self.highlight)}))
        if self.raised:
            found.append(("vertAlign", {"val": self.raised}))
        return found


@dataclass(frozen=True, slots=True)
class Rich:
    """Text whose pieces have looks of their own."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Listing:
    """Text with breaks of its own: a new line, ``\\t`` a tab, ``\\a`` a new paragraph, ``\\f`` a new page."""

    text: str

    def __post_init__(self) -> None:
        _clean(self.text, "文字", allowed="\a\f")


@dataclass(frozen=True, slots=True)
class Subdocument:
    """Another .docx whose body is put in place of a paragraph.

    Raises:
        BadPackage: damaged or hostile.
    """

    data: bytes

    def __post_init__(self) -> None:
        from kb.package import open_package

        open_package(self.data)


RICH = frozenset({Image, Rich, Listing, Subdocument})
_KEYS = {"$image": "图片", "$rich": "文字", "$listing": "文字", "$subdoc": "文档"}


def revived(value: Any, folder: Path, path: str = "") -> Any:
    """Data read from JSON, with ``{"$image": …}`` and the like made into the values they stand for.

    Args:
        value: what JSON held.
        folder: what the names of files in it are relative to.
        path: for messages.

    Raises:
        BadValue: a file that can't be read, an unknown key, or a value that the type refuses; with its path.
    """
    if isinstance(value, list):
        return [revived(item, folder, f"{path}[{at}]") for at, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kind = next((key for key in _KEYS if key in value), "")
    if not kind:
        inner = f"{path}." if path else ""
        return {key: revived(item, folder, inner + key) for key, item in value.items()}
    try:
        return _made(kind, {key: _number(item) for key, item in value.items()}, folder)
    except CailiangError as error:
        raise BadValue(error.message, where=f"字段 {path}", hint=error.hint) from error
    except TypeError as error:
        known = {"$image": "width、height、alt", "$rich": "一列 {text, bold …}"}.get(kind, "没有别的键")
        raise BadValue(f"{kind} 的写法不对", where=f"字段 {path}", hint=f"可用：{known}") from error


def _number(value: Any) -> Any:
    """JSON's decimals arrive exact; for millimetres and points a float will do."""
    from decimal import Decimal

    return float(value) if isinstance(value, Decimal) else value


def _made(kind: str, value: Mapping[str, Any], folder: Path) -> Any:
    content, rest = value[kind], {key: item for key, item in value.items() if key != kind}
    if kind == "$image":
        return Image(_file(content, folder), **rest)
    if kind == "$subdoc":
        return Subdocument(_file(content, folder), **rest)
    if kind == "$listing":
        return Listing(content, **rest)
    runs = [run if isinstance(run, dict) else {"text": run} for run in content]
    return Rich(tuple(Run(**{key: _number(item) for key, item in run.items()}) for run in runs), **rest)


def _file(name: Any, folder: Path) -> bytes:
    if type(name) is not str:
        raise BadValue("应是文件名", hint="请写图片或者文档的文件名")
    try:
        with (folder / name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadValue(
            f"文件“{name[:80]}”无法读取", hint="请核对文件名（相对于数据文件所在的文件夹）"
        ) from error
