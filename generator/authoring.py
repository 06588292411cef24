"""What the author of a template is told: tags, fields of the document type, citations typed into it.

`template.check_template` reads the tags; here stands what needs more than the file: the fields that a
document type has, and the base against which constant citations are proven.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import nodes

from generator.filters import WORDING
from generator.invariants import broken
from generator.tags import Field, Tag, fault, parse, scan
from generator.template import Checked, Template, check_template
from kb.errors import BadTemplate, NotFound, NotLoaded
from kb.findings import Finding, Place
from kb.package import open_package

if TYPE_CHECKING:
    from generator.catalogue import DocumentType
    from generator.docx_text import Line
    from kb.snapshot import Snapshot

# What may be a citation: without any of these the base isn't even opened.
_CITES = re.compile(r"《[^》]{2,}》|第[〇零一二三四五六七八九十百千\d]+条")
_MADE = {"provenance"}
_CLOSE = 0.85


def check(
    source: Path | bytes,
    *,
    base: Callable[[], Snapshot],
    day: date,
    kind: DocumentType | None = None,
) -> Checked:
    """Everything an author has to mend.

    Args:
        source: the template.
        base: gives the base; asked only where the template cites something.
        day: the day its constant citations are judged on.
        kind: the document type it is for; its fields are known then.

    Raises:
        NotFound, BadPackage: as `check_template`.
    """
    checked = check_template(source)
    more = [] if kind is None else list(_of_type(checked, kind))
    if not any(found.severity == "否决" for found in checked.findings):
        more += _phrases(source, base, day)
    return replace(
        checked, findings=(*checked.findings, *more, *_citations(source, base, day), *_shape(source))
    )


def _shape(source: Path | bytes) -> Iterator[Finding]:
    """What of the file itself is not as the format wants it; Word mostly opens it all the same."""
    found = broken(source)
    if found:
        more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
        mend = "请在 Word 中打开后另存为 .docx"
        yield Finding("T13", "提示", f"文件不合文档格式：{found[0]}{more}", "", Place(), mend)


def ensure_usable(checked: Checked, name: str) -> None:
    """Raise BadTemplate where a template can't be used to draft; advice doesn't stop it."""
    wrong = [found for found in checked.findings if found.severity != "提示"]
    if wrong:
        first, more = wrong[0], f"（另有 {len(wrong) - 1} 处）" if len(wrong) > 1 else ""
        place = f"{name} {first.place}" + (f"“{first.text}”" if first.text else "")
        raise BadTemplate(first.message + more, where=place, hint=first.suggestion)


# -- fields of a type ------------------------------------------------------------------------------------


def _of_type(checked: Checked, kind: DocumentType) -> Iterator[Finding]:
    """Fields the type doesn't have, and the watermark that every paper must be able to show."""
    own, all_types = _fields_of(kind), _all_fields()
    heads = {_head(name) for name in own}
    forms = re.compile("|".join([rf"own\.{re.escape(f.name)}(?:[_.\[]|\Z)" for f in kind.own]) or "(?!)")
    for field in checked.fields:
        if field.name in own or _head(field.name) in _MADE or forms.match(field.name):
            continue
        near = get_close_matches(field.name, sorted(own), n=1, cutoff=_CLOSE)
        if near:
            yield _unknown(field, kind, f"是否要写“{near[0]}”")
        elif _head(field.name) not in heads and field.name not in all_types:
            near = get_close_matches(field.name, sorted(own | all_types), n=1, cutoff=0.5)
            yield _unknown(field, kind, f"是否要写“{near[0]}”" if near else f"可用的有 {_some(heads)}")
        else:
            message = f"{kind.name}的随附模板没有用过字段“{field.name}”"
            mend = "请核对案件文件会给出这个字段；可能没有的，写 {% if … is defined %}"
            yield Finding("T10", "提示", message, field.text, field.place, mend)
    if not any(field.name == "draft" for field in checked.fields):
        mend = "在页眉的水印前后写 {%p if draft %} 和 {%p endif %}"
        yield fault("T12", "模板没有草稿水印", "", Place("页眉"), mend)


def _unknown(field: Field, kind: DocumentType, mend: str) -> Finding:
    return fault("T10", f"{kind.name}没有字段“{field.name}”", field.text, field.place, mend)


@cache
def _fields_of(kind: DocumentType) -> frozenset[str]:
    """The paths that the shipped template of a type uses; what it fills itself are `forms` of ``own``."""
    from generator.catalogue import shipped_template

    template = Template.compile(shipped_template(kind), name=kind.name)
    return frozenset(field.name for field in template.fields())


def _all_fields() -> set[str]:
    from generator.catalogue import document_types

    return {name for kind in document_types() for name in _fields_of(kind)}


def _head(name: str) -> str:
    return re.split(r"[.\[]", name)[0]


def _some(names: Iterable[str], most: int = 12) -> str:
    found = sorted(names)
    return "、".join(found[:most]) + (" 等" if len(found) > most else "")


# -- phrases ---------------------------------------------------------------------------------------------


def _phrases(source: Path | bytes, base: Callable[[], Snapshot], day: date) -> Iterator[Finding]:
    """The phrases it takes: whether they are there, whether their blanks are filled, what they cite."""
    from generator.docx_text import read_docx

    for line in read_docx(open_package(source)):
        for tag in scan(line.text, line.place).tags if WORDING in line.text else ():
            if tag.kind in ("out", "block"):
                for node in parse(tag).find_all(nodes.Filter):
                    if node.name == WORDING and isinstance(node.node, nodes.Const):
                        given = {str(pair.key) for pair in node.kwargs}
                        yield from _phrase(str(node.node.value), given, tag, base(), day)


def _phrase(id: str, given: set[str], tag: Tag, base: Snapshot, day: date) -> Iterator[Finding]:
    from generator.docx_text import Line
    from generator.phrases import LABELS, filled, phrase_of

    try:
        phrase = phrase_of(base, id, day)
    except (NotFound, NotLoaded) as error:
        yield fault("T14", error.message, tag.text, tag.place, error.hint)
        return
    for slot, label in phrase.slots.items():
        if slot not in given and label not in LABELS:
            message = f"用语“{id}”的空“{slot}”（{label}）没有填"
            yield fault("T14", message, tag.text, tag.place, f"在标签里写上 {slot}=字段")
    for slot in sorted(given - phrase.slots.keys()):
        mend = "删去它；可用的空：" + ("、".join(phrase.slots) or "没有")
        yield Finding("T14", "提示", f"用语“{id}”没有空“{slot}”", tag.text, tag.place, mend)
    text = filled(phrase, dict.fromkeys(phrase.slots, " "))
    for found in _proven((Line(text, tag.place),), base, day):
        yield replace(found, message=f"用语“{id}”：{found.message}", place=tag.place)


# -- citations -------------------------------------------------------------------------------------------


def _citations(source: Path | bytes, base: Callable[[], Snapshot], day: date) -> list[Finding]:
    """The proof of what the template cites itself, with the tags taken for blanks."""
    from generator.docx_text import read_docx

    lines = tuple(_without_tags(read_docx(open_package(source))))
    return _proven(lines, base(), day) if any(_CITES.search(line.text) for line in lines) else []


def _proven(lines: tuple[Line, ...], base: Snapshot, day: date) -> list[Finding]:
    from generator.audit import Known, prove
    from generator.paper import Paper

    known = Known(day, day)
    return prove(Paper(lines, None, base, known.days), known).findings


def _without_tags(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        letters = list(line.text)
        for tag in scan(line.text, line.place).tags if "{" in line.text else ():
            letters[tag.start : tag.end] = " " * (tag.end - tag.start)
        yield replace(line, text="".join(letters))
