"""From a file of any format to grids. What a file is, its first bytes say, not its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kb.errors import BadPackage, NotFound
from kb.importing.tables.grid import Grid
from kb.package import DEFAULT_LIMITS, Package

FORMATS = (".xls", ".xlsx", ".docx", ".pdf", ".csv", ".md")


def read_grids(
    source: Path | bytes, name: str = "", *, progress: Callable[[int, int], None] | None = None
) -> list[Grid]:
    """The tables of a file.

    Args:
        source: a path, or the bytes themselves.
        name: what messages call bytes; its ending tells text from nonsense.
        progress: told after each page of a PDF: which, and of how many.

    Raises:
        NotFound: no such file.
        BadPackage: damaged, hostile, larger than the caps, or of a format that holds no tables.
    """
    data, label = load(source, name)
    if data.startswith(b"\xd0\xcf\x11\xe0") or data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):
        from kb.importing.tables.from_xls import read_xls

        return read_xls(data, label)
    if data.startswith(b"PK"):
        return _office(data, label)
    if b"%PDF-" in data[:1024]:
        from kb.importing.tables.from_pdf import read_pdf

        return read_pdf(data, label, progress=progress)
    if label.lower().endswith(".md"):
        from kb.importing.tables.from_md import read_md

        return read_md(data, label)
    if label.lower().endswith((".csv", ".tsv", ".txt")):
        from kb.importing.tables.from_csv import read_csv

        return read_csv(data, label)
    raise BadPackage("不是能读的表格文件", where=label, hint="可以导入 " + "、".join(FORMATS))


def load(source: Path | bytes, name: str) -> tuple[bytes, str]:
    """The bytes of a file and what messages call it. Raises NotFound, BadPackage: too large, unreadable."""
    if isinstance(source, bytes):
        return source, name or "上传的文件"
    try:
        if source.stat().st_size > DEFAULT_LIMITS.file:
            most = DEFAULT_LIMITS.file >> 20
            raise BadPackage(f"文件超过 {most} MB", where=source.name, hint="请删去图片后另存")
        return source.read_bytes(), source.name
    except FileNotFoundError:
        raise NotFound("找不到文件", where=str(source), hint="请核对路径") from None
    except OSError as error:
        raise BadPackage("文件无法读取", where=str(source), hint="请核对路径和权限") from error


def _office(data: bytes, label: str) -> list[Grid]:
    from kb.importing.tables.from_docx import read_docx
    from kb.importing.tables.from_xlsx import read_xlsx

    try:
        package = Package(data, label, DEFAULT_LIMITS)
        media = package.content_type(package.main)
        if "spreadsheetml" in media:
            return read_xlsx(package, label)
    except BadPackage as error:
        if not label.lower().endswith(".xlsx"):
            raise
        hint = error.hint.replace("Word 或 WPS", "Excel 或 WPS").replace("Word", "Excel")
        raise BadPackage(error.message, where=error.where, hint=hint.replace(".docx", ".xlsx")) from error
    if "wordprocessingml" in media:
        return read_docx(package, label)
    raise BadPackage("既不是 Word 也不是 Excel 文件", where=label, hint="可以导入 " + "、".join(FORMATS))
