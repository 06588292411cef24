"""How the own fields of a document type are asked in a form: one row of the case form for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.api.caseform import Ask, Options
from generator.catalogue import DocumentType, document_type
from generator.fieldtypes import PERSON, Column, OwnField
from kb.errors import NotFound

_WIDGETS = {"paragraphs": "long", "text": "long", "choice": "choice", "yes": "choice", "date": "day"}
_YES: Options = (("是", "是"), ("否", "否"))
_PERSON = {
    "name": "姓名",
    "sex": "性别",
    "age": "年龄",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "certificate": "执法证号",
    "unit": "单位",
    "post": "职务",
    "address": "地址",
    "phone": "电话",
    "relation": "身份、关系",
}


def own_asks(type: str, head: str, typed: Mapping[str, str], spare: int) -> list[Ask]:
    """The fields of one paper, by the paths they travel under; what was typed besides comes last.

    Args:
        type: the document type; unknown or empty: only what was typed.
        head: the path of the values (``papers.0.values``).
        typed: what was typed, by path.
        spare: further empty rows of every list.
    """
    asks = {ask.path: ask for ask in _asks(_kind(type), head, typed, spare)}
    for path in typed:
        if path.startswith(f"{head}."):
            asks.setdefault(path, Ask(path, path.removeprefix(f"{head}."), "long"))
    return list(asks.values())


def _kind(type: str) -> DocumentType | None:
    try:
        return document_type(type) if type else None
    except NotFound:
        return None


def _asks(kind: DocumentType | None, head: str, typed: Mapping[str, str], spare: int) -> Iterator[Ask]:
    for field in kind.own if kind else ():
        path = f"{head}.{field.name}"
        below = {p.removeprefix(f"{path}.").partition(".")[0] for p in typed if p.startswith(f"{path}.")}
        rows = sorted(int(step) for step in below if step.isdigit())
        if field.computed:
            continue
        if field.type == "rows":
            count = max(1 + max(rows, default=-1) + spare, 1)
            for n in range(count):
                for c in field.columns:
                    yield _ask(c, f"{path}.{n}.{c.name}", f"{field.label}第{n + 1}项：{c.label}", "")
        elif field.type == "person" and path not in typed:
            for key in PERSON:
                yield Ask(f"{path}.{key}", f"{field.label}：{_PERSON[key]}", "line", field.help)
        elif rows:
            for n in range(1 + max(rows) + spare):
                yield Ask(f"{path}.{n}", f"{field.label}第{n + 1}项", "long")
        else:
            yield _ask(field, path, field.label, _help(field))


def _ask(field: OwnField | Column, path: str, label: str, help: str) -> Ask:
    if field.type == "yes":
        options = _YES
    else:
        options = tuple((o, o) for o in field.options) if field.type == "choice" else ()
    return Ask(path, label, _WIDGETS.get(field.type, "line"), help, options)


def _help(field: OwnField) -> str:
    if field.type == "ticks":
        return "选一项：" + "、".join(field.options)
    return "；".join(filter(None, (field.help, f"例：{field.example}" if field.example else "")))
