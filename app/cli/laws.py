"""`laws`: import, enter, list and read law texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import emit, json_option, note, open_base
from kb.errors import BadValue, WrongUse
from kb.laws import LEVELS

if TYPE_CHECKING:
    from kb.importing.law_report import ImportReport


@click.group("laws", cls=Group, help="导入、录入和查看法律文本。")
def laws_command() -> None:
    """Only a group."""


@laws_command.command("import", help="导入法律文本：文件或文件夹，.md、.docx、.txt；可以中断后接着导入。")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@json_option
@click.pass_context
def import_command(ctx: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    from kb.impact import news
    from kb.importing.laws import import_paths

    base = open_base(ctx)
    before = base.snapshot().laws
    report = import_paths(paths, base.store, at=clock.now(), progress=_progress)
    base.sync_index()
    touched = news(before, base.snapshot())
    data = report.to_dict() | {"touched": touched}
    emit(data, as_json, lambda: "\n".join([import_text(report), *map(_news_line, touched)]))


def _news_line(row: dict[str, Any]) -> str:
    newer = f"有了{row['from']}起施行的文本" if row["from"] else ""
    by = f"，由《{row['by']}》取代" if row["by"] else ""
    ended = f"自{row['repealed']}起废止{by}" if row["repealed"] else ""
    what = "，".join(filter(None, (newer, ended)))
    return f"《{row['law']}》{what}，{row['records']} 条记录依据它；对照：cailiang kb impact {row['law']}"


def _progress(stage: str, done: int, total: int) -> None:
    if done % 200 == 0 or done == total:
        note(f"{stage} {done}/{total}")


def import_text(report: ImportReport) -> str:
    """The report of an import; every file that was not imported stands with its reason."""
    failed = (*report.not_imported, *report.earlier_failures)
    lines = [f"未导入 {f.path}：{f.reason}" for f in failed]
    notes = [f"另有 {len(report.notes)} 条文本注记，用 --json 查看"] if report.notes else []
    return "\n".join([report.summary(), *lines, *report.findings, *notes])


@laws_command.command("add", help="录入一条没有文件的规定（地方性法规、规章等），由另一人核对。")
@click.argument("title")
@click.argument("article")
@click.option("--level", required=True, type=click.Choice(LEVELS), help="效力级别")
@click.option("--from", "from_", required=True, type=DAY, help="施行日期")
@click.option("--to", type=DAY, help="失效日期（不再有效的第一天）")
@click.option("--adopted", type=DAY, help="通过或公布日期")
@click.option("--number", default="", help="令号或文号")
@click.option("--issuer", default="", help="制定机关")
@click.option(
    "--items", default="", help="各款的项数，用逗号分开：两款、第一款七项写 7,0；写了 --text 可以不写"
)
@click.option("--text", default="", help="条文，款、项各占一行，项以（一）开头")
@click.option("--source", required=True, help="原文所在的网址，或者书名和页码")
@click.option("--by", "entered_by", required=True, help="录入人")
@click.option("--attested-by", required=True, help="核对人，不能是录入人")
@json_option
@click.pass_context
def add_command(ctx: click.Context, /, items: str, as_json: bool, **given: Any) -> None:
    from app.api.laws import label_of
    from kb.importing.law_entry import Entry, enter

    version, articles = enter(Entry(checked=clock.today(), items=_items(items), **given))
    base = open_base(ctx)
    loaded = base.snapshot().laws.versions_of(version.title)
    same = next(
        (v for v in loaded if version.adopted in (None, v.adopted) and v.from_ == version.from_), None
    )
    if same is not None:
        version = replace(version, title=same.title, adopted=same.adopted)
    author, attested = given["entered_by"], given["attested_by"]
    with base.store.writing(author=author, approved_by=attested, at=clock.now(), note=version.title) as w:
        if differing := w.put_law(version, articles):
            hint = "核对原文；由文件载入的结构不会被录入的改写"
            raise BadValue(f"与已载入的不一致：{differing[0]}", where=f"《{version.title}》", hint=hint)
        changed = w.changed
    base.sync_index()
    data = {"law": version.title, "articles": [a.key for a in articles], "changed": changed}
    verb = "已录入" if changed else "此前已录入，没有变化："
    said = f"{verb}《{version.title}》{label_of(articles[0])}（{attested}核对）"
    emit(data, as_json, lambda: said)


def _items(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError as e:
        raise WrongUse(f"“{text}”不是各款的项数", where="--items", hint="写成 7,0 这样") from e


@laws_command.command("list", help="列出已载入的法律。")
@click.argument("words", nargs=-1)
@click.option("--on", type=DAY, help="说明在这一天的效力（默认今天）")
@json_option
@click.pass_context
def list_command(ctx: click.Context, words: tuple[str, ...], on: date | None, as_json: bool) -> None:
    from app.api.laws import law_list

    base = open_base(ctx)
    data = law_list(base.snapshot(), " ".join(words), on or clock.today(), limit=100_000)
    emit(data, as_json, lambda: list_text(data))


def list_text(data: dict[str, Any]) -> str:
    lines = [
        f"{r['title']}  {r['level']}  {r['standing']['short']}  {r['versions']} 个文本" for r in data["laws"]
    ]
    lines.append(f"共 {data['total']} 部")
    lines += [f"相近：{near['title']}" for near in data["nearest"]]
    return "\n".join(lines)


@laws_command.command("show", help="显示一部法律，或者其中一条在某一天的样子。")
@click.argument("title")
@click.argument("article", required=False)
@click.option("--on", type=DAY, help="哪一天（默认今天）")
@json_option
@click.pass_context
def show_command(ctx: click.Context, title: str, article: str | None, on: date | None, as_json: bool) -> None:
    from app.api import laws as api
    from app.api.links import cited_by

    snapshot = open_base(ctx).snapshot()
    day = on or clock.today()
    if article is None:
        contents = api.law(snapshot, title, day)
        emit(contents, as_json, lambda: contents_text(contents))
        return
    shown = api.article(snapshot, title, api.article_key_of(article), day, cited_by(snapshot))
    emit(shown, as_json, lambda: article_text(shown))


def contents_text(data: dict[str, Any]) -> str:
    lines = [f"《{data['law']}》 {data['standing']['line']}"]
    lines += [f"  {v['from']} 起（{v['from_basis']}）" for v in data["versions"]]
    for chapter in data["chapters"]:
        lines += [chapter["chapter"]] if chapter["chapter"] else []
        lines += [f"  {a['label']} {a['summary'] or a['opening']}".rstrip() for a in chapter["articles"]]
    return "\n".join(lines)


def article_text(data: dict[str, Any]) -> str:
    """One article with its standing; without text, its structure."""
    lines = [f"《{data['law']}》{data['label']}", data["standing"]["line"]]
    if data["summary"]:
        lines.append(f"摘要：{data['summary']}")
    if data["has_text"]:
        for p in data["paragraphs"]:
            lines.append(p["text"])
            for item in p["items"]:
                lines += [item["text"], *item["subitems"]]
    elif data["paragraphs"]:
        parts = [f"第{n}款 {len(p['items'])} 项" for n, p in enumerate(data["paragraphs"], 1)]
        lines.append(f"条文未载入，只有结构：共 {len(parts)} 款（{'，'.join(parts)}）")
    if data["note"]:
        lines.append(f"注：{data['note']}")
    return "\n".join(line for line in lines if line)
