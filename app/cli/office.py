"""`office`: what waits, publication of decisions, the review catalogue, inspections, provisions by post."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from app import clock
from app.cli.chinese import DAY, Group
from app.cli.common import emit, json_option, lines_of, open_base, write_file
from kb.errors import WrongUse

by_option = click.option("--by", required=True, help="经办人的姓名")
on_option = click.option("--on", type=DAY, help="看哪一天的（默认今天）")
xlsx_option = click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="写出 .xlsx")


@click.group("office", cls=Group, help="机关日常：到期提醒、决定公示、法制审核目录、涉企检查、执法依据。")
def office_command() -> None:
    """Only a group."""


@office_command.command(
    "due",
    help="今天等着办的：到期的证件和委托，要公示、撤回、审核的，检查过频的，同时在两个案件笔录里的人员。",
)
@on_option
@json_option
@click.pass_context
def due_command(ctx: click.Context, on: date | None, as_json: bool) -> None:
    from app.api import office

    data = office.overview(open_base(ctx), on or clock.today())

    def text() -> str:
        lines = [
            f"{e['day']} {e['what']} {e['name']} {e['detail']}  [{e['state']}]"
            for e in data["endings"]["rows"]
        ]
        lines += [publication_line(p) for p in data["publications"]]
        lines += [_review_line(c) for c in data["reviews"]]
        warned = [e for e in data["inspections"]["enterprises"] if e["warnings"]]
        lines += [f"涉企检查 {e['name']}：{'；'.join(e['warnings'])}" for e in warned]
        lines += [_clash_line(c) for c in data["clashes"]]
        notes = (data["endings"]["note"], data["inspections"]["note"])
        return lines_of(data, *(lines or ["没有等着办的"]), *(f"注意：{n}" for n in notes if n))

    emit(data, as_json, text)


def publication_line(p: dict[str, Any]) -> str:
    s = p["summary"]
    due = f"，至迟 {p['due']} 公示" if p["state"] == "待公示" and p["due"] else ""
    due += f"，至迟 {p['recall']} 撤回" if p["state"] == "应当撤回" and p["recall"] else ""
    due += f"，{p['published']} 至 {p['until'] or '（没有载入期限）'}" if p["state"] == "公示中" else ""
    late = "（已经逾期）" if p["late"] else ""
    notes = "".join(f"；{n}" for n in p["notes"])
    return f"[{p['state']}] {s['number']}  {s['party']}  {s['cause']}  {s['penalty']}{due}{late}{notes}"


def _clash_line(c: dict[str, Any]) -> str:
    one, other = (
        f"案件 {r['case']} 的《{r['name']}》（{r['start']}至{r['end'][11:]}）" for r in c["records"]
    )
    return f"人员同时 {c['officer']}在{one}和{other}里：核对时间和人员（{c['basis']}）"


def _review_line(c: dict[str, Any]) -> str:
    done = f"，{c['reviewed']} 已审核" if c["reviewed"] else ""
    return f"法制审核 {c['case']}  [{c['answer']}{done}] {'；'.join(c['reasons'])}"


# ---------------------------------------------------------------- publication


@office_command.command(
    "publications",
    help="要公示、公示中、应当撤回的处罚决定；写 -o 文件夹，则写出供公众查看的 .json 和 .html。",
)
@on_option
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="写出清单的文件夹")
@json_option
@click.pass_context
def publications_command(ctx: click.Context, on: date | None, out: Path | None, as_json: bool) -> None:
    from app.api import office

    base, day = open_base(ctx), on or clock.today()
    data = office.publication_list(base, day)
    if out is not None:
        for name, content in office.public_files(base, day).items():
            write_file(out / name, content)

    def text() -> str:
        lines = [publication_line(p) for p in data["publications"]]
        wrote = f"，公示中的已写入 {out}" if out else ""
        return lines_of(data, *lines, f"共 {len(lines)} 份决定{wrote}")

    emit(data, as_json, text)


@office_command.command("publish", help="登记一份已签发的处罚决定已经公示。")
@click.argument("number")
@click.option("--day", type=DAY, help="公示的日期（默认今天）")
@click.option("--address", default="", help="公示的网址")
@by_option
@json_option
@click.pass_context
def publish_command(
    ctx: click.Context, number: str, day: date | None, address: str, by: str, as_json: bool
) -> None:
    from app.api import office

    base, now = open_base(ctx), clock.now()
    data = office.publish(base, number, day=day or now.date(), address=address, by=by, at=now)
    emit(data, as_json, lambda: f"已登记 {data['number']} 于 {data['day']} 公示")


@office_command.command("withdraw", help="登记撤回已公示的决定，写明理由；公示期届满的写 --ended。")
@click.argument("number")
@click.option("--why", default="", help="撤回的理由，同时要公开说明")
@click.option("--ended", is_flag=True, help="不是撤回，是停止公示")
@click.option("--day", type=DAY, help="哪一天（默认今天）")
@by_option
@json_option
@click.pass_context
def withdraw_command(
    ctx: click.Context, number: str, why: str, ended: bool, day: date | None, by: str, as_json: bool
) -> None:
    from app.api import office

    base, now = open_base(ctx), clock.now()
    data = office.take_back(base, number, day=day or now.date(), why=why, ended=ended, by=by, at=now)
    emit(data, as_json, lambda: f"已登记 {data['number']} 于 {data['day']}{'停止公示' if ended else '撤回'}")


# ---------------------------------------------------------------- tables


@office_command.command(
    "review-list", help="重大执法决定法制审核目录，以及在办案件哪些应当审核、审核了没有。"
)
@on_option
@xlsx_option
@json_option
@click.pass_context
def review_list_command(ctx: click.Context, on: date | None, out: Path | None, as_json: bool) -> None:
    from app.api import office

    base, day = open_base(ctx), on or clock.today()
    data = office.review_list(base, day)
    if out is not None:
        write_file(_xlsx(out), office.review_xlsx(base, day, at=clock.now()))

    def text() -> str:
        rows = ["  ".join(v for v in row.values() if v) for row in data["catalogue"]]
        cases = [_review_line(c) for c in data["cases"]]
        return lines_of(data, *rows, *([f"注意：{data['note']}"] if data["note"] else []), *cases)

    emit(data, as_json, text)


@office_command.command("inspections", help="一年的涉企检查：计划、实施、每家几次，过频的提醒。")
@click.option("--year", type=click.IntRange(1949, 2999), help="哪一年（默认今年）")
@xlsx_option
@json_option
@click.pass_context
def inspections_command(ctx: click.Context, year: int | None, out: Path | None, as_json: bool) -> None:
    from app.api import office

    base, today = open_base(ctx), clock.today()
    of = year or today.year
    data = office.inspection_list(base, of, today)
    if out is not None:
        write_file(_xlsx(out), office.inspection_xlsx(base, of, today, at=clock.now()))

    def text() -> str:
        lines = [
            f"{e['name']} {e['code']}  计划 {e['planned']} 次，实施 {e['held']} 次"
            + "".join(f"；{w}" for w in e["warnings"])
            for e in data["enterprises"]
        ]
        notes = [f"注意：{data['note']}"] if data["note"] else []
        return lines_of(data, *lines, *notes, f"{of}年共 {len(lines)} 家企业")

    emit(data, as_json, text)


@office_command.command("basis", help="岗位适用的执法依据：由知识库里该领域的裁量权基准汇总。")
@click.option("--post", default="", help="岗位，先在执法岗位职责表（posts）登记")
@click.option("--domain", default="", help="领域，如 市场监管")
@on_option
@xlsx_option
@json_option
@click.pass_context
def basis_command(
    ctx: click.Context, post: str, domain: str, on: date | None, out: Path | None, as_json: bool
) -> None:
    from app.api import office

    base, day = open_base(ctx), on or clock.today()
    data = office.basis_list(base, day, post=post, domain=domain)
    if out is not None:
        write_file(_xlsx(out), office.basis_xlsx(base, day, at=clock.now(), post=post, domain=domain))

    def text() -> str:
        lines = [
            f"{r['post']} {r['domain']}  {r['citation']}（{r['use']}）：{'；'.join(r['violations'])}".strip()
            for r in data["rows"]
        ]
        return "\n".join([*lines, f"共 {len(lines)} 条依据" + (f"，已写出 {out}" if out else "")])

    emit(data, as_json, text)


def _xlsx(out: Path) -> Path:
    if out.suffix.lower() != ".xlsx":
        raise WrongUse(f"不能写成 {out.suffix or '没有后缀的文件'}", where="-o", hint="写成 .xlsx")
    return out
