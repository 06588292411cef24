"""What an office keeps and shows besides its cases, as data and files: what commands and pages share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.api.cases import NOBODY, cases_of
from app.base import Base
from casework.ledger_files import workbook
from casework.ledgers import Row, ledger_of
from casework.ledgers import table as ledger_table
from casework.masking import masked_cells, sees_personal
from casework.unread import Unread
from kb.errors import WrongUse

if TYPE_CHECKING:
    from casework.office.publication import Publication
    from casework.office.rekeying import Line
    from casework.office.scoring import Sheet


def overview(base: Base, on: date) -> dict[str, Any]:
    """What waits for somebody on a day: expiries, publications, reviews, inspections."""
    shown, reviews = publication_list(base, on), review_list(base, on)
    inspections = inspection_list(base, on.year, on)
    clashing = clash_list(base)
    unread = {u["case"]: u for part in (inspections, shown, reviews, clashing) for u in part["unread"]}
    return {
        "on": on.isoformat(),
        "endings": ending_list(base, on),
        "publications": [p for p in shown["publications"] if p["state"] in ("待公示", "应当撤回")],
        "reviews": [r for r in reviews["cases"] if r["open"]],
        "inspections": inspections,
        "clashes": clashing["clashes"],
        "unread": list(unread.values()),
    }


def clash_list(base: Base) -> dict[str, Any]:
    """Officers who are in the records of two cases at the same time (`clashes.clashes`)."""
    from casework.office.clashes import clashes

    unread: list[Unread] = []
    found = clashes(base.store, unread)
    return {"clashes": [c.to_dict() for c in found], "unread": [u.to_dict() for u in unread]}


def ending_list(base: Base, on: date) -> dict[str, Any]:
    """Certificates, organs and entrustments that ended or soon will (`rosters.endings`)."""
    from casework.office.rosters import endings

    found, note = endings(base.store, base.snapshot(), on)
    return {"rows": [e.to_dict() for e in found], "note": note}


# ---------------------------------------------------------------- publication


def publication_list(base: Base, on: date) -> dict[str, Any]:
    """Every decision that is shown, is to be shown, or was."""
    unread: list[Unread] = []
    rows = _publications(base, on, unread)
    return {
        "on": on.isoformat(),
        "publications": [p.to_dict() for p in rows],
        "unread": [u.to_dict() for u in unread],
    }


def _publications(base: Base, on: date, unread: list[Unread]) -> list[Publication]:
    from casework.office.publication import publications

    return publications(base.store, base.snapshot(), on, unread)


def public_files(base: Base, on: date) -> dict[str, bytes]:
    """The list for the public as two files: what is shown on the day, and nothing of the cases."""
    from casework.office.publication import FIELDS, SHOWING, public_page

    rows = _publications(base, on, [])
    organ = rows[0].summary["organ"] if rows else ""
    shown = [p.public for p in rows if p.state == SHOWING]
    titles = dict(FIELDS) | {"published": "公示日期", "until": "公示截止日期"}
    data = {"organ": organ, "on": on.isoformat(), "fields": titles, "decisions": shown}
    return {
        "publications.json": json.dumps(data, ensure_ascii=False, indent=1).encode(),
        "index.html": public_page(rows, organ, on).encode(),
    }


def publish(base: Base, which: str, *, day: date, address: str, by: str, at: datetime) -> dict[str, Any]:
    """Enter that a decision was published. Raises NotFound, BadValue, Conflict."""
    from casework.office import publication

    with cases_of(base).writing(by=by, at=at) as w:
        number = publication.publish(w, base.snapshot(), which, day=day, address=address)
    return {"number": which, "row": number, "day": day.isoformat()}


def take_back(
    base: Base, which: str, *, day: date, why: str, ended: bool, by: str, at: datetime
) -> dict[str, Any]:
    """Enter that a decision was withdrawn, or its display ended. Raises NotFound, BadValue, Conflict."""
    from casework.office import publication

    with cases_of(base).writing(by=by, at=at) as w:
        number = publication.take_back(w, which, day=day, why=why, ended=ended)
    return {"number": which, "row": number, "day": day.isoformat()}


# ---------------------------------------------------------------- tables


def review_list(base: Base, on: date) -> dict[str, Any]:
    """The catalogue of decisions that need review, and every open case against it. Raises BadRecord."""
    from casework.office import reviewing

    names, unread = [key for key, _ in reviewing.COLUMNS], list[Unread]()
    rows = reviewing.rows(reviewing.matters(base.snapshot(), on))
    note = (
        ""
        if rows[1:]
        else "没有载入本机关的法制审核目录（设置 review/catalogue），只按行政处罚法第五十八条判断"
    )
    return {
        "on": on.isoformat(),
        "catalogue": [dict(zip(names, row, strict=True)) for row in rows[1:]],
        "note": note,
        "cases": [c.to_dict() for c in reviewing.tested(base.store, base.snapshot(), on, unread)],
        "unread": [u.to_dict() for u in unread],
    }


def review_xlsx(base: Base, on: date, *, at: datetime) -> bytes:
    from casework.office import reviewing

    rows = reviewing.rows(reviewing.matters(base.snapshot(), on))
    above = ["重大执法决定法制审核目录清单", f"截至{on}；依据：《中华人民共和国行政处罚法》第五十八条"]
    return workbook("审核目录", above, rows, at=at)


def inspection_list(base: Base, year: int, on: date) -> dict[str, Any]:
    """Planned and held inspections of a year, an enterprise a row."""
    from casework.office.inspections import of_year

    unread: list[Unread] = []
    found, note = of_year(base.store, base.snapshot(), year, on, unread)
    return {
        "year": year,
        "enterprises": [e.to_dict() for e in found],
        "note": note,
        "unread": [u.to_dict() for u in unread],
    }


def inspection_xlsx(base: Base, year: int, on: date, *, at: datetime) -> bytes:
    data = inspection_list(base, year, on)
    head = ["企业", "统一社会信用代码", "计划", "实施", "日期", "提醒"]
    lines = [
        [
            e["name"], e["code"], str(e["planned"]), str(e["held"]),
            "、".join(f"{v['day']}{v['deed']}" for v in e["visits"]), "；".join(e["warnings"]),
        ]
        for e in data["enterprises"]
    ]  # fmt: skip
    above = [f"涉企行政检查清单（{year}年）", data["note"]]
    return workbook(f"{year}年", [a for a in above if a], [head, *lines], at=at)


def basis_list(base: Base, on: date, *, post: str = "", domain: str = "") -> dict[str, Any]:
    """The provisions a post applies. Raises WrongUse."""
    from casework.office.inventory import inventory

    rows = inventory(base.store, base.snapshot(), on, post=post, domain=domain)
    return {"on": on.isoformat(), "rows": [r.to_dict() for r in rows]}


def basis_xlsx(base: Base, on: date, *, at: datetime, post: str = "", domain: str = "") -> bytes:
    from casework.office.inventory import inventory, table

    rows = inventory(base.store, base.snapshot(), on, post=post, domain=domain)
    return workbook("执法依据", [f"执法依据清单（{post or domain or '各岗位'}，{on}）"], table(rows), at=at)


# ---------------------------------------------------------------- one case


def recordings(base: Base, id: str, *, role: str = NOBODY) -> dict[str, Any]:
    """The recordings of a case and the papers that lack one. Raises NotFound, BadRecord, WrongUse."""
    from casework.office.recordings import gaps

    case = cases_of(base).read(id).case
    rows = _recording_rows(base, id, role)
    return {
        "case": id,
        "recordings": [r.to_dict() for r in rows],
        "gaps": [g.to_dict() for g in gaps(base.store, case)],
    }


def _recording_rows(base: Base, id: str, role: str) -> list[Row]:
    """The rows as a role may see them: a file is often named after the party."""
    from casework.office.recordings import index

    rows = index(base.store, id)
    if sees_personal(role):
        return rows
    body = cases_of(base).read(id).body
    return [replace(r, cells={**r.cells, **masked_cells(body, r.cells)}) for r in rows]


def recordings_xlsx(base: Base, id: str, *, at: datetime, role: str = NOBODY) -> bytes:
    lines = ledger_table(ledger_of("recordings"), _recording_rows(base, id, role))
    return workbook("音像记录", [f"执法音像记录目录：案件 {id}"], lines, at=at)


def add_recording(
    base: Base, id: str, path: Path, cells: Mapping[str, str], *, by: str, at: datetime
) -> dict[str, Any]:
    """Enter one recording of a case with the hash of its file. Raises NotFound, BadValue."""
    from casework.office import recordings as rooms

    with path.open("rb") as f:
        digest = rooms.sha256(f)
    known = dict(cells) | {"file": path.name, "sha256": digest}
    with cases_of(base).writing(by=by, at=at) as w:
        return {"case": id, "number": rooms.add(w, id, known), "sha256": digest}


def rekey(base: Base, id: str, on: date) -> list[Line]:
    """The fields of a case to be keyed in elsewhere. Raises NotFound, BadRecord."""
    from casework import documents
    from casework.office.rekeying import sheet

    case = cases_of(base).read(id).case
    return sheet(case, base.snapshot(), documents.documents(base.store, id), on)


def rekey_file(base: Base, id: str, suffix: str, *, on: date, by: str, at: datetime) -> bytes:
    """The same as a file, personal data included; the log says who took it. Raises WrongUse besides."""
    from casework.office.rekeying import COLUMNS, page

    if suffix not in (".xlsx", ".html"):
        raise WrongUse(
            f"录入表不能写成 {suffix or '没有后缀的文件'}", where="-o", hint="写成 .xlsx 或者 .html"
        )
    lines, title = rekey(base, id, on), f"执法平台录入表：案件 {id}"
    with cases_of(base).writing(by=by, at=at) as w:
        w.log("导出", id, sheet="录入表", suffix=suffix)
    if suffix == ".html":
        return page(title, lines).encode()
    return workbook("录入表", [title], [COLUMNS, *lines], at=at)


def score(base: Base, id: str, on: date) -> Sheet:
    """The score sheet of a case. Raises NotFound, BadRecord, BadPackage."""
    from casework.office.scoring import score as judged

    return judged(base.store, base.snapshot(), cases_of(base).read(id).case, on)


def score_file(sheet: Sheet, suffix: str, *, at: datetime) -> bytes:
    """The score sheet as .docx or .xlsx. Raises WrongUse."""
    from casework.office.scoring import to_docx, to_xlsx

    if suffix == ".docx":
        return to_docx(sheet)
    if suffix == ".xlsx":
        return to_xlsx(sheet, at=at)
    raise WrongUse(f"评分表不能写成 {suffix or '没有后缀的文件'}", where="-o", hint="写成 .docx 或者 .xlsx")
