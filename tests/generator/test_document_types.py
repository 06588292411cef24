"""Every document type there is, each folder a row: filled from the examples, from the least and the most.

A new folder under templates_docx is judged here without a line of Python; it owes a paper in an example case.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from pydantic import BaseModel

from generator.blank import blank
from generator.casechecks import check
from generator.casefile import CaseFile, case_from, load_case
from generator.catalogue import RECEIPT, DocumentType, document_type, document_types
from generator.computed import COMPUTED
from generator.context import PARTS
from generator.docx_text import read_docx
from generator.drafting import CITED, Draft, draft, subject_of, template_of
from generator.events import day_of, events, served_papers
from generator.papers import Paper
from generator.rules import rules_for
from kb.citation import Days, judge_text
from kb.errors import BadRecord, CailiangError
from kb.snapshot import Snapshot
from tests.generator import own_samples

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 20)
TYPES = [kind.type for kind in document_types()]
OWN = [kind.type for kind in document_types() if not kind.block]
BLOCKS = sorted({kind.block for kind in document_types() if kind.block and kind.type != RECEIPT})
FIELDS = [(kind.type, f.name) for kind in document_types() for f in kind.own]
LEFT_OVER = ("{{", "{%", "【未填", "None", "undefined", "True", "False")


@cache
def cases() -> tuple[CaseFile, ...]:
    return tuple(load_case(path) for path in sorted((ROOT / "examples" / "cases").glob("*.yaml")))


def carriers(kind: DocumentType) -> list[tuple[CaseFile, str]]:
    """The example cases that have a paper of a type, and which paper."""
    if kind.type == RECEIPT:
        return [(case, e.name) for case in cases() for e in served_papers(case)]
    if kind.block:
        return [(case, "") for case in cases() if any(e.type == kind.type for e in events(case))]
    return [
        (case, str(n))
        for case in cases()
        for n, _ in enumerate([p for p in case.papers if p.type == kind.type], 1)
    ]


def carrier(kind: DocumentType) -> tuple[CaseFile, Paper, date]:
    """The first example paper of a type with the day it bears."""
    found = carriers(kind)
    assert found, f"no example case has a paper of type {kind.type}"
    case = found[0][0]
    paper = next(p for p in case.papers if p.type == kind.type)
    return case, paper, day_of(kind, case, paper) or TODAY


def with_values(case: CaseFile, paper: Paper, values: dict[str, Any]) -> CaseFile:
    """The case with one paper of the type left, filled otherwise."""
    changed = Paper.model_validate(paper.model_dump() | {"values": values})
    papers = [changed if p is paper else p for p in case.papers if p is paper or p.type != paper.type]
    return case.model_copy(update={"papers": papers})


def opened(made: Draft) -> str:
    """The text of a paper as its reader has it; python-docx has to open it too."""
    docx.Document(io.BytesIO(made.data))
    return "\n".join(line.text for line in read_docx(made.data))


# ---------------------------------------------------------------- filled


@pytest.mark.parametrize("type", OWN)
def test_the_examples_leave_proven_and_whole(base: Snapshot, type: str) -> None:
    kind = document_type(type)
    for case, paper in carriers(kind) or [carrier(kind)[:1]]:
        made = draft(type, case, base, decided=TODAY, paper=paper)
        assert [f for f in made.findings if f.severity != "提示"] == []
        text = opened(made)
        for wrong in (*LEFT_OVER, "。。", "，。", "；。", "：。", "（）", "《》", "、。"):
            assert wrong not in text, wrong


@pytest.mark.parametrize("type", OWN)
def test_the_least_is_enough(base: Snapshot, type: str) -> None:
    kind = document_type(type)
    case, paper, day = carrier(kind)
    made = draft(type, with_values(case, paper, own_samples.least(kind, day)), base, decided=TODAY)
    text = opened(made)
    assert not [wrong for wrong in LEFT_OVER if wrong in text]


@pytest.mark.parametrize("type", OWN)
def test_the_most_fits_whatever_is_chosen(base: Snapshot, type: str) -> None:
    kind = document_type(type)
    case, paper, day = carrier(kind)
    for option in range(own_samples.choices(kind)):
        values = own_samples.most(kind, day, option)
        text = opened(draft(type, with_values(case, paper, values), base, decided=TODAY))
        assert not [wrong for wrong in LEFT_OVER if wrong in text]


@pytest.mark.parametrize("type", TYPES)
def test_a_blank_form_prints(base: Snapshot, type: str) -> None:
    text = opened(blank(type, base, day=TODAY))
    assert not [wrong for wrong in LEFT_OVER if wrong in text]
    assert "___" in text


@pytest.mark.parametrize("type", OWN)
def test_no_own_field_is_lost_on_the_way_to_paper(type: str) -> None:
    kind = document_type(type)
    asked = {re.split(r"[.\[]", f.name)[1] for f in template_of(kind).fields() if f.name.startswith("own.")}
    endings = ("", "_ticks", "_boxes", "_figures", "_day", "_clock", "_list", "_text")
    steered = {d for f in kind.own for d in [f.name] if kind.dated == f"own.{f.name}"}
    for field in kind.own:
        used = any(field.name + ending in asked for ending in endings)
        assert used or field.name in steered, f"{field.name} is asked for and never printed"


# ---------------------------------------------------------------- what is owed


@pytest.mark.parametrize(("type", "name"), FIELDS)
def test_a_missing_field_of_its_own_is_found(base: Snapshot, type: str, name: str) -> None:
    kind = document_type(type)
    field = next(f for f in kind.own if f.name == name)
    if field.optional or field.default or field.computed:
        return
    case, paper, day = carrier(kind)
    values = own_samples.most(kind, day)
    del values[name]
    found, _ = check(subject_of(kind, with_values(case, paper, values), base, TODAY))
    missed = [f for f in found if f.text.endswith(f".values.{name}")]
    assert [(f.code, f.severity) for f in missed] == [(field.code, "否决")]
    assert field.label in missed[0].message


@pytest.mark.parametrize(("type", "name"), FIELDS)
def test_a_wrong_value_is_one_line_that_says_what_is_right(type: str, name: str) -> None:
    kind = document_type(type)
    field = next(f for f in kind.own if f.name == name)
    value = own_samples.WRONG[field.type]
    data = {
        "schema": 1,
        "id": "x",
        "parties": [
            {"kind": "individual", "name": "示例甲", "id_number": "000000199001010026", "address": "路"}
        ],
        "violations": [{"benchmark": "a/b", "act": "2026-07-01", "found_on": "2026-07-01"}],
        "papers": [{"type": type, "values": {name: value}}],
    }
    with pytest.raises(BadRecord) as caught:
        case_from(data)
    message = str(caught.value)
    assert "\n" not in message
    assert "案件" in message
    assert name in message


def shared() -> Iterator[tuple[str, str]]:
    for kind in document_types():
        yield from ((kind.type, f.path) for f in kind.fields)


@pytest.mark.parametrize(("type", "path"), list(shared()))
def test_a_missing_field_of_the_case_is_found(base: Snapshot, type: str, path: str) -> None:
    kind = document_type(type)
    found_at = carriers(kind)
    assert found_at, f"no example case has a paper of type {type}"
    case, paper = found_at[0]
    field = next(f for f in kind.fields if f.path == path)
    subject = subject_of(kind, without(case, path, type), base, TODAY, paper=paper)
    missed = [f for f in check(subject)[0] if f.text == path]
    assert [(f.code, f.severity) for f in missed] == [(field.code, "否决")]


def without(case: CaseFile, path: str, type: str) -> CaseFile:
    """The case with one field not said."""
    head, _, rest = path.partition(".")
    if head == "violations":
        return case.model_copy(update={"violations": [_none(v, rest) for v in case.violations]})
    if head == "served":  # of every paper: a receipt is of any
        blocks = {
            name: _none(block, path) for name in BLOCKS if (block := getattr(case, name)) and block.served
        }
        return case.model_copy(
            update=blocks | {"papers": [_none(p, path) if p.served else p for p in case.papers]}
        )
    if head == "paper":
        papers = [_none(p, rest) if p.type == type else p for p in case.papers]
        return case.model_copy(update={"papers": papers})
    return _none(case, path)


def _none(model: Any, path: str) -> Any:
    head, _, rest = path.partition(".")
    value = getattr(model, head)
    left = _none(value, rest) if rest else [] if isinstance(value, list) else None
    return model.model_copy(update={head: left})


# ---------------------------------------------------------------- what document.yaml says


@pytest.mark.parametrize("type", TYPES)
def test_a_type_is_what_its_folder_says(type: str) -> None:
    kind = document_type(type)
    assert kind.folder.name == kind.type
    assert kind.form in ("公文", "表格")
    assert set(kind.uses) <= set(PARTS)
    assert rules_for(kind)
    assert kind.elements
    section = docx.Document(str(kind.template)).sections[0]
    assert [round(n.mm) for n in (section.page_width, section.page_height) if n] == [210, 297]


@pytest.mark.parametrize("type", TYPES)
def test_whatever_a_type_rests_on_is_proven(base: Snapshot, type: str) -> None:
    """Its bases, and the constant text of its template, whichever way the conditions go."""
    kind = document_type(type)
    bases = [*kind.basis, *(f.basis for f in (*kind.fields, *kind.own, *kind.elements) if f.basis)]
    for text in bases:
        wrong = [f for f in _judged(text, base) if f.severity == "否决" or f.code in ("C0", "C1")]
        assert wrong == [], text
    for line in read_docx(kind.template):
        constant = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", line.text)
        assert [f for f in _judged(constant, base) if f.code in CITED] == [], constant


def _judged(text: str, base: Snapshot) -> Any:
    return judge_text(text, base.laws, Days(TODAY, TODAY)).findings


def every_default() -> Iterator[tuple[str, str, str]]:
    for kind in document_types():
        yield from ((kind.type, f.name, f.computed or f.default) for f in kind.own if f.computed or f.default)


@pytest.mark.parametrize(("type", "name", "path"), list(every_default()))
def test_a_default_names_something_there_is(type: str, name: str, path: str) -> None:
    if "/" in path:
        assert path in COMPUTED
        return
    head, _, rest = path.partition(".")
    if head == "papers":
        other, _, name = rest.partition(".")
        kind = document_type(other)
        assert not kind.block, "a block of the case has paths of its own"
        assert name in {"number", "date", "served.at", *(f.name for f in kind.own)}
        return
    roots: dict[str, tuple[Any, str]] = {
        "party": (_model(CaseFile, "parties"), rest),
        "paper": (Paper, rest),
        "violations": (_model(CaseFile, "violations"), rest),
    }
    model, steps = roots.get(head, (CaseFile, path))
    for step in steps.split("."):
        assert step in model.model_fields, f"{path} is no field of a case file"
        model = _model(model, step)


def _model(model: type[BaseModel], name: str) -> Any:
    """The model behind a field, through lists and optional ones."""
    import typing

    waiting = [model.model_fields[name].annotation]
    while waiting:
        found = waiting.pop()
        if hasattr(found, "model_fields"):
            return found
        waiting += typing.get_args(found)
    return BaseModel


def test_no_two_types_share_a_name() -> None:
    seen: dict[str, str] = {}
    for kind in document_types():
        assert kind.name not in seen, (kind.type, seen.get(kind.name))
        seen[kind.name] = kind.type


def test_an_unfit_default_is_told(base: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = document_type("seizure_decision")
    case, paper, _ = carrier(kind)
    wrong: Callable[..., Any] = lambda subject: "三天后"  # noqa: E731
    monkeypatch.setitem(COMPUTED, "seizure/end", wrong)
    with pytest.raises(CailiangError, match=r"until.*seizure/end"):
        draft("seizure_decision", case, base, decided=TODAY)
    assert paper.values
