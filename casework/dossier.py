"""The dossier (卷宗): every issued paper of a case in archive order, with cover, contents and last sheet.

正卷 holds what may be shown to the party, 副卷 the internal papers. The decision and its receipt come first,
the rest by the procedure. Pages are counted from the PDF of each paper; without LibreOffice they are left for
the hand, and the dossier says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from casework.attachments import SCAN, Attachment
from casework.documents import Document
from casework.merging import fits, merged
from casework.packet import wanted
from casework.packing import file_name, plain
from casework.precedence import DECIDED
from casework.printing import NoPdf, joined, pages, pdfs
from casework.writing import BROUGHT, ISSUED
from generator.casefile import CaseFile
from generator.catalogue import RECEIPT, STAGES, DocumentType, document_type, document_types, is_type
from generator.drafting import draft as drafted
from generator.events import events
from generator.papers import Paper
from kb.errors import BadPackage, BadValue, WrongUse
from kb.snapshot import Snapshot

MAIN, SIDE = "正卷", "副卷"
COVER, CONTENTS, LAST = "dossier_cover", "dossier_index", "dossier_note"
SHEETS = (COVER, CONTENTS, LAST)
BY_HAND = "页码待手填"
NO_PRINTER = "这台机器没有 LibreOffice：没有 PDF，目录的页码留空，归档时手填"
_RESULTS = {
    "no_penalty_decision": "不予行政处罚",
    "crime_transfer": "移送公安机关",
    "case_transfer": "移送有管辖权的机关",
    "case_withdrawal": "撤销立案或者终止调查",
}
_SHARED = ("archive_number", "title", "retention", "filer", "checker")
"""What the case says once on any of the sheets holds for all of them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of a volume.

    Attributes:
        data: its bytes; empty where it was written by hand: it is put in on paper.
        pages: how many; ``first``: the page it begins on; None where that isn't known.
        remark: what the list of contents says of it.
    """

    paper: Document
    data: bytes
    scans: tuple[Attachment, ...] = ()
    pages: int | None = None
    first: int | None = None
    remark: str = ""

    @property
    def range(self) -> str:
        """3 or 3-7; empty where it isn't known."""
        if self.first is None or self.pages is None:
            return ""
        last = self.first + self.pages - 1
        return f"{self.first}-{last}" if last > self.first else str(self.first)

    def to_dict(self) -> dict[str, Any]:
        d = self.paper
        return {
            **d.heading,
            "pages": self.range,
            "remark": self.remark,
            "scans": [a.name for a in self.scans],
        }


@dataclass(frozen=True, slots=True)
class Volume:
    """正卷 or 副卷: its papers, and all of it with its three sheets; no ``pdf`` without LibreOffice."""

    name: str
    items: tuple[Item, ...]
    docx: bytes
    pdf: bytes
    pages: int | None

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "pages": self.pages, "papers": [i.to_dict() for i in self.items]}


@dataclass(frozen=True, slots=True)
class Dossier:
    """Both volumes, what is kept beside them, and what is missing."""

    case: str
    volumes: tuple[Volume, ...]
    beside: Mapping[str, bytes]
    recordings: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    def files(self) -> dict[str, bytes]:
        """Everything by file name: a .docx and a .pdf a volume, the scans in a folder of their own."""
        found: dict[str, bytes] = {}
        for v in self.volumes:
            found[f"{v.name}.docx"] = v.docx
            found |= {f"{v.name}.pdf": v.pdf} if v.pdf else {}
        said = [f"案件 {self.case}　卷宗", ""]
        said += [f"{v.name}　{len(v.items)} 件　{v.pages or '—'} 页" for v in self.volumes]
        for title, rows in (("录音录像", self.recordings), ("没有入卷", self.missing), ("说明", self.notes)):
            said += ["", title, *rows] if rows else []
        return found | dict(self.beside) | {"说明.txt": ("\n".join(said) + "\n").encode()}

    def to_dict(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "volumes": [v.to_dict() for v in self.volumes],
            "beside": sorted(self.beside),
            "recordings": list(self.recordings),
            "missing": list(self.missing),
            "notes": list(self.notes),
        }


def dossier(
    case: CaseFile,
    base: Snapshot,
    papers: Sequence[tuple[Document, bytes, Sequence[Attachment]]],
    scans: Mapping[str, bytes],
    *,
    on: date,
    filer: str,
    retention: str = "",
    checker: str = "",
    recorded: Sequence[str] = (),
) -> Dossier:
    """The dossier of a case out of its issued papers.

    Args:
        case: the case as it stands.
        base: gives the organ and the sheets' templates.
        papers: its papers in the order of issue, with their bytes and files.
        scans: the bytes of those files by their SHA-256.
        on: the day it is filed; ``filer``: by whom; ``checker``: who checks it; ``retention``: how
            long it is kept, as the organ's table says. Left empty they are filled in by hand.
        recorded: the recordings entered in the register, a line each.

    Raises:
        WrongUse: nothing was issued yet.
        NotFound, NotLoaded: a sheet's template, or the organ, is missing.
    """
    ordered = bound(papers)
    if not ordered:
        raise WrongUse("案件还没有签发的文书", where=f"案件 {case.id}", hint="先用 case issue 签发，再归卷")
    notes: list[str] = []
    beside: dict[str, bytes] = {}
    ordered = [_mergeable(item, beside, notes) for item in ordered]
    split = parted(ordered)
    prints = _printed([i.data for i in ordered if i.data], notes)
    known = dict(zip((i.paper.id for i in ordered if i.data), prints, strict=False))
    halves = []
    for book, (name, own) in enumerate(split.items(), 1):
        media = (*recorded, *recordings(case)) if book == 1 else ()
        about = _About(case, base, on, filer, retention, checker, name, len(split), book, media)
        halves.append(_half(about, own, known, notes))
    sheets = _printed([sheet for half in halves for sheet in half.sheets], []) if prints else []
    volumes = [_bound(half, known, sheets[3 * n : 3 * n + 3]) for n, half in enumerate(halves)]
    for item in ordered:
        for n, scan in enumerate(item.scans, 1):
            suffix = "." + scan.media.rpartition("/")[2].replace("jpeg", "jpg")
            name = file_name(n, item.paper.name, item.paper.number_text or item.paper.key, suffix=suffix)
            beside[f"扫描件/{item.paper.id}-{name}"] = scans[scan.sha256]
    return Dossier(
        case.id,
        tuple(volumes),
        beside,
        (*recorded, *recordings(case)),
        tuple(missing(case, ordered)),
        tuple(dict.fromkeys(notes)),
    )


def whole(made: Dossier, kind: str) -> bytes:
    """All volumes in one file.

    Args:
        kind: ``.docx`` or ``.pdf``.

    Raises:
        NoPdf: there is no LibreOffice.
        WrongUse: another kind.
    """
    if kind == ".docx":
        return (
            merged([(v.docx, None) for v in made.volumes]) if len(made.volumes) > 1 else made.volumes[0].docx
        )
    if kind != ".pdf":
        raise WrongUse(f"卷宗不能写成 {kind}", where="-o", hint="写成 .docx、.pdf、.zip 或者一个文件夹")
    if not all(v.pdf for v in made.volumes):
        raise NoPdf(
            "没有 LibreOffice，不能写成 PDF", where="-o", hint="写成 .docx，或者在装了 LibreOffice 的机器上做"
        )
    return joined([v.pdf for v in made.volumes])


# ---------------------------------------------------------------- the order


def bound(papers: Sequence[tuple[Document, bytes, Sequence[Attachment]]]) -> list[Item]:
    """The papers that belong in the dossier, in archive order; void ones and the sheets don't."""
    there = [row for row in papers if row[0].state in (ISSUED, BROUGHT) and row[0].type not in SHEETS]
    return in_order([Item(d, data, _scans(files)) for d, data, files in there])


def parted(items: Sequence[Item]) -> dict[str, list[Item]]:
    """正卷 and 副卷, those that hold something."""
    split = {MAIN: [i for i in items if not _internal(i.paper.type)]}
    split[SIDE] = [i for i in items if _internal(i.paper.type)]
    return {name: own for name, own in split.items() if own}


def in_order(items: Sequence[Item]) -> list[Item]:
    """The papers in archive order: decisions first, then by the procedure; a receipt behind its paper."""
    receipts = [i for i in items if i.paper.type == RECEIPT]
    rest = sorted((i for i in items if i.paper.type != RECEIPT), key=_place)
    out: list[Item] = []
    for item in rest:
        own = [r for r in receipts if _serves(r.paper, item.paper)]
        out += [item, *own]
        receipts = [r for r in receipts if r not in own]
    return out + receipts


def _place(item: Item) -> tuple[bool, int, date, int]:
    d = item.paper
    stage = next((STAGES.index(k.stage) for k in document_types() if k.type == d.type), len(STAGES))
    return (d.type not in DECIDED, stage, d.day or date.max, d.id)


def _serves(receipt: Document, paper: Document) -> bool:
    """Whether a receipt is that of a paper: it bears the paper's key, or the type of one with a block."""
    block = is_type(paper.type) and document_type(paper.type).block
    return (receipt.key, receipt.party) == (paper.type if block else paper.key, paper.party)


def _internal(type: str) -> bool:
    return any(k.internal for k in document_types() if k.type == type)


def _scans(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    return tuple(a for a in files if a.kind == SCAN)


def missing(case: CaseFile, items: Sequence[Item]) -> Iterator[str]:
    """What the case has and no issued paper shows."""
    there = {(i.paper.type, i.paper.key, i.paper.party) for i in items}
    for want in wanted(case):
        if want.kind.type == RECEIPT and want.of:
            if (RECEIPT, want.key, want.party) not in there:
                yield f"《{document_type(want.of).name}》的送达回证没有签发；有扫描件的，存在所送达的文书上"
        elif want.kind.type not in SHEETS and (want.kind.type, want.key, want.party) not in there:
            yield f"《{want.kind.name}》写在案件里，没有签发"


def recordings(case: CaseFile) -> tuple[str, ...]:
    """The recordings the papers name: they are kept apart, the dossier says where they belong."""
    found = []
    for event in events(case):
        if event.index is not None and not event.void:
            said = str(case.papers[event.index].values.get("recording") or "").strip()
            found += [f"{document_type(event.type).name}：{said}"] if said else []
    return tuple(found)


# ---------------------------------------------------------------- a volume


@dataclass(frozen=True, slots=True)
class _About:
    case: CaseFile
    base: Snapshot
    on: date
    filer: str
    retention: str
    checker: str
    volume: str
    books: int
    book: int
    recordings: tuple[str, ...]

    def sheet(self, type: str, **counted: Any) -> bytes:
        """One of the three sheets: what was counted, what the case says on it, what is known anyway."""
        kind: DocumentType = document_type(type)
        known = {f.name for f in kind.own}
        common = {"filer": self.filer, "retention": self.retention, "checker": self.checker}
        own = [p for p in self.case.papers if p.type in SHEETS and not p.void]
        shared = {k: v for p in own for k, v in p.values.items() if k in _SHARED}
        same = (p for p in own if p.type == type and p.values.get("volume") == self.volume)
        typed = shared | next((p.values for p in same), {})
        media = "；".join(self.recordings)
        said = common | {"media": media} | typed | counted | {"volume": self.volume}
        values = {k: v for k, v in said.items() if k in known and v not in ("", None, [])}
        key = f"{type.replace('_', '-')}-{'main' if self.volume == MAIN else 'side'}"
        rest = [p for p in self.case.papers if p.type not in SHEETS]
        paper = Paper(type=type, key=key, date=self.on, party=None, values=values)
        case = self.case.model_copy(update={"papers": [*rest, paper]})
        return drafted(type, case, self.base, decided=self.on, draft=False, paper=key).data


def _result(case: CaseFile) -> str:
    """What became of a case without a penalty; one with a penalty says it by itself."""
    if any(v.fine or v.measures for v in case.violations):
        return ""
    made = {e.type for e in events(case) if not e.void}
    return "、".join(said for type, said in _RESULTS.items() if type in made) or "没有作出处理决定"


def _printed(papers: Sequence[bytes], notes: list[str]) -> list[bytes]:
    """The papers as PDF; where that can't be, nothing, and the notes say why."""
    try:
        made = pdfs(papers)
    except NoPdf as e:
        notes.append(f"{e}；目录的页码留空，归档时手填")
        return []
    if papers and not made:
        notes.append(NO_PRINTER)
    return made


@dataclass(frozen=True, slots=True)
class _Half:
    """A volume before its sheets are printed."""

    name: str
    items: list[Item]
    sheets: tuple[bytes, bytes, bytes]
    pages: int | None


def _half(about: _About, items: Sequence[Item], known: Mapping[int, bytes], notes: list[str]) -> _Half:
    counted = _counted(items, {id: pages(pdf) for id, pdf in known.items()})
    total = sum(i.pages or 0 for i in counted) if all(i.first is not None for i in counted) else None
    if known and total is None:
        notes.append(f"{about.volume}有手写或者不能并入的文书：从它起{BY_HAND}")
    counts = {"papers": len(items), "pages": total}
    cover = about.sheet(COVER, **counts, books=about.books, book=about.book, result=_result(about.case))
    contents = about.sheet(CONTENTS, rows=_rows(counted))
    last = about.sheet(LAST, **counts, remark=_remark(counted, total))
    return _Half(about.volume, counted, (cover, contents, last), total)


def _bound(half: _Half, known: Mapping[int, bytes], sheets: Sequence[bytes]) -> Volume:
    """Sheets and papers in one .docx and, where they were printed, in one PDF."""
    front, last = list(half.sheets[:2]), half.sheets[2]
    counts: list[int | None] = [pages(pdf) for pdf in sheets]
    counts = counts or [None, None, None]
    inside = [(i.data, i.pages) for i in half.items if i.data]
    docx = merged([*zip(front, counts[:2], strict=True), *inside, (last, counts[2])])
    own = [known[i.paper.id] for i in half.items if i.data] if sheets else []
    pdf = joined([*sheets[:2], *own, sheets[2]]) if sheets else b""
    return Volume(half.name, tuple(half.items), docx, pdf, half.pages)


def _counted(items: Sequence[Item], known: Mapping[int, int]) -> list[Item]:
    """The papers with their pages; behind one whose pages aren't known nobody knows the first page."""
    at: int | None = 1 if known else None
    out = []
    for item in items:
        own = known.get(item.paper.id) if item.data else None
        out.append(replace(item, pages=own, first=at if own is not None else None))
        at = at + own if at is not None and own is not None else None
    return out


def _rows(items: Sequence[Item]) -> list[dict[str, str]]:
    rows = []
    for item in items:
        day = item.paper.day
        said = {
            "name": item.paper.name,
            "number": item.paper.number_text,
            "date": day.isoformat() if day else "",
            "pages": item.range,
            "remark": item.remark,
        }
        rows.append({k: v for k, v in said.items() if v})
    return rows


def _remark(items: Sequence[Item], total: int | None) -> list[str]:
    """What the last sheet says of the volume."""
    pages = "封面、目录和备考表不编页码。" if total else f"{BY_HAND}。"
    scans = sum(len(i.scans) for i in items)
    words = [f"本卷{len(items)}件，{pages}"]
    words += [f"签字盖章后的扫描件{scans}份，随电子卷宗保存。"] if scans else []
    return words + [f"第{n}件{i.remark}。" for n, i in enumerate(items, 1) if i.remark]


def _mergeable(item: Item, beside: dict[str, bytes], notes: list[str]) -> Item:
    """A paper that can't be merged is kept beside the dossier, and the list of contents says so."""
    if not item.data:
        return replace(item, remark="手写")
    try:
        fits(item.data)
    except (BadPackage, BadValue) as e:
        number = plain(item.paper.number_text, "无文号")
        name = f"单独存放/{item.paper.id}-{plain(item.paper.name)}-{number}.docx"
        beside[name] = item.data
        notes.append(f"《{item.paper.name}》没有并入卷宗，单独存放：{e}")
        return replace(item, data=b"", remark="单独存放")
    return item
