"""`range`: facts in, the lawful range out, with the steps that lead to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, json_option, open_base
from kb.errors import WrongUse


@click.command("range", cls=Command, help="按事实给出一个违法行为的处罚幅度、阶次、其他措施和理由。")
@click.argument("benchmark")
@click.option(
    "--fact", "facts", multiple=True, metavar="名称=值", help="一项事实，可写多次，如 goods_value=3000"
)
@click.option("--act", help="违法行为发生的日期或起止：2026-06-20 或 2026-06-20..2026-07-01")
@click.option("--found", type=DAY, help="发现违法行为的日期")
@click.option("--decided", type=DAY, help="作出决定的日期")
@json_option
@click.pass_context
def range_command(
    ctx: click.Context,
    benchmark: str,
    facts: tuple[str, ...],
    act: str | None,
    found: date | None,
    decided: date | None,
    as_json: bool,
) -> None:
    from kb.discretion import assess

    period, given = parse_period(act) if act else None, parse_facts(facts)
    base = open_base(ctx)
    result = assess(base.snapshot(), benchmark, given, period, found, decided, on=clock.today())
    data = result.to_dict()
    emit(data, as_json, lambda: range_text(data))


def parse_facts(facts: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs; the assessment reads the values by the facts' types."""
    out: dict[str, str] = {}
    for fact in facts:
        name, sign, value = fact.partition("=")
        if not sign or not name:
            raise WrongUse(f"“{fact}”不是 名称=值", where="--fact", hint="写成 goods_value=3000")
        if name in out:
            raise WrongUse(f"事实 {name} 写了两次", where="--fact", hint="每项事实只写一次")
        out[name] = value
    return out


def parse_period(text: str) -> Any:
    """``2026-06-20`` or ``2026-06-20..2026-07-01``."""
    from kb.discretion import Period

    first, sign, last = text.partition("..")
    try:
        start = date.fromisoformat(first)
        end = date.fromisoformat(last) if sign else start
    except ValueError as e:
        hint = "写成 2026-06-20 或 2026-06-20..2026-07-01"
        raise WrongUse(f"“{text}”不是日期或起止日期", where="--act", hint=hint) from e
    if end < start:
        raise WrongUse(f"“{text}”的终日早于始日", where="--act", hint="先写开始的日期")
    return Period(start, end)


def range_text(data: dict[str, Any]) -> str:
    """The assessment as a person reads it at the terminal."""
    lines = [f"{data['violation']}（{data['benchmark']}）"]
    for f in data["missing_facts"]:
        ask = "需要" if f["required"] else "可补充"
        lines.append(f"  {ask}：{f['label']}（--fact {f['name']}={'…' if f['required'] else '是或否'}）")
    lines += [_elsewhere(n) for n in data["not_when"] if n["state"] is not False]
    for o in data["outcomes"]:
        lines.append(f"  {_outcome(o)}")
        lines.append(f"    依据 {'、'.join(o['basis'])}（适用 {o['as_of']} 的法律）")
        if o["role"]:
            lines.append(f"    {o['instrument']}：{o['role']}，{o['why']}")
        if o["computed"]:
            lines.append(
                f"    {'；'.join(map(_computed, o['computed']))}（{o['computed'][0]['instrument']}）"
            )
        lines += [f"    {_measure(m)}" for m in o["measures"]]
    lines += [f"  说明：{note}" for note in data["notes"]]
    if data["comparison"]:
        lines.append(f"  新旧比较：{data['comparison']['note']}")
    lines += _leniency(data)
    if data["reasons"]:
        lines += ["说理（可以抄进文书）", f"  {data['reasons']}"]
    if data["steps"]:
        lines.append("理由")
    for n, step in enumerate(data["steps"], 1):
        basis = f"（{step['citation']}）" if step["citation"] else ""
        lines.append(f"  {n}. {step['text']}{basis}")
    lines += [f"注意：{w['message']}" for w in data["warnings"]]
    return "\n".join(lines)


def _elsewhere(n: dict[str, Any]) -> str:
    basis = f"（{n['basis']}）" if n["basis"] else ""
    if n["state"]:
        return f"  {'另有处理' if n['also'] else '不适用本项'}：{n['if']}，{n['then']}{basis}"
    name = f"（--fact {n['name']}=是或否）" if n["name"] else ""
    asked = "另外查明" if n["also"] else "先排除"
    return f"  {asked}：{n['if']}{name}，是的话{n['then']}"


def _leniency(data: dict[str, Any]) -> list[str]:
    """The entries of the lists one by one; of the law's own conditions those that are answered, and the rest
    in one line."""
    lines, rest = [], 0
    for entry in data["leniency"]:
        answered = entry["met"] or any(t["state"] is not None for t in entry["ticks"])
        if entry["general"] and not answered:
            rest += 1
            continue
        must = "应当" if entry["compulsory"] else "可以"
        lines.append(
            f"  {'法律规定' if entry['general'] else '清单'}：{entry['title']}，{must}适用，{_ticks(entry)}"
        )
        lines += [f"    {t['label']}：{t['note']}" for t in entry["ticks"] if t["note"]]
    lines += [f"  从宽：{e['text']}（{'、'.join(e['basis'])}）" for e in data["effects"]]
    if data["outside_lists"]:
        lines.append(f"  {data['outside_lists']}")
    if rest:
        lines.append(
            f"  法律的其他从宽规定还有{rest}项没有查明（无主观过错、未成年人等），用 --json 逐项查看"
        )
    return lines


def _ticks(entry: dict[str, Any]) -> str:
    if entry["excluded"]:
        return "已排除：" + "、".join(entry["excluded"])
    unchecked = "；还要排除 " + "、".join(entry["unchecked"]) if entry["unchecked"] else ""
    if entry["met"]:
        return "条件具备" + unchecked
    open_ones = [f"{t['label']}（{t['name']}）" for t in entry["ticks"] if t["state"] is not True]
    return "尚缺 " + "、".join(open_ones) + unchecked


def _measure(m: dict[str, Any]) -> str:
    given = f"{m['when']}的，" if m["when"] else ""
    asked = "（待确认）" if m["conditional"] else ""
    return f"{given}{'应当' if m['compulsory'] else '可以'}{m['kind']} {m['object']}".rstrip() + asked


def _computed(tier: dict[str, Any]) -> str:
    low = f"{tier['min']} 元" if tier["min_included"] else f"超过 {tier['min']} 元"
    return (
        f"{tier['kind']} {low}" if tier["min"] == tier["max"] else f"{tier['kind']} {low}至 {tier['max']} 元"
    )


def _outcome(o: dict[str, Any]) -> str:
    fine = o["fine"]
    if fine is None:  # 可以并处罚款 without an amount is no permission to leave the fine out
        said = o["fine_text"] or "不罚款"
    elif fine["min"] in (None, "0") and fine["max"]:
        said = f"罚款 {fine['max']} 元以下"
    elif fine["max"] is None:
        said = f"罚款 {fine['min']} 元以上"
    elif fine["min"] == fine["max"]:
        said = f"罚款 {fine['min']} 元"
    else:
        said = f"罚款 {fine['min']} 元以上 {fine['max']} 元以下"
    if fine and o["fine_optional"]:
        said = "可以" + said
    heads = [h for h in (o["subject"], o["branch"], o["tier"]) if h]
    heads += ["待确认"] if o["conditional"] else []
    return f"{'，'.join(heads)}：{said}" if heads else said
