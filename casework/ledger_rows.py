"""Rows of the ledgers (台账): what was filed, issued, served, taken or transferred, numbered without gaps.

Rows come by themselves from the issued papers of a case, in the transaction that stores them; what has no
paper here (an entrustment, a lead on the telephone) is entered by hand. A wrong row is void and keeps its
number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from casework import schema as t
from casework.ledgers import IN_FORCE, LEDGERS, VOID, check_cells, ledger_of
from casework.masking import masked_cells, party_shown
from casework.numbering import Series, last, take
from generator.casefile import CaseFile, Party
from generator.catalogue import RECEIPT, document_type
from generator.events import Event, events
from generator.papers import Served
from kb.errors import BadValue, Conflict, NotFound

if TYPE_CHECKING:
    from casework.writing import CaseWriter, StoredCase


BY_VALUES = ("risks", "interference")
"""Registers whose columns are the own fields of their document type, by the same names."""


def follow(w: CaseWriter, now: StoredCase) -> None:
    """Enter what the issued papers of a case owe to the ledgers and what isn't there yet."""
    c, d = t.ledger_row.c, t.document.c
    query = sa.select(t.document).where(d.case == now.id, d.state == "已签发").order_by(d.id)
    issued = w.conn.execute(query).all()
    if not issued or now.fault:
        return
    query = sa.select(c.ledger, c.document, c.cells).where(c.case == now.id, c.state == IN_FORCE)
    there = {_identity(ledger, doc, json.loads(cells)) for ledger, doc, cells in w.conn.execute(query)}
    case, entered = now.case, dict[str, str]()
    for ledger, doc, day, cells in _owed(case, issued):
        if _identity(ledger, doc.id, cells) not in there:
            kept = cells | {"_masked": json.dumps(masked_cells(now.body, cells), ensure_ascii=False)}
            entered |= _enter(w, ledger, kept, day, now.id, doc.id)[1]
    if entered:
        w.log("台账", now.id, rows=entered)


def _identity(ledger: str, document: int | None, cells: Mapping[str, str]) -> tuple[Any, ...]:
    goods = (cells.get("name"), cells.get("spec")) if ledger == "goods" else ()
    return (ledger, document, *goods)


def _owed(
    case: CaseFile, issued: Sequence[sa.Row[Any]]
) -> Iterator[tuple[str, sa.Row[Any], date, dict[str, str]]]:
    """Every row the papers of a case owe: ledger, paper, day, cells."""
    line = [e for e in events(case) if not e.void]
    for doc in issued:
        who = _who(case, case.parties[doc.party - 1])
        for ledger in LEDGERS:
            if doc.type in ledger.types:
                cells = who | _own_cells(case, ledger.name, doc) | {"number": doc.number_text}
                yield ledger.name, doc, doc.day, cells
        for goods in case.goods:
            if goods.paper and goods.paper == doc.key and doc.type != RECEIPT:
                yield "goods", doc, doc.day, _goods_cells(goods) | {"number": doc.number_text}
        for event in line:
            same = event.type == doc.type and event.key in ("", doc.key) and event.party in (None, doc.party)
            if same and event.served_on:
                yield "service", doc, event.served_on, who | _service_cells(event, doc)
                break


def _who(case: CaseFile, party: Party) -> dict[str, str]:
    said = party.model_dump(include={"kind", "name", "trade_name"})
    return {
        "party": party_shown(said, masked=False),
        "cause": case.cause or "、".join(v.benchmark for v in case.violations),
        "officers": "、".join(o.name for o in case.officers),
    }


def _own_cells(case: CaseFile, ledger: str, doc: sa.Row[Any]) -> dict[str, str]:
    """What one ledger asks of its own."""
    values = next((p.values for p in case.papers if p.key == doc.key), {})
    if ledger == "filing":
        source = str(values.get("origin") or case.source or "")
        outcome = str(values.get("decision") or values.get("handling") or "")
        return {"name": document_type(doc.type).name, "source": source, "outcome": outcome}
    if ledger == "on_the_spot":
        own = [v for v in case.violations if v.party == doc.party]
        fines = [f"罚款{v.fine:f}元" for v in own if v.fine is not None]
        words = [*fines, *(m.kind for v in own for m in v.measures)]
        return {"penalty": "；".join(words), "payment": case.on_the_spot.payment}
    if ledger == "entrustment":
        return _entrusted(case, values)
    if ledger == "guidance":
        day = case.guidance_note.deadline
        return {"deadline": day.isoformat() if day else ""}
    if ledger in BY_VALUES:
        return {key: _written(values.get(key, "")) for key, _ in ledger_of(ledger).columns}
    approved: Iterator[Any] = (p.values.get("receiver") for p in case.papers if p.type == "crime_approval")
    return {
        "name": document_type(doc.type).name,
        "to": str(values.get("receiver") or next(approved, None) or ""),
        "receipt": str(values.get("police_filed_on", "")),
    }


def _entrusted(case: CaseFile, values: Mapping[str, Any]) -> dict[str, str]:
    """What an entrustment paper says for the register (行政处罚法 20(2))."""
    known = case.organ.entrusted
    rows = [row for row in values.get("matters") or [] if isinstance(row, Mapping)]
    joined = {k: "、".join(dict.fromkeys(str(r[k]) for r in rows if r.get(k))) for k in ("name", "power")}
    until = values.get("until") or (known.until.isoformat() if known and known.until else "")
    published = " ".join(str(values[k]) for k in ("published_on", "published_at") if values.get(k))
    return {
        "organ": str(values.get("body") or (known.body if known else "")),
        "matters": joined["name"],
        "powers": joined["power"],
        "until": str(until),
        "published": published,
        "filed_superior": str(values.get("filed_superior_on") or ""),
        "filed_justice": str(values.get("filed_justice_on") or ""),
    }


def _written(value: Any) -> str:
    """An own field as one line: a person or a row by its parts, a list by its members."""
    if isinstance(value, Mapping):
        return "，".join(filter(None, map(_written, value.values())))
    if isinstance(value, list):
        return "；".join(map(_written, value))
    return "" if value is None else " ".join(str(value).split())


def _goods_cells(goods: Any) -> dict[str, str]:
    quantity = f"{goods.quantity.normalize():f}{goods.unit or ''}" if goods.quantity is not None else ""
    said = {
        "name": goods.name, "spec": goods.spec, "quantity": quantity,
        "value": f"{goods.value:f}" if goods.value is not None else "", "owner": goods.owner,
        "place": goods.place, "status": goods.status, "disposal": goods.disposal,
        "disposed_on": goods.disposed_on,
    }  # fmt: skip
    return {key: "" if value is None else str(value) for key, value in said.items()}


def _service_cells(event: Event, doc: sa.Row[Any]) -> dict[str, str]:
    """How a paper reached the party."""
    record = event.served or Served(at=event.served_on)
    at = (
        record.at.isoformat(" ", "minutes")
        if isinstance(record.at, datetime)
        else str(record.at or event.served_on)
    )
    cells = {key: getattr(record, key) or "" for key in ("mode", "receiver", "place")}
    return cells | {"at": at, "name": document_type(doc.type).name, "number": doc.number_text}


# ---------------------------------------------------------------- entering and voiding


def add(
    w: CaseWriter, name: str, cells: Mapping[str, str], *, day: date, case: str = "", year: int | None = None
) -> str:
    """Enter a row by hand.

    Args:
        cells: by column key; ``day``: when what is entered happened; its year unless `year` says otherwise.

    Returns:
        the number of the row: ``2026-5``.

    Raises:
        NotFound: no such ledger or case.
        BadValue: an unknown column, one that is owed is empty, or one holds what it can't.
    """
    ledger = ledger_of(name)
    titles = dict(ledger.columns)
    if unknown := next((k for k in cells if k not in titles), None):
        hint = "可以写：" + "、".join(f"{k}（{v}）" for k, v in titles.items())
        raise BadValue(f"《{ledger.title}》没有“{unknown}”这一栏", where=unknown, hint=hint)
    if missing := [titles[k] for k in ledger.required if not str(cells.get(k) or "").strip()]:
        raise BadValue(f"《{ledger.title}》缺少" + "、".join(missing), where=name, hint="补上这些栏再登记")
    if case:
        w.current(case)
    text = {k: str(v).strip() for k, v in cells.items()}
    check_cells(ledger, text)
    number, rows = _enter(w, ledger.name, text, day, case or None, None, year)
    w.log("台账", case, rows=rows)
    return number


def _enter(
    w: CaseWriter,
    ledger: str,
    cells: Mapping[str, str],
    day: date,
    case: str | None,
    document: int | None,
    year: int | None = None,
) -> tuple[str, dict[str, str]]:
    run = Series(ledger, year or w.at.year)
    (number,) = take(w.conn, run)
    row = {
        "ledger": ledger,
        "year": run.year,
        "number": number,
        "day": day,
        "case": case,
        "document": document,
    }
    text = json.dumps(cells, ensure_ascii=False)
    w.conn.execute(sa.insert(t.ledger_row).values(**row, cells=text, state=IN_FORCE, why="", **w.stamp))
    return run.text(number), w.rows(t.ledger_row, _row(ledger, run.year, number))


def _row(ledger: str, year: int, number: int) -> sa.ColumnElement[bool]:
    c = t.ledger_row.c
    return (c.ledger == ledger) & (c.year == year) & (c.number == number)


def void_rows(w: CaseWriter, document: int, why: str) -> dict[str, str]:
    """Declare the rows of a void paper void; gives what the log is told of them."""
    c = t.ledger_row.c
    mine = (c.document == document) & (c.state == IN_FORCE)
    w.conn.execute(sa.update(t.ledger_row).where(mine).values(state=VOID, why=why))
    return w.rows(t.ledger_row, c.document == document)


def void_row(w: CaseWriter, name: str, year: int, number: int, why: str) -> str:
    """Declare one row void; a right one is entered anew.

    Returns:
        its number: ``2026-5``.

    Raises:
        NotFound: no such row.
        BadValue: no reason.
        Conflict: it is void already.
    """
    ledger, c = ledger_of(name), t.ledger_row.c
    if not why.strip():
        raise BadValue("没有写明作废的理由", where="--why", hint="写明哪里登记错了")
    this = _row(ledger.name, year, number)
    state = w.conn.execute(sa.select(c.state, c.case).where(this)).first()
    if state is None:
        hint = f"编到{last(w.conn, Series(ledger.name, year))}号"
        raise NotFound(f"《{ledger.title}》没有{year}年{number}号", hint=hint)
    if state.state == VOID:
        raise Conflict(f"《{ledger.title}》{year}年{number}号已经作废", hint="不必再作废")
    w.conn.execute(sa.update(t.ledger_row).where(this).values(state=VOID, why=why.strip()))
    w.log("台账作废", state.case or "", rows=w.rows(t.ledger_row, this), why=why.strip())
    return Series(ledger.name, year).text(number)


def fill_row(w: CaseWriter, name: str, year: int, number: int, cells: Mapping[str, str]) -> str:
    """Write into the empty columns of a row what came to pass since: a filing date, a receipt.

    What stands in a column stays; a wrong row is declared void and entered anew.

    Returns:
        its number: ``2026-5``.

    Raises:
        NotFound: no such row.
        BadValue: an unknown column.
        Conflict: the row is void, or something else stands in the column.
    """
    ledger, c = ledger_of(name), t.ledger_row.c
    titles, this = dict(ledger.columns), _row(ledger.name, year, number)
    found = w.conn.execute(sa.select(c.state, c.case, c.cells).where(this)).first()
    if found is None:
        hint = f"编到{last(w.conn, Series(ledger.name, year))}号"
        raise NotFound(f"《{ledger.title}》没有{year}年{number}号", hint=hint)
    if found.state == VOID:
        raise Conflict(f"《{ledger.title}》{year}年{number}号已经作废", hint="正确的另登记一条")
    new = json.loads(found.cells)
    for key, text in cells.items():
        if key not in titles:
            hint = "可以写：" + "、".join(f"{k}（{v}）" for k, v in titles.items())
            raise BadValue(f"《{ledger.title}》没有“{key}”这一栏", where=key, hint=hint)
        if new.get(key) and new[key] != str(text).strip():
            hint = "补填只写空着的栏；登记错了的，作废后另登记一条"
            raise Conflict(f"“{titles[key]}”已经写了 {new[key]}", where=f"{year}-{number}", hint=hint)
        new[key] = str(text).strip()
    changed = json.dumps(new, ensure_ascii=False)
    w.conn.execute(sa.update(t.ledger_row).where(this).values(cells=changed))
    w.log("台账补填", found.case or "", rows=w.rows(t.ledger_row, this))
    return Series(ledger.name, year).text(number)
