"""The agency's own settings: what is asked on first start, and how the answers become records.

The shipped values are 示例 and keep every paper a draft; the agency's own stand beside them, entered by one
named person and checked by another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from generator.catalogue import document_types
from kb.errors import BadValue, NotLoaded
from kb.records import Setting, Source
from kb.snapshot import Snapshot
from kb.store import Store

INSTRUMENT = "本机关设置"


@dataclass(frozen=True, slots=True)
class Blank:
    """One value of a setting: its name, what it is called, and whether it may stay empty."""

    name: str
    label: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One setting: its id, its title, the provision that asks for it, and its values."""

    id: str
    label: str
    blanks: tuple[Blank, ...]
    basis: tuple[str, ...] = ()
    help: str = ""


def questions() -> tuple[Question, ...]:
    """What every agency has to say of itself."""
    codes = tuple(Blank(kind.type, kind.name, optional=True) for kind in document_types())
    return (
        Question(
            "organ/profile",
            "执法机关",
            (
                Blank("name", "名称"),
                Blank("short", "简称"),
                Blank("address", "地址"),
                Blank("phone", "电话"),
                Blank("postcode", "邮政编码"),
                Blank("contact", "联系人或者科室"),
            ),
        ),
        Question(
            "organ/bank",
            "罚款代收机构",
            (
                Blank("bank", "银行"),
                Blank("address", "地址"),
                Blank("account_name", "户名"),
                Blank("account", "账号"),
            ),
            ("《罚款决定与罚款收缴分离实施办法》第七条第一款",),
        ),
        Question(
            "organ/reconsideration",
            "行政复议机关",
            (Blank("name", "名称"), Blank("address", "地址"), Blank("phone", "电话", optional=True)),
            ("《中华人民共和国行政复议法》第二十四条第一款第（一）项",),
            "一般是本级人民政府",
        ),
        Question(
            "organ/court",
            "有管辖权的人民法院",
            (Blank("name", "全称"), Blank("address", "地址", optional=True)),
            ("《中华人民共和国行政诉讼法》第十八条第一款",),
            "没有默认法院；实行集中管辖的，写集中管辖的法院",
        ),
        Question(
            "organ/document-codes",
            "文号代字",
            codes,
            (),
            "文号写成“代字〔年份〕序号”；只填本机关使用的文书",
        ),
    )


def settings(base: Snapshot, on: date) -> dict[str, Any]:
    """Every question with the value in force, and whether it is still 示例 or missing."""
    return {"on": str(on), "revision": base.revision, "settings": [_answer(base, q, on) for q in questions()]}


def unsettled(base: Snapshot, on: date) -> list[str]:
    """Titles of the settings that are still 示例 or missing."""
    return [q.label for q in questions() if _state(base, q, on)[1] != "own"]


def _state(base: Snapshot, q: Question, on: date) -> tuple[Setting | None, str]:
    try:
        found = base.setting(q.id, on)
    except NotLoaded:
        return None, "missing"
    return found, "example" if found.source.example else "own"


def _answer(base: Snapshot, q: Question, on: date) -> dict[str, Any]:
    found, state = _state(base, q, on)
    value = found.value if found and isinstance(found.value, dict) else {}
    return {
        "id": q.id,
        "label": q.label,
        "help": q.help,
        "basis": list(q.basis),
        "state": state,
        "from": str(found.from_) if found and found.from_ else None,
        "source": found.source.model_dump(mode="json") if found else None,
        "values": [
            {
                "name": b.name,
                "label": b.label,
                "optional": b.optional,
                "value": str(value.get(b.name, "")),
            }
            for b in q.blanks
        ],
    }


def faults_of(typed: Mapping[str, str]) -> dict[str, str]:
    """What is missing, by ``<id>.<name>``; a setting of which nothing was typed is left alone."""
    faults: dict[str, str] = {}
    for q in questions():
        given = _given(q, typed)
        if given:
            faults |= {
                f"{q.id}.{b.name}": "这一项要填" for b in q.blanks if not b.optional and b.name not in given
            }
    return faults


def save(
    store: Store, typed: Mapping[str, str], *, author: str, approved_by: str, at: datetime, read_at: int
) -> list[str]:
    """Keep the settings that were typed, as one approved revision.

    Args:
        typed: by ``<id>.<name>``; complete (`faults_of` is empty).
        author, approved_by: two persons, by name.
        read_at: the revision the form was drawn from.

    Returns:
        the titles of the settings that changed.

    Raises:
        BadValue: a name is missing, or both are the same.
        Conflict: somebody else changed a setting meanwhile.
    """
    if not author or not approved_by:
        raise BadValue("没有写明填写人和核对人", where="填写人、核对人", hint="两人都写姓名")
    if author == approved_by:
        raise BadValue("核对人不能是填写人本人", where="核对人", hint="由另一人核对")
    changed = []
    with store.writing(author=author, approved_by=approved_by, at=at, note=INSTRUMENT) as w:
        for q in questions():
            given = _given(q, typed)
            if given and w.put_record(_record(q, given, at.date()), read_at=read_at):
                changed.append(q.label)
    return changed


def _given(q: Question, typed: Mapping[str, str]) -> dict[str, str]:
    given = {b.name: typed.get(f"{q.id}.{b.name}", "").strip() for b in q.blanks}
    return {name: value for name, value in given.items() if value}


def _record(q: Question, value: dict[str, str], checked: date) -> Setting:
    return Setting.model_validate(
        {
            "id": q.id,
            "label": q.label,
            "value": value,
            "basis": list(q.basis),
            "source": Source(instrument=INSTRUMENT, checked=checked),
        }
    )
