"""The fast filler and the plain one agree: on every shipped template, on every form, on templates made up."""

from __future__ import annotations

import io
import random
import re
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue import document_type, document_types, shipped_template
from generator.filters import PHRASES
from generator.invariants import broken
from generator.template import Template
from kb.errors import BadTemplate, BadValue
from tests.generator.reference.filler import Unsupported, fill, said
from tests.generator.test_docxtpl_forms import FORMS, made


def invented(template: Template, seed: int) -> dict[str, Any]:
    """Data for every field of a template: lists of two, conditions as the seed has it."""
    chance = random.Random(seed)
    data: dict[str, Any] = {PHRASES: lambda id, given: f"{id}{sorted(given.items())}"}
    paths = [re.findall(r"[^.\[\]]+|\[\]", field.name) for field in template.fields()]
    for steps in sorted(paths, key=len):
        _put(data, steps, paths, chance)
    return data


def _put(holder: Any, steps: list[str], paths: list[list[str]], chance: random.Random) -> None:
    step, rest = steps[0], steps[1:]
    if step == "[]":
        for each in holder:
            if rest:
                _put(each, rest, paths, chance)
        return
    if isinstance(holder, list):
        for each in holder:
            _put(each, steps, paths, chance)
        return
    if not isinstance(holder, dict):
        return
    if step not in holder or not isinstance(holder[step], dict | list):
        holder[step] = _value(step, rest, paths, chance, holder.get(step))
    if rest:
        _put(holder[step], rest, paths, chance)


def _value(step: str, rest: list[str], paths: list[list[str]], chance: random.Random, old: Any) -> Any:
    if rest[:1] == ["[]"]:
        leaf = len(rest) == 1 and not any(step in path and path[path.index(step) + 1 :][1:] for path in paths)
        return [f"{step}{n}" for n in range(2)] if leaf else [{} for _ in range(chance.choice([0, 1, 2]))]
    if rest:
        return {}
    return old if old is not None else chance.choice([f"〔{step} <&>〕", f"{step}\n第二行", ""])


@pytest.mark.parametrize("type", [kind.type for kind in document_types()])
def test_on_every_shipped_template(type: str) -> None:
    source = shipped_template(document_type(type)).read_bytes()
    template = Template.compile(source)
    compared = 0
    for seed in range(12):
        data = invented(template, seed)
        try:
            paper = template.render(data)
        except BadValue:
            continue  # the data invented does not suit: the plain one is not asked
        assert said(paper) == fill(source, data)
        assert broken(paper) == []
        compared += 1
    assert compared >= 3


ONLY_FAST = (
    "{%-",
    "over paragraphs",
    "{% cellbg",
    "{% colspan",
    "{% vm",
    "{% hm",
    "{% raw",
    "{% with",
    "loop words",
    "groupby",
    "group",
)


@pytest.mark.parametrize("form", [form for form in FORMS if not any(word in form for word in ONLY_FAST)])
def test_on_every_form(form: str) -> None:
    content, data = FORMS[form]
    source = made(*content)
    fast, plain = said(Template.compile(source).render(data)), fill(source, data)
    assert fast == plain


# -- templates made up -----------------------------------------------------------------------------------

WORDS = st.text("甲乙丙<&>\" '案“”", min_size=0, max_size=4)
NAMES = ("a", "b.c", "l|length", "d['x']", "'甲' ~ a", "a if b.c else '无'", "a|default('无')")
CONDITIONS = ("a", "not a", "b.c == '乙'", "l|length > 1", "none is defined", "a and b.c")
LISTS = ("l", "b.m", "range(2)", "l if x.n > 1")
DATA = {
    "a": "一 <&>",
    "b": {"c": "乙", "m": [{"n": 1, "k": ["x"]}]},
    "l": [{"n": 1, "k": ["甲", "乙"]}, {"n": 2, "k": []}],
    "d": {"x": "行一\n行二\t三"},
}


def inline(depth: int) -> st.SearchStrategy[str]:
    """The text of one paragraph, its blocks closed."""
    out = st.sampled_from(NAMES).map(lambda name: f"{{{{ {name} }}}}")
    base = WORDS | out | st.just("{# 说明 #}") | st.just("{_{ ") | st.just("{% set a = a ~ '加' %}")
    if depth == 0:
        return st.lists(base, max_size=3).map("".join)
    inside = inline(depth - 1)
    condition = st.sampled_from(CONDITIONS)
    either = st.tuples(condition, inside, condition, inside, inside).map(
        lambda t: f"{{% if {t[0]} %}}{t[1]}{{% elif {t[2]} %}}{t[3]}{{% else %}}{t[4]}{{% endif %}}"
    )
    loop = st.tuples(st.sampled_from(LISTS), inside).map(
        lambda t: f"{{% for x in {t[0]} %}}{{{{ loop.index }}}}{t[1]}{{% endfor %}}"
    )
    return st.lists(base | either | loop, max_size=3).map("".join)


def blocks(depth: int) -> st.SearchStrategy[list[Any]]:
    """Paragraphs and tables, with ``{%p %}`` around some of them."""
    paragraph = inline(1).map(lambda text: [text])
    rows = st.lists(inline(1), min_size=2, max_size=2)
    table = st.tuples(rows, st.sampled_from(LISTS), rows, st.booleans()).map(
        lambda t: [
            ("table", [t[0]] * t[3] + [[f"{{%tr for x in {t[1]} %}}", ""], t[2], ["{%tr endfor %}", ""]])
        ]
    )
    base = paragraph | table
    if depth:
        inside = blocks(depth - 1)
        base |= st.tuples(st.sampled_from(CONDITIONS), inside, inside).map(
            lambda t: [f"{{%p if {t[0]} %}}", *t[1], "{%p else %}", *t[2], "{%p endif %}"]
        )
        base |= st.tuples(st.sampled_from(LISTS), inside).map(
            lambda t: [f"{{%p for x in {t[0]} %}}", *t[1], "{%p endfor %}"]
        )
    return st.lists(base, max_size=3).map(lambda found: [each for one in found for each in one])


def written(content: list[Any], cuts: random.Random) -> bytes:
    """A .docx of it, with its text cut into runs at random places."""
    document = Document()
    for each in content:
        if isinstance(each, str):
            _cut(document.add_paragraph(), each, cuts)
        else:
            grid = document.add_table(rows=len(each[1]), cols=2)
            for row, words in zip(grid.rows, each[1], strict=True):
                for cell, text in zip(row.cells, words, strict=True):
                    _cut(cell.paragraphs[0], text, cuts)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cut(paragraph: Any, text: str, cuts: random.Random) -> None:
    bold = cuts.choice(
        [None, True]
    )  # of the whole: a block over runs of two looks takes that of its beginning
    while text:
        length = cuts.choice([1, 2, 3, 5, 8, 40])
        paragraph.add_run(text[:length]).bold = bold
        text = text[length:]


@settings(deadline=None, max_examples=60)
@given(blocks(2), st.integers(0, 9999))
def test_on_templates_made_up(content: list[Any], seed: int) -> None:
    source = written(content, random.Random(seed))
    try:
        template = Template.compile(source)
        paper = template.render(DATA)
    except (BadTemplate, BadValue):
        return
    try:
        plain = fill(source, DATA)
    except Unsupported:
        return
    assert said(paper) == plain
    assert broken(paper) == []
