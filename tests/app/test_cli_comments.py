"""`cite check --comments`: a commented copy beside the findings, never the file itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from tests.app.conftest import Run
from tests.generator.commented import anchored, assert_only_comments, comments
from tests.generator.raw_docx import p, raw_docx

FAULTY = "违反了《食品安全法》第35条第一款的规定。"
WORDS = "《食品安全法》第35条第一款"


def test_the_copy_is_written_and_the_findings_still_printed(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "a.docx", tmp_path / "新" / "批注.docx"
    path.write_bytes(original := raw_docx(p("决定书") + p(FAULTY)))
    code, said, err = run("cite", "check", path, "--comments", out, "--json")
    assert code == 1
    found = json.loads(said)["findings"]
    assert [f["code"] for f in found] == ["C1", "C10"]
    assert f"已写出 {out}（2 条批注）" in err
    assert path.read_bytes() == original
    copy = out.read_bytes()
    assert_only_comments(original, copy)
    assert [anchored(copy, n) for n in comments(copy)] == [WORDS, WORDS]
    stamps = {c.timestamp.isoformat()[:16] for c in Document(str(out)).comments if c.timestamp}
    assert stamps == {"2026-11-22T23:59"}
    assert [x.name for x in out.parent.iterdir()] == ["批注.docx"], "no temporary file stays"


def test_without_findings_the_copy_is_the_file(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "a.docx", tmp_path / "b.docx"
    path.write_bytes(raw_docx(p("没有引用")))
    assert run("cite", "check", path, "--comments", out)[0] == 0
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("names", "out", "told"),
    [
        (["a.docx", "b.docx"], "out.docx", "一次只写一个文件"),
        (["a.txt"], "out.docx", "只能写进 .docx"),
        (["a.docx"], "out.txt", "只能写进 .docx"),
        (["a.docx"], "a.docx", "不写进原件"),
    ],
)
def test_wrong_use_writes_nothing(run: Run, tmp_path: Path, names: list[str], out: str, told: str) -> None:
    for name in names:
        (tmp_path / name).write_bytes(raw_docx(p(FAULTY)) if name.endswith("docx") else FAULTY.encode())
    before = {x.name: x.read_bytes() for x in tmp_path.iterdir()}
    code, said, err = run("cite", "check", *(tmp_path / name for name in names), "--comments", tmp_path / out)
    assert (code, said) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert {x.name: x.read_bytes() for x in tmp_path.iterdir()} == before


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to measure memory")
def test_sixty_pages_take_less_than_120_megabytes(home: Path, tmp_path: Path) -> None:
    page = p(*["经查，", "当事人", "在示例", "路摆摊", "经营，"] * 60) + p(FAULTY)
    (tmp_path / "long.docx").write_bytes(raw_docx(page * 60))
    arguments = ["--home", str(home), "cite", "check", str(tmp_path / "long.docx")]
    arguments += ["--comments", str(tmp_path / "out.docx")]
    program = (
        "import sys; from app.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=True)
    assert (tmp_path / "out.docx").exists()
    assert int(done.stdout.split()[-1]) < 120 * 1024
