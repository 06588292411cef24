"""Review of one paper or of a folder: citations, what each type owes, and whether the papers agree.

The same rules that our own letters pass, over whatever lies in the folder. What a paper is comes from itself,
from its case or from its title line, and the result says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from generator import provenance
from generator.audit import Known, audit_paper
from generator.catalogue import DocumentType, document_type
from generator.consistency import Contradiction, Read, compare
from generator.docx_text import TEXT_ENDINGS, Line, read_docx, read_lines
from generator.paper import Paper
from generator.particulars import particulars
from generator.prescribed import Case, against_case
from generator.provenance import Provenance
from generator.recognise import act_ended, chose_new_law, decided_on, kind_of
from kb.citation import Days
from kb.errors import CailiangError, NotFound, WrongUse
from kb.findings import SEVERITIES, Finding
from kb.package import open_package
from kb.snapshot import Snapshot

ENDINGS = (".docx", *TEXT_ENDINGS)
UNREAD = (".doc", ".docm", ".wps", ".rtf", ".odt", ".pdf", ".ofd")
"""Papers of kinds that are not read: a folder's reviewer is told of each, photographs pass in silence."""
BLOCKING = ("否决", "扣分")


@dataclass(frozen=True)
class Reviewed:
    """One paper and what was found in it, worst first.

    ``known_by`` says what told its type: 指定, 自带, 标题 or "". ``attested`` names the articles cited that
    were entered by hand, with who attested them.
    """

    file: str
    kind: DocumentType | None
    known_by: str
    citations: int
    findings: tuple[Finding, ...]
    attested: tuple[str, ...]

    @property
    def label(self) -> str:
        if self.kind is None:
            return "没有认出文书类型，只检查引用和数额"
        return self.kind.name + ("（由标题认出）" if self.known_by == "标题" else "")

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "type": self.kind.type if self.kind else None,
            "type_from": self.known_by,
            "citations": self.citations,
            "findings": [f.to_dict() for f in self.findings],
            "attested": list(self.attested),
        }


@dataclass(frozen=True)
class Review:
    """All papers, those that could not be read with the reason, and where papers contradict each other."""

    papers: tuple[Reviewed, ...]
    unreadable: tuple[tuple[str, CailiangError], ...] = ()
    consistency: tuple[Contradiction, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def blocked(self) -> bool:
        """Whether anything is worse than a hint, or a paper could not be read at all."""
        return bool(self.unreadable) or any(self.counts[severity] for severity in BLOCKING)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``review``."""
        return {
            "files": [paper.to_dict() for paper in self.papers],
            "unreadable": [{"file": file, **error.to_dict()} for file, error in self.unreadable],
            "consistency": [c.to_dict() for c in self.consistency],
            "summary": {
                "files": len(self.papers),
                "unreadable": len(self.unreadable),
                "citations": sum(paper.citations for paper in self.papers),
                **{severity: self.counts[severity] for severity in SEVERITIES},
            },
        }


def review(
    path: Path,
    base: Snapshot,
    *,
    case: Case | None = None,
    today: date,
    say: Callable[[str], None] = lambda _line: None,
) -> Review:
    """Review a file, or every paper below a folder; papers are compared folder by folder.

    Args:
        path: a .docx, .txt or .md, or a folder of them.
        base: what it is proven against.
        case: the case the papers belong to; each must say what it prescribes.
        today: the door's day, for a paper that bears none.
        say: takes a line of progress.

    Raises:
        NotFound, WrongUse: no such file, or no paper in the folder.
        BadPackage: the one file can't be read; in a folder it is listed with its reason.
    """
    files = papers_in(path)
    done: list[Reviewed] = []
    unreadable: list[tuple[str, CailiangError]] = []
    folders: dict[Path, list[Read]] = {}
    for n, file in enumerate(files, 1):
        if len(files) > 1:
            say(f"（{n}/{len(files)}）{file.name}")
        try:
            result, read = _one(file, base, case, today)
        except CailiangError as error:
            if file == path:
                raise
            unreadable.append((str(file), error))
            continue
        done.append(result)
        folders.setdefault(file.parent, []).append(read)
    found = [c for papers in folders.values() for c in compare(papers)]
    found.sort(key=lambda c: SEVERITIES.index(c.finding.severity))
    counts = Counter(f.severity for paper in done for f in paper.findings)
    counts.update(c.finding.severity for c in found)
    return Review(tuple(done), tuple(unreadable), tuple(found), Counter(counts))


def papers_in(path: Path) -> list[Path]:
    """The file itself, or the papers of a folder in order; Word's lock files and hidden files are none.

    Papers of a kind that is not read are among them: `review` lists them with the reason.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NotFound("找不到文件或者文件夹", where=str(path), hint="请核对路径")
    found = sorted(
        p
        for p in path.rglob("*")
        if p.suffix.lower() in (*ENDINGS, *UNREAD) and p.is_file() and not p.name.startswith(("~$", "."))
    )
    if not found:
        raise WrongUse("文件夹里没有文书", where=str(path), hint="只读 .docx、.txt、.md")
    return found


def _one(file: Path, base: Snapshot, case: Case | None, today: date) -> tuple[Reviewed, Read]:
    if _is_empty(file):
        raise WrongUse("文件是空的", where=str(file), hint="请核对文件")
    package = open_package(file) if file.suffix.lower() == ".docx" else None
    own = provenance.read(package) if package else None
    lines = read_docx(package) if package else read_lines(file)
    return review_lines(str(file), lines, own, base, case=case, today=today)


def _is_empty(file: Path) -> bool:
    try:
        return file.stat().st_size == 0
    except OSError:  # whoever opens it says why
        return False


def reason(error: CailiangError) -> str:
    """Why a file was not reviewed, without its name."""
    return "：".join(filter(None, (error.message, error.hint)))


def review_lines(
    file: str,
    lines: tuple[Line, ...],
    own: Provenance | None,
    base: Snapshot,
    *,
    case: Case | None = None,
    today: date,
    kind: DocumentType | None = None,
    days: Days | None = None,
) -> tuple[Reviewed, Read]:
    """Review one paper already read.

    Args:
        own: what it says of its making, None where it isn't ours.
        kind, days: what it is and the days it is judged on, where the reader says so instead of the paper.

    Raises:
        WrongUse: there are no words in it: silence would look like a paper without fault.
    """
    if not any(line.text.strip() for line in lines):
        raise WrongUse("文件里没有文字", where=file, hint="只有图片的，请先识别成文字再检查")
    kind, known_by = (kind, "指定") if kind else _kind(own, lines)
    known = Known.of(own) if own else _known(lines, today)
    if days is not None:
        known = Known(days.act, days.decided)
    read = _read(file, lines, kind, base, known.days)
    if case is not None:
        known = case.known(kind, read.says)
        read = _read(file, lines, kind, base, known.days)
    proof = audit_paper(read.paper, known)
    compared = _compared(read, case) if case is not None and kind is not None else ()
    findings = sorted([*proof.findings, *compared], key=lambda f: SEVERITIES.index(f.severity))
    return Reviewed(file, kind, known_by, proof.citations, tuple(findings), proof.attested), read


def _read(file: str, lines: tuple[Line, ...], kind: DocumentType | None, base: Snapshot, days: Days) -> Read:
    paper = Paper(lines, kind, base, days)
    return Read(file, paper, particulars(paper))


def _kind(own: Provenance | None, lines: Sequence[Line]) -> tuple[DocumentType | None, str]:
    if own is not None:
        try:
            return document_type(own.type), "自带"
        except NotFound:  # made by a version that knew other types
            pass
    found = kind_of(lines)
    return (found[0], "标题") if found else (None, "")


def _known(lines: Sequence[Line], today: date) -> Known:
    """The days as the paper itself tells them: its own, and the last day of what was found."""
    decided = decided_on(lines) or today
    return Known(act_ended(lines, decided) or decided, decided, "新" if chose_new_law(lines) else "")


def _compared(read: Read, case: Case) -> Iterator[Finding]:
    try:
        yield from against_case(read, case)
    except CailiangError as error:
        message = f"没有能与案件比对：{error.message}"
        yield Finding("C13", "扣分", message, text=error.where, suggestion=error.hint)
