"""Papers reviewed from memory: what was found, and the text with every finding at its words.

Nothing is written anywhere: a file comes in as bytes, and its copy with comments goes out as bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from generator import provenance
from generator.catalogue import DocumentType
from generator.comments import annotate
from generator.consistency import compare
from generator.docx_text import TEXT_ENDINGS, Line, decode, read_docx, text_lines
from generator.review import Review, Reviewed, review_lines
from kb.citation import Days
from kb.errors import CailiangError, WrongUse
from kb.findings import Finding, Place
from kb.package import Limits, Package, open_package
from kb.snapshot import Snapshot

MOST_SHOWN = 500
"""Findings of one file that the page shows beside its text; the data and the comments have all."""

MOST_PARAGRAPHS = 3000
"""Paragraphs of one file that are shown whether or not anything is wrong in them."""
MOST_LINES = 100_000
_MEGABYTE = 1 << 20
# What a paper sent over the net may cost, which is less than what a file on one's own disk may.
_LIMITS = Limits(file=20 * _MEGABYTE, part=16 * _MEGABYTE, total=64 * _MEGABYTE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name without folders, and its bytes."""

    name: str
    data: bytes

    @property
    def is_docx(self) -> bool:
        return self.name.lower().endswith(".docx")


@dataclass(frozen=True, slots=True)
class Asked:
    """How papers are to be judged; None where each paper says so itself."""

    kind: DocumentType | None = None
    days: Days | None = None


def review_uploads(uploads: Sequence[Upload], base: Snapshot, asked: Asked, today: date) -> dict[str, Any]:
    """Review files as the papers of one folder: the JSON of ``review``, each file with its paragraphs.

    A file that can't be read is listed with its reason and stops no other.
    """
    done, read, texts = [], [], []
    unreadable: list[tuple[str, CailiangError]] = []
    for upload in uploads:
        try:
            lines, _, own = _open(upload)
            paper, said = review_lines(
                upload.name, lines, own, base, today=today, kind=asked.kind, days=asked.days
            )
        except CailiangError as error:
            unreadable.append((upload.name, error))
            continue
        done.append(paper)
        read.append(said)
        texts.append({"label": paper.label, "days": _days(said.paper.days), **_text(lines, paper)})
    between = compare(read)
    counts: Counter[str] = Counter(f.severity for paper in done for f in paper.findings)
    counts.update(c.finding.severity for c in between)
    data = Review(tuple(done), tuple(unreadable), tuple(between), counts).to_dict()
    data["files"] = [{**row, **text} for row, text in zip(data["files"], texts, strict=True)]
    return data


def commented(upload: Upload, base: Snapshot, asked: Asked, today: date, at: datetime) -> bytes:
    """A copy of a .docx with each finding as a Word comment.

    Raises:
        BadPackage: damaged or hostile; WrongUse: no .docx.
    """
    lines, package, own = _open(upload)
    if package is None:
        raise WrongUse("批注只能写进 .docx", where=upload.name, hint="另存为 .docx 再检查")
    paper, _ = review_lines(upload.name, lines, own, base, today=today, kind=asked.kind, days=asked.days)
    return annotate(package, paper.findings, at)


def _open(upload: Upload) -> tuple[tuple[Line, ...], Package | None, provenance.Provenance | None]:
    if not upload.data:
        raise WrongUse("文件是空的", where=upload.name, hint="请核对文件")
    if upload.is_docx:
        package = open_package(upload.data, limits=_LIMITS)
        return read_docx(package), package, provenance.read(package)
    if PurePath(upload.name).suffix.lower() in TEXT_ENDINGS:
        if upload.data.count(b"\n") > MOST_LINES:
            raise WrongUse(f"超过 {MOST_LINES} 行", where=upload.name, hint="请拆开后检查")
        return text_lines(decode(upload.data, upload.name)), None, None
    raise WrongUse(
        "不能检查这种文件", where=upload.name, hint="只读 .docx、.txt、.md；其他格式请另存为 .docx"
    )


def _days(days: Days) -> dict[str, str | None]:
    return {
        name: day.isoformat() if day else None for name, day in (("act", days.act), ("decided", days.decided))
    }


# ---------------------------------------------------------------- the text with its findings

_Key = tuple[str, int | None, str | None, int | None]


def _text(lines: Sequence[Line], paper: Reviewed) -> dict[str, Any]:
    """The paragraphs that say anything, and which findings (by number from 0) stand in each.

    ``general`` are the findings of the paper as a whole; ``left_out`` counts the paragraphs of a long paper
    that are not given because nothing is wrong in them.
    """
    at: dict[_Key, list[int]] = {}
    for n, finding in enumerate(paper.findings[:MOST_SHOWN]):
        at.setdefault(_key(finding.place), []).append(n)
    paragraphs: list[dict[str, Any]] = []
    left_out = 0
    for line in lines:
        here = at.pop(_key(line.place), [])
        if here or (line.text.strip() and len(paragraphs) < MOST_PARAGRAPHS):
            paragraphs.append(_paragraph(line, paper.findings, here))
        elif line.text.strip():
            left_out += 1
    general = sorted(n for rest in at.values() for n in rest)
    return {"paragraphs": paragraphs, "left_out": left_out, "general": general}


def _key(place: Place) -> _Key:
    return place.part, place.paragraph, place.cell, place.line


def _paragraph(line: Line, findings: Sequence[Finding], here: Sequence[int]) -> dict[str, Any]:
    place = line.place
    return {
        "part": place.part,
        "cell": place.cell,
        "number": place.line if place.paragraph is None else place.paragraph,
        "segments": _segments(line.text, {n: findings[n].place for n in here}),
        "findings": sorted(here, key=lambda n: (findings[n].place.start, findings[n].place.end)),
    }


def _segments(text: str, places: dict[int, Place]) -> list[dict[str, Any]]:
    """The text cut where a finding begins or ends.

    Each piece names the findings whose words it is of, and those that begin with it; a finding of the whole
    paragraph begins with the first piece.
    """
    size = len(text)
    spans = {n: (min(p.start, size), min(p.end, size)) for n, p in places.items()}
    cuts = sorted({0, size, *(edge for span in spans.values() for edge in span)})
    inside: list[list[int]] = [[] for _ in cuts]
    begin: list[list[int]] = [[] for _ in cuts]
    for n, (start, end) in spans.items():
        first, last = bisect_left(cuts, start), bisect_left(cuts, end)
        begin[first if first < last else 0].append(n)
        for row in inside[first:last]:
            row.append(n)
    return [
        {"text": text[cuts[i] : cuts[i + 1]], "findings": inside[i], "begin": begin[i]}
        for i in range(len(cuts) - 1)
    ]
