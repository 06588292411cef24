"""Every document type through a real LibreOffice and our own review, as the example cases issue them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from casework import documents
from casework.cases import Cases
from generator.catalogue import document_types
from generator.prescribed import Case
from generator.review import review
from kb.importing.yaml_files import load_yaml
from kb.snapshot import Snapshot
from kb.store import Store
from tests.casework.conftest import AT, Office
from tests.casework.test_courses import EXAMPLES, issue_all, unnumbered
from tests.conftest import need

pytestmark = [pytest.mark.soak, pytest.mark.libreoffice]

LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|None|Undefined|\bnan\b|错误！")


def issued(path: Path, home: Path, out: Path, base: Snapshot) -> tuple[dict[Path, str], list[Any]]:
    """Issue an example from first to last: the type of each file written, what review finds."""
    findings: list[Any] = []
    office = Office(Cases(Store.open(home)), base)
    id = office.create(unnumbered(load_yaml(path)[0]))
    written: dict[Path, str] = {}
    for n, (_, paper) in enumerate(issue_all(office, id), 1):
        file = out / f"{path.stem}-{n:02}-{paper.type}.docx"
        file.write_bytes(documents.content(office.cases.store, paper.sha256))
        written[file] = paper.type
        as_case = Case(path.name, office.cases.read(id).case, base, AT.date())
        findings += [
            (file.name, f) for f in review(file, base, case=as_case, today=AT.date()).papers[0].findings
        ]
    office.cases.store.close()
    return written, findings


def test_every_type_prints_and_stands_its_review(tmp_path: Path, agency: Snapshot, soffice: str) -> None:
    """All papers of all examples: no type left out, no page lost, nothing unfilled, no finding."""
    reader = shutil.which("pdftotext")
    need("libreoffice", reader, "no pdftotext on this machine")
    out = tmp_path / "papers"
    out.mkdir()
    written: dict[Path, str] = {}
    findings: list[Any] = []
    for path in EXAMPLES:
        new, found = issued(path, tmp_path / path.stem, out, agency)
        written |= new
        findings += found
    assert not findings
    assert set(written.values()) == {d.type for d in document_types()}
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    files = [str(f) for f in written]
    for at in range(0, len(files), 60):
        command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
        subprocess.run([*command, *files[at : at + 60]], check=True, capture_output=True, timeout=600)
    for file in written:
        text = subprocess.run(
            [str(reader), str(file.with_suffix(".pdf")), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode()
        assert 1 <= text.count("\f") <= 12, (file.name, text.count("\f"))
        assert "示例" in text, file.name
        assert not LEFT_OVER.search(text), (file.name, LEFT_OVER.findall(text))
