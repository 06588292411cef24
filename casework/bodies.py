"""The body of a case: the mapping of CASE.yaml as it was typed, whole or not yet, kept as JSON.

Days and decimals are text inside, as a form sends them; the case file types them again when it is read.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from casework.masking import party_shown
from generator.casefile import CaseFile, case_from
from kb.errors import BadRecord
from kb.records import SLUGS

MAX_BYTES = 2_000_000
ID = re.compile(r"[a-z0-9][a-z0-9/_-]{0,199}")
Body = dict[str, Any]

_DOMAINS = {slug: domain for domain, slug in SLUGS.items()}
_COPIED = ("schema", "cause", "organ", "bank", "officers", "remedies", "publish", "annex")
_ONLY_PRINTED = ("evidence", "narrative", "discretion")
_COPIED_OF_VIOLATION = ("benchmark", "facts", "violated", "penalty_basis", "correction")


def dump(body: Mapping[str, Any]) -> str:
    """The text the store keeps.

    Raises:
        BadRecord: the body is too big, nested too deeply, or holds what no case file can.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, default=_plain, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as e:
        raise BadRecord("案件内容里有不能保存的值", hint="只能是文字、数、日期、列表和字段") from e
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadRecord("案件内容超过2MB", hint="材料放进附件，案件里只写摘要")
    if "\\u0000" in text or re.search("[\ud800-\udfff]", text):
        raise BadRecord("案件内容里有看不见的控制字符", hint="删掉控制字符")
    return text


def load(text: str, id: str = "") -> Body:
    """The mapping that the store keeps as text.

    Raises:
        BadRecord: it is none: spoiled outside this program.
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as e:
        at = f"第{e.pos + 1}个字符" if isinstance(e, json.JSONDecodeError) else ""
        raise BadRecord("案件内容不是 JSON", where=f"案件 {id} {at}".strip(), hint="改好原文") from e
    if not isinstance(body, dict):
        raise BadRecord("案件内容不是字段和值", where=f"案件 {id}".strip(), hint="改好原文")
    return body


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def fault_of(body: Mapping[str, Any]) -> str:
    """Why this is no case file yet, in one line; empty where it is one."""
    try:
        case_of(body)
    except BadRecord as e:
        return str(e)
    return ""


def case_of(body: Mapping[str, Any]) -> CaseFile:
    """The typed case file.

    Raises:
        BadRecord: it is not whole yet, or something in it is wrong.
    """
    return _typed(dump(body))


def stored_case(text: str, id: str) -> CaseFile:
    """The same of what the store keeps under an id."""
    try:
        return _typed(text)
    except BadRecord:
        load(text, id)  # where it is no mapping at all, only this knows whose it is
        raise


@lru_cache(maxsize=64)
def _typed(text: str) -> CaseFile:
    """Writing one case reads it several times over: when it is saved, drafted, entered in the ledgers."""
    return _case(load(text))


def _case(body: Body) -> CaseFile:
    return case_from(body, f"案件 {body.get('id', '')}".strip())


def outline_of(text: str, id: str, *types: str) -> CaseFile:
    """A whole case as a list over thousands needs it, without what only its papers print.

    Left out are evidence, narratives, reasons, goods, and all papers but those of some types: reading those
    takes most of the time, and they would fill the memory.

    Args:
        text: what the store keeps of a case; ``id``: which, for messages.
        types: the papers that stay.

    Raises:
        BadRecord: as `case_of`, of what is read.
    """
    body = load(text, id)
    for violation in rows_of(body, "violations"):
        for name in _ONLY_PRINTED:
            violation.pop(name, None)
    if isinstance(body.get("papers"), list):
        body["papers"] = [p for p in rows_of(body, "papers") if p.get("type") in types]
    for name in ("goods", "investigation"):
        body.pop(name, None)
    return _case(body)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a case, and what it is filtered by; reads a body that isn't whole as well."""

    cause: str
    domains: str
    officers: str
    parties: str


def summary_of(body: Mapping[str, Any]) -> Summary:
    violations = rows_of(body, "violations")
    benchmarks = [str(v.get("benchmark") or "") for v in violations]
    domains = [_DOMAINS.get(b.partition("/")[0], "") for b in benchmarks]
    return Summary(
        cause=str(body.get("cause") or "、".join(filter(None, benchmarks))),
        domains=_joined(domains),
        officers=_joined([str(o.get("name") or "") for o in rows_of(body, "officers")]),
        parties=json.dumps(
            [{k: p.get(k) for k in ("kind", "name", "trade_name")} for p in rows_of(body, "parties")],
            ensure_ascii=False,
        ),
    )


def rows_of(body: Mapping[str, Any], name: str) -> list[Body]:
    """The rows of a list of a body, whole or not; what is no mapping is passed over."""
    rows = body.get(name)
    return [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []


_ROWS = ("parties", "violations", "officers", "goods", "papers")


def drawable(body: Mapping[str, Any]) -> Body:
    """A body as a page can draw it: rows where rows belong, and no value of a kind that can't be one."""
    new = {**body} | {name: rows_of(body, name) for name in _ROWS if name in body}
    if not isinstance(body.get("decision", {}), Mapping):
        del new["decision"]
    for row in new.get("violations", ()):
        row |= {"measures": rows_of(row, "measures")} if "measures" in row else {}
        for name, kind in (("facts", dict), ("act", dict | str), ("benchmark", str)):
            if not isinstance(row.get(name), kind):
                row.pop(name, None)
    return new


def _joined(words: list[str]) -> str:
    """Words between bars, so that a whole word can be looked for."""
    found = list(dict.fromkeys(w.replace("|", "") for w in words if w))
    return f"|{'|'.join(found)}|" if found else ""


def split(joined: str) -> list[str]:
    return [w for w in joined.split("|") if w]


def parties_shown(text: str, masked: bool) -> list[str]:
    return [party_shown(p, masked) for p in json.loads(text)]


def template_of(body: Mapping[str, Any]) -> Body:
    """What a new case may take from an earlier one: how, by whom and on what basis, nothing of the party.

    Parties, days, narratives, evidence, amounts, papers and reasons belong to the case they came from.
    """
    new = {name: copy.deepcopy(body[name]) for name in _COPIED if name in body}
    new["violations"] = [
        {k: copy.deepcopy(v[k]) for k in _COPIED_OF_VIOLATION if k in v}
        | {"measures": [{"kind": m["kind"]} for m in rows_of(v, "measures") if "kind" in m]}
        for v in rows_of(body, "violations")
    ]
    for violation in new["violations"]:
        if not violation["measures"]:
            del violation["measures"]
    return new
