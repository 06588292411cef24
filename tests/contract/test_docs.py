"""The docs say what is: links, commands, real output, options, settings, codes, fields and JSON shapes."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import click
import pytest
from docx import Document

from app.cli import cailiang
from app.config import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("docs/**/*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def _examples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("doc_examples", ROOT / "scripts" / "doc_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look there
    spec.loader.exec_module(module)
    return module


doc_examples = _examples()


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = {n for n, row in enumerate(cells) if all(set(c) <= {"-", ":"} for c in row)}
    return [row for n, row in enumerate(cells) if n not in rules and n + 1 not in rules]


def code(text: str) -> list[str]:
    """The code spans of a text, outside fenced blocks."""
    return [span for _, span in re.findall(r"(`+)(.+?)\1(?!`)", FENCE.sub("", text))]


def section(name: str, heading: str) -> str:
    """The text below a heading, up to the next of the same depth."""
    depth = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{depth}}} |\Z)", text_of(name), re.M | re.S)
    assert found, f"{name} has no {heading}"
    return found[1]


# ---------------------------------------------------------------- links and languages


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / unquote(target.partition("#")[0])).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_speaks_of_one_machine(page: Path) -> None:
    assert not re.search(r"/(?:work|home|root|Users|shared)/", page.read_text(encoding="utf-8"))


def test_every_page_is_in_the_index() -> None:
    index = text_of("docs/README.md")
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert page.name == "README.md" or f"]({page.name})" in index, page.name


def test_both_readmes_show_the_same_commands_and_output() -> None:
    pages = (re.sub(r" +# .*", "", text_of(name)) for name in ("README.md", "README.zh-CN.md"))
    english, chinese = map(FENCE.findall, pages)
    assert english == chinese
    assert len(doc_examples.examples(text_of("README.md"))) > 5


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", text_of("CHANGELOG.md"), re.M)


def test_every_dependency_has_a_line() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = " ".join(row[0] for row in rows(text_of("docs/dependencies.md"))).lower()
    for each in wanted:
        name = re.match(r"[\w-]+", each)
        assert name is not None
        assert name[0].lower() in lines or name[0].startswith("types-"), name[0]


@pytest.mark.parametrize("package", ["kb", "search", "generator", "casework", "app"])
def test_every_room_is_on_the_plan(package: str) -> None:
    plan = {row[0]: code(row[1]) for row in rows(section("docs/architecture.md", "## Rooms"))}[f"`{package}`"]
    named = {name for span in plan for name in span.split("/")}
    rooms = {p.stem for p in (ROOT / package).iterdir() if not p.name.startswith(("_", "."))}
    assert rooms <= named, "a room is missing on the plan"


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 200_000, picture.name


# ---------------------------------------------------------------- commands


def shown_commands() -> Iterator[tuple[str, str]]:
    """Every line of a fenced block that calls cailiang, with its page; shell lines are joined."""
    for page in PAGES:
        for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
            if language not in ("sh", "console"):
                continue
            for line in block.replace("\\\n", " ").splitlines():
                call = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?cailiang (.*)", line)
                if call and (language == "sh" or line.startswith("$ ")):
                    yield name_of(page), call[1]


@pytest.mark.parametrize(("page", "call"), sorted(set(shown_commands())), ids=lambda v: str(v)[:60])
def test_every_command_shown_is_one(page: str, call: str) -> None:
    words = shlex.split(call.partition(" | ")[0], comments=True)
    command: click.Command = cailiang
    ctx = click.Context(cailiang, info_name="cailiang")
    while isinstance(command, click.Group):
        _, words, _ = command.make_parser(ctx).parse_args(words)
        assert words, f"{page}: {call}: a command is missing"
        found = command.get_command(ctx, words[0])
        assert found is not None, f"{page}: there is no command {words[0]}"
        ctx = click.Context(found, info_name=words[0], parent=ctx)
        command, words = found, words[1:]
    given, rest, _ = command.make_parser(ctx).parse_args(words)
    assert not rest, f"{page}: {call}: too many words"
    for param in command.params:
        value = given.get(param.name or "")
        if param.required:
            assert value not in (None, ()), f"{page}: {call}: {param.name} is missing"
        if value is not None and not isinstance(param.type, click.Path):
            with suppress(AttributeError, TypeError):  # no value was written: the parser's own marker
                param.type_cast_value(ctx, value)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with doc_examples.terminal(tmp_path_factory.mktemp("docs")):
        yield


@pytest.mark.parametrize("page", doc_examples.pages(), ids=name_of)
def test_every_example_shows_what_a_terminal_shows(page: Path, terminal: None) -> None:
    for example in doc_examples.examples(page.read_text(encoding="utf-8")):
        said = doc_examples.run(example.command)
        assert said == example.output, f"{example.command}\nrun: python -m scripts.doc_examples"


@pytest.mark.usefixtures("terminal")
def test_both_readmes_count_the_shipped_base() -> None:
    stats = json.loads(doc_examples.run("cailiang kb stats --json"))
    n = {kind: sum(count.values()) if isinstance(count, dict) else count for kind, count in stats.items()}
    english, chinese = (PAGES[at].read_text(encoding="utf-8").replace("\n", " ") for at in (0, 1))
    for said in (
        f"{n['benchmark']} violations in seven domains, {n['leniency']} list entries, {n['phrase']} phrases",
        f"{n['case_study']} case studies and the structure of {n['law']} laws",
    ):
        assert said in english
    for said in (
        f"七个领域的{n['benchmark']}个 违法行为、{n['leniency']}条清单事项、{n['phrase']}条文明用语、",
        f"{n['case_study']}个典型案例和{n['law']}部法律的条文结构",
    ):
        assert said in chinese


# ---------------------------------------------------------------- tables that mirror the code


def test_the_operator_page_lists_the_options() -> None:
    shown = [row for row in rows(section("docs/operator.md", "## 环境变量")) if len(row) == 3]
    assert shown == [[f"`{o.name}`", o.default, o.help] for o in OPTIONS]


def strings_given_to(names: frozenset[str], package: str) -> set[str]:
    """The string constants in the first argument of calls of these names."""
    out: set[str] = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in names:
                    out |= {
                        c.value
                        for c in ast.walk(node.args[0])
                        if isinstance(c, ast.Constant) and isinstance(c.value, str)
                    }
    return out


def test_the_editor_page_names_every_setting() -> None:
    from kb.importing.records import load_records

    asking = frozenset({"setting", "Question"})
    packages = ("kb", "generator", "casework", "app")
    asked = {s for package in packages for s in strings_given_to(asking, package)}
    assert "organ/court" in asked
    shipped = {r.id for r in load_records(ROOT / "kb" / "content") if r.kind == "setting"}
    needed = {s for s in asked | shipped if re.fullmatch(r"[a-z]+/[a-z-]+", s)}
    assert needed == {s for row in rows(section("docs/editor.md", "## 设置")) for s in code(row[0])}


def test_every_field_of_a_record_is_in_the_editor_page() -> None:
    from kb.records import KINDS

    words = set(re.findall(r"[a-z_]+", " ".join(code(text_of("docs/editor.md")))))
    for kind, model in KINDS.items():
        for name, field in model.model_fields.items():
            assert (field.alias or name) in words | {"body"}, f"{kind}.{name}"


CODES = [
    ("docs/reviewer.md", "C"),
    ("docs/reviewer.md", "E"),
    ("docs/reviewer.md", "G"),
    ("docs/editor.md", "B"),
    ("docs/editor.md", "K"),
    ("docs/templates.md", "T"),
]


@pytest.mark.parametrize(("page", "letter"), CODES)
def test_every_code_of_a_finding_is_explained(page: str, letter: str) -> None:
    used: set[str] = set()
    for package in ("kb", "generator", "casework"):
        for path in (ROOT / package).rglob("*.py"):
            used |= set(re.findall(rf'"({letter}\d{{1,2}})"', path.read_text(encoding="utf-8")))
    explained = {row[0] for row in rows(text_of(page)) if re.fullmatch(rf"{letter}\d{{1,2}}", row[0])}
    if letter == "T":
        explained |= {"T9"} if "T9 " in text_of(page) else set()
    assert explained == used


def leaves(model: Any, path: str = "") -> Iterator[str]:
    """The dotted paths of a pydantic model's fields, ``*`` for a row or a name."""
    from typing import get_args, get_origin

    for name, field in model.model_fields.items():
        at = f"{path}{field.alias or name}"
        found = list(models_in(field.annotation))
        kinds = {get_origin(a) for a in (field.annotation, *get_args(field.annotation))}
        star = ".*" if list in kinds and found else ""
        if found:
            yield from leaves(found[0], f"{at}{star}.")
        elif get_origin(field.annotation) is dict:
            assert get_args(field.annotation)
            yield f"{at}.*"
        else:
            yield at


def models_in(annotation: Any) -> Iterator[Any]:
    from typing import get_args

    if hasattr(annotation, "model_fields"):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def test_the_case_file_page_lists_every_field_once() -> None:
    from generator.casefile import CaseFile

    shown = [code(row[0])[0] for row in rows(section("docs/case-file.md", "## 字段"))]
    assert sorted(shown) == sorted(leaves(CaseFile))


def test_the_case_file_page_shows_a_case_that_drafts(terminal: None) -> None:
    example = next(
        block for language, block in FENCE.findall(text_of("docs/case-file.md")) if language == "yaml"
    )
    Path("case.yaml").write_text(example, encoding="utf-8")
    said = doc_examples.run("cailiang draft decision --case case.yaml -o var/case.docx")
    assert "已写出 var/case.docx" in said
    assert "没有发现问题" in doc_examples.run("cailiang cite check var/case.docx")


def test_the_editor_page_shows_a_record_that_loads(tmp_path: Path) -> None:
    from kb.importing.records import load_file

    blocks = [block for language, block in FENCE.findall(text_of("docs/editor.md")) if language == "yaml"]
    for block in blocks:
        path = tmp_path / "record.yaml"
        path.write_text(block, encoding="utf-8")
        assert load_file(path)
    assert blocks


def test_the_editor_page_writes_fines_that_can_be_read() -> None:
    from kb.money import parse_fine

    written = code(section("docs/editor.md", "### 罚款照条文写"))
    fines = [w for w in written if re.search(r"[元倍]|百分之|罚款", w)]
    assert len(fines) > 8
    for fine in fines:
        parse_fine(fine)


# ---------------------------------------------------------------- templates


def template(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


FILLED = [row for row in rows(text_of("docs/templates.md")) if re.fullmatch(r"`{.*}`", row[1]) and row[2:]]
FILLED = [row for row in FILLED if row[0].startswith("`")]
REFUSED = [
    row for row in rows(section("docs/templates.md", "## 会被拒绝的写法")) if re.fullmatch(r"T\d", row[0])
]


@pytest.mark.parametrize("row", FILLED, ids=lambda row: str(row[0]))
def test_a_tag_prints_what_the_page_says(row: list[str]) -> None:
    from generator.template import Template

    made = Template.compile(template(*code(row[0]))).render(json.loads(code(row[1])[0]))
    assert "\n".join(p.text for p in Document(BytesIO(made)).paragraphs) == row[2]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_tag_is_refused_as_the_page_says(row: list[str]) -> None:
    from generator.template import check_template

    found = check_template(template(*code(row[1]))).findings
    assert row[0] in {f.code for f in found}


def test_the_template_page_names_every_filter_and_word() -> None:
    from generator.filters import BORROWED_FILTERS, FILTERS
    from generator.render import CALLS, DATE_WORDS, LOOP_WORDS

    shown = " ".join(code(text_of("docs/templates.md")))
    words = set(re.findall(r"\w+", shown))
    known = {*FILTERS, *BORROWED_FILTERS, *LOOP_WORDS, *DATE_WORDS, *CALLS}
    assert known <= words


# ---------------------------------------------------------------- JSON


JSON_SECTIONS = re.findall(r"^## (.+)$", text_of("docs/json.md"), re.M)


def paths(value: Any, at: str = "") -> Iterator[str]:
    """The paths of a JSON value; a null or an empty list or object ends in ``?``: anything may lie below."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from paths(inner, f"{at}[]")
    else:
        yield f"{at}?" if value in (None, [], {}) else at


@pytest.fixture(scope="module")
def handed_in(terminal: None) -> None:
    """Three drafts, as the page numbers them: to look at, to approve, to reject."""
    from app import clock
    from kb import drafts
    from kb.importing.records import load_file
    from kb.store import Store

    record = load_file(ROOT / "kb/content/synonyms/common.yaml")[0]
    store = Store.open(Path("var"))
    for n in range(3):
        said = record.model_copy(update={"id": f"market/said-{n}"})
        drafts.propose(store, [(said, "第1行")], author="张三", at=clock.now(), note="表.xls", read_at=1)
    store.close()


@pytest.fixture(scope="module")
def answers(handed_in: None) -> dict[str, str]:
    """What the command of each section says, in the order of the page: later ones need what earlier made."""
    Path("var/note.txt").write_text("依据《食品安全法》第122条处罚。", encoding="utf-8")
    texts = {heading: section("docs/json.md", f"## {heading}") for heading in JSON_SECTIONS}
    return {heading: doc_examples.run(FENCE.findall(text)[0][1].strip()) for heading, text in texts.items()}


@pytest.mark.parametrize("heading", JSON_SECTIONS)
def test_json_has_the_shape_of_the_page(heading: str, answers: dict[str, str]) -> None:
    text, said = section("docs/json.md", f"## {heading}"), answers[heading]
    data, _ = json.JSONDecoder().raw_decode(said, min(i for i in (said.find("{"), said.find("[")) if i >= 0))
    shown = {code(row[0])[0] for row in rows(text)}
    real = set(paths(data))
    known = {p for p in real if not p.endswith("?")}
    open_ends = {p.removesuffix("?") for p in real if p.endswith("?")}
    for path in shown:
        pattern = re.compile(re.escape(path).replace(r"\*", r"\w+"))
        below = any(path == p or path.startswith((f"{p}.", f"{p}[")) for p in open_ends)
        assert below or any(pattern.fullmatch(p) for p in known), f"{heading}: no {path} in the answer"
    patterns = [re.compile(re.escape(path).replace(r"\*", r"\w+")) for path in shown]
    for path in known:
        assert any(p.fullmatch(path) for p in patterns), f"{heading}: {path} is not in the page"


def test_the_json_page_names_every_error_code() -> None:
    from kb import errors

    known = {
        e.code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.CailiangError)
    }
    assert known <= set(code(section("docs/json.md", "## 错误")))
