"""One law out of its file or files: the pure part of the import, without a store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePath

from kb.errors import BadRecord
from kb.importing.law_heads import Head, clause_of, day_in_name, in_force_from, issuer_in, level_of, read_head
from kb.importing.law_markdown import read_markdown
from kb.importing.law_repeals import read_notice, repeals_in
from kb.importing.law_structure import Structure, build
from kb.importing.law_text import Source, decode, read_plain
from kb.importing.law_versions import Dated, VersionTable
from kb.laws import Article, HistoryLine, LawVersion, Repeal

SUFFIXES = (".md", ".txt", ".docx")
NOTICE = "（废止提示）"


@dataclass(frozen=True, slots=True)
class ParsedLaw:
    """What was read from the file(s) of one text of a law.

    ``version`` is None for a page that only says a law was repealed; ``articles`` is empty for a text without
    numbers. ``notes`` are one Chinese line each.
    """

    version: LawVersion | None
    articles: tuple[Article, ...] = ()
    repeals: tuple[Repeal, ...] = ()
    notes: tuple[str, ...] = ()
    paths: tuple[str, ...] = field(default=())


def read_source(path: str, data: bytes) -> Source:
    """Title, head and lines of one file, by the ending of its name.

    Args:
        path: names the file in messages; its folders may name the level of the law.

    Raises:
        BadRecord: an ending that is not read here, or text in no known encoding.
        BadPackage: a damaged or hostile .docx.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix == ".docx":
        from kb.importing.law_docx import read_docx

        return read_docx(path, data)
    if suffix == ".md":
        return read_markdown(path, decode(data, path))
    if suffix == ".txt":
        return read_plain(path, decode(data, path).split("\n"))
    raise BadRecord(
        f"不支持的文件类型“{suffix or '无扩展名'}”", where=path, hint="另存为 .docx、.md 或 .txt 后导入"
    )


def parse_law(
    sources: Sequence[Source], table: VersionTable | None = None, *, label: str | None = None
) -> ParsedLaw:
    """One text of a law from its sources.

    Args:
        sources: one file, or the parts of a law in several, in any order.
        table: the version table that speaks of them.
        label: what to show as the source; the path of the first file if not given.

    Raises:
        BadRecord: no title, or neither provisions nor a date: not a law.
    """
    paths = tuple(s.path for s in sources)
    main = next((s for s in sources if not s.part_only), sources[0])
    if not main.title:
        raise BadRecord("没有找到法的标题", where=main.path, hint="文件第一行应是法的全称")
    dated = _dated(table, paths)
    label = label or main.path
    if main.title.endswith(NOTICE) or (dated and dated.is_notice):
        return _notice(main, table, label, paths)
    structure = _join(sources)
    head = read_head(main.head)
    version, notes = _version(main, head, structure.articles, dated, label)
    if _is_cut_off(structure.articles):
        raise BadRecord(
            f"文本不完整：只有第一章的 {len(structure.articles)} 条，也没有施行条款",
            where=main.path,
            hint="换一份完整的文本导入",
        )
    if not structure.articles and version.adopted is None:
        raise BadRecord("没有条文，也没有通过或公布日期，不像法律文本", where=main.path, hint="核对文件内容")
    day = head.history[0].day if len(head.history) > 1 and not dated else version.from_
    repeals = dict.fromkeys(repeals_in(structure.articles, version.title, day, label))
    for repeal in table.repeals if table else ():
        repeals.setdefault(repeal)
    return ParsedLaw(version, structure.articles, tuple(repeals), (*notes, *structure.notes), paths)


def _is_cut_off(articles: Sequence[Article]) -> bool:
    """A text divided into chapters does not end in its first one without saying when it comes into force."""
    return bool(articles) and articles[-1].chapter.startswith("第一章") and clause_of(articles) is None


def _dated(table: VersionTable | None, paths: Sequence[str]) -> Dated | None:
    if table is None:
        return None
    return next((e for p in paths if (e := table.entries.get(Path(p).absolute()))), None)


def _notice(main: Source, table: VersionTable | None, label: str, paths: tuple[str, ...]) -> ParsedLaw:
    said = [*main.head, *(line.text for line in main.lines)]
    repeals = (table.repeals if table else ()) or tuple(read_notice(said, label))
    if not repeals:
        raise BadRecord("是废止提示，但没有写明废止日期和依据", where=main.path, hint="核对文件内容")
    return ParsedLaw(None, (), repeals, (), paths)


def _join(sources: Sequence[Source]) -> Structure:
    """The parts of a law in the order of their articles, read as one text."""
    if len(sources) == 1:
        return build(sources[0].lines)
    parts = sorted((_first(s), i, s) for i, s in enumerate(sources) if s.lines)
    return build([line for _, _, s in parts for line in s.lines])


def _first(source: Source) -> int:
    articles = build(source.lines).articles
    return articles[0].number if articles else 0


def _version(
    main: Source, head: Head, articles: Sequence[Article], dated: Dated | None, label: str
) -> tuple[LawVersion, list[str]]:
    notes: list[str] = []
    named = day_in_name(main.path)
    if named and (head.adopted is None or named > head.adopted):
        head = _with_named(head, named)
        notes.append(f"题注没有列到 {named}，该日期取自文件名")
    adopted = head.adopted or (dated.adopted if dated else None)
    if adopted is None:
        notes.append("没有找到通过或公布日期")
    from_, basis = in_force_from(dated.from_ if dated else None, head, articles, adopted)
    version = LawVersion(
        title=main.title,
        from_=from_,
        from_basis=basis,
        to=dated.to if dated else None,
        adopted=adopted,
        level=level_of(main.path, main.title, head, " ".join(main.head)),
        issuer=head.issuer or issuer_in(main.title),
        number=head.number,
        history=head.history,
        source=label,
        has_text=any(a.has_text for a in articles),
    )
    return version, notes


def _with_named(head: Head, named: date) -> Head:
    """A head with the day of the file name, where its own lines stop short of it.

    After a mere 通过 or 批准 that is the day of publication, after a published text an amendment.
    """
    said = f"文件名所载日期 {named}"
    if not head.history:
        return replace(head, history=(HistoryLine(named, "公布", said),))
    last = head.history[-1]
    if last.act in ("通过", "批准") and not re.search(r"[公发颁]布", last.text):
        joined = HistoryLine(named, last.act, f"{last.text}；{said}")
        return replace(head, history=(*head.history[:-1], joined))
    return replace(head, history=(*head.history, HistoryLine(named, "修改", said)))
