"""`case deadlines | period | surcharge | gates`: days, money and what forbids a paper."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Command
from app.cli.common import emit, finding_line, json_option, lines_of, open_base, write_file
from kb.errors import WrongUse


class Amount(click.ParamType[Decimal]):
    """Yuan."""

    name = "金额"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or not 0 < found < 10**12:
            raise WrongUse(f"“{value}”不是金额", where="--fine", hint="写元，如 50000")
        return found


AMOUNT = Amount()


@click.command("deadlines", cls=Command, help="列出案件的各个期限：到哪一天，还剩几天，办了没有，怎么算的。")
@click.argument("cases", nargs=-1, metavar="[CASE.yaml 或案件编号]...")
@click.option("--all", "every", is_flag=True, help="所有在办案件，以及本机关按季度、年度要报送的")
@click.option("--on", type=DAY, help="看哪一天还剩几天（默认今天）")
@click.option("--open", "open_only", is_flag=True, help="只列没有办完的")
@click.option("--steps", is_flag=True, help="写出每个期限怎么算的和依据")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="另写一份日历文件 .ics")
@json_option
@click.pass_context
def deadlines_command(
    ctx: click.Context,
    cases: tuple[str, ...],
    every: bool,
    on: date | None,
    open_only: bool,
    steps: bool,
    ics: Path | None,
    as_json: bool,
) -> None:
    from app.api import deadlines

    base = open_base(ctx)
    data = deadlines.due_list(base, cases, on=on or clock.today(), every=every, open_only=open_only)
    if ics is not None:
        write_file(ics, deadlines.due_calendar(base, cases, stamp=clock.now(), every=every))
    emit(data, as_json, lambda: due_text(data, steps=steps, many=every or len(cases) > 1))


def due_text(data: dict[str, Any], *, steps: bool = False, many: bool = False) -> str:
    """The list as a person reads it: a line a date."""
    lines = [line for due in data["dues"] for line in _due_lines(due, steps, many)]
    return lines_of(data, *(lines or ["没有期限"]))


def _due_lines(due: dict[str, Any], steps: bool, many: bool) -> list[str]:
    day = (due["moment"] or due["day"] or "暂停计算").replace("T", " ")
    paper = f"（{due['paper']}）" if due["paper"] else ""
    whose = f"  {due['case']}" if many and due["case"] else ""
    state = due["state"] + (f" {due['done_on']}" if due["done_on"] else _left(due))
    lines = [f"{due['sense']} {day}  {due['label']}{paper}  [{state}]{whose}"]
    if steps:
        lines += [
            f"    {s['text']}" + (f"（{s['citation']}）" if s["citation"] else "") for s in due["steps"]
        ]
    return lines + [f"    注意：{due['warning']}"] * bool(due["warning"])


def _left(due: dict[str, Any]) -> str:
    left = due["left"]
    if left is None or due["state"] in ("届满", "可以办理"):
        return ""
    return f" 还剩{left}天" if left >= 0 else f" 过了{-left}天"


@click.command(
    "period", cls=Command, help="算一个期限：从哪一天起，到哪一天止，按什么规则。不写名称则列出有哪些。"
)
@click.argument("name", required=False)
@click.argument("start", required=False, metavar="[起算的日期或时刻]")
@json_option
@click.pass_context
def period_command(ctx: click.Context, name: str | None, start: str | None, as_json: bool) -> None:
    from app.api import deadlines

    if name is None:
        names = {"periods": deadlines.period_names()}
        rows = [f"{r['name']:<27}{r['label']}（从{r['starts']}起）" for r in names["periods"]]
        emit(names, as_json, lambda: "\n".join(rows))
        return
    if start is None:
        raise WrongUse("没有写起算的日期", where=name, hint=f"写成 cailiang case period {name} 2026-09-16")
    data = deadlines.one_period(open_base(ctx), name, _moment(start))
    emit(data, as_json, lambda: _period_text(data))


def _moment(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except ValueError as e:
        hint = "写成 2026-09-16，以小时计算的写 2026-09-16T09:10"
        raise WrongUse(f"“{text}”不是日期或者时刻", where="起算", hint=hint) from e


def _period_text(data: dict[str, Any]) -> str:
    day = (data["moment"] or data["day"] or "").replace("T", " ")
    lines = [f"{data['label']}：{data['sense']} {day}"]
    lines += [f"  {s['text']}" + (f"（{s['citation']}）" if s["citation"] else "") for s in data["steps"]]
    return "\n".join(lines + [f"  注意：{data['warning']}"] * bool(data["warning"]))


@click.command(
    "surcharge", cls=Command, help="计算逾期不缴纳罚款的加处罚款，扣除复议、诉讼期间，不超过上限。"
)
@click.argument("case", required=False, metavar="[CASE.yaml 或案件编号]")
@click.option("--fine", type=AMOUNT, help="没有案件文件时：罚款数额，元")
@click.option("--pay-by", type=DAY, help="没有案件文件时：缴款期限的最后一日")
@click.option("--until", type=DAY, help="算到哪一天（默认今天；已经缴款的算到缴款之日）")
@click.option("--party", type=click.IntRange(1), default=1, help="案件的第几个当事人（默认 1）")
@json_option
@click.pass_context
def surcharge_command(
    ctx: click.Context,
    case: str | None,
    fine: Decimal | None,
    pay_by: date | None,
    until: date | None,
    party: int,
    as_json: bool,
) -> None:
    from app.api import deadlines

    day = until or clock.today()
    if case is not None:
        data = deadlines.surcharge_of(open_base(ctx), case, until=day, party=party)
    elif fine is None or pay_by is None:
        raise WrongUse("没有写案件", hint="写 CASE.yaml 或者案件编号，或者写 --fine 和 --pay-by")
    else:
        data = deadlines.surcharge_on(open_base(ctx), fine, pay_by, until=day)

    def text() -> str:
        lines = [f"加处罚款 {data['amount']} 元，连同罚款共 {data['total']} 元（至 {data['until']}）"]
        lines += [f"  {s['text']}" + (f"（{s['citation']}）" if s["citation"] else "") for s in data["steps"]]
        return "\n".join(lines)

    emit(data, as_json, text)


@click.command(
    "gates", cls=Command, help="看案件现在能不能作出一种文书：先后、期限、权限、人员，有什么不符合。"
)
@click.argument("case", metavar="CASE.yaml 或案件编号")
@click.argument("type")
@click.option("--on", type=DAY, help="哪一天作出（默认案件里写的日期，没有写的按今天）")
@click.option("--party", type=click.IntRange(1), default=1, help="案件的第几个当事人（默认 1）")
@json_option
@click.pass_context
def gates_command(
    ctx: click.Context, case: str, type: str, on: date | None, party: int, as_json: bool
) -> int:
    from app.api import deadlines

    data = deadlines.gates_of(open_base(ctx), case, type, on=on, today=clock.today(), party=party)

    def text() -> str:
        lines = [finding_line(f, basis=True) for f in data["findings"]]
        lines += [f"已放行 {p['finding']['code']}：{p['why']}" for p in data["passed"]]
        return "\n".join([*lines, f"《{data['name']}》" + ("可以作出" if data["open"] else "还不能作出")])

    emit(data, as_json, text)
    return 0 if data["open"] else 1


COMMANDS = (deadlines_command, period_command, surcharge_command, gates_command)
