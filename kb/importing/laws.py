"""Import law texts into a store: walk, group, drop duplicates, write in batches, report every file.

An import can be stopped at any moment: each batch is one transaction that also notes its files in the import
log, so the next run goes on where this one stopped, and a run over unchanged files writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from kb.errors import BadRecord, CailiangError, NotFound
from kb.importing.law_reading import SUFFIXES, ParsedLaw, parse_law, read_source
from kb.importing.law_report import FileResult, ImportReport, Outcome
from kb.importing.law_text import Source
from kb.importing.law_versions import VersionTable, read_table, table_path
from kb.laws import Article, LawVersion, Repeal, clean_title, format_structure

BATCH = 150
MAX_BYTES = 8 * 1024 * 1024
_FOREIGN = (".doc", ".wps", ".pdf", ".rtf", ".html", ".htm")
_BASIS_RANK = {"推定": 0, "原文": 1, "版本表": 2}

Progress = Callable[[str, int, int], None]


class LawWriter(Protocol):
    """What the importer needs of `kb.writing.Writer`."""

    def put_law(self, version: LawVersion, articles: Sequence[Article]) -> list[str]: ...

    def put_repeal(self, repeal: Repeal) -> bool: ...

    def log_import(self, path: str, digest: str, outcome: str, reason: str = "") -> None: ...


class LawStore(Protocol):
    """What the importer needs of `kb.store.Store`."""

    def import_log(self) -> Mapping[str, tuple[str, str, str]]: ...

    def writing(self, *, author: str, at: datetime, note: str = "") -> AbstractContextManager[Any]: ...


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. ``key`` names it in the import log, ``label`` to users, ``digest`` what it holds."""

    path: Path
    label: str
    digest: str = ""
    table: Path | None = None

    @property
    def key(self) -> str:
        return str(self.path)


@dataclass
class _Job:
    """The file or files of one text, and what came of them: a law to write, or a reason why not."""

    files: list[_File]
    law: ParsedLaw | None = None
    outcome: Outcome = Outcome.IMPORTED
    reason: str = ""
    copies: list[_Job] = field(default_factory=list)

    def all_files(self) -> Iterator[tuple[_File, _Job]]:
        for job in (self, *self.copies):
            for file in job.files:
                yield file, job


# ---------------------------------------------------------------- the one public function


def import_paths(
    paths: Sequence[Path],
    store: LawStore,
    *,
    at: datetime,
    author: str = "导入",
    progress: Progress = lambda stage, done, total: None,
) -> ImportReport:
    """Import files and folders of law texts (.md, .txt, .docx).

    Args:
        paths: files and folders; folders are walked in full.
        at: the time of the import, with a time zone.
        author: who imports.
        progress: called for each file with the stage (读取 or 写入), the files done and the files to do.

    Returns:
        what became of each file that is new or changed, each with its reason.

    Raises:
        NotFound: a path that does not exist.
        StoreFailure: the database could not be written; what earlier batches wrote stays.
    """
    log = store.import_log()
    files = [_with_digest(f) for f in _walk(paths)]
    fresh = _fresh(files, log)
    jobs = _read(fresh, progress)
    findings = _set_copies_aside(jobs)
    jobs = [j for j in jobs if j.outcome is not Outcome.DUPLICATE]
    repeals, differing = _write(jobs, store, at, author, progress)
    laws = [j.law for j in jobs if j.law and j.law.version]
    results = [FileResult(f.label, j.outcome, j.reason) for job in jobs for f, j in job.all_files()]
    done = {f.key for f in fresh}
    earlier = [f for f in files if f.key not in done]
    return ImportReport(
        files=tuple(sorted(results, key=lambda r: r.path)),
        unchanged=len(earlier),
        earlier_failures=tuple(
            FileResult(f.label, Outcome.FAILED, log[f.key][2])
            for f in earlier
            if log[f.key][1] == Outcome.FAILED
        ),
        versions=len(laws),
        articles=sum(len(law.articles) for law in laws),
        repeals=repeals,
        findings=(*findings, *differing),
        notes=tuple(f"{law.version.title}：{note}" for law in laws if law.version for note in law.notes),
    )


# ---------------------------------------------------------------- which files


def _walk(paths: Sequence[Path]) -> list[_File]:
    """Every file once, in the order of its path; a folder leaves out what can't be a law text."""
    found: dict[Path, _File] = {}
    for given in paths:
        root = given.resolve()
        if root.is_file():
            found.setdefault(root, _File(root, root.name))
        elif root.is_dir():
            for path in sorted(root.rglob("*")):
                parts = path.relative_to(root).parts
                readable = path.suffix.lower() in (*SUFFIXES, *_FOREIGN)
                if readable and path.is_file() and not any(p.startswith((".", "~$")) for p in parts):
                    found.setdefault(path, _File(path, "/".join((root.name, *parts))))
        else:
            raise NotFound("找不到文件或文件夹", where=str(given), hint="请核对路径")
    return list(found.values())


def _with_digest(file: _File) -> _File:
    """Digest of the file and of the version table that speaks of it, so that a change of either is seen."""
    table = table_path(file.path)
    digest = hashlib.sha256()
    try:
        for path in (table, file.path):
            if path:
                digest.update(path.read_bytes() + b"\0")
    except OSError as e:
        digest.update(str(e.strerror).encode())
    return replace(file, digest=digest.hexdigest(), table=table)


def _fresh(files: Sequence[_File], log: Mapping[str, tuple[str, str, str]]) -> list[_File]:
    """New and changed files, and the unchanged parts of a law of which another part changed."""
    fresh = [f for f in files if f.key not in log or log[f.key][0] != f.digest]
    folders = {f.path.parent for f in fresh}
    keys = {f.key for f in fresh}
    parts = [
        f for f in files if f.key not in keys and f.path.parent in folders and log[f.key][1] == Outcome.PART
    ]
    return fresh + parts


# ---------------------------------------------------------------- reading


def _read(files: Sequence[_File], progress: Progress) -> list[_Job]:
    """Read files, put the parts of a law together, and parse each text."""
    jobs: list[_Job] = []
    read: list[tuple[_File, Source]] = []
    for done, file in enumerate(files, 1):
        try:
            read.append((file, _source(file)))
        except CailiangError as e:
            jobs.append(_failed([file], e))
        progress("读取", done, len(files))
    tables: dict[Path, VersionTable] = {}
    return jobs + [_parse(group, tables) for group in _groups(read)]


def _source(file: _File) -> Source:
    if file.path.suffix.lower() in _FOREIGN:
        raise BadRecord(f"不读取 {file.path.suffix} 文件", hint="另存为 .docx 后重新导入")
    try:
        size = file.path.stat().st_size
        if size > MAX_BYTES:
            raise BadRecord(f"文件超过 {MAX_BYTES // 2**20} MB，不像单部法律", hint="核对文件内容")
        data = file.path.read_bytes()
    except OSError as e:
        raise BadRecord("文件无法读取", hint=e.strerror or "请核对权限") from e
    if not data.strip():
        raise BadRecord("文件是空的", hint="重新下载后导入")
    return read_source(file.key, data)


def _failed(files: list[_File], error: CailiangError) -> _Job:
    said = f"{error.message}：{error.hint}" if error.hint else error.message
    return _Job(files, None, Outcome.FAILED, " ".join(said.split()))


def _groups(read: Sequence[tuple[_File, Source]]) -> list[list[tuple[_File, Source]]]:
    """Files that are parts of one law.

    Parts without a title belong to the one titled file of their folder; parts that carry the title of the law
    and a second one belong together with their like.
    """
    titled: dict[Path, list[str]] = {}
    untitled = {f.path.parent for f, s in read if s.part_only}
    for f, s in read:
        if not s.part_only:
            titled.setdefault(f.path.parent, []).append(s.title)
    groups: dict[tuple[Path, str], list[tuple[_File, Source]]] = {}
    for f, s in read:
        folder = f.path.parent
        whole = folder in untitled and len(titled.get(folder, [])) == 1
        name = titled[folder][0] if whole else s.title if s.part else f.key
        groups.setdefault((folder, name), []).append((f, s))
    return list(groups.values())


def _parse(group: list[tuple[_File, Source]], tables: dict[Path, VersionTable]) -> _Job:
    files = [f for f, _ in group]
    try:
        table = None
        if path := files[0].table:
            if path not in tables:
                tables[path] = read_table(path)
            table = tables[path]
        label = next((f.label for f, s in group if not s.part_only), files[0].label)
        law = parse_law([s for _, s in group], table, label=label)
    except CailiangError as e:
        return _failed(files, e)
    if law.version is None:
        said = "、".join(f"{r.day} 由《{r.by}》废止" for r in law.repeals)
        return _Job(files, law, Outcome.NOTICE, f"废止提示：{said}")
    if not law.articles:
        return _Job(files, law, Outcome.UNNUMBERED, "没有编号的条文，只登记标题和日期")
    if len(files) > 1:
        return _Job(files, law, Outcome.PART, f"与同一文件夹的 {len(files) - 1} 个文件合为一部法")
    return _Job(files, law)


# ---------------------------------------------------------------- copies of one text


def _set_copies_aside(jobs: Sequence[_Job]) -> list[str]:
    """Keep one of several copies of a text: the one with a version table, else with more structure.

    Returns:
        a line for each pair of copies that differ in structure.
    """
    same: dict[tuple[str, object], list[_Job]] = {}
    for job in jobs:
        if job.law and job.law.version:
            version = job.law.version
            same.setdefault((clean_title(version.title), version.adopted), []).append(job)
    findings = []
    for copies in same.values():
        if len(copies) < 2:
            continue
        copies.sort(key=_worth, reverse=True)
        kept, *others = copies
        for other in others:
            findings += _difference(kept, other)
            _learn(kept, other)
            other.outcome = Outcome.DUPLICATE
            other.reason = f"与 {kept.files[0].label} 是同一部法的同一文本"
        kept.copies = others
    return findings


def _worth(job: _Job) -> tuple[bool, int, int]:
    """A version table, more articles, more 款 and 项 (a copy that lost its line breaks has fewer)."""
    if not (job.law and job.law.version):
        return False, 0, 0
    articles = job.law.articles
    units = sum(1 + len(p.items) for a in articles for p in a.paragraphs)
    return job.law.version.from_basis == "版本表", len(articles), units


def _learn(kept: _Job, other: _Job) -> None:
    """Take from a copy only what the kept one lacks: a better grounded first day, issuer, number."""
    if not (kept.law and kept.law.version and other.law and other.law.version):
        return
    ours, theirs = kept.law.version, other.law.version
    if _BASIS_RANK[theirs.from_basis] > _BASIS_RANK[ours.from_basis]:
        ours = replace(ours, from_=theirs.from_, from_basis=theirs.from_basis)
    ours = replace(ours, issuer=ours.issuer or theirs.issuer, number=ours.number or theirs.number)
    kept.law = replace(kept.law, version=ours)


def _difference(kept: _Job, other: _Job) -> list[str]:
    if not (kept.law and kept.law.version and other.law):
        return []
    a, b = ({x.key: format_structure([x]) for x in law.articles} for law in (kept.law, other.law))
    keys = [k for k in dict.fromkeys((*a, *b)) if a.get(k) != b.get(k)]
    if not keys:
        return []
    shown = "；".join(f"第{k}条 {a.get(k, '无')} 与 {b.get(k, '无')}" for k in keys[:5])
    more = f" 等 {len(keys)} 处" if len(keys) > 5 else ""
    version = kept.law.version
    return [
        f"《{version.title}》（{version.adopted}）两份文本结构不同，采用 {kept.files[0].label}，"
        f"未采用 {other.files[0].label}：{shown}{more}"
    ]


# ---------------------------------------------------------------- writing


def _write(
    jobs: Sequence[_Job], store: LawStore, at: datetime, author: str, progress: Progress
) -> tuple[int, list[str]]:
    """Write in batches, each with its lines of the log; how many repeals were new, and what differed."""
    total = sum(1 for job in jobs for _ in job.all_files())
    done = repeals = 0
    differing: list[str] = []
    for start in range(0, len(jobs), BATCH):
        batch = jobs[start : start + BATCH]
        with store.writing(author=author, at=at, note="导入法律文本") as w:
            for job in batch:
                if job.law and job.law.version:
                    title = job.law.version.title
                    lines = w.put_law(job.law.version, job.law.articles)
                    differing += [f"《{title}》（{job.law.version.adopted}）：{line}" for line in lines]
                if job.law:
                    repeals += sum(w.put_repeal(r) for r in job.law.repeals)
                for file, of in job.all_files():
                    w.log_import(file.key, file.digest, of.outcome.value, of.reason)
                    done += 1
                    progress("写入", done, total)
    return repeals, differing
