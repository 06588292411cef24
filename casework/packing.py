"""Files that leave the house together: names that no system stumbles over, and one zip of them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping

_BARRED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]')
_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
_LONGEST = 60
"""Characters of one piece of a name; a whole name stays below the 255 bytes that file systems take."""
ZIP = "application/zip"


def plain(text: str, otherwise: str = "文件") -> str:
    """A text as a piece of a file's name: no separators, no controls, nothing that turns it round."""
    return _BARRED.sub("", text).strip(" .")[:_LONGEST].strip(" .") or otherwise


def file_name(ordinal: int, *pieces: str, suffix: str = ".docx") -> str:
    """03-行政处罚决定书-示综执罚〔2026〕5号.docx; the number in front makes it unlike any other."""
    words = "-".join(plain(piece) for piece in pieces if piece.strip())
    name = f"{ordinal:02d}-{words}"
    while len((name + suffix).encode()) > 240:
        name = name[:-1]
    return name + suffix


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """The files in one zip, in their order; the same files give the same bytes."""
    rows = files.items() if isinstance(files, Mapping) else files
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in rows:
            info = zipfile.ZipInfo(name, _NO_DAY)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".docx") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()
