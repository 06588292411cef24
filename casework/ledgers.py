"""The ledgers (台账): which there are, their columns, and their rows as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from casework import bodies
from casework import schema as t
from casework.masking import masked_name, masked_text
from casework.unread import Unread, readable
from kb.errors import BadValue, NotFound
from kb.records import DOMAINS
from kb.store import Store

IN_FORCE, VOID = "有效", "作废"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger.

    Attributes:
        name: identifier; ``title``: as printed.
        basis: what asks for it.
        columns: (key, heading) in order, besides number, day, case and state.
        types: the document types whose issue enters a row.
        required: the columns that an entry by hand owes.
        days, moments: the columns that hold a day, or a day and time.
        choices: the columns that hold one of some words.
        private: the columns that hold a person's name, blotted out for others.
        standing: a table that holds over the years, shown whole unless a year is asked for.
    """

    name: str
    title: str
    basis: str
    columns: tuple[tuple[str, str], ...]
    types: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    standing: bool = False


NOTICE = "《南安市人民政府办公室关于进一步规范行政执法的通知》（南政办内传〔2021〕36号）"
SHOWN, WITHDRAWN, ENDED = "公示", "撤回", "停止公示"
PLANNED, HELD, CANCELLED = "计划", "实施", "取消"
_WHO = (("party", "当事人"), ("cause", "案由"), ("officers", "承办人"))
LEDGERS = (
    Ledger(
        "filing",
        "受案立案登记台账",
        "《中华人民共和国行政处罚法》第五十四条第二款",
        (("name", "登记事项"), ("source", "案件来源"), *_WHO, ("outcome", "处理意见"), ("number", "文号")),
        ("lead_register", "filing_approval"),
        ("source", "cause"),
    ),
    Ledger(
        "on_the_spot",
        "当场处罚登记台账",
        "《中华人民共和国行政处罚法》第五十二条第三款",
        (("number", "文号"), *_WHO, ("penalty", "处罚内容"), ("payment", "缴款方式")),
        ("on_the_spot_decision",),
        ("number", "party", "penalty"),
    ),
    Ledger(
        "entrustment",
        "委托执法登记台账",
        "《中华人民共和国行政处罚法》第二十条",
        (
            ("organ", "受委托组织"), ("matters", "委托事项"), ("powers", "权限"), ("until", "期限届满"),
            ("published", "公布日期和地址"), ("filed_superior", "报上一级机关备案日期"),
            ("filed_justice", "报司法行政部门备案日期"), ("number", "委托书文号"),
        ),
        ("entrustment_agreement",),
        ("organ", "matters", "until"),
        standing=True,
    ),
    Ledger(
        "guidance",
        "行政执法提示单登记台账",
        "《中华人民共和国行政处罚法》第六条",
        (("number", "文号"), *_WHO, ("deadline", "整改期限")),
        ("guidance_note",),
        ("party", "cause"),
    ),
    Ledger(
        "transfer",
        "案件移送登记台账",
        "《行政执法机关移送涉嫌犯罪案件的规定》第四条",
        (("name", "移送文书"), ("number", "文号"), *_WHO, ("to", "受移送机关"), ("receipt", "回执")),
        ("case_transfer", "crime_transfer"),
        ("to", "cause"),
    ),
    Ledger(
        "goods",
        "涉案物品台账",
        "《中华人民共和国行政强制法》第二十六条",
        (
            ("name", "物品"), ("spec", "规格型号"), ("quantity", "数量"), ("value", "价值"),
            ("owner", "所有人"), ("place", "存放地点"), ("status", "现状"), ("number", "依据的文书"),
            ("disposal", "处理结果"), ("disposed_on", "处理日期"),
        ),
        (),
        ("name", "quantity", "place"),
    ),
    Ledger(
        "service",
        "送达台账",
        "《中华人民共和国行政处罚法》第六十一条",
        (
            ("name", "文书"), ("number", "文号"), ("party", "受送达人"), ("mode", "送达方式"),
            ("at", "送达时间"), ("receiver", "签收人"), ("place", "送达地点"), ("officers", "送达人"),
        ),
        (),
        ("name", "party", "mode"),
    ),
    Ledger(
        "recordings",
        "执法音像记录目录",
        "《中华人民共和国行政处罚法》第四十七条",
        (
            ("file", "文件名"), ("sha256", "校验值"), ("device", "记录设备"), ("start", "开始时间"),
            ("end", "结束时间"), ("officer", "执法人员"), ("paper", "对应的文书"), ("place", "存放处"),
        ),
        (),
        ("file", "sha256", "device", "start", "end", "officer", "place"),
        moments=("start", "end"),
    ),
    Ledger(
        "publication",
        "行政处罚信息公示台账",
        "《中华人民共和国行政处罚法》第四十八条",
        (("deed", "事项"), ("number", "文号"), ("address", "公示的网址"), ("why", "理由")),
        (),
        ("deed", "number"),
        choices={"deed": (SHOWN, WITHDRAWN, ENDED)},
    ),
    Ledger(
        "inspections",
        "涉企行政检查台账",
        NOTICE + "第26项",
        (
            ("deed", "计划或者实施"), ("enterprise", "被检查的企业"), ("code", "统一社会信用代码"),
            ("mode", "检查方式"), ("matter", "检查事项"), ("officers", "检查人员"), ("result", "检查结果"),
        ),
        (),
        ("deed", "enterprise", "matter"),
        choices={"deed": (PLANNED, HELD, CANCELLED)},
    ),
    Ledger(
        "organs",
        "行政执法主体名录",
        "《中华人民共和国行政处罚法》第十七条",
        (
            ("name", "名称"), ("nature", "性质"), ("powers", "职权依据"), ("confirmed", "确认公布日期"),
            ("expires", "有效期届满"), ("remark", "备注"),
        ),
        (),
        ("name", "nature", "powers", "confirmed"),
        days=("confirmed", "expires"),
        choices={"nature": ("法定行政机关", "法律法规授权的组织", "受委托的组织")},
        standing=True,
    ),
    Ledger(
        "staff",
        "行政执法人员名册",
        "《中华人民共和国行政处罚法》第四十二条第一款",
        (
            ("name", "姓名"), ("certificate", "执法证件号"), ("organ", "所属机关"), ("post", "岗位"),
            ("expires", "证件有效期届满"), ("left", "注销或者收回日期"), ("remark", "备注"),
        ),
        (),
        ("name", "certificate", "expires"),
        days=("expires", "left"),
        standing=True,
    ),
    Ledger(
        "posts",
        "执法岗位职责表",
        NOTICE + "第9项",
        (("post", "岗位"), ("domain", "领域"), ("unit", "机构"), ("duty", "职责")),
        (),
        ("post", "domain", "duty"),
        choices={"domain": DOMAINS},
        standing=True,
    ),
    Ledger(
        "risks",
        "重大执法活动风险评估登记",
        NOTICE + "第19项",
        (
            ("action", "执法行动"), ("planned", "拟实施时间"), ("place", "地点"), ("legality", "合法性"),
            ("risks", "风险和措施"), ("plan", "应急预案"), ("conclusion", "评估结论"), ("assessor", "评估人"),
        ),
        ("risk_assessment",),
        ("action", "risks", "conclusion"),
        moments=("planned",),
    ),
    Ledger(
        "interference",
        "干预、插手案件办理记录",
        NOTICE + "第33项",
        (
            ("who", "干预人"), ("relation", "与当事人的关系"), ("happened", "发生时间"), ("place", "地点"),
            ("ways", "方式"), ("content", "干预的内容"), ("reply", "答复"), ("effect", "对办案的影响"),
        ),
        ("interference_record",),
        ("who", "happened", "ways", "content"),
        moments=("happened",),
        private=("who",),
    ),
)  # fmt: skip
BY_NAME = {ledger.name: ledger for ledger in LEDGERS}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``case_state`` is what became of its case, ``why`` the reason it is void.

    ``unread``: its case can't be read, so that the row stands as it was entered.
    """

    ledger: str
    year: int
    number: int
    day: date
    case: str
    case_state: str
    document: int | None
    cells: Mapping[str, str]
    state: str
    author: str
    at: str
    why: str
    unread: Unread | None = None

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in self.__slots__ if n != "unread"}
        return said | {"day": self.day.isoformat(), "cells": dict(self.cells)}


def ledger_of(name: str) -> Ledger:
    """A ledger by its identifier or its title.

    Raises:
        NotFound: there is none.
    """
    found = BY_NAME.get(name) or next((x for x in LEDGERS if x.title == name), None)
    if found is None:
        raise NotFound(f"没有台账“{name}”", hint="有 " + "、".join(f"{x.name}（{x.title}）" for x in LEDGERS))
    return found


def check_cells(ledger: Ledger, cells: Mapping[str, str]) -> None:
    """Whether days are days, times times, and words those the column knows.

    Raises:
        BadValue: one is not.
    """
    titles = dict(ledger.columns)
    for key, text in cells.items():
        read = date if key in ledger.days else datetime if key in ledger.moments else None
        if not text:
            continue
        if read is not None:
            try:
                read.fromisoformat(text)
            except ValueError:
                hint = "写成 2026-09-08" + ("T09:10" if read is datetime else "")
                raise BadValue(f"{titles[key]}“{text[:40]}”读不懂", where=key, hint=hint) from None
        if text not in ledger.choices.get(key, (text,)):
            hint = "可以写：" + "、".join(ledger.choices[key])
            raise BadValue(f"{titles[key]}没有“{text[:40]}”", where=key, hint=hint)


# ---------------------------------------------------------------- reading


def rows(store: Store, name: str, year: int | None, *, masked: bool = True) -> list[Row]:
    """The rows of a ledger and year in order, void ones too; goods with what became of them since.

    Args:
        year: None: those of every year.
        masked: natural persons' names are blotted out.
    """
    with store.connected() as conn:
        return select(conn, name, year, masked=masked)


def in_force(store: Store, name: str) -> list[Row]:
    """The rows of a register that stands over the years, void ones left out."""
    return [r for r in rows(store, name, None, masked=False) if r.state != VOID]


def select(conn: sa.Connection, name: str, year: int | None, *, masked: bool = True) -> list[Row]:
    """The same within a transaction."""
    ledger, c = ledger_of(name), t.ledger_row.c
    body = t.case_file.c.body if ledger.name == "goods" else sa.literal("")
    fits = [c.ledger == ledger.name, *([] if year is None else [c.year == year])]
    return [_row(ledger, r, masked) for r in conn.execute(_query(body, *fits))]


def rows_of(store: Store, case: str, *, masked: bool = True) -> list[Row]:
    """The rows of one case in every ledger, as `rows`."""
    query = _query(t.case_file.c.body, t.ledger_row.c.case == case)
    with store.connected() as conn:
        found = conn.execute(query).all()
    return [_row(ledger_of(r.ledger), r, masked) for r in found]


def _query(body: Any, *fits: Any) -> Any:
    c = t.ledger_row.c
    return (
        sa.select(t.ledger_row, t.case_file.c.state.label("case_state"), body.label("body"))
        .join(t.case_file, t.case_file.c.id == c.case, isouter=True)
        .where(*fits)
        .order_by(c.ledger, c.year, c.number)
    )


def _row(ledger: Ledger, r: sa.Row[Any], masked: bool) -> Row:
    cells, unread = json.loads(r.cells), list[Unread]()
    if r.body and ledger.name == "goods":
        cells |= _since(readable(unread, r.case, partial(bodies.load, r.body, r.case)) or {}, cells)
    shown = json.loads(cells.pop("_masked", "{}")) if masked else {}
    cells.pop("_masked", None)
    known = {key: str(shown.get(key, cells.get(key, ""))) for key, _ in ledger.columns}
    if masked:
        known = {
            key: masked_name(text) if key in ledger.private else masked_text(text)
            for key, text in known.items()
        }
    return Row(
        ledger.name, r.year, r.number, r.day, r.case or "", r.case_state or "", r.document, known,
        r.state, r.author, r.at, r.why, next(iter(unread), None),
    )  # fmt: skip


def _since(body: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str]:
    """What the case says today of goods that were entered earlier."""
    for g in bodies.rows_of(body, "goods"):
        if (g.get("name"), g.get("spec") or "") == (cells["name"], cells["spec"]):
            return {k: str(g[k]) for k in ("status", "place", "disposal", "disposed_on") if g.get(k)}
    return {}


def table(ledger: Ledger, found: Iterable[Row]) -> list[list[str]]:
    """A ledger as lines of text, its headings first."""
    head = ["编号", "日期", *(title for _, title in ledger.columns), "案件", "案件状态", "备注"]
    lines = [
        [
            f"{r.year}-{r.number}", r.day.isoformat(), *(r.cells[key] for key, _ in ledger.columns),
            r.case, r.case_state, f"作废：{r.why}" if r.state == VOID else "",
        ]
        for r in found
    ]  # fmt: skip
    return [head, *lines]
