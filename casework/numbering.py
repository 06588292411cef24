"""Numbers without gaps: a series moves on in the transaction that stores what bears the number.

A transaction that fails gives its number back; a paper that is spoiled keeps it as 作废. So every number from
the first of a series to its last stands in a row, and `gaps` says where one doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from casework import schema as t
from generator.catalogue import DocumentType
from generator.numbers import CODES, code_of
from generator.particulars import NUMBER
from generator.subject import Uses
from kb.errors import BadValue
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    from casework.writing import CaseWriter

DOCUMENTS = "document"
"""The name under which the counters of document numbers (文号) stand, a code and year each."""


@dataclass(frozen=True, slots=True)
class Series:
    """One run of numbers: of a ledger and year, or of a document code and year."""

    ledger: str
    year: int
    code: str = ""

    def text(self, number: int) -> str:
        """示综执罚〔2026〕5号 of a document; 2026-5 of a ledger."""
        if self.ledger != DOCUMENTS:
            return f"{self.year}-{number}"
        code, _, own = self.code.partition("〔〕")
        return f"{code}〔{self.year}〕{own}{number}号"


def series_of(base: Snapshot, kind: DocumentType, day: date) -> Series | None:
    """The series a document type takes its number from on a day; None where it bears no number of its own.

    Raises:
        NotLoaded: it owes a number, but no code is loaded for it.
    """
    uses = Uses(base)
    owes = kind.serial or kind.type in uses.setting(CODES, day).value
    return Series(DOCUMENTS, day.year, code_of(kind, uses, day)) if owes else None


def parse(text: str) -> tuple[Series, int]:
    """Read a whole document number: 示综执罚〔2026〕5号, （示）应急罚〔2026〕综合-15号.

    Raises:
        BadValue: it is none.
    """
    found = NUMBER.fullmatch(re.sub(r"\s", "", text))
    if not found:
        raise BadValue(f"“{text[:40]}”不是文号", hint="写成 示综执罚〔2026〕5号，或者只写序号，由系统编号")
    own = f"〔〕{found['series']}" if found["series"] else ""
    return Series(DOCUMENTS, int(found["year"]), found["code"] + own), int(found["n"])


def same(text: str, said: int | str | None) -> bool:
    """Whether what a case says (5, or the whole number) means this document number."""
    if isinstance(said, int):
        return bool(re.search(rf"(?<!\d){said}号$", text))
    return said is not None and re.sub(r"\s", "", said) == text


def _at(series: Series) -> sa.ColumnElement[bool]:
    c = t.counter.c
    return (c.ledger == series.ledger) & (c.year == series.year) & (c.code == series.code)


def last(conn: sa.Connection, series: Series) -> int:
    """The newest number of a series; 0 where it has none."""
    return int(conn.execute(sa.select(t.counter.c.value).where(_at(series))).scalar() or 0)


def take(conn: sa.Connection, series: Series, count: int = 1) -> range:
    """Move the series on; only inside the one writer's transaction.

    Returns:
        the numbers taken, which the same transaction has to store.
    """
    value = last(conn, series)
    if value or conn.execute(sa.select(t.counter.c.first).where(_at(series))).first():
        conn.execute(sa.update(t.counter).where(_at(series)).values(value=value + count))
    else:
        row = {"ledger": series.ledger, "year": series.year, "code": series.code}
        conn.execute(sa.insert(t.counter).values(**row, value=count, first=1))
    return range(value + 1, value + count + 1)


def begin(w: CaseWriter, series: Series, used: int) -> None:
    """Let a series go on from numbers that were given before this program kept them; the log says so.

    Args:
        used: the last number given elsewhere.

    Raises:
        BadValue: the series has begun here already, or `used` is no number.
    """
    if used < 1:
        raise BadValue("已用到的号码应当大于零", where=series.text(used), hint="从1号开始编的不用设置")
    if w.conn.execute(sa.select(t.counter.c.value).where(_at(series))).first():
        now = series.text(last(w.conn, series))
        raise BadValue(f"已经编到 {now}", hint="已经开始编号的不能再改起点")
    row = {"ledger": series.ledger, "year": series.year, "code": series.code}
    w.conn.execute(sa.insert(t.counter).values(**row, value=used, first=used + 1))
    w.log("起编", ledger=series.ledger, used=series.text(used))


def gaps(first: int, value: int, numbers: Iterable[int]) -> list[int]:
    """The numbers that ought to stand in a row and don't, and those that stand in one and ought not to."""
    return sorted(set(range(first, value + 1)) ^ set(numbers))
