"""A case as one file: a .yaml is its CASE.yaml; a .json carries its revisions and papers as well.

A case that is brought in begins a history of its own here: papers that came along keep their numbers as text,
are marked 转入 and stand in no ledger and no series of this office.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import sqlalchemy as sa
import yaml

from casework import audit_log, bodies, documents
from casework import schema as t
from casework.cases import Cases
from casework.writing import BROUGHT, CaseWriter, StoredCase
from generator.casefile import case_from
from kb import uses
from kb.errors import BadRecord
from kb.importing.yaml_files import decode, parse_yaml

KIND = "case"
MAX_BYTES = 200_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FORMATS = "导出的文件以 .yaml（案件）或者 .json（案件和文书）结尾"


class _Dumper(yaml.SafeDumper):
    """Long texts stand as they are read; whatever could be taken for a number or a day is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, value: str) -> yaml.Node:
        return self.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _Dumper.text)


def to_yaml(body: Mapping[str, Any]) -> str:
    """The CASE.yaml of a body: the same case when it is read back.

    Days stand without quotes, as an author writes them, unless a text would be taken for a day.
    """
    quoted, plain = _dumped(body), _dumped(_typed_days(body))
    with suppress(BadRecord):
        if case_from(parse_yaml(plain, "")[0]) == bodies.case_of(body):
            return plain
    return quoted


def text_of(stored: StoredCase) -> str:
    """A stored case as its author may mend it: its CASE.yaml, or what is kept where that can't be read."""
    try:
        return to_yaml(stored.body)
    except BadRecord:
        return stored.text


def _dumped(body: Any) -> str:
    return yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def _typed_days(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _typed_days(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed_days(v) for v in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def export(cases: Cases, id: str, suffix: str) -> bytes:
    """One file of a case.

    Args:
        suffix: ``.yaml``: the case as it stands; ``.json``: with revisions and papers.

    Raises:
        NotFound: no such case.
        BadRecord: another suffix.
    """
    stored = cases.read(id)
    if suffix in (".yaml", ".yml"):
        return text_of(stored).encode()
    if suffix != ".json":
        raise BadRecord(f"不能导出成 {suffix or '没有后缀的文件'}", hint=_FORMATS)
    papers, issued = [], documents.documents(cases.store, id)
    with cases.store.connected() as conn:
        cited = {p.id: uses.registered(conn, documents.PAPER, str(p.id)) for p in issued}
    for paper in issued:
        data = documents.content(cases.store, paper.sha256) if paper.sha256 else b""
        said = {"data": base64.b64encode(data).decode(), "uses": cited[paper.id].to_dict()}
        papers.append(paper.to_dict() | said)
    whole = {
        "schema": 1,
        "kind": KIND,
        "case": stored.body,
        "revisions": [change.to_dict() for change in cases.history(id)],
        "documents": papers,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def bring_in(w: CaseWriter, name: str, data: bytes, id: str = "") -> StoredCase:
    """Make a case of a file: a CASE.yaml, or what `export` wrote.

    Args:
        name: the file's name, for messages.
        id: another id than the file's.

    Raises:
        BadRecord: the file can't be read, or a paper in it is not what its hash says.
        Conflict: there is a case of this id.
    """
    whole = _read(name, data)
    body = whole["case"] | ({"id": id} if id else {})
    made = w.create(body, note=f"由 {name} 导入")
    for n, paper in enumerate(whole["documents"], 1):
        _bring_paper(w, made, paper, f"{name} documents 第{n}项")
    w.settle(made.id)
    return w.current(made.id)


def _read(name: str, data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise BadRecord("文件超过200MB", where=name, hint="只导出案件（.yaml），文书另外移交")
    if not name.endswith(".json"):
        return {"case": parse_yaml(decode(data, name), name)[0], "documents": []}
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as e:
        raise BadRecord("文件不是 JSON", where=name, hint=_FORMATS) from e
    said = whole if isinstance(whole, dict) else {}
    case, papers = said.get("case"), said.get("documents")
    if (said.get("schema"), said.get("kind")) != (1, KIND) or not isinstance(case, dict):
        raise BadRecord("文件不是导出的案件", where=name, hint=_FORMATS)
    return {"case": case, "documents": papers if isinstance(papers, list) else []}


def _bring_paper(w: CaseWriter, made: StoredCase, paper: Any, where: str) -> None:
    said = paper if isinstance(paper, dict) else {}
    try:
        content = base64.b64decode(str(said.get("data") or ""), validate=True)
        day = date.fromisoformat(said["day"]) if said.get("day") else None
        digest, type, key = str(said["sha256"]), str(said["type"])[:60], str(said.get("key") or "")[:80]
        party = int(said.get("party") or 1)
    except (binascii.Error, ValueError, KeyError, TypeError) as e:
        raise BadRecord("文书这一项读不出来", where=where, hint="用原来的文件重新导入") from e
    if content and audit_log.sha256(content) != digest:
        raise BadRecord("文书的内容和它的校验值不符", where=where, hint="文件被改动过，请对方重新导出")
    number = str(said.get("number_text") or "")[:200]
    row = {
        "case": made.id, "revision": made.revision, "type": type, "key": key, "party": party,
        "code": "", "year": None, "number": None, "number_text": number, "day": day, "state": BROUGHT,
        "sha256": w.keep(content) if content else None, "provenance": "", "holder": "", "why": "",
        **w.stamp,
    }  # fmt: skip
    result = w.conn.execute(sa.insert(t.document).values(**row))
    made_key = result.inserted_primary_key
    assert made_key is not None
    if said.get("uses") and content:
        found = uses.Rests.from_dict(said["uses"], where)
        if found.citations:
            w.rests(documents.PAPER, made_key[0], found)
    rows = w.rows(t.document, t.document.c.id == made_key[0])
    w.log("转入文书", made.id, type=type, number=number, sha256=digest if content else "", rows=rows)
