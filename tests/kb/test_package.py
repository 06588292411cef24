"""Files from outside: what opens, what is refused, and that a refusal costs little memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from kb.errors import BadPackage, NotFound
from kb.package import CONTENT_TYPES, DEFAULT_LIMITS, open_archive, open_package

Edit = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def plain() -> bytes:
    """An ordinary .docx."""
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("某县市场监督管理局")
    document.save(out)
    return out.getvalue()


def edited(source: bytes, edit: Edit) -> bytes:
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    edit(parts)
    return zipped(parts.items())


def zipped(parts: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts:  # type: ignore[attr-defined]
            package.writestr(name, data)
    return out.getvalue()


def swap(name: str, old: bytes, new: bytes) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return edit


def put(name: str, data: bytes) -> Edit:
    return lambda parts: parts.update({name: data})


def arrow(kind: str, target: str, mode: str = "External") -> Edit:
    new = f'<Relationship Id="rId99" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'
    end = b"</Relationships>"
    return swap("word/_rels/document.xml.rels", end, new.encode() + end)


def media(kind: bytes) -> Edit:
    new = b'<Override PartName="/word/x.bin" ContentType="' + kind + b'"/></Types>'

    def edit(parts: dict[str, bytes]) -> None:
        swap(CONTENT_TYPES, b"</Types>", new)(parts)
        parts["word/x.bin"] = b"x"

    return edit


BODY = "word/document.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<w:document'

REFUSED: dict[str, tuple[Edit, str]] = {
    "DTD": (swap(BODY, b"<w:document", ENTITIES), "DTD"),
    "UTF-16 DTD": (
        put(BODY, '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")),
        "DTD",
    ),
    "odd encoding": (put(BODY, b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>'), "8859"),
    "broken XML": (swap(BODY, b"</w:body>", b""), "不完整"),
    "nested XML": (put(BODY, b"<a>" * 201 + b"</a>" * 201), "嵌套超过 200 层"),
    "absurdly nested XML": (put(BODY, b"<a>" * 50_000 + b"</a>" * 50_000), "嵌套过深"),
    "external image": (arrow("image", "http://a.invalid/x.png"), "外部的图片"),
    "attached template": (arrow("attachedTemplate", "file:///c:/x.dotm"), "外部模板"),
    "external something": (arrow("frame", "http://a.invalid/"), "文件之外"),
    "altChunk": (arrow("aFChunk", "x.html", "Internal"), "altChunk"),
    "OLE": (arrow("oleObject", "embeddings/x.bin", "Internal"), "OLE"),
    "embedded file": (put("word/embeddings/x.xlsx", b"x"), "嵌入"),
    "ActiveX": (put("word/activeX/activeX1.xml", b"<x/>"), "嵌入"),
    "macro part": (put("word/vbaProject.bin", b"x"), "含宏"),
    "macro type": (media(b"application/vnd.ms-word.document.macroEnabled.main+xml"), "含宏"),
    "OLE type": (media(b"application/vnd.openxmlformats-officedocument.oleObject"), "OLE"),
    "traversal": (put("word/../../x.xml", b"<x/>"), "文件之外"),
    "absolute": (put("/etc/x", b"x"), "文件之外"),
    "backslash": (put("word\\x", b"x"), "文件之外"),
    "same name in capitals": (put("WORD/document.xml", b"<x/>"), "同名"),
    "bomb": (put("word/media/x.png", b"\0" * (3 << 20)), "压缩炸弹"),
    "too many parts": (lambda parts: parts.update({f"x/{n}": b"" for n in range(2001)}), "个部件"),
    "no types": (lambda parts: parts.pop(CONTENT_TYPES, None) and None, "不是 Word 或 Excel"),
    "no body": (lambda parts: parts.pop(BODY, None) and None, "找不到正文"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_packages_are_refused(plain: bytes, kind: str) -> None:
    edit, says = REFUSED[kind]
    open_package(plain)  # what is remembered of a harmless one lets nothing through
    with pytest.raises(BadPackage) as caught:
        package = open_package(edited(plain, edit))
        package.xml(package.main)
    told = str(caught.value)
    assert says in told
    assert caught.value.hint, "a refusal says how to mend"
    assert "\n" not in told


BYTES = {
    "empty": (b"", "不是 .docx"),
    "text": ("某县".encode() * 100, "不是 .docx"),
    "PDF": (b"%PDF-1.7 ...", "PDF"),
    "old .doc or encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "去掉密码"),
}


@pytest.mark.parametrize("kind", BYTES)
def test_other_files_are_named(kind: str) -> None:
    data, says = BYTES[kind]
    with pytest.raises(BadPackage, match=says):
        open_package(data)


def test_every_truncation_is_refused(plain: bytes) -> None:
    for length in range(4, len(plain), 997):
        with pytest.raises(BadPackage):
            open_package(plain[:length])


def test_flipped_bytes_never_pass_in_silence(plain: bytes) -> None:
    """A damaged byte is refused, or harmless: what is read is what the checksum covers."""
    package = open_package(plain)
    good = {name: package.read(name) for name in package.names}
    for at in range(0, len(plain), 211):
        damaged = plain[:at] + bytes([plain[at] ^ 0xFF]) + plain[at + 1 :]
        try:
            package = open_package(damaged)
            read = {name: package.read(name) for name in package.names}
        except (BadPackage, NotFound):
            continue
        assert all(good.get(name, data) == data for name, data in read.items())


def test_an_encrypted_entry_is_refused(plain: bytes) -> None:
    at = plain.index(b"PK\1\2") + 8  # the flags of the first entry in the directory
    with pytest.raises(BadPackage, match="密码"):
        open_package(plain[:at] + b"\1" + plain[at + 1 :])


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([("a.txt", b"1"), ("a.txt", b"2")])
    with pytest.raises(BadPackage, match="同名"):
        open_archive(data)


def test_a_bomb_costs_no_memory() -> None:
    """Sixty megabytes of nothing are refused from the directory, a lie about the size while reading."""
    bomb = zipped([("x.bin", bytes(60 << 20))])
    tracemalloc.start()
    with pytest.raises(BadPackage, match="压缩炸弹"):
        open_archive(bomb)
    lie = bomb.replace((60 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(BadPackage, match="损坏"):
        open_archive(lie).read("x.bin")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_the_file_itself_may_not_be_huge(tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    file.write_bytes(b"PK" + bytes(5000))
    with pytest.raises(BadPackage, match="超过"):
        open_package(file, limits=replace(DEFAULT_LIMITS, file=1000))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"没有\.docx"):
        open_package(tmp_path / "没有.docx")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadPackage):
        open_package(tmp_path)


def test_an_ordinary_file_opens(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(edited(plain, arrow("hyperlink", "https://www.gov.cn/")))
    package = open_package(path)
    assert package.main == BODY
    assert package.content_type(BODY).endswith("document.main+xml")
    links = [link for link in package.relationships(BODY) if link.external]
    assert [(link.type, link.target) for link in links] == [("hyperlink", "https://www.gov.cn/")]
    assert any(link.target == "word/styles.xml" for link in package.relationships(BODY))
    assert package.xml(BODY).tag.endswith("document")
    with pytest.raises(NotFound):
        package.read("word/none.xml")


def test_packed_bytes_are_those_of_the_file(plain: bytes) -> None:
    packed = open_package(plain).packed(BODY)
    assert packed.data in plain
    assert packed.size == len(open_package(plain).read(BODY))
