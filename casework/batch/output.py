"""The output of a batch: one zip or one folder, there whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

from casework.batch.journal import Journal
from casework.batch.report import REPORT, report
from kb.errors import WrongUse

_BARRED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the same papers make the same zip
_NAME = 60  # characters of a party's name in a file's name


def is_zip(out: Path) -> bool:
    return out.suffix.lower() == ".zip"


def refuse_if_there(out: Path) -> None:
    """An output never takes the place of another one. Raises WrongUse."""
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists():
        what = "已有这个文件" if out.is_file() else "文件夹不是空的"
        raise WrongUse(what, where=str(out), hint="换一个名称，或者先把原来的移走")


def file_name(ordinal: int, party: str, kind: str, *, draft: bool) -> str:
    """0012-某某饮食店-行政处罚决定书.docx: the number of the row makes it unlike any other."""
    plain = _BARRED.sub("", party).strip(" .")[:_NAME] or "当事人"
    return f"{ordinal:04d}-{plain}-{kind}{'-草稿' if draft else ''}.docx"


def publish(journal: Journal, out: Path) -> None:
    """Write the papers and the report where they were asked for; a second time over the first is the same.

    Raises:
        OSError: the disk is full or not writable; nothing stands at `out` then that did not stand there.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet = report(journal.outcomes())
    (_publish_zip if is_zip(out) else _publish_folder)(journal, out, sheet)


def _publish_zip(journal: Journal, out: Path, sheet: bytes) -> None:
    part = _part(out)
    try:
        with part.open("wb") as f:
            with zipfile.ZipFile(f, "w") as archive:  # a .docx is packed already
                for file, data in journal.papers():
                    archive.writestr(zipfile.ZipInfo(file, _NO_DAY), data)
                archive.writestr(zipfile.ZipInfo(REPORT, _NO_DAY), sheet)
            f.flush()
            os.fsync(f.fileno())
        os.replace(part, out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _publish_folder(journal: Journal, out: Path, sheet: bytes) -> None:
    part = _part(out)
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for file, data in journal.papers():
            (part / file).write_bytes(data)
        (part / REPORT).write_bytes(sheet)
        if hasattr(os, "sync"):
            os.sync()  # one for all: a thousand papers would each wait for the disk
        if out.exists():
            shutil.rmtree(out)
        part.rename(out)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _part(out: Path) -> Path:
    """Where an output grows; always the same place, so that a killed run leaves nothing behind for good."""
    return out.with_name(f".{out.name}.part")
