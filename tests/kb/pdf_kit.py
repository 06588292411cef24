"""Small PDFs written by hand for tests: ruled tables and lines of Chinese text, page by page.

The font is one every reader knows by name (STSong-Light with UniGB-UCS2-H), so nothing is embedded; each
letter is as wide as it is high.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

SIZE = 10.0
PITCH = 14.0
PADDING = 5.0
LEFT, TOP, HEIGHT, WIDTH = 60.0, 40.0, 842.0, 595.0


@dataclass
class Sheet:
    """One page: draw from the top; ``y`` is where the next thing goes."""

    parts: list[str] = field(default_factory=list)
    y: float = TOP

    def line(self, text: str, x: float = LEFT, y: float | None = None) -> Sheet:
        """A line of text; without ``y`` below what is there."""
        at = self.y if y is None else y
        code = text.encode("utf-16-be").hex()
        self.parts.append(f"BT /F1 {SIZE} Tf 1 0 0 1 {x} {HEIGHT - at - SIZE:.2f} Tm <{code}> Tj ET")
        if y is None:
            self.y += PITCH + 6
        return self

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Sheet:
        """A ruled table; ``^`` is one with the cell above, ``<`` with the one to the left.

        A text is broken where its column ends; a row is as high as its highest cell that spans no rows.
        """
        edges = [LEFT]
        for width in widths:
            edges.append(edges[-1] + width)
        heights = [
            self._height(row, rows[r + 1] if r + 1 < len(rows) else (), widths) for r, row in enumerate(rows)
        ]
        tops = [self.y]
        for height in heights:
            tops.append(tops[-1] + height)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text in ("^", "<"):
                    continue
                right, bottom = c + 1, r + 1
                while right < len(row) and row[right] == "<":
                    right += 1
                while bottom < len(rows) and rows[bottom][c] == "^":
                    bottom += 1
                self._box(edges[c], tops[r], edges[right], tops[bottom])
                for n, printed in enumerate(_broken(text, edges[right] - edges[c])):
                    self.line(printed, edges[c] + PADDING, tops[r] + 2 + n * PITCH)
        self.y = tops[-1] + 10
        return self

    def _height(self, row: Sequence[str], below: Sequence[str], widths: Sequence[float]) -> float:
        lines = 1
        for c, text in enumerate(row):
            if text in ("^", "<") or (c < len(below) and below[c] == "^"):
                continue
            right = c + 1
            while right < len(row) and row[right] == "<":
                right += 1
            lines = max(lines, len(_broken(text, sum(widths[c:right]))))
        return lines * PITCH + 2

    def _box(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.parts.append(f"{x0} {HEIGHT - bottom:.2f} {x1 - x0} {bottom - top:.2f} re S")


def _broken(text: str, width: float) -> list[str]:
    room = int((width - 2 * PADDING) // SIZE)
    out: list[str] = []
    for line in text.split("\n"):
        out += [line[n : n + room] for n in range(0, len(line), room)] or [""]
    return out


def pdf(*sheets: Sheet, trailer: str = "", catalog: str = "", extra: Sequence[bytes] = ()) -> bytes:
    """The file. ``extra`` are further objects, numbered on from the last one."""
    return raw_pdf([_packed("\n".join(s.parts).encode()) for s in sheets], trailer, catalog, extra)


def _packed(data: bytes) -> bytes:
    squeezed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(squeezed), squeezed)


def raw_pdf(
    streams: Sequence[bytes],
    trailer: str = "",
    catalog: str = "",
    extra: Sequence[bytes] = (),
    resources: str = "",
) -> bytes:
    """A file of pages with these content streams (whole objects)."""
    count = len(streams)
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(count))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /Ascent 880 "
        b"/Descent -120 /CapHeight 880 /StemV 80 /ItalicAngle 0 >>",
    ]
    for n, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {7 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {resources} >> >>".encode()
        )
        objects.append(stream)
    objects += extra
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)
