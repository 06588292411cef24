"""`kb impact`: what rests on a law, and what became of the article since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.chinese import Command
from app.cli.common import emit, json_option, lines_of, open_base
from kb.records import KIND_NAMES


@click.command(
    "impact",
    cls=Command,
    help="哪些记录、模板、已签发的文书和在办案件依据一部法、其中一条，或者一条记录；新旧条文对照。",
)
@click.argument("title", metavar="TITLE 或记录编号")
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

    data = impact(open_base(ctx), title, article, _files(papers))
    emit(data, as_json, lambda: impact_text(data))


def _files(place: Path | None) -> list[Path]:
    if place is None or place.is_file():
        return [place] if place else []
    from generator.docx_text import TEXT_ENDINGS

    return sorted(p for p in place.rglob("*") if p.suffix.lower() in (".docx", *TEXT_ENDINGS))


def impact_text(data: dict[str, Any]) -> str:
    """Article by article: the records, then what the newest text says."""
    lines = []
    if record := data["record"]:
        spans = "、".join(f"{v['from'] or ''}—{v['to'] or ''}" for v in record["versions"])
        lines.append(f"{KIND_NAMES[record['kind']]} {record['id']} {record['title']}：{spans}")
    if data["repealed"]:
        by = f"，由《{data['by']}》取代" if data["by"] else ""
        lines.append(f"《{data['law']}》自{data['repealed']}起废止{by}")
    for a in data["articles"]:
        since = f"（{a['from']}起施行的文本）" if a["from"] else ""
        lines += [f"《{data['law']}》{a['label']}{since}", *map(_record_line, a["records"]), *_fate(a)]
    for name, rows in (("模板", data["templates"]), ("文书", data["papers"])):
        lines += [f"{name} {r['name']} {r['place']}：{r['citation']}" for r in rows]
    lines += [_paper_line(p) for p in data["issued"]]
    lines += [_case_line(c) for c in data["cases"]]
    records = {(r["kind"], r["id"], r["from"]) for a in data["articles"] for r in a["records"]}
    count = f"{len(records)} 条记录、{len(data['templates'])} 处模板、{len(data['papers'])} 处文书"
    stored = f"已签发的文书 {len(data['issued'])} 份、在办案件 {len(data['cases'])} 件"
    return lines_of(data, *lines, f"共 {stored}依据它" if data["record"] else f"共 {count}依据它；{stored}")


def _paper_line(p: dict[str, Any]) -> str:
    """An issued paper: what it is, its case, what it cites, and what a change means for it."""
    cited = "、".join(c["citation"] + "（改后稿）" * c["edited"] for c in p["citations"])
    cited = cited or "、".join(f"{r['record_id']}（自{r['valid_from'] or '无日期'}）" for r in p["records"])
    whose = f"案件 {p['case']}（{p['case_state'] or '不在本机关'}）"
    effect = f"；{p['effect']}" if p["effect"] else ""
    return f"已签发 {p['name']}{p['number']} {p['day'] or ''} {whose}：{cited}{effect}"


def _case_line(c: dict[str, Any]) -> str:
    why = "、".join(" ".join(filter(None, (w["what"], w["citation"]))) for w in c["why"])
    return f"在办案件 {c['case']}（{c['state']}）：{why}" + (f"；{c['effect']}" if c["effect"] else "")


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
