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
    for o in data["outcomes"]:
        lines.append(f"  {_outcome(o)}")
        lines.append(f"    依据 {'、'.join(o['basis'])}（适用 {o['as_of']} 的法律）")
        lines += [f"    {_measure(m)}" for m in o["measures"]]
    for entry in data["leniency"]:
        lines.append(
            f"  清单：{entry['title']}，{'应当' if entry['compulsory'] else '可以'}适用，{_ticks(entry)}"
        )
    if data["steps"]:
        lines.append("理由")
    for n, step in enumerate(data["steps"], 1):
        basis = f"（{step['citation']}）" if step["citation"] else ""
        lines.append(f"  {n}. {step['text']}{basis}")
    lines += [f"注意：{w['message']}" for w in data["warnings"]]
    return "\n".join(lines)


def _ticks(entry: dict[str, Any]) -> str:
    if entry["met"]:
        return "条件具备"
    open_ones = [f"{t['label']}（{t['name']}）" for t in entry["ticks"] if t["state"] is not True]
    return "尚缺 " + "、".join(open_ones)


def _measure(m: dict[str, Any]) -> str:
    given = f"{m['when']}的，" if m["when"] else ""
    asked = "（待确认）" if m["conditional"] else ""
    return f"{given}{'应当' if m['compulsory'] else '可以'}{m['kind']} {m['object']}".rstrip() + asked


def _outcome(o: dict[str, Any]) -> str:
    fine = o["fine"]
    if fine is None:
        said = "不罚款"
    elif fine["min"] in (None, "0") and fine["max"]:
        said = f"罚款 {fine['max']} 元以下"
    elif fine["max"] is None:
        said = f"罚款 {fine['min']} 元以上"
    elif fine["min"] == fine["max"]:
        said = f"罚款 {fine['min']} 元"
    else:
        said = f"罚款 {fine['min']} 元以上 {fine['max']} 元以下"
    if o.get("fine_optional"):
        said = "可以" + said
    heads = [h for h in (o["subject"], o["branch"], o["tier"]) if h]
    heads += ["待确认"] if o["conditional"] else []
    return f"{'，'.join(heads)}：{said}" if heads else said
