"""PDF by LibreOffice, where it is there: a program of its own, with a time limit and a profile of its own.

Only what this system wrote, or opened as harmless, is handed to it. Without it nothing fails: there is no
PDF and no count of pages, and whoever asked says so.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kb.errors import CailiangError

SECONDS = 60
"""Time to start; a file more may take two."""


class NoPdf(CailiangError):
    """LibreOffice is there but made no PDF."""

    code = "no_pdf"


@cache
def soffice() -> str:
    """The program, or nothing where it isn't installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def pdfs(papers: Sequence[bytes]) -> list[bytes]:
    """Each .docx as a PDF; nothing where LibreOffice isn't installed.

    Raises:
        NoPdf: it took too long, or made none.
    """
    if not soffice() or not papers:
        return []
    with tempfile.TemporaryDirectory(prefix="cailiang-pdf-") as name:
        folder = Path(name)
        files = [folder / f"{n:04d}.docx" for n in range(len(papers))]
        for file, data in zip(files, papers, strict=True):
            file.write_bytes(data)
        _run(folder, files)
        made = [file.with_suffix(".pdf") for file in files]
        if missing := [n for n, file in enumerate(made, 1) if not file.is_file()]:
            raise NoPdf(f"第{missing[0]}份文书没有转成 PDF", where="LibreOffice", hint="先用 .docx，稍后再试")
        return [file.read_bytes() for file in made]


def _run(folder: Path, files: Sequence[Path]) -> None:
    """Convert; a run that hangs is ended with all it started."""
    command = [
        soffice(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), *map(str, files),
    ]  # fmt: skip
    own: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, **own) as run:
        try:
            run.wait(SECONDS + 2 * len(files))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL) if own else run.kill()
            raise NoPdf("转成 PDF 的时间太长", where="LibreOffice", hint="先用 .docx，稍后再试") from None


def pages(pdf: bytes) -> int:
    """How many pages a PDF has that `pdfs` made."""
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        return len(document)


def joined(parts: Sequence[bytes]) -> bytes:
    """PDFs that `pdfs` made, one after the other."""
    from pypdfium2 import PdfDocument

    out = io.BytesIO()
    with PdfDocument.new() as whole:
        for data in parts:
            with PdfDocument(data) as part:
                whole.import_pages(part)
        whole.save(out)
    return out.getvalue()
