"""The document types: one folder each under templates_docx, template.docx beside document.yaml.

``document.yaml`` says what the paper is called, when it is used, what it rests on, which fields of the case
file it owes (`fields` with a ``path``), what is filled for this paper alone (with a ``name``) and which
elements its text owes (`elements`). Adding a folder adds a document type.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.fieldtypes import TYPES, Column, OwnField, fault_of
from kb.errors import BadRecord, NotFound

if TYPE_CHECKING:
    from generator.owntemplates import OwnTemplates
    from kb.importing.yaml_files import Lines

STAGES = ("立案", "调查取证", "强制", "告知", "听证", "审核", "决定", "送达", "执行", "移送", "结案归档")

RECEIPT = "service_receipt"
"""The one type that is of another paper of the case: of its service (送达回证)."""

PARTIES = ("none", "one", "all")
"""Whom a paper is addressed to: nobody, one party a paper, or all parties at once."""
OFFICERS = "执法人员姓名和执法证号（不少于两人，执法证在有效期内）"
TWO_OFFICERS = "《中华人民共和国行政处罚法》第四十二条第一款"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the case file that the paper owes.

    ``path`` is dotted (``notice.date``); ``violations.x`` means every violation of the party. ``at_least``
    counts members of a list. ``code`` is the finding's code; ``basis`` the provision that asks for it.
    """

    path: str
    label: str
    help: str = ""
    at_least: int = 1
    code: str = "E2"
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """Something the text owes: every pattern (a regular expression) has to be found."""

    label: str
    patterns: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period that the paper starts: the setting that fixes it, and the event it runs from."""

    setting: str
    starts: str


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One document type.

    Attributes:
        form: 公文 or 表格.
        block: the part of the case file that holds its number and date; empty: an entry of ``papers``; of
            a receipt ``served``, which stands in the paper that was served.
        dated: the path that gives its day where no ``date`` does (``own.started``).
        own: the fields of this paper alone.
        judged: the audit rules that apply besides citations and elements.
        uses: the parts of the context its template prints besides what all have.
        party: one of `PARTIES`.
        officers: how many officers with valid certificates it owes.
        repeat: whether it may occur several times in a case.
        internal: kept inside the organ (副卷), never served.
        copies: who gets a copy.
        serial: the agency's word for its number where the setting of the codes has none for the type.
    """

    type: str
    name: str
    stage: str
    form: str
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    elements: tuple[Element, ...]
    signs: tuple[str, ...]
    own: tuple[OwnField, ...] = ()
    judged: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    block: str = ""
    dated: str = ""
    serial: str = ""
    party: str = "one"
    officers: int = 0
    repeat: bool = False
    internal: bool = False
    copies: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    gates: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    help: str = ""
    folder: Path = Path()

    def __hash__(self) -> int:
        return hash(self.folder)  # equal types lie in one folder, and all the rest takes long

    @property
    def template(self) -> Path:
        """The template in use: the agency's own, or the shipped one."""
        own = _OWN.current(self.type) if _OWN else None
        return own or shipped_template(self)

    def template_version(self) -> str:
        """First 12 hex digits of the SHA-256 of the template as it lies in its folder."""
        return version_of(self.template.read_bytes())

    def to_dict(self) -> dict[str, Any]:
        """What ``template show --json`` prints."""
        return {
            "type": self.type,
            "name": self.name,
            "stage": self.stage,
            "form": self.form,
            "help": self.help,
            "basis": list(self.basis),
            "synonyms": {domain: list(names) for domain, names in self.synonyms},
            "internal": self.internal,
            "repeat": self.repeat,
            "party": self.party,
            "officers": self.officers,
            "copies": list(self.copies),
            "fields": [asdict(f) for f in self.fields],
            "own": [asdict(f) for f in self.own],
            "elements": [asdict(e) for e in self.elements],
            "judged": list(self.judged),
            "gates": list(self.gates),
            "deadlines": [asdict(d) for d in self.deadlines],
            "signs": list(self.signs),
            "template_version": self.template_version(),
        }

    def as_text(self) -> str:
        """What ``template show`` prints."""
        rows = [f"{self.name}（{self.type}） 阶段：{self.stage}", self.help, "依据：" + "、".join(self.basis)]
        if self.also_called():
            rows.append("又名：" + "、".join(self.also_called()))
        rows.append("案件文件要有：")
        rows += [f"  {f.path:<28}{f.label}" + (f"（{f.basis}）" if f.basis else "") for f in self.fields]
        if self.own:
            rows.append("本文书自己的字段（写在 papers 的 values 里）：")
            rows += [f"  {f.name:<28}{f.label}（{_how(f)}）" for f in self.own]
        rows.append("文书要写明：")
        rows += [f"  {e.label}" + (f"（{e.basis}）" if e.basis else "") for e in self.elements]
        rows.append("签署：" + "、".join(self.signs))
        return "\n".join(row for row in rows if row)

    def also_called(self) -> tuple[str, ...]:
        return tuple(name for _, names in self.synonyms for name in names)


def _how(field: OwnField) -> str:
    """How an own field is written, in a word or two."""
    if field.computed:
        return "由系统算出"
    words = "、".join(field.options) if field.options else TYPES[field.type]
    given = f"；不写则取 {field.default}" if field.default else "；可以不写" if field.optional else ""
    return words + given


_OWN: OwnTemplates | None = None


def use_own_templates(own: OwnTemplates | None) -> None:
    """Whose own templates come before the shipped ones, in this process."""
    global _OWN
    _OWN = own


def shipped_template(kind: DocumentType) -> Path:
    return kind.folder / "template.docx"


def version_of(template: bytes) -> str:
    """How a paper names the template it was made with."""
    return hashlib.sha256(template).hexdigest()[:12]


def templates_home() -> Path:
    """The folder of the shipped templates."""
    import templates_docx

    return _path(next(iter(templates_docx.__path__)))


_path = functools.cache(Path)


@functools.lru_cache(256)
def _lies_in(home: Path, name: str) -> bool:
    return name.isidentifier() and (home / name / "document.yaml").is_file()


def is_type(name: str) -> bool:
    """Whether this is the identifier of a document type."""
    return _lies_in(templates_home(), name)


def document_types() -> tuple[DocumentType, ...]:
    """Every document type, in the order of the procedure."""
    return _read_all(templates_home())


def document_type(name: str) -> DocumentType:
    """One document type by its identifier, its Chinese name or a synonym.

    Raises:
        NotFound: there is none; the hint lists what there is.
    """
    return _found(templates_home(), name)


@functools.cache
def _found(home: Path, name: str) -> DocumentType:
    if _lies_in(home, name):
        return _read_one(home / name)
    kinds = _read_all(home)
    for kind in kinds:
        if name == kind.name:
            return kind
    for kind in kinds:
        if name in kind.also_called():
            return kind
    raise NotFound(
        f"没有文书类型“{name}”", hint="可用的有 " + "、".join(f"{k.type}（{k.name}）" for k in kinds)
    )


@functools.cache
def _read_all(home: Path) -> tuple[DocumentType, ...]:
    kinds = [_read_one(path.parent) for path in sorted(home.glob("*/document.yaml"))]
    return tuple(sorted(kinds, key=lambda kind: (STAGES.index(kind.stage), kind.type)))


@functools.cache
def _read_one(folder: Path) -> DocumentType:
    return read_document_type(folder)


def read_document_type(folder: Path) -> DocumentType:
    """Read one ``document.yaml``.

    Raises:
        BadRecord: file, line, field; also a pattern that is not a regular expression.
    """
    from kb.importing.yaml_files import load_yaml  # a paper of no known type needs none of it

    data, lines = load_yaml(folder / "document.yaml")
    if data.pop("schema", None) != 1:
        raise BadRecord("缺少 schema: 1，或者版本不识", where=lines.where(("schema",)), hint="写 schema: 1")
    synonyms = data.pop("synonyms", None) or {}
    data["synonyms"] = tuple((domain, _texts(names)) for domain, names in synonyms.items())
    data["fields"], data["own"] = _fields(data, lines)
    for name, row in (("elements", Element), ("deadlines", Deadline)):
        rows = data.get(name) or []
        data[name] = tuple(_make(row, r, lines, (name, i)) for i, r in enumerate(rows))
    kind = _make(DocumentType, {**data, "folder": folder}, lines, ())
    if kind.stage not in STAGES:
        raise BadRecord(
            f"没有阶段“{kind.stage}”", where=lines.where(("stage",)), hint="可以写：" + "、".join(STAGES)
        )
    if kind.party not in PARTIES:
        raise BadRecord(
            f"party 不能是“{kind.party}”", where=lines.where(("party",)), hint="可以写：" + "、".join(PARTIES)
        )
    for i, element in enumerate(kind.elements):
        for pattern in element.patterns:
            _check_pattern(pattern, lines.where(("elements", i)))
    return kind


def _fields(data: Mapping[str, Any], lines: Lines) -> tuple[tuple[Field, ...], tuple[OwnField, ...]]:
    """The fields of the case that a paper owes, and those of its own; officers owe theirs first."""
    shared, own = [], []
    if data.get("officers"):
        shared.append(Field("officers", OFFICERS, at_least=data["officers"], code="E3", basis=TWO_OFFICERS))
    for i, row in enumerate(data.get("fields") or []):
        at = ("fields", i)
        if isinstance(row, Mapping) and "name" in row:
            columns = tuple(
                _sound(_make(Column, c, lines, (*at, "columns", n)), lines, (*at, "columns", n))
                for n, c in enumerate(row.get("columns") or [])
            )
            row = {**row, "columns": columns, "example": str(row.get("example", ""))}
            made = _make(OwnField, row, lines, at)
            own.append(_sound(made, lines, at))
        else:
            shared.append(_make(Field, row, lines, at))
    names = [f.name for f in own]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadRecord(f"字段“{twice}”写了两次", where=lines.where(("fields",)), hint="留一个")
    return tuple(shared), tuple(own)


F = TypeVar("F", OwnField, Column)


def _sound(field: F, lines: Lines, at: tuple[str | int, ...]) -> F:
    if fault := fault_of(field):
        raise BadRecord(fault, where=lines.where(at), hint="照文书类型的写法改正")
    return field


def _make(cls: type[T], data: Any, lines: Lines, at: tuple[str | int, ...]) -> T:
    """A frozen dataclass from a mapping; unknown and missing fields are refused with their line."""
    if not isinstance(data, Mapping):
        raise BadRecord("应当是“字段: 值”的形式", where=lines.where(at), hint="写成 字段: 值")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise BadRecord(
                f"没有“{name}”这个字段",
                where=lines.where((*at, name)),
                hint="可用的字段：" + "、".join(known),
            )
    for name, f in known.items():
        if f.default is MISSING and name not in data:
            raise BadRecord(f"缺少字段“{name}”", where=lines.where(at), hint=f"补上“{name}: …”")
    return cls(**{k: _texts(v) if isinstance(v, list) else v for k, v in data.items()})


def _texts(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _check_pattern(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadRecord(
            f"“{pattern}”不是合法的正则表达式（{error}）", where=where, hint="改正这个写法"
        ) from None
