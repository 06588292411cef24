"""A document type as a form for handwriting: constant text and what the settings say stay, fields are ruled.

Conditions are taken as met, so every passage that may be needed stands on the sheet; comparisons are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from generator import consequences as then
from generator.audit import Known, audit
from generator.casefile import case_from
from generator.catalogue import DocumentType, document_type
from generator.context import organ
from generator.docx_text import read_docx
from generator.drafting import CITED, Draft, printed, template_of, version
from generator.filters import PHRASES
from generator.numbers import code_of
from generator.ownvalues import BLANK, DAY, LINE, LINES, blank_own
from generator.phrases import Pulled, taken
from generator.provenance import Provenance
from generator.subject import EMPTY, Subject, Uses
from kb.errors import Refused
from kb.snapshot import Snapshot

OFFICERS = 2
_ROWS = re.compile(r"\{%tr for \w+ in own\.(\w+)")
DAYS = ("filed", "served_on", "reply_by", "held_on", "deadline", "found_on", "act_end", "reviewed_on")
"""Names of shared fields that are days."""
BOXES = ("warning", "fined", "by_bank", "in_cash", "cash_68_1", "cash_68_2", "cash_69")
PARTY = ("当事人", "代码或者证件号码", "住所（住址）", "单位负责人、经营者", "联系电话", "")


def blank(type: str, base: Snapshot, *, day: date, number: str = "") -> Draft:
    """One sheet for handwriting.

    Args:
        type: a document type (identifier or Chinese name).
        base: the snapshot whose settings and laws it carries.
        day: the day its constant citations are judged on.
        number: its number out of an issued block; ruled where empty.

    Raises:
        NotFound, NotLoaded: as `drafting.draft`.
        Refused: a constant citation is not proven on that day.
    """
    kind = document_type(type)
    subject = _stand_in(kind, base, day)
    template = template_of(kind)
    values = _ruled((f.name, f.use == "列表") for f in template.fields())
    values |= _known(subject, number)
    values["own"] = blank_own(kind.own, _tables(kind))
    for name in set(values) & {"remedy", "payment", "bank"}:
        values |= _settled(subject, name)
    values[PHRASES] = Pulled(subject.uses, day, kind.name, _line)
    draft = bool(subject.uses.examples())
    made = Provenance(kind.type, "", base.revision, version(kind), decided=day, draft=draft)
    data, provenance = printed(template, values, made, subject.uses)
    found = [f for f in audit(data, base, kind=kind, known=Known.of(provenance)) if f.code in CITED]
    if found:
        raise Refused(
            f"《{kind.name}》的空白表不能出具：{found[0].code} {found[0].message}",
            where=found[0].text,
            hint="改正模板中的引用",
            findings=[f.to_dict() for f in found],
        )
    examples = subject.uses.examples()
    notes = ("本表依据示例资料，只能作草稿：" + "、".join(examples),) if examples else ()
    return Draft(data, (), notes, bool(examples), provenance, taken(subject.uses))


def _line(label: str) -> str:
    """What stands for a blank of a phrase."""
    return DAY if label.endswith(("日期", "之日", "期限")) else LINE


def _stand_in(kind: DocumentType, base: Snapshot, day: date) -> Subject:
    """Nobody's case: what the settings say needs a day and a base, no facts."""
    case = case_from(
        {
            "schema": 1,
            "id": "blank",
            "parties": [
                {"kind": "individual", "name": LINE, "id_type": "证件", "id_number": LINE, "address": LINE}
            ],
            "violations": [{"benchmark": "blank", "act": day, "found_on": day}],
        }
    )
    return Subject(kind, case, case.parties[0], (), day, day, None, Uses(base))


def _known(subject: Subject, number: str) -> dict[str, Any]:
    kind = subject.kind
    lines = [{"label": label, "text": LINE} for label in PARTY if label]
    cells = [{"label": label, "text": BLANK} for label in PARTY]
    rows = [{"left": a, "right": b} for a, b in zip(cells[::2], cells[1::2], strict=True)]
    party = {"name": LINE, "lines": lines, "rows": rows}
    return {
        "type": kind.type,
        "name": kind.name,
        "number": number or _number(subject),
        "date": DAY,
        "organ": organ(subject),
        "party": party,
        "parties": [party],
        "you": "你（单位）",
        "many": False,
        "annex": [],
        "publish": False,
    }


def _tables(kind: DocumentType) -> frozenset[str]:
    """The own lists that the template loops over the rows of a table with."""
    return frozenset(name for line in read_docx(kind.template) for name in _ROWS.findall(line.text))


def _number(subject: Subject) -> str:
    owed = any(f.path.endswith(".number") for f in subject.kind.fields)
    return f"{code_of(subject.kind, subject.uses, subject.day)}〔____〕____号" if owed else LINE


def _settled(subject: Subject, name: str) -> dict[str, Any]:
    if name == "remedy":
        remedy: dict[str, Any] = then.remedy(subject)
        if not then.court_setting(subject):
            remedy["remedy"]["court"] = then.addressed(LINE)
        return remedy
    terms, bank = then.payment_terms(subject)
    what = {"money": True, "fine": True, "what": "罚款", "goods": False, "other": False}
    return {"payment": what | terms, "bank": bank}


def _ruled(fields: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    """A ruled line for every field a template asks for, in the shape it asks for."""
    root: dict[str, Any] = {}
    for path, is_list in fields:
        _put(root, re.findall(r"\[\]|[^.\[\]]+", path), is_list)
    return {name: _closed(name, shape) for name, shape in root.items()}


def _put(at: dict[str, Any], steps: list[str], is_list: bool) -> None:
    for step in steps:
        at = at.setdefault(step, {})
    if is_list:
        at.setdefault("[]", {})


def _closed(name: str, shape: dict[str, Any]) -> Any:
    if not shape:
        return DAY if name in DAYS else EMPTY if name in BOXES else LINE
    if "[]" in shape:
        inner, rows = shape["[]"], OFFICERS if name == "officers" else 1
        if not inner:
            return [LINES] * 3
        return [{k: _closed(k, v) for k, v in inner.items()} | {"n": n + 1} for n in range(rows)]
    return {key: _closed(key, inner) for key, inner in shape.items()}
