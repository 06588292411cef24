"""The tables of a .pdf, put together over its pages; text between them as rows of their own.

The file is opened by a process of its own (`pdf_child`) whose time and memory are capped. Only ruled tables
of a PDF with a text layer can be read; a scan has none.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import BadPackage
from kb.importing.tables.grid import Grid
from kb.importing.tables.pdf_join import grids_of
from kb.importing.tables.pdf_pages import Page, page_of

Progress = Callable[[int, int], None]
"""Called with the page just read and how many there are."""


@dataclass(frozen=True, slots=True)
class PdfCaps:
    """What one PDF may cost: pages, seconds in all, bytes of memory."""

    pages: int = 400
    seconds: float = 240
    memory: int = 2 << 30


PDF_CAPS = PdfCaps()
_SPLIT = "请分成几个文件"
_SAVE = "请重新下载，或者在 WPS 或 Acrobat 中另存后再试"


def read_pdf(
    data: bytes, label: str, *, progress: Progress | None = None, caps: PdfCaps = PDF_CAPS
) -> list[Grid]:
    """Every ruled table, in the order of the text; one that goes on over pages is one grid.

    Args:
        data: the file.
        label: what messages call it.
        progress: told after each page.
        caps: what it may cost.

    Raises:
        BadPackage: encrypted, damaged, without text, or more than the caps allow.
    """
    pages = list(_pages(data, label, progress, caps))
    if not any(page.lines or any(c.lines for t in page.tables for c in t.cells) for page in pages):
        raise BadPackage("PDF 里没有文字，可能是扫描件", where=label, hint="请先做文字识别，或者用原来的文件")
    return grids_of(pages, label)


def _pages(data: bytes, label: str, progress: Progress | None, caps: PdfCaps) -> Iterator[Page]:
    command = [sys.executable, "-P", "-m", "kb.importing.tables.pdf_child", str(caps.pages), str(caps.memory)]
    late = threading.Event()
    last: dict[str, Any] = {}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(caps.seconds, stop)
        timer.start()
        try:
            _feed(child, data)
            assert child.stdout is not None
            for line in child.stdout:
                if not line.endswith(b"\n"):
                    break  # the child died in the middle of a page
                last = json.loads(line)
                if "page" in last:
                    yield page_of(last)
                    if progress is not None:
                        progress(last["page"], last["of"])
        finally:
            timer.cancel()
            child.kill()
    if late.is_set():
        raise BadPackage(f"{caps.seconds:.0f} 秒内没有读完，已停止", where=label, hint=_SPLIT)
    if "done" not in last:
        raise _refusal(last, label, caps)


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(data)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended early; its last line says why


def _refusal(last: dict[str, Any], label: str, caps: PdfCaps) -> BadPackage:
    figure = last.get("figure", 0)
    why = {
        "encrypted": ("PDF 加了密码", "请去掉密码后另存再试"),
        "pages": (f"PDF 有 {figure} 页，超过 {caps.pages} 页", _SPLIT),
        "letters": (f"PDF 第{figure}页的字过多，不像表格", _SPLIT),
        "edges": (f"PDF 第{figure}页的线条过多，不像表格", "请只留下表格所在的页"),
        "memory": ("读这个 PDF 要的内存过多，已停止", _SPLIT),
        "damaged": ("PDF 已损坏，无法读取", _SAVE),
    }
    message, hint = why.get(str(last.get("error")), ("读 PDF 的程序中断", _SAVE))
    return BadPackage(message, where=label, hint=hint)
