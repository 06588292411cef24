"""The document types: one folder each under templates_docx, template.docx beside document.yaml.

``document.yaml`` says what the paper is called, when it is used, what it rests on, which fields of the case
file it owes (`fields`) and which elements its text owes (`elements`). Adding a folder adds a document type.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kb.errors import BadRecord, NotFound

if TYPE_CHECKING:
    from kb.importing.yaml_files import Lines

STAGES = ("立案", "调查取证", "强制", "告知", "听证", "审核", "决定", "送达", "执行", "移送", "结案归档")

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

    ``block`` is the part of the case file that holds its number and date; ``form`` is 公文 or 表格;
    ``judged`` names the audit rules that apply besides citations and elements.
    """

    type: str
    name: str
    stage: str
    block: str
    form: str
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    elements: tuple[Element, ...]
    judged: tuple[str, ...]
    signs: tuple[str, ...]
    deadlines: tuple[Deadline, ...] = ()
    gates: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    help: str = ""
    folder: Path = Path()

    @property
    def template(self) -> Path:
        return self.folder / "template.docx"

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
            "fields": [asdict(f) for f in self.fields],
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
        rows.append("文书要写明：")
        rows += [f"  {e.label}" + (f"（{e.basis}）" if e.basis else "") for e in self.elements]
        rows.append("签署：" + "、".join(self.signs))
        return "\n".join(row for row in rows if row)

    def also_called(self) -> tuple[str, ...]:
        return tuple(name for _, names in self.synonyms for name in names)


def version_of(template: bytes) -> str:
    """How a paper names the template it was made with."""
    return hashlib.sha256(template).hexdigest()[:12]


def templates_home() -> Path:
    """The folder of the shipped templates."""
    import templates_docx

    return Path(next(iter(templates_docx.__path__)))


def document_types() -> tuple[DocumentType, ...]:
    """Every document type, in the order of the procedure."""
    return _read_all(templates_home())


def document_type(name: str) -> DocumentType:
    """One document type by its identifier, its Chinese name or a synonym.

    Raises:
        NotFound: there is none; the hint lists what there is.
    """
    kinds = document_types()
    for kind in kinds:
        if name in (kind.type, kind.name):
            return kind
    for kind in kinds:
        if name in kind.also_called():
            return kind
    raise NotFound(
        f"没有文书类型“{name}”", hint="可用的有 " + "、".join(f"{k.type}（{k.name}）" for k in kinds)
    )


@functools.cache
def _read_all(home: Path) -> tuple[DocumentType, ...]:
    kinds = [read_document_type(path.parent) for path in sorted(home.glob("*/document.yaml"))]
    return tuple(sorted(kinds, key=lambda kind: (STAGES.index(kind.stage), kind.type)))


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
    for name, row in (("fields", Field), ("elements", Element), ("deadlines", Deadline)):
        rows = data.get(name) or []
        data[name] = tuple(_make(row, r, lines, (name, i)) for i, r in enumerate(rows))
    kind = _make(DocumentType, {**data, "folder": folder}, lines, ())
    if kind.stage not in STAGES:
        raise BadRecord(
            f"没有阶段“{kind.stage}”", where=lines.where(("stage",)), hint="可以写：" + "、".join(STAGES)
        )
    for i, element in enumerate(kind.elements):
        for pattern in element.patterns:
            _check_pattern(pattern, lines.where(("elements", i)))
    return kind


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
