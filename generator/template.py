"""Templates: a .docx with tags, compiled once and filled many times.

    template = Template.compile(Path("decision.docx"))
    data = template.render({"当事人": "某市某某饮食店", "罚款": 50000})

A compile reads the package, turns every part with tags into one Jinja2 template and sets the other parts'
compressed bytes aside; a fill checks the values, renders those parts and copies the rest. The same template
and data give the same bytes.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import jinja2

from generator.filters import PHRASES
from generator.render import Packer, Sandbox, compressed, text_sandbox, word_sandbox
from generator.tags import Field, Tag, fault, where
from generator.values import MARK, PURSE, check_values
from kb.errors import BadPackage, BadTemplate, BadValue, CailiangError
from kb.findings import Finding, Place
from kb.package import Package, Packed, open_package

if TYPE_CHECKING:
    from generator.parts import PartSource

_PROPERTIES = "文档属性"
_LABELS = {
    "wordprocessingml.document.main+xml": "正文",
    "wordprocessingml.header+xml": "页眉",
    "wordprocessingml.footer+xml": "页脚",
    "wordprocessingml.footnotes+xml": "脚注",
    "wordprocessingml.endnotes+xml": "尾注",
    "core-properties+xml": _PROPERTIES,
    "custom-properties+xml": _PROPERTIES,
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_USED_ID = re.compile(r'\br:(?:id|embed|link|pict)="([^"]+)"')
_DRAWING_ID = re.compile(r'<wp:docPr [^>]*?\bid="(\d+)"')
_SAVE_AGAIN = "请在 Word 中另存为“Word 文档 (*.docx)”（不要选 Strict 或模板格式）"


@dataclass(frozen=True, slots=True)
class _Part:
    """One compiled part: its Jinja2 template and the tag behind each line of its source.

    ``mends`` where its tables or notes have to be looked at once it is filled.
    """

    name: str
    jinja: jinja2.Template
    tags: dict[int, Tag]
    mends: bool

    def render(self, context: dict[str, Any]) -> str:
        template = self.jinja
        try:
            return "".join(template.root_render_func(template.new_context(context)))
        except Exception as error:
            tag = self._tag_of(error.__traceback__)
            raise _explained(error, tag) from error

    def _tag_of(self, trace: TracebackType | None) -> Tag | None:
        found = None
        while trace is not None:
            if trace.tb_frame.f_globals is self.jinja.root_render_func.__globals__:
                found = self.tags.get(self.jinja.get_corresponding_lineno(trace.tb_lineno))
            trace = trace.tb_next
        return found


class Template:
    """A compiled template. Make one with :meth:`compile`; it may be shared between threads.

    Attributes:
        name: for messages.
        version: the SHA-256 of the template's bytes, in hexadecimal.
        notes: findings that don't stop its use.
    """

    def __init__(self, name: str, version: str, draft: _Draft) -> None:
        self.name = name
        self.version = version
        self.notes = tuple(draft.findings)
        self._fields = tuple(draft.fields.values())
        self._names = frozenset(re.split(r"[.\[]", field.name)[0] for field in self._fields)
        self._parts = tuple(draft.parts)
        self._first_serial = draft.first_serial
        rendered = {part.name for part in self._parts}
        self._constant = draft.constant(rendered)
        self._packer = Packer(self._constant.values())

    @classmethod
    def compile(cls, source: Path | bytes, *, name: str = "") -> Template:
        """Read a template.

        Args:
            source: a .docx, as a path or as bytes.
            name: what messages call it; the file's name where nothing is given.

        Raises:
            NotFound: there is no such file.
            BadPackage: damaged or hostile.
            BadTemplate: a tag its author has to mend: which, where, and what to write instead.
        """
        label = name or (source.name if isinstance(source, Path) else "模板")
        draft = _Draft(open_package(source))
        wrong = [found for found in draft.findings if found.severity == "否决"]
        if wrong:
            first, more = wrong[0], f"（另有 {len(wrong) - 1} 处）" if len(wrong) > 1 else ""
            place = f"{label} {where(first.place)}" + (f"“{first.text}”" if first.text else "")
            raise BadTemplate(first.message + more, where=place, hint=first.suggestion)
        return cls(label, hashlib.sha256(draft.package.data).hexdigest(), draft)

    def fields(self) -> list[Field]:
        """The fields the template asks for, in the order of the document."""
        return list(self._fields)

    def unused(self, data: Mapping[str, Any]) -> list[str]:
        """The top-level names of ``data`` that no tag asks for: a likely slip of the pen, not an error."""
        return [str(name) for name in data if name not in self._names]

    def render(self, data: Mapping[str, Any]) -> bytes:
        """Fill the template.

        Args:
            data: text, int, Decimal, date, bool, the values of :mod:`generator.rich`, lists and dictionaries,
                by field name.

        Returns:
            The bytes of a .docx.

        Raises:
            BadValue: a field is missing, or a value can't be printed exactly; says which and where.
        """
        return self.pack(self.render_parts(data))

    def render_parts(self, data: Mapping[str, Any]) -> dict[str, str | bytes]:
        """The parts with tags, and those that rich values change or add, by name; see :meth:`render`."""
        if not isinstance(data, Mapping):
            raise BadValue("数据应是“字段: 值”的对象", where=f"模板“{self.name}”", hint='如 {"当事人": "…"}')
        used = {name: data[name] for name in self._names if name in data}
        check_values(used)
        serial = itertools.count(self._first_serial)
        used["_serial"] = serial.__next__
        used[PHRASES] = data.get(PHRASES)
        PURSE.open()
        parts: dict[str, str | bytes] = {part.name: part.render(used) for part in self._parts}
        unfinished = {
            part.name for part in self._parts if part.mends or (PURSE.rich and MARK in parts[part.name])
        }
        if unfinished:
            from generator.finish import finish

            parts = finish(parts, unfinished, self._constant, PURSE.rich, serial)
        return parts

    def pack(self, parts: Mapping[str, str | bytes]) -> bytes:
        """The .docx made of rendered parts and the template's constant ones."""
        if self._constant.keys().isdisjoint(parts):
            return self._packer.pack(parts)
        changed = {name: _encoded(parts[name]) for name in self._constant if name in parts}
        constant = [
            compressed(name, changed[name]) if name in changed else part
            for name, part in self._constant.items()
        ]
        return Packer(constant).pack({name: part for name, part in parts.items() if name not in changed})


@dataclass(frozen=True, slots=True)
class Checked:
    """What an author has to mend, in the order of the document, and the fields asked for.

    A finding of severity 否决 stops the template's use; 提示 is advice.
    """

    findings: tuple[Finding, ...]
    fields: tuple[Field, ...]


def check_template(source: Path | bytes) -> Checked:
    """Everything wrong with a template at once, where :meth:`Template.compile` stops at the first.

    Raises:
        NotFound, BadPackage: as :meth:`Template.compile`.
    """
    draft = _Draft(open_package(source))
    return Checked(tuple(draft.findings), tuple(draft.fields.values()))


class _Draft:
    """A template while it is read: its compiled parts, or the reasons why they can't be."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.findings: list[Finding] = []
        self.fields: dict[str, Field] = {}
        self.parts: list[_Part] = []
        self.first_serial = 1
        self._contents = False
        main = package.main
        if not package.content_type(main).endswith("wordprocessingml.document.main+xml"):
            raise BadPackage("不是 Word 文档", where=package.label, hint=_SAVE_AGAIN)
        from generator.docx_text import side_labels

        sides = side_labels(package, package.xml(main))
        for name in sorted(
            package.names, key=lambda name: name != main
        ):  # the body first, the rest as it lies
            data = package.read(name)  # verifies every part, the ones that are only copied too
            for ending, label in _LABELS.items():
                if package.content_type(name).endswith(ending):
                    self._look_at_ids(name, data, sides.get(name, label))
                    self._compile(name, sides.get(name, label))

    def _compile(self, name: str, label: str) -> None:
        from generator.parts import text_part, word_part

        root = self.package.xml(name)
        if label == _PROPERTIES:
            part, sandbox = text_part(root, label), text_sandbox()
        elif root.nsmap.get("w") == _WORD:
            part, sandbox = word_part(root, label), word_sandbox()
        else:
            raise BadPackage(
                "不是通常的 Word 文档", where=f"{self.package.label} 的 {name}", hint=_SAVE_AGAIN
            )
        self.findings += part.faults
        for field in part.fields.values():
            self.fields.setdefault(field.name, field)
        if part.source and not any(found.severity == "否决" for found in part.faults):
            self._jinja(name, label, part, sandbox)
            self._contents |= part.contents

    def _jinja(self, name: str, label: str, part: PartSource, sandbox: Sandbox) -> None:
        try:
            compiled = sandbox.from_string(part.source)
        except (jinja2.TemplateError, SyntaxError, RecursionError) as error:
            tag = part.tags.get(getattr(error, "lineno", None) or 0)
            message, mend = "标签合在一起无法成立", "请核对条件与循环是否过多、过深"
            spot = tag.place if tag else Place(label)
            self.findings.append(fault("T5", message, tag.text if tag else "", spot, mend))
        else:
            self.parts.append(_Part(name, compiled, part.tags, part.grids or part.notes))

    def constant(self, rendered: set[str]) -> dict[str, Packed]:
        """The parts that no fill changes, as they lie in the file; with a table of contents to be counted."""
        found = {name: self.package.packed(name) for name in self.package.names if name not in rendered}
        arrows = self.package.relationships(self.package.main)
        settings = next((arrow.target for arrow in arrows if arrow.type == "settings"), "")
        if self._contents and settings in found:
            from generator.finish import updating

            found[settings] = compressed(settings, updating(self.package.xml(settings)))
        return found

    def _look_at_ids(self, name: str, data: bytes, label: str) -> None:
        """Relations must resolve, and drawings that loops repeat count on from the last id."""
        text = data.decode("utf-8", "replace")
        self.first_serial = max([self.first_serial, *(int(found) + 1 for found in _DRAWING_ID.findall(text))])
        arrows = self.package.relationships(name)
        known = {arrow.id for arrow in arrows if arrow.external or arrow.target in self.package.names}
        for found in sorted(set(_USED_ID.findall(text)) - known):
            message = f"引用了不存在的部件（{found}），Word 会报文件损坏"
            self.findings.append(fault("T9", message, "", Place(label), "请在 Word 中打开后另存为 .docx"))


def _encoded(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def _explained(error: Exception, tag: Tag | None) -> CailiangError:
    """The same failure in the words of the author: which tag, where."""
    place = tag.where if tag else ""
    if isinstance(error, jinja2.UndefinedError):
        if not error.message:
            hint = "请先写 {% if not loop.first %} 或 {% if not loop.last %}"
            return BadValue("第一项没有上一项，最后一项没有下一项", where=place, hint=hint)
        return BadValue(f"缺少字段“{error.message}”", where=place, hint="请在数据中填写该字段")
    if isinstance(error, CailiangError):
        both = "；".join(filter(None, (place, error.where)))
        return BadValue(error.message, where=both, hint=error.hint)
    return BadValue("标签无法计算", where=place, hint="请核对字段的类型，如文字不能与数相加、除数不能为零")
