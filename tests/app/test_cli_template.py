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


def own_template(path: Path) -> Path:
    """The shipped service receipt with one more line."""
    from generator.catalogue import document_type, shipped_template

    doc = Document(str(shipped_template(document_type("service_receipt"))))
    doc.add_paragraph("本机关自己的一行")
    doc.save(str(path))
    return path


def test_own_templates_are_kept_used_and_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, own = ["--home", tmp_path / "home"], own_template(tmp_path / "own.docx")
    code, out, _ = run(capsys, *home, "template", "add", own, "--type", "送达回证", "--by", "甲", "--json")
    assert code == 0
    version = json.loads(out)["version"]
    got = tmp_path / "got.docx"
    assert run(capsys, *home, "template", "get", "service_receipt", "-o", got)[0] == 0
    assert got.read_bytes() == own.read_bytes()
    assert run(capsys, *home, "template", "use", "service_receipt", "shipped", "--by", "乙")[0] == 0
    assert run(capsys, *home, "template", "get", "service_receipt", "-o", got)[0] == 0
    assert got.read_bytes() != own.read_bytes()
    said = json.loads(run(capsys, *home, "template", "versions", "service_receipt", "--json")[1])
    assert said["in_use"] == "shipped"
    assert [(v["version"], v["by"]) for v in said["versions"]] == [("shipped", "乙"), (version, "甲")]
    code, _, err = run(capsys, *home, "template", "use", "service_receipt", "0123456789ab")
    assert code == 1
    assert "没有版本" in err


def test_a_faulty_template_is_not_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = template(tmp_path / "t.docx", "{{ party.nmae }}")
    args = ["--home", tmp_path / "home", "template", "add", source, "--type", "service_receipt"]
    code, _, err = run(capsys, *args)
    assert code == 1
    assert "party.name" in err
    assert not (tmp_path / "home" / "templates").exists()


def test_check_writes_comments_into_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, copy = template(tmp_path / "t.docx", "甲{{ a|日其 }}"), tmp_path / "copy.docx"
    code, _, err = run(capsys, "template", "check", source, "--comments", copy)
    assert code == 1
    assert "copy.docx" in err
    assert "日期" in "".join(c.text for c in Document(str(copy)).comments)


def test_fill_takes_pictures_rich_text_and_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.generator.test_docxtpl_forms import png

    source = template(tmp_path / "t.docx", "印：{{ seal }}", "{{ words }}", "{{p annex }}", "尾")
    (tmp_path / "seal.png").write_bytes(png())
    template(tmp_path / "annex.docx", "附件一")
    data = {
        "seal": {"$image": "seal.png", "width": 40, "alt": "公章"},
        "words": {"$rich": ["平", {"text": "粗", "bold": True, "size": 16.5}]},
        "annex": {"$subdoc": "annex.docx"},
    }
    (tmp_path / "d.json").write_text(json.dumps(data), encoding="utf-8")
    out = tmp_path / "o.docx"
    assert run(capsys, "template", "fill", source, tmp_path / "d.json", "-o", out)[0] == 0
    document = Document(str(out))
    assert [p.text for p in document.paragraphs] == ["印：", "平粗", "附件一", "尾"]
    assert document.inline_shapes[0].width.mm == pytest.approx(40, abs=0.01)
    for wrong, told in (
        ({"$image": "no.png"}, "no.png"),
        ({"$image": "d.json"}, "PNG"),
        ({"$rich": 3}, "写法"),
    ):
        (tmp_path / "d.json").write_text(json.dumps(data | {"seal": wrong}), encoding="utf-8")
        code, _, err = run(capsys, "template", "fill", source, tmp_path / "d.json", "-o", tmp_path / "x.docx")
        assert code == 1
        assert told in err
        assert "字段 seal" in err
