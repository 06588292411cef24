"""Open any .docx, .xlsx or .zip that came from outside without trusting it.

Nothing is unpacked until it is asked for, and never more than the limits allow: a hostile file is refused
from its directory, before its contents reach memory. Whatever is refused says what it was and how to mend it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import unquote

from kb.errors import BadPackage, NotFound

if TYPE_CHECKING:
    from lxml import etree

CONTENT_TYPES = "[Content_Types].xml"
SAVE_AGAIN = "请在 Word 或 WPS 中打开后另存为 .docx 再试"
_MEBI = 1 << 20
_LOCAL = struct.Struct("<4s2xH18xHH")  # of a part's own header: mark, flags, lengths of name and extra field


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file from outside may cost. Sizes in bytes, ``ratio`` is unpacked over packed."""

    file: int = 64 * _MEBI
    entries: int = 2000
    part: int = 64 * _MEBI
    total: int = 128 * _MEBI
    ratio: int = 200
    ratio_from: int = _MEBI  # smaller parts may be as repetitive as they like
    depth: int = 200


DEFAULT_LIMITS = Limits()
T = TypeVar("T")


class Shared(Generic[T]):
    """What was worked out of small parts, by their very bytes: papers of one template share it.

    A part that is refused is not remembered, and big ones are worked out each time.
    """

    _MOST = 64
    _BYTES = 1 << 16

    def __init__(self) -> None:
        self._known: dict[Hashable, T] = {}

    def get(self, parts: tuple[bytes, ...], terms: Hashable, work: Callable[[], T]) -> T:
        """What ``work`` gives for these bytes on these terms."""
        if sum(map(len, parts)) > self._BYTES:
            return work()
        found = self._known.get((parts, terms))
        if found is None:
            found = work()
            if len(self._known) >= self._MOST:
                self._known.clear()
            self._known[parts, terms] = found
        return found

    def forget(self) -> None:
        self._known.clear()


@dataclass(frozen=True, slots=True)
class Packed:
    """One part as it lies in the file: compressed bytes and what the directory says of them."""

    name: str
    method: int
    crc: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part; ``type`` is the last word of its URI, ``target`` a part name or an address."""

    id: str
    type: str
    target: str
    external: bool


class Archive:
    """A zip whose directory was found harmless. Use :func:`open_archive`.

    Attributes:
        data: the bytes of the file.
        label: what messages call it.
        limits: what reading it may cost.
        names: the parts in the order of the file, folders left out.
    """

    def __init__(self, data: bytes, label: str, limits: Limits) -> None:
        self.label = label
        self.limits = limits
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {info.filename: info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
            raise _unreadable(data, label) from error
        _check_directory(self._zip.infolist(), label, limits)
        self.names = tuple(name for name in self._infos if not name.endswith("/"))

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one part.

        Raises:
            NotFound: there is no such part.
            BadPackage: the part is damaged, or is XML that declares a DTD or entities.
        """
        info = self._info(name)
        try:
            data = self._unpacked(info)
        except (zipfile.BadZipFile, zlib.error, struct.error, UnicodeDecodeError) as error:
            raise BadPackage(
                "文件已损坏，内容无法解压", where=f"{self.label} 的 {name}", hint=SAVE_AGAIN
            ) from error
        if len(data) != info.file_size:
            raise BadPackage("文件已损坏，内容长度不符", where=f"{self.label} 的 {name}", hint=SAVE_AGAIN)
        if name.lower().endswith((".xml", ".rels", ".vml")):
            self._refuse_dtd(name, data)
        return data

    def packed(self, name: str) -> Packed:
        """One part's compressed bytes, to copy as they are. They are not verified: read the part too."""
        info = self._info(name)
        return Packed(info.filename, info.compress_type, info.CRC, info.file_size, self._packed(info))

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        """What stands behind the part's own header, which has to bear the name that the directory gives."""
        start = info.header_offset
        mark, flags, name_length, extra_length = _LOCAL.unpack_from(self.data, start)
        begin = start + _LOCAL.size + name_length
        name = self.data[start + _LOCAL.size : begin].decode("utf-8" if flags & 0x800 else "cp437")
        if mark != b"PK\3\4" or name != info.orig_filename:
            raise zipfile.BadZipFile
        return self.data[begin + extra_length : begin + extra_length + info.compress_size]

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        """As zipfile reads a part; for one as small as most of a letter that takes several times as long."""
        data = self._packed(info)
        if info.compress_type != zipfile.ZIP_STORED:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, info.file_size + 1)
        if len(data) == info.file_size and zlib.crc32(data) != info.CRC:
            raise zipfile.BadZipFile
        return data

    def xml(self, name: str) -> etree._Element:
        """One XML part, parsed without entities, network or excessive depth.

        Raises:
            BadPackage: not well-formed, a DTD, nested too deep, or in an encoding other than UTF-8/16.
        """
        from lxml import etree

        where = f"{self.label} 的 {name}"
        # An entity that stays unexpanded, no network, no huge nodes: libxml2's own caps apply.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise BadPackage("XML 内容不完整或嵌套过深", where=where, hint=SAVE_AGAIN) from error
        info = root.getroottree().docinfo
        if info.internalDTD is not None or info.doctype:
            raise BadPackage("含 DTD 或实体定义，拒绝打开", where=where, hint=SAVE_AGAIN)
        if (info.encoding or "UTF-8").upper() not in {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII"}:
            raise BadPackage(f"XML 编码是 {info.encoding}，应为 UTF-8", where=where, hint=SAVE_AGAIN)
        if _deeper_than(self.limits.depth)(root):
            raise BadPackage(f"XML 嵌套超过 {self.limits.depth} 层", where=where, hint=SAVE_AGAIN)
        return root

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._infos[name]
        except KeyError:
            raise NotFound(f"文件中没有“{name}”", where=self.label) from None

    def _refuse_dtd(self, name: str, data: bytes) -> None:
        plain = (
            data.replace(b"\0", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[1:2] == b"\0" else data
        )
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise BadPackage("含 DTD 或实体定义，拒绝打开", where=f"{self.label} 的 {name}", hint=SAVE_AGAIN)


@dataclass(frozen=True, slots=True)
class _Types:
    overrides: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        extension = name.rpartition(".")[2].lower()
        return self.overrides.get(name.lower(), self.defaults.get(extension, ""))


@dataclass(frozen=True, slots=True)
class _Wiring:
    """The types of the parts and the arrows between them, all found harmless."""

    types: _Types
    arrows: dict[str, tuple[Relationship, ...]]


WIRINGS: Shared[_Wiring] = Shared()


class Package(Archive):
    """An Office Open XML package free of macros, embeddings and links outwards. Use :func:`open_package`."""

    def __init__(self, data: bytes, label: str, limits: Limits) -> None:
        super().__init__(data, label, limits)
        if CONTENT_TYPES not in self._infos:
            raise BadPackage("不是 Word 或 Excel 文件", where=label, hint=SAVE_AGAIN)
        names = self.names
        wires = tuple(self.read(name) for name in names if name == CONTENT_TYPES or name.endswith(".rels"))
        self._wiring = WIRINGS.get(wires, (names, limits), self._read_wiring)

    def content_type(self, name: str) -> str:
        """The media type of a part; empty where the package declares none."""
        return self._wiring.types.of(name)

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """The arrows of a part, or of the package itself."""
        return self._wiring.arrows.get(part, ())

    @property
    def main(self) -> str:
        """The name of the main part (``word/document.xml`` in most files)."""
        for arrow in self.relationships():
            if arrow.type == "officeDocument" and arrow.target in self._infos:
                return arrow.target
        raise BadPackage("找不到正文部件", where=self.label, hint=SAVE_AGAIN)

    def _read_wiring(self) -> _Wiring:
        types, arrows = self._read_types(), {}
        for name in self.names:
            _refuse_type(types.of(name), name, self.label)
            if name.endswith(".rels"):
                owner = _owner(name)
                arrows[owner] = tuple(self._read_arrows(name, owner))
        return _Wiring(types, arrows)

    def _read_types(self) -> _Types:
        types = _Types()
        for node in self.xml(CONTENT_TYPES).iterchildren("{*}Default", "{*}Override"):
            media = node.get("ContentType", "")
            if node.get("PartName"):
                types.overrides[node.get("PartName", "").lstrip("/").lower()] = media
            elif node.get("Extension"):
                types.defaults[node.get("Extension", "").lower()] = media
        return types

    def _read_arrows(self, name: str, owner: str) -> Iterator[Relationship]:
        folder = posixpath.dirname(owner)
        for node in self.xml(name).iterchildren("{*}Relationship"):
            kind = node.get("Type", "").rpartition("/")[2]
            target, external = node.get("Target", ""), node.get("TargetMode") == "External"
            _refuse_arrow(kind, target, external, f"{self.label} 的 {name}")
            if not external:
                target = target.partition("#")[0]
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            yield Relationship(node.get("Id", ""), kind, target, external)


def open_archive(source: Path | bytes, *, limits: Limits = DEFAULT_LIMITS) -> Archive:
    """Open a zip from outside.

    Args:
        source: a path, or the bytes themselves.
        limits: what it may cost.

    Raises:
        NotFound: there is no such file.
        BadPackage: damaged, encrypted, or hostile.
    """
    data, label = _load(source, limits)
    return Archive(data, label, limits)


def open_package(source: Path | bytes, *, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Open a .docx or .xlsx from outside; see :func:`open_archive`.

    Also refused: macros, OLE and ActiveX, embedded files, altChunk, and every external relationship that is
    not a hyperlink.
    """
    data, label = _load(source, limits)
    return Package(data, label, limits)


def _load(source: Path | bytes, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        data, label = source, "上传的文件"
        size = len(source)
    else:
        label = source.name
        try:
            size = source.stat().st_size
            data = source.read_bytes() if size <= limits.file else b""
        except FileNotFoundError:
            raise NotFound("找不到文件", where=str(source), hint="请核对路径") from None
        except OSError as error:
            raise BadPackage("文件无法读取", where=str(source), hint="请核对路径和权限") from error
    if size > limits.file:
        raise BadPackage(f"文件超过 {limits.file // _MEBI} MB", where=label, hint="请压缩其中的图片后另存")
    return data, label


def _unreadable(data: bytes, label: str) -> BadPackage:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return BadPackage(
            "是旧版 .doc/.xls 或加了密码的文件", where=label, hint="请在 Word 中去掉密码，另存为 .docx 再试"
        )
    if data.startswith(b"%PDF"):
        return BadPackage("是 PDF，不是 .docx", where=label, hint="请用原来的 Word 文件")
    if data.startswith(b"PK"):
        return BadPackage("文件不完整，可能没有传完", where=label, hint="请重新复制或下载；" + SAVE_AGAIN)
    return BadPackage("不是 .docx 文件", where=label, hint=SAVE_AGAIN)


def _check_directory(infos: list[zipfile.ZipInfo], label: str, limits: Limits) -> None:
    if len(infos) > limits.entries:
        raise BadPackage(f"内含 {len(infos)} 个部件，超过 {limits.entries} 个", where=label, hint=SAVE_AGAIN)
    seen: set[str] = set()
    total = 0
    for info in infos:
        total += info.file_size
        swollen = info.file_size > limits.ratio_from and info.file_size > limits.ratio * info.compress_size
        wrong = None
        if _UNSAFE.search(info.filename.rstrip("/")):
            wrong = "部件名指向文件之外，拒绝打开", SAVE_AGAIN
        elif info.filename.lower() in seen:
            wrong = "两个部件同名", SAVE_AGAIN
        elif info.flag_bits & 0x1:
            wrong = "文件加了密码", "请去掉密码后另存再试"
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            wrong = "压缩方式不受支持", SAVE_AGAIN
        elif swollen or info.file_size > limits.part or total > limits.total:
            wrong = "解压后过大，疑似压缩炸弹", SAVE_AGAIN
        if wrong:
            raise BadPackage(wrong[0], where=f"{label} 的 {_printable(info.filename)}", hint=wrong[1])
        seen.add(info.filename.lower())


# A backslash, a colon, a control character; an empty step, . or ..
_UNSAFE = re.compile(r"[\\:\x00-\x1f\x7f]|(?:\A|/)\.{0,2}(?:/|\Z)")


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])


_BAD_TYPES = (
    (re.compile(r"macroEnabled|vbaProject|vbaData|macrosheet", re.I), "含宏", "请另存为不带宏的 .docx 再试"),
    (re.compile(r"oleObject|activeX|\.package$", re.I), "含 OLE 或 ActiveX 嵌入对象", "请删除嵌入对象后另存"),
)
_BAD_NAMES = (
    (re.compile(r"vbaProject|vbaData", re.I), "含宏", "请另存为不带宏的 .docx 再试"),
    (re.compile(r"(^|/)(embeddings|activeX)/", re.I), "含嵌入对象", "请删除嵌入对象（图表可改为图片）后另存"),
)
_BAD_ARROWS = {
    "aFChunk": ("含外来文档片段（altChunk）", "请在 Word 中打开后另存为 .docx"),
    "oleObject": ("含 OLE 嵌入对象", "请删除嵌入对象后另存"),
    "package": ("含嵌入文件", "请删除嵌入对象（图表可改为图片）后另存"),
    "control": ("含 ActiveX 控件", "请删除控件后另存"),
    "vbaProject": ("含宏", "请另存为不带宏的 .docx 再试"),
}
_OUTWARD = {
    "attachedTemplate": ("连着外部模板", "请在 Word“开发工具-文档模板”中改为 Normal 后另存"),
    "image": ("含链接到外部的图片", "请把图片粘贴进文档后另存"),
}


def _refuse_type(media: str, name: str, label: str) -> None:
    for pattern, what, mend in _BAD_TYPES:
        if pattern.search(media):
            raise BadPackage(f"{what}，拒绝打开", where=f"{label} 的 {name}", hint=mend)
    for pattern, what, mend in _BAD_NAMES:
        if pattern.search(name):
            raise BadPackage(f"{what}，拒绝打开", where=f"{label} 的 {name}", hint=mend)


def _refuse_arrow(kind: str, target: str, external: bool, where: str) -> None:
    if kind in _BAD_ARROWS:
        what, mend = _BAD_ARROWS[kind]
        raise BadPackage(f"{what}，拒绝打开", where=where, hint=mend)
    if external and kind != "hyperlink":
        what, mend = _OUTWARD.get(kind, ("含指向文件之外的链接", "请删除外部链接后另存"))
        raise BadPackage(f"{what}（{_printable(target)}），拒绝打开", where=where, hint=mend)


def _owner(rels: str) -> str:
    """``word/_rels/document.xml.rels`` belongs to ``word/document.xml``; ``_rels/.rels`` to the package."""
    folder, _, name = rels.rpartition("_rels/")
    return folder + name.removesuffix(".rels")


@cache
def _deeper_than(depth: int) -> etree.XPath:
    """One C-speed question instead of a walk in Python: is there an element below ``depth`` levels?"""
    from lxml import etree

    return etree.XPath(f"boolean({'/*' * (depth + 1)})")
