"""What a fill leaves behind: the same bytes, the untouched parts, filters, and a light start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import pytest
from docx import Document

from generator.render import text_sandbox, word_sandbox
from generator.template import Template
from kb.errors import BadValue, NotFound


def made(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def said(file: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(file)).paragraphs]


def test_the_same_input_gives_the_same_bytes() -> None:
    source = made("{{ a }}", "{% for e in es %}{{ e }}{% endfor %}")
    data = {"a": "甲", "es": ["乙", 1]}
    first = Template.compile(source).render(data)
    template = Template.compile(source)
    assert template.render({"a": "丙", "es": []}) != first
    assert template.render(data) == first
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_another_process_on_another_day_gives_the_same_bytes(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(made("{{ a }}{{ b|金额 }}"))
    code = (
        "import sys, hashlib; from pathlib import Path; from generator.template import Template;"
        "out = Template.compile(Path(sys.argv[1])).render({'a': '甲', 'b': 3});"
        "print(hashlib.sha256(out).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            cwd=root,
            env={"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("UTC", "1"), ("Asia/Shanghai", "2"))
    }
    assert len(found) == 1


def test_parts_without_tags_are_copied_byte_for_byte() -> None:
    source = made("{{ a }}")
    out = Template.compile(source).render({"a": "甲"})
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(io.BytesIO(out)) as new:
        assert set(old.namelist()) == set(new.namelist())
        assert new.namelist()[0] == "[Content_Types].xml"
        for name in old.namelist():
            if name != "word/document.xml":
                assert old.read(name) == new.read(name)
                assert old.getinfo(name).compress_size == new.getinfo(name).compress_size


def test_rendered_parts_can_be_had_before_they_are_packed() -> None:
    template = Template.compile(made("{{ a }}", "常文"))
    parts = template.render_parts({"a": "甲"})
    assert list(parts) == ["word/document.xml"]
    assert template.pack(parts) == template.render({"a": "甲"})


def test_a_template_without_tags_is_its_own_paper() -> None:
    template = Template.compile(made("常文"))
    assert template.fields() == []
    assert said(template.render({})) == ["常文"]


def test_the_version_is_that_of_the_bytes(tmp_path: Path) -> None:
    source = made("{{ a }}")
    path = tmp_path / "决定书.docx"
    path.write_bytes(source)
    template = Template.compile(path)
    assert (template.name, template.version) == ("决定书.docx", Template.compile(source).version)
    assert template.version != Template.compile(made("{{ b }}")).version


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="找不到文件"):
        Template.compile(tmp_path / "无.docx")


def test_one_template_serves_many_threads() -> None:
    template = Template.compile(made("{{ a }}", "{% for e in es %}{{ e }}{% endfor %}"))
    data = [{"a": str(number), "es": [number] * 50} for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(template.render, data)) == [template.render(each) for each in data]


def test_data_is_left_as_it_was() -> None:
    data: dict[str, Any] = {"a": "x", "es": [{"b": "<"}]}
    before = json.dumps(data)
    Template.compile(made("{% set a = 'y' %}{{ a }}{% for e in es %}{{ e.b }}{% endfor %}")).render(data)
    assert json.dumps(data) == before


FILTERS: list[tuple[str, Any, str]] = [
    ("日期", date(2026, 5, 8), "2026年5月8日"),
    ("日期", datetime(2026, 12, 31, 23, 59), "2026年12月31日"),
    ("日期", "2026-05-08", "2026年5月8日"),
    ("汉字日期", date(2026, 10, 20), "二〇二六年十月二十日"),
    ("金额", 1440, "1,440.00"),
    ("金额", Decimal("1234567.8"), "1,234,567.80"),
    ("金额", "50000", "50,000.00"),
    ("大写金额", 50_000, "伍万元整"),
    ("大写金额", "1,164.05", "壹仟壹佰陆拾肆元零伍分"),
    ("join('、')", ["甲", 2], "甲、2"),
    ("length", ["甲", "乙"], "2"),
    ("upper", "ab<", "AB<"),
    ("trim", " 甲 ", "甲"),
    ("first", ["<甲>"], "<甲>"),
]


@pytest.mark.parametrize(("name", "value", "text"), FILTERS)
def test_filters(name: str, value: Any, text: str) -> None:
    assert said(Template.compile(made(f"{{{{ v|{name} }}}}")).render({"v": value})) == [text]


REFUSED: list[tuple[str, Any, str]] = [
    ("日期", "5月8日", "不是日期"),
    ("日期", 20260508, "不是日期"),
    ("金额", "五万", "不是数额"),
    ("金额", "NaN", "不是数额"),
    ("金额", "1.005", "多于两位小数"),
    ("join('、')", "甲乙", "只用于列表"),
    ("join('、')", [["甲"]], "列表或字典"),
]


@pytest.mark.parametrize(("name", "value", "says"), REFUSED)
def test_filters_refuse_rather_than_guess(name: str, value: Any, says: str) -> None:
    template = Template.compile(made(f"{{{{ v|{name} }}}}"))
    with pytest.raises(BadValue, match=says) as caught:
        template.render({"v": value})
    assert "正文 第1段" in caught.value.where


# Past the checks of the tag language: what the sandbox itself refuses to expressions.
ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ a['__class__'] }}",
    "{{ a.items.__globals__ }}",
    "{{ self }}",
    "{{ loop }}",
    "{{ range.__init__ }}",
    "{{ (1).real }}",
    "{{ d.today() }}",
    "{{ 'x' * 1000000000 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ lipsum() }}",
    "{{ a.update({}) }}",
    "{{ a.get('x') }}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_the_sandbox_stands_by_itself(source: str) -> None:
    for sandbox in (word_sandbox(), text_sandbox()):
        left, right = sandbox.variable_start_string, sandbox.variable_end_string
        with pytest.raises((BadValue, jinja2.TemplateError)):
            sandbox.from_string(source.replace("{{", left).replace("}}", right)).render(
                a={"b": 1}, d=date(2026, 1, 1)
            )


HEAVY = (
    "sqlalchemy",
    "pydantic",
    "flask",
    "whoosh",
    "numpy",
    "alembic",
    "docx",
    "waitress",
    "yaml",
    "kb.store",
)


def test_a_fill_starts_light(tmp_path: Path, root: Path) -> None:
    """Nothing but the filler is loaded from the start of the process to the written file."""
    path = tmp_path / "t.docx"
    path.write_bytes(made("{{ a }}{{ b|大写金额 }}{{ c|日期 }}"))
    code = (
        "import sys, json; from pathlib import Path; from generator.template import Template;"
        "out = Template.compile(Path(sys.argv[1])).render({'a': '甲', 'b': 3, 'c': '2026-05-08'});"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=root, capture_output=True, check=True, text=True
    )
    loaded = json.loads(done.stdout)
    assert "generator.render" in loaded
    assert [name for name in loaded if name.startswith(HEAVY)] == []
