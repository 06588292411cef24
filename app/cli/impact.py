"""`kb impact`: what rests on a law, and what became of the article since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.chinese import Command
from app.cli.common import emit, json_option, open_base
from kb.records import KIND_NAMES


@click.command("impact", cls=Command, help="哪些记录、模板和文书依据一部法或者其中一条，新旧条文对照。")
@click.argument("title")
@click.argument("article", required=False, default="")
@click.option(
    "--papers",
    type=click.Path(path_type=Path, exists=True),
    help="连同这个文件夹里已经作出的文书（.docx、.txt、.md）",
)
@json_option
@click.pass_context
def impact_command(ctx: click.Context, title: str, article: str, papers: Path | None, as_json: bool) -> None:
    from app.api.impact import impact

    data = impact(open_base(ctx).snapshot(), title, article, _files(papers))
    emit(data, as_json, lambda: impact_text(data))


def _files(place: Path | None) -> list[Path]:
    if place is None or place.is_file():
        return [place] if place else []
    from generator.docx_text import TEXT_ENDINGS

    return sorted(p for p in place.rglob("*") if p.suffix.lower() in (".docx", *TEXT_ENDINGS))


def impact_text(data: dict[str, Any]) -> str:
    """Article by article: the records, then what the newest text says."""
    lines = []
    if data["repealed"]:
        by = f"，由《{data['by']}》取代" if data["by"] else ""
        lines.append(f"《{data['law']}》自{data['repealed']}起废止{by}")
    for a in data["articles"]:
        since = f"（{a['from']}起施行的文本）" if a["from"] else ""
        lines += [f"《{data['law']}》{a['label']}{since}", *map(_record_line, a["records"]), *_fate(a)]
    for name, rows in (("模板", data["templates"]), ("文书", data["papers"])):
        lines += [f"{name} {r['name']} {r['place']}：{r['citation']}" for r in rows]
    records = {(r["kind"], r["id"], r["from"]) for a in data["articles"] for r in a["records"]}
    count = f"{len(records)} 条记录、{len(data['templates'])} 处模板"
    return "\n".join([*lines, f"共 {count}、{len(data['papers'])} 处文书依据它"])


def _record_line(r: dict[str, Any]) -> str:
    places = "、".join(dict.fromkeys(c["place"] for c in r["citations"]))
    since = f"（自{r['from']}）" if r["from"] else ""
    ended = "；记录在新文本施行前截止" if r["ended"] else ""
    return f"  {KIND_NAMES[r['kind']]} {r['id']}{since} {r['title']}：{places}{ended}"


def _fate(a: dict[str, Any]) -> list[str]:
    new = a["new"]
    if new["how"] == "没有新文本":
        return []
    where = f"《{new['law']}》（{new['from']}起施行）"
    said = {
        "相同": f"{where}{new['label']}：文字相同",
        "文字不同": f"{where}{new['label']}：文字不同",
        "移条": f"{where}改在{new['label']}（文字相近 {new['share']:.0%}，请核对）",
        "最相近": f"{where}中最相近的是{new['label']}（文字相近 {new['share']:.0%}，请核对）",
        "没有对应": f"{where}：没有相近的条文",
        "条文未载入": f"{where}：条文未载入，不能对照",
    }[new["how"]]
    lines = [f"  → {said}"]
    if new["how"] in ("文字不同", "移条", "最相近"):
        lines += [f"    旧：{a['text']}", f"    新：{new['text']}"]
    return lines
