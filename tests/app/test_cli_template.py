"""`template`: list, check and strict filling from JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from app.cli import main


def template(path: Path, *lines: str) -> Path:
    doc = Document()
    for line in lines:
        doc.add_paragraph(line)
    doc.save(str(path))
    return path


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as e:
        main([str(a) for a in args])
    said = capsys.readouterr()
    assert isinstance(e.value.code, int)
    return e.value.code, said.out, said.err


def test_fill_writes_the_values_exactly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = template(tmp_path / "t.docx", "当事人：{{ party }}", "罚款{{ fine }}元")
    data = tmp_path / "d.json"
    data.write_text(json.dumps({"party": "甲<乙>&丙", "fine": "50000", "spare": "x"}), encoding="utf-8")
    out = tmp_path / "new" / "out.docx"
    code, _, err = run(capsys, "template", "fill", source, data, "-o", out)
    assert code == 0
    assert "spare" in err
    assert [p.text for p in Document(str(out)).paragraphs] == ["当事人：甲<乙>&丙", "罚款50000元"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"party": "甲"}', "fine"),
        ('{"party": "甲", "fine": null}', "fine"),
        ('{"party": "甲", "party": "乙", "fine": "1"}', "写了两次"),
        ('{"party": ', "第1行"),
        ("[1]", "对象"),
    ],
)
def test_bad_data_is_one_line_and_writes_nothing(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = template(tmp_path / "t.docx", "{{ party }}{{ fine }}")
    data = tmp_path / "d.json"
    data.write_text(text, encoding="utf-8")
    out = tmp_path / "out.docx"
    code, _, err = run(capsys, "template", "fill", source, data, "-o", out)
    assert code == 1
    assert told in err
    assert len(err.strip().splitlines()) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.json", "t.docx"]


def test_check_names_the_paragraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = template(tmp_path / "t.docx", "好的一段", "{%p if late %}", "逾期")
    code, out, _ = run(capsys, "template", "check", source)
    assert code == 1
    assert "第2段" in out


def test_the_filler_never_loads_the_rest_of_the_house(root: Path, tmp_path: Path) -> None:
    source = template(tmp_path / "t.docx", "{{ party }}")
    (tmp_path / "d.json").write_text('{"party": "甲"}', encoding="utf-8")
    args = ["template", "fill", str(source), str(tmp_path / "d.json"), "-o", str(tmp_path / "o.docx")]
    code = (
        "import sys\nfrom app.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit as e:\n    assert e.code == 0\n"
        "print(' '.join(sorted(m.split('.')[0] for m in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"sqlalchemy", "pydantic", "flask", "whoosh", "numpy", "docx", "alembic"}
