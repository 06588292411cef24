"""`search` and `show`: find a record and read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, json_option, open_base
from app.cli.laws import article_text, contents_text

LABELS = {
    "accompany": "同时采取的措施", "act_from": "行为开始", "act_to": "行为终了", "aka": "又称",
    "alternatives": "违反条款择写", "any": "任一",
    "ask": "询问", "asked": "问题", "basis": "依据", "benchmark": "裁量权基准",
    "benchmarks": "裁量权基准", "body": "正文",
    "ceiling": "上限", "channel": "渠道", "checked": "核对日期", "citations": "法律依据", "cites": "得出",
    "compulsory": "应当", "conditions": "条件", "correction": "责令改正", "course": "办案经过",
    "date": "日期", "day": "日期",
    "decided": "决定日期", "documents": "文书", "domain": "领域", "education": "教育", "element": "构成要件",
    "elements": "构成要件与证据", "evidence": "证据", "example": "示例", "exclusions": "排除情形",
    "facts": "事实", "fine": "罚款", "first_within_months": "初次的期间（月）", "forbidden": "禁忌用语",
    "from": "自", "gesture": "手势与着装", "gravity": "情节严重", "help": "说明", "if": "如果",
    "instrument": "文件", "keywords": "俗称", "kind": "种类", "label": "名称", "legal_note": "法律提示",
    "leniency": "清单事项", "limb": "条款", "list": "清单", "meant": "法律用语", "measures": "其他措施",
    "name": "代号", "not_when": "不适用", "note": "说明", "number": "文号", "object": "对象",
    "options": "选项", "penalty_basis": "处罚依据", "questions": "询问要点", "recommended": "推荐用语",
    "row": "序号", "said": "俗称", "scene": "场景", "section": "部分", "slots": "填空", "source": "来源",
    "statutory": "法定幅度", "step": "步骤", "subject": "对象", "subjects": "违法主体", "tags": "标签",
    "text": "内容", "then": "则", "times": "次数", "tiers": "裁量阶次", "to": "至（不含）", "type": "类型",
    "unit": "单位",
    "url": "网址", "value": "值", "violated": "违反条款", "violation": "违法行为", "when": "条件",
}  # fmt: skip


@click.command(
    "search",
    cls=Command,
    help="搜索裁量权基准、清单、用语、案例和法律条文。",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("query", nargs=-1, required=True)
@click.option("--kind", help="只找一种：benchmark、leniency、phrase、case_study、procedure、law")
@click.option("--domain", help="只找一个领域，如 市场监管")
@click.option("--on", type=DAY, help="只找这一天有效的")
@click.option("-n", "count", type=click.IntRange(1, 100), default=10, help="最多几条（默认 10）")
@click.option("--undo", multiple=True, metavar="编号", help="撤销一处理解，编号见方括号，可以写几次")
@click.option("--plain", is_flag=True, help="不作任何理解，只按写的字查找")
@click.option("--explain", is_flag=True, help="说明每条的分数从哪里来")
@json_option
@click.pass_context
def search_command(
    ctx: click.Context,
    query: tuple[str, ...],
    kind: str | None,
    domain: str | None,
    on: date | None,
    count: int,
    undo: tuple[str, ...],
    plain: bool,
    explain: bool,
    as_json: bool,
) -> None:
    mistyped = [word for word in query if word.startswith("--") or re.match("-[a-zA-Z]", word)]
    if mistyped:  # “-食品” excludes a word; “-x” and “--x” are options that don't exist
        known = [name for option in ctx.command.params for name in option.opts]
        raise click.NoSuchOption(mistyped[0], possibilities=get_close_matches(mistyped[0], known), ctx=ctx)
    base = open_base(ctx)
    found = base.search(
        " ".join(query),
        kind=kind,
        domain=domain,
        on=on,
        n=count,
        today=clock.today(),
        undo=("*",) if plain else undo,
        explain=explain,
    )
    emit(found, as_json, lambda: search_text(found))


def search_text(found: dict[str, Any]) -> str:
    """Hits as a person reads them; nothing found says what was searched and what is near."""
    lines = [_understood(u) for u in found["understood"] if u["type"] != "words"]
    for n, hit in enumerate(found["hits"], 1):
        gone = "" if hit["in_force"] else "（已失效）"
        lines += [f"{n}. {hit['title']}{gone}", f"   {hit['id']}"]
        lines += [f"   {line}" for line in (hit["snippet"], *_more(hit)) if line]
    if not found["hits"]:
        lines.append(found["message"])
        lines += [f"可以看看：{near['title']}（{near['id']}）" for near in found["nearest"]]
    else:
        lines.append(f"共 {found['total']} 条{'以上' if found['more'] else ''}")
    return "\n".join(lines)


def _understood(u: dict[str, str]) -> str:
    """What was understood, and the id that undoes it."""
    return f"“{u['text']}”：{u['meaning']}" + (f" [{u['id']}]" if u["id"] else "")


def _more(hit: dict[str, Any]) -> Iterator[str]:
    """What an amount leads to, what belongs together, and where the score comes from."""
    if amount := hit.get("amount"):
        for outcome in amount["outcomes"]:
            tier = f"，{outcome['tier']}" if outcome["tier"] else ""
            fine = f"：罚款{outcome['fine']}" if outcome["fine"] else ""
            yield f"{amount['label']}{amount['value']}：{outcome['branch'] or '各种情形'}{tier}{fine}"
    if hit["together"]:
        label = "依据" if hit["kind"] == "benchmark" else "基准"
        yield f"{label}：{'；'.join(row['title'] for row in hit['together'])}"
    if parts := hit.get("explain"):
        yield f"分数 {hit['score']}：" + "，".join(f"{p['text']} {p['how']}{p['value']:g}" for p in parts)


@click.command("show", cls=Command, help="显示一条记录；编号由 search 给出，法律条文写 law/法律全称/条号。")
@click.argument("id")
@click.option("--on", type=DAY, help="显示这一天有效的版本（默认今天）")
@json_option
@click.pass_context
def show_command(ctx: click.Context, id: str, on: date | None, as_json: bool) -> None:
    from app.api.show import show

    data = show(open_base(ctx).snapshot(), id, on or clock.today())
    emit(data, as_json, lambda: show_text(data))


def show_text(data: dict[str, Any]) -> str:
    """What `show` gives, as a person reads it at the terminal."""
    if "record" not in data:
        return article_text(data) if "article" in data else contents_text(data)
    source = data["record"]["source"]
    mark = "（示例）" if source["example"] else ""
    state = "" if data["in_force"] else f"（{data['on']} 不在有效期内）"
    lines = [f"{data['kind_name']}：{data['title']}{mark}{state}", f"编号 {data['id']}"]
    return "\n".join([*lines, *_fields(data["record"], skip=("kind", "schema", "id"))])


def _fields(value: Any, skip: tuple[str, ...] = (), depth: int = 0) -> list[str]:
    """Nested fields, a line each, without the empty ones."""
    pad = "  " * depth
    if isinstance(value, dict):
        out = []
        for key, inner in value.items():
            if key in skip or inner in (None, "", [], {}):
                continue
            if isinstance(inner, dict | list):
                out += [f"{pad}{LABELS.get(key, key)}：", *_fields(inner, depth=depth + 1)]
            else:
                out += [f"{pad}{LABELS.get(key, key)}：{_said(inner)}"]
        return out
    if isinstance(value, list):
        return [line for inner in value for line in _row(inner, depth)]
    return [f"{pad}{_said(value)}"]


def _said(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _row(value: Any, depth: int) -> list[str]:
    lines = _fields(value, depth=depth + 1)
    if lines:
        lines[0] = "  " * depth + "- " + lines[0].strip()
    return lines
