"""The ledgers (台账): which there are, their columns, and their rows as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from casework import schema as t
from casework.masking import masked_text
from kb.errors import NotFound
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
    """

    name: str
    title: str
    basis: str
    columns: tuple[tuple[str, str], ...]
    types: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


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
            ("published", "公布日期和地址"), ("reported", "报备机关和日期"), ("number", "委托书文号"),
        ),
        (),
        ("organ", "matters", "until"),
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
)  # fmt: skip
BY_NAME = {ledger.name: ledger for ledger in LEDGERS}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``case_state`` is what became of its case, ``why`` the reason it is void."""

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

    def to_dict(self) -> dict[str, Any]:
        said = {n: getattr(self, n) for n in self.__slots__}
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


# ---------------------------------------------------------------- reading


def rows(store: Store, name: str, year: int, *, masked: bool = True) -> list[Row]:
    """The rows of a ledger and year in order, void ones too; goods with what became of them since.

    Args:
        masked: natural persons' names are blotted out.
    """
    ledger, c = ledger_of(name), t.ledger_row.c
    body = t.case_file.c.body if ledger.name == "goods" else sa.literal("")
    query = (
        sa.select(t.ledger_row, t.case_file.c.state.label("case_state"), body.label("body"))
        .join(t.case_file, t.case_file.c.id == c.case, isouter=True)
        .where(c.ledger == ledger.name, c.year == year)
        .order_by(c.number)
    )
    with store.connected() as conn:
        return [_row(ledger, r, masked) for r in conn.execute(query)]


def _row(ledger: Ledger, r: sa.Row[Any], masked: bool) -> Row:
    cells = json.loads(r.cells)
    if r.body:
        cells |= _since(json.loads(r.body), cells)
    shown = json.loads(cells.pop("_masked", "{}")) if masked else {}
    cells.pop("_masked", None)
    known = {key: str(shown.get(key, cells.get(key, ""))) for key, _ in ledger.columns}
    if masked:
        known = {key: masked_text(text) for key, text in known.items()}
    return Row(
        ledger.name, r.year, r.number, r.day, r.case or "", r.case_state or "", r.document, known,
        r.state, r.author, r.at, r.why,
    )  # fmt: skip


def _since(body: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, str]:
    """What the case says today of goods that were entered earlier."""
    for g in body.get("goods") or []:
        if isinstance(g, Mapping) and (g.get("name"), g.get("spec") or "") == (cells["name"], cells["spec"]):
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
