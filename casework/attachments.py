"""What comes back to a paper after it left: the signed scan, and the paper as somebody edited it by hand.

An edited paper is proven again against what is known of the one that was issued; the days that matter are
those stored with it, whatever the edited file still says of itself.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework import schema as t
from casework.documents import Document, find
from casework.issuing import bears
from casework.writing import ISSUED, CaseWriter
from generator import provenance
from generator.audit import Known, audit_paper
from generator.catalogue import document_type
from generator.citing import cited
from generator.consistency import Read
from generator.docx_text import read_docx
from generator.paper import Paper
from generator.particulars import particulars
from generator.prescribed import against_paper
from kb.errors import BadValue, Conflict
from kb.findings import Finding, Place
from kb.package import Package, open_package
from kb.snapshot import Snapshot
from kb.store import Store
from kb.uses import CitationUse, Rests

SCAN, EDITED = "扫描件", "改后稿"
FILE = "attachment"
"""What a file that came back is called where its citations are registered (`kb.uses`)."""
MAX_BYTES = 50_000_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a paper; ``findings`` of an edited one as they were when it came."""

    id: int
    document: int
    kind: str
    name: str
    media: str
    sha256: str
    author: str
    at: str
    findings: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in self.__slots__} | {"findings": list(self.findings)}


@dataclass(frozen=True, slots=True)
class Recheck:
    """What an edited paper says now: findings, each changed place as (before, after), and what it cites."""

    findings: tuple[Finding, ...]
    changes: tuple[tuple[str, str], ...]
    cites: tuple[CitationUse, ...] = ()

    @property
    def sound(self) -> bool:
        return all(f.severity == "提示" for f in self.findings)

    def to_dict(self) -> dict[str, Any]:
        return {
            "findings": [f.to_dict() for f in self.findings],
            "changes": [{"before": before, "after": after} for before, after in self.changes],
        }


def attachments(store: Store, document: int) -> list[Attachment]:
    """The files of a paper, oldest first."""
    query = sa.select(t.attachment).where(t.attachment.c.document == document).order_by(t.attachment.c.id)
    with store.connected() as conn:
        rows = conn.execute(query).mappings().all()
    return [Attachment(**{**row, "findings": tuple(json.loads(row["findings"]))}) for row in rows]


def media_of(data: bytes) -> str:
    """What a scan is by its first bytes.

    Raises:
        BadValue: it is no picture and no PDF, or too big.
    """
    if len(data) > MAX_BYTES:
        raise BadValue("扫描件超过50MB", hint="降低分辨率（300 dpi 黑白足够）或者分成几份")
    for start, media in _STARTS:
        if data.startswith(start):
            return media
    raise BadValue("扫描件不是 PDF、JPEG、PNG 或者 TIFF", hint="扫描成这几种格式之一")


def add_scan(w: CaseWriter, which: str, name: str, data: bytes) -> str:
    """Keep the signed scan of a paper.

    Returns:
        its SHA-256.

    Raises:
        NotFound: no such paper.
        Conflict: the number has no paper yet.
        BadValue: no scan.
    """
    return _keep(w, find(w.conn, which), SCAN, name, media_of(data), data, ()).sha256


def add_edited(w: CaseWriter, base: Snapshot, which: str, name: str, data: bytes, before: bytes) -> Recheck:
    """Keep a paper that was edited by hand, with what was found in it.

    Args:
        before: the bytes as they were issued.

    Raises:
        as `recheck`.
    """
    paper = find(w.conn, which)
    found = recheck(paper, base, data, before)
    kept = _keep(w, paper, EDITED, name, DOCX, data, found.findings)
    w.rests(FILE, kept.id, Rests(found.cites))
    return found


@dataclass(frozen=True, slots=True)
class _Kept:
    id: int
    sha256: str


def _keep(
    w: CaseWriter, paper: Document, kind: str, name: str, media: str, data: bytes, found: Sequence[Finding]
) -> _Kept:
    if paper.state != ISSUED:
        raise Conflict(f"{paper.number_text}{paper.state}，不能存入{kind}", hint="先签发或者补登记")
    digest = w.keep(data)
    row = {
        "document": paper.id, "kind": kind, "name": name[-200:], "media": media, "sha256": digest,
        "findings": json.dumps([f.to_dict() for f in found], ensure_ascii=False), **w.stamp,
    }  # fmt: skip
    result = w.conn.execute(sa.insert(t.attachment).values(**row))
    key = result.inserted_primary_key
    assert key is not None
    rows = w.rows(t.attachment, t.attachment.c.id == key[0])
    w.log(kind, paper.case, number=paper.number_text, sha256=digest, rows=rows)
    return _Kept(key[0], digest)


def recheck(paper: Document, base: Snapshot, data: bytes, before: bytes) -> Recheck:
    """Prove an edited paper on the days of the one that was issued, and say what was changed.

    A party, a provision, a sum, a number or a day other than that of the issued paper is C13: a right one is
    entered in the case and issued anew.

    Args:
        data: the edited .docx; ``before``: the bytes as issued.

    Raises:
        BadPackage: damaged or hostile.
        BadValue: the paper has no provenance to prove against (written by hand).
    """
    if paper.provenance is None:
        raise BadValue("手写的文书没有可以比对的底稿", where=paper.number_text, hint="存入扫描件即可")
    package, known = open_package(data), Known.of(paper.provenance)
    mine, issued = (_read(paper, base, known, source) for source in (package, before))
    found = (*audit_paper(mine.paper, known).findings, *against_paper(mine, issued))
    return Recheck((*_identity(paper, package), *found), tuple(_changes(before, data)), cited(mine.paper))


def _read(paper: Document, base: Snapshot, known: Known, source: bytes | Package) -> Read:
    read = Paper(read_docx(source), document_type(paper.type), base, known.days)
    return Read(paper.number_text, read, particulars(read))


def _identity(paper: Document, package: Any) -> Iterator[Finding]:
    """Whether it still is the paper it came from."""
    says = provenance.read(package)
    if says is not None and (says.type, says.case) != (paper.type, paper.case):
        yield Finding(
            "D1", "否决", f"这是案件 {says.case} 的 {says.type}，不是这一份", place=Place("文件属性")
        )
    if paper.number_text and not bears(package, paper.number_text):
        hint = f"改回 {paper.number_text}"
        yield Finding("D2", "否决", "文号不见了或者被改动", paper.number_text, suggestion=hint)


def _changes(before: bytes, after: bytes) -> Iterator[tuple[str, str]]:
    """The paragraphs that were changed, as (before, after); empty where one was put in or taken out."""
    old, new = ([line.text for line in read_docx(data)] for data in (before, after))
    for deed, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if deed != "equal":
            yield "\n".join(old[a:b]), "\n".join(new[c:d])
