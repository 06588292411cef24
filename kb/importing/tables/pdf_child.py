"""What opens a PDF: a process of its own that writes letters and boxes as JSON, one page a line.

A PDF from outside may be built to eat time or memory. Here it can only end this process: the parent
(`from_pdf`) stops it when its time is up, and its memory is capped where the system can do that. Scripts,
forms and attachments in the file are never looked at.

Run as ``python -P -m kb.importing.tables.pdf_child PAGES MEMORY`` with the file on standard input.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, TextIO

Char = dict[str, Any]
Box = tuple[float, float, float, float]  # x0, top, x1, bottom, in points from the page's upper left corner
MOST_CHARS = 20_000  # a page; a page of a table has about 1,000
MOST_IN_ALL = 1_500_000
MOST_EDGES = 6_000  # a page
MOST_CELLS = 5_000  # a page
_GAP = 0.42  # a gap this wide, in letters, is a space
_TIGHT = 0.15  # letters nearer than this belong to one run, even across a ruling
_ASCII = re.compile(r"[0-9A-Za-z.%％/<>≤≥×+\-]")
_NO_START = "，。；：、）》”’！？〉】％%)"
_NO_END = "（《“‘〈【("


def main(arguments: Sequence[str], out: TextIO) -> int:
    """Write the pages of the file on standard input; the last line is ``{"done": true}`` or an error."""
    most_pages, memory = (int(a) for a in arguments)
    _cap_memory(memory)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    data = sys.stdin.buffer.read()
    try:
        for page in pages(data, most_pages):
            print(json.dumps(page, ensure_ascii=True), file=out, flush=True)
        last: dict[str, Any] = {"done": True}
    except Stop as stop:
        last = {"error": stop.why, "figure": stop.figure}
    except MemoryError:
        last = {"error": "memory"}
    except RecursionError:
        last = {"error": "damaged"}
    except Exception as error:  # whatever a broken file makes the reader raise
        last = {"error": "encrypted" if _is_locked(error) else "damaged"}
    print(json.dumps(last), file=out, flush=True)
    return 0


class Stop(Exception):
    """The file is more than the caps allow."""

    def __init__(self, why: str, figure: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.figure = figure


def _cap_memory(limit: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _is_locked(error: BaseException | None) -> bool:
    while error is not None:
        if "Password" in type(error).__name__ or "Encrypt" in type(error).__name__:
            return True
        if any("Password" in repr(a) or "Encrypt" in repr(a) for a in error.args):
            return True
        error = error.__cause__ or error.__context__
    return False


def pages(data: bytes, most: int) -> Iterator[dict[str, Any]]:
    """Each page: its lines outside tables, and its tables cell by cell.

    Raises:
        Stop: more pages, letters or rulings than allowed.
    """
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        total = len(pdf.pages)
        if total > most:
            raise Stop("pages", total)
        letters = 0
        for number, page in enumerate(pdf.pages, 1):
            letters += len(page.chars)
            if len(page.chars) > MOST_CHARS or letters > MOST_IN_ALL:
                raise Stop("letters", number)
            if len(page.edges) > MOST_EDGES:
                raise Stop("edges", number)
            chars = [c for c in page.chars if c["text"].strip()]
            found = [sorted(set(t.cells), key=lambda b: (b[1], b[0])) for t in page.find_tables()]
            if sum(map(len, found)) > MOST_CELLS:
                raise Stop("edges", number)
            yield _page(number, total, float(page.width), float(page.height), chars, found)
            page.close()


def _page(
    number: int, total: int, width: float, height: float, chars: list[Char], found: list[list[Box]]
) -> dict[str, Any]:
    boxes = [(t, b) for t, cells in enumerate(found) for b in cells]
    owned = _owners(chars, [b for _, b in boxes])
    inside: dict[int, list[Char]] = {}
    for char, owner in zip(chars, owned, strict=True):
        inside.setdefault(owner, []).append(char)
    tables: list[list[Any]] = [[] for _ in found]
    for n, (t, box) in enumerate(boxes):
        tables[t].append([*(round(v, 2) for v in box), lines(inside.get(n, ()))])
    return {
        "page": number,
        "of": total,
        "width": width,
        "height": height,
        "lines": lines(inside.get(-1, ())),
        "tables": tables,
    }


def _owners(chars: Sequence[Char], boxes: Sequence[Box]) -> list[int]:
    """The box each letter is in, -1 for none; the end of a word that hangs over a ruling stays with it."""
    owners = [_box_of((c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2, boxes) for c in chars]
    places = {id(c): n for n, c in enumerate(chars)}
    for row in _rows(chars):
        for run in _runs(row):
            held = [owners[places[id(c)]] for c in run]
            most = max(set(held), key=held.count)
            if len(set(held)) > 1 and held.count(most) >= len(run) - 2 > len(run) / 2:
                for c in run:
                    owners[places[id(c)]] = most
    return owners


def _box_of(x: float, y: float, boxes: Sequence[Box]) -> int:
    return next(
        (n for n, (x0, top, x1, bottom) in enumerate(boxes) if x0 <= x < x1 and top <= y < bottom), -1
    )


def _rows(chars: Iterable[Char]) -> list[list[Char]]:
    """Letters by line, each line from left to right."""
    rows: list[list[Char]] = []
    middle = 0.0
    for c in sorted(chars, key=lambda c: (c["top"] + c["bottom"], c["x0"])):
        at = (c["top"] + c["bottom"]) / 2
        if not rows or at - middle > 0.5 * c["size"]:
            rows.append([])
            middle = at
        rows[-1].append(c)
    return [_once(sorted(row, key=lambda c: c["x0"])) for row in rows]


def _once(row: list[Char]) -> list[Char]:
    """Without the second print of a letter that is drawn twice to look bold."""
    kept: list[Char] = []
    for c in row:
        if not any(k["text"] == c["text"] and abs(k["x0"] - c["x0"]) < 1 for k in kept[-3:]):
            kept.append(c)
    return kept


def _runs(row: Sequence[Char]) -> Iterator[list[Char]]:
    run: list[Char] = []
    for c in row:
        if run and c["x0"] - run[-1]["x1"] > _TIGHT * c["size"]:
            yield run
            run = []
        run.append(c)
    if run:
        yield run


def lines(chars: Iterable[Char]) -> list[list[Any]]:
    """Lines as [text, x0, x1, top, bottom, lead]; ``lead`` is the width of what no break may divide."""
    return [
        [
            _text(row),
            round(row[0]["x0"], 2),
            round(max(c["x1"] for c in row), 2),
            round(min(c["top"] for c in row), 2),
            round(max(c["bottom"] for c in row), 2),
            round(_lead(row), 2),
        ]
        for row in _rows(chars)
    ]


def _text(row: Sequence[Char]) -> str:
    gaps = [(b["x0"] - a["x1"]) / max(b["size"], 1) for a, b in pairwise(row)]
    spread = sorted(gaps)[len(gaps) // 2] if gaps else 0  # a line spaced out to fill its width
    out = str(row[0]["text"])
    for gap, before, char in zip(gaps, row, row[1:], strict=False):
        if gap - max(spread, 0) >= _GAP:
            out += "\u3000"
        elif gap >= 0.2 and before["text"].isascii() and char["text"].isascii():
            out += " "
        out += char["text"]
    return out


def _lead(row: Sequence[Char]) -> float:
    """The width of a line's first word: a number, or a letter with the marks that may not begin a line."""
    end = 1
    while end < len(row) and row[end - 1]["text"] in _NO_END:
        end += 1
    if _ASCII.match(row[end - 1]["text"]):
        while end < len(row) and _ASCII.match(row[end]["text"]):
            end += 1
    while end < len(row) and row[end]["text"] in _NO_START:
        end += 1
    return float(row[end - 1]["x1"] - row[0]["x0"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
